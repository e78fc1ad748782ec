"""Which passages are practised, tuned with and examined: by content, and never a copy in two folds."""

from __future__ import annotations

import itertools
import random
from collections import Counter
from collections.abc import Sequence

import pytest

from ragdesk.domain.document import Passage, Span
from ragdesk.domain.training import Fold
from ragdesk.services.hold_out import folds, near_duplicates

VOCABULARY = [f"{a}{b}{c}" for a in "bdfgklmn" for b in "aeiou" for c in ("lt", "rn", "st", "nd")]


def passage(document: str, position: int, text: str, context: str = "") -> Passage:
    return Passage(document, position, text, context or document, (Span(1, 0, len(text)),))


def text_of(draw: random.Random, words: int) -> str:
    return " ".join(draw.choice(VOCABULARY) for _ in range(words))


def nearly(draw: random.Random, text: str) -> str:
    """The text with one word in thirty changed, one left out at its end, or cut at its beginning."""
    words = text.split()
    changed = [draw.choice(VOCABULARY) if draw.random() < 1 / 30 else word for word in words]
    return " ".join(draw.choice((changed, changed[:-1], changed[len(words) // 10 :])))


def library(seed: int) -> tuple[list[Passage], list[list[str]]]:
    """Random documents with sections, and the groups of ids that are near-duplicates of each other."""
    draw = random.Random(seed)
    passages: list[Passage] = []
    for number in range(draw.choice((1, 2, 3, 5, 11, 12, 20, 40))):
        for position in range(draw.randrange(1, 15)):
            context = f"Title {number} › Part {draw.randrange(4)}"
            text = text_of(draw, draw.randrange(25, 140))
            passages.append(passage(f"doc{number:02}", position, text, context))
    planted = []
    for group in range(draw.randrange(1, 6)):
        model = draw.choice(passages)
        ids = [model.id]
        for copy in range(draw.randrange(1, 4)):
            host = draw.choice((*{one.document_id for one in passages}, f"new{group}"))
            taken = max((p.position for p in passages if p.document_id == host), default=-1)
            new = passage(host, taken + 1 + copy, nearly(draw, model.text), f"Copy {group}")
            passages.append(new)
            ids.append(new.id)
        planted.append(ids)
    return passages, planted


@pytest.mark.parametrize("seed", range(120))
def test_no_examined_passage_nor_its_near_duplicate_is_learned_from(seed: int) -> None:
    passages, planted = library(seed)
    found = folds(passages, seed)
    assert found.keys() == {one.id for one in passages}
    for ids in planted:
        assert len({found[one] for one in ids}) == 1, ids
    for one, other in near_duplicates(passages):
        assert found[passages[one].id] is found[passages[other].id]


@pytest.mark.parametrize("seed", range(30))
def test_the_order_of_passages_changes_nothing_and_the_seed_does(seed: int) -> None:
    passages, _ = library(seed)
    shuffled = random.Random(seed).sample(passages, len(passages))
    assert folds(passages, 7) == folds(shuffled, 7)
    if len({one.document_id for one in passages}) > 12:
        assert any(folds(passages, 7) != folds(passages, other) for other in range(8, 12))


def documents(count: int, each: int, draw: random.Random) -> list[Passage]:
    return [
        passage(f"doc{number:02}", position, text_of(draw, 60), f"Title {number} › Part {position}")
        for number in range(count)
        for position in range(each)
    ]


def shares(found: Sequence[Fold]) -> dict[Fold, float]:
    counts = Counter(found)
    return {fold: counts[fold] / len(found) for fold in Fold}


def test_many_documents_are_parted_whole_and_near_the_shares() -> None:
    passages = documents(50, 8, random.Random(1))
    found = folds(passages, 3)
    by_document = {one.document_id: set[Fold]() for one in passages}
    for one in passages:
        by_document[one.document_id].add(found[one.id])
    assert all(len(held) == 1 for held in by_document.values())
    share = shares(list(found.values()))
    assert share[Fold.PRACTICE] == pytest.approx(0.7, abs=0.05)
    assert share[Fold.EXAM] == pytest.approx(0.2, abs=0.05)
    assert share[Fold.TUNING] == pytest.approx(0.1, abs=0.05)


def test_few_documents_are_parted_by_section() -> None:
    passages = documents(3, 30, random.Random(2))
    found = folds(passages, 3)
    assert set(found.values()) == set(Fold)
    of_first = {found[one.id] for one in passages if one.document_id == "doc00"}
    assert len(of_first) > 1


def test_one_long_text_without_headings_is_parted_in_runs() -> None:
    draw = random.Random(4)
    passages = [passage("doc", n, text_of(draw, 60)) for n in range(60)]
    found = [folds(passages, 3)[one.id] for one in passages]
    assert shares(found)[Fold.EXAM] == pytest.approx(0.2, abs=0.11)
    assert set(found) == set(Fold)
    borders = sum(a is not b for a, b in itertools.pairwise(found))
    assert borders < 10  # neighbours stay together


def test_one_short_text_has_no_exam() -> None:
    assert folds([passage("doc", 0, "Tiles are cut to size.")], 1) == {"doc:0": Fold.PRACTICE}
    assert folds([], 1) == {}


def test_two_documents_give_an_exam() -> None:
    draw = random.Random(5)
    passages = [passage("one", 0, text_of(draw, 50)), passage("two", 0, text_of(draw, 50))]
    assert Counter(folds(passages, 1).values()) == {Fold.PRACTICE: 1, Fold.EXAM: 1}


def test_versions_of_a_document_are_on_one_side() -> None:
    """Of a new edition that repeats most of the old one, what changed is not examined either."""
    draw = random.Random(6)
    passages = documents(30, 6, draw)
    edition = [
        passage("zz-new", n, text_of(draw, 60) if n < 3 else one.text, "New")
        for n, one in enumerate(passages[:6])
    ]
    for seed in range(20):
        found = folds([*passages, *edition], seed)
        assert len({found[one.id] for one in (*passages[:6], *edition)}) == 1


def test_a_clause_in_every_contract_does_not_tie_them_together() -> None:
    draw = random.Random(7)
    clause = text_of(draw, 60)
    passages = documents(30, 8, draw)
    passages += [passage(f"doc{n:02}", 8, clause, "Clause") for n in range(30)]
    found = folds(passages, 2)
    assert shares(list(found.values()))[Fold.EXAM] > 0.12
    assert {found[one.id] for one in passages if one.text == clause} == {Fold.PRACTICE}


def test_near_duplicates_are_told_from_others() -> None:
    draw = random.Random(8)
    text = text_of(draw, 80)
    words = text.split()
    changed = " ".join("XX" if n % 20 == 10 else word for n, word in enumerate(words))
    half_new = " ".join(words[:25] + text_of(draw, 55).split())
    passages = [passage("a", 0, text), passage("b", 0, changed), passage("c", 0, half_new)]
    assert near_duplicates(passages) == [(0, 1)]
