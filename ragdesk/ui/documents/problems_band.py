"""The quiet band above the table: "7 files need you", each with its one button."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QHBoxLayout,
    QListView,
    QPushButton,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from .. import words
from ..ordered import Index
from ..theme import theme
from ..widgets import button, frame, label, picture_label
from .problems_model import ACTION, SENTENCE, ProblemsModel

ROWS_SHOWN = 3


class ProblemDelegate(QStyledItemDelegate):
    """Name, sentence, and the button at the right."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        t, rect = theme.tokens, QRect(option.rect)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if option.state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(rect, QColor(t.hover))
        place = self.button_rect(rect, index)
        text = rect.adjusted(theme.px(12), theme.px(5), 0, -theme.px(5))
        text.setRight(place.left() - theme.px(12))
        half = text.height() // 2
        painter.setFont(theme.font())
        painter.setPen(QColor(t.text))
        self._line(painter, QRect(text.left(), text.top(), text.width(), half), index.data())
        painter.setFont(theme.font(12))
        painter.setPen(QColor(t.muted))
        below = QRect(text.left(), text.top() + half, text.width(), half)
        self._line(painter, below, index.data(SENTENCE))
        focused = bool(option.state & QStyle.StateFlag.State_HasFocus)
        painter.setPen(QPen(QColor(t.accent if focused else t.border), 2 if focused else 1))
        painter.setBrush(QColor(t.surface))
        painter.drawRoundedRect(place, 6, 6)
        painter.setPen(QColor(t.text))
        painter.setFont(theme.font())
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, index.data(ACTION))
        painter.restore()

    def button_rect(self, rect: QRect, index: Index) -> QRect:
        """Where the button of a row stands, for drawing it and for pressing it."""
        view = self.parent()
        if not isinstance(view, QWidget):
            return QRect()
        view.setFont(theme.font())
        width = view.fontMetrics().horizontalAdvance(index.data(ACTION)) + theme.px(24)
        height = theme.px(30)
        return QRect(
            rect.right() - width - theme.px(12), rect.center().y() - height // 2, width, height
        )

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(theme.px(200), theme.px(48))

    @staticmethod
    def _line(painter: QPainter, rect: QRect, text: str) -> None:
        short = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, rect.width())
        painter.drawText(rect, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, short)


class ProblemsView(QListView):
    """Enter, Space or a press on the button does what the row says.

    Signals:
        pressed_action: the row whose button was pressed.
    """

    pressed_action = Signal(object)

    def __init__(self, model: ProblemsModel) -> None:
        super().__init__()
        self._problems = model
        self.setModel(model)
        self._delegate = ProblemDelegate(self)
        self.setItemDelegate(self._delegate)
        self.setAccessibleName(self.tr("Files that need you"))
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        keys = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)
        if event.key() in keys and self.currentIndex().isValid():
            self.pressed_action.emit(self._problems.row(self.currentIndex()))
        else:
            super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        at = event.position().toPoint()
        index = self.indexAt(at)
        if index.isValid() and self._button(index).contains(at):
            self.pressed_action.emit(self._problems.row(index))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        at = event.position().toPoint()
        index = self.indexAt(at)
        over = index.isValid() and self._button(index).contains(at)
        self.viewport().setCursor(
            Qt.CursorShape.PointingHandCursor if over else Qt.CursorShape.ArrowCursor
        )

    def _button(self, index: QModelIndex) -> QRect:
        return self._delegate.button_rect(self.visualRect(index), index)


class ProblemsBand(QWidget):
    """Hidden while no file needs a person; unfolded by itself when there are only a few.

    Signals:
        action_wanted: the row whose button was pressed.
    """

    action_wanted = Signal(object)

    def __init__(self, model: ProblemsModel) -> None:
        super().__init__()
        self._model = model
        self._unfolded: bool | None = None  # None until a person decides
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        band = frame("band")
        outer.addWidget(band)
        layout = QVBoxLayout(band)
        layout.setContentsMargins(1, 1, 1, 1)
        layout.setSpacing(0)
        head = QHBoxLayout()
        head.setContentsMargins(12, 6, 8, 6)
        head.setSpacing(8)
        head.addWidget(picture_label("warning", "look", 18))
        self._text = label("", "look")
        head.addWidget(self._text)
        head.addStretch()
        self._toggle: QPushButton = button("", self._turn, kind="quiet")
        head.addWidget(self._toggle)
        layout.addLayout(head)
        self.view = ProblemsView(model)
        self.view.pressed_action.connect(self.action_wanted)
        layout.addWidget(self.view)
        model.counted.connect(self._show)
        theme.changed.connect(self._restyle)
        self._show(model.rowCount())

    def _turn(self) -> None:
        self._unfolded = not self.view.isVisibleTo(self)
        self._show(self._model.rowCount())

    def _restyle(self) -> None:
        self._show(self._model.rowCount())

    def _show(self, count: int) -> None:
        self.setVisible(count > 0)
        if not count:
            self._unfolded = None
            return
        unfolded = count <= ROWS_SHOWN if self._unfolded is None else self._unfolded
        text = self.tr("{files} need you") if count > 1 else self.tr("{files} needs you")
        self._text.setText(text.format(files=words.files(count)))
        self._toggle.setText(self.tr("Hide") if unfolded else self.tr("Show"))
        self.view.setVisible(unfolded)
        self.view.setFixedHeight(theme.px(48) * min(count, ROWS_SHOWN) + theme.px(6))
