"""Assistants, and the versions that were built of them."""

from __future__ import annotations

import dataclasses
import json
import sqlite3
import time
import uuid
from typing import Any

from ..domain.assistant import (
    Assistant,
    Changed,
    Measure,
    Outcome,
    ReportCard,
    TunedPart,
    Version,
)
from ..errors import AssistantExists, NotFound
from .database import Database


class Assistants:
    """The tables `assistants` and `versions`. What a version tuned lies in files; see `Home`."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def all(self) -> list[Assistant]:
        """By name; without those that were taken away."""
        rows = self._db.read(
            "SELECT * FROM assistants WHERE removed_at IS NULL ORDER BY name COLLATE NOCASE"
        )
        return [_assistant(row) for row in rows]

    def get(self, assistant_id: str) -> Assistant:
        """Raises `NotFound`."""
        for assistant in self.all():
            if assistant.id == assistant_id:
                return assistant
        raise NotFound(what="assistant", name=assistant_id)

    def named(self, name: str) -> Assistant:
        """By its name, in any case, or by its id. Raises `NotFound`."""
        for assistant in self.all():
            if name in (assistant.id, assistant.name) or _same(name, assistant.name):
                return assistant
        raise NotFound(what="assistant", name=name)

    def create(self, name: str, collection_id: str | None) -> Assistant:
        """Raises `AssistantExists`."""
        assistant = Assistant(uuid.uuid4().hex, name.strip(), collection_id, 0, time.time())
        with self._db.write() as db:
            self._claim(assistant.name, assistant.id)
            db.execute(
                "INSERT INTO assistants (id, name, collection_id, created_at) VALUES (?, ?, ?, ?)",
                (assistant.id, assistant.name, collection_id, assistant.created_at),
            )
        return assistant

    def rename(self, assistant_id: str, name: str) -> None:
        """Raises `AssistantExists`, `NotFound`."""
        self.get(assistant_id)
        with self._db.write() as db:
            self._claim(name.strip(), assistant_id)
            db.execute("UPDATE assistants SET name = ? WHERE id = ?", (name.strip(), assistant_id))

    def remove(self, assistant_id: str) -> None:
        """Takes it away; `restore` brings it back until `purge`."""
        with self._db.write() as db:
            db.execute(
                "UPDATE assistants SET removed_at = ? WHERE id = ?", (time.time(), assistant_id)
            )

    def restore(self, assistant_id: str) -> None:
        """Raises `AssistantExists` where another has its name by now."""
        with self._db.write() as db:
            for row in db.execute("SELECT name FROM assistants WHERE id = ?", (assistant_id,)):
                self._claim(row["name"], assistant_id)
            db.execute("UPDATE assistants SET removed_at = NULL WHERE id = ?", (assistant_id,))

    def purge(self) -> list[str]:
        """Forgets for good those that were taken away, with versions and pairs; their ids."""
        with self._db.write() as db:
            rows = db.execute(
                "DELETE FROM assistants WHERE removed_at IS NOT NULL RETURNING id"
            ).fetchall()
        return [row["id"] for row in rows]

    def use(self, assistant_id: str, number: int) -> None:
        """Has a version answer, 0: as RagDesk comes. Raises `NotFound` for one that is not there."""
        self.get(assistant_id)
        if number and number not in [version.number for version in self.versions(assistant_id)]:
            raise NotFound(what="version", name=number)
        with self._db.write() as db:
            db.execute("UPDATE assistants SET current = ? WHERE id = ?", (number, assistant_id))

    def add_version(self, version: Version) -> None:
        with self._db.write() as db:
            db.execute(
                "INSERT OR REPLACE INTO versions (assistant_id, number, made_at, card) VALUES (?, ?, ?, ?)",
                (
                    version.assistant_id,
                    version.number,
                    version.made_at,
                    json.dumps(dataclasses.asdict(version.card)),
                ),
            )

    def versions(self, assistant_id: str) -> list[Version]:
        """Newest first."""
        rows = self._db.read(
            "SELECT * FROM versions WHERE assistant_id = ? ORDER BY number DESC", (assistant_id,)
        )
        return [_version(row) for row in rows]

    def remove_version(self, assistant_id: str, number: int) -> None:
        """Where it is the one that answers, RagDesk answers as it comes from now on."""
        with self._db.write() as db:
            db.execute(
                "DELETE FROM versions WHERE assistant_id = ? AND number = ?", (assistant_id, number)
            )
            db.execute(
                "UPDATE assistants SET current = 0 WHERE id = ? AND current = ?",
                (assistant_id, number),
            )

    def _claim(self, name: str, assistant_id: str) -> None:
        if any(_same(name, one.name) and one.id != assistant_id for one in self.all()):
            raise AssistantExists(name=name)


def card_of(body: dict[str, Any]) -> ReportCard:
    """A report card as `dataclasses.asdict` and JSON made it."""
    return ReportCard(
        **{
            **body,
            "outcome": Outcome(body["outcome"]),
            "measures": tuple(Measure(**one) for one in body["measures"]),
            "parts": tuple(TunedPart(**one) for one in body["parts"]),
            "gained": tuple(Changed(**one) for one in body["gained"]),
            "lost": tuple(Changed(**one) for one in body["lost"]),
            "notes": tuple(body["notes"]),
        }
    )


def _same(one: str, other: str) -> bool:
    return one.strip().casefold() == other.strip().casefold()


def _assistant(row: sqlite3.Row) -> Assistant:
    return Assistant(
        row["id"], row["name"], row["collection_id"], row["current"], row["created_at"]
    )


def _version(row: sqlite3.Row) -> Version:
    card = card_of(json.loads(row["card"]))
    return Version(row["assistant_id"], row["number"], row["made_at"], card)
