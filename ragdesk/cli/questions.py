"""Commands that ask: they only look, so they work beside an open window."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

from ..domain.examination import ExamQuestion
from ..engine.build import Parts, build_reader
from ..services.examine import examine, load_questions
from ..services.receive import received
from .output import Context, answer_record, answer_words, hit_record, place_words, wrap

NEEDS_A_LOOK = 1


def _open(context: Context) -> tuple[Parts, str | None]:
    context.need_library()
    parts = build_reader(context.home)
    name = context.arguments.collection
    return parts, parts.collections.named(name).id if name else None


def _questions(context: Context) -> Sequence[ExamQuestion]:
    if context.arguments.questions:
        return load_questions(context.arguments.questions)
    return [ExamQuestion("", received(context.arguments.text or ""), (), ())]


def search(context: Context) -> int:
    """Prints the passages found for each question."""
    parts, shelf = _open(context)
    for question in _questions(context):
        started = time.perf_counter()
        hits = parts.retriever.retrieve(question.question, context.arguments.limit, shelf)
        seconds = time.perf_counter() - started
        words = [
            f"{hit.rank}. {place_words(hit.path, hit.page)}\n{wrap(hit.quote, '   ')}"
            for hit in hits
        ]
        context.output.result(
            {
                "id": question.id or None,
                "question": question.question,
                "seconds": round(seconds, 4),
                "hits": [hit_record(hit) for hit in hits],
            },
            "\n".join(words) or "Nothing found.",
        )
    return 0


def ask(context: Context) -> int:
    """Prints an answer for each question; ends with 1 when any was refused."""
    parts, shelf = _open(context)
    questions = _questions(context)
    refused = 0
    for question in questions:
        answer = parts.answerer.answer(
            question.question,
            shelf,
            passages_shown=int(parts.choices.get("passages_shown")),
            caution=str(parts.choices.get("caution")),
        )
        refused += answer.refused
        words = (
            answer_words(answer)
            if len(questions) == 1
            else f"{question.question}\n{answer_words(answer)}\n"
        )
        context.output.result(answer_record(question.id or None, question.question, answer), words)
    return NEEDS_A_LOOK if refused else 0


def exam(context: Context) -> int:
    """Prints the scores on questions with known answers.

    At the usual caution whatever the settings say, so that figures compare.
    """
    parts, shelf = _open(context)
    questions = load_questions(context.arguments.file)
    scores = examine(questions, parts.answerer, shelf)
    context.output.result(scores, _exam_words(scores))
    return 0


def _exam_words(scores: dict[str, Any]) -> str:
    lines = []
    ranges = scores["ranges"]
    for name, value in scores.items():
        if name == "ranges":
            continue
        if isinstance(value, dict):
            lines += [
                f"{name + ' ' + key:<24}{part:.4f} s"
                for key, part in value.items()
                if part is not None
            ]
        elif isinstance(value, float):
            between = "  ({:.3f} to {:.3f})".format(*ranges[name]) if name in ranges else ""
            lines.append(f"{name:<24}{value:.3f}{between}")
        elif value is not None:
            lines.append(f"{name:<24}{value}")
    return "\n".join(lines)
