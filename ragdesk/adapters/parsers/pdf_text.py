"""The text of a PDF page with PDFium's own character indices, and the lines it stands in.

Every index into the text is the index of the same character in PDFium's page, and so in Qt's
viewer. Per line two character boxes and one font are looked up, never one a character: reading a
whole file stays near the cost of its plain text.
"""

from __future__ import annotations

import ctypes
import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pypdfium2 import PdfPage

# PDFium writes this for a hyphen at the end of a line, without a line end after it, and for glyphs
# that mean nothing to it.
HYPHEN = "\ufffe"
_LINE_BREAK = re.compile(f"(\r\n|{HYPHEN})")
# Stands where PDFium counts a character and there is none of Python's: glyphs without a meaning, and
# the second half of a character beyond U+FFFF, which PDFium counts as two. Invisible, joins words.
FILLER = "\u2060"
# Text lines are denser than table lines: share of the font's size that a character takes.
_DENSE = 0.5
_CELL_GAP = 1.4  # of the font's size: wider than the widest word space of justified text
_AMOUNT = re.compile(r"[(–-]?(?:[$€£¥]\d[\d.,]*|\d[\d.]*,\d[\d.,]*|\d+\.\d+|\d[\d.,]*%)\)?")
_FAINT, _WHITE = 8, 250  # of 255
_DRAWN_STROKES = 40
_FEW_WORDS, _SPREAD, _WORDY = 7, 0.35, 0.7
_MAX_FONT_NAME = 128
_FORCE_BOLD = 1 << 18
_NO_BODY = "".join(chr(c) for c in range(0x3001) if chr(c).isspace()) + HYPHEN + FILLER
_PAIR = re.compile("[\U00010000-\U0010ffff]")
_LONE = re.compile("[\ud800-\udfff]")
_BEYOND = re.compile("[\ud800-\udfff\U00010000-\U0010ffff]")


@dataclass(slots=True)
class Line:
    """One line: characters [start, end), and where it stands in points, y upwards.

    `base` is its baseline, `size` its font's, as it is seen. `bold` holds only when its first and
    last character are. `cells` counts the stretches between wide gaps.
    `hyphened` lines end within a word; `turned` ones do not run level, `pale` ones
    are white or not painted at all.
    """

    start: int
    end: int
    text: str
    left: float
    right: float
    base: float
    size: float
    bold: bool
    cells: int = 1
    hyphened: bool = False
    turned: bool = False
    pale: bool = False


@dataclass(slots=True)
class PageText:
    """A page's text and lines, with its width and height as it is seen (rotation included).

    `pictured` is looked up only where there is no text: whether the page shows something all the
    same. `hidden` holds the starts of lines that are white on white.
    """

    number: int
    text: str
    lines: list[Line]
    width: float
    height: float
    pictured: bool = False
    hidden: frozenset[int] = frozenset()


def read_page(page: PdfPage, number: int) -> PageText:
    """Text and lines of page `number` (from 1). Raises `PdfiumError` when it cannot be loaded."""
    textpage = page.get_textpage()
    try:
        width, height = page.get_size()
        text = _text(textpage.raw)
        finder = _LineFinder(textpage.raw, _placing(page))
        lines = finder.lines(text)
        pictured = not lines and _is_pictured(page)
        pale = [line for line in lines if line.pale]
        hidden = _hidden(page, pale) if pale else frozenset()
        return PageText(number, text, lines, width, height, pictured, hidden)
    finally:
        textpage.close()


def _is_pictured(page: PdfPage) -> bool:
    """Whether a page holds pictures, or so many strokes that they may be drawn letters."""
    import pypdfium2.raw as pdfium

    pictures = (pdfium.FPDF_PAGEOBJ_IMAGE, pdfium.FPDF_PAGEOBJ_SHADING)
    return any(
        item.type in pictures or number > _DRAWN_STROKES
        for number, item in enumerate(page.get_objects(max_depth=4))
    )


