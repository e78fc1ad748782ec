"""How much words and meaning count, and the scores made of both."""

from __future__ import annotations

import pytest

from ragdesk.domain.training import USUAL, Mix
from ragdesk.services import weigh


def test_the_fewer_words_of_a_question_are_found_the_more_the_meaning_counts() -> None:
    shares = [weigh.meaning_share(8, cover, True) for cover in (0.0, 0.5, 0.6, 0.8, 1.0, 1.7)]
    assert shares == sorted(shares, reverse=True)
    assert shares[0] == shares[1] == USUAL.uncovered
    assert shares[2] > shares[3] > shares[4] == shares[5] == USUAL.covered


def test_one_word_is_looked_for_itself() -> None:
    assert weigh.meaning_share(1, 0.0, True) == USUAL.covered


def test_a_mix_of_its_own_weighs_otherwise() -> None:
    mix = Mix(covered=0.3, uncovered=0.6, document=0.0)
    assert weigh.meaning_share(8, 1.0, True, mix) == 0.3
    assert weigh.meaning_share(8, 0.0, True, mix) == 0.6
    assert weigh.meaning_share(8, 0.0, False, mix) == weigh.meaning_share(8, 0.0, False)
    assert weigh.lifted({1: 1.0, 2: 0.5}, {1: "a", 2: "a"}, mix) == {1: 1.0, 2: 0.5}


def test_words_lead_where_the_model_does_not_know_the_language() -> None:
    assert weigh.meaning_share(8, 0.3, False) < 0.5


def test_scores_are_on_one_scale() -> None:
    scores = weigh.mixed({1: 8.0, 2: 4.0, 4: 2.0}, {1: 0.2, 2: 0.6, 3: 0.4}, 0.5)
    assert scores == pytest.approx({1: 0.5, 2: 0.75, 3: 0.25, 4: 0.25})
    assert weigh.mixed({}, {}, 0.5) == {}
    assert weigh.mixed({}, {7: 0.1}, 0.5) == {7: 0.5}


def test_a_passage_is_lifted_by_the_best_of_its_document() -> None:
    scores = weigh.lifted({1: 1.0, 2: 0.5, 3: 0.52}, {1: "a", 2: "a", 3: "b"})
    assert scores[1] == pytest.approx(1.0)
    assert scores[2] > scores[3]


def test_the_rest_of_a_question_counts_more_than_its_names() -> None:
    scores = weigh.joined({1: 1.0, 2: 0.2}, {2: 1.0, 3: 0.5})
    assert sorted(scores, key=lambda number: -scores[number]) == [2, 1, 3]
    assert max(scores.values()) <= 1


def test_a_document_on_two_shelves_takes_the_higher_leaning() -> None:
    shelves = {"a": frozenset(("x", "y")), "b": frozenset(("x",)), "c": frozenset(("z",))}
    scores = weigh.leaned(
        {1: 0.5, 2: 0.5, 3: 0.5}, {1: "a", 2: "b", 3: "c"}, shelves, {"x": 0.1, "y": 0.3}
    )
    assert scores[1] > scores[2] > scores[3]
    assert all(0 <= score <= 1 for score in scores.values())
