"""Fits the two logistic models of `calibrate` to a library, from what practice questions showed.

They are drawn towards the shipped ones, so that few questions change little and many more. What is
said of the gain is out of fold: each row's chances come from models that saw none of its document.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..domain.conversation import Hit
from ..domain.training import Pair
from .answer import QuoteAnswerer
from .calibrate import FEATURES, features_of
from .compare import normal
from .mark import Seen
from .retrieve import Retriever

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Numbers = npt.NDArray[np.float64]

FOUND = 10  # hits that are looked at
FURTHER = 40  # hits among which so many of other documents are looked for
LEAST = 60  # rows, and of each kind `FEW`, below which nothing is fitted
FEW = 10
FOLDS = 5
UNANSWERABLE = 0.2  # share of the weight that rows without an answer have
RIDGE = 10.0  # how strongly a coefficient is drawn to the shipped one, per spread of its feature
STEPS, TINY = 30, 1e-9  # of Newton's method
SHIPPED_ROWS = 100  # rows that the shipped thresholds count as
REFUSED = {"bold": 0.02, "usual": 0.08, "careful": 0.15}  # of the answerable, at most
MORE = 0.01  # of the answerable, that may be refused beyond what the shipped models refuse
SURE = 1.28  # standard errors that a gain must be away from nothing: chance gives it 1 in 10


@dataclass(frozen=True, slots=True)
class Row:
    """One asking. `group` is the document of the answer: it is in one fold with all its rows.

    `without` where that document's passages were left out of what was found.
    """

    features: Mapping[str, float]
    answerable: bool
    right: bool
    group: str
    without: bool = False


@dataclass(frozen=True, slots=True)
class Sureness:
    """How well chances fit what came, out of fold. `lost`: mean log loss of both models.

    `refused_right` and `refused_wrong`: shares refused of rows without an answer and with one.
    """

    lost: float
    refused_right: float
    refused_wrong: float


@dataclass(frozen=True, slots=True)
class TunedCalibrator:
    """`calibration` as the file holds it, None where nothing was fitted or it did not help."""

    calibration: dict[str, Any] | None
    before: Sureness | None
    after: Sureness | None


def rows_of(
    pair: Pair,
    answerer: QuoteAnswerer,
    retriever: Retriever,
    collection_id: str | None = None,
) -> list[Row]:
    """Asks a question, and one that has an answer again without its own document's passages.

    Empty where nothing is found. Both are read by `answerer`: twice the time of a question.
    """
    hits = retriever.retrieve(pair.question, FURTHER, collection_id)
    gold = next((hit for hit in hits if _holds(hit, pair)), None)
    others = [
        hit
        for hit in hits
        if hit.document_id != pair.document_id and (gold is None or hit.text != gold.text)
    ]
    rows = []
    if hits:
        seen = answerer.look(pair.question, hits[:FOUND])
        right = not pair.absent and _is_right(seen, pair)
        rows.append(Row(features_of(seen), not pair.absent, right, pair.document_id))
    if others and not pair.absent:
        seen = answerer.look(pair.question, others[:FOUND])
        rows.append(Row(features_of(seen), False, False, pair.document_id, True))
    return rows


def tune_calibrator(rows: Sequence[Row], shipped: Mapping[str, Any]) -> TunedCalibrator:
    """Coefficients and thresholds for a library, if their chances fit it better than chance explains.

    `rows` of practice and tuning questions by `rows_of`; `shipped` is what assets/calibration.json
    holds. Deterministic: what is in which fold depends on the order in which documents come.
    """
    kinds = [sum(row.answerable == kind for row in rows) for kind in (True, False)]
    if len(rows) < LEAST or min(kinds) < FEW:
        return TunedCalibrator(None, None, None)
    folds = _folds(rows)
    parts = [
        _fitted([r for r, f in zip(rows, folds, strict=True) if f != fold], shipped)
        for fold in range(FOLDS)
    ]
    own = [_chances(parts[fold], row) for row, fold in zip(rows, folds, strict=True)]
    came = [_chances(shipped, row) for row in rows]
    thresholds = _thresholds(rows, own, came, shipped["thresholds"])
    before = _sureness(rows, came, shipped["thresholds"]["usual"])
    after = _sureness(rows, own, thresholds["usual"])
    if not _better(rows, came, own):
        return TunedCalibrator(None, before, after)
    calibration = {**_fitted(rows, shipped), "thresholds": thresholds}
    return TunedCalibrator(calibration, before, after)


def _folds(rows: Sequence[Row]) -> list[int]:
    """The fold of each row: by document, or in their order where most are of one document."""
    counts = Counter(row.group for row in rows)  # in the order in which documents come
    if max(counts.values()) > len(rows) / 2:
        return [n * FOLDS // len(rows) for n in range(len(rows))]
    numbers = {group: n % FOLDS for n, group in enumerate(counts)}
    return [numbers[row.group] for row in rows]


def _fitted(rows: Sequence[Row], shipped: Mapping[str, Any]) -> dict[str, Any]:
    """The two models. How often an answer is right is learned from questions as they are asked."""
    asked = [row for row in rows if not row.without]
    return {
        "answerable": _fit(
            rows, [row.answerable for row in rows], shipped["answerable"], _weights(rows)
        ),
        "right": _fit(asked, [row.right for row in asked], shipped["right"], [1.0] * len(asked)),
    }


def _fit(
    rows: Sequence[Row],
    targets: Sequence[bool],
    shipped: Mapping[str, float],
    weights: Sequence[float],
) -> dict[str, float]:
    """Logistic regression by Newton's method, drawn towards the shipped coefficients."""
    import numpy as np

    x: Numbers = np.array([[row.features[name] for name in FEATURES] for row in rows])
    y, w = np.array(targets, float), np.array(weights)
    mean = w @ x / w.sum()
    spread = np.sqrt(w @ (x - mean) ** 2 / w.sum())
    usable = np.where(spread > 1e-6, spread, np.inf)  # what never differs teaches nothing
    z = np.hstack([(x - mean) / usable, np.ones((len(rows), 1))])
    start = np.array([_logit(shipped, row.features) for row in rows])
    ridge = np.diag([RIDGE] * len(FEATURES) + [1.0])
    moved = np.zeros(len(FEATURES) + 1)

    def lost(moved: Numbers) -> float:
        logits = start + z @ moved
        return float(w @ (np.logaddexp(0, logits) - y * logits) + moved @ ridge @ moved / 2)

    for _ in range(STEPS):
        p = 1 / (1 + np.exp(-np.clip(start + z @ moved, -30, 30)))
        hessian = z.T @ (z * (w * p * (1 - p))[:, None]) + ridge
        step = np.linalg.solve(hessian, z.T @ (w * (y - p)) - ridge @ moved)
        while lost(moved + step) > lost(moved) + TINY:  # too far where chances were all but sure
            step /= 2
        moved += step
    plain = moved[:-1] / usable
    found = {
        name: round(shipped[name] + float(more), 5)
        for name, more in zip(FEATURES, plain, strict=True)
    }
    return found | {"constant": round(shipped["constant"] + float(moved[-1] - plain @ mean), 5)}


