"""Above a review: how much of it is enough, which form it has, and what else can be done."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from ...domain.training import Pair, PairState
from .. import words
from ..theme import theme
from ..widgets import button, label

ENOUGH = 30  # questions that a person has looked at


class ReviewBar(QWidget):
    """Signals:
    form_chosen: "cards" or "table".
    ask_wanted, undo_wanted, import_wanted, export_wanted: a button was pressed.
    """

    form_chosen = Signal(str)
    ask_wanted = Signal()
    undo_wanted = Signal()
    import_wanted = Signal()
    export_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.form = "cards"
        self._said = label("", "", wrap=True)
        self._said.setObjectName("review_progress")
        self._progress = QProgressBar()
        self._progress.setTextVisible(False)
        self._progress.setMaximum(ENOUGH)
        self._forms = QButtonGroup(self)
        self.cards = self._form("cards", self.tr("Cards"))
        self.table = self._form("table", self.tr("Table"))
        self.cards.setChecked(True)
        self.undo = button(self.tr("Undo"), self.undo_wanted.emit, kind="quiet", picture="back")
        self.undo.setToolTip(self.tr("Undo (Ctrl+Z or U)"))
        self.ask = button(self.tr("Ask your own…"), self.ask_wanted.emit, kind="quiet")
        self.take_in = button(self.tr("Import…"), self.import_wanted.emit, kind="quiet")
        self.write_out = button(self.tr("Export…"), self.export_wanted.emit, kind="quiet")
        row = QHBoxLayout()
        row.setSpacing(theme.px(4))
        for part in (self.cards, self.table):
            row.addWidget(part)
        row.addStretch()
        for part in (self.undo, self.ask, self.take_in, self.write_out):
            row.addWidget(part)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.px(8))
        layout.addWidget(self._said)
        layout.addWidget(self._progress)
        layout.addLayout(row)

    def _form(self, form: str, text: str) -> QPushButton:
        result = button(text, lambda: self._choose(form), kind="judge")
        result.setObjectName(form)
        result.setCheckable(True)
        self._forms.addButton(result)
        return result

    def _choose(self, form: str) -> None:
        if form != self.form:
            self.form = form
            self.form_chosen.emit(form)

    def show_pairs(self, pairs: Sequence[Pair]) -> None:
        """Follows what was said of the practice questions."""
        counts = dict.fromkeys(PairState, 0)
        for pair in pairs:
            counts[pair.state] += 1
        done = counts[PairState.RIGHT] + counts[PairState.WRONG]
        left = counts[PairState.MADE]
        if not pairs:
            text = ""
        elif done < ENOUGH and left:
            text = self.tr("{done} of {enough} is enough").format(
                done=words.number(done), enough=words.number(ENOUGH)
            )
        else:
            text = self.tr("{done} looked at: that is enough. {left} are left if you like.")
            text = text if left else self.tr("{done} looked at")
            text = text.format(done=words.number(done), left=words.number(left))
        self._said.setText(text)
        self._said.setVisible(bool(text))
        self._progress.setVisible(bool(pairs))
        self._progress.setValue(min(done, ENOUGH))
        self._progress.setAccessibleName(text)
        self.write_out.setEnabled(bool(pairs))
        for one in (self.cards, self.table):
            one.setEnabled(bool(pairs))

    def show_undo(self, possible: bool) -> None:
        self.undo.setEnabled(possible)
