"""One practice question as a card: what is asked, the answer, and the words that it stands on."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from ...domain.conversation import Citation
from ...domain.training import Pair
from .. import words
from ..ask.marker_view import Emphasis, MarkerView, Part, Style
from ..ask.very_words import very_words
from ..theme import theme
from ..widgets import button, frame, label
from . import pair_words
from .pair_places import PairPlaces

WIDEST = 760  # px at 13 px text


class PairCard(QWidget):
    """Shows one question, with the buttons that say what it is worth.

    Signals:
        said: "right", "wrong" or "skipped".
        fix_wanted: the person wants to put the question or the answer right.
        citation_pressed: the `Citation` of the place, to be opened.
    """

    said = Signal(str)
    fix_wanted = Signal()
    citation_pressed = Signal(object)

    def __init__(self, places: PairPlaces, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._places = places
        self._pair: Pair | None = None
        self._citation: Citation | None = None
        self._name = ""  # of the place
        self._question = label("", "title", wrap=True)
        self._question.setObjectName("pair_question")
        self._answer = label("", "card", wrap=True)
        self._answer.setObjectName("pair_answer")
        self._where = label(self.tr("Where it says so"), "section")
        self.place = button("", self.open_place, kind="inline")
        self.place.setObjectName("pair_place")
        self._quote = MarkerView(places.names)
        self._quote.setObjectName("pair_quote")
        self._ground = frame("value")
        self._source = label("", "muted", wrap=True)
        self.buttons: dict[str, QPushButton] = {}
        self._build()
        theme.changed.connect(self._take_theme)
        self._take_theme()

    def _build(self) -> None:
        ground = QVBoxLayout(self._ground)
        ground.setContentsMargins(12, 8, 12, 8)
        ground.addWidget(self._quote)
        self._card = frame("card")
        inside = QVBoxLayout(self._card)
        inside.setContentsMargins(20, 16, 20, 16)
        inside.setSpacing(theme.px(4))
        inside.addWidget(label(self.tr("Question"), "section"))
        inside.addWidget(self._question)
        inside.addSpacing(theme.px(12))
        inside.addWidget(label(self.tr("Answer"), "section"))
        inside.addWidget(self._answer)
        inside.addSpacing(theme.px(12))
        inside.addWidget(self._where)
        inside.addWidget(self.place, 0, Qt.AlignmentFlag.AlignLeft)
        inside.addWidget(self._ground)
        inside.addSpacing(theme.px(4))
        inside.addWidget(self._source)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        page = QWidget()
        sides = QHBoxLayout(page)
        sides.setContentsMargins(0, 0, 0, 0)
        sides.addWidget(self._card, 1, Qt.AlignmentFlag.AlignTop)
        sides.addStretch()
        area.setWidget(page)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        layout.addWidget(area, 1)
        layout.addLayout(self._verdicts())

    def _verdicts(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(theme.px(8))
        for name, text, key, picture, press in (
            ("right", self.tr("Right"), "R", "check", lambda: self.said.emit("right")),
            ("wrong", self.tr("Wrong"), "W", "close", lambda: self.said.emit("wrong")),
            ("fix", self.tr("Fix"), "F", "pencil", self.fix_wanted.emit),
            ("skip", self.tr("Skip"), "S", "forward", lambda: self.said.emit("skipped")),
        ):
            kind = "primary" if name == "right" else ""
            one = button(f"{text} ({key})", press, kind=kind, picture=picture)
            one.setObjectName(name)
            one.setAccessibleName(text)
            one.setAccessibleDescription(self.tr("Key {key}").format(key=key))
            self.buttons[name] = one
            row.addWidget(one)
        row.addStretch()
        return row

    @property
    def pair(self) -> Pair | None:
        return self._pair

    def show_pair(self, pair: Pair) -> None:
        self._pair = pair
        self._citation = self._places.citation(pair)
        self._name = self._places.name(pair)
        self._question.setText(pair_words.question(pair))
        self._answer.setText(pair_words.answer(pair))
        self._source.setText(pair_words.source(pair))
        there = self._citation is not None
        self._where.setVisible(there)
        self.place.setVisible(there)
        self._ground.setVisible(there)
        self._show_quote()
        self._name_place()

    def open_place(self) -> None:
        if self._citation is not None:
            self.citation_pressed.emit(self._citation)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._name_place()

    def _take_theme(self) -> None:
        self._card.setMaximumWidth(theme.px(WIDEST))
        self._show_quote()
        self._name_place()

    def _name_place(self) -> None:
        """A name that is too long for the card ends in …; its tooltip has all of it."""
        name = self._name
        room = min(self.width(), theme.px(WIDEST)) - theme.px(64)
        self.place.setText(
            self.place.fontMetrics().elidedText(name, Qt.TextElideMode.ElideMiddle, room)
        )
        self.place.setToolTip(words.tip(self.tr("Open {place}").format(place=name)))
        self.place.setAccessibleName(self.tr("Open {place}").format(place=name))

    def _show_quote(self) -> None:
        citation = self._citation
        if citation is None:
            return
        quote = " ".join(citation.quote.split())
        parts: list[Part] = []
        at = 0
        for start, end in very_words(quote, citation):
            parts += [words.plain(quote[at:start]), Emphasis(words.plain(quote[start:end]))]
            at = end
        parts.append(words.plain(quote[at:]))
        self._quote.set_content([(Style(14), parts)], {})
