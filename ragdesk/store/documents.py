"""Documents, the places where they lie, and their pages."""

from __future__ import annotations

import json
import os
import sqlite3
import time
from collections.abc import Iterable, Sequence
from typing import Any

from ..domain.document import Document, Page, Place, PlacedDocument, Reading, Verdict
from ..errors import NotFound
from ..settings import LANGUAGES_MODEL
from .database import Database

# A place counts while neither it nor its shelf was removed.
LIVE = "p.removed_at IS NULL AND c.removed_at IS NULL"
# In the order of `Place` and of what `_document` reads: by position, for SQLite's rows look each
# name up anew, which took longer than the query in a list of ten thousand documents.
_PLACE = "p.id, p.collection_id, p.path, p.absolute, p.document_id, p.state, p.size, p.modified_ns, p.added_at"
# The last one is "SEQ COUNT MODEL": the newest vector that either search model made for a passage of
# the document, how many of its passages have one, and the model of the newest (beside max(), SQLite
# takes a bare column from the row that has the maximum). One walk over the passages for all three.
_DOCUMENT = (
    "d.id, d.kind, d.title, d.verdict, d.paged, d.pages, d.passages, d.size, d.gaps, d.detail, d.read_at, d.lang,"
    " (SELECT max(v.seq) || ' ' || count(DISTINCT v.passage_number) || ' ' || v.model FROM passages a"
    f" JOIN vectors v ON v.passage_number = a.number AND v.model IN (:model, '{LANGUAGES_MODEL}')"
    " WHERE a.document_id = d.id)"
)
_VERDICTS = {verdict.value: verdict for verdict in Verdict}
_PLACE_COLUMNS = _PLACE.count(",") + 1
_ROWS = (
    f"SELECT {_PLACE}, c.name, {_DOCUMENT} FROM places p JOIN collections c ON c.id = p.collection_id"
    " LEFT JOIN documents d ON d.id = p.document_id AND d.verdict IS NOT NULL"
)


