"""Questions with known answers, asked of the library: how well it finds, answers and refuses."""

from __future__ import annotations

import json
import re
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from ..domain.conversation import Answer, Citation, Hit
from ..domain.examination import Evidence, ExamQuestion
from ..errors import WrongUse
from .compare import f1, hits, normal, same_file

FOUND = 10  # hits that are looked at
BINS = 10  # of the calibration error
_MARKER = re.compile(r"\s*\[\d+\]")


class Answerer(Protocol):
    def answer(self, question: str, collection_id: str | None = None) -> Answer: ...


class Finder(Protocol):
    def retrieve(
        self, question: str, limit: int = 10, collection_id: str | None = None
    ) -> list[Hit]: ...


def load_questions(path: Path) -> list[ExamQuestion]:
    """Reads a questions file, one JSON object a line.

    Raises `WrongUse`, which names the line, where it is no questions file.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except OSError as error:
        raise WrongUse(detail=f"{path} cannot be opened ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise WrongUse(detail=f"{path} is no text in UTF-8") from error
    questions = [
        _question(line, f"{path}, line {number}")
        for number, line in enumerate(lines, 1)
        if line.strip()
    ]
    if not questions:
        raise WrongUse(detail=f"{path}: no questions in it")
    return questions


def examine(
    questions: Sequence[ExamQuestion],
    answerer: Answerer,
    retriever: Finder,
    collection_id: str | None = None,
    on_question: Callable[[int, int], None] = lambda done, total: None,
) -> dict[str, Any]:
    """Asks every question. Shares are 0 to 1, None where no question of the kind was asked.

    hit@k, page_hit@10 and mrr@10 are over the questions with evidence; exact and f1 over those
    with an answer, a refusal counting as wrong; citation_precision over all citations of answers to
    questions with evidence, citation_recall over those questions; calibration_error is the mean gap
    between strength and share of right answers, in ten bins, weighted by their questions.
    """
    marks = _Marks()
    for done, question in enumerate(questions, 1):
        started = time.perf_counter()
        found = retriever.retrieve(question.question, FOUND, collection_id)
        searched = time.perf_counter()
        answer = answerer.answer(question.question, collection_id)
        marks.search_seconds.append(searched - started)
        marks.answer_seconds.append(time.perf_counter() - searched)
        marks.add(question, found, answer)
        on_question(done, len(questions))
    return marks.scores()


@dataclass(slots=True)
class _Marks:
    """What was seen so far, a number a question that counts for the measure."""

    questions: int = 0
    answerable: int = 0
    ranks: list[int | None] = field(default_factory=list)
    page_hits: list[bool] = field(default_factory=list)
    exact: list[bool] = field(default_factory=list)
    f1: list[float] = field(default_factory=list)
    refused_right: list[bool] = field(default_factory=list)
    refused_wrong: list[bool] = field(default_factory=list)
    cited_right: list[bool] = field(default_factory=list)
    evidence_cited: list[bool] = field(default_factory=list)
    strengths: list[tuple[float, bool]] = field(default_factory=list)
    search_seconds: list[float] = field(default_factory=list)
    answer_seconds: list[float] = field(default_factory=list)

    def add(self, question: ExamQuestion, found: Sequence[Hit], answer: Answer) -> None:
        self.questions += 1
        self.strengths.append((answer.strength, is_right(question, answer)))
        if not question.answerable:
            self.refused_right.append(answer.refused)
            return
        self.answerable += 1
        self.refused_wrong.append(answer.refused)
        given = None if answer.refused else answer.short or without_markers(answer.text)
        self.exact.append(any(normal(given) == normal(right) for right in question.answers))
        self.f1.append(max(f1(given, right) for right in question.answers))
        if not question.evidence:
            return
        self.ranks.append(rank_of(question, found))
        if any(evidence.page is not None for evidence in question.evidence):
            self.page_hits.append(any(_on_page(hit, question.evidence) for hit in found))
        cited = [_supports(citation, question.evidence) for citation in answer.citations]
        self.cited_right += cited
        self.evidence_cited.append(any(cited))

    def scores(self) -> dict[str, Any]:
        """The marks as one object, its keys as the command line promises them."""
        return {
            "questions": self.questions,
            "answerable": self.answerable,
            "hit@1": _share([rank is not None and rank <= 1 for rank in self.ranks]),
            "hit@5": _share([rank is not None and rank <= 5 for rank in self.ranks]),
            "hit@10": _share([rank is not None for rank in self.ranks]),
            "page_hit@10": _share(self.page_hits),
            "mrr@10": _share([1 / rank if rank else 0.0 for rank in self.ranks]),
            "exact": _share(self.exact),
            "f1": _share(self.f1),
            "refused_right": _share(self.refused_right),
            "refused_wrong": _share(self.refused_wrong),
            "citation_precision": _share(self.cited_right),
            "citation_recall": _share(self.evidence_cited),
            "calibration_error": calibration_error(self.strengths),
            "seconds": {
                "search_p50": _quantile(self.search_seconds, 0.5),
                "search_p95": _quantile(self.search_seconds, 0.95),
                "answer_p50": _quantile(self.answer_seconds, 0.5),
            },
        }


def rank_of(question: ExamQuestion, found: Sequence[Hit]) -> int | None:
    """The rank of the first hit that holds evidence of the question."""
    for hit in found:
        if any(_holds(hit, evidence) for evidence in question.evidence):
            return hit.rank
    return None


def is_right(question: ExamQuestion, answer: Answer) -> bool:
    """Whether the first thing shown, as an answer or as the nearest, is right.

    It is when it stands where the evidence does, or when its exact words are the answer.
    """
    if not question.answerable:
        return False
    if answer.short and any(normal(answer.short) == normal(right) for right in question.answers):
        return True
    if answer.citations:
        return _supports(answer.citations[0], question.evidence)
    return any(_holds(hit, e) for hit in answer.nearest[:1] for e in question.evidence)


def without_markers(text: str) -> str:
    """An answer's text without its [1] and [2]."""
    return _MARKER.sub("", text).strip()


