"""Commands about documents, shelves and jobs."""

from __future__ import annotations

import getpass
import os
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from ..domain.conversation import ShelfChance
from ..domain.document import PlacedDocument, Verdict
from ..domain.job import Job, JobKind, JobState
from ..engine.build import build_engine, build_reader
from ..engine.engine import Engine
from ..errors import NotFound, WrongUse
from ..messages import (
    AddFiles,
    CancelJob,
    CreateCollection,
    DeleteCollection,
    DocumentsChanged,
    Event,
    Failed,
    GivePassword,
    JobChanged,
    MovePlaces,
    PauseJob,
    RemovePlaces,
    RenameCollection,
    ResumeJob,
)
from ..services.receive import received
from ..settings import MODEL_NAME
from ..store.collections import Collections
from ..store.database import Database
from ..store.documents import Documents, shown
from ..store.jobs import Jobs
from ..texts import VERDICTS, fill, gap_sentence, verdict_sentence, why_template
from .output import Context, document_record

NEEDS_A_LOOK = 1
DOING = {
    "add": "Reading",
    "embed": "Learning the meaning",
    "index": "Sorting for fast search",
    "fetch": "Fetching",
    "entrance": "Trying out",
    "build": "Building",
}


def unheard(event: Event) -> None:
    """For a command that needs no events: it waits until all is done and looks."""


@contextmanager
def running(
    context: Context,
    emit: Callable[[Event], None] = unheard,
    *,
    start: bool = True,
    builds: bool = False,
) -> Iterator[Engine]:
    """An engine of this process, ended properly whatever happens.

    With `builds` it also goes on with builds of assistants, which take an hour.
    """
    engine = build_engine(context.home, emit)
    try:
        if start:
            engine.start(builds=builds)
        yield engine
    finally:
        engine.stop()


class _Watcher:
    """Prints each file as it is done, and how far the work is."""

    def __init__(self, context: Context, started: float) -> None:
        self._context = context
        self._started = started
        self._told: set[int] = set()
        self._lock = threading.Lock()  # events come from other threads
        self.records: list[PlacedDocument] = []
        self.documents: Documents | None = None
        self.failed: Failed | None = None

    def __call__(self, event: Event) -> None:
        if isinstance(event, JobChanged) and event.total:
            left = f", about {event.left:.0f} s left" if event.left and event.left > 2 else ""
            self._context.output.progress(
                f"{DOING[event.kind]} {event.done} of {event.total}{left}"
            )
        elif isinstance(event, DocumentsChanged) and event.place_ids and self.documents:
            self.tell(self.documents.some(event.place_ids))
        elif isinstance(event, Failed) and not event.tag:
            self.failed = event

    def tell(self, placed: Sequence[PlacedDocument]) -> None:
        with self._lock:
            self._tell(placed)

    def _tell(self, placed: Sequence[PlacedDocument]) -> None:
        for row in placed:
            if row.document is None or row.place.state != "read" or row.place.id in self._told:
                continue
            self._told.add(row.place.id)
            self.records.append(row)
            record = {
                key: document_record(row)[key]
                for key in ("path", "verdict", "pages", "passages", "detail")
            }
            record["seconds"] = round(time.monotonic() - self._started, 3)
            self._context.output.progress("")
            self._context.output.result(record, _file_words(row))


def add(context: Context) -> int:
    """Reads files and folders onto a shelf; see the module's `_Watcher` for what is printed."""
    started = time.monotonic()
    watcher = _Watcher(context, started)
    missing = [path for path in context.arguments.paths if not os.path.lexists(path)]
    paths = [path for path in context.arguments.paths if path not in missing]
    with running(context, watcher) as engine:
        watcher.documents = engine.documents
        shelf = _shelf(engine, context.arguments.collection)
        if paths:
            engine.handle(AddFiles("add", tuple(paths), shelf))
        engine.run_until_idle()
        if context.arguments.password:
            _ask_passwords(engine, paths)
        for path in paths:
            watcher.tell(engine.documents.at(os.path.abspath(path)))
    context.output.progress("")
    if watcher.failed:
        context.output.error(watcher.failed.code, fill(watcher.failed.code, watcher.failed.params))
        return 5
    for path in missing:
        _tell_missing(context, path)
    return _sum_up(context, watcher.records, len(missing), time.monotonic() - started)


