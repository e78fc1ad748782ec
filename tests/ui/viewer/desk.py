"""A real library filled through the store, as the engine would have filled it."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from pathlib import Path

import pypdfium2

from ragdesk.domain.conversation import Answer, Citation, Hit, Seconds, Sentence, Turn
from ragdesk.domain.document import Page, Reading, Span, Verdict
from ragdesk.settings import MODEL_NAME
from ragdesk.store.collections import Collections
from ragdesk.store.conversations import Conversations
from ragdesk.store.database import Database
from ragdesk.store.documents import Documents
from ragdesk.store.home import Home


class Desk:
    """One home with a writer's hands on it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.home = Home(folder / "home")
        self.home.make()
        self.database = Database.for_writing(self.home)
        self.documents = Documents(self.database, MODEL_NAME)
        self.collections = Collections(self.database)
        self.conversations = Conversations(self.database)
        self.shelf = self.collections.first()

    def add(
        self,
        path: Path,
        pages: Sequence[Page],
        *,
        kind: str,
        paged: bool,
        title: str = "",
        shelf: str = "",
    ) -> str:
        """Puts a file that lies at `path` into the library; returns the document's id."""
        data = path.read_bytes()
        document_id = hashlib.sha256(data).hexdigest()
        status = os.stat(path)
        self.documents.queue(
            shelf or self.shelf.id, 1, [(str(path), path.name, status.st_size, status.st_mtime_ns)]
        )
        place = next(p for p in self.documents.next_queued(1, 10_000) if p.absolute == str(path))
        reading = Reading(Verdict.READY, kind, title or path.stem, paged, len(pages))
        self.documents.save(document_id, len(data), reading, pages)
        self.documents.settle(place, document_id)
        return document_id

    def add_pdf(self, path: Path) -> str:
        return self.add(path, pdf_pages(path), kind="pdf", paged=True)

    def add_text(self, name: str, *texts: str, kind: str = "txt", names: Sequence[str] = ()) -> str:
        path = self.folder / name
        path.write_bytes("\n".join(texts).encode("utf-8", "surrogatepass"))
        pages = [
            Page(number, text, (), names[number - 1] if names else "")
            for number, text in enumerate(texts, 1)
        ]
        return self.add(path, pages, kind=kind, paged=len(texts) > 1)

    def cite(self, document_id: str, sentence: str, words: str = "", number: int = 1) -> Citation:
        """A citation of a sentence that stands in a document, the very words in it marked."""
        for page in self.documents.pages(document_id):
            start = page.text.find(sentence)
            if start < 0:
                continue
            marked = ()
            if words:
                at = page.text.index(words, start)
                marked = (Span(page.number, at, len(words)),)
            place = self.documents.places_of(document_id)[0].place
            document = self.documents.document(document_id)
            assert document is not None
            span = Span(page.number, start, len(sentence))
            return Citation(
                number,
                document_id,
                place.path,
                document.title,
                document.paged,
                (span,),
                sentence,
                marked,
            )
        raise AssertionError(f"{sentence!r} does not stand in the document")

    def answered(
        self,
        question: str,
        answer: Answer,
        conversation_id: str = "",
        collection_id: str | None = None,
    ) -> Turn:
        turn = self.conversations.ask(question, conversation_id, collection_id)
        self.conversations.save_answer(turn.id, answer)
        return Turn(turn.id, turn.conversation_id, question, turn.asked_at, answer)


def pdf_pages(path: Path) -> list[Page]:
    """The text of a PDF's pages, exactly as PDFium gives it."""
    document = pypdfium2.PdfDocument(path)
    try:
        return [
            Page(i + 1, document[i].get_textpage().get_text_range()) for i in range(len(document))
        ]
    finally:
        document.close()


def quote_answer(*citations: Citation, short: str | None = None, strength: float = 0.9) -> Answer:
    """An answer as the quoting answerer makes it: sentences of the documents with their markers."""
    quotes = [" ".join(c.quote.split()) for c in citations]
    return Answer(
        text=" ".join(f"{quote} [{c.number}]" for quote, c in zip(quotes, citations, strict=True)),
        short=short,
        refused=False,
        answerer="quote",
        strength=strength,
        citations=citations,
        sentences=tuple(
            Sentence(quote, True, (c.number,)) for quote, c in zip(quotes, citations, strict=True)
        ),
        nearest=tuple(hit_of(c) for c in citations),
        searched=len({c.document_id for c in citations}),
        seconds=Seconds(search=0.031, first_word=0.2, total=0.42),
    )


def hit_of(
    citation: Citation, by_meaning: float | None = 0.71, by_words: float | None = 4.2
) -> Hit:
    return Hit(
        rank=citation.number, score=0.8, passage_id=f"{citation.document_id}:0", document_id=citation.document_id,
        title=citation.title, path=citation.path, paged=citation.paged, position=0, text=citation.quote,
        context="", spans=citation.spans, quote=citation.quote, by_meaning=by_meaning, by_words=by_words,
    )  # fmt: skip


def refusal(*nearest: Hit, searched: int = 42) -> Answer:
    return Answer(
        text="", short=None, refused=True, answerer="quote", strength=0.1, nearest=nearest, searched=searched,
        seconds=Seconds(search=0.05, total=0.3),
    )  # fmt: skip
