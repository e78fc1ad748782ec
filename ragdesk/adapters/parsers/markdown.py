"""Markdown: the page is the raw text that the viewer shows; markdown-it says where its blocks are."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ragdesk.domain.document import Block, BlockKind, Page, Reading

from . import titles
from .text import one_page, read_text

if TYPE_CHECKING:
    from markdown_it.token import Token

_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.*?\n)(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_TITLE_LINE = re.compile(r"^title:[ \t]*(.+?)[ \t]*$", re.MULTILINE | re.IGNORECASE)
_HEADING_MARKS = re.compile(r"[ \t]*#{1,6}[ \t]+|[ \t]*")
_CLOSING_MARKS = re.compile(r"[ \t]+#+[ \t]*$")
_CELL_RULE = re.compile(r"^[\s|:-]+$")
_LINKS = re.compile(r"!?\[([^\]]*)\]\([^)]*\)|<[^>]+>")
_INLINE_MARKS = re.compile(r"[*`]{1,3}|(?<!\w)_{1,3}|_{1,3}(?!\w)")
# Beyond this markdown-it is slow, and the text is no hand-written page: paragraphs will do.
_MAX_PARSED = 4_000_000


class MarkdownParser:
    """Markdown files."""

    kinds: tuple[str, ...] = ("md",)

    def parse(self, path: Path, password: str | None) -> Iterator[Page | Reading]:
        text, gaps = read_text(path)
        front = _FRONT_MATTER.match(text)
        named = _TITLE_LINE.search(front.group(1)) if front else None
        blocks = markdown_blocks(text, front.end() if front else 0)
        heading = next((b for b in blocks if b.kind in (BlockKind.TITLE, BlockKind.HEADING)), None)
        title = titles.choose(
            path,
            named.group(1).strip("\"'") if named else None,
            plain(text[heading.start : heading.start + heading.length]) if heading else None,
        )
        yield from one_page("md", title, Page(1, text, tuple(blocks)), gaps)


def plain(text: str) -> str:
    """A line of Markdown without its marks, as a title reads."""
    text = _LINKS.sub(lambda match: match.group(1) or "", text)
    return _INLINE_MARKS.sub("", text).strip("# \t\n")


def markdown_blocks(text: str, skip: int = 0) -> list[Block]:
    """Blocks of a Markdown text from character `skip` on (what stands before is front matter)."""
    if len(text) > _MAX_PARSED:
        from .text import text_blocks

        return [block for block in text_blocks(text) if block.start >= skip]
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark").enable("table")
    body = text[skip:]
    # markdown-it counts lines by "\n" alone, as `clean` leaves them.
    starts = [0]
    for line in body.split("\n"):
        starts.append(starts[-1] + len(line) + 1)
    finder = _Finder(text, [skip + start for start in starts])
    blocks = finder.blocks(parser.parse(body))
    return _with_title(blocks)


def _with_title(blocks: list[Block]) -> list[Block]:
    """The first heading of the highest rank is the title when nothing but it stands above all."""
    headings = [block for block in blocks if block.kind is BlockKind.HEADING]
    first = blocks[0] if blocks else None
    if first in headings and [block for block in headings if block.level == 1] == [first]:
        return [Block(BlockKind.TITLE, first.start, first.length), *blocks[1:]]
    return blocks


class _Finder:
    """Turns tokens with line maps into blocks of characters."""

    def __init__(self, text: str, starts: Sequence[int]) -> None:
        self._text = text
        self._starts = starts
        self._blocks: list[Block] = []

    def blocks(self, tokens: Sequence[Token]) -> list[Block]:
        depth = 0  # how many list items are open
        header = False
        for token in tokens:
            kind = token.type
            if kind == "list_item_open":
                depth += 1
            elif kind == "list_item_close":
                depth -= 1
            elif kind == "heading_open":
                self._heading(token)
            elif kind == "paragraph_open" and token.map:
                self._add(BlockKind.LIST_ITEM if depth else BlockKind.PARAGRAPH, token.map)
            elif kind in ("fence", "code_block"):
                self._add(BlockKind.CODE, token.map)
            elif kind == "html_block":
                self._add(BlockKind.PARAGRAPH, token.map)
            elif kind == "thead_open":
                header = True
            elif kind == "thead_close":
                header = False
            elif kind == "tr_open" and token.map:
                row = BlockKind.TABLE_HEADER if header else BlockKind.TABLE_ROW
                self._add(row, [token.map[0], token.map[0] + 1])
        return self._blocks

    def _heading(self, token: Token) -> None:
        if not token.map:
            return
        start, end = self._stretch(token.map)
        if token.markup in ("=", "-"):  # underlined: the rule is no part of it
            end = start + len(self._text[start:end].rsplit("\n", 1)[0].rstrip())
        else:
            marks = _HEADING_MARKS.match(self._text, start, end)
            start = marks.end() if marks else start
            closing = _CLOSING_MARKS.search(self._text[start:end])
            end = start + closing.start() if closing else end
        self._put(BlockKind.HEADING, start, end, int(token.tag[1:]))

    def _add(self, kind: BlockKind, lines: Sequence[int] | None) -> None:
        if lines:
            self._put(kind, *self._stretch(lines))

    def _put(self, kind: BlockKind, start: int, end: int, level: int = 0) -> None:
        words = self._text[start:end]
        if not words.strip() or _CELL_RULE.match(words):
            return
        # Containers may map the same lines twice (a paragraph in an item in a quote).
        if self._blocks and start < self._blocks[-1].start + self._blocks[-1].length:
            return
        self._blocks.append(Block(kind, start, end - start, level))

    def _stretch(self, lines: Sequence[int]) -> tuple[int, int]:
        """Characters of lines [first, last), without white space at either end."""
        start = self._starts[lines[0]]
        end = min(self._starts[min(lines[1], len(self._starts) - 1)], len(self._text))
        words = self._text[start:end]
        return start + len(words) - len(words.lstrip()), start + len(words.rstrip())
