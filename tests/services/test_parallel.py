"""Which of like sentences and rows is meant, and what other documents say of the same thing."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest

from ragdesk.domain.conversation import Hit, Marks
from ragdesk.services.choose import Sought, sentences
from ragdesk.services.mark import Candidate
from ragdesk.services.parallel import amount, counterpart, meant

COSTS = "Delivery up to 25 km costs 45 euros.\nDelivery up to 50 km costs 55 euros."
LIST = "| Article | Size | Price |\nMetro white | 10 cm | {0}\nOcean blue | 20 cm | {1}"


def hit(text: str, document: str = "d") -> Hit:
    return Hit(1, 1.0, f"{document}:0", document, "T", f"{document}.txt", False, 0, text, "", (),
               text)  # fmt: skip


def mark(passage: Hit, words: str, score: float = 1.0) -> Candidate:
    start = passage.text.index(words)
    around = next(s for s in sentences(passage) if s.start <= start < s.end)
    return Candidate(around, (start, start + len(words)), score, 0.0)


def sought(**weights: float) -> Sought:
    return Sought(np.zeros(1, np.float32), _plain(weights), None)


def _plain(weights: Mapping[str, float]) -> dict[str, float]:
    return {word.strip("_"): weight for word, weight in weights.items()}


def test_the_sentence_that_names_more_of_the_question_is_meant() -> None:
    passage = hit(COSTS)
    neighbour = mark(passage, "45 euros", 3.0)
    first, second = meant([neighbour], sought(deliver=1.0, _50=1.0, km=1.0))
    assert (first.words, first.score) == ("55 euros", 3.0)
    assert (second.words, second.score < 3.0) == ("45 euros", True)
    # What another mark found there keeps its words, and the two change places.
    found = [neighbour, mark(passage, "costs 55 euros", 2.0)]
    order = meant(found, sought(deliver=1.0, _50=1.0, km=1.0))
    assert [(c.words, c.score) for c in order] == [("costs 55 euros", 3.0), ("45 euros", 2.0)]


def test_the_order_stays_where_no_sentence_names_all_that_the_first_does_and_more() -> None:
    passage = hit(COSTS)
    neighbour = mark(passage, "45 euros")
    assert meant([neighbour], sought(deliver=1.0, km=1.0)) == [neighbour]
    assert meant([neighbour], sought(_25=1.0, _50=9.0)) == [neighbour]


def test_other_units_and_long_sentences_are_not_held_against_a_mark() -> None:
    other = hit("The fee is 9 euros.\nA late fee is due in 14 days.")
    assert len(meant([mark(other, "9 euros")], sought(fee=1.0, late=1.0))) == 1
    far = hit("The fee is 9 euros.\nA late fee " + "so it is said " * 6 + "of 14 euros.")
    assert len(meant([mark(far, "9 euros")], sought(fee=1.0, late=1.0))) == 1


def test_a_sentence_that_names_most_goes_before_one_that_names_nothing() -> None:
    passage = hit("Ocean blue is 31 euros.\nThe trade discount is 12 %.\nTrade is fine.")
    found = [mark(passage, "31 euros", 3.0), mark(passage, "fine", 2.5), mark(passage, "12 %", 2.0)]
    order = meant(found, sought(trad=1.0, discount=1.0))
    assert [c.words for c in order] == ["12 %", "fine", "31 euros"]
    named = sought(trad=1.0, discount=1.0, ocean=0.1)
    assert meant(found, named)[0].words == "31 euros"


def test_a_heading_that_repeats_the_question_comes_last() -> None:
    passage = hit("Costs of delivery\nOn the island it is dear.\nWe deliver at cost.")
    asked = sought(cost=1.0, deliver=1.0)
    heading, dear = mark(passage, "Costs of delivery", 3.0), mark(passage, "dear", 1.0)
    assert [c.words for c in meant([heading, dear], asked)] == ["dear", "Costs of delivery"]
    assert meant([heading], asked) == [heading]
    sentence = mark(passage, "We deliver at cost", 3.0)
    assert meant([sentence, dear], asked) == [sentence, dear]


def test_of_a_table_the_row_that_is_named() -> None:
    passage = hit(LIST.format("24", "31"))
    found = meant([mark(passage, "24", 3.0)], sought(ocean=1.0, pric=1.0))
    assert (found[0].words, found[0].score) == ("31", 3.0)


@pytest.mark.parametrize(
    ("best", "words", "other", "says"),
    [
        ("The discount for trade is 10 % here.", "10 %", "The discount for trade is 12 % here.",
         "12 %"),
        ("- Discount: 10 %", "10 %", "Prices.\n- Discount: 12 %", "12 %"),
        ("- Discount: 10 %", "10 %", "- Surcharge: 12 %", None),
        ("- Discount: 10 %", "10 %", "- Discount: 12 euros", None),
        (LIST.format("24 euros", "31 euros"), "31 euros", LIST.format("26 euros", "33 euros"),
         "33 euros"),
        (LIST.format("24 euros", "31 euros"), "31 euros", LIST.format("26 euros", "sold"), None),
        (LIST.format("24 euros", "31 euros"), "31 euros",
         "| Article | Price |\nOcean blue | 33 euros", "33 euros"),
        (LIST.format("24 euros", "31 euros"), "31 euros",
         "| Article | Price |\nOcean green | 33 euros", None),
    ],
)  # fmt: skip
def test_the_same_thing_in_another_document(
    best: str, words: str, other: str, says: str | None
) -> None:
    there = hit(other, "e")
    found = counterpart(mark(hit(best), words), [(there, Marks(1.0))], [])
    assert (found.words if found else None) == says


def test_a_mark_over_the_same_words_is_taken() -> None:
    there = hit("- Discount: 12 % at once", "e")
    known = mark(there, "12 % at once")
    best = mark(hit("- Discount: 10 %"), "10 %")
    assert counterpart(best, [(there, Marks(1.0))], [known]) is known


@pytest.mark.parametrize(
    ("words", "cut"),
    [
        ("25 km costs 45 euros", "45 euros"),
        ("A fee of 10 %", "10 %"),
        ("45 euros or 55 euros", "45 euros or 55 euros"),
        ("some", "some"),
    ],
)
def test_a_card_shows_the_one_amount(words: str, cut: str) -> None:
    assert amount(mark(hit(f"It is {words}."), words)).words == cut
