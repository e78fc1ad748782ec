"""What a person says of a practice question, and the place of an answer that they put right."""

from __future__ import annotations

import re
from dataclasses import replace

from ..domain.document import Passage
from ..domain.training import Pair, PairSource, PairState
from ..errors import AnswerNotThere, NotFound, WrongUse
from ..store.documents import Documents
from ..store.pairs import Pairs
from ..store.passages import Passages
from .cite import Quoter
from .mend import sentence_bounds

SAID = (PairState.RIGHT, PairState.WRONG, PairState.SKIPPED, PairState.MADE)


class Review:
    """Keeps what is said about pairs."""

    def __init__(self, pairs: Pairs, passages: Passages, documents: Documents) -> None:
        self._pairs = pairs
        self._passages = passages
        self._documents = documents

    def say(
        self, assistant_id: str, pair_id: str, state: str, question: str = "", answer: str = ""
    ) -> None:
        """Notes a state, and a question or an answer put right.

        Raises `NotFound` for a pair that is gone, `AnswerNotThere` where the answer does not stand
        in its passage, `WrongUse` for another state.
        """
        if state not in SAID:
            raise WrongUse(detail=state)
        pair = self._pairs.get(assistant_id, pair_id)
        question, answer = " ".join(question.split()), " ".join(answer.split())
        if (question and question != pair.question) or (answer and answer != pair.answer):
            pair = self._put_right(pair, question or pair.question, answer or pair.answer)
            self._pairs.put(assistant_id, replace(pair, state=PairState(state), reason=""))
        else:
            self._pairs.move(assistant_id, pair_id, PairState(state))

    def _put_right(self, pair: Pair, question: str, answer: str) -> Pair:
        """The pair with a person's words; it keeps its id, so that the old one is gone."""
        pair = replace(pair, question=question, source=PairSource.PERSON)
        if answer == pair.answer:
            return pair
        passage = self._passages.at(pair.document_id, pair.position)
        if passage is None:
            raise NotFound(what="document", name=pair.document_id)
        return placed(pair, answer, passage, Quoter(self._documents.pages))


def placed(pair: Pair, answer: str, passage: Passage, quoter: Quoter) -> Pair:
    """The pair with this answer, where it stands in its passage, and the sentence around it.

    Raises `AnswerNotThere`.
    """
    words = r"\s+".join(map(re.escape, answer.split()))
    found = re.search(rf"(?<!\w){words}(?!\w)", passage.text, re.IGNORECASE)
    if found is None:
        raise AnswerNotThere(answer=answer)
    start, end = found.span()
    around = next(
        ((a, b) for a, b in sentence_bounds(passage.text) if a <= start < b), (start, end)
    )
    around = around[0], max(around[1], end)
    spans = quoter.spans(passage, [around])
    return replace(
        pair,
        answer=passage.text[start:end],
        kind="fact" if pair.kind == "absent" else pair.kind,
        start=start,
        end=end,
        spans=spans,
        quote=quoter.quote(passage.document_id, spans),
    )
