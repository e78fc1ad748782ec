"""A model that Ollama serves, as a `ChatModel`."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from ..domain.chat import Delta, Finish, Message
from ..errors import ModelFailed, PromptTooLong, RagDeskError, ServerLost, ServerMissing
from . import http
from .ollama_api import Api, refusal
from .ollama_count import Count

KEEP = "10m"  # how long a model stays in memory after its last answer
_OVER = 32  # lines over what was ordered, after which an answer counts as one that does not end
_LONG = 64  # characters in a line, as the most that is taken for one
_REASONS = {"length": "length"}


class OllamaModel:
    """See `domain.protocols.ChatModel`; what is asked at the same time waits in the server's queue."""

    def __init__(
        self,
        api: Api,
        name: str,
        *,
        context: int,
        thinks: bool,
        threads: int,
        sizes: Callable[[], Mapping[str, str]],
        silence: float = http.SILENCE,
    ) -> None:
        """`context` in tokens; `sizes` tells the memory `needed` and now `free`, in words;
        `silence` is in seconds, after which nothing is waited for any more.
        """
        self.name = name
        self.context = context
        self.thinks = thinks
        self._api = api
        self._threads = threads
        self._sizes = sizes
        self._silence = silence
        self._count = Count()

    def load(self) -> None:
        """Puts the model into memory. Raises what `chat` raises, and `ModelTooLarge`."""
        body = {**self._body(), "messages": []}
        try:
            for line in http.objects(self._lines(body, lambda: False)):
                if "error" in line:
                    raise self._refused(-1, line, [], begun=False)
        except http.Refused as error:
            raise self._refused(error.status, error.said, [], begun=False) from error
        except http.Gone as error:
            raise self._gone(error, begun=False) from error

    def count(self, messages: Sequence[Message]) -> int:
        return self._count.of(messages)

    def chat(
        self,
        messages: Sequence[Message],
        *,
        most: int,
        schema: Mapping[str, Any] | None = None,
        think: bool = False,
        stopped: Callable[[], bool] = lambda: False,
    ) -> Iterator[Delta]:
        if self.count(messages) + most > self.context:
            raise PromptTooLong(name=self.name)
        body = self._body()
        body["options"]["num_predict"] = most
        body["messages"] = [{"role": each.role, "content": each.text} for each in messages]
        # Said either way: left out, a model that can think does.
        body["think"] = think and self.thinks
        if schema is not None:
            body["format"] = schema
        return self._answer(messages, most, body, stopped)

    def _body(self) -> dict[str, Any]:
        """What stands in every request, and must be the same each time: else the model is loaded anew."""
        return {
            "model": f"{self.name}:local",  # a model of another computer is not found under this name
            "stream": True,
            "truncate": False,  # too long a question is refused instead of cut
            "shift": False,  # and too long an answer ends instead of pushing the question out
            "keep_alive": KEEP,
            "options": {"num_ctx": self.context, "num_thread": self._threads, "temperature": 0},
        }

    def _lines(self, body: Mapping[str, Any], stopped: Callable[[], bool]) -> Iterator[bytes]:
        return http.lines(self._api.client, "/api/chat", body, stopped, silence=self._silence)

    def _answer(
        self,
        messages: Sequence[Message],
        most: int,
        body: Mapping[str, Any],
        stopped: Callable[[], bool],
    ) -> Iterator[Delta]:
        began, pieces, characters = time.monotonic(), 0, 0
        found = self._lines(body, stopped)
        try:
            for lines, line in enumerate(http.objects(found)):
                if "error" in line:
                    raise self._refused(-1, line, messages, begun=pieces > 0)
                delta = _delta(line)
                if delta.text or delta.thinking:
                    pieces += 1
                    characters += len(delta.text) + len(delta.thinking)
                    yield Delta(delta.text, delta.thinking)
                if line.get("done"):
                    finish = _finish(line, pieces, time.monotonic() - began)
                    self._count.learn(messages, finish.asked_tokens)
                    yield Delta(finish=finish)
                    return
                if lines > most + _OVER or characters > (most + _OVER) * _LONG:
                    # It takes no notice of how long an answer may be.
                    seconds = time.monotonic() - began
                    yield Delta(finish=Finish("length", 0, pieces, seconds))
                    return
        except http.Stopped:
            yield Delta(finish=Finish("stopped", 0, pieces, time.monotonic() - began))
            return
        except http.Refused as error:
            raise self._refused(error.status, error.said, messages, begun=pieces > 0) from error
        except http.Gone as error:
            raise self._gone(error, begun=pieces > 0) from error
        finally:
            found.close()  # type: ignore[attr-defined]  # an iterator that is a generator
        raise ServerLost(address=self._api.address)

    def _refused(
        self, status: int, said: Mapping[str, Any], messages: Sequence[Message], *, begun: bool
    ) -> RagDeskError:
        error = refusal(self.name, status, _said(said), begun=begun, sizes=self._sizes())
        if isinstance(error, PromptTooLong) and messages:
            self._count.was_too_low(messages, self.context)
        return error

    def _gone(self, error: http.Gone, *, begun: bool) -> RagDeskError:
        if isinstance(error, http.Garbled):
            return ModelFailed(name=self.name, detail="what came from it cannot be read")
        if isinstance(error, http.Silent):
            detail = f"nothing came from it for {max(round(self._silence / 60), 1)} minutes"
            return ModelFailed(name=self.name, detail=detail)
        if not begun:
            try:
                self._api.version()
            except ServerMissing as missing:
                return missing
            except RagDeskError:
                pass
        return ServerLost(address=self._api.address)


def _said(answer: Mapping[str, Any]) -> str:
    said = answer.get("error", "")
    return said if isinstance(said, str) else str(said)


def _delta(line: Mapping[str, Any]) -> Delta:
    """The piece that a line holds. Raises `Garbled`."""
    message = line.get("message", {})
    if not isinstance(message, dict):
        raise http.Garbled("a message that is none")
    text, thinking = message.get("content") or "", message.get("thinking") or ""
    if not isinstance(text, str) or not isinstance(thinking, str):
        raise http.Garbled("a text that is none")
    return Delta(text, thinking)


def _finish(line: Mapping[str, Any], pieces: int, seconds: float) -> Finish:
    reason = _REASONS.get(str(line.get("done_reason")), "done")
    took = _number(line.get("total_duration")) / 1e9  # it comes in nanoseconds
    return Finish(
        reason,
        int(_number(line.get("prompt_eval_count"))),
        int(_number(line.get("eval_count"))) or pieces,
        took or seconds,
    )


def _number(value: object) -> float:
    return float(value) if isinstance(value, (int, float)) and value > 0 else 0.0
