"""Files may be let go anywhere in the window; meanwhile the window says where they will land."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QTextEdit, QWidget

from . import words
from .drop_overlay import DropOverlay
from .navigation_bar import NavigationBar
from .shelves_model import ShelvesModel, local_paths


class FileDrop(QObject):
    """Listens to the window's own drag events; the shelves in the left column have theirs."""

    def __init__(
        self,
        window: QWidget,
        over: QWidget,
        shelves: ShelvesModel,
        navigation: NavigationBar,
        add: Callable[[list[str]], None],
    ) -> None:
        super().__init__(window)
        self.overlay = DropOverlay(over)
        self._shelves = shelves
        self._navigation = navigation
        self._add = add
        navigation.view.hovered.connect(self._hover_shelf)
        window.setAcceptDrops(True)
        window.installEventFilter(self)
        # A field would take a dropped file as text; in this window files always land on a shelf.
        for kind in (QLineEdit, QPlainTextEdit, QTextEdit):
            for field in window.findChildren(kind):
                field.setAcceptDrops(False)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QDragEnterEvent):
            return self._enter(event)
        if isinstance(event, QDropEvent) and event.type() == QEvent.Type.Drop:
            return self._drop(event)
        if isinstance(event, QDragMoveEvent):
            return self._take(event, bool(local_paths(event.mimeData())))
        if event.type() == QEvent.Type.DragLeave:
            self.overlay.hide()
        return super().eventFilter(watched, event)

    def _enter(self, event: QDragEnterEvent) -> bool:
        paths = local_paths(event.mimeData())
        if paths:
            self.overlay.show_target(self._text(self._target(), words.files(len(paths))))
        return self._take(event, bool(paths))

    def _drop(self, event: QDropEvent) -> bool:
        self.overlay.hide()
        paths = local_paths(event.mimeData())
        if paths:
            self._add(paths)
        return self._take(event, bool(paths))

    @staticmethod
    def _take(event: QDropEvent, ours: bool) -> bool:
        if ours:
            # Copied, never moved: the file manager must not take the original away.
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
        return ours

    def _target(self) -> str:
        """Name of the shelf where a drop on a page lands; "" while there is but one."""
        shelf = self._shelves.shelf(self._navigation.shelf)
        if shelf is None and len(self._shelves.shelves) > 1:
            shelf = self._shelves.shelves[0]
        return words.plain(shelf.name) if shelf is not None else ""

    def _hover_shelf(self, shelf: str) -> None:
        if shelf:
            self.overlay.show_target(self._text(shelf, ""))
        else:
            self.overlay.hide()

    def _text(self, shelf: str, files: str) -> str:
        if shelf and files:
            return self.tr("Let go to put {files} on the shelf {shelf}").format(
                files=files, shelf=shelf
            )
        if shelf:
            return self.tr("Let go to put this on the shelf {shelf}").format(shelf=shelf)
        return self.tr("Let go to add {files}").format(files=files)
