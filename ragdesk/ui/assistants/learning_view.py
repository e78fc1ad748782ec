"""The fifth step: one line of progress, what is answered right, and the words of the trade below."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from .. import words
from ..fold import FoldRow
from ..theme import theme
from ..widgets import label
from . import assistant_words
from .builds_model import Build, Curve
from .chart_view import ChartView
from .exam_view import EXAM
from .examples_view import ExamplesView

AGAIN = "exam_after"  # of `STEPS`


class LearningView(QWidget):
    def __init__(self) -> None:
        super().__init__()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, theme.px(8), 0, 0)
        layout.setSpacing(theme.px(12))
        self._title = label("", "card", wrap=True)
        self._title.setObjectName("learning_title")
        self._told = label("", "muted", wrap=True)
        self._heading = label(self.tr("Questions answered right"), "section")
        self.chart = ChartView()
        self.examples = ExamplesView(self.tr("Now answered"))
        self.fold = FoldRow(self.tr("Details"))
        self.details = self._details()
        self.details.hide()
        self.fold.toggled.connect(self.details.setVisible)
        for part in (self._title, self._told, self._heading, self.chart,
                     self.examples, self.fold, self.details):  # fmt: skip
            layout.addWidget(part)
        layout.addStretch(1)

    def _details(self) -> QWidget:
        """What the trade calls it, for those who meet its words elsewhere."""
        page = QWidget()
        layout = QVBoxLayout(page)
        layout.setContentsMargins(theme.px(20), 0, 0, 0)
        layout.setSpacing(theme.px(8))
        self._step = label("", "muted", wrap=True)
        self._step.setObjectName("step_details")
        layout.addWidget(self._step)
        for text in (
            self.tr(
                "Distillation: a large model writes questions and answers, the small one learns from"
                " them."
            ),
            self.tr(
                "Training: a model's numbers are changed a little at a time until it answers the"
                " practice questions better."
            ),
            self.tr(
                "Reader: the small model that marks the very words that answer. Search mix: how much"
                " the same words count, and how much the same meaning. Calibrator: what turns marks"
                " into how sure an answer is."
            ),
            self.tr(
                "Each is tried on questions kept apart from practice and exam, and kept only if it"
                " helps."
            ),
        ):
            layout.addWidget(label(text, "muted", wrap=True))
        return page

    def show_build(self, build: Build) -> None:
        again = build.step == AGAIN
        learns = (
            self.tr("It learns from the practice questions")
            if build.goes_on
            else self.tr("It learned from the practice questions")
        )
        self._title.setText(self.tr("The exam is sat once more") if again else learns)
        self._told.setText(
            self.tr("The same questions as in the first exam, answered with what was learned.")
            if again
            else self.tr(
                "Several ways are tried, cheapest first. What does not help is left out again."
            )
        )
        over = assistant_words.step_of(build) > assistant_words.LEARNING
        now, before = _shown(build)
        names = (
            (self.tr("Now"), self.tr("First exam"))
            if again or AGAIN in build.curves
            else (self.tr("Now"), self.tr("Before"))
        )
        self.chart.show_curves(now, before, names, build.total if again else 0)
        self._heading.setVisible(not self.chart.isHidden())
        self.examples.show_examples(build.examples)
        self._step.setText(
            self.tr("{done} of {total} units of this step are done.").format(
                done=words.number(build.done), total=words.number(build.total)
            )
        )
        self._step.setVisible(build.total > 1 and not over)


def _shown(build: Build) -> tuple[Curve, Curve]:
    """The line of now and the one to compare it with: the same questions, asked before."""
    if AGAIN in build.curves:
        first = build.curves.get(EXAM, ())
        return build.curves[AGAIN][-1], first[-1] if first else ()
    tried = build.curves.get("learning", ())
    if not tried:
        return (), ()
    return tried[-1], tried[0] if len(tried) > 1 else ()
