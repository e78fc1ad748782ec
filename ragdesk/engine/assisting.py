"""What the engine does when it is told about assistants and practice questions."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import singledispatchmethod
from pathlib import Path

from .. import messages as m
from ..domain.document import Span
from ..domain.job import Job, JobKind, JobState
from ..domain.training import SEED, Fold, Pair
from ..errors import AssistantExists, NotFound, WrongUse
from ..services.draft import pair_id
from ..services.exchange import export_pairs, import_pairs
from ..services.hold_out import folds
from ..services.locate import Locator
from ..services.review import Review
from ..store.assistants import Assistants
from ..store.collections import Collections
from ..store.database import Database
from ..store.documents import Documents
from ..store.home import Home
from ..store.jobs import Jobs
from ..store.pairs import Pairs
from ..store.passages import Passages
from .runner import Runner

SHORTEST, LONGEST = 5, 12 * 60  # minutes that a build may be given


class Assisting:
    """One method per command; no logic of its own."""

    def __init__(
        self,
        home: Home,
        database: Database,
        documents: Documents,
        passages: Passages,
        runner: Runner,
        emit: Callable[[m.Event], None],
    ) -> None:
        self._home = home
        self._assistants = Assistants(database)
        self._collections = Collections(database)
        self._pairs = Pairs(database)
        self._jobs = Jobs(database)
        self._documents = documents
        self._passages = passages
        self._review = Review(self._pairs, passages, documents)
        self._runner = runner
        self._emit = emit

    @singledispatchmethod
    def handle(self, command: m.Command) -> str | int | None:
        """Carries out a command; what comes back is an id where one was made. Raises `WrongUse`."""
        raise WrongUse(detail=type(command).__name__)

    def purge(self) -> None:
        """Forgets for good the assistants that were taken away, with their files, and what builds
        that are over left behind.
        """
        self._assistants.purge()
        known = {assistant.id for assistant in self._assistants.all()}
        going_on = {f"run-{job.id}" for job in self._jobs.all() if job.kind is JobKind.BUILD}
        for folder in self._home.assistant("").glob("*"):
            runs = [run for run in folder.glob("run-*") if run.name not in going_on]
            for left in runs if folder.name in known else [folder]:
                shutil.rmtree(left, ignore_errors=True)

    @handle.register
    def _(self, command: m.BuildAssistant) -> int:
        """A build of that name which is not over is the one; paused, it goes on."""
        if not SHORTEST <= command.minutes <= LONGEST:
            raise WrongUse(detail=f"{command.minutes} minutes; from {SHORTEST} to {LONGEST}")
        name = " ".join(command.name.split())
        if not name:
            raise WrongUse(detail="an assistant needs a name")
        assistant = self._named(name, command.collection_id)
        if (job := self._job_of(assistant)) is not None:
            self._runner.resume(job.id)
            return job.id
        payload = {
            "assistant_id": assistant,
            "minutes": command.minutes,
            "teacher": command.teacher,
            "waits": command.waits,
        }
        job_id = self._jobs.enqueue(JobKind.BUILD, name, payload)
        self._runner.wake()
        self._emit(m.AssistantsChanged(assistant))
        return job_id

    def _named(self, name: str, collection_id: str | None) -> str:
        """The assistant of that name and shelf, made where there is none. Raises `AssistantExists`."""
        shelf = self._collections.named(collection_id).id if collection_id else None
        try:
            found = self._assistants.named(name)
        except NotFound:
            return self._assistants.create(name, shelf).id
        if found.collection_id != shelf:
            raise AssistantExists(name=name)
        return found.id

    def _job_of(self, assistant_id: str) -> Job | None:
        builds = (job for job in self._jobs.all() if job.kind is JobKind.BUILD)
        return next(
            (one for one in builds if self._jobs.payload(one.id)["assistant_id"] == assistant_id),
            None,
        )

    @handle.register
    def _(self, command: m.GoOn) -> None:
        job = self._job_of(command.assistant_id)
        if job is None:
            raise NotFound(what="build", name=command.assistant_id)
        self._jobs.set_payload(job.id, {**self._jobs.payload(job.id), "waits": False})
        if job.state is JobState.PAUSED:
            self._runner.resume(job.id)

    @handle.register
    def _(self, command: m.UseVersion) -> None:
        self._assistants.use(command.assistant_id, command.number)
        self._emit(m.AssistantsChanged(command.assistant_id))

    @handle.register
    def _(self, command: m.RenameAssistant) -> None:
        self._assistants.rename(command.assistant_id, command.name)
        self._emit(m.AssistantsChanged(command.assistant_id))

    @handle.register
    def _(self, command: m.DeleteAssistant) -> None:
        job = self._job_of(command.assistant_id)
        at_work = job is not None and job.state is JobState.RUNNING
        if job is not None:
            self._runner.halt(job.id, JobState.CANCELLED)
        self._assistants.remove(command.assistant_id)
        if command.final and not at_work:  # what a build writes into goes when it is surely over
            self.purge()
        self._emit(m.AssistantsChanged(command.assistant_id))

    @handle.register
    def _(self, command: m.RestoreAssistant) -> None:
        self._assistants.restore(command.assistant_id)
        self._emit(m.AssistantsChanged(command.assistant_id))

    @handle.register
    def _(self, command: m.ReviewPair) -> None:
        said = (command.state, command.question, command.answer)
        self._review.say(command.assistant_id, command.pair_id, *said)
        self._emit(m.PairsChanged(command.assistant_id, command.pair_id))

    @handle.register
    def _(self, command: m.RestorePair) -> None:
        self._review.restore(command.assistant_id, command.pair_id)
        self._emit(m.PairsChanged(command.assistant_id, command.pair_id))

    @handle.register
    def _(self, command: m.AddPair) -> str:
        assistant = self._assistants.get(command.assistant_id)
        pair = self._review.add(
            assistant.id,
            command.question,
            command.answer,
            command.document_id,
            [Span(*span) for span in command.spans],
            self._folds(assistant.collection_id),
        )
        self._emit(m.PairsChanged(assistant.id, pair.id))
        return pair.id

    @handle.register
    def _(self, command: m.ImportPairs) -> str:
        """How many were taken, then a line for each that was not, or not whole."""
        assistant = self._assistants.get(command.assistant_id)
        fold_of = self._folds(assistant.collection_id)
        finder = Locator(self._documents, self._passages, assistant.collection_id, fold_of)
        imported = import_pairs(Path(command.path), finder)
        known = _known(self._pairs.all(assistant.id))
        for pair in imported.pairs:
            found = known.get(pair.id)
            if found is None and not pair.document_id:  # its place may have been lost on the way
                found = known.get(_asked(pair))
            self._pairs.put(assistant.id, pair if found is None else _taken(pair, found))
        self._emit(m.PairsChanged(assistant.id))
        troubles = [f"line {trouble.line}: {trouble.words}" for trouble in imported.troubles]
        return "\n".join([str(len(imported.pairs)), *troubles])

    @handle.register
    def _(self, command: m.ExportPairs) -> int:
        pairs = self._pairs.all(self._assistants.get(command.assistant_id).id)
        target = Path(command.path)
        return export_pairs(pairs, self._documents.path_of, target, self._documents.is_paged)

    def _folds(self, collection_id: str | None) -> Callable[[str, int], Fold]:
        """The fold of a document's passage, as a build of this shelf parts them."""
        ids = {
            row.document.id
            for row in self._documents.all(collection_id)
            if row.document is not None and row.document.passages
        }
        passages = (one for document_id in ids for one in self._passages.of_document(document_id))
        placed = folds(passages, SEED)
        return lambda document_id, position: placed.get(f"{document_id}:{position}", Fold.PRACTICE)


def _known(pairs: Iterable[Pair]) -> dict[str, Pair]:
    """Pairs by what they ask and where, and by what they ask alone, as an imported one may have it."""
    found: dict[str, Pair] = {}
    for pair in pairs:
        found[pair_id(pair.question, pair.document_id, pair.position)] = pair
        found.setdefault(_asked(pair), pair)
    return found


def _asked(pair: Pair) -> str:
    """A pair's question and answer as one key."""
    return f"{pair.question.casefold()}\0{pair.answer}"


def _taken(pair: Pair, known: Pair) -> Pair:
    """An imported pair in the place of a known one; where it says the same, only its state is new."""
    if (pair.answer, pair.absent) != (known.answer, known.absent):
        return replace(pair, id=known.id, fold=known.fold)
    if pair.state is known.state:
        return known
    return replace(known, state=pair.state, reason=pair.reason)
