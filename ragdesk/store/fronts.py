"""What a document shows of itself: its title, its file names, its first words. And search inside it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from .database import Database
from .documents import LIVE

OPENING = 2  # passages, of which a contract's first page and a letter's head are made

# The words of a passage's own text and of its title and headings, weighed as measured.
BM25 = "bm25(words, 1.0, 2.0)"


@dataclass(frozen=True, slots=True)
class Front:
    """A document's title, the paths of its places, and the text of its first passages."""

    document_id: str
    title: str
    paths: tuple[str, ...]
    text: str


class Fronts:
    """Reads what names documents. Callers ask only for documents that may answer."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def of(self, document_ids: Sequence[str]) -> list[Front]:
        """The fronts of these documents, in the order asked; what is gone is left out."""
        rows = self._db.read(
            "SELECT d.id, d.title, (SELECT json_group_array(p.path) FROM places p"
            f" JOIN collections c ON c.id = p.collection_id WHERE p.document_id = d.id AND {LIVE}) AS paths,"
            " (SELECT group_concat(a.text, char(10)) FROM passages a"
            "  WHERE a.document_id = d.id AND a.position < :opening) AS text"
            " FROM documents d WHERE d.id IN (SELECT value FROM json_each(:ids))",
            {"ids": json.dumps(list(document_ids)), "opening": OPENING},
        )
        found = {row["id"]: _front(row) for row in rows}
        return [found[wanted] for wanted in document_ids if wanted in found]

    def of_file(self, name: str, collection_id: str | None = None) -> list[str]:
        """The documents that may answer and whose path ends in a file name, capitals aside."""
        rows = self._db.read(
            "SELECT DISTINCT p.document_id, p.path FROM places p JOIN collections c ON c.id = p.collection_id"
            " JOIN documents d ON d.id = p.document_id AND d.verdict IN ('ready', 'ready_with_gaps')"
            f" WHERE {LIVE} AND coalesce(p.collection_id = :shelf, 1)"
            " AND lower(substr(p.path, -length(:name))) = lower(:name)",
            {"name": name, "shelf": collection_id},
        )
        whole = (row for row in rows if row["path"][: -len(name)][-1:] in ("", "/", "\\"))
        return list(dict.fromkeys(row["document_id"] for row in whole))

    def numbers(self, document_ids: Sequence[str], limit: int) -> list[int]:
        """The passages of these documents, `limit` at most, from their beginnings on."""
        rows = self._db.read(
            "SELECT number FROM passages WHERE document_id IN (SELECT value FROM json_each(?))"
            " ORDER BY position LIMIT ?",
            (json.dumps(list(document_ids)), limit),
        )
        return [row["number"] for row in rows]

    def search_words(
        self, match: str, document_ids: Sequence[str], limit: int
    ) -> list[tuple[int, float]]:
        """(passage number, BM25 score) in these documents for an FTS5 expression, best first."""
        rows = self._db.read(
            f"SELECT w.rowid AS number, -{BM25} AS score FROM words w WHERE words MATCH ?"
            " AND w.rowid IN (SELECT number FROM passages"
            "  WHERE document_id IN (SELECT value FROM json_each(?)))"
            f" ORDER BY {BM25} LIMIT ?",
            (match, json.dumps(list(document_ids)), limit),
        )
        return [(row["number"], row["score"]) for row in rows]

    def shelves(self, document_ids: Sequence[str]) -> dict[str, frozenset[str]]:
        """Document → the collections on which it lies."""
        rows = self._db.read(
            "SELECT DISTINCT p.document_id, p.collection_id FROM places p"
            f" JOIN collections c ON c.id = p.collection_id WHERE {LIVE}"
            " AND p.document_id IN (SELECT value FROM json_each(?))",
            (json.dumps(list(document_ids)),),
        )
        found: dict[str, frozenset[str]] = {}
        for row in rows:
            before = found.get(row["document_id"], frozenset())
            found[row["document_id"]] = before | {row["collection_id"]}
        return found


def _front(row: sqlite3.Row) -> Front:
    return Front(row["id"], row["title"], tuple(json.loads(row["paths"])), row["text"] or "")
