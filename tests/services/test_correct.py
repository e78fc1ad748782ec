"""Words that were typed wrong, and those that may be meant."""

from __future__ import annotations

import pytest

from ragdesk.services.correct import corrected, distance, nearest

from .conftest import Library


@pytest.mark.parametrize(
    ("first", "second", "wrong"),
    [
        ("tiles", "tiles", 0), ("tils", "tiles", 1), ("tilees", "tiles", 1), ("tolls", "tiles", 2),
        ("itles", "tiles", 1), ("tielsx", "tiles", 2), ("grout", "tiles", 3), ("t", "tiles", 3),
    ],
)  # fmt: skip
def test_letters_that_are_wrong_are_counted(first: str, second: str, wrong: int) -> None:
    assert distance(first, second, 2) == wrong
    assert distance(second, first, 2) == wrong


def test_the_nearest_is_meant_and_of_equals_the_commonest() -> None:
    counted = {"market": 3, "marker": 9, "marketa": 50, "2024": 4, "mark": 1}
    assert nearest("markte", counted, 2) == ["market"]
    assert nearest("marke", counted, 1) == ["marker", "market"]
    assert nearest("zzzzz", counted, 2) == []


def test_only_words_that_no_passage_has_are_corrected(library: Library) -> None:
    library.add("a.txt", "Guaranteed investments of the affiliate", "guarantor")
    vocabulary = library.passages.vocabulary
    assert corrected(["garanteed", "afiliate"], vocabulary) == ["guarante", "affili"]
    assert corrected(["guaranteed", "investment"], vocabulary) == []
    assert corrected(["guar", "a1234", "日本語日本語", "приветик", ""], vocabulary) == []


def test_a_question_with_wrong_letters_finds_the_passage(library: Library) -> None:
    library.add("a.txt", *(f"gardens of day {n}" for n in range(20)), "insurance premiums rise")
    found = library.find("insurence premuims?")
    assert found == ["a.txt"]
    assert library.retriever.retrieve("insurence premuims?")[0].text == "insurance premiums rise"
