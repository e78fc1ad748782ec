"""Practice questions in a table, and from files and into them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from ragdesk.domain.training import PairState
from ragdesk.messages import Done, ExportPairs, Failed, ImportPairs, PairsChanged
from ragdesk.ui.assistants.pair_places import stands_at, whole_words
from ragdesk.ui.assistants.pairs_model import ANSWER, PLACE, QUESTION, STATE
from ragdesk.ui.assistants.review_view import ReviewView
from tests.fakes_engine import FakeEngine
from tests.ui.assistants.practice import ASKED, REJECTED, TERMS, Practice
from tests.ui.assistants.seen import asks, column
from tests.ui.viewer.signals import heard

Open = Callable[..., ReviewView]
Carry = Callable[[], None]
Key = Qt.Key


# the table


def test_the_table_has_all_with_reasons_in_words_and_sorts(
    open_review: Open, practice: Practice, qtbot: QtBot
) -> None:
    practice.fill()
    view = open_review()
    qtbot.mouseClick(view.bar.table, Qt.MouseButton.LeftButton)
    model = view.table.model
    assert model.rowCount() == len(ASKED) + len(REJECTED)
    assert column(view, QUESTION)[0] == ASKED[0][2]  # the most useful first
    assert column(view, PLACE)[0] == "Lease Hafenstrasse 12.docx"
    assert "Left out: not understood without the document beside it" in column(view, STATE)
    assert "Left out: much like another question" in column(view, STATE)
    for which in (QUESTION, ANSWER, PLACE, STATE):
        view.table.view.sortByColumn(which, Qt.SortOrder.AscendingOrder)
        up = column(view, which)
        view.table.view.sortByColumn(which, Qt.SortOrder.DescendingOrder)
        assert column(view, which) != up
        assert sorted(column(view, which)) == sorted(up)
    view.table.view.sortByColumn(QUESTION, Qt.SortOrder.AscendingOrder)
    folded = [text.casefold() for text in column(view, QUESTION)]
    assert folded == sorted(folded)


def test_states_filter_and_say_how_many(
    open_review: Open, practice: Practice, qtbot: QtBot
) -> None:
    practice.fill()
    view = open_review()
    view.bar.table.click()
    states = view.table.states
    assert [states.itemText(n) for n in range(states.count())] == [
        "All · 11", "Not looked at · 9", "Right · 0", "Wrong · 0", "Skipped · 0", "Left out · 2",
    ]  # fmt: skip
    states.setCurrentIndex(5)
    states.activated.emit(5)
    assert view.table.model.rowCount() == len(REJECTED)
    states.setCurrentIndex(0)
    states.activated.emit(0)
    assert view.table.model.rowCount() == len(ASKED) + len(REJECTED)


def test_several_are_said_at_once_and_taken_back_in_one_step(
    open_review: Open, practice: Practice, carry_out: Carry, qtbot: QtBot
) -> None:
    pairs = practice.fill()
    view = open_review()
    view.bar.table.click()
    table = view.table
    assert not table.buttons["wrong"].isEnabled()
    table.view.selectRow(0)
    assert table.buttons["fix"].isEnabled()
    table.view.selectAll()
    assert not table.buttons["fix"].isEnabled()
    qtbot.keyClick(table.view, Key.Key_W)
    carry_out()
    qtbot.waitUntil(lambda: not view._late.isActive())
    states = {pair.state for pair in practice.pairs.all(practice.assistant.id)}
    assert states == {PairState.WRONG}
    assert len(table.view.chosen()) == len(pairs)  # still chosen
    view.bar.undo.click()
    carry_out()
    counts = practice.pairs.counts(practice.assistant.id)
    assert counts == {PairState.MADE: len(ASKED), PairState.REJECTED: len(REJECTED)}


def test_a_row_can_be_put_right_and_its_place_opened(
    open_review: Open, practice: Practice, carry_out: Carry, qtbot: QtBot
) -> None:
    pairs = practice.fill()
    view = open_review()
    opened = heard(view.citation_pressed)
    view.bar.table.click()
    row = view.table.model.row_of(pairs[1].id)
    view.table.view.selectRow(row)
    qtbot.keyClick(view.table.view, Key.Key_Return)
    assert opened[0][0].quote == TERMS[0]
    qtbot.keyClick(view.table.view, Key.Key_F)
    assert view.fix.question.text() == ASKED[1][2]
    view.fix.answer.setText("14 days of the invoice date")
    view.fix.keep.click()
    carry_out()
    qtbot.waitUntil(lambda: view._stack.currentWidget() is view.table)
    assert column(view, ANSWER)[row] == "14 days of the invoice date"


def test_ten_thousand_rows_stay_quick(open_review: Open, practice: Practice, qtbot: QtBot) -> None:
    practice.many(10_000)
    view = open_review()
    view.bar.table.click()
    assert view.table.model.rowCount() == 10_000
    view.table.view.sortByColumn(PLACE, Qt.SortOrder.AscendingOrder)
    view.table.view.selectAll()
    assert len(view.table.view.chosen()) == 10_000


# files


def test_files_come_in_by_the_dialog_and_what_came_of_it_is_said(
    open_review: Open, practice: Practice, pair_engine: FakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    view = open_review()
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: ("/in/Ours.csv", ""))
    view.bar.take_in.click()
    sent = pair_engine.sent[-1]
    assert isinstance(sent, ImportPairs)
    assert (sent.assistant_id, sent.path) == (practice.assistant.id, "/in/Ours.csv")
    pair_engine.emit_event(Done(sent.tag, "30"))
    assert view.note.text() == "30 practice questions taken in from Ours.csv."
    view.bar.take_in.click()
    result = "\n".join(["2", *(f"line {n}: no place was found" for n in range(4, 9))])
    pair_engine.emit_event(Done(pair_engine.sent[-1].tag, result))
    assert view.note.text().split("\n") == [
        "2 practice questions taken in from Ours.csv.", "Line 4: no place was found",
        "Line 5: no place was found", "Line 6: no place was found", "And 2 more like these.",
    ]  # fmt: skip
    view.bar.take_in.click()
    pair_engine.emit_event(Failed(pair_engine.sent[-1].tag, "home_in_use", {"holder": "another"}))
    assert view.note.property("role") == "wrong"


@pytest.mark.parametrize(
    ("chosen", "kind", "path"),
    [
        ("/out/a", "Table (*.csv)", "/out/a.csv"),
        ("/out/a", "One record a line (*.jsonl)", "/out/a.jsonl"),
        ("/out/a.JSONL", "Table (*.csv)", "/out/a.JSONL"),
    ],
)
def test_files_are_written_with_an_ending(
    open_review: Open, practice: Practice, pair_engine: FakeEngine,
    monkeypatch: pytest.MonkeyPatch, chosen: str, kind: str, path: str,
) -> None:  # fmt: skip
    practice.fill()
    view = open_review()
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (chosen, kind))
    view.bar.write_out.click()
    sent = pair_engine.sent[-1]
    assert isinstance(sent, ExportPairs)
    assert sent.path == path
    pair_engine.emit_event(Done(sent.tag))
    assert view.note.text() == f"11 practice questions written to {Path(path).name}."


def dropped(view: ReviewView, *paths: str) -> bool:
    """Carries files over the view and lets them go; whether the view took them."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(path) for path in paths])
    buttons, held = Qt.MouseButton.LeftButton, Qt.KeyboardModifier(0)
    action = Qt.DropAction.CopyAction
    enter = QDragEnterEvent(QPointF(50, 50), action, data, buttons, held)
    QApplication.sendEvent(view, enter)
    taken = enter.isAccepted()
    assert view.exchange.overlay.isVisible() == taken
    drop = QDropEvent(QPointF(50, 50), action, data, buttons, held)
    QApplication.sendEvent(view, drop)
    assert not view.exchange.overlay.isVisible()
    return taken and drop.isAccepted()


