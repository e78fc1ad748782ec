"""The whole list that answers a question for several things or for a way, in the order it stands in.

A list is bulleted or numbered lines, over several passages where it goes on; the rows of a table;
or a run of short lines under one heading. Of a guide in several stages all numbered lists are one
answer, where its title and not one stage is what was asked for.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ..domain.conversation import Hit
from .choose import sentences
from .itemise import LEAST, Itemised, closing, lists, opening, run
from .mark import Candidate, Seen
from .match import stem, words
from .want import asks_how_to, asks_several

PIECES_MOST = 6  # stretches over which a list is followed
ROWS_MOST = 40  # of a table that is shown whole
ROW_NAMED = 0.5  # share of a row's name, above which a question asks for that row alone
HEAD_NAMED = 0.5  # share of a question that the line above a list names which answers it
_BULLETS = "( "

Beside = Callable[[Hit, int], Hit | None]


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a list in a passage; `stage` is the name of the part of a guide that it is."""

    hit: Hit
    itemised: Itemised
    stage: str = ""


def gathered(seen: Seen, beside: Beside) -> list[Piece]:
    """The list in which the best mark stands, or which it stands above; [] where none is wanted."""
    best = seen.candidates[0]
    pieces: list[Piece] = []
    if asks_how_to(seen.question):
        pieces = _steps(seen, best, beside)
    if not pieces and asks_several(seen.question):
        pieces = _rows(seen, best) if best.around.is_row else _items(seen, best, beside)
    return pieces if sum(len(piece.itemised.items) for piece in pieces) >= LEAST else []


def _items(seen: Seen, best: Candidate, beside: Beside) -> list[Piece]:
    """The list around a mark; else one below a line that names as much of the question."""
    hit = best.around.hit
    found = lists(hit.text, 1)
    held = [one for one in found if one.holds(*best.marked)]
    if not held:
        least = max(seen.sought.share_named(best.around.text), HEAD_NAMED)
        held = [
            one
            for one in found
            if one.head and seen.sought.share_named(hit.text[slice(*one.head)]) >= least
        ]
    if held:
        return _followed(Piece(hit, held[0]), beside)
    lines = run(hit.text, *best.marked)
    if not lines:
        return []
    head = lines[0] if seen.sought.share_named(hit.text[slice(*lines[0])]) > 0 else None
    items = lines[1:] if head else lines
    return [Piece(hit, Itemised(tuple(items), head))]


def _rows(seen: Seen, best: Candidate) -> list[Piece]:
    """The table of a row, unless the question names one of its rows, or a column by a number."""
    hit, head = best.around.hit, best.around.head
    rows = [row for row in sentences(hit) if row.is_row and row.head == head]
    asked = seen.sought.weights.keys()
    if head is None or len(rows) > ROWS_MOST:
        return []
    if any(word.isdigit() and word in asked for word in words(hit.text[slice(*head)])):
        return []
    for row in rows:
        name = [stem(word) for word in words(hit.text[slice(*row.cells()[0])])]
        if sum(word in asked for word in name) > ROW_NAMED * len(name):
            return []
    return [Piece(hit, Itemised(tuple((row.start, row.end) for row in rows), None))]


def _steps(seen: Seen, best: Candidate, beside: Beside) -> list[Piece]:
    """The numbered list of a mark or of its passage; all of a guide where its title is asked for."""
    hit = best.around.hit
    found = [one for one in lists(hit.text, 1) if _is_numbered(hit.text, one)]
    held = [one for one in found if one.holds(*best.marked)] or found[:1]
    if not held:
        return []
    title = seen.sought.share_named(f"{hit.title}\n{hit.context}")
    of_stage = max(_head_share(seen, hit, one) for one in found)
    if title <= of_stage:
        held = [
            one for one in found if _head_share(seen, hit, one) == of_stage and of_stage
        ] or held
        return _followed(Piece(hit, held[0]), beside)
    stages = _stages(hit, beside)
    return stages if len(stages) > 1 else _followed(Piece(hit, held[0]), beside)


def _stages(hit: Hit, beside: Beside) -> list[Piece]:
    """The numbered lists of a passage and of those before and behind under the same headings."""
    hits = [hit]
    for step in (-1, 1):
        while len(hits) < PIECES_MOST and (other := beside(hits[0 if step < 0 else -1], step)):
            hits.insert(0 if step < 0 else len(hits), other)
    return [
        Piece(one, found, one.text[slice(*found.head)].rstrip(" :") if found.head else "")
        for one in hits
        for found in lists(one.text, 1)
        if _is_numbered(one.text, found)
    ]


def _head_share(seen: Seen, hit: Hit, found: Itemised) -> float:
    return seen.sought.share_named(hit.text[slice(*found.head)]) if found.head else 0.0


def _is_numbered(text: str, found: Itemised) -> bool:
    line = text.rfind("\n", 0, found.items[0][0]) + 1
    return text[line : found.items[0][0]].strip(_BULLETS)[:1].isdigit()


def _followed(piece: Piece, beside: Beside) -> list[Piece]:
    """A list with its parts in the passages before and behind, where it goes on there."""
    pieces = [piece]
    while len(pieces) < PIECES_MOST and opening(pieces[0].hit.text) == pieces[0].itemised:
        before = beside(pieces[0].hit, -1)
        part = closing(before.text) if before else None
        if before is None or part is None:
            break
        pieces.insert(0, Piece(before, part))
    while len(pieces) < PIECES_MOST and closing(pieces[-1].hit.text) == pieces[-1].itemised:
        behind = beside(pieces[-1].hit, 1)
        part = opening(behind.text) if behind else None
        if behind is None or part is None:
            break
        pieces.append(Piece(behind, part))
    return pieces
