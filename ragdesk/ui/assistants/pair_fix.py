"""Puts a practice question right in its place: what is asked, and the answer in the passage's words."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from ...domain.document import Span
from ...domain.training import Pair
from .. import words
from ..theme import theme
from ..viewer.text_view import TextView
from ..widgets import announce, button, frame, label
from .pair_places import PairPlaces, stands_at, whole_words

MOST_QUESTION, MOST_ANSWER = 1000, 2000  # characters
WIDEST, TALLEST = 760, 340  # px at 13 px text: the column, and the passage in it


class PairFix(QWidget):
    """Two fields over the passage, in which the answer can be chosen with the mouse or the keys.

    Signals:
        kept: (question, answer) as they are to be.
        absent: the question as it is to be, which the documents do not answer.
        cancelled: nothing is to change.
    """

    kept = Signal(str, str)
    absent = Signal(str)
    cancelled = Signal()

    def __init__(self, places: PairPlaces, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._places = places
        self._pair: Pair | None = None
        self._text = ""
        self._choosing = False
        self.question = self._field(self.tr("Question"), MOST_QUESTION)
        self.answer = self._field(self.tr("Answer"), MOST_ANSWER)
        self.answer.setPlaceholderText(self.tr("As it stands in the text"))
        self._answer_title = label(self.tr("Answer"), "section")
        self._choose = label(
            self.tr("Choose the words in the text, or type them as they stand there."),
            "muted",
            wrap=True,
        )
        self._place = label("", "section", wrap=True)
        self.passage = TextView()
        self.passage.setAccessibleName(self.tr("The passage"))
        self.passage.setTabChangesFocus(True)
        self.passage.document().setDocumentMargin(12)
        self._error = label("", "wrong", wrap=True)
        self._error.setObjectName("fix_error")
        self.keep = button(self.tr("Keep as right"), self._keep, kind="primary")
        self.nowhere = button(
            self.tr("The documents do not answer this"), self._say_absent, kind="quiet"
        )
        self.cancel = button(self.tr("Cancel"), self.cancelled.emit, kind="quiet")
        self._column = QWidget()
        self._ground = frame("card")
        self._build()
        theme.changed.connect(self._scale)
        self.question.textChanged.connect(self._changed)
        self.answer.textChanged.connect(self._changed)
        self.passage.selectionChanged.connect(self._take_choice)

    def _field(self, name: str, most: int) -> QLineEdit:
        field = QLineEdit()
        field.setAccessibleName(name)
        field.setMaxLength(most)
        field.setAcceptDrops(False)  # a dropped file is the window's
        field.returnPressed.connect(self._keep)
        return field

    def _build(self) -> None:
        ground = QVBoxLayout(self._ground)
        ground.setContentsMargins(4, 4, 4, 4)
        ground.addWidget(self.passage)
        sides = QHBoxLayout(self)
        sides.setContentsMargins(0, 0, 0, 0)
        sides.addWidget(self._column, 1)
        sides.addStretch()
        layout = QVBoxLayout(self._column)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.px(4))
        layout.addWidget(label(self.tr("Question"), "section"))
        layout.addWidget(self.question)
        layout.addSpacing(theme.px(8))
        layout.addWidget(self._answer_title)
        layout.addWidget(self.answer)
        layout.addWidget(self._choose)
        layout.addSpacing(theme.px(8))
        layout.addWidget(self._place)
        layout.addWidget(self._ground, 1)
        layout.addWidget(self._error)
        layout.addSpacing(theme.px(8))
        row = QHBoxLayout()
        row.setSpacing(theme.px(8))
        row.addWidget(self.keep)
        row.addWidget(self.nowhere)
        row.addWidget(self.cancel)
        row.addStretch()
        layout.addLayout(row)
        layout.addStretch()
        self._error.hide()
        self._scale()

    def _scale(self) -> None:
        self._column.setMaximumWidth(theme.px(WIDEST))
        self._ground.setMaximumHeight(theme.px(TALLEST))

    def show_pair(self, pair: Pair) -> None:
        """Begins anew with a practice question as it is."""
        self._pair = pair
        passage = self._places.passage(pair)
        self._text = passage.text if passage is not None else ""
        self.passage.show_text(self._text)
        self.nowhere.setVisible(not pair.absent)
        for part in (self._answer_title, self.answer, self._place, self._ground):
            part.setVisible(passage is not None)
        self._choose.setText(
            self.tr("Choose the words in the text, or type them as they stand there.")
            if passage is not None
            else self.tr("No passage belongs to this question: only what it asks can be changed.")
        )
        self._place.setText(self._places.name(pair))
        self.question.setText(" ".join(pair.question.split()))
        self.answer.setText(" ".join(pair.answer.split()))
        self._error.hide()
        self._changed()
        self.answer.setFocus() if passage is not None else self.question.setFocus()

    def show_error(self, code: str, params: dict[str, object]) -> None:
        """What the engine says of what was kept; the fields stay as they are."""
        self.wait(False)
        text = words.error(code, params)
        self._error.setText(text)
        self._error.show()
        announce(self, text)
        self.answer.setFocus()

    def wait(self, waiting: bool) -> None:
        """While what was kept is being looked at it cannot be kept once more."""
        self.keep.setEnabled(not waiting and self._complete())
        self.nowhere.setEnabled(not waiting and bool(self.question.text().strip()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.cancelled.emit()
        elif event.matches(QKeySequence.StandardKey.InsertParagraphSeparator):
            self._keep()
        else:
            super().keyPressEvent(event)

    def _complete(self) -> bool:
        pair = self._pair
        if pair is None or not self.question.text().strip():
            return False
        return bool(self.answer.text().strip()) or not pair.answer

    def _changed(self) -> None:
        self._error.hide()
        self.wait(False)
        found = stands_at(self._text, self.answer.text())
        # To mark is to move the cursor, which words that are just being chosen hang on.
        if found is None or self._choosing:
            self.passage.mark([], [])
        else:
            self.passage.mark([], [Span(1, found[0], found[1] - found[0])])

    def _take_choice(self) -> None:
        """Whole words: half a word would not be found again."""
        cursor = self.passage.textCursor()
        if not cursor.hasSelection():
            return
        start, end = whole_words(
            self._text,
            _index(self._text, cursor.selectionStart()),
            _index(self._text, cursor.selectionEnd()),
        )
        if start < end:
            self._choosing = True
            self.answer.setText(" ".join(self._text[start:end].split()))
            self._choosing = False

    def _say_absent(self) -> None:
        self.wait(True)
        self.absent.emit(" ".join(self.question.text().split()))

    def _keep(self) -> None:
        if self.keep.isEnabled():
            self.wait(True)
            self.kept.emit(
                " ".join(self.question.text().split()), " ".join(self.answer.text().split())
            )


def _index(text: str, position: int) -> int:
    """The Python string index of a text document's position, which counts UTF-16 units."""
    before = text.encode("utf-16-le", "surrogatepass")[: 2 * position]
    return len(before.decode("utf-16-le", "surrogatepass"))
