"""Passages to choose one from: where each stands, and how it begins."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QListView, QListWidget, QListWidgetItem, QWidget

from ...domain.conversation import Citation
from ..theme import theme
from ..words import plain
from .place_names import PlaceNames

AROUND = 60  # characters in front of the words looked for
MOST = 170  # characters of a passage


class PassageList(QListWidget):
    """Signals: `chosen_changed`, another passage is chosen, or none."""

    chosen_changed = Signal()

    def __init__(self, names: PlaceNames, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._names = names
        self._passages: Sequence[Citation] = ()
        self.setProperty("role", "passages")
        self.setWordWrap(True)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        self.setSpacing(theme.px(2))
        self.setMinimumHeight(theme.px(110))
        self.itemSelectionChanged.connect(self.chosen_changed)

    def show_passages(self, passages: Sequence[Citation], words: Sequence[str] = ()) -> None:
        """Shows passages, each from where the first of `words` (in lower case) stands in it."""
        self._passages = passages
        self.clear()
        for passage in passages:
            text = plain(_excerpt(" ".join(passage.quote.split()), words))
            self.addItem(QListWidgetItem(f"{self._names.of(passage)}\n“{text}”"))
        self.chosen_changed.emit()

    def choose(self, position: int) -> None:
        self.setCurrentRow(position)

    def chosen(self) -> Citation | None:
        """The passage chosen, if one is."""
        rows = self.selectedIndexes()
        return self._passages[rows[0].row()] if rows else None


def _excerpt(text: str, words: Sequence[str]) -> str:
    """A stretch of `text` around the first of `words`, or its beginning."""
    found = [at for at in (text.casefold().find(word) for word in words) if at >= 0]
    start = max(0, min(found, default=0) - AROUND)
    start = text.rfind(" ", 0, start) + 1 if start else 0
    end = len(text) if len(text) <= start + MOST else text.rfind(" ", start, start + MOST)
    end = end if end > start else start + MOST
    return ("… " if start else "") + text[start:end] + (" …" if end < len(text) else "")
