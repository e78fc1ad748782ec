"""The queue that outlives a crash."""

from __future__ import annotations

import json
import sqlite3
import time
from typing import Any

from ..domain.job import Job, JobKind, JobState
from ..errors import NotFound
from .database import Database

MOST_ATTEMPTS = 3  # starts without any progress in between


class Jobs:
    """The table `jobs`."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def all(self, *, over: bool = False) -> list[Job]:
        """Jobs that go on, oldest first; with `over` the finished ones too."""
        rows = self._db.read("SELECT * FROM jobs ORDER BY id")
        return [job for job in map(_job, rows) if over or not job.state.over]

    def get(self, job_id: int) -> Job:
        """Raises `NotFound`."""
        rows = self._db.read("SELECT * FROM jobs WHERE id = ?", (job_id,))
        if not rows:
            raise NotFound(what="job", name=job_id)
        return _job(rows[0])

    def payload(self, job_id: int) -> dict[str, Any]:
        rows = self._db.read("SELECT payload FROM jobs WHERE id = ?", (job_id,))
        body: dict[str, Any] = json.loads(rows[0]["payload"]) if rows else {}
        return body

    def enqueue(self, kind: JobKind, label: str = "", payload: dict[str, Any] | None = None) -> int:
        with self._db.write() as db:
            cursor = db.execute(
                "INSERT INTO jobs (kind, state, label, payload, created_at) VALUES (?, 'queued', ?, ?, ?)",
                (kind.value, label, json.dumps(payload or {}), time.time()),
            )
        return int(cursor.lastrowid or 0)

    def enqueue_once(self, kind: JobKind) -> int:
        """The job of that kind that still waits, else a new one.

        A running one does not count: it may have looked for the last time already.
        """
        with self._db.write() as db:
            row = db.execute(
                "SELECT id FROM jobs WHERE kind = ? AND state IN ('queued', 'paused') LIMIT 1",
                (kind.value,),
            ).fetchone()
            return int(row["id"]) if row else self.enqueue(kind)

    def claim(self, kinds: tuple[JobKind, ...]) -> Job | None:
        """Takes the oldest waiting job of these kinds and counts the attempt."""
        # An idle lane asks every second: it shall not take the write lock for that.
        names = json.dumps([kind.value for kind in kinds])
        if not self._db.read(
            "SELECT 1 FROM jobs WHERE state = 'queued' AND kind IN (SELECT value FROM json_each(?))"
            " LIMIT 1",
            (names,),
        ):
            return None
        with self._db.write() as db:
            row = db.execute(
                "UPDATE jobs SET state = 'running', attempts = attempts + 1 WHERE id = (SELECT id FROM jobs"
                " WHERE state = 'queued' AND kind IN (SELECT value FROM json_each(?)) ORDER BY id LIMIT 1) RETURNING *",
                (names,),
            ).fetchone()
        return _job(row) if row else None

    def progress(self, job_id: int, done: int, total: int, *, moved: bool) -> None:
        """Notes how far a job is; one that `moved` since its start has its attempts counted anew."""
        with self._db.write() as db:
            db.execute(
                "UPDATE jobs SET attempts = CASE WHEN ?4 THEN 0 ELSE attempts END, done = ?2, total = ?3 WHERE id = ?1",
                (job_id, done, total, moved),
            )

    def set_payload(self, job_id: int, payload: dict[str, Any]) -> None:
        with self._db.write() as db:
            db.execute("UPDATE jobs SET payload = ? WHERE id = ?", (json.dumps(payload), job_id))

    def move(self, job_id: int, to: JobState, *, error: str = "") -> None:
        """Sets the state of a job that is not over yet."""
        with self._db.write() as db:
            db.execute(
                "UPDATE jobs SET state = ?, error = ?, finished_at = ? WHERE id = ?"
                " AND state NOT IN ('done', 'failed', 'cancelled')",
                (to.value, error, time.time() if to.over else None, job_id),
            )

    def finish(self, job_id: int) -> None:
        """A running job is done. One that was paused and resumed meanwhile waits for its turn again."""
        with self._db.write() as db:
            db.execute(
                "UPDATE jobs SET state = 'done', finished_at = ? WHERE id = ? AND state = 'running'",
                (time.time(), job_id),
            )

    def give_back(self, job_id: int) -> None:
        """A running job goes on at the next start; an orderly stop is no failed attempt."""
        with self._db.write() as db:
            db.execute(
                "UPDATE jobs SET state = 'queued', attempts = max(attempts - 1, 0)"
                " WHERE id = ? AND state = 'running'",
                (job_id,),
            )

    def recover(self) -> None:
        """At start: what was running goes back to the queue, or fails after three tries without progress."""
        with self._db.write() as db:
            db.execute(
                "UPDATE jobs SET state = 'failed', error = 'no_progress', finished_at = ? WHERE state = 'running'"
                " AND attempts >= ?",
                (time.time(), MOST_ATTEMPTS),
            )
            db.execute("UPDATE jobs SET state = 'queued' WHERE state = 'running'")
            db.execute("DELETE FROM jobs WHERE finished_at < ?", (time.time() - 7 * 86400,))


def _job(row: sqlite3.Row) -> Job:
    return Job(
        row["id"],
        JobKind(row["kind"]),
        JobState(row["state"]),
        row["label"],
        row["done"],
        row["total"],
        row["attempts"],
        row["error"],
        row["created_at"],
        row["finished_at"],
    )
