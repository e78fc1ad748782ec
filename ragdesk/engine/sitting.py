"""Exams of a build: each question asked once, noted in the journal, never again after a kill."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import fields
from typing import Any

from ..domain.conversation import Hit
from ..domain.examination import ExamQuestion
from ..services.answer import QuoteAnswerer
from ..services.examine import outcome_of
from ..services.score import Outcome
from .build_run import BuildRun


def sat(
    build: BuildRun,
    questions: Sequence[ExamQuestion],
    answerer: QuoteAnswerer,
    tuned: str,
) -> list[Outcome] | None:
    """The outcomes of all questions, in their order; None where the build was stopped.

    `tuned` is the digest of what answers: the same question of the same version is asked once.
    """
    outcomes: list[Outcome] = []
    right = 0
    for number, question in enumerate(questions, 1):
        key = ("asked", tuned, question.id, question.question)
        noted = build.run.done(*key)
        if noted is None:
            if build.stopped():
                return None
            outcome = _ask(question, answerer, build.assistant.collection_id)
            build.run.note(_record(outcome), *key)
            build.keep_time()
        else:
            outcome = _outcome(question, noted)
        outcomes.append(outcome)
        right += is_good(outcome)
        words = f"{question.question} {outcome.given or ''}".strip()
        build.tell(number, len(questions), right=right, asked=number, words=words)
    return outcomes


def is_good(outcome: Outcome) -> bool:
    """Whether a person would call it answered right, for the count that is shown meanwhile."""
    if not outcome.question.answerable:
        return bool(outcome.refused)
    return bool(outcome.right) and not outcome.refused


def _ask(question: ExamQuestion, answerer: QuoteAnswerer, collection_id: str | None) -> Outcome:
    found: list[Hit] = []
    started = time.perf_counter()
    answer = answerer.answer(question.question, collection_id, on_found=found.extend)
    seconds = answer.seconds.search, time.perf_counter() - started
    return outcome_of(question, found, answer, seconds)


def _record(outcome: Outcome) -> dict[str, Any]:
    return {
        one.name: getattr(outcome, one.name) for one in fields(Outcome) if one.name != "question"
    }


def _outcome(question: ExamQuestion, noted: dict[str, Any]) -> Outcome:
    return Outcome(question, **{**noted, "cited_right": tuple(noted["cited_right"])})
