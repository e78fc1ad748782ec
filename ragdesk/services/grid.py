"""What the cells of a table are called, and the unit that its header or caption gives them. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from .mend import cell_places

SHORT_LINE = 8  # words of a line above a table that may give it another unit than money

_HAS_WORD = re.compile(r"[^\W\d_]{2}")
_CODES = "USD|EUR|GBP|CHF|JPY|CNY|RMB|SEK|NOK|DKK|PLN|CZK|HUF|CAD|AUD|NZD|INR|BRL|MXN|ZAR|SGD|HKD|KRW|TRY"
_MONEY = rf"(?:U\.?S\.?\s?(?:\$|dollars?)|[$€£¥]|(?:{_CODES})\b|euros?|dollars?|pounds?|francs?)"
_SCALE = (
    r"(?:thousands?|millions?|billions?|tausend|millionen|milliarden|milliers|milliards|miles|millones"
    r"|tsd|mio|mrd|mn|bn|['’]?000s?)\b\.?"
)
_OF = rf"(?:\s?(?:of\s|de\s|d['’]|von\s)?{_MONEY})?(?:,?\s(?:except|other than)\b[^();]{{0,80}})?"
_SCALED = re.compile(
    rf"(?:(?:shares|{_MONEY})\s)?\b(?:in|en)\s(?:{_MONEY}\s?)?{_SCALE}{_OF}", re.IGNORECASE
)
_IN_MONEY = re.compile(rf"\b(?:in|en)\s{_MONEY}", re.IGNORECASE)
_MEASURE = re.compile(
    r"\bin\s(?:square\s(?:met(?:re|er)s|feet)|m²|sqm|kg|tonnes|tons|lit(?:re|er)s|%|per\s?cent|[kMG]Wh)",
    re.IGNORECASE,
)
_ALONE = re.compile(  # as a name or in brackets behind one: "EUR million", "RMB’Million", "T€", "$"
    rf"(?:{_MONEY}\s?['’]?\s?(?:{_SCALE}|m|k)?|{_SCALE}\s?{_MONEY}|T(?:€|EUR))", re.IGNORECASE
)
_BRACKETS = re.compile(r"\(([^()]{1,40})\)")
_PLAIN_NUMBER = re.compile(r"[-–(+]?\s?\d[\d.,' ]*\)?")
_YEAR = re.compile(r"(?:19|20)\d\d")


def cell_texts(row: str) -> list[str]:
    """The texts of a row's cells, empty ones included."""
    return [row[start:end] for start, end in cell_places(row)]


def column_names(heads: Sequence[str], cells: Sequence[str]) -> list[str]:
    """The name of each column by its header rows, top to bottom; [] where none of them fits.

    A header over several columns names each of them; one that gives only a unit names none.
    """
    rows = [cell_texts(head) for head in heads]
    rows = [row for row in rows if not all(_ALONE.fullmatch(name) for name in row if name)]
    # Over another header, one that lacks cells and has no gaps may stand over any of the columns.
    rows = [row for row in rows[:-1] if len(row) >= len(cells) or not all(row)] + rows[-1:]
    levels = [level for row in rows if (level := _level(row, cells))]
    names: list[list[str]] = [[] for _ in cells]
    for number, level in enumerate(levels):
        over = ""
        for column, name in enumerate(level[: len(cells)]):
            if number < len(levels) - 1 and column:
                over = name = name or over
            if name and name not in names[column]:
                names[column].append(name)
    return [" ".join(each) for each in names] if levels else []


def _level(header: Sequence[str], cells: Sequence[str]) -> list[str]:
    """A header row's cells as those of the columns; [] where they do not fit."""
    missing = len(cells) - len(header)
    if missing <= 0:
        return list(header)
    # The column of the rows' names often has none itself, nor have the last of several under one.
    if not _HAS_WORD.search(cells[0]) or (missing > 1 and all(header)):
        return []
    return ["", *header, *[""] * (missing - 1)]


def unit(column: int, cells: Sequence[str], heads: Sequence[str], above: Iterable[str]) -> str:
    """The unit of a row's cell as the table tells it ("in thousands"), '' where there is none.

    `above` are the lines over the table, the nearest first. A cell that has a unit of its own, or
    that is no amount, gets none.
    """
    number = re.sub(rf"^{_MONEY}\s?", "", cells[column].strip())
    if not column or not _PLAIN_NUMBER.fullmatch(number) or _YEAR.fullmatch(number):
        return ""
    own, shared = "", ""
    for head in heads:
        header = cell_texts(head)
        level = _level(header, cells)
        if level:
            own = _unit_of_name(level[column]) or own
            shared = _unit_of_name(level[0]) or shared
        else:
            found = {given for name in header if (given := _unit_of_name(name))}
            shared = found.pop() if len(found) == 1 else shared
    given = own or shared or next((said for line in above if (said := _unit_of_line(line))), "")
    if "per share" in cells[0].lower() and re.search("except|other than", given):
        return ""
    return given


def _unit_of_name(name: str) -> str:
    if found := _SCALED.search(name) or _IN_MONEY.search(name) or _MEASURE.search(name):
        return found.group().strip()
    alone = next((part for part in (name, *_BRACKETS.findall(name)) if _ALONE.fullmatch(part)), "")
    return alone.strip()


def _unit_of_line(line: str) -> str:
    found = _SCALED.search(line) or _IN_MONEY.search(line)
    if not found and len(line.split()) <= SHORT_LINE:
        found = _MEASURE.search(line)
    return found.group().strip() if found else ""
