"""Which rows of a table are its header, for every format that has tables."""

from __future__ import annotations

import re
from collections.abc import Sequence

_NUMBER = re.compile(r"[-–+(]?\s?[$€£¥]?\s?[-–(]?\d[\d.,\s'/:%-]*\)?\s?[%$€£¥]?")
_YEAR = re.compile(r"(?:FY\s?)?(?:19|20)\d\d(?:[/-]\d{2,4})?")
_HEADER_CELL_MAX = 80
_HEADER_ROWS = 4


def is_figure(cell: str) -> bool:
    """Whether a cell holds a number, an amount or a date, but not merely a year."""
    cell = cell.strip()
    return bool(_NUMBER.fullmatch(cell)) and not _YEAR.fullmatch(cell)


def header_count(rows: Sequence[Sequence[str]]) -> int:
    """How many of the first rows name what stands in the columns below them.

    Names above figures are a header, in up to `_HEADER_ROWS` rows; names above words are one when
    they fill a row and none comes twice.
    """
    if len(rows) < 2:
        return 0
    count = next((n for n, row in enumerate(rows) if any(map(is_figure, row))), None)
    if count is None:
        return int(_names_words(rows))
    while count > 1 and _is_label(rows[count - 1]):
        count -= 1  # "Assets:" above the first figures belongs to them
    if not 0 < count <= _HEADER_ROWS:
        return 0
    cells = [cell for row in rows[:count] for cell in row]
    named = any(cell.strip() for row in rows[:count] for cell in row[1:])
    return count if named and all(len(cell) <= _HEADER_CELL_MAX for cell in cells) else 0


def _is_label(row: Sequence[str]) -> bool:
    """Whether a row says something in its first cell alone."""
    return bool(row) and bool(row[0].strip()) and not any(cell.strip() for cell in row[1:])


def _names_words(rows: Sequence[Sequence[str]]) -> bool:
    first = [cell.strip() for cell in rows[0] if cell.strip()]
    if len(first) < 2 or len(set(first)) < len(first):
        return False
    if any(len(cell) > _HEADER_CELL_MAX for cell in first):
        return False
    return len(first) >= max(sum(bool(cell.strip()) for cell in row) for row in rows[1:6])
