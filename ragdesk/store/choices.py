"""What a person chose in the settings."""

from __future__ import annotations

import json

from ..settings import BY_NAME, Value, checked
from .database import Database


class Choices:
    """The table `settings`; what is not in it has its default."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def get(self, name: str) -> Value:
        rows = self._db.read("SELECT value FROM settings WHERE name = ?", (name,))
        return checked(name, json.loads(rows[0]["value"])) if rows else BY_NAME[name].default

    def change(self, name: str, value: Value) -> None:
        """Raises `WrongUse` for a value that is not allowed."""
        with self._db.write() as db:
            db.execute(
                "INSERT INTO settings (name, value) VALUES (?, ?)"
                " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                (name, json.dumps(checked(name, value))),
            )
