"""Assistants from a terminal: the report card in words, versions used and gone back to, questions asked."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ragdesk.cli.card_words import card_words
from ragdesk.domain.assistant import Changed, Measure, Outcome, ReportCard, TunedPart, Version
from ragdesk.store.assistants import Assistants
from ragdesk.store.collections import Collections
from ragdesk.store.database import Database
from ragdesk.store.home import Home

from .test_commands import HANDBOOK, LEASE, call, words

RIGHT = Measure("right", 0.71, 0.78, 0.02, 0.12, 150)


def card(outcome: Outcome, number: int = 1) -> ReportCard:
    return ReportCard(
        outcome,
        f"Reason {number}.",
        measures=(RIGHT, Measure("cited", None, None), Measure("seconds", 0.4, 0.5)),
        parts=(TunedPart("mix", True, "It helps."),),
        gained=tuple(
            Changed(f"How long {n}?", "three months", "", "three months", confirmed=n == 0)
            for n in range(7)
        ),
        practice=300,
        confirmed=20,
        exam=150,
        documents=12,
        teacher="big:8b",
        minutes={"questions": 3.5, "learning": 6.0},
        notes=("Few questions.",),
    )


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library with two shelves; the assistant on one has three versions, the last no gain."""
    folder = tmp_path_factory.mktemp("assistants")
    home = folder / "home"
    for shelf, text in (("Flats", LEASE), ("Staff", HANDBOOK)):
        (folder / f"{shelf}.md").write_text(text, encoding="utf-8")
        assert call("add", str(folder / f"{shelf}.md"), "--collection", shelf, home=home)[0] == 0
    database = Database.for_writing(Home(home))
    store = Assistants(database)
    made = store.create("My leases", Collections(database).named("Flats").id)
    outcomes = (Outcome.BETTER, Outcome.BETTER, Outcome.NO_GAIN)
    for number, outcome in enumerate(outcomes, 1):
        store.add_version(Version(made.id, number, 1_790_000_000.0, card(outcome, number)))
        Home(home).version(made.id, number).mkdir(parents=True)
    database.close()
    return home


def test_a_report_card_says_the_outcome_first_and_all_that_was_measured() -> None:
    said = card_words(card(Outcome.BETTER))
    assert said.splitlines()[:3] == ["It got better.", "  Reason 1.", "  Few questions."]
    assert "71 → 78 of 100, likely between +2 and +12" in said
    assert "not measured" in said
    assert "0.4 → 0.5" in said
    assert "How long 0? (confirmed by a person)" in said
    assert "before: “Not in your documents”" in said
    assert "and 2 more" in said
    assert "How words and meaning are weighed in the search. It helps." in said
    assert "some written by big:8b" in said
    assert "Right before, and not now" not in said


def test_the_list_shows_versions_and_the_one_in_use(library: Path) -> None:
    call("use", "my leases", "0", home=library)
    status, (line,) = call("assistants", home=library)
    assert status == 0
    assert (line["name"], line["collection"], line["current"]) == ("My leases", "Flats", 0)
    assert [one["outcome"] for one in line["versions"]] == ["no_gain", "better", "better"]
    said = words("assistants", home=library)
    assert "My leases (shelf Flats), answers by RagDesk as it comes" in said
    assert "version 3, 2026-09" in said


def test_using_takes_the_newest_that_is_better_and_back_the_one_before(library: Path) -> None:
    call("use", "My leases", "0", home=library)
    assert call("use", "my leases", home=library)[1][0]["current"] == 2
    assert "(in use)" in words("assistants", home=library)
    assert call("back", "My leases", home=library)[1][0]["current"] == 1
    assert words("back", "My leases", home=library) == (
        "My leases answers by RagDesk as it comes from now on.\n"
    )
    assert call("back", "My leases", home=library)[0] == 1
    assert call("use", "My leases", "3", home=library)[0] == 0  # a person may, and is told
    assert call("back", "My leases", home=library)[1][0]["current"] == 2
    assert call("use", "My leases", "9", home=library)[0] == 2
    assert call("use", "Other", home=library)[0] == 2


