"""Commands that ask: they only look, so they work beside an open window."""

from __future__ import annotations

import time
from collections.abc import Sequence

from ..domain.examination import ExamQuestion
from ..engine.build import Parts, build_reader
from ..services.examine import examine, load_questions
from ..services.receive import received
from .answer_words import answer_words, heading_of, place_words
from .exam_words import exam_words
from .output import Context, answer_record, hit_record, wrap

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
        places = [
            place_words(hit, parts.documents.page_name, path=True, heading=heading_of(hit))
            for hit in hits
        ]
        words = [
            f"{hit.rank}. {place}\n{wrap(hit.quote, '   ')}"
            for hit, place in zip(hits, places, strict=True)
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
        words = answer_words(answer, question.question, parts.documents.page_name)
        if len(questions) > 1:
            words = f"{question.question}\n{words}\n"
        context.output.result(answer_record(question.id or None, question.question, answer), words)
    return NEEDS_A_LOOK if refused else 0


def exam(context: Context) -> int:
    """Prints the scores on questions with known answers.

    At the usual caution whatever the settings say, so that figures compare.
    """
    parts, shelf = _open(context)
    questions = load_questions(context.arguments.file)
    progress = context.output.progress
    scores = examine(
        questions,
        parts.answerer,
        shelf,
        lambda done, total: progress(f"Asked {done} of {total} questions"),
    )
    progress("")
    context.output.result(scores, exam_words(scores))
    return 0
