"""`ragdesk build`: the hour from documents to an assistant with its report card."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field

from ..domain.assistant import Assistant, Outcome
from ..domain.job import JobState
from ..domain.training import STEPS
from ..engine.engine import Engine
from ..errors import NotFound, NothingToLearn, WrongUse
from ..messages import BuildAssistant, BuildMoved, Event, Failed, JobChanged, PauseJob, UseVersion
from ..store.assistants import Assistants
from ..texts import fill
from .assistants import card_record, offered
from .card_words import card_words
from .library import DOING, running
from .output import Context, left_words
from .writers import full_name

NO_GAIN, FAILED, INTERRUPTED = 1, 5, 130
_STEPS = {
    "check": "Check-up",
    "questions": "Practice questions",
    "review": "Your review",
    "exam_before": "First exam",
    "learning": "Learning",
    "exam_after": "Second exam",
    "report": "Report card",
}


@dataclass(slots=True)
class _Watcher:
    """Prints how far the build is: with --json each event, else a line a step and a line of progress."""

    context: Context
    failed: list[Failed] = field(default_factory=list)
    step: str = ""
    _lock: threading.Lock = field(default_factory=threading.Lock)  # events come from other threads

    def __call__(self, event: Event) -> None:
        with self._lock:
            if isinstance(event, BuildMoved):
                self._moved(event)
            elif isinstance(event, Failed) and not event.tag:
                self.failed.append(event)
            elif isinstance(event, JobChanged) and event.total and event.kind != "build":
                words = f"{DOING[event.kind]} {event.done} of {event.total}"
                self.context.output.progress(words)

    def _moved(self, event: BuildMoved) -> None:
        output = self.context.output
        if event.step != self.step:
            output.progress("")
            output.words(
                f"Step {STEPS.index(event.step) + 1} of {len(STEPS)}: {_STEPS[event.step]}"
            )
            self.step = event.step
        left = event.minutes_left
        record = {
            "step": event.step,
            "done": event.done,
            "total": event.total,
            "minutes_left": None if left is None else round(left, 1),
        }
        output.result(record, "")
        right = f", {event.right} right" if event.asked else ""
        remains = left_words(left * 60) if left is not None else ""
        output.progress(f"{event.done} of {event.total}{right}{remains}")


def build(context: Context) -> int:
    """Builds an assistant, or its next version; ends with 0 where it is better, else with 1."""
    context.need_library()
    watcher = _Watcher(context)
    with running(context, watcher, builds=True) as engine:
        command = _command(context, engine)
        job_id = int(engine.handle(command))
        try:
            engine.run_until_idle()
        except KeyboardInterrupt:
            engine.handle(PauseJob("", job_id))
            context.output.progress("")
            context.output.note(
                f'Paused. Nothing is lost: it goes on with the next ragdesk build "{command.name}"'
            )
            return INTERRUPTED
        context.output.progress("")
        if engine.jobs.get(job_id).state is not JobState.DONE:
            return _why(context, watcher)
        return _told(context, engine, command.name)


def _command(context: Context, engine: Engine) -> BuildAssistant:
    """An assistant that is there keeps its shelf. Raises `ModelMissing`, `NotFound`, `WrongUse`."""
    arguments = context.arguments
    name = " ".join(arguments.name.split())
    if not name:
        raise WrongUse(detail="an assistant needs a name")
    shelf = engine.collections.named(arguments.collection).id if arguments.collection else None
    if shelf is None:
        try:
            shelf = Assistants(engine.database).named(name).collection_id
        except NotFound:
            shelf = None
    teacher = full_name(engine.serving, arguments.teacher) if arguments.teacher else ""
    return BuildAssistant("", name, shelf, arguments.minutes, teacher)


def _why(context: Context, watcher: _Watcher) -> int:
    for failed in watcher.failed[-1:]:
        context.output.error(failed.code, fill(failed.code, failed.params))
        return NO_GAIN if failed.code == NothingToLearn.code else FAILED
    context.output.note("The build is not done. It goes on with the same command.")
    return FAILED


def _told(context: Context, engine: Engine, name: str) -> int:
    store = Assistants(engine.database)
    assistant: Assistant = store.named(name)
    version = store.versions(assistant.id)[0]
    better = version.card.outcome is Outcome.BETTER
    words = f"\n{assistant.name}, version {version.number}\n\n{card_words(version.card)}"
    used = better and context.arguments.use
    if used:
        engine.handle(UseVersion("", assistant.id, version.number))
    record = {**card_record(assistant, version), "in_use": used}
    context.output.result(record, words)
    context.output.note(
        f"{assistant.name} answers by version {version.number} from now on."
        if used
        else offered(assistant, version)
    )
    return 0 if better else NO_GAIN
