"""langchain's models as ours, and ours as langchain's."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from langchain_core.language_models import FakeListChatModel
from langchain_core.messages import AIMessageChunk, HumanMessage, SystemMessage
from langchain_core.outputs import ChatGenerationChunk

from ragdesk.domain.chat import Delta, Message
from ragdesk.errors import ModelFailed, PromptTooLong
from ragdesk.services.chat_bridge import FromLangchain, as_langchain
from tests.fakes_chat import ScriptedChat

ASKED = [Message("system", "Be kind."), Message("user", "What is the capital of France?")]


def text(deltas: list[Delta]) -> str:
    return "".join(delta.text for delta in deltas)


def reason(deltas: list[Delta]) -> str:
    ends = [delta.finish for delta in deltas if delta.finish]
    assert ends == [deltas[-1].finish]
    assert ends[0] is not None
    return ends[0].reason


def paris(**settings: Any) -> FromLangchain:
    return FromLangchain(FakeListChatModel(responses=["Paris is it."]), 1000, **settings)


def test_a_langchain_model_answers() -> None:
    deltas = list(paris().chat(ASKED, most=50))
    assert (text(deltas), reason(deltas)) == ("Paris is it.", "done")
    assert len(deltas) > 3  # it streams


def test_it_is_told_who_says_what() -> None:
    told: list[Any] = []

    class Hearing(FakeListChatModel):
        def _stream(self, messages: Any, *args: Any, **kwargs: Any) -> Iterator[Any]:
            told.extend(messages)
            yield from super()._stream(messages, *args, **kwargs)

    list(FromLangchain(Hearing(responses=["x"]), 1000).chat(ASKED, most=5))
    assert [(m.type, m.text) for m in told] == [("system", "Be kind."), ("human", ASKED[1].text)]


def test_it_keeps_to_its_limits() -> None:
    deltas = list(paris().chat(ASKED, most=2))
    assert reason(deltas) == "length"
    assert "Paris is it.".startswith(text(deltas))
    assert len(text(deltas)) <= 4
    with pytest.raises(PromptTooLong):
        list(paris().chat([Message("user", "word " * 1000)], most=5))
    counting = paris(count=lambda text: len(text.split()))
    assert counting.count(ASKED) == 8 + 2 + 8 + 6


def test_it_can_be_stopped() -> None:
    heard: list[Delta] = []
    heard.extend(paris().chat(ASKED, most=50, stopped=lambda: len(heard) == 3))
    assert reason(heard) == "stopped"
    assert text(heard) == "Par"


def test_what_it_raises_is_a_failed_model() -> None:
    class Broken(FakeListChatModel):
        def _stream(self, *args: Any, **kwargs: Any) -> Iterator[Any]:
            raise ConnectionError("gone")

    with pytest.raises(ModelFailed) as failed:
        list(FromLangchain(Broken(responses=["x"]), 1000, name="mine").chat(ASKED, most=5))
    assert failed.value.params == {"name": "mine", "detail": "gone"}


def test_thinking_is_told_apart() -> None:
    class Thinking(FakeListChatModel):
        def _stream(self, *args: Any, **kwargs: Any) -> Iterator[ChatGenerationChunk]:
            thought = AIMessageChunk(content="", additional_kwargs={"reasoning_content": "hm"})
            yield ChatGenerationChunk(message=thought)
            yield ChatGenerationChunk(message=AIMessageChunk(content="Paris"))

    model = FromLangchain(Thinking(responses=["x"]), 1000, thinks=True)
    assert [d.thinking for d in model.chat(ASKED, most=9, think=True)] == ["hm", "", ""]
    assert [d.thinking for d in model.chat(ASKED, most=9)] == ["", ""]


def test_ours_answers_as_one_of_langchain() -> None:
    ours = ScriptedChat("Paris is the capital.")
    model = as_langchain(ours)
    asked = [SystemMessage("Be kind."), HumanMessage("What?")]
    assert model.invoke(asked).text == "Paris is the capital."
    assert [(m.role, m.text) for m in ours.told[0]] == [("system", "Be kind."), ("user", "What?")]
    pieces = [str(piece.text) for piece in model.stream(asked)]
    assert "".join(pieces) == "Paris is the capital."
    assert len([piece for piece in pieces if piece]) == 4
    assert model.invoke(asked, stop=[" the"]).text == "Paris is"
    assert "".join(str(p.text) for p in model.stream(asked, stop=[" the"])) == "Paris is"


def test_there_and_back() -> None:
    model = FromLangchain(as_langchain(ScriptedChat("Paris is the capital.")), 1000)
    deltas = list(model.chat(ASKED, most=50))
    assert (text(deltas), reason(deltas)) == ("Paris is the capital.", "done")
