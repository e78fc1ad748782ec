"""Where a question is typed."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent, QTextCursor
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QSizePolicy, QWidget

from ..theme import theme
from ..widgets import button

MOST_LINES = 6


class QuestionField(QPlainTextEdit):
    """Grows with its text. Enter sends, Shift+Enter begins a line, Up brings earlier questions.

    Signals:
        sent: the question, without white space around it.
    """

    sent = Signal(str)

    def __init__(self, history: Callable[[], Sequence[str]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._history = history
        self._earlier: list[str] = []
        self._at: int | None = None  # position in `_earlier`, None in a text of one's own
        self._draft = ""
        self.setAcceptDrops(False)
        self.viewport().setAcceptDrops(False)  # a dropped file is the window's
        self.setTabChangesFocus(True)
        self.setPlaceholderText(self.tr("Ask your documents…"))
        self.setAccessibleName(self.tr("Your question"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.textChanged.connect(self._grow)
        theme.changed.connect(self._grow)
        self._grow()

    def send(self) -> None:
        """Sends what is typed, if anything is."""
        question = self.toPlainText().strip()
        if question:
            self._at, self._draft = None, ""
            self.clear()
            self.sent.emit(question)

    def _grow(self) -> None:
        lines = max(1, round(self.document().size().height()))
        scrolls = lines > MOST_LINES
        always, never = Qt.ScrollBarPolicy.ScrollBarAlwaysOn, Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        self.setVerticalScrollBarPolicy(always if scrolls else never)
        shown = min(lines, MOST_LINES) * self.fontMetrics().lineSpacing()
        self.setFixedHeight(shown + theme.px(22))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._grow()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not shift:
            self.send()
        elif event.key() == Qt.Key.Key_Up and self._on_first_line() and not shift:
            self._recall(-1)
        elif event.key() == Qt.Key.Key_Down and self._at is not None and not shift:
            self._recall(1)
        else:
            if event.text():
                self._at = None
            super().keyPressEvent(event)

    def _on_first_line(self) -> bool:
        return not QTextCursor(self.textCursor()).movePosition(QTextCursor.MoveOperation.Up)

    def _recall(self, step: int) -> None:
        """An earlier question (-1) or a later one (1); after the last one what was typed before."""
        if self._at is None:
            self._earlier = list(self._history())
            self._draft = self.toPlainText()
            self._at = len(self._earlier)
        at = self._at + step
        if not 0 <= at <= len(self._earlier):
            return
        self._at = at
        self.setPlainText(self._earlier[at] if at < len(self._earlier) else self._draft)
        self.moveCursor(QTextCursor.MoveOperation.End)
        if at == len(self._earlier):
            self._at = None


class QuestionBar(QWidget):
    """The question field and the button that sends.

    Signals:
        asked: the question.
    """

    asked = Signal(str)

    def __init__(self, history: Callable[[], Sequence[str]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.field = QuestionField(history)
        self.field.sent.connect(self.asked)
        self._send = button(self.tr("Ask"), self.field.send, kind="primary")
        self._send.setToolTip(self.tr("Ask (Enter)"))
        self._send.setEnabled(False)
        self.field.textChanged.connect(
            lambda: self._send.setEnabled(bool(self.field.toPlainText().strip()))
        )
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.px(8))
        layout.addWidget(self.field, 1)
        layout.addWidget(self._send, 0, Qt.AlignmentFlag.AlignBottom)
