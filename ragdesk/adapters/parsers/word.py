"""Word: body in order with headings, lists and tables; notes, comments, headers once at the end."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from ragdesk.domain.document import BlockKind, Page, Reading

from . import titles
from .build import PageBuilder
from .ooxml import Package, child, children, is_on, local
from .tables import header_count
from .text import one_page
from .word_styles import Numbering, Styles

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_LAST_PARTS = ("header", "footer", "footnotes", "endnotes", "comments")
# Old text, formulas of fields, and the copy of a drawing for programs that cannot show it.
_SKIPPED = frozenset(("del", "moveFrom", "instrText", "delText", "Fallback", "pPr", "rPr"))
_BREAKS = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_BOLD_HEADING_MAX = 90


class WordParser:
    """Word documents (DOCX)."""

    kinds: tuple[str, ...] = ("docx",)

    def parse(self, path: Path, password: str | None) -> Iterator[Page | Reading]:
        package = Package(path, password)
        try:
            reader = _WordReader(package)
            reader.read()
            builder = reader.builder
            title = titles.choose(
                path,
                package.title(),
                builder.first(BlockKind.TITLE),
                builder.first(BlockKind.HEADING),
            )
            gaps = [(0, "hidden_text")] if reader.hides else []
            if builder.full:
                gaps.append((0, "too_much_text"))
            yield from one_page("docx", title, builder.page(), tuple(gaps))
        finally:
            package.close()


@dataclass(slots=True)
class _Words:
    """What a paragraph says, and the boxes that hang on it."""

    parts: list[str] = field(default_factory=list)
    boxes: list[Element] = field(default_factory=list)
    plain: bool = False  # whether any of its words is not bold

    @property
    def text(self) -> str:
        return "".join(self.parts).strip()


class _WordReader:
    def __init__(self, package: Package) -> None:
        self._package = package
        self._main = package.main("word/document.xml")
        self._related = package.related(self._main)
        self._styles = Styles(self._optional("styles"))
        self._numbering = Numbering(self._optional("numbering"))
        self.builder = PageBuilder()
        self.hides = False

    def _optional(self, kind: str) -> Element | None:
        part = next((r.part for r in self._related.values() if r.kind == kind), None)
        return self._package.optional(part) if part else None

    def read(self) -> None:
        """Raises `DamagedError` when the main part is missing or broken."""
        body = child(self._package.xml(self._main), "body")
        self._blocks(body)
        said: set[str] = set()
        for kind in _LAST_PARTS:
            for relation in self._related.values():
                if relation.kind == kind:
                    self._last(self._package.optional(relation.part), said)

    def _last(self, root: Element | None, said: set[str]) -> None:
        """Paragraphs of a header, footer, note or comment, each wording once."""
        if root is None:
            return
        for paragraph in root.iter("{*}p"):
            text = self._words(paragraph).text
            if text not in said and any(map(str.isalpha, text)):
                said.add(text)
                self.builder.add(BlockKind.PARAGRAPH, text)

    def _blocks(self, container: Element | None) -> None:
        for element in children(container):
            name = local(element)
            if name == "p":
                self._paragraph(element)
            elif name == "tbl":
                self._table(element)
            elif name == "sdt":
                self._blocks(child(element, "sdtContent"))
            elif name not in _SKIPPED:
                self._blocks(element)  # insertions, custom markup

    def _paragraph(self, paragraph: Element) -> None:
        words = self._words(paragraph)
        properties = child(paragraph, "pPr")
        style = self._styles.of(properties)
        label = self._numbering.label(properties, style)
        text = f"{label} {words.text}".strip() if words.text else ""
        if style.title:
            self.builder.add(BlockKind.TITLE, text)
        elif style.level:
            self.builder.add(BlockKind.HEADING, text, style.level)
        elif label or style.list_item:
            self.builder.add(BlockKind.LIST_ITEM, text)
        elif not words.plain and _could_head(text):
            self.builder.add(BlockKind.HEADING, text, 4)
        else:
            self.builder.add(BlockKind.PARAGRAPH, text)
        for box in words.boxes:
            self._blocks(box)

    def _words(self, element: Element) -> _Words:
        words = _Words()
        self._collect(element, words)
        return words

    def _collect(self, element: Element, words: _Words) -> None:
        for part in children(element):
            name = local(part)
            if name in _SKIPPED:
                continue
            if name == "r":
                self._run(part, words)
            elif name == "txbxContent":
                words.boxes.append(part)
            else:
                self._collect(part, words)

    def _run(self, run: Element, words: _Words) -> None:
        properties = child(run, "rPr")
        if is_on(child(properties, "vanish")) or is_on(child(properties, "webHidden")):
            self.hides = self.hides or any(local(part) == "t" for part in children(run))
            return
        for part in children(run):
            name = local(part)
            if name == "t":
                words.parts.append(part.text or "")
                if (part.text or "").strip() and not is_on(child(properties, "b")):
                    words.plain = True
            elif name in _BREAKS:
                words.parts.append(_BREAKS[name])
            elif name not in _SKIPPED:
                self._collect(part, words)

    def _table(self, table: Element) -> None:
        rows = [row for row in self._rows(table) if any(cell.strip() for cell, _ in row)]
        texts = [[cell for cell, _ in row] for row in rows]
        if rows and max(map(len, rows)) == 1:  # a frame around text
            for row in rows:
                for _, cell in row:
                    self._blocks(cell)
            return
        header = header_count(texts)
        for number, cells in enumerate(texts):
            self.builder.add_row(cells, header=number < header)

    def _rows(self, table: Element) -> Iterator[list[tuple[str, Element]]]:
        for element in children(table):
            if local(element) == "tr":
                yield [(self._cell(cell), cell) for cell in self._cells(element)]
            elif local(element) in ("sdt", "sdtContent", "ins", "customXml"):
                yield from self._rows(element)

    def _cells(self, row: Element) -> Iterator[Element]:
        for element in children(row):
            if local(element) == "tc":
                yield element
            elif local(element) in ("sdt", "sdtContent", "customXml"):
                yield from self._cells(element)

    def _cell(self, cell: Element) -> str:
        """All words of a cell on one line, tables within it included."""
        texts = []
        for element in children(cell):
            if local(element) == "p":
                words = self._words(element)
                texts.append(words.text)
                texts.extend(self._cell(box) for box in words.boxes)
            elif local(element) == "tbl":
                texts.extend(text for row in self._rows(element) for text, _ in row)
            elif local(element) not in _SKIPPED:
                texts.append(self._cell(element))
        return " ".join(text for text in texts if text)


def _could_head(text: str) -> bool:
    """Whether bold words on a line of their own can be a heading."""
    if not 2 < len(text) <= _BOLD_HEADING_MAX or "\n" in text or text[-1] in ".,;":
        return False
    return any(map(str.isalpha, text))
