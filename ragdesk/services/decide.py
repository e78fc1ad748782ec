"""Whether documents let a question be answered with yes or no, and with which. Pure.

A reader that is asked for yes or no says one of them of things that no document mentions. So it is
believed only where the words of the question stand in the document that decides; and of a short
sentence that denies, never yes.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass

from ..domain.conversation import Hit
from .mark import Candidate, Seen
from .match import stem, terms, words
from .named import NAMES_NEEDED, names
from .rerank import worth
from .want import asks_yes_or_no

LEAST = 0.2  # chance of yes or no below which a question for it is answered in words
FRONT = 6000  # characters of a first page, where a document says what and whom it is about
SHORT = 20  # words; of what a longer sentence denies, a part may well be granted
DENIED = 0.5  # share of what the question is about that a sentence names which denies it
FORM_LEAST = 4  # letters that two forms of one word begin with (licence, license)
FORM_SHARE = 2 / 3  # and of the longer one

# Words of a question that say how it is asked rather than what about: a text has others for them.
_ASKING_WORDS = """
    able accept accepted allow allowed already anyone apply automatically bar barred bought
    business buy clause commitment company contain count eligible entitled even ever everyone
    exist fine firm forbid forbidden get give grant granted happen happens have include included
    kind like name need needed obligation obliged offer offered ok okay one people permit
    permitted person policy possible prohibit prohibited provide provided provision really
    receive require required restrict rule same say sell shop sold someone sort still stock
    store take there thing things time times true type use want way
"""
_ASKING = frozenset(map(stem, words(_ASKING_WORDS)))
_VERB = r"(?:is|are|was|were|do|does|did|can|could|may|might|must|shall|should|will|would|has|have|had|be)"
_DENIES = re.compile(
    rf"\b{_VERB}(?:\s+(?:not|no|never)\b|n['’]t\b)|\bcannot\b|\bnever\b"
    r"|\b(?:prohibited|forbidden)\b|^\W*no\b",
    re.IGNORECASE,
)
# What is the one is not the other: a shop that is closed is not open.
_OPPOSITES = {
    "open": "closed",
    "closed": "open",
    "included": "excluded",
    "excluded": "included",
    "available": "unavailable",
    "possible": "impossible",
    "allowed": "forbidden",
    "permitted": "prohibited",
    "valid": "expired",
}
_DENIED = re.compile(r"\b(?:not|no)\b|n['’]t\b", re.IGNORECASE)
_BUT = re.compile(
    r"\b(?:unless|except|until|without|only|but|however|if|other than|provided)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Decided:
    """`kind` is "yes", "no", or None where words of the question stand nowhere; `first` decides.

    `absent`: the question names the document that decides, so what it does not mention is not in it.
    """

    kind: str | None
    first: Candidate
    absent: bool = False


def decide(seen: Seen, front: Callable[[Hit], str]) -> Decided | None:
    """What a question for yes or no is answered with, None where it wants words.

    `front` gives the text of the first page of a hit's document.
    """
    if not asks_yes_or_no(seen.question) or not seen.candidates:
        return None
    worths = [worth(*one, seen.mix) for one in seen.read]
    weights = [math.exp(one - max(worths)) for one in worths]
    total = sum(weights)
    yes = sum(w * m.yes for w, (_, m) in zip(weights, seen.read, strict=True)) / total
    no = sum(w * m.no for w, (_, m) in zip(weights, seen.read, strict=True)) / total
    if yes + no < LEAST:
        return None
    by_passage = {
        hit.passage_id: weight * (marks.yes if yes > no else marks.no)
        for weight, (hit, marks) in zip(weights, seen.read, strict=True)
    }
    first = max(seen.candidates, key=lambda c: (by_passage[c.around.hit.passage_id], c.score))
    if missing(seen.question, _surroundings(seen, first.around.hit, front)):
        return Decided(None, seen.candidates[0], _is_named(seen.question, first.around.hit, front))
    return Decided("no" if no >= yes or denies(seen, first) else "yes", first)


def missing(question: str, text: str) -> list[str]:
    """What a question is about that stands in no form in `text`.

    Words that only ask ("Is it allowed ...") do not count.
    """
    there = set(words(text))
    stems = {stem(word) for word in there}
    return [
        word
        for word in _about(question)
        if stem(word) not in stems
        and _OPPOSITES.get(word) not in there
        and not any(_forms(word, other) for other in there)
    ]


def denies(seen: Seen, candidate: Candidate) -> bool:
    """Whether a sentence, short and without an exception, says that what is asked is not so."""
    text = candidate.around.text
    about = _about(seen.question)
    said, asked = set(words(text)), set(words(seen.question))
    opposite = any(_OPPOSITES.get(word) in said for word in asked - said)
    return (
        len(text.split()) <= SHORT
        and (opposite or _DENIES.search(text) is not None)
        and not _BUT.search(text)
        and not _DENIED.search(seen.question)
        and len(missing(seen.question, text)) <= (1 - DENIED) * len(about)
    )


def _is_named(question: str, hit: Hit, front: Callable[[Hit], str]) -> bool:
    """Whether a question has the names that stand on the front of a hit's document."""
    asked = names(question)
    shown = "\n".join([hit.title, hit.path, front(hit)[:FRONT]])
    return len(asked) >= NAMES_NEEDED and len(missing(" ".join(asked), shown)) <= len(asked) / 2


def _surroundings(seen: Seen, decides: Hit, front: Callable[[Hit], str]) -> str:
    """All that was read of the document that decides, its title, name and the start of page one."""
    read = [hit for hit, _ in seen.read if hit.document_id == decides.document_id]
    parts = [decides.title, re.split(r"[/\\]", decides.path)[-1], front(decides)[:FRONT]]
    return "\n".join([*parts, *(f"{hit.context}\n{hit.text}" for hit in read)])


def _about(text: str) -> list[str]:
    return [
        word
        for word in terms(text)
        if stem(word) not in _ASKING and (len(word) > 1 or word.isdigit())
    ]


def _forms(first: str, second: str) -> bool:
    """Whether two words are likely forms of one: they begin alike for most of their length."""
    longest = max(len(first), len(second))
    alike = next(
        (n for n, (a, b) in enumerate(zip(first, second, strict=False)) if a != b),
        min(len(first), len(second)),
    )
    return alike >= FORM_LEAST and alike >= FORM_SHARE * longest
