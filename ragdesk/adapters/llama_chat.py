"""A model in the built-in server, as a `ChatModel`."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ..domain.chat import Delta, Finish, Message
from ..errors import ModelFailed, PromptTooLong, RagDeskError, ServerLost
from . import http

if TYPE_CHECKING:
    from .llama_server import LlamaServer, Running, Wanted

_REASONS = {"stop": "done", "length": "length"}
_COUNT_SECONDS = 60.0  # it answers between two steps of an answer that is being made


def plain(messages: Sequence[Message], marks: Sequence[str]) -> list[dict[str, str]]:
    """The messages as the server takes them; `marks` are words of the model's own format.

    A document may hold the mark by which a model knows that its rules begin: a space inside makes
    common words of it.
    """
    longest_first = sorted(filter(None, marks), key=len, reverse=True)
    found = re.compile("|".join(map(re.escape, longest_first)) or r"(?!)")
    return [
        {
            "role": one.role,
            "content": found.sub(lambda mark: f"{mark[0][0]} {mark[0][1:]}", one.text),
        }
        for one in messages
    ]


class LlamaModel:
    """One model of the built-in server. Comes back into memory when it is asked and was not there."""

    def __init__(
        self, server: LlamaServer, wanted: Wanted, *, thinks: bool, marks: Sequence[str]
    ) -> None:
        """`marks`: words of the model's own format, which must not be read as such in what is asked."""
        self.name = wanted.name
        self.context = wanted.context
        self.thinks = thinks
        self._server = server
        self._wanted = wanted
        self._marks = tuple(marks)

    def count(self, messages: Sequence[Message]) -> int:
        try:
            return self._count(self._server.ready(self._wanted), messages)
        except ServerLost:  # another model was wanted meanwhile; now none can take its place
            with self._server.answering(self._wanted, lambda: False) as running:
                assert running is not None
                return self._count(running, messages)

    def _count(self, running: Running, messages: Sequence[Message]) -> int:
        body: dict[str, Any] = {"messages": plain(messages, self._marks)}
        try:
            written = self._call(running, "/apply-template", body)["prompt"]
            body = {"content": written, "add_special": True, "parse_special": True}
            return len(self._call(running, "/tokenize", body)["tokens"])
        except KeyError as error:
            raise ModelFailed(name=self.name, detail="its words could not be counted") from error

    def _call(self, running: Running, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        try:
            return http.call(running.client, "POST", path, body, timeout=_COUNT_SECONDS)
        except http.Refused as error:
            raise self._refusal(error.said) from error
        except http.Gone as error:
            raise ServerLost(name=self.name) from error

    def chat(
        self,
        messages: Sequence[Message],
        *,
        most: int,
        schema: Mapping[str, Any] | None = None,
        think: bool = False,
        stopped: Callable[[], bool] = lambda: False,
    ) -> Iterator[Delta]:
        began = time.monotonic()
        with self._server.answering(self._wanted, stopped) as running:
            if running is None or stopped():
                yield Delta(finish=Finish("stopped"))
                return
            asked = self._count(running, messages)
            if asked + most > self.context:
                raise PromptTooLong(name=self.name, asked=asked, most=most, room=self.context)
            body: dict[str, Any] = {
                "messages": plain(messages, self._marks),
                "stream": True,
                "stream_options": {"include_usage": True},
                "max_tokens": most,
                "temperature": 0,
                "cache_prompt": True,
                "chat_template_kwargs": {"enable_thinking": think and self.thinks},
            }
            if schema is not None:
                about = {"name": "answer", "schema": dict(schema), "strict": True}
                body["response_format"] = {"type": "json_schema", "json_schema": about}
            yield from self._answer(running, body, asked, began, stopped)

    def _answer(
        self,
        running: Running,
        body: Mapping[str, Any],
        asked: int,
        began: float,
        stopped: Callable[[], bool],
    ) -> Iterator[Delta]:
        reason, made, seconds = "", 0, 0.0
        found = http.lines(running.client, "/v1/chat/completions", body, stopped)
        try:
            for event in http.events(found):
                if "error" in event:
                    raise self._refusal(event)
                said, ended = _choice(event)
                reason = ended or reason
                if said.text or said.thinking:
                    made += 1
                    yield said
                made = _made(event) or made
                seconds = _seconds(event) or seconds
        except http.Stopped:
            reason = "stopped"
        except http.Refused as error:
            raise self._refusal(error.said) from error
        except http.Garbled as error:
            raise ModelFailed(name=self.name, detail="what came from it cannot be read") from error
        except http.Gone as error:
            raise ServerLost(name=self.name) from error
        finally:
            found.close()  # type: ignore[attr-defined]  # an iterator that is a generator
        if not reason:
            raise ServerLost(name=self.name)
        yield Delta(finish=Finish(reason, asked, made, seconds or time.monotonic() - began))

    def _refusal(self, said: Mapping[str, Any]) -> RagDeskError:
        error = said.get("error")
        about = error if isinstance(error, dict) else {}
        if about.get("type") == "exceed_context_size_error":
            return PromptTooLong(
                name=self.name, asked=about.get("n_prompt_tokens"), room=about.get("n_ctx")
            )
        detail = str(about.get("message") or "it gave no reason").strip()
        return ModelFailed(name=self.name, detail=detail[:200])


def _choice(event: Mapping[str, Any]) -> tuple[Delta, str]:
    """The piece that an event holds, and why the answer ended, "" where it goes on."""
    try:
        (choice,) = event["choices"]
        delta = choice["delta"]
        text = delta.get("content") or ""
        thinking = delta.get("reasoning_content") or ""
        reason = choice["finish_reason"]
    except (KeyError, TypeError, ValueError, AttributeError):
        return Delta(), ""  # the one with the counts holds no piece
    return Delta(str(text), str(thinking)), _REASONS.get(reason, "done") if reason else ""


def _made(event: Mapping[str, Any]) -> int:
    usage = event.get("usage")
    made = usage.get("completion_tokens") if isinstance(usage, dict) else 0
    return made if isinstance(made, int) else 0


def _seconds(event: Mapping[str, Any]) -> float:
    """How long reading and answering took, as the server says at the end."""
    timings = event.get("timings")
    if not isinstance(timings, dict):
        return 0.0
    found = [timings.get(key) for key in ("prompt_ms", "predicted_ms")]
    return sum(each for each in found if isinstance(each, (int, float))) / 1000
