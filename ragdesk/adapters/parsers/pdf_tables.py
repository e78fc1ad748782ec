"""Tables on PDF pages: lines with wide gaps that stand together, their wrapped cells, their header."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from ragdesk.domain.document import Block, BlockKind

from .pdf_text import Line

_NUMERIC = re.compile(r"[\d,.()%$€£¥\-–—\s]+")
_YEAR = re.compile(r"(?:19|20)\d\d")
_MONTH = re.compile(
    r"\b(?:jan|feb|mar|m\u00e4r|apr|may|mai|jun|jul|aug|sep|oct|okt|nov|dec|dez)\w*\.?\s+\d{1,2}\b",
    re.IGNORECASE,
)
_HEADER_LINES = 4
_WRAPPED_LINES = 8  # lines of wrapped cells between two rows that show themselves as rows
_LABEL_MAX = 60


def stretches(rows: Sequence[Line]) -> Iterator[tuple[list[Line], bool]]:
    """Runs of lines that are a table, or are not."""
    flags = [row.cells > 1 for row in rows]
    _join_wrapped(rows, flags)
    for i, flag in enumerate(flags):
        if flag and not any(flags[max(i - 1, 0) : i] + flags[i + 1 : i + 2]):
            flags[i] = False  # one row is no table
    _join_headers(rows, flags)
    for is_table, numbered in groupby(enumerate(rows), key=lambda pair: flags[pair[0]]):
        yield [row for _, row in numbered], is_table


def _join_wrapped(rows: Sequence[Line], flags: list[bool]) -> None:
    """Takes in what stands between and after the rows: labels, and lines of cells that wrap."""
    i = 0
    while i < len(rows):
        if not flags[i]:
            i += 1
            continue
        left = rows[i].left
        following = next(
            (k for k in range(i + 1, min(i + 2 + _WRAPPED_LINES, len(rows))) if flags[k]), None
        )
        end = i + 1
        while end < len(rows) and not flags[end] and _wraps(rows[end], left, rows[i]):
            end += 1
        if following is not None and (
            (following == i + 2 and _is_label(rows[i], rows[i + 1]))
            or _goes_on_beside(rows[end:following], rows[following])
        ):
            end = max(end, following)
        for k in range(i + 1, min(end, i + 2 + _WRAPPED_LINES)):
            flags[k] = True
        i = max(end, i + 1)


def _wraps(line: Line, left: float, row: Line) -> bool:
    """Whether a line stands in a later column of the table that begins at `left`."""
    near = abs(row.base - line.base) < (2.5 + _WRAPPED_LINES) * max(row.size, 1.0)
    return (
        near and line.left > left + 1.5 * line.size and abs(line.size - row.size) < 0.12 * row.size
    )


def _goes_on_beside(lines: Sequence[Line], row: Line) -> bool:
    """Whether `lines` are a wrapped first cell, whose other cells stand in `row` beside them."""
    if not lines or len(lines) > _WRAPPED_LINES:
        return False
    first = lines[0]
    return row.left > first.left + 1.5 * first.size and row.base > first.base - 0.5 * first.size


def _is_label(row: Line, line: Line) -> bool:
    return len(line.text) < _LABEL_MAX and 0 < row.base - line.base < 3 * line.size


def _join_headers(rows: Sequence[Line], flags: list[bool]) -> None:
    """Takes in lines right above a table that head its columns: of cells, or bold above plain."""
    for i in range(1, len(rows)):
        if not flags[i] or flags[i - 1]:
            continue
        plain = not all(row.bold for row in rows[i : i + _HEADER_LINES])
        for k in range(i - 1, max(i - 1 - _HEADER_LINES, -1), -1):
            line, below = rows[k], rows[k + 1]
            near = abs(line.base - below.base) < 2.2 * below.size
            heads = line.cells > 1 or (line.bold and plain and len(line.text) < _LABEL_MAX)
            if flags[k] or not (near and heads) or line.size > 1.05 * rows[i].size:
                break
            flags[k] = True


def table_blocks(lines: Sequence[Line]) -> Iterator[Block]:
    """A block a row, wrapped cells included; what names the columns is the header."""
    rows = list(_rows(lines))
    header = _header(rows)
    for number, row in enumerate(rows):
        kind = BlockKind.TABLE_HEADER if number < header else BlockKind.TABLE_ROW
        yield Block(kind, row[0].start, row[-1].end - row[0].start)


def _rows(lines: Sequence[Line]) -> Iterator[list[Line]]:
    """Lines as rows: a line in a later column, or beside the one before, goes on with its row."""
    left = min(line.left for line in lines)
    row: list[Line] = []
    sure = 0  # lines before this one belong to the row that was begun
    for number, line in enumerate(lines):
        later = line.left > left + 1.5 * line.size
        beside = bool(row) and line.base > row[0].base - 0.5 * line.size
        if row and (number < sure or (later and (line.cells == 1 or beside))):
            row.append(line)
            continue
        if row:
            yield row
        row = [line]
        sure = _end_of_wrapped(lines, number, left)
    if row:
        yield row


def _end_of_wrapped(lines: Sequence[Line], begin: int, left: float) -> int:
    """Where a first cell of several lines ends, when its other cells stand beside it; else `begin`."""
    end = begin
    while (
        end < len(lines)
        and lines[end].cells == 1
        and lines[end].left < left + 1.5 * lines[end].size
    ):
        end += 1
    if end < len(lines) and _goes_on_beside(lines[begin:end], lines[end]):
        return end
    return begin


def _header(rows: Sequence[Sequence[Line]]) -> int:
    """How many rows name the columns: bold ones above plain, or words above figures."""
    if len(rows) < 2:
        return 0
    most = min(_HEADER_LINES, len(rows) - 1)
    bold = next((n for n, row in enumerate(rows) if not all(line.bold for line in row)), 0)
    if 0 < bold <= most:
        return bold
    texts = [" ".join(line.text for line in row) for row in rows]
    if not any(_figures(text) for text in texts[1:]) or _figures(texts[0]):
        return 0
    header = 1
    while header < most and not _holds_digits(texts[header]) and rows[header][0].cells > 1:
        header += 1
    return header


def _holds_digits(text: str) -> bool:
    return any(map(str.isdigit, _YEAR.sub(" ", _MONTH.sub(" ", text))))


def _figures(text: str) -> bool:
    """Whether a row holds figures other than years and days."""
    words = [word.strip("$€£()%,.") for word in _YEAR.sub(" ", _MONTH.sub(" ", text)).split()]
    numbers = [word for word in words if word and _NUMERIC.fullmatch(word) and word[-1].isdigit()]
    return bool(numbers) or _holds_digits(text)
