"""What a person says about an answer: which words were right, and the very place where they stand."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from ..domain.conversation import Answer, Citation, Judgement
from ..domain.document import Span
from ..errors import WrongUse
from ..store.conversations import Conversations
from ..store.documents import Documents
from ..store.judgements import Judgements

VERDICTS = ("right", "wrong", "absent")


class Judge:
    """Keeps what is said about turns."""

    def __init__(
        self, conversations: Conversations, documents: Documents, judgements: Judgements
    ) -> None:
        self._conversations = conversations
        self._documents = documents
        self._judgements = judgements

    def judge(
        self,
        turn_id: str,
        verdict: str,
        answer: str = "",
        document_id: str = "",
        spans: Sequence[Span] = (),
    ) -> None:
        """Keeps a verdict with the right answer and its place; an empty verdict takes it back.

        "right" alone stands for the answer as it was shown. Raises `NotFound` for a question that
        is gone and `WrongUse` for another verdict.
        """
        if not verdict:
            self._judgements.remove(turn_id)
            return
        if verdict not in VERDICTS:
            raise WrongUse(detail=verdict)
        turn = self._conversations.turn(turn_id)
        answer = " ".join(answer.split())
        if verdict == "right" and not (answer or document_id) and turn.answer is not None:
            answer, document_id, spans = shown(turn.answer)
        elif document_id:
            spans = self._narrowed(answer, document_id, spans)
        self._judgements.save(
            Judgement(
                turn_id,
                turn.question,
                verdict,
                answer,
                document_id or None,
                tuple(spans),
                self._shelf(document_id, turn.collection_id),
            )
        )

    def _narrowed(self, answer: str, document_id: str, spans: Sequence[Span]) -> Sequence[Span]:
        numbers = {span.page for span in spans}
        pages = {page.number: page.text for page in self._documents.pages(document_id, numbers)}
        return narrowed(answer, spans, pages)

    def _shelf(self, document_id: str, asked: str | None) -> str | None:
        """The shelf that holds a document: the one asked where it lies on several."""
        if not document_id:
            return asked
        shelves = [row.place.collection_id for row in self._documents.places_of(document_id)]
        return asked if asked in shelves else next(iter(shelves), None)


def shown(answer: Answer) -> tuple[str, str, tuple[Span, ...]]:
    """(words, document, where) of an answer as a person saw it; empty for a refusal.

    Of a list, and of values that differ, all that stand in the first one's document.
    """
    if answer.refused or not answer.citations:
        return "", "", ()
    by_number = {citation.number: citation for citation in answer.citations}
    parts = answer.items if answer.kind == "list" else answer.values
    numbers = [part.number for part in parts if part.number in by_number]
    if answer.kind in ("list", "values") and numbers:
        first = by_number[numbers[0]]
        cited = [by_number[number] for number in dict.fromkeys(numbers)]
        spans = [s for c in cited if c.document_id == first.document_id for s in _place(c)]
        return "; ".join(part.text for part in parts), first.document_id, tuple(spans)
    first = answer.citations[0]
    words = answer.short or (answer.sentences[0].text if answer.sentences else first.quote)
    return words, first.document_id, _place(first)


def _place(citation: Citation) -> tuple[Span, ...]:
    return citation.marked or citation.spans


def narrowed(answer: str, spans: Sequence[Span], pages: Mapping[int, str]) -> tuple[Span, ...]:
    """Where an answer stands word for word inside `spans`, if it does exactly once; else `spans`.

    `pages` holds page texts by page number.
    """
    words = [re.escape(word) for word in answer.split()]
    if not words:
        return tuple(spans)
    pattern = re.compile(r"(?<!\w)" + r"\s+".join(words) + r"(?!\w)", re.IGNORECASE)
    found = [
        Span(span.page, span.start + match.start(), match.end() - match.start())
        for span in spans
        for match in pattern.finditer(
            pages.get(span.page, "")[span.start : span.start + span.length]
        )
    ]
    return tuple(found) if len(found) == 1 else tuple(spans)
