"""The two strips above a source: pages and size, and the line about a file that is not as it was."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ..theme import theme
from ..widgets import ElidedLabel, button, frame, icon_button, label, picture_label
from .source_file import Condition


class PageBar(QWidget):
    """Which page of how many, turning pages, and size.

    Signals:
        turned: by how many pages, 1 or -1.
        zoomed: larger (1), smaller (-1), or back to the fitting size (0).
    """

    turned = Signal(int)
    zoomed = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._where = ElidedLabel("", "muted")
        self._where.setObjectName("page_number")
        self._back = icon_button(
            "back", self.tr("Previous page (Page Up)"), lambda: self.turned.emit(-1)
        )
        self._forward = icon_button(
            "forward", self.tr("Next page (Page Down)"), lambda: self.turned.emit(1)
        )
        smaller = icon_button("zoom-out", self.tr("Smaller (Ctrl+−)"), lambda: self.zoomed.emit(-1))
        larger = icon_button("zoom-in", self.tr("Larger (Ctrl++)"), lambda: self.zoomed.emit(1))
        self._fit = button("100 %", lambda: self.zoomed.emit(0), kind="quiet")
        self._fit.setToolTip(self.tr("Fit the text, or the whole page (Ctrl+0)"))
        self._fit.setAccessibleName(self.tr("Fit the text, or the whole page"))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(theme.px(16), 0, theme.px(8), theme.px(4))
        layout.setSpacing(theme.px(2))
        layout.addWidget(self._where, 1)
        for part in (self._back, self._forward, smaller, self._fit, larger):
            layout.addWidget(part)

    def show_page(self, page: int, pages: int, name: str = "") -> None:
        """`pages` 0: the format has none to turn. `name`: what the page is called, as a sheet is."""
        self.show()
        turnable = pages > 1
        self._back.setVisible(turnable)
        self._forward.setVisible(turnable)
        self._back.setEnabled(page > 1)
        self._forward.setEnabled(page < pages)
        if not pages:
            self._where.set_full_text(
                self.tr("{name}").format(name=name) if name else self.tr("Text as it was read")
            )
        elif name:
            text = self.tr("{name} · {page} of {pages}")
            self._where.set_full_text(text.format(name=name, page=page, pages=pages))
        else:
            self._where.set_full_text(
                self.tr("page {page} of {pages}").format(page=page, pages=pages)
            )

    def show_zoom(self, zoom: float) -> None:
        """1.0 for life size."""
        self._fit.setText(self.tr("{n} %").format(n=round(zoom * 100)))


class SourceBand(QWidget):
    """One plain line about a file that is not as it was when it was read, and what helps.

    Signals:
        find_again, read_again, show_new, open_original: the button of that name was pressed.
    """

    find_again = Signal()
    read_again = Signal()
    show_new = Signal()
    open_original = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = label("", "", wrap=True)
        self._words.setObjectName("source_words")
        self._find = button(self.tr("Find it again"), self.find_again.emit)
        self._read = button(self.tr("Read it again"), self.read_again.emit)
        self._new = button(self.tr("Show the new version"), self.show_new.emit)
        self._open = button(self.tr("Open the original"), self.open_original.emit)
        line = QHBoxLayout()
        line.setSpacing(theme.px(8))
        line.addWidget(picture_label("info", "look", 18))
        line.addWidget(self._words, 1)
        buttons = QHBoxLayout()
        buttons.setSpacing(theme.px(8))
        for part in (self._find, self._read, self._new, self._open):
            buttons.addWidget(part)
        buttons.addStretch(1)
        ground = frame("band")
        inner = QVBoxLayout(ground)
        inner.setContentsMargins(theme.px(12), theme.px(8), theme.px(12), theme.px(12))
        inner.setSpacing(theme.px(8))
        inner.addLayout(line)
        inner.addLayout(buttons)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(theme.px(12), theme.px(12), theme.px(12), 0)
        layout.addWidget(ground)
        self.hide()

    def show_condition(self, condition: Condition) -> None:
        """Says what became of the file and offers what helps; nothing where it is as it was."""
        self._find.setVisible(condition == Condition.MOVED)
        self._read.setVisible(condition == Condition.CHANGED)
        self._new.setVisible(condition == Condition.REPLACED)
        self._open.setVisible(condition == Condition.CHANGED)
        words = {
            Condition.SAME: "",
            Condition.MOVED: self.tr(
                "The file is no longer where it was. This is its text as it was read; nothing is lost."
            ),
            Condition.CHANGED: self.tr(
                "The file has changed since it was read. This is its text as it was then."
            ),
            Condition.REPLACED: self.tr(
                "A newer version of this file was read. These are the words of the one before it; ask again"
                " to see what it says now."
            ),
            Condition.REMOVED: self.tr(
                "This document was taken off the desk. This is its text as it was read."
            ),
        }[condition]
        self._words.setText(words)
        self.setVisible(bool(words))

    def say(self, words: str) -> None:
        """Another line, the buttons staying as they are."""
        self._words.setText(words)
        self.show()
