"""Text as a page has it, made fit for search; and the way back to where it stands. Pure.

Mending joins words that a line end cut in two, undoes ligatures, folds white space, and leaves out
what no one reads: a link's target, marks of emphasis, comments, leaders. Apart from these it never
adds, drops or reorders a *solid* character (anything but white space, hyphens and marks). So the
n-th solid character of a mended text is the n-th of the raw text it came from, and any stretch of
a passage can be found again on its pages, exactly.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Collection, Sequence

from ..domain.document import Span

_LIGATURES = {
    "\ufb00": "ff", "\ufb01": "fi", "\ufb02": "fl", "\ufb03": "ffi", "\ufb04": "ffl",
    "\ufb05": "st", "\ufb06": "st",
}  # fmt: skip
# Marks without a width, and PDFium's own signs for a hyphen at a line end (U+0002, U+FFFE).
_INVISIBLE = "\u00ad\u200b\u200c\u200d\u2060\ufeff\u0002\ufffe\u0000"
_HYPHENS = "-\u2010\u2011\u00ad\u0002\ufffe"
_TABLE = {ord(k): v for k, v in _LIGATURES.items()} | dict.fromkeys(map(ord, _INVISIBLE))
_LOOSE = frozenset(_INVISIBLE + _HYPHENS + "|[]*_`>\\")  # with white space: what is not solid

_LEFT_OUT = re.compile(r"<!--.*?-->|(?<=\])\([^()\s]*\)|(?:\.[ \t]?){4,}", re.DOTALL)
_LINK = re.compile(r"\[([^\[\]]*)\]\([^()\s]*\)")
_QUOTED = re.compile(
    r"^[ \t]*(?:>[ \t]?)+", re.MULTILINE
)  # in front of lines, in mails and Markdown
_MARKS = re.compile(r"\*{2,}|`|\\(?=[^\w\s])|(?<!\w)[*_]+(?=\S)|(?<=\S)[*_]+(?!\w)|_{3,}")

# Only tried where a word begins: from inside one, a word of half a million letters takes minutes.
_CUT_WORD = re.compile(rf"(?<!\w)(\w+)[{_HYPHENS}][ \t\r]*\n\s*(\w+)")
_HIDDEN_CUT = re.compile(  # PDFium may leave out the line end
    "(?<![^\\W\\d_])([^\\W\\d_]+)[\u0002\ufffe](\\w+)"
)
_COMPOUND = re.compile(r"(?<!\w)\w+-\w+")
_CELL = re.compile(r"[\t|]")

_BAR = re.compile(r"(?:^| )\|(?: |$)|(?<=\| )\|(?: |$)")  # around an empty cell bars share a space

CELLS, ROW, HEADER = " | ", "| ", " |"  # between cells, in front of a single one, behind a header

# A sentence ends at . ! ? (with closing quotes) before white space and something that can start
# one, and at the full stops of scripts that put no space behind them.
_END = re.compile(r"[.!?؟][\"'”’)\]*_]*(?=\s+[\"'“‘(\[*_]*[^\W_a-zà-ÿ]|\s*$)|[。！？]+[」』”）]*")
_ABBREVIATION = re.compile(
    r"(?:^|[\s(\[\"“])(?:[A-Z]|[A-Za-z](?:\.[A-Za-z])+|Mr|Mrs|Ms|Dr|Prof|Sr|Jr|St|Inc|Ltd|Co|Corp"
    r"|vs|v|etc|approx|ca|cf|al|Jan|Feb|Mar|Apr|Aug|Sept?|Oct|Nov|Dec)\.$"
)
_NUMBERING = re.compile(r"\s*(?:\d{1,3}(?:\.\d+)*|[A-Za-z]|[ivx]+)\.$")  # "3." in front of a clause


def compounds(texts: Sequence[str]) -> frozenset[str]:
    """Words that are written with a hyphen inside a line, in lower case: `mend` leaves theirs."""
    return frozenset(word.casefold() for text in texts for word in _COMPOUND.findall(text))


def mend(text: str, hyphenated: Collection[str] = ()) -> str:
    """One paragraph's text on one line. `hyphenated` are compounds that keep their hyphen."""

    def joined(cut: re.Match[str]) -> str:
        first, second = cut.groups()
        compound = f"{first}-{second}"
        stays = not second[0].islower() or first[-1].isdigit() or compound.casefold() in hyphenated
        return compound if stays else first + second

    if "](" in text:  # twice: a picture may stand in a link
        text = _LINK.sub(r"\1", _LINK.sub(r"\1", text))
    if "](" in text or "<!--" in text or "..." in text or ". ." in text or ".\t." in text:
        text = _LEFT_OUT.sub(" ", text)
    if ">" in text:
        text = _QUOTED.sub("", text)
    if "*" in text or "_" in text or "`" in text or "\\" in text:
        text = _MARKS.sub("", text)
    if "\n" in text:
        text = _CUT_WORD.sub(joined, text)
    if not text.isascii() or "\u0002" in text:
        text = _HIDDEN_CUT.sub(joined, text)
    return " ".join(text.translate(_TABLE).split())


