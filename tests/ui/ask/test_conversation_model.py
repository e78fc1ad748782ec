"""The model follows the store: what the engine says is only a hint to look."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtTest import QAbstractItemModelTester

from ragdesk.domain.conversation import Citation
from ragdesk.messages import AnswerReady, Ask, Done, Failed, Ready
from ragdesk.ui.ask.conversation_model import PROBLEM_ROLE, TURN_ROLE, ConversationModel
from ragdesk.ui.ask.conversations_view import ConversationsModel
from ragdesk.ui.library import Library
from tests.fakes_engine import FakeEngine
from tests.ui.viewer.desk import Desk, quote_answer
from tests.ui.viewer.signals import heard


@pytest.fixture
def model(library: Library, engine: FakeEngine) -> ConversationModel:
    model = ConversationModel(library, engine)
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal, model)
    return model


@pytest.fixture
def note(desk: Desk, engine: FakeEngine) -> Callable[[], str]:
    """Does with the last question what the engine does first; returns the turn's id."""

    def carry_out() -> str:
        command = engine.sent[-1]
        assert isinstance(command, Ask)
        turn = desk.conversations.ask(
            command.question, command.conversation_id, command.collection_id
        )
        engine.emit_event(Done(command.tag, turn.conversation_id))
        return turn.id

    return carry_out


def test_a_question_stands_there_at_once_and_gets_its_answer(
    model: ConversationModel,
    engine: FakeEngine,
    desk: Desk,
    note: Callable[[], str],
    citations: list[Citation],
) -> None:
    shown = heard(model.conversation_changed)
    model.ask("How long is the notice?", None)
    assert model.rowCount() == 1
    assert model.index(0).data() == "How long is the notice?"
    assert model.is_answering

    turn_id = note()
    assert model.rowCount() == 1
    assert model.index(0).data(TURN_ROLE).id == turn_id
    assert shown[0] == (model.conversation_id,)

    answer = quote_answer(*citations)
    desk.conversations.save_answer(turn_id, answer)
    changed = heard(model.dataChanged)
    engine.emit_event(AnswerReady(model.conversation_id, turn_id))
    assert len(changed) == 1
    assert model.turn(0).answer == answer
    assert not model.is_answering


def test_the_next_question_goes_on_with_the_conversation(
    model: ConversationModel, engine: FakeEngine, note: Callable[[], str]
) -> None:
    model.ask("One?", None)
    note()
    model.ask("Two?", "shelf")
    command = engine.sent[-1]
    assert isinstance(command, Ask)
    assert (command.conversation_id, command.collection_id) == (model.conversation_id, "shelf")
    note()
    assert [model.turn(n).question for n in range(model.rowCount())] == ["One?", "Two?"]


def test_the_same_question_twice_is_two_turns(
    model: ConversationModel, engine: FakeEngine, desk: Desk, note: Callable[[], str]
) -> None:
    model.ask("One?", None)
    note()
    model.ask("Again?", None)
    first = engine.sent[-1]
    model.ask("Again?", None)
    note()
    assert model.rowCount() == 3
    assert first.tag != engine.sent[-1].tag
    assert model.turn(2).id.startswith("asked:")  # the other one is not noted yet


def test_a_question_that_failed_says_why_and_can_be_asked_again(
    model: ConversationModel, engine: FakeEngine
) -> None:
    model.ask("One?", None)
    engine.emit_event(Failed(engine.sent[-1].tag, "disk_full", {"home": "the desk"}))
    assert model.index(0).data(PROBLEM_ROLE).startswith("The disk is full.")
    assert not model.is_answering
    model.ask_again(0, None)
    assert model.rowCount() == 1
    assert model.problem(0) == ""
    assert len(engine.sent) == 2


def test_answering_that_failed_is_told_where_the_answer_would_stand(
    model: ConversationModel,
    engine: FakeEngine,
    desk: Desk,
    note: Callable[[], str],
    citations: list[Citation],
) -> None:
    model.ask("One?", None)
    note()
    engine.emit_event(Failed("", "disk_full", {"home": "the desk"}))
    assert model.problem(0) == ""  # something else in the background
    engine.emit_event(
        Failed(model.turn(0).id, "unexpected", {"what": "answering", "log": "ragdesk.log"})
    )
    assert "Something went wrong" in model.problem(0)
    engine.emit_event(Ready("0", ""))
    assert "Something went wrong" in model.problem(0)  # still so after another look at the store
    desk.conversations.save_answer(model.turn(0).id, quote_answer(*citations))
    engine.emit_event(AnswerReady(model.conversation_id, model.turn(0).id))
    assert model.problem(0) == ""


def test_an_answer_that_came_while_nobody_heard_is_there_after_a_restart(
    model: ConversationModel,
    engine: FakeEngine,
    desk: Desk,
    note: Callable[[], str],
    citations: list[Citation],
) -> None:
    model.ask("One?", None)
    turn_id = note()
    desk.conversations.save_answer(turn_id, quote_answer(*citations))
    assert model.is_answering
    engine.emit_event(Ready("0", ""))
    assert not model.is_answering


def test_a_deleted_conversation_leaves_nothing(
    model: ConversationModel, engine: FakeEngine, desk: Desk, note: Callable[[], str]
) -> None:
    model.ask("One?", None)
    note()
    desk.conversations.delete(model.conversation_id)
    model.refresh()
    assert model.rowCount() == 0


def test_another_conversation_is_shown(
    model: ConversationModel, desk: Desk, citations: list[Citation]
) -> None:
    turn = desk.answered("Old?", quote_answer(*citations))
    model.ask("New?", None)
    model.show(turn.conversation_id)
    assert [model.turn(n).question for n in range(model.rowCount())] == ["Old?"]
    model.show("")
    assert model.rowCount() == 0


def test_the_list_of_conversations_is_a_sound_model(
    library: Library, engine: FakeEngine, desk: Desk, citations: list[Citation]
) -> None:
    model = ConversationsModel(library, engine)
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal, model)
    first = desk.answered("First?", quote_answer(*citations))
    desk.answered("Second\nquestion?", quote_answer(*citations))
    model.refresh()
    assert [model.index(n).data() for n in range(2)] == ["Second question?", "First?"]
    assert model.row_of(first.conversation_id) == 1
    assert model.row_of("gone") == -1
