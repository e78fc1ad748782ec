"""The builds of assistants: what the queue says of them, and what was heard of their steps."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from PySide6.QtCore import QObject, Signal

from ...domain.job import JobKind, JobState
from ...messages import BuildMoved, Event, Failed, JobChanged, Ready
from .. import words
from ..engine_client import EngineClient
from ..library import Library

MOST_EXAMPLES = 5
MOST_POINTS = 400  # of a curve; an exam has a few hundred questions

# (asked, right) after each question of one run through the questions.
Curve = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Build:
    """One build. `step` is "" until something of it was heard since the window opened.

    `minutes` is what it was given, `teacher` who writes questions, `waits` whether it is to wait
    for a person after the practice questions. `done` of `total` are units of the step, `right` of
    `asked` its questions; `curves` has by step each run through questions so far, `examples` what
    was last made or answered, newest first. `problem` is the sentence that says why it stopped.
    """

    job_id: int
    assistant_id: str
    name: str
    state: JobState
    minutes: int = 60
    teacher: str = ""
    waits: bool = False
    step: str = ""
    done: int = 0
    total: int = 0
    minutes_left: float | None = None
    right: int = 0
    asked: int = 0
    curves: Mapping[str, tuple[Curve, ...]] = field(default_factory=dict)
    examples: tuple[str, ...] = ()
    problem: str = ""

    @property
    def goes_on(self) -> bool:
        """Whether it runs, waits or is paused."""
        return not self.state.over

    @property
    def waits_for_review(self) -> bool:
        """Whether the practice questions lie before the person, and nothing goes on until `GoOn`."""
        if not self.waits or self.state.over:
            return False
        return self.step == "review" or (not self.step and self.state is JobState.PAUSED)


class BuildsModel(QObject):
    """The newest build of each assistant, those that are over too for as long as the window is open.

    Signals:
        changed: the id of the assistant whose build moved, began or ended.
    """

    changed = Signal(str)

    def __init__(
        self, library: Library, client: EngineClient, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._library = library
        self._builds: dict[str, Build] = {}  # by assistant
        self._trouble = ""  # of work behind, told right before the state of the job that had it
        client.event_received.connect(self._hear)
        library.opened.connect(self.reload)
        self.reload()

    def of(self, assistant_id: str) -> Build | None:
        return self._builds.get(assistant_id)

    def take(self, job_id: int) -> str:
        """Notes a build that was just asked for; the id of its assistant."""
        job = self._library.jobs.get(job_id)
        self._note(job.id, job.label, job.state)
        return str(self._library.jobs.payload(job_id).get("assistant_id", ""))

    def forget(self, assistant_id: str) -> None:
        """A build that is over was looked at."""
        build = self._builds.get(assistant_id)
        if build is not None and build.state.over:
            del self._builds[assistant_id]
            self.changed.emit(assistant_id)

    def reload(self) -> None:
        """Reads the queue: what went on when the window was last closed goes on."""
        if not self._library.is_open:
            return
        for job in self._library.jobs.all():
            if job.kind is JobKind.BUILD:
                self._note(job.id, job.label, job.state)

    def _hear(self, event: Event) -> None:
        if isinstance(event, BuildMoved):
            self._move(event)
        elif isinstance(event, JobChanged) and event.kind == JobKind.BUILD:
            self._note(event.job_id, event.label, JobState(event.state))
        elif isinstance(event, Failed) and not event.tag:
            self._trouble = words.error(event.code, event.params)
        elif isinstance(event, Ready):
            self.reload()

    def _note(self, job_id: int, label: str, state: JobState) -> None:
        payload = self._library.jobs.payload(job_id) if self._library.is_open else {}
        assistant_id = str(payload.get("assistant_id", ""))
        if not assistant_id:
            return
        known = self._builds.get(assistant_id)
        if known is None or known.job_id != job_id:
            known = Build(job_id, assistant_id, label, state)
        problem, self._trouble = self._trouble, ""
        if state in (JobState.RUNNING, JobState.QUEUED, JobState.DONE):
            problem = ""
        elif not problem and state is JobState.FAILED:
            problem = self._problem_of(job_id)
        self._put(dataclasses.replace(known, state=state, problem=problem, **_choices(payload)))

    def _problem_of(self, job_id: int) -> str:
        """Why a job failed, as the store has it: its code alone."""
        return words.error(self._library.jobs.get(job_id).error or "unexpected", {})

    def _move(self, event: BuildMoved) -> None:
        known = self._builds.get(event.assistant_id)
        if known is None or known.job_id != event.job_id:
            self._note(event.job_id, "", JobState.RUNNING)
            known = self._builds.get(event.assistant_id)
        if known is None or known.state.over:
            return
        curves = dict(known.curves)
        if event.asked:
            curves[event.step] = _grown(curves.get(event.step, ()), (event.asked, event.right))
        same_step = known.step == event.step
        examples = known.examples if same_step else ()
        if event.words and event.words not in examples:
            examples = (event.words, *examples)[:MOST_EXAMPLES]
        self._put(
            dataclasses.replace(
                known,
                step=event.step,
                done=event.done,
                total=event.total,
                minutes_left=event.minutes_left,
                right=event.right,
                asked=event.asked,
                curves=curves,
                examples=examples,
            )
        )

    def _put(self, build: Build) -> None:
        self._builds[build.assistant_id] = build
        self.changed.emit(build.assistant_id)


def _choices(payload: Mapping[str, Any]) -> dict[str, Any]:
    """What a person chose for a build, of its job's payload."""
    return {
        "minutes": int(payload.get("minutes", 60)),
        "teacher": str(payload.get("teacher", "")),
        "waits": bool(payload.get("waits", False)),
    }


def _grown(curves: tuple[Curve, ...], point: tuple[int, int]) -> tuple[Curve, ...]:
    """Adds a point to the last curve, or begins another where the questions are asked from the first."""
    last = curves[-1] if curves else ()
    if not last or point[0] < last[-1][0]:
        return (*curves, (point,))
    if point[0] == last[-1][0]:
        return (*curves[:-1], (*last[:-1], point))
    return (*curves[:-1], (*last, point)[-MOST_POINTS:])
