"""Features, probabilities and the calibration that comes with the program."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest

from ragdesk.domain.conversation import Hit
from ragdesk.resources import asset
from ragdesk.services.calibrate import FEATURES, Calibrator, features_of
from ragdesk.services.choose import Chosen, Sought
from ragdesk.services.expect import expected

SOUGHT = Sought(np.zeros(3, np.float32), {"rent": 3.0, "due": 1.0}, expected("When is it due?"))


def hit(rank: int, text: str, *, meaning: float | None = 0.5, words: float | None = 4.0) -> Hit:
    return Hit(rank, 1 / rank, f"d:{rank}", "d", "T", "a.txt", False, rank, text, "", (), text,
               meaning, words)  # fmt: skip


@pytest.mark.parametrize(
    "hits",
    [
        [hit(1, "rent due in May")],
        [hit(1, "rent", meaning=None, words=None)],
        [hit(n, f"text {n}", meaning=0.9 - n / 20) for n in range(1, 11)],
    ],
)
@pytest.mark.parametrize("sought", [SOUGHT, Sought(SOUGHT.vector, {}, None)])
@pytest.mark.parametrize("with_sentences", [False, True])
def test_every_question_has_all_features(
    hits: list[Hit], sought: Sought, with_sentences: bool
) -> None:
    chosen = [Chosen(hits[0], 0, len(hits[0].text), score=1.0)] if with_sentences else []
    features = features_of(hits, chosen, sought)
    assert set(features) == set(FEATURES)
    assert all(math.isfinite(value) for value in features.values())


def test_features_are_what_they_say() -> None:
    hits = [hit(1, "The rent is due in May.", meaning=0.8), hit(2, "rent", meaning=0.5, words=8.8)]
    chosen = [
        Chosen(hits[0], 0, 23, score=1.4, meaning=0.7, fits=True),
        Chosen(hits[1], 0, 4, score=1.1, meaning=0.4),
    ]
    features = features_of(hits, chosen, SOUGHT)
    assert features["meaning"] == 0.8
    assert features["words"] == pytest.approx(1.0)
    assert features["named"] == 1.0
    assert features["sentence_meaning"] == 0.7
    assert features["sentence_named"] == 1.0
    assert features["sentence_gap"] == pytest.approx(0.3)
    assert (features["fits"], features["fits_not"]) == (1.0, 0.0)


def test_before_there_are_vectors_the_sentence_speaks_for_its_passage() -> None:
    bare = hit(1, "The rent is due in May.", meaning=None)
    chosen = [Chosen(bare, 0, 23, score=1.4, meaning=0.7)]
    features = features_of([bare], chosen, SOUGHT)
    assert features["meaning"] == 0.7
    assert (features["fits"], features["fits_not"]) == (0.0, 1.0)


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
    assert {"made_by", "seed", "data", "not_used", "figures", "by_set"} <= set(found["card"])
    calibrator = Calibrator.load(path)
    nothing = dict.fromkeys(FEATURES, 0.0)
    assert calibrator.refuses(nothing, "usual")
    assert calibrator.strength(nothing) < 0.2
