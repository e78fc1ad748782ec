"""Commands about practice questions: list, add, review in the terminal, import, export."""

from __future__ import annotations

import dataclasses
import os
import sys
from collections import Counter
from collections.abc import Sequence
from typing import Any

from ..domain.training import Fold, Pair, PairState
from ..engine.engine import Engine
from ..errors import NotFound, RagDeskError, WrongUse
from ..messages import AddPair, ExportPairs, ImportPairs, RestorePair, ReviewPair
from ..services.locate import Located, Locator
from ..settings import MODEL_NAME
from ..store.documents import Documents
from ..store.pairs import Pairs
from ..texts import sentence
from .assistants import assistant_of
from .library import looking, running
from .output import Context, wrap

NEEDS_A_LOOK = 1
ENOUGH = 12  # reviewed questions that are worth it
_STATES = {
    PairState.MADE: "not looked at",
    PairState.RIGHT: "right",
    PairState.WRONG: "wrong",
    PairState.SKIPPED: "skipped",
    PairState.REJECTED: "left out",
}
_KEYS = {"r": "right", "w": "wrong", "s": "skipped", "n": "absent"}  # key: `ReviewPair.state`
_HELP = "r right · w wrong · s skip · f fix · n not in the documents · u undo · q quit, then Enter"


def pairs(context: Context) -> int:
    """Lists practice questions; each action has a function of its own."""
    action = getattr(context.arguments, "action", None) or "list"
    actions = {
        "list": _list,
        "add": _add,
        "review": review,
        "import": _import,
        "export": _export,
    }
    return actions[action](context)


def _list(context: Context) -> int:
    wanted = context.arguments.state
    with looking(context) as database:
        assistant = assistant_of(database, context.arguments.assistant)
        documents = Documents(database, MODEL_NAME)
        states = [PairState(wanted)] if wanted else list(PairState)
        everything = Pairs(database).all(assistant.id)
        found = [pair for pair in everything if pair.asks and pair.state in states]
        counts = Counter(pair.state for pair in everything if pair.asks)
        others = sum(not pair.asks for pair in everything)
        paths = {one.document_id: documents.path_of(one.document_id) for one in found}
    for pair in found:
        path = paths[pair.document_id]
        context.output.result(_record(pair, path), _line(pair, path))
    told = [f"{counts[state]} {words}" for state, words in _STATES.items() if state in counts]
    context.output.note(
        f"{assistant.name}: {', '.join(told)}. {others} more, for the search alone, are not questions."
        if told
        else f"{assistant.name} has no practice questions yet."
    )
    return 0


def _add(context: Context) -> int:
    """A person's own question, with its answer and where that stands, or with no answer at all."""
    context.need_library()
    arguments = context.arguments
    if arguments.absent == bool(arguments.answer or arguments.document or arguments.quote):
        raise WrongUse(
            detail="say the answer and where it stands, with --answer and --document or --quote,"
            " or --absent where the documents do not answer"
        )
    with running(context, start=False) as engine:
        assistant = assistant_of(engine.database, arguments.assistant)
        place = None if arguments.absent else _located(engine, context, assistant.collection_id)
        command = AddPair(
            "",
            assistant.id,
            arguments.question,
            arguments.answer or "",
            place.document_id if place else "",
            tuple((s.page, s.start, s.length) for s in place.spans) if place else (),
        )
        pair = Pairs(engine.database).get(assistant.id, engine.handle(command))
        path = engine.documents.path_of(pair.document_id) if pair.document_id else ""
    context.output.result(_record(pair, path), _line(pair, path))
    return 0


def _located(engine: Engine, context: Context, shelf: str | None) -> Located:
    """Where the answer stands: by the words that are quoted, else by the answer itself."""
    arguments = context.arguments
    if not arguments.answer:
        raise WrongUse(detail="--answer is missing")
    finder = Locator(engine.documents, engine.passages, shelf, lambda *_: Fold.PRACTICE)
    document = arguments.document or ""
    if document and not finder.documents_called(document):
        raise NotFound(what="document", name=document)
    found = finder.locate(document, None, arguments.quote or "", arguments.answer)
    if found is None:
        where = f"in {document}" if document else "in the documents"
        raise WrongUse(
            detail=f"these words were not found {where}: {arguments.quote}"
            if arguments.quote
            else f"the answer does not stand in just one place {where};"
            " copy the sentence that says it behind --quote"
        )
    return found


def _import(context: Context) -> int:
    """A file's bad lines are told by number; the others are taken."""
    context.need_library()
    with running(context, start=False) as engine:
        assistant = assistant_of(engine.database, context.arguments.assistant)
        path = os.path.abspath(context.arguments.file)
        count, *troubles = engine.handle(ImportPairs("", assistant.id, path)).split("\n")
    for trouble in troubles:
        context.output.note(trouble[:1].upper() + trouble[1:])
    context.output.result(
        {"imported": int(count), "troubles": troubles},
        f"{_counted(int(count))} taken for {assistant.name}.",
    )
    return NEEDS_A_LOOK if troubles else 0


