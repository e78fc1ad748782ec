"""All assistants as cards, or what one is where there is none."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from ..theme import theme
from ..widgets import button, label
from .assistant_card import AssistantCard
from .assistants_model import AssistantsModel, Row

WIDEST = 760  # px at 13 px text


class AssistantsView(QWidget):
    """Signals:
    new_wanted: another assistant is to be built.
    build_wanted, report_wanted, questions_wanted, rename_wanted, delete_wanted: the id of an
        assistant, from its card.
    use_wanted: (id of an assistant, number of the version) that is to answer.
    """

    new_wanted = Signal()
    build_wanted = Signal(str)
    report_wanted = Signal(str)
    questions_wanted = Signal(str)
    rename_wanted = Signal(str)
    delete_wanted = Signal(str)
    use_wanted = Signal(str, int)

    def __init__(self, model: AssistantsModel) -> None:
        super().__init__()
        self._model = model
        self._cards: list[AssistantCard] = []
        self._stack = QStackedWidget()
        self._nothing = self._empty()
        self._stack.addWidget(self._nothing)
        self._stack.addWidget(self._list())
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._stack)
        model.changed.connect(self._follow)
        theme.changed.connect(self._scale)
        self._scale()
        self._follow()

    def _empty(self) -> QWidget:
        self.first = button(self.tr("Build my assistant"), self.new_wanted.emit, kind="primary")
        page = QWidget()
        layout = QVBoxLayout(page)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.px(8))
        layout.addStretch(2)
        layout.addWidget(
            label(self.tr("An assistant knows your documents better"), "hero", wrap=True)
        )
        layout.addWidget(
            label(
                self.tr(
                    "An assistant is RagDesk after it has practised on one of your shelves, with"
                    " questions made from the documents there. An exam before and after shows whether"
                    " it answers better, and only then is it offered to you."
                ),
                "lead",
                wrap=True,
            )
        )
        layout.addSpacing(theme.px(8))
        layout.addWidget(self.first, 0, Qt.AlignmentFlag.AlignLeft)
        layout.addStretch(3)
        return page

    def _list(self) -> QWidget:
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._inside = QWidget()
        self._column = QVBoxLayout(self._inside)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(theme.px(12))
        self._column.addStretch(1)
        area.setWidget(self._inside)
        return area

    def _scale(self) -> None:
        for page in (self._inside, self._nothing):
            page.setMaximumWidth(theme.px(WIDEST))

    @property
    def is_empty(self) -> bool:
        return not self._model.rows

    def card(self, assistant_id: str) -> AssistantCard | None:
        return next((c for c in self._cards if c.row.assistant.id == assistant_id), None)

    def focus_first(self) -> None:
        first = self._cards[0].begin if self._cards else self.first
        first.setFocus(Qt.FocusReason.OtherFocusReason)

    def _follow(self) -> None:
        """Cards stay where they are while their assistants do: what has the focus keeps it."""
        rows = self._model.rows
        if [row.assistant.id for row in rows] != [c.row.assistant.id for c in self._cards]:
            self._rebuild(rows)
        for card, row in zip(self._cards, rows, strict=True):
            if card.row != row:
                card.show_row(row)
        self._stack.setCurrentIndex(1 if rows else 0)

    def _rebuild(self, rows: list[Row]) -> None:
        for card in self._cards:
            self._column.removeWidget(card)
            card.hide()
            card.deleteLater()
        self._cards = [self._make(row) for row in rows]
        for place, card in enumerate(self._cards):
            self._column.insertWidget(place, card)

    def _make(self, row: Row) -> AssistantCard:
        card, own = AssistantCard(row), row.assistant.id
        card.build_wanted.connect(lambda: self.build_wanted.emit(own))
        card.report_wanted.connect(lambda: self.report_wanted.emit(own))
        card.questions_wanted.connect(lambda: self.questions_wanted.emit(own))
        card.rename_wanted.connect(lambda: self.rename_wanted.emit(own))
        card.delete_wanted.connect(lambda: self.delete_wanted.emit(own))
        card.use_wanted.connect(lambda number: self.use_wanted.emit(own, number))
        return card
