"""What people said about answers, as practice questions that are right. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from ..domain.conversation import Judgement
from ..domain.document import Passage, Span
from ..domain.training import Fold, Pair, PairSource, PairState
from .cite import Quoter
from .dates import dates
from .draft import chance, pair_id
from .want import asks_how_to, asks_several

_SHARES = ((7, Fold.PRACTICE), (8, Fold.TUNING), (10, Fold.EXAM))  # of ten without a document
_NUMBER = re.compile(r"[-–+]?\s?(?:[$€£¥]\s?)?\d[\d.,]*(?:\s?(?:%|[$€£¥]|\w+)){0,3}")
_YES_NO = frozenset(("yes", "no", "ja", "nein", "oui", "non", "sí", "si"))


def from_judgements(
    judgements: Iterable[Judgement],
    passages: Callable[[str], Sequence[Passage]],
    quoter: Quoter,
) -> list[Pair]:
    """A pair for each answer called right or taught, and for each "the documents do not say it".

    `passages` gives those of a document by its id, none where it was removed. An answer called wrong
    without the right one teaches nothing, nor does one whose document is gone. The last word on a
    question about a passage counts.
    """
    found: dict[str, Pair] = {}
    known: dict[str, Sequence[Passage]] = {}
    for said in judgements:
        question = " ".join(said.question.split())
        if said.verdict == "absent" and question:
            pair = Pair(
                pair_id(question, "", -1), question, "", "", -1, kind="absent", fold=drawn_fold(question),
                source=PairSource.PERSON, state=PairState.RIGHT, made_at=said.made_at,
            )  # fmt: skip
            found[pair.id] = pair
        elif said.document_id and said.spans and question and said.answer.strip():
            if said.document_id not in known:
                known[said.document_id] = passages(said.document_id)
            if passage := _holding(known[said.document_id], said.spans):
                pair = _pair(said, question, passage, quoter)
                found[pair.id] = pair
    return list(found.values())


def _pair(said: Judgement, question: str, passage: Passage, quoter: Quoter) -> Pair:
    answer = " ".join(said.answer.split())
    start, end = _place(answer, passage.text)
    return Pair(
        id=pair_id(question, passage.document_id, passage.position),
        question=question,
        answer=passage.text[start:end] if start >= 0 else answer,
        document_id=passage.document_id,
        position=passage.position,
        quote=quoter.quote(passage.document_id, said.spans),
        spans=said.spans,
        start=start,
        end=end,
        source=PairSource.PERSON,
        kind=kind_of(question, answer),
        state=PairState.RIGHT,
        usefulness=1.0,
        made_at=said.made_at,
    )


def kind_of(question: str, answer: str) -> str:
    """The kind of a question with this answer: yes_no, date, number, how_to, several, or fact."""
    said = answer.casefold().strip(" .")
    if re.split(r"[\s,.;:]", said)[0] in _YES_NO:
        return "yes_no"
    if any(date.text == answer.strip(" .") for date in dates(answer)):
        return "date"
    if _NUMBER.fullmatch(answer.strip(" .")):
        return "number"
    if asks_how_to(question):
        return "how_to"
    return "several" if asks_several(question) else "fact"


def _place(answer: str, text: str) -> tuple[int, int]:
    """Where an answer stands in a text word for word, (-1, -1) where it does not."""
    spaced = r"\s+".join(map(re.escape, answer.split()))
    found = re.search(rf"(?<!\w){spaced}(?!\w)", text, re.IGNORECASE)
    return found.span() if found else (-1, -1)


def _holding(passages: Iterable[Passage], spans: Sequence[Span]) -> Passage | None:
    """The passage that holds most of what stands at these places."""
    best: tuple[int, Passage] | None = None
    for passage in passages:
        shared = sum(_shared(one, other) for one in spans for other in passage.spans)
        if shared and (best is None or shared > best[0]):
            best = shared, passage
    return best[1] if best else None


def _shared(one: Span, other: Span) -> int:
    if one.page != other.page:
        return 0
    end = min(one.start + one.length, other.start + other.length)
    return max(0, end - max(one.start, other.start))


def drawn_fold(question: str) -> Fold:
    """The fold of a question that has no passage: drawn by its words, the same each time."""
    drawn = chance(question.casefold()) % 10
    return next(fold for below, fold in _SHARES if drawn < below)
