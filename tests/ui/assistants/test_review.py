"""Practice questions: said right, wrong or skipped, put right, taken back, in cards and in a table."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeyEvent, QTextCursor
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel
from pytestqt.qtbot import QtBot

from ragdesk.domain.document import Span
from ragdesk.domain.training import PairSource, PairState
from ragdesk.messages import Done, ExportPairs, Failed, ImportPairs, PairsChanged, ReviewPair
from ragdesk.ui.assistants.pair_places import stands_at, whole_words
from ragdesk.ui.assistants.pairs_model import ANSWER, PLACE, QUESTION, STATE
from ragdesk.ui.assistants.review_view import ReviewView
from tests.fakes_engine import FakeEngine
from tests.ui.assistants.practice import ASKED, LEASE, REJECTED, TERMS, Practice
from tests.ui.viewer.signals import heard

Open = Callable[..., ReviewView]
Carry = Callable[[], None]
Key = Qt.Key


def asks(view: ReviewView) -> str:
    """What the card that is shown asks; "" where another page is shown."""
    if view._stack.currentWidget() is not view.card:
        return ""
    return text_of(view, "pair_question")


def text_of(view: ReviewView, name: str) -> str:
    found: QLabel = view.findChild(QLabel, name)
    return found.text()


def page(view: ReviewView) -> str:
    """All words of the page that is shown."""
    shown = view._stack.currentWidget()
    return "\n".join(one.text() for one in shown.findChildren(QLabel) if one.isVisible())


def column(view: ReviewView, which: int) -> list[str]:
    model = view.table.model
    return [str(model.index(row, which).data()) for row in range(model.rowCount())]


# cards


def test_the_most_useful_comes_first_with_its_place_and_its_words(
    open_review: Open, practice: Practice
) -> None:
    practice.fill()
    view = open_review()
    assert asks(view) == ASKED[0][2]
    assert text_of(view, "pair_answer") == "three months'"
    assert view.card.place.text() == "Lease Hafenstrasse 12.docx"
    quote = view.card._quote
    assert quote.toPlainText() == LEASE[0]
    stronger = [selection.cursor.selectedText() for selection in quote.extraSelections()]
    assert stronger == ["three months"]


@pytest.mark.parametrize(
    ("key", "state"), [(Key.Key_R, "right"), (Key.Key_W, "wrong"), (Key.Key_S, "skipped")]
)
def test_one_key_says_it_and_the_next_comes_at_once(
    open_review: Open, practice: Practice, pair_engine: FakeEngine, carry_out: Carry, qtbot: QtBot,
    key: Key, state: str,
) -> None:  # fmt: skip
    pairs = practice.fill()
    view = open_review()
    qtbot.keyClick(view, key)
    said = pair_engine.sent[-1]
    assert isinstance(said, ReviewPair)
    assert (said.assistant_id, said.pair_id) == (practice.assistant.id, pairs[0].id)
    assert said.state == state
    assert asks(view) == ASKED[1][2]  # before the engine has said anything
    carry_out()
    qtbot.waitUntil(lambda: not view._late.isActive())
    assert asks(view) == ASKED[1][2]
    assert practice.pairs.get(practice.assistant.id, pairs[0].id).state == PairState(state)


def test_buttons_do_what_their_keys_do(
    open_review: Open, practice: Practice, pair_engine: FakeEngine, carry_out: Carry, qtbot: QtBot
) -> None:
    practice.fill()
    view = open_review()
    for name in ("right", "wrong", "skip"):
        assert name[0].upper() in view.card.buttons[name].text()
        qtbot.mouseClick(view.card.buttons[name], Qt.MouseButton.LeftButton)
    states = [one.state for one in pair_engine.sent if isinstance(one, ReviewPair)]
    assert states == ["right", "wrong", "skipped"]
    carry_out()
    qtbot.waitUntil(lambda: asks(view) == ASKED[3][2])


def test_keys_work_while_a_button_has_the_keyboard(
    open_review: Open, practice: Practice, pair_engine: FakeEngine, qtbot: QtBot
) -> None:
    practice.fill()
    view = open_review()
    view.card.buttons["right"].setFocus()
    qtbot.keyClick(view.card.buttons["right"], Key.Key_W)
    said = pair_engine.sent[-1]
    assert isinstance(said, ReviewPair)
    assert said.state == "wrong"


def test_progress_counts_what_was_looked_at(
    open_review: Open, practice: Practice, carry_out: Carry, qtbot: QtBot
) -> None:
    practice.fill()
    practice.many(40)
    view = open_review()
    assert text_of(view, "review_progress") == "0 of 30 is enough"
    for key in (Key.Key_R, Key.Key_W, Key.Key_S):
        qtbot.keyClick(view, key)
    assert text_of(view, "review_progress") == "2 of 30 is enough"  # what is skipped was not judged
    for _ in range(28):
        qtbot.keyClick(view, Key.Key_R)
    carry_out()
    qtbot.waitUntil(lambda: not view._late.isActive())
    words = text_of(view, "review_progress")
    assert words == "30 looked at: that is enough. 18 are left if you like."


@pytest.mark.parametrize("key", [Key.Key_U, Key.Key_Z])
def test_undo_brings_the_card_back_and_is_kept(
    open_review: Open, practice: Practice, carry_out: Carry, qtbot: QtBot, key: Key
) -> None:
    pairs = practice.fill()
    view = open_review()
    qtbot.keyClick(view, Key.Key_R)
    qtbot.keyClick(view, Key.Key_W)
    carry_out()
    held = Qt.KeyboardModifier.ControlModifier if key == Key.Key_Z else Qt.KeyboardModifier(0)
    qtbot.keyClick(view, key, held)
    assert asks(view) == ASKED[1][2]
    qtbot.keyClick(view, key, held)
    assert asks(view) == ASKED[0][2]
    carry_out()
    qtbot.waitUntil(lambda: not view._late.isActive())
    assert asks(view) == ASKED[0][2]
    kept = [practice.pairs.get(practice.assistant.id, pair.id).state for pair in pairs[:2]]
    assert kept == [PairState.MADE, PairState.MADE]
    assert not view.bar.undo.isEnabled()


def test_ctrl_z_is_taken_from_the_window_only_while_there_is_something_to_take_back(
    open_review: Open, practice: Practice, qtbot: QtBot
) -> None:
    practice.fill()
    view = open_review()

    def taken() -> bool:
        event = QKeyEvent(
            QEvent.Type.ShortcutOverride, Key.Key_Z, Qt.KeyboardModifier.ControlModifier
        )
        event.ignore()
        QApplication.sendEvent(view, event)
        return event.isAccepted()

    assert not taken()
    qtbot.keyClick(view, Key.Key_R)
    assert taken()


def test_what_failed_is_said_and_the_card_comes_back(
    open_review: Open, practice: Practice, pair_engine: FakeEngine, qtbot: QtBot
) -> None:
    practice.fill()
    view = open_review()
    qtbot.keyClick(view, Key.Key_R)
    pair_engine.emit_event(
        Failed(pair_engine.sent[-1].tag, "not_found", {"what": "practice question", "name": "x"})
    )
    assert "practice question" in view.note.text()
    assert view.note.isVisible()
    assert text_of(view, "review_progress") == "0 of 30 is enough"
    assert not view.bar.undo.isEnabled()  # nothing was kept
    assert asks(view) == ASKED[1][2]  # what a person looks at is not taken away
    qtbot.keyClick(view, Key.Key_S)
    assert asks(view) == ASKED[0][2]


def test_none_and_none_left_have_their_own_words(
    open_review: Open, practice: Practice, pair_engine: FakeEngine, carry_out: Carry, qtbot: QtBot
) -> None:
    view = open_review()
    assert "No practice questions yet" in page(view)
    assert not view.bar.write_out.isEnabled()
    practice.fill()
    pair_engine.emit_event(PairsChanged(practice.assistant.id))
    qtbot.waitUntil(lambda: asks(view) == ASKED[0][2])
    for _ in ASKED:
        qtbot.keyClick(view, Key.Key_R)
    assert "None left to review: thank you" in page(view)
    carry_out()
    qtbot.waitUntil(lambda: not view._late.isActive())
    assert "None left to review: thank you" in page(view)
    qtbot.keyClick(view, Key.Key_U)
    assert asks(view) == ASKED[-1][2]


def test_the_place_opens_with_the_answer_marked(
    open_review: Open, practice: Practice, qtbot: QtBot
) -> None:
    practice.fill()
    view = open_review()
    opened = heard(view.citation_pressed)
    qtbot.keyClick(view, Key.Key_S)
    qtbot.mouseClick(view.card.place, Qt.MouseButton.LeftButton)
    (citation,) = opened[0]
    assert citation.document_id == practice.documents[1]
    assert citation.spans == (Span(1, 0, len(TERMS[0])),)
    assert citation.marked == (Span(1, TERMS[0].index("14 days"), 7),)
    qtbot.keyClick(view, Key.Key_O)
    assert opened[1] == (citation,)


def test_questions_without_words_or_place_say_so(
    open_review: Open, practice: Practice, qtbot: QtBot
) -> None:
    practice.fill()
    view = open_review()
    for _ in range(5):
        qtbot.keyClick(view, Key.Key_S)
    assert text_of(view, "pair_answer") == "The whole passage"
    for _ in range(2):
        qtbot.keyClick(view, Key.Key_S)
    assert text_of(view, "pair_answer") == "The documents do not say it"
    assert not view.card.place.isVisible()
    assert not view.card._ground.isVisible()


# fixing


def test_the_answer_is_chosen_in_the_text_by_whole_words_and_kept(
    open_review: Open, practice: Practice, carry_out: Carry, qtbot: QtBot
) -> None:
    pairs = practice.fill()
    view = open_review()
    qtbot.keyClick(view, Key.Key_F)
    fix = view.fix
    assert view._stack.currentWidget() is fix
    assert (fix.question.text(), fix.answer.text()) == (ASKED[0][2], "three months'")
    assert fix.passage.toPlainText() == LEASE[0]
    fix.passage.setFocus()
    cursor = fix.passage.textCursor()
    cursor.setPosition(LEASE[0].index("hree months"))
    cursor.setPosition(LEASE[0].index("otice"), QTextCursor.MoveMode.KeepAnchor)
    fix.passage.setTextCursor(cursor)
    assert fix.answer.text() == "three months' notice"
    assert fix.passage.textCursor().hasSelection()  # what a person chooses stays chosen
    fix.question.setText("How long is the notice?")
    qtbot.keyClick(fix.answer, Key.Key_Return)
    carry_out()
    kept = practice.pairs.get(practice.assistant.id, pairs[0].id)
    assert (kept.question, kept.answer) == ("How long is the notice?", "three months' notice")
    assert (kept.state, kept.source) == (PairState.RIGHT, PairSource.PERSON)
    qtbot.waitUntil(lambda: asks(view) == ASKED[1][2])
    qtbot.keyClick(view, Key.Key_U)
    carry_out()
    back = practice.pairs.get(practice.assistant.id, pairs[0].id)
    assert (back.question, back.answer, back.state) == (
        ASKED[0][2], "three months'", PairState.MADE,
    )  # fmt: skip


def test_words_that_do_not_stand_there_are_said_in_place_and_nothing_is_lost(
    open_review: Open, practice: Practice, carry_out: Carry, qtbot: QtBot
) -> None:
    practice.fill()
    view = open_review()
    qtbot.keyClick(view, Key.Key_F)
    view.fix.question.setText("How soon?")
    view.fix.answer.setText("six weeks")
    assert view.fix.passage.extraSelections() == []
    qtbot.mouseClick(view.fix.keep, Qt.MouseButton.LeftButton)
    assert not view.fix.keep.isEnabled()  # kept once, not twice
    carry_out()
    qtbot.waitUntil(lambda: not view._late.isActive())
    assert view._stack.currentWidget() is view.fix
    assert "six weeks" in text_of(view, "fix_error")
    assert (view.fix.question.text(), view.fix.answer.text()) == ("How soon?", "six weeks")
    assert view.fix.keep.isEnabled()
    view.fix.answer.setText("the end of a quarter")
    assert not view.findChild(QLabel, "fix_error").isVisible()
    marked = [one.cursor.selectedText() for one in view.fix.passage.extraSelections()]
    assert marked == ["the end of a quarter"]
    qtbot.keyClick(view.fix.answer, Key.Key_Return)
    carry_out()
    qtbot.waitUntil(lambda: asks(view) == ASKED[1][2])


def test_letters_are_typed_and_escape_leaves_while_fixing(
    open_review: Open, practice: Practice, pair_engine: FakeEngine, qtbot: QtBot
) -> None:
    practice.fill()
    view = open_review()
    qtbot.keyClick(view, Key.Key_F)
    view.fix.question.clear()
    qtbot.keyClicks(view.fix.question, "rwfsu")
    assert view.fix.question.text() == "rwfsu"
    pair_engine.emit_event(PairsChanged(practice.assistant.id))
    qtbot.waitUntil(lambda: not view._late.isActive())
    assert view.fix.question.text() == "rwfsu"  # what others change takes nothing away
    qtbot.keyClick(view.fix.question, Key.Key_Escape)
    assert asks(view) == ASKED[0][2]
    assert pair_engine.sent == []


def test_without_a_passage_only_the_question_can_be_changed(
    open_review: Open, practice: Practice, carry_out: Carry, qtbot: QtBot
) -> None:
    pairs = practice.fill()
    view = open_review()
    for _ in range(7):
        qtbot.keyClick(view, Key.Key_S)
    qtbot.keyClick(view, Key.Key_F)
    assert not view.fix.answer.isVisible()
    assert not view.fix.passage.isVisible()
    view.fix.question.setText("Which bank is ours?")
    qtbot.keyClick(view.fix.question, Key.Key_Return)
    carry_out()
    kept = practice.pairs.get(practice.assistant.id, pairs[7].id)
    assert (kept.question, kept.absent, kept.state) == (
        "Which bank is ours?", True, PairState.RIGHT,
    )  # fmt: skip


def test_an_answer_cannot_be_emptied(open_review: Open, practice: Practice, qtbot: QtBot) -> None:
    practice.fill()
    view = open_review()
    qtbot.keyClick(view, Key.Key_F)
    view.fix.answer.clear()
    assert not view.fix.keep.isEnabled()


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
    assert counts == {PairState.MADE: len(ASKED), PairState.SKIPPED: len(REJECTED)}


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
