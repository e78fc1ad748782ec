"""Puts the text of a page together from its structural units."""

from __future__ import annotations

from ragdesk.domain.document import Block, BlockKind, Page

from .limits import MAX_PAGE_CHARACTERS, clean

CELL_GAP = " | "


class PageBuilder:
    """Collects blocks in reading order; `page()` gives text and blocks that fit each other.

    `full` says that the bound on characters was met: what comes later is dropped.
    """

    def __init__(self, number: int = 1, name: str = "", limit: int = MAX_PAGE_CHARACTERS) -> None:
        self.number = number
        self.name = name
        self.full = False
        self._limit = limit
        self._parts: list[str] = []
        self._blocks: list[Block] = []
        self._length = 0

    def add(self, kind: BlockKind, text: str, level: int = 0) -> None:
        """Appends a block on lines of its own; empty text is no block."""
        text = clean(text).strip()
        if not text or self.full:
            return
        if self._length + len(text) + 2 > self._limit:
            self.full = True
            text = text[: self._limit - self._length - 2]
            if not text:
                return
        if self._parts:
            gap = "\n" if self._is_tight(kind) else "\n\n"
            self._parts.append(gap)
            self._length += len(gap)
        self._blocks.append(Block(kind, self._length, len(text), level))
        self._parts.append(text)
        self._length += len(text)

    def add_row(self, cells: list[str], *, header: bool = False) -> None:
        """Appends a table row, its cells on one line with bars between them."""
        row = CELL_GAP.join([" ".join(cell.split()) for cell in cells])
        if row.strip(" |"):
            self.add(BlockKind.TABLE_HEADER if header else BlockKind.TABLE_ROW, row)

    def _is_tight(self, kind: BlockKind) -> bool:
        close = (BlockKind.TABLE_HEADER, BlockKind.TABLE_ROW, BlockKind.LIST_ITEM)
        return kind in close and self._blocks[-1].kind in close

    @property
    def empty(self) -> bool:
        return not self._blocks

    def first(self, *kinds: BlockKind) -> str:
        """Text of the first block of one of these kinds, or ""."""
        for block in self._blocks:
            if block.kind in kinds:
                return "".join(self._parts)[block.start : block.start + block.length]
        return ""

    def page(self) -> Page:
        return Page(self.number, "".join(self._parts), tuple(self._blocks), self.name)
