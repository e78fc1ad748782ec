"""What RagDesk knows of the chosen document, at the right of the table."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt, Signal, SignalInstance
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from ...domain.document import Document
from .. import words
from ..widgets import button, frame, icon_button, label, picture_label
from .document_rows import DocumentRows, Row

GAPS_SHOWN = 12


class DocumentGuide(QWidget):
    """Title, kind, pages, state and gaps in words, and where the file lies.

    Signals:
        open_wanted: the place to be shown in the viewer.
        original_wanted, folder_wanted: the place whose file or folder is to be opened.
        move_wanted: (place, point of the screen) it is to go on another shelf.
        again_wanted, remove_wanted: the place to be read again, or taken off the desk.
        closed: the person put the guide away.
    """

    open_wanted = Signal(object)
    original_wanted = Signal(object)
    folder_wanted = Signal(object)
    move_wanted = Signal(object, QPoint)
    again_wanted = Signal(object)
    remove_wanted = Signal(object)
    closed = Signal()

    def __init__(self, rows: DocumentRows, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows = rows
        self._id: int | None = None
        self._build()
        rows.changed.connect(self._take)

    def show_place(self, place_id: int) -> None:
        """Shows a place; the guide follows it until another one is shown."""
        self._id = place_id
        row = self._rows.rows.get(place_id)
        if row is not None:
            self._fill(row)

    @property
    def place_id(self) -> int | None:
        return self._id

    def _build(self) -> None:
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        head = QHBoxLayout()
        head.setContentsMargins(16, 12, 8, 8)
        head.addWidget(label(self.tr("About this document"), "section"))
        head.addStretch()
        head.addWidget(icon_button("close", self.tr("Close"), self.closed.emit))
        outer.addLayout(head)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        outer.addWidget(area, 1)
        body = QWidget()
        area.setWidget(body)
        layout = QVBoxLayout(body)
        layout.setContentsMargins(16, 0, 16, 16)
        layout.setSpacing(12)
        self._title = label("", "card", wrap=True)
        self._name = label("", "muted", wrap=True)
        layout.addWidget(self._title)
        layout.addWidget(self._name)
        layout.addLayout(self._buttons())
        layout.addWidget(frame("rule"))
        layout.addLayout(self._facts())
        self._next = label("", "muted", wrap=True)
        layout.addWidget(self._next)
        self._gaps_title = label(self.tr("What could not be read"), "section")
        self._gaps = label("", "", wrap=True)
        layout.addWidget(self._gaps_title)
        layout.addWidget(self._gaps)
        layout.addWidget(label(self.tr("Where it lies"), "section"))
        self._path = label("", "muted", wrap=True)
        self._path.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        layout.addWidget(self._path)
        layout.addStretch()

    def _buttons(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(8)
        self._open = button(self.tr("Open"), lambda: self._tell(self.open_wanted), kind="primary")
        original = button(self.tr("Open the original"), lambda: self._tell(self.original_wanted))
        folder = button(self.tr("Show in folder"), lambda: self._tell(self.folder_wanted))
        column.addWidget(self._open)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(original, 1)
        row.addWidget(folder, 1)
        column.addLayout(row)
        self._move = button(self.tr("Move to shelf…"), self._tell_move)
        column.addWidget(self._move)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(button(self.tr("Read again"), lambda: self._tell(self.again_wanted)), 1)
        row.addWidget(button(self.tr("Remove"), lambda: self._tell(self.remove_wanted)), 1)
        column.addLayout(row)
        return column

    def _facts(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(1, 1)
        self._values: list[QLabel] = []
        names = (self.tr("State"), self.tr("Kind"), self.tr("Length"), self.tr("Shelf"),
                 self.tr("Last change"), self.tr("Search"))  # fmt: skip
        self._state_picture = picture_label("ready", "good", 18)
        for line, name in enumerate(names):
            grid.addWidget(label(name, "muted"), line, 0, Qt.AlignmentFlag.AlignTop)
            value = label("", "", wrap=True)
            self._values.append(value)
            if line == 0:
                state = QHBoxLayout()
                state.setSpacing(6)
                state.addWidget(self._state_picture, 0, Qt.AlignmentFlag.AlignTop)
                state.addWidget(value, 1)
                grid.addLayout(state, line, 1)
            else:
                grid.addWidget(value, line, 1)
        return grid

    def _fill(self, row: Row) -> None:
        document = row.placed.document
        title = words.plain(document.title) if document is not None and document.title else row.name
        self._title.setText(title)
        self._name.setText(row.name)
        self._name.setVisible(title != row.name)
        self._open.setEnabled(document is not None and document.pages > 0)
        self._state_picture.show_picture(row.state_picture, row.state_role)
        texts = (
            row.state, f"{row.kind}, {words.size(row.placed.place.size)}", self._length(document),
            row.shelf, row.changed, self._found_by(document),
        )  # fmt: skip
        for value, text in zip(self._values, texts, strict=True):
            value.setText(text or "–")
        what_next = words.verdict(document)[1] if document is not None else ""
        self._next.setText(what_next)
        self._next.setVisible(bool(what_next))
        gaps = document.gaps if document is not None else ()
        lines = [words.gap(page, reason) for page, reason in gaps[:GAPS_SHOWN]]
        if len(gaps) > GAPS_SHOWN:
            lines.append(self.tr("and {n} more").format(n=words.number(len(gaps) - GAPS_SHOWN)))
        self._gaps.setText("\n".join(lines))
        for part in (self._gaps_title, self._gaps):
            part.setVisible(bool(lines))
        # A path has no spaces to break at; thin gaps after each part let it wrap.
        self._path.setText(words.plain(row.placed.place.absolute).replace("/", "/\u200b"))

    def _length(self, document: Document | None) -> str:
        if document is None or not document.pages:
            return ""
        if document.kind in ("xlsx", "xls", "ods"):
            if document.pages == 1:
                return self.tr("1 sheet")
            return self.tr("{n} sheets").format(n=words.number(document.pages))
        if document.kind in ("pptx", "ppt", "odp"):
            if document.pages == 1:
                return self.tr("1 slide")
            return self.tr("{n} slides").format(n=words.number(document.pages))
        return words.pages(document.pages) if document.paged else ""

    def _found_by(self, document: Document | None) -> str:
        if document is None or document.verdict is None or not document.verdict.answers:
            return ""
        return words.found_by(document)

    def _take(self, fresh: set[int], gone: set[int]) -> None:
        if self._id in gone:
            self._id = None
            self.closed.emit()
        elif self._id is not None and self._id in fresh:
            self._fill(self._rows.rows[self._id])

    def _tell_move(self) -> None:
        if self._id is not None and self._id in self._rows.rows:
            at = self._move.mapToGlobal(QPoint(0, self._move.height()))
            self.move_wanted.emit(self._rows.rows[self._id].placed.place, at)

    def _tell(self, signal: SignalInstance) -> None:
        if self._id is not None and self._id in self._rows.rows:
            signal.emit(self._rows.rows[self._id].placed.place)
