"""A question in, an answer made of the documents' own words out; or a refusal that says why.

No model writes anything here: a reader marks the very words that answer, and they are shown
verbatim, in their sentences, each with the marker of its citation.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from ..domain.conversation import (
    Answer,
    Citation,
    Hit,
    Seconds,
    Sentence,
    ShelfChance,
    Value,
)
from ..domain.protocols import Reader
from ..domain.training import USUAL, Mix
from ..store.documents import Documents
from ..store.passages import Passages
from ..texts import NO_QUESTION
from .calibrate import Calibrator, features_of
from .choose import Chosen, Sought, choose
from .cite import Quoter
from .compose import Shown, compose
from .expect import expected
from .language import ENGLISH, is_foreign, language
from .mark import Seen, candidates
from .parallel import meant
from .rerank import SECONDS, Read, read_hits, reordered
from .retrieve import Retriever
from .route import Router
from .word_forms import said

if TYPE_CHECKING:
    from ..domain.protocols import Vectors

FOUND = 10  # hits that are looked at
LOOKED_INTO = 5  # of these, the passages whose sentences are weighed
DOUBTFUL = 0.2  # strength at most of what only comes closest; of such, 15 in 100 were right
NEAREST = 5  # hits kept with an answer: what else was found

REFUSAL = "Your documents do not seem to say this."
SEARCHED_ONE = "One document was searched"
SEARCHED = "{count} documents were searched"
SHOWN = "; what comes closest is shown below."
NOTHING = ", and nothing in {them} comes close."
NO_DOCUMENTS = "There are no documents here yet that could answer."


class QuoteAnswerer:
    """Answers in quotes; `reader` marks the very words, `router` says where to look first."""

    name = "quote"

    def __init__(
        self,
        retriever: Retriever,
        documents: Documents,
        passages: Passages,
        calibrator: Calibrator,
        reader: Reader,
        router: Router | None = None,
        seconds: float = SECONDS,
        mix: Mix = USUAL,
    ) -> None:
        """`seconds` is how long passages may be read; what is measured is read without a limit.

        `mix` is how search and reader are weighed against each other (the retriever has its own).
        """
        self._retriever = retriever
        self._documents = documents
        self._passages = passages
        self._calibrator = calibrator
        self._reader = reader
        self._router = router
        self._seconds = seconds
        self._mix = mix

    def answer(
        self,
        question: str,
        collection_id: str | None = None,
        *,
        passages_shown: int = 4,
        caution: str = "usual",
        on_stage: Callable[[str], None] = lambda stage: None,
        on_found: Callable[[Sequence[Hit]], None] = lambda hits: None,
    ) -> Answer:
        """Answers from the documents of a shelf, or of all. `on_stage` hears "search" and "read".

        `on_found` gets the `FOUND` best passages in the order that the reader puts them in.
        """
        started = time.perf_counter()
        on_stage("search")
        asked = any(character.isalnum() for character in question)
        hits, shelves = self._search(question, collection_id) if asked else ([], ())
        quoter = Quoter(self._documents.pages)
        hits = [
            hit for hit in hits if quoter.has(hit)
        ]  # a document may have been removed meanwhile
        searched = self._documents.count_ready(collection_id)
        searching = time.perf_counter() - started
        if hits:
            on_stage("read")
            seen = self.look(question, hits)
            found = [hit for hit, _ in seen.read]
            on_found([*found, *(hit for hit in hits if hit not in found)])
            answer = self._judged(seen, quoter, passages_shown, caution, searched)
        else:
            answer = self._refusal(_refusal_text(searched, False) if asked else NO_QUESTION)
        took = time.perf_counter() - started
        seconds = Seconds(searching, took, took)
        return replace(answer, searched=searched, seconds=seconds, shelves=shelves)

    def _search(
        self, question: str, collection_id: str | None
    ) -> tuple[list[Hit], tuple[ShelfChance, ...]]:
        """The best passages, and the shelves that were leaned to where all were asked."""
        if collection_id is not None or self._router is None:
            return self._retriever.retrieve(question, FOUND, collection_id), ()
        shelves = self._router.chances(question, self._retriever.vector(question))
        leaning = self._router.leaning(shelves)
        return self._retriever.retrieve(question, FOUND, leaning=leaning), shelves

    def warm(self) -> None:
        """Loads the models that the first question would wait for. Raises `ModelUnusable`."""
        self._retriever.vectors(["warm"])
        self._reader.read("warm", [("", "warm")])

    def look(self, question: str, hits: Sequence[Hit]) -> Seen:
        """Reads what was found and weighs its sentences and marks; all of it best first."""
        sought, embed = self.sought(question, hits)
        read = reordered(self.read_hits(question, hits), self._mix)
        looked_into = [hit for hit, _ in read[:LOOKED_INTO]]
        chosen = choose(looked_into, sought, embed)
        marked = meant(candidates(read, chosen, sought, self._mix), sought)
        if marked:
            chosen = _to_front(chosen, marked[0].around)
        return Seen(question, sought, read, chosen, marked, self._mix)

    def read_hits(self, question: str, hits: Sequence[Hit]) -> list[Read]:
        """The first hits with what the reader makes of each, in the order of the hits."""
        return read_hits(self._reader, question, hits, self._seconds)

    def sought(
        self, question: str, hits: Sequence[Hit]
    ) -> tuple[Sought, Callable[[Sequence[str]], Vectors]]:
        """The question taken apart, and what makes vectors of sentences to compare it with.

        Its words are those of its own language, or of what was found where it does not tell; in
        English documents, English ones.
        """
        read_in = language("\n".join(hit.text for hit in hits[:LOOKED_INTO]))
        asked_in = language(question) or read_in
        lang = ENGLISH if read_in == ENGLISH else asked_in
        weights: dict[str, float] = {}
        words = said(question, lang)
        for word, weight in self._retriever.weights(list(words)).items():
            weights[words[word]] = max(weight, weights.get(words[word], 0.0))
        compared_in = read_in if is_foreign(read_in) else asked_in
        vector, scale, embed = self._retriever.comparing(question, compared_in)
        kind = expected(question, asked_in, read_in)
        return Sought(vector, weights, kind, lang, scale), embed

    def _judged(self, seen: Seen, quoter: Quoter, most: int, caution: str, searched: int) -> Answer:
        """The answer of `most` sentences at most, or a refusal where the evidence is too weak."""
        found = [hit for hit, _ in seen.read]
        nearest = tuple(found[:NEAREST])
        features = features_of(seen)
        strength = self._calibrator.strength(features)
        if not seen.chosen or self._calibrator.refuses(features, caution):
            return self._refusal(_refusal_text(searched, True), nearest, strength)
        composed = compose(seen, most, _Surroundings(self._documents, self._passages))
        if composed.absent and caution != "bold":
            return self._refusal(_refusal_text(searched, True), nearest, min(strength, DOUBTFUL))
        citations, sentences = _cited(quoter, composed.shown)
        return Answer(
            text=_text(sentences, () if composed.short else composed.items),
            short=composed.short,
            refused=False,
            answerer=self.name,
            strength=min(strength, DOUBTFUL) if composed.doubtful else strength,
            citations=citations,
            sentences=sentences,
            nearest=nearest,
            kind=composed.kind,
            items=composed.items,
            values=composed.values,
        )

    def _refusal(self, text: str, nearest: tuple[Hit, ...] = (), strength: float = 0.0) -> Answer:
        return Answer(text, None, True, self.name, strength, nearest=nearest)


def _refusal_text(searched: int, something: bool) -> str:
    if not searched:
        return NO_DOCUMENTS
    count = SEARCHED_ONE if searched == 1 else SEARCHED.format(count=searched)
    end = SHOWN if something else NOTHING.format(them="it" if searched == 1 else "them")
    return f"{REFUSAL} {count}{end}"


class _Surroundings:
    """What else stands in the documents of hits."""

    def __init__(self, documents: Documents, passages: Passages) -> None:
        self._documents = documents
        self._passages = passages

    def front(self, hit: Hit) -> str:
        return "".join(page.text for page in self._documents.pages(hit.document_id, [1]))

    def beside(self, hit: Hit, step: int) -> Hit | None:
        passage = self._passages.at(hit.document_id, hit.position + step)
        if passage is None or passage.context != hit.context:
            return None
        return replace(
            hit,
            passage_id=passage.id,
            position=passage.position,
            text=passage.text,
            spans=passage.spans,
            quote="",
        )


def _to_front(chosen: Sequence[Chosen], first: Chosen) -> list[Chosen]:
    """The sentence that is shown first in front of the others."""
    place = (first.hit.passage_id, first.start, first.end)
    return [first, *(c for c in chosen if (c.hit.passage_id, c.start, c.end) != place)]


def _cited(
    quoter: Quoter, shown: Sequence[Shown]
) -> tuple[tuple[Citation, ...], tuple[Sentence, ...]]:
    """Citations in the order of their numbers, and the sentences that carry these."""
    citations: list[Citation] = []
    sentences: list[Sentence] = []
    for one in shown:
        numbers = []
        for hit, quoted, marked in one.sources:
            numbers.append(len(citations) + 1)
            spans = quoter.spans(hit, quoted)
            citations.append(
                Citation(
                    number=numbers[-1],
                    document_id=hit.document_id,
                    path=hit.path,
                    title=hit.title,
                    paged=hit.paged,
                    spans=spans,
                    quote=quoter.quote(hit.document_id, spans),
                    marked=quoter.spans(hit, marked),
                )
            )
        sentences.append(Sentence(one.text, True, tuple(numbers)))
    return tuple(citations), tuple(sentences)


def _text(sentences: Sequence[Sentence], items: Sequence[Value]) -> str:
    """All that is shown, with its markers; the items of a list below the first sentence."""
    paragraphs = [f"{sentence.text} {_markers(sentence)}" for sentence in sentences]
    lines = [f"- {item.text} [{item.number}]" for item in items]
    return "\n\n".join(["\n".join([*paragraphs[:1], *lines]), *paragraphs[1:]])


def _markers(sentence: Sentence) -> str:
    return " ".join(f"[{number}]" for number in sentence.numbers)
