"""Whether two documents answer the same question, and whether they say the same. Pure."""

from __future__ import annotations

import re
from typing import Protocol

from .choose import Chosen, Sought
from .compare import normal

NAMED_AS_WELL = 0.8  # share of what the first names of the question that the other must name too

_WORDS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"
    " sixteen seventeen eighteen nineteen twenty"
)
_COUNTS = {word: str(number) for number, word in enumerate(_WORDS.split())}
_DIGIT = re.compile(r"\d")
_TWICE = re.compile(r"\b(\d+) \1\b")  # "five (5)"
_SMALL = re.compile(r"\b(?:the|a|an|about|approx|approximately|up to|at least|within)\b")


class Weighed(Protocol):
    """Words of a document that may answer."""

    @property
    def around(self) -> Chosen: ...
    @property
    def words(self) -> str: ...
    @property
    def score(self) -> float: ...


def comparable(best: Weighed, other: Weighed, sought: Sought, near: float) -> bool:
    """Whether two documents answer the same question about as surely.

    Only for words of one kind (amounts, dates, what was asked for), where being different means
    something; and only where the other sentence names as much of the question as the first.
    """
    if other.score < best.score - near or not _one_kind(best.words, other.words, sought):
        return False
    return _named(other, sought) >= NAMED_AS_WELL * _named(best, sought)


def agree(first: str, second: str) -> bool:
    """Whether two short answers say the same: equal, or one is the other with more words."""
    ours, theirs = _plain(first), _plain(second)
    return ours == theirs or f" {ours} " in f" {theirs} " or f" {theirs} " in f" {ours} "


def _one_kind(first: str, second: str, sought: Sought) -> bool:
    if sought.expected is not None:
        return bool(sought.expected.find(first)) and bool(sought.expected.find(second))
    return bool(_DIGIT.search(first)) and bool(_DIGIT.search(second))


def _named(found: Weighed, sought: Sought) -> float:
    return sought.share_named(f"{found.around.hit.context}\n{found.around.text}")


def _plain(text: str) -> str:
    counted = " ".join(_COUNTS.get(word, word) for word in normal(text).split())
    return " ".join(_SMALL.sub(" ", _TWICE.sub(r"\1", counted)).split())