def _hidden(page: PdfPage, pale: list[Line]) -> frozenset[int]:
    """Which pale lines have nothing behind them that would make them stand out."""
    import pypdfium2.raw as pdfium

    placing = _placing(page)
    behind = []
    for item in page.get_objects(max_depth=1):
        if item.type == pdfium.FPDF_PAGEOBJ_TEXT or _is_white(item.raw):
            continue
        left, bottom, right, top = item.get_bounds()
        (x0, y0), (x1, y1) = placing(left, bottom), placing(right, top)
        behind.append((min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)))
    return frozenset(
        line.start
        for line in pale
        if not any(
            x0 <= line.left + 1 and line.base >= y0 - 1 and line.left < x1 and line.base < y1
            for x0, y0, x1, y1 in behind
        )
    )


def _is_white(item: Any) -> bool:
    """Whether a path is filled with white; pictures and the like have no colour of their own."""
    import pypdfium2.raw as pdfium

    if pdfium.FPDFPageObj_GetType(item) != pdfium.FPDF_PAGEOBJ_PATH:
        return False
    colour = [ctypes.c_uint() for _ in range(4)]
    if not pdfium.FPDFPageObj_GetFillColor(item, *colour):
        return True
    return _is_pale(colour)


def _is_pale(colour: list[ctypes.c_uint]) -> bool:
    red, green, blue, opacity = (part.value for part in colour)
    return opacity < _FAINT or min(red, green, blue) >= _WHITE


def _text(textpage: Any) -> str:
    """The page's text, one Python character for each of PDFium's."""
    import pypdfium2.raw as pdfium

    count = pdfium.FPDFText_CountChars(textpage)
    if count <= 0:
        return ""
    units = (ctypes.c_ushort * (count + 1))()
    written = max(pdfium.FPDFText_GetText(textpage, 0, count, units) - 1, 0)
    text = bytes(memoryview(units)[:written]).decode("utf-16-le", "surrogatepass")
    if written == count == len(text) and not _BEYOND.search(text):
        return text
    if written != count:
        text = _aligned(textpage, units[:written], count)
    return _LONE.sub("\ufffd", _PAIR.sub(lambda pair: pair.group() + FILLER, text))


def _aligned(textpage: Any, units: list[int], count: int) -> str:
    """One UTF-16 unit for each character, also where PDFium leaves some out of the text."""
    import pypdfium2.raw as pdfium

    where = pdfium.FPDFText_GetTextIndexFromCharIndex
    places = [where(textpage, index) for index in range(count)]
    first = next((place for place in places if place >= 0), 0)
    filler = ord(FILLER)
    spread = (ctypes.c_ushort * count)(
        *(units[p - first] if 0 <= p - first < len(units) else filler for p in places)
    )
    return bytes(spread).decode("utf-16-le", "surrogatepass")


def _placing(page: PdfPage) -> Callable[[float, float], tuple[float, float]]:
    """A function from PDFium's point to (from the left, from below) on the page as it is seen."""
    left, bottom, right, top = page.get_bbox()
    turn = page.get_rotation()

    def upright(x: float, y: float) -> tuple[float, float]:
        return x - left, y - bottom

    def turned(x: float, y: float) -> tuple[float, float]:
        if turn == 90:
            return y - bottom, right - x
        if turn == 180:
            return right - x, top - y
        return top - y, x - left

    return turned if turn else upright


@lru_cache(maxsize=512)
def _is_bold_name(name: bytes) -> bool:
    return re.search(rb"bold|black|heavy|semib|demi", name, re.IGNORECASE) is not None


