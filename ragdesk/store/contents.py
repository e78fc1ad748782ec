"""What lies on each shelf, as the router looks at it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from .database import Database
from .documents import LIVE

_READY = (
    "FROM places p JOIN collections c ON c.id = p.collection_id"
    f" JOIN documents d ON d.id = p.document_id WHERE {LIVE}"
    " AND d.verdict IN ('ready', 'ready_with_gaps')"
)


@dataclass(frozen=True, slots=True)
class ReadyShelf:
    """A shelf that holds documents that may answer, with the number of their passages."""

    id: str
    name: str
    passages: int


class Contents:
    """Reads what may answer, shelf by shelf, for one embedding model."""

    def __init__(self, database: Database, model: str) -> None:
        self._db = database
        self.model = model

    def ready(self) -> list[ReadyShelf]:
        """Every shelf that holds a document with passages, oldest first."""
        rows = self._db.read(
            "SELECT id, name, sum(passages) AS passages FROM"
            f" (SELECT DISTINCT c.id, c.name, c.created_at, c.rowid AS row, d.id, d.passages {_READY})"
            " GROUP BY id HAVING sum(passages) > 0 ORDER BY created_at, row"
        )
        return [ReadyShelf(row["id"], row["name"], row["passages"]) for row in rows]

    def laid(self) -> tuple[tuple[str, int, int], ...]:
        """What changes when files come to a shelf or leave it; costs less than `ready`."""
        rows = self._db.read(
            "SELECT p.collection_id, count(*), sum(p.id) FROM places p"
            f" JOIN collections c ON c.id = p.collection_id WHERE {LIVE} GROUP BY 1"
        )
        return tuple((row[0], row[1], row[2]) for row in rows)

    def count(self, match: str, most: int) -> int:
        """How many passages an FTS5 expression finds, on shelves or not; `most` + 1 for any more."""
        rows = self._db.read(
            "SELECT count(*) FROM (SELECT 1 FROM words WHERE words MATCH ? LIMIT ?)",
            (match, most + 1),
        )
        return int(rows[0][0])

    def counts(self, match: str) -> dict[str, int]:
        """Shelf → how many of its passages an FTS5 expression finds; shelves without are left out."""
        rows = self._db.read(
            # From what was found to where it lies, so that the other documents cost nothing.
            "SELECT shelf, sum(passages) AS passages FROM"
            " (SELECT DISTINCT c.id AS shelf, f.document_id, f.passages FROM"
            "  (SELECT a.document_id, count(*) AS passages FROM words w"
            "   CROSS JOIN passages a ON a.number = w.rowid WHERE words MATCH ? GROUP BY 1) f"
            "  CROSS JOIN documents d ON d.id = f.document_id"
            "  CROSS JOIN places p ON p.document_id = d.id"
            f"  CROSS JOIN collections c ON c.id = p.collection_id WHERE {LIVE}"
            "  AND d.verdict IN ('ready', 'ready_with_gaps')) GROUP BY shelf",
            (match,),
        )
        return {row["shelf"]: row["passages"] for row in rows}

    def numbers(self, collection_id: str) -> list[int]:
        """The passages on a shelf that have a vector of the model, in rising order."""
        rows = self._db.read(
            "SELECT a.number FROM passages a JOIN vectors v ON v.passage_number = a.number"
            f" AND v.model = ? WHERE a.document_id IN (SELECT d.id {_READY}"
            " AND p.collection_id = ?) ORDER BY a.number",
            (self.model, collection_id),
        )
        return [row["number"] for row in rows]

    def title(self, number: int) -> str:
        """The title of a passage's document, "" where it is gone."""
        rows = self._db.read(
            "SELECT d.title FROM passages a JOIN documents d ON d.id = a.document_id"
            " WHERE a.number = ?",
            (number,),
        )
        return str(rows[0]["title"]) if rows else ""

    def shelves(self, document_ids: Sequence[str]) -> dict[str, tuple[str, ...]]:
        """Document → the shelves where it may answer; documents on none are left out."""
        rows = self._db.read(
            f"SELECT DISTINCT d.id AS document, c.id AS shelf {_READY}"
            " AND d.id IN (SELECT value FROM json_each(?)) ORDER BY 1, 2",
            (json.dumps(list(document_ids)),),
        )
        found: dict[str, tuple[str, ...]] = {}
        for row in rows:
            found[row["document"]] = (*found.get(row["document"], ()), row["shelf"])
        return found
