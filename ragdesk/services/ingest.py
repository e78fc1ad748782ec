"""A file becomes a document and passages. May stop anywhere and go on."""

from __future__ import annotations

import hashlib
import logging
import os
import sqlite3
import stat
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import replace
from typing import Protocol

from ..domain.document import Page, Passage, Place, Reading, Verdict
from ..errors import ChildDied, RagDeskError
from ..store.database import Database
from ..store.documents import Documents
from ..store.judgements import Learned
from ..store.passages import Passages, Words
from .language import of_document
from .scan import look, scan
from .word_forms import searched

log = logging.getLogger(__name__)

Read = Callable[[str, str | None], tuple[list[Page], Reading]]
Split = Callable[[str, str, Sequence[Page]], list[Passage]]

QUEUE_AT_ONCE = 500
# By which rules. Raised, documents whose language was not told are looked at again; the others keep
# language and words as they are, so other rules for these take a migration that clears `lang`.
LANGUAGES_TOLD = 1


class Steps(Protocol):
    """How a job's handler tells how far it is, and hears that it shall stop."""

    def stopped(self) -> bool: ...

    def progress(self, done: int, total: int) -> None: ...


class Ingest:
    """Reads files onto shelves. `read` asks the parser pool, `workers` is how many at a time."""

    def __init__(
        self,
        database: Database,
        documents: Documents,
        passages: Passages,
        read: Read,
        split: Split,
        workers: int,
    ) -> None:
        self._db = database
        self._documents = documents
        self._passages = passages
        self._read = read
        self._split = split
        self._workers = workers

    def queue(self, job_id: int, paths: Sequence[str], collection_id: str, steps: Steps) -> int:
        """Puts all files of a request on the list; doing it twice is doing it once. Returns how many wait."""
        total = 0
        batch: list[tuple[str, str, int, int]] = []
        for argument in paths:
            for found in scan(argument):
                batch.append((found.absolute, found.path, found.size, found.modified_ns))
                if len(batch) == QUEUE_AT_ONCE:
                    total += len(self._documents.queue(collection_id, job_id, batch))
                    batch.clear()
                    if steps.stopped():
                        return total
        return total + len(self._documents.queue(collection_id, job_id, batch))

    def read_queued(
        self, job_id: int, steps: Steps, changed: Callable[[int], None], password: str | None = None
    ) -> None:
        """Reads what waits for a request until nothing does. `changed` hears each place that is done."""
        done, total = 0, len(self._documents.next_queued(job_id, -1))
        steps.progress(done, total)
        pending: dict[Future[str], Place] = {}
        with ThreadPoolExecutor(self._workers, "read") as pool:
            waiting = iter(self._documents.next_queued(job_id, -1))
            while True:
                while len(pending) < self._workers * 2 and not steps.stopped():
                    place = next(waiting, None)
                    if place is None:
                        break
                    pending[pool.submit(self.read_place, place, password)] = place
                if not pending:
                    return
                for future in wait(pending, return_when=FIRST_COMPLETED).done:
                    place = pending.pop(future)
                    try:
                        future.result()
                    except ChildDied:
                        if steps.stopped():
                            continue  # ended with the engine: it waits for the next start
                        raise
                    except (RagDeskError, sqlite3.Error):
                        raise
                    except Exception:  # a defect of ours costs one file, not the folder
                        log.exception("reading place %s", place.id)
                        self._settle(
                            place, _unread(place), Reading(Verdict.DAMAGED, detail="defect"), []
                        )
                    done += 1
                    changed(place.id)
                    steps.progress(done, total)

    def read_place(self, place: Place, password: str | None = None) -> str:
        """Reads one file and commits what came of it. Returns the document's id."""
        for attempt in range(2):
            before = look(place.absolute, place.path)
            place = replace(place, size=before.size, modified_ns=before.modified_ns)
            document_id, verdict = self._identify(place)
            if verdict is not None:
                return self._settle(place, document_id, Reading(verdict), [])
            if self._answers(document_id):
                self._documents.settle(place, document_id)
                return document_id
            pages, reading = self._read(place.absolute, password)
            after = look(place.absolute, place.path)
            if (after.size, after.modified_ns) == (before.size, before.modified_ns) or attempt:
                break
        else:  # pragma: no cover - the loop always breaks or returns
            raise AssertionError
        if (after.size, after.modified_ns) != (before.size, before.modified_ns):
            return self._settle(
                place, _unread(place), Reading(Verdict.UNREADABLE, detail="changing"), []
            )
        return self._settle(place, document_id, reading, pages)

    def _answers(self, document_id: str | None) -> bool:
        known = self._documents.document(document_id) if document_id else None
        return bool(known and known.verdict and known.verdict.answers)

    def _identify(self, place: Place) -> tuple[str, Verdict | None]:
        """The document's id, and a verdict where the bytes alone decide."""
        try:
            if not stat.S_ISREG(os.stat(place.absolute).st_mode):
                return _unread(place), Verdict.UNREADABLE
            with open(place.absolute, "rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
                size = file.tell()
        except (OSError, ValueError):
            return _unread(place), Verdict.UNREADABLE
        return digest, None if size else Verdict.EMPTY

    def identify(self, absolute: str) -> str | None:
        """The id of the document with a file's bytes, None where they cannot be read."""
        found = look(absolute, absolute)
        document_id, verdict = self._identify(
            Place(0, "", found.path, absolute, None, "", 0, 0, 0.0)
        )
        return None if verdict is Verdict.UNREADABLE else document_id

    def _settle(
        self, place: Place, document_id: str, reading: Reading, pages: Sequence[Page]
    ) -> str:
        if not reading.verdict.answers and self._answers(place.document_id):
            # What was ready stays so: the viewer tells that the file has moved or changed.
            self._documents.keep(place)
            return place.document_id or ""
        title = reading.title or os.path.splitext(place.name)[0]
        reading = replace(reading, title=title)
        passages = self._split(document_id, title, pages) if reading.verdict.answers else []
        if reading.verdict.answers and not passages:
            reading = replace(reading, verdict=Verdict.NO_TEXT)
        with self._db.write():
            self._documents.save(document_id, place.size, reading, pages)
            self._passages.save(document_id, passages, *told(passages))
            self._documents.settle(place, document_id)
        return document_id


def told(passages: Sequence[Passage]) -> tuple[str, list[Words]]:
    """The language of a document, and what the word search reads of its passages."""
    lang = of_document(passage.text for passage in passages)
    return lang, [(searched(p.text, lang), searched(p.context, lang)) for p in passages]


def languages_told(learned: Learned) -> bool:
    """Whether the language of every document was told, by the rules in force."""
    return bool(learned.get("languages") == LANGUAGES_TOLD)


def tell_languages(
    passages: Passages, learned: Learned, stopped: Callable[[], bool] = lambda: False
) -> int:
    """Tells the languages of documents that were read before languages were told. Returns how many.

    What cannot be told is looked at once, not at every start. May stop after any document.
    """
    if languages_told(learned):
        return 0
    waiting = passages.without_language()
    for done, document_id in enumerate(waiting):
        if stopped():
            return done
        lang, words = told(passages.of_document(document_id))
        if lang or any(text or context for text, context in words):
            passages.save_language(document_id, lang, words)
    learned.save("languages", LANGUAGES_TOLD)
    return len(waiting)


def _unread(place: Place) -> str:
    return "unread:" + hashlib.sha256(os.fsencode(place.absolute)).hexdigest()
