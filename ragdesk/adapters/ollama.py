"""Ollama as a `ModelServer`: the one that runs, or one of our own where only the program is here.

Nothing is ever sent to another computer: an address that is not this computer's is not spoken to,
and a model that Ollama would run elsewhere is not opened, whatever its name.
"""

from __future__ import annotations

import contextlib
import datetime
import os
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from ..domain.chat import LoadedModel, Pulled, ServedModel, ServerStatus
from ..errors import (
    CloudModel,
    ModelFailed,
    ModelMissing,
    ModelTooLarge,
    RagDeskError,
    ServerElsewhere,
    ServerMissing,
)
from . import http, ollama_pull
from .memory import in_words
from .ollama_api import LEAST_ADAPTERS, Api, is_cloud_name, is_remote, refusal, same
from .ollama_chat import OllamaModel
from .ollama_memory import free_disk, free_memory, models_folder, needed_memory
from .ollama_process import OwnServer, find_program, is_elsewhere, usual_address

CONTEXT = 8_192  # tokens; always the same for a model, since another length loads it anew
_START_SECONDS = 20.0  # that a server of our own may take until it answers
_LOOKS = 0.1
_FOR_EVER = 366 * 86_400.0  # seconds; a model that stays has a date in some far century


class OllamaServer:
    """See `domain.protocols.ModelServer`; safe to use from several threads.

    A server of our own is started by the first call that needs one.
    """

    name = "ollama"

    def __init__(
        self,
        address: str | None = None,
        *,
        program: Callable[[], str | None] = find_program,
        log: Path | None = None,
        context: int = CONTEXT,
        silence: float = http.SILENCE,
        memory: Callable[[], int] = free_memory,
        disk: Callable[[Path], int] = free_disk,
    ) -> None:
        """`address` is where to look for one (of OLLAMA_HOST, else the usual one), `log` takes what
        our own says, `silence` is after how many seconds without a word it is given up; `memory`
        and `disk` tell how many bytes are free.
        """
        self._usual = Api(address or usual_address())
        self._program, self._log = program, log
        self._context, self._silence = context, silence
        self._memory, self._disk = memory, disk
        self._lock = threading.Lock()
        self._own: tuple[OwnServer, Api] | None = None
        self._shown: dict[tuple[str, str], Mapping[str, Any]] = {}

    def status(self) -> ServerStatus:
        """What stands now; starts nothing. One that can be started is no trouble, though none runs."""
        own = self._own
        api = own[1] if own else self._usual
        elsewhere = own is None and is_elsewhere(api.address)
        state: dict[str, Any] = {"address": api.address, "own": bool(own), "elsewhere": elsewhere}
        if elsewhere:
            return ServerStatus(self.name, running=False, trouble=ServerElsewhere.code, **state)
        try:
            version = api.version()
            state.update(version=version, online=api.online())
            api.at_least()
        except ServerMissing as error:
            trouble = "" if self._program() else error.code
            return ServerStatus(self.name, running=False, trouble=trouble, **state)
        except RagDeskError as error:
            running = "version" in state  # else it is something else that runs there
            return ServerStatus(self.name, running=running, trouble=error.code, **state)
        return ServerStatus(self.name, running=True, **state)

    def models(self) -> list[ServedModel]:
        """Those that can answer; models that only search are left out."""
        api = self._api()
        found = []
        for entry in api.listed():
            remote = is_remote(entry)
            shown = {} if remote else self._show_or_nothing(api, entry)
            if remote or _can_answer(entry, shown):
                found.append(self._served(entry, shown, remote=remote))
        return sorted(found, key=lambda model: model.name)

    def open(self, name: str, adapter: Path | None = None) -> OllamaModel:
        """Loads a model into the server's memory; adapters are for the built-in engine."""
        if adapter is not None:
            detail = (
                "Ollama takes no changes to a model that is ready; make a model of its own of them"
            )
            raise ModelFailed(name=name, detail=detail)
        if is_cloud_name(name):
            raise CloudModel(name=name)
        api = self._api()
        entry = self._entry(api, name)
        if is_remote(entry):
            raise CloudModel(name=entry["name"])
        shown = self._show(api, entry)
        if not _can_answer(entry, shown):
            raise refusal(entry["name"], 400, "does not support chat")
        served = self._served(entry, shown, remote=False)
        needed = needed_memory(served.bytes, shown.get("model_info") or {}, served.context)
        self._look_whether_it_fits(api, served.name, needed)
        model = OllamaModel(
            api,
            served.name,
            context=served.context,
            thinks=served.thinks,
            threads=_threads(),
            sizes=lambda: {"needed": in_words(needed), "free": in_words(self._memory())},
            silence=self._silence,
        )
        model.load()
        return model

    def pull(
        self, name: str, on_progress: Callable[[Pulled], None], stopped: Callable[[], bool]
    ) -> None:
        if is_cloud_name(name):
            raise CloudModel(name=name)
        api = self._api()
        folder = models_folder()
        if ollama_pull.pull(api, name, on_progress, stopped, folder=folder, free=self._disk):
            # A name that says nothing may still be that of a model on another computer.
            with contextlib.suppress(ModelMissing):
                if is_remote(self._entry(api, name)):
                    raise CloudModel(name=name)

    def delete(self, name: str) -> None:
        api = self._api()
        entry = self._entry(api, name)
        with api.package(name) as client:
            client.delete(entry["name"])

    def loaded(self) -> list[LoadedModel]:
        """Those in memory now; starts nothing to learn it."""
        api = self._api(start=False)
        with api.package() as client:
            return [
                LoadedModel(
                    str(model.name or model.model).removesuffix(":local"),
                    int(model.size or 0),
                    int(model.size_vram or 0),
                    _seconds_left(model.expires_at),
                )
                for model in client.ps().models
            ]

    def create(
        self, name: str, base: str, adapter_path: Path, on_progress: Callable[[Pulled], None]
    ) -> None:
        """Makes a model of `base` and an adapter (GGUF) under a name of its own; the base is shared.

        Raises `ModelMissing` (the base), `ServerOld`, `CloudModel`, `ModelFailed`.
        """
        api = self._api()
        api.at_least(LEAST_ADAPTERS)
        entry = self._entry(api, base)
        if is_remote(entry) or is_cloud_name(name):
            raise CloudModel(name=base)
        digest = _digest(adapter_path)
        with api.package(name) as client:
            on_progress(Pulled("handing it over"))
            if api.client.head(f"/api/blobs/{digest}").status_code != 200:
                client.create_blob(adapter_path)
            for part in client.create(
                model=name, from_=entry["name"], adapters={adapter_path.name: digest}, stream=True
            ):
                on_progress(Pulled(ollama_pull.step(part.status or "")))

    def close(self) -> None:
        with self._lock:
            own, self._own = self._own, None
        if own:
            own[1].close()
            own[0].stop()
        self._usual.close()

    def _api(self, *, start: bool = True) -> Api:
        """The server to speak to, fit for use; with `start`, one of our own where none runs."""
        if is_elsewhere(self._usual.address):
            raise ServerElsewhere(address=self._usual.address)
        with self._lock:
            if self._own:
                own, api = self._own
                if own.alive:
                    with contextlib.suppress(ServerMissing):  # it may be ending this moment
                        api.at_least()
                        return api
                self._own = None
                api.close()
                own.stop()
            try:
                self._usual.at_least()
            except ServerMissing:
                program = self._program() if start else None
                if program is None:
                    raise
                self._own = self._start(program)
                return self._own[1]
        return self._usual

    def _start(self, program: str) -> tuple[OwnServer, Api]:
        try:
            own = OwnServer(program, self._log)
        except OSError as error:
            raise ServerMissing(address=self._usual.address) from error
        api = Api(own.address)
        until = time.monotonic() + _START_SECONDS
        try:
            while True:
                try:
                    api.at_least()
                except ServerMissing:
                    if not own.alive or time.monotonic() > until:
                        raise
                    time.sleep(_LOOKS)
                else:
                    return own, api
        except BaseException:
            api.close()
            own.stop()
            raise

    def _entry(self, api: Api, name: str) -> dict[str, Any]:
        """A model's entry in the list. Raises `ModelMissing`: one that is half fetched has none."""
        for entry in api.listed():
            if same(name, str(entry["name"])):
                return entry
        raise ModelMissing(name=name)

    def _show(self, api: Api, entry: Mapping[str, Any]) -> Mapping[str, Any]:
        """What the server knows of a model: `capabilities`, `model_info`."""
        key = (str(entry["name"]), str(entry.get("digest")))
        if key not in self._shown:
            with api.package(key[0]) as client:
                shown = client.show(key[0])
            self._shown[key] = {
                "capabilities": shown.capabilities or [],
                "model_info": shown.modelinfo or {},
            }
        return self._shown[key]

    def _show_or_nothing(self, api: Api, entry: Mapping[str, Any]) -> Mapping[str, Any]:
        try:
            return self._show(api, entry)
        except ServerMissing:
            raise
        except RagDeskError:
            return {}  # one model that is damaged does not hide the others

    def _served(
        self, entry: Mapping[str, Any], shown: Mapping[str, Any], *, remote: bool
    ) -> ServedModel:
        details = entry.get("details")
        details = details if isinstance(details, dict) else {}
        info = shown.get("model_info") or {}
        build = info.get("general.architecture", "")
        trained = _whole(info.get(f"{build}.context_length")) or _whole(
            details.get("context_length")
        )
        return ServedModel(
            str(entry["name"]),
            self.name,
            bytes=_whole(entry.get("size")),
            family=str(details.get("family") or ""),
            parameters=str(details.get("parameter_size") or ""),
            experts=_whole(info.get(f"{build}.expert_count")),
            context=min(trained or self._context, self._context),
            thinks="thinking" in _capabilities(entry, shown),
            remote=remote,
            digest=str(entry.get("digest") or ""),
        )

    def _look_whether_it_fits(self, api: Api, name: str, needed: int) -> None:
        """Ollama itself starts whatever it is told to, and the system ends it when memory is full."""
        loaded = self.loaded()
        if any(same(name, model.name) for model in loaded):
            return
        # It makes room by itself: what it holds in memory goes when another is wanted.
        free = self._memory() + sum(model.bytes - model.card_bytes for model in loaded)
        if needed > free:
            raise ModelTooLarge(name=name, needed=in_words(needed), free=in_words(free))


def _capabilities(entry: Mapping[str, Any], shown: Mapping[str, Any]) -> list[Any]:
    found = shown.get("capabilities") or entry.get("capabilities") or []
    return found if isinstance(found, list) else []


def _can_answer(entry: Mapping[str, Any], shown: Mapping[str, Any]) -> bool:
    capabilities = _capabilities(entry, shown)
    return "completion" in capabilities if capabilities else True


def _threads() -> int:
    """One core stays free: on two busy ones the same answer took 0.02 s with one, 6 to 12 with both."""
    import psutil

    return max((psutil.cpu_count(logical=False) or os.cpu_count() or 2) - 1, 1)


def _seconds_left(until: datetime.datetime | None) -> float | None:
    if until is None:
        return None
    now = datetime.datetime.now(until.tzinfo)
    left = (until - now).total_seconds()
    return None if left > _FOR_EVER else max(left, 0.0)


def _digest(path: Path) -> str:
    import hashlib

    with path.open("rb") as file:
        return f"sha256:{hashlib.file_digest(file, 'sha256').hexdigest()}"


def _whole(value: object) -> int:
    return int(value) if isinstance(value, (int, float)) and value > 0 else 0
