"""HTML: what a person would read, without what is hidden; nothing is loaded, run or followed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from ragdesk.domain.document import BlockKind, Page, Reading

from . import titles
from .build import PageBuilder
from .encodings import decode_text
from .limits import clean, hides_text, read_bytes
from .tables import header_count
from .text import one_page

_DECLARED = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
_XML_DECLARED = re.compile(rb"^\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]+)")
_SKIPPED = frozenset(
    ("script", "style", "noscript", "template", "svg", "math", "iframe", "object", "embed",
     "canvas", "audio", "video", "select", "datalist", "textarea", "head", "noframes", "map")
)  # fmt: skip
_BLOCKS = frozenset(
    ("p", "div", "section", "article", "main", "aside", "header", "footer", "nav", "address",
     "blockquote", "figure", "figcaption", "dl", "dt", "dd", "ul", "ol", "form", "fieldset",
     "legend", "details", "summary", "center", "body", "hr", "caption", "option", "button")
)  # fmt: skip
_HIDDEN_STYLE = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?:[a-z%]*)?\s*(?:;|$)|"
    r"opacity\s*:\s*0(?:\.0+)?\s*(?:;|$)",
    re.IGNORECASE,
)
_SPACE = re.compile(r"[ \t\n\r\f\u00a0]+")
_FEED = 64 * 1024
_HIDDEN_WORDS = 8  # fewer are menus and labels that wait to be opened
_LAYOUT_CELL = 250  # characters: longer cells are text that a table only places


@dataclass(slots=True)
class _Piece:
    """A block on its way: words of one kind, or a table row (`cells`)."""

    kind: BlockKind
    text: str = ""
    level: int = 0
    cells: list[str] | None = None


@dataclass(slots=True)
class _Table:
    rows: list[list[list[_Piece]]] = field(default_factory=list)
    heads: list[bool] = field(default_factory=list)  # whether each cell of a row is a <th>
    nested: bool = False


@dataclass(slots=True)
class WebText:
    """What an HTML text says."""

    title: str
    hides: bool
    pieces: list[_Piece]

    def add_to(self, builder: PageBuilder) -> None:
        for piece in self.pieces:
            if piece.cells is not None:
                builder.add_row(piece.cells, header=piece.kind is BlockKind.TABLE_HEADER)
            else:
                builder.add(piece.kind, piece.text, piece.level)


class WebParser:
    """HTML pages."""

    kinds: tuple[str, ...] = ("html",)

    def parse(self, path: Path, password: str | None) -> Iterator[Page | Reading]:
        data, more = read_bytes(path)
        raw = decode_text(data, declared(data))
        web = web_text(raw)
        builder = PageBuilder()
        first = next((p.text for p in web.pieces if p.kind is BlockKind.HEADING), "")
        if web.title and web.title != first:
            builder.add(BlockKind.TITLE, web.title)
        web.add_to(builder)
        gaps: list[tuple[int, str]] = []
        if web.hides or hides_text(raw):
            gaps.append((0, "hidden_text"))
        if more or builder.full:
            gaps.append((0, "too_much_text"))
        page = builder.page() if web.pieces else Page(1, "")
        yield from one_page("html", titles.choose(path, web.title, first), page, tuple(gaps))


def declared(data: bytes) -> str | None:
    """The encoding that an HTML file says it has."""
    found = _XML_DECLARED.search(data[:1024]) or _DECLARED.search(data[:4096])
    name = found.group(1).decode("ascii", "replace").lower() if found else None
    # Browsers take Latin-1 for cp1252, and so it is meant.
    return "cp1252" if name in ("iso-8859-1", "latin1", "latin-1", "us-ascii") else name


def web_text(text: str) -> WebText:
    """The visible words of an HTML text as pieces. Never raises."""
    from lxml import etree

    target = _Target()
    parser = etree.HTMLParser(target=target, no_network=True, remove_comments=True, recover=True)
    text = clean(text)
    try:
        for start in range(0, len(text), _FEED):
            parser.feed(text[start : start + _FEED])
        parser.close()
    except etree.LxmlError:
        target.close()  # what came before the break counts
    return WebText(_SPACE.sub(" ", "".join(target.title)).strip(), target.hides, target.pieces)


class _Target:
    """Receives lxml's events; keeps no tree, so deep nesting costs nothing."""

    def __init__(self) -> None:
        self.title: list[str] = []
        self.hides = False
        self.pieces: list[_Piece] = []
        self._sinks: list[list[_Piece]] = [self.pieces]
        self._tables: list[_Table] = []
        self._words: list[str] = []
        self._kind = BlockKind.PARAGRAPH
        self._level = 0
        self._open: list[str] = []
        self._skip_from: int | None = None  # depth of the element whose content is left out
        self._skip_hidden = False
        self._in_title = False
        self._nav: list[int] = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        tag = str(tag).lower()
        self._open.append(tag)
        if tag == "title" and "svg" not in self._open:
            self._in_title = True
        if self._skip_from is not None:
            return
        hidden = "hidden" in attributes or bool(_HIDDEN_STYLE.search(attributes.get("style") or ""))
        if tag in _SKIPPED or hidden:
            self._skip_from = len(self._open)
            self._skip_hidden = hidden and tag not in _SKIPPED
            return
        if tag == "nav" or attributes.get("role") == "navigation":
            self._flush()
            self._nav.append(len(self._open))
        self._begin(tag)

    def _begin(self, tag: str) -> None:
        if tag == "br":
            self._words.append("\n")
        elif len(tag) == 2 and tag[0] == "h" and tag[1] in "123456":
            self._flush(BlockKind.HEADING, int(tag[1]))
        elif tag == "li":
            self._flush(BlockKind.LIST_ITEM)
        elif tag == "pre":
            self._flush(BlockKind.CODE)
        elif tag == "table":
            self._flush()
            if self._tables:
                self._tables[-1].nested = True
            self._tables.append(_Table())
        elif tag == "tr" and self._tables:
            self._tables[-1].rows.append([])
            self._tables[-1].heads.append(True)
        elif tag in ("td", "th") and self._tables:
            self._flush()
            table = self._tables[-1]
            if not table.rows:
                table.rows.append([])
                table.heads.append(True)
            table.rows[-1].append([])
            table.heads[-1] = table.heads[-1] and tag == "th"
            self._sinks.append(table.rows[-1][-1])
        elif tag in _BLOCKS:
            # A paragraph within a list item is still that item.
            self._flush(self._kind if self._kind is BlockKind.LIST_ITEM and tag == "p" else None)

    def end(self, tag: str) -> None:
        tag = str(tag).lower()
        if tag == "title":
            self._in_title = False
        if self._skip_from is None:
            self._finish(tag)
        while self._open:
            top = self._open.pop()
            if self._skip_from is not None and len(self._open) < self._skip_from:
                self._skip_from = None
            if self._nav and len(self._open) < self._nav[-1]:
                self._flush()
                self._nav.pop()
            if top == tag:
                break

    def _finish(self, tag: str) -> None:
        if tag in ("td", "th") and self._tables and len(self._sinks) > 1:
            self._flush()
            self._sinks.pop()
        elif tag == "table" and self._tables:
            self._flush()
            self._emit(self._tables.pop())
        elif tag in _BLOCKS or tag in ("li", "pre") or (len(tag) == 2 and tag[0] == "h"):
            self._flush()

    def data(self, data: str) -> None:
        if self._in_title:
            self.title.append(data)
        elif self._skip_from is None:
            self._words.append(data if self._kind is BlockKind.CODE else _SPACE.sub(" ", data))
        elif self._skip_hidden and len(data.split()) >= _HIDDEN_WORDS:
            self.hides = True

    def comment(self, text: str) -> None:
        """Comments say nothing to a reader."""

    def close(self) -> None:
        while self._tables:
            self._finish("td")
            self._finish("table")
        self._flush()

    def _flush(self, kind: BlockKind | None = None, level: int = 0) -> None:
        """Ends the block being collected; what comes next is of `kind`."""
        text = "".join(self._words)
        if self._kind is not BlockKind.CODE:
            text = re.sub(r" *\n[ \n]*", "\n", re.sub(r" {2,}", " ", text))
        text = text.strip("\n") if self._kind is BlockKind.CODE else text.strip()
        if text:
            found = BlockKind.RUNNING if self._nav else self._kind
            self._sinks[-1].append(_Piece(found, text, 0 if self._nav else self._level))
        self._words = []
        self._kind = kind or BlockKind.PARAGRAPH
        self._level = level

    def _emit(self, table: _Table) -> None:
        rows = [
            ([" ".join(piece.text for piece in cell) for cell in row], head)
            for row, head in zip(table.rows, table.heads, strict=True)
        ]
        filled = [(cells, head) for cells, head in rows if any(cells)]
        widest = max((sum(map(bool, cells)) for cells, _ in filled), default=0)
        longest = max((len(cell) for cells, _ in filled for cell in cells), default=0)
        if widest < 2 or table.nested or longest > _LAYOUT_CELL or self._nav:
            for row in table.rows:
                for cell in row:
                    self._sinks[-1].extend(cell)
            return
        header = header_count([cells for cells, _ in filled])
        for number, (cells, head) in enumerate(filled):
            is_header = number < header or (number == 0 and head)
            kind = BlockKind.TABLE_HEADER if is_header else BlockKind.TABLE_ROW
            self._sinks[-1].append(_Piece(kind, cells=_dense(cells)))


def _dense(cells: list[str]) -> list[str]:
    """Filings use empty cells for looks; a row is what it says."""
    return [cell for cell in cells if cell] if cells.count("") > len(cells) / 2 else cells
