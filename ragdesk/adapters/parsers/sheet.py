"""Excel: a page a sheet, a line a row, values as the sheet shows them.

Rows are read as a stream and only cells that are there are counted, so a single cell in the last
corner of a sheet costs one cell. Formulas are never evaluated; their stored results are read.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from ragdesk.domain.document import BlockKind, Page, Reading, Verdict

from . import titles
from .build import PageBuilder
from .limits import MAX_CELLS, MAX_PAGE_CHARACTERS, DamagedError
from .number_formats import NumberFormats
from .ooxml import Package, attribute, broken, child, children
from .tables import header_count

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_HEADER_LOOK = 10  # rows looked at to tell which of them are a header
_LONG_CELL = 100  # characters: alone in its row, such a cell is a paragraph
_MAX_EMPTY = 12
_KEPT_ELEMENTS = 64  # empty shells of elements that are done with
_MAX_STRINGS_CHARACTERS = 50_000_000


class SheetParser:
    """Excel workbooks (XLSX)."""

    kinds: tuple[str, ...] = ("xlsx",)

    def parse(self, path: Path, password: str | None) -> Iterator[Page | Reading]:
        package = Package(path, password)
        try:
            yield from _Workbook(path, package).run()
        finally:
            package.close()


@dataclass(slots=True)
class _Sheet:
    name: str
    part: str


class _Workbook:
    def __init__(self, path: Path, package: Package) -> None:
        self._path = path
        self._package = package
        main = package.main("xl/workbook.xml")
        root = package.xml(main)
        related = package.related(main)
        self._sheets = [
            _Sheet(sheet.get("name") or "", related[identity].part)
            for sheet in children(child(root, "sheets"))
            if (identity := attribute(sheet, "id") or "") in related
            and related[identity].kind in ("worksheet", "sheet")
        ]
        properties = child(root, "workbookPr")
        from_1904 = (attribute(properties, "date1904") or "0") in ("1", "true")
        parts = {relation.kind: relation.part for relation in related.values()}
        styles = parts.get("styles")
        self._formats = NumberFormats(package.optional(styles) if styles else None, from_1904)
        self._strings = self._shared_strings(parts.get("sharedStrings"))
        self._cells = 0
        self._characters = 0
        self._gaps: list[tuple[int, str]] = []

    def run(self) -> Iterator[Page | Reading]:
        missing = [sheet for sheet in self._sheets if not self._package.has(sheet.part)]
        if missing and len(missing) == len(self._sheets):
            raise DamagedError(f"the part {missing[0].part} is missing")
        filled, title = 0, ""
        for number, sheet in enumerate(self._sheets, 1):
            builder = PageBuilder(number, sheet.name, MAX_PAGE_CHARACTERS - self._characters)
            if sheet in missing:
                self._gaps.append((number, "page_damaged"))
            else:
                self._read(sheet, builder)
            page = builder.page()
            self._characters += len(page.text)
            filled += not builder.empty
            title = title or builder.first(BlockKind.TITLE)
            yield page
        if not filled:
            verdict = Verdict.DAMAGED if self._gaps else Verdict.EMPTY
            yield Reading(verdict, "xlsx", paged=True, pages=len(self._sheets))
            return
        name = titles.choose(self._path, self._package.title(), title)
        yield Reading(
            Verdict.READY_WITH_GAPS if self._gaps else Verdict.READY,
            "xlsx",
            name,
            paged=True,
            pages=len(self._sheets),
            gaps=tuple(self._gaps),
        )

    def _read(self, sheet: _Sheet, builder: PageBuilder) -> None:
        section = _Section(builder)
        try:
            for number, cells in self._rows(sheet):
                section.add(number, cells)
                if builder.full or self._cells > MAX_CELLS:
                    self._gaps.append((builder.number, "too_many_cells"))
                    break
        except DamagedError:
            self._gaps.append((builder.number, "cut_off" if self._cells else "page_damaged"))
        section.end()

    def _rows(self, sheet: _Sheet) -> Iterator[tuple[int, list[tuple[int, str]]]]:
        """Rows that say something: number, and (column, words shown) of the cells that do.

        Raises `DamagedError` where the sheet's XML breaks off.
        """
        number = 0
        for row in _elements(self._package, sheet.part, "row"):
            stated = row.get("r") or ""
            number = int(stated) if stated.isdecimal() else number + 1
            cells: list[tuple[int, str]] = []
            column = 0
            for cell in row:
                column = _column(cell.get("r")) or column + 1
                self._cells += 1
                if words := self._value(cell).strip():
                    cells.append((column, words))
            if cells:
                yield number, cells

    def _value(self, cell: Element) -> str:
        kind = cell.get("t") or "n"
        value = formula = ""
        for part in cell:
            tag = part.tag
            if tag.endswith("}v"):
                value = part.text or ""
            elif tag.endswith("}f"):
                formula = part.text or ""
            elif tag.endswith("}is"):
                return _string(part)
        if not value:
            # A formula that was never reckoned is shown as what it is.
            return f"={formula}" if formula else ""
        if kind == "s":
            place = int(value) if value.isdecimal() else -1
            return self._strings[place] if 0 <= place < len(self._strings) else ""
        if kind == "b":
            return "TRUE" if value == "1" else "FALSE"
        if kind == "n":
            return self._formats.shown(value, cell.get("s"))
        return value.replace("T00:00:00", "") if kind == "d" else value

    def _shared_strings(self, part: str | None) -> list[str]:
        strings: list[str] = []
        if part is None or not self._package.has(part):
            return strings
        size = 0
        for item in _elements(self._package, part, "si"):
            strings.append(_string(item))
            size += len(strings[-1])
            if size > _MAX_STRINGS_CHARACTERS:
                break
        return strings


class _Section:
    """Rows without a blank row between them: a caption, a header, and what stands below."""

    def __init__(self, builder: PageBuilder) -> None:
        self._builder = builder
        self._waiting: list[list[tuple[int, str]]] | None = []
        self._last = 0
        self._left = 1  # the first column that says anything

    def add(self, number: int, cells: list[tuple[int, str]]) -> None:
        if number > self._last + 1:
            self.end()
            self._waiting = []
        self._last = number
        if self._waiting is None:
            self._row(self._spread(cells))
            return
        self._waiting.append(cells)
        if len(self._waiting) == _HEADER_LOOK:
            self.end()

    def end(self) -> None:
        """Adds the first rows of the section, now that enough of them is known."""
        rows, self._waiting = self._waiting, None
        if not rows:
            return
        self._left = min(cells[0][0] for cells in rows)
        first = 0
        if len(rows) > 1 and max(map(len, rows)) > 1:
            while first < len(rows) - 1 and [self._left] == [column for column, _ in rows[first]]:
                self._caption(rows[first][0])
                first += 1
        spread = [self._spread(cells) for cells in rows[first:]]
        header = header_count(spread)
        for number, row in enumerate(spread):
            self._row(row, header=number < header)

    def _caption(self, cell: tuple[int, str]) -> None:
        if self._builder.empty:
            self._builder.add(BlockKind.TITLE, cell[1])
        elif len(cell[1]) > _LONG_CELL:
            self._builder.add(BlockKind.PARAGRAPH, cell[1])
        else:
            self._builder.add(BlockKind.HEADING, cell[1], 2)

    def _row(self, row: list[str], *, header: bool = False) -> None:
        if len(row) == 1 and len(row[0]) > _LONG_CELL:
            self._builder.add(BlockKind.PARAGRAPH, row[0])
        else:
            self._builder.add_row(row, header=header)

    def _spread(self, cells: list[tuple[int, str]]) -> list[str]:
        """Words in their columns; wide stretches of empty columns shrink."""
        row: list[str] = []
        at = self._left
        for column, words in cells:
            row.extend([""] * min(max(column - at, 0), _MAX_EMPTY))
            row.append(words)
            at = column + 1
        return row


def _elements(package: Package, part: str, name: str) -> Iterator[Element]:
    """Elements of one name in a part, one at a time, each forgotten after its turn.

    Raises `DamagedError` where the XML breaks off.
    """
    from lxml import etree

    with package.archive.open(package.name(part)) as stream:
        events = etree.iterparse(
            stream, tag="{*}" + name, resolve_entities=False, no_network=True, load_dtd=False,
            huge_tree=False, remove_comments=True, remove_pis=True,
        )  # fmt: skip
        try:
            for _, element in events:
                yield element
                element.clear()
                parent = element.getparent()
                if parent is not None and len(parent) > _KEPT_ELEMENTS:
                    del parent[:-1]
        except etree.XMLSyntaxError as error:
            raise broken(part, error) from error


def _column(reference: str | None) -> int:
    """Number of the column in a reference such as "AB12", 0 when there is none."""
    letters = (reference or "").rstrip("0123456789")
    return _column_of_letters(letters)


@lru_cache(maxsize=20_000)
def _column_of_letters(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        if not "A" <= letter <= "Z":
            return 0
        number = number * 26 + ord(letter) - 64
    return number


def _string(element: Element) -> str:
    """The words of a string with runs, without the phonetic ones."""
    parts = []
    for part in element:
        if part.tag.endswith("}t"):
            parts.append(part.text or "")
        elif part.tag.endswith("}r"):
            parts.extend(inner.text or "" for inner in part if inner.tag.endswith("}t"))
    return "".join(parts)
