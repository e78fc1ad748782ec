"""Keeping a Qt model in step with a list that was computed anew, by the smallest changes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

from PySide6.QtCore import QModelIndex, QPersistentModelIndex

Index = QModelIndex | QPersistentModelIndex


class OrderedModel(Protocol):
    """A model of flat rows, each with an id; `ids` is what views see at this moment."""

    ids: list[int]

    def begin_insert(self, first: int, last: int) -> None: ...
    def end_insert(self) -> None: ...
    def begin_remove(self, first: int, last: int) -> None: ...
    def end_remove(self) -> None: ...
    def reorder(self, ids: list[int]) -> None:
        """Takes the same ids in another order."""
        ...


def bring_in_step(model: OrderedModel, wanted: Sequence[int]) -> None:
    """Removes, moves and inserts rows until `model.ids` equals `wanted`.

    Selection and scroll position of the views survive, since nothing is reset.
    """
    if model.ids == wanted:
        return
    keep = set(wanted)
    gone = [row for row, id_ in enumerate(model.ids) if id_ not in keep]
    for first, last in reversed(list(_runs(gone))):
        model.begin_remove(first, last)
        del model.ids[first : last + 1]
        model.end_remove()
    have = set(model.ids)
    staying = [id_ for id_ in wanted if id_ in have]
    if model.ids != staying:
        model.reorder(staying)
    new = [row for row, id_ in enumerate(wanted) if id_ not in have]
    for first, last in _runs(new):
        model.begin_insert(first, last)
        model.ids[first:first] = wanted[first : last + 1]
        model.end_insert()


def _runs(rows: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Neighbouring rows as (first, last), in the order given."""
    start = 0
    for at in range(1, len(rows) + 1):
        if at == len(rows) or rows[at] != rows[at - 1] + 1:
            yield rows[start], rows[at - 1]
            start = at


def runs(rows: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Runs of neighbouring rows, for narrow `dataChanged` signals; `rows` need not be sorted."""
    return _runs(sorted(rows))