class Documents:
    """The tables `documents`, `places` and `pages`.

    `model` names the vectors that count as embedded, beside those of the model for other languages.
    """

    def __init__(self, database: Database, model: str) -> None:
        self._db = database
        self._model = model

    # looking

    def all(self, collection_id: str | None = None) -> list[PlacedDocument]:
        """Every place on the desk or on one shelf, in the order added."""
        where = f"{LIVE} AND (:shelf IS NULL OR p.collection_id = :shelf)"
        return self._rows(where, {"shelf": collection_id})

    def some(self, place_ids: Sequence[int]) -> list[PlacedDocument]:
        """The named places, those that are gone left out."""
        return self._rows(
            f"{LIVE} AND p.id IN (SELECT value FROM json_each(:ids))",
            {"ids": json.dumps(list(place_ids))},
        )

    def place(self, place_id: int) -> PlacedDocument:
        """Raises `NotFound`."""
        found = self.some([place_id])
        if not found:
            raise NotFound(what="document", name=place_id)
        return found[0]

    def places_of(self, document_id: str) -> list[PlacedDocument]:
        """Where a document lies, nowhere if it was removed."""
        return self._rows(f"{LIVE} AND p.document_id = :id", {"id": document_id})

    def at(self, absolute: str) -> list[PlacedDocument]:
        """Places of one file, or of everything below one folder."""
        path = os.fsencode(absolute)
        below = os.fsencode(os.path.join(absolute, ""))
        return self._rows(
            f"{LIVE} AND (p.absolute = :path OR substr(p.absolute, 1, :length) = :below)",
            {"path": path, "below": below, "length": len(below)},
        )

    def document(self, document_id: str) -> Document | None:
        """A document, also one that lies nowhere any more."""
        rows = self._db.read(
            f"SELECT {_DOCUMENT} FROM documents d WHERE d.id = :id",
            {"model": self._model, "id": document_id},
        )
        return _document(tuple(rows[0])) if rows else None

    def pages(self, document_id: str, numbers: Iterable[int] | None = None) -> list[Page]:
        """The stored pages (all, or those named), without blocks."""
        chosen = None if numbers is None else json.dumps(sorted(set(numbers)))
        rows = self._db.read(
            "SELECT number, text, name FROM pages WHERE document_id = ?1"
            " AND (?2 IS NULL OR number IN (SELECT value FROM json_each(?2))) ORDER BY number",
            (document_id, chosen),
        )
        return [Page(row["number"], row["text"], (), row["name"]) for row in rows]

    def path_of(self, document_id: str) -> str:
        """The path of a document as people see it, the first of several; "" where it was removed."""
        places = self.places_of(document_id)
        return places[0].place.path if places else ""

    def is_paged(self, document_id: str) -> bool:
        """Whether the numbers of its pages mean anything to a person."""
        document = self.document(document_id)
        return document is not None and document.paged

    def page_name(self, document_id: str, number: int) -> str:
        """What a document calls a page ("iv", a sheet's name), "" where it has no name for it."""
        found = self.pages(document_id, [number])
        return found[0].name if found else ""

    def count_ready(self, collection_id: str | None = None) -> int:
        """How many documents take part in search."""
        rows = self._db.read(
            "SELECT count(DISTINCT d.id) FROM places p JOIN collections c ON c.id = p.collection_id"
            f" JOIN documents d ON d.id = p.document_id WHERE {LIVE} AND d.verdict IN ('ready', 'ready_with_gaps')"
            " AND (?1 IS NULL OR p.collection_id = ?1)",
            (collection_id,),
        )
        return int(rows[0][0])

    # adding

    def queue(
        self, collection_id: str, job_id: int, files: Sequence[tuple[str, str, int, int]]
    ) -> list[int]:
        """Puts files (absolute, path as named, size, modified_ns) on the list to be read.

        A file that was read already and has not changed since is left as it is; one that waits for
        another request is taken over. Returns the places that will be read.
        """
        queued: list[int] = []
        with self._db.write() as db:
            for absolute, path, size, modified_ns in files:
                row = db.execute(
                    "INSERT INTO places (collection_id, absolute, path, job_id, size, modified_ns, added_at)"
                    " VALUES (?, ?, ?, ?, ?, ?, ?)"
                    " ON CONFLICT (collection_id, absolute) DO UPDATE SET state = 'queued', job_id = excluded.job_id,"
                    " path = excluded.path, size = excluded.size, modified_ns = excluded.modified_ns, removed_at = NULL"
                    " WHERE NOT (state = 'read' AND removed_at IS NULL AND size = excluded.size"
                    " AND modified_ns = excluded.modified_ns AND EXISTS (SELECT 1 FROM documents d WHERE d.id ="
                    " document_id AND d.verdict IN ('ready', 'ready_with_gaps')))"
                    " RETURNING id",
                    (
                        collection_id,
                        os.fsencode(absolute),
                        shown(path),
                        job_id,
                        size,
                        modified_ns,
                        time.time(),
                    ),
                ).fetchone()
                if row:
                    queued.append(row[0])
        return queued

    def queue_again(self, place_ids: Sequence[int], job_id: int) -> None:
        """Puts places back on the list. Their documents go on answering until they are read anew."""
        with self._db.write() as db:
            for place_id in place_ids:
                db.execute(
                    "UPDATE places SET state = 'queued', job_id = ? WHERE id = ?",
                    (job_id, place_id),
                )

    def next_queued(self, job_id: int, limit: int) -> list[Place]:
        """Places of a request that still wait to be read."""
        rows = self._db.read(
            f"SELECT {_PLACE} FROM places p JOIN collections c ON c.id = p.collection_id WHERE p.job_id = ?"
            f" AND p.state = 'queued' AND {LIVE} ORDER BY p.id LIMIT ?",
            (job_id, limit),
        )
        return [_place(tuple(row)) for row in rows]

    def unqueue(self, job_id: int) -> list[int]:
        """Takes what still waits for a request off the list; documents read before stay. Returns places."""
        with self._db.write() as db:
            gone = db.execute(
                "DELETE FROM places WHERE job_id = ? AND state = 'queued' AND document_id IS NULL RETURNING id",
                (job_id,),
            ).fetchall()
            kept = db.execute(
                "UPDATE places SET state = 'read' WHERE job_id = ? AND state = 'queued' RETURNING id",
                (job_id,),
            ).fetchall()
        return [row[0] for row in gone + kept]

    def settle(self, place: Place, document_id: str) -> None:
        """Says which document lies at a place; a version that lay there before goes, unless it lies elsewhere."""
        with self._db.write() as db:
            before = db.execute(
                "SELECT document_id FROM places WHERE id = ?", (place.id,)
            ).fetchone()
            db.execute(
                "UPDATE places SET document_id = ?, state = 'read', size = ?, modified_ns = ? WHERE id = ?",
                (document_id, place.size, place.modified_ns, place.id),
            )
            if before and before[0] and before[0] != document_id:
                self._drop_unplaced(db)

    def keep(self, place: Place) -> None:
        """A place that was to be read again stays with the version it has, of the time it was read."""
        with self._db.write() as db:
            db.execute("UPDATE places SET state = 'read' WHERE id = ?", (place.id,))

    def stranded(self) -> list[int]:
        """Places that wait to be read while no job is left that would."""
        rows = self._db.read(
            f"SELECT p.id FROM places p JOIN collections c ON c.id = p.collection_id WHERE {LIVE}"
            " AND p.state = 'queued' AND NOT EXISTS (SELECT 1 FROM jobs j WHERE j.id = p.job_id"
            " AND j.state IN ('queued', 'running', 'paused', 'failed'))"
        )
        return [row["id"] for row in rows]

    def save(self, document_id: str, size: int, reading: Reading, pages: Sequence[Page]) -> None:
        """Writes what a parser said; call inside one transaction with the passages."""
        with self._db.write() as db:
            db.execute("DELETE FROM pages WHERE document_id = ?", (document_id,))
            db.execute(
                "INSERT INTO documents (id, kind, title, verdict, paged, pages, size, gaps, detail, read_at)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET kind = excluded.kind,"
                " title = excluded.title, verdict = excluded.verdict, paged = excluded.paged, pages = excluded.pages,"
                " size = excluded.size, gaps = excluded.gaps, detail = excluded.detail, read_at = excluded.read_at",
                (
                    document_id,
                    reading.kind,
                    storable(reading.title),
                    reading.verdict.value,
                    reading.paged,
                    reading.pages,
                    size,
                    json.dumps([list(gap) for gap in reading.gaps]),
                    storable(reading.detail),
                    time.time(),
                ),
            )
            db.executemany(
                "INSERT INTO pages (document_id, number, name, text) VALUES (?, ?, ?, ?)",
                [
                    (document_id, page.number, storable(page.name), storable(page.text))
                    for page in pages
                ],
            )

    # moving and removing

    def relocate(
        self, place_id: int, absolute: str, path: str, size: int, modified_ns: int
    ) -> None:
        """The same document lies elsewhere now."""
        with self._db.write() as db:
            collection = db.execute(
                "SELECT collection_id FROM places WHERE id = ?", (place_id,)
            ).fetchone()
            db.execute(
                "DELETE FROM places WHERE collection_id = ? AND absolute = ? AND id <> ?",
                (collection[0], os.fsencode(absolute), place_id),
            )
            db.execute(
                "UPDATE places SET absolute = ?, path = ?, size = ?, modified_ns = ? WHERE id = ?",
                (os.fsencode(absolute), shown(path), size, modified_ns, place_id),
            )

    def move(self, place_ids: Sequence[int], collection_id: str) -> None:
        """Puts places on another shelf; one that lies there already becomes one with it."""
        with self._db.write() as db:
            for place_id in place_ids:
                db.execute(
                    "DELETE FROM places WHERE collection_id = ?1 AND id <> ?2 AND absolute ="
                    " (SELECT absolute FROM places WHERE id = ?2)",
                    (collection_id, place_id),
                )
                db.execute(
                    "UPDATE places SET collection_id = ? WHERE id = ?", (collection_id, place_id)
                )

    def remove(self, place_ids: Sequence[int]) -> None:
        """Takes places off the desk; `restore` brings them back until `purge`."""
        with self._db.write() as db:
            db.executemany(
                "UPDATE places SET removed_at = ? WHERE id = ?",
                [(time.time(), i) for i in place_ids],
            )

    def restore(self, place_ids: Sequence[int]) -> None:
        with self._db.write() as db:
            db.executemany(
                "UPDATE places SET removed_at = NULL WHERE id = ?", [(i,) for i in place_ids]
            )

    def purge(self) -> bool:
        """Forgets removed places, and documents that lie nowhere, for good. False if there were none."""
        with self._db.write() as db:
            places = db.execute("DELETE FROM places WHERE removed_at IS NOT NULL").rowcount
            return bool(self._drop_unplaced(db) or places)

    @staticmethod
    def _drop_unplaced(db: sqlite3.Connection) -> int:
        return db.execute(
            "DELETE FROM documents WHERE NOT EXISTS (SELECT 1 FROM places WHERE document_id = documents.id)"
        ).rowcount

    def _rows(self, where: str, parameters: dict[str, object]) -> list[PlacedDocument]:
        rows = self._db.read(
            f"{_ROWS} WHERE {where} ORDER BY p.id", {"model": self._model, **parameters}
        )
        placed = []
        for row in map(tuple, rows):
            collection, *document = row[_PLACE_COLUMNS:]
            known = document[0] is not None
            placed.append(
                PlacedDocument(_place(row), _document(document) if known else None, collection)
            )
        return placed


