"""The reader's marks, made whole and held against each other: which words answer a question.

A mark is weighed by the worth of its passage, by how sure the reader is of these very words,
by whether they are of the kind that was asked for, and by its sentence.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..domain.conversation import Mark
from ..domain.training import USUAL, Mix
from .choose import Chosen, Sought, sentences
from .language import is_foreign
from .lookup import asked_cell, asked_cells, asked_row, beside
from .rerank import Read, worth
from .widen import widened

SENTENCES = 3  # in which words of the kind asked for are looked for, marked or not
MARKS = 5  # of a passage that are weighed
# What makes a mark the answer, beside the worth of its passage.
SPAN, FITS, SENTENCE, NAMED = 0.25, 1.0, 1.0, 1.0
NARROWED_FROM = 6  # words of a mark in which the one amount, date or the like asked for is sought
# Kinds of words that a pattern tells from others well enough to mark them alone.
SURE_KINDS = frozenset(("email", "phone", "percent", "duration", "money", "date", "count"))
CELL_WORDS = 12  # a longer cell is quoted like text


@dataclass(frozen=True, slots=True)
class Candidate:
    """Words `around.hit.text[slice(*marked)]` that may answer, and the sentence or row around."""

    around: Chosen
    marked: tuple[int, int]
    score: float
    there: float

    @property
    def words(self) -> str:
        return self.around.hit.text[slice(*self.marked)]

    @property
    def said(self) -> str:
        """The words, and behind a table's number the unit that header or caption give it."""
        told = self.around.unit(self.marked[0])
        return f"{self.words} ({told})" if told else self.words

    @property
    def shown(self) -> str:
        """The sentence; of a row the cell with the names of its row and column."""
        cell = self.around.cell(*self.marked)
        return self.around.shown_cell(cell[0]) if cell else self.around.shown


@dataclass(frozen=True, slots=True)
class Seen:
    """What was made of a question: passages read, sentences weighed, marks, all best first by `mix`."""

    question: str
    sought: Sought
    read: Sequence[Read]
    chosen: Sequence[Chosen]
    candidates: Sequence[Candidate]
    mix: Mix = USUAL


def candidates(
    read: Sequence[Read], chosen: Sequence[Chosen], sought: Sought, mix: Mix = USUAL
) -> list[Candidate]:
    """The marks of all passages, each made whole and weighed, best first, each place once.

    With them the cells of tables that the question asks for by name, marked or not.
    """
    known = {(c.hit.passage_id, c.start, c.end): c for c in chosen}
    found: dict[tuple[str, int, int], Candidate] = {}
    for hit, marks in read:
        stretches = sentences(hit)
        named = asked_cells(stretches, sought)
        meant = [(*_meant(stretches, mark, sought), mark.score) for mark in marks.marks[:MARKS]]
        surest = max((mark.score for mark in marks.marks), default=0.0)
        meant += [(row, place, surest) for row, place in named]
        meant += [
            (one, place, 0.0)
            for one in chosen[:SENTENCES]
            if one.hit == hit
            for place in _fitting(one, sought)
        ]
        for around, marked, sure in meant:
            if around is None or marked[0] >= marked[1]:
                continue
            around = known.get((hit.passage_id, around.start, around.end), around)
            fits = bool(sought.expected and sought.expected.find(hit.text[slice(*marked)]))
            score = worth(hit, marks, mix) + SPAN * sure + FITS * fits + SENTENCE * around.score
            score += NAMED * any(place == marked for _, place in named)
            place = (hit.passage_id, *marked)
            if place not in found or found[place].score < score:
                found[place] = Candidate(around, marked, score, marks.there)
    return sorted(found.values(), key=lambda candidate: -candidate.score)


def _fitting(sentence: Chosen, sought: Sought) -> list[tuple[int, int]]:
    """Words of the kind asked for in a sentence, but for those that the question has itself.

    In other languages only, where the reader, which has seen none, marks past them.
    """
    if sought.expected is None or not is_foreign(sought.lang):
        return []
    found = [
        (sentence.start + a, sentence.start + b) for a, b in sought.expected.find(sentence.text)
    ]
    return [
        (start, end)
        for start, end in found
        if not set(sought.stems(sentence.hit.text[start:end])) <= sought.weights.keys()
    ]


def _meant(
    stretches: Sequence[Chosen], mark: Mark, sought: Sought
) -> tuple[Chosen | None, tuple[int, int]]:
    """The sentence or row of a mark, and its words made whole; of a table, what is asked for."""
    around = _around(stretches, mark)
    if around is None:
        return None, (0, 0)
    row, marked = asked_row(around, stretches, sought), (mark.start, mark.end)
    if row is not around:
        marked = beside(around, row, marked)
        return row, asked_cell(row, sought, marked) or marked
    asked = asked_cell(row, sought, marked)
    return row, asked or _narrowed(row.hit.text, _whole(row, mark), sought)


def _around(stretches: Sequence[Chosen], mark: Mark) -> Chosen | None:
    """The sentence or row that holds a mark; the sentences, where it goes over several."""
    touched = [s for s in stretches if s.start < mark.end and mark.start < s.end]
    if not touched:
        return None
    first, last = touched[0], touched[-1]
    if len(touched) == 1:
        return first
    if any(stretch.is_row for stretch in touched):  # of rows, the one with most of it
        return max(touched, key=lambda s: min(s.end, mark.end) - max(s.start, mark.start))
    return Chosen(first.hit, first.start, last.end)


def _whole(around: Chosen, mark: Mark) -> tuple[int, int]:
    """A mark inside its sentence, no word cut; of a short cell all."""
    start, end = max(mark.start, around.start), min(mark.end, around.end)
    cell = around.cell(start, end)
    if cell and len(around.hit.text[slice(*cell)].split()) <= CELL_WORDS:
        return cell
    return widened(around.hit.text, start, end, cell[1] if cell else around.end)


def _narrowed(text: str, marked: tuple[int, int], sought: Sought) -> tuple[int, int]:
    """Of a long mark the words of the kind asked for, where it holds them exactly once."""
    start, end = marked
    if sought.expected is None or sought.expected.kind not in SURE_KINDS:
        return marked
    if len(text[start:end].split()) < NARROWED_FROM:
        return marked
    found = sought.expected.find(text[start:end])
    if len(found) != 1:
        return marked
    return widened(text, start + found[0][0], start + found[0][1], end)
