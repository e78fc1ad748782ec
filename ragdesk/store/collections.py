"""Shelves: create, rename, delete and bring back."""

from __future__ import annotations

import time
import uuid

from ..domain.document import Collection
from ..errors import NameTaken, NotFound
from .database import Database

FIRST_NAME = "My documents"


class Collections:
    """The table `collections`. Removed ones stay until `purge`, so that a deletion can be undone."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def all(self) -> list[Collection]:
        """Every shelf with its number of documents, oldest first."""
        rows = self._db.read(
            "SELECT c.id, c.name, c.created_at, count(p.id) AS documents FROM collections c"
            " LEFT JOIN places p ON p.collection_id = c.id AND p.removed_at IS NULL"
            " WHERE c.removed_at IS NULL GROUP BY c.id ORDER BY c.created_at, c.rowid"
        )
        return [
            Collection(row["id"], row["name"], row["created_at"], row["documents"]) for row in rows
        ]

    def named(self, name: str) -> Collection:
        """The shelf with that name (case does not matter) or id. Raises `NotFound`."""
        for collection in self.all():
            if collection.name.casefold() == name.strip().casefold() or collection.id == name:
                return collection
        raise NotFound(what="shelf", name=name)

    def first(self) -> Collection:
        """The oldest shelf; makes one where there is none."""
        existing = self.all()
        return existing[0] if existing else self.create(FIRST_NAME)

    def create(self, name: str) -> Collection:
        """Raises `NameTaken`."""
        name = self._free(name, "")
        collection = Collection(uuid.uuid4().hex, name, time.time())
        with self._db.write() as db:
            db.execute(
                "INSERT INTO collections (id, name, created_at) VALUES (?, ?, ?)",
                (collection.id, collection.name, collection.created_at),
            )
        return collection

    def rename(self, collection_id: str, name: str) -> None:
        """Raises `NameTaken`, `NotFound`."""
        name = self._free(name, collection_id)
        with self._db.write() as db:
            changed = db.execute(
                "UPDATE collections SET name = ? WHERE id = ? AND removed_at IS NULL",
                (name, collection_id),
            ).rowcount
        if not changed:
            raise NotFound(what="shelf", name=collection_id)

    def remove(self, collection_id: str) -> None:
        """Raises `NotFound`."""
        with self._db.write() as db:
            changed = db.execute(
                "UPDATE collections SET removed_at = ? WHERE id = ? AND removed_at IS NULL",
                (time.time(), collection_id),
            ).rowcount
        if not changed:
            raise NotFound(what="shelf", name=collection_id)

    def restore(self, collection_id: str) -> None:
        """Brings a removed shelf back, under another name where its own was taken meanwhile."""
        rows = self._db.read(
            "SELECT name FROM collections WHERE id = ? AND removed_at IS NOT NULL", (collection_id,)
        )
        if not rows:
            raise NotFound(what="shelf", name=collection_id)
        name: str = rows[0]["name"]
        while any(c.name.casefold() == name.casefold() for c in self.all()):
            name += " (2)"
        with self._db.write() as db:
            db.execute(
                "UPDATE collections SET removed_at = NULL, name = ? WHERE id = ?",
                (name, collection_id),
            )

    def purge(self) -> None:
        """Forgets removed shelves for good."""
        with self._db.write() as db:
            db.execute("DELETE FROM collections WHERE removed_at IS NOT NULL")

    def _free(self, name: str, own: str) -> str:
        name = " ".join(name.split())[:100]
        if not name or any(
            c.name.casefold() == name.casefold() and c.id != own for c in self.all()
        ):
            raise NameTaken(name=name or "–")
        return name
