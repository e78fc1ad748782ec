"""What every server of language models must do, whatever it is made of.

A test file takes `ChatContract` as the base of a class and gives it two fixtures: `server`, a
running `ModelServer` (best of scope "class"), and `model_name`, a model that it has. Where `LONG`
and `SHORT` do not suit the model, the class sets its own.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from typing import ClassVar

import pytest

from ragdesk.domain.chat import Delta, Finish, Message
from ragdesk.domain.protocols import ChatModel, ModelServer
from ragdesk.errors import ModelMissing, PromptTooLong

PATIENCE = 60.0  # seconds for what has no promise of its own


def finish(deltas: Sequence[Delta]) -> Finish:
    """How it ended, after finding that this was said once and last."""
    assert [delta.finish is not None for delta in deltas] == [False] * (len(deltas) - 1) + [True]
    last = deltas[-1].finish
    assert last is not None
    return last


def text(deltas: Sequence[Delta]) -> str:
    return "".join(delta.text for delta in deltas)


class ChatContract:
    # An answer of more than a hundred words, and one that makes the model begin at once.
    LONG: ClassVar[list[Message]] = [
        Message("user", "Write a long story about a dog, a lighthouse and the sea.")
    ]
    SHORT: ClassVar[list[Message]] = [
        Message("system", "You are helpful."),
        Message("user", "What is the capital of France?"),
    ]

    @pytest.fixture
    def model(self, server: ModelServer, model_name: str) -> ChatModel:
        return server.open(model_name)

    def test_the_server_says_what_it_has(self, server: ModelServer, model_name: str) -> None:
        status = server.status()
        assert (status.name, status.trouble, status.running) == (server.name, "", True)
        models = server.models()
        assert [model.name for model in models] == sorted(model.name for model in models)
        found = {model.name: model for model in models}[model_name]
        assert (found.server, found.remote) == (server.name, False)
        assert found.bytes > 0
        assert found.context > 0

    def test_an_open_model_is_in_memory(
        self, server: ModelServer, model: ChatModel, model_name: str
    ) -> None:
        list(model.chat(self.SHORT, most=1))
        (loaded,) = server.loaded()
        assert loaded.name == model_name
        assert loaded.bytes > 0
        assert model.name == model_name
        assert model.context > 0

    def test_an_unknown_model_is_missing(self, server: ModelServer) -> None:
        with pytest.raises(ModelMissing) as missing:
            server.open("no such model")
        assert missing.value.params["name"] == "no such model"
        with pytest.raises(ModelMissing):
            server.delete("no such model")

    def test_the_count_grows_with_the_text(self, model: ChatModel) -> None:
        counts = [model.count([Message("user", "word " * many)]) for many in (1, 10, 100)]
        assert 0 < counts[0] < counts[1] < counts[2]
        assert counts[2] >= 100
        twice = [Message("user", "one"), Message("assistant", "two"), Message("user", "three")]
        assert model.count(twice) > model.count(twice[:1])

    def test_an_answer_ends_with_one_finish(self, model: ChatModel) -> None:
        deltas = list(model.chat(self.SHORT, most=48))
        end = finish(deltas)
        assert text(deltas)
        assert end.reason in ("done", "length")
        assert 0 < end.answer_tokens <= 48
        assert end.asked_tokens > 0
        assert end.seconds > 0

    def test_no_more_than_the_most(self, model: ChatModel) -> None:
        end = finish(list(model.chat(self.LONG, most=5)))
        assert end.reason == "length"
        assert end.answer_tokens <= 5

    def test_two_answers_one_after_the_other(self, model: ChatModel) -> None:
        first, other, again = (
            list(model.chat(asked, most=12)) for asked in (self.SHORT, self.LONG, self.SHORT)
        )
        assert text(first) == text(again)
        assert text(other)
        assert finish(first).reason == finish(again).reason

    def test_stopped_half_way(self, model: ChatModel) -> None:
        said = threading.Event()
        deltas: list[Delta] = []
        asked = 0.0
        for delta in model.chat(self.LONG, most=400, stopped=said.is_set):
            deltas.append(delta)
            if len(text(deltas)) > 5 and not said.is_set():
                said.set()
                asked = time.monotonic()
        assert said.is_set()
        assert time.monotonic() - asked < 0.5
        assert finish(deltas).reason == "stopped"
        assert len(text(deltas)) > 5
        assert finish(list(model.chat(self.SHORT, most=3))).reason in ("done", "length")

    def test_stopped_before_it_begins(self, model: ChatModel) -> None:
        start = time.monotonic()
        deltas = list(model.chat(self.LONG, most=400, stopped=lambda: True))
        assert time.monotonic() - start < 0.5 + 0.5  # looking whether it fits is a call of its own
        assert finish(deltas).reason == "stopped"
        assert text(deltas) == ""

    def test_closing_the_answer_frees_the_model(self, model: ChatModel) -> None:
        answer = model.chat(self.LONG, most=400)
        assert next(delta for delta in answer if delta.text)
        start = time.monotonic()
        assert isinstance(answer, Iterator)
        answer.close()  # type: ignore[attr-defined]
        assert time.monotonic() - start < 0.5
        assert text(list(model.chat(self.SHORT, most=4)))

    def test_too_much_is_asked_whole_or_not_at_all(self, model: ChatModel) -> None:
        flood = [Message("user", "word " * (model.context + 100))]
        with pytest.raises(PromptTooLong) as long:
            list(model.chat(flood, most=10))
        assert long.value.params["name"] == model.name
        with pytest.raises(PromptTooLong):  # what is asked would fit, the answer would not
            list(model.chat(self.SHORT, most=model.context))

    def test_thinking_can_be_left_out_with_every_model(self, model: ChatModel) -> None:
        deltas = list(model.chat(self.SHORT, most=8, think=False))
        assert text(deltas)
        assert not any(delta.thinking for delta in deltas)

    def test_a_schema_is_kept_to(self, model: ChatModel) -> None:
        schema = {
            "type": "object",
            "properties": {"answer": {"enum": ["yes", "no"]}},
            "required": ["answer"],
            "additionalProperties": False,
        }
        deltas = list(model.chat(self.SHORT, most=100, schema=schema))
        assert json.loads(text(deltas))["answer"] in ("yes", "no")
        assert finish(deltas).reason == "done"

    def test_from_another_thread_and_two_at_once(self, model: ChatModel) -> None:
        answers: dict[int, list[Delta]] = {}

        def ask(number: int) -> None:
            answers[number] = list(model.chat(self.SHORT, most=6))

        run([lambda: ask(1)])
        run([lambda: ask(2), lambda: ask(3)])
        assert len({text(answers[number]) for number in (1, 2, 3)}) == 1
        for deltas in answers.values():
            assert finish(deltas).reason in ("done", "length")


def run(tasks: Sequence[Callable[[], None]]) -> None:
    """Runs tasks at once, each in a thread, to their end."""
    threads = [threading.Thread(target=task, daemon=True) for task in tasks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
        assert not thread.is_alive()
