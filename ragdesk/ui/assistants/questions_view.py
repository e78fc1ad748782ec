"""The third step: practice questions are made, and then lie before the person."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from ...domain.training import PairState
from ...messages import Event, PairsChanged
from .. import words
from ..engine_client import EngineClient
from ..library import Library
from ..theme import theme
from ..widgets import button, label
from . import assistant_words
from .builds_model import Build
from .examples_view import ExamplesView
from .review_view import ReviewView


class QuestionsView(QWidget):
    """Signals:
    go_on: the person has looked at enough of them.
    citation_pressed: the `Citation` of a place, to be opened beside.
    """

    go_on = Signal()
    citation_pressed = Signal(object)

    def __init__(self, library: Library, client: EngineClient) -> None:
        super().__init__()
        self._library = library
        self._build: Build | None = None
        self._made = 0
        self.review = ReviewView(library, client)
        self.review.citation_pressed.connect(self.citation_pressed)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._making())
        self._stack.addWidget(self._reviewing())
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._stack)
        client.event_received.connect(self._hear)

    def _making(self) -> QWidget:
        page = QWidget()
        layout = QVBoxLayout(page)
        layout.setContentsMargins(0, theme.px(8), 0, 0)
        layout.setSpacing(theme.px(12))
        self._heading = label("", "card", wrap=True)
        layout.addWidget(self._heading)
        self._told = label("", "muted", wrap=True)
        layout.addWidget(self._told)
        self._so_far = label("")
        self._so_far.setObjectName("so_far")
        layout.addWidget(self._so_far)
        self._examples = ExamplesView(self.tr("Just made"))
        layout.addWidget(self._examples)
        layout.addStretch(1)
        return page

    def _reviewing(self) -> QWidget:
        self._told_now = label("", "muted", wrap=True)
        self.forward = button(self.tr("Go on to the first exam"), self.go_on.emit, kind="primary")
        line = QHBoxLayout()
        line.setSpacing(theme.px(16))
        line.addWidget(self._told_now, 1)
        line.addWidget(self.forward)
        page = QWidget()
        layout = QVBoxLayout(page)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.px(8))
        layout.addWidget(self.review, 1)
        layout.addLayout(line)
        return page

    def show_build(self, build: Build) -> None:
        """While they are made the newest; afterwards all, to be looked at."""
        other = self._build is None or self._build.job_id != build.job_id
        self._build = build
        making = (
            not build.waits_for_review
            and assistant_words.step_of(build) <= assistant_words.QUESTIONS
            and build.step != "review"
        )
        if other or self._stack.currentIndex() != (0 if making else 1):
            self._count()
            if not making:
                self.review.show_assistant(build.assistant_id)
        self._stack.setCurrentIndex(0 if making else 1)
        if making:
            self._show_making(build)
        self.forward.setVisible(build.waits_for_review)
        self._told_now.setText(
            self.tr(
                "What you say here counts most. Look at as many as you like: the exam and the"
                " learning wait until you go on."
            )
            if build.waits_for_review
            else self.tr("What you say now is used by the next version.")
        )

    def _show_making(self, build: Build) -> None:
        self._heading.setText(
            self.tr("Practice questions are being made")
            if build.goes_on
            else self.tr("Practice questions were being made")
        )
        plain = self.tr(
            "They are taken from headings, definitions, tables and lists of your documents. What"
            " does not hold is thrown out."
        )
        taught = self.tr(
            "They are taken from your documents, and a language model ({model}) writes more. What"
            " does not hold is thrown out."
        )
        told = taught.format(model=assistant_words.model(build.teacher)) if build.teacher else plain
        self._told.setText(told)
        so_far = self.tr("{n} so far").format(n=words.number(self._made))
        self._so_far.setText(so_far if self._made else "")
        self._so_far.setVisible(bool(self._made))
        self._examples.show_examples(build.examples)

    def _count(self) -> None:
        if self._build is not None and self._library.is_open:
            counts = self._library.pairs.counts(self._build.assistant_id)
            self._made = sum(n for state, n in counts.items() if state is not PairState.REJECTED)

    def _hear(self, event: Event) -> None:
        if (
            isinstance(event, PairsChanged)
            and self._build is not None
            and event.assistant_id == self._build.assistant_id
        ):
            self._count()
            if self._stack.currentIndex() == 0:
                self._show_making(self._build)
