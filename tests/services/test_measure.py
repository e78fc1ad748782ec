"""Speed is measured on a model that is there."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import pytest

from ragdesk.domain.chat import Delta, Finish, Message
from ragdesk.services.measure import measure
from tests.fakes_chat import ScriptedChat


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


class Paced(ScriptedChat):
    """Reads for two seconds, then writes a token every tenth of one."""

    def __init__(self, clock: Clock) -> None:
        super().__init__("one two three four five six seven eight nine ten eleven")
        self._clock = clock

    def chat(
        self,
        messages: Sequence[Message],
        *,
        most: int,
        schema: Mapping[str, Any] | None = None,
        think: bool = False,
        stopped: Callable[[], bool] = lambda: False,
    ) -> Iterator[Delta]:
        self._clock.now += 2.0
        first = True
        for delta in super().chat(messages, most=most, stopped=stopped):
            if not first and delta.text:
                self._clock.now += 0.1
            first = False
            yield delta


def test_reading_and_writing_are_told_apart() -> None:
    clock = Clock()
    model = Paced(clock)
    speed = measure(model, clock=clock)
    assert speed.first_seconds == pytest.approx(2.0)
    assert speed.writing == pytest.approx(10.0)
    assert speed.reading == pytest.approx(model.count(model.told[0]) / 2.0)


def test_a_model_that_says_nothing_tells_nothing() -> None:
    speed = measure(ScriptedChat(""))
    assert (speed.reading, speed.writing) == (None, None)


def test_one_word_tells_how_fast_it_reads_alone() -> None:
    clock = Clock()
    model = Paced(clock)
    model._script = "one"
    speed = measure(model, clock=clock)
    assert speed.writing is None
    assert speed.reading is not None


def test_servers_that_send_several_words_at_once_are_counted_by_their_own_figures() -> None:
    clock = Clock()

    class Bundled(ScriptedChat):
        def chat(self, messages: Sequence[Message], **options: Any) -> Iterator[Delta]:
            clock.now += 1
            yield Delta("one")
            clock.now += 2
            yield Delta(" two three four five")
            yield Delta(finish=Finish("done", 50, 5, 3.0))

    assert measure(Bundled(""), clock=clock).writing == pytest.approx(2.0)
