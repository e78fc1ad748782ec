"""Lists inside passages: the lines of a bulleted or numbered one, the parts of "a, b and c". Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .mend import row_cells

LEAST = 2  # items of a list
LONGEST = 40  # words of a line that is taken for an item without a bullet in front
RUN = 3  # short lines that stand together, from which on they may be a list without bullets
SHORT = 10  # words of such a line
PART = 12  # words of a part of an enumeration, at most

_BULLET = re.compile(
    r"\s*(?:[-–—*•◦▪‣·●○■□]|\(?(?:\d{1,2}|[a-z]|[ivx]{1,4})[.)](?!\d)|\d{1,2}\.(?:\d{1,2}\.?)+)\s+",
    re.IGNORECASE,
)
_AND = r"(?:and|or|as well as|und|oder|sowie|et|ou|y)"
_BETWEEN = re.compile(rf"\s*[,;]\s*(?:{_AND}\s+)?|\s+{_AND}\s+")


@dataclass(frozen=True, slots=True)
class Itemised:
    """A list in a text: (start, end) of each item without its bullet, and of the line above it."""

    items: tuple[tuple[int, int], ...]
    head: tuple[int, int] | None

    def holds(self, start: int, end: int) -> bool:
        """Whether the list, or the line above it, has a part in this stretch."""
        first = (self.head or self.items[0])[0]
        return start < self.items[-1][1] and first < end


def lists(text: str, least: int = LEAST) -> list[Itemised]:
    """The lists of a text made of lines, in order, of `least` items at least.

    A list is lines with a bullet or number, or, below a line that ends with a colon, lines of few
    words without one (some formats keep no bullets).
    """
    found: list[Itemised] = []
    items: list[tuple[int, int]] = []
    head: tuple[int, int] | None = None
    before: tuple[int, int] | None = None
    bulleted = False
    start = 0
    for line in [*text.split("\n"), ""]:
        end = start + len(line)
        bullet = _BULLET.match(line)
        goes_on = bullet if bulleted else _may_be_item(line)
        if items and not goes_on:
            found += _closed(items, head, least)
            items = []
        if not items and (bullet or _opens(text, before)) and _may_be_item(line, bool(bullet)):
            head, bulleted = before, bool(bullet)
            items = [(start + (bullet.end() if bullet else 0), end)]
        elif items:
            items.append((start + (bullet.end() if bullet else 0), end))
        before = (start, end) if line and row_cells(line) is None else None
        start = end + 1
    return found + _closed(items, head, least)


def opening(text: str) -> Itemised | None:
    """The list with bullets that a passage begins with, perhaps the rest of one, if it does."""
    found = lists(text, 1) if is_item(text) else []
    return found[0] if found else None


def closing(text: str) -> Itemised | None:
    """The list with bullets that a passage ends with, perhaps the start of one, if it does."""
    found = lists(text, 1) if is_item(text[text.rfind("\n") + 1 :]) else []
    return found[-1] if found else None


def run(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """The (start, end) of each line of a run of short lines without a full stop around a place.

    [] where fewer than `RUN` stand together: such lines under one heading are a list that was
    written without bullets.
    """
    found: list[tuple[int, int]] = []
    at = 0
    for line in [*text.split("\n"), ""]:
        if _is_short_line(line):
            found.append((at, at + len(line)))
        elif len(found) >= RUN and found[0][0] < end and start < found[-1][1]:
            return found
        else:
            found = []
        at += len(line) + 1
    return []


def _is_short_line(line: str) -> bool:
    short = 0 < len(line.split()) <= SHORT and row_cells(line) is None
    return short and not line.rstrip().endswith((".", "!", "?", ":", ";", ","))


def _closed(
    items: list[tuple[int, int]], head: tuple[int, int] | None, least: int
) -> list[Itemised]:
    return [Itemised(tuple(items), head)] if len(items) >= least else []


def _opens(text: str, line: tuple[int, int] | None) -> bool:
    return line is not None and text[slice(*line)].endswith(":")


def _may_be_item(line: str, bulleted: bool = False) -> bool:
    if not line.strip() or row_cells(line) is not None:
        return False
    return bulleted or (len(line.split()) <= LONGEST and not line.endswith(":"))


def is_item(line: str) -> bool:
    """Whether a line has a bullet or a number in front."""
    return _BULLET.match(line) is not None


def parts(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """(start, end) of the parts of an enumeration `text[start:end]`, [] where it is none.

    One "and" alone is taken for one only where what stands on its sides is short.
    """
    found: list[tuple[int, int]] = []
    at = start
    for between in _BETWEEN.finditer(text, start, end):
        if _inside_number(text, between):
            continue
        found.append((at, between.start()))
        at = between.end()
    found.append((at, end))
    found = [(a, b) for a, b in found if text[a:b].strip()]
    longest = max((len(text[a:b].split()) for a, b in found), default=0)
    if len(found) < LEAST or longest > (PART if len(found) > LEAST else PART // 2):
        return []
    return found


def joins(text: str) -> bool:
    """Whether a text is nothing but what stands between the parts of an enumeration."""
    return _BETWEEN.fullmatch(text) is not None


def _inside_number(text: str, between: re.Match[str]) -> bool:
    """Whether it is the comma of "1,200"."""
    start, end = between.span()
    return (
        end - start == 1
        and start > 0
        and end < len(text)
        and (text[start - 1].isdigit() and text[end].isdigit())
    )