def _tell_missing(context: Context, path: str) -> None:
    """A name that was mistyped is told, not filed."""
    record = {"path": shown(path), "verdict": Verdict.UNREADABLE, "pages": 0, "passages": 0}
    context.output.result(
        {**record, "detail": "missing", "seconds": 0.0},
        f"{shown(path)}: There is no such file or folder",
    )


def _shelf(engine: Engine, name: str | None) -> str:
    if not name:
        return engine.collections.first().id
    try:
        return engine.collections.named(name).id
    except NotFound:
        return engine.handle(CreateCollection("", name))


def _ask_passwords(engine: Engine, paths: Sequence[str]) -> None:
    for path in paths:
        for row in engine.documents.at(os.path.abspath(path)):
            if row.document and row.document.verdict is Verdict.NEEDS_PASSWORD:
                password = getpass.getpass(f"Password of {row.place.path} (Enter to skip): ")
                if password:
                    engine.handle(GivePassword("", row.place.id, password))
    engine.run_until_idle()


def _sum_up(context: Context, rows: Sequence[PlacedDocument], missing: int, seconds: float) -> int:
    documents = [row.document for row in rows if row.document]
    ready = [d for d in documents if d.verdict and d.verdict.answers]
    files, pages = len(rows) + missing, sum(d.pages for d in ready)
    passages = sum(d.passages for d in ready)
    record = {"files": files, "ready": len(ready), "pages": pages, "passages": passages}
    context.output.result(
        {**record, "seconds": round(seconds, 3)},
        f"{len(ready)} of {files} files ready, {pages} pages, in {seconds:.1f} s.",
    )
    if len(ready) < len(rows):
        context.output.note("What to do about the others:  ragdesk documents --problems")
    if any(d.verdict is Verdict.NEEDS_PASSWORD for d in documents):
        context.output.note("Locked files open with:  ragdesk add --password FILE")
    return NEEDS_A_LOOK if len(ready) < files else 0


def _file_words(row: PlacedDocument) -> str:
    assert row.document is not None
    words = f"{row.place.path}: {verdict_sentence(row.document.verdict)}"
    gaps = "; ".join(gap_sentence(page, reason) for page, reason in row.document.gaps[:5])
    return f"{words} ({gaps})" if gaps else words


@contextmanager
def looking(context: Context) -> Iterator[Database]:
    """The library, opened only to look: works beside an open window."""
    context.need_library()
    database = Database.for_reading(context.home)
    try:
        yield database
    finally:
        database.close()


def documents(context: Context) -> int:
    """Lists documents with their verdicts."""
    with looking(context) as database:
        name = context.arguments.collection
        shelf = Collections(database).named(name).id if name else None
        rows = Documents(database, MODEL_NAME).all(shelf)
    for row in rows:
        whole = row.document is not None and row.document.verdict is Verdict.READY
        if context.arguments.problems and whole:
            continue
        next_step = (
            ""
            if row.document is None or row.document.verdict is None
            else VERDICTS[row.document.verdict].next
        )
        words = _file_words(row) if row.document else f"{row.place.path}: {verdict_sentence(None)}"
        context.output.result(document_record(row), f"{words}. {next_step}".rstrip(". ") + ".")
    return 0


def _places(engine: Engine, paths: Sequence[str]) -> tuple[int, ...]:
    """Places by path on disk, or by the path or name that `documents` shows. Raises `NotFound`."""
    found: list[int] = []
    everything = engine.documents.all()
    for path in paths:
        rows = engine.documents.at(os.path.abspath(path))
        rows = rows or [
            row for row in everything if shown(path) in (row.place.path, row.place.name)
        ]
        if not rows:
            raise NotFound(what="document", name=shown(path))
        found += [row.place.id for row in rows]
    return tuple(found)


