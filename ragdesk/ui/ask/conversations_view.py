"""The list of conversations, newest first."""

from __future__ import annotations

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QSize,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QHBoxLayout,
    QListView,
    QMessageBox,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from ...domain.conversation import Conversation
from ...messages import ConversationsChanged, DeleteConversation, Event, Ready
from ..engine_client import EngineClient
from ..library import Library
from ..theme import theme
from ..widgets import frame, icon_button, label

Index = QModelIndex | QPersistentModelIndex


class ConversationsModel(QAbstractListModel):
    """Every conversation in the store. `Qt.DisplayRole` is its title, `Qt.UserRole` the object."""

    def __init__(
        self, library: Library, client: EngineClient, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._library = library
        self._rows: list[Conversation] = []
        library.opened.connect(self.refresh)
        client.event_received.connect(self._on_event)
        self.refresh()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid() or index.row() >= len(self._rows):
            return None
        conversation = self._rows[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return " ".join(conversation.title.split())
        if role == Qt.ItemDataRole.UserRole:
            return conversation
        return None

    def conversation(self, row: int) -> Conversation:
        return self._rows[row]

    def row_of(self, conversation_id: str) -> int:
        """-1 where there is none."""
        return next((n for n, c in enumerate(self._rows) if c.id == conversation_id), -1)

    def refresh(self) -> None:
        """Reads the list anew; nothing is told where nothing changed."""
        if not self._library.is_open:
            return
        rows = self._library.conversations.all()
        if rows == self._rows:
            return
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()

    def _on_event(self, event: Event) -> None:
        if isinstance(event, (ConversationsChanged, Ready)):
            self.refresh()


class _RowDelegate(QStyledItemDelegate):
    """Rows as wide as the list and no wider, so that a long title ends in … instead of scrolling."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(0, theme.px(32))


class ConversationsView(QWidget):
    """The list, with what can be done to it.

    Signals:
        chosen: the id of a conversation to be shown.
        deleted: the id of one that is being deleted.
        closed: the list is to be put away.
    """

    chosen = Signal(str)
    deleted = Signal(str)
    closed = Signal()

    def __init__(
        self, library: Library, client: EngineClient, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._client = client
        self.model = ConversationsModel(library, client, self)
        self._chosen_id = ""
        ground = frame("column")
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(ground)
        head = QHBoxLayout()
        head.addWidget(label(self.tr("Conversations"), "section"), 1)
        self._delete = icon_button(
            "remove", self.tr("Delete this conversation (Delete)"), self.delete_current
        )
        self._delete.setEnabled(False)
        head.addWidget(self._delete)
        head.addWidget(icon_button("close", self.tr("Put the list away"), self.closed.emit))
        self.list = QListView()
        self.list.setProperty("role", "shelves")
        self.list.setModel(self.model)
        self.list.setUniformItemSizes(True)
        self.list.setItemDelegate(_RowDelegate(self.list))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.list.setAccessibleName(self.tr("Conversations"))
        self.list.clicked.connect(self._choose)
        self.list.activated.connect(self._choose)
        self.list.selectionModel().currentChanged.connect(
            lambda now, _: self._delete.setEnabled(now.isValid())
        )
        self.model.modelReset.connect(lambda: QTimer.singleShot(0, self, self._mark_current))
        remove = QShortcut(QKeySequence(QKeySequence.StandardKey.Delete), self.list)
        remove.setContext(Qt.ShortcutContext.WidgetShortcut)
        remove.activated.connect(self.delete_current)
        layout = QVBoxLayout(ground)
        layout.setContentsMargins(theme.px(12), theme.px(12), theme.px(4), theme.px(8))
        layout.addLayout(head)
        layout.addWidget(self.list, 1)

    def show_current(self, conversation_id: str) -> None:
        """Marks the conversation that is shown beside the list."""
        self._chosen_id = conversation_id
        self._mark_current()

    def _mark_current(self) -> None:
        row = self.model.row_of(self._chosen_id)
        if row >= 0:
            self.list.setCurrentIndex(self.model.index(row))
        else:
            self.list.clearSelection()
            self.list.setCurrentIndex(QModelIndex())
        self._delete.setEnabled(self.list.currentIndex().isValid())

    def _choose(self, index: QModelIndex) -> None:
        self.chosen.emit(self.model.conversation(index.row()).id)

    def delete_current(self) -> None:
        """Deletes the marked conversation once the person has said so."""
        index = self.list.currentIndex()
        if not index.isValid():
            return
        conversation = self.model.conversation(index.row())
        box = QMessageBox(self)
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setWindowTitle(self.tr("Delete the conversation"))
        box.setText(self.tr("Delete “{title}”?").format(title=conversation.title))
        box.setInformativeText(
            self.tr("Its questions and answers go for good. Your documents stay.")
        )
        delete = box.addButton(self.tr("Delete"), QMessageBox.ButtonRole.DestructiveRole)
        keep = box.addButton(self.tr("Keep"), QMessageBox.ButtonRole.RejectRole)
        box.setDefaultButton(keep)
        box.exec()
        if box.clickedButton() is delete:
            self._client.send(DeleteConversation(conversation_id=conversation.id))
            self.deleted.emit(conversation.id)
