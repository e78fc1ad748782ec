"""Long work: one queue, every job idempotent and resumable."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class JobKind(StrEnum):
    """What a job does; `runner` has one handler for each."""

    ADD = "add"  # read the files of one request
    EMBED = "embed"  # give passages their vectors
    INDEX = "index"  # build the next generation of the index
    FETCH = "fetch"  # get a language model
    ENTRANCE = "entrance"  # have a language model sit its entrance exam
    BUILD = "build"  # build an assistant: the hour


class JobState(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    PAUSED = "paused"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def over(self) -> bool:
        return self in (JobState.DONE, JobState.FAILED, JobState.CANCELLED)


@dataclass(frozen=True, slots=True)
class Job:
    """A row of the queue. `done` and `total` count files, passages, vectors, bytes, questions or minutes by
    kind.

    `attempts` counts starts since the last progress; at three the job fails with `error`.
    """

    id: int
    kind: JobKind
    state: JobState
    label: str = ""
    done: int = 0
    total: int = 0
    attempts: int = 0
    error: str = ""
    created_at: float = 0.0
    finished_at: float | None = None
