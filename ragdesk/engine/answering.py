"""Answers are made beside the queue: in quotes at once, then, where that is chosen, written."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Protocol

from .. import messages as m
from ..domain.conversation import Answer, Turn
from ..errors import AnswerKept, RagDeskError, Unexpected
from ..store.choices import Choices
from ..store.conversations import Conversations
from ..texts import why_not_written

log = logging.getLogger(__name__)

AT_ONCE = 2  # questions answered at the same time
BESIDE = 2  # other things done at the same time: they may wait for a server and hold no answer up
BROKEN_OFF = ("stopped", "lost")  # as `Answer.finish` says it
TOLD_A_SECOND = 8.0  # how often a growing answer is told


class Answerer(Protocol):
    """What makes an answer of a question, in quotes."""

    def warm(self) -> None: ...

    def answer(
        self,
        question: str,
        collection_id: str | None = None,
        *,
        passages_shown: int = 4,
        caution: str = "usual",
    ) -> Answer: ...


class Writer(Protocol):
    """What has an answer written by a language model."""

    def answer(
        self,
        question: str,
        collection_id: str | None = None,
        *,
        passages_shown: int = 4,
        caution: str = "usual",
        earlier: Sequence[Turn] = (),
        on_quote: Callable[[Answer], None] = lambda answer: None,
        on_delta: Callable[[str, str], None] = lambda text, thinking: None,
        stopped: Callable[[], bool] = lambda: False,
    ) -> Answer:
        """`on_quote` gets the answer in quotes as soon as it is there, `on_delta` each piece of text
        and of thinking as it is written. When `stopped` turns true what was written is returned.
        """
        ...


class Answering:
    """Answers turns on threads of its own; what they come to goes into the store.

    `answerer` is who quotes for an assistant (None: RagDesk as it comes), `writer` gets the chosen
    model ready for it and raises a `RagDeskError` where it cannot; `forget` has
    it made ready anew after it broke off; `exam` says how it did in its entrance exam; `after` is
    called when an answer is done.
    """

    def __init__(
        self,
        conversations: Conversations,
        choices: Choices,
        answerer: Callable[[str | None], Answerer],
        writer: Callable[[str | None], Writer],
        forget: Callable[[], None],
        exam: Callable[[], str],
        emit: Callable[[m.Event], None],
        after: Callable[[], None],
        log_file: str,
    ) -> None:
        self._answerer = answerer
        self._conversations = conversations
        self._choices = choices
        self._writer = writer
        self._forget = forget
        self._exam = exam
        self._emit = emit
        self._after = after
        self._log_file = log_file
        self._threads = ThreadPoolExecutor(AT_ONCE, "answer")
        self._beside = ThreadPoolExecutor(BESIDE, "beside")
        self._stops: dict[str, threading.Event] = {}
        self._ending = False

    def submit(self, work: Callable[[], None]) -> None:
        """Has something done beside the answers, when a thread is free; what fails is told."""
        self._beside.submit(self._do, work)

    def _do(self, work: Callable[[], None]) -> None:
        try:
            work()
        except RagDeskError as error:
            self._emit(m.Failed("", error.code, error.params))
        except Exception:
            log.exception("beside the queue")
            fault = Unexpected(what="background work", log=self._log_file)
            self._emit(m.Failed("", fault.code, fault.params))

    def answer(self, turn: Turn, answerer: str = "") -> None:
        """Answers a turn: as the settings say, or by "quote" or "written". Returns at once.

        A turn that is being answered already is left alone.
        """
        if turn.id in self._stops:
            return
        self._stops[turn.id] = threading.Event()
        how = answerer or str(self._choices.get("answerer"))
        self._threads.submit(self._answer, turn, how)

    def stop(self, turn_id: str) -> None:
        """Ends the writing of an answer; what was written is kept. Harmless when it is over."""
        if (stop := self._stops.get(turn_id)) is not None:
            stop.set()

    def close(self) -> None:
        """Stops what is being written, and waits for it."""
        self._ending = True
        for stop in list(self._stops.values()):
            stop.set()
        self._threads.shutdown(wait=True, cancel_futures=True)
        self._beside.shutdown(wait=True, cancel_futures=True)  # the last answers gave it work

    def _answer(self, turn: Turn, how: str) -> None:
        try:
            answer = self._written(turn) if how == "written" else self._quoted(turn)
            if self._ending and answer.finish == "stopped":
                return  # nobody stopped it but the end of the program: the quotes stay
            if _is_worse(answer, turn.answer):
                self._keep(turn, answer)
            else:
                self._save(turn, answer)
        except RagDeskError as error:
            self._emit(m.Failed(turn.id, error.code, error.params))
        except Exception:
            log.exception("answering %s", turn.id)
            fault = Unexpected(what="answering", log=self._log_file)
            self._emit(m.Failed(turn.id, fault.code, fault.params))
        finally:
            self._stops.pop(turn.id, None)
            self.submit(self._after)

    def _quoted(self, turn: Turn) -> Answer:
        return self._answerer(turn.assistant_id).answer(
            turn.question,
            turn.collection_id,
            passages_shown=int(self._choices.get("passages_shown")),
            caution=str(self._choices.get("caution")),
        )

    def _written(self, turn: Turn) -> Answer:
        """The written answer, or the one in quotes that says why none was written."""
        growing = _Growing(turn, self._emit)
        growing.tell()
        stopped = self._stops[turn.id].is_set
        if stopped():  # while it waited for a thread
            return replace(self._quoted(turn), finish="stopped")
        try:
            writer = self._writer(turn.assistant_id)
        except RagDeskError as error:
            log.warning("no written answer: %s", error.code)
            return replace(self._quoted(turn), trouble=error.code)
        if stopped():  # while the model was made ready
            return replace(self._quoted(turn), finish="stopped")
        exam = self._exam_of_writer()
        # Quotes take no written answer's place: should the new one come to nothing, that one stays.
        keeps = turn.answer is not None and turn.answer.answerer == "written"
        turns = self._conversations.turns(turn.conversation_id)
        answer = writer.answer(
            turn.question,
            turn.collection_id,
            passages_shown=int(self._choices.get("passages_shown")),
            caution=str(self._choices.get("caution")),
            earlier=[one for one in turns if one.asked_at < turn.asked_at],
            on_quote=lambda answer: None if keeps else self._save(turn, answer, last=False),
            on_delta=growing.add,
            stopped=stopped,
        )
        if answer.finish == "lost" or answer.trouble:
            self._forget()
        return replace(answer, exam=exam) if answer.model else answer

    def _exam_of_writer(self) -> str:
        """How the model did in its exam; no answer is lost over what stands in the way of knowing."""
        try:
            return self._exam()
        except Exception:
            log.exception("what the exam showed")
            return "none"

    def _keep(self, turn: Turn, answer: Answer) -> None:
        """Leaves the written answer that a turn has; says why where no person stopped the new one."""
        if why := answer.trouble or ("server_lost" if answer.finish == "lost" else ""):
            kept = AnswerKept(why=why_not_written(why))
            self._emit(m.Failed("", kept.code, kept.params))
        self._emit(m.AnswerReady(turn.conversation_id, turn.id))

    def _save(self, turn: Turn, answer: Answer, *, last: bool = True) -> None:
        self._conversations.save_answer(turn.id, answer)
        self._emit(m.AnswerReady(turn.conversation_id, turn.id, last))


def _is_worse(answer: Answer, before: Answer | None) -> bool:
    """Whether an answer that broke off or was not written would take the place of a written one."""
    if before is None or before.answerer != "written":
        return False
    if answer.trouble:
        return True
    more = answer.answerer == "written" and before.finish in BROKEN_OFF  # neither of them is whole
    return answer.finish in BROKEN_OFF and not more


class _Growing:
    """An answer while it is written: told as a whole, not too often."""

    def __init__(self, turn: Turn, emit: Callable[[m.Event], None]) -> None:
        self._turn = turn
        self._emit = emit
        self._text = self._thinking = ""
        self._told = 0.0

    def add(self, text: str, thinking: str) -> None:
        first = not (self._text or self._thinking)
        self._text += text
        self._thinking += thinking
        if first or time.monotonic() - self._told >= 1 / TOLD_A_SECOND:
            self.tell()

    def tell(self) -> None:
        self._told = time.monotonic()
        turn = self._turn
        self._emit(m.AnswerGrows(turn.conversation_id, turn.id, self._text, self._thinking))
