"""What stands on the page before the first question."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QVBoxLayout, QWidget

from ..library import Library
from ..theme import theme
from ..widgets import button, label
from .conversations_view import ConversationsModel
from .readiness_bar import Readiness

MOST_RECENT = 3


class _TitleLink(QPushButton):
    """A conversation's title that opens it; ends in … where room is short."""

    def __init__(self, title: str) -> None:
        super().__init__()
        self._title = title
        self.setProperty("kind", "link")
        self.setAccessibleName(title)
        self.setStyleSheet(
            "padding-left: 0; border-left: none; text-align: left"
        )  # flush with what stands above
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.setMinimumWidth(1)
        self._set_shown(title)

    def sizeHint(self) -> QSize:
        wide = self.fontMetrics().horizontalAdvance(self._title) + theme.px(16)
        return QSize(wide, super().sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        room = self.width() - theme.px(12)
        self._set_shown(
            self.fontMetrics().elidedText(self._title, Qt.TextElideMode.ElideRight, room)
        )

    def _set_shown(self, text: str) -> None:
        self.setText(text.replace("&", "&&"))  # a single & would underline what follows it


class StartView(QWidget):
    """One sentence about what can be done now, and the last conversations to go on with.

    Signals:
        add_requested: the person wants to add documents.
        chosen: the id of a conversation.
    """

    add_requested = Signal()
    chosen = Signal(str)

    def __init__(
        self, library: Library, model: ConversationsModel, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._library = library
        self._model = model
        self._recent: list[_TitleLink] = []
        self._title = label("", "hero", wrap=True)
        self._title.setObjectName("start_title")
        self._words = label("", "lead", wrap=True)
        self._words.setObjectName("start_words")
        self._add = button(
            self.tr("Add files…"), self.add_requested.emit, kind="primary", picture="add"
        )
        self._head = label(self.tr("Go on with"), "section")
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(theme.px(24), theme.px(24), theme.px(24), theme.px(24))
        self._layout.setSpacing(theme.px(8))
        self._layout.addStretch(2)
        self._layout.addWidget(self._title)
        self._layout.addWidget(self._words)
        self._layout.addSpacing(theme.px(8))
        self._layout.addWidget(self._add, 0, Qt.AlignmentFlag.AlignLeft)
        self._layout.addWidget(self._head)
        self._layout.addStretch(3)
        model.modelReset.connect(self._show_recent)
        self.show_state(Readiness())

    def show_state(self, state: Readiness) -> None:
        """Says what can be done with the documents as they are."""
        if state.can_ask:
            title = self.tr("What would you like to know?")
            words = self.tr(
                "Answers are made of your documents’ own words, and each shows where they stand."
            )
        elif state.reading:
            title = self.tr("Your files are being read")
            words = self.tr("You can ask as soon as the first one is read, which takes seconds.")
        elif state.files:
            title = self.tr("None of your files can be asked yet")
            words = self.tr("Documents shows what each of them needs. You can also add others.")
        else:
            title = self.tr("Nothing to ask yet")
            words = self.tr("Add the papers you work with. Then ask anything that stands in them.")
        self._title.setText(title)
        self._words.setText(words)
        self._add.setVisible(not state.can_ask and not state.reading)
        self._show_recent()

    def _show_recent(self) -> None:
        for old in self._recent:
            old.hide()
            old.deleteLater()
        self._recent = []
        for row in range(min(self._model.rowCount(), MOST_RECENT)):
            conversation = self._model.conversation(row)
            link = _TitleLink(" ".join(conversation.title.split()))
            link.clicked.connect(lambda _=False, wanted=conversation.id: self.chosen.emit(wanted))
            place = self._layout.indexOf(self._head) + 1 + row
            self._layout.insertWidget(place, link)
            self._recent.append(link)
        self._head.setVisible(bool(self._recent))
