"""An answer put together from what the reader marked: its kind, its short words, its sentences.

The short answer is the best mark of all passages that were read; around it stands its sentence or
row, and behind that what else bears on the question. Questions for yes or no, for several things
and for a way to do something, and documents that differ, have answers of their own form.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import Protocol

from ..domain.conversation import Hit, Value
from .choose import Chosen
from .compare import normal
from .dates import FRONT, Dated, date_of
from .decide import decide
from .differ import agree, comparable, named_apart
from .gather import Piece, gathered
from .itemise import LEAST, joins, parts
from .mark import CELL_WORDS, Candidate, Seen
from .mend import CELLS
from .parallel import amount, counterpart
from .want import asks_how_to, asks_several

ELSE_NEAR = 3.0  # a sentence this far behind the answer's is shown too
VALUES_NEAR = 1.0  # a value of another document this far behind stands beside the first
VALUES_MOST = 5
VALUES_LEAST = 2  # of values that differ, however few sentences are wanted
AGREEING_MOST = 3  # documents cited for one thing that all of them say
BEHIND = 0.1  # where the reader marks nothing: how far behind a sentence may be to be shown too


@dataclass(frozen=True, slots=True)
class Shown:
    """A sentence of an answer and what it stands on: each source becomes a citation.

    A source is (hit, stretches of its text that are quoted, those of them that are marked).
    """

    text: str
    sources: tuple[tuple[Hit, tuple[tuple[int, int], ...], tuple[tuple[int, int], ...]], ...]


@dataclass(frozen=True, slots=True)
class Composed:
    """What an answer says; `kind`, `short`, `items` and `values` as in `Answer`.

    `doubtful`: words of the question stand nowhere near, so it is only what comes closest; `absent`:
    and the question names that very document.
    """

    kind: str
    short: str | None
    shown: tuple[Shown, ...]
    items: tuple[Value, ...] = ()
    values: tuple[Value, ...] = ()
    doubtful: bool = False
    absent: bool = False


class Surroundings(Protocol):
    """What else stands in the documents of hits."""

    def front(self, hit: Hit) -> str:
        """The text of the first page."""
        ...

    def beside(self, hit: Hit, step: int) -> Hit | None:
        """The passage `step` further on under the same headings, if there is one."""
        ...


def compose(seen: Seen, most: int, surroundings: Surroundings) -> Composed:
    """The answer, with `most` sentences at most; `surroundings` is asked for what stands around a hit.

    `seen.chosen` must not be empty.
    """
    if not seen.candidates:
        return Composed("sentence", None, tuple(map(_sentence, _near(seen.chosen, most))))
    composed = _verdict(seen, most, surroundings) or _list(seen, most, surroundings)
    if composed is not None:
        return composed
    best = seen.candidates[0]
    if asks_how_to(seen.question):
        return Composed("sentence", None, _with_others(seen, [best], most))
    groups = _groups(seen, surroundings)
    if len(groups) > 1:
        return _values(groups, max(VALUES_LEAST, most), surroundings)
    whole = len(best.words) >= len(best.around.text) - 1 and len(best.words.split()) > CELL_WORDS
    kind = "sentence" if whole else "words"
    return Composed(kind, best.words, _with_others(seen, groups[0][:AGREEING_MOST], most))


def _verdict(seen: Seen, most: int, surroundings: Surroundings) -> Composed | None:
    """Yes or no, with the sentence that decides; or what comes closest, where neither is said."""
    decided = decide(seen, surroundings.front)
    if decided is None:
        return None
    shown = _with_others(seen, [decided.first], most)
    if decided.kind is None:
        return Composed("sentence", None, shown, doubtful=True, absent=decided.absent)
    return Composed(decided.kind, decided.kind.capitalize(), shown)


def _list(seen: Seen, most: int, surroundings: Surroundings) -> Composed | None:
    """All items of a list in the document, or the parts of an enumeration, where several are asked."""
    if pieces := gathered(seen, surroundings.beside):
        return _itemised(seen, pieces, most)
    best = seen.candidates[0]
    if not asks_several(seen.question) or best.around.is_row:
        return None
    text, marked = best.around.hit.text, _enumerated(seen)
    items = parts(text, *marked)
    if len(items) < LEAST:
        return None
    whole = Candidate(best.around, marked, best.score, best.there)
    return Composed(
        "list",
        whole.words,
        _with_others(seen, [whole], most),
        items=tuple(Value(text[a:b], 1) for a, b in items),
    )


def _itemised(seen: Seen, pieces: Sequence[Piece], most: int) -> Composed:
    """A list below the line or heading above it: a citation for each stretch of it.

    Of its document nothing else is shown: what stands around a list is not beside the point, but
    scattered behind it it would read like more items.
    """
    first = pieces[0].hit
    head = None if pieces[0].stage else pieces[0].itemised.head
    text = first.text[slice(*head)] if head else first.context.rpartition(" › ")[2] or first.title
    items: list[Value] = []
    sources = []
    for number, piece in enumerate(pieces, 1):
        hit, itemised = piece.hit, piece.itemised
        texts = [hit.text[slice(*item)].replace(CELLS, " — ") for item in itemised.items]
        if piece.stage:
            texts[0] = f"{piece.stage}: {texts[0]}"
        items += [Value(item, number) for item in texts]
        quoted = itemised.items
        if itemised.head and (number == 1 or piece.stage):
            quoted = (itemised.head, *quoted)
        sources.append((hit, quoted, itemised.items))
    others = replace(seen, candidates=_elsewhere(seen, first))
    shown = (Shown(text, tuple(sources)), *_with_others(others, [], most - 1))
    return Composed("list", None, shown, items=tuple(items))


def _elsewhere(seen: Seen, hit: Hit) -> list[Candidate]:
    """The candidates near the best one that other documents have."""
    line = seen.candidates[0].score - ELSE_NEAR
    return [
        c
        for c in seen.candidates
        if c.around.hit.document_id != hit.document_id and c.score >= line
    ]


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


def _groups(seen: Seen, surroundings: Surroundings) -> list[list[Candidate]]:
    """What documents say of the same, those that say the same together, the surest first."""
    best = seen.candidates[0]
    groups = [[best]]
    for one in _others(seen, surroundings):
        for group in groups:
            if agree(group[0].words, one.words):
                group.append(one)
                break
        else:
            groups.append([one])
    return groups


def _others(seen: Seen, surroundings: Surroundings) -> Iterator[Candidate]:
    """What each other document says of the very thing, or else about as surely of the question."""
    best = seen.candidates[0]
    if _is_title(best):
        return
    first = best.around.hit
    firsts = {c.around.hit.document_id: c for c in _per_document(seen.candidates)}
    passed = {first.document_id, first.path, *first.twins}
    ours = _all_said(seen, first, surroundings)
    for hit, _ in seen.read:
        if hit.document_id in passed or hit.path in passed:
            continue
        passed |= {hit.document_id, *hit.twins}
        there = [one for one in seen.read if one[0].document_id == hit.document_id]
        other = counterpart(best, there, seen.candidates)
        if other is None:
            other = firsts.get(hit.document_id)
            if other is None or not comparable(best, other, seen.sought, VALUES_NEAR):
                continue
        if not _is_title(other) and not named_apart(
            ours, _all_said(seen, hit, surroundings), seen.sought
        ):
            yield other


def _is_title(candidate: Candidate) -> bool:
    """Whether words stand in the title of their document."""
    text = normal(candidate.around.text)
    return text in (normal(candidate.around.hit.title), normal(candidate.around.hit.context))


def _all_said(seen: Seen, hit: Hit, surroundings: Surroundings) -> str:
    """What a document calls itself, and all of it that was read."""
    read = [one for one, _ in seen.read if one.document_id == hit.document_id]
    parts = [hit.title, PurePath(hit.path).name, surroundings.front(hit)[:FRONT]]
    return "\n".join([*parts, *(f"{one.context}\n{one.text}" for one in read)])


def _values(groups: Sequence[list[Candidate]], most: int, surroundings: Surroundings) -> Composed:
    """What documents say that differ, newest first, each with the date that it bears.

    Of more than `most` the oldest are left out, but never the surest.
    """
    groups = [[amount(candidate) for candidate in group] for group in groups[:VALUES_MOST]]
    dated = [(_dated(group[0], surroundings), group) for group in groups]
    surest = dated[0]
    dated.sort(key=lambda pair: pair[0].order, reverse=True)
    if surest not in dated[:most]:
        dated[most - 1] = surest
    del dated[most:]
    values: list[Value] = []
    shown: list[Shown] = []
    number = 1
    for date, group in dated:
        values.append(Value(group[0].words, number, date.text))
        shown.append(_agreeing(group[:AGREEING_MOST]))
        number += len(shown[-1].sources)
    return Composed("values", values[0].text, tuple(shown), values=tuple(values))


def _dated(candidate: Candidate, surroundings: Surroundings) -> Dated:
    around = candidate.around
    place = (around.start, around.end)
    return date_of(around.hit, place, candidate.marked, surroundings.front(around.hit))


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
) -> tuple[Shown, ...]:
    """The answer's sentence, documents that agree beside it, then what else bears on it."""
    found = seen.candidates
    line = max((c.score for c in found), default=0.0) - ELSE_NEAR
    shown = [_agreeing(first)] if first else []
    places = [(c.around.hit, (c.around.start, c.around.end)) for c in first]
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
