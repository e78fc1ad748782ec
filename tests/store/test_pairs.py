"""Practice questions: kept as they are, added once, reviewed, and gone with their assistant."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ragdesk.domain.document import Span
from ragdesk.domain.training import Fold, Pair, PairSource, PairState
from ragdesk.errors import NotFound
from ragdesk.store.assistants import Assistants
from ragdesk.store.database import Database
from ragdesk.store.pairs import Pairs

NOTICE = Pair(
    id="p1",
    question="How long is the notice period?",
    answer="three months",
    document_id="d1",
    position=2,
    quote="The notice period is three months.",
    spans=(Span(1, 4, 20), Span(2, 0, 14)),
    start=21,
    end=33,
    source=PairSource.TEACHER,
    kind="fact",
    style="chatty",
    fold=Fold.EXAM,
    state=PairState.REJECTED,
    reason="novelty",
    usefulness=0.25,
    made_at=12.5,
)
RENT = Pair("p2", "Is the rent due early?", "Yes", "d1", 0)


@pytest.fixture
def pairs(database: Database) -> Pairs:
    return Pairs(database)


@pytest.fixture
def owner(database: Database) -> str:
    return Assistants(database).create("Leases", None).id


def test_a_pair_comes_back_whole(pairs: Pairs, owner: str) -> None:
    assert pairs.add(owner, [NOTICE]) == 1
    assert pairs.get(owner, "p1") == NOTICE


def test_one_without_a_time_is_made_now(pairs: Pairs, owner: str) -> None:
    pairs.add(owner, [RENT])
    assert pairs.get(owner, "p2").made_at > 1.7e9


def test_adding_twice_keeps_what_a_person_said(pairs: Pairs, owner: str) -> None:
    assert pairs.add(owner, [NOTICE, RENT]) == 2
    pairs.move(owner, "p2", PairState.RIGHT)
    assert pairs.add(owner, [RENT, replace(RENT, id="p3")]) == 1
    assert pairs.get(owner, "p2").state is PairState.RIGHT


def test_putting_takes_the_place_of_the_one_with_its_id(pairs: Pairs, owner: str) -> None:
    pairs.add(owner, [NOTICE])
    better = replace(NOTICE, answer="3 months", state=PairState.RIGHT, reason="")
    pairs.put(owner, better)
    assert pairs.all(owner) == [better]


def test_moving_notes_state_and_reason_and_taking_it_back_forgets_the_reason(
    pairs: Pairs, owner: str
) -> None:
    pairs.add(owner, [RENT])
    pairs.move(owner, "p2", PairState.REJECTED, "reader")
    assert (pairs.get(owner, "p2").state, pairs.get(owner, "p2").reason) == ("rejected", "reader")
    pairs.move(owner, "p2", PairState.MADE)
    assert (pairs.get(owner, "p2").state, pairs.get(owner, "p2").reason) == ("made", "")


def test_what_is_not_there_is_said(pairs: Pairs, owner: str) -> None:
    with pytest.raises(NotFound):
        pairs.get(owner, "p9")
    with pytest.raises(NotFound):
        pairs.move(owner, "p9", PairState.RIGHT)


def test_the_most_useful_come_first_then_in_the_order_of_the_documents(
    pairs: Pairs, owner: str
) -> None:
    rows = [
        replace(RENT, id="a", document_id="d2", position=0),
        replace(RENT, id="b", document_id="d1", position=9),
        replace(RENT, id="c", document_id="d1", position=1),
        replace(RENT, id="d", document_id="d9", usefulness=2.0),
    ]
    pairs.add(owner, rows)
    assert [pair.id for pair in pairs.all(owner)] == ["d", "c", "b", "a"]


def test_folds_and_states_choose(pairs: Pairs, owner: str) -> None:
    pairs.add(owner, [NOTICE, RENT])
    assert [p.id for p in pairs.all(owner, folds=[Fold.EXAM])] == ["p1"]
    assert [p.id for p in pairs.all(owner, states=[PairState.MADE])] == ["p2"]
    assert pairs.all(owner, folds=[Fold.EXAM], states=[PairState.MADE]) == []
    assert pairs.counts(owner) == {PairState.REJECTED: 1, PairState.MADE: 1}


def test_each_assistant_has_its_own(pairs: Pairs, owner: str, database: Database) -> None:
    other = Assistants(database).create("Staff", None).id
    pairs.add(owner, [RENT])
    pairs.add(other, [RENT, NOTICE])
    pairs.move(other, "p2", PairState.WRONG)
    assert pairs.get(owner, "p2").state is PairState.MADE
    pairs.remove(other, ["p2", "p9"])
    assert [p.id for p in pairs.all(other)] == ["p1"]
    assert [p.id for p in pairs.all(owner)] == ["p2"]


def test_they_go_with_their_assistant(pairs: Pairs, owner: str, database: Database) -> None:
    pairs.add(owner, [RENT])
    Assistants(database).remove(owner)
    assert pairs.counts(owner) == {PairState.MADE: 1}  # it can be brought back
    Assistants(database).purge()
    assert pairs.counts(owner) == {}