def calibration_error(strengths: Sequence[tuple[float, bool]]) -> float | None:
    """Expected calibration error of (strength, was right), in ten bins of equal width."""
    bins: list[list[tuple[float, bool]]] = [[] for _ in range(BINS)]
    for strength, right in strengths:
        bins[min(int(strength * BINS), BINS - 1)].append((strength, right))
    if not strengths:
        return None
    gaps = (abs(sum(s for s, _ in one) - sum(right for _, right in one)) for one in bins)
    return round(sum(gaps) / len(strengths), 4)


def _holds(hit: Hit, evidence: Evidence) -> bool:
    paths = (hit.path, *hit.twins)
    return any(hits(path, text, evidence) for path in paths for text in (hit.text, hit.quote))


def _on_page(hit: Hit, evidence: Sequence[Evidence]) -> bool:
    pages = {span.page for span in hit.spans}
    return any(same_file(hit.path, e.file) and e.page in pages for e in evidence)


def _supports(citation: Citation, evidence: Sequence[Evidence]) -> bool:
    return any(hits(citation.path, citation.quote, e) for e in evidence)


def _share(values: Sequence[float]) -> float | None:
    return round(statistics.fmean(values), 4) if values else None


def _quantile(values: Sequence[float], share: float) -> float | None:
    """The smallest value that at least this share of all does not exceed."""
    if not values:
        return None
    ordered = sorted(values)
    return round(ordered[max(0, -int(-share * len(ordered) // 1) - 1)], 4)


def _question(line: str, where: str) -> ExamQuestion:
    try:
        found = json.loads(line)
    except json.JSONDecodeError as error:
        raise WrongUse(detail=f"{where}: {error}") from error
    if not isinstance(found, dict) or not isinstance(found.get("question"), str):
        raise WrongUse(detail=f'{where}: a line is an object with a "question"')
    answers = [found.get("answer"), *(found.get("answers") or [])]
    evidence = found.get("evidence") or []
    if not all(answer is None or isinstance(answer, str) for answer in answers):
        raise WrongUse(detail=f'{where}: "answer" is a text or null, "answers" a list of texts')
    try:
        places = tuple(_evidence(place) for place in evidence)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise WrongUse(
            detail=f'{where}: "evidence" is a list of objects with "file", "page" and "text"'
        ) from error
    return ExamQuestion(
        id=str(found.get("id", "")),
        question=found["question"],
        answers=tuple(dict.fromkeys(answer for answer in answers if answer)),
        evidence=places,
        lang=str(found.get("lang") or ""),
    )


def _evidence(place: dict[str, Any]) -> Evidence:
    page = place.get("page")
    return Evidence(str(place["file"]), None if page is None else int(page), str(place["text"]))
