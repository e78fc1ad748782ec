"""Which sentences of the found passages answer a question. Pure but for the vectors it is given.

A sentence is weighed by how near it is in meaning (read with its headings in front), how much of
what is asked it names (rare words say more), whether it holds the kind of words that were asked
for, and how well its passage was found. The weights were fitted on open questions with marked
sentences (nq_qed, selqa, dstc9_faq, covidqa, medquad, squad), not on the handbook, where they lead
to the right sentence first in 58 of 100 questions; without the headings it was 48.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ..domain.conversation import Hit
from .expect import Expected
from .grid import cell_texts, column_names, unit
from .mend import CELLS, cell_places, row_cells, sentence_bounds
from .word_forms import stems

if TYPE_CHECKING:
    from ..domain.protocols import Vectors

_HAS_WORD = re.compile(r"[^\W\d_]{2}")

LOOKED_AT = 16  # sentences whose vector is made for a question; more did not choose better
SHORT = 25  # characters; what is shorter is shown with what follows it
FRAGMENT = 5  # words; what has fewer seldom says anything
NOTE = 6  # words; a row of one cell with more is a note below a table, not of its first column
PROSE = 200  # characters; the only cell of a row, when it is longer, is text in a frame

# What counts, before the vectors are made and with them.
ROUGH = {"named": 0.45, "named_around": 0.32, "fits": 0.24, "found": 0.9, "fragment": -0.16}
EXACT = {"meaning": 1.0, "named": 0.3, "fits": 0.2, "found": 0.66, "fragment": -0.25}


@dataclass(frozen=True, slots=True)
class Chosen:
    """A stretch `hit.text[start:end]`. `head` is a table's header, shown with a row of it.

    `heads` are all header rows of the table, where it has several.
    """

    hit: Hit
    start: int
    end: int
    head: tuple[int, int] | None = None
    score: float = 0.0
    meaning: float = 0.0
    named: float = 0.0
    fits: bool = False
    heads: tuple[tuple[int, int], ...] = ()

    @property
    def text(self) -> str:
        return self.hit.text[self.start : self.end]

    @property
    def shown(self) -> str:
        """The text as a person reads it: a row's cells each behind its column's name."""
        cells = cell_texts(self.text)
        names = self._names(cells)
        if not names or (not self.is_row and self._is_note):
            return self.text
        pairs = list(zip(names, cells, strict=False))  # the last cells of a row may be empty
        return "; ".join(f"{name}: {cell}" if name else cell for name, cell in pairs if cell)

    def cell(self, start: int, end: int) -> tuple[int, int] | None:
        """The place of the one cell of a row that `hit.text[start:end]` means, else None.

        Of a row's name and one of its cells the cell is meant.
        """
        touched = [(a, b) for a, b in self.cells() if start < b and a < end]
        if len(touched) == 2 and touched[0][0] == self.start:
            del touched[0]
        return touched[0] if self.is_row and len(touched) == 1 else None

    def cells(self) -> list[tuple[int, int]]:
        """The place of each cell, empty ones included."""
        return [(self.start + a, self.start + b) for a, b in cell_places(self.text)]

    def columns(self) -> list[tuple[str, tuple[int, int]]]:
        """The name of the column and the place of each cell of a row, [] where names do not fit."""
        names = self._names(cell_texts(self.text)) if self.is_row else []
        return list(zip(names, self.cells(), strict=False))

    def shown_cell(self, start: int) -> str:
        """A row's cell at `start` with the names of its row and column: "Island — Price: 48 €".

        The row is named by the cells with words in front of it, or by its first cell. The unit that
        the table gives stands behind: "Wages — 2020: 325 (in thousands)".
        """
        cells = cell_texts(self.text)
        number = self._number(start)
        names = self._names(cells)
        others = [cell for cell in cells[:number] if _HAS_WORD.search(cell)] or cells[:1]
        row = ", ".join(others) if number else ""
        column = names[number] if names else ""
        if not row or not column:
            return self.shown
        told = self.unit(start)
        behind = f" ({told})" if told and told not in f"{row} {column}" else ""
        return f"{row} — {column}: {cells[number]}{behind}"

    def unit(self, start: int) -> str:
        """The unit that header or caption of the table give the cell at `start`, '' where none."""
        if not self.is_row:
            return ""
        cells = cell_texts(self.text)
        heads = [self.hit.text[slice(*head)] for head in self._heads]
        first = min((place[0] for place in self._heads), default=self.start)
        before = self.hit.text[:first].rstrip("| \n").rpartition("\n")[2]
        above = [before] if row_cells(before) is None else []
        context = self.hit.context.rpartition(" › ")[2]
        return unit(self._number(start), cells, heads, [*above, context])

    @property
    def is_row(self) -> bool:
        """Whether it is a row of several cells."""
        return CELLS in self.text

    @property
    def _is_note(self) -> bool:
        under_columns = any(CELLS in self.hit.text[slice(*head)] for head in self._heads)
        return under_columns and len(self.text.split()) > NOTE

    def _number(self, start: int) -> int:
        ends = [end for _, end in self.cells()]
        return next((number for number, end in enumerate(ends) if start < end), len(ends) - 1)

    @property
    def _heads(self) -> tuple[tuple[int, int], ...]:
        return self.heads or ((self.head,) if self.head else ())

    def _names(self, cells: Sequence[str]) -> list[str]:
        """The names of the columns of these cells of the row, [] where they do not fit."""
        return column_names([self.hit.text[slice(*head)] for head in self._heads], cells)


@dataclass(frozen=True, slots=True)
class Sought:
    """A question taken apart: its vector, the weight of each stem, what kind of words it asks for.

    `lang` is the language whose stems these are; `scale`, (what to add, what to multiply by first),
    makes of cosines with the vector what they would be with the English model.
    """

    vector: Vectors
    weights: Mapping[str, float]
    expected: Expected | None
    lang: str = ""
    scale: tuple[float, float] = (0.0, 1.0)

    def stems(self, text: str) -> list[str]:
        """The stems of a text's words, in order."""
        return stems(text, self.lang)

    def share_named(self, text: str) -> float:
        """The share of the question's weight whose stems stand in `text`, 0 to 1."""
        total = sum(self.weights.values())
        if not total:
            return 0.0
        there = set(self.stems(text))
        return sum(weight for word, weight in self.weights.items() if word in there) / total


