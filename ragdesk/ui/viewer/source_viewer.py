"""The source beside the answer: a document at the cited place, and what to do if its file is gone."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, QUrl, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QDesktopServices,
    QKeyEvent,
    QKeySequence,
    QShortcut,
)
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from ...domain.conversation import Citation
from ...domain.document import Document, Page, Span
from ...messages import DocumentsChanged, Done, Event, Failed, FindAgain, ReadAgain
from ..engine_client import EngineClient
from ..library import Library
from ..theme import theme
from ..widgets import ElidedLabel, frame, icon_button
from ..words import error, plain
from .pdf_file import Opened, PdfFile
from .pdf_view import PdfView
from .source_bar import PageBar, SourceBand
from .source_file import Condition, SourceFile, find_source
from .text_view import TextView


class SourceViewer(QWidget):
    """Shows where an answer stands. The PDF itself while it is what was read, else the stored text.

    Signals:
        closed: the person is done with it.
    """

    closed = Signal()

    def __init__(
        self, library: Library, client: EngineClient, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._library = library
        self._client = client
        self._citation: Citation | None = None
        self._document: Document | None = None
        self._source = SourceFile(None, Condition.REMOVED)
        self._file: PdfFile | None = None
        self._page = 1
        self._sent: set[str] = set()
        self._build()
        client.event_received.connect(self._on_event)

    def _build(self) -> None:
        self._title = ElidedLabel("", "card")
        self._open_button = icon_button("open", self.tr("Open the original"), self.open_original)
        self._open_button.setObjectName("open_original")
        close = icon_button("close", self.tr("Close the source"), self.close_source)
        close.setObjectName("close_source")
        self._pdf = PdfView()
        self._pdf.setObjectName("pdf_view")
        self._text = TextView()
        self._text.setObjectName("text_view")
        self._bar = PageBar()
        self._band = SourceBand()
        self._stack = QStackedWidget()
        self._stack.addWidget(self._pdf)
        self._stack.addWidget(self._text)
        head = QHBoxLayout()
        head.setContentsMargins(theme.px(16), theme.px(8), theme.px(8), 0)
        head.setSpacing(theme.px(4))
        head.addWidget(self._title, 1)
        head.addWidget(self._open_button)
        head.addWidget(close)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(head)
        layout.addWidget(self._bar)
        layout.addWidget(frame("rule"))
        layout.addWidget(self._band)
        layout.addWidget(self._stack, 1)
        self._connect()

    def _connect(self) -> None:
        self._bar.turned.connect(lambda by: self.show_page(self._page + by))
        self._bar.zoomed.connect(self._zoom)
        self._band.find_again.connect(self.find_again)
        self._band.read_again.connect(self.read_again)
        self._band.show_new.connect(self._show_new)
        self._band.open_original.connect(self.open_original)
        self._pdf.page_changed.connect(self._pdf_page_changed)
        self._pdf.zoom_changed.connect(self._bar.show_zoom)
        self._text.zoom_changed.connect(self._bar.show_zoom)
        self._text.page_turned.connect(lambda by: self.show_page(self._page + by))
        for keys, act in (
            (QKeySequence.StandardKey.ZoomIn, lambda: self._zoom(1)),
            (QKeySequence("Ctrl+="), lambda: self._zoom(1)),
            (QKeySequence.StandardKey.ZoomOut, lambda: self._zoom(-1)),
            (QKeySequence("Ctrl+0"), lambda: self._zoom(0)),
        ):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(act)

    # showing

    def show_citation(self, citation: Citation) -> None:
        """Shows the cited place with its words marked."""
        self._citation = citation
        self._show(citation.document_id)

    def show_document(self, document_id: str) -> None:
        """Shows a document from its beginning."""
        self._citation = None
        self._show(document_id)

    def _show(self, document_id: str) -> None:
        self._document = self._library.documents.document(document_id)
        self._source = self._find_source(document_id)
        place = self._source.place
        path = self._citation.path if self._citation else place.path if place else ""
        title = self._document.title if self._document else ""
        self._title.set_full_text(plain(path.rsplit("/", 1)[-1] or title))
        self._open_button.setEnabled(
            place is not None and self._source.condition != Condition.MOVED
        )
        self._band.show_condition(self._source.condition)
        if not self._show_pdf():
            self._show_text()
        self._announce()

    def _find_source(self, document_id: str) -> SourceFile:
        documents = self._library.documents
        path = self._citation.path if self._citation else ""
        places = documents.places_of(document_id)
        return find_source(places, path, documents.all() if path and not places else ())

    def _show_pdf(self) -> bool:
        """Shows the PDF itself where it is one, opens, and holds the cited words where they stood."""
        self._forget_file()
        document, place = self._document, self._source.place
        if document is None or place is None or document.kind != "pdf":
            return False
        if self._source.condition != Condition.SAME:
            return False
        file = PdfFile(self)
        opened = file.open(place.absolute)
        if opened == Opened.YES and self._cited_words_stand(file):
            self._file = file
            self._stack.setCurrentWidget(self._pdf)
            self._pdf.set_file(file)
            if self._citation is not None:
                self._pdf.mark(self._citation.spans, _words(self._citation))
            self._pdf_page_changed(self._pdf.page)
            self._bar.show_zoom(self._pdf.zoom)
            return True
        file.deleteLater()
        self._band.say(
            self.tr("This PDF opens with a password. Here is its text as it was read.")
            if opened == Opened.LOCKED
            else self.tr("The pages cannot be shown. Here is the text as it was read.")
        )
        return False

    def _cited_words_stand(self, file: PdfFile) -> bool:
        """Whether the page holds the very characters that the citation names."""
        if self._citation is None or not self._citation.spans:
            return True
        span = self._citation.spans[0]
        stored = self._stored_page(span.page)
        if stored is None or not 1 <= span.page <= len(file.sizes):
            return False
        text = stored.text[span.start : span.start + span.length]
        # From the first letter on: Qt takes a mark for a hyphen in front for a byte order mark.
        skip = next((n for n, c in enumerate(text) if c.isalnum()), 0)
        shown = file.text(Span(span.page, span.start + skip, span.length - skip))
        return _bare(shown) == _bare(text)

    def _show_text(self) -> None:
        self._stack.setCurrentWidget(self._text)
        self._bar.show_zoom(self._text.zoom)
        first = self._citation.spans[0].page if self._citation and self._citation.spans else 1
        self._show_text_page(first)

    def _show_text_page(self, number: int) -> None:
        self._page = number
        page = self._stored_page(number)
        if page is None:
            self._show_quote_alone()
            return
        self._text.show_text(page.text)
        if self._citation is not None:
            words = _on(number, _words(self._citation))
            self._text.mark(_on(number, self._citation.spans), words)
        self._text.setAccessibleName(self.tr("Text of {name}").format(name=self._title.full_text()))
        self._show_page_number(page.name)

    def _show_quote_alone(self) -> None:
        """The document is gone from the library; what was cited is kept with the answer."""
        quote = self._citation.quote if self._citation else ""
        self._text.show_text(quote)
        if quote:
            self._text.mark([Span(1, 0, len(quote))], [])
        self._bar.hide()
        if self._source.condition != Condition.REPLACED:
            self._band.say(
                self.tr(
                    "This document is no longer on the desk. These are the words that were cited."
                )
                if quote
                else self.tr("There is no text to show.")
            )

    def _stored_page(self, number: int) -> Page | None:
        if self._document is None:
            return None
        pages = self._library.documents.pages(self._document.id, [number])
        return pages[0] if pages else None

    def _forget_file(self) -> None:
        self._pdf.set_file(None)
        if self._file is not None:
            self._file.deleteLater()
            self._file = None

    # pages and zoom

    @property
    def page(self) -> int:
        """The page shown, from 1."""
        return self._page

    @property
    def pages(self) -> int:
        if self._file is not None:
            return self._pdf.pages
        return self._document.pages if self._document else 0

    def show_page(self, number: int) -> None:
        """Turns to a page; beyond the ends nothing happens."""
        if not 1 <= number <= self.pages:
            return
        if self._file is not None:
            self._pdf.show_page(number)
        else:
            self._show_text_page(number)

    def _pdf_page_changed(self, page: int) -> None:
        if self._file is None:
            return
        self._page = page
        name = self._title.full_text()
        self._pdf.setAccessibleName(self.tr("Page {page} of {name}").format(page=page, name=name))
        self._show_page_number(self._file.label(page))

    def _show_page_number(self, name: str) -> None:
        paged = self._file is not None or bool(self._document and self._document.pages > 1)
        self._bar.show_page(self._page, self.pages if paged else 0, name)

    def _zoom(self, step: int) -> None:
        """Larger (1), smaller (-1), or back to the fitting size (0)."""
        if self._file is not None:
            (self._pdf.fit_width, self._pdf.zoom_in, self._pdf.zoom_out)[step]()
        elif step:
            (self._text.zoom_in if step > 0 else self._text.zoom_out)()
        else:
            self._text.set_zoom(1.0)

    # the file behind it

    def open_original(self) -> None:
        """Opens the file in the program that the computer has for it."""
        place = self._source.place
        if place is None or not QDesktopServices.openUrl(QUrl.fromLocalFile(place.absolute)):
            self._band.say(
                self.tr(
                    "The original could not be opened. It is safe where it is; open it in its own program."
                ),
            )

    def find_again(self) -> None:
        """Asks where the moved file lies now, and tells the engine."""
        place = self._source.place
        if place is None:
            return
        chosen, _ = QFileDialog.getOpenFileName(
            self, self.tr("Where is {name} now?").format(name=plain(place.name)), place.absolute
        )
        if chosen:
            self._sent.add(self._client.send(FindAgain(place_id=place.id, path=chosen)))

    def read_again(self) -> None:
        """Has the file read anew: the new version takes the place of the old one."""
        if self._source.place is not None:
            self._sent.add(self._client.send(ReadAgain(place_ids=(self._source.place.id,))))
            self._band.say(self.tr("The file is being read again."))

    def _show_new(self) -> None:
        place = self._source.place
        if place is not None and place.document_id is not None:
            self.show_document(place.document_id)

    def close_source(self) -> None:
        self._forget_file()
        self._citation = None
        self.closed.emit()

    def _on_event(self, event: Event) -> None:
        if isinstance(event, Failed) and event.tag in self._sent:
            self._sent.discard(event.tag)
            self._band.say(error(event.code, event.params))
        elif isinstance(event, Done):
            self._sent.discard(event.tag)
        elif isinstance(event, DocumentsChanged):
            self._refresh(event)

    def _refresh(self, event: DocumentsChanged) -> None:
        """Shows anew what is shown where its file may have become another or come back."""
        place = self._source.place
        if self._document is None or place is None or not self.isVisible():
            return
        if event.place_ids and place.id not in event.place_ids:
            return
        if self._find_source(self._document.id) != self._source:
            self._show(self._document.id)

    # words for those who listen, and colours

    def _announce(self) -> None:
        if self._citation is None or not QAccessible.isActive():
            return
        words = " ".join(self._citation.quote.split())
        where = self.tr("{name}, page {page}: {words}").format(
            name=self._title.full_text(), page=self._page, words=words
        )
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, where))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # Not a shortcut: the window has one for the same key.
        if event.key() == Qt.Key.Key_Escape:
            self.close_source()
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._pdf.viewport().update()


def _words(citation: Citation) -> tuple[Span, ...]:
    """The very words of a citation, none where it marks all of it: then they are not known."""
    return () if citation.marked == citation.spans else citation.marked


def _on(page: int, spans: tuple[Span, ...]) -> list[Span]:
    return [span for span in spans if span.page == page]


def _bare(text: str) -> str:
    """Letters and digits alone: engines write hyphens at a line's end and unknown glyphs differently."""
    return "".join(c for c in text if c.isalnum())
