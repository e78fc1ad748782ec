"""Conversations, their questions and answers."""

from __future__ import annotations

import dataclasses
import json
import sqlite3
import time
import uuid
from typing import Any

from ..domain.conversation import (
    Answer,
    Citation,
    Conversation,
    Hit,
    Seconds,
    Sentence,
    ShelfChance,
    Step,
    Turn,
    Value,
)
from ..domain.document import Span
from ..errors import NotFound
from .database import Database


class Conversations:
    """The tables `conversations` and `turns`."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def all(self) -> list[Conversation]:
        """Newest first."""
        rows = self._db.read("SELECT * FROM conversations ORDER BY created_at DESC, rowid DESC")
        return [
            Conversation(r["id"], r["title"], r["collection_id"], r["created_at"]) for r in rows
        ]

    def turns(self, conversation_id: str) -> list[Turn]:
        """In the order asked."""
        rows = self._db.read(
            "SELECT * FROM turns WHERE conversation_id = ? ORDER BY asked_at, rowid",
            (conversation_id,),
        )
        return [_turn(row) for row in rows]

    def ask(
        self,
        question: str,
        conversation_id: str,
        collection_id: str | None,
        assistant_id: str | None = None,
    ) -> Turn:
        """Notes a question; an empty `conversation_id` starts a conversation named after it."""
        now = time.time()
        turn = Turn(
            uuid.uuid4().hex,
            conversation_id or uuid.uuid4().hex,
            question,
            now,
            None,
            collection_id,
            assistant_id,
        )
        with self._db.write() as db:
            if not conversation_id:
                title = question if len(question) <= 80 else question[:79].rstrip() + "…"
                db.execute(
                    "INSERT INTO conversations (id, title, collection_id, created_at) VALUES (?, ?, ?, ?)",
                    (turn.conversation_id, title, collection_id, now),
                )
            elif not db.execute(
                "SELECT 1 FROM conversations WHERE id = ?", (conversation_id,)
            ).fetchone():
                raise NotFound(what="conversation", name=conversation_id)
            db.execute(
                "INSERT INTO turns (id, conversation_id, question, asked_at, collection_id,"
                " assistant_id) VALUES (?, ?, ?, ?, ?, ?)",
                (turn.id, turn.conversation_id, question, now, collection_id, assistant_id),
            )
        return turn

    def save_answer(self, turn_id: str, answer: Answer) -> None:
        """Nothing happens where the conversation was deleted meanwhile."""
        with self._db.write() as db:
            db.execute(
                "UPDATE turns SET answer = ? WHERE id = ?",
                (json.dumps(dataclasses.asdict(answer)), turn_id),
            )

    def unanswered(self) -> list[Turn]:
        """Questions whose answer a crash swallowed, for the engine to answer at its start."""
        rows = self._db.read("SELECT * FROM turns WHERE answer IS NULL ORDER BY asked_at")
        return [_turn(row) for row in rows]

    def turn(self, turn_id: str) -> Turn:
        """Raises `NotFound`."""
        for row in self._db.read("SELECT * FROM turns WHERE id = ?", (turn_id,)):
            return _turn(row)
        raise NotFound(what="question", name=turn_id)

    def get(self, conversation_id: str) -> Conversation:
        """Raises `NotFound`."""
        for conversation in self.all():
            if conversation.id == conversation_id:
                return conversation
        raise NotFound(what="conversation", name=conversation_id)

    def delete(self, conversation_id: str) -> None:
        with self._db.write() as db:
            db.execute("DELETE FROM conversations WHERE id = ?", (conversation_id,))


def _turn(row: sqlite3.Row) -> Turn:
    return Turn(
        row["id"],
        row["conversation_id"],
        row["question"],
        row["asked_at"],
        _answer(row["answer"]),
        row["collection_id"],
        row["assistant_id"],
    )


def _answer(stored: str | None) -> Answer | None:
    if stored is None:
        return None
    body: dict[str, Any] = json.loads(stored)
    body["citations"] = tuple(
        Citation(**{**c, "spans": _spans(c["spans"]), "marked": _spans(c["marked"])})
        for c in body["citations"]
    )
    body["sentences"] = tuple(
        Sentence(**{**s, "numbers": tuple(s["numbers"])}) for s in body["sentences"]
    )
    body["nearest"] = tuple(
        Hit(**{**h, "spans": _spans(h["spans"]), "twins": tuple(h["twins"])})
        for h in body["nearest"]
    )
    body["seconds"] = Seconds(**body["seconds"])
    for name in ("items", "values"):  # answers of earlier releases lack these
        body[name] = tuple(Value(**value) for value in body.get(name, ()))
    body["shelves"] = tuple(
        ShelfChance(**{**shelf, "why": tuple(shelf["why"])}) for shelf in body.get("shelves", ())
    )
    body["steps"] = tuple(Step(**step) for step in body.get("steps", ()))
    return Answer(**body)


def _spans(stored: list[dict[str, int]]) -> tuple[Span, ...]:
    return tuple(Span(**span) for span in stored)
