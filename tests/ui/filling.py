"""Libraries for the tests and pictures of the window: real stores, written as the engine writes."""

from __future__ import annotations

import hashlib
import time
from pathlib import Path

from ragdesk.domain.document import Page, Passage, Reading, Span, Verdict
from ragdesk.settings import MODEL_NAME
from ragdesk.store.collections import Collections
from ragdesk.store.database import Database
from ragdesk.store.documents import Documents
from ragdesk.store.home import Home
from ragdesk.store.passages import Passages

DAY = 86_400
TEXT = "The tenant may end this lease with three months' notice to the end of a quarter."

# Shelf, file, title, kind, pages, verdict, gaps: the papers of a firm that sells tiles.
FIRM = (
    ("Leases", "Lease Hafenstrasse 12.pdf", "Lease for the showroom", "pdf", 31, Verdict.READY, ()),
    ("Leases", "Lease warehouse north.pdf", "Warehouse lease", "pdf", 18, Verdict.READY, ()),
    ("Leases", "Addendum 2019 parking.docx", "Addendum on parking", "docx", 2, Verdict.READY, ()),
    ("Leases", "Handover protocol.pdf", "", "pdf", 6, Verdict.NO_TEXT, ()),
    ("Staff", "Staff handbook 2026.pdf", "Staff handbook", "pdf", 44, Verdict.READY_WITH_GAPS,
     ((12, "page_without_text"), (31, "page_damaged"))),
    ("Staff", "Holiday rules.docx", "Holiday rules", "docx", 3, Verdict.READY, ()),
    ("Staff", "Payroll March.xlsx", "Payroll", "xlsx", 4, Verdict.NEEDS_PASSWORD, ()),
    ("Staff", "Safety briefing.pptx", "Safety briefing", "pptx", 22, Verdict.READY, ()),
    ("Suppliers", "Price list Ceramica Sole 2026.xlsx", "Price list", "xlsx", 7, Verdict.READY, ()),
    ("Suppliers", "Framework agreement Nordstein.pdf", "Framework agreement", "pdf", 12,
     Verdict.READY, ()),
    ("Suppliers", "Offer 2024.docx", "", "docx", 0, Verdict.UNREADABLE, ()),
    ("Suppliers", "Re delivery dates.eml", "Re: delivery dates", "eml", 1, Verdict.READY, ()),
    ("Suppliers", "Terms of delivery.html", "Terms of delivery", "html", 1, Verdict.READY, ()),
    ("My documents", "Insurance policy 2026.pdf", "Business insurance", "pdf", 27, Verdict.READY, ()),
    ("My documents", "Notes.md", "Notes", "md", 1, Verdict.READY, ()),
    ("My documents", "Customers.csv", "Customers", "csv", 1, Verdict.READY, ()),
    ("My documents", "Old archive.zip", "", "", 0, Verdict.UNSUPPORTED, ()),
)  # fmt: skip


class Desk:
    """Writes a library the way the engine does, and keeps it open for further changes."""

    def __init__(self, home: Home) -> None:
        home.make()
        self.home = home
        self.database = Database.for_writing(home)
        self.documents = Documents(self.database, MODEL_NAME)
        self.collections = Collections(self.database)
        self.passages = Passages(self.database, MODEL_NAME)

    def shelf(self, name: str) -> str:
        """The id of a shelf, made where there is none."""
        for shelf in self.collections.all():
            if shelf.name == name:
                return shelf.id
        return self.collections.create(name).id

    def put(
        self,
        shelf: str,
        path: Path,
        *,
        title: str = "",
        kind: str = "pdf",
        pages: int = 1,
        verdict: Verdict | None = Verdict.READY,
        gaps: tuple[tuple[int, str], ...] = (),
        age_days: float = 0.0,
    ) -> int:
        """Puts one file on a shelf and, with a verdict, reads it. Returns the place."""
        modified = int((time.time() - age_days * DAY) * 1e9)
        size = 18_000 + 41_000 * pages
        files = [(str(path), path.name, size, modified)]
        place_id = self.documents.queue(self.shelf(shelf), 1, files)[0]
        if verdict is not None:
            self.read(place_id, title, kind, pages, verdict, gaps)
        return place_id

    def read(
        self,
        place_id: int,
        title: str,
        kind: str,
        pages: int,
        verdict: Verdict,
        gaps: tuple[tuple[int, str], ...] = (),
    ) -> str:
        """Notes how reading a queued place ended. Returns the document's id."""
        place = self.documents.place(place_id).place
        document_id = hashlib.sha256(place.absolute.encode()).hexdigest()
        paged = kind in ("pdf", "pptx")
        reading = Reading(verdict, kind, title, paged, pages, gaps)
        stored = [Page(n, f"{TEXT} ({n})") for n in range(1, pages + 1)]
        with self.database.write():
            self.documents.save(document_id, place.size, reading, stored)
            if verdict.answers:
                passage = Passage(document_id, 0, TEXT, title, (Span(1, 0, len(TEXT)),))
                self.passages.save(document_id, [passage])
            self.documents.settle(place, document_id)
        return document_id

    def fill(self, folder: Path) -> None:
        """The papers of the firm."""
        for number, (shelf, name, title, kind, pages, verdict, gaps) in enumerate(FIRM):
            path = folder / name
            if verdict is not Verdict.UNREADABLE:
                path.write_bytes(b"x")
            self.put(shelf, path, title=title, kind=kind, pages=pages, verdict=verdict, gaps=gaps,
                     age_days=number * 1.7)  # fmt: skip

    def close(self) -> None:
        self.database.close()