def _weights(rows: Sequence[Row]) -> list[float]:
    """Rows without an answer have `UNANSWERABLE` of the weight, however many there are."""
    counts = {kind: sum(row.answerable == kind for row in rows) for kind in (True, False)}
    shares = {True: 1 - UNANSWERABLE, False: UNANSWERABLE}
    return [len(rows) * shares[row.answerable] / counts[row.answerable] for row in rows]


def _thresholds(
    rows: Sequence[Row],
    own: Sequence[tuple[float, float]],
    came: Sequence[tuple[float, float]],
    shipped: Mapping[str, float],
) -> dict[str, float]:
    """The chance below which is refused: own and shipped, by how many rows stand behind each.

    Own is the highest that refuses no more than `REFUSED` of what has an answer. What comes of both
    refuses little more than the shipped models do: what was answered yesterday is not to be
    refused tomorrow.
    """
    answerable = [n for n, row in enumerate(rows) if row.answerable]
    chances = sorted(own[n][0] for n in answerable)
    own_share = len(answerable) / (len(answerable) + SHIPPED_ROWS)
    found = {}
    for caution, most in REFUSED.items():
        was = sum(came[n][0] < shipped[caution] for n in answerable) / len(answerable)
        mine = chances[int(most * len(answerable))]  # so many are below it
        highest = chances[min(int((was + MORE) * len(answerable)), len(answerable) - 1)]
        log_odds = own_share * _log_odds(mine) + (1 - own_share) * _log_odds(shipped[caution])
        found[caution] = round(min(highest, 1 / (1 + math.exp(-log_odds))), 4)
    return found


