"""An assistant is asked, and its answer says so."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QLabel

from ragdesk.domain.assistant import Assistant
from ragdesk.domain.conversation import Citation
from ragdesk.messages import Ask, AssistantsChanged, CollectionsChanged, ConversationsChanged
from ragdesk.store.assistants import Assistants
from ragdesk.store.collections import Collections
from ragdesk.ui.ask.ask_page import AskPage
from tests.fakes_engine import FakeEngine
from tests.ui.viewer.desk import Desk, quote_answer


@pytest.fixture
def leases(desk: Desk, engine: FakeEngine, page: AskPage, citations: list[Citation]) -> Assistant:
    """An assistant of one shelf of two."""
    shelf = Collections(desk.database).create("Leases")
    Collections(desk.database).create("Staff")
    engine.emit_event(CollectionsChanged())
    assert not page.assistants.isVisible()
    made = Assistants(desk.database).create("Lease desk", shelf.id)
    engine.emit_event(AssistantsChanged(made.id))
    return made


def shelf_named(page: AskPage, name: str) -> str:
    return str(page.shelves.itemData(page.shelves.findText(name)))


def asked(engine: FakeEngine) -> Ask:
    sent = engine.sent[-1]
    assert isinstance(sent, Ask)
    return sent


def test_an_assistant_is_asked_on_its_own_shelf(
    page: AskPage, leases: Assistant, engine: FakeEngine
) -> None:
    assert page.assistants.isVisible()
    assert page.assistants.accessibleName() == "Assistant to ask"
    page.set_collection(shelf_named(page, "Staff"))
    page.set_assistant(leases.id)
    assert page.shelves.currentText() == "Leases"
    assert not page.shelves.isVisible()
    page.ask("How long is the notice?")
    assert (asked(engine).assistant_id, asked(engine).collection_id) == (
        leases.id,
        leases.collection_id,
    )
    page.set_assistant("")
    assert page.shelves.currentText() == "Staff"
    assert page.shelves.isVisible()
    page.ask("And now?")
    assert asked(engine).assistant_id == ""


def test_another_shelf_leaves_the_assistant(page: AskPage, leases: Assistant) -> None:
    page.set_assistant(leases.id)
    page.set_collection(leases.collection_id)
    assert page.assistant_id == leases.id
    page.set_collection(shelf_named(page, "Staff"))
    assert page.assistant_id == ""
    assert page.shelves.currentText() == "Staff"


def test_the_choice_outlives_changes_of_shelves_and_names(
    page: AskPage, leases: Assistant, engine: FakeEngine, desk: Desk
) -> None:
    page.set_assistant(leases.id)
    engine.emit_event(CollectionsChanged())
    assert page.assistant_id == leases.id
    Assistants(desk.database).rename(leases.id, "Tenancy desk")
    engine.emit_event(AssistantsChanged(leases.id))
    assert page.assistants.currentText() == "Tenancy desk"
    assert page.assistant_id == leases.id
    Assistants(desk.database).remove(leases.id)
    engine.emit_event(AssistantsChanged(leases.id))
    assert page.assistant_id == ""
    assert not page.assistants.isVisible()
    assert page.shelves.isVisible()


def test_the_answer_says_who_gave_it_and_is_gone_on_with(
    page: AskPage, leases: Assistant, engine: FakeEngine, desk: Desk, citations: list[Citation]
) -> None:
    first = desk.conversations.ask("Notice?", "", leases.collection_id, assistant_id=leases.id)
    desk.conversations.save_answer(first.id, quote_answer(*citations))
    desk.answered("Rent?", quote_answer(*citations))
    engine.emit_event(ConversationsChanged())
    page.open_conversation(first.conversation_id)
    told = page.turns.view(0).findChild(QLabel, "how_sure")
    assert told.text().startswith("Answered by Lease desk · ")
    assert page.assistant_id == leases.id
    page.set_assistant("")
    other = desk.conversations.all()[0].id
    page.open_conversation(other)
    assert page.assistant_id == ""
    assert not page.turns.view(0).findChild(QLabel, "how_sure").text().startswith("Answered")