def mend_row(text: str, *, header: bool = False) -> str:
    """A table's row on one line that says what it is: a bar between its cells, or else in front.

    A header has a bar behind it as well.
    """
    cells = [mend(cell) for cell in _CELL.split(text.strip().strip("|"))]
    row = " ".join(" | ".join(cells).split()).rstrip(" |")
    if row and CELLS not in row:
        row = ROW + row
    return row + HEADER if row and header else row


def row_cells(line: str) -> tuple[int, int, bool] | None:
    """(start, end, whether it is a header) of the cells in a line made by `mend_row`, else None."""
    if CELLS not in line and not line.startswith(ROW):
        return None
    header = line.endswith(HEADER)
    start = len(ROW) if line.startswith(ROW) else 0
    return start, len(line) - (len(HEADER) if header else 0), header


def cell_places(row: str) -> list[tuple[int, int]]:
    """(start, end) of each cell in a row without its marks, empty ones included."""
    bars = [bar.span() for bar in _BAR.finditer(row)]
    starts = [0, *(end for _, end in bars)]
    ends = [*(start for start, _ in bars), len(row)]
    return [(start, max(start, end)) for start, end in zip(starts, ends, strict=True)]


def sentence_bounds(text: str) -> list[tuple[int, int]]:
    """(start, end) of each sentence, in order, without the white space around it."""
    bounds: list[tuple[int, int]] = []
    start = 0
    for match in _END.finditer(text):
        stop = match.start() + 1
        if text[stop - 1] == "." and match.end() < len(text) and _goes_on(text, start, stop):
            continue
        _add(bounds, text, start, match.end())
        start = match.end()
    _add(bounds, text, start, len(text))
    return bounds


def _goes_on(text: str, start: int, stop: int) -> bool:
    """Whether the full stop in front of `stop` ends a short form or a number, not a sentence."""
    if _NUMBERING.fullmatch(text, start, stop):
        return True
    return _ABBREVIATION.search(text, max(start, stop - 13), stop) is not None


def _add(bounds: list[tuple[int, int]], text: str, start: int, end: int) -> None:
    part = text[start:end]
    kept = part.strip()
    if kept:
        start += part.index(kept[0])
        bounds.append((start, start + len(kept)))


def is_solid(character: str) -> bool:
    """Whether mending keeps this character at its place in the order."""
    return character not in _LOOSE and not character.isspace()


class Places:
    """The way from a mended text back to the raw pieces it was made of.

    `pieces` are (page, start on the page, raw text), in the order of the mended text.
    """

    def __init__(self, mended: str, pieces: Sequence[tuple[int, int, str]]) -> None:
        self._solid = [i for i, character in enumerate(mended) if is_solid(character)]
        # (piece, index on its page) of each solid character
        self._places: list[tuple[int, int]] = []
        for number, (_, start, raw) in enumerate(pieces):
            kept = _LEFT_OUT.sub(lambda match: " " * len(match.group()), raw)
            for i, character in enumerate(kept):
                if is_solid(character):
                    self._places += [(number, start + i)] * len(_LIGATURES.get(character, "x"))
        self._pages = [page for page, _, _ in pieces]
        self.whole = len(self._solid) == len(self._places)

    def spans(self, start: int, end: int) -> tuple[Span, ...]:
        """Where `mended[start:end]` stands, one span for each raw piece that it touches."""
        first, last = bisect_left(self._solid, start), bisect_left(self._solid, end)
        found: list[Span] = []
        by_piece: dict[int, list[int]] = {}
        for piece, index in self._places[first:last]:
            by_piece.setdefault(piece, []).append(index)
        for piece, indices in by_piece.items():
            found.append(Span(self._pages[piece], indices[0], indices[-1] - indices[0] + 1))
        return tuple(found)
