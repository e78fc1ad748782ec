"""What form of answer a question wants."""

from __future__ import annotations

import pytest

from ragdesk.services.want import asks_how_to, asks_several, asks_yes_or_no


@pytest.mark.parametrize(
    "question",
    [
        "Is the showroom open on Sundays?",
        "Do I get two keys",
        "can I return cut tiles?",
        "Must a party share revenue with the other under the agreement between A and B?",
        "A machine looks broken; should I unplug it to be safe?",
        "I have the flu and cannot plan. Do I need to explain when I write in?",
        "My boiler leaks, may I call the plumber myself?",
        "I wonder whether grout is included",
        "What a mess. Isn't there a way to complain?",
        "I just started, so can I already take a holiday?",
        "Is Monday a holiday, and when is it?",
    ],
)
def test_questions_for_yes_or_no(question: str) -> None:
    assert asks_yes_or_no(question)


@pytest.mark.parametrize(
    "question",
    [
        "How long is the warranty?",
        "What is the fee and who pays it?",
        "Can you tell me how long the warranty is?",
        "Who is responsible for the keys?",
        "When a tile breaks, what is it that I do?",
        "warranty",
        "",
    ],
)
def test_questions_for_words(question: str) -> None:
    assert not asks_yes_or_no(question)


@pytest.mark.parametrize(
    "question",
    [
        "What are the opening days?",
        "Which documents do I need to bring?",
        "List all shops.",
        "Which people may sign?",
        "What three colours are there?",
        "On which days is the shop closed?",
        "Which tiles does the shop sell?",
    ],
)
def test_questions_for_several(question: str) -> None:
    assert asks_several(question)


@pytest.mark.parametrize(
    "question",
    [
        "What is the name of the shop?",
        "Which glass is best?",
        "In what steps is it billed?",
        "How much is it?",
    ],
)
def test_questions_for_one(question: str) -> None:
    assert not asks_several(question)


def test_ways_to_do_something() -> None:
    assert asks_how_to("How do I return a tile?")
    assert asks_how_to("The glaze is cracked. What should I do?")
    assert not asks_how_to("How many tiles do I get?")
    assert not asks_how_to("How much does it cost?")
