"""Passages to choose one from: where each stands, and how it begins."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QListWidget,
    QListWidgetItem,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from ...domain.conversation import Citation
from ...domain.excerpt import excerpt
from ..theme import theme
from ..words import plain
from .place_names import PlaceNames

MOST = 170  # characters of a passage
SIDE, TOP = 8, 6  # px around the words of a row
_WRAP = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft

Index = QModelIndex | QPersistentModelIndex


class PassageList(QListWidget):
    """Signals: `chosen_changed`, another passage is chosen, or none."""

    chosen_changed = Signal()

    def __init__(self, names: PlaceNames, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._names = names
        self._passages: Sequence[Citation] = ()
        self.setProperty("role", "passages")
        self.setItemDelegate(_PassageDelegate(self))
        self.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMinimumHeight(theme.px(110))
        self.itemSelectionChanged.connect(self.chosen_changed)

    def show_passages(self, passages: Sequence[Citation], words: Sequence[str] = ()) -> None:
        """Shows passages, each from where `words` (in lower case) stand in it."""
        self._passages = passages
        self.clear()
        for passage in passages:
            text = plain(excerpt(passage.quote, words, MOST))
            self.addItem(QListWidgetItem(f"{self._names.of(passage)}\n“{text}”"))
        self.chosen_changed.emit()

    def choose(self, position: int) -> None:
        self.setCurrentRow(position)

    def chosen(self) -> Citation | None:
        """The passage chosen, if one is."""
        rows = self.selectedIndexes()
        return self._passages[rows[0].row()] if rows else None

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.scheduleDelayedItemsLayout()  # rows are as tall as their words in this width


class _PassageDelegate(QStyledItemDelegate):
    """A row: the place, quieter, and under it the words, all of them in sight."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        style = QStyleOptionViewItem(option)
        self.initStyleOption(style, index)
        style.text = ""
        style.widget.style().drawControl(
            style.widget.style().ControlElement.CE_ItemViewItem, style, painter, style.widget
        )
        place, words = _parts(index)
        room = option.rect.adjusted(theme.px(SIDE), theme.px(TOP), -theme.px(SIDE), 0)
        painter.save()
        painter.setFont(theme.font(12))
        painter.setPen(QColor(theme.tokens.muted))
        metrics = QFontMetrics(theme.font(12))
        cut = metrics.elidedText(place, Qt.TextElideMode.ElideMiddle, room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignLeft, cut)
        painter.setFont(theme.font(13))
        painter.setPen(QColor(theme.tokens.text))
        painter.drawText(room.adjusted(0, metrics.lineSpacing(), 0, 0), _WRAP, words)
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        view = self.parent()
        assert isinstance(view, PassageList)
        width = view.viewport().width()
        words = QRect(0, 0, width - 2 * theme.px(SIDE), 10_000)
        tall = QFontMetrics(theme.font(13)).boundingRect(words, _WRAP, _parts(index)[1]).height()
        place = QFontMetrics(theme.font(12)).lineSpacing()
        return QSize(width, place + tall + 2 * theme.px(TOP))


def _parts(index: Index) -> tuple[str, str]:
    place, _, words = str(index.data()).partition("\n")
    return place, words
