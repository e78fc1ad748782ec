"""An answer that is being written: it grows, can be stopped, and says how it ended."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from ragdesk.domain.conversation import Citation, Sentence, Turn
from ragdesk.messages import AnswerAgain, AnswerGrows, AnswerReady, Failed, Ready, StopAnswer
from ragdesk.ui.ask.ask_page import AskPage
from ragdesk.ui.ask.writing_view import WritingView
from tests.fakes_engine import FakeEngine
from tests.ui.viewer.desk import Desk, quote_answer


@pytest.fixture
def turn(desk: Desk, page: AskPage) -> Turn:
    """A question that waits for its answer, in sight."""
    turn = desk.conversations.ask("How long is the notice?", "", None)
    page.open_conversation(turn.conversation_id)
    return turn


def grows(engine: FakeEngine, turn: Turn, text: str = "", thinking: str = "") -> None:
    engine.emit_event(AnswerGrows(turn.conversation_id, turn.id, text, thinking))


def words(page: AskPage, name: str) -> str:
    """Of the part of the card that is in sight; what it replaced is still being taken away."""
    QApplication.processEvents()  # what was just put into a layout is shown by then
    view = page.turns.view(0)
    shown = [found for found in view.findChildren(QLabel, name) if found.isVisibleTo(view)]
    return shown[-1].text() if shown else ""


def test_text_grows_without_the_card_being_built_anew(
    page: AskPage, engine: FakeEngine, turn: Turn
) -> None:
    grows(engine, turn)
    writing = page.turns.view(0).findChild(WritingView)
    assert words(page, "written_so_far") == ""
    assert page.model.is_answering
    grows(engine, turn, "Three")
    grows(engine, turn, "Three months [1].")
    assert words(page, "written_so_far") == "Three months [1]."
    assert page.turns.view(0).findChild(WritingView) is writing


def test_quotes_stand_under_what_is_being_written_and_the_written_answer_takes_their_place(
    page: AskPage, engine: FakeEngine, desk: Desk, turn: Turn, citations: list[Citation]
) -> None:
    grows(engine, turn, "Three")
    quoted = quote_answer(*citations)
    desk.conversations.save_answer(turn.id, quoted)
    engine.emit_event(AnswerReady(turn.conversation_id, turn.id, last=False))
    view = page.turns.view(0)
    assert words(page, "written_so_far") == "Three"
    assert view.body is not None
    assert quoted.sentences[0].text[:20] in view.body.toPlainText()
    said = "It is three months [1]."
    written = replace(
        quoted, text=said, short=None, kind="sentence", answerer="a model",
        sentences=(Sentence(said, True, (1,)),),
    )  # fmt: skip
    desk.conversations.save_answer(turn.id, written)
    engine.emit_event(AnswerReady(turn.conversation_id, turn.id))
    assert not page.model.is_answering
    assert words(page, "written_so_far") == ""
    body = page.turns.view(0).body
    assert body is not None
    assert "It is three months" in body.toPlainText()


def test_thinking_is_folded_until_it_is_asked_for(
    qtbot: QtBot, page: AskPage, engine: FakeEngine, turn: Turn
) -> None:
    grows(engine, turn, "", "The lease says …")
    writing = page.turns.view(0).findChild(WritingView)
    thought = next(
        label for label in writing.findChildren(QLabel) if label.text() == "The lease says …"
    )
    assert thought.isHidden()
    unfold = next(b for b in writing.findChildren(QPushButton) if b.isCheckable())
    qtbot.mouseClick(unfold, Qt.MouseButton.LeftButton)
    assert not thought.isHidden()


def test_stop_is_sent_once_and_said(
    qtbot: QtBot, page: AskPage, engine: FakeEngine, turn: Turn
) -> None:
    grows(engine, turn, "Three")
    stop = page.turns.view(0).findChild(QPushButton, "stop_writing")
    qtbot.mouseClick(stop, Qt.MouseButton.LeftButton)
    qtbot.mouseClick(stop, Qt.MouseButton.LeftButton)
    sent = [command for command in engine.sent if isinstance(command, StopAnswer)]
    assert [command.turn_id for command in sent] == [turn.id]
    grows(engine, turn, "Three months")
    assert words(page, "written_so_far") == "Three months"


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"finish": "stopped"}, "You stopped it here."),
        ({"finish": "lost"}, "What it had written is kept."),
        ({"doubt": "weak"}, "hardly support it"),
        ({"trouble": "server_missing"}, "No answer was written"),
    ],
)
def test_an_end_that_is_not_plain_is_said_and_one_press_tries_again(
    qtbot: QtBot,
    page: AskPage,
    engine: FakeEngine,
    desk: Desk,
    turn: Turn,
    citations: list[Citation],
    change: dict[str, str],
    told: str,
) -> None:
    desk.conversations.save_answer(turn.id, replace(quote_answer(*citations), **change))
    engine.emit_event(AnswerReady(turn.conversation_id, turn.id))
    assert told in words(page, "written_note")
    again = page.turns.view(0).findChild(QPushButton, "write_again")
    qtbot.mouseClick(again, Qt.MouseButton.LeftButton)
    assert isinstance(engine.sent[-1], AnswerAgain)
    assert (engine.sent[-1].turn_id, engine.sent[-1].answerer) == (turn.id, "written")


def test_what_failed_or_died_does_not_go_on_growing(
    page: AskPage, engine: FakeEngine, turn: Turn
) -> None:
    grows(engine, turn, "Three")
    engine.emit_event(Failed(turn.id, "unexpected", {"what": "answering", "log": "log"}))
    assert not page.model.is_answering
    assert page.model.problem(0)
    assert words(page, "written_so_far") == ""


def test_another_engine_takes_nothing_up_of_what_the_last_one_wrote(
    page: AskPage, engine: FakeEngine, turn: Turn
) -> None:
    grows(engine, turn, "Three")
    engine.emit_event(Ready("0", "home"))
    assert page.model.growing(0) is None