def remove(context: Context) -> int:
    """Takes documents out for good; the files on disk stay."""
    context.need_library()
    with running(context, start=False) as engine:
        places = _places(engine, context.arguments.paths)
        engine.handle(RemovePlaces("", places, final=True))
    context.output.result(
        {"removed": len(places)},
        f"{len(places)} taken out. The files themselves are where they were.",
    )
    return 0


def collections(context: Context) -> int:
    """Lists or changes shelves."""
    arguments = context.arguments
    if arguments.action == "route":
        return _route(context)
    if arguments.action:
        with running(context, start=False) as engine:
            if arguments.action == "create":
                engine.handle(CreateCollection("", arguments.name))
            else:
                shelf = engine.collections.named(arguments.name).id
                if arguments.action == "rename":
                    engine.handle(RenameCollection("", shelf, arguments.new_name))
                elif arguments.action == "delete":
                    engine.handle(DeleteCollection("", shelf, final=True))
                else:
                    engine.handle(MovePlaces("", _places(engine, arguments.paths), shelf))
    with looking(context) as database:
        for shelf_row in Collections(database).all():
            context.output.result(
                {"id": shelf_row.id, "name": shelf_row.name, "documents": shelf_row.documents},
                f"{shelf_row.name}: {shelf_row.documents} documents",
            )
    return 0


def _route(context: Context) -> int:
    """Where a question is looked for first, and why; `ask --collection` looks elsewhere."""
    question = received(context.arguments.question)
    context.need_library()
    parts = build_reader(context.home)
    chances = parts.router.chances(question, parts.retriever.vector(question))
    for position, chance in enumerate(chances):
        context.output.result(
            {
                "id": chance.collection_id,
                "name": chance.name,
                "chance": round(chance.chance, 4),
                "why": list(chance.why),
            },
            _shelf_words(chance, question, first=position == 0),
        )
    if not chances:
        context.output.note("All shelves are looked through alike.")
    return 0


def _shelf_words(chance: ShelfChance, question: str, *, first: bool) -> str:
    """How likely the answer stands on a shelf, and for the one looked at first why."""
    count = min(99, max(1, round(100 * chance.chance)))  # nothing is certain
    if not first:
        return f"{chance.name}: {count} in 100"
    words = (
        f"{chance.name} is looked at first: the answer stands there with a chance of {count} in 100"
    )
    if chance.why:
        listed = ", ".join(f"“{reason}”" for reason in chance.why)
        why = why_template(chance.why, question).format(words=listed, document=listed)
        words += f",\n  {why}"
    return words


def jobs(context: Context) -> int:
    """Lists what is going on, or changes it; `resume` runs what waits until it is done."""
    action, job_id = context.arguments.action, context.arguments.job
    if action and job_id is None and action != "resume":
        raise WrongUse(detail=f"jobs {action} needs the number of a job")
    if action:
        context.need_library()
        with running(context, start=action == "resume", builds=True) as engine:
            if action == "resume":
                chosen = [
                    job.id
                    for job in engine.jobs.all()
                    if job.state is JobState.PAUSED and job_id in (None, job.id)
                ]
                for number in chosen:
                    engine.handle(ResumeJob("", number))
                engine.run_until_idle()
            else:
                engine.handle(PauseJob("", job_id) if action == "pause" else CancelJob("", job_id))
    with looking(context) as database:
        for job in Jobs(database).all():
            context.output.result(
                {
                    "id": job.id,
                    "kind": job.kind,
                    "state": job.state,
                    "label": job.label,
                    "done": job.done,
                    "total": job.total,
                    "attempts": job.attempts,
                    "error": job.error,
                },
                f"{job.id}  {DOING[job.kind]} {job.label}  {job.state}  {_done_of(job)}",
            )
    return 0


def _done_of(job: Job) -> str:
    """How far a job is; a build counts seconds of work, which tell a person little."""
    if job.kind is JobKind.BUILD:
        return f"{100 * job.done // job.total if job.total else 0} %"
    return f"{job.done} of {job.total}"
