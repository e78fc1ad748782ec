"""Nearness in meaning: passages whose vectors lie near a question's, with the index and without.

Two models may see a library: one for English, one for the documents in other languages, which
finds across languages too. Their cosines are no one scale: 0.8 is near for the one and nothing for
the other. So those of the second are told on the scale of the first, by how far each stands out
from a sample of its passages. What the first model finds is left as it is.

The second model has a leaning: two texts in one language lie nearer than two that mean the same in
two languages. Where documents in the question's language are there, that is as it should be. Where
none is, it only hides some languages behind others, and each is held against its own sample.
"""

from __future__ import annotations

import functools
import math
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from ..domain.protocols import Embedder, Index
from ..store.passages import Passages
from ..store.vectors import SAMPLE
from .language import is_foreign, language

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from ..domain.protocols import Vectors

    Numbers = npt.NDArray[np.int64]
    Turn = Callable[[Vectors], Vectors]

MEANING_FOUND = 60
ENOUGH = 30  # of these that may answer; with fewer, more are asked for
INDEX_MOST = 900  # asked of the index at most
SMALL_SHELF = 3_000  # vectors; up to here a shelf is searched exactly
QUESTIONS_KEPT = 512
SAMPLE_LEAST = 30  # passages whose cosines have a mean and a spread that say something
SPREAD_LEAST = 0.005  # where all passages are one and the same
ACROSS = 4  # times as many are looked at before languages are held against each other
# Mean and spread of a question's cosines with passages of all kinds, as measured: of the English
# model (squad, handbook, contracts), and of the other one where there is no sample.
ENGLISH_COSINES = (0.07, 0.11)
OTHER_COSINES = (0.75, 0.023)


class Meaning:
    """Searches a library, by one model or by two. Safe for threads."""

    def __init__(
        self,
        passages: Passages,
        embedder: Embedder,
        index: Index,
        languages: Sight | None = None,
        turn: Turn | None = None,
    ) -> None:
        """`turn` is what the English model's questions are searched with; see `Sight`."""
        self._passages = passages
        self._own = Sight(passages, embedder, index, turn)
        self._languages = languages

    def vector(self, text: str) -> Vectors:
        """The vector of a question (dimensions,) by the English model; kept for the next time."""
        return self._own.vector(text)

    def vectors(self, texts: Sequence[str]) -> Vectors:
        """The vectors of several texts (n, dimensions) by the English model."""
        return self._own.embedder.embed(texts)

    def comparing(
        self, question: str, lang: str
    ) -> tuple[Vectors, tuple[float, float], Callable[[Sequence[str]], Vectors]]:
        """What compares a question with sentences in `lang`, by the model that knows it best.

        The question's vector; what to add to cosines with it, and what to multiply them by first,
        for the scale of the English model; what makes the vectors of sentences.
        """
        if self._languages is None or not is_foreign(lang):
            return self.vector(question), (0.0, 1.0), self.vectors
        usual, usual_spread = self._languages.background(question, lang)
        mean, spread = ENGLISH_COSINES
        factor = spread / usual_spread
        scale = (mean - factor * usual, factor)
        return self._languages.vector(question), scale, self._languages.embedder.embed

    def understands(self, lang: str) -> bool:
        """Whether a model that knows this language is there."""
        return self._languages is not None or not is_foreign(lang)

    def near(self, question: str, collection_id: str | None) -> dict[int, float]:
        """Passage number → cosine, of the nearest in scope, on the scale of the English model."""
        found = self._own.near(question, collection_id)
        langs = self._other_languages(collection_id)
        if self._languages is None or not langs:
            return found
        others = self._languages.near(question, collection_id, ACROSS * MEANING_FOUND)
        told = self._told(question, others, langs)
        best = sorted(told, key=lambda number: -told[number])[:MEANING_FOUND]
        return found | {number: told[number] for number in best}

    def cosines(self, question: str, numbers: Sequence[int]) -> dict[int, float]:
        """Passage number → cosine with the question, of those that have a vector."""
        found = self._own.cosines(question, numbers)
        langs = self._other_languages(None)
        if self._languages is None or not langs:
            return found
        others = self._languages.cosines(question, numbers)
        return found | self._told(question, others, langs)

    def _other_languages(self, collection_id: str | None) -> frozenset[str]:
        return frozenset(filter(is_foreign, self._passages.languages(collection_id)))

    def _told(
        self, question: str, cosines: Mapping[int, float], langs: frozenset[str]
    ) -> dict[int, float]:
        """Cosines of the second model on the scale of the first. `langs`: of its documents."""
        if not cosines or self._languages is None:
            return {}
        asked_in = language(question)
        known = {} if asked_in in langs else self._passages.languages_of(list(cosines))
        backgrounds = {
            lang: self._languages.background(question, lang) for lang in {asked_in, *known.values()}
        }
        mean, spread = ENGLISH_COSINES
        told: dict[int, float] = {}
        for number, cosine in cosines.items():
            usual, usual_spread = backgrounds[known.get(number, asked_in)]
            told[number] = mean + spread * (cosine - usual) / usual_spread
        return told


