"""The table of documents as it is drawn: rows with air, the state with its icon, no grid."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QIcon, QKeyEvent, QMouseEvent, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
)

from ...domain.document import Place
from ..ordered import Index
from ..theme import theme
from .document_rows import Row
from .documents_model import CHANGED, KIND, NAME, PAGES, ROW, SHELF, STATE, DocumentsModel

_WIDTHS = {SHELF: 120, KIND: 104, PAGES: 68, STATE: 160, CHANGED: 120}


class RowDelegate(QStyledItemDelegate):
    """Draws one cell; the row under the pointer and the chosen rows have one ground throughout."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        view = self.parent()
        hovered = isinstance(view, DocumentsView) and view.hover_row == index.row()
        t, rect = theme.tokens, QRect(option.rect)
        painter.save()
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, QColor(t.selected))
        elif hovered:
            painter.fillRect(rect, QColor(t.hover))
        row: Row = index.data(ROW)
        inside = rect.adjusted(theme.px(8), 0, -theme.px(8), 0)
        decoration = index.data(Qt.ItemDataRole.DecorationRole)
        if isinstance(decoration, QIcon):
            side = theme.px(18)
            decoration.paint(
                painter, QRect(inside.left(), rect.center().y() - side // 2 + 1, side, side)
            )
            inside.adjust(side + theme.px(8), 0, 0, 0)
        painter.setPen(QColor(self._colour(row, index.column())))
        painter.setFont(theme.font())
        text = painter.fontMetrics().elidedText(
            index.data() or "",
            Qt.TextElideMode.ElideMiddle if index.column() == NAME else Qt.TextElideMode.ElideRight,
            inside.width(),
        )
        painter.drawText(inside, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)
        if option.state & QStyle.StateFlag.State_HasFocus:
            self._draw_focus(painter, rect, index.column())
        painter.restore()

    def _colour(self, row: Row, column: int) -> str:
        t = theme.tokens
        if column == NAME:
            return t.text
        if column == STATE and row.state_role != "good":
            return str(getattr(t, row.state_role))
        return t.muted

    def _draw_focus(self, painter: QPainter, rect: QRect, column: int) -> None:
        """A bar at the left edge of the current row: seen at once, and no box around one cell."""
        if column == NAME:
            painter.setPen(QPen(QColor(theme.tokens.accent), theme.px(3)))
            x = rect.left() + theme.px(1)
            painter.drawLine(x, rect.top() + 2, x, rect.bottom() - 2)

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(theme.px(80), theme.px(36))


class DocumentsView(QTableView):
    """Rows are chosen whole; Enter opens, Delete removes, dragging carries them to a shelf.

    Signals:
        opened: the place that a person wants to see.
        remove_wanted: Delete was pressed on the chosen rows.
    """

    opened = Signal(object)
    remove_wanted = Signal()

    def __init__(self, model: DocumentsModel) -> None:
        super().__init__()
        self.hover_row = -1
        self._one_shelf = False
        self._documents = model
        self.setModel(model)
        self.setItemDelegate(RowDelegate(self))
        self.setAccessibleName(self.tr("Documents"))
        self.setShowGrid(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setDragEnabled(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
        self.setDefaultDropAction(Qt.DropAction.CopyAction)
        self.setMouseTracking(True)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.setCornerButtonEnabled(False)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionsMovable(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header.setSectionResizeMode(NAME, QHeaderView.ResizeMode.Stretch)
        header.setMinimumSectionSize(theme.px(60))
        self.setSortingEnabled(True)
        self.sortByColumn(NAME, Qt.SortOrder.AscendingOrder)
        self.doubleClicked.connect(self._open)
        self.take_theme()
        theme.changed.connect(self.take_theme)

    def take_theme(self) -> None:
        """Row height and column widths follow the text size."""
        self.verticalHeader().setDefaultSectionSize(theme.px(36))
        for column, width in _WIDTHS.items():
            self.setColumnWidth(column, theme.px(width))
        self._fit()

    def chosen(self) -> list[Place]:
        """The chosen places, in the order shown."""
        return [self._documents.place_at(row) for row in self._chosen_rows()]

    def _chosen_rows(self) -> list[int]:
        """From the ranges, not cell by cell: all of ten thousand rows are one range."""
        rows: set[int] = set()
        chosen = self.selectionModel().selection()
        for part in (chosen.at(number) for number in range(chosen.count())):
            rows.update(range(part.top(), part.bottom() + 1))
        return sorted(rows)

    def count_chosen(self) -> int:
        return len(self._chosen_rows())

    def only_chosen(self) -> Place | None:
        """The chosen place when it is the only one."""
        rows = self._chosen_rows()
        return self._documents.place_at(rows[0]) if len(rows) == 1 else None

    def set_one_shelf(self, one_shelf: bool) -> None:
        """On one shelf its name need not stand in every row."""
        self._one_shelf = one_shelf
        self._fit()

    def _fit(self) -> None:
        """Leaves out columns that say nothing here or find no room."""
        room = self.viewport().width() - theme.px(240)
        hidden = {SHELF} if self._one_shelf else set()
        for column in (CHANGED, KIND, SHELF, PAGES):  # the name's icon and ending tell its kind
            taken = sum(theme.px(w) for c, w in _WIDTHS.items() if c not in hidden)
            if taken > room:
                hidden.add(column)
        for column in _WIDTHS:
            self.setColumnHidden(column, column in hidden)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self._open(self.currentIndex())
        elif event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.remove_wanted.emit()
        else:
            super().keyPressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hover(self.indexAt(event.position().toPoint()).row())
        super().mouseMoveEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self._hover(-1)
        super().leaveEvent(event)

    def _hover(self, row: int) -> None:
        if row != self.hover_row:
            self.hover_row = row
            self.viewport().update()

    def _open(self, index: QModelIndex) -> None:
        self.opened.emit(self._documents.place(index))
