"""Practice questions as cards: said right, wrong or skipped, put right, taken back."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent, QTextCursor
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from ragdesk.domain.document import Span
from ragdesk.domain.training import PairSource, PairState
from ragdesk.messages import Failed, PairsChanged, ReviewPair
from ragdesk.ui.assistants.review_view import ReviewView
from tests.fakes_engine import FakeEngine
from tests.ui.assistants.practice import ASKED, LEASE, TERMS, Practice
from tests.ui.assistants.seen import asks, page, text_of
from tests.ui.viewer.signals import heard

Open = Callable[..., ReviewView]
Carry = Callable[[], None]
Key = Qt.Key


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
