"""Which rows of a table are its header, for every format that has tables."""

from __future__ import annotations

import re
from collections.abc import Sequence

_NUMBER = re.compile(r"[-+(]?[$€£¥]?\s?\d[\d.,\s'%/:-]*\)?\s?[%$€£¥]?")
_YEAR = re.compile(r"(?:FY\s?)?(?:19|20)\d\d(?:[/-]\d{2,4})?")
_HEADER_CELL_MAX = 60


def is_figure(cell: str) -> bool:
    """Whether a cell holds a number, an amount or a date, but not merely a year."""
    cell = cell.strip()
    return bool(_NUMBER.fullmatch(cell)) and not _YEAR.fullmatch(cell)


def is_header(rows: Sequence[Sequence[str]]) -> bool:
    """Whether the first row names what stands in the columns below it."""
    if len(rows) < 2:
        return False
    first = [cell.strip() for cell in rows[0] if cell.strip()]
    if len(first) < 2 or any(is_figure(cell) or len(cell) > _HEADER_CELL_MAX for cell in first):
        return False
    if len(set(first)) < len(first) and not any(_YEAR.fullmatch(cell) for cell in first):
        return False
    # Names above figures are a header; above words they are one when they are as many or more.
    if any(is_figure(cell) for row in rows[1:6] for cell in row):
        return True
    return len(first) >= max(sum(bool(cell.strip()) for cell in row) for row in rows[1:6])
