"""The table of practice questions as it is drawn, and what can be said of the chosen ones."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QIcon, QKeyEvent, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
)

from ...domain.training import Pair, PairState
from ..ordered import Index
from ..theme import theme
from . import pair_words
from .pairs_model import ANSWER, PAIR, PLACE, QUESTION, STATE, PairsModel

# Shares of the width, in hundredths, while there is room for all.
_SHARES = {QUESTION: 38, ANSWER: 20, PLACE: 22, STATE: 20}
ALL_FROM = 640  # px at 13 px text; in less the place is left out: Enter opens it
OWN_KEYS = frozenset({Qt.Key.Key_R, Qt.Key.Key_W, Qt.Key.Key_F, Qt.Key.Key_S, Qt.Key.Key_U})


class PairDelegate(QStyledItemDelegate):
    """One cell; chosen rows have one ground throughout, the current one a bar at its beginning."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        t, rect, column = theme.tokens, QRect(option.rect), index.column()
        painter.save()
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, QColor(t.selected))
        inside = rect.adjusted(theme.px(8), 0, -theme.px(8), 0)
        picture = index.data(Qt.ItemDataRole.DecorationRole)
        direction = option.direction
        if isinstance(picture, QIcon):
            side = theme.px(18)
            box = QRect(inside.left(), rect.center().y() - side // 2 + 1, side, side)
            picture.paint(painter, QStyle.visualRect(direction, inside, box))
            inside = QStyle.visualRect(
                direction, inside, inside.adjusted(side + theme.px(8), 0, 0, 0)
            )
        painter.setPen(QColor(self._colour(index.data(PAIR), column)))
        painter.setFont(theme.font())
        text = painter.fontMetrics().elidedText(
            index.data() or "", Qt.TextElideMode.ElideRight, inside.width()
        )
        align = QStyle.visualAlignment(direction, Qt.AlignmentFlag.AlignLeft)
        painter.drawText(inside, align | Qt.AlignmentFlag.AlignVCenter, text)
        if option.state & QStyle.StateFlag.State_HasFocus and column == QUESTION:
            painter.setPen(QPen(QColor(t.accent), theme.px(3)))
            x = rect.right() if direction == Qt.LayoutDirection.RightToLeft else rect.left()
            painter.drawLine(x, rect.top() + 2, x, rect.bottom() - 2)
        painter.restore()

    @staticmethod
    def _colour(pair: Pair, column: int) -> str:
        t = theme.tokens
        if column == STATE:
            return str(getattr(t, pair_words.state(pair.state)[2]))
        return t.text if column == QUESTION else t.muted

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(theme.px(80), theme.px(36))


class PairsView(QTableView):
    """Rows are chosen whole; Enter opens the place. R, W, F, S and U are left to whoever holds it.

    Signals:
        opened: the `Pair` whose place a person wants to see.
        chosen_changed: other rows are chosen.
    """

    opened = Signal(object)
    chosen_changed = Signal()

    def __init__(self, model: PairsModel) -> None:
        super().__init__()
        self._pairs = model
        self.setModel(model)
        self.setItemDelegate(PairDelegate(self))
        self.setAccessibleName(self.tr("Practice questions"))
        self.setShowGrid(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.setCornerButtonEnabled(False)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header.setMinimumSectionSize(theme.px(60))
        header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        self.setSortingEnabled(True)
        self.doubleClicked.connect(self._open)
        self.selectionModel().selectionChanged.connect(lambda *_: self.chosen_changed.emit())
        self.take_theme()
        theme.changed.connect(self.take_theme)

    def take_theme(self) -> None:
        self.verticalHeader().setDefaultSectionSize(theme.px(36))
        self._fit()

    def chosen(self) -> list[Pair]:
        """The chosen practice questions, in the order shown."""
        rows: set[int] = set()
        selection = self.selectionModel().selection()
        for part in (selection.at(number) for number in range(selection.count())):
            rows.update(range(part.top(), part.bottom() + 1))
        return [self._pairs.pair(row) for row in sorted(rows)]

    def show_state(self, state: PairState | None) -> None:
        """Only those of a state, or all."""
        self._pairs.set_state(state)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        room = self.viewport().width()
        shares = dict(_SHARES)
        narrow = room < theme.px(ALL_FROM)
        self.setColumnHidden(PLACE, narrow)
        if narrow:
            del shares[PLACE]
        total = sum(shares.values())
        for column, share in shares.items():
            self.setColumnWidth(column, room * share // total)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self._open(self.currentIndex())
        elif Qt.Key(event.key()) in OWN_KEYS and not event.modifiers():
            event.ignore()
        else:
            super().keyPressEvent(event)

    def _open(self, index: QModelIndex) -> None:
        self.opened.emit(self._pairs.pair(index.row()))
