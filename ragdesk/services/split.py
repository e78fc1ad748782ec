"""Pages into passages that remember where they stand. Pure.

A passage keeps to one section, holds about 150 words, and never more tokens than the embedding
model reads (it cuts the rest off unnoticed). Its title and heading path stand in `context`, which
counts as well. What was measured: paragraphs with their headings in front found most, and an
overlap wins nothing where a paragraph ends.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from ..domain.document import Block, BlockKind, Page, Passage, Span
from .lines import parted
from .mend import compounds, mend, mend_row, sentence_bounds

MAX_TOKENS = 240  # of context and text together; all-MiniLM-L6-v2 reads 256
WORDS = 150  # what a passage aims at
SMALL = 60  # a passage below this takes one more paragraph even if that leads beyond WORDS
GATHERED = 40  # a section below this goes together with the one beside it
BARS = 2  # tokens that mark a row as one
CONTEXT_TOKENS = 64  # a context longer than this is shortened, so that it leaves room for text
HEADING_WORDS = 16

TokenCount = Callable[[str], int]

_BLANK_LINES = re.compile(r"\n[ \t\r]*\n\s*")
_OPEN_END = re.compile("[\\w,;–—\\-\u00ad\u0002\ufffe]\\s*$")
_CUT_END = re.compile("\\w[-\u00ad\u0002\ufffe]\\s*$")
# A page number in print ("iv", "A-3"), which says nothing; the name of a sheet or a slide does.
_LABEL = re.compile(r"[\W\d_]*(?:[ivxlcdm]+|[a-z]{0,2})[\W\d_]*", re.IGNORECASE)
_HEADINGS = (BlockKind.TITLE, BlockKind.HEADING)
_ROWS = (BlockKind.TABLE_HEADER, BlockKind.TABLE_ROW)


@dataclass(frozen=True, slots=True)
class _Piece:
    """A block, or a part of one. `raw` holds its stretches of page text, one for each span."""

    text: str
    spans: tuple[Span, ...]
    raw: tuple[str, ...]
    kind: BlockKind
    tokens: int = 0
    words: int = 0
    goes_on: bool = False  # the same paragraph as the piece before
    breaks: bool = False  # opens a passage


@dataclass(slots=True)
class _Section:
    """What stands under one heading path. `heads` are the headings that opened it, as pieces."""

    path: tuple[str, ...]
    pieces: list[_Piece]
    heads: list[_Piece] = field(default_factory=list)
    place: str = ""  # the sheet or slide

    @property
    def words(self) -> int:
        return sum(len(piece.text.split()) for piece in self.pieces)


def split(
    document_id: str, title: str, pages: Sequence[Page], token_count: TokenCount
) -> list[Passage]:
    """Cuts a document. `token_count` counts a text's tokens, special ones included."""
    cutter = _Cutter(title, pages, token_count)
    return [
        Passage(document_id, position, text, context, spans)
        for position, (text, context, spans) in enumerate(cutter.passages())
    ]


