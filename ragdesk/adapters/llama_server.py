"""The built-in model server: llama.cpp in a child process, for any GGUF file in the home.

One model at a time is in memory. It stays there for a while after the last answer, and comes back
by itself when something is asked of it again.
"""

from __future__ import annotations

import contextlib
import importlib.metadata
import importlib.util
import secrets
import signal
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ..domain.chat import LoadedModel, Pulled, ServedModel, ServerStatus
from ..domain.protocols import ChatModel, ChildProcess, Spawn
from ..errors import (
    ChildDied,
    ChildTimedOut,
    EngineMissing,
    ModelFailed,
    ModelMissing,
    ModelTooLarge,
)
from ..settings import BUILT_IN
from ..store.home import Home
from . import gguf, http, own_models
from .llama_chat import LlamaModel
from .memory import free_memory, in_words
from .model_store import ModelStore

if TYPE_CHECKING:
    import httpx

CHILD = "ragdesk.adapters.llama_child"
PART = "xllamacpp"
CONTEXT = 4_096  # tokens; five passages and an answer take half of it
BESIDES = 200 << 20  # bytes of a child, besides the model and what it has read
IDLE = 600.0  # seconds after the last answer until the memory is given back
_START_SECONDS = 60.0  # until the library is loaded
_HEALTH_SECONDS = 10.0
_LOAD_SECONDS = 300.0  # a large file from a slow disk
# How a process ends that met an instruction which the processor does not have.
_ILLEGAL = (-getattr(signal, "SIGILL", 4), 0xC000001D)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be in memory."""

    name: str
    file: Path
    adapter: Path | None
    context: int


@dataclass(slots=True)
class Running:
    """A child that has a model in it, and how to speak to it."""

    wanted: Wanted
    child: ChildProcess
    client: httpx.Client
    used: float  # on the clock of `time.monotonic`

    def lives(self) -> bool:
        """Whether its process is still there, and answers."""
        try:
            self.child.receive(0.0)  # it says nothing after it was ready
        except ChildTimedOut:
            pass
        except ChildDied:
            return False
        try:
            http.call(self.client, "GET", "/health", timeout=_HEALTH_SECONDS)
        except (http.Gone, http.Refused):
            return False
        return True

    def end(self) -> None:
        """Takes it out of memory at once. The client keeps no connection, and may be in use."""
        self.child.kill()


class LlamaServer:
    """See `domain.protocols.ModelServer`. Starts nothing before a model is opened."""

    name = BUILT_IN

    def __init__(
        self, home: Home, spawn: Spawn, *, context: int = CONTEXT, idle: float = IDLE
    ) -> None:
        """`context` in tokens, at most; `idle` in seconds."""
        self._home = home
        self._spawn = spawn
        self._context = context
        self._idle = idle
        self._busy = threading.Lock()  # held while an answer is made and while the model changes
        self._running: Running | None = None
        self._heads: dict[tuple[Path, int, int], gguf.Head] = {}

    def status(self) -> ServerStatus:
        if importlib.util.find_spec(PART) is None:
            return ServerStatus(self.name, running=False, trouble=EngineMissing.code)
        version = importlib.metadata.version(PART)
        return ServerStatus(self.name, running=True, version=version, own=True, online=False)

    def models(self) -> list[ServedModel]:
        files = own_models.files(self._home)
        if self._home.built_in is not None:
            files[BUILT_IN] = self._home.built_in
        return [self._served(name, file) for name, file in sorted(files.items())]

    def _served(self, name: str, file: Path) -> ServedModel:
        try:
            head = self._head(file)
        except (gguf.NotGgufError, OSError):  # opening it says what is wrong
            return ServedModel(name, self.name)
        return ServedModel(
            name,
            self.name,
            bytes=head.bytes,
            family=head.architecture,
            parameters=_count_in_words(head.parameters),
            experts=head.experts,
            context=self._room(head),
            thinks=head.thinks,
        )

    def _head(self, file: Path) -> gguf.Head:
        about = file.stat()
        key = file, about.st_size, about.st_mtime_ns
        if key not in self._heads:
            self._heads[key] = gguf.read(file)
        return self._heads[key]

    def _room(self, head: gguf.Head) -> int:
        return min(self._context, head.context or self._context)

    def open(self, name: str, adapter: Path | None = None) -> ChatModel:
        file = self._file(name)
        if importlib.util.find_spec(PART) is None:
            raise EngineMissing
        try:
            head = self._head(file)
        except (gguf.NotGgufError, OSError) as error:
            raise ModelFailed(name=name, detail=str(error)) from error
        if head.adapter:
            detail = "it only changes another model and cannot answer by itself"
            raise ModelFailed(name=name, detail=detail)
        if adapter is not None and not adapter.is_file():
            raise ModelFailed(name=name, detail="its adapter is not there")
        wanted = Wanted(name, file, adapter, self._room(head))
        model = LlamaModel(self, wanted, thinks=head.thinks, marks=head.marks)
        self.ready(wanted)
        return model

    def _file(self, name: str) -> Path:
        file = self._home.built_in if name == BUILT_IN else own_models.files(self._home).get(name)
        if file is None:
            raise ModelMissing(name=name)
        return file

    def ready(self, wanted: Wanted) -> Running:
        """A child with this model in it: the one that runs, or a new one once no answer is made."""
        running = self._running
        if running is not None and running.wanted == wanted and running.lives():
            running.used = time.monotonic()
            return running
        with self._busy:
            return self._start(wanted)

    @contextlib.contextmanager
    def answering(self, wanted: Wanted, stopped: Callable[[], bool]) -> Iterator[Running | None]:
        """The child for one answer, alone; None when it was stopped while another one was made."""
        while not self._busy.acquire(timeout=http.LOOKS):
            if stopped():
                yield None
                return
        try:
            running = self._start(wanted)
            try:
                yield running
            finally:
                running.used = time.monotonic()
        finally:
            self._busy.release()

    def _start(self, wanted: Wanted) -> Running:
        running = self._running
        if running is not None:
            if running.wanted == wanted and running.lives():
                running.used = time.monotonic()
                return running
            self._running = None
            running.end()
        self._insist_on_memory(wanted)
        child = self._spawn(CHILD)
        try:
            running = self._load(wanted, child)
        except BaseException:
            child.kill()
            raise
        self._running = running
        self._end_later(running, self._idle)
        return running

    def _insist_on_memory(self, wanted: Wanted) -> None:
        try:
            needed = self._head(wanted.file).memory(wanted.context) + BESIDES
        except (gguf.NotGgufError, OSError) as error:
            raise ModelFailed(name=wanted.name, detail=str(error)) from error
        free = free_memory()
        if needed > free:
            raise ModelTooLarge(name=wanted.name, needed=in_words(needed), free=in_words(free))

    def _load(self, wanted: Wanted, child: ChildProcess) -> Running:
        import psutil

        cores = psutil.cpu_count(logical=False) or psutil.cpu_count() or 1
        key = secrets.token_urlsafe(24)
        about = {
            "model": str(wanted.file),
            "adapter": str(wanted.adapter) if wanted.adapter else None,
            "context": wanted.context,
            "threads": max(cores - 1, 1),  # with all of them it waits for whatever else runs
            "key": key,
        }
        try:
            child.send(about)
            child.receive(_START_SECONDS)  # it is about to load the library
            said = child.receive(_LOAD_SECONDS)
        except ChildDied as error:
            raise ModelFailed(name=wanted.name, detail=_last_words(error)) from error
        if "missing" in said:
            raise EngineMissing(detail=said["missing"])
        if "failed" in said:
            raise ModelFailed(name=wanted.name, detail=said["failed"])
        client = http.client(said["ready"], {"Authorization": f"Bearer {key}"})
        return Running(wanted, child, client, time.monotonic())

    def _end_later(self, running: Running, seconds: float) -> None:
        timer = threading.Timer(seconds, self._end_idle, (running,))
        timer.daemon = True
        timer.start()

    def _end_idle(self, running: Running) -> None:
        if self._running is not running:
            return
        left = running.used + self._idle - time.monotonic()
        if left <= 0 and self._busy.acquire(blocking=False):
            try:
                self._running = None
                running.end()
            finally:
                self._busy.release()
        else:
            self._end_later(running, max(left, 1.0))

    def pull(
        self, name: str, on_progress: Callable[[Pulled], None], stopped: Callable[[], bool]
    ) -> None:
        """Fetches the built-in model; what was fetched when it was stopped or failed is not kept.

        Raises what `ModelStore.get` raises, and `ModelMissing` for any other model.
        """
        if name != BUILT_IN:
            raise ModelMissing(name=name)
        store = ModelStore(self._home)
        total = next(model.fetched_bytes for model in store.all() if model.name == BUILT_IN)
        began = time.monotonic()

        def tell(step: str, share: float) -> None:
            if stopped():
                raise _Stop
            done = int(share * total)
            on_progress(Pulled(step, done, total, done / (time.monotonic() - began)))

        with contextlib.suppress(_Stop):
            store.get(BUILT_IN, tell)

    def delete(self, name: str) -> None:
        self._file(name)
        running = self._running
        if running is not None and running.wanted.name == name:
            self.close()
        if name == BUILT_IN:
            ModelStore(self._home).remove(name)
        else:
            own_models.remove(self._home, name)

    def loaded(self) -> list[LoadedModel]:
        import psutil

        running = self._running
        if running is None or not running.lives():
            return []
        try:
            held = psutil.Process(running.child.pid).memory_info().rss
        except psutil.Error:
            return []
        left = max(running.used + self._idle - time.monotonic(), 0.0)
        return [LoadedModel(running.wanted.name, int(held), seconds_left=left)]

    def close(self) -> None:
        """Ends the child; an answer that is being made breaks off."""
        running, self._running = self._running, None
        if running is not None:
            running.end()


class _Stop(Exception):
    """A person stopped the download."""


def _last_words(error: ChildDied) -> str:
    status = error.params.get("status")
    if isinstance(error, ChildTimedOut):
        return "loading it took too long"
    if status in _ILLEGAL:
        return "this computer's processor is too old for it (it has no AVX2)"
    if status == -getattr(signal, "SIGKILL", 9):
        return "the computer ended it, most likely for want of memory"
    return "it broke off while it was being loaded, so its file may be damaged"


def _count_in_words(parameters: int) -> str:
    for size, letter in ((10**9, "B"), (10**6, "M")):
        if parameters >= size:
            return f"{parameters / size:.3g}{letter}"
    return str(parameters or "")
