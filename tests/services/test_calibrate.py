"""Features, probabilities and the calibration that comes with the program."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest

from ragdesk.domain.conversation import Hit, Mark, Marks
from ragdesk.resources import asset
from ragdesk.services.calibrate import FEATURES, Calibrator, features_of
from ragdesk.services.choose import Chosen, Sought
from ragdesk.services.expect import expected
from ragdesk.services.mark import Seen, candidates

SOUGHT = Sought(np.zeros(3, np.float32), {"rent": 3.0, "due": 1.0}, expected("When is it due?"))
TEXT = "The rent is due on 1 May."


def hit(rank: int, text: str, *, meaning: float | None = 0.5, words: float | None = 4.0) -> Hit:
    return Hit(rank, 1 / rank, f"d:{rank}", "d", "T", "a.txt", False, rank, text, "", (), text,
               meaning, words)  # fmt: skip


def seen(hits: list[Hit], marks: list[Marks], sought: Sought = SOUGHT, chosen: bool = True) -> Seen:
    first = [Chosen(hits[0], 0, len(hits[0].text), score=1.0, meaning=0.7)] if chosen else []
    read = list(zip(hits, marks, strict=True))
    return Seen("When is it due?", sought, read, first, candidates(read, first, sought))


def marked(text: str, words: str, *, there: float, score: float) -> Marks:
    start = text.index(words)
    return Marks(there, marks=(Mark(start, start + len(words), score),))


@pytest.mark.parametrize(
    "hits",
    [
        [hit(1, TEXT)],
        [hit(1, "rent", meaning=None, words=None)],
        [hit(n, f"text {n}", meaning=0.9 - n / 20) for n in range(1, 11)],
    ],
)
@pytest.mark.parametrize("sought", [SOUGHT, Sought(SOUGHT.vector, {}, None)])
@pytest.mark.parametrize("with_sentences", [False, True])
@pytest.mark.parametrize("with_marks", [False, True])
def test_every_question_has_all_features(
    hits: list[Hit], sought: Sought, with_sentences: bool, with_marks: bool
) -> None:
    marks = [Marks(50.0, marks=(Mark(0, 4, 60.0),) if with_marks else ()) for _ in hits]
    features = features_of(seen(hits, marks, sought, with_sentences))
    assert set(features) == set(FEATURES)
    assert all(abs(value) <= 10 for value in features.values())


def test_features_are_what_they_say() -> None:
    other = "The rent was due on 2 June."
    hits = [
        hit(1, TEXT, meaning=0.8), hit(2, other, meaning=0.5, words=8.8), hit(3, TEXT),
    ]  # fmt: skip
    marks = [
        marked(TEXT, "1 May", there=3.0, score=4.0),
        marked(other, "2 June", there=5.0, score=-2.0),
        marked(TEXT, "1 May", there=-1.0, score=1.0),
    ]
    features = features_of(seen(hits, marks))
    assert features["meaning"] == 0.8
    assert features["words"] == pytest.approx(1.0)
    assert features["named"] == 1.0
    assert (features["there"], features["there_most"], features["mark"]) == (3.0, 5.0, 4.0)
    assert features["agreeing"] == 0.5  # of the two others, the third says the same
    assert 0 < features["ahead"] < 10
    assert (features["fits"], features["fits_not"]) == (1.0, 0.0)


def test_words_of_another_kind_do_not_fit() -> None:
    marks = [marked(TEXT, "rent", there=1.0, score=1.0)]
    features = features_of(seen([hit(1, TEXT)], marks))
    assert (features["fits"], features["fits_not"]) == (0.0, 1.0)


def test_before_there_are_vectors_the_sentence_speaks_for_its_passage() -> None:
    assert features_of(seen([hit(1, TEXT, meaning=None)], [Marks(0.0)]))["meaning"] == 0.7


def test_what_the_reader_marks_nothing_in_is_no_evidence() -> None:
    features = features_of(seen([hit(1, TEXT)], [Marks(-3.0)]))
    assert (features["there"], features["mark"]) == (-10.0, -10.0)


def made(name: str) -> Calibrator:
    coefficients = dict.fromkeys(FEATURES, 0.0) | {name: 4.0, "constant": -2.0}
    return Calibrator(coefficients, coefficients, {"bold": 0.1, "usual": 0.5, "careful": 0.9})


def test_more_evidence_is_more_strength() -> None:
    calibrator = made("meaning")
    features = dict.fromkeys(FEATURES, 0.0)
    strengths = [calibrator.strength(features | {"meaning": m / 10}) for m in range(11)]
    assert strengths == sorted(strengths)
    assert calibrator.strength(features | {"meaning": 0.5}) == pytest.approx(0.5)
    assert 0 <= calibrator.strength(features | {"meaning": -1e9}) < 1e-9


def test_the_more_careful_the_sooner_refused() -> None:
    calibrator = made("meaning")
    features = dict.fromkeys(FEATURES, 0.0)
    refused = [
        [
            calibrator.refuses(features | {"meaning": meaning}, caution)
            for meaning in (0.2, 0.6, 1.2)
        ]
        for caution in ("bold", "usual", "careful")
    ]
    assert refused == [[False, False, False], [True, False, False], [True, True, False]]


def test_the_calibration_that_comes_along() -> None:
    path = asset("calibration.json")
    found = json.loads(path.read_text("utf-8"))
    for target in ("answerable", "right"):
        assert set(found[target]) == {*FEATURES, "constant"}
        assert all(math.isfinite(value) for value in found[target].values())
    thresholds = found["thresholds"]
    assert 0 < thresholds["bold"] < thresholds["usual"] < thresholds["careful"] < 1
    assert {"made_by", "seed", "data", "figures", "by_set", "calibration_error"} <= set(
        found["card"]
    )
    calibrator = Calibrator.load(path)
    nothing = dict.fromkeys(FEATURES, 0.0) | {"there": -10.0, "there_most": -10.0, "mark": -10.0}
    assert calibrator.refuses(nothing, "usual")
    assert calibrator.strength(nothing) < 0.2
