"""A question made whole and taken apart, before it is searched for.

"And in 2023?" hangs on the question before it. Rules put what it names into that question where it
is plain what is meant; where it is not, a model is asked, if one is given, and what it writes is
taken only if it says what was asked; else the two questions are searched for together. A question
of several parts ("What is X, and who does Y?") is searched for part by part.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ..domain.chat import Message
from ..domain.conversation import Turn
from ..domain.protocols import ChatModel
from ..errors import RagDeskError
from .hang import ASKS, WHO, hangs, remainder
from .match import is_small, stem, words
from .rephrase import rephrased

TURNS = 4  # questions before that are looked at
PARTS = 4  # of a question that are searched for on their own
REWRITTEN = 60  # tokens that a model may write for a question
LONGER = 40  # words that a question made whole may have

_TELLS = (
    "Rewrite the last question so that it can be understood without the one before it. Keep its"
    " meaning and its language. Write only the question."
)
_BETWEEN = re.compile(
    rf"(?:\s*[,;]\s*|\s+)(?:and|und|et|y|e|en)\s+(?:also\s+|then\s+)?(?=(?:{WHO}|{ASKS})\b)|(?<=\?)\s+",
    re.IGNORECASE,
)
_BEGINS = re.compile(rf"^(?:\w+,?\s+){{0,2}}?(?:{WHO}|{ASKS})\b", re.IGNORECASE)
_OPEN_END = re.compile(rf"\b(?:{WHO})\W*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Plan:
    """The whole question and, where it has several, its parts, each a whole question too."""

    question: str
    parts: tuple[str, ...] = ()


def planned(
    question: str,
    earlier: Sequence[Turn],
    model: ChatModel | None = None,
    stopped: Callable[[], bool] = lambda: False,
) -> Plan:
    """What is to be searched for; `earlier` are the turns before, oldest first.

    When `stopped` turns true the model is not waited for any more.
    """
    whole, together = _whole(question, earlier, model, stopped)
    parts = () if together else parts_of(whole)
    return Plan(whole, tuple(parts))


def parts_of(question: str) -> list[str]:
    """The parts of a question, those after the first made whole by it; [] where it has but one."""
    pieces = [piece.strip() for piece in _BETWEEN.split(question) if piece.strip(" ?")]
    if len(pieces) < 2 or not all(map(_asks, pieces)) or any(map(_OPEN_END.search, pieces)):
        return []
    first = _ended(pieces[0])
    parts = [first]
    for piece in pieces[1:PARTS]:
        other = _ended(piece[0].upper() + piece[1:])
        parts.append((rephrased(other, first, "") or f"{first} {other}") if hangs(other) else other)
    return parts


def _asks(piece: str) -> bool:
    told = [word for word in words(piece) if not is_small(word)]
    return bool(_BEGINS.match(piece)) and (bool(told) or hangs(_ended(piece)))


def _whole(
    question: str, earlier: Sequence[Turn], model: ChatModel | None, stopped: Callable[[], bool]
) -> tuple[str, bool]:
    """The question made whole, and whether it is two of them put together."""
    before, answer = _before(earlier)
    if not before or not hangs(question):
        return question, False
    if found := rephrased(question, before, answer):
        return found, False
    if model is not None and (found := _by_model(question, before, answer, model, stopped)):
        return found, False
    return f"{_ended(before)} {_ended(question.strip())}", True


def _before(earlier: Sequence[Turn]) -> tuple[str, str]:
    """The question before, made whole by those before it, and its short answer."""
    whole = answer = ""
    for turn in earlier[-TURNS:]:
        told = (
            [step.text for step in turn.answer.steps if step.kind == "reworded"]
            if turn.answer
            else []
        )
        if told:
            whole = told[0]
        elif whole and hangs(turn.question):
            whole = rephrased(turn.question, whole, answer) or whole
        else:
            whole = turn.question
        answer = (turn.answer.short or "") if turn.answer else ""
    return whole, answer


def _by_model(
    question: str, before: str, answer: str, model: ChatModel, stopped: Callable[[], bool]
) -> str:
    """The question as a model makes it whole, "" where it fails or leaves out what was asked."""
    told = f"Question before: {before}\n"
    told += f"Its answer: {answer}\n" if answer else ""
    sent = [Message("system", _TELLS), Message("user", f"{told}Last question: {question}")]
    try:
        deltas = model.chat(sent, most=REWRITTEN, stopped=stopped)
        written = "".join(delta.text for delta in deltas).strip()
    except RagDeskError:
        return ""  # the answer itself will meet it again, and says so
    written = written.strip("\"'“”„ ")
    if "\n" in written or not written.endswith("?") or len(written.split()) > LONGER:
        return ""
    said = {stem(word) for word in words(written)}
    asked = {stem(word) for word in words(remainder(question)) if not is_small(word)}
    known = {stem(word) for word in words(before) if not is_small(word)}
    return written if asked <= said and known & said and not hangs(written) else ""


def _ended(question: str) -> str:
    return question.strip().rstrip(" ,;.?") + "?"
