"""How a written answer came about: what was understood, its steps, its thinking, who wrote it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel

from ragdesk.domain.conversation import Answer, Citation, Seconds, Sentence, Step
from ragdesk.ui.ask.answer_view import AnswerView
from ragdesk.ui.ask.ask_page import AskPage
from ragdesk.ui.ask.marker_view import MarkerView
from tests.ui.viewer.desk import Desk, quote_answer

COST = "4 seconds here; A Service would have charged 0.12 cents (prices of 1 November 2026)."


@pytest.fixture
def answer(citations: list[Citation]) -> Answer:
    return replace(
        quote_answer(*citations), text="Three months. [1]", answerer="written", model="built-in",
        sentences=(Sentence("Three months.", True, (1,)),), words_a_second=11.6, cost=COST,
        seconds=Seconds(0.1, 1.0, 4.2), thinking="The lease says three months.",
        steps=(
            Step("reworded", "How long is the notice of the lease?"),
            Step("part", "How long is the notice?"),
            Step("search", "Lease, Note"),
        ),
    )  # fmt: skip


def show(page: AskPage, desk: Desk, answer: Answer) -> AnswerView:
    turn = desk.answered("And how long?", answer)
    page.open_conversation(turn.conversation_id)
    QApplication.processEvents()
    return page.turns.view(0)


def unfolded(view: AnswerView) -> str:
    how = view.findChild(QAbstractButton, "how")
    assert how is not None
    how.setChecked(True)
    places = view.findChild(MarkerView, "details")
    assert places is not None
    return places.toPlainText()


def words(view: AnswerView, name: str) -> str:
    found = view.findChild(QLabel, name)
    assert found is not None
    return found.text() if found.isVisibleTo(view) else ""


def test_what_a_question_was_taken_to_mean_stands_under_it(
    page: AskPage, desk: Desk, answer: Answer
) -> None:
    view = show(page, desk, answer)
    assert words(view, "understood") == "Understood as: How long is the notice of the lease?"


def test_a_question_taken_as_it_stands_has_no_such_line(
    page: AskPage, desk: Desk, answer: Answer
) -> None:
    assert words(show(page, desk, replace(answer, steps=())), "understood") == ""


def test_the_line_under_it_says_how_fast_it_was_written(
    page: AskPage, desk: Desk, answer: Answer
) -> None:
    line = words(show(page, desk, answer), "how_sure")
    assert line.endswith("from 2 documents · 4.2 seconds · 12 words a second")


def test_quotes_have_no_pace_and_no_writer(
    page: AskPage, desk: Desk, citations: list[Citation]
) -> None:
    view = show(page, desk, quote_answer(*citations))
    assert "words a second" not in words(view, "how_sure")
    assert "Written by" not in unfolded(view)


def test_the_steps_the_writer_and_the_cost_are_told(
    page: AskPage, desk: Desk, answer: Answer
) -> None:
    lines = unfolded(show(page, desk, answer)).split("\n")
    assert lines[:3] == [
        "Understood as: How long is the notice of the lease?",
        "Asked for itself: How long is the notice?",
        "Found in Lease, Note.",
    ]
    assert f"Written by the built-in model. 12 words a second. {COST}" in lines


@pytest.mark.parametrize(
    ("exam", "told"),
    [
        ("none", "was not tried out on this computer yet"),
        ("failed", "did not answer well enough"),
        ("passed", ""),
        ("", ""),
    ],
)
def test_a_model_that_is_not_proven_says_so_over_its_answer(
    page: AskPage, desk: Desk, answer: Answer, exam: str, told: str
) -> None:
    view = show(page, desk, replace(answer, exam=exam))
    found = view.findChild(QLabel, "unproven")
    assert (told in found.text()) if found is not None else not told


def test_its_thinking_is_folded(page: AskPage, desk: Desk, answer: Answer) -> None:
    view = show(page, desk, answer)
    unfolded(view)
    assert words(view, "thinking") == ""
    unfold = view.findChild(QAbstractButton, "unfold_thinking")
    assert unfold is not None
    unfold.setChecked(True)
    assert words(view, "thinking") == "The lease says three months."
