"""Runs the queue in lanes, none of which waits: one reads files, one embeds and builds the index, one
fetches and tries models, one builds assistants.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from ..domain.job import Job, JobKind, JobState
from ..errors import DiskFull, RagDeskError, Unexpected
from ..messages import Event, Failed, JobChanged
from ..store.jobs import MOST_ATTEMPTS, Jobs

log = logging.getLogger(__name__)

EVENTS_A_SECOND = 5.0
LANES: tuple[tuple[JobKind, ...], ...] = (
    (JobKind.ADD,),
    (JobKind.EMBED, JobKind.INDEX),
    (JobKind.FETCH, JobKind.ENTRANCE),
    (JobKind.BUILD,),
)


@dataclass(slots=True)
class JobSteps:
    """What a handler is given: progress goes out through it, the wish to stop comes in."""

    job: Job
    jobs: Jobs
    emit: Callable[[Event], None]
    is_stopped: Callable[[], bool]
    _started: float = field(default_factory=time.monotonic)
    _told: float = 0.0
    _first: int = -1
    _moved: bool = False

    def stopped(self) -> bool:
        return self.is_stopped()

    def progress(self, done: int, total: int) -> None:
        """Notes progress, and tells it at most five times a second and at the end."""
        now = time.monotonic()
        if self._first < 0:
            self._first, self._started = done, now
        moved = done > self._first
        first_move = moved and not self._moved  # noted at once: a crash right after must see it
        if now - self._told < 1 / EVENTS_A_SECOND and done != total and not first_move:
            return
        self._told, self._moved = now, moved
        self.jobs.progress(self.job.id, done, total, moved=moved)
        rate = (done - self._first) / (now - self._started) if now - self._started > 0.5 else None
        left = (total - done) / rate if rate else None
        self.emit(
            JobChanged(
                self.job.id,
                self.job.kind.value,
                JobState.RUNNING.value,
                self.job.label,
                done,
                total,
                rate,
                left,
            )
        )


Handler = Callable[[Job, JobSteps], None]


class Runner:
    """A thread for each lane over one queue. `halt` and `resume` act on one job, `stop` on all."""

    def __init__(
        self, jobs: Jobs, handlers: Mapping[JobKind, Handler], emit: Callable[[Event], None]
    ) -> None:
        self._jobs = jobs
        self._handlers = handlers
        self._emit = emit
        self._wake = threading.Condition()
        self._halted: set[int] = set()
        self._stopping = False
        self._busy = 0
        self._trouble = ""  # why no job can be begun, as an error's code
        self._without: frozenset[JobKind] = frozenset()
        self._threads = [
            threading.Thread(
                target=self._run, args=(kinds,), name=f"{kinds[0].value} lane", daemon=True
            )
            for kinds in LANES
        ]

    def start(self, *, without: frozenset[JobKind] = frozenset()) -> None:
        """Takes up what is unfinished; jobs of the kinds in `without` wait for another start."""
        self._without = without
        self._jobs.recover()
        for kinds, thread in zip(LANES, self._threads, strict=True):
            if not without.issuperset(kinds):
                thread.start()

    def wake(self) -> None:
        """There may be something to do."""
        with self._wake:
            self._wake.notify_all()

    def halt(self, job_id: int, to: JobState) -> None:
        """Pauses or cancels a job: it stops after the batch in hand."""
        with self._wake:
            self._halted.add(job_id)
        self._jobs.move(job_id, to)
        self.tell(job_id)

    def resume(self, job_id: int) -> None:
        """Lets a paused job go on, also one whose pause a full disk kept from being noted."""
        with self._wake:
            halted = job_id in self._halted
            self._halted.discard(job_id)
        state = self._jobs.get(job_id).state
        if state is JobState.PAUSED or (halted and state is JobState.RUNNING):
            self._jobs.move(job_id, JobState.QUEUED)
        self.tell(job_id)
        self.wake()

    def tell(self, job_id: int) -> None:
        """Sends a job's state as it stands in the store."""
        job = self._jobs.get(job_id)
        self._emit(
            JobChanged(job.id, job.kind.value, job.state.value, job.label, job.done, job.total)
        )

    def reading(self) -> bool:
        """Whether files are being read at this moment."""
        return any(
            job.kind is JobKind.ADD and job.state is JobState.RUNNING for job in self._jobs.all()
        )

    def wait_until_idle(self, timeout: float | None = None) -> bool:
        """Waits until nothing runs or waits, paused jobs aside.

        False when `timeout` seconds pass first, or when no job can even be begun.
        """
        deadline = None if timeout is None else time.monotonic() + timeout
        with self._wake:
            while self._busy or self._at_work():
                late = deadline is not None and time.monotonic() > deadline
                if self._stopping or late or self._trouble:
                    return False
                self._wake.wait(0.2)
        return True

    def _at_work(self) -> bool:
        return any(
            job.state in (JobState.QUEUED, JobState.RUNNING)
            and job.id not in self._halted
            and job.kind not in self._without
            for job in self._jobs.all()
        )

    def stop(self, timeout: float) -> bool:
        """Lets each lane finish its batch, and ends; what is unfinished goes on at the next start.

        False when a lane is still at work after `timeout` seconds; may be called again.
        """
        with self._wake:
            self._stopping = True
            self._wake.notify_all()
        deadline = time.monotonic() + timeout
        for thread in self._threads:
            if thread.is_alive():
                thread.join(max(deadline - time.monotonic(), 0.0))
        return not any(thread.is_alive() for thread in self._threads)

    def _run(self, kinds: tuple[JobKind, ...]) -> None:
        while not self._stopping:
            try:
                self._turn(kinds)
                self._trouble = ""
            except RagDeskError as error:  # the disk is full, say: nothing can even be claimed
                self._tell_trouble(error)
            except Exception:
                log.exception("%s lane", kinds[0].value)
                self._tell_trouble(Unexpected(what="the queue"))

    def _tell_trouble(self, error: RagDeskError) -> None:
        """Once for as long as it lasts; the lane tries again by itself."""
        if self._trouble != error.code:
            self._emit(Failed("", error.code, error.params))
        with self._wake:
            self._trouble = error.code
            self._wake.wait(2.0)

    def _turn(self, kinds: tuple[JobKind, ...]) -> None:
        job = self._jobs.claim(kinds)
        with self._wake:
            if job is None:
                self._wake.wait(1.0)
                return
            self._busy += 1
        try:
            self._do(job)
        finally:
            with self._wake:
                self._busy -= 1
                self._wake.notify_all()

    def _do(self, job: Job) -> None:
        self.tell(job.id)
        steps = JobSteps(
            job, self._jobs, self._emit, lambda: self._stopping or job.id in self._halted
        )
        try:
            self._handlers[job.kind](job, steps)
            if self._stopping:
                self._jobs.give_back(job.id)
            elif not steps.stopped():
                self._jobs.finish(job.id)
        except RagDeskError as error:
            self._fail(job, error)
        except Exception:
            log.exception("job %s %s", job.id, job.kind.value)
            self._fail(job, Unexpected(what=job.kind.value), again=True)
        self.tell(job.id)

    def _fail(self, job: Job, error: RagDeskError, *, again: bool = False) -> None:
        """A full disk waits for a person, a defect is tried again, all else fails and says why.

        What fails once it is cancelled may fail because it was: there is nothing to say.
        """
        if self._jobs.get(job.id).state.over:
            return
        if again and self._jobs.get(job.id).attempts < MOST_ATTEMPTS:
            self._jobs.move(job.id, JobState.QUEUED)
            return
        self._emit(Failed("", error.code, error.params))
        to = JobState.PAUSED if isinstance(error, DiskFull) else JobState.FAILED
        try:
            self._jobs.move(job.id, to, error=error.code)
        except DiskFull:
            with self._wake:
                self._halted.add(job.id)  # the store cannot even note it; `recover` will find it