def _export(context: Context) -> int:
    context.need_library()
    with running(context, start=False) as engine:
        assistant = assistant_of(engine.database, context.arguments.assistant)
        path = os.path.abspath(context.arguments.file)
        count = int(engine.handle(ExportPairs("", assistant.id, path)))
    context.output.result(
        {"exported": count, "path": path}, f"{_counted(count)} written to {context.arguments.file}."
    )
    return 0


def review(context: Context) -> int:
    """Asks a person about one practice question after the other, the most useful first."""
    context.need_library()
    with running(context, start=False) as engine:
        assistant = assistant_of(engine.database, context.arguments.assistant)
        made = Pairs(engine.database).all(assistant.id, states=[PairState.MADE])
        waiting = [pair for pair in made if pair.asks]
        if not waiting:
            context.output.note(f"{assistant.name} has no practice questions to look at.")
            return 0
        reviewed = _Review(context, engine, assistant.id, waiting).run()
    rest = len(waiting) - reviewed
    context.output.result(
        {"reviewed": reviewed, "left": rest}, f"{_counted(reviewed)} looked at, {rest} left."
    )
    return 0


class _Review:
    """One question at a time, on a terminal or from a file of keys."""

    def __init__(
        self, context: Context, engine: Engine, assistant_id: str, waiting: Sequence[Pair]
    ) -> None:
        self._output = context.output
        self._engine = engine
        self._assistant = assistant_id
        self._waiting = waiting

    def run(self) -> int:
        """Until all are looked at or the person has enough; how many were looked at."""
        enough = min(ENOUGH, len(self._waiting))
        self._output.note(f"{enough} of {len(self._waiting)} is enough. {_HELP}")
        at = 0
        self._show(at)
        while at < len(self._waiting):
            key = self._asked("> ")
            if key is None or key == "q":
                break
            moved = self._do(key.strip().lower(), at)
            if moved is None:
                continue
            at += moved
            if at < len(self._waiting):
                self._show(at)
        return at

    def _do(self, key: str, at: int) -> int | None:
        """What a key does to the question at hand; how far to move, None to ask again."""
        pair = self._waiting[at]
        if key in _KEYS:
            self._engine.handle(ReviewPair("", self._assistant, pair.id, _KEYS[key]))
            return 1
        if key == "u" and at:
            self._engine.handle(RestorePair("", self._assistant, self._waiting[at - 1].id))
            return -1
        if key == "u":
            self._output.note("There is nothing to undo.")
        elif key == "f":
            return self._fix(pair)
        else:
            self._output.note(_HELP)
        return None

    def _fix(self, pair: Pair) -> int | None:
        question = self._asked("Question (Enter keeps it): ")
        answer = self._asked("Answer, as it stands there (Enter keeps it): ")
        if question is None or answer is None:
            return None
        right = PairState.RIGHT.value
        try:
            self._engine.handle(ReviewPair("", self._assistant, pair.id, right, question, answer))
        except RagDeskError as error:
            self._output.note(sentence(error))
            return None
        return 1

    def _show(self, at: int) -> None:
        pair = self._waiting[at]
        path = self._engine.documents.path_of(pair.document_id)
        where = _where(pair, path, paged=self._engine.documents.is_paged(pair.document_id))
        self._output.note(
            f"\n{at + 1} of {len(self._waiting)}\n{wrap(pair.question, '  ')}\n"
            f"{wrap(_answer(pair), '  → ')}"
        )
        if pair.quote:
            self._output.note(f"{wrap(' '.join(pair.quote.split()), '    ')}\n    {where}")

    def _asked(self, prompt: str) -> str | None:
        """A line that the person types, None at the end of what comes in."""
        print(prompt, end="", file=sys.stderr, flush=True)
        line = sys.stdin.readline()
        return line.strip() if line else None


def _record(pair: Pair, path: str) -> dict[str, Any]:
    return {**dataclasses.asdict(pair), "path": path}


def _line(pair: Pair, path: str) -> str:
    where = f"  ({path})" if path else ""
    reason = f": {pair.reason}" if pair.reason else ""
    return f"[{_STATES[pair.state]}{reason}] {pair.question} → {_answer(pair)}{where}"


def _answer(pair: Pair) -> str:
    if pair.absent:
        return "the documents do not say it"
    return " ".join(pair.answer.split()) or "the whole passage"


def _where(pair: Pair, path: str, *, paged: bool) -> str:
    page = f", page {pair.spans[0].page}" if pair.spans and paged else ""
    return f"{path}{page}"


def _counted(count: int) -> str:
    return "1 practice question" if count == 1 else f"{count} practice questions"
