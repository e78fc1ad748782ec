"""What a model wrote, made an answer: sentences that were checked, citations that open the words."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ..domain.chat import Finish
from ..domain.conversation import Answer, Citation, Hit, Marks, Sentence
from .cite import Quoter
from .compare import normal
from .facts import Evidence
from .point import around, merged, very_words
from .support import content, doubt_of
from .utterance import Written, sentences_of, text_of, verdict
from .widen import widened

if TYPE_CHECKING:
    from .support import Embed

SHORT = 8  # words; a first sentence with no more is the short answer itself
NAMED_LEAST = 0.5  # share of the words quoted first that an answer which agrees with them has
HALF = 0.5  # what a sentence that is not borne out counts for in the strength of an answer

_SAYS_SO = re.compile(r"^(?:the )?(?:short )?answer(?: is)?\b:?\s*", re.IGNORECASE)
_DIGIT = re.compile(r"\d")
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
    end: Finish | None = None  # None where the model did not come to an end by itself


def put_together(
    draft: Draft,
    marks: Mapping[str, Marks],
    quoter: Quoter,
    embed: Embed,
    evidence: float,
    quoted: str | None = None,
) -> Answer:
    """The answer; `marks` is what the reader made of the passages for the question, by passage,
    `quoted` the short answer in quotes.

    Its strength is `evidence`, the calibrated chance that what was found answers, times the mean
    over its sentences, in which one that is not borne out counts half. That half is set, not fitted:
    it lets an answer sink below another of the same evidence, and says no more.
    """
    written, cited = _attributed(draft, embed, marks)
    sentences = []
    for one in written:
        doubt = doubt_of(one.text, _cited(one, cited), embed, marks)
        sentences.append(Sentence(one.text, not doubt, one.numbers, doubt))
    citations = tuple(
        _citation(number, hit, written, marks, quoter) for number, hit in enumerate(cited, 1)
    )
    kind, short = _short(sentences, cited, marks, quoted)
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


def says_other(answer: Answer, quote: Answer) -> bool:
    """Whether a written answer says yes where the quotes say no, or gives other words than they do.

    Only where the quotes have a short answer and the question had one part.
    """
    if {answer.kind, quote.kind} == {"yes", "no"}:
        return True
    if quote.kind != "words" or not quote.short or any(s.kind == "part" for s in quote.steps):
        return False
    written = Evidence(answer.text)
    said = content(quote.short)
    named = sum(word in written.stems for word in said) / len(said) if said else 1.0
    return bool(written.missing(quote.short)) or named < NAMED_LEAST


def mean_support(sentences: Sequence[Sentence]) -> float:
    """The mean over sentences of 1, or of `HALF` where one is not borne out; 1 without any."""
    counted = [1.0 if one.supported else HALF for one in sentences]
    return sum(counted) / len(counted) if counted else 1.0


def _attributed(
    draft: Draft, embed: Embed, marks: Mapping[str, Marks]
) -> tuple[list[Written], list[Hit]]:
    """The sentences with their markers, and what these cite, both in the order of appearance.

    A sentence without a marker takes those of the one behind or before it on its line, if these
    passages bear it out, else that of the first passage given that does: the check is the same as
    for a marker that the model wrote.
    """
    said = sentences_of(draft.text)
    cited = list(draft.cited)
    found = []
    for at, one in enumerate(said):
        beside = [*said[at + 1 : at + 2], *said[max(at - 1, 0) : at]]
        tried = [other.numbers for other in beside if other.line == one.line and other.numbers]
        numbers = one.numbers or next(
            (
                numbers
                for numbers in tried
                if not doubt_of(one.text, [cited[n - 1] for n in numbers], embed, marks)
            ),
            (),
        )
        if not numbers and content(one.text):
            hit = _bearing_out(one, draft.given, embed, marks)
            if hit is not None:
                if hit not in cited:
                    cited.append(hit)
                numbers = (cited.index(hit) + 1,)
        found.append(replace(one, numbers=numbers))
    used = list(dict.fromkeys(number for one in found for number in one.numbers))
    renumbered = [
        replace(one, numbers=tuple(used.index(number) + 1 for number in one.numbers))
        for one in found
    ]
    return renumbered, [cited[number - 1] for number in used]


def _bearing_out(
    one: Written, given: Sequence[Hit], embed: Embed, marks: Mapping[str, Marks]
) -> Hit | None:
    return next((hit for hit in given if not doubt_of(one.text, [hit], embed, marks)), None)


def _cited(one: Written, cited: Sequence[Hit]) -> list[Hit]:
    return [cited[number - 1] for number in one.numbers]


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
    sentences: Sequence[Sentence],
    cited: Sequence[Hit],
    marks: Mapping[str, Marks],
    quoted: str | None,
) -> tuple[str, str | None]:
    """The kind of an answer and its short words, from its first sentence if that is borne out.

    In a longer one they are what it says as the quotes do, or words that the reader marked.
    """
    if not sentences or not sentences[0].supported:
        return "sentence", None
    first = sentences[0]
    if said := verdict(first.text):
        return said, said.capitalize()
    if len(first.text.split()) <= SHORT:
        return "words", _SAYS_SO.sub("", first.text).strip(' .!。:"“”') or None
    plain = f" {normal(first.text)} "
    if quoted and normal(quoted) and f" {normal(quoted)} " in plain:
        return "words", quoted
    for number in first.numbers:
        hit = cited[number - 1]
        for mark in marks.get(hit.passage_id, NOTHING).marks:
            words = hit.text[slice(*widened(hit.text, mark.start, mark.end))]
            telling = content(words) or _DIGIT.search(words)  # "more than" says nothing
            if telling and f" {normal(words)} " in plain:
                return "words", words
    return "sentence", None