def shown(path: str) -> str:
    """A path as a person can read it and SQLite can store it: bytes that are not UTF-8 become \\xNN."""
    return os.fsencode(path).decode("utf-8", "backslashreplace").replace(os.sep, "/")


def storable(text: str) -> str:
    """Text without lone surrogates, every character still at its index."""
    return (
        text.encode("utf-8", "replace").decode("utf-8")
        if any("\ud800" <= c <= "\udfff" for c in text)
        else text
    )


def _place(row: Sequence[Any]) -> Place:
    """From the columns of `_PLACE`; what stands behind them is another's."""
    number, collection_id, path, absolute, *rest = row[:_PLACE_COLUMNS]
    return Place(number, collection_id, path, os.fsdecode(absolute), *rest)


def _document(row: Sequence[Any]) -> Document:
    """From the columns of `_DOCUMENT`."""
    document_id, kind, title, verdict, paged, pages, passages, size, gaps, detail, read_at, lang = (
        row[:-1]
    )
    _, embedded, model = (row[-1] or "0 0 ").split(" ", 2)
    return Document(
        document_id,
        kind,
        title,
        None if verdict is None else _VERDICTS[verdict],
        bool(paged),
        pages,
        passages,
        int(embedded),
        size,
        _gaps(gaps),
        detail,
        read_at,
        lang,
        model,
    )


def _gaps(stored: str) -> tuple[tuple[int, str], ...]:
    if stored == "[]":  # of nearly every document
        return ()
    return tuple((page, reason) for page, reason in json.loads(stored))
