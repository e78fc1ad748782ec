"""How sure an answer is: what search and sentence choice saw, made a probability.

Two logistic models over the same features: the chance that the documents answer the question at
all, which decides about refusing, and the chance that what is shown first is right, which is the
strength a person sees. Their coefficients come with the program (`assets/calibration.json`, made by
`assets/calibrate.py`, whose card says from what).
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ..domain.conversation import Hit
from .choose import Chosen, Sought

FEATURES = (
    "meaning",  # the highest cosine of a hit or, where vectors still lack, of the chosen sentence
    "words",  # the highest BM25 of a hit, as a share of what the question's words could give
    "named",  # the highest share of the question's weight that one of the first hits names
    "sentence_meaning",  # cosine of the chosen sentence
    "sentence_named",  # share of the question's weight in the chosen sentence and its headings
    "sentence_gap",  # its score above that of the best sentence of another passage
    "fits",  # 1 where it holds the kind of words asked for
    "fits_not",  # 1 where a kind was asked for and it holds none
)
_NAMED_IN = 5  # first hits
_BM25_MOST = 2.2  # what one word of weight 1 can give at most: k1 + 1


class Calibrator:
    """Turns features into probabilities."""

    def __init__(
        self,
        answerable: Mapping[str, float],
        right: Mapping[str, float],
        thresholds: Mapping[str, float],
    ) -> None:
        """Coefficients by feature, with "constant"; thresholds by caution."""
        self._answerable = answerable
        self._right = right
        self._thresholds = thresholds

    @classmethod
    def load(cls, path: Path) -> Calibrator:
        """Reads what `assets/calibrate.py` wrote."""
        found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return cls(found["answerable"], found["right"], found["thresholds"])

    def strength(self, features: Mapping[str, float]) -> float:
        """The chance, 0 to 1, that what is shown first is right."""
        return _probability(self._right, features)

    def refuses(self, features: Mapping[str, float], caution: str = "usual") -> bool:
        """Whether the evidence is too weak to answer; `caution` is "bold", "usual" or "careful"."""
        return _probability(self._answerable, features) < self._thresholds[caution]


def features_of(hits: Sequence[Hit], chosen: Sequence[Chosen], sought: Sought) -> dict[str, float]:
    """The features of a question, for its hits and its weighed sentences, both best first."""
    possible = _BM25_MOST * sum(sought.weights.values()) or 1.0
    features = {
        "meaning": max((hit.by_meaning or 0.0 for hit in hits), default=0.0),
        "words": max((hit.by_words or 0.0 for hit in hits), default=0.0) / possible,
        "named": max(
            (sought.share_named(f"{hit.context}\n{hit.text}") for hit in hits[:_NAMED_IN]),
            default=0.0,
        ),
    } | dict.fromkeys(FEATURES[3:], 0.0)
    if chosen:
        best = chosen[0]
        others = [c.score for c in chosen if c.hit.passage_id != best.hit.passage_id]
        features |= {
            "meaning": max(features["meaning"], best.meaning),
            "sentence_meaning": best.meaning,
            "sentence_named": sought.share_named(f"{best.hit.context}\n{best.text}"),
            "sentence_gap": best.score - max(others, default=0.0),
            "fits": float(best.fits),
            "fits_not": float(sought.expected is not None and not best.fits),
        }
    return features


def _probability(coefficients: Mapping[str, float], features: Mapping[str, float]) -> float:
    total = coefficients["constant"]
    total += sum(coefficients[name] * features[name] for name in FEATURES)
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))
