"""Practice questions of assistants."""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Iterable, Sequence

from ..domain.document import Span
from ..domain.training import Fold, Pair, PairSource, PairState
from ..errors import NotFound
from .database import Database

_COLUMNS = (
    "assistant_id, id, question, answer, document_id, position, quote, spans, start, end, source,"
    " kind, style, fold, state, reason, usefulness, made_at"
)


class Pairs:
    """The table `pairs`: a pair's id is made of what it asks and where, so making twice is making once."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def add(self, assistant_id: str, pairs: Iterable[Pair]) -> int:
        """Adds those that are new; what a person said of one that is there stays. How many are new."""
        now = time.time()
        rows = [_row(assistant_id, pair, now) for pair in pairs]
        with self._db.write() as db:
            before = db.total_changes
            db.executemany(
                f"INSERT OR IGNORE INTO pairs ({_COLUMNS}) VALUES ({', '.join('?' * 18)})", rows
            )
            return db.total_changes - before

    def put(self, assistant_id: str, pair: Pair) -> None:
        """Puts a pair in the place of the one with its id."""
        with self._db.write() as db:
            db.execute(
                f"INSERT OR REPLACE INTO pairs ({_COLUMNS}) VALUES ({', '.join('?' * 18)})",
                _row(assistant_id, pair, time.time()),
            )

    def move(self, assistant_id: str, pair_id: str, state: PairState, reason: str = "") -> None:
        """Raises `NotFound`."""
        self.get(assistant_id, pair_id)
        with self._db.write() as db:
            db.execute(
                "UPDATE pairs SET state = ?, reason = ? WHERE assistant_id = ? AND id = ?",
                (state.value, reason, assistant_id, pair_id),
            )

    def get(self, assistant_id: str, pair_id: str) -> Pair:
        """Raises `NotFound`."""
        rows = self._db.read(
            "SELECT * FROM pairs WHERE assistant_id = ? AND id = ?", (assistant_id, pair_id)
        )
        if not rows:
            raise NotFound(what="practice question", name=pair_id)
        return _pair(rows[0])

    def all(
        self,
        assistant_id: str,
        *,
        folds: Sequence[Fold] = tuple(Fold),
        states: Sequence[PairState] = tuple(PairState),
    ) -> list[Pair]:
        """The most useful to review first; those of equal use in the order of their documents."""
        rows = self._db.read(
            "SELECT * FROM pairs WHERE assistant_id = ?"
            " AND fold IN (SELECT value FROM json_each(?)) AND state IN (SELECT value FROM json_each(?))"
            " ORDER BY usefulness DESC, document_id, position, id",
            (assistant_id, json.dumps(folds), json.dumps(states)),
        )
        return [_pair(row) for row in rows]

    def counts(self, assistant_id: str) -> dict[PairState, int]:
        rows = self._db.read(
            "SELECT state, count(*) AS n FROM pairs WHERE assistant_id = ? GROUP BY state",
            (assistant_id,),
        )
        return {PairState(row["state"]): row["n"] for row in rows}

    def remove(self, assistant_id: str, pair_ids: Sequence[str]) -> None:
        with self._db.write() as db:
            db.execute(
                "DELETE FROM pairs WHERE assistant_id = ? AND id IN (SELECT value FROM json_each(?))",
                (assistant_id, json.dumps(list(pair_ids))),
            )


def _row(assistant_id: str, pair: Pair, now: float) -> tuple[object, ...]:
    return (
        assistant_id,
        pair.id,
        pair.question,
        pair.answer,
        pair.document_id,
        pair.position,
        pair.quote,
        json.dumps([[s.page, s.start, s.length] for s in pair.spans]),
        pair.start,
        pair.end,
        pair.source.value,
        pair.kind,
        pair.style,
        pair.fold.value,
        pair.state.value,
        pair.reason,
        pair.usefulness,
        pair.made_at or now,
    )


def _pair(row: sqlite3.Row) -> Pair:
    return Pair(
        id=row["id"],
        question=row["question"],
        answer=row["answer"],
        document_id=row["document_id"],
        position=row["position"],
        quote=row["quote"],
        spans=tuple(Span(*span) for span in json.loads(row["spans"])),
        start=row["start"],
        end=row["end"],
        source=PairSource(row["source"]),
        kind=row["kind"],
        style=row["style"],
        fold=Fold(row["fold"]),
        state=PairState(row["state"]),
        reason=row["reason"],
        usefulness=row["usefulness"],
        made_at=row["made_at"],
    )
