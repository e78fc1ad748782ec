"""Questions with known answers, asked of the library: how well it finds, answers and refuses."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Protocol

from ..domain.conversation import Answer, Citation, Hit
from ..domain.examination import Evidence, ExamQuestion
from ..errors import RagDeskError, WrongUse
from ..texts import sentence
from .compare import f1, hits, normal, same_file
from .receive import received
from .score import Outcome, scores_of

FOUND = 10  # hits that are looked at
NO = "no"
_MARKER = re.compile(r"\s*\[\d+\]")


class Answerer(Protocol):
    def answer(
        self,
        question: str,
        collection_id: str | None = None,
        *,
        on_found: Callable[[Sequence[Hit]], None],
    ) -> Answer:
        """`on_found` gets the hits that the answer is made from, best first, if there are any."""
        ...


def load_questions(path: Path) -> list[ExamQuestion]:
    """Reads a questions file, one JSON object a line.

    Raises `WrongUse`, which names the line, where it is no questions file.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")
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
    collection_id: str | None = None,
    on_question: Callable[[int, int], None] = lambda done, total: None,
) -> dict[str, Any]:
    """Asks every question and says how it went: `scores_of` what `asked` gives."""
    return scores_of(asked(questions, answerer, collection_id, on_question))


def asked(
    questions: Sequence[ExamQuestion],
    answerer: Answerer,
    collection_id: str | None = None,
    on_question: Callable[[int, int], None] = lambda done, total: None,
) -> list[Outcome]:
    """Asks every question once; what was found for it counts as it was handed to the answer."""
    outcomes = []
    for done, question in enumerate(questions, 1):
        found: list[Hit] = []
        started = time.perf_counter()
        answer = answerer.answer(question.question, collection_id, on_found=found.extend)
        seconds = answer.seconds.search, time.perf_counter() - started
        outcomes.append(outcome_of(question, found, answer, seconds))
        on_question(done, len(questions))
    return outcomes


def outcome_of(
    question: ExamQuestion, found: Sequence[Hit], answer: Answer, seconds: tuple[float, float]
) -> Outcome:
    """Judges what was found and answered in `seconds` (of the search, of all)."""
    outcome = found_of(question, found, seconds[0])
    given = None if answer.refused else answer.short or without_markers(answer.text)
    outcome = replace(
        outcome,
        given=given,
        strength=answer.strength,
        right=is_right(question, answer),
        answer_seconds=seconds[1],
    )
    if question.absent:
        return replace(outcome, absent_right=given is None or normal(given) == NO)
    outcome = replace(outcome, refused=answer.refused)
    if not question.answerable:
        return outcome
    cited = tuple(_supports(citation, question.evidence) for citation in answer.citations)
    return replace(
        outcome,
        exact=any(normal(given) == normal(right) for right in question.answers),
        f1=max(f1(given, right) for right in question.answers),
        cited_right=cited if outcome.looked else (),
        evidence_cited=any(cited) if outcome.looked else None,
    )


def found_of(question: ExamQuestion, found: Sequence[Hit], seconds: float) -> Outcome:
    """Judges a search that took `seconds`, where nothing was answered."""
    looked = question.answerable and bool(question.evidence)
    paged = looked and any(evidence.page is not None for evidence in question.evidence)
    return Outcome(
        question,
        looked,
        rank_of(question, found[:FOUND]) if looked else None,
        any(_on_page(hit, question.evidence) for hit in found[:FOUND]) if paged else None,
        search_seconds=seconds,
    )


def rank_of(question: ExamQuestion, found: Sequence[Hit]) -> int | None:
    """The place, from 1, of the first hit that holds evidence of the question."""
    for place, hit in enumerate(found, 1):
        if any(_holds(hit, evidence) for evidence in question.evidence):
            return place
    return None


def is_right(question: ExamQuestion, answer: Answer) -> bool:
    """Whether the first thing shown, as an answer or as the nearest, is right.

    It is when it stands where the evidence does, or when its exact words are the answer. A refusal
    shows the nearest as something weak, and where there is nothing to find that is not right.
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


def _holds(hit: Hit, evidence: Evidence) -> bool:
    paths = (hit.path, *hit.twins)
    return any(hits(path, text, evidence) for path in paths for text in (hit.text, hit.quote))


def _on_page(hit: Hit, evidence: Sequence[Evidence]) -> bool:
    pages = {span.page for span in hit.spans}
    return any(same_file(hit.path, e.file) and e.page in pages for e in evidence)


def _supports(citation: Citation, evidence: Sequence[Evidence]) -> bool:
    return any(hits(citation.path, citation.quote, e) for e in evidence)


def _question(line: str, where: str) -> ExamQuestion:
    try:
        found = json.loads(line)
    except json.JSONDecodeError as error:
        raise WrongUse(detail=f"{where}: {error}") from error
    if not isinstance(found, dict) or not isinstance(found.get("question"), str):
        raise WrongUse(detail=f'{where}: a line is an object with a "question"')
    try:
        asked_for = received(found["question"])
    except RagDeskError as error:
        raise WrongUse(detail=f"{where}: {sentence(error)}") from error
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
        question=asked_for,
        answers=tuple(dict.fromkeys(answer for answer in answers if answer)),
        evidence=places,
        lang=str(found.get("lang") or ""),
        kind=str(found.get("kind") or ""),
    )


def _evidence(place: dict[str, Any]) -> Evidence:
    page = place.get("page")
    return Evidence(str(place["file"]), None if page is None else int(page), str(place["text"]))
