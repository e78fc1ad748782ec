"""An index without Chroma: exact, over the vectors that the library held when it was built."""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path

import numpy as np
import numpy.typing as npt


class MemoryIndex:
    def __init__(self, library: Path, model: str) -> None:
        self._library, self._model = library, model
        self._covered = 0
        self._rows: list[tuple[int, bytes]] = []

    def covered(self) -> int:
        return self._covered

    def search(self, vector: npt.NDArray[np.float32], limit: int) -> list[tuple[int, float]]:
        found = [(seq, float(np.frombuffer(blob, np.float32) @ vector)) for seq, blob in self._rows]
        return sorted(found, key=lambda pair: -pair[1])[:limit]

    def warm(self) -> None:
        return None

    def build(self, upto: int) -> bool:
        with contextlib.closing(sqlite3.connect(self._library)) as library:
            rows = library.execute(
                "SELECT seq, vector FROM vectors WHERE model = ? AND seq <= ?", (self._model, upto)
            ).fetchall()
        if rows:
            self._rows, self._covered = rows, upto
        return True

    def close(self) -> None:
        self._rows, self._covered = [], 0
