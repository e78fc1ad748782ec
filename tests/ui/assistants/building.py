"""Assistants of the firm in its real store, and builds of them as the engine would note them."""

from __future__ import annotations

import datetime
from typing import Any

from ragdesk.domain.assistant import Assistant, ReportCard, Version
from ragdesk.domain.document import Span
from ragdesk.domain.job import JobKind, JobState
from ragdesk.domain.training import Fold, Pair, PairSource
from ragdesk.messages import AssistantsChanged, BuildMoved, Done, JobChanged
from ragdesk.store.assistants import Assistants
from ragdesk.store.jobs import Jobs
from ragdesk.store.pairs import Pairs
from tests.fakes_engine import FakeEngine
from tests.ui.assistants.practice import BETTER
from tests.ui.filling import TEXT, Desk

MADE_AT = datetime.datetime(2026, 11, 24, 12, tzinfo=datetime.UTC).timestamp()


class Building:
    """Writes what the engine would write, and says what it would say."""

    def __init__(self, desk: Desk, engine: FakeEngine) -> None:
        self.desk = desk
        self.engine = engine
        self.assistants = Assistants(desk.database)
        self.pairs = Pairs(desk.database)
        self.jobs = Jobs(desk.database)

    def assistant(self, name: str = "Leases", shelf: str | None = "Leases") -> Assistant:
        made = self.assistants.create(name, self.desk.shelf(shelf) if shelf else None)
        self.engine.emit_event(AssistantsChanged(made.id))
        return made

    def version(
        self, assistant: Assistant, number: int, *, used: bool = False, card: ReportCard = BETTER
    ) -> None:
        """One more version, with the card of its build."""
        self.assistants.add_version(Version(assistant.id, number, MADE_AT, card))
        if used:
            self.assistants.use(assistant.id, number)
        self.engine.emit_event(AssistantsChanged(assistant.id))

    def begin(self, assistant: Assistant, tag: str = "", **payload: Any) -> int:
        """The job of a build that was asked for under `tag`; it runs."""
        body = {"assistant_id": assistant.id, "minutes": 60, "teacher": "", "waits": True}
        job_id = self.jobs.enqueue(JobKind.BUILD, assistant.name, body | payload)
        if tag:
            self.engine.emit_event(Done(tag, str(job_id)))
        self.tell(job_id, JobState.RUNNING)
        return job_id

    def tell(self, job_id: int, state: JobState, done: int = 0, total: int = 0) -> None:
        self.jobs.move(job_id, state)
        label = self.jobs.get(job_id).label
        self.engine.emit_event(JobChanged(job_id, "build", state.value, label, done, total))

    def move(self, assistant: Assistant, job_id: int, step: str, **how: Any) -> None:
        self.engine.emit_event(BuildMoved(assistant.id, job_id, step, **how))

    def practise(self, assistant: Assistant, count: int = 30) -> None:
        """Practice questions from the first lease."""
        place = next(p for p in self.desk.documents.all() if p.document is not None)
        assert place.document is not None
        start = TEXT.index("three months' notice")
        end = start + len("three months' notice")
        self.pairs.add(
            assistant.id,
            [
                Pair(
                    f"pair{n}",
                    f"How much notice must the tenant of unit {n} give?",
                    "three months' notice",
                    place.document.id,
                    0,
                    TEXT,
                    (Span(1, 0, len(TEXT)),),
                    start,
                    end,
                    PairSource.TEACHER,
                    "fact",
                    fold=Fold.PRACTICE,
                    usefulness=1 - n / 100,
                )
                for n in range(count)
            ],
        )
