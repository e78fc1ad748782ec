"""An answer that a language model writes from the passages found, every sentence cited and checked.

The answer in quotes is made first: it is shown while the model writes, stands for it where it does
not, and says how strong the evidence is. What the model writes is held to that evidence.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace

from ..domain.chat import Delta, Finish
from ..domain.conversation import Answer, Hit, Seconds, Step, Turn
from ..domain.protocols import ChatModel
from ..errors import AnswerEmpty, AnswerForeign, RagDeskError
from ..store.documents import Documents
from ..texts import is_weak
from .answer import QuoteAnswerer
from .arrive import Clean, Incoming
from .budget import SMALL_MOST, answer_tokens, fitting, is_small
from .cite import Quoter
from .cost import Prices, cost_of, in_words
from .follow_up import planned
from .language import UNKNOWN, language
from .put_together import Draft, put_together, says_other
from .refuse import refusal_text, refuses
from .retrieve import Retriever
from .seek import Sought, asking, seek
from .spoken import spoken

LETTERS_A_TOKEN = 16  # an answer longer than so many letters for each token it may have is cut off
LOOKS = 8  # pieces from one look for repetitions to the next; each look reads the whole answer
FOREIGN_LEAST = 6  # words of an answer that tell its language


class WrittenAnswerer:
    """Has `model` write what `quotes` finds. Safe to call from any thread.

    `parameters` is the model's size as its server writes it ("135M", "" where it does not say);
    a small model gets three passages at most. `think` lets a model that can think do so first.
    With `prices` an answer says what it would have cost elsewhere.
    """

    name = "written"

    def __init__(
        self,
        quotes: QuoteAnswerer,
        model: ChatModel,
        documents: Documents,
        retriever: Retriever,
        *,
        parameters: str = "",
        think: bool = False,
        prices: Prices | None = None,
    ) -> None:
        self._quotes = quotes
        self._model = model
        self._documents = documents
        self._retriever = retriever
        self._small = is_small(model.context, parameters)
        self._think = think and model.thinks
        self._prices = prices

    def answer(
        self,
        question: str,
        collection_id: str | None = None,
        *,
        passages_shown: int = 4,
        caution: str = "usual",
        earlier: Sequence[Turn] = (),
        on_stage: Callable[[str], None] = lambda stage: None,
        on_step: Callable[[Step], None] = lambda step: None,
        on_found: Callable[[Sequence[Hit]], None] = lambda hits: None,
        on_quote: Callable[[Answer], None] = lambda answer: None,
        on_delta: Callable[[str, str], None] = lambda text, thinking: None,
        stopped: Callable[[], bool] = lambda: False,
    ) -> Answer:
        """The written answer, or the one in quotes with the code of what was in the way (`trouble`).

        `on_found` gets the passages, best first, `on_quote` the answer in quotes before the model
        is asked, `on_delta` each piece of text and of thinking as it is written; `on_stage` hears
        "search", "read" and "write". When `stopped` turns true, what was written is returned.
        `earlier` are the turns before, oldest first. The model is not asked where nothing was found
        or, under caution "careful", where the evidence is weak. Raises nothing that the model or its
        server raises.
        """
        started = time.perf_counter()
        plan = planned(question, earlier, None if self._small else self._model, stopped)
        ask = asking(self._quotes, collection_id, passages_shown, caution)
        found = seek(ask, question, plan, on_stage, on_step)
        on_found(found.hits)
        if not found.hits or (found.weak and caution == "careful"):
            return _ended(found.quote, started)
        on_quote(found.quote)
        on_stage("write")
        try:
            draft = self._draft(found, passages_shown, on_delta, stopped)
            answer = self._counted(self._judged(found, draft), draft.end)
        except RagDeskError as error:
            return _ended(replace(found.quote, trouble=error.code), started)
        return _ended(
            replace(
                answer,
                thinking=draft.thinking,
                steps=found.quote.steps,
                finish=draft.finish,
                words_a_second=draft.words_a_second,
                shelves=found.quote.shelves,
                seconds=Seconds(found.seconds, max(draft.first_word - started, 0.0)),
            ),
            started,
        )

    def _draft(
        self,
        found: Sought,
        passages_shown: int,
        on_delta: Callable[[str, str], None],
        stopped: Callable[[], bool],
    ) -> Draft:
        """What the model writes; whole or, where it broke off after it began, as far as it came.

        Raises what its server raises before the first word, and `AnswerEmpty`.
        """
        most = answer_tokens(self._small, self._think)
        passages = min(passages_shown, SMALL_MOST) if self._small else passages_shown
        given, sent = fitting(self._model, found.question, found.hits, passages, most)
        writing = _Writing(Incoming([hit.text for hit in given]), on_delta, most)
        trouble: RagDeskError | None = None
        deltas = self._model.chat(sent, most=most, think=self._think, stopped=stopped)
        try:
            for delta in deltas:
                if writing.take(delta):
                    break
        except RagDeskError as error:
            trouble = error
        finally:
            if close := getattr(deltas, "close", None):
                close()
        draft = writing.draft(given)
        if not draft.text and draft.finish != "stopped":
            raise trouble or AnswerEmpty(name=self._model.name)
        return draft

    def _counted(self, answer: Answer, end: Finish | None) -> Answer:
        """With the name of the model, its tokens, and what they would have cost elsewhere."""
        if end is None or not (end.asked_tokens or end.answer_tokens):
            return replace(answer, model=self._model.name)
        return replace(
            answer,
            model=self._model.name,
            asked_tokens=end.asked_tokens,
            answer_tokens=end.answer_tokens,
            cost=in_words(cost_of(end, self._prices)) if self._prices is not None else "",
        )

    def _judged(self, found: Sought, draft: Draft) -> Answer:
        """The draft as an answer that agrees with the evidence, or says where it does not.

        The calibrated strength is the chance that the words quoted first are right. Of an answer
        that says something else it is at most what that leaves over.
        Raises `AnswerForeign`.
        """
        if not draft.text:  # stopped before its first word
            return found.quote
        if refuses(draft.text):
            if not found.gaps and not is_weak(found.strength):
                return replace(found.quote, doubt="refused")
            nearest = found.quote.nearest or found.hits[:1]
            searched = found.quote.searched
            text = refusal_text(found.question, searched, nearest)
            return Answer(
                text, None, True, self.name, found.strength, nearest=nearest, searched=searched
            )
        if _is_foreign(draft.text, found.question, draft.given):
            raise AnswerForeign(name=self._model.name)
        marks = {
            hit.passage_id: marks
            for hit, marks in self._quotes.read_hits(found.question, draft.given)
        }
        answer = put_together(
            draft,
            marks,
            Quoter(self._documents.pages),
            self._retriever.vectors,
            found.strength,
            found.quote.short,
        )
        other = says_other(answer, found.quote)
        bare = not any(sentence.supported for sentence in answer.sentences)
        return replace(
            answer,
            strength=min(answer.strength, 1 - found.strength) if other else answer.strength,
            answerer=self.name,
            nearest=found.quote.nearest,
            searched=found.quote.searched,
            doubt="weak" if found.gaps or bare or (other and not is_weak(found.strength)) else "",
        )


class _Writing:
    """An answer while it is written."""

    def __init__(self, incoming: Incoming, on_delta: Callable[[str, str], None], most: int) -> None:
        self._incoming = incoming
        self._on_delta = on_delta
        self._letters_left = most * LETTERS_A_TOKEN
        self._thinking: list[str] = []
        self._first = self._last = 0.0
        self._pieces = 0
        self._finish = "lost"  # until it says how it ended
        self._end: Finish | None = None

    def take(self, delta: Delta) -> bool:
        """Takes a piece; whether that was the last one, or no more is wanted."""
        if delta.finish is not None:
            self._finish, self._end = delta.finish.reason, delta.finish
            return True
        if delta.thinking:
            self._thinking.append(delta.thinking)
            self._on_delta("", delta.thinking)
        if not delta.text:
            return False
        self._last = time.perf_counter()
        self._first = self._first or self._last
        self._letters_left -= len(delta.text)
        more = self._incoming.add(delta.text)
        self._pieces += 1
        if self._pieces % LOOKS == 0 and self._incoming.loops:
            self._finish = "done" if self._incoming.all.text[-1:] in ".!?]。" else "length"
            return True
        if more:
            self._on_delta(more, "")
        if self._letters_left < 0:  # its server does not keep to the most that was asked for
            self._finish = "length"
        return self._letters_left < 0

    def draft(self, given: Sequence[Hit]) -> Draft:
        """What was written from these passages; what was held back is told now."""
        if more := self._incoming.end():
            self._on_delta(more, "")
        written: Clean = self._incoming.all
        took = self._last - self._first
        thinking = "\n".join(filter(None, ("".join(self._thinking), written.thinking)))
        return Draft(
            text=written.text,
            thinking=thinking,
            cited=tuple(given[number - 1] for number in written.cited),
            given=tuple(given),
            finish=self._finish,
            first_word=self._first,
            words_a_second=round(len(written.text.split()) / took, 1) if took else 0.0,
            end=self._end,
        )


def _is_foreign(text: str, question: str, given: Sequence[Hit]) -> bool:
    """Whether an answer is in a language that neither the question nor a passage is in."""
    answered = spoken(text)
    if answered == UNKNOWN or len(text.split()) < FOREIGN_LEAST:
        return False
    # A short question may not tell its own language; what it is taken for must not be the answer's.
    return answered not in {language(question), *(language(hit.text) for hit in given)}


def _ended(answer: Answer, started: float) -> Answer:
    return replace(answer, seconds=replace(answer.seconds, total=time.perf_counter() - started))
