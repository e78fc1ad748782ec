"""Practice questions of one's own in the review, and those that the documents do not answer."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from ragdesk.domain.training import PairSource, PairState
from ragdesk.errors import NotFound
from ragdesk.messages import AddPair, Failed
from ragdesk.ui.assistants.pair_ask import NOWHERE, PairAsk
from ragdesk.ui.assistants.review_view import ReviewView
from tests.fakes_engine import FakeEngine
from tests.ui.assistants.practice import ASKED, TERMS, Practice
from tests.ui.assistants.seen import asks, text_of

Open = Callable[..., ReviewView]
Carry = Callable[[], None]
Key = Qt.Key


def asking(view: ReviewView, qtbot: QtBot) -> PairAsk:
    qtbot.mouseClick(view.bar.ask, Qt.MouseButton.LeftButton)
    dialog = view.findChild(PairAsk)
    assert dialog is not None
    assert dialog.isVisible()
    return dialog


def test_a_question_of_ones_own_is_kept_with_its_place_and_undone(
    open_review: Open, practice: Practice, carry_out: Carry, qtbot: QtBot
) -> None:
    practice.fill()
    before = practice.pairs.all(practice.assistant.id)
    view = open_review()
    dialog = asking(view, qtbot)
    assert dialog.focusWidget() is dialog.question
    qtbot.keyClicks(dialog.question, "How soon must I pay to get something off?")
    qtbot.keyClicks(dialog.answer, "within 8 days")
    assert not dialog.keep.isEnabled()  # it does not say where that stands
    dialog.finder.document.setCurrentIndex(
        dialog.finder.document.findText("Terms of business.docx")
    )
    dialog.finder.words.setText("discount")
    dialog.finder.found.choose(0)
    qtbot.mouseClick(dialog.keep, Qt.MouseButton.LeftButton)
    carry_out()
    qtbot.waitUntil(lambda: not view._late.isActive())
    old = {pair.id for pair in before}
    [own] = [p for p in practice.pairs.all(practice.assistant.id) if p.id not in old]
    assert (own.answer, own.quote, own.state) == ("within 8 days", TERMS[1], PairState.RIGHT)
    assert own.source is PairSource.PERSON
    assert text_of(view, "review_note") == "Your question is kept."
    qtbot.keyClick(view, Key.Key_U)
    carry_out()
    qtbot.waitUntil(lambda: not view._late.isActive())
    assert practice.pairs.all(practice.assistant.id) == before
    assert not view.bar.undo.isEnabled()


def test_nothing_answers_a_question_of_ones_own(
    open_review: Open, practice: Practice, pair_engine: FakeEngine, carry_out: Carry, qtbot: QtBot
) -> None:
    view = open_review()  # also where no practice questions were made yet
    dialog = asking(view, qtbot)
    dialog.where.button(NOWHERE).setChecked(True)
    assert not dialog.keep.isEnabled()
    assert not dialog.answer.isEnabled()
    qtbot.keyClicks(dialog.question, "Who owns the boat?")
    qtbot.mouseClick(dialog.keep, Qt.MouseButton.LeftButton)
    said = pair_engine.sent[-1]
    assert isinstance(said, AddPair)
    assert (said.question, said.document_id, said.spans) == ("Who owns the boat?", "", ())
    carry_out()
    [pair] = practice.pairs.all(practice.assistant.id)
    assert pair.absent


def test_only_documents_of_the_shelf_are_offered(
    open_review: Open, practice: Practice, qtbot: QtBot
) -> None:
    view = open_review()
    shelf = practice.desk.collections.create("Empty")
    dialog = PairAsk(view._library, view._places.names, shelf.id, view)
    qtbot.addWidget(dialog)
    assert dialog.finder.document.count() == 0
    everything = PairAsk(view._library, view._places.names, None, view)
    qtbot.addWidget(everything)
    assert everything.finder.document.count() == 3


def test_what_could_not_be_kept_is_said(
    open_review: Open, pair_engine: FakeEngine, qtbot: QtBot
) -> None:
    view = open_review()
    dialog = asking(view, qtbot)
    dialog.where.button(NOWHERE).setChecked(True)
    dialog.question.setText("Who?")
    dialog.accept()
    gone = NotFound(what="assistant", name="x")
    pair_engine.emit_event(Failed(pair_engine.sent[-1].tag, gone.code, gone.params))
    assert "assistant" in text_of(view, "review_note")
    assert not view.bar.undo.isEnabled()


def test_the_documents_do_not_answer_is_said_in_the_fix_and_undone(
    open_review: Open, practice: Practice, carry_out: Carry, qtbot: QtBot
) -> None:
    first = practice.fill()[0]
    before = practice.pairs.get(practice.assistant.id, first.id)
    view = open_review()
    qtbot.keyClick(view, Key.Key_F)
    qtbot.mouseClick(view.fix.nowhere, Qt.MouseButton.LeftButton)
    carry_out()
    qtbot.waitUntil(lambda: not view._late.isActive())
    kept = practice.pairs.get(practice.assistant.id, first.id)
    assert (kept.absent, kept.answer, kept.state) == (True, "", PairState.RIGHT)
    assert asks(view) == ASKED[1][2]
    qtbot.keyClick(view, Key.Key_U)
    carry_out()
    assert practice.pairs.get(practice.assistant.id, first.id) == before


@pytest.mark.parametrize("state", [PairState.REJECTED, PairState.WRONG])
def test_undo_brings_back_what_was_there_with_its_reason(
    open_review: Open, practice: Practice, carry_out: Carry, state: PairState
) -> None:
    first = practice.fill()[0]
    practice.pairs.move(practice.assistant.id, first.id, state, "novelty")
    before = practice.pairs.get(practice.assistant.id, first.id)
    view = open_review()
    view.say([before], "right")
    carry_out()
    view.undo()
    carry_out()
    assert practice.pairs.get(practice.assistant.id, first.id) == before


def test_an_engine_that_begins_anew_knows_no_way_back(
    open_review: Open, practice: Practice, pair_engine: FakeEngine, qtbot: QtBot
) -> None:
    practice.fill()
    view = open_review()
    qtbot.keyClick(view, Key.Key_R)
    assert view.bar.undo.isEnabled()
    pair_engine.engine_restarting.emit()
    assert not view.bar.undo.isEnabled()


def test_every_field_of_the_dialog_has_a_name(open_review: Open, qtbot: QtBot) -> None:
    dialog = asking(open_review(), qtbot)
    for part in (dialog.question, dialog.answer, dialog.finder.document, dialog.finder.words):
        assert isinstance(part, QWidget)
        assert part.accessibleName()
