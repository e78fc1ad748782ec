"""The turns of a conversation below each other. Old ones are built when they are scrolled to."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QRect, Qt, QTimer, Signal
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from ..theme import theme
from .answer_view import AnswerView
from .conversation_model import ConversationModel
from .marker_view import MarkerView
from .place_names import PlaceNames

BATCH = 10  # turns built at once


class TurnsView(QScrollArea):
    """Shows a `ConversationModel`.

    Signals:
        citation_pressed: the `Citation` to be opened.
        ask_again: the row whose question is to be asked once more.
        add_requested: the person wants to add a document.
        judged: (row, verdict) what a person says about an answer; empty takes it back.
        teach_wanted: the row of the answer whose right one is to be taught.
        shelf_wanted: (row, id of a shelf) which alone is to be asked that question.
        stop_wanted: the row whose answer is not to be written on.
        again_wanted: (row, "quote" or "written") how a question is to be answered once more.
        support_wanted: (row, number of a sentence) for which support is to be looked for.
        removal_wanted: (row, number of a sentence) that is to be taken out of its answer.
    """

    citation_pressed = Signal(object)
    ask_again = Signal(int)
    add_requested = Signal()
    judged = Signal(int, str)
    teach_wanted = Signal(int)
    shelf_wanted = Signal(int, str)
    stop_wanted = Signal(int)
    again_wanted = Signal(int, str)
    support_wanted = Signal(int, int)
    removal_wanted = Signal(int, int)

    def __init__(
        self, model: ConversationModel, names: PlaceNames, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._names = names
        self._model = model
        self._first = 0  # row of the first view
        self._views: list[AnswerView] = []
        self._kept: tuple[AnswerView, int] | None = None
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName(self.tr("Questions and answers"))
        self._inside = QWidget()
        self._column = QVBoxLayout(self._inside)
        self._set_margins()
        self._column.setSpacing(theme.px(16))
        self._column.addStretch(1)
        self.setWidget(self._inside)
        theme.changed.connect(self._set_margins)
        model.modelReset.connect(self._rebuild)
        model.rowsInserted.connect(self._inserted)
        model.rowsRemoved.connect(self._removed)
        model.dataChanged.connect(self._changed)
        model.nothing_found.connect(self._say_nothing_found)
        self.verticalScrollBar().valueChanged.connect(self._build_earlier)
        self.verticalScrollBar().actionTriggered.connect(self._let_go)
        self.verticalScrollBar().rangeChanged.connect(self._set_margins)
        self.verticalScrollBar().rangeChanged.connect(self._scroll_to_kept)
        self._rebuild()

    def view(self, row: int) -> AnswerView:
        """The card of a row; it is built if it was not."""
        while row < self._first:
            self._prepend()
        return self._views[row - self._first]

    def _set_margins(self) -> None:
        """The cards end where the question ends, with a scroll bar beside them and without."""
        bar = self.verticalScrollBar()
        gutter = bar.sizeHint().width() if bar.maximum() else 0
        right = max(0, theme.px(24) - gutter)
        self._column.setContentsMargins(theme.px(24), theme.px(8), right, theme.px(8))

    # following the model

    def _rebuild(self) -> None:
        for view in self._views:
            self._drop(view)
        self._views = []
        rows = self._model.rowCount()
        self._first = max(0, rows - BATCH)
        for row in range(self._first, rows):
            self._append(row)
        if self._views:
            self.bring_into_sight(rows - 1)

    def _inserted(self, parent: QModelIndex, first: int, last: int) -> None:
        for row in range(first, last + 1):
            self._append(row)
        self.bring_into_sight(last)

    def _removed(self, parent: QModelIndex, first: int, last: int) -> None:
        for row in range(last, first - 1, -1):
            if row >= self._first:
                self._drop(self._views.pop(row - self._first))
        self._first = min(self._first, first)

    def _changed(self, top: QModelIndex, bottom: QModelIndex) -> None:
        for row in range(max(top.row(), self._first), bottom.row() + 1):
            view = self._views[row - self._first]
            before, grew = view.turn, view.writing_end is not None
            growing = self._model.growing(row)
            view.show_turn(self._model.turn(row), self._model.problem(row), growing)
            view.show_judgement(self._model.judgement(row))
            waited = before.answer is None or grew
            if view.turn != before and waited and row == self._model.rowCount() - 1:
                self._bring_unless_left(row, was_growing=grew)
            elif growing is not None:
                QTimer.singleShot(0, self, self._scroll_to_kept)

    def _bring_unless_left(self, row: int, *, was_growing: bool) -> None:
        """Whoever scrolled away while an answer was written stays where they went."""
        if not was_growing or (self._kept is not None and self._kept[0] is self.view(row)):
            self.bring_into_sight(row)

    def _say_nothing_found(self, row: int) -> None:
        if row >= self._first:
            self._views[row - self._first].show_nothing_found()

    def _make(self, row: int) -> AnswerView:
        view = AnswerView(
            self._model.turn(row),
            self._names,
            self._model.problem(row),
            self._model.judgement(row),
            self._model.growing(row),
        )
        view.citation_pressed.connect(self.citation_pressed)
        view.add_requested.connect(self.add_requested)
        view.marker_reached.connect(self._marker_reached)
        view.walked_out.connect(lambda step: self._walk_on(view, step))
        view.ask_again.connect(lambda: self.ask_again.emit(self._row(view)))
        view.judged.connect(lambda verdict: self.judged.emit(self._row(view), verdict))
        view.teach_wanted.connect(lambda: self.teach_wanted.emit(self._row(view)))
        view.shelf_wanted.connect(lambda shelf: self.shelf_wanted.emit(self._row(view), shelf))
        view.stop_wanted.connect(lambda: self.stop_wanted.emit(self._row(view)))
        view.again_wanted.connect(lambda how: self.again_wanted.emit(self._row(view), how))
        view.support_wanted.connect(lambda n: self.support_wanted.emit(self._row(view), n))
        view.removal_wanted.connect(lambda n: self.removal_wanted.emit(self._row(view), n))
        return view

    def _row(self, view: AnswerView) -> int:
        return self._first + self._views.index(view)

    def _append(self, row: int) -> None:
        view = self._make(row)
        self._views.append(view)
        self._column.insertWidget(self._column.count() - 1, view)

    def _prepend(self) -> None:
        self._first -= 1
        view = self._make(self._first)
        self._views.insert(0, view)
        self._column.insertWidget(0, view)

    def _drop(self, view: AnswerView) -> None:
        if self._kept is not None and view is self._kept[0]:
            self._kept = None
        self._column.removeWidget(view)
        view.hide()
        view.deleteLater()

    def _build_earlier(self, value: int) -> None:
        """Builds the turns before the first one when that comes near, which stays where it is."""
        if value > self.viewport().height() or self._first == 0 or not self._views:
            return
        self._keep(self._views[0], self._views[0].y() - value)
        for _ in range(min(BATCH, self._first)):
            self._prepend()

    # scrolling and walking

    def bring_into_sight(self, row: int) -> None:
        """Scrolls so that a turn is seen from its question on."""
        self._keep(self.view(row), theme.px(8))

    def _keep(self, view: AnswerView, below: int) -> None:
        """Keeps a turn `below` pixels under the upper edge, while heights settle, until a person scrolls."""
        self._kept = view, below
        QTimer.singleShot(0, self, self._scroll_to_kept)

    def _scroll_to_kept(self) -> None:
        if self._kept is not None:
            view, below = self._kept
            top = view.y() - below
            if (
                end := view.writing_end
            ) is not None:  # what is being written is followed to its end
                top = max(top, view.y() + end + theme.px(12) - self.viewport().height())
            self.verticalScrollBar().setValue(top)

    def _let_go(self) -> None:
        self._kept = None

    def _marker_reached(self, view: MarkerView, rect: QRect) -> None:
        self._kept = None
        center = view.mapTo(self._inside, rect.center())
        self.ensureVisible(center.x(), center.y(), 0, theme.px(60))

    def _walk_on(self, view: AnswerView, step: int) -> None:
        """From the last marker of one answer to the first of the next, and back."""
        texts = [text for card in self._views for text in card.marker_views()]
        own = [number for number, text in enumerate(texts) if text.hasFocus()]
        if own and 0 <= own[0] + step < len(texts):
            text = texts[own[0] + step]
            text.setFocus(Qt.FocusReason.OtherFocusReason)
            text.reach(0 if step > 0 else -1)
