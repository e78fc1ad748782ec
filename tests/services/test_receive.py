"""Questions before they are asked."""

from __future__ import annotations

import pytest

from ragdesk.errors import QuestionEmpty, QuestionTooLong
from ragdesk.services.receive import LONGEST, received
from ragdesk.texts import sentence


@pytest.mark.parametrize("question", ["", "  \n\t ", "\0", "\0 \0"])
def test_nothing_is_no_question(question: str) -> None:
    with pytest.raises(QuestionEmpty):
        received(question)


def test_a_question_keeps_its_words() -> None:
    assert received(" Who  signs?\nAnd when?\n") == "Who  signs?\nAnd when?"
    assert received("🏖️ Wie viele Tage? 多少天?") == "🏖️ Wie viele Tage? 多少天?"


def test_what_is_no_character_is_replaced() -> None:
    assert received("who\0signs \udcff here") == "who signs ? here"


def test_a_question_that_is_too_long_is_told_so() -> None:
    assert received("a" * LONGEST + " ") == "a" * LONGEST
    with pytest.raises(QuestionTooLong) as caught:
        received("a" * 100_000)
    words = sentence(caught.value)
    assert "100000" in words
    assert str(LONGEST) in words
