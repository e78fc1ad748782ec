"""What is to be expected of an answer just now, as one quiet line over the question.

What goes on and how long it takes stands in the jobs bar; here stands only what follows from it.
"""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from ...domain.job import JobKind, JobState
from ...messages import CollectionsChanged, DocumentsChanged, Event, JobChanged, Ready
from ..engine_client import EngineClient
from ..library import Library
from ..theme import theme
from ..widgets import label, picture_label
from ..words import duration, files, number

PATIENCE = 250  # milliseconds between looks at the store while events pour in


@dataclass(frozen=True, slots=True)
class Readiness:
    """How many files lie on the desk, how many of their documents answer, whether reading goes on."""

    files: int = 0
    ready: int = 0
    reading: bool = False

    @property
    def can_ask(self) -> bool:
        return self.ready > 0


class ReadinessBar(QWidget):
    """Says from how much an answer comes, and how passages are found so far.

    Signals:
        documents_changed: `state` is another one.
    """

    documents_changed = Signal()

    def __init__(
        self, library: Library, client: EngineClient, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._library = library
        self._jobs: dict[int, JobChanged] = {}
        self._engine = ""  # what follows from an engine that is away
        self.state = Readiness()
        self._words = label("", "muted", wrap=True)
        self._words.setObjectName("readiness")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(theme.px(2), 0, 0, 0)
        layout.setSpacing(theme.px(8))
        layout.addWidget(picture_label("info", "muted", 16))
        layout.addWidget(self._words, 1)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(PATIENCE)
        self._timer.timeout.connect(self.refresh)
        library.opened.connect(self.refresh)
        client.event_received.connect(self._on_event)
        client.engine_ready.connect(lambda: self._engine_is(""))
        client.engine_restarting.connect(
            lambda: self._engine_is(self.tr("A question asked now is answered in a moment."))
        )
        client.engine_gone.connect(
            lambda _: self._engine_is(
                self.tr("New questions have to wait. What was answered before can be read.")
            )
        )
        self.refresh()

    def refresh(self) -> None:
        """Looks at the store anew."""
        before = self.state
        if self._library.is_open:
            self.state = Readiness(
                sum(shelf.documents for shelf in self._library.collections.all()),
                self._library.documents.count_ready(),
                any(job.kind == JobKind.ADD for job in self._jobs.values()),
            )
        self._say()
        if self.state != before:
            self.documents_changed.emit()

    def _engine_is(self, consequence: str) -> None:
        self._engine = consequence
        self._say()

    def _say(self) -> None:
        words = self._engine or self._progress()
        self._words.setText(words)
        self.setVisible(bool(words))

    def _progress(self) -> str:
        if not self.state.ready:
            return ""
        by_kind = {job.kind: job for job in self._jobs.values()}
        reading, embedding = by_kind.get(JobKind.ADD), by_kind.get(JobKind.EMBED)
        if reading is not None:
            if not reading.done:
                return self.tr("Answers come from what was read before.")
            text = self.tr("Answers come from what is read so far: {done} of {files}.")
            return text.format(done=number(reading.done), files=files(reading.total))
        if embedding is not None:
            return self.tr(
                "You can ask already. For now use words that stand in your documents; similar ones {when}."
            ).format(when=self._when(embedding))
        return ""

    def _when(self, embedding: JobChanged) -> str:
        if embedding.left is None:
            return self.tr("soon")
        return self.tr("in {time}").format(time=duration(embedding.left))

    def _on_event(self, event: Event) -> None:
        if isinstance(event, JobChanged):
            if JobState(event.state) in (JobState.RUNNING, JobState.QUEUED):
                self._jobs[event.job_id] = event
            else:
                self._jobs.pop(event.job_id, None)
        elif isinstance(event, Ready):
            self._jobs.clear()  # an engine that starts tells anew what it works on
        elif not isinstance(event, (DocumentsChanged, CollectionsChanged)):
            return
        if not self._timer.isActive():
            self._timer.start()
