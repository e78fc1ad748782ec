"""The shelves of the left column: all documents first, then each collection with its count."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QMimeData, QModelIndex, QObject, Qt, QTimer, Signal

from ..domain.document import Collection
from ..messages import CollectionsChanged, DocumentsChanged, Event
from . import words
from .documents.documents_model import PLACES_MIME, places_in
from .engine_client import EngineClient
from .icons import icon
from .library import Library
from .ordered import Index

ID = Qt.ItemDataRole.UserRole + 1
COUNT = Qt.ItemDataRole.UserRole + 2
DEBOUNCE_MS = 250
_NO_PARENT = QModelIndex()


class ShelvesModel(QAbstractListModel):
    """Row 0 stands for all documents (id None), the rest are the collections, oldest first.

    Signals:
        files_dropped: (paths, collection id) files from outside were let go on a shelf.
        places_dropped: (place ids, collection id, shelf name) documents were dragged onto a shelf.
    """

    files_dropped = Signal(list, str)
    places_dropped = Signal(list, str, str)

    def __init__(
        self, library: Library, client: EngineClient, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._library = library
        self._shelves: list[Collection] = []
        self._timer = QTimer(self, singleShot=True, interval=DEBOUNCE_MS)
        self._timer.timeout.connect(self.reload)
        client.event_received.connect(self._hear)
        library.opened.connect(self.reload)
        self.reload()

    @property
    def shelves(self) -> Sequence[Collection]:
        return self._shelves

    def shelf(self, collection_id: str | None) -> Collection | None:
        return next((s for s in self._shelves if s.id == collection_id), None)

    def row_of(self, collection_id: str | None) -> int:
        """The row of a shelf; 0, all documents, when there is none with that id."""
        return next((n for n, s in enumerate(self._shelves, 1) if s.id == collection_id), 0)

    def reload(self) -> None:
        """Reads the shelves anew and tells only what differs."""
        found = self._library.collections.all() if self._library.is_open else []
        if [s.id for s in found] == [s.id for s in self._shelves]:
            if found != self._shelves:
                self._shelves = found
                self.dataChanged.emit(self.index(0), self.index(len(found)))
            return
        self.beginResetModel()
        self._shelves = found
        self.endResetModel()

    # Qt's questions

    def rowCount(self, parent: Index = _NO_PARENT) -> int:
        return 0 if parent.isValid() else 1 + len(self._shelves)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or index.row() > len(self._shelves):
            return None
        shelf = self._shelves[index.row() - 1] if index.row() else None
        name = self.tr("All documents") if shelf is None else words.plain(shelf.name)
        count = sum(s.documents for s in self._shelves) if shelf is None else shelf.documents
        if role == Qt.ItemDataRole.DisplayRole:
            return name
        if role == Qt.ItemDataRole.ToolTipRole:
            return words.tip(name)
        if role == Qt.ItemDataRole.DecorationRole:
            return icon("all" if shelf is None else "shelf", "muted")
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{name}, {words.documents(count)}"
        if role == ID:
            return shelf.id if shelf is not None else None
        return count if role == COUNT else None

    def flags(self, index: Index) -> Qt.ItemFlag:
        base = super().flags(index)
        if not index.isValid() or index.row() == 0:
            return base
        return base | Qt.ItemFlag.ItemIsDropEnabled

    def supportedDropActions(self) -> Qt.DropAction:
        return Qt.DropAction.CopyAction | Qt.DropAction.MoveAction

    def mimeTypes(self) -> list[str]:
        return [PLACES_MIME, "text/uri-list"]

    def dropMimeData(
        self, data: QMimeData, action: Qt.DropAction, row: int, column: int, parent: Index
    ) -> bool:
        """Only tells what was dropped where: the engine moves or adds, the store then shows it."""
        del action, row, column
        if not parent.isValid() or parent.row() == 0:
            return False
        shelf = self._shelves[parent.row() - 1]
        if places := places_in(data):
            self.places_dropped.emit(places, shelf.id, shelf.name)
            return True
        if paths := local_paths(data):
            self.files_dropped.emit(paths, shelf.id)
            return True
        return False

    def _hear(self, event: Event) -> None:
        hint = isinstance(event, (CollectionsChanged, DocumentsChanged))
        if hint and not self._timer.isActive():
            self._timer.start()


def local_paths(data: QMimeData) -> list[str]:
    """Files and folders of this computer that a drag carries."""
    return [url.toLocalFile() for url in data.urls() if url.isLocalFile() and url.toLocalFile()]
