"""Search, tuned with practice questions: the real embedding model and the real search."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

import numpy as np
import pytest

from ragdesk.domain.training import USUAL, Mix, PairSource, PairState
from ragdesk.services import tune_search
from ragdesk.services.learn_turn import NEAREST, REAL, Course, learn_turn
from ragdesk.services.tune_search import Ranked, helps, rank, searchable, tune_mix, tune_query
from ragdesk.services.turn import turned
from ragdesk.store.database import Database
from ragdesk.store.home import Home

from .planted import MACHINES, MATTERS, Works

KNOWN = list(MATTERS)[:8]
TUNING = list(MATTERS)[8:12]
NEW = list(MATTERS)[12:]


@pytest.fixture(scope="module")
def works(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Works]:
    home = Home(tmp_path_factory.mktemp("works"))
    home.make()
    database = Database.for_writing(home)
    yield Works(database)
    database.close()


def test_a_firms_own_name_for_a_thing_is_learned(works: Works) -> None:
    """That "the blue press" is the ZX-9, from questions about other matters of it."""
    practice = works.about("ZX-9", KNOWN) + works.others(0)
    tuned = tune_query(practice, works.about("ZX-9", TUNING), works.passages, works.trial)
    assert tuned.matrix is not None
    assert tuned.after.first >= tuned.before.first + 0.3
    plain, turning = works.trial(USUAL, None), works.trial(USUAL, tuned.matrix)
    new = works.about("ZX-9", NEW)
    before, after = (rank(r, works.passages, new) for r in (plain, turning))
    assert after.first >= before.first + 0.3
    other = works.others(1) + [
        pair for code in list(MACHINES)[1:] for pair in works.about(code, NEW[:2], code)
    ]
    before, after = (rank(r, works.passages, other) for r in (plain, turning))
    assert after.first >= before.first - 0.02
    asked = np.array([plain.vector(pair.question) for pair in (*practice, *new, *other)])
    assert (turned(asked, tuned.matrix) * asked).sum(axis=1).min() > NEAREST


def test_where_all_is_found_nothing_is_kept(works: Works) -> None:
    """Questions that call the machine what its papers call it."""
    practice = works.about("ZX-9", KNOWN, "ZX-9") + works.others(0)
    tuning = works.about("ZX-9", TUNING, "ZX-9") + works.others(1)
    query = tune_query(practice, tuning, works.passages, works.trial)
    assert query.before.first > 0.9
    assert query.matrix is None
    mix = tune_mix(practice, tuning, works.passages, works.trial)
    assert mix.mix == USUAL


def test_what_is_taught_wrongly_is_not_kept(works: Works) -> None:
    pairs = works.about("ZX-9", KNOWN, "ZX-9") + works.others(0)
    shifted = [
        dataclasses.replace(pair, document_id=other.document_id)
        for pair, other in zip(pairs, pairs[3:] + pairs[:3], strict=True)
    ]
    tuned = tune_query(shifted, works.others(1), works.passages, works.trial)
    assert tuned.matrix is None
    assert tuned.after.first <= tuned.before.first


def test_the_same_seed_gives_the_same_matrix(works: Works) -> None:
    pairs = searchable(works.about("ZX-9", KNOWN) + works.others(0), works.passages)
    plain = works.trial(USUAL, None)
    first, second, other = (
        tune_search.learned(pairs, works.passages, plain, None, seed) for seed in (3, 3, 4)
    )
    assert first is not None
    assert second is not None
    assert np.array_equal(first, second)
    assert not np.array_equal(first, other)


def test_of_many_passages_those_that_answer_stay_and_others_are_drawn(
    works: Works, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tune_search, "MOST_PASSAGES", 40)
    pairs = searchable(works.about("ZX-9", KNOWN) + works.others(0), works.passages)
    rows = works.passages.answering()
    wanted = {f"{pair.document_id}:{pair.position}" for pair in pairs}
    drawn = tune_search._drawn(rows, wanted, 1)
    assert len(drawn) == 40 < len(rows)
    assert wanted <= {passage_id for _, passage_id, _ in drawn}
    assert drawn == sorted(tune_search._drawn(rows, wanted, 1))
    assert tune_search.learned(pairs, works.passages, works.trial(USUAL, None)) is not None


def test_few_questions_teach_nothing(works: Works) -> None:
    few = works.others(0)[:10]
    assert tune_query(few, works.others(1), works.passages, works.trial).matrix is None
    assert tune_mix(few, works.others(1), works.passages, works.trial).mix == USUAL


def test_learned_from_are_right_and_made_pairs_of_passages_that_are_there(works: Works) -> None:
    pair = works.others(0)[0]
    left_out = [
        dataclasses.replace(pair, state=PairState.WRONG),
        dataclasses.replace(pair, kind="absent", document_id=""),
        dataclasses.replace(pair, position=7),
    ]
    assert searchable([pair, *left_out], works.passages) == [pair]


def test_the_mix_that_finds_most_is_found_and_kept(
    works: Works, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From one that goes by words alone, where people ask in words of their own."""
    by_words = Mix(covered=0.0, uncovered=0.0)
    monkeypatch.setattr(tune_search, "USUAL", by_words)
    practice = [pair for code in MACHINES for pair in works.about(code, KNOWN, code)]
    tuning = [pair for code in MACHINES for pair in works.about(code, TUNING, code)]
    tuned = tune_mix(practice, tuning, works.passages, works.trial)
    assert tuned.after.first >= tuned.before.first + 0.1
    assert tuned.mix.uncovered > 0.0
    new = [pair for code in MACHINES for pair in works.about(code, NEW, code)]
    before, after = (
        rank(works.trial(mix, None), works.passages, new).first for mix in (by_words, tuned.mix)
    )
    assert after > before