class _Cutter:
    def __init__(self, title: str, pages: Sequence[Page], token_count: TokenCount) -> None:
        self._title = " ".join(title.split())
        self._pages = pages
        self._count = token_count
        self._special = token_count("")
        self._compounds = compounds([page.text for page in pages])

    def passages(self) -> Iterator[tuple[str, str, tuple[Span, ...]]]:
        for section in _gathered(self._sections()):
            context = self._context(section.path)
            room = MAX_TOKENS - (self._tokens(context) if context else 0) - self._special
            for group in self._groups(section.pieces, room):
                for exact in self._held(context, room, group):
                    yield _text(exact), context, _merged(exact, self._pages)

    # structure

    def _sections(self) -> Iterator[_Section]:
        """Runs of blocks under one heading path."""
        path: list[tuple[int, str]] = []
        section = _Section((), [])
        for page in self._pages:
            place = mend(page.name) if page.name and not _LABEL.fullmatch(page.name) else ""
            if place:
                path = [(-1, place)]
                yield section
                section = _Section((place,), [], place=place)
            for block in _blocks(page):
                piece = self._piece(page, block)
                if piece is None:
                    continue
                if block.kind not in _HEADINGS:
                    _append(section.pieces, piece, self._joined)
                    continue
                level = 0 if block.kind is BlockKind.TITLE else max(1, block.level)
                path = [step for step in path if step[0] < level] + [(level, piece.text)]
                yield section
                section = _Section(tuple(text for _, text in path), [], [piece], section.place)
        yield section

    def _piece(self, page: Page, block: Block) -> _Piece | None:
        raw = page.text[block.start : block.start + block.length]
        kept = raw.strip()
        if not kept:
            return None
        start = block.start + raw.index(kept[0])
        text = self._mended(kept, block.kind)
        if not any(character.isalnum() for character in text):
            return None
        return _Piece(text, (Span(page.number, start, len(kept)),), (kept,), block.kind)

    def _joined(self, first: _Piece, second: _Piece) -> _Piece:
        """A paragraph that runs over a page break, put together again."""
        raw = (*first.raw, *second.raw)
        text = mend("\n".join(raw), self._compounds)
        return _Piece(text, (*first.spans, *second.spans), raw, first.kind)

    def _context(self, path: Sequence[str]) -> str:
        steps = [self._title] if self._title else []
        for step in path:
            if not steps or step.casefold() not in (steps[-1].casefold(), self._title.casefold()):
                steps.append(step)
        steps = [_cropped(step, HEADING_WORDS) for step in steps]
        while len(steps) > 2 and self._tokens(" › ".join(steps)) > CONTEXT_TOKENS:
            del steps[1]
        if self._tokens(" › ".join(steps)) > CONTEXT_TOKENS:
            # Words of many tokens: a web address, a language without spaces. No character of those
            # makes more than three tokens in any model we know.
            steps = [step[: CONTEXT_TOKENS // 6] for step in steps]
        return " › ".join(steps)

    # grouping

    def _groups(self, pieces: Iterable[_Piece], room: int) -> Iterator[list[_Piece]]:
        """Pieces put together until a passage is full; a table's rows always under their header."""
        group: list[_Piece] = []
        header: _Piece | None = None
        for whole in pieces:
            whole = self._measured(whole)
            if whole.kind is BlockKind.TABLE_HEADER:
                header = whole if whole.tokens <= room // 2 else None
            elif whole.kind is not BlockKind.TABLE_ROW:
                header = None
            taken = header.tokens if header and whole is not header else 0
            for piece in self._parts(whole, room - taken):
                if group and not _fits(group, piece, room):
                    full = group[:-1] if group[-1] is header else group
                    if full:
                        yield full
                    group = [header] if header and piece is not header else []
                group.append(piece)
        if group:
            yield group

    def _parts(self, piece: _Piece, room: int) -> list[_Piece]:
        """A piece that is too long for one passage as sentences, put together to even parts."""
        if piece.tokens <= room and piece.words <= WORDS + SMALL:
            return [piece]
        raw = "\n".join(piece.raw)
        parts: list[_Piece] = []
        for start, end in sentence_bounds(raw):
            sentence = self._part(piece, raw, start, end)
            if sentence.tokens <= room:
                parts.append(sentence)
            else:
                parts += [
                    self._part(piece, raw, start + a, start + b)
                    for a, b in self._last_resort(raw[start:end], room - BARS)
                ]
        return self._evened(parts, piece, room)

    def _evened(self, parts: list[_Piece], piece: _Piece, room: int) -> list[_Piece]:
        """The sentences of one paragraph, marked where an even part of it opens a passage."""
        count = max(-(-piece.tokens // room), -(-piece.words // WORDS))
        even, before, opened, evened = piece.tokens / count, 0.0, 0, list[_Piece]()
        for part in parts:
            number = int((before + part.tokens / 2) / even)
            evened.append(replace(part, goes_on=bool(evened), breaks=number > opened))
            opened = max(number, opened)
            before += part.tokens
        return evened

    def _part(self, piece: _Piece, raw: str, start: int, end: int) -> _Piece:
        spans: list[Span] = []
        stretches: list[str] = []
        before = 0
        for span, stretch in zip(piece.spans, piece.raw, strict=True):
            a, b = max(start - before, 0), min(end - before, len(stretch))
            kept = stretch[a:b].strip() if a < b else ""
            if kept:
                spans.append(Span(span.page, span.start + stretch.index(kept, a), len(kept)))
                stretches.append(kept)
            before += len(stretch) + 1
        text = self._mended(raw[start:end], piece.kind)
        return self._measured(_Piece(text, tuple(spans), tuple(stretches), piece.kind))

    def _last_resort(self, text: str, room: int) -> list[tuple[int, int]]:
        """Bounds within one endless sentence: at clause marks, else at words, else anywhere."""
        from langchain_text_splitters import RecursiveCharacterTextSplitter

        splitter = RecursiveCharacterTextSplitter(
            separators=["\n", "; ", ", ", "、", "，", " ", ""],
            keep_separator="end",
            strip_whitespace=False,
            chunk_size=room,
            chunk_overlap=0,
            length_function=self._tokens,
        )
        bounds: list[tuple[int, int]] = []
        start = 0
        for part in splitter.split_text(text):
            start = text.index(part, start)
            bounds.append((start, start + len(part)))
            start += len(part)
        return bounds

    def _held(self, context: str, room: int, group: list[_Piece]) -> list[list[_Piece]]:
        """Counts the whole once more where seams, which add a token at most, might not fit."""
        if len(group) == 1 or sum(piece.tokens for piece in group) + len(group) <= room:
            return [group]
        if self._count(f"{context}\n{_text(group)}") <= MAX_TOKENS:
            return [group]
        half = len(group) // 2
        first, second = group[:half], group[half:]
        return [*self._held(context, room, first), *self._held(context, room, second)]

    def _mended(self, raw: str, kind: BlockKind) -> str:
        if kind in _ROWS:
            return mend_row(raw, header=kind is BlockKind.TABLE_HEADER)
        return mend(raw, self._compounds)

    def _measured(self, piece: _Piece) -> _Piece:
        return replace(piece, tokens=self._tokens(piece.text), words=len(piece.text.split()))

    def _tokens(self, text: str) -> int:
        return self._count(text) - self._special


def _gathered(sections: Iterable[_Section]) -> Iterator[_Section]:
    """Small sections put together under what their paths have in common, headings inside the text.

    A heading with nothing under it goes to what follows it.
    """
    current: _Section | None = None
    for section in sections:
        if not section.pieces and not section.heads:
            continue
        if current is None or (not current.pieces and _is_under(section, current)):
            current = section
        elif _belong(current, section):
            common = _common(current.path, section.path)
            pieces = [*current.heads, *current.pieces, *section.heads, *section.pieces]
            current = _Section(common, pieces, [], current.place)
        else:
            yield _with_text(current)
            current = section
    if current:
        yield _with_text(current)


def _belong(first: _Section, second: _Section) -> bool:
    if first.place != second.place:
        return False
    if not first.pieces:
        return True
    together = first.words + second.words
    return together <= WORDS and min(first.words, second.words) < GATHERED


def _is_under(section: _Section, other: _Section) -> bool:
    return section.path[: len(other.path)] == other.path


def _with_text(section: _Section) -> _Section:
    return section if section.pieces else replace(section, pieces=section.heads)


def _common(first: Sequence[str], second: Sequence[str]) -> tuple[str, ...]:
    count = 0
    while count < min(len(first), len(second)) and first[count] == second[count]:
        count += 1
    return tuple(first[:count])


def _fits(group: Sequence[_Piece], piece: _Piece, room: int) -> bool:
    if piece.breaks or sum(other.tokens for other in group) + piece.tokens > room:
        return False
    if piece.goes_on:
        return True
    words = sum(other.words for other in group)
    return words + piece.words <= WORDS or words < SMALL


def _blocks(page: Page) -> Iterator[Block]:
    """The page's blocks without running headers and footers; paragraphs where there are none.

    Lines of a paragraph that say a thing each are blocks of their own.
    """
    for block in page.blocks or _between_blank_lines(page.text):
        if block.kind is BlockKind.PARAGRAPH:
            text = page.text[block.start : block.start + block.length]
            for start, end in parted(text):
                yield Block(block.kind, block.start + start, end - start)
        elif block.kind is not BlockKind.RUNNING:
            yield block


def _between_blank_lines(text: str) -> Iterator[Block]:
    start = 0
    for gap in _BLANK_LINES.finditer(text):
        yield Block(BlockKind.PARAGRAPH, start, gap.start() - start)
        start = gap.end()
    yield Block(BlockKind.PARAGRAPH, start, len(text) - start)


def _append(pieces: list[_Piece], piece: _Piece, join: Callable[[_Piece, _Piece], _Piece]) -> None:
    """Adds a block, to the one before where a page break parted the two."""
    before = pieces[-1] if pieces else None
    over_page = before is not None and before.spans[-1].page + 1 == piece.spans[0].page
    prose = (BlockKind.PARAGRAPH, BlockKind.LIST_ITEM)
    if before and over_page and piece.kind is BlockKind.PARAGRAPH and before.kind in prose:
        end, starts_low = before.raw[-1], piece.text[0].islower()
        if _CUT_END.search(end) or (starts_low and _OPEN_END.search(end)):
            pieces[-1] = join(before, piece)
            return
    pieces.append(piece)


def _text(group: Sequence[_Piece]) -> str:
    text = group[0].text
    for piece in group[1:]:
        text += (" " if piece.goes_on else "\n") + piece.text
    return text


def _merged(group: Sequence[_Piece], pages: Sequence[Page]) -> tuple[Span, ...]:
    """The spans in order, those with nothing but white space between them made one."""
    texts = {page.number: page.text for page in pages}
    merged: list[Span] = []
    for span in (span for piece in group for span in piece.spans):
        last = merged[-1] if merged else None
        if last and last.page == span.page and last.start + last.length <= span.start:
            between = texts[span.page][last.start + last.length : span.start]
            if not between.strip():
                merged[-1] = Span(last.page, last.start, span.start + span.length - last.start)
                continue
        merged.append(span)
    return tuple(merged)


def _cropped(text: str, words: int) -> str:
    parts = text.split()
    return text if len(parts) <= words else " ".join(parts[:words])
