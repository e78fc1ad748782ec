"""One method per command, and the handlers of the queue; no logic of its own."""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from functools import singledispatchmethod

from .. import messages as m
from ..domain.job import Job, JobKind, JobState
from ..errors import FileDiffers, RagDeskError, Unexpected
from ..services.embed import embed_waiting, is_waiting
from ..services.ingest import Ingest
from ..services.meaning import Sight
from ..services.scan import look
from ..store.choices import Choices
from ..store.collections import Collections
from ..store.conversations import Conversations
from ..store.database import Database
from ..store.documents import Documents
from ..store.home import Home, HomeLock
from ..store.jobs import Jobs
from ..store.judgements import Judgements, Learned
from .amending import Find
from .announcer import Announcer
from .answering import Answerer, Answering, Writer
from .asking import Asking
from .assisting import Assisting
from .building import Building
from .models import Models
from .parser_pool import ParserPool
from .runner import Handler, JobSteps, Runner
from .serving import Serving
from .workshop import Workshop

log = logging.getLogger(__name__)

INDEX_FROM = 2_000  # newer vectors than this, and the next generation is built
BATCH_SECONDS = 5.0  # what a batch may still take when the engine is asked to leave
READING_FIRST = 20.0  # seconds that embedding waits for reading, then it gets a turn


