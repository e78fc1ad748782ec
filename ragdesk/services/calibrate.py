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
    "meaning",  # cosine of the first hit, 0 without a vector
    "meaning_best",  # the highest cosine among the hits
    "meaning_gap",  # … above the fifth hit's
    "meaning_gap_far",  # … above the tenth hit's
    "no_vector",  # 1 where the first hit has no vector yet
    "words",  # BM25 of the first hit, as a share of what the question's words could give
    "words_best",  # the same of the best hit by words
    "words_gap",  # the first hit's above the second's
    "score_gap",  # mixed score of the first hit above the second's
    "agree",  # 1 where the first hit is first by words and by meaning
    "named",  # share of the question's weight in the first hit and its headings
    "named_best",  # the highest such share among the first five
    "rarest",  # 1 where the rarest word of the question stands in one of the first three
    "sentence_meaning",  # cosine of the chosen sentence
    "sentence_named",  # share of the question's weight in the chosen sentence and its headings
    "sentence_gap",  # its score above that of the best sentence of another passage
    "fits",  # 1 where it holds the kind of words asked for
    "fits_not",  # 1 where a kind was asked for and it holds none
    "weight",  # mean weight of the question's words
    "asked",  # logarithm of how many words say something
)
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
    first = hits[0]
    meanings = sorted((hit.by_meaning or 0.0 for hit in hits), reverse=True)
    meanings += [meanings[-1]] * (10 - len(meanings))
    possible = _BM25_MOST * sum(sought.weights.values()) or 1.0
    by_words = [(hit.by_words or 0.0) / possible for hit in hits]
    named = [sought.share_named(f"{hit.context}\n{hit.text}") for hit in hits[:5]]
    weights = list(sought.weights.values()) or [0.0]
    second = hits[1] if len(hits) > 1 else None
    return {
        "meaning": first.by_meaning or 0.0,
        "meaning_best": meanings[0],
        "meaning_gap": meanings[0] - meanings[4],
        "meaning_gap_far": meanings[0] - meanings[9],
        "no_vector": float(first.by_meaning is None),
        "words": by_words[0],
        "words_best": max(by_words),
        "words_gap": by_words[0] - (by_words[1] if second else 0.0),
        "score_gap": first.score - (second.score if second else 0.0),
        "agree": float(by_words[0] == max(by_words) and (first.by_meaning or 0.0) == meanings[0]),
        "named": named[0],
        "named_best": max(named),
        "rarest": _rarest(hits, sought),
        **_of_sentence(chosen, sought),
        "weight": sum(weights) / len(weights),
        "asked": math.log(len(weights)),
    }


def _of_sentence(chosen: Sequence[Chosen], sought: Sought) -> dict[str, float]:
    if not chosen:
        names = ("sentence_meaning", "sentence_named", "sentence_gap", "fits", "fits_not")
        return dict.fromkeys(names, 0.0)
    best = chosen[0]
    others = [c.score for c in chosen if c.hit.passage_id != best.hit.passage_id]
    return {
        "sentence_meaning": best.meaning,
        "sentence_named": sought.share_named(f"{best.hit.context}\n{best.text}"),
        "sentence_gap": best.score - max(others, default=0.0),
        "fits": float(best.fits),
        "fits_not": float(sought.expected is not None and not best.fits),
    }


def _rarest(hits: Sequence[Hit], sought: Sought) -> float:
    if not sought.weights:
        return 0.0
    rarest = max(sought.weights, key=lambda word: sought.weights[word])
    alone = Sought(sought.vector, {rarest: 1.0}, None)
    return max(alone.share_named(f"{hit.context}\n{hit.text}") for hit in hits[:3])


def _probability(coefficients: Mapping[str, float], features: Mapping[str, float]) -> float:
    total = coefficients["constant"]
    total += sum(coefficients[name] * features[name] for name in FEATURES)
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))
