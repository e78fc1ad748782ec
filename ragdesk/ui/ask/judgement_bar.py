"""Under every answer: right, wrong, or what would be right. What is shown pressed is what is kept."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from ...domain.conversation import Citation, Judgement
from ..theme import theme
from ..widgets import button, label
from ..words import plain
from .place_names import PlaceNames

MOST_TAUGHT = 160  # characters of a taught answer that the note repeats


class JudgementBar(QWidget):
    """The buttons Right, Wrong and Teach.

    Signals:
        judged: the verdict wanted, "right" or "wrong"; empty to take it back.
        teach_wanted: the person wants to say what is right.
    """

    judged = Signal(str)
    teach_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._verdict = ""
        right_tip = self.tr("This answer is right; pressing again takes it back")
        wrong_tip = self.tr("This answer is wrong; pressing again takes it back")
        self.right = self._verdict_button("right", self.tr("Right"), "check", right_tip)
        self.wrong = self._verdict_button("wrong", self.tr("Wrong"), "close", wrong_tip)
        self.teach = button(
            self.tr("Teach…"), self.teach_wanted.emit, kind="judge", picture="pencil"
        )
        self.teach.setObjectName("teach")
        self.teach.setAccessibleName(self.tr("Teach"))
        self.teach.setToolTip(self.tr("Say what is right and where it stands"))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.px(4))
        for part in (self.right, self.wrong, self.teach):
            layout.addWidget(part)

    def _verdict_button(self, verdict: str, text: str, picture: str, tip: str) -> QPushButton:
        result = button(text, lambda: self._press(verdict), kind="judge", picture=picture)
        result.setObjectName(verdict)
        result.setCheckable(True)
        result.setToolTip(tip)
        result.setAccessibleDescription(tip)
        return result

    def show_judgement(self, judgement: Judgement | None) -> None:
        """Shows as pressed what is kept."""
        self._verdict = judgement.verdict if judgement is not None else ""
        self.right.setChecked(self._verdict == "right")
        self.wrong.setChecked(self._verdict in ("wrong", "absent"))

    def _press(self, verdict: str) -> None:
        pressed = self.right.isChecked() if verdict == "right" else self.wrong.isChecked()
        # Shown as pressed once it is kept, not before.
        self.right.setChecked(self._verdict == "right")
        self.wrong.setChecked(self._verdict in ("wrong", "absent"))
        self.judged.emit(verdict if pressed else "")


class JudgementNote(QWidget):
    """What a person taught about an answer, or, after "Wrong", the offer to teach.

    Signals:
        citation_pressed: the `Citation` of the place that was taught.
        teach_wanted: the offer was taken.
    """

    citation_pressed = Signal(object)
    teach_wanted = Signal()

    def __init__(self, names: PlaceNames, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._names = names
        self._place: Citation | None = None
        self._words = label("", "", wrap=True)
        self._words.setObjectName("taught")
        self._link = button("", self._press, kind="inline")
        self._link.setObjectName("taught_place")
        self._use = label(
            self.tr("Kept. It will be used when RagDesk next learns from you."), "muted", wrap=True
        )
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.px(2))
        layout.addWidget(self._words)
        layout.addWidget(self._link, 0, Qt.AlignmentFlag.AlignLeft)
        layout.addWidget(self._use)
        self.hide()

    def show_judgement(self, judgement: Judgement | None) -> None:
        """Says what was taught; nothing where nothing was."""
        wrong = judgement is not None and judgement.verdict in ("wrong", "absent")
        self.setVisible(wrong)
        self._place = None
        if judgement is None or not wrong:
            return
        taught = judgement.verdict == "absent" or bool(judgement.answer or judgement.document_id)
        if judgement.verdict == "absent":
            text = self.tr("You taught: this is not in your documents.")
        elif judgement.answer:
            text = self.tr("You taught: “{answer}”").format(answer=_short(judgement.answer))
        elif taught:
            text = self.tr("You taught where the answer stands:")
        else:
            text = self.tr("You called this answer wrong.")
        self._words.setText(text)
        self._use.setVisible(taught)
        self._place = self._names.taught(judgement)
        link = self.tr("Say what is right…") if not taught else ""
        if self._place is not None:
            link = self._names.of(self._place)
        self._link.setText(link)
        self._link.setVisible(bool(link))

    def _press(self) -> None:
        if self._place is None:
            self.teach_wanted.emit()
        else:
            self.citation_pressed.emit(self._place)


def _short(answer: str) -> str:
    words = plain(answer)
    return words if len(words) <= MOST_TAUGHT else words[:MOST_TAUGHT].rstrip() + "…"
