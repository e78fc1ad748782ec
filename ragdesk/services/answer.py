"""A question in, an answer made of the documents' own words out; or a refusal that says why.

No model writes anything here: the sentences that answer are chosen among those of the passages
that were found, and shown verbatim, each with the marker of its citation.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Sequence

from ..domain.conversation import Answer, Citation, Hit, Seconds, Sentence
from ..domain.protocols import Reader
from ..store.documents import Documents
from .calibrate import Calibrator, features_of
from .choose import Chosen, Sought, choose
from .cite import Quoter
from .expect import expected
from .match import stem, terms
from .mend import CELLS
from .retrieve import Retriever

FOUND = 10  # hits that the evidence is judged by
READ = 5  # of these, passages whose sentences are looked at
BEHIND = 0.1  # a sentence this far behind the best one is shown too: one in four is right
NEAREST = 3  # hits shown with a refusal
# Kinds of words that a pattern tells from others well enough to mark them.
SURE_KINDS = frozenset(("email", "phone", "percent", "duration", "money", "date", "count"))
_BARE = re.compile(r"\s*[\d.,]+\s*")

REFUSAL = "Your documents do not seem to say this."
SEARCHED_ONE = "One document was searched"
SEARCHED = "{count} documents were searched"
SHOWN = "; what comes closest is shown below."
NOTHING = ", and nothing in {them} comes close."
NO_DOCUMENTS = "There are no documents here yet that could answer."


class QuoteAnswerer:
    """Answers in quotes. `reader`, where there is one, marks the very words."""

    name = "quote"

    def __init__(
        self,
        retriever: Retriever,
        documents: Documents,
        calibrator: Calibrator,
        reader: Reader | None = None,
    ) -> None:
        self._retriever = retriever
        self._documents = documents
        self._calibrator = calibrator
        self._reader = reader

    def answer(
        self,
        question: str,
        collection_id: str | None = None,
        *,
        passages_shown: int = 4,
        caution: str = "usual",
        on_stage: Callable[[str], None] = lambda stage: None,
    ) -> Answer:
        """Answers from the documents of a shelf, or of all. `on_stage` hears "search" and "read"."""
        started = time.perf_counter()
        on_stage("search")
        hits = self._retriever.retrieve(question, FOUND, collection_id)
        seconds = Seconds(search=time.perf_counter() - started)
        searched = self._documents.count_ready(collection_id)
        if not hits:
            return self._refusal((), searched, 0.0, seconds, started)
        on_stage("read")
        sought = self.sought(question)
        chosen = choose(hits[:READ], sought, self._retriever.vectors)
        features = features_of(hits, chosen, sought)
        strength = self._calibrator.strength(features)
        if not chosen or self._calibrator.refuses(features, caution):
            return self._refusal(hits[:NEAREST], searched, strength, seconds, started)
        shown = _shown(chosen, passages_shown)
        short, marked = self._very_words(question, shown[0], sought)
        quoter = Quoter(self._documents.pages)
        citations = [
            _citation(quoter, number, stretch, marked if number == 1 else None)
            for number, stretch in enumerate(shown, 1)
        ]
        sentences = [
            Sentence(stretch.shown, True, (number,)) for number, stretch in enumerate(shown, 1)
        ]
        took = time.perf_counter() - started
        return Answer(
            text="\n\n".join(f"{s.text} [{s.numbers[0]}]" for s in sentences),
            short=short,
            refused=False,
            answerer=self.name,
            strength=strength,
            citations=tuple(citations),
            sentences=tuple(sentences),
            searched=searched,
            seconds=Seconds(seconds.search, took, took),
        )

    def sought(self, question: str) -> Sought:
        """The question taken apart."""
        weights: dict[str, float] = {}
        for word, weight in self._retriever.weights(terms(question)).items():
            weights[stem(word)] = max(weight, weights.get(stem(word), 0.0))
        return Sought(self._retriever.vector(question), weights, expected(question))

    def _very_words(
        self, question: str, best: Chosen, sought: Sought
    ) -> tuple[str | None, tuple[int, int] | None]:
        """The words of the first sentence that answer, and where they stand in its passage.

        This is the place of the trained reader. Without it, words are marked only where the
        question asks for a kind of words and the sentence holds exactly one of them; in a row not
        beside bare numbers, any of which may be meant.
        """
        if self._reader is not None:
            read = self._reader.read(question, [best.text])[0]
            if read is None:
                return None, None
            start, end = best.start + read[0], best.start + read[0] + read[1]
            return best.hit.text[start:end], (start, end)
        asked = sought.expected
        found = asked.find(best.text) if asked and asked.kind in SURE_KINDS else []
        if len(found) != 1 or (best.head and any(map(_BARE.fullmatch, best.text.split(CELLS)))):
            return None, None
        start, end = best.start + found[0][0], best.start + found[0][1]
        return best.hit.text[start:end], (start, end)

    def _refusal(
        self,
        nearest: Sequence[Hit],
        searched: int,
        strength: float,
        seconds: Seconds,
        started: float,
    ) -> Answer:
        took = time.perf_counter() - started
        return Answer(
            text=_refusal_text(searched, bool(nearest)),
            short=None,
            refused=True,
            answerer=self.name,
            strength=strength,
            nearest=tuple(nearest),
            searched=searched,
            seconds=Seconds(seconds.search, took, took),
        )


def _refusal_text(searched: int, something: bool) -> str:
    if not searched:
        return NO_DOCUMENTS
    count = SEARCHED_ONE if searched == 1 else SEARCHED.format(count=searched)
    end = SHOWN if something else NOTHING.format(them="it" if searched == 1 else "them")
    return f"{REFUSAL} {count}{end}"


def _shown(chosen: Sequence[Chosen], passages: int) -> list[Chosen]:
    """The best sentence, then others that come near it: `passages` at most."""
    best = chosen[0]
    shown = [best]
    for sentence in chosen[1:]:
        if sentence.score < best.score - BEHIND or len(shown) >= passages:
            break
        if all(not _overlap(sentence, other) for other in shown):
            shown.append(sentence)
    return shown


def _citation(
    quoter: Quoter, number: int, stretch: Chosen, marked: tuple[int, int] | None
) -> Citation:
    """The citation of a sentence, a row's header in front; `marked` are its very words, if any."""
    hit, place = stretch.hit, (stretch.start, stretch.end)
    spans = quoter.spans(hit, [stretch.head, place] if stretch.head else [place])
    return Citation(
        number=number,
        document_id=hit.document_id,
        path=hit.path,
        title=hit.title,
        paged=hit.paged,
        spans=spans,
        quote=quoter.quote(hit.document_id, spans),
        marked=quoter.spans(hit, [marked or place]),
    )


def _overlap(first: Chosen, second: Chosen) -> bool:
    if first.text == second.text:
        return True
    same = first.hit.passage_id == second.hit.passage_id
    return same and first.start < second.end and second.start < first.end
