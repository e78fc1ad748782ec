"""Which line ends of a paragraph part what it says, and which only wrap running text. Pure.

A list, a price list or an address has a line for each thing and no full stops; read as one
sentence, what stands on one line is taken for the next one's. Running text that was wrapped by
hand, or comes from a page in print, has line ends that say nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from .small_words import SMALL_WORDS

NARROW = 45  # characters; running text is seldom wrapped at fewer
FEW_LOWER = 1 / 3  # share of lines that begin in lower case; running text has more
# A line is full where the next word would have brought it beyond this share of the usual width.
# Letters in print vary in width; in what is known for running text, a line may be set in as well.
FULL, FULL_RUNNING = 0.85, 0.7
LISTED = 4  # line ends in a row, none before a lower-case word, are no accident

_QUOTED = re.compile(r"(?:>[ \t]?)+")
_BULLET = re.compile(r"[-*+•●▪◦‣·–—□■○]\s+\S")
_OPENING = "\"'“‘„«‹([{¿¡*_"
_ENDED = re.compile(r"[.!?…:。！？؟][\"'”’»›)\]*_]*$")
_GOES_ON = re.compile("[,;(/&–—\\-\u00ad\u0002\ufffe\u2010\u2011]$")
_LABEL = re.compile(r"[^\W\d_][^:.!?\n]{0,30}:(?:\s|$)")
_GAP = re.compile(r"\S(?:\t| {3,})")  # columns made with spaces
_LAST = 40  # characters of a line in which its amount is looked for: "Slate 38.00 EUR"
_AMOUNT = re.compile(r"[^\W\d_].*\d[\d.,]*(?:\s?(?:[^\W\d_]{1,3}|[^\w\s]))?$")
_SMALL = frozenset(word for listed in SMALL_WORDS.values() for word in listed.split())


def parted(text: str) -> list[tuple[int, int]]:
    """(start, end) of each part of a paragraph, in order: a line, or lines of running text."""
    places, lines = _lines(text)
    if len(lines) < 2:
        return [(0, len(text))]
    block = _block(lines)
    found = [places[0]]
    for (first, second), place in zip(pairwise(lines), places[1:], strict=True):
        if _parts(first, second, block):
            found.append(place)
        else:
            found[-1] = (found[-1][0], place[1])
    return found


@dataclass(frozen=True, slots=True)
class _Block:
    """What lines have in common: whether they look like things one a line, and how long is full."""

    listed: bool
    full: float


def _lines(text: str) -> tuple[list[tuple[int, int]], list[str]]:
    """Place and words of each line that says something; signs of quoting in front left out."""
    places: list[tuple[int, int]] = []
    lines: list[str] = []
    start = 0
    for raw in text.split("\n"):
        words = raw.strip()
        said = _QUOTED.sub("", words, count=1) if words[:1] == ">" else words
        if said:
            at = start + raw.index(words[0])
            places.append((at, at + len(words)))
            lines.append(said)
        start += len(raw) + 1
    return places, lines


def _block(lines: Sequence[str]) -> _Block:
    ends = len(lines) - 1
    running = sum(_runs_on(line) or line.isupper() for line in lines[1:])  # capitals tell nothing
    lengths = sorted(map(len, lines))
    is_running = running >= FEW_LOWER * ends
    listed = not is_running and (lengths[-1] < NARROW or (ends >= LISTED and not running))
    width = lengths[-1 - len(lines) // 4]  # a line or two may be longer by far
    return _Block(listed, width * (FULL_RUNNING if is_running else FULL))


def _runs_on(line: str) -> bool:
    """Whether a line begins like the middle of a sentence, or in a script without capitals."""
    first = line.lstrip(_OPENING)[:1]
    return first.isalpha() and not (first.isupper() or first.istitle())


def _parts(first: str, second: str, block: _Block) -> bool:
    """Whether the line end between two lines of a block parts them."""
    if _BULLET.match(second) or _alike(first, second):
        return True
    last = first.rsplit(maxsplit=1)[-1]
    if _runs_on(second) or _GOES_ON.search(first) or _ENDED.search(first) or last in _SMALL:
        return False
    if block.listed or _LABEL.match(second):
        return True
    return len(first) + 1 + len(second.split(maxsplit=1)[0]) <= block.full


def _alike(first: str, second: str) -> bool:
    """Whether two lines are built as rows are: in columns, or a name and an amount each."""
    amounts = all(_AMOUNT.search(line[-_LAST:]) for line in (first, second))
    return amounts or all(_GAP.search(line) for line in (first, second))
