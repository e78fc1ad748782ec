"""An answer put together from what the reader marked: its kind, its short words, its sentences.

The short answer is the best mark of all passages that were read; around it stands its sentence or
row, and behind that what else bears on the question. Questions for yes or no, for several things
and for a way to do something, and documents that differ, have answers of their own form.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ..domain.conversation import Hit, Mark, Value
from .choose import Chosen, Sought, sentences
from .dates import Dated, date_of
from .differ import agree, comparable
from .itemise import LEAST, Itemised, joins, lists, parts
from .rerank import Read, worth
from .want import asks_how_to, asks_several, asks_yes_or_no
from .widen import widened

MARKS = 5  # of a passage that are weighed
# What makes a mark the answer, beside the worth of its passage.
SPAN, FITS, SENTENCE = 0.25, 1.0, 1.0
ELSE_NEAR = 2.0  # a sentence this far behind the answer's is shown too
VALUES_NEAR = 2.0  # a value of another document this far behind stands beside the first
VALUES_MOST = 5
AGREEING_MOST = 3  # documents cited for one thing that all of them say
VERDICT_LEAST = 0.2  # chance of yes or no below which a question for it is answered in words
CELL_WORDS = 12  # a longer cell is quoted like text
BEHIND = 0.1  # where the reader marks nothing: how far behind a sentence may be to be shown too


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
    def shown(self) -> str:
        """The sentence; of a row the cell with the names of its row and column."""
        cell = self.around.cell(*self.marked)
        return self.around.shown_cell(cell[0]) if cell else self.around.shown


@dataclass(frozen=True, slots=True)
class Shown:
    """A sentence of an answer and what it stands on: each source becomes a citation.

    A source is (hit, stretches of its text that are quoted, those of them that are marked).
    """

    text: str
    sources: tuple[tuple[Hit, tuple[tuple[int, int], ...], tuple[tuple[int, int], ...]], ...]


@dataclass(frozen=True, slots=True)
class Composed:
    """What an answer says; `kind`, `short`, `items` and `values` as in `Answer`."""

    kind: str
    short: str | None
    shown: tuple[Shown, ...]
    items: tuple[Value, ...] = ()
    values: tuple[Value, ...] = ()


@dataclass(frozen=True, slots=True)
class Seen:
    """What was made of a question: passages read, sentences weighed, marks, all best first."""

    question: str
    sought: Sought
    read: Sequence[Read]
    chosen: Sequence[Chosen]
    candidates: Sequence[Candidate]


def candidates(read: Sequence[Read], chosen: Sequence[Chosen], sought: Sought) -> list[Candidate]:
    """The marks of all passages, each made whole and weighed, best first, each place once."""
    known = {(c.hit.passage_id, c.start, c.end): c for c in chosen}
    found: dict[tuple[str, int, int], Candidate] = {}
    for hit, marks in read:
        stretches = sentences(hit)
        for mark in marks.marks[:MARKS]:
            around = _around(stretches, mark)
            if around is None:
                continue
            around = known.get((hit.passage_id, around.start, around.end), around)
            marked = _whole(around, mark)
            if marked[0] >= marked[1]:
                continue
            words = hit.text[slice(*marked)]
            fits = bool(sought.expected and sought.expected.find(words))
            score = worth(hit, marks) + SPAN * mark.score + FITS * fits + SENTENCE * around.score
            found.setdefault(
                (hit.passage_id, *marked), Candidate(around, marked, score, marks.there)
            )
    return sorted(found.values(), key=lambda candidate: -candidate.score)


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


def compose(seen: Seen, most: int, front: Callable[[str], str]) -> Composed:
    """The answer, with `most` sentences at most. `front` gives a document's first page's text.

    `seen.chosen` must not be empty.
    """
    if not seen.candidates:
        return Composed("sentence", None, tuple(map(_sentence, _near(seen.chosen, most))))
    composed = _verdict(seen, most) or _list(seen, most)
    if composed is not None:
        return composed
    best = seen.candidates[0]
    if asks_how_to(seen.question):
        return Composed("sentence", None, _with_others(seen, [best], most))
    groups = _groups(seen)
    if len(groups) > 1:
        return _values(groups, front)
    whole = best.words == best.around.text and len(best.words.split()) > CELL_WORDS
    kind = "sentence" if whole else "words"
    return Composed(kind, best.words, _with_others(seen, groups[0][:AGREEING_MOST], most))


def _verdict(seen: Seen, most: int) -> Composed | None:
    """Yes or no, with the sentence that decides."""
    if not asks_yes_or_no(seen.question):
        return None
    top = max(worth(*one) for one in seen.read)
    weights = [math.exp(worth(*one) - top) for one in seen.read]
    total = sum(weights)
    yes = sum(w * m.yes for w, (_, m) in zip(weights, seen.read, strict=True)) / total
    no = sum(w * m.no for w, (_, m) in zip(weights, seen.read, strict=True)) / total
    if yes + no < VERDICT_LEAST:
        return None
    kind = "yes" if yes > no else "no"
    by_passage = {
        hit.passage_id: weight * (marks.yes if kind == "yes" else marks.no)
        for weight, (hit, marks) in zip(weights, seen.read, strict=True)
    }
    first = max(seen.candidates, key=lambda c: (by_passage[c.around.hit.passage_id], c.score))
    return Composed(kind, kind.capitalize(), _with_others(seen, [first], most))


def _list(seen: Seen, most: int) -> Composed | None:
    """All items of the list in which the best mark stands."""
    several, how_to = asks_several(seen.question), asks_how_to(seen.question)
    best = seen.candidates[0]
    text = best.around.hit.text
    if not several and not how_to:
        return None
    for found in lists(text):
        if found.holds(*best.marked) and (several or _numbered(text, found)):
            return _itemised(seen, found, most)
    if not several:
        return None
    marked = _enumerated(seen)
    items = [] if best.around.is_row else parts(text, *marked)
    if len(items) < LEAST:
        return None
    whole = Candidate(best.around, marked, best.score, best.there)
    return Composed(
        "list",
        whole.words,
        _with_others(seen, [whole], most),
        items=tuple(Value(text[a:b], 1) for a, b in items),
    )


def _numbered(text: str, found: Itemised) -> bool:
    line = text.rfind("\n", 0, found.items[0][0]) + 1
    return text[line : found.items[0][0]].strip("( ")[:1].isdigit()


def _itemised(seen: Seen, found: Itemised, most: int) -> Composed:
    """A list with the line above it, one citation for all its lines."""
    best = seen.candidates[0]
    hit = best.around.hit
    head = hit.text[slice(*found.head)] if found.head else ""
    items = [hit.text[slice(*item)] for item in found.items]
    lines = "\n".join(f"- {item}" for item in items)
    quoted = ((found.head,) if found.head else ()) + found.items
    first = Shown(f"{head}\n{lines}".strip(), ((hit, quoted, found.items),))
    place = (quoted[0][0], found.items[-1][1])
    others = _with_others(seen, [], most - 1, taken=[(hit, place)])
    return Composed("list", None, (first, *others), items=tuple(Value(item, 1) for item in items))


def _enumerated(seen: Seen) -> tuple[int, int]:
    """The best mark with other marks of its sentence that an "and" or a comma joins to it."""
    best = seen.candidates[0]
    start, end = best.marked
    text = best.around.hit.text
    same = [c for c in seen.candidates[1:] if c.around == best.around]
    for other in sorted(same, key=lambda c: c.marked):
        if end <= other.marked[0] and joins(text[end : other.marked[0]]):
            end = other.marked[1]
    for other in sorted(same, key=lambda c: c.marked, reverse=True):
        if other.marked[1] <= start and joins(text[other.marked[1] : start]):
            start = other.marked[0]
    return start, end


def _groups(seen: Seen) -> list[list[Candidate]]:
    """Documents that answer about as surely as the best, those that say the same together."""
    best = seen.candidates[0]
    groups: list[list[Candidate]] = []
    for one in _per_document(seen.candidates):
        if one is not best and not comparable(best, one, seen.sought, VALUES_NEAR):
            continue
        for group in groups:
            if agree(group[0].words, one.words):
                group.append(one)
                break
        else:
            groups.append([one])
    return groups


def _values(groups: Sequence[list[Candidate]], front: Callable[[str], str]) -> Composed:
    """What documents say that differ, newest first, each with the date that it bears."""
    dated = [(_dated(group[0], front), group) for group in groups[:VALUES_MOST]]
    dated.sort(key=lambda pair: pair[0].order, reverse=True)
    values: list[Value] = []
    shown: list[Shown] = []
    number = 1
    for date, group in dated:
        values.append(Value(group[0].words, number, date.text))
        shown.append(_agreeing(group[:AGREEING_MOST]))
        number += len(shown[-1].sources)
    return Composed("values", values[0].text, tuple(shown), values=tuple(values))


def _dated(candidate: Candidate, front: Callable[[str], str]) -> Dated:
    around = candidate.around
    place = (around.start, around.end)
    return date_of(around.hit, place, candidate.marked, front(around.hit.document_id))


def _per_document(found: Sequence[Candidate]) -> list[Candidate]:
    """The best of each document, best first; of twins only one."""
    kept: list[Candidate] = []
    seen: set[str] = set()
    for candidate in found:
        hit = candidate.around.hit
        if hit.document_id in seen or hit.path in seen:
            continue
        seen |= {hit.document_id, *hit.twins}
        kept.append(candidate)
    return kept


def _agreeing(group: Sequence[Candidate]) -> Shown:
    """One sentence with the markers of all that say the same."""
    return Shown(group[0].shown, tuple(_source(c.around, (c.marked,)) for c in group))


def _with_others(
    seen: Seen,
    first: Sequence[Candidate],
    most: int,
    taken: Sequence[tuple[Hit, tuple[int, int]]] = (),
) -> tuple[Shown, ...]:
    """The answer's sentence, documents that agree beside it, then what else bears on it."""
    found = [*seen.candidates]
    line = found[0].score - ELSE_NEAR
    shown = [_agreeing(first)] if first else []
    places = [(c.around.hit, (c.around.start, c.around.end)) for c in first] + list(taken)
    texts = {c.around.text for c in first}
    for candidate in found:
        around = candidate.around
        place = (around.hit, (around.start, around.end))
        if len(shown) >= most or candidate.score < line:
            break
        if around.text in texts or any(_overlap(place, other) for other in places):
            continue
        places.append(place)
        texts.add(around.text)
        shown.append(_agreeing([candidate]))
    return tuple(shown)


def _overlap(first: tuple[Hit, tuple[int, int]], second: tuple[Hit, tuple[int, int]]) -> bool:
    (hit, (start, end)), (other, (begin, stop)) = first, second
    return hit.passage_id == other.passage_id and start < stop and begin < end


def _near(chosen: Sequence[Chosen], most: int) -> list[Chosen]:
    """The best sentence, then others that come near it: `most` at most."""
    kept: list[Chosen] = []
    for sentence in chosen:
        if len(kept) >= most or sentence.score < chosen[0].score - BEHIND:
            break
        place = (sentence.hit, (sentence.start, sentence.end))
        if all(
            sentence.text != other.text
            and not _overlap(place, (other.hit, (other.start, other.end)))
            for other in kept
        ):
            kept.append(sentence)
    return kept


def _sentence(sentence: Chosen) -> Shown:
    return Shown(sentence.shown, (_source(sentence, ((sentence.start, sentence.end),)),))


def _source(
    around: Chosen, marked: tuple[tuple[int, int], ...]
) -> tuple[Hit, tuple[tuple[int, int], ...], tuple[tuple[int, int], ...]]:
    place = (around.start, around.end)
    return around.hit, (around.head, place) if around.head else (place,), marked
