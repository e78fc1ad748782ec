"""PDF, read by PDFium: the same engine, and the same character indices, as the viewer's.

pypdf is called for one thing alone: to write anew a file that PDFium cannot open.
"""

from __future__ import annotations

import contextlib
import io
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ragdesk.domain.document import Block, BlockKind, Page, Reading, Verdict

from . import titles
from .limits import DamagedError
from .locked import NeedsPasswordError
from .pdf_layout import BodySize, Running, page_blocks
from .pdf_text import PageText, read_page

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument

_STRETCH = 24  # pages looked at together for what repeats
_MAX_PAGES = 50_000
_MAX_MISSING = 100  # damaged pages in a row: the page count lies
_MAX_REPAIR_BYTES = 64 * 1024 * 1024
_MAX_CHARACTERS = 200_000_000
_PASSWORD, _SECURITY = 4, 5  # FPDF_ERR_… of fpdfview.h
_CATALOG = re.compile(rb"(\d{1,10}) (\d{1,5}) obj\b[^>]{0,200}?/Type\s*/Catalog\b")
_TAIL = re.compile(rb"\s(?:xref|trailer|startxref)\b")


class PdfParser:
    """PDF files."""

    kinds: tuple[str, ...] = ("pdf",)

    def parse(self, path: Path, password: str | None) -> Iterator[Page | Reading]:
        document, repaired = _open(path, password)
        try:
            yield from _PdfReading(path, document, repaired).run()
        finally:
            document.close()


def _open(path: Path, password: str | None) -> tuple[PdfDocument, bool]:
    """The document, and whether it had to be repaired.

    Raises `NeedsPasswordError`, `DamagedError`, `OSError`.
    """
    import pypdfium2 as pdfium

    try:
        path.name.encode("utf-8")
        source: Path | bytes = path
    except UnicodeEncodeError:
        source = path.read_bytes()  # PDFium takes names as UTF-8 only
    try:
        return pdfium.PdfDocument(source, password=password), False
    except pdfium.PdfiumError as error:
        if error.err_code == _PASSWORD:
            raise NeedsPasswordError from error
        if error.err_code == _SECURITY:
            raise DamagedError("its protection is of an unknown kind") from error
    if path.stat().st_size > _MAX_REPAIR_BYTES:
        raise DamagedError("PDFium cannot open it")
    data = path.read_bytes()
    for repair in (_with_trailer, _written_anew):
        with contextlib.suppress(pdfium.PdfiumError):
            document = pdfium.PdfDocument(repair(data))
            if len(document):
                return document, True
    raise DamagedError("neither PDFium nor pypdf finds pages in it")


def _with_trailer(data: bytes) -> bytes:
    """A file that lost its end, given a new one: PDFium then finds the rest by itself."""
    catalogs = _CATALOG.findall(data)
    if not catalogs:
        return b""
    number, generation = catalogs[-1]
    end = data.rfind(b"endobj")
    if broken := _TAIL.search(data, max(end, 0)):
        data = data[: broken.start()]
    return data + b"\nendobj\ntrailer\n<</Root %s %s R>>\n%%%%EOF\n" % (number, generation)


def _written_anew(data: bytes) -> bytes:
    """The file as pypdf understands and writes it. Raises `DamagedError`."""
    from pypdf import PdfReader, PdfWriter

    try:
        writer = PdfWriter(clone_from=PdfReader(io.BytesIO(data), strict=False))
        target = io.BytesIO()
        writer.write(target)
    except MemoryError:
        raise
    except Exception as error:  # pypdf lets anything out of a broken file
        raise DamagedError(f"{type(error).__name__}: {error}"[:200]) from error
    return target.getvalue()


