"""Passages that may hold the answer: found by words and by meaning, their scores mixed.

Each question brings its scores to one scale: words as a share of the best match, meaning between
the farthest and the nearest passage found. A passage without a vector yet stands with its words
alone, so that a document answers as soon as it is read.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from ..domain.conversation import Hit
from ..domain.protocols import Embedder, Index
from ..store.documents import Documents
from ..store.passages import Passages, StoredPassage
from .cite import quoted
from .match import expression, terms
from .meaning import MEANING_FOUND, Meaning

if TYPE_CHECKING:
    from ..domain.protocols import Vectors

MEANING = 0.7  # weight of the vectors in the mix; words have the rest
DOCUMENT = 0.3  # weight of the best passage of its document in a passage's score
WORDS_FOUND = 300  # matches by words that are looked at; reading them is what costs
FOLDED_FROM = 40  # characters; the same short text under two headings is two things


class Retriever:
    """Searches a library. Safe for threads."""

    def __init__(
        self, passages: Passages, documents: Documents, embedder: Embedder, index: Index
    ) -> None:
        self._passages = passages
        self._documents = documents
        self._meaning = Meaning(passages, embedder, index)

    def retrieve(
        self, question: str, limit: int = 10, collection_id: str | None = None
    ) -> list[Hit]:
        """The best passages of documents that may answer, best first; twins count once."""
        by_words = dict(self._by_words(question, collection_id))
        by_meaning = self._meaning.near(question, collection_id)
        lacking = [number for number in by_words if number not in by_meaning]
        # What the words found has its cosine taken too: else it would stand for "far away".
        by_meaning |= self._meaning.cosines(question, lacking[:MEANING_FOUND])
        mixed = _mixed(by_words, by_meaning, set(lacking[MEANING_FOUND:]))
        mixed = _lifted(mixed, self._passages.documents_of(list(mixed)))
        order = sorted(mixed, key=lambda number: (-mixed[number], number))
        found = self._passages.get(order[: 3 * limit], collection_id)
        kept, folded = _folded([found[number] for number in order if number in found], limit)
        paths = self._passages.paths_of_folds([stored.fold for stored in folded], collection_id)
        texts = self._texts(kept)
        return [
            _hit(rank, stored, mixed, by_meaning, by_words, texts, paths.get(stored.fold, ()))
            for rank, stored in enumerate(kept, 1)
        ]

    def vector(self, text: str) -> Vectors:
        """The vector of a question (dimensions,); kept for the next time."""
        return self._meaning.vector(text)

    def vectors(self, texts: Sequence[str]) -> Vectors:
        """The vectors of several texts (n, dimensions)."""
        return self._meaning.vectors(texts)

    def weights(self, looked_for: Sequence[str]) -> dict[str, float]:
        """How much each word says: the logarithm of how rare it is among all passages."""
        counts, total = self._passages.document_frequency(looked_for)
        return {
            word: math.log(1 + (total - count + 0.5) / (count + 0.5))
            for word, count in counts.items()
        }

    def _by_words(self, question: str, collection_id: str | None) -> list[tuple[int, float]]:
        looked_for = terms(question)
        if not looked_for:
            return []
        return self._passages.search_words(expression(looked_for), WORDS_FOUND, collection_id)

    def _texts(self, kept: Iterable[StoredPassage]) -> dict[tuple[str, int], str]:
        wanted: dict[str, set[int]] = {}
        for stored in kept:
            pages = wanted.setdefault(stored.passage.document_id, set())
            pages.update(span.page for span in stored.passage.spans)
        return {
            (document_id, page.number): page.text
            for document_id, numbers in wanted.items()
            for page in self._documents.pages(document_id, numbers)
        }


def _mixed(
    by_words: Mapping[int, float], by_meaning: Mapping[int, float], unknown: set[int]
) -> dict[int, float]:
    """Passage number → score from 0 to 1. `unknown` may have a vector, which was not looked at."""
    most = max(by_words.values(), default=0.0)
    near = max(by_meaning.values(), default=0.0)
    far = min(by_meaning.values(), default=0.0)
    mixed: dict[int, float] = {}
    for number in by_words.keys() | by_meaning.keys():
        words = by_words.get(number, 0.0) / most if most > 0 else 0.0
        if number in by_meaning:
            meaning = (by_meaning[number] - far) / (near - far) if near > far else 1.0
            mixed[number] = MEANING * meaning + (1 - MEANING) * words
        elif number not in unknown:
            mixed[number] = words
    return mixed


def _lifted(mixed: Mapping[int, float], documents: Mapping[int, str]) -> dict[int, float]:
    """Scores with a share of the best one of the same document, still from 0 to 1.

    A question often names a document ("the lease of …") whose other passages do not repeat it.
    """
    best: dict[str, float] = {}
    for number, score in mixed.items():
        document = documents.get(number, "")
        best[document] = max(score, best.get(document, 0.0))
    return {
        number: (score + DOCUMENT * best[documents.get(number, "")]) / (1 + DOCUMENT)
        for number, score in mixed.items()
    }


def _folded(
    found: Sequence[StoredPassage], limit: int
) -> tuple[list[StoredPassage], list[StoredPassage]]:
    """The first `limit` with each text once, and which of them may have twins."""
    kept: list[StoredPassage] = []
    seen: set[bytes] = set()
    for stored in found:
        long = len(stored.passage.text) >= FOLDED_FROM
        if long and stored.fold in seen:
            continue
        seen.add(stored.fold)
        kept.append(stored)
        if len(kept) == limit:
            break
    return kept, [stored for stored in kept if len(stored.passage.text) >= FOLDED_FROM]


def _hit(
    rank: int,
    stored: StoredPassage,
    mixed: Mapping[int, float],
    by_meaning: Mapping[int, float],
    by_words: Mapping[int, float],
    texts: Mapping[tuple[str, int], str],
    paths: Sequence[str],
) -> Hit:
    passage = stored.passage
    pages = {span.page: texts.get((passage.document_id, span.page), "") for span in passage.spans}
    return Hit(
        rank=rank,
        score=mixed[stored.number],
        passage_id=passage.id,
        document_id=passage.document_id,
        title=stored.title,
        path=stored.path,
        paged=stored.paged,
        position=passage.position,
        text=passage.text,
        context=passage.context,
        spans=passage.spans,
        quote=quoted(passage.spans, pages),
        by_meaning=by_meaning.get(stored.number),
        by_words=by_words.get(stored.number),
        twins=tuple(path for path in paths if path != stored.path),
    )
