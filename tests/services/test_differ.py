"""Documents that say the same, or something else."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest

from ragdesk.domain.conversation import Hit
from ragdesk.services.choose import Chosen, Sought
from ragdesk.services.differ import agree, comparable
from ragdesk.services.expect import expected


@dataclass(frozen=True)
class Found:
    around: Chosen
    words: str
    score: float


def found(text: str, words: str, score: float = 5.0) -> Found:
    hit = Hit(1, 1.0, "d:0", "d", "T", "a.txt", False, 0, text, "", (), text)
    return Found(Chosen(hit, 0, len(text)), words, score)


def sought(question: str) -> Sought:
    return Sought(np.zeros(1, np.float32), {"return": 2.0, "til": 1.0}, expected(question))


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("14 days", "14 days."),
        ("14 days", "fourteen days"),
        ("five (5) days", "5 days"),
        ("1,200 euros", "1200 euros"),
        ("within 14 days", "14 days of delivery"),
        ("the Preceding Friday", "preceding friday"),
    ],
)
def test_the_same_in_other_words(first: str, second: str) -> None:
    assert agree(first, second)
    assert agree(second, first)


@pytest.mark.parametrize(
    ("first", "second"), [("14 days", "4 days"), ("48 €", "52 €"), ("2", "12")]
)
def test_different(first: str, second: str) -> None:
    assert not agree(first, second)


def test_only_answers_of_one_kind_and_strength_stand_side_by_side() -> None:
    asked = sought("How many days do I have to return tiles?")
    best = found("Return tiles within 14 days.", "14 days")
    assert comparable(best, found("Tiles can be returned for 30 days.", "30 days", 4.0), asked, 2.0)
    assert not comparable(
        best, found("Tiles can be returned for 30 days.", "30 days", 2.0), asked, 2.0
    )
    assert not comparable(best, found("Return tiles to Bern.", "Bern"), asked, 2.0)
    assert not comparable(best, found("Pay within 30 days.", "30 days"), asked, 2.0)


def test_sentences_alike_but_for_the_words_are_of_one_thing() -> None:
    asked = sought("Who takes returned tiles?")
    best = found("Returned tiles are taken by Ann Lee.", "Ann Lee")
    assert comparable(best, found("Returned tiles are taken by Bo Ek.", "Bo Ek", 4.0), asked, 2.0)
    assert not comparable(best, found("Return the tiles to Bern, please.", "Bern"), asked, 2.0)


def test_words_of_no_kind_are_not_held_against_each_other() -> None:
    asked = sought("Why must I return tiles?")
    best = found("Return tiles that are cut.", "that are cut")
    assert not comparable(
        best, found("Return tiles of the wrong hue.", "of the wrong hue"), asked, 2.0
    )
