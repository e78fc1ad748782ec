"""The cell of a table that a question asks for by the names of its row and its column. Pure.

A year in the question goes before words: "total revenue in 2020" wants the column 2020, not the one
called Total. What the row is called says nothing of the column.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from .choose import Chosen, Sought

Place = tuple[int, int]

WHOLE = 0.75  # share of a row's name that a question names, from which on it asks for that row
UNNAMED = 0.3  # what a word of a row's name that the question lacks takes away, of a usual word
_YEAR = re.compile(r"(?:19|20)\d\d")
# What is asked for then is seldom the number in the cell: "In which year ...?", "Who ...?"
_OTHER_KINDS = frozenset(("date", "name", "email", "phone", "web"))


def asked_cell(row: Chosen, sought: Sought, marked: Place | None = None) -> Place | None:
    """The cell of a row whose column the question names more of than of any other; else None.

    Of columns that it names alike, one that `marked` touches is left to that mark, and is meant
    where only their years are named.
    """
    columns = row.columns()
    if len(columns) < 2:
        return None
    inside = row.hit.text[slice(*columns[0][1])]
    of_row = _named(inside, sought)
    scores = [_score(name, sought, of_row) for name, _ in columns[1:]]
    best = max(scores)
    places = [place for score, (_, place) in zip(scores, columns[1:], strict=True) if score == best]
    places = [place for place in places if place[0] < place[1]]
    if best == (0, 0.0) or not places or not _may_answer(row, places[0], sought):
        return None
    if len(places) == 1:
        return places[0]
    of_mark = [
        place for place in places if marked and place[0] < marked[1] and marked[0] < place[1]
    ]
    return of_mark[0] if best[0] and len(of_mark) == 1 else None


def asked_row(row: Chosen, rows: Sequence[Chosen], sought: Sought) -> Chosen:
    """The row of the same table whose name the question names more of than that of `row`."""
    if not row.is_row:
        return row
    same = [other for other in rows if other.heads == row.heads and _holds_amounts(other)]
    scores = [_row_score(other, sought) for other in same]
    if not scores or max(scores) <= _row_score(row, sought):
        return row
    best = max(scores)
    if scores.count(best) > 1:
        return row
    other = same[scores.index(best)]
    return other if _share(other, sought) >= WHOLE else row


def beside(row: Chosen, other: Chosen, place: Place) -> Place:
    """The cell of `other` in the column of the cell of `row` that begins at or around `place`."""
    ends = [end for _, end in row.cells()]
    column = next((n for n, end in enumerate(ends) if place[0] < end), len(ends) - 1)
    cells = other.cells()
    return cells[min(column, len(cells) - 1)]


def asked_cells(rows: Sequence[Chosen], sought: Sought) -> list[tuple[Chosen, Place]]:
    """Cells whose row and column the question both names, one of each table at most."""
    found: list[tuple[Chosen, Place]] = []
    for row in rows:
        if not row.heads or not _holds_amounts(row) or _share(row, sought) < WHOLE:
            continue
        if asked_row(row, rows, sought) is row and (place := asked_cell(row, sought)):
            found.append((row, place))
    by_table = {row.heads: (row, place) for row, place in reversed(found)}
    return list(by_table.values())


def _holds_amounts(row: Chosen) -> bool:
    """Whether it has numbers behind its name: a header that nobody marked as one has none."""
    return row.is_row and any(
        character.isdigit() for character in row.hit.text[row.cells()[0][1] : row.end]
    )


def _score(name: str, sought: Sought, without: frozenset[str]) -> tuple[int, float]:
    """(years, weight of other words) that a name has in common with the question."""
    named = _named(name, sought) - without
    years = {word for word in named if _YEAR.fullmatch(word)}
    return len(years), round(sum(sought.weights[word] for word in named - years), 6)


def _row_score(row: Chosen, sought: Sought) -> tuple[int, float]:
    name = row.hit.text[slice(*row.cells()[0])]
    years, weight = _score(name, sought, frozenset())
    usual = sum(sought.weights.values()) / max(len(sought.weights), 1)
    lacking = set(sought.stems(name)) - sought.weights.keys()
    return years, round(weight - UNNAMED * usual * len(lacking), 6)


def _share(row: Chosen, sought: Sought) -> float:
    """The share of the words of a row's name that the question has too."""
    name = set(sought.stems(row.hit.text[slice(*row.cells()[0])]))
    return len(name & sought.weights.keys()) / len(name) if name else 0.0


def _named(text: str, sought: Sought) -> frozenset[str]:
    return frozenset(sought.stems(text)) & sought.weights.keys()


def _may_answer(row: Chosen, place: Place, sought: Sought) -> bool:
    kind = sought.expected
    return (
        kind is None
        or kind.kind not in _OTHER_KINDS
        or bool(kind.find(row.hit.text[slice(*place)]))
    )
