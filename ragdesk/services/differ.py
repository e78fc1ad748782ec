"""Whether two documents answer the same question, and whether they say the same. Pure."""

from __future__ import annotations

import re
from typing import Protocol

from .choose import Chosen, Sought
from .compare import normal
from .match import stem, words

ALIKE = 0.6  # share of words that sentences have in common which say the same of two things
ALIKE_LEAST = 3  # words; two in common say little
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

    They do where their sentences are alike but for the words in question. Otherwise only words of
    one kind count (amounts, dates, what was asked for), where being different means something; and
    only where the other sentence names as much of the question as the first.
    """
    if other.score < best.score - near:
        return False
    if _alike(best, other) >= ALIKE:
        return True
    named = sought.share_named(_around(other)) >= NAMED_AS_WELL * sought.share_named(_around(best))
    return named and _one_kind(best.words, other.words, sought)


def agree(first: str, second: str) -> bool:
    """Whether two short answers say the same: equal, or one is the other with more words."""
    ours, theirs = _plain(first), _plain(second)
    return ours == theirs or f" {ours} " in f" {theirs} " or f" {theirs} " in f" {ours} "


def _alike(first: Weighed, second: Weighed) -> float:
    """The share of words that two sentences have in common, those in question left out."""
    ours, theirs = _rest(first), _rest(second)
    common = len(ours & theirs)
    return common / len(ours | theirs) if common >= ALIKE_LEAST else 0.0


def _rest(found: Weighed) -> set[str]:
    return {stem(word) for word in words(found.around.text.replace(found.words, " "))}


def _one_kind(first: str, second: str, sought: Sought) -> bool:
    kind = sought.expected
    if kind is not None and kind.kind != "name":  # of names every capital letter makes one
        return bool(kind.find(first)) and bool(kind.find(second))
    return bool(_DIGIT.search(first)) and bool(_DIGIT.search(second))


def _around(found: Weighed) -> str:
    return f"{found.around.hit.context}\n{found.around.text}"


def _plain(text: str) -> str:
    counted = " ".join(_COUNTS.get(word, word) for word in normal(text).split())
    return " ".join(_SMALL.sub(" ", _TWICE.sub(r"\1", counted)).split())
