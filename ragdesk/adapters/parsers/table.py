"""CSV and its kin: separator and encoding are found out, every line is a row."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from ragdesk.domain.document import BlockKind, Page, Reading

from . import titles
from .build import PageBuilder
from .limits import MAX_CELLS
from .tables import header_count
from .text import one_page, read_text

_SEPARATORS = ",;\t|"
_LOOK_LINES = 60
_HEADER_LOOK = 8
_MAX_FIELD = 1_000_000


class TableParser:
    """Text files of rows and columns (CSV, TSV)."""

    kinds: tuple[str, ...] = ("csv",)

    def parse(self, path: Path, password: str | None) -> Iterator[Page | Reading]:
        text, gaps = read_text(path)
        builder = PageBuilder()
        complete = add_table(text, builder)
        if not gaps and (builder.full or not complete):
            gaps = (*gaps, (0, "too_many_cells"))
        yield from one_page("csv", titles.choose(path), builder.page(), gaps)


def add_table(text: str, builder: PageBuilder) -> bool:
    """Appends the rows of a CSV text; False when there were more cells than are read."""
    # A quote that is never closed would swallow the file; the reader then says so, see below.
    csv.field_size_limit(_MAX_FIELD)
    rows = _rows(text, separator(text))
    first = list(islice(rows, _HEADER_LOOK))
    header = header_count(first)
    cells = 0
    for number, row in enumerate(_chained(first, rows)):
        cells += len(row)
        if cells > MAX_CELLS or builder.full:
            return False
        if len(row) == 1:
            builder.add(BlockKind.TABLE_ROW, row[0])
        else:
            builder.add_row(row, header=number < header)
    return True


def _chained(first: list[list[str]], rest: Iterator[list[str]]) -> Iterator[list[str]]:
    yield from first
    yield from rest


def _rows(text: str, mark: str) -> Iterator[list[str]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark)
    done = 0
    try:
        for row in reader:
            done = reader.line_num
            if any(cell.strip() for cell in row):
                yield row
    except csv.Error:
        # Quotes that do not pair: from here on a line is a row as it stands.
        for line in islice(io.StringIO(text), done, None):
            if line.strip():
                yield [cell.strip(' "\n') for cell in line.split(mark)]


def separator(text: str) -> str:
    """The separator that cuts the first lines into the most equal rows; a comma when none does."""
    lines = [line for line in islice(io.StringIO(text), _LOOK_LINES) if line.strip()]
    best, score = ",", 0.0
    for mark in _SEPARATORS:
        try:
            counts = [len(row) for row in csv.reader(lines, delimiter=mark)]
        except csv.Error:
            continue
        usual = max(set(counts), key=counts.count, default=1)
        if usual > 1 and (found := counts.count(usual) / len(counts) * min(usual, 3)) > score:
            best, score = mark, found
    return best
