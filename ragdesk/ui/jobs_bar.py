"""The bar at the bottom: what is going on, how far, and how to pause or stop it."""

from __future__ import annotations

import dataclasses

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from ..domain.job import JobKind, JobState
from ..messages import BuildMoved, Event, JobChanged
from . import words
from .actions import Actions
from .engine_client import EngineClient
from .library import Library
from .theme import theme
from .widgets import ElidedLabel, button, frame, label, picture_label

SAID_FOR_MS = 6000
LINGER_MS = 2000  # empty, before it gives its place back: nothing moves under a hand about to click
SLOW_AFTER_MS = 12_000  # without news an estimate is no longer to be believed
# Which job is spoken of when several wait: reading before understanding before tidying up.
_ORDER = (
    JobKind.ADD, JobKind.FETCH, JobKind.ENTRANCE, JobKind.BUILD, JobKind.EMBED, JobKind.INDEX
)  # fmt: skip
_STOPPABLE = (JobKind.ADD, JobKind.FETCH, JobKind.ENTRANCE, JobKind.BUILD)


class JobsBar(QWidget):
    """Shown only while something runs, waits for a decision, or was just done.

    Signals:
        build_wanted: the id of the assistant whose build is to be shown.
    """

    build_wanted = Signal(str)

    def __init__(self, library: Library, client: EngineClient, actions: Actions) -> None:
        super().__init__()
        self._library = library
        self._client = client
        self._actions = actions
        self._jobs: dict[int, JobChanged] = {}
        self._waiting: set[int] = set()  # builds whose practice questions lie before the person
        self._left: dict[int, float | None] = {}  # seconds, as builds themselves say
        self._seen = ""  # whose build the page shows
        self._built = (
            "",
            "",
        )  # assistant, and what became of its build; told until it is looked at
        self._notice = ""
        self._can_start = False
        self._said = QTimer(self, singleShot=True, interval=SAID_FOR_MS)
        self._said.timeout.connect(self._show)
        self._linger = QTimer(self, singleShot=True, interval=LINGER_MS)
        self._linger.timeout.connect(self.hide)
        self._done = ""
        self._slow = QTimer(self, singleShot=True, interval=SLOW_AFTER_MS)
        self._slow.timeout.connect(self._forget_estimate)
        self._build()
        client.event_received.connect(self._hear)
        client.engine_ready.connect(self._ready)
        client.engine_restarting.connect(self._restarting)
        client.engine_gone.connect(self._gone)
        library.opened.connect(self._read_jobs)
        self.hide()
        self._read_jobs()
        self._show()

    def _build(self) -> None:
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        self._frame: QFrame = frame("bar")
        outer.addWidget(self._frame)
        row = QHBoxLayout(self._frame)
        row.setContentsMargins(16, 6, 12, 6)
        row.setSpacing(12)
        self._picture = picture_label("waiting", "muted", 18)
        row.addWidget(self._picture)
        self._text = ElidedLabel()
        row.addWidget(self._text, 1)
        self._sentence = label("", "", wrap=True)
        row.addWidget(self._sentence, 1)
        self._progress = QProgressBar()
        self._progress.setTextVisible(False)
        self._scale()
        theme.changed.connect(self._scale)
        self._progress.setAccessibleName(self.tr("Progress"))
        row.addWidget(self._progress)
        self._pause = button(self.tr("Pause"), self._press_pause, kind="quiet", picture="pause")
        self._resume = button(self.tr("Resume"), self._press_resume, kind="quiet", picture="play")
        self._stop = button(self.tr("Stop"), self._press_stop, kind="quiet", picture="stop")
        self._start = button(self.tr("Start again"), self._press_start)
        self._look = button(self.tr("Show"), self._press_look, kind="quiet", picture="eye")
        self._look.setToolTip(self.tr("Show how far the assistant is"))
        for one in (self._look, self._pause, self._resume, self._stop, self._start):
            row.addWidget(one)

    def _scale(self) -> None:
        self._progress.setFixedWidth(theme.px(180))

    # what others may ask

    def is_working(self) -> bool:
        """Whether something long runs or waits, paused jobs aside."""
        return any(job.state in (JobState.RUNNING, JobState.QUEUED) for job in self._jobs.values())

    def say_closing(self) -> None:
        """The window closes by itself when the queue is empty."""
        self._notice = self.tr("RagDesk closes by itself when this is done")
        self._show()

    def current(self, *, everywhere: bool = True) -> JobChanged | None:
        """The job that is spoken of; not `everywhere`: here, and not on the page."""
        found = [job for job in self._jobs.values() if not JobState(job.state).over]
        if not everywhere and self._seen:
            found = [j for j in found if j.kind != JobKind.BUILD or not self._is_seen(j.job_id)]
        states = (JobState.RUNNING, JobState.QUEUED, JobState.PAUSED)
        found.sort(key=lambda j: (_ORDER.index(JobKind(j.kind)), states.index(JobState(j.state))))
        return found[0] if found else None

    def leave_build(self, assistant_id: str) -> None:
        """The build of this assistant is shown on the page, where all of it is said; "": none is."""
        self._seen = assistant_id
        if self._built[0] == assistant_id:
            self._built = ("", "")
        self._show()

    def _is_seen(self, job_id: int) -> bool:
        return bool(self._seen) and self._assistant_of(job_id) == self._seen

    # hearing

    def _hear(self, event: Event) -> None:
        if isinstance(event, JobChanged):
            if JobState(event.state).over:
                known = self._jobs.pop(event.job_id, None)
                self._waiting.discard(event.job_id)
                if known is not None or event.state == JobState.FAILED:
                    self._say_over(event)
            else:
                if event.kind == JobKind.BUILD:
                    event = dataclasses.replace(event, left=self._left.get(event.job_id))
                self._jobs[event.job_id] = event
                self._slow.start()
            self._show()
        elif isinstance(event, BuildMoved) and event.job_id in self._jobs:
            self._take_move(event)

    def _take_move(self, event: BuildMoved) -> None:
        """A build knows better than its rate how long it takes, and whether it waits for a person."""
        (self._waiting.add if event.step == "review" else self._waiting.discard)(event.job_id)
        minutes = event.minutes_left
        left = self._left[event.job_id] = None if minutes is None else 60 * minutes
        self._jobs[event.job_id] = dataclasses.replace(self._jobs[event.job_id], left=left)
        self._show()

    def _forget_estimate(self) -> None:
        """One long file, and the time that was left is anybody's guess."""
        self._jobs = {
            id_: dataclasses.replace(job, rate=None, left=None) for id_, job in self._jobs.items()
        }
        self._show()

    def _say_over(self, event: JobChanged) -> None:
        if event.kind == JobKind.BUILD:
            self._say_built(event)
            return
        if event.kind in (JobKind.FETCH, JobKind.ENTRANCE):
            said = self._fetched if event.kind == JobKind.FETCH else self._examined
            self._done = said(JobState(event.state))
            self._said.start()
            return
        tried = event.state == JobState.DONE and self._actions.tries_password(event.job_id)
        if event.kind != JobKind.ADD or tried:
            return  # whether a password was right says the dialog that asked for it
        if event.state == JobState.DONE:
            text = (
                self.tr("{files} read") if event.total else self.tr("There was nothing new to read")
            )
            self._done = text.format(files=words.files(event.total))
        elif event.state == JobState.CANCELLED:
            self._done = self.tr("Stopped. What was read stays.")
        else:
            self._done = self.tr("Reading stopped. What was read is safe.")
        self._said.start()

    def _say_built(self, event: JobChanged) -> None:
        """What became of an assistant; its report card waits until it is looked at."""
        text = {
            JobState.DONE: self.tr("The report card of {name} is ready."),
            JobState.CANCELLED: self.tr("Stopped. What was made for {name} is kept."),
            JobState.FAILED: self.tr("Building {name} stopped. What was made is kept."),
        }[JobState(event.state)].format(name=words.plain(event.label))
        if self._is_seen(event.job_id):
            return
        if event.state == JobState.CANCELLED:
            self._done = text
            self._said.start()
        else:
            self._built = (self._assistant_of(event.job_id), text)

    def _assistant_of(self, job_id: int) -> str:
        if not self._library.is_open:
            return ""
        return str(self._library.jobs.payload(job_id).get("assistant_id", ""))

    def _fetched(self, state: JobState) -> str:
        if state is JobState.DONE:
            return self.tr("The language model is here. Choose it in the settings.")
        if state is JobState.CANCELLED:
            return self.tr("Stopped. What came so far is kept for the next try.")
        return self.tr("The language model could not be fetched.")

    def _examined(self, state: JobState) -> str:
        if state is JobState.DONE:
            return self.tr("The language model was tried out. The settings say how it did.")
        if state is JobState.CANCELLED:
            return self.tr("Stopped. The language model was not tried out to the end.")
        return self.tr("The language model could not be tried out.")

    def _read_jobs(self) -> None:
        if not self._library.is_open:
            return
        self._jobs = {
            job.id: JobChanged(
                job.id, job.kind.value, job.state.value, job.label, job.done, job.total
            )
            for job in self._library.jobs.all()
        }
        self._show()

    def _ready(self) -> None:
        self._notice, self._can_start = "", False
        self._read_jobs()
        self._show()

    def _restarting(self) -> None:
        self._notice = self.tr(
            "A helper of RagDesk stopped and is started again. Nothing was lost."
        )
        self._show()

    def _gone(self, sentence: str) -> None:
        self._notice, self._can_start = sentence, True
        self._show()

    # showing

    def _show(self) -> None:
        job = self.current(everywhere=False)
        notice = self._notice
        text, picture, role = "", "waiting", "muted"
        if notice:
            text = (
                f"{words.job(job)} · {notice}"
                if job is not None and not self._can_start
                else notice
            )
            picture, role = ("warning", "look") if self._can_start else ("info", "muted")
        elif job is not None:
            text = self._job_text(job)
            picture = "pause" if job.state == JobState.PAUSED else "waiting"
        elif self._said.isActive():
            text, picture, role = self._done, "ready", "good"
        elif self._built[0]:
            text, picture, role = self._built[1], "info", "look"
        if text:
            self._linger.stop()
            # As high with buttons as without: margins and the line above added.
            self._frame.setMinimumHeight(self._pause.sizeHint().height() + 13)
            self.show()
        elif not self.isHidden() and not self._linger.isActive():
            self._linger.start()
        self._picture.setVisible(bool(text))
        # What went wrong is read to its end, however long; progress keeps to its line.
        self._text.setVisible(not self._can_start)
        self._sentence.setVisible(self._can_start)
        self._text.set_full_text(text)
        self._sentence.setText(text if self._can_start else "")
        self._picture.show_picture(picture, role)
        self._show_controls(None if notice else job)
        self._show_progress(None if self._can_start else job)
        self._start.setVisible(self._can_start)

    def _job_text(self, job: JobChanged) -> str:
        if job.job_id in self._waiting:
            text = self.tr("The practice questions of {name} wait for you")
            return text.format(name=words.plain(job.label))
        text = words.job(job)
        others = sum(
            1
            for other in self._jobs.values()
            if other.job_id != job.job_id and other.kind == job.kind == JobKind.ADD
        )
        if others == 1:
            return text + self.tr(" · 1 more waits")
        return text + self.tr(" · {n} more wait").format(n=words.number(others)) if others else text

    def _show_controls(self, job: JobChanged | None) -> None:
        state = job.state if job is not None else ""
        # What is tried out begins anew each time: there is nothing to go on with after a pause.
        waits = job is not None and job.job_id in self._waiting
        pauses = job is not None and job.kind != JobKind.ENTRANCE and not waits
        self._pause.setVisible(pauses and state in (JobState.RUNNING, JobState.QUEUED))
        self._resume.setVisible(state == JobState.PAUSED and not waits)
        told = job is None and not self._notice and not self._said.isActive()
        builds = job is not None and job.kind == JobKind.BUILD
        self._look.setVisible(builds or (told and bool(self._built[0])))
        self._stop.setVisible(job is not None and job.kind in _STOPPABLE)

    def _show_progress(self, job: JobChanged | None) -> None:
        shown = job is not None and job.total > 1
        self._progress.setVisible(shown)
        if job is not None and shown:
            self._progress.setRange(0, job.total)
            self._progress.setValue(job.done)

    # buttons

    def _press_pause(self) -> None:
        if job := self.current(everywhere=False):
            self._actions.pause(job.job_id)

    def _press_resume(self) -> None:
        if job := self.current(everywhere=False):
            self._actions.resume(job.job_id)

    def _press_stop(self) -> None:
        if job := self.current(everywhere=False):
            self._actions.stop(job.job_id)

    def _press_look(self) -> None:
        job = self.current(everywhere=False)
        built = self._assistant_of(job.job_id) if job is not None else self._built[0]
        self._built = ("", "")
        self.build_wanted.emit(built)

    def _press_start(self) -> None:
        self._can_start, self._notice = False, self.tr("Starting…")
        self._client.start()
        self._show()
