"""Plain text: the page is the file's own text, blocks are found by its blank lines and shapes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ragdesk.domain.document import Block, BlockKind, Page, Reading, Verdict

from . import titles
from .encodings import decode_text
from .limits import MAX_PAGE_CHARACTERS, clean, hides_text, read_bytes

BULLET = re.compile(r"(?:[-*+•●▪◦‣·–]|\(?(?:\d{1,3}|[a-zA-Z]|[ivxIVX]{1,5})[.)])\s+\S")
NUMBERED_HEADING = re.compile(
    r"(?:(?:section|article|chapter|part|abschnitt|kapitel|artikel|teil|§)\s*)?"
    r"(?:\d{1,3}(?:\.\d{1,3}){0,4}|[IVXLC]{1,6})[.):]?\s+\S",
    re.IGNORECASE,
)
_UNDERLINE = re.compile(r"\s*(={3,}|-{3,}|~{3,}|\*{3,})\s*$")
_HEADING_MAX = 90
_LONG_LINE = 100


def read_text(path: Path) -> tuple[str, tuple[tuple[int, str], ...]]:
    """A text file's cleaned text and its gaps. Raises `OSError`."""
    data, more = read_bytes(path)
    raw = decode_text(data)
    text = clean(raw)
    gaps: list[tuple[int, str]] = []
    if hides_text(raw):
        gaps.append((0, "hidden_text"))
    if more or len(text) > MAX_PAGE_CHARACTERS:
        gaps.append((0, "too_much_text"))
        text = text[:MAX_PAGE_CHARACTERS]
    return text, tuple(gaps)


def one_page(
    kind: str, title: str, page: Page, gaps: tuple[tuple[int, str], ...] = ()
) -> Iterator[Page | Reading]:
    """What a parser of a format without pages yields at its end."""
    if not page.text.strip():
        yield Reading(Verdict.EMPTY, kind)
        return
    yield page
    verdict = Verdict.READY_WITH_GAPS if gaps else Verdict.READY
    yield Reading(verdict, kind, title, paged=False, pages=1, gaps=gaps)


class TextParser:
    """Plain text files."""

    kinds: tuple[str, ...] = ("txt",)

    def parse(self, path: Path, password: str | None) -> Iterator[Page | Reading]:
        text, gaps = read_text(path)
        blocks = text_blocks(text)
        heading = next((b for b in blocks[:3] if b.kind is BlockKind.TITLE), None)
        title = text[heading.start : heading.start + heading.length] if heading else None
        yield from one_page("txt", titles.choose(path, title), Page(1, text, tuple(blocks)), gaps)


@dataclass(frozen=True, slots=True)
class _Line:
    start: int
    text: str

    @property
    def end(self) -> int:
        return self.start + len(self.text)


def text_blocks(text: str) -> list[Block]:
    """Blocks of a plain text: paragraphs, list items, headings, rows of a drawn table."""
    blocks: list[Block] = []
    for group in _groups(text):
        blocks.extend(_group_blocks(group))
    _mark_headings(text, blocks)
    return blocks


def _groups(text: str) -> Iterator[list[_Line]]:
    """Runs of lines without a blank line or a form feed between them."""
    group: list[_Line] = []
    position = 0
    for raw in re.split(r"(\n|\f)", text):
        if raw in ("\n", "\f"):
            position += 1
            if raw == "\f" and group:
                yield group
                group = []
            continue
        if stripped := raw.strip():
            group.append(_Line(position + raw.index(stripped[0]), stripped))
        elif group and position < len(text) and _is_blank(text, position):
            yield group
            group = []
        position += len(raw)
    if group:
        yield group


def _is_blank(text: str, position: int) -> bool:
    """Whether the line at `position` is blank, and not merely the end of the one before."""
    return position == 0 or text[position - 1] in "\n\f"


def _group_blocks(lines: list[_Line]) -> Iterator[Block]:
    """One run of lines as blocks; its lines are either paragraphs of their own or wrapped ones."""
    if len(lines) >= 2 and _UNDERLINE.match(lines[1].text) and len(lines[0].text) <= _HEADING_MAX:
        level = 1 if "=" in lines[1].text else 2
        yield Block(BlockKind.HEADING, lines[0].start, len(lines[0].text), level)
        lines = lines[2:]
    if not lines:
        return
    if _is_table(lines):
        for number, line in enumerate(lines):
            kind = BlockKind.TABLE_ROW if number else BlockKind.TABLE_HEADER
            if not _UNDERLINE.match(line.text):
                yield Block(kind, line.start, len(line.text))
        return
    # Text that is not wrapped by hand has a line a paragraph, and some of those are long.
    unwrapped = any(len(line.text) > 2 * _LONG_LINE for line in lines)
    current: list[_Line] = []
    for line in lines:
        starts = bool(BULLET.match(line.text)) or unwrapped
        if starts and current:
            yield _joined(current)
            current = []
        current.append(line)
    yield _joined(current)


def _joined(lines: list[_Line]) -> Block:
    kind = BlockKind.LIST_ITEM if BULLET.match(lines[0].text) else BlockKind.PARAGRAPH
    return Block(kind, lines[0].start, lines[-1].end - lines[0].start)


def _is_table(lines: list[_Line]) -> bool:
    if len(lines) < 2:
        return False
    for separator in ("\t", "|"):
        counts = [line.text.count(separator) for line in lines if not _UNDERLINE.match(line.text)]
        if len(counts) > 1 and min(counts) >= 1 and max(counts) - min(counts) <= 1:
            return True
    return False


def _mark_headings(text: str, blocks: list[Block]) -> None:
    """A short line that stands alone above a text, and ends like none, is its heading."""
    for number, block in enumerate(blocks):
        if block.kind not in (BlockKind.PARAGRAPH, BlockKind.LIST_ITEM):
            continue
        words = text[block.start : block.start + block.length]
        following = blocks[number + 1] if number + 1 < len(blocks) else None
        if following is None or "\n" in words or len(words) > _HEADING_MAX:
            continue
        if words[-1] in ".,;!?" or not any(c.isalpha() for c in words):
            continue
        if text[block.start + block.length : following.start].count("\n") < 2:
            continue
        numbered = NUMBERED_HEADING.match(words)
        if number == 0 and following.length > block.length:
            blocks[0] = Block(BlockKind.TITLE, block.start, block.length)
        elif numbered or words.isupper() or following.length > 2 * block.length:
            if block.kind is BlockKind.LIST_ITEM and not numbered:
                continue
            level = _depth(words) if numbered else 1
            blocks[number] = Block(BlockKind.HEADING, block.start, block.length, level)


def _depth(words: str) -> int:
    """Depth of a numbered heading: "4." is 1, "4.2" is 2."""
    number = re.search(r"\d+(?:\.\d+)*", words)
    return number.group().count(".") + 1 if number else 1
