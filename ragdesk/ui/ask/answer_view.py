"""One question and its answer: the short answer first, the words it stands on right under it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QToolButton,
    QToolTip,
    QVBoxLayout,
    QWidget,
)

from ...domain.conversation import Answer, Judgement, Turn
from ..fold import FoldRow
from ..theme import theme
from ..widgets import announce, button, icon_button, label, picture_label
from . import answer_texts
from .answer_paragraphs import MOST_NEAREST, has_values, paragraphs
from .conversation_model import Growing
from .details_view import DetailsView
from .doubts_view import DoubtsView
from .judgement_bar import JudgementBar, JudgementNote
from .marker_view import MarkerView
from .missing_document import advice
from .place_names import PlaceNames
from .value_cards import ValueCards
from .writing_view import WritingView, WrittenNote, note_of


class AnswerView(QFrame):
    """A card with one turn of a conversation.

    Signals:
        citation_pressed: the `Citation` to be opened.
        marker_reached: (widget, QRect in it) a marker that the keys walked to.
        walked_out: the keys left the last (1) or the first (-1) marker of this answer.
        ask_again: the question that came to nothing is to be asked once more.
        add_requested: the person wants to add the document that would say it.
        judged: the verdict wanted for this answer, "right" or "wrong"; empty to take it back.
        teach_wanted: the person wants to say what is right.
        shelf_wanted: the id of the shelf that alone is to be asked this question.
        stop_wanted: the writing of the answer is to end.
        again_wanted: it is to be answered once more in its place, by "quote" or "written".
        support_wanted: the sentence (its number from 0) for which support is to be looked for.
        removal_wanted: the sentence that is to be taken out of the answer.
    """

    citation_pressed = Signal(object)
    marker_reached = Signal(object, object)
    walked_out = Signal(int)
    ask_again = Signal()
    add_requested = Signal()
    judged = Signal(str)
    teach_wanted = Signal()
    shelf_wanted = Signal(str)
    stop_wanted = Signal()
    again_wanted = Signal(str)
    support_wanted = Signal(int)
    removal_wanted = Signal(int)

    def __init__(
        self,
        turn: Turn,
        names: PlaceNames,
        problem: str = "",
        judgement: Judgement | None = None,
        growing: Growing | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._names = names
        self._turn = turn
        self._problem = problem
        self._judgement = judgement
        self._growing = growing
        self._writing: WritingView | None = None
        self._details: DetailsView | None = None
        self._bar: JudgementBar | None = None
        self._note: JudgementNote | None = None
        self.setProperty("role", "card")
        self._question = label(turn.question, "card", wrap=True)
        self._question.setObjectName("question")
        self._layout = QVBoxLayout(self)
        self._understood = label("", "muted", wrap=True)
        self._understood.setObjectName("understood")
        self._layout.addWidget(self._question)
        self._layout.addWidget(self._understood)
        self._rest = QWidget()
        self._layout.addWidget(self._rest)
        self._show()
        theme.changed.connect(self._show)

    @property
    def turn(self) -> Turn:
        return self._turn

    @property
    def body(self) -> MarkerView | None:
        """The answer's text, None while there is no answer."""
        return self._rest.findChild(MarkerView, "answer")

    def show_turn(self, turn: Turn, problem: str, growing: Growing | None = None) -> None:
        """Shows what became of the turn; while an answer grows, only its words change."""
        same = (turn, problem) == (self._turn, self._problem)
        before, self._growing = self._growing, growing
        if same and growing is not None and self._writing is not None:
            self._writing.show_growing(growing)
        elif not same or growing != before:
            self._turn, self._problem = turn, problem
            self._question.setText(turn.question)
            self._show()
            self._say_what_became(before)

    def _say_what_became(self, before: Growing | None) -> None:
        """Tells those who do not see it that it is being written, and then what was, once each."""
        if before is None and self._growing is not None:
            announce(self, self.tr("Writing"))
        elif before is not None and self._growing is None and self._turn.answer is not None:
            announce(self, answer_texts.spoken(self._turn.answer))

    def stop_writing(self) -> None:
        """As if "Stop writing" was pressed."""
        if self._writing is not None:
            self._writing.stop()

    @property
    def writing_end(self) -> int | None:
        """How far down the card what is being written reaches, in pixels; None if nothing is."""
        if self._writing is None:
            return None
        return self._writing.mapTo(self, self._writing.rect().bottomLeft()).y()

    def show_nothing_found(self) -> None:
        """Nothing bears out the sentence for which support was looked for."""
        if (doubts := self._rest.findChild(DoubtsView)) is not None:
            doubts.show_nothing_found()

    def show_judgement(self, judgement: Judgement | None) -> None:
        """Shows what a person said about the answer; the keys stay where they are."""
        self._judgement = judgement
        if self._bar is not None and self._note is not None:
            self._bar.show_judgement(judgement)
            self._note.show_judgement(judgement)

    def _show(self) -> None:
        self._details = self._bar = self._note = self._writing = None
        self._layout.setContentsMargins(theme.px(20), theme.px(16), theme.px(16), theme.px(12))
        self._layout.setSpacing(theme.px(8))
        old = self._rest
        focused = old.focusWidget()
        had_focus = focused is not None and focused.hasFocus()
        self._rest = QWidget()
        layout = QVBoxLayout(self._rest)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.px(8))
        answer = self._turn.answer
        understood = "" if answer is None else answer_texts.understood(answer)
        self._understood.setText(understood)
        self._understood.setVisible(bool(understood))
        if self._problem:
            self._add_problem(layout)
        elif self._growing is not None:
            self._add_writing(layout, self._growing)
        elif answer is None:
            layout.addWidget(label(self.tr("Looking in your documents…"), "muted"))
        else:
            self._add_answer(layout, answer)
        self._layout.replaceWidget(old, self._rest)
        old.hide()
        old.deleteLater()
        if had_focus and self.body is not None:  # what was pressed is gone with what it changed
            self.body.setFocus(Qt.FocusReason.OtherFocusReason)

    # the parts of a card

    def _add_problem(self, layout: QVBoxLayout) -> None:
        line = QHBoxLayout()
        line.addWidget(picture_label("warning", "look", 18), 0, Qt.AlignmentFlag.AlignTop)
        line.addWidget(label(self._problem, "", wrap=True), 1)
        layout.addLayout(line)
        again = button(self.tr("Ask again"), self.ask_again.emit, picture="again")
        layout.addWidget(again, 0, Qt.AlignmentFlag.AlignLeft)

    def _add_writing(self, layout: QVBoxLayout, growing: Growing) -> None:
        """What is being written, and under it the answer in quotes that is there already."""
        self._writing = WritingView(growing)
        self._writing.stop_wanted.connect(self.stop_wanted)
        layout.addWidget(self._writing)
        if self._turn.answer is not None:
            layout.addWidget(label(self.tr("Meanwhile, in your documents' own words"), "section"))
            self._add_answer(layout, self._turn.answer)

    def _add_answer(self, layout: QVBoxLayout, answer: Answer) -> None:
        citations = {c.number: c for c in answer.citations}
        if answer.refused:
            citations = {
                n: answer_texts.citation_of(h, n)
                for n, h in enumerate(answer.nearest[:MOST_NEAREST], 1)
            }
        if note := note_of(answer):
            told = WrittenNote(note)
            told.again_wanted.connect(lambda: self.again_wanted.emit("written"))
            layout.addWidget(told)
        if unproven := answer_texts.unproven(answer):
            warning = label(unproven, "muted", wrap=True)
            warning.setObjectName("unproven")
            layout.addWidget(warning)
        if has_values(answer):
            layout.addWidget(ValueCards(answer, self._names, self._marker_view))
        body = self._marker_view("answer")
        body.set_content(paragraphs(answer, self._names), citations)
        layout.addWidget(body)
        if not answer.refused and any(not one.supported for one in answer.sentences):
            doubts = DoubtsView(answer)
            doubts.support_wanted.connect(self.support_wanted)
            doubts.removal_wanted.connect(self.removal_wanted)
            layout.addWidget(doubts)
        if answer.refused and not answer_texts.asks_nothing(answer):
            self._add_offer(layout, answer)
        layout.addLayout(self._told(answer))
        layout.addLayout(self._judging())
        layout.addLayout(self._last_line())
        self.show_judgement(self._judgement)

    def _marker_view(self, name: str) -> MarkerView:
        view = MarkerView(self._names)
        view.setObjectName(name)
        view.citation_pressed.connect(self.citation_pressed)
        view.marker_reached.connect(lambda rect: self.marker_reached.emit(view, rect))
        view.walked_out.connect(self.walked_out)
        return view

    def _told(self, answer: Answer) -> QBoxLayout:
        """How sure, from where, and how long it took."""
        told = QHBoxLayout()
        told.setSpacing(theme.px(6))
        if answer_texts.asks_nothing(answer):
            text = answer_texts.seconds(answer.seconds.total)
        elif answer.refused:
            text = self.tr("Nothing clear enough · {documents} searched · {time}").format(
                documents=answer_texts.searched(answer),
                time=answer_texts.seconds(answer.seconds.total),
            )
        else:
            picture, sure = answer_texts.how_sure(answer.strength)
            role = "good" if picture == "check" else "look"
            told.addWidget(picture_label(picture, role, 16))
            took = answer_texts.seconds(answer.seconds.total)
            parts = (sure, answer_texts.documents_agree(answer), took, answer_texts.pace(answer))
            text = " · ".join(filter(None, parts))
        if name := self._names.assistant(self._turn.assistant_id):
            text = self.tr("Answered by {name} · {how}").format(name=name, how=text)
        how_sure = label(text, "muted", wrap=True)
        how_sure.setObjectName("how_sure")
        told.addWidget(how_sure, 1)
        return told

    def _judging(self) -> QBoxLayout:
        """What a person may say about the answer, and what they said."""
        self._bar = JudgementBar()
        self._bar.judged.connect(self.judged)
        self._bar.teach_wanted.connect(self.teach_wanted)
        self._note = JudgementNote(self._names)
        self._note.citation_pressed.connect(self.citation_pressed)
        self._note.teach_wanted.connect(self.teach_wanted)
        judging = QVBoxLayout()
        judging.setSpacing(theme.px(6))
        judging.addWidget(self._bar, 0, Qt.AlignmentFlag.AlignLeft)
        judging.addWidget(self._note)
        return judging

    def _last_line(self) -> QBoxLayout:
        how = FoldRow(self.tr("How it got there"))
        how.setObjectName("how")
        how.toggled.connect(self._unfold)
        copy = icon_button("copy", self.tr("Copy with sources"), self.copy_with_sources)
        copy.setObjectName("copy")
        line = QHBoxLayout()
        line.addWidget(how, 1)
        line.addWidget(copy)
        return line

    def _add_offer(self, layout: QVBoxLayout, answer: Answer) -> None:
        """What kind of document would answer, unfolded when asked for."""
        wish = label(advice(self._turn.question, answer.nearest), "", wrap=True)
        wish.setObjectName("which_document")
        add = button(self.tr("Add files…"), self.add_requested.emit, picture="add")
        offer = QWidget()
        inside = QVBoxLayout(offer)
        inside.setContentsMargins(0, 0, 0, theme.px(4))
        inside.addWidget(wish)
        inside.addWidget(add, 0, Qt.AlignmentFlag.AlignLeft)
        offer.hide()
        which = button(self.tr("Which document would say this?"))
        which.setObjectName("which")
        which.setCheckable(True)
        which.toggled.connect(offer.setVisible)
        layout.addWidget(which, 0, Qt.AlignmentFlag.AlignLeft)
        layout.addWidget(offer)

    # how it got there

    def _unfold(self, unfolded: bool) -> None:
        answer = self._turn.answer
        if self._details is None and answer is not None:
            self._details = DetailsView(self._turn, self._names, self._marker_view("details"))
            self._details.shelf_wanted.connect(self.shelf_wanted)
            inside = self._rest.layout()
            assert inside is not None
            inside.addWidget(self._details)
        if self._details is not None:
            self._details.setVisible(unfolded)

    def copy_with_sources(self) -> None:
        """Puts question, answer and sources on the clipboard as plain text."""
        QGuiApplication.clipboard().setText(answer_texts.with_sources(self._turn, self._names))
        copied, button_ = self.tr("Copied"), self.findChild(QToolButton, "copy")
        if button_ is not None:
            QToolTip.showText(button_.mapToGlobal(button_.rect().bottomLeft()), copied, button_)
        announce(self, copied)

    # the keys' way from answer to answer

    def marker_views(self) -> list[MarkerView]:
        """The texts of this card that have markers and are in sight."""
        return [view for view in self.findChildren(MarkerView) if view.markers and view.isVisible()]
