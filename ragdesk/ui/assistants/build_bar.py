"""Below the steps: how far the build is, how to pause and stop it, and what to do when it stopped."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from ...domain.job import JobState
from ..theme import theme
from ..widgets import button, label, picture_label
from . import assistant_words
from .builds_model import Build


class BuildBar(QWidget):
    """Hidden where there is nothing to say.

    Signals:
        pause_wanted, resume_wanted, stop_wanted: what they say.
        again_wanted: a build that stopped is to go on with the same choices.
        choice_wanted: it is to be chosen anew.
    """

    pause_wanted = Signal()
    resume_wanted = Signal()
    stop_wanted = Signal()
    again_wanted = Signal()
    choice_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._picture = picture_label("waiting", "muted", 18)
        self.words = label("", "", wrap=True)
        self.words.setObjectName("standing")
        self.pause = button(self.tr("Pause"), self.pause_wanted.emit, kind="quiet", picture="pause")
        self.resume = button(self.tr("Resume"), self.resume_wanted.emit, picture="play")
        self.stop = button(self.tr("Stop"), self.stop_wanted.emit, kind="quiet", picture="stop")
        self.stop.setToolTip(self.tr("What was made is kept"))
        self.again = button(self.tr("Try again"), self.again_wanted.emit, kind="primary")
        self.choose = button(self.tr("Choose otherwise"), self.choice_wanted.emit, kind="quiet")
        self.progress = QProgressBar()
        self.progress.setTextVisible(False)
        self.progress.setAccessibleName(self.tr("Progress of this step"))
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(theme.px(8))
        line = QHBoxLayout()
        outer.addLayout(line)
        outer.addWidget(self.progress)
        line.setSpacing(theme.px(8))
        line.addWidget(self._picture, 0, Qt.AlignmentFlag.AlignVCenter)
        line.addWidget(self.words, 1)
        for one in (self.again, self.choose, self.pause, self.resume, self.stop):
            line.addWidget(one)
        self.show_build(None)

    def show_build(self, build: Build | None) -> None:
        stopped = build is not None and build.state in (JobState.FAILED, JobState.CANCELLED)
        shown = build is not None and build.state is not JobState.DONE
        self.setVisible(shown)
        if build is None or not shown:
            return
        text, picture, role = assistant_words.standing(build), "waiting", "muted"
        if build.problem:
            text, picture, role = build.problem, "warning", "look"
        elif stopped or build.waits_for_review:
            picture, role = "info", "muted"
        elif build.state is JobState.PAUSED:
            picture = "pause"
        self.words.setText(text)
        self.progress.setVisible(build.goes_on and not build.waits_for_review and build.total > 1)
        self.progress.setRange(0, max(1, build.total))
        self.progress.setValue(build.done)
        self._picture.show_picture(picture, role)
        waits = build.waits_for_review
        self.pause.setVisible(build.state in (JobState.RUNNING, JobState.QUEUED) and not waits)
        self.resume.setVisible(build.state is JobState.PAUSED and not waits)
        self.stop.setVisible(build.goes_on)
        self.again.setVisible(stopped)
        self.again.setText(
            self.tr("Try again") if build.state is JobState.FAILED else self.tr("Go on building")
        )
        self.choose.setVisible(stopped)
