"""The fourth step: what is answered right before anything is learned."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from .. import words
from ..theme import theme
from ..widgets import label
from .builds_model import Build
from .examples_view import ExamplesView

EXAM = "exam_before"  # of `STEPS`


class ExamView(QWidget):
    def __init__(self) -> None:
        super().__init__()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, theme.px(8), 0, 0)
        layout.setSpacing(theme.px(12))
        self.right = label("", "hero", wrap=True)
        self.right.setObjectName("right_so_far")
        layout.addWidget(self.right)
        layout.addWidget(
            label(
                self.tr(
                    "The first exam asks questions that are never practised on. The same questions"
                    " are asked again after learning, and only then is it known what it brought."
                ),
                "muted",
                wrap=True,
            )
        )
        self._examples = ExamplesView(self.tr("Just answered"))
        layout.addWidget(self._examples)
        layout.addStretch(1)

    def show_build(self, build: Build) -> None:
        curves = build.curves.get(EXAM, ())
        asked, right = curves[-1][-1] if curves else (0, 0)
        sits = build.step == EXAM
        said = (
            self.tr("{right} of {asked} answered right so far")
            if sits
            else self.tr("{right} of {asked} answered right")
        )
        begins = self.tr("The first exam begins") if sits or not build.step else self.tr("Done")
        numbers = {"right": words.number(right), "asked": words.number(asked)}
        self.right.setText(said.format(**numbers) if asked else begins)
        self._examples.show_examples(build.examples if sits else ())
