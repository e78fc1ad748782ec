"""The vectors by which passages are found, for one embedding model.

A vector's number (`seq`) rises and is never used twice, so an index generation is fully described
by the highest number in it: what is newer is searched exactly, what is gone drops out in the join.

Where a second model serves the documents in other languages, each passage is owed a vector of the
model that serves its document. One of the other model, made before, answers until that is there.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from enum import Enum
from typing import TYPE_CHECKING

from .database import Database
from .documents import LIVE

if TYPE_CHECKING:
    from ..domain import protocols

# Passages that may answer: of a ready document that lies on a shelf (or on the shelf asked).
SCOPE = (
    "SELECT p.document_id FROM places p JOIN collections c ON c.id = p.collection_id"
    f" JOIN documents d ON d.id = p.document_id WHERE {LIVE}"
    " AND d.verdict IN ('ready', 'ready_with_gaps') AND (:shelf IS NULL OR p.collection_id = :shelf)"
)

SAMPLE = 1024  # vectors that stand for all


class Serves(Enum):
    """The documents whose passages are owed vectors of a model; `a` is a passage in SQL."""

    ALL = ""
    ENGLISH = " AND EXISTS (SELECT 1 FROM documents d WHERE d.id = a.document_id AND d.lang IN ('', 'en'))"
    OTHERS = " AND EXISTS (SELECT 1 FROM documents d WHERE d.id = a.document_id AND d.lang NOT IN ('', 'en'))"


class Vectors:
    """The table `vectors`, as one model sees it."""

    def __init__(self, database: Database, model: str, serves: Serves = Serves.ALL) -> None:
        self._db = database
        self._model = model
        self._serves = serves.value

    def without_vector(self, limit: int) -> list[tuple[int, str]]:
        """(number, text to embed) of passages that still lack their vector, oldest first."""
        rows = self._db.read(
            "SELECT a.number, a.text, a.context FROM passages a WHERE NOT EXISTS (SELECT 1 FROM vectors v"
            f" WHERE v.passage_number = a.number AND v.model = ?){self._serves}"
            " ORDER BY a.number LIMIT ?",
            (self._model, limit),
        )
        return [(row["number"], joined(row["context"], row["text"])) for row in rows]

    def count_without_vector(self) -> int:
        rows = self._db.read(
            "SELECT count(*) FROM passages a WHERE NOT EXISTS (SELECT 1 FROM vectors v"
            f" WHERE v.passage_number = a.number AND v.model = ?){self._serves}",
            (self._model,),
        )
        return int(rows[0][0])

    def adopt_vectors(self) -> int:
        """Gives passages the vector that another passage with the same text has already. Returns how many."""
        with self._db.write() as db:
            return db.execute(
                "INSERT INTO vectors (passage_number, model, vector)"
                " SELECT a.number, v.model, v.vector FROM passages a"
                " JOIN passages b ON b.hash = a.hash AND b.number <> a.number"
                " JOIN vectors v ON v.passage_number = b.number AND v.model = ?1"
                " WHERE NOT EXISTS (SELECT 1 FROM vectors w WHERE w.passage_number = a.number AND w.model = ?1)"
                f"{self._serves} GROUP BY a.number",
                (self._model,),
            ).rowcount

    def save_vectors(self, numbers: Sequence[int], vectors: protocols.Vectors) -> None:
        """One committed batch; passages removed meanwhile are passed over. That commit is the mark."""
        with self._db.write() as db:
            db.executemany(
                "INSERT OR IGNORE INTO vectors (passage_number, model, vector)"
                " SELECT number, ?, ? FROM passages WHERE number = ?",
                [
                    (self._model, vector.astype("<f4").tobytes(), n)
                    for n, vector in zip(numbers, vectors, strict=True)
                ],
            )

    def highest_vector(self, above: int = 0) -> int:
        """The highest vector number of this model above `above`, 0 without any."""
        rows = self._db.read(
            "SELECT coalesce(max(seq), 0) FROM vectors WHERE model = ? AND seq > ?",
            (self._model, above),
        )
        return int(rows[0][0])

    def count_vectors(self, above: int = 0) -> int:
        """How many vectors have a number above `above`."""
        rows = self._db.read(
            "SELECT count(*) FROM vectors WHERE model = ? AND seq > ?", (self._model, above)
        )
        return int(rows[0][0])

    def vectors_above(self, seq: int, limit: int = 50_000) -> tuple[list[int], protocols.Vectors]:
        """(numbers, float32 (n, dimensions)) of vectors newer than `seq`, oldest first."""
        import numpy as np

        rows = self._db.read(
            "SELECT seq, vector FROM vectors WHERE model = ? AND seq > ? ORDER BY seq LIMIT ?",
            (self._model, seq, limit),
        )
        if not rows:
            return [], np.empty((0, 0), np.float32)
        matrix = np.frombuffer(b"".join(row["vector"] for row in rows), "<f4").reshape(
            len(rows), -1
        )
        return [row["seq"] for row in rows], matrix

    def shelf_vectors(
        self, collection_id: str, limit: int = -1
    ) -> tuple[list[int], protocols.Vectors]:
        """(passage numbers, float32 (n, dimensions)) of what may answer on a shelf.

        `limit` at most, all where it is negative.
        """
        import numpy as np

        rows = self._db.read(
            "SELECT a.number, v.vector FROM passages a JOIN vectors v ON v.passage_number = a.number"
            f" AND v.model = :model WHERE a.document_id IN ({SCOPE}) LIMIT :limit",
            {"model": self._model, "shelf": collection_id, "limit": limit},
        )
        if not rows:
            return [], np.empty((0, 0), np.float32)
        matrix = np.frombuffer(b"".join(row["vector"] for row in rows), "<f4")
        return [row["number"] for row in rows], matrix.reshape(len(rows), -1)

    def answering(self, collection_id: str | None = None) -> list[tuple[int, str, bytes]]:
        """(passage number, id, fold) of what may answer and has a vector, in the order of numbers.

        Twins have one fold.
        """
        rows = self._db.read(
            "SELECT a.number, a.document_id || ':' || a.position AS id, a.fold FROM passages a"
            " JOIN vectors v ON v.passage_number = a.number AND v.model = :model"
            f" WHERE a.document_id IN ({SCOPE}) ORDER BY a.number",
            {"model": self._model, "shelf": collection_id},
        )
        return [(row["number"], row["id"], row["fold"]) for row in rows]

    def passages_of_vectors(
        self, seqs: Sequence[int], collection_id: str | None = None
    ) -> dict[int, int]:
        """Vector number → passage number, only for those that may answer."""
        rows = self._db.read(
            "SELECT v.seq, a.number FROM vectors v JOIN passages a ON a.number = v.passage_number"
            f" WHERE v.seq IN (SELECT value FROM json_each(:seqs)) AND a.document_id IN ({SCOPE})",
            {"seqs": json.dumps(list(seqs)), "shelf": collection_id},
        )
        return {row["seq"]: row["number"] for row in rows}

    def vectors_of(self, numbers: Sequence[int]) -> dict[int, protocols.Vectors]:
        """Passage number → its vector (dimensions,), where it has one."""
        import numpy as np

        rows = self._db.read(
            "SELECT passage_number, vector FROM vectors WHERE model = ?"
            " AND passage_number IN (SELECT value FROM json_each(?))",
            (self._model, json.dumps(list(numbers))),
        )
        return {row["passage_number"]: np.frombuffer(row["vector"], "<f4") for row in rows}

    def vectors_made(self) -> int:
        """How many vectors were ever made, by any model: the same as before, and none is new."""
        rows = self._db.read("SELECT seq FROM sqlite_sequence WHERE name = 'vectors'")
        return int(rows[0]["seq"]) if rows else 0

    def sample(self) -> tuple[list[str], protocols.Vectors]:
        """(languages, float32 (n, dimensions)) of up to `SAMPLE` vectors of this model, from all."""
        import numpy as np

        rows = self._db.read(
            "SELECT d.lang, v.vector FROM vectors v JOIN passages a ON a.number = v.passage_number"
            " JOIN documents d ON d.id = a.document_id WHERE v.model = ?"
            " ORDER BY v.seq * 2654435761 % 4294967296 LIMIT ?",
            (self._model, SAMPLE),
        )
        if not rows:
            return [], np.empty((0, 0), np.float32)
        matrix = np.frombuffer(b"".join(row["vector"] for row in rows), "<f4")
        return [row["lang"] for row in rows], matrix.reshape(len(rows), -1)

    def drop_replaced(self) -> int:
        """Lets go of other models' vectors of passages that have this one's now. Returns how many."""
        with self._db.write() as db:
            return db.execute(
                "DELETE FROM vectors WHERE model <> ?1 AND passage_number IN (SELECT a.number"
                " FROM passages a JOIN vectors v ON v.passage_number = a.number AND v.model = ?1"
                f" WHERE 1 {self._serves})",
                (self._model,),
            ).rowcount


def joined(context: str, text: str) -> str:
    """What the embedding model sees: title and headings in front of the text."""
    return f"{context}\n{text}" if context else text
