"""The table of practice questions: sorted, filtered by state, thousands of rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, Qt

from ...domain.training import Pair, PairState
from .. import words
from ..icons import icon
from ..ordered import Index, bring_in_step, runs
from . import pair_words
from .pair_places import PairPlaces

QUESTION, ANSWER, PLACE, STATE = range(4)
PAIR = Qt.ItemDataRole.UserRole + 1
_ORDER = list(PairState)
_NO_PARENT = QModelIndex()


class PairsModel(QAbstractTableModel):
    """The practice questions that the chosen state leaves, in the order of one column.

    At first they stand as the store has them, the most useful first. Each has a number of its own
    while the model lives, so that choice and scrolling outlive changes.
    """

    _TITLES: ClassVar = ("Question", "Answer", "Where", "State")

    def __init__(self, places: PairPlaces, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.ids: list[int] = []
        self._places = places
        self._numbers: dict[str, int] = {}
        self._pairs: dict[int, Pair] = {}
        self._state: PairState | None = None
        self._column = -1
        self._order = Qt.SortOrder.AscendingOrder

    # what is shown

    def show_pairs(self, pairs: Sequence[Pair]) -> None:
        """Takes all practice questions as they are now."""
        before = self._pairs
        self._pairs = {
            self._numbers.setdefault(pair.id, len(self._numbers)): pair for pair in pairs
        }
        changed = [
            row
            for row, id_ in enumerate(self.ids)
            if id_ in self._pairs and self._pairs[id_] != before[id_]
        ]
        # Rows that go are still asked for until they are gone.
        kept = self._pairs
        self._pairs = before | kept
        for first, last in runs(changed):
            self.dataChanged.emit(self.index(first, 0), self.index(last, STATE))
        self._arrange(kept)
        self._pairs = kept

    def set_state(self, state: PairState | None) -> None:
        """Shows those of one state, or all with None."""
        self._state = state
        self._arrange(self._pairs)

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """By a column; by -1 as the store has them."""
        self._column, self._order = column, order
        self._arrange(self._pairs)

    def pair(self, row: int) -> Pair:
        return self._pairs[self.ids[row]]

    def row_of(self, pair_id: str) -> int:
        """The row of a practice question, -1 where it is not shown."""
        number = self._numbers.get(pair_id, -1)
        return self.ids.index(number) if number in self.ids else -1

    def _arrange(self, pairs: dict[int, Pair]) -> None:
        found = [(n, p) for n, p in pairs.items() if self._state in (None, p.state)]
        if self._column >= 0:
            key = self._key()
            down = self._order == Qt.SortOrder.DescendingOrder
            found.sort(key=lambda one: key(one[1]), reverse=down)
        bring_in_step(self, self.ids, [number for number, _ in found])

    def _key(self) -> Callable[[Pair], Any]:
        places = self._places
        keys: dict[int, Callable[[Pair], Any]] = {
            QUESTION: lambda p: p.question.casefold(),
            ANSWER: lambda p: (pair_words.answer(p).casefold(), p.question.casefold()),
            PLACE: lambda p: (places.path(p).casefold(), p.position, p.question.casefold()),
            STATE: lambda p: (_ORDER.index(p.state), p.reason, p.question.casefold()),
        }
        return keys[self._column]

    # Qt's questions

    def rowCount(self, parent: Index = _NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self.ids)

    def columnCount(self, parent: Index = _NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self._TITLES)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation == Qt.Orientation.Horizontal and 0 <= section < len(self._TITLES):
            if role == Qt.ItemDataRole.DisplayRole:
                return self.tr(self._TITLES[section])
            if role == Qt.ItemDataRole.TextAlignmentRole:
                return int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or index.row() >= len(self.ids):
            return None
        pair, column = self.pair(index.row()), index.column()
        if role == PAIR:
            return pair
        if role == Qt.ItemDataRole.DecorationRole and column == STATE:
            _, picture, colour = pair_words.state(pair.state)
            return icon(picture, colour)
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(pair, column)
        if role == Qt.ItemDataRole.ToolTipRole:
            return words.tip(self._text(pair, column))
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{self.tr(self._TITLES[column])}: {self._text(pair, column)}"
        return None

    def _text(self, pair: Pair, column: int) -> str:
        if column == QUESTION:
            return pair_words.question(pair)
        if column == ANSWER:
            return pair_words.answer(pair)
        return self._places.name(pair) if column == PLACE else pair_words.state_of(pair)
