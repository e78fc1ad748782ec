"""The turns of one conversation, read from the store."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)

from ...domain.conversation import Judgement, Turn
from ...messages import (
    AnswerAgain,
    AnswerGrows,
    AnswerReady,
    Ask,
    ConversationsChanged,
    Done,
    Event,
    Failed,
    JudgementsChanged,
    Ready,
    StopAnswer,
    SupportSought,
)
from ..engine_client import EngineClient
from ..library import Library
from ..words import error

TURN_ROLE = Qt.ItemDataRole.UserRole + 1
PROBLEM_ROLE = Qt.ItemDataRole.UserRole + 2
JUDGEMENT_ROLE = Qt.ItemDataRole.UserRole + 3
GROWING_ROLE = Qt.ItemDataRole.UserRole + 4
CLOCK_SLACK = 2.0  # seconds by which the engine's note of a question may seem older than ours

Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class Growing:
    """An answer while it is written: its text and its thinking so far."""

    text: str = ""
    thinking: str = ""


@dataclass(frozen=True, slots=True)
class _Row:
    """A turn of the store, or a question that the engine has not noted yet (`tag` set).

    `problem` is the sentence that says why it could not be asked, `judgement` what a person said
    about the answer, `growing` what is being written beside what the turn has already.
    """

    turn: Turn
    tag: str = ""
    problem: str = ""
    judgement: Judgement | None = None
    growing: Growing | None = None


class ConversationModel(QAbstractListModel):
    """Questions and answers in the order asked; a question just asked stands there at once.

    Roles: `Qt.DisplayRole` the question, `TURN_ROLE` the `Turn`, `PROBLEM_ROLE` a sentence or "",
    `JUDGEMENT_ROLE` a `Judgement` or None, `GROWING_ROLE` a `Growing` or None.

    Signals:
        conversation_changed: another conversation is shown; its id, empty for a new one.
        answered: the `Turn` of a question that was waiting has its answer now.
        nothing_found: the row of an answer for a sentence of which no support was found.
    """

    conversation_changed = Signal(str)
    answered = Signal(object)
    nothing_found = Signal(int)

    def __init__(
        self, library: Library, client: EngineClient, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._library = library
        self._client = client
        self._id = ""
        self._rows: list[_Row] = []
        self._problems: dict[str, str] = {}  # by turn
        self._growing: dict[str, Growing] = {}  # by turn
        client.event_received.connect(self._on_event)
        library.opened.connect(self.refresh)

    @property
    def conversation_id(self) -> str:
        """Empty while nothing was asked in a new conversation."""
        return self._id

    def show(self, conversation_id: str) -> None:
        """Shows another conversation; an empty id begins a new one."""
        self.beginResetModel()
        self._id = conversation_id
        self._rows = self._stored() if conversation_id else []
        self.endResetModel()
        self.conversation_changed.emit(conversation_id)

    def ask(self, question: str, collection_id: str | None, assistant_id: str = "") -> None:
        """Asks in this conversation, on one shelf or (None) on all, an assistant or RagDesk itself."""
        tag = self._client.send(
            Ask(
                question=question,
                conversation_id=self._id,
                collection_id=collection_id,
                assistant_id=assistant_id,
            )
        )
        asked = Turn(f"asked:{tag}", self._id, question, time.time(), None)
        row = _Row(replace(asked, assistant_id=assistant_id or None), tag=tag)
        self.beginInsertRows(QModelIndex(), len(self._rows), len(self._rows))
        self._rows.append(row)
        self.endInsertRows()

    def ask_again(self, row: int, collection_id: str | None, assistant_id: str = "") -> None:
        """Asks a question anew that came to nothing."""
        asked = self._rows[row]
        if asked.tag:
            self.beginRemoveRows(QModelIndex(), row, row)
            del self._rows[row]
            self.endRemoveRows()
        self.ask(asked.turn.question, collection_id, assistant_id)

    def stop(self, row: int) -> None:
        """Ends the writing of an answer; what was written stays."""
        self._client.send(StopAnswer(turn_id=self._rows[row].turn.id))

    def answer_again(self, row: int, answerer: str) -> None:
        """Has a question answered anew in its place, by "quote" or "written"."""
        self._client.send(AnswerAgain(turn_id=self._rows[row].turn.id, answerer=answerer))

    def turn(self, row: int) -> Turn:
        return self._rows[row].turn

    def problem(self, row: int) -> str:
        return self._rows[row].problem

    def judgement(self, row: int) -> Judgement | None:
        return self._rows[row].judgement

    def growing(self, row: int) -> Growing | None:
        return self._rows[row].growing

    @property
    def is_answering(self) -> bool:
        """Whether a question still waits for its answer."""
        return any(
            row.growing is not None or (row.turn.answer is None and not row.problem)
            for row in self._rows
        )

    # the model

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid() or index.row() >= len(self._rows):
            return None
        row = self._rows[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return row.turn.question
        if role == TURN_ROLE:
            return row.turn
        if role == PROBLEM_ROLE:
            return row.problem
        if role == JUDGEMENT_ROLE:
            return row.judgement
        if role == GROWING_ROLE:
            return row.growing
        return None

    # following the store

    def refresh(self) -> None:
        """Reads the conversation anew and tells exactly what changed."""
        if not self._library.is_open:
            return
        rows = self._stored()
        known = {row.turn.id for row in self._rows}
        fresh = [row.turn for row in rows if row.turn.id not in known]
        for row in self._rows:
            if row.tag:
                note = _note_of(row.turn, fresh)
                if note is None:
                    rows.append(row)
                else:
                    fresh.remove(note)
        self._become(rows)

    def _stored(self) -> list[_Row]:
        if not (self._id and self._library.is_open):
            return []
        turns = self._library.conversations.turns(self._id)
        said = self._library.judgements.of_turns([turn.id for turn in turns])
        return [
            _Row(
                turn,
                problem="" if turn.answer else self._problems.get(turn.id, ""),
                judgement=said.get(turn.id),
                growing=self._growing.get(turn.id),
            )
            for turn in turns
        ]

    def _become(self, rows: list[_Row]) -> None:
        before = len(self._rows)
        if len(rows) < before:
            self.beginRemoveRows(QModelIndex(), len(rows), before - 1)
            del self._rows[len(rows) :]
            self.endRemoveRows()
        for number, row in enumerate(rows[: len(self._rows)]):
            if row != self._rows[number]:
                was_waiting = self._rows[number].turn.answer is None
                self._rows[number] = row
                self.dataChanged.emit(self.index(number), self.index(number))
                if was_waiting and row.turn.answer is not None:
                    self.answered.emit(row.turn)
        if len(rows) > len(self._rows):
            self.beginInsertRows(QModelIndex(), len(self._rows), len(rows) - 1)
            self._rows += rows[len(self._rows) :]
            self.endInsertRows()

    def _on_event(self, event: Event) -> None:
        if isinstance(event, AnswerGrows):
            self._grow(event)
            return
        if isinstance(event, SupportSought) and not event.title:
            for number, row in enumerate(self._rows):
                if row.turn.id == event.turn_id:
                    self.nothing_found.emit(number)
        if isinstance(event, AnswerReady) and event.last:
            self._growing.pop(event.turn_id, None)
        elif isinstance(event, Ready):
            self._growing.clear()  # another engine: what the last one was writing is over
        if isinstance(event, Failed):
            self._growing.pop(event.tag, None)
            self._tell(event)
        elif isinstance(event, Done) and any(row.tag == event.tag for row in self._rows):
            if not self._id:
                self._id = event.result
                self.conversation_changed.emit(self._id)
            self.refresh()
        elif isinstance(event, (Ready, JudgementsChanged)) or (
            isinstance(event, (AnswerReady, ConversationsChanged))
            and self._id
            and event.conversation_id in ("", self._id)
        ):
            self.refresh()

    def _grow(self, event: AnswerGrows) -> None:
        growing = self._growing[event.turn_id] = Growing(event.text, event.thinking)
        for number, row in enumerate(self._rows):
            if row.turn.id == event.turn_id:
                self._rows[number] = replace(row, growing=growing)
                self.dataChanged.emit(self.index(number), self.index(number), [GROWING_ROLE])

    def _tell(self, event: Failed) -> None:
        """A question that could not be asked (by the command's tag) or answered (by its turn)."""
        sentence = error(event.code, event.params)
        for number, row in enumerate(self._rows):
            if event.tag == row.turn.id:
                self._problems[row.turn.id] = sentence
            elif not row.tag or row.tag != event.tag:
                continue
            self._rows[number] = replace(row, problem=sentence, growing=None)
            self.dataChanged.emit(self.index(number), self.index(number))


def _note_of(asked: Turn, turns: list[Turn]) -> Turn | None:
    """The store's note of a question asked here."""
    for turn in turns:
        if turn.question == asked.question and turn.asked_at >= asked.asked_at - CLOCK_SLACK:
            return turn
    return None