def test_files_let_go_are_taken_in_and_documents_are_left_to_the_window(
    open_review: Open, pair_engine: FakeEngine
) -> None:
    view = open_review()
    assert dropped(view, "/in/one.csv", "/in/two.jsonl")
    assert [one.path for one in pair_engine.sent if isinstance(one, ImportPairs)] == [
        "/in/one.csv", "/in/two.jsonl",
    ]  # fmt: skip
    assert not dropped(view, "/in/Lease.pdf")
    assert not dropped(view, "/in/one.csv", "/in/Lease.pdf")
    assert len(pair_engine.sent) == 2


def test_while_nobody_looks_nothing_is_read_and_then_all_at_once(
    open_review: Open, practice: Practice, pair_engine: FakeEngine, qtbot: QtBot
) -> None:
    view = open_review()
    view.hide()
    practice.fill()
    pair_engine.emit_event(PairsChanged(practice.assistant.id, "one"))
    qtbot.waitUntil(lambda: view._stale)
    assert view._pairs == {}
    view.show()
    assert asks(view) == ASKED[0][2]


# places


@pytest.mark.parametrize(
    ("text", "words", "found"),
    [
        ("It costs 14 days.", "14  DAYS", "14 days"),
        ("It costs 114 days or 14 days.", "14 days", "14 days"),
        ("A para-\ngraph here", "paragraph", "para-\ngraph"),
        ("no such words", "words that", None),
        ("anything", "", None),
    ],
)
def test_words_are_found_whole(text: str, words: str, found: str | None) -> None:
    at = stands_at(text, words)
    assert (text[at[0] : at[1]] if at else None) == found
    if at is not None and found == "14 days" and "114" in text:
        assert at[0] == text.rindex("14 days")


def test_a_choice_grows_to_whole_words() -> None:
    text = "within 14 days of it"
    assert text[slice(*whole_words(text, 8, 11))] == "14 days"
    assert whole_words(text, 6, 7) == (7, 7)
