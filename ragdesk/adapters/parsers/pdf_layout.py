"""Lines of PDF pages become blocks: what stands together, what heads it, what repeats on each page.

Everything is judged by where lines stand and how large they are, relative to each other; no fonts
by name, no languages. A block is one stretch of the page's text, in PDFium's order, so the lines of
two columns never mix within one unless the file itself writes them across.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median

from ragdesk.domain.document import Block, BlockKind

from .pdf_tables import stretches, table_blocks
from .pdf_text import Line, PageText
from .text import BULLET

_MARGIN = 0.11  # of the page's height: running lines stand above or below that
_NUMBER_MARGIN = 0.16  # a lone page number may stand further in
_NUMBER_SLACK = 20  # pages of covers and contents that are not counted
_PAGE_NUMBER = re.compile(
    r"(?:(?:page|seite|página|pagina|p\.)\s*)?[-–—|\s]*(?:\d{1,4}|[ivxlc]{1,7})[-–—|\s]*"
    r"(?:(?:of|/|von|de|di|sur)\s*\d{1,4})?",
    re.IGNORECASE,
)
_SECTION = re.compile(
    r"(?:(?:section|article|chapter|part|item|abschnitt|kapitel|artikel|teil|annex|appendix|"
    r"schedule|exhibit)\s+(?:\d{1,3}[A-Za-z]?|[IVXLC]{1,6}|[A-Z])\b|§\s*\d|\d{1,2}(?:\.\d{1,2}){0,3}[.)]?\s)"
    r"[\s.:–—-]*\S",
    re.IGNORECASE,
)
_NUMBER_PATH = re.compile(r"\d{1,2}(?:\.\d{1,2})*")
_SENTENCE_END = (".", "!", "?", ":", ";", "。", "؟")
_HEADING_MAX = 140
_LARGER = 1.12
_BOUNDS = 1.3  # a pitch beyond this share of the usual one separates paragraphs


@dataclass(slots=True)
class Running:
    """Lines that come back at the same place page after page.

    `learn` takes a stretch of pages, `kinds` then says which lines of one of them repeat.
    Where such a line first comes it stays text: a letterhead is worth finding once.
    """

    pages: int
    _seen: Counter[tuple[str, int]] = field(default_factory=Counter)
    _told: set[str] = field(default_factory=set)

    def learn(self, pages: Sequence[PageText]) -> None:
        for page in pages:
            self._seen.update({self._key(line) for line in page.lines if _in_margin(page, line)})

    def kinds(self, page: PageText) -> dict[int, BlockKind]:
        """By their starts: RUNNING for lines that repeat, PARAGRAPH where one comes first.

        Looked at from the edges inwards as far as all repeat: below a heading of the page's own a
        line that repeats is part of a table, "For the years 2023 2022".
        """
        found: dict[int, BlockKind] = {}
        levels = sorted(page.lines, key=lambda line: line.base)
        for lines in (levels, levels[::-1]):
            for line in lines:
                if not self._repeats(page, line):
                    break
                words = self._key(line)[0]
                first = words not in self._told and not _PAGE_NUMBER.fullmatch(line.text)
                found.setdefault(line.start, BlockKind.PARAGRAPH if first else BlockKind.RUNNING)
                self._told.add(words)
        return found

    def _repeats(self, page: PageText, line: Line) -> bool:
        if _PAGE_NUMBER.fullmatch(line.text) and _is_page_number(page, line):
            return True
        if not _in_margin(page, line):
            return False
        words, place = self._key(line)
        times = sum(self._seen[words, place + step] for step in (-1, 0, 1))
        return times >= (2 if self.pages < 5 else 3)

    @staticmethod
    def _key(line: Line) -> tuple[str, int]:
        return re.sub(r"\d+", "#", line.text.casefold()), round(line.base / 4)


def _is_page_number(page: PageText, line: Line) -> bool:
    """A number alone in the margin, or below all else and about as high as the page's own."""
    if _in_margin(page, line, _NUMBER_MARGIN):
        return True
    if not line.text.isdecimal() or abs(int(line.text) - page.number) > _NUMBER_SLACK:
        return False
    return line.base <= min(other.base for other in page.lines)


def _in_margin(page: PageText, line: Line, margin: float = _MARGIN) -> bool:
    edge = margin * page.height
    return line.base < edge or line.base > page.height - edge


@dataclass(slots=True)
class BodySize:
    """The size that most characters so far are set in; headings are measured against it."""

    _counts: Counter[float] = field(default_factory=Counter)
    _bold: int = 0
    _all: int = 0

    def learn(self, pages: Sequence[PageText]) -> None:
        for page in pages:
            for line in page.lines:
                length = line.end - line.start
                self._counts[round(line.size, 1)] += length
                self._all += length
                self._bold += length * line.bold

    @property
    def size(self) -> float:
        return self._counts.most_common(1)[0][0] if self._counts else 0.0

    @property
    def bold_stands_out(self) -> bool:
        return self._bold < 0.3 * self._all


def page_blocks(page: PageText, body: BodySize, running: Running) -> list[Block]:
    """The blocks of a page in PDFium's order."""
    pitch = _usual_pitch(page.lines)
    apart = running.kinds(page)
    # What no reader sees is neither searched nor cited, as what repeats is not.
    apart.update(dict.fromkeys(page.hidden, BlockKind.RUNNING))
    blocks: list[Block] = []
    lines: list[Line] = []
    for line in page.lines:
        kind = apart.get(line.start)
        if kind is None:
            lines.append(line)
            continue
        # No block reaches over a line that is none of the page's own.
        blocks.extend(_body_blocks(lines, body, pitch))
        blocks.append(Block(kind, line.start, line.end - line.start))
        lines = []
    blocks.extend(_body_blocks(lines, body, pitch))
    return blocks


