"""What a cited place is called: the file, and the page, sheet or slide in it; and who answered."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from ...domain.conversation import Citation, Hit, Judgement
from ...texts import SLIDE, place_template
from ..library import Library
from ..words import plain


def _tr(text: str) -> str:
    return QCoreApplication.translate("PlaceNames", text)


class PlaceNames:
    """Names places after the pages as they were read, each looked up once."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._names: dict[tuple[str, int], str] = {}

    def of(self, place: Citation | Hit) -> str:
        """As in "Lease.pdf, page 7", "Rates.xlsx, sheet Call-outs" or "Letter.docx"."""
        file = plain(place.path.rsplit("/", 1)[-1] or place.title)
        if place.page is None:
            return file
        name = plain(self._page_name(place.document_id, place.page))
        template = place_template(file, name)
        page = place.page if template == SLIDE else name or place.page
        return _tr(template).format(file=file, page=page)

    def taught(self, judgement: Judgement) -> Citation | None:
        """The place that was taught as something that can be opened; None where there is none."""
        document_id = judgement.document_id or ""
        if not (document_id and judgement.spans and self._library.is_open):
            return None
        document = self._library.documents.document(document_id)
        places = self._library.documents.places_of(document_id)
        if document is None or not places:
            return None
        numbers = [span.page for span in judgement.spans]
        pages = {p.number: p.text for p in self._library.documents.pages(document_id, numbers)}
        quote = "\n".join(
            pages.get(s.page, "")[s.start : s.start + s.length] for s in judgement.spans
        )
        path = places[0].place.path
        spans = judgement.spans
        return Citation(1, document_id, path, document.title, document.paged, spans, quote, spans)

    def has_shelf(self, collection_id: str) -> bool:
        """Whether a shelf is still there."""
        return self._library.is_open and any(
            shelf.id == collection_id for shelf in self._library.collections.all()
        )

    def assistant(self, assistant_id: str | None) -> str:
        """Who answered, "" for RagDesk as it comes and for an assistant that is gone."""
        if assistant_id is None or not self._library.is_open:
            return ""
        named = (one.name for one in self._library.assistants.all() if one.id == assistant_id)
        return plain(next(named, ""))

    def _page_name(self, document_id: str, page: int) -> str:
        key = document_id, page
        if key not in self._names and self._library.is_open:
            self._names[key] = self._library.documents.page_name(document_id, page)
        return self._names.get(key, "")
