"""An answer while it is being written, and what is to be said about one that was."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ...domain.conversation import Answer
from ...texts import why_not_written
from ..theme import theme
from ..widgets import button, label, picture_label
from . import answer_texts
from .conversation_model import Growing
from .marker_view import reading_width

CLOCK_MS = 1000  # between two looks at the clock while nothing is written yet


class WritingView(QWidget):
    """Text that grows, with the way to stop it; thinking stays folded until a person unfolds it.

    Signals:
        stop_wanted: the person has read enough.
    """

    stop_wanted = Signal()

    def __init__(self, growing: Growing, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("writing")
        self._seconds = 0
        self._text = label("", "prose", wrap=True)
        self._text.setMaximumWidth(reading_width())  # as it will stand when it is finished
        self._text.setObjectName("written_so_far")
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._state = label("", "muted")
        self._thinking = label("", "muted", wrap=True)
        self._thinking.hide()
        self._unfold = button(self.tr("Its thinking"), kind="quiet")
        self._unfold.setCheckable(True)
        self._unfold.toggled.connect(self._thinking.setVisible)
        self._unfold.hide()
        self._stop = button(self.tr("Stop writing"), self.stop)
        self._stop.setObjectName("stop_writing")
        self._stop.setToolTip(self.tr("Stop writing (Esc)"))
        line = QHBoxLayout()
        line.addWidget(self._state, 1)
        line.addWidget(self._unfold)
        line.addWidget(self._stop)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.px(8))
        layout.addWidget(self._text)
        layout.addWidget(self._thinking)
        layout.addLayout(line)
        self._clock = QTimer(self)
        self._clock.setInterval(CLOCK_MS)
        self._clock.timeout.connect(self._tick)
        self._clock.start()
        self.show_growing(growing)

    def show_growing(self, growing: Growing) -> None:
        """Shows what there is by now; what a person marked in it stays marked where it can."""
        if growing.text != self._text.text():
            self._text.setText(growing.text)
        self._text.setVisible(bool(growing.text))
        self._thinking.setText(growing.thinking)
        self._unfold.setVisible(bool(growing.thinking))
        if self._stop.isEnabled():
            self._state.setText(self._words(growing))

    def _words(self, growing: Growing) -> str:
        if growing.text:
            return self.tr("Writing…")
        if growing.thinking:
            return self.tr("Thinking…")
        if self._seconds < 3:
            return self.tr("The model is reading the passages…")
        return self.tr("The model is reading the passages… {n} seconds so far").format(
            n=self._seconds
        )

    def _tick(self) -> None:
        self._seconds += 1
        if not self._text.text() and self._stop.isEnabled():
            self._state.setText(self._words(Growing("", self._thinking.text())))

    def stop(self) -> None:
        """Asks once for the writing to end."""
        if self._stop.isEnabled():
            self._stop.setEnabled(False)
            self._state.setText(self.tr("Stopping…"))
            self.stop_wanted.emit()


class WrittenNote(QWidget):
    """One line on how a written answer ended, where it did not end well, and the way to try again.

    Signals:
        again_wanted: the answer is to be written once more.
    """

    again_wanted = Signal()

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        words = label(text, "", wrap=True)
        words.setObjectName("written_note")
        again = button(self.tr("Write again"), self.again_wanted.emit, picture="again")
        again.setObjectName("write_again")
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(picture_label("warning", "look", 16))
        line.addWidget(words, 1)
        line.addWidget(again)


def note_of(answer: Answer) -> str:
    """What is to be said about how an answer was written, "" where nothing is."""
    tr = answer_texts.tr
    if answer.trouble:
        said = tr("No answer was written, so here are your documents' own words.")
        return f"{said} {tr(why_not_written(answer.trouble))}"
    ends = {
        "stopped": tr("You stopped the writing. This is what stood there by then."),
        "length": tr("It is cut off at its end: the model has no room for more."),
        "lost": tr("The model stopped in the middle. What it had written is kept."),
    }
    doubts = {
        "refused": tr(
            "The model found no answer, but your documents seem to have one: see the quotes."
        ),
        "weak": tr(
            "The model answers, but your documents hardly support it. Check before you rely on it."
        ),
    }
    return " ".join(filter(None, (ends.get(answer.finish, ""), doubts.get(answer.doubt, ""))))
