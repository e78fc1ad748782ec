"""The first step: what the assistant is called, what it knows, and what its building may take."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from ...domain.chat import ServedModel
from ...messages import BuildAssistant, ModelsListed
from .. import words
from ..library import Library
from ..theme import theme
from ..widgets import button, frame, label, picture_label
from . import assistant_words
from .assistants_model import Row

NOBODY = ""
USUAL = 60  # minutes


class ChooseView(QWidget):
    """Signals:
    begun: the `BuildAssistant` that the choices come to.
    """

    begun = Signal(object)

    def __init__(self, library: Library) -> None:
        super().__init__()
        self._library = library
        self._models: dict[str, tuple[ServedModel, Mapping[str, Any]]] = {}
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.px(12))
        layout.addWidget(self._what())
        layout.addWidget(self._how_long())
        layout.addWidget(self._who_writes())
        layout.addWidget(self._problem_line())
        self.begin = button(self.tr("Begin with the check-up"), self._begin, kind="primary")
        layout.addWidget(self.begin, 0, Qt.AlignmentFlag.AlignLeft)
        layout.addStretch(1)
        self.name.textChanged.connect(self._changed)
        self.name.returnPressed.connect(self._begin)
        self._changed()

    # the parts

    def _what(self) -> QWidget:
        self.name = QLineEdit()
        self.name.setAccessibleName(self.tr("Name of the assistant"))
        self.name.setPlaceholderText(self.tr("Leases, Staff rules…"))
        self.name.setMaxLength(100)
        self.shelf = QComboBox()
        self.shelf.setAccessibleName(self.tr("Documents that it answers from"))
        self.shelf.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.shelf.setMinimumContentsLength(12)
        self.shelf.currentIndexChanged.connect(self._changed)
        self._fixed = label(
            self.tr("Its next version keeps the name and the documents."), "muted", wrap=True
        )
        columns = QHBoxLayout()
        columns.setSpacing(theme.px(16))
        for field, text in (
            (self.name, self.tr("What it is called")),
            (self.shelf, self.tr("What it answers from")),
        ):
            column = QVBoxLayout()
            column.setSpacing(theme.px(4))
            said = label(text)
            said.setBuddy(field)
            column.addWidget(said)
            column.addWidget(field)
            columns.addLayout(column, 1)
        card, layout = _card(self.tr("The assistant"))
        layout.addLayout(columns)
        layout.addWidget(self._fixed)
        return card

    def _how_long(self) -> QWidget:
        card, layout = _card(self.tr("How long it may take"))
        layout.addWidget(
            label(
                self.tr(
                    "You can go on working meanwhile. It takes less where less is enough, and stops"
                    " in time with the best that it has."
                ),
                "muted",
                wrap=True,
            )
        )
        self.minutes = QButtonGroup(self)
        for number in assistant_words.MINUTES:
            pick = QRadioButton(assistant_words.allowed(number))
            pick.setAccessibleDescription(assistant_words.what_for(number))
            pick.setChecked(number == USUAL)
            self.minutes.addButton(pick, number)
            told = label(assistant_words.what_for(number), "muted", wrap=True)
            line = QHBoxLayout()
            line.setSpacing(theme.px(12))
            line.addWidget(pick)
            line.addWidget(told, 1)
            layout.addLayout(line)
        widest = max(one.sizeHint().width() for one in self.minutes.buttons())
        for one in self.minutes.buttons():
            one.setMinimumWidth(widest)  # the explanations begin at one edge
        return card

    def _who_writes(self) -> QWidget:
        card, layout = _card(self.tr("Who writes practice questions"))
        self.teacher = QComboBox()
        self.teacher.setAccessibleName(self.tr("Who writes practice questions"))
        self.teacher.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.teacher.setMinimumContentsLength(24)
        self.teacher.setMaximumWidth(theme.px(480))
        self.teacher.currentIndexChanged.connect(self._tell_teacher)
        self._told: QLabel = label("", "muted", wrap=True)
        self._told.setObjectName("teacher_told")
        layout.addWidget(self.teacher, 0, Qt.AlignmentFlag.AlignLeft)
        layout.addWidget(self._told)
        self.show_models(ModelsListed())
        return card

    def _problem_line(self) -> QWidget:
        self._problem = QWidget()
        self._problem.hide()
        line = QHBoxLayout(self._problem)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(picture_label("warning", "look", 18), 0, Qt.AlignmentFlag.AlignTop)
        self._problem_words = label("", "", wrap=True)
        self._problem_words.setObjectName("problem")
        line.addWidget(self._problem_words, 1)
        return self._problem

    # what is chosen

    def show_new(self) -> None:
        """Another assistant: everything is open."""
        self._fill_shelves(None)
        self.name.clear()
        self._open(True)

    def show_next(self, row: Row, minutes: int = 0, teacher: str = "") -> None:
        """The next version of one that is there."""
        self._fill_shelves(row.assistant.collection_id)
        self.name.setText(row.assistant.name)
        self._open(False)
        if minutes in assistant_words.MINUTES:
            self.minutes.button(minutes).setChecked(True)
        if teacher:
            self._choose_teacher(teacher)

    def show_problem(self, sentence: str) -> None:
        self._problem_words.setText(sentence)
        self._problem.setVisible(bool(sentence))

    def show_models(self, listed: ModelsListed) -> None:
        """The models that are here and may write practice questions."""
        chosen = self.teacher.currentData()
        served = [ServedModel(**one) for one in listed.models]
        exams = [*listed.exams, *({} for _ in served)]
        pairs = zip(served, exams, strict=False)
        self._models = {f"{m.server}/{m.name}": (m, exam) for m, exam in pairs if not m.remote}
        self.teacher.blockSignals(True)
        self.teacher.clear()
        self.teacher.addItem(self.tr("Nobody"), NOBODY)
        for full in self._models:
            self.teacher.addItem(assistant_words.model(full), full)
        self.teacher.blockSignals(False)
        self._choose_teacher(str(chosen or NOBODY))

    def focus_first(self) -> None:
        first: QWidget = self.name if self.name.isEnabled() else self.begin
        first.setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def command(self) -> BuildAssistant:
        return BuildAssistant(
            name=" ".join(self.name.text().split()),
            collection_id=self.shelf.currentData() or None,
            minutes=self.minutes.checkedId(),
            teacher=str(self.teacher.currentData() or NOBODY),
            waits=True,
        )

    def _choose_teacher(self, full: str) -> None:
        self.teacher.setCurrentIndex(max(0, self.teacher.findData(full)))
        self._tell_teacher()

    def _fill_shelves(self, chosen: str | None) -> None:
        self.shelf.clear()
        shelves = self._library.collections.all() if self._library.is_open else []
        self.shelf.addItem(self.tr("All shelves"), "")
        for shelf in shelves:
            text = self.tr("{shelf}, {documents}").format(
                shelf=words.plain(shelf.name), documents=words.documents(shelf.documents)
            )
            self.shelf.addItem(text, shelf.id)
        self.shelf.setCurrentIndex(max(0, self.shelf.findData(chosen or "")))

    def _open(self, is_new: bool) -> None:
        self.name.setEnabled(is_new)
        self.shelf.setEnabled(is_new)
        self._fixed.setVisible(not is_new)
        self.show_problem("")

    def _changed(self) -> None:
        self.begin.setEnabled(bool(self.command.name))
        if self.name.isEnabled():
            self.show_problem("")

    def _begin(self) -> None:
        if self.begin.isEnabled():
            self.show_problem("")
            self.begun.emit(self.command)

    def _tell_teacher(self) -> None:
        full = str(self.teacher.currentData() or NOBODY)
        self._told.setText(self._teacher_words(full))

    def _teacher_words(self, full: str) -> str:
        if full == NOBODY:
            plain = self.tr(
                "Questions are taken from headings, definitions, tables and lists of your documents,"
                " in seconds. They are plain: look at some of them."
            )
            more = self.tr(
                "A language model on this computer could write more and livelier ones; the settings"
                " say how to get one."
            )
            return plain if self._models else f"{plain} {more}"
        told = self.tr(
            "Besides what the documents give by themselves, this model reads passages and writes"
            " questions as people ask them, each with its answer and where that stands. What does"
            " not hold is thrown out. It takes most of the time, and brings most of what is learned."
        )
        _, exam = self._models[full]
        verdict = str(exam.get("verdict", ""))
        warning = {
            "failed": self.tr(
                "It did not answer well when it was tried out: expect fewer questions."
            ),
            "unsure": self.tr("How good it is could not be told when it was tried out."),
        }.get(verdict, "")
        return f"{told} {warning}".strip()


def _card(title: str) -> tuple[QWidget, QVBoxLayout]:
    card = frame("card")
    layout = QVBoxLayout(card)
    layout.setContentsMargins(16, 12, 16, 14)
    layout.setSpacing(theme.px(8))
    layout.addWidget(label(title, "card"))
    return card, layout
