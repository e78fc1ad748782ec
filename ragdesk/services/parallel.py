"""Sentences and rows that say the same kind of thing of different things. Pure.

In a price list every line has a price, and a reader often marks that of the line beside the one
asked for. So of amounts of one unit that one counts whose sentence names more of the question.
And what one document says of a thing stands in another in a row or line with the same name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from .choose import Chosen, Sought, sentences
from .compare import normal
from .differ import alike, label, shape
from .mark import Candidate
from .match import is_small, stem, words
from .rerank import Read
from .widen import widened

SHORT = 20  # words of sentences that are held against each other
MOST = 0.5  # share of a question that a sentence names which goes before one that names nothing
BEHIND = 1.0  # how far a mark falls behind one that stands nowhere among the marks
_IN_HEADINGS = frozenset(("a", "an", "and", "by", "for", "from", "in", "of", "on", "the", "to"))
_NUMBER = re.compile(r"\d(?:[\d.,]*\d)?")
_LETTERS = re.compile(r"[^\W\d_]{2}")


def meant(found: Sequence[Candidate], sought: Sought) -> list[Candidate]:
    """Candidates with, of each document, the one first that the question names more of; best first.

    Only cells of one column and amounts of one unit in short sentences of one passage are held
    against each other. Lines that only repeat words of the question ("Holidays") come last.
    """
    headings = [c for c in found if _repeats(c, sought)]
    telling = [c for c in found if c not in headings]
    if not telling:
        return list(found)
    lowest = telling[-1].score - BEHIND
    ordered = telling + [replace(c, score=lowest) for c in headings]
    found = ordered
    for first in _first_of_each(found):
        better = _better(first, ordered, sought)
        if better is None:
            continue
        known = next((c for c in ordered if _place(c) == _place(better)), None)
        behind = min(first.score, known.score) if known else first.score - BEHIND
        ordered = [c for c in ordered if c is not known and c is not first]
        ordered += [replace(better, score=first.score), replace(first, score=behind)]
    return sorted(ordered, key=lambda candidate: -candidate.score)


def counterpart(
    best: Candidate, read: Iterable[Read], found: Sequence[Candidate]
) -> Candidate | None:
    """What passages of another document say of the very thing that `best` says something of.

    Of `found`, the marks of all passages, the one that goes over these words is taken.
    """
    for hit, marks in read:
        for around in sentences(hit):
            place = _same_cell(best, around) or _same_amount(best, around)
            if place is None:
                continue
            known = (
                c
                for c in found
                if c.around.hit is hit and c.marked[0] <= place[0] and place[1] <= c.marked[1]
            )
            return next(known, Candidate(around, place, best.score, marks.there))
    return None


def amount(candidate: Candidate) -> Candidate:
    """A mark cut down to the one amount in it: of "25 km costs 45 euros" the 45 euros."""
    kind = shape(candidate.words)
    start, end = candidate.marked
    inside = Chosen(candidate.around.hit, start, end)
    found = _amounts(inside, kind) if kind else []
    return replace(candidate, marked=found[0]) if len(found) == 1 else candidate


def _first_of_each(found: Sequence[Candidate]) -> list[Candidate]:
    firsts: dict[str, Candidate] = {}
    for candidate in found:
        firsts.setdefault(candidate.around.hit.document_id, candidate)
    return list(firsts.values())


def _better(first: Candidate, found: Sequence[Candidate], sought: Sought) -> Candidate | None:
    """The mark of the same kind in the same passage whose surroundings name more of the question.

    Where those of the first name nothing of it, the mark may be of another kind.
    """
    named = _named(first, sought)
    best: Candidate | None = None
    most = 0.0
    rivals = [*_rivals(first, found)]
    if not named:
        rivals += _named_instead(first, found, sought)
    for other in rivals:
        names = _named(other, sought)
        weight = sum(sought.weights[word] for word in names)
        if names > named and weight > most:
            best, most = other, weight
    return best


def _rivals(first: Candidate, found: Sequence[Candidate]) -> Iterator[Candidate]:
    """Cells of the same column; or what other short sentences of the passage say in that unit."""
    hit, kind, column = first.around.hit, shape(first.words), _column(first)
    for around in sentences(hit):
        if around.start == first.around.start:
            continue
        cells = around.cells()
        if column is not None:
            if around.head == first.around.head and len(cells) == len(first.around.cells()):
                yield Candidate(around, cells[column], first.score, first.there)
        elif kind and _is_short(first.around) and _is_short(around):
            places = {c.marked for c in found if c.around.hit is hit and _within(c.marked, around)}
            marked = [place for place in places if shape(hit.text[slice(*place)]) == kind]
            amounts = marked or _amounts(around, kind)
            if len(amounts) == 1:
                yield Candidate(around, amounts[0], first.score, first.there)


def _named_instead(
    first: Candidate, found: Sequence[Candidate], sought: Sought
) -> Iterator[Candidate]:
    """Amounts of any unit whose sentences name most of a question that the first names none of."""
    for other in found:
        if other.around.hit is first.around.hit and shape(other.words):
            names = _named(other, sought)
            if sum(sought.weights[word] for word in names) > MOST * sum(sought.weights.values()):
                yield other


def _is_short(around: Chosen) -> bool:
    return not around.is_row and len(around.text.split()) <= SHORT


def _repeats(candidate: Candidate, sought: Sought) -> bool:
    """Whether a line is a heading, no sentence, that says nothing which the question does not."""
    text = candidate.around.text
    said = words(text)
    if candidate.around.is_row or text.endswith((".", "!", "?")) or not said:
        return False
    small = {word for word in said if is_small(word)}
    stems = {stem(word) for word in said if word not in small}
    return small <= _IN_HEADINGS and stems <= sought.weights.keys()


def _named(candidate: Candidate, sought: Sought) -> set[str]:
    """The words of the question that stand around a mark, the mark left out."""
    around, (start, end) = candidate.around, candidate.marked
    text = f"{around.hit.text[around.start : start]} {around.hit.text[end : around.end]}"
    return {stem(word) for word in words(text)} & sought.weights.keys()


def _same_cell(best: Candidate, around: Chosen) -> tuple[int, int] | None:
    """The cell of a row with the same name as the best one's, in the column of the same name."""
    column = _column(best)
    if column is None or not around.is_row or _row_name(around) != _row_name(best.around):
        return None
    ours, theirs = best.around.columns(), around.columns()
    name = normal(ours[column][0]) if column < len(ours) else ""
    same = [place for other, place in theirs if name and normal(other) == name]
    cells = around.cells()
    if not same and len(cells) == len(best.around.cells()):
        same = [cells[column]]
    kind = shape(best.words)
    fits = [place for place in same if kind and shape(around.hit.text[slice(*place)]) == kind]
    return fits[0] if fits else None