def sentences(hit: Hit) -> list[Chosen]:
    """The sentences and table rows of a passage, in order; a table's header only with its rows."""
    found: list[Chosen] = []
    heads: tuple[tuple[int, int], ...] = ()
    under = False  # whether a row stands under these heads
    start = 0
    for line in hit.text.split("\n"):
        row = row_cells(line)
        if row is None:
            heads = ()
            found += [Chosen(hit, start + a, start + b) for a, b in _not_too_short(line)]
        elif row[2]:
            heads = (*(() if under else heads), (start + row[0], start + row[1]))
            under = False
        elif CELLS not in line and len(line) > PROSE:  # a frame around text, not a table
            heads = ()
            inside = _not_too_short(line[row[0] : row[1]])
            found += [Chosen(hit, start + row[0] + a, start + row[0] + b) for a, b in inside]
        else:
            place = start + row[0], start + row[1]
            found.append(Chosen(hit, *place, heads[-1] if heads else None, heads=heads))
            under = True
        start += len(line) + 1
    return found


def choose(
    hits: Sequence[Hit], sought: Sought, embed: Callable[[Sequence[str]], Vectors]
) -> list[Chosen]:
    """The sentences of `hits` that were looked at, weighed, best first."""
    rough: list[tuple[float, Chosen, dict[str, float]]] = []
    for hit in hits:
        around = sought.share_named(f"{hit.context}\n{hit.text}")
        for sentence in sentences(hit):
            named = sought.share_named(sentence.text)
            fits = bool(sought.expected and sought.expected.find(sentence.text))
            seen = {
                "named": named,
                "named_around": around,
                "fits": float(fits),
                "found": hit.score,
                "fragment": float(len(sentence.text.split()) < FRAGMENT),
            }
            rough.append((_weighed(ROUGH, seen), replace(sentence, named=named, fits=fits), seen))
    rough.sort(key=lambda one: -one[0])
    rough = rough[:LOOKED_AT]
    if not rough:
        return []
    shift, factor = sought.scale
    cosines = embed([_in_context(sentence) for _, sentence, _ in rough]) @ sought.vector
    cosines = shift + factor * cosines
    weighed = []
    for (_, sentence, seen), cosine in zip(rough, map(float, cosines), strict=True):
        score = _weighed(EXACT, seen | {"meaning": cosine})
        weighed.append(replace(sentence, meaning=cosine, score=score))
    return sorted(weighed, key=lambda sentence: -sentence.score)


def _weighed(weights: Mapping[str, float], seen: Mapping[str, float]) -> float:
    return sum(weight * seen[name] for name, weight in weights.items())


def _in_context(sentence: Chosen) -> str:
    head = f"{sentence.hit.text[slice(*sentence.head)]}\n" if sentence.head else ""
    return f"{sentence.hit.context}\n{head}{sentence.text}"


def _not_too_short(line: str) -> list[tuple[int, int]]:
    """Sentence bounds, those of a few letters ("Yes.") put together with the next."""
    bounds: list[tuple[int, int]] = []
    for start, end in sentence_bounds(line):
        if bounds and bounds[-1][1] - bounds[-1][0] < SHORT:
            bounds[-1] = (bounds[-1][0], end)
        else:
            bounds.append((start, end))
    return bounds
