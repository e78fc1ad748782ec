"""The table of documents: sorted, filtered by shelf and by words, thousands of rows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from PySide6.QtCore import (
    QAbstractTableModel,
    QMimeData,
    QModelIndex,
    QObject,
    Qt,
)

from ...domain.document import Place
from .. import words
from ..icons import icon
from ..ordered import Index, bring_in_step, runs
from .document_rows import DocumentRows, Row

NAME, SHELF, KIND, PAGES, STATE, CHANGED = range(6)
PLACES_MIME = "application/x-ragdesk-places"
ROW = Qt.ItemDataRole.UserRole + 1

_KEYS: dict[int, Callable[[Row], Any]] = {
    NAME: lambda row: row.name.casefold(),
    SHELF: lambda row: (row.shelf.casefold(), row.name.casefold()),
    KIND: lambda row: (row.kind.casefold(), row.name.casefold()),
    PAGES: lambda row: (row.pages, row.name.casefold()),
    STATE: lambda row: (row.state, row.name.casefold()),
    CHANGED: lambda row: row.changed_at,
}
_NO_PARENT = QModelIndex()


class DocumentsModel(QAbstractTableModel):
    """The rows that a shelf and a search leave, in the order of one column.

    Sorting and filtering are done here and not in a proxy: Qt's proxy asks Python twice for each
    comparison, which at ten thousand rows takes seconds; a list sorted by key takes milliseconds.
    """

    _TITLES: ClassVar = ("Name", "Shelf", "Kind", "Pages", "State", "Last change")

    def __init__(self, rows: DocumentRows, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows = rows
        self.ids: list[int] = []
        self._shelf: str | None = None
        self._words: list[str] = []
        self._column = NAME
        self._order = Qt.SortOrder.AscendingOrder
        rows.changed.connect(self._take)
        self._arrange()

    # what is shown

    def set_shelf(self, collection_id: str | None) -> None:
        """Shows one shelf, or all with None."""
        self._shelf = collection_id
        self._arrange()

    def set_search(self, text: str) -> None:
        """Shows rows that have every word of `text` in name, title, kind or state."""
        self._words = text.casefold().split()
        self._arrange()

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        self._column, self._order = column, order
        self._arrange()

    def row(self, index: Index) -> Row:
        return self._rows.find(self.ids[index.row()])

    def place(self, index: Index) -> Place:
        return self.row(index).placed.place

    def place_at(self, row: int) -> Place:
        return self._rows.find(self.ids[row]).placed.place

    def index_of(self, place_id: int) -> QModelIndex:
        """The first cell of a place, invalid when it is not shown."""
        return self.index(self.ids.index(place_id), 0) if place_id in self.ids else QModelIndex()

    # Qt's questions

    def rowCount(self, parent: Index = _NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self.ids)

    def columnCount(self, parent: Index = _NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self._TITLES)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation == Qt.Orientation.Horizontal:
            if role == Qt.ItemDataRole.DisplayRole:
                return self.tr(self._TITLES[section])
            if role == Qt.ItemDataRole.TextAlignmentRole:
                return int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or index.row() >= len(self.ids):
            return None
        row, column = self.row(index), index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(row, column)
        if role == ROW:
            return row
        if role == Qt.ItemDataRole.DecorationRole:
            if column == NAME:
                return icon(row.kind_picture, "muted")
            return icon(row.state_picture, row.state_role) if column == STATE else None
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._tip(row, column)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{self._TITLES[column]}: {self._text(row, column)}"
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        base = super().flags(index)
        return base | Qt.ItemFlag.ItemIsDragEnabled if index.isValid() else base

    def mimeTypes(self) -> list[str]:
        return [PLACES_MIME]

    def mimeData(self, indexes: Any) -> QMimeData:
        data = QMimeData()
        ids = sorted({self.ids[index.row()] for index in indexes})
        data.setData(PLACES_MIME, ",".join(map(str, ids)).encode("ascii"))
        return data

    # following the store

    def _take(self, fresh: set[int], _gone: set[int]) -> None:
        shown = [row for row, id_ in enumerate(self.ids) if id_ in fresh and id_ in self._rows.rows]
        for first, last in runs(shown):
            self.dataChanged.emit(self.index(first, 0), self.index(last, CHANGED))
        self._arrange()

    def _arrange(self) -> None:
        key = _KEYS[self._column]
        found = sorted(
            (row for row in self._rows.rows.values() if self._wanted(row)),
            key=key,
            reverse=self._order == Qt.SortOrder.DescendingOrder,
        )
        bring_in_step(self, self.ids, [row.id for row in found])

    def _wanted(self, row: Row) -> bool:
        if self._shelf is not None and row.placed.place.collection_id != self._shelf:
            return False
        return all(word in row.searched for word in self._words)

    def _text(self, row: Row, column: int) -> str:
        if column == PAGES:
            return words.number(row.pages) if row.pages else ""
        return (row.name, row.shelf, row.kind, "", row.state, row.changed)[column]

    def _tip(self, row: Row, column: int) -> str | None:
        if column == NAME:
            return words.tip(words.plain(row.placed.place.path))
        if column == STATE and row.placed.document is not None:
            said = " · ".join(part for part in words.verdict(row.placed.document) if part)
            return words.tip(said)
        return None


def places_in(data: QMimeData) -> list[int]:
    """The place ids that a drag from the table carries."""
    if not data.hasFormat(PLACES_MIME):
        return []
    text = bytes(data.data(PLACES_MIME).data()).decode("ascii")
    return [int(part) for part in text.split(",") if part]
