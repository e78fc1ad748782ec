"""Questions that hang on others, and questions of several parts."""

from __future__ import annotations

import pytest

from ragdesk.domain.conversation import Answer, Step, Turn
from ragdesk.errors import ServerLost
from ragdesk.services.follow_up import parts_of, planned
from tests.fakes_chat import ScriptedChat


def turn(question: str, short: str | None = None, reworded: str = "") -> Turn:
    steps = (Step("reworded", reworded),) if reworded else ()
    answer = Answer("", short, False, "written", 1.0, steps=steps)
    return Turn("t", "c", question, 0.0, answer)


@pytest.mark.parametrize(
    ("before", "question", "whole"),
    [
        ("What was the revenue in 2022?", "And in 2023?", "What was the revenue in 2023?"),
        ("What was the revenue in 2022?", "2023?", "2023?"),  # may well be a number
        ("What was the revenue?", "and in 2023?", "What was the revenue in 2023?"),
        ("How much is delivery to London?", "what about Paris?", "How much is delivery to Paris?"),
        ("How much is delivery to London?", "And to Paris?", "How much is delivery to Paris?"),
        (
            "What does the move to London cost?",
            "And to Paris?",
            "What does the move to Paris cost?",
        ),
        (
            "How long is the warranty on tiles?",
            "and on grout?",
            "How long is the warranty on grout?",
        ),
        (
            "What is express delivery?",
            "How long does it take?",
            "How long does express delivery take?",
        ),
        ("When does the lease expire?", "Who signed it?", "Who signed the lease?"),
        ("How much does the big van cost?", "And how long is it?", "How long is the big van?"),
        ("What is the deposit?", "When is its payment due?", "When is the deposit's payment due?"),
        ("Wie hoch war der Umsatz 2022?", "Und 2023?", "Wie hoch war der Umsatz 2023?"),
        ("How much is delivery to London?", "Why?", "How much is delivery to London? Why?"),
        (
            "How long is the warranty on tiles?",
            "what about grout?",
            "How long is the warranty on tiles? what about grout?",
        ),
    ],
)
def test_what_hangs_on_the_question_before_is_made_whole(
    before: str, question: str, whole: str
) -> None:
    assert planned(question, [turn(before)]).question == whole


@pytest.mark.parametrize(
    "question",
    [
        "How long does it take to get a refund?",
        "Can I return a tile if it is cut?",
        "Is it possible to pay later?",
        "Who signs the contract?",
        "And who signs the supply contract?",
        "Is there a discount for students?",
        "In which year was the company founded in Lyon by Anna?",
    ],
)
def test_what_stands_for_itself_is_left_alone(question: str) -> None:
    assert planned(question, [turn("What was the revenue in 2022?")]).question == question


def test_the_first_question_has_nothing_to_hang_on() -> None:
    assert planned("and in 2023?", []).question == "and in 2023?"


def test_a_person_is_the_one_that_was_answered() -> None:
    earlier = [turn("Who signed the lease?", "Maria Gomez")]
    assert planned("When did she join?", earlier).question == "When did Maria Gomez join?"


def test_follow_ups_of_follow_ups() -> None:
    earlier = [turn("What was the revenue in 2021?"), turn("and in 2022?")]
    assert planned("And in 2023?", earlier).question == "What was the revenue in 2023?"
    told = [turn("and there?", reworded="What was the profit in 2020?")]
    assert planned("And in 2023?", told).question == "What was the profit in 2023?"


def test_a_model_is_asked_where_the_rules_do_not_tell() -> None:
    model = ScriptedChat("How long is the warranty on grout?")
    earlier = [turn("How long is the warranty on tiles?")]
    found = planned("what about grout?", earlier, model)
    assert found.question == "How long is the warranty on grout?"
    assert len(model.told) == 1
    planned("and on grout?", earlier, model)
    assert len(model.told) == 1  # the rules told


def test_a_model_that_is_told_to_stop_is_not_waited_for() -> None:
    model = ScriptedChat("How long is the warranty on grout?")
    earlier = [turn("How long is the warranty on tiles?")]
    found = planned("what about grout?", earlier, model, lambda: model.said > 2)
    assert model.said == 3  # of seven words
    assert found.question == "How long is the warranty on tiles? what about grout?"


@pytest.mark.parametrize(
    "said",
    [
        "The warranty is ten years.",
        "How long is the warranty on glass?",
        "What is grout?",
        "How long is it?\nHow long is the warranty on grout?",
        ServerLost(),
        "",
    ],
)
def test_what_a_model_makes_of_it_is_taken_only_if_it_says_what_was_asked(said: str) -> None:
    earlier = [turn("How long is the warranty on tiles?")]
    found = planned("what about grout?", earlier, ScriptedChat(said))
    assert found.question == "How long is the warranty on tiles? what about grout?"
    assert found.parts == ()


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        (
            "What is the deposit, and who signs the lease?",
            ["What is the deposit?", "Who signs the lease?"],
        ),
        (
            "When does the lease expire and who signed it?",
            ["When does the lease expire?", "Who signed the lease?"],
        ),
        (
            "Who signs the lease? How much is the deposit?",
            ["Who signs the lease?", "How much is the deposit?"],
        ),
        (
            "What is the price and is delivery free?",
            ["What is the price?", "Is delivery free?"],
        ),
        ("Who signs and pays the lease?", []),
        ("When and how is the lease paid?", []),
        ("My tile is cut. Can I return it?", []),
        ("I bought tiles and can I return them?", []),
        ("What are terms and conditions?", []),
    ],
)
def test_parts(question: str, parts: list[str]) -> None:
    assert parts_of(question) == parts