def test_questions_made_of_the_documents_words_choose_no_mix(works: Works) -> None:
    pairs = [
        dataclasses.replace(pair, source=PairSource.DOCUMENT)
        for code in MACHINES
        for pair in works.about(code, KNOWN, code)
    ]
    asked: list[str] = []

    def trial(mix: Mix, query: object) -> object:
        asked.append(str(mix))
        return works.trial(mix, query)

    tune_mix(pairs, works.others(1), works.passages, trial)  # type: ignore[arg-type]
    assert asked == [str(USUAL)]


@pytest.mark.parametrize(
    ("before", "after", "is_help"),
    [
        ((2, 2, 2, 2, 1), (1, 1, 1, 1, 1), True),
        ((2, 2, 2, 1, 1), (1, 1, 1, 1, 1), False),  # three to nothing comes once in eight
        ((2, 2, 2, 2, 1, 1), (1, 1, 1, 1, 2, 2), False),
        ((1, 1, 1, 1), (2, 2, 2, 2), False),
        ((2, 2, 2, 2, 5, 5), (1, 1, 1, 1, 0, 6), False),  # fewer among five
        ((1, 2), (1, 2), False),
        ((), (), False),
    ],
)
def test_only_more_than_chance_is_a_help(
    before: tuple[int, ...], after: tuple[int, ...], is_help: bool
) -> None:
    assert helps(Ranked(before), Ranked(after)) is is_help


def test_shares_of_places() -> None:
    ranked = Ranked((1, 5, 6, 0))
    assert (ranked.first, ranked.near) == (0.25, 0.5)
    assert ranked.reciprocal == pytest.approx((1 + 1 / 5 + 1 / 6) / 4)
    assert Ranked(()).first == 0.0


def test_twins_do_not_compete() -> None:
    """The passage that answers stands there twice: its twin pulls the question no other way."""
    draw = np.random.default_rng(0)
    passages = draw.standard_normal((12, 16)).astype(np.float32)
    passages /= np.linalg.norm(passages, axis=1, keepdims=True)
    questions = passages[:8] + 0.5 * draw.standard_normal((8, 16)).astype(np.float32)
    questions /= np.linalg.norm(questions, axis=1, keepdims=True)
    place, course = np.zeros(1, np.int64), Course(5, 4, 1.0)
    alone = learn_turn(questions[:1], place, passages, np.arange(12), course, 1)
    twice = np.concatenate([passages, passages[:1]])
    same = np.array([*range(12), 0])
    assert np.allclose(learn_turn(questions[:1], place, twice, same, course, 1), alone, atol=1e-6)
    apart = learn_turn(questions[:1], place, twice, np.arange(13), course, 1)
    assert not np.allclose(apart, alone, atol=1e-6)


def test_learning_lowers_what_is_lost_and_holds_the_anchor() -> None:
    """The slope is that of the loss: a step against it finds more, however long it goes."""
    draw = np.random.default_rng(0)
    passages = draw.standard_normal((40, 24)).astype(np.float32)
    passages /= np.linalg.norm(passages, axis=1, keepdims=True)
    questions = np.roll(passages, 1, axis=1)
    places = np.arange(40)
    matrix = learn_turn(questions, places, passages, places, REAL, 1)
    nearer = (turned(questions, matrix) * passages).sum() - (questions * passages).sum()
    assert nearer > 0.01 * len(questions)
    far = learn_turn(questions, places, passages, places, Course(400, 8, 0.0), 1)
    anything = draw.standard_normal((500, 24)).astype(np.float32)
    anything /= np.linalg.norm(anything, axis=1, keepdims=True)
    assert (turned(anything, far) * anything).sum(axis=1).min() >= NEAREST - 1e-4


def test_the_slope_is_that_of_what_is_lost() -> None:
    from ragdesk.services import learn_turn as module

    draw = np.random.default_rng(0)
    unit = [draw.standard_normal((n, 6)) for n in (9, 4)]
    passages, questions = (one / np.linalg.norm(one, axis=1, keepdims=True) for one in unit)
    places, same, matrix = np.array([3, 0, 5, 8]), np.arange(9), 0.1 * draw.standard_normal((6, 6))

    def lost(matrix: np.ndarray) -> float:
        z = questions + questions @ matrix.T
        z /= np.linalg.norm(z, axis=1, keepdims=True)
        scores = module.SCALE * z @ passages.T
        chances = np.exp(scores - scores.max(axis=1, keepdims=True))
        right = chances[np.arange(4), places] / chances.sum(axis=1)
        return float((-np.log(right) + 5.0 * (1 - (z * questions).sum(axis=1))).mean())

    slope = module._slope(matrix, questions, places, passages, same, 5.0)
    for row, column in ((0, 0), (2, 5), (4, 1)):
        step = np.zeros((6, 6))
        step[row, column] = 1e-5
        numeric = (lost(matrix + step) - lost(matrix - step)) / 2e-5
        assert slope[row, column] == pytest.approx(numeric, rel=1e-3, abs=1e-3)