class _LineFinder:
    """Looks up where the lines of one page stand."""

    def __init__(
        self, textpage: Any, placing: Callable[[float, float], tuple[float, float]]
    ) -> None:
        import pypdfium2.raw as pdfium

        self._pdfium = pdfium
        self._textpage = textpage
        self._placing = placing
        self._box = pdfium.FS_RECTF()
        self._matrix = pdfium.FS_MATRIX()
        self._x = ctypes.c_double()
        self._y = ctypes.c_double()
        self._name = ctypes.create_string_buffer(_MAX_FONT_NAME)
        self._flags = ctypes.c_int()
        self._colour = [ctypes.c_uint() for _ in range(4)]

    def lines(self, text: str) -> list[Line]:
        """The lines of the page's text that hold something, in PDFium's order."""
        lines: list[Line] = []
        start = 0
        for raw in _LINE_BREAK.split(text):
            stripped = raw.strip(_NO_BODY)
            if stripped:
                first = start + raw.index(stripped[0])
                lines.append(self._line(first, stripped))
                end = start + len(raw)
                lines[-1].hyphened = text[end : end + 1] == HYPHEN
            start += len(raw)
        return lines

    def _line(self, start: int, text: str) -> Line:
        end = start + len(text)
        left, base = self._origin(start)
        right = self._right(end - 1)
        if right < left:  # written from right to left, or upwards
            left, right = self._origin(end - 1)[0], self._right(start)
        # A bullet may be of another font and size; the words after it are what counts.
        size = self._size(start if text[0].isalnum() else end - 1)
        bold = self._is_bold(start) and self._is_bold(end - 1)
        line = Line(start, end, text, left, right, base, size, bold)
        line.pale = self._is_pale(start)
        line.turned = len(text) > 3 and abs(self._origin(end - 1)[1] - base) > size
        if size > 0 and right - left > _DENSE * size * len(text):
            line.cells = self._cells(line)
        return line

    def _origin(self, index: int) -> tuple[float, float]:
        """Where a character begins on its baseline."""
        self._pdfium.FPDFText_GetCharOrigin(self._textpage, index, self._x, self._y)
        return self._placing(self._x.value, self._y.value)

    def _right(self, index: int) -> float:
        if not self._pdfium.FPDFText_GetLooseCharBox(self._textpage, index, self._box):
            return self._origin(index)[0]
        box = self._box
        return max(
            self._placing(box.left, box.bottom)[0],
            self._placing(box.right, box.top)[0],
        )

    def _size(self, index: int) -> float:
        """The font's size as it is seen: what the file says, times what it is scaled by."""
        size: float = self._pdfium.FPDFText_GetFontSize(self._textpage, index)
        if self._pdfium.FPDFText_GetMatrix(self._textpage, index, self._matrix):
            size *= math.hypot(self._matrix.c, self._matrix.d)
        return abs(size)

    def _is_pale(self, index: int) -> bool:
        colour = self._colour
        return bool(
            self._pdfium.FPDFText_GetFillColor(self._textpage, index, *colour)
        ) and _is_pale(colour)

    def _is_bold(self, index: int) -> bool:
        size = self._pdfium.FPDFText_GetFontInfo(
            self._textpage, index, self._name, _MAX_FONT_NAME, self._flags
        )
        if 0 < size <= _MAX_FONT_NAME and _is_bold_name(self._name.value):
            return True
        return bool(self._flags.value & _FORCE_BOLD)

    def _cells(self, line: Line) -> int:
        """Stretches between gaps that are too wide for a word space."""
        cells = 1
        text, start = line.text, line.start
        place = text.find(" ")
        while place > 0:
            before = self._right(start + place - 1)
            after = place + 1
            while after < len(text) and text[after] == " ":
                after += 1
            if after >= len(text):
                break
            if self._origin(start + after)[0] - before > _CELL_GAP * line.size:
                cells += 1
            place = text.find(" ", after)
        words = text.split()
        plain = (
            sum(map(str.isalpha, words)) > _WORDY * len(words) and words[-1].strip(".,;:").isalpha()
        )
        if plain and len(words) > _FEW_WORDS and cells > _SPREAD * len(words):
            return 1  # a line of plain words that was stretched to the margins
        if cells == 1 and len(words) > 1 and all(map(_AMOUNT.fullmatch, words)):
            return len(words)  # amounts side by side are cells, however narrow their columns
        return cells
