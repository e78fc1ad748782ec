"""What a person says of a practice question, one of their own, and the way back."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from ..domain.conversation import Judgement
from ..domain.document import Passage, Span
from ..domain.training import Fold, Pair, PairSource, PairState
from ..errors import AnswerNotThere, NotFound, WrongUse
from ..store.documents import Documents
from ..store.pairs import Pairs
from ..store.passages import Passages
from .adopt import from_judgements
from .cite import Quoter
from .mend import sentence_bounds
from .receive import received

SAID = (PairState.RIGHT, PairState.WRONG, PairState.SKIPPED, PairState.MADE)
ABSENT = "absent"  # what is said where the documents do not answer


class Review:
    """Keeps what is said about pairs; the way back is kept for as long as this lives."""

    def __init__(self, pairs: Pairs, passages: Passages, documents: Documents) -> None:
        self._pairs = pairs
        self._passages = passages
        self._documents = documents
        # By assistant and pair: what each change found (None: nothing was there) and left.
        self._done: dict[tuple[str, str], list[tuple[Pair | None, Pair]]] = {}

    def say(
        self, assistant_id: str, pair_id: str, state: str, question: str = "", answer: str = ""
    ) -> None:
        """Notes a state, and a question or an answer put right; "absent": nothing answers it.

        Raises `NotFound` for a pair that is gone, `AnswerNotThere` where the answer does not stand
        in its passage, `WrongUse` for another state.
        """
        if state not in (*SAID, ABSENT):
            raise WrongUse(detail=state)
        before = self._pairs.get(assistant_id, pair_id)
        question, answer = " ".join(question.split()), " ".join(answer.split())
        if state == ABSENT:
            after = _unanswered(before, question or before.question)
        else:
            after = replace(before, state=PairState(state), reason="")
            changed = (question and question != before.question) or (
                answer and answer != before.answer
            )
            if changed:
                after = self._put_right(after, question or after.question, answer or after.answer)
        self._keep(assistant_id, before, after)

    def add(
        self,
        assistant_id: str,
        question: str,
        answer: str,
        document_id: str,
        spans: Sequence[Span],
        fold_of: Callable[[str, int], Fold],
    ) -> Pair:
        """A person's own question: right, in the fold of its passage. Without a document it is absent.

        Raises `QuestionEmpty`, `QuestionTooLong`, `WrongUse` where the answer or its place is
        missing, `NotFound` where no passage is at that place.
        """
        verdict = "wrong" if document_id else ABSENT  # as if it had been taught to an answer
        said = Judgement("", received(question), verdict, answer, document_id, tuple(spans))
        if document_id and not (answer.strip() and spans):
            raise WrongUse(detail="a practice question needs its answer and where that stands")
        quoter = Quoter(self._documents.pages)
        made = from_judgements([said], self._passages.of_document, quoter)
        if not made:
            raise NotFound(what="document", name=document_id)
        pair = made[0]
        if not pair.absent:
            pair = replace(pair, fold=fold_of(pair.document_id, pair.position))
        self._keep(assistant_id, self._there(assistant_id, pair.id), pair)
        return pair

    def restore(self, assistant_id: str, pair_id: str) -> None:
        """Undoes the last change of a pair; harmless where it was changed in another way since.

        A build may have moved it to another fold meanwhile: there it stays.
        """
        changes = self._done.pop((assistant_id, pair_id), [])
        now = self._there(assistant_id, pair_id)
        if not changes or now is None or replace(changes[-1][1], fold=now.fold) != now:
            return
        before = changes.pop()[0]
        if before is None:
            self._pairs.remove(assistant_id, [pair_id])
        else:
            self._pairs.put(assistant_id, replace(before, fold=now.fold))
        self._done[assistant_id, pair_id] = changes

    def _keep(self, assistant_id: str, before: Pair | None, after: Pair) -> None:
        self._pairs.put(assistant_id, after)
        kept = self._pairs.get(assistant_id, after.id)  # with the time that the store gave it
        self._done.setdefault((assistant_id, after.id), []).append((before, kept))

    def _there(self, assistant_id: str, pair_id: str) -> Pair | None:
        try:
            return self._pairs.get(assistant_id, pair_id)
        except NotFound:
            return None

    def _put_right(self, pair: Pair, question: str, answer: str) -> Pair:
        """The pair with a person's words; it keeps its id, so that the old one is gone."""
        pair = replace(pair, question=question, source=PairSource.PERSON)
        if answer == pair.answer:
            return pair
        passage = self._passages.at(pair.document_id, pair.position)
        if passage is None:
            raise NotFound(what="document", name=pair.document_id)
        return placed(pair, answer, passage, Quoter(self._documents.pages))


def _unanswered(pair: Pair, question: str) -> Pair:
    """The pair as one that nothing in the documents answers; it keeps its id and its fold."""
    return replace(
        pair,
        question=question,
        answer="",
        document_id="",
        position=-1,
        quote="",
        spans=(),
        start=-1,
        end=-1,
        source=PairSource.PERSON,
        kind=ABSENT,
        state=PairState.RIGHT,
        reason="",
    )


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