class _PdfReading:
    """One pass over an open document."""

    def __init__(self, path: Path, document: PdfDocument, repaired: bool) -> None:
        self._path = path
        self._document = document
        self._count = min(len(document), _MAX_PAGES)
        self._repaired = repaired
        self._gaps: list[tuple[int, str]] = [(0, "cut_off")] if repaired else []
        if len(document) > _MAX_PAGES:
            self._gaps.append((0, "too_much_text"))
        self._body = BodySize()
        self._running = Running(self._count)
        self._title = ""
        self._heading = ""
        self._characters = 0
        self._damaged = 0
        self._textless: list[int] = []
        self._worded = 0

    def run(self) -> Iterator[Page | Reading]:
        number = 0
        stretch: list[tuple[int, PageText | None]] = []
        missing = 0
        for number in range(1, self._count + 1):
            page = self._read(number)
            missing = 0 if page else missing + 1
            stretch.append((number, page))
            if len(stretch) == _STRETCH:
                yield from self._pages(stretch)
                stretch = []
            if missing == _MAX_MISSING or self._characters > _MAX_CHARACTERS:
                self._gaps.append((0, "cut_off" if missing else "too_much_text"))
                break
        yield from self._pages(stretch)
        yield self._reading(number)

    def _read(self, number: int) -> PageText | None:
        import pypdfium2 as pdfium

        try:
            page = self._document[number - 1]
        except pdfium.PdfiumError:
            return None
        try:
            text = read_page(page, number)
        except pdfium.PdfiumError:
            return None
        finally:
            page.close()
        self._characters += len(text.text)
        return text

    def _pages(self, stretch: Sequence[tuple[int, PageText | None]]) -> Iterator[Page]:
        """Turns a stretch of pages into pages with blocks, knowing what repeats among them."""
        texts = [text for _, text in stretch if text]
        self._body.learn(texts)
        self._running.learn(texts)
        for number, text in stretch:
            if text is None or (self._repaired and not text.lines):
                self._damaged += 1
                self._gaps.append((number, "page_damaged"))
                yield Page(number, "", (), self._label(number))
                continue
            if text.pictured:
                self._textless.append(number)
            if text.hidden:
                self._gaps.append((number, "hidden_text"))
            self._worded += bool(text.lines)
            blocks = page_blocks(text, self._body, self._running)
            if number == 1:
                blocks = self._with_title(text, blocks)
            if not self._heading:
                self._heading = _first(text.text, blocks, BlockKind.HEADING)
            yield Page(number, text.text, tuple(blocks), self._label(number))

    def _with_title(self, text: PageText, blocks: list[Block]) -> list[Block]:
        """The largest heading of the first page, when it is clearly larger, is the title."""
        sizes = {line.start: line.size for line in text.lines}
        headings = [block for block in blocks if block.kind is BlockKind.HEADING]
        if not headings:
            return blocks
        largest = max(headings, key=lambda block: sizes.get(block.start, 0.0))
        if sizes.get(largest.start, 0.0) < 1.25 * self._body.size:
            return blocks
        self._title = text.text[largest.start : largest.start + largest.length]
        title = Block(BlockKind.TITLE, largest.start, largest.length)
        return [title if block is largest else block for block in blocks]

    def _label(self, number: int) -> str:
        """The printed page number where it is another than the page's place."""
        label = str(self._document.get_page_label(number - 1) or "")
        return label if label != str(number) else ""

    def _reading(self, pages: int) -> Reading:
        if self._damaged and self._damaged == pages:
            return Reading(Verdict.DAMAGED, "pdf", detail="no page can be read")
        if not self._worded:
            verdict = Verdict.NO_TEXT if self._textless else Verdict.EMPTY
            return Reading(verdict, "pdf", paged=True, pages=pages)
        gaps = [*self._gaps, *((number, "page_without_text") for number in self._textless)]
        if self._document.count_attachments():
            gaps.append((0, "attachment"))
        named = ""
        with contextlib.suppress(Exception):  # metadata is a courtesy; a broken one is none
            named = self._document.get_metadata_value("Title")
        title = titles.choose(self._path, named, self._title, self._heading)
        verdict = Verdict.READY_WITH_GAPS if gaps else Verdict.READY
        return Reading(verdict, "pdf", title, paged=True, pages=pages, gaps=tuple(sorted(gaps)))


def _first(text: str, blocks: list[Block], kind: BlockKind) -> str:
    block = next((block for block in blocks if block.kind is kind), None)
    return text[block.start : block.start + block.length] if block else ""
