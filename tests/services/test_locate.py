"""Words that a person copied are found in the library, however they came."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ragdesk.domain.training import Fold
from ragdesk.services.locate import Located, Locator
from ragdesk.store.collections import Collections
from ragdesk.store.database import Database
from ragdesk.store.documents import Documents
from ragdesk.store.home import Home
from ragdesk.store.passages import Passages
from tests.store.filling import MODEL, put

LEASE = [
    "Either party may end this lease with three months notice. Notice is given in writing.",
    "Rent is 1,850 euro. It is due on the third working day. Smoking is not allowed.",
    "The deposit is three months rent. It is paid back within 14 days.",
]


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    home = Home(tmp_path / "home")
    home.make()
    database = Database.for_writing(home)
    put(database, "papers/flats/Lease.txt", LEASE)
    put(database, "papers/shops/lease.txt", ["A shop's rent is 4,000 euro."])
    yield database
    database.close()


def locator(database: Database, shelf: str | None = None) -> Locator:
    documents, passages = Documents(database, MODEL), Passages(database, MODEL)
    return Locator(documents, passages, shelf, lambda document_id, position: Fold.EXAM)


@pytest.fixture
def finder(database: Database) -> Locator:
    return locator(database)


def at(found: Located | None) -> tuple[int, str]:
    assert found is not None
    return found.position, found.quote


def test_a_quote_is_found_verbatim_however_it_was_copied(finder: Locator) -> None:
    for copied in (
        "Rent is 1,850 euro.",
        "rent is\n1,850 EURO",
        "**Rent** is 1 850 euro",
        "Rent | is | 1,850 | euro |",
    ):
        found = finder.locate("flats/Lease.txt", None, copied, "1,850 euro")
        position, quote = at(found)
        assert (position, quote.rstrip(".")) == (1, "Rent is 1,850 euro")
        assert found is not None
        assert LEASE[1][found.start : found.end] == "1,850 euro"
        [span] = found.spans
        assert (span.page, span.start) == (2, 0)


def test_part_of_a_word_is_no_place(finder: Locator) -> None:
    assert finder.locate("flats/Lease.txt", None, "he deposit is three month") is None


@pytest.mark.parametrize("name", [
    "flats/Lease.txt", "flats\\lease.TXT", "/papers/flats/Lease.txt", " papers/flats/Lease.txt",
])  # fmt: skip
def test_a_document_is_known_by_the_end_of_its_path(finder: Locator, name: str) -> None:
    assert len(finder.documents_called(name)) == 1
    assert len(finder.documents_called("lease.txt")) == 2
    assert finder.documents_called("ease.txt") == []
    assert finder.documents_called("") == []


def test_of_two_documents_of_one_name_that_with_the_quote_is_meant(finder: Locator) -> None:
    assert at(finder.locate("lease.txt", None, "A shop's rent is 4,000 euro"))[0] == 0
    assert finder.locate("papers/shops/lease.txt", None, "It is paid back within 14 days") is None


def test_without_a_document_the_shelf_is_looked_through(
    finder: Locator, database: Database
) -> None:
    quote = "It is paid back within 14 days."
    assert at(finder.locate("", None, quote, "14 days")) == (2, quote)
    other = Collections(database).create("Other").id
    assert locator(database, other).locate("", None, quote) is None


def test_words_that_stand_twice_are_those_with_the_answer_then_those_on_the_page(
    finder: Locator,
) -> None:
    assert at(finder.locate("flats/Lease.txt", None, "three months", "in writing"))[0] == 0
    assert at(finder.locate("flats/Lease.txt", None, "three months", "14 days"))[0] == 2
    assert at(finder.locate("flats/Lease.txt", 3, "three months"))[0] == 2
    assert at(finder.locate("flats/Lease.txt", None, "three months"))[0] == 0


def test_a_quote_that_runs_over_passages_is_found_by_the_sentence_with_the_answer(
    finder: Locator,
) -> None:
    quote = "Notice is given in writing. Rent is 1,850 euro. It is due on the third working day."
    position, found = at(finder.locate("flats/Lease.txt", None, quote, "third working day"))
    assert (position, found) == (1, "It is due on the third working day.")


def test_an_answer_alone_is_a_place_where_it_stands_once(finder: Locator) -> None:
    found = finder.locate("flats/Lease.txt", None, "", "14 days")
    assert at(found) == (2, "It is paid back within 14 days.")
    assert finder.locate("flats/Lease.txt", None, "", "three months") is None
    assert finder.locate("", None, "", "14 days") is None


def test_an_answer_that_stands_nowhere_word_for_word_leaves_the_place(finder: Locator) -> None:
    found = finder.locate("flats/Lease.txt", None, "Smoking is not allowed.", "No")
    assert found is not None
    assert (found.position, found.start, found.end) == (1, -1, -1)
