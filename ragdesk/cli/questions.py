"""Commands that ask: they only look, so they work beside an open window."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from ..domain.conversation import Answer, Hit
from ..domain.examination import ExamQuestion
from ..engine.build import Parts, build_reader, build_writer
from ..errors import NotFound, ServerLost, WrongUse
from ..services.examine import Answerer, examine, load_questions
from ..services.receive import received
from ..services.write import WrittenAnswerer
from ..store.assistants import Assistants
from .answer_words import answer_words, heading_of, place_words
from .exam_words import exam_words
from .library import looking
from .output import Context, answer_record, hit_record, left_words, wrap
from .writers import QUOTE, WRITTEN, full_name, plain_name, serving
from .written import AskingWriter

NEEDS_A_LOOK = 1


def _open(context: Context) -> tuple[Parts, str | None]:
    """What answers, and the shelf that is asked: the one named, else the assistant's."""
    arguments = context.arguments
    context.need_library()
    if arguments.assistant is None and arguments.version is not None:
        raise WrongUse(detail="--version needs --assistant")
    folder, shelf = _version(context) if arguments.assistant is not None else (None, None)
    parts = build_reader(context.home, folder)
    if arguments.collection:
        shelf = parts.collections.named(arguments.collection).id
    return parts, shelf


def _version(context: Context) -> tuple[Path | None, str | None]:
    """The folder of the version that answers, None for RagDesk as it comes, and its shelf."""
    with looking(context) as database:
        store = Assistants(database)
        assistant = store.named(context.arguments.assistant)
        number = context.arguments.version
        number = assistant.current if number is None else number
        if number and number not in [one.number for one in store.versions(assistant.id)]:
            raise NotFound(what="version", name=number)
    folder = context.home.version(assistant.id, number) if number else None
    return folder, assistant.collection_id


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
    """Prints an answer for each question; ends with 1 when one was refused or not written."""
    parts, shelf = _open(context)
    questions = _questions(context)
    how = context.arguments.answerer or str(parts.choices.get("answerer"))
    if how != QUOTE:
        with serving(context.home) as servers:
            return AskingWriter(context, parts, servers, shelf).ask(questions)
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
    """Prints the scores on questions with known answers, asked of quotes if nothing else is said.

    At the usual caution whatever the settings say, so that figures compare.
    """
    parts, shelf = _open(context)
    questions = load_questions(context.arguments.file)
    how = context.arguments.answerer or QUOTE
    if how == QUOTE:
        return _examined(context, questions, parts.answerer, shelf, QUOTE, {})
    with serving(context.home) as servers:
        name = str(parts.choices.get("model")) if how == WRITTEN else full_name(servers, how)
        context.output.progress(f"Getting {plain_name(name)} ready…")
        writer = Noting(build_writer(parts, servers, name))
        return _examined(context, questions, writer, shelf, plain_name(name), writer.troubles)


def _examined(
    context: Context,
    questions: Sequence[ExamQuestion],
    answerer: Answerer,
    shelf: str | None,
    name: str,
    troubles: Mapping[str, int],
) -> int:
    started = time.monotonic()
    progress = context.output.progress

    def tell(done: int, total: int) -> None:
        left = (time.monotonic() - started) / done * (total - done)
        progress(f"Asked {done} of {total} questions{left_words(left)}")

    scores = examine(questions, answerer, shelf, tell)
    progress("")
    words = exam_words(scores)
    if unwritten := sum(troubles.values()):
        times = "once" if unwritten == 1 else f"{unwritten} times"
        words += f"\nThe model broke off, or wrote nothing, {times}: {', '.join(troubles)}."
    context.output.result({"answerer": name, "not_written": dict(troubles), **scores}, words)
    return NEEDS_A_LOOK if unwritten else 0


class Noting:
    """Answers as `writer` does; `troubles` counts the errors that broke off an answer, by code."""

    def __init__(self, writer: WrittenAnswerer) -> None:
        self._writer = writer
        self.troubles: dict[str, int] = {}

    def answer(
        self,
        question: str,
        collection_id: str | None = None,
        *,
        on_found: Callable[[Sequence[Hit]], None],
    ) -> Answer:
        answer = self._writer.answer(question, collection_id, on_found=on_found)
        if code := answer.trouble or (ServerLost.code if answer.finish == "lost" else ""):
            self.troubles[code] = self.troubles.get(code, 0) + 1
        return answer
