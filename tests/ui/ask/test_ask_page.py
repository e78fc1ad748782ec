"""The page: asking, what stands there before, long conversations, shelves, deleting."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QComboBox,
    QLabel,
    QMessageBox,
    QPushButton,
    QTextEdit,
)
from pytestqt.qtbot import QtBot

from ragdesk.domain.conversation import Citation
from ragdesk.messages import (
    AnswerReady,
    Ask,
    CollectionsChanged,
    ConversationsChanged,
    DeleteConversation,
    Done,
    JobChanged,
)
from ragdesk.ui.ask.ask_page import AskPage
from ragdesk.ui.ask.turns_view import BATCH
from tests.fakes_engine import FakeEngine
from tests.ui.viewer.desk import Desk, quote_answer, refusal
from tests.ui.viewer.signals import heard

NOTHING = "Nothing to ask yet"


def start_title(page: AskPage) -> str:
    title = page.findChild(QLabel, "start_title")
    return title.text() if title.isVisible() else ""


def readiness(page: AskPage) -> str:
    words = page.findChild(QLabel, "readiness")
    return words.text() if words.isVisible() else ""


def conversation(desk: Desk, citations: list[Citation], turns: int) -> str:
    first = desk.answered("Question 0?", quote_answer(*citations))
    for number in range(1, turns):
        desk.answered(f"Question {number}?", quote_answer(*citations), first.conversation_id)
    return first.conversation_id


def test_enter_asks_and_the_answer_appears(
    qtbot: QtBot, page: AskPage, engine: FakeEngine, desk: Desk, citations: list[Citation]
) -> None:
    engine.emit_event(CollectionsChanged())
    qtbot.waitUntil(page.question.isVisible)
    field = page.question.field
    qtbot.keyClicks(field, " How long?")
    qtbot.keyClick(field, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    qtbot.keyClicks(field, "And from when? ")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    command = engine.sent[-1]
    assert isinstance(command, Ask)
    assert command.question == "How long?\nAnd from when?"
    assert field.toPlainText() == ""
    assert page.turns.isVisible()
    assert page.turns.view(0).body is None

    turn = desk.conversations.ask(command.question, "", None)
    engine.emit_event(Done(command.tag, turn.conversation_id))
    desk.conversations.save_answer(turn.id, quote_answer(*citations))
    offered = heard(page.answered)
    engine.emit_event(AnswerReady(turn.conversation_id, turn.id))
    assert offered == [(citations[0],)]
    body = page.turns.view(0).body
    assert body is not None
    pressed = heard(page.citation_pressed)
    body.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(body, Qt.Key.Key_Return)
    assert pressed[0] == (citations[0],)


def test_beside_a_refusal_no_source_stays(
    page: AskPage, engine: FakeEngine, desk: Desk, citations: list[Citation]
) -> None:
    page.ask("Pension?")
    turn = desk.conversations.ask("Pension?", "", None)
    desk.conversations.save_answer(turn.id, refusal(searched=2))
    offered = heard(page.answered)
    engine.emit_event(Done(engine.sent[-1].tag, turn.conversation_id))
    assert offered == [(None,)]


def test_an_empty_question_is_not_sent(qtbot: QtBot, page: AskPage, engine: FakeEngine) -> None:
    qtbot.keyClicks(page.question.field, "  \t ")
    qtbot.keyClick(page.question.field, Qt.Key.Key_Return)
    assert engine.sent == []


def test_up_brings_earlier_questions_and_down_the_draft(
    qtbot: QtBot, page: AskPage, desk: Desk, citations: list[Citation]
) -> None:
    desk.answered("First?", quote_answer(*citations))
    desk.answered("Second?", quote_answer(*citations))
    field = page.question.field
    qtbot.keyClicks(field, "Draft")
    for expected in ("Second?", "First?", "First?"):
        qtbot.keyClick(field, Qt.Key.Key_Up)
        assert field.toPlainText() == expected
    for expected in ("Second?", "Draft", "Draft"):
        qtbot.keyClick(field, Qt.Key.Key_Down)
        assert field.toPlainText() == expected


def test_before_the_first_document_there_is_nothing_to_ask(
    qtbot: QtBot, page: AskPage, engine: FakeEngine, desk: Desk
) -> None:
    assert start_title(page) == NOTHING
    assert not page.question.isVisible()
    added = heard(page.add_requested)
    next(b for b in page.findChildren(QPushButton) if b.text().strip() == "Add files…").click()
    assert len(added) == 1
    engine.emit_event(JobChanged(1, "add", "running", "", 0, 3))
    qtbot.waitUntil(lambda: start_title(page) == "Your files are being read")
    desk.add_text("Note.txt", "Words.")
    engine.emit_event(JobChanged(1, "add", "running", "", 1, 3))
    qtbot.waitUntil(lambda: start_title(page) == "What would you like to know?")
    assert page.question.isVisible()
    assert readiness(page) == "Answers come from what is read so far: 1 of 3 files."


def test_how_passages_are_found_so_far_is_told(
    qtbot: QtBot, page: AskPage, engine: FakeEngine, citations: list[Citation]
) -> None:
    engine.emit_event(JobChanged(2, "embed", "running", "", 10, 100, 1.0, 120.0))
    qtbot.waitUntil(lambda: readiness(page).endswith("similar ones in about 2 minutes."))
    engine.emit_event(JobChanged(2, "embed", "done", "", 100, 100))
    qtbot.waitUntil(lambda: readiness(page) == "")


def test_what_follows_from_an_engine_that_is_away_is_told(
    page: AskPage, engine: FakeEngine
) -> None:
    engine.engine_restarting.emit()
    assert "answered in a moment" in readiness(page)
    engine.engine_ready.emit()
    assert readiness(page) == ""
    engine.engine_gone.emit("It is already open.")
    assert "have to wait" in readiness(page)


def test_a_shelf_is_asked(
    page: AskPage, engine: FakeEngine, desk: Desk, citations: list[Citation]
) -> None:
    shelf = desk.collections.create("Leases & <b>co")
    engine.emit_event(CollectionsChanged())
    assert page.findChild(QComboBox).isVisible()
    page.set_collection(shelf.id)
    page.ask("One?")
    command = engine.sent[-1]
    assert isinstance(command, Ask)
    assert command.collection_id == shelf.id
    page.set_collection(None)
    assert page.collection_id is None
    page.set_collection("gone")
    assert page.collection_id is None
    page.set_collection(shelf.id)
    desk.collections.rename(shelf.id, "Contracts")
    engine.emit_event(CollectionsChanged())
    assert page.collection_id == shelf.id


def test_a_long_conversation_is_built_from_its_end(
    qtbot: QtBot, page: AskPage, desk: Desk, citations: list[Citation]
) -> None:
    page.open_conversation(conversation(desk, citations, 200))
    views = page.turns.findChildren(type(page.turns.view(199)))
    assert len(views) == BATCH
    bar = page.turns.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.value() > 0)
    oldest = page.turns.view(200 - BATCH)
    bar.setValue(bar.minimum())
    qtbot.waitUntil(lambda: len(page.turns.findChildren(type(oldest))) >= 2 * BATCH)
    qtbot.waitUntil(lambda: abs(oldest.mapTo(page.turns, QPoint(0, 0)).y()) < 80)


def test_keys_walk_from_answer_to_answer(
    qtbot: QtBot, page: AskPage, desk: Desk, citations: list[Citation]
) -> None:
    page.open_conversation(conversation(desk, citations, 3))
    first, second = page.turns.view(0).body, page.turns.view(1).body
    assert first is not None
    assert second is not None
    page.activateWindow()
    first.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.waitUntil(first.hasFocus)
    for _ in range(2):
        qtbot.keyClick(first, Qt.Key.Key_Down)
    assert second.hasFocus()
    assert second.current == 1
    qtbot.keyClick(second, Qt.Key.Key_Up)
    assert first.hasFocus()
    assert first.current == 2


def answer_box(text: str) -> None:
    """Presses the button `text` of the message box that comes next."""

    def press() -> None:
        box = QApplication.activeModalWidget()
        assert isinstance(box, QMessageBox)
        next(b for b in box.buttons() if b.text() == text).click()

    QTimer.singleShot(50, press)


def test_a_conversation_is_deleted_once_it_is_meant(
    page: AskPage, engine: FakeEngine, desk: Desk, citations: list[Citation]
) -> None:
    wanted = conversation(desk, citations, 1)
    engine.emit_event(ConversationsChanged())
    page.toggle_conversations()
    page.open_conversation(wanted)
    answer_box("Keep")
    page.conversations.delete_current()
    assert engine.sent == []
    answer_box("Delete")
    page.conversations.delete_current()
    assert isinstance(engine.sent[-1], DeleteConversation)
    assert engine.sent[-1].conversation_id == wanted
    assert page.model.rowCount() == 0
    desk.conversations.delete(wanted)
    engine.emit_event(ConversationsChanged(wanted))
    assert page.conversations.model.rowCount() == 0


def test_a_refusal_asks_for_documents_through_the_page(
    page: AskPage, desk: Desk, citations: list[Citation]
) -> None:
    turn = desk.answered("Pension?", refusal(searched=2))
    page.open_conversation(turn.conversation_id)
    card = page.turns.view(0)
    card.findChild(QAbstractButton, "which").click()
    added = heard(page.add_requested)
    next(b for b in card.findChildren(QPushButton) if b.text().strip() == "Add files…").click()
    assert len(added) == 1


def test_a_dropped_file_is_left_to_the_window(
    page: AskPage, desk: Desk, citations: list[Citation]
) -> None:
    page.open_conversation(conversation(desk, citations, 1))
    texts = [page.question.field, *page.findChildren(QTextEdit)]
    assert len(texts) > 1
    for text in texts:
        assert not text.acceptDrops()
        assert not text.viewport().acceptDrops()


@pytest.mark.parametrize("kind", [QAbstractButton, QAbstractItemView, QComboBox, QTextEdit])
def test_every_control_has_a_name(
    page: AskPage, desk: Desk, citations: list[Citation], kind: type
) -> None:
    page.open_conversation(conversation(desk, citations, 2))
    page.toggle_conversations()
    found = page.findChildren(kind)
    for widget in found:
        interface = QAccessible.queryAccessibleInterface(widget)
        if widget.isVisible() and interface is not None:
            assert interface.text(QAccessible.Text.Name), widget
    assert found
