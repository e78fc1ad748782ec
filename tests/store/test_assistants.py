"""Assistants and their versions: names, the version in use, taking away and bringing back."""

from __future__ import annotations

import pytest

from ragdesk.domain.assistant import Changed, Measure, Outcome, ReportCard, TunedPart, Version
from ragdesk.errors import AssistantExists, NotFound
from ragdesk.store.assistants import Assistants
from ragdesk.store.database import Database

CARD = ReportCard(
    Outcome.BETTER,
    "Right answers: 71 → 78 of 100.",
    measures=(
        Measure("right", 0.71, 0.78, 0.02, 0.12, 150),
        Measure("cited", None, None),
    ),
    parts=(TunedPart("mix", True, "It helps.", 0.5, 0.6), TunedPart("reader", False, "No.")),
    gained=(Changed("How long?", "three months", "", "three months", confirmed=True),),
    lost=(Changed("Who?", "Ann", "Ann", ""),),
    practice=300,
    confirmed=20,
    exam=150,
    documents=12,
    teacher="ollama/qwen3:4b",
    minutes={"questions": 3.5, "learning": 6.0},
    notes=("Few questions.",),
)


@pytest.fixture
def assistants(database: Database) -> Assistants:
    return Assistants(database)


def test_they_are_listed_by_name_whatever_its_case(assistants: Assistants) -> None:
    for name in ("leases", "Staff", " Archive "):
        assistants.create(name, None)
    assert [one.name for one in assistants.all()] == ["Archive", "leases", "Staff"]


def test_one_is_found_by_name_in_any_case_or_by_its_id(assistants: Assistants) -> None:
    made = assistants.create("Straße", "shelf")
    assert (made.collection_id, made.current) == ("shelf", 0)
    assert assistants.named("STRASSE") == assistants.named(made.id) == made
    assert assistants.get(made.id) == made
    for look in (assistants.named, assistants.get):
        with pytest.raises(NotFound):
            look("Strasse 2")


def test_a_name_is_given_once(assistants: Assistants) -> None:
    leases, staff = assistants.create("Leases", None), assistants.create("Staff", None)
    with pytest.raises(AssistantExists):
        assistants.create(" LEASES", None)
    with pytest.raises(AssistantExists):
        assistants.rename(staff.id, "leases")
    assistants.rename(leases.id, "LEASES ")  # its own, in other letters
    assert assistants.get(leases.id).name == "LEASES"
    with pytest.raises(NotFound):
        assistants.rename("gone", "Other")


def test_one_taken_away_can_be_brought_back_until_it_is_forgotten(assistants: Assistants) -> None:
    made = assistants.create("Leases", None)
    assistants.add_version(Version(made.id, 1, 5.0, CARD))
    assistants.remove(made.id)
    assert assistants.all() == []
    assistants.restore(made.id)
    assert assistants.all() == [made]
    assert len(assistants.versions(made.id)) == 1
    assistants.remove(made.id)
    assert assistants.purge() == [made.id]
    assert assistants.versions(made.id) == []
    assistants.restore(made.id)
    assert assistants.all() == []


def test_bringing_back_never_makes_two_of_one_name(assistants: Assistants) -> None:
    gone = assistants.create("Leases", None)
    assistants.remove(gone.id)
    new = assistants.create("leases", None)
    with pytest.raises(AssistantExists):
        assistants.restore(gone.id)
    assert assistants.all() == [new]


def test_a_version_comes_back_with_its_whole_report_card(assistants: Assistants) -> None:
    made = assistants.create("Leases", None)
    first, second = Version(made.id, 1, 5.0, CARD), Version(made.id, 2, 6.0, CARD)
    assistants.add_version(first)
    assistants.add_version(second)
    assert assistants.versions(made.id) == [second, first]
    right = second.card.measure("right")
    assert right is not None
    assert right.high == 0.12


def test_only_a_version_that_is_there_is_used(assistants: Assistants) -> None:
    made = assistants.create("Leases", None)
    assistants.add_version(Version(made.id, 1, 5.0, CARD))
    with pytest.raises(NotFound):
        assistants.use(made.id, 2)
    assistants.use(made.id, 1)
    assert assistants.get(made.id).current == 1
    assistants.use(made.id, 0)
    assert assistants.get(made.id).current == 0
    with pytest.raises(NotFound):
        assistants.use("gone", 0)


def test_where_the_version_in_use_is_removed_ragdesk_answers_as_it_comes(
    assistants: Assistants,
) -> None:
    made = assistants.create("Leases", None)
    for number in (1, 2):
        assistants.add_version(Version(made.id, number, 5.0, CARD))
    assistants.use(made.id, 2)
    assistants.remove_version(made.id, 1)
    assert assistants.get(made.id).current == 2
    assistants.remove_version(made.id, 2)
    assert assistants.get(made.id).current == 0
