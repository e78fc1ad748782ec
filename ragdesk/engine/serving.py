"""The model servers as the engine has them: which model is chosen, what is there, fetching one."""

from __future__ import annotations

import dataclasses
import functools
import hashlib
import logging
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from ..domain.chat import Pulled, ServedModel
from ..domain.protocols import ChatModel, ModelServer
from ..errors import ModelMissing, RagDeskError
from ..messages import ModelsListed
from ..settings import BUILT_IN
from ..store.choices import Choices
from .runner import JobSteps

log = logging.getLogger(__name__)


def split_name(name: str) -> tuple[str, str]:
    """(server, model) of a name like "ollama/qwen3:4b"; without a server it is the built-in one."""
    server, slash, model = name.partition("/")
    return (server, model) if slash else (BUILT_IN, name)


class Serving:
    """Opens the chosen model when an answer is first to be written, and keeps it for the next ones.

    `servers` by name, made when first needed; `adapters` gives the adapter of a built-in model that
    RagDesk trained for it, None for models without one. Safe to use from any thread.
    """

    def __init__(
        self,
        servers: Mapping[str, Callable[[], ModelServer]],
        choices: Choices,
        adapters: Callable[[str], Path | None],
    ) -> None:
        self._make = servers
        self._choices = choices
        self._adapters = adapters
        self._made: dict[str, ModelServer] = {}
        self._open: tuple[str, ChatModel] | None = None
        # Two, as opening a model may take minutes, and what is there is asked for meanwhile. Who
        # takes both takes `_opening` first.
        self._opening = threading.Lock()
        self._making = threading.Lock()

    @property
    def chosen(self) -> str:
        """The model that is to write, as "server/model"."""
        return str(self._choices.get("model"))

    def server(self, name: str) -> ModelServer:
        """Raises `ModelMissing` for a server that RagDesk does not know."""
        if name not in self._make:
            raise ModelMissing(name=name)
        with self._making:
            if name not in self._made:
                self._made[name] = self._make[name]()
            return self._made[name]

    def chat(self, name: str = "") -> ChatModel:
        """The chosen model, or the one named "server/model", ready to answer.

        Raises what `ModelServer.open` raises.
        """
        name = name or self.chosen
        with self._opening:
            if self._open is None or self._open[0] != name:
                server, model = split_name(name)
                adapter = self._adapters(model) if server == BUILT_IN else None
                self._open = None
                self._open = name, self.server(server).open(model, adapter)
            return self._open[1]

    def parameters(self, name: str = "") -> str:
        """The size of the chosen model, or of another, as its server writes it; "" if unknown."""
        server, model = split_name(name or self.chosen)
        found = self._models(self.server(server))
        return next((one.parameters for one in found if one.name == model), "")

    def digest(self, name: str = "") -> str:
        """What tells the chosen model, or another, with its adapter from any other; "" if missing."""
        server, model = split_name(name or self.chosen)
        found = self._models(self.server(server))
        return next((self.digest_of(one) for one in found if one.name == model), "")

    def digest_of(self, model: ServedModel) -> str:
        """The same of a model that was listed.

        Where its server names no digest, what it says of the file stands for it: a model of some
        gigabytes is not read through for that.
        """
        parts = [model.digest or f"{model.bytes} {model.family} {model.parameters} {model.experts}"]
        adapter = self._adapters(model.name) if model.server == BUILT_IN else None
        if adapter is not None:
            about = adapter.stat()
            parts.append(_digest(adapter, about.st_size, about.st_mtime_ns))
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()

    def forget(self) -> None:
        """The next answer opens its model anew: the one that was open is gone, or another chosen."""
        with self._opening:
            self._open = None

    def listed(self) -> ModelsListed:
        """What every server has. A server that does not answer is listed with its trouble."""
        servers: list[dict[str, Any]] = []
        models: list[ServedModel] = []
        for name in self._make:
            server = self.server(name)
            status = server.status()
            servers.append(dataclasses.asdict(status))
            if status.running:
                models += self._models(server)
        return ModelsListed(tuple(servers), tuple(map(dataclasses.asdict, models)))

    def _models(self, server: ModelServer) -> list[ServedModel]:
        try:
            return server.models()
        except RagDeskError as error:
            log.warning("models of %s: %s", server.name, error.code)
            return []

    def pull(self, name: str, steps: JobSteps) -> None:
        """Fetches a model; stopped, it goes on from there the next time."""
        server, model = split_name(name)

        def tell(pulled: Pulled) -> None:
            steps.progress(pulled.done, max(pulled.total, pulled.done, 1))

        self.server(server).pull(model, tell, steps.stopped)

    def delete(self, name: str) -> None:
        """Takes a model off this computer. Waits for one that is being opened."""
        server, model = split_name(name)
        self.forget()
        self.server(server).delete(model)

    def close(self) -> None:
        """Ends what RagDesk started."""
        with self._opening, self._making:
            self._open = None
            for server in self._made.values():
                server.close()
            self._made.clear()


@functools.lru_cache(maxsize=8)
def _digest(file: Path, size: int, modified_ns: int) -> str:
    """Of a file that is as large and as old as it was when it was last asked for."""
    with file.open("rb") as read:
        return hashlib.file_digest(read, "sha256").hexdigest()
