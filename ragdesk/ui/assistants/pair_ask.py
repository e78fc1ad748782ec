"""Asks a person for a practice question of their own: its right answer, and where that stands."""

from __future__ import annotations

from PySide6.QtWidgets import (
    QButtonGroup,
    QDialog,
    QHBoxLayout,
    QLineEdit,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from ...messages import AddPair
from ..ask.place_finder import PlaceFinder
from ..ask.place_names import PlaceNames
from ..library import Library
from ..theme import theme
from ..widgets import button, label
from .pair_fix import MOST_ANSWER, MOST_QUESTION

HERE, NOWHERE = range(2)
WIDTH, HEIGHT = 600, 560  # px


class PairAsk(QDialog):
    """A question, an answer and a passage of the shelf; `command` is what was said, once accepted."""

    def __init__(
        self, library: Library, names: PlaceNames, collection_id: str | None, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Ask your own"))
        self.question = self._field(self.tr("What would you ask?"), MOST_QUESTION)
        self.answer = self._field(self.tr("What is the right answer?"), MOST_ANSWER)
        self.answer.setPlaceholderText(self.tr("As short as it can be, best as it stands there"))
        self.finder = PlaceFinder(library, names)
        said = self.tr("Then the right answer to this question is that nothing was found.")
        self._nowhere = label(said, "muted", wrap=True)
        self.where = QButtonGroup(self)
        self.keep = button(self.tr("Keep as right"), self.accept, kind="primary")
        self._build()
        self.where.idToggled.connect(self._where_changed)
        self.question.textChanged.connect(self._check)
        self.answer.textChanged.connect(self._check)
        self.finder.chosen_changed.connect(self._check)
        self.finder.fill("", collection_id)
        self.where.button(HERE).setChecked(True)
        self._where_changed(HERE, True)
        self.question.setFocus()
        room = parent.window().size()
        self.resize(
            min(theme.px(WIDTH), room.width() - 24), min(theme.px(HEIGHT), room.height() - 24)
        )

    def command(self, assistant_id: str) -> AddPair:
        """What the person said, as it is sent."""
        question = " ".join(self.question.text().split())
        place = self.finder.chosen() if self.where.checkedId() == HERE else None
        if place is None:
            return AddPair(assistant_id=assistant_id, question=question)
        return AddPair(
            assistant_id=assistant_id,
            question=question,
            answer=" ".join(self.answer.text().split()),
            document_id=place.document_id,
            spans=tuple((s.page, s.start, s.length) for s in place.spans),
        )

    def _field(self, name: str, most: int) -> QLineEdit:
        field = QLineEdit()
        field.setAccessibleName(name)
        field.setMaxLength(most)
        field.setAcceptDrops(False)  # a dropped file is the window's
        return field

    def _build(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 16)
        layout.setSpacing(theme.px(8))
        for field in (self.question, self.answer):
            layout.addWidget(label(field.accessibleName(), "card"))
            layout.addWidget(field)
        layout.addSpacing(theme.px(8))
        layout.addWidget(label(self.tr("Where does it stand?"), "card"))
        for number, text, panel in (
            (HERE, self.tr("In this passage"), self.finder),
            (NOWHERE, self.tr("It is not in my documents"), self._nowhere),
        ):
            choice = QRadioButton(text)
            self.where.addButton(choice, number)
            layout.addWidget(choice)
            layout.addWidget(panel, 1 if number == HERE else 0)
        layout.addStretch(0)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addStretch()
        cancel = button(self.tr("Cancel"), self.reject, kind="quiet")
        cancel.setAutoDefault(False)
        self.keep.setDefault(True)
        row.addWidget(cancel)
        row.addWidget(self.keep)
        layout.addLayout(row)

    def _where_changed(self, where: int, checked: bool) -> None:
        if checked:
            self.finder.setVisible(where == HERE)
            self._nowhere.setVisible(where == NOWHERE)
            self.answer.setEnabled(where == HERE)
            self._check()

    def _check(self) -> None:
        here = self.where.checkedId() == HERE
        said = bool(self.answer.text().strip()) and self.finder.chosen() is not None
        self.keep.setEnabled(bool(self.question.text().strip()) and (said or not here))
