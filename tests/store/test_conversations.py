from __future__ import annotations

import pytest

from ragdesk.domain.conversation import Answer, Citation, Hit, Seconds, Sentence
from ragdesk.domain.document import Span
from ragdesk.errors import NameTaken, NotFound, WrongUse
from ragdesk.settings import CHOICES
from ragdesk.store.choices import Choices
from ragdesk.store.collections import Collections
from ragdesk.store.conversations import Conversations
from ragdesk.store.database import Database

SPANS = (Span(1, 2, 3), Span(2, 0, 9))
ANSWER = Answer(
    "Three months [1].", "Three months", False, "quote", 0.8,
    (Citation(1, "d", "a/b.pdf", "Lease", True, SPANS, "quote", (Span(1, 2, 1),)),),
    (Sentence("Three months [1].", True, (1,)),),
    (Hit(1, 0.9, "d:0", "d", "Lease", "a/b.pdf", True, 0, "text", "Lease", SPANS, "quote", 0.5, 7.0, ("c",)),),
    3, Seconds(0.1, 0.2, 0.3),
)  # fmt: skip


def test_an_answer_comes_back_as_it_was(database: Database) -> None:
    conversations = Conversations(database)
    turn = conversations.ask("How long is the notice period?", "", None)
    assert [t.id for t in conversations.unanswered()] == [turn.id]
    conversations.save_answer(turn.id, ANSWER)
    assert conversations.turns(turn.conversation_id)[0].answer == ANSWER
    assert conversations.unanswered() == []


def test_a_question_keeps_the_shelf_that_it_was_asked(database: Database) -> None:
    conversations = Conversations(database)
    first = conversations.ask("One?", "", None)
    conversations.ask("Two?", first.conversation_id, "leases")
    assert [turn.collection_id for turn in conversations.unanswered()] == [None, "leases"]


def test_deleting_a_conversation_takes_its_turns(database: Database) -> None:
    conversations = Conversations(database)
    turn = conversations.ask("One?", "", None)
    conversations.ask("Two?", turn.conversation_id, None)
    conversations.delete(turn.conversation_id)
    assert conversations.all() == []
    assert conversations.unanswered() == []
    with pytest.raises(NotFound):
        conversations.ask("Three?", turn.conversation_id, None)


def test_shelf_names_are_unique_without_regard_to_case(database: Database) -> None:
    shelves = Collections(database)
    first = shelves.create("Leases")
    with pytest.raises(NameTaken):
        shelves.create(" leases ")
    shelves.remove(first.id)
    shelves.create("Leases")
    shelves.restore(first.id)
    assert sorted(c.name for c in shelves.all()) == ["Leases", "Leases (2)"]


def test_settings_have_defaults_and_refuse_nonsense(database: Database) -> None:
    choices = Choices(database)
    assert {c.name: choices.get(c.name) for c in CHOICES} == {c.name: c.default for c in CHOICES}
    choices.change("text_size", 120)
    assert choices.get("text_size") == 120
    for name, value in (("text_size", 999), ("appearance", "pink"), ("nonsense", 1)):
        with pytest.raises(WrongUse):
            choices.change(name, value)
    assert len(CHOICES) <= 20


def test_an_answer_stored_by_an_earlier_release_still_opens(database: Database) -> None:
    conversations = Conversations(database)
    turn = conversations.ask("How long is the notice period?", "", None)
    conversations.save_answer(turn.id, ANSWER)
    with database.write() as db:
        written = ("model", "asked_tokens", "answer_tokens", "cost", "exam")
        for name in ("kind", "items", "values", "shelves", *written):
            db.execute("UPDATE turns SET answer = json_remove(answer, ?)", (f"$.{name}",))
    [opened] = conversations.turns(turn.conversation_id)
    assert opened.answer == ANSWER