def _body_blocks(lines: Sequence[Line], body: BodySize, pitch: float) -> Iterator[Block]:
    for stretch, is_table in stretches(_rows(lines)):
        if is_table:
            yield from table_blocks(stretch)
        else:
            yield from _paragraphs(stretch, body, pitch)


def _rows(lines: Sequence[Line]) -> list[Line]:
    """Lines that PDFium broke although they stand side by side, as one (cells of a table row)."""
    rows: list[Line] = []
    for line in lines:
        if rows and _raised(rows[-1], line):
            rows[-1] = _joined(rows[-1], line, max(rows[-1].cells, line.cells))
        elif rows and _beside(rows[-1], line):
            rows[-1] = _joined(rows[-1], line, rows[-1].cells + line.cells)
        else:
            rows.append(line)
    return rows


def _joined(one: Line, other: Line, cells: int) -> Line:
    larger = max(one, other, key=lambda line: line.size)
    return Line(
        one.start, other.end, f"{one.text} {other.text}", one.left, other.right, larger.base,
        larger.size, one.bold and other.bold, cells, other.hyphened,
    )  # fmt: skip


def _raised(one: Line, other: Line) -> bool:
    """Whether one is a small sign at the other's shoulder or foot, or goes on after such a sign."""
    size = max(one.size, other.size)
    apart = other.left - one.right
    return abs(one.base - other.base) < 0.6 * size and -0.5 * size < apart < 0.6 * size


def _beside(one: Line, other: Line) -> bool:
    size = max(one.size, other.size)
    if not (abs(one.base - other.base) < 0.3 * size and other.left > one.right):
        return False
    # Two columns of a page may share baselines; their lines are long, cells are not.
    return len(one.text) < 45 and len(other.text) < 45 and not 0 <= other.start - one.end < 2


def _paragraphs(rows: Sequence[Line], body: BodySize, pitch: float) -> Iterator[Block]:
    right = max((row.right for row in rows), default=0.0)
    group: list[Line] = []
    for row in rows:
        if group and _parts(group, row, pitch, right):
            yield _block(group, body)
            group = []
        group.append(row)
    if group:
        yield _block(group, body)


def _usual_pitch(rows: Sequence[Line]) -> float:
    """Distance of baselines, in sizes of the font, that most lines keep."""
    pitches = [
        (one.base - other.base) / one.size
        for one, other in pairwise(rows)
        if one.size > 0 and 0.5 * one.size < one.base - other.base < 2.5 * one.size
    ]
    return min(median(pitches), 2.0) if pitches else 1.2


def _parts(group: Sequence[Line], row: Line, pitch: float, right: float) -> bool:
    """Whether `row` begins a new block after `group`."""
    last = group[-1]
    if last.hyphened and row.start - last.end < 3:
        return False
    if BULLET.match(row.text) or (last.bold != row.bold and not _runs_in(group, row)):
        return True
    if abs(row.size - last.size) > 0.12 * max(last.size, row.size):
        return True
    down = last.base - row.base
    if down <= 0:  # another column, or a box elsewhere: goes on only within a sentence
        return last.text.endswith(_SENTENCE_END) or not row.text[:1].islower()
    if down > _BOUNDS * pitch * max(last.size, 1.0):
        return True
    ended = last.text.endswith(_SENTENCE_END)
    if ended and last.right < right - 4 * row.size and last.right < row.right:
        return True
    indent = row.left - last.left
    return ended and len(group) > 1 and 0.8 * row.size < indent < 6 * row.size


def _runs_in(group: Sequence[Line], row: Line) -> bool:
    """A sentence that changes weight on its way is still one."""
    return not group[-1].text.endswith(_SENTENCE_END) and row.text[:1].islower()


def _block(group: Sequence[Line], body: BodySize) -> Block:
    first, last = group[0], group[-1]
    length = last.end - first.start
    level = _heading_level(group, body)
    if level:
        return Block(BlockKind.HEADING, first.start, length, level)
    kind = BlockKind.LIST_ITEM if BULLET.match(first.text) else BlockKind.PARAGRAPH
    return Block(kind, first.start, length)


def _heading_level(group: Sequence[Line], body: BodySize) -> int:
    """Depth of a heading from 1, or 0 when these lines are none."""
    text = " ".join(row.text for row in group)
    if any(row.turned for row in group):
        return 0
    if len(group) > 3 or len(text) > _HEADING_MAX or sum(map(str.isalpha, text)) < 3:
        return 0
    usual = body.size or group[0].size
    share = group[0].size / usual if usual else 1.0
    bold = body.bold_stands_out and all(row.bold for row in group)
    numbered = _SECTION.match(text)
    short = len(group) == 1 and len(text) < 80 and not text.endswith((*_SENTENCE_END, ","))
    if share < 0.9 or text.endswith((",", ";")):
        return 0
    larger = share >= _LARGER
    if larger and share < 1.25 and not (bold or numbered):
        larger = short and not text[0].islower()
    if not (larger or bold or (short and (numbered or text.isupper()))):
        return 0
    if larger and not bold and text.endswith(".") and len(text) > 60:
        return 0
    if numbered and (path := _NUMBER_PATH.match(text)):
        return path.group().count(".") + 1
    if larger:
        return 1 if share >= 1.5 else 2 if share >= 1.25 else 3
    return 3 if text.isupper() else 4
