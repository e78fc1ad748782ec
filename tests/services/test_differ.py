"""Documents that say the same, or something else."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest

from ragdesk.domain.conversation import Hit
from ragdesk.services.choose import Chosen, Sought
from ragdesk.services.differ import agree, comparable, label, named_apart, shape
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


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("12 %", "percent"),
        ("ten percent", "percent"),
        ("45 euros", "money"),
        ("$ 1,200", "money"),
        ("EUR 45", "money"),
        ("fourteen (14) days", "time"),
        ("10 working days", "time"),
        ("25 km", "length"),
        ("5 m2", "number"),
        ("some", None),
    ],
)
def test_units_of_amounts(text: str, unit: str | None) -> None:
    assert shape(text) == unit


def test_amounts_of_one_unit_are_of_one_kind_where_none_is_of_the_kind_asked_for() -> None:
    asked = sought("How much is kept when I return tiles?")
    best = found("Of returned tiles 10 % is kept.", "10 %")
    assert comparable(best, found("Who returns tiles pays 15 %.", "15 %"), asked, 2.0)
    assert not comparable(best, found("Tiles come back in 15 days.", "15 days"), asked, 2.0)


def test_what_stands_in_front_of_a_colon_names_a_line() -> None:
    line = found("- Trade discount: 12 %", "12 %")
    assert label(line.around, (18, 22)) == "trade discount"
    assert label(found("It is 12 %", "12 %").around, (6, 10)) == ""


@pytest.mark.parametrize(
    ("ours", "theirs", "apart"),
    [
        ("Tiles returned in 2024", "Tiles returned in 2025", True),
        ("Tiles returned", "Tiles returned in 2025", False),
        ("Tiles returned, Bonn", "Bonn and Cologne", True),
        ("Tiles returned, Bonn", "Returned", False),
    ],
)
def test_a_question_means_one_document(ours: str, theirs: str, apart: bool) -> None:
    weights = {"return": 6.0, "til": 1.0, "2024": 0.1}
    assert named_apart(ours, theirs, Sought(np.zeros(1, np.float32), weights, None)) is apart