def _better(
    rows: Sequence[Row],
    came: Sequence[tuple[float, float]],
    own: Sequence[tuple[float, float]],
) -> bool:
    """Whether less is lost, by more than `SURE` standard errors."""
    gains = [a - b for a, b in zip(_losses(rows, came), _losses(rows, own), strict=True)]
    mean = sum(gains) / len(gains)
    variance = sum((gain - mean) ** 2 for gain in gains) / (len(gains) - 1)
    return mean > SURE * math.sqrt(variance / len(gains))


def _losses(rows: Sequence[Row], chances: Sequence[tuple[float, float]]) -> list[float]:
    """Log loss of each row: that it has an answer, weighted, and that what is shown is right."""
    return [
        weight * _loss(answerable, row.answerable)
        + (0.0 if row.without else _loss(right, row.right))
        for row, weight, (answerable, right) in zip(rows, _weights(rows), chances, strict=True)
    ]


def _sureness(
    rows: Sequence[Row], chances: Sequence[tuple[float, float]], threshold: float
) -> Sureness:
    refused = {
        kind: [
            chance < threshold
            for row, (chance, _) in zip(rows, chances, strict=True)
            if row.answerable == kind
        ]
        for kind in (True, False)
    }
    return Sureness(
        sum(_losses(rows, chances)) / len(rows),
        sum(refused[False]) / len(refused[False]),
        sum(refused[True]) / len(refused[True]),
    )


def _chances(models: Mapping[str, Any], row: Row) -> tuple[float, float]:
    """(that the documents answer it, that what is shown first is right)."""
    logits = (_logit(models[name], row.features) for name in ("answerable", "right"))
    answerable, right = (1 / (1 + math.exp(-max(-30.0, min(30.0, one)))) for one in logits)
    return answerable, right


def _logit(coefficients: Mapping[str, float], features: Mapping[str, float]) -> float:
    return coefficients["constant"] + sum(coefficients[n] * features[n] for n in FEATURES)


def _loss(chance: float, came: bool) -> float:
    return -math.log(max(chance if came else 1 - chance, 1e-9))


def _log_odds(chance: float) -> float:
    chance = min(max(chance, 1e-6), 1 - 1e-6)
    return math.log(chance / (1 - chance))


def _holds(hit: Hit, pair: Pair) -> bool:
    return (hit.document_id, hit.position) == (pair.document_id, pair.position)


def _is_right(seen: Seen, pair: Pair) -> bool:
    """Whether what is shown first stands where the answer does, or is the answer word for word."""
    if pair.answer and seen.candidates and normal(seen.candidates[0].words) == normal(pair.answer):
        return True
    if not seen.chosen or not _holds(seen.chosen[0].hit, pair):
        return False
    first = seen.chosen[0]
    return pair.start < 0 or (first.start < pair.end and pair.start < first.end)
