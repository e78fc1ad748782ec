"""A line that floats above the page for a moment: what was done, and the way back."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QEnterEvent, QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QWidget

from .theme import theme
from .widgets import button, label

SHOWN_MS = 8000
WITH_UNDO_MS = 12000
BELOW = 72  # px under it: the question's line and the air around it


class Toast(QFrame):
    """One at a time. It stays while the pointer or the keyboard rests on it.

    The last way back outlives the line that offered it, until it is used, replaced or forgotten.
    """

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._parent = parent
        self.setProperty("role", "toast")
        self._undo: Callable[[], object] | None = None
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self.hide)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 6, 8, 6)
        row.setSpacing(12)
        self._text = label("", "", wrap=True)
        self._text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        row.addWidget(self._text, 1)
        self._button = button(self.tr("Undo"), self.undo)
        self._button.setToolTip(self.tr("Undo (Ctrl+Z)"))
        self._close = button(self.tr("Close"), self.hide)
        row.addWidget(self._button)
        row.addWidget(self._close)
        self.hide()

    def say(self, text: str, undo: Callable[[], object] | None = None) -> None:
        """Shows a sentence; with `undo` it offers the way back."""
        if undo is not None:
            self._undo = undo
        self._text.setText(text)
        self.setAccessibleName(text)
        self._button.setVisible(undo is not None)
        self._close.setVisible(undo is None)
        self.show()
        self.place()
        self.raise_()
        self._timer.start(WITH_UNDO_MS if undo is not None else SHOWN_MS)
        announcement = QAccessibleAnnouncementEvent(self, text)
        QAccessible.updateAccessibility(announcement)

    def text(self) -> str:
        return self._text.text() if self.isVisibleTo(self._parent) else ""

    def can_undo(self) -> bool:
        return self._undo is not None

    def offers_undo(self) -> bool:
        """Whether the way back is on the screen now."""
        return self.isVisibleTo(self._parent) and self._button.isVisibleTo(self)

    def forget_undo(self) -> None:
        """What was removed is gone for good: a new engine clears it away at its start."""
        self._undo = None
        if self.offers_undo():
            self.hide()

    def undo(self) -> None:
        if self._undo is not None:
            undo, self._undo = self._undo, None
            self.hide()
            undo()

    def place(self) -> None:
        """Puts it in the middle of its parent, near the bottom but above where questions are typed."""
        parent = self._parent
        space = theme.px(16)
        buttons = self._button.sizeHint().width() + theme.px(56)
        wanted = self._text.fontMetrics().horizontalAdvance(self._text.text()) + buttons
        width = min(wanted, parent.width() - 2 * space, theme.px(640))
        height = max(self.heightForWidth(width), self.sizeHint().height())
        if wanted <= width:
            height = self._button.sizeHint().height() + theme.px(14)
        self.setGeometry(
            (parent.width() - width) // 2, parent.height() - height - theme.px(BELOW), width, height
        )

    def enterEvent(self, event: QEnterEvent) -> None:
        self._timer.stop()
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        if self.isVisible():
            self._timer.start(SHOWN_MS)
        super().leaveEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.hide()
        else:
            super().keyPressEvent(event)
