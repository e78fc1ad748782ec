"""What the window says of practice questions: their states, where they come from, why one is left out."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from ...domain.training import Pair, PairSource, PairState
from .. import words

# For each state its word, icon and colour.
_STATES = {
    PairState.MADE: ("Not looked at", "waiting", "muted"),
    PairState.RIGHT: ("Right", "ready", "good"),
    PairState.WRONG: ("Wrong", "wrong", "wrong"),
    PairState.SKIPPED: ("Skipped", "forward", "muted"),
    PairState.REJECTED: ("Left out", "gaps", "look"),
}

_SOURCES = {
    PairSource.DOCUMENT: "Made from how the document is written",
    PairSource.TEACHER: "Written by the larger model",
    PairSource.PERSON: "Written by a person",
}

# Why a filter left one out, by the filter's name; and why an imported one is not used.
_REASONS = {
    "schema": "not written as it should be",
    "quote": "what it quotes does not stand in the document",
    "facts": "a number, date or name of the answer does not stand there",
    "alone": "not understood without the document beside it",
    "novelty": "much like another question",
    "round_trip": "its own passage is not found with it",
    "reader": "the documents seem to answer it after all",
    "place": "its answer was not found in the documents",
}


def tr(text: str) -> str:
    return QCoreApplication.translate("pair_words", text)


def state(which: PairState) -> tuple[str, str, str]:
    """(word, icon, colour) of a state."""
    text, picture, role = _STATES[which]
    return tr(text), picture, role


def state_of(pair: Pair) -> str:
    """The state in words, with the reason where there is one."""
    text = state(pair.state)[0]
    if not pair.reason:
        return text
    reason = tr(_REASONS.get(pair.reason, pair.reason.replace("_", " ")))
    return tr("{state}: {reason}").format(state=text, reason=words.plain(reason))


def source(pair: Pair) -> str:
    return tr(_SOURCES[pair.source])


def answer(pair: Pair) -> str:
    """The answer as it is shown, also where there is none in words."""
    if pair.absent:
        return tr("The documents do not say it")
    if not pair.answer:
        return tr("The whole passage")
    return words.plain(" ".join(pair.answer.split()))


def question(pair: Pair) -> str:
    return words.plain(" ".join(pair.question.split()))


def questions(count: int) -> str:
    if count == 1:
        return tr("1 practice question")
    return tr("{n} practice questions").format(n=words.number(count))
