from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from ragdesk.domain.assistant import Outcome
from ragdesk.domain.training import PairState
from ragdesk.store.assistants import Assistants
from ragdesk.store.conversations import Conversations
from ragdesk.store.database import FORMAT, Database
from ragdesk.store.documents import Documents
from ragdesk.store.home import Home
from ragdesk.store.pairs import Pairs
from ragdesk.store.passages import Passages

from .filling import MODEL

OLD = sorted((Path(__file__).parents[1] / "data/libraries").glob("format-*.db"))


def test_there_is_a_library_of_every_format() -> None:
    assert [file.stem for file in OLD] == [f"format-{n}" for n in range(1, FORMAT + 1)]


@pytest.mark.parametrize("file", OLD, ids=lambda file: file.stem)
def test_a_library_of_every_format_opens_with_all_that_was_in_it(file: Path, home: Home) -> None:
    shutil.copy(file, home.library)
    database = Database.for_writing(home)
    assert database.read("PRAGMA user_version")[0][0] == FORMAT
    assert database.check() == []
    rows = Documents(database, MODEL).all()
    assert [row.place.path for row in rows] == ["papers/lease.txt", "papers/saw.txt"]
    passages = Passages(database, MODEL)
    assert len(passages.search_words("notice", 5)) == 1
    assert passages.check_words() == []
    assert len(Conversations(database).unanswered()) == 1
    database.close()


@pytest.mark.parametrize(
    "file", [file for file in OLD if file.stem >= "format-3"], ids=lambda file: file.stem
)
def test_assistants_come_over_with_versions_and_practice_questions(file: Path, home: Home) -> None:
    shutil.copy(file, home.library)
    database = Database.for_writing(home)
    [assistant] = Assistants(database).all()
    assert (assistant.name, assistant.current) == ("Leases", 1)
    [version] = Assistants(database).versions(assistant.id)
    assert version.card.outcome is Outcome.BETTER
    [pair] = Pairs(database).all(assistant.id)
    assert (pair.answer, pair.state, len(pair.spans)) == ("three months", PairState.RIGHT, 1)
    lease = Documents(database, MODEL).all()[0]
    assert pair.document_id == lease.place.document_id
    database.close()


def test_a_library_of_an_earlier_format_can_have_assistants_afterwards(home: Home) -> None:
    shutil.copy(OLD[0], home.library)
    database = Database.for_writing(home)
    Assistants(database).create("Leases", None)
    assert [one.name for one in Assistants(database).all()] == ["Leases"]
    database.close()
