"""One question and its answer: the short answer first, the words it stands on right under it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QGuiApplication, QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QToolButton,
    QToolTip,
    QVBoxLayout,
    QWidget,
)

from ...domain.conversation import Answer, Hit, Sentence, Turn
from ...texts import is_weak
from ..theme import theme
from ..widgets import button, icon_button, label, picture_label
from ..words import plain
from . import answer_texts
from .marker_view import Emphasis, Link, MarkerView, Part, Style
from .missing_document import advice
from .place_names import PlaceNames

SHORT = Style(20, strong=True)
LEAD = Style(17, above=2)
HEAD = Style(17, strong=True)
QUOTE = Style(15, above=10)
NEAR = Style(13, above=8)
PROSE = Style(15, above=6)
SECTION = Style(12, strong=True, colour="muted", above=14)
MUTED = Style(12, colour="muted", above=2)
DETAIL = Style(13, above=6)

NARROW = 540  # px of a card below which the actions stand under the last line
MOST_NEAREST = 3
MOST_SNIPPET = 180  # characters of a passage that only comes near
QUOTING = "quote"  # the answerer whose sentences are the documents' own


class AnswerView(QFrame):
    """A card with one turn of a conversation.

    Signals:
        citation_pressed: the `Citation` to be opened.
        marker_reached: (widget, QRect in it) a marker that the keys walked to.
        walked_out: the keys left the last (1) or the first (-1) marker of this answer.
        ask_again: the question that came to nothing is to be asked once more.
        add_requested: the person wants to add the document that would say it.
    """

    citation_pressed = Signal(object)
    marker_reached = Signal(object, object)
    walked_out = Signal(int)
    ask_again = Signal()
    add_requested = Signal()

    def __init__(
        self, turn: Turn, names: PlaceNames, problem: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._names = names
        self._turn = turn
        self._problem = problem
        self._details: MarkerView | None = None
        self._line: QBoxLayout | None = None
        self.setProperty("role", "card")
        self._question = label(turn.question, "card", wrap=True)
        self._question.setObjectName("question")
        self._layout = QVBoxLayout(self)
        self._layout.addWidget(self._question)
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
        return self.findChild(MarkerView, "answer")

    def show_turn(self, turn: Turn, problem: str) -> None:
        """Shows what became of the turn."""
        self._turn, self._problem = turn, problem
        self._question.setText(turn.question)
        self._show()

    def _show(self) -> None:
        self._details = self._line = None
        self._layout.setContentsMargins(theme.px(20), theme.px(16), theme.px(16), theme.px(12))
        self._layout.setSpacing(theme.px(8))
        old = self._rest
        self._rest = QWidget()
        layout = QVBoxLayout(self._rest)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.px(8))
        answer = self._turn.answer
        if self._problem:
            self._add_problem(layout)
        elif answer is None:
            layout.addWidget(label(self.tr("Looking in your documents…"), "muted"))
        else:
            self._add_answer(layout, answer)
        self._layout.replaceWidget(old, self._rest)
        old.hide()
        old.deleteLater()

    # the parts of a card

    def _add_problem(self, layout: QVBoxLayout) -> None:
        line = QHBoxLayout()
        line.addWidget(picture_label("warning", "look", 18), 0, Qt.AlignmentFlag.AlignTop)
        line.addWidget(label(self._problem, "", wrap=True), 1)
        layout.addLayout(line)
        again = button(self.tr("Ask again"), self.ask_again.emit, picture="again")
        layout.addWidget(again, 0, Qt.AlignmentFlag.AlignLeft)

    def _add_answer(self, layout: QVBoxLayout, answer: Answer) -> None:
        body = self._marker_view("answer")
        citations = {c.number: c for c in answer.citations}
        if answer.refused:
            citations = {
                n: answer_texts.citation_of(h, n)
                for n, h in enumerate(answer.nearest[:MOST_NEAREST], 1)
            }
        body.set_content(self._paragraphs(answer), citations)
        layout.addWidget(body)
        if answer.refused:
            self._add_offer(layout, answer)
        layout.addLayout(self._last_line(answer))

    def _marker_view(self, name: str) -> MarkerView:
        view = MarkerView(self._names)
        view.setObjectName(name)
        view.citation_pressed.connect(self.citation_pressed)
        view.marker_reached.connect(lambda rect: self.marker_reached.emit(view, rect))
        view.walked_out.connect(self.walked_out)
        return view

    def _last_line(self, answer: Answer) -> QBoxLayout:
        told = QHBoxLayout()
        told.setSpacing(theme.px(6))
        if answer.refused:
            text = self.tr("Nothing clear enough · {documents} searched · {time}").format(
                documents=answer_texts.searched(answer),
                time=answer_texts.seconds(answer.seconds.total),
            )
        else:
            picture, sure = answer_texts.how_sure(answer.strength)
            role = "good" if picture == "check" else "look"
            told.addWidget(picture_label(picture, role, 16))
            took = answer_texts.seconds(answer.seconds.total)
            text = " · ".join((sure, answer_texts.documents_agree(answer), took))
        how_sure = label(text, "muted", wrap=True)
        how_sure.setObjectName("how_sure")
        told.addWidget(how_sure, 1)
        how = button(self.tr("How it got there"), kind="quiet")
        how.setObjectName("how")
        how.setCheckable(True)
        how.toggled.connect(self._unfold)
        copy = icon_button("copy", self.tr("Copy with sources"), self.copy_with_sources)
        copy.setObjectName("copy")
        actions = QHBoxLayout()
        actions.addStretch(1)
        actions.addWidget(how)
        actions.addWidget(copy)
        line = QBoxLayout(self._line_direction())
        line.addLayout(told, 1)
        line.addLayout(actions)
        self._line = line
        return line

    def _line_direction(self) -> QBoxLayout.Direction:
        narrow = self.width() < theme.px(NARROW)
        return QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._line is not None:
            self._line.setDirection(self._line_direction())

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

    # an answer as paragraphs

    def _paragraphs(self, answer: Answer) -> list[tuple[Style, list[Part]]]:
        if answer.refused:
            return self._refused(answer)
        numbers = [c.number for c in answer.citations]
        shown: list[tuple[Style, list[Part]]] = []
        headline = _headline(answer)
        if headline:
            first = next(iter(numbers), None)
            shown.append((SHORT, [headline if first is None else Link(headline, first)]))
        if answer.answerer == QUOTING and answer.sentences:
            return shown + self._quoted(answer, numbers)
        paragraphs = [p for p in answer.text.split("\n") if p.strip()]
        shown += [
            (PROSE, list(answer_texts.pieces(paragraph, numbers))) for paragraph in paragraphs
        ]
        shown += [(MUTED, [Link(self._names.of(c), c.number)]) for c in answer.citations]
        return shown + self._doubts(answer, numbers)

    def _quoted(self, answer: Answer, numbers: Sequence[int]) -> list[tuple[Style, list[Part]]]:
        """The sentence that answers, then what else bears on it, each with where it stands."""
        by_number = {c.number: c for c in answer.citations}
        shown: list[tuple[Style, list[Part]]] = []
        for position, sentence in enumerate(answer.sentences):
            if position == 1:
                shown.append((SECTION, [self.tr("Also")]))
            text = answer_texts.without_markers(sentence.text, numbers)
            style = LEAD if position == 0 and not _headline(answer) else QUOTE
            parts: list[Part] = ["“", *_emphasised(text, answer.short or ""), "”"]
            shown.append((style, [*parts, *[n for n in sentence.numbers if n in by_number]]))
            for number in sentence.numbers:
                if number in by_number:
                    source = self._names.of(by_number[number])
                    shown.append((MUTED, [Link(source, number)]))
        return shown

    def _doubts(self, answer: Answer, numbers: Sequence[int]) -> list[tuple[Style, list[Part]]]:
        """Sentences of a written answer that the documents do not show."""
        doubtful: list[Sentence] = [s for s in answer.sentences if not s.supported]
        if not doubtful:
            return []
        head: list[Part] = [self.tr("Not shown by the documents, so check before you rely on it:")]
        return [(SECTION, head)] + [
            (MUTED, [answer_texts.without_markers(s.text, numbers)]) for s in doubtful
        ]

    def _refused(self, answer: Answer) -> list[tuple[Style, list[Part]]]:
        shown: list[tuple[Style, list[Part]]] = [
            (HEAD, [answer_texts.refusal_title()]),
            (PROSE, [answer_texts.refusal_reason(answer)]),
        ]
        if answer.nearest:
            shown.append((SECTION, [self.tr("What comes nearest")]))
        for number, hit in enumerate(answer.nearest[:MOST_NEAREST], 1):
            shown.append((NEAR, [f"“{_snippet(hit)}”", number]))
            shown.append((MUTED, [Link(self._names.of(hit), number)]))
        return shown

    # how it got there

    def _unfold(self, unfolded: bool) -> None:
        answer = self._turn.answer
        if self._details is None and answer is not None:
            self._details = self._marker_view("details")
            places = {
                n: answer_texts.citation_of(hit, n) for n, hit in enumerate(answer.nearest, 1)
            }
            if not places:
                places = {citation.number: citation for citation in answer.citations}
            self._details.set_content(self._steps(answer), places)
            inside = self._rest.layout()
            assert inside is not None
            inside.addWidget(self._details)
        if self._details is not None:
            self._details.setVisible(unfolded)

    def _steps(self, answer: Answer) -> list[tuple[Style, list[Part]]]:
        asked = self.tr(
            "Searched {documents} for exact words and similar meanings, and found these places:"
        )
        steps: list[tuple[Style, list[Part]]] = [
            (DETAIL, [asked.format(documents=answer_texts.searched(answer))])
        ]
        for number, hit in enumerate(answer.nearest, 1):
            place = Link(self._names.of(hit), number)
            twins = self.tr(" (the same words also stand in {names})")
            also = (
                twins.format(names=", ".join(plain(twin.rsplit("/", 1)[-1]) for twin in hit.twins))
                if hit.twins
                else ""
            )
            steps.append((DETAIL, [place, " – ", answer_texts.how_near(hit), also, number]))
        if not answer.nearest:
            for citation in answer.citations:
                place = Link(self._names.of(citation), citation.number)
                steps.append((DETAIL, [place, citation.number]))
        times = self.tr("Searching took {search}, the whole answer {total}.").format(
            search=answer_texts.seconds(answer.seconds.search),
            total=answer_texts.seconds(answer.seconds.total),
        )
        steps.append((DETAIL, [times]))
        if not answer.refused:
            chance = self.tr("Of answers with evidence like this, about {n} of 100 are right.")
            steps.append((DETAIL, [chance.format(n=round(answer.strength * 100))]))
        return steps

    def copy_with_sources(self) -> None:
        """Puts question, answer and sources on the clipboard as plain text."""
        QGuiApplication.clipboard().setText(answer_texts.with_sources(self._turn, self._names))
        copied, button_ = self.tr("Copied"), self.findChild(QToolButton, "copy")
        if button_ is not None:
            QToolTip.showText(button_.mapToGlobal(button_.rect().bottomLeft()), copied, button_)
        if QAccessible.isActive():
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, copied))

    # the keys' way from answer to answer

    def marker_views(self) -> list[MarkerView]:
        """The texts of this card that have markers and are in sight."""
        return [view for view in self.findChildren(MarkerView) if view.markers and view.isVisible()]


def _headline(answer: Answer) -> str | None:
    """The short answer, where the evidence carries words that large."""
    return None if is_weak(answer.strength) else answer.short


def _emphasised(text: str, short: str) -> list[Part]:
    """A sentence with the very words that answer marked in it, where they stand in it."""
    at = text.find(short) if short else -1
    if at < 0:
        return [text]
    return [part for part in (text[:at], Emphasis(short), text[at + len(short) :]) if part]


def _snippet(hit: Hit) -> str:
    quote = " ".join(hit.quote.split())
    if len(quote) <= MOST_SNIPPET:
        return quote
    return quote[:MOST_SNIPPET].rsplit(" ", 1)[0].rstrip(" ,;.") + " …"
