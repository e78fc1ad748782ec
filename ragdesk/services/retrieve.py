"""Passages that may hold the answer: found by words and by meaning, their scores mixed.

Each question brings its scores to one scale: words as a share of the best match, meaning between
the farthest and the nearest passage found. A passage without a vector yet stands with its words
alone, so that a document answers as soon as it is read.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..domain.conversation import Hit
from ..domain.protocols import Embedder, Index
from ..domain.training import USUAL, Mix
from ..store.documents import Documents
from ..store.passages import Passages, StoredPassage
from . import word_forms
from .abbreviate import variants
from .cite import quoted
from .correct import corrected
from .language import language
from .match import expression
from .meaning import MEANING_FOUND, SMALL_SHELF, Meaning, Sight
from .named import NAMES_NEEDED, Named, files, in_files, named, names
from .weigh import joined, leaned, lifted, meaning_share, mixed

if TYPE_CHECKING:
    from ..domain.protocols import Vectors
    from .meaning import Turn

WORDS_FOUND = 300  # matches by words that are looked at; reading them is what costs
MOST_WORDS = 64  # of a question are looked for
FRONTS = 12  # documents looked at for the names in a question
FOLDED_FROM = 40  # characters; the same short text under two headings is two things


class Retriever:
    """Searches a library. Safe for threads."""

    def __init__(
        self,
        passages: Passages,
        documents: Documents,
        embedder: Embedder,
        index: Index,
        languages: Sight | None = None,
        mix: Mix = USUAL,
        turn: Turn | None = None,
    ) -> None:
        """`turn` is what the English model's questions are searched with; see `Sight`."""
        self._passages = passages
        self._documents = documents
        self._meaning = Meaning(passages, embedder, index, languages, turn)
        self._mix = mix

    def retrieve(
        self,
        question: str,
        limit: int = 10,
        collection_id: str | None = None,
        leaning: Mapping[str, float] | None = None,
    ) -> list[Hit]:
        """The best passages of documents that may answer, best first; twins count once.

        `leaning`, collection → score to add, prefers shelves softly; a document on several, and a
        text in several documents, take the highest.
        """
        found = self.find(question, collection_id)
        scores = found.scores(self._mix)
        if leaning:
            shelves = self._passages.fronts.shelves(list(set(found.documents.values())))
            scores = leaned(scores, found.documents, shelves, leaning)
        kept, folded = self._kept(scores, limit, collection_id)
        paths = self._passages.paths_of_folds([stored.fold for stored in folded], collection_id)
        texts = self._texts(kept)
        by_words, by_meaning = found.by_words, found.by_meaning
        return [
            _hit(rank, stored, scores, by_words, by_meaning, texts, paths.get(stored.fold, ()))
            for rank, stored in enumerate(kept, 1)
        ]

    def find(self, question: str, collection_id: str | None = None) -> Found:
        """What words and meaning find, not weighed yet: `Found.scores` mixes them."""
        whole = self._everywhere(question, collection_id)
        documents = self._passages.documents_of(whole.numbers)
        meant = self._named(question, whole, documents, collection_id)
        if meant is None:
            return Found(whole, None, documents)
        rest = self._inside(meant)
        return Found(whole, rest, documents | self._passages.documents_of(rest.numbers))

    def vector(self, text: str) -> Vectors:
        """The vector of a question (dimensions,); kept for the next time."""
        return self._meaning.vector(text)

    def vectors(self, texts: Sequence[str]) -> Vectors:
        """The vectors of several texts (n, dimensions)."""
        return self._meaning.vectors(texts)

    def comparing(
        self, question: str, lang: str
    ) -> tuple[Vectors, tuple[float, float], Callable[[Sequence[str]], Vectors]]:
        """What compares a question with sentences in `lang`; see `Meaning.comparing`."""
        return self._meaning.comparing(question, lang)

    def weights(self, looked_for: Sequence[str]) -> dict[str, float]:
        """How much each word says: the logarithm of how rare it is among all passages."""
        counts, total = self._passages.document_frequency(looked_for)
        return {
            word: math.log(1 + (total - count + 0.5) / (count + 0.5))
            for word, count in counts.items()
        }

    def _everywhere(self, question: str, collection_id: str | None) -> Wording:
        """What a question finds in all documents in scope."""
        looked_for = self._terms(question, collection_id)
        by_words: dict[int, float] = {}
        if looked_for:
            by_words = dict(
                self._passages.search_words(expression(looked_for), WORDS_FOUND, collection_id)
            )
        by_meaning = self._meaning.near(question, collection_id)
        # What the words found has its cosine taken too: else it would stand for "far away".
        by_meaning |= self._meaning.cosines(question, [n for n in by_words if n not in by_meaning])
        return self._wording(question, by_words, by_meaning)

    def _inside(self, meant: Named) -> Wording:
        """What the rest of a question finds in the documents that it names."""
        fronts = self._passages.fronts
        looked_for = self._terms(meant.rest, None)
        by_words: dict[int, float] = {}
        if looked_for:
            by_words = dict(
                fronts.search_words(expression(looked_for), meant.documents, WORDS_FOUND)
            )
        numbers = fronts.numbers(meant.documents, SMALL_SHELF)
        cosines = self._meaning.cosines(meant.rest, list(dict.fromkeys([*by_words, *numbers])))
        nearest = sorted(cosines, key=lambda number: -cosines[number])[:MEANING_FOUND]
        by_meaning = {n: cosines[n] for n in (*nearest, *by_words) if n in cosines}
        return self._wording(meant.rest, by_words, by_meaning)

    def _wording(
        self, question: str, by_words: dict[int, float], by_meaning: dict[int, float]
    ) -> Wording:
        asked_in = language(question)
        said = word_forms.terms(question, {asked_in})[:MOST_WORDS]
        worth = sum(self.weights(said).values())
        cover = max(by_words.values(), default=0.0) / worth if worth else 0.0
        understood = self._meaning.understands(asked_in)
        return Wording(by_words, by_meaning, len(said), cover, understood)

    def _named(
        self,
        question: str,
        found: Wording,
        documents: Mapping[int, str],
        collection_id: str | None,
    ) -> Named | None:
        """The documents that a question names, by their files or by what stands on their fronts."""
        fronts = self._passages.fronts
        if wanted := files(question):
            known = {name: fronts.of_file(name, collection_id) for name in wanted}
            if meant := in_files(question, known):
                return meant
        asked = names(question)
        if len(asked) < NAMES_NEEDED:
            return None
        order = sorted(found.by_words, key=lambda number: -found.by_words[number])
        likely = list(dict.fromkeys(documents[n] for n in order if n in documents))[:FRONTS]
        return named(question, fronts.of(likely), self.weights(asked))

    def _terms(self, question: str, collection_id: str | None) -> list[str]:
        langs = self._passages.languages(collection_id)
        looked_for = word_forms.terms(question, langs)[:MOST_WORDS]
        said = word_forms.terms(question, {language(question)})[:MOST_WORDS]
        meant = corrected(said, self._passages.vocabulary)
        others = variants(question, self._passages.short_forms, collection_id)
        return list(dict.fromkeys([*looked_for, *meant, *others]))

    def _kept(
        self, scores: Mapping[int, float], limit: int, collection_id: str | None
    ) -> tuple[list[StoredPassage], list[StoredPassage]]:
        """The best `limit` with each text once, and which of them may have twins."""
        order = sorted(scores, key=lambda number: (-scores[number], number))
        found: list[StoredPassage] = []
        for start in range(0, len(order), 3 * limit):  # further only where twins filled the place
            some = order[start : start + 3 * limit]
            stored = self._passages.get(some, collection_id)
            found += [stored[number] for number in some if number in stored]
            if len(_folded(found, limit)[0]) == limit:
                break
        return _folded(found, limit)

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


