"""What takes a library of an earlier format to the next one. Never changed once released."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

Migration = Callable[[sqlite3.Connection], None]

_FORMAT_2 = """
ALTER TABLE documents ADD COLUMN lang TEXT NOT NULL DEFAULT '';
ALTER TABLE turns ADD COLUMN collection_id TEXT;
UPDATE turns SET collection_id =
    (SELECT c.collection_id FROM conversations c WHERE c.id = turns.conversation_id);
ALTER TABLE passages ADD COLUMN word_text TEXT;
ALTER TABLE passages ADD COLUMN word_context TEXT;
DROP TRIGGER passages_added;
DROP TRIGGER passages_removed;
DROP TABLE words;
CREATE VIEW searched AS
    SELECT number, coalesce(word_text, text) AS text, coalesce(word_context, context) AS context FROM passages;
CREATE VIRTUAL TABLE words USING fts5 (
    text, context,
    content = 'searched', content_rowid = 'number',
    tokenize = 'porter unicode61 remove_diacritics 2'
);
CREATE TRIGGER passages_added AFTER INSERT ON passages BEGIN
    INSERT INTO words (rowid, text, context)
    VALUES (new.number, coalesce(new.word_text, new.text), coalesce(new.word_context, new.context));
END;
CREATE TRIGGER passages_removed AFTER DELETE ON passages BEGIN
    INSERT INTO words (words, rowid, text, context)
    VALUES ('delete', old.number, coalesce(old.word_text, old.text), coalesce(old.word_context, old.context));
END;
INSERT INTO words (words) VALUES ('rebuild');
CREATE TABLE judgements (
    turn_id       TEXT PRIMARY KEY,
    question      TEXT NOT NULL,
    verdict       TEXT NOT NULL,
    answer        TEXT NOT NULL DEFAULT '',
    document_id   TEXT,
    spans         TEXT NOT NULL DEFAULT '[]',
    collection_id TEXT,
    made_at       REAL NOT NULL
);

CREATE TABLE learned (
    name    TEXT PRIMARY KEY,
    value   TEXT NOT NULL,
    made_at REAL NOT NULL
);
"""


def to_format_2(db: sqlite3.Connection) -> None:
    """Languages of documents, what people said about answers, and what was learned from a library."""
    for statement in _statements(_FORMAT_2):
        db.execute(statement)


_FORMAT_3 = """
CREATE TABLE assistants (
    id            TEXT PRIMARY KEY,
    name          TEXT NOT NULL,
    collection_id TEXT,
    current       INTEGER NOT NULL DEFAULT 0,
    created_at    REAL NOT NULL,
    removed_at    REAL
);
CREATE TABLE versions (
    assistant_id TEXT NOT NULL REFERENCES assistants (id) ON DELETE CASCADE,
    number       INTEGER NOT NULL,
    made_at      REAL NOT NULL,
    card         TEXT NOT NULL,
    PRIMARY KEY (assistant_id, number)
);
CREATE TABLE pairs (
    assistant_id TEXT NOT NULL REFERENCES assistants (id) ON DELETE CASCADE,
    id           TEXT NOT NULL,
    question     TEXT NOT NULL,
    answer       TEXT NOT NULL,
    document_id  TEXT NOT NULL,
    position     INTEGER NOT NULL,
    quote        TEXT NOT NULL DEFAULT '',
    spans        TEXT NOT NULL DEFAULT '[]',
    start        INTEGER NOT NULL DEFAULT -1,
    end          INTEGER NOT NULL DEFAULT -1,
    source       TEXT NOT NULL,
    kind         TEXT NOT NULL,
    style        TEXT NOT NULL DEFAULT 'natural',
    fold         TEXT NOT NULL,
    state        TEXT NOT NULL DEFAULT 'made',
    reason       TEXT NOT NULL DEFAULT '',
    usefulness   REAL NOT NULL DEFAULT 0,
    made_at      REAL NOT NULL,
    PRIMARY KEY (assistant_id, id)
);
ALTER TABLE turns ADD COLUMN assistant_id TEXT;
"""


def to_format_3(db: sqlite3.Connection) -> None:
    """Assistants with their versions and practice questions, and who answered a question."""
    for statement in _statements(_FORMAT_3):
        db.execute(statement)


def _statements(script: str) -> list[str]:
    """Single statements: `executescript` would commit the transaction that a migration runs in."""
    found: list[str] = []
    held = ""
    for line in script.strip().splitlines():
        held += line + "\n"
        if sqlite3.complete_statement(held):
            found.append(held)
            held = ""
    return found
