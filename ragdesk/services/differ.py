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
_NUMBER = rf"(?:\d|\b(?:{'|'.join(_WORDS.split())})\b)(?:\s\(\d+\))?"
# Units of amounts, the first that a text has one of.
_SHAPES = tuple(
    (name, re.compile(pattern, re.IGNORECASE))
    for name, pattern in (
        ("percent", rf"{_NUMBER}\s?(?:%|percent\b|per cent\b|Prozent\b)"),
        (
            "money",
            (
                r"[$€£¥]\s?\d|\d\s?(?:(?:thousand|million|billion)\s)?"
                r"(?:[$€£¥]|(?:euros?|dollars?|pounds?|cents?|EUR|USD|GBP|CHF)\b)"
                r"|\b(?:EUR|USD|GBP|CHF)\s\d"
            ),
        ),
        (
            "time",
            (
                rf"{_NUMBER}[\s-]?(?:\w+\s)?(?:seconds?|minutes?|hours?|days?|weeks?|months?|years?"
                r"|Sekunden?|Minuten?|Stunden?|Tagen?|Tag|Wochen?|Monate?n?|Jahre?n?)\b"
            ),
        ),
        ("length", r"\d\s?(?:km|m|cm|mm|kilometres?|met(?:re|er)s?|miles?|feet|ft)\b(?![²2])"),
        ("number", r"\d"),
    )
)
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
    if alike(best, other):
        return True
    named = sought.share_named(_around(other)) >= NAMED_AS_WELL * sought.share_named(_around(best))
    return named and _one_kind(best.words, other.words, sought)


def agree(first: str, second: str) -> bool:
    """Whether two short answers say the same: equal, or one is the other with more words."""
    ours, theirs = _plain(first), _plain(second)
    return ours == theirs or f" {ours} " in f" {theirs} " or f" {theirs} " in f" {ours} "


def alike(first: Weighed, second: Weighed) -> bool:
    """Whether two sentences have most words in common, those in question left out."""
    ours, theirs = _rest(first), _rest(second)
    common = len(ours & theirs)
    return common >= ALIKE_LEAST and common >= ALIKE * len(ours | theirs)


def label(around: Chosen, marked: tuple[int, int]) -> str:
    """What stands in front of words in a line of the kind "Trade discount: 12 %", "" elsewhere."""
    front = around.hit.text[around.start : marked[0]].strip()
    return normal(front.lstrip("-–—*•· ")) if front.endswith((":", "=")) else ""


def shape(text: str) -> str | None:
    """The unit of the amount in a text: "percent", "money", "time", "length", "number", or None."""
    return next((name for name, pattern in _SHAPES if pattern.search(text)), None)


def named_apart(ours: str, theirs: str, sought: Sought) -> bool:
    """Whether a question means one document and not another, by what it names of all they say.

    A number that only one of them has ("in 2024") means that one.
    """
    here, there = ({stem(word) for word in words(text)} for text in (ours, theirs))
    only = {word for word in sought.weights if word in here and word not in there}
    return any(_DIGIT.search(word) for word in only) or (
        sought.share_named(theirs) < NAMED_AS_WELL * sought.share_named(ours)
    )


def _rest(found: Weighed) -> set[str]:
    return {stem(word) for word in words(found.around.text.replace(found.words, " "))}


def _one_kind(first: str, second: str, sought: Sought) -> bool:
    kind = sought.expected
    # Of names every capital letter makes one; a fee that is asked for like money may be a share.
    if kind is not None and kind.kind != "name" and kind.find(first):
        return bool(kind.find(second))
    return shape(first) is not None and shape(first) == shape(second)


def _around(found: Weighed) -> str:
    return f"{found.around.hit.context}\n{found.around.text}"


def _plain(text: str) -> str:
    counted = " ".join(_COUNTS.get(word, word) for word in normal(text).split())
    return " ".join(_SMALL.sub(" ", _TWICE.sub(r"\1", counted)).split())
