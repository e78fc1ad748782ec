"""Keeping a Qt model in step with a list that was computed anew, by the smallest changes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QPersistentModelIndex

Index = QModelIndex | QPersistentModelIndex
_NO_PARENT = QModelIndex()


def bring_in_step(model: QAbstractItemModel, ids: list[int], wanted: Sequence[int]) -> None:
    """Removes, moves and inserts rows of a flat model until its `ids` equal `wanted`.

    `ids` are what views see of it at this moment, and are changed in place. Selection and scroll
    position of the views survive, since nothing is reset.
    """
    if ids == wanted:
        return
    keep = set(wanted)
    gone = [row for row, id_ in enumerate(ids) if id_ not in keep]
    for first, last in reversed(list(_runs(gone))):
        model.beginRemoveRows(_NO_PARENT, first, last)
        del ids[first : last + 1]
        model.endRemoveRows()
    have = set(ids)
    staying = [id_ for id_ in wanted if id_ in have]
    if ids != staying:
        _reorder(model, ids, staying)
    new = [row for row, id_ in enumerate(wanted) if id_ not in have]
    for first, last in _runs(new):
        model.beginInsertRows(_NO_PARENT, first, last)
        ids[first:first] = wanted[first : last + 1]
        model.endInsertRows()


def _reorder(model: QAbstractItemModel, ids: list[int], wanted: Sequence[int]) -> None:
    """The same ids in another order; what is chosen goes with its row."""
    model.layoutAboutToBeChanged.emit()
    kept: list[QModelIndex] = model.persistentIndexList()
    were = [ids[index.row()] for index in kept]
    ids[:] = wanted
    at = {id_: row for row, id_ in enumerate(wanted)}
    moved = [model.index(at[id_], i.column()) for id_, i in zip(were, kept, strict=True)]
    model.changePersistentIndexList(kept, moved)
    model.layoutChanged.emit()


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
