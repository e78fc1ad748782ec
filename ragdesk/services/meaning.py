"""Nearness in meaning: passages whose vectors lie near a question's, with the index and without."""

from __future__ import annotations

import functools
import math
import threading
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from ..domain.protocols import Embedder, Index
from ..store.passages import Passages

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from ..domain.protocols import Vectors

    Numbers = npt.NDArray[np.int64]

MEANING_FOUND = 60
ENOUGH = 30  # of these that may answer; with fewer, more are asked for
INDEX_MOST = 900  # asked of the index at most
SMALL_SHELF = 3_000  # vectors; up to here a shelf is searched exactly
QUESTIONS_KEPT = 512


class Meaning:
    """Searches by one embedding model. Safe for threads."""

    def __init__(self, passages: Passages, embedder: Embedder, index: Index) -> None:
        self._passages = passages
        self._embedder = embedder
        self._index = index
        self._exact = _ExactVectors(passages)
        self._embedded = functools.lru_cache(QUESTIONS_KEPT)(self._embed)

    def vector(self, text: str) -> Vectors:
        """The vector of a question (dimensions,); kept for the next time."""
        return self._embedded(text)

    def vectors(self, texts: Sequence[str]) -> Vectors:
        """The vectors of several texts (n, dimensions)."""
        return self._embedder.embed(texts)

    def cosines(self, question: str, numbers: Sequence[int]) -> dict[int, float]:
        """Passage number → cosine with the question, of those that have a vector."""
        vector = self.vector(question)
        found = self._passages.vectors_of(numbers)
        return {number: float(other @ vector) for number, other in found.items()}

    def near(self, question: str, collection_id: str | None) -> dict[int, float]:
        """Passage number → cosine, of the nearest in scope."""
        vector = self.vector(question)
        if collection_id is not None:
            numbers, matrix = self._passages.shelf_vectors(collection_id, SMALL_SHELF + 1)
            if len(numbers) <= SMALL_SHELF:
                return dict(_nearest(vector, numbers, matrix, MEANING_FOUND))
        covered = self._index.covered()
        newer = self._enough(
            lambda limit: self._exact.nearest(vector, covered, limit), collection_id
        )
        if not covered:
            return newer
        found = self._enough(
            lambda limit: self._index.search(vector, limit), collection_id, INDEX_MOST
        )
        if self._index.covered() < covered or not (found or newer):  # it broke meanwhile
            return self._enough(lambda limit: self._exact.nearest(vector, 0, limit), collection_id)
        return found | newer

    def _enough(
        self,
        search: Callable[[int], list[tuple[int, float]]],
        collection_id: str | None,
        most: float = math.inf,
    ) -> dict[int, float]:
        """Asks for more and more where a shelf, or removed passages, thin the result out."""
        limit = MEANING_FOUND
        while True:
            found = search(limit)
            placed = self._placed(found, collection_id)
            if len(placed) >= ENOUGH or len(found) < limit or limit >= most:
                return placed
            limit *= 16

    def _placed(
        self, found: Sequence[tuple[int, float]], collection_id: str | None
    ) -> dict[int, float]:
        """Vector numbers as passage numbers, those that may not answer left out."""
        if not found:
            return {}
        places = self._passages.passages_of_vectors([seq for seq, _ in found], collection_id)
        return {places[seq]: cosine for seq, cosine in found if seq in places}

    def _embed(self, text: str) -> Vectors:
        return self._embedder.embed_question(text)


class _ExactVectors:
    """All vectors above a number, in memory, for search without the index.

    Grows by what was added since the last question and lets go of what the index has covered.
    Vectors of removed passages stay until then; whoever looks them up drops them.
    """

    def __init__(self, passages: Passages) -> None:
        self._passages = passages
        self._lock = threading.Lock()
        self._above = 0
        self._parts: list[tuple[Numbers, Vectors]] = []

    def nearest(self, vector: Vectors, above: int, limit: int) -> list[tuple[int, float]]:
        """(number, cosine) of the nearest with a number above `above`, best first."""
        found: list[tuple[int, float]] = []
        for numbers, matrix in self._grown(above):
            found += _nearest(vector, numbers, matrix, limit)
        return sorted(found, key=lambda pair: -pair[1])[:limit]

    def _grown(self, above: int) -> list[tuple[Numbers, Vectors]]:
        import numpy as np

        with self._lock:
            if above < self._above:
                self._parts = []
            self._above = above
            self._parts = [part for part in self._parts if part[0][-1] > above]
            if self._parts and self._parts[0][0][0] <= above:
                numbers, matrix = self._parts[0]
                first = int(np.searchsorted(numbers, above, side="right"))
                self._parts[0] = (numbers[first:].copy(), matrix[first:].copy())
            last = int(self._parts[-1][0][-1]) if self._parts else above
            while True:
                numbers_read, matrix = self._passages.vectors_above(last)
                if not numbers_read:
                    break
                self._add(np.array(numbers_read, np.int64), matrix)
                last = numbers_read[-1]
            return list(self._parts)

    def _add(self, numbers: Numbers, matrix: Vectors) -> None:
        """Small parts grow together, so that a thousand batches do not mean a thousand products."""
        import numpy as np

        while self._parts and len(self._parts[-1][0]) <= len(numbers):
            before, vectors = self._parts.pop()
            numbers = np.concatenate([before, numbers])
            matrix = np.concatenate([vectors, matrix])
        self._parts.append((numbers, matrix))


def _nearest(
    vector: Vectors, numbers: Numbers | Sequence[int], matrix: Vectors, limit: int
) -> list[tuple[int, float]]:
    import numpy as np

    if not len(numbers):
        return []
    cosines = matrix @ vector
    best = np.argsort(-cosines)[:limit] if len(cosines) <= limit else _top(cosines, limit)
    return [(int(numbers[i]), float(cosines[i])) for i in best]


def _top(cosines: Vectors, limit: int) -> npt.NDArray[np.intp]:
    import numpy as np

    best = np.argpartition(-cosines, limit)[:limit]
    order: npt.NDArray[np.intp] = best[np.argsort(-cosines[best])]
    return order
