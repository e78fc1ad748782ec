"""The words that stand in the passages, as the word search holds them: without their endings."""

from __future__ import annotations

import json
from collections.abc import Sequence

from .database import Database

# A view on the word search that SQLite makes on demand; it belongs to one connection.
_SHOWN = "CREATE VIRTUAL TABLE IF NOT EXISTS temp.vocabulary USING fts5vocab(main, words, row)"


class Vocabulary:
    """Reads the words of a library."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def known(self, stems: Sequence[str]) -> frozenset[str]:
        """Which of these word stems stand in any passage."""
        self._db.read(_SHOWN)
        rows = self._db.read(
            "SELECT v.term FROM json_each(?) j JOIN temp.vocabulary v ON v.term = j.value",
            (json.dumps(list(stems)),),
        )
        return frozenset(row["term"] for row in rows)

    def beginning(self, letter: str, shortest: int, longest: int) -> dict[str, int]:
        """Word stem → number of passages, of those with this first letter and a length between."""
        self._db.read(_SHOWN)
        rows = self._db.read(
            "SELECT term, doc FROM temp.vocabulary WHERE term >= :first AND term < :next"
            " AND length(term) BETWEEN :shortest AND :longest",
            {
                "first": letter,
                "next": chr(ord(letter) + 1),
                "shortest": shortest,
                "longest": longest,
            },
        )
        return {row["term"]: row["doc"] for row in rows}
