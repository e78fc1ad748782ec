"""What people said about answers, and what was learned from a library."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from typing import Any

from ..domain.conversation import Judgement
from ..domain.document import Span
from .database import Database

ROUTER = "router"  # the name under which it is kept in `learned` where questions are answered


class Judgements:
    """The table `judgements`: one a question asked, the last one said counts."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def save(self, judgement: Judgement) -> None:
        spans = [[s.page, s.start, s.length] for s in judgement.spans]
        with self._db.write() as db:
            db.execute(
                "INSERT OR REPLACE INTO judgements (turn_id, question, verdict, answer, document_id,"
                " spans, collection_id, made_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    judgement.turn_id,
                    judgement.question,
                    judgement.verdict,
                    judgement.answer,
                    judgement.document_id,
                    json.dumps(spans),
                    judgement.collection_id,
                    judgement.made_at or time.time(),
                ),
            )

    def remove(self, turn_id: str) -> None:
        """Takes back what was said; harmless where nothing was."""
        with self._db.write() as db:
            db.execute("DELETE FROM judgements WHERE turn_id = ?", (turn_id,))

    def get(self, turn_id: str) -> Judgement | None:
        rows = self._db.read("SELECT * FROM judgements WHERE turn_id = ?", (turn_id,))
        return _judgement(rows[0]) if rows else None

    def of_turns(self, turn_ids: Sequence[str]) -> dict[str, Judgement]:
        """What was said about some of these turns, by turn."""
        rows = self._db.read(
            "SELECT * FROM judgements WHERE turn_id IN (SELECT value FROM json_each(?))",
            (json.dumps(list(turn_ids)),),
        )
        return {row["turn_id"]: _judgement(row) for row in rows}

    def clear(self) -> None:
        """Forgets everything that was said, and what the router learned from it."""
        with self._db.write() as db:
            db.execute("DELETE FROM judgements")
            db.execute("DELETE FROM learned WHERE name = ?", (ROUTER,))

    def all(self) -> list[Judgement]:
        """Oldest first."""
        return [
            _judgement(row) for row in self._db.read("SELECT * FROM judgements ORDER BY made_at")
        ]

    def count(self) -> int:
        return int(self._db.read("SELECT count(*) FROM judgements")[0][0])


class Learned:
    """The table `learned`: JSON values by name, each of which can be made again."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def get(self, name: str) -> Any:
        """None while there is nothing of that name."""
        rows = self._db.read("SELECT value FROM learned WHERE name = ?", (name,))
        return json.loads(rows[0]["value"]) if rows else None

    def save(self, name: str, value: Any) -> None:
        with self._db.write() as db:
            db.execute(
                "INSERT OR REPLACE INTO learned (name, value, made_at) VALUES (?, ?, ?)",
                (name, json.dumps(value), time.time()),
            )


def _judgement(row: Any) -> Judgement:
    spans = tuple(Span(page, start, length) for page, start, length in json.loads(row["spans"]))
    return Judgement(
        row["turn_id"],
        row["question"],
        row["verdict"],
        row["answer"],
        row["document_id"],
        spans,
        row["collection_id"],
        row["made_at"],
    )
