"""What the engine does when it is told about questions, answers and language models."""

from __future__ import annotations

from collections.abc import Callable
from functools import singledispatchmethod

from .. import messages as m
from ..domain.document import Span
from ..domain.job import JobKind, JobState
from ..services.judge import Judge
from ..services.receive import received
from ..store.conversations import Conversations
from ..store.database import Database
from ..store.documents import Documents
from ..store.jobs import Jobs
from ..store.judgements import Judgements
from .amending import Amending, Find
from .answering import Answering
from .models import Models


class Asking:
    """One method per command; no logic of its own.

    `wake` has the queue look for work; `others` carries out what is not about these.
    """

    def __init__(
        self,
        database: Database,
        documents: Documents,
        answering: Answering,
        find: Find,
        models: Models,
        wake: Callable[[], None],
        others: Callable[[m.Command], str | int | None],
        emit: Callable[[m.Event], None],
    ) -> None:
        self._database = database
        self._conversations = Conversations(database)
        self._judgements = Judgements(database)
        self._jobs = Jobs(database)
        self._judge = Judge(self._conversations, documents, self._judgements)
        self._answering = answering
        self._amending = Amending(self._conversations, find, emit)
        self._models = models
        self._wake = wake
        self._others = others
        self._emit = emit

    @singledispatchmethod
    def handle(self, command: m.Command) -> str | int | None:
        """Carries out a command; what comes back is an id where one was made. Raises `WrongUse`."""
        return self._others(command)

    # questions and answers

    @handle.register
    def _(self, command: m.Ask) -> str:
        question = received(command.question)
        turn = self._conversations.ask(
            question, command.conversation_id, command.collection_id, command.assistant_id or None
        )
        self._emit(m.ConversationsChanged(turn.conversation_id))
        self._answering.answer(turn)
        return turn.conversation_id

    @handle.register
    def _(self, command: m.AnswerAgain) -> None:
        self._answering.answer(self._conversations.turn(command.turn_id), command.answerer)

    @handle.register
    def _(self, command: m.StopAnswer) -> None:
        self._answering.stop(command.turn_id)

    @handle.register
    def _(self, command: m.DeleteConversation) -> None:
        self._conversations.delete(command.conversation_id)
        self._emit(m.ConversationsChanged(command.conversation_id))

    @handle.register
    def _(self, command: m.LookForSupport) -> None:
        def look() -> None:
            try:
                self._amending.look(command.turn_id, command.sentence)
            except Exception:
                self._emit(m.SupportSought(command.turn_id))  # who waits for it waits no longer
                raise

        self._answering.submit(look)  # a search may take a moment

    @handle.register
    def _(self, command: m.RemoveSentence) -> None:
        self._amending.remove(command.turn_id, command.sentence)

    @handle.register
    def _(self, command: m.RestoreSentence) -> None:
        self._amending.restore(command.turn_id)

    @handle.register
    def _(self, command: m.Judge) -> None:
        said = (command.turn_id, command.verdict, command.answer, command.document_id)
        self._judge.judge(*said, [Span(*span) for span in command.spans])
        self._emit(m.JudgementsChanged(command.turn_id))

    @handle.register
    def _(self, command: m.ForgetJudgements) -> None:
        self._judgements.clear()
        self._database.forget()
        self._emit(m.JudgementsChanged())

    # language models

    @handle.register
    def _(self, command: m.ListModels) -> None:
        self._answering.submit(self._models.tell)

    @handle.register
    def _(self, command: m.FetchModel) -> int:
        return self._queue(JobKind.FETCH, command.name)

    @handle.register
    def _(self, command: m.ExamineModel) -> int:
        return self._queue(JobKind.ENTRANCE, command.name)

    @handle.register
    def _(self, command: m.DeleteModel) -> None:
        def delete() -> None:
            self._models.delete(command.name)
            self._models.tell()

        self._answering.submit(delete)  # it waits for a model that is being opened

    def _queue(self, kind: JobKind, name: str) -> int:
        """The job that does this for a model already, or a new one: a double press does it once."""
        same = (
            job.id
            for job in self._jobs.all()
            if (job.kind, job.label) == (kind, name) and job.state is not JobState.PAUSED
        )
        job_id = next(same, 0) or self._jobs.enqueue(kind, name, {"model": name})
        self._wake()
        return job_id
