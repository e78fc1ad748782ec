"""The left column: where one is, and the shelves with what lies on them."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QDragEnterEvent, QDragMoveEvent, QDropEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QButtonGroup,
    QHBoxLayout,
    QListView,
    QMenu,
    QSizePolicy,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from . import words
from .icons import icon, pixmap
from .ordered import Index
from .shelves_model import COUNT, ID, ShelvesModel
from .theme import mixed, theme
from .widgets import IconSize, frame, icon_button, label

ASK, DOCUMENTS, ASSISTANTS, SETTINGS = range(4)


class ShelfDelegate(QStyledItemDelegate):
    """A shelf in one line: its name, and the number of its documents at the right."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect: QRect = option.rect.adjusted(1, 1, -1, -1)
        state: QStyle.StateFlag = option.state
        t = theme.tokens
        view = self.parent()
        target = isinstance(view, ShelvesView) and view.drop_row == index.row()
        if target or state & QStyle.StateFlag.State_Selected:
            ground = t.selected if target else mixed(t.text, t.sunken, 0.06)
        elif state & QStyle.StateFlag.State_MouseOver:
            ground = t.hover
        else:
            ground = ""
        focused = bool(state & QStyle.StateFlag.State_HasFocus)
        if t.line_width > 1 and state & QStyle.StateFlag.State_Selected:
            focused = True  # in high contrast grounds do not differ: an edge says what is chosen
        painter.setPen(QPen(QColor(t.accent), 2) if target or focused else Qt.PenStyle.NoPen)
        painter.setBrush(QColor(ground) if ground else Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(rect, 6, 6)
        self._write(painter, rect, index, chosen=bool(state & QStyle.StateFlag.State_Selected))
        painter.restore()

    def _write(self, painter: QPainter, rect: QRect, index: Index, *, chosen: bool) -> None:
        t = theme.tokens
        side, space = theme.px(16), theme.px(8)
        picture = pixmap(
            "all" if index.row() == 0 else "shelf",
            "accent" if chosen else "muted", side, painter.device().devicePixelRatio(),
        )  # fmt: skip
        painter.drawPixmap(rect.left() + space, rect.center().y() - side // 2 + 1, picture)
        count = words.number(index.data(COUNT))
        small = theme.font(12)
        painter.setFont(small)
        painter.setPen(QColor(t.muted))
        inside = rect.adjusted(side + 2 * space, 0, -space, 0)
        painter.drawText(inside, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, count)
        taken = painter.fontMetrics().horizontalAdvance(count) + space
        font = theme.font(strong=chosen)
        painter.setFont(font)
        painter.setPen(QColor(t.accent if chosen else t.text))
        room = inside.adjusted(0, 0, -taken, 0)
        name = painter.fontMetrics().elidedText(
            index.data(), Qt.TextElideMode.ElideRight, room.width()
        )
        painter.drawText(room, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, name)

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(theme.px(120), theme.px(32))


class ShelvesView(QListView):
    """The list of shelves. Files and documents may be let go on them.

    Signals:
        hovered: the name of the shelf under a drag, or "" when it left.
    """

    hovered = Signal(str)

    def __init__(self, model: ShelvesModel) -> None:
        super().__init__()
        self.drop_row = -1
        self.setModel(model)
        self.setItemDelegate(ShelfDelegate(self))
        self.setProperty("role", "shelves")
        self.setAccessibleName(self.tr("Shelves"))
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DropOnly)
        self.setDropIndicatorShown(False)
        self.setAcceptDrops(True)
        self.setMouseTracking(True)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        super().dragEnterEvent(event)
        event.acceptProposedAction()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        row = index.row() if index.isValid() and index.row() > 0 else -1
        if row != self.drop_row:
            self.drop_row = row
            self.viewport().update()
        if row > 0:
            self.hovered.emit(index.data())
            event.acceptProposedAction()
        else:
            event.ignore()

    def dragLeaveEvent(self, event: object) -> None:
        self._forget_target()
        super().dragLeaveEvent(event)  # type: ignore[arg-type]

    def dropEvent(self, event: QDropEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        self._forget_target()
        if self.model().dropMimeData(event.mimeData(), event.dropAction(), -1, -1, index):
            # The engine moves documents; the table must not take its rows out by itself.
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()

    def _forget_target(self) -> None:
        self.drop_row = -1
        self.viewport().update()
        self.hovered.emit("")


class NavigationBar(QWidget):
    """Pages above, shelves in the middle, settings below; folded it is a column of icons.

    Signals:
        page_chosen: ASK, DOCUMENTS, ASSISTANTS or SETTINGS.
        shelf_chosen: a collection id, or None for all documents.
        shelf_wanted: a person wants a new shelf.
        rename_wanted, delete_wanted: collection id of a shelf, from its menu.
    """

    page_chosen = Signal(int)
    shelf_chosen = Signal(object)
    shelf_wanted = Signal()
    rename_wanted = Signal(str)
    delete_wanted = Signal(str)

    def __init__(self, shelves: ShelvesModel) -> None:
        super().__init__()
        self._shelves = shelves
        self._shelf: str | None = None
        self.view = ShelvesView(shelves)
        self._buttons = QButtonGroup(self)
        self._buttons.idClicked.connect(self.page_chosen)
        self._build()
        shelves.modelReset.connect(self._show_shelf)
        self.view.selectionModel().currentChanged.connect(self._current_changed)
        self.view.customContextMenuRequested.connect(self._open_menu)
        self.fold(False)
        self._show_shelf()

    def _build(self) -> None:
        column = frame("column")
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(column)
        layout = QVBoxLayout(column)
        layout.setContentsMargins(8, 16, 8, 12)
        layout.setSpacing(2)
        self._brand = label("RagDesk", "card")
        self._brand.setContentsMargins(8, 0, 0, 12)
        layout.addWidget(self._brand)
        names = (
            self.tr("Ask"), self.tr("Documents"), self.tr("Assistants"), self.tr("Settings")
        )  # fmt: skip
        places = [self._place(n, p, i) for i, (n, p) in enumerate(
            zip(names, ("ask", "documents", "assistants", "settings"), strict=True))]  # fmt: skip
        for page in (ASK, DOCUMENTS, ASSISTANTS):
            layout.addWidget(places[page])
        layout.addSpacing(16)
        self._heading = QWidget()
        row = QHBoxLayout(self._heading)
        row.setContentsMargins(8, 0, 0, 0)
        row.addWidget(label(self.tr("Shelves"), "section"))
        row.addStretch()
        row.addWidget(icon_button("add", self.tr("New shelf"), self.shelf_wanted.emit))
        layout.addWidget(self._heading)
        layout.addWidget(self.view, 1)
        self._folded_shelves = self._place(self.tr("Shelves"), "shelf", -1)
        self._folded_shelves.setCheckable(False)
        self._folded_shelves.clicked.connect(self._open_shelves)
        layout.addWidget(self._folded_shelves)
        self._gap = QWidget()
        self._gap.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        layout.addWidget(self._gap, 1)
        layout.addWidget(places[SETTINGS])

    def _place(self, name: str, picture: str, number: int) -> QToolButton:
        place = QToolButton()
        place.setProperty("kind", "place")
        place.setText(f" {name}")  # the style leaves too little air beside the icon
        place.setAccessibleName(name)
        place.setIcon(icon(picture))
        IconSize(place, 20)
        place.setCheckable(True)
        place.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        place.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        if number >= 0:
            place.setToolTip(f"{name} (Ctrl+{number + 1})")
            self._buttons.addButton(place, number)
        else:
            place.setToolTip(name)
        return place

    def fold(self, folded: bool) -> None:
        """Shows icons only, or words beside them."""
        style = (
            Qt.ToolButtonStyle.ToolButtonIconOnly
            if folded
            else Qt.ToolButtonStyle.ToolButtonTextBesideIcon
        )
        for place in (*self._buttons.buttons(), self._folded_shelves):
            if isinstance(place, QToolButton):
                place.setToolButtonStyle(style)
        for widget in (self._brand, self._heading, self.view):
            widget.setVisible(not folded)
        for widget in (self._folded_shelves, self._gap):
            widget.setVisible(folded)
        self.setFixedWidth(theme.px(56) if folded else theme.px(208))

    def show_page(self, page: int) -> None:
        self._buttons.button(page).setChecked(True)

    @property
    def shelf(self) -> str | None:
        """The shelf chosen, None for all documents."""
        return self._shelf

    def choose_shelf(self, collection_id: str | None) -> None:
        self._shelf = collection_id
        self._show_shelf()

    def _show_shelf(self) -> None:
        """After the shelves were read anew the same one is chosen, or all where it is gone."""
        index = self._shelves.index(self._shelves.row_of(self._shelf))
        if index != self.view.currentIndex():
            self.view.setCurrentIndex(index)

    def _current_changed(self, current: QModelIndex) -> None:
        if current.isValid() and current.data(ID) != self._shelf:
            self._shelf = current.data(ID)
            self.shelf_chosen.emit(self._shelf)

    def _open_menu(self, at: QPoint) -> None:
        index = self.view.indexAt(at)
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(icon("add"), self.tr("New shelf…"), self.shelf_wanted.emit)
        collection_id = index.data(ID) if index.isValid() else None
        if collection_id is not None:
            self._add_changes(menu, collection_id, self.tr("Rename…"), self.tr("Delete"))
        menu.popup(self.view.viewport().mapToGlobal(at))

    def _add_changes(self, menu: QMenu, collection_id: str, rename: str, delete: str) -> None:
        menu.addAction(icon("pencil"), rename, lambda: self.rename_wanted.emit(collection_id))
        menu.addAction(icon("remove"), delete, lambda: self.delete_wanted.emit(collection_id))

    def _open_shelves(self) -> None:
        """Folded, the shelves stand in a menu."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for row in range(self._shelves.rowCount()):
            index = self._shelves.index(row)
            name = f"{index.data()}\t{words.number(index.data(COUNT))}".replace("&", "&&")
            entry = menu.addAction(name)
            entry.setCheckable(True)
            entry.setChecked(index.data(ID) == self._shelf)
            entry.triggered.connect(lambda _=False, i=index: self.view.setCurrentIndex(i))
        menu.addSeparator()
        menu.addAction(icon("add"), self.tr("New shelf…"), self.shelf_wanted.emit)
        shelf = self._shelves.shelf(self._shelf)
        if shelf is not None:
            name = words.plain(shelf.name).replace("&", "&&")
            rename, delete = self.tr("Rename {shelf}…"), self.tr("Delete {shelf}")
            self._add_changes(menu, shelf.id, rename.format(shelf=name), delete.format(shelf=name))
        menu.popup(self._folded_shelves.mapToGlobal(self._folded_shelves.rect().topRight()))
