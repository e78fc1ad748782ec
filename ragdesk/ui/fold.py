"""A row that unfolds what lies under it, and folds it again."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from .icons import icon
from .widgets import IconSize


class FoldRow(QPushButton):
    """Words behind an arrow that points right while folded and down while unfolded.

    A press anywhere on the row, Space or Enter turns it over; the right arrow key unfolds and the
    left one folds, as in a tree. `toggled` says whether it is unfolded now.
    """

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setProperty("kind", "fold")
        self.setAccessibleName(text)
        self.setCheckable(True)
        self.setAutoDefault(False)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        IconSize(self, 16)
        self.toggled.connect(self._show_state)
        self._show_state(False)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.toggle()
        elif event.key() in (Qt.Key.Key_Right, Qt.Key.Key_Left):
            self.setChecked(event.key() == Qt.Key.Key_Right)
        else:
            super().keyPressEvent(event)

    def _show_state(self, unfolded: bool) -> None:
        self.setIcon(icon("down" if unfolded else "forward", "muted"))
        # Qt has no way to say of a button that it is expanded.
        self.setAccessibleDescription(self.tr("Unfolded") if unfolded else self.tr("Folded"))