@dataclass(frozen=True, slots=True)
class Wording:
    """What a question, or the rest of one, finds: passage number → BM25 score, and cosine.

    `said`, `cover` and `understood` are what `weigh.meaning_share` goes by.
    """

    by_words: dict[int, float]
    by_meaning: dict[int, float]
    said: int
    cover: float
    understood: bool

    @property
    def numbers(self) -> list[int]:
        """The passages that either of them found."""
        return list(self.by_words.keys() | self.by_meaning.keys())

    def scores(self, mix: Mix) -> dict[int, float]:
        share = meaning_share(self.said, self.cover, self.understood, mix)
        return mixed(self.by_words, self.by_meaning, share)


@dataclass(frozen=True, slots=True)
class Found:
    """What a question finds everywhere, and its rest in the documents that it names, if any.

    `documents` is passage number → the id of its document.
    """

    whole: Wording
    rest: Wording | None
    documents: dict[int, str]

    @property
    def by_words(self) -> dict[int, float]:
        rest = self.rest.by_words if self.rest is not None else {}
        return rest | self.whole.by_words

    @property
    def by_meaning(self) -> dict[int, float]:
        rest = self.rest.by_meaning if self.rest is not None else {}
        return rest | self.whole.by_meaning

    def scores(self, mix: Mix = USUAL) -> dict[int, float]:
        """Passage number → score from 0 to 1, as search ranks by it where no shelf is leaned to."""
        scores = lifted(self.whole.scores(mix), self.documents, mix)
        return scores if self.rest is None else joined(scores, self.rest.scores(mix))


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
    scores: Mapping[int, float],
    by_words: Mapping[int, float],
    by_meaning: Mapping[int, float],
    texts: Mapping[tuple[str, int], str],
    paths: Sequence[str],
) -> Hit:
    passage = stored.passage
    pages = {span.page: texts.get((passage.document_id, span.page), "") for span in passage.spans}
    return Hit(
        rank=rank,
        score=scores[stored.number],
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