def _same_amount(best: Candidate, around: Chosen) -> tuple[int, int] | None:
    """The one amount of the same unit in a sentence that is the best one's but for amounts."""
    kind = shape(best.words)
    if kind is None or best.around.is_row or around.is_row:
        return None
    amounts = _amounts(around, kind)
    if len(amounts) != 1:
        return None
    other = Candidate(around, amounts[0], best.score, best.there)
    same = label(best.around, best.marked) == label(around, amounts[0]) != ""
    return amounts[0] if same or alike(best, other) else None


def _amounts(around: Chosen, kind: str) -> list[tuple[int, int]]:
    """The places of the amounts of a unit in a sentence."""
    text = around.hit.text
    found = [
        widened(text, number.start(), number.end(), around.end)
        for number in _NUMBER.finditer(text, around.start, around.end)
    ]
    return [place for place in dict.fromkeys(found) if shape(text[slice(*place)]) == kind]


def _column(candidate: Candidate) -> int | None:
    """The number of the cell of a row that is marked."""
    if not candidate.around.is_row:
        return None
    cell = candidate.around.cell(*candidate.marked)
    places = candidate.around.cells()
    return places.index(cell) if cell in places else None


def _row_name(around: Chosen) -> str:
    cells = (around.hit.text[slice(*place)] for place in around.cells())
    return normal(next((cell for cell in cells if _LETTERS.search(cell)), ""))


def _within(place: tuple[int, int], around: Chosen) -> bool:
    return around.start <= place[0] and place[1] <= around.end


def _place(candidate: Candidate) -> tuple[str, int, int]:
    return (candidate.around.hit.passage_id, *candidate.marked)
