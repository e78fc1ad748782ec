from __future__ import annotations

from ragdesk.domain.job import JobKind, JobState
from ragdesk.store.database import Database
from ragdesk.store.jobs import MOST_ATTEMPTS, Jobs


def test_oldest_of_a_kind_is_claimed_once(database: Database) -> None:
    jobs = Jobs(database)
    first, second = jobs.enqueue(JobKind.ADD), jobs.enqueue(JobKind.ADD)
    jobs.enqueue(JobKind.EMBED)
    taken = [jobs.claim((JobKind.ADD,)) for _ in range(3)]
    assert [job.id if job else None for job in taken] == [first, second, None]


def test_without_progress_a_job_fails_at_the_third_crash(database: Database) -> None:
    jobs = Jobs(database)
    job_id = jobs.enqueue(JobKind.ADD)
    for _ in range(MOST_ATTEMPTS):
        jobs.claim((JobKind.ADD,))
        jobs.recover()
    assert jobs.get(job_id).state is JobState.FAILED
    assert jobs.get(job_id).error == "no_progress"


def test_progress_resets_the_attempts(database: Database) -> None:
    jobs = Jobs(database)
    job_id = jobs.enqueue(JobKind.ADD)
    for done in range(MOST_ATTEMPTS * 3):
        assert jobs.claim((JobKind.ADD,)) is not None
        jobs.progress(job_id, done + 1, 100, moved=True)
        jobs.recover()
    assert jobs.get(job_id).state is JobState.QUEUED


def test_enqueue_once_joins_a_waiting_job_but_not_a_running_one(database: Database) -> None:
    jobs = Jobs(database)
    waiting = jobs.enqueue_once(JobKind.EMBED)
    assert jobs.enqueue_once(JobKind.EMBED) == waiting
    jobs.claim((JobKind.EMBED,))
    assert jobs.enqueue_once(JobKind.EMBED) != waiting


def test_a_job_that_is_over_stays_so(database: Database) -> None:
    jobs = Jobs(database)
    job_id = jobs.enqueue(JobKind.ADD)
    jobs.move(job_id, JobState.CANCELLED)
    jobs.move(job_id, JobState.QUEUED)
    assert jobs.get(job_id).state is JobState.CANCELLED
    assert jobs.all() == []
