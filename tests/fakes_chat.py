"""A language model without a model: it says what a script has for what it is told."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from ragdesk.domain.chat import (
    Delta,
    Finish,
    LoadedModel,
    Message,
    Pulled,
    ServedModel,
    ServerStatus,
)
from ragdesk.errors import ModelMissing, PromptTooLong, RagDeskError

# What is said: text, thinking as a Delta, or an error that breaks off.
Line = str | Delta | RagDeskError
Script = Callable[[Sequence[Message]], Line | Sequence[Line]]

_WORD = re.compile(r"\s*\S+\s*?(?=\s|$)|\s+")


class ScriptedChat:
    """A `ChatModel` whose tokens are words. `told` keeps what it was told, newest last.

    Asked for a choice by a schema it takes the first; for any other JSON its script has to care.
    """

    def __init__(
        self,
        script: Line | Sequence[Line] | Script,
        *,
        name: str = "scripted",
        context: int = 4096,
        thinks: bool = False,
    ) -> None:
        self.name = name
        self.context = context
        self.thinks = thinks
        self._script = script
        self.told: list[Sequence[Message]] = []
        self.said = 0  # words, in all

    def count(self, messages: Sequence[Message]) -> int:
        return sum(4 + len(message.text.split()) for message in messages)

    def chat(
        self,
        messages: Sequence[Message],
        *,
        most: int,
        schema: Mapping[str, Any] | None = None,
        think: bool = False,
        stopped: Callable[[], bool] = lambda: False,
    ) -> Iterator[Delta]:
        asked = self.count(messages)
        if asked + most > self.context:
            raise PromptTooLong(name=self.name)
        self.told.append(messages)
        started = time.perf_counter()
        made = 0

        def finish(reason: str) -> Delta:
            took = time.perf_counter() - started
            return Delta(finish=Finish(reason, asked, made, took or 1e-6))

        for piece in self._pieces(messages, schema):
            if stopped():
                yield finish("stopped")
                return
            if isinstance(piece, RagDeskError):
                raise piece
            if isinstance(piece, Delta):
                if think:
                    yield piece
                continue
            if made == most:
                yield finish("length")
                return
            made += 1
            self.said += 1
            yield Delta(piece)
        yield finish("done")

    def _pieces(
        self, messages: Sequence[Message], schema: Mapping[str, Any] | None
    ) -> Iterator[Line]:
        if schema is not None and all("enum" in one for one in schema["properties"].values()):
            yield json.dumps({name: one["enum"][0] for name, one in schema["properties"].items()})
            return
        script = self._script(messages) if callable(self._script) else self._script
        for line in [script] if isinstance(script, str | Delta | RagDeskError) else script:
            if isinstance(line, str):
                yield from _WORD.findall(line)
            else:
                yield line


class ScriptedServer:
    """A `ModelServer` with one model."""

    name = "scripted server"

    def __init__(self, model: ScriptedChat) -> None:
        self._model = model
        self._open = False

    def status(self) -> ServerStatus:
        return ServerStatus(self.name, True, "1", own=True)

    def models(self) -> list[ServedModel]:
        return [ServedModel(self._model.name, self.name, 1000, context=self._model.context)]

    def open(self, name: str, adapter: Path | None = None) -> ScriptedChat:
        if name != self._model.name:
            raise ModelMissing(name=name)
        self._open = True
        return self._model

    def pull(
        self, name: str, on_progress: Callable[[Pulled], None], stopped: Callable[[], bool]
    ) -> None:
        on_progress(Pulled("fetch", 1000, 1000))

    def delete(self, name: str) -> None:
        if name != self._model.name:
            raise ModelMissing(name=name)
        self._open = False

    def loaded(self) -> list[LoadedModel]:
        return [LoadedModel(self._model.name, 1000)] if self._open else []

    def close(self) -> None:
        self._open = False
