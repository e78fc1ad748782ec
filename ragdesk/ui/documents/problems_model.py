"""Files that need a person, each with what happened and the one thing to do."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, Qt, Signal

from .. import words
from ..ordered import Index, bring_in_step, runs
from .document_rows import DocumentRows, Need, Row

SENTENCE = Qt.ItemDataRole.UserRole + 1
ACTION = Qt.ItemDataRole.UserRole + 2
_NO_PARENT = QModelIndex()


class ProblemsModel(QAbstractListModel):
    """One row a file, on one shelf or on all.

    Signals:
        counted: how many files need a person now.
    """

    counted = Signal(int)

    def __init__(self, rows: DocumentRows, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows = rows
        self._shelf: str | None = None
        self.ids: list[int] = []
        rows.changed.connect(self._take)
        self._arrange()

    def set_shelf(self, collection_id: str | None) -> None:
        self._shelf = collection_id
        self._arrange()

    def row(self, index: Index) -> Row:
        return self._rows.find(self.ids[index.row()])

    def rowCount(self, parent: Index = _NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self.ids)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or index.row() >= len(self.ids):
            return None
        row = self.row(index)
        if role == Qt.ItemDataRole.DisplayRole:
            return row.name
        if role == SENTENCE:
            return self._sentence(row)
        if role == ACTION:
            return self._action(row.need)
        if role == Qt.ItemDataRole.ToolTipRole:
            return words.tip(f"{words.plain(row.placed.place.path)}\n{self._sentence(row)}")
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{row.name}. {self._sentence(row)}. {self._action(row.need)}"
        return None

    def _sentence(self, row: Row) -> str:
        document = row.placed.document
        if document is None:
            return row.state
        if row.need is Need.FIND:
            return self.tr("It is no longer where it was. Say where it lies now, or remove it.")
        what, next_step = words.verdict(document)
        return f"{what}. {next_step}" if next_step else what

    def _action(self, need: Need | None) -> str:
        return {
            Need.PASSWORD: self.tr("Enter password…"),
            Need.FIND: self.tr("Find the file…"),
            Need.READ_AGAIN: self.tr("Read again"),
            Need.REMOVE: self.tr("Remove"),
            None: "",
        }[need]

    def _take(self, fresh: set[int], _gone: set[int]) -> None:
        shown = [row for row, id_ in enumerate(self.ids) if id_ in fresh]
        for first, last in runs(shown):
            self.dataChanged.emit(self.index(first), self.index(last))
        self._arrange()

    def _arrange(self) -> None:
        wanted = [
            row.id
            for row in self._rows.needing()
            if self._shelf is None or row.placed.place.collection_id == self._shelf
        ]
        bring_in_step(self, self.ids, wanted)
        self.counted.emit(len(wanted))
