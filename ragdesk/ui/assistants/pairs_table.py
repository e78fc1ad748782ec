"""All practice questions in a table, by state, and what is said of the chosen ones."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from ...domain.training import Pair, PairState
from .. import words
from ..theme import theme
from ..widgets import ElidedLabel, button, frame
from . import pair_words
from .pair_places import PairPlaces
from .pairs_model import PairsModel
from .pairs_view import PairsView


class PairsTable(QWidget):
    """Signals:
    said: (list of `Pair`, "right", "wrong" or "skipped") of the chosen ones.
    fix_wanted: the `Pair` that is to be put right.
    opened: the `Pair` whose place is to be shown.
    """

    said = Signal(list, str)
    fix_wanted = Signal(object)
    opened = Signal(object)

    def __init__(self, places: PairPlaces, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = PairsModel(places, self)
        self.view = PairsView(self.model)
        self.states = QComboBox()
        self.states.setAccessibleName(self.tr("Show"))
        self.states.view().setAccessibleName(self.tr("States"))
        self.states.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.states.setMinimumContentsLength(18)
        self._chosen = ElidedLabel("", "muted")
        self.buttons: dict[str, QPushButton] = {}
        self._build()
        self.show_pairs([])
        self.states.activated.connect(self._choose_state)
        self.view.chosen_changed.connect(self._follow)
        self.view.opened.connect(self.opened)

    def _build(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(theme.px(8))
        head.addWidget(self.states)
        head.addWidget(self._chosen, 1)
        ground = frame("card")
        inside = QVBoxLayout(ground)
        inside.setContentsMargins(4, 4, 4, 4)
        inside.addWidget(self.view)
        row = QHBoxLayout()
        row.setSpacing(theme.px(8))
        for name, text, key, picture, press in (
            ("right", self.tr("Right"), "R", "check", lambda: self._say("right")),
            ("wrong", self.tr("Wrong"), "W", "close", lambda: self._say("wrong")),
            ("fix", self.tr("Fix"), "F", "pencil", self._fix),
            ("skip", self.tr("Skip"), "S", "forward", lambda: self._say("skipped")),
        ):
            one = button(f"{text} ({key})", press, picture=picture)
            one.setObjectName(f"{name}_chosen")
            one.setAccessibleName(text)
            one.setAccessibleDescription(self.tr("Key {key}").format(key=key))
            self.buttons[name] = one
            row.addWidget(one)
        row.addStretch()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.px(8))
        layout.addLayout(head)
        layout.addWidget(ground, 1)
        layout.addLayout(row)

    def show_pairs(self, pairs: Sequence[Pair]) -> None:
        """Takes all practice questions as they are now; choice and order stay."""
        self.model.show_pairs(pairs)
        counts = Counter(pair.state for pair in pairs)
        entries: list[tuple[str, PairState | None]] = [(self.tr("All"), None)]
        entries += [(pair_words.state(state)[0], state) for state in PairState]
        here = max(self.states.currentIndex(), 0)
        for row, (text, state) in enumerate(entries):
            count = len(pairs) if state is None else counts[state]
            shown = self.tr("{state} · {n}").format(state=text, n=words.number(count))
            if row < self.states.count():
                self.states.setItemText(row, shown)
            else:
                self.states.addItem(shown, state)
        self.states.setCurrentIndex(here)
        self._follow()

    def _choose_state(self, row: int) -> None:
        state = self.states.itemData(row)
        self.view.show_state(PairState(state) if state is not None else None)

    def _follow(self) -> None:
        count = len(self.view.chosen())
        for name, one in self.buttons.items():
            one.setEnabled(count == 1 if name == "fix" else count > 0)
        text = self.tr("{n} chosen").format(n=pair_words.questions(count)) if count else ""
        self._chosen.set_full_text(text)

    def _say(self, state: str) -> None:
        self.said.emit(self.view.chosen(), state)

    def _fix(self) -> None:
        chosen = self.view.chosen()
        if len(chosen) == 1:
            self.fix_wanted.emit(chosen[0])
