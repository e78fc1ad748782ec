"""Passages, and the words by which they are found; their vectors are in `vectors`."""

from __future__ import annotations

import hashlib
import json
import re
import sqlite3
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from ..domain.document import Passage, Span
from ..settings import LANGUAGES_MODEL, MODEL_NAME
from .database import Database
from .documents import LIVE, storable
from .fronts import BM25, Fronts
from .home import Home
from .short_forms import ShortForms
from .vectors import SCOPE, Serves, Vectors, joined

# What the word search reads of a passage's text and of its context, None where it reads them as
# they are.
Words = tuple[str | None, str | None]
_AS_IT_IS: Words = (None, None)


@dataclass(frozen=True, slots=True)
class StoredPassage:
    """A passage with what search needs of its document. `number` is its row; twins share `fold`."""

    number: int
    passage: Passage
    title: str
    path: str
    paged: bool
    fold: bytes


def owed(database: Database, home: Home) -> list[Passages]:
    """The passages as each search model that is there sees them, the English one first."""
    if home.languages is None:
        return [Passages(database, MODEL_NAME)]
    return [
        Passages(database, MODEL_NAME, Serves.ENGLISH),
        Passages(database, LANGUAGES_MODEL, Serves.OTHERS),
    ]


class Passages(Vectors):
    """The tables `passages`, `words` and `vectors`, for one embedding model."""

    def __init__(self, database: Database, model: str, serves: Serves = Serves.ALL) -> None:
        super().__init__(database, model, serves)
        self.fronts = Fronts(database)
        self.short_forms = ShortForms(database)
        self.vocabulary = self.short_forms.vocabulary

    # writing

    def save(
        self,
        document_id: str,
        passages: Sequence[Passage],
        lang: str = "",
        words: Sequence[Words] | None = None,
    ) -> None:
        """Replaces a document's passages. Vectors of the same text are taken over, not made again.

        `lang` is the document's language, `words` what the word search reads, one for each passage.
        """
        words = words or [_AS_IT_IS] * len(passages)
        with self._db.write() as db:
            kept = db.execute(
                "SELECT a.hash, v.model, v.vector FROM passages a JOIN vectors v ON v.passage_number = a.number"
                " WHERE a.document_id = ?",
                (document_id,),
            ).fetchall()
            db.execute("DELETE FROM passages WHERE document_id = ?", (document_id,))
            db.executemany(
                "INSERT INTO passages (document_id, position, text, context, spans, hash, fold,"
                " word_text, word_context) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                [
                    (
                        document_id,
                        p.position,
                        storable(p.text),
                        storable(p.context),
                        json.dumps([[s.page, s.start, s.length] for s in p.spans]),
                        _digest(embedded_text(p)),
                        _digest(_folded(p.text)),
                        *searched,
                    )
                    for p, searched in zip(passages, words, strict=True)
                ],
            )
            db.execute(
                "UPDATE documents SET passages = ?, lang = ? WHERE id = ?",
                (len(passages), lang, document_id),
            )
            for row in kept:
                db.execute(
                    "INSERT OR IGNORE INTO vectors (passage_number, model, vector)"
                    " SELECT number, ?, ? FROM passages WHERE document_id = ? AND hash = ?",
                    (row["model"], row["vector"], document_id, row["hash"]),
                )

    def save_language(self, document_id: str, lang: str, words: Sequence[Words]) -> None:
        """Says in which language a document is, and what the word search reads of its passages.

        Does nothing where it was removed, or read again into another number of passages, since
        these were looked at: who did that told its language.
        """
        with self._db.write() as db:
            numbers = [
                row["number"]
                for row in db.execute(
                    "SELECT number FROM passages WHERE document_id = ? ORDER BY position",
                    (document_id,),
                )
            ]
            if len(numbers) != len(words):
                return
            for number, searched in zip(numbers, words, strict=True):
                db.execute(
                    "INSERT INTO words (words, rowid, text, context)"
                    " SELECT 'delete', number, text, context FROM searched WHERE number = ?",
                    (number,),
                )
                db.execute(
                    "UPDATE passages SET word_text = ?, word_context = ? WHERE number = ?",
                    (*searched, number),
                )
                db.execute(
                    "INSERT INTO words (rowid, text, context)"
                    " SELECT number, text, context FROM searched WHERE number = ?",
                    (number,),
                )
            db.execute("UPDATE documents SET lang = ? WHERE id = ?", (lang, document_id))

    def rebuild_words(self) -> None:
        """Makes the word search anew from the passages."""
        with self._db.write() as db:
            db.execute("INSERT INTO words (words) VALUES ('rebuild')")

    # looking

    def check_words(self) -> list[str]:
        """What is wrong between passages and the word search; empty when all is well."""
        counted = self._db.read(
            "SELECT (SELECT count(*) FROM passages) AS passages, (SELECT count(*) FROM words_docsize) AS words"
        )[0]
        if counted["passages"] == counted["words"]:
            return []
        return [f"{counted['passages']} passages, {counted['words']} of them in the word search"]

    def without_language(self) -> list[str]:
        """The documents with passages whose language is not told, by id."""
        rows = self._db.read("SELECT id FROM documents WHERE lang = '' AND passages > 0")
        return [row["id"] for row in rows]

    def languages(self, collection_id: str | None = None) -> frozenset[str]:
        """The languages of what may answer, '' where some cannot be told."""
        sql = f"SELECT DISTINCT lang FROM documents WHERE id IN ({SCOPE})"
        return self._db.kept(
            ("languages", collection_id),
            lambda: frozenset(row["lang"] for row in self._db.read(sql, {"shelf": collection_id})),
        )

    def languages_of(self, numbers: Sequence[int]) -> dict[int, str]:
        """Passage number → the language of its document."""
        rows = self._db.read(
            "SELECT a.number, d.lang FROM passages a JOIN documents d ON d.id = a.document_id"
            " WHERE a.number IN (SELECT value FROM json_each(?))",
            (json.dumps(list(numbers)),),
        )
        return {row["number"]: row["lang"] for row in rows}

    def search_words(
        self, match: str, limit: int, collection_id: str | None = None
    ) -> list[tuple[int, float]]:
        """(passage number, BM25 score, higher is better) for an FTS5 expression, best first."""
        wanted = {"match": match, "limit": limit, "shelf": collection_id}
        # The best are taken first and asked whether they may answer after: to join every match is
        # what costs. Where too few may, all are asked.
        rows = self._db.read(
            f"SELECT w.number, w.score, a.document_id IN ({SCOPE}) AS counts FROM (SELECT"
            f" rowid AS number, -{BM25} AS score FROM words WHERE words MATCH :match"
            f" ORDER BY {BM25} LIMIT :limit) w JOIN passages a ON a.number = w.number"
            " ORDER BY w.score DESC",
            wanted,
        )
        found = [(row["number"], row["score"]) for row in rows if row["counts"]]
        if len(rows) < limit or len(found) > limit // 2:
            return found
        rows = self._db.read(
            f"SELECT w.rowid AS number, -{BM25} AS score FROM words w"
            " JOIN passages a ON a.number = w.rowid WHERE words MATCH :match"
            f" AND a.document_id IN ({SCOPE}) ORDER BY {BM25} LIMIT :limit",
            wanted,
        )
        return [(row["number"], row["score"]) for row in rows]

    def get(
        self, numbers: Sequence[int], collection_id: str | None = None
    ) -> dict[int, StoredPassage]:
        """The passages with these numbers, each with one place of its document (on the shelf asked)."""
        rows = self._db.read(
            "SELECT a.*, d.title, d.paged, (SELECT p.path FROM places p JOIN collections c ON c.id = p.collection_id"
            f"  WHERE p.document_id = a.document_id AND {LIVE} AND (:shelf IS NULL OR p.collection_id = :shelf)"
            "  ORDER BY p.id LIMIT 1) AS path"
            " FROM passages a JOIN documents d ON d.id = a.document_id"
            " WHERE a.number IN (SELECT value FROM json_each(:numbers))",
            {"numbers": json.dumps(list(numbers)), "shelf": collection_id},
        )
        return {row["number"]: _stored(row) for row in rows if row["path"] is not None}

    def paths_of_folds(
        self, folds: Sequence[bytes], collection_id: str | None = None
    ) -> dict[bytes, tuple[str, ...]]:
        """Fold key → the paths of all documents in scope that hold a passage with that text."""
        marks = ", ".join("?" * len(folds))
        rows = self._db.read(
            "SELECT DISTINCT a.fold, p.path FROM passages a"
            " JOIN documents d ON d.id = a.document_id"
            " AND d.verdict IN ('ready', 'ready_with_gaps')"
            " JOIN places p ON p.document_id = a.document_id"
            " JOIN collections c ON c.id = p.collection_id"
            f" WHERE a.fold IN ({marks}) AND {LIVE} AND coalesce(p.collection_id = ?, 1)"
            " ORDER BY p.id",
            (*folds, collection_id),
        )
        paths: dict[bytes, tuple[str, ...]] = {}
        for row in rows:
            paths[row["fold"]] = (*paths.get(row["fold"], ()), row["path"])
        return paths

    def documents_of(self, numbers: Sequence[int]) -> dict[int, str]:
        """Passage number → the id of its document."""
        rows = self._db.read(
            "SELECT number, document_id FROM passages"
            " WHERE number IN (SELECT value FROM json_each(?))",
            (json.dumps(list(numbers)),),
        )
        return {row["number"]: row["document_id"] for row in rows}

    def of_document(self, document_id: str) -> list[Passage]:
        rows = self._db.read(
            "SELECT * FROM passages WHERE document_id = ? ORDER BY position", (document_id,)
        )
        return [_passage(row) for row in rows]

    def at(self, document_id: str, position: int) -> Passage | None:
        """The passage of a document at a position, None where there is none."""
        rows = self._db.read(
            "SELECT * FROM passages WHERE document_id = ? AND position = ?", (document_id, position)
        )
        return _passage(rows[0]) if rows else None

    def document_frequency(self, terms: Sequence[str]) -> tuple[dict[str, int], int]:
        """(stemmed-match count of passages for each word, number of passages): for weighing words."""
        total = int(self._db.read("SELECT count(*) FROM passages")[0][0])
        quoted = ['"' + term.replace('"', '""') + '"' for term in terms]
        rows = self._db.read(
            "SELECT j.key, (SELECT count(*) FROM words WHERE words MATCH j.value) AS count"
            " FROM json_each(?) j",
            (json.dumps(quoted),),
        )
        counts = {terms[row["key"]]: int(row["count"]) for row in rows}
        return counts, total


def embedded_text(passage: Passage) -> str:
    """What the embedding model sees of a passage: its context in front of its text."""
    return joined(passage.context, passage.text)


def _folded(text: str) -> str:
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text).casefold())


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "replace")).digest()[:16]


def _passage(row: sqlite3.Row) -> Passage:
    spans = tuple(Span(*span) for span in json.loads(row["spans"]))
    return Passage(row["document_id"], row["position"], row["text"], row["context"], spans)


def _stored(row: sqlite3.Row) -> StoredPassage:
    return StoredPassage(
        row["number"], _passage(row), row["title"], row["path"], bool(row["paged"]), row["fold"]
    )