def test_a_report_card_is_shown_whole_and_written_as_a_page(library: Path, tmp_path: Path) -> None:
    status, (line,) = call("assistants", "show", "My leases", "--version", "1", home=library)
    assert status == 0
    assert (line["assistant"], line["version"], line["outcome"]) == ("My leases", 1, "better")
    assert line["measures"][0]["high"] == 0.12
    page = tmp_path / "card.html"
    said = words("assistants", "show", "My leases", "--html", str(page), home=library)
    assert str(page) in said
    assert "71 → 78 of 100" in page.read_text(encoding="utf-8")
    gone = ("assistants", "show", "My leases", "--html", str(tmp_path / "no" / "card.html"))
    assert call(*gone, home=library)[0] == 2
    assert call("assistants", "show", "My leases", "--version", "7", home=library)[0] == 2


def test_questions_are_asked_of_an_assistants_own_shelf(library: Path, tmp_path: Path) -> None:
    question = "How often is the wet saw serviced?"
    assert call("ask", question, home=library)[1][0]["refused"] is False
    found = call("search", question, "--assistant", "My leases", home=library)[1][0]["hits"]
    assert {Path(hit["path"]).name for hit in found} == {"Flats.md"}
    elsewhere = ("--assistant", "My leases", "--collection", "Staff")
    found = call("search", question, *elsewhere, home=library)[1][0]["hits"]
    assert {Path(hit["path"]).name for hit in found} == {"Staff.md"}
    assert call("search", question, "--assistant", "Nobody", home=library)[0] == 2
    assert call("search", question, "--version", "1", home=library)[0] == 2
    assert (
        call("search", question, "--assistant", "My leases", "--version", "8", home=library)[0] == 2
    )
    file = tmp_path / "questions.jsonl"
    line = {"question": "When is the rent due?", "answer": "on the third working day"}
    file.write_text(json.dumps(line), encoding="utf-8")
    assert call("exam", str(file), "--assistant", "My leases", home=library)[0] == 0


def test_the_version_that_is_used_answers(library: Path) -> None:
    """A version that cannot be read shows that its files are: RagDesk's own would answer."""
    home = Home(library)
    database = Database.for_reading(home)
    made = Assistants(database).named("My leases")
    database.close()
    mix = home.version(made.id, 1) / "mix.json"
    mix.write_text("spoilt", encoding="utf-8")
    asked = ("search", "When is the rent due?", "--assistant", "My leases")
    try:
        status, (line,) = call(*asked, "--version", "1", home=library)
        assert (status, line["error"]) == (5, "version_damaged")
        assert call(*asked, "--version", "0", home=library)[0] == 0
    finally:
        mix.unlink()
    assert call(*asked, "--version", "1", home=library)[0] == 0


def test_names_are_given_once_and_deleting_takes_the_files(library: Path) -> None:
    database = Database.for_writing(Home(library))
    other = Assistants(database).create("Other", None)
    database.close()
    Home(library).version(other.id, 1).mkdir(parents=True)
    status, (line,) = call("assistants", "rename", "other", "MY LEASES", home=library)
    assert (status, line["error"]) == (2, "assistant_exists")
    assert call("assistants", "rename", "other", " ", home=library)[0] == 2
    assert call("assistants", "rename", "other", "Third", home=library)[1][0]["name"] == "Third"
    assert call("assistants", "show", "Third", home=library)[0] == 2  # nothing is built of it
    assert call("assistants", "delete", "third", home=library)[0] == 0
    assert len(call("assistants", home=library)[1]) == 1
    assert not Home(library).assistant(other.id).exists()


def test_a_build_needs_a_shelf_a_name_and_minutes_that_are_there(library: Path) -> None:
    assert call("build", " ", home=library)[0] == 2
    assert call("build", "New", "--minutes", "1", home=library)[0] == 2
    assert call("build", "New", "--collection", "Nowhere", home=library)[0] == 2
    assert call("build", "New", "--teacher", "nobody/here", home=library)[0] == 4
    assert len(call("assistants", home=library)[1]) == 1


def test_without_any_it_says_how_to_build_one(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    home.make()
    Database.for_writing(home).close()
    assert call("assistants", home=home.folder) == (0, [])
    status, (line,) = call("pairs", home=home.folder)
    assert status == 2
    assert "ragdesk build" in line["message"]
    assert call("assistants", home=tmp_path / "none")[0] == 2
