"""Fills a real store without reading files."""

from __future__ import annotations

import hashlib

from ragdesk.domain.document import Page, Passage, Place, Reading, Span, Verdict
from ragdesk.domain.job import JobKind
from ragdesk.store.collections import Collections
from ragdesk.store.database import Database
from ragdesk.store.documents import Documents
from ragdesk.store.jobs import Jobs
from ragdesk.store.passages import Passages

MODEL = "fake"


def put(
    database: Database,
    path: str,
    texts: list[str],
    *,
    shelf: str = "",
    verdict: Verdict = Verdict.READY,
    paged: bool = False,
) -> Place:
    """A document with one passage (and page) a text, at `path` on a shelf."""
    documents, passages = Documents(database, MODEL), Passages(database, MODEL)
    shelf = shelf or Collections(database).first().id
    job = Jobs(database).enqueue(JobKind.ADD)
    content = "\0".join([*texts, verdict])
    documents.queue(shelf, job, [("/" + path, path, len(content), hash(content) & 0xFFFF)])
    place = documents.next_queued(job, 1)[0]
    document_id = hashlib.sha256(content.encode()).hexdigest()
    pages = [Page(n, text) for n, text in enumerate(texts, 1)]
    title = path.rsplit("/", 1)[-1]
    with database.write():
        documents.save(
            document_id, len(content), Reading(verdict, "text", title, paged, len(pages)), pages
        )
        passages.save(
            document_id,
            [
                Passage(document_id, n, t, title, (Span(n + 1, 0, len(t)),))
                for n, t in enumerate(texts)
            ],
        )
        documents.settle(place, document_id)
    return documents.place(place.id).place
