"""What can be done with several chosen documents at once, below the table."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from .. import words
from ..widgets import ElidedLabel, button


class ChosenBar(QWidget):
    """Shown while more than one document is chosen; below the table, so that no row moves.

    Signals:
        move_wanted: the chosen documents are to go on another shelf; where its menu opens.
        again_wanted, remove_wanted: they are to be read again, or taken off the desk.
    """

    move_wanted = Signal(QPoint)
    again_wanted = Signal()
    remove_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        self._text = ElidedLabel()
        row.addWidget(self._text, 1)
        self._move = button(self.tr("Move to shelf…"), self._tell_move)
        again = button(self.tr("Read again"), self.again_wanted.emit)
        remove = button(self.tr("Remove"), self.remove_wanted.emit)
        for one in (self._move, again, remove):
            row.addWidget(one)
        self.hide()

    def show_count(self, count: int) -> None:
        """Follows how many documents are chosen."""
        self._text.set_full_text(self.tr("{n} chosen").format(n=words.documents(count)))
        self.setVisible(count > 1)

    def _tell_move(self) -> None:
        self.move_wanted.emit(self._move.mapToGlobal(QPoint(0, 0)))
