"""What a model wrote, made an answer: sentences that were checked, citations that open the words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ..domain.conversation import Answer, Citation, Hit, Marks, Sentence
from .cite import Quoter
from .compare import normal
from .point import around, merged, very_words
from .support import doubt_of
from .utterance import Written, sentences_of, text_of, verdict
from .widen import widened

if TYPE_CHECKING:
    from .support import Embed

SHORT = 8  # words; a first sentence with no more is the short answer itself
HALF = 0.5  # what a sentence that is not borne out counts for in the strength of an answer

NOTHING = Marks(there=0.0)


@dataclass(frozen=True, slots=True)
class Draft:
    """What a model wrote from the passages `given`; its marker [n] cites `cited[n - 1]`.

    `finish` as in `Answer`; `first_word` is the moment of it on the clock of `time.perf_counter`,
    0 where none came.
    """

    text: str
    thinking: str
    cited: tuple[Hit, ...]
    given: tuple[Hit, ...]
    finish: str
    first_word: float
    words_a_second: float


def put_together(
    draft: Draft, marks: Mapping[str, Marks], quoter: Quoter, embed: Embed, evidence: float
) -> Answer:
    """The answer; `marks` is what the reader made of the passages for the question, by passage.

    Its strength is `evidence`, the calibrated chance that what was found answers, times the mean
    over its sentences, in which one that is not borne out counts half. That half is set, not fitted:
    it lets an answer sink below another of the same evidence, and says no more.
    """
    written = [
        _with_neighbours(one, draft, beside, embed, marks)
        for one, beside in _beside(sentences_of(draft.text))
    ]
    sentences = []
    for one in written:
        doubt = doubt_of(one.text, _cited(one, draft), embed, marks)
        sentences.append(Sentence(one.text, not doubt, one.numbers, doubt))
    citations = tuple(
        _citation(number, hit, written, marks, quoter) for number, hit in enumerate(draft.cited, 1)
    )
    kind, short = _short(sentences, draft, marks)
    return Answer(
        text=text_of(written),
        short=short,
        refused=False,
        answerer="",
        strength=evidence * mean_support(sentences),
        citations=citations,
        sentences=tuple(sentences),
        kind=kind,
    )


def mean_support(sentences: Sequence[Sentence]) -> float:
    """The mean over sentences of 1, or of `HALF` where one is not borne out; 1 without any."""
    counted = [1.0 if one.supported else HALF for one in sentences]
    return sum(counted) / len(counted) if counted else 1.0


def _beside(written: Sequence[Written]) -> list[tuple[Written, list[Written]]]:
    """Each sentence with those right behind and before it on its line."""
    found = []
    for at, one in enumerate(written):
        near = [*written[at + 1 : at + 2], *written[max(at - 1, 0) : at]]
        found.append((one, [other for other in near if other.line == one.line]))
    return found


def _with_neighbours(
    one: Written,
    draft: Draft,
    beside: Sequence[Written],
    embed: Embed,
    marks: Mapping[str, Marks],
) -> Written:
    """A sentence without markers takes those of the one beside it, if these passages bear it out."""
    if one.numbers:
        return one
    for other in beside:
        hits = _cited(other, draft)
        if hits and not doubt_of(one.text, hits, embed, marks):
            return replace(one, numbers=other.numbers)
    return one


def _cited(one: Written, draft: Draft) -> list[Hit]:
    return [draft.cited[number - 1] for number in one.numbers]


def _citation(
    number: int,
    hit: Hit,
    written: Sequence[Written],
    marks: Mapping[str, Marks],
    quoter: Quoter,
) -> Citation:
    """The target of a marker: the very words of every sentence that bears it."""
    made = marks.get(hit.passage_id, NOTHING)
    places = merged([very_words(w.text, hit, made) for w in written if number in w.numbers])
    spans = quoter.spans(hit, around(hit, places))
    return Citation(
        number=number,
        document_id=hit.document_id,
        path=hit.path,
        title=hit.title,
        paged=hit.paged,
        spans=spans,
        quote=quoter.quote(hit.document_id, spans),
        marked=quoter.spans(hit, places),
    )


def _short(
    sentences: Sequence[Sentence], draft: Draft, marks: Mapping[str, Marks]
) -> tuple[str, str | None]:
    """The kind of an answer and its short words, from its first sentence if that is borne out."""
    if not sentences or not sentences[0].supported:
        return "sentence", None
    first = sentences[0]
    if said := verdict(first.text):
        return said, said.capitalize()
    if len(first.text.split()) <= SHORT:
        return "words", first.text.rstrip(" .!。:")
    plain = f" {normal(first.text)} "
    for number in first.numbers:
        hit = draft.cited[number - 1]
        for mark in marks.get(hit.passage_id, NOTHING).marks:
            words = hit.text[slice(*widened(hit.text, mark.start, mark.end))]
            if words and f" {normal(words)} " in plain:
                return "words", words
    return "sentence", None
