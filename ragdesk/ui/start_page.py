"""The first thing a person sees: one sentence, one large place to drop documents on."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QListView,
    QStackedWidget,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from ..resources import asset
from . import words
from .actions import Actions
from .documents.document_rows import DocumentRows, Row
from .documents.documents_model import ROW, DocumentsModel
from .icons import pixmap
from .ordered import Index
from .theme import theme
from .widgets import button, label, picture_label


def sample_documents() -> list[str]:
    """The papers of the sample firm that come with RagDesk."""
    folder: Path = asset("samples", "documents")
    return sorted(str(path) for path in folder.iterdir() if path.is_file())


class DropArea(QFrame):
    """A large dashed place. The window itself takes the drop; this only shows where."""

    def paintEvent(self, _event: QPaintEvent) -> None:
        t = theme.tokens
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(t.border), max(1.5, t.line_width), Qt.PenStyle.DashLine))
        painter.setBrush(QColor(t.surface))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 14, 14)
        painter.end()


class NameDelegate(QStyledItemDelegate):
    """A name as it is read, with its state at the right."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row: Row = index.data(ROW)
        t, rect = theme.tokens, QRect(option.rect).adjusted(theme.px(12), 0, -theme.px(12), 0)
        side = theme.px(16)
        painter.save()
        painter.setFont(theme.font(12))
        painter.setPen(QColor(t.muted))
        width = painter.fontMetrics().horizontalAdvance(row.state) + side + theme.px(8)
        ratio = painter.device().devicePixelRatio()
        picture = pixmap(row.state_picture, row.state_role, side, ratio)
        top = rect.center().y() - side // 2 + 1
        painter.drawPixmap(rect.right() - width, top, picture)
        align = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(rect, Qt.AlignmentFlag.AlignRight | align, row.state)
        painter.drawPixmap(rect.left(), top, pixmap(row.kind_picture, "muted", side, ratio))
        painter.setFont(theme.font())
        painter.setPen(QColor(t.text))
        room = rect.adjusted(side + theme.px(8), 0, -width - theme.px(12), 0)
        name = painter.fontMetrics().elidedText(
            row.name, Qt.TextElideMode.ElideMiddle, room.width()
        )
        painter.drawText(room, Qt.AlignmentFlag.AlignLeft | align, name)
        painter.restore()

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(theme.px(200), theme.px(32))


class StartPage(QWidget):
    """An invitation; after the drop the same page fills with names as they are read.

    Signals:
        question_wanted: the person wants to ask.
        sample_wanted: the person wants to try it with papers that are not their own.
    """

    question_wanted = Signal()
    sample_wanted = Signal()

    def __init__(self, rows: DocumentRows, actions: Actions) -> None:
        super().__init__()
        self._rows = rows
        self._actions = actions
        self._area = DropArea()
        self._column = QWidget()
        self._stack = QStackedWidget()
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._stack)
        self._stack.addWidget(self._invitation())
        self._model = DocumentsModel(rows, self)
        self._stack.addWidget(self._reading())
        rows.changed.connect(self._follow)
        actions.added.connect(self._added)
        theme.changed.connect(self._scale)
        self._scale()
        self._follow()

    def is_reading(self) -> bool:
        """Whether it shows names instead of the invitation."""
        return self._stack.currentIndex() == 1

    def _scale(self) -> None:
        self._area.setMinimumHeight(theme.px(180))
        self._area.setMaximumSize(theme.px(640), theme.px(340))
        self._column.setMaximumWidth(theme.px(680))

    def invite(self) -> None:
        """Back to the invitation: what was dropped held nothing to read."""
        self._stack.setCurrentIndex(0)

    def _invitation(self) -> QWidget:
        page = QWidget()
        outer = QVBoxLayout(page)
        outer.setContentsMargins(32, 24, 32, 24)
        outer.setSpacing(0)
        outer.addStretch(2)
        middle = Qt.AlignmentFlag.AlignHCenter
        hero = label(self.tr("Ask your own documents"), "hero")
        hero.setAlignment(middle)
        lead = label(
            self.tr("Drop them here, ask, and see the very words that answer. Nothing leaves this computer."),
            "lead", wrap=True,
        )  # fmt: skip
        lead.setAlignment(middle)
        outer.addWidget(hero)
        outer.addSpacing(8)
        outer.addWidget(lead)
        outer.addSpacing(24)
        area = self._area
        inside = QVBoxLayout(area)
        inside.setSpacing(12)
        inside.addStretch()
        inside.addWidget(picture_label("drop", "accent", 44), 0, middle)
        call = label(self.tr("Drop files or folders anywhere"), "card")
        call.setAlignment(middle)
        inside.addWidget(call)
        folder = button(
            self.tr("Choose a folder…"), self._actions.choose_folder, kind="primary",
            picture="folder",
        )  # fmt: skip
        inside.addWidget(folder, 0, middle)
        inside.addStretch()
        row = QHBoxLayout()
        row.addStretch()
        row.addWidget(area, 10)
        row.addStretch()
        outer.addLayout(row, 6)
        outer.addSpacing(16)
        sample = button(self.tr("Try it with a sample firm"), self.sample_wanted.emit, kind="link")
        outer.addWidget(sample, 0, middle)
        outer.addStretch(3)
        return page

    def _reading(self) -> QWidget:
        page = QWidget()
        outer = QHBoxLayout(page)
        outer.setContentsMargins(32, 32, 32, 24)
        layout = QVBoxLayout(self._column)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        self._title = label("", "title")
        self._text = label("", "lead", wrap=True)
        layout.addWidget(self._title)
        layout.addWidget(self._text)
        layout.addSpacing(8)
        # Above the names: it must not move when the bar below the page comes or goes.
        self.ask = button(
            self.tr("Ask your first question"), self.question_wanted.emit, kind="primary",
            picture="ask",
        )  # fmt: skip
        layout.addWidget(self.ask, 0, Qt.AlignmentFlag.AlignLeft)
        layout.addSpacing(8)
        self.names = QListView()
        self.names.setModel(self._model)
        self.names.setItemDelegate(NameDelegate(self.names))
        self.names.setAccessibleName(self.tr("Documents as they are read"))
        self.names.setSelectionMode(QListView.SelectionMode.NoSelection)
        self.names.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        card = QFrame()
        card.setProperty("role", "card")
        inside = QVBoxLayout(card)
        inside.setContentsMargins(2, 6, 2, 6)
        inside.addWidget(self.names)
        layout.addWidget(card, 1)
        outer.addStretch()
        outer.addWidget(self._column, 10)
        outer.addStretch()
        return page

    def _added(self) -> None:
        self._stack.setCurrentIndex(1)
        self._follow()

    def _follow(self) -> None:
        rows = list(self._rows.rows.values())
        read = sum(1 for row in rows if row.placed.place.state == "read")
        ready = sum(
            1
            for row in rows
            if row.placed.document is not None
            and row.placed.document.verdict is not None
            and row.placed.document.verdict.answers
        )
        if rows and read == len(rows):
            self._title.setText(self.tr("Your documents are here"))
        else:
            self._title.setText(self.tr("Reading your documents"))
        if not rows:
            self._text.setText(self.tr("Looking for files…"))
        elif ready:
            text = self.tr("{n} can be asked already.")
            self._text.setText(text.format(n=words.documents(ready)))
        else:
            self._text.setText(self.tr("You can ask as soon as the first one is read."))
        if ready and not self.ask.isEnabled():
            self.ask.setEnabled(True)
            if self.isVisible():
                self.ask.setFocus()
        elif not ready:
            self.ask.setEnabled(False)
