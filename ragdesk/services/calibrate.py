"""How sure an answer is: what search, reader and sentences showed, made a probability.

Two logistic models over the same features: the chance that the documents answer the question at
all, which decides about refusing, and the chance that what is shown first is right, which is the
strength a person sees. Their coefficients come with the program (`assets/calibration.json`, made by
`assets/calibrate.py`, whose card says from what).
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .differ import agree
from .mark import Candidate, Seen
from .want import asks_yes_or_no

FEATURES = (
    "meaning",  # the highest cosine of a hit or, where vectors still lack, of the first sentence
    "words",  # the highest BM25 of a hit, as a share of what the question's words could give
    "named",  # the highest share of the question's weight that one of the first hits names
    "sentence_meaning",  # cosine of the sentence that is shown first
    "sentence_named",  # share of the question's weight in it and its headings
    "there",  # the reader's log-odds that the passage shown first answers
    "there_most",  # the highest of all passages that were read
    "mark",  # log-odds of the words marked first, over "nothing here"
    "ahead",  # how far these words are ahead of the next that say something else
    "agreeing",  # share of the other passages that were read whose best words say the same
    "found",  # search score of the passage shown first, against the best one found
    "fits",  # 1 where the words are of the kind asked for
    "fits_not",  # 1 where a kind was asked for and they are not
    "yes_or_no",  # 1 where the question asks for yes or no
)
CAUTIONS = ("bold", "usual", "careful")
_NAMED_IN = 5  # first hits
_BM25_MOST = 2.2  # what one word of weight 1 can give at most: k1 + 1
_MOST = 10.0  # log-odds beyond which more says nothing more
_ALONE = 4.0  # "ahead", where nothing else was marked


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
        """Whether the evidence is too weak to answer; `caution` is one of `CAUTIONS`."""
        return _probability(self._answerable, features) < self._thresholds[caution]


def features_of(seen: Seen) -> dict[str, float]:
    """The features of a question, from what was found, read and weighed for it."""
    hits = [hit for hit, _ in seen.read]
    possible = _BM25_MOST * sum(seen.sought.weights.values()) or 1.0
    features = dict.fromkeys(FEATURES, 0.0) | {
        "meaning": max((hit.by_meaning or 0.0 for hit in hits), default=0.0),
        "words": max((hit.by_words or 0.0 for hit in hits), default=0.0) / possible,
        "named": max(
            (seen.sought.share_named(f"{hit.context}\n{hit.text}") for hit in hits[:_NAMED_IN]),
            default=0.0,
        ),
        "there_most": max((_bounded(marks.there) for _, marks in seen.read), default=-_MOST),
        "yes_or_no": float(asks_yes_or_no(seen.question)),
    }
    if seen.chosen:
        first = seen.chosen[0]
        features |= {
            "meaning": max(features["meaning"], first.meaning),
            "sentence_meaning": first.meaning,
            "sentence_named": seen.sought.share_named(f"{first.hit.context}\n{first.text}"),
            "found": first.hit.score / (max(hit.score for hit in hits) or 1.0),
        }
    if seen.candidates:
        features |= _of_mark(seen, seen.candidates[0])
    else:
        features |= {"there": -_MOST, "mark": -_MOST}
    return features


def _of_mark(seen: Seen, best: Candidate) -> dict[str, float]:
    others = [c for c in seen.candidates[1:] if not agree(c.words, best.words)]
    marks = {hit.passage_id: marks.marks for hit, marks in seen.read}
    own = marks.pop(best.around.hit.passage_id, ())
    same = {
        c.around.hit.passage_id for c in seen.candidates[1:] if agree(c.words, best.words)
    } & marks.keys()
    asked = seen.sought.expected
    fits = bool(asked and asked.find(best.words))
    return {
        "there": _bounded(best.there),
        "mark": _bounded(own[0].score if own else -_MOST),
        "ahead": min(best.score - others[0].score, _ALONE) if others else _ALONE,
        "agreeing": len(same) / max(len(marks), 1),
        "fits": float(fits),
        "fits_not": float(asked is not None and not fits),
    }


def _bounded(log_odds: float) -> float:
    return max(-_MOST, min(_MOST, log_odds))


def _probability(coefficients: Mapping[str, float], features: Mapping[str, float]) -> float:
    total = coefficients["constant"]
    total += sum(coefficients[name] * features[name] for name in FEATURES)
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))
