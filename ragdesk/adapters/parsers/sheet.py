"""Excel: a page a sheet, a line a row, values as the sheet shows them.

Rows are read as a stream and only cells that are there are counted, so a single cell in the last
corner of a sheet costs one cell. Formulas are never evaluated; their stored results are read.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ragdesk.domain.document import BlockKind, Page, Reading, Verdict

from . import titles
from .build import PageBuilder
from .limits import MAX_CELLS, MAX_PAGE_CHARACTERS, DamagedError
from .number_formats import NumberFormats
from .ooxml import Package, attribute, child, children, local
from .tables import is_header

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_HEADER_LOOK = 8  # rows looked at to tell whether the first is a header
_MAX_STRINGS_CHARACTERS = 50_000_000


class SheetParser:
    """Excel workbooks (XLSX)."""

    kinds: tuple[str, ...] = ("xlsx",)

    def parse(self, path: Path, password: str | None) -> Iterator[Page | Reading]:
        package = Package(path)
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
        waiting: list[list[str]] = []
        told = False
        try:
            for row in self._rows(sheet):
                if not told and len(waiting) < _HEADER_LOOK:
                    waiting.append(row)
                    continue
                if not told:
                    _begin(waiting, builder)
                    told = True
                builder.add_row(row)
                if builder.full or self._cells > MAX_CELLS:
                    self._gaps.append((builder.number, "too_many_cells"))
                    break
        except DamagedError:
            self._gaps.append((builder.number, "cut_off" if waiting else "page_damaged"))
        if not told:
            _begin(waiting, builder)

    def _rows(self, sheet: _Sheet) -> Iterator[list[str]]:
        """Rows that hold something, as the words shown; columns keep their order, not their gaps.

        Raises `DamagedError` where the sheet's XML breaks off.
        """
        from lxml import etree

        with self._package.archive.open(self._package.name(sheet.part)) as stream:
            events = etree.iterparse(
                stream, tag="{*}row", resolve_entities=False, no_network=True, load_dtd=False,
                huge_tree=False,
            )  # fmt: skip
            try:
                for _, row in events:
                    cells = [self._value(cell) for cell in row if local(cell) == "c"]
                    self._cells += len(cells)
                    row.clear()
                    while row.getprevious() is not None:
                        del row.getparent()[0]
                    if any(cells):
                        yield _trimmed(cells)
            except etree.XMLSyntaxError as error:
                raise DamagedError(f"{sheet.part}: {error}") from error

    def _value(self, cell: Element) -> str:
        kind = cell.get("t") or "n"
        if kind == "inlineStr":
            return _string(child(cell, "is"))
        value = (getattr(child(cell, "v"), "text", None) or "").strip()
        if not value:
            # A formula that was never reckoned is shown as what it is.
            formula = (getattr(child(cell, "f"), "text", None) or "").strip()
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
        from lxml import etree

        strings: list[str] = []
        if part is None or not self._package.has(part):
            return strings
        size = 0
        with self._package.archive.open(self._package.name(part)) as stream:
            events = etree.iterparse(
                stream, tag="{*}si", resolve_entities=False, no_network=True, load_dtd=False,
                huge_tree=False,
            )  # fmt: skip
            try:
                for _, item in events:
                    strings.append(_string(item))
                    size += len(strings[-1])
                    item.clear()
                    while item.getprevious() is not None:
                        del item.getparent()[0]
                    if size > _MAX_STRINGS_CHARACTERS:
                        break
            except etree.XMLSyntaxError as error:
                raise DamagedError(f"{part}: {error}") from error
        return strings


def _begin(rows: list[list[str]], builder: PageBuilder) -> None:
    """The first rows of a sheet: a caption above the table, then its header."""
    rows = list(rows)
    if len(rows) > 1 and len(rows[0]) == 1 and len(rows[1]) != 1:
        builder.add(BlockKind.TITLE, rows.pop(0)[0])
        while len(rows) > 1 and len(rows[0]) == 1:
            builder.add(BlockKind.PARAGRAPH, rows.pop(0)[0])
    header = is_header(rows)
    for number, row in enumerate(rows):
        builder.add_row(row, header=header and number == 0)


def _string(element: Element | None) -> str:
    """The words of a string with runs, without the phonetic ones."""
    if element is None:
        return ""
    parts = []
    for part in children(element):
        if local(part) == "t":
            parts.append(part.text or "")
        elif local(part) == "r":
            parts.extend(t.text or "" for t in children(part) if local(t) == "t")
    return "".join(parts)


def _trimmed(cells: list[str]) -> list[str]:
    while cells and not cells[-1].strip():
        cells.pop()
    return cells
