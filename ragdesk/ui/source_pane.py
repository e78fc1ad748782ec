"""What stands at the right: a document with its marked words, or what is known of one."""

from __future__ import annotations

from PySide6.QtCore import QObject, QSettings
from PySide6.QtWidgets import QStackedWidget, QWidget

from ..domain.conversation import Citation
from ..domain.document import Place
from .documents.document_guide import DocumentGuide
from .documents.document_rows import DocumentRows
from .engine_client import EngineClient
from .library import Library
from .viewer.source_viewer import SourceViewer
from .work_area import WorkArea

# Pixels at first: a page to be read needs more room than what is known of a document.
USUAL_WIDTHS = {"source_width": 500, "guide_width": 320}


class SourcePane(QObject):
    """Opens and closes the pane beside `pages`, and remembers how wide a person made it.

    Attributes:
        work: the pages and the pane, to be put into a window.
    """

    def __init__(
        self,
        library: Library,
        client: EngineClient,
        rows: DocumentRows,
        pages: QWidget,
        kept: QSettings,
    ) -> None:
        super().__init__(pages)
        self.viewer = SourceViewer(library, client)
        self.guide = DocumentGuide(rows)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.viewer)
        self._stack.addWidget(self.guide)
        self._kept = kept
        self.work = WorkArea(pages, self._stack, USUAL_WIDTHS["source_width"])
        self.work.pane_resized.connect(lambda wide: kept.setValue(self._width_name(), wide))
        self.viewer.closed.connect(self.close)
        self.guide.closed.connect(self.close_guide)

    def show_citation(self, citation: Citation) -> None:
        self._open(self.viewer)
        self.viewer.show_citation(citation)

    def show_beside(self, citation: Citation | None) -> None:
        """The words that an answer stands on, unless they would cover it; no others beside it."""
        if citation is None:
            self.close()
        elif not self.work.is_narrow:
            self.show_citation(citation)

    def show_document(self, document_id: str) -> None:
        self._open(self.viewer)
        self.viewer.show_document(document_id)

    def follow_choice(self, place: Place | None) -> None:
        """The guide follows what is chosen in the table, where it does not cover the table."""
        if place is None:
            self.close_guide()
        elif not self.work.is_narrow:
            self.show_guide(place)

    def show_guide(self, place: Place) -> None:
        self._open(self.guide)
        self.guide.show_place(place.id)

    def close_guide(self) -> None:
        if self._stack.currentWidget() is self.guide:
            self.close()

    def close_viewer(self) -> None:
        if self._stack.currentWidget() is self.viewer:
            self.close()

    def close(self) -> None:
        self.work.set_pane_open(False)

    def _open(self, what: QWidget) -> None:
        self._stack.setCurrentWidget(what)
        name = self._width_name()
        self.work.set_pane_width(int(str(self._kept.value(name, USUAL_WIDTHS[name]))))
        self.work.set_pane_open(True)

    def _width_name(self) -> str:
        """Under which the width of what is shown is remembered."""
        return "guide_width" if self._stack.currentWidget() is self.guide else "source_width"
