"""Changes that a person makes to a written answer, and the way back."""

from __future__ import annotations

import threading
from collections.abc import Callable

from .. import messages as m
from ..domain.conversation import Answer, Citation, Turn
from ..errors import WrongUse
from ..services.amend import supported_by, without
from ..store.conversations import Conversations

Find = Callable[[str, str | None], Citation | None]


class Amending:
    """Amends answers in the store. `find` looks for what bears a sentence out, on a shelf or on all.

    The way back is kept while the engine lives, and until the question is answered anew. Safe for
    threads.
    """

    def __init__(
        self, conversations: Conversations, find: Find, emit: Callable[[m.Event], None]
    ) -> None:
        self._conversations = conversations
        self._find = find
        self._emit = emit
        self._done: dict[str, list[tuple[Answer, Answer]]] = {}  # by turn: (before, after)
        self._lock = threading.Lock()

    def look(self, turn_id: str, place: int) -> None:
        """Cites for a sentence (its number from 0) what bears it out, if anything does.

        Raises `NotFound`, `WrongUse`.
        """
        turn = self._conversations.turn(turn_id)
        answer = _written(turn, place)
        citation = self._find(answer.sentences[place].text, turn.collection_id)
        if citation is not None:
            with self._lock:
                now = self._conversations.turn(turn_id)
                if now.answer != answer:  # answered anew, or amended, while it was looked for
                    return
                self._amend(now, answer, supported_by(answer, place, citation))
        self._emit(m.SupportSought(turn_id, "" if citation is None else citation.title))

    def remove(self, turn_id: str, place: int) -> None:
        """Takes a sentence (its number from 0) away. Raises `NotFound`, `WrongUse`."""
        with self._lock:
            turn = self._conversations.turn(turn_id)
            answer = _written(turn, place)
            self._amend(turn, answer, without(answer, place))

    def restore(self, turn_id: str) -> None:
        """Undoes the last change of an answer; harmless where there is none any more."""
        with self._lock:
            turn = self._conversations.turn(turn_id)
            changes = self._done.pop(turn_id, [])
            if changes and changes[-1][1] == turn.answer:
                self._save(turn, changes[-1][0])
                self._done[turn_id] = changes[:-1]

    def _amend(self, turn: Turn, before: Answer, after: Answer) -> None:
        self._save(turn, after)
        self._done.setdefault(turn.id, []).append((before, after))

    def _save(self, turn: Turn, answer: Answer) -> None:
        self._conversations.save_answer(turn.id, answer)
        self._emit(m.AnswerReady(turn.conversation_id, turn.id))


def _written(turn: Turn, place: int) -> Answer:
    if turn.answer is None or not 0 <= place < len(turn.answer.sentences):
        raise WrongUse(detail="there is no such sentence in this answer any more")
    return turn.answer