class Engine:
    """Owns a home. Commands come in by `handle`, events go out by `emit` (from any thread)."""

    def __init__(
        self,
        home: Home,
        lock: HomeLock,
        database: Database,
        *,
        sights: Sequence[Sight],
        pool: ParserPool,
        ingest: Ingest,
        answerer: Callable[[str | None], Answerer],
        writer: Callable[[str | None], Writer],
        serving: Serving,
        models: Models,
        workshop: Workshop,
        find: Find,
        learn: Callable[[], None],
        emit: Callable[[m.Event], None],
        keep_awake: Callable[[], AbstractContextManager[None]],
    ) -> None:
        self.home = home
        self._lock = lock
        self.database = database
        self.sights = sights  # one for each search model, the English one first
        self.embedder, self.index = sights[0].embedder, sights[0].index
        self._pool = pool
        self._ingest = ingest
        self.serving = serving
        self._learn = learn  # from documents and from what was said, where that is due
        self._emit = emit
        self._keep_awake = keep_awake
        self.collections = Collections(database)
        self.documents = Documents(database, self.embedder.name)
        self.passages = sights[0].passages
        self.learned = Learned(database)
        self.conversations = Conversations(database)
        self.jobs = Jobs(database)
        self.choices = Choices(database)
        self.judgements = Judgements(database)
        self._passwords: dict[int, str] = {}  # by job, in memory only
        self._ending = threading.Lock()
        self._ended = False
        self._announcer = Announcer(emit)
        self.answerer = answerer(None)
        self._answering = Answering(
            self.conversations,
            self.choices,
            answerer,
            writer,
            serving.forget,
            models.exam,
            emit,
            self._keep_up,  # a search may have found the index broken
            str(home.log),
        )
        self.runner = Runner(self.jobs, self._handlers(models, workshop), emit)
        self._assisting = Assisting(
            home, database, self.documents, self.passages, self.runner, emit
        )
        self._asking = Asking(
            database,
            self.documents,
            self._answering,
            find,
            models,
            self.runner.wake,
            self._assisting.handle,
            emit,
        )

    def _handlers(self, models: Models, workshop: Workshop) -> dict[JobKind, Handler]:
        """What does each kind of job."""
        building = Building(workshop, self._halt, self._resume, self._emit)
        return {
            JobKind.ADD: self._awake(self._add),
            JobKind.EMBED: self._awake(self._embed),
            JobKind.INDEX: self._index,
            JobKind.FETCH: self._awake(models.fetch),
            JobKind.ENTRANCE: self._awake(models.examine),
            JobKind.BUILD: self._awake(building.build),
        }

    def _halt(self, job_id: int, to: JobState) -> None:
        self.runner.halt(job_id, to)

    def _resume(self, job_id: int) -> None:
        self.runner.resume(job_id)

    # life

    def start(self, *, builds: bool = True) -> None:
        """Forgets what was removed, takes up unfinished work, and is ready for commands.

        Without `builds` a build of an assistant that waits is left for another start.
        """
        self.collections.purge()
        self._assisting.purge()
        if self.documents.purge():
            self.database.forget()
        self.collections.first()
        if is_waiting(self.sights, self.learned):
            self.jobs.enqueue_once(JobKind.EMBED)
        self._check_index()
        self.runner.start(without=frozenset() if builds else frozenset({JobKind.BUILD}))
        self._take_up_stranded()
        self._answering.submit(self._warm)
        for turn in self.conversations.unanswered():
            self._answering.answer(turn)
        self._answering.submit(self._learn)  # may take long: nothing waits for it

    def _warm(self) -> None:
        """Loads what the first question would wait for."""
        try:
            self.answerer.warm()
            for sight in self.sights:
                sight.index.warm()
        except RagDeskError as error:
            log.warning("not warm: %s", error.code)

    def run_until_idle(self, timeout: float | None = None) -> bool:
        """Waits until the queue is empty; False when `timeout` (seconds) passes first."""
        idle = self.runner.wait_until_idle(timeout)
        self._announcer.flush()
        return idle

    def stop(self) -> None:
        """Finishes the batch in hand and lets go of the home; a second call waits for the first."""
        with self._ending:
            if not self._ended:
                self._ended = True
                self._stop()

    def _stop(self) -> None:
        patient = self.runner.stop(BATCH_SECONDS)
        self._pool.end()  # a file that takes longer is read at the next start
        if not patient and not self.runner.stop(BATCH_SECONDS):
            log.warning("a job did not stop in time")
        self._answering.close()
        self.serving.close()
        self._announcer.close()
        for sight in self.sights:
            sight.index.close()
        self.database.close()
        self._lock.release()

    def handle(self, command: m.Command) -> str:
        """Carries out a command; what fails goes out as `Failed` and is raised for a caller in this process."""
        try:
            result = str(self._handle(command) or "")
        except RagDeskError as error:
            self._emit(m.Failed(command.tag, error.code, error.params))
            raise
        except Exception as error:
            log.exception("command %s", type(command).__name__)
            fault = Unexpected(what=type(command).__name__, log=str(self.home.log))
            self._emit(m.Failed(command.tag, fault.code, fault.params))
            raise fault from error
        self._emit(m.Done(command.tag, result))
        return result

    @singledispatchmethod
    def _handle(self, command: m.Command) -> str | int | None:
        return self._asking.handle(command)

    # documents

    @_handle.register
    def _(self, command: m.AddFiles) -> int:
        shelf = command.collection_id or self.collections.first().id
        label = os.path.basename(command.paths[0].rstrip("/\\")) if len(command.paths) == 1 else ""
        job_id = self.jobs.enqueue(
            JobKind.ADD, label, {"paths": list(command.paths), "collection_id": shelf}
        )
        self.runner.wake()
        return job_id

    @_handle.register
    def _(self, command: m.RemovePlaces) -> None:
        self.documents.remove(command.place_ids)
        if command.final:
            self.documents.purge()
            self.database.forget()
        self._changed(command.place_ids)

    @_handle.register
    def _(self, command: m.RestorePlaces) -> None:
        self.documents.restore(command.place_ids)
        self._take_up_stranded()
        self._changed(command.place_ids)

    @_handle.register
    def _(self, command: m.MovePlaces) -> None:
        self.documents.move(command.place_ids, self.collections.named(command.collection_id).id)
        self._changed(command.place_ids)

    @_handle.register
    def _(self, command: m.ReadAgain) -> int:
        return self._queue_again(command.place_ids)

    @_handle.register
    def _(self, command: m.GivePassword) -> int:
        return self._queue_again([command.place_id], command.password)

    @_handle.register
    def _(self, command: m.FindAgain) -> None:
        placed = self.documents.place(command.place_id)
        found = look(os.path.abspath(command.path), command.path)
        if self._ingest.identify(found.absolute) != placed.place.document_id:
            raise FileDiffers(path=command.path)
        self.documents.relocate(
            command.place_id, found.absolute, found.path, found.size, found.modified_ns
        )
        self._changed([command.place_id])

    def _queue_again(self, place_ids: Sequence[int], password: str | None = None) -> int:
        label = self.documents.place(place_ids[0]).place.name if len(place_ids) == 1 else ""
        with self.database.write():  # one step: the lane must not take the job without its places
            job_id = self.jobs.enqueue(JobKind.ADD, label, {"places": list(place_ids)})
            if password is not None:
                self._passwords[job_id] = password
            self.documents.queue_again(place_ids, job_id)
        self.runner.wake()
        return job_id

    def _take_up_stranded(self) -> None:
        """Files that wait for a job that is over: it ended while they, or their shelf, were removed."""
        if stranded := self.documents.stranded():
            self._queue_again(stranded)

    def _changed(self, place_ids: list[int] | tuple[int, ...]) -> None:
        for place_id in place_ids:
            self._announcer.document(place_id)
        self._emit(m.CollectionsChanged())

    # shelves

    @_handle.register
    def _(self, command: m.CreateCollection) -> str:
        collection = self.collections.create(command.name)
        self._emit(m.CollectionsChanged())
        return collection.id

    @_handle.register
    def _(self, command: m.RenameCollection) -> None:
        self.collections.rename(command.collection_id, command.name)
        self._emit(m.CollectionsChanged())
        self._emit(m.DocumentsChanged())

    @_handle.register
    def _(self, command: m.DeleteCollection) -> None:
        self.collections.remove(command.collection_id)
        if command.final:
            self.collections.purge()
            self.documents.purge()
            self.database.forget()
        self.collections.first()
        self._emit(m.CollectionsChanged())
        self._emit(m.DocumentsChanged())

    @_handle.register
    def _(self, command: m.RestoreCollection) -> None:
        self.collections.restore(command.collection_id)
        self._take_up_stranded()
        self._emit(m.CollectionsChanged())
        self._emit(m.DocumentsChanged())

    # jobs

    @_handle.register
    def _(self, command: m.PauseJob) -> None:
        self.runner.halt(command.job_id, JobState.PAUSED)

    @_handle.register
    def _(self, command: m.ResumeJob) -> None:
        self.runner.resume(command.job_id)

    @_handle.register
    def _(self, command: m.CancelJob) -> None:
        self.runner.halt(command.job_id, JobState.CANCELLED)
        self._changed(self.documents.unqueue(command.job_id))

    @_handle.register
    def _(self, command: m.ChangeSetting) -> None:
        self.choices.change(command.name, command.value)
        self._emit(m.SettingsChanged())

    # handlers of the queue

    def _awake(self, handler: Handler) -> Handler:
        def run(job: Job, steps: JobSteps) -> None:
            wanted = self.choices.get("keep_awake")
            with self._keep_awake() if wanted else nullcontext():
                handler(job, steps)

        return run

    def _add(self, job: Job, steps: JobSteps) -> None:
        payload = self.jobs.payload(job.id)
        if "paths" in payload and not payload.get("listed"):
            if payload["collection_id"] not in [c.id for c in self.collections.all()]:
                self.runner.halt(job.id, JobState.CANCELLED)  # its shelf was deleted meanwhile
                return
            self._ingest.queue(job.id, payload["paths"], payload["collection_id"], steps)
            if not steps.stopped():
                self.jobs.set_payload(job.id, {**payload, "listed": True})
            self._emit(m.DocumentsChanged())
            self._emit(m.CollectionsChanged())
        self._ingest.read_queued(job.id, steps, self._read_one, self._passwords.pop(job.id, None))
        if self.jobs.get(job.id).state is JobState.CANCELLED:  # what was listed after the order too
            self._changed(self.documents.unqueue(job.id))
        self._emit(m.CollectionsChanged())

    def _read_one(self, place_id: int) -> None:
        self._announcer.document(place_id)
        self.jobs.enqueue_once(JobKind.EMBED)

    def _embed(self, job: Job, steps: JobSteps) -> None:
        patience = time.monotonic() + READING_FIRST
        while self.runner.reading() and time.monotonic() < patience and not steps.stopped():
            threading.Event().wait(0.1)
        embed_waiting(self.sights, self.learned, steps)
        self._emit(m.DocumentsChanged())
        self._keep_up()

    def _keep_up(self) -> None:
        self._learn()
        self._check_index()

    def _check_index(self) -> None:
        if any(sight.newer() >= INDEX_FROM for sight in self.sights):
            self.jobs.enqueue_once(JobKind.INDEX)
            self.runner.wake()

    def _index(self, job: Job, steps: JobSteps) -> None:
        for sight in self.sights:
            due = sight.newer() >= INDEX_FROM
            if due and not sight.index.build(sight.passages.highest_vector()):
                log.warning("the index could not be built; search stays exact")