class Sight:
    """A library as one model sees it. Safe for threads."""

    def __init__(
        self, passages: Passages, embedder: Embedder, index: Index, turn: Turn | None = None
    ) -> None:
        """`turn` makes of a question's vector (dimensions,) the one that passages are held against.

        In search alone: to tell how near a sentence is, the vector stays as the model gives it.
        """
        self.embedder = embedder
        self.passages = passages
        self.index = index
        self._exact = _ExactVectors(passages)
        self._sample = _Sample(passages)
        self._thin = 0  # the covered number of an index that gives too little to be asked
        self._embedded = functools.lru_cache(QUESTIONS_KEPT)(embedder.embed_question)
        self._turned = self._embedded
        if turn is not None:
            self._turned = functools.lru_cache(QUESTIONS_KEPT)(lambda text: turn(self.vector(text)))

    def vector(self, text: str) -> Vectors:
        """The vector of a question (dimensions,); kept for the next time."""
        return self._embedded(text)

    def newer(self) -> int:
        """How many vectors the index does not cover."""
        return self.passages.count_vectors(above=self.index.covered())

    def background(self, question: str, lang: str) -> tuple[float, float]:
        """Mean and standard deviation of the question's cosines with passages of a language.

        With those of all languages where there are few of it, and as measured where few are any.
        """
        langs, sample = self._sample.get()
        cosines = sample @ self.vector(question) if len(sample) else sample
        of_lang = cosines[[found == lang for found in langs]] if len(sample) else cosines
        if len(of_lang) >= SAMPLE_LEAST:
            cosines = of_lang
        if len(cosines) < SAMPLE_LEAST:
            return OTHER_COSINES
        return float(cosines.mean()), max(float(cosines.std()), SPREAD_LEAST)

    def cosines(self, question: str, numbers: Sequence[int]) -> dict[int, float]:
        """Passage number → cosine with the question, of those that have a vector."""
        found = self.passages.vectors_of(numbers)
        if not found:
            return {}
        vector = self._turned(question)
        return {number: float(other @ vector) for number, other in found.items()}

    def near(
        self, question: str, collection_id: str | None, limit: int = MEANING_FOUND
    ) -> dict[int, float]:
        """Passage number → cosine, of the nearest in scope, about `limit`."""
        vector = self._turned(question)
        if collection_id is not None:
            numbers, matrix = self.passages.shelf_vectors(collection_id, SMALL_SHELF + 1)
            if len(numbers) <= SMALL_SHELF:
                return dict(_nearest(vector, numbers, matrix, limit))
        covered = self.index.covered()
        if covered == self._thin:
            covered = 0
        newer, _ = self._enough(
            lambda count: self._exact.nearest(vector, covered, count), collection_id, limit
        )
        if not covered:
            return newer
        found, more = self._enough(
            lambda count: self.index.search(vector, count), collection_id, limit, INDEX_MOST
        )
        broke = self.index.covered() < covered  # meanwhile
        if (found or newer) and not (broke or more):
            return found | newer
        if more and not broke:
            if collection_id is not None:
                return dict(_nearest(vector, *self.passages.shelf_vectors(collection_id), limit))
            self._thin = covered  # of what it holds, much was removed or has another model's now
        return self._enough(
            lambda count: self._exact.nearest(vector, 0, count), collection_id, limit
        )[0]

    def _enough(
        self,
        search: Callable[[int], list[tuple[int, float]]],
        collection_id: str | None,
        limit: int,
        most: float = math.inf,
    ) -> tuple[dict[int, float], bool]:
        """Asks for more and more where a shelf, or removed passages, thin the result out.

        Also whether too few were found where there are more than it asks for.
        """
        while True:
            found = search(limit)
            placed = self._placed(found, collection_id)
            if len(placed) >= ENOUGH or len(found) < limit:
                return placed, False
            if limit >= most:
                return placed, True
            limit *= 16

    def _placed(
        self, found: Sequence[tuple[int, float]], collection_id: str | None
    ) -> dict[int, float]:
        """Vector numbers as passage numbers, those that may not answer left out."""
        if not found:
            return {}
        places = self.passages.passages_of_vectors([seq for seq, _ in found], collection_id)
        return {places[seq]: cosine for seq, cosine in found if seq in places}


class _Sample:
    """Vectors that stand for all of a model; drawn anew as long as there are few of them."""

    def __init__(self, passages: Passages) -> None:
        self._passages = passages
        self._lock = threading.Lock()
        self._seen = -1  # the highest vector number of any model
        self._drawn_at = -1  # the highest of this model when it was drawn
        self._own = 0  # the highest of this model
        self._drawn: tuple[list[str], Vectors] | None = None

    def get(self) -> tuple[list[str], Vectors]:
        """(their languages, float32 (n, dimensions))."""
        with self._lock:
            made = self._passages.vectors_made()
            if made > self._seen:  # only what is new is looked through
                self._own = self._passages.highest_vector(max(self._seen, 0)) or self._own
                self._seen = made
            full = self._drawn is not None and len(self._drawn[0]) == SAMPLE
            if self._drawn is None or self._own > (2 * self._drawn_at if full else self._drawn_at):
                self._drawn, self._drawn_at = self._passages.sample(), self._own
            return self._drawn


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
