"""An answer that is being written: it grows, can be stopped, and says how it ended."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from ragdesk.domain.conversation import Citation, Sentence, Turn
from ragdesk.messages import AnswerAgain, AnswerGrows, AnswerReady, Failed, Ready, StopAnswer
from ragdesk.ui.ask import answer_view
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
        ({"finish": "stopped"}, "You stopped the writing."),
        ({"finish": "lost"}, "What it had written is kept."),
        ({"doubt": "weak"}, "hardly support it"),
        ({"trouble": "server_missing"}, "own words. Ollama is not running: start it"),
        ({"trouble": "answer_empty"}, "own words. The model wrote nothing:"),
        ({"trouble": "model_too_large"}, "needs more memory than is free"),
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


@pytest.fixture
def spoken(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What a screen reader is told."""
    said: list[str] = []
    monkeypatch.setattr(answer_view, "announce", lambda widget, text: said.append(text))
    return said


def test_the_beginning_and_the_end_are_announced_once(
    page: AskPage,
    engine: FakeEngine,
    desk: Desk,
    turn: Turn,
    citations: list[Citation],
    spoken: list[str],
) -> None:
    for text in ("", "Three", "Three months [1]."):
        grows(engine, turn, text)
    assert spoken == ["Writing"]
    desk.conversations.save_answer(turn.id, quote_answer(*citations))
    engine.emit_event(AnswerReady(turn.conversation_id, turn.id, last=False))
    grows(engine, turn, "Three months [1]. More.")
    said = "It is three months [1]."
    written = replace(
        quote_answer(*citations), text=said, answerer="written",
        sentences=(Sentence("It is three months.", True, (1,)),),
    )  # fmt: skip
    desk.conversations.save_answer(turn.id, written)
    engine.emit_event(AnswerReady(turn.conversation_id, turn.id))
    engine.emit_event(AnswerReady(turn.conversation_id, turn.id))
    assert spoken == ["Writing", "It is three months."]


def test_escape_stops_the_writing_where_the_question_or_the_answer_has_the_keys(
    page: AskPage, engine: FakeEngine, turn: Turn
) -> None:
    page.question.field.setFocus()
    QApplication.processEvents()
    assert not page.stop_writing()  # nothing is being written
    grows(engine, turn, "Three")
    QApplication.processEvents()
    page.shelves.show()
    page.shelves.setFocus()
    assert not page.stop_writing()
    stop = page.turns.view(0).findChild(QPushButton, "stop_writing")
    for holder in (stop, page.question.field):
        holder.setFocus()
        assert page.stop_writing()
    sent = [command for command in engine.sent if isinstance(command, StopAnswer)]
    assert [command.turn_id for command in sent] == [turn.id]


def long(lines: int) -> str:
    return "\n".join(f"Line {n} of what is written." for n in range(lines))


def end_in_sight(page: AskPage) -> bool:
    view = page.turns.view(0)
    assert view.writing_end is not None
    below = view.y() + view.writing_end - page.turns.verticalScrollBar().value()
    return 0 < below <= page.turns.viewport().height()


def test_the_end_of_what_is_written_stays_in_sight(
    qtbot: QtBot, page: AskPage, engine: FakeEngine, turn: Turn
) -> None:
    for lines in (5, 40, 80):
        grows(engine, turn, long(lines))
        qtbot.wait(60)
        assert end_in_sight(page)
    assert page.turns.verticalScrollBar().value() > 0


def test_whoever_scrolled_away_is_left_where_they_are(
    qtbot: QtBot,
    page: AskPage,
    engine: FakeEngine,
    desk: Desk,
    turn: Turn,
    citations: list[Citation],
) -> None:
    grows(engine, turn, long(80))
    qtbot.wait(60)
    assert end_in_sight(page)
    bar = page.turns.verticalScrollBar()
    bar.triggerAction(bar.SliderAction.SliderSingleStepSub)
    bar.setValue(100)
    grows(engine, turn, long(120))
    qtbot.wait(50)
    assert bar.value() == 100
    body = replace(
        quote_answer(*citations), text=long(120), answerer="written", sentences=(), short=None
    )
    desk.conversations.save_answer(turn.id, body)
    engine.emit_event(AnswerReady(turn.conversation_id, turn.id))
    qtbot.wait(50)
    assert bar.value() == 100
