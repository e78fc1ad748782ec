"""Which documents a question names, and what is left of it."""

from __future__ import annotations

import pytest

from ragdesk.services.named import Named, files, in_files, named, names
from ragdesk.store.fronts import Front

SUPPLY = Front(
    "supply",
    "Exhibit 10.10",
    ("contracts/VERICELCORP_08_06_2019-EX-10.10-SUPPLY_AGREEMENT.pdf",),
    "This Supply Agreement is made between Vericel Corporation and MediWound Ltd.",
)
LEASE = Front(
    "lease", "Lease", ("lease.pdf",), "Lease between Acme Property Ltd and Vericel Corporation"
)
EVEN = dict.fromkeys(("supply", "agreement", "vericel", "corporation", "mediwound", "ltd"), 1.0)
QUESTION = "When does the Supply Agreement between Vericel Corporation and MediWound Ltd expire?"


def test_a_document_is_named_by_what_stands_on_its_front() -> None:
    assert named(QUESTION, [LEASE, SUPPLY], EVEN) == Named(("supply",), "When does expire?")


def test_file_names_and_titles_count_as_the_front() -> None:
    bare = Front("supply", "Supply Agreement", ("VericelCorp_MediWound.pdf",), "")
    assert named(QUESTION, [bare], EVEN) == Named(("supply",), "When does expire?")


@pytest.mark.parametrize(
    "question",
    [
        "Which country did the Normans invade?",
        "When did Vericel Corporation move?",  # two names may be the subject
        QUESTION.lower(),
        QUESTION.upper(),
        "",
        "What is the Supply Agreement between Vericel Corporation and MediWound Ltd?",
    ],
)
def test_nothing_is_named_without_three_names_and_something_asked(question: str) -> None:
    assert named(question, [LEASE, SUPPLY], EVEN) is None


def test_names_that_mostly_stand_elsewhere_name_nothing() -> None:
    heavy = {**EVEN, "mediwound": 9.0}
    other = Front("other", "Letter", ("letter.txt",), "MediWound writes")
    part = Front("part", "Part", ("part.txt",), "Supply Agreement of Vericel Corporation")
    assert named(QUESTION, [other, part], heavy) is None


def test_copies_of_a_document_are_named_together() -> None:
    again = Front("again", SUPPLY.title, ("copy.pdf",), SUPPLY.text)
    found = named(QUESTION, [SUPPLY, again], EVEN)
    assert found is not None
    assert sorted(found.documents) == ["again", "supply"]
    crowd = [Front(f"copy{n}", SUPPLY.title, ("copy.pdf",), SUPPLY.text) for n in range(9)]
    assert named(QUESTION, crowd, EVEN) is None


def test_a_capital_at_the_beginning_of_a_sentence_is_no_name() -> None:
    assert names("Tiles break. Who pays? Ask Dr. Green at Union Dental") == [
        "dr", "green", "union", "dental",
    ]  # fmt: skip
    assert names("Is 3M in the FY2018 report of 2018?") == ["3m"]


def test_a_file_is_named_by_its_name() -> None:
    question = "In the file stmt-006.html: What was the Deferred Revenue as reported?"
    assert files(question) == ["stmt-006.html"]
    found = in_files(question, {"stmt-006.html": ["a"]})
    assert found == Named(("a",), "What was the Deferred Revenue as reported?")


def test_what_only_looks_like_a_file_names_nothing() -> None:
    question = "Does Amazon.com sell tiles?"
    assert in_files(question, {name: [] for name in files(question)}) is None
    assert in_files("stmt-006.html", {"stmt-006.html": ["a"]}) is None
