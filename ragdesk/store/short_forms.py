"""Where a library may say what a short form stands for: passages with brackets, titles, files."""

from __future__ import annotations

import json
from collections.abc import Sequence

from .database import Database
from .documents import LIVE
from .vocabulary import Vocabulary

LOOKED_AT = 1_000  # passages that hold a short form, of which the defining ones are taken
DEFINING = 20  # passages are enough
MOST_TITLES = 2_000  # documents; reading the titles of more costs too long for one question


class ShortForms:
    """Reads what may explain short forms."""

    def __init__(self, database: Database) -> None:
        self._db = database
        self.vocabulary = Vocabulary(database)

    def found(self, expressions: Sequence[str]) -> list[int]:
        """The positions of those FTS5 expressions that any passage matches."""
        rows = self._db.read(
            "SELECT j.key FROM json_each(?) j"
            " WHERE EXISTS (SELECT 1 FROM words WHERE words MATCH j.value)",
            (json.dumps(list(expressions)),),
        )
        return [row["key"] for row in rows]

    def count(self, expression: str, most: int) -> int:
        """How many passages match an FTS5 expression, counted up to `most`."""
        rows = self._db.read(
            "SELECT count(*) FROM (SELECT 1 FROM words WHERE words MATCH ? LIMIT ?)",
            (expression, most),
        )
        return int(rows[0][0])

    def defining(self, expression: str, short: str) -> list[str]:
        """Texts of matching passages in which `short` closes a bracket or stands before one."""
        marks = [f"{short}{end}" for end in (")", '")', "”)", "'s)", "s)", " (")]
        rows = self._db.read(
            "SELECT a.text FROM passages a WHERE a.number IN"
            " (SELECT rowid FROM words WHERE words MATCH :match LIMIT :looked_at)"
            " AND EXISTS (SELECT 1 FROM json_each(:marks) m WHERE instr(a.text, m.value))"
            " LIMIT :limit",
            {
                "match": expression,
                "marks": json.dumps(marks),
                "looked_at": LOOKED_AT,
                "limit": DEFINING,
            },
        )
        return [row["text"] for row in rows]

    def hyphened(self, expression: str, written: str) -> bool:
        """Whether a matching passage holds `written`, capitals aside: the word search cannot tell."""
        rows = self._db.read(
            "SELECT EXISTS (SELECT 1 FROM passages a WHERE a.number IN"
            " (SELECT rowid FROM words WHERE words MATCH :match LIMIT :looked_at)"
            " AND instr(lower(a.text), :written))",
            {"match": expression, "written": written, "looked_at": LOOKED_AT},
        )
        return bool(rows[0][0])

    def titles(self, collection_id: str | None = None) -> list[str]:
        """The titles and the paths of documents that may answer, `MOST_TITLES` at most."""
        rows = self._db.read(
            "SELECT d.title, p.path FROM places p JOIN collections c ON c.id = p.collection_id"
            " JOIN documents d ON d.id = p.document_id AND d.verdict IN ('ready', 'ready_with_gaps')"
            f" WHERE {LIVE} AND coalesce(p.collection_id = :shelf, 1) LIMIT :limit",
            {"shelf": collection_id, "limit": MOST_TITLES},
        )
        return list(dict.fromkeys(name for row in rows for name in (row["title"], row["path"])))
