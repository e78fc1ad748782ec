"""What an exam's outcomes come to: shares and how sure they are, order, calibration. Pure."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ..domain.examination import ExamQuestion

BINS = 10  # of the calibration error
Z = 1.959964  # normal deviates to either side that hold 95 %
Range = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one question; None where the question, or who was asked, has no such thing.

    `rank` is that of the first hit that holds the evidence, None where it was not found; it counts
    where `looked` is set, for only then there is evidence to find. `right` says whether what was
    shown first is right, `strength` how sure of it who answered was. An `absent` question has
    `absent_right` and neither `exact`, `f1` nor `refused`. Seconds are those of the wall.
    """

    question: ExamQuestion
    looked: bool
    rank: int | None
    page_hit: bool | None = None
    given: str | None = None
    exact: bool | None = None
    f1: float | None = None
    refused: bool | None = None
    absent_right: bool | None = None
    strength: float | None = None
    right: bool | None = None
    cited_right: tuple[bool, ...] = ()
    evidence_cited: bool | None = None
    search_seconds: float = 0.0
    answer_seconds: float | None = None


def scores_of(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """The outcomes as one object, its keys as the command line promises them.

    Shares are 0 to 1, None where no question of the kind was asked. hit@k, page_hit@10 and mrr@10
    are over the questions with evidence; exact and f1 over those with an answer, a refusal counting
    as wrong; absent_right over those whose answer is that there is no such thing, refused or
    answered with "No"; citation_precision over all citations of answers to questions with evidence,
    citation_recall over those questions. calibration_error is the mean gap between strength and
    share of right answers, in ten bins, weighted by their questions. auroc is the chance that an
    answerable question has a higher strength than an unanswerable one. `ranges` holds [low, high]
    of the 95 % interval of each share and of auroc. `counts` holds [how many, of how many] for each
    share that was taken of anything, and for "right": of the questions with an answer those where
    what was shown first, and not as a refusal, is right. `without_evidence` are the questions with
    an answer that hit@k leaves out, for there is no evidence to find.
    """
    shares = _shares(outcomes)
    sure = _strengths_by_answerable(outcomes)
    ranges = {name: wilson(values) for name, values in shares.items()}
    ranges["auroc"] = auroc_range(*sure)
    answered = [one.answer_seconds for one in outcomes if one.answer_seconds is not None]
    scores: dict[str, Any] = {
        "questions": len(outcomes),
        "answerable": sum(_wants_an_answer(one.question) for one in outcomes),
    }
    scores |= {name: _mean(values) for name, values in shares.items()}
    scores["mrr@10"] = _mean([1 / one.rank if one.rank else 0.0 for one in outcomes if one.looked])
    scores["f1"] = _mean([one.f1 for one in outcomes if one.f1 is not None])
    scores["calibration_error"] = calibration_error(strengths_of(outcomes))
    scores["auroc"] = auroc(*sure)
    ordered = {name: scores[name] for name in ORDER}
    ordered["without_evidence"] = scores["answerable"] - len(shares["hit@1"])
    ordered["counts"] = {
        name: [sum(values), len(values)]
        for name, values in (shares | {"right": _rightly_answered(outcomes)}).items()
        if values
    }
    ordered["ranges"] = {name: list(found) for name, found in ranges.items() if found is not None}
    ordered["seconds"] = {
        "search_p50": quantile([one.search_seconds for one in outcomes], 0.5),
        "search_p95": quantile([one.search_seconds for one in outcomes], 0.95),
        "answer_p50": quantile(answered, 0.5),
    }
    return ordered


ORDER = (
    "questions", "answerable", "hit@1", "hit@5", "hit@10", "page_hit@10", "mrr@10", "exact", "f1",
    "refused_right", "refused_wrong", "absent_right", "citation_precision", "citation_recall",
    "calibration_error", "auroc",
)  # fmt: skip


def strengths_of(outcomes: Sequence[Outcome]) -> list[tuple[float, bool]]:
    """(strength, was right) of each question that was answered or refused."""
    return [
        (one.strength, one.right)
        for one in outcomes
        if one.strength is not None and one.right is not None
    ]


def calibration_error(strengths: Sequence[tuple[float, bool]]) -> float | None:
    """Expected calibration error of (strength, was right), in ten bins of equal width."""
    if not strengths:
        return None
    gaps = (abs(one.strength - one.right) * one.questions for one in bins_of(strengths))
    return round(sum(gaps) / len(strengths), 4)


@dataclass(frozen=True, slots=True)
class Bin:
    """Questions of like strength: the mean of it, and the share that was right."""

    low: float
    questions: int
    strength: float
    right: float


def bins_of(strengths: Sequence[tuple[float, bool]]) -> list[Bin]:
    """The reliability table of (strength, was right); bins without a question are left out."""
    found: list[list[tuple[float, bool]]] = [[] for _ in range(BINS)]
    for strength, right in strengths:
        found[min(int(strength * BINS), BINS - 1)].append((strength, right))
    return [
        Bin(
            number / BINS,
            len(one),
            statistics.fmean(strength for strength, _ in one),
            statistics.fmean(right for _, right in one),
        )
        for number, one in enumerate(found)
        if one
    ]


def wilson(values: Sequence[bool]) -> Range | None:
    """The 95 % interval of a share (Wilson 1927, without continuity correction)."""
    if not values:
        return None
    n, share = len(values), sum(values) / len(values)
    middle = (share + Z * Z / (2 * n)) / (1 + Z * Z / n)
    half = Z / (1 + Z * Z / n) * math.sqrt(share * (1 - share) / n + Z * Z / (4 * n * n))
    return round(max(0.0, middle - half), 4), round(min(1.0, middle + half), 4)


def auroc(positive: Sequence[float], negative: Sequence[float]) -> float | None:
    """The chance that one of the first is higher than one of the second; a tie counts half."""
    if not positive or not negative:
        return None
    return round(_area(positive, negative), 4)


def auroc_range(positive: Sequence[float], negative: Sequence[float]) -> Range | None:
    """The 95 % interval of `auroc`, from its standard error by Hanley and McNeil (1982)."""
    if not positive or not negative:
        return None
    area, n, m = _area(positive, negative), len(positive), len(negative)
    both_higher, both_lower = area / (2 - area), 2 * area * area / (1 + area)
    spread = (
        area * (1 - area) + (n - 1) * (both_higher - area**2) + (m - 1) * (both_lower - area**2)
    )
    half = Z * math.sqrt(max(0.0, spread) / (n * m))
    return round(max(0.0, area - half), 4), round(min(1.0, area + half), 4)


def quantile(values: Sequence[float], share: float) -> float | None:
    """The smallest value that at least this share of all does not exceed."""
    if not values:
        return None
    ordered = sorted(values)
    return round(ordered[max(0, -int(-share * len(ordered) // 1) - 1)], 4)


def _shares(outcomes: Sequence[Outcome]) -> dict[str, list[bool]]:
    """What a share is taken of, by its name."""
    looked = [one for one in outcomes if one.looked]
    wanting = [one for one in outcomes if _wants_an_answer(one.question)]
    nowhere = [one for one in outcomes if not one.question.answerable]
    return {
        "hit@1": [one.rank is not None and one.rank <= 1 for one in looked],
        "hit@5": [one.rank is not None and one.rank <= 5 for one in looked],
        "hit@10": [one.rank is not None for one in looked],
        "page_hit@10": [one.page_hit for one in outcomes if one.page_hit is not None],
        "exact": [one.exact for one in outcomes if one.exact is not None],
        "refused_right": [one.refused for one in nowhere if one.refused is not None],
        "refused_wrong": [one.refused for one in wanting if one.refused is not None],
        "absent_right": [one.absent_right for one in outcomes if one.absent_right is not None],
        "citation_precision": [right for one in outcomes for right in one.cited_right],
        "citation_recall": [
            one.evidence_cited for one in outcomes if one.evidence_cited is not None
        ],
    }


def _rightly_answered(outcomes: Sequence[Outcome]) -> list[bool]:
    return [
        bool(one.right) and not one.refused
        for one in outcomes
        if _wants_an_answer(one.question) and one.right is not None
    ]


def _strengths_by_answerable(outcomes: Sequence[Outcome]) -> tuple[list[float], list[float]]:
    sure: tuple[list[float], list[float]] = ([], [])
    for one in outcomes:
        if one.strength is not None and not one.question.absent:
            sure[not one.question.answerable].append(one.strength)
    return sure


def _wants_an_answer(question: ExamQuestion) -> bool:
    return question.answerable and not question.absent


def _area(positive: Sequence[float], negative: Sequence[float]) -> float:
    wins = sum((p > n) + (p == n) / 2 for p in positive for n in negative)
    return wins / (len(positive) * len(negative))


def _mean(values: Sequence[float]) -> float | None:
    return round(statistics.fmean(values), 4) if values else None
