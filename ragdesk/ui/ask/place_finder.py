"""Picks a document and, by words in it, a passage: the place that no answer showed."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QCompleter, QLineEdit, QVBoxLayout, QWidget

from ...domain.conversation import Citation
from ...domain.document import PlacedDocument
from ..library import Library
from ..theme import theme
from ..widgets import label
from ..words import plain
from .passage_list import PassageList
from .place_names import PlaceNames

MOST_FOUND = 50


class PlaceFinder(QWidget):
    """Signals: `chosen_changed`, another passage is chosen, or none."""

    chosen_changed = Signal()

    def __init__(self, library: Library, names: PlaceNames, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._library = library
        self._documents: list[PlacedDocument] = []
        self._passages: Sequence[Citation] = ()
        self.document = QComboBox()
        self.document.setEditable(True)
        self.document.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.document.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.document.setAccessibleName(self.tr("Document"))
        self.document.view().setAccessibleName(self.tr("Documents"))
        self.words = QLineEdit()
        self.words.setAccessibleName(self.tr("Words in the passage"))
        self.words.setPlaceholderText(self.tr("Words in the passage"))
        self.words.setClearButtonEnabled(True)
        self.found = PassageList(names)
        self.found.setAccessibleName(self.tr("Passages found"))
        self._none = label(self.tr("No passage has all these words."), "muted")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.px(8))
        layout.addWidget(self.document)
        layout.addWidget(self.words)
        layout.addWidget(self._none)
        layout.addWidget(self.found, 1)
        self._none.hide()
        self.document.currentIndexChanged.connect(self._read)
        self.words.textChanged.connect(self._look)
        self.found.chosen_changed.connect(self.chosen_changed)

    def fill(self, document_id: str, collection_id: str | None = None) -> None:
        """Lists the documents of a shelf, or of all, that can answer and begins with one of them."""
        seen: dict[str, PlacedDocument] = {}
        for row in self._library.documents.all(collection_id):
            document = row.document
            if document is not None and document.verdict is not None and document.verdict.answers:
                seen.setdefault(document.id, row)
        self._documents = sorted(seen.values(), key=lambda row: row.place.name.casefold())
        self.document.blockSignals(True)
        self.document.clear()
        self.document.addItems([plain(row.place.name) for row in self._documents])
        ids = [row.place.document_id for row in self._documents]
        self.document.setCurrentIndex(ids.index(document_id) if document_id in ids else 0)
        self.document.blockSignals(False)
        completer = self.document.completer()
        if completer is not None:
            completer.setFilterMode(Qt.MatchFlag.MatchContains)
            completer.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
            popup = completer.popup()
            if popup is not None:
                popup.setAccessibleName(self.tr("Documents found"))
        self._read()

    def chosen(self) -> Citation | None:
        return self.found.chosen()

    def _read(self) -> None:
        """Takes up the passages of the document chosen."""
        at = self.document.currentIndex()
        self._passages = ()
        if 0 <= at < len(self._documents):
            place, document = self._documents[at].place, self._documents[at].document
            if document is not None:
                self._passages = [
                    Citation(1, document.id, place.path, document.title, document.paged, p.spans, p.text)
                    for p in self._library.passages.of_document(document.id)
                ]  # fmt: skip
        self._look()

    def _look(self) -> None:
        words = self.words.text().casefold().split()
        fit = [p for p in self._passages if all(word in p.quote.casefold() for word in words)]
        self.found.show_passages(fit[:MOST_FOUND], words)
        self._none.setVisible(not fit)
