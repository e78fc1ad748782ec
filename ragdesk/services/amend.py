"""A written answer amended by a person: another passage found for a sentence, or a sentence removed."""

from __future__ import annotations

import re
from dataclasses import replace

from ..domain.conversation import Answer, Citation, Sentence
from ..errors import WrongUse
from ..store.documents import Documents
from .arrive import MARKER
from .cite import Quoter
from .point import around, very_words
from .put_together import NOTHING, mean_support
from .retrieve import Retriever
from .support import look_for_support

_BULLET = re.compile(r"\s*(?:[-*•]|\d{1,2}[.)])\s+")

SEARCHED = 5  # passages in which support is looked for


class SupportFinder:
    """Looks in the library for what bears out a sentence. Safe for threads."""

    def __init__(self, retriever: Retriever, documents: Documents) -> None:
        self._retriever = retriever
        self._documents = documents

    def find(self, sentence: str, collection_id: str | None = None) -> Citation | None:
        """The place that bears a sentence out, numbered 0; None where none was found."""
        quoter = Quoter(self._documents.pages)
        hits = self._retriever.retrieve(sentence, SEARCHED, collection_id)
        hits = [hit for hit in hits if quoter.has(hit)]
        found = look_for_support(sentence, hits, self._retriever.vectors)
        if found is None:
            return None
        place = very_words(sentence, found.hit, NOTHING)
        spans = quoter.spans(found.hit, around(found.hit, [place, (found.start, found.end)]))
        return Citation(
            0,
            found.hit.document_id,
            found.hit.path,
            found.hit.title,
            found.hit.paged,
            spans,
            quoter.quote(found.hit.document_id, spans),
            quoter.spans(found.hit, [place]),
        )


def supported_by(answer: Answer, place: int, citation: Citation) -> Answer:
    """The answer with `citation` in the stead of what its sentence number `place` (from 0) cited."""
    number = len(answer.citations) + 1
    one = answer.sentences[place]
    better = Sentence(one.text, True, (number,))
    sentences = (*answer.sentences[:place], better, *answer.sentences[place + 1 :])
    text = _with(answer, place, f"{one.text} [{number}]")
    citations = (*answer.citations, replace(citation, number=number))
    return _renumbered(replace(answer, text=text, sentences=sentences, citations=citations), answer)


def without(answer: Answer, place: int) -> Answer:
    """The answer without its sentence number `place` (from 0) and what only that cited.

    Raises `WrongUse` where it is the only one.
    """
    if len(answer.sentences) < 2:
        raise WrongUse(detail="an answer cannot lose its only sentence")
    sentences = (*answer.sentences[:place], *answer.sentences[place + 1 :])
    text = _with(answer, place, "")
    first = place == 0
    return _renumbered(
        replace(
            answer,
            text=text,
            sentences=sentences,
            short=None if first else answer.short,
            kind="sentence" if first else answer.kind,
        ),
        answer,
    )


def _with(answer: Answer, place: int, instead: str) -> str:
    """The text with something else in the stead of a sentence and its markers."""
    start = 0
    for one in answer.sentences[: place + 1]:
        whole = one.text + "".join(f" [{number}]" for number in one.numbers)
        at = answer.text.index(whole, start)
        start = at + len(whole)
    before, behind = answer.text[:at], answer.text[start:]
    if not instead:
        line = before.rpartition("\n")[2]
        if _BULLET.fullmatch(line) and behind[:1] in ("", "\n"):
            before = before[: len(before) - len(line)]
        behind = behind.lstrip(" ")
        if before.endswith("\n") and behind.startswith("\n"):  # nothing is left of its line
            behind = behind[1:]
    return (before + instead + behind).strip()


def _renumbered(answer: Answer, before: Answer) -> Answer:
    """Citations in the order in which they are cited, unused ones gone; the strength set anew."""
    used = list(dict.fromkeys(n for one in answer.sentences for n in one.numbers))
    new = {old: number for number, old in enumerate(used, 1)}
    known = {citation.number: citation for citation in answer.citations}
    strength = before.strength / mean_support(before.sentences) * mean_support(answer.sentences)
    return replace(
        answer,
        text=MARKER.sub(lambda match: f"[{new[int(match[1])]}]", answer.text),
        sentences=tuple(
            replace(one, numbers=tuple(new[n] for n in one.numbers)) for one in answer.sentences
        ),
        citations=tuple(replace(known[old], number=number) for old, number in new.items()),
        strength=min(strength, 1.0),
    )
