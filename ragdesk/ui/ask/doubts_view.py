"""Sentences of a written answer that are not borne out, and what a person can do about each."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from ...domain.conversation import Answer, Sentence
from ..theme import theme
from ..widgets import button, label, picture_label
from ..words import plain
from . import answer_texts

LONGEST = 90  # characters of a sentence that is named; all of it stands in the answer


class DoubtsView(QWidget):
    """One row for each doubtful sentence: why, "Look for support" and "Remove".

    Signals:
        support_wanted: the number of the sentence (from 0) that something may bear out elsewhere.
        removal_wanted: the number of the sentence that is to go.
    """

    support_wanted = Signal(int)
    removal_wanted = Signal(int)

    def __init__(self, answer: Answer, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("doubts")
        self._looking: tuple[QLabel, QPushButton] | None = None
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, theme.px(4), 0, theme.px(4))
        layout.setSpacing(theme.px(8))
        removable = len(answer.sentences) > 1
        for number, sentence in enumerate(answer.sentences):
            if not sentence.supported:
                layout.addLayout(self._row(number, sentence, removable=removable))

    def _row(self, number: int, sentence: Sentence, *, removable: bool) -> QHBoxLayout:
        text = plain(sentence.text)
        if len(text) > LONGEST:
            text = text[:LONGEST].rsplit(" ", 1)[0].rstrip(" ,;.") + " …"
        words = label(f"“{text}” {answer_texts.why_doubtful(sentence)}", "", wrap=True)
        words.setObjectName("doubt")
        words.setContentsMargins(theme.px(5), 0, 0, 0)  # where the words of links begin too
        look = button(self.tr("Look for support"), kind="link")
        look.setObjectName("look_for_support")
        look.setAccessibleDescription(text)
        look.clicked.connect(lambda: self._look(number, words, look))
        acts = QHBoxLayout()
        acts.setSpacing(theme.px(8))
        acts.addWidget(look)
        if removable:
            remove = button(self.tr("Remove"), lambda: self._remove(number), kind="link")
            remove.setObjectName("remove_sentence")
            remove.setAccessibleDescription(text)
            acts.addWidget(remove)
        acts.addStretch(1)
        column = QVBoxLayout()
        column.setSpacing(theme.px(2))
        column.addWidget(words)
        column.addLayout(acts)
        row = QHBoxLayout()
        row.setSpacing(theme.px(3))
        row.addWidget(picture_label("warning", "look", 16), 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(column, 1)
        return row

    def show_nothing_found(self) -> None:
        """Says beside the sentence that was looked for that nothing bears it out."""
        if self._looking is None:
            return
        words, look = self._looking
        self._looking = None
        self._enable(True)
        words.setText(f"{words.text()} {self.tr('No other passage bears it out either.')}")
        look.hide()

    def _look(self, number: int, words: QLabel, look: QPushButton) -> None:
        self._looking = words, look
        look.setText(self.tr("Looking…"))
        self._enable(False)
        self.support_wanted.emit(number)

    def _remove(self, number: int) -> None:
        self._enable(False)  # the numbers of the others hold until the answer is shown anew
        self.removal_wanted.emit(number)

    def _enable(self, on: bool) -> None:
        for one in self.findChildren(QPushButton):
            one.setEnabled(on)
