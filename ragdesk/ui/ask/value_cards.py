"""What documents say differently, side by side: each value with its date and where it stands."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from ...domain.conversation import Answer, Value
from ...texts import differ_sentence
from ..theme import theme
from ..widgets import frame, label, picture_label
from . import answer_texts
from .marker_view import Link, MarkerView, Part, Style
from .place_names import PlaceNames

LEAST_WIDTH = 170  # px of a card
DATED = Style(12, strong=True, colour="muted")
VALUE = Style(19, strong=True, above=2)
LONG_VALUE = Style(14, strong=True, above=2)
PLACE = Style(12, colour="muted", above=4)
LONGEST = 24  # characters of a value that is set large


class ValueCards(QWidget):
    """One small card a value, as many beside each other as there is room for.

    `make` makes the text of a card, its signals connected.
    """

    def __init__(
        self, answer: Answer, names: PlaceNames, make: Callable[[str], MarkerView]
    ) -> None:
        super().__init__()
        self._names = names
        self._cards = [self._card(answer, value, make("value")) for value in answer.values]
        self._columns = 0
        self._grid = QGridLayout()
        self._grid.setSpacing(theme.px(8))
        differ = QHBoxLayout()
        differ.setSpacing(theme.px(6))
        differ.addWidget(picture_label("info", "look", 16), 0, Qt.AlignmentFlag.AlignTop)
        dated = any(value.dated for value in answer.values)
        words = label(answer_texts.tr(differ_sentence(dated)), "look", wrap=True)
        words.setObjectName("differ")
        differ.addWidget(words, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.px(8))
        layout.addLayout(self._grid)
        layout.addLayout(differ)
        self._arrange(1)

    def _card(self, answer: Answer, value: Value, text: MarkerView) -> QFrame:
        citation = next((c for c in answer.citations if c.number == value.number), None)
        citations = {} if citation is None else {citation.number: citation}
        style = VALUE if len(value.text) <= LONGEST else LONG_VALUE
        known = value.number in citations
        said: list[Part] = [Link(value.text, value.number) if known else value.text, value.number]
        lines: list[tuple[Style, list[Part]]] = [(style, said)]
        if value.dated:
            lines.insert(0, (DATED, [value.dated]))
        if citation is not None:
            lines.append((PLACE, [Link(self._names.of(citation), value.number)]))
        text.set_content(lines, citations)
        card = frame("value")
        inside = QVBoxLayout(card)
        inside.setContentsMargins(theme.px(12), theme.px(8), theme.px(8), theme.px(10))
        inside.addWidget(text)
        inside.addStretch(1)
        return card

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        room = (self.width() + self._grid.spacing()) // (
            theme.px(LEAST_WIDTH) + self._grid.spacing()
        )
        self._arrange(max(1, min(len(self._cards), room)))

    def _arrange(self, columns: int) -> None:
        if columns == self._columns:
            return
        for column in range(max(self._columns, columns)):
            self._grid.setColumnStretch(column, 1 if column < columns else 0)
        self._columns = columns
        for position, card in enumerate(self._cards):
            self._grid.addWidget(card, position // columns, position % columns)
