"""An answer and what it stands on: seen together, pressed, walked by keys, copied."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QAbstractButton, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from ragdesk.domain.conversation import Answer, Citation, Sentence, Turn
from ragdesk.domain.document import Span
from ragdesk.texts import NO_QUESTION, strength_sentence
from ragdesk.ui.ask import answer_texts
from ragdesk.ui.ask.answer_view import AnswerView
from ragdesk.ui.ask.marker_view import MarkerView
from ragdesk.ui.ask.place_names import PlaceNames
from ragdesk.ui.fold import FoldRow
from ragdesk.ui.library import Library
from ragdesk.ui.theme import LIGHT
from tests.ui.viewer.desk import Desk, hit_of, quote_answer, refusal
from tests.ui.viewer.pictures import box, of_colour, picture
from tests.ui.viewer.signals import heard

QUESTION = "How long is the notice period?"


@pytest.fixture
def show(qtbot: QtBot, library: Library):
    """Shows an answer, or with None a question that waits for one."""

    def shown(answer: Answer | None, problem: str = "") -> AnswerView:
        view = AnswerView(Turn("t", "c", QUESTION, 0.0, answer), PlaceNames(library), problem)
        qtbot.addWidget(view)
        view.resize(600, 300)
        view.show()
        view.activateWindow()
        with qtbot.waitActive(view):
            pass
        if view.focusWidget() is not None:
            view.focusWidget().clearFocus()  # of a window that came to the front
        return view

    return shown


def body(view: AnswerView) -> MarkerView:
    found = view.body
    assert found is not None
    return found


def press(view: QWidget, name: str) -> None:
    view.findChild(QAbstractButton, name).click()


def test_the_short_answer_stands_first_and_the_words_under_it(
    show, citations: list[Citation]
) -> None:
    view = show(quote_answer(*citations, short="three months"))
    lines = body(view).toPlainText().split("\n")
    assert lines == [
        "three months",
        "“The tenant may end it with three months notice.” [1]",
        "Lease.pdf, page 2",
        "Also",
        "“Notice was given on 3 March.” [2]",
        "Note.txt",
    ]
    sizes = [
        block.begin().fragment().charFormat().font().pixelSize()
        for block in (body(view).document().findBlockByNumber(n) for n in range(6))
    ]
    assert sizes[0] == max(sizes)
    assert sizes.count(max(sizes)) == 1
    # The very words are marked where they stand in the sentence.
    assert of_colour(picture(body(view).viewport()), LIGHT.mark_words).any()


def test_the_last_line_says_how_sure_from_where_and_how_long(
    show, citations: list[Citation]
) -> None:
    view = show(quote_answer(*citations, strength=0.9))
    how_sure = view.findChild(QLabel, "how_sure")
    assert how_sure.text() == "Right in about 9 of 10 such cases · from 2 documents · 0.4 seconds"


@pytest.mark.parametrize(
    ("strength", "icon"), [(0.95, "check"), (0.7, "warning"), (0.3, "warning")]
)
def test_how_sure_reads_as_in_the_terminal(library: Library, strength: float, icon: str) -> None:
    assert answer_texts.how_sure(strength) == (icon, strength_sentence(strength))


def test_sheets_and_slides_are_called_what_they_are(desk: Desk, library: Library) -> None:
    names = PlaceNames(library)
    rates = desk.add_text(
        "Rates.xlsx", "a", "Saturday 115.00", kind="xlsx", names=["Old", "Call-outs"]
    )
    talk = desk.add_text("Talk.pptx", "a", "Wear gloves", kind="pptx", names=["One", "Two"])
    book = desk.add_text("Book.pdf", "Foreword", "Text", kind="pdf", names=["iv", ""])
    note = desk.add_text("Note.docx", "Words", kind="docx")
    assert names.of(desk.cite(rates, "Saturday 115.00")) == "Rates.xlsx, sheet Call-outs"
    assert names.of(desk.cite(talk, "Wear gloves")) == "Talk.pptx, slide 2"
    assert names.of(desk.cite(book, "Foreword")) == "Book.pdf, page iv"
    assert names.of(desk.cite(book, "Text")) == "Book.pdf, page 2"
    assert names.of(desk.cite(note, "Words")) == "Note.docx"
    assert names.of(Citation(1, "gone", "a/Lost.pdf", "", True, (Span(3, 0, 1),), "x")) == (
        "Lost.pdf, page 3"
    )


def test_keys_walk_from_marker_to_marker_and_open(
    qtbot: QtBot, show, citations: list[Citation]
) -> None:
    text = body(show(quote_answer(*citations)))
    pressed = heard(text.citation_pressed)
    out = heard(text.walked_out)
    text.setFocus(Qt.FocusReason.TabFocusReason)
    assert text.markers == [1, 2]
    assert text.current == 1
    qtbot.keyClick(text, Qt.Key.Key_Right)
    assert text.current == 2
    qtbot.keyClick(text, Qt.Key.Key_Return)
    assert pressed[0] == (citations[1],)
    qtbot.keyClick(text, Qt.Key.Key_Right)
    assert (text.current, out) == (2, [(1,)])
    qtbot.keyClick(text, Qt.Key.Key_Left)
    qtbot.keyClick(text, Qt.Key.Key_Space)
    assert pressed[1] == (citations[0],)


def test_a_marker_is_pressed_with_the_mouse(qtbot: QtBot, show, citations: list[Citation]) -> None:
    text = body(show(quote_answer(*citations)))
    pressed = heard(text.citation_pressed)
    at = text.marker_rect(1).center()
    qtbot.mouseClick(text.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert pressed[0] == (citations[1],)
    qtbot.mouseClick(text.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(60, 12))
    assert len(pressed) == 1


def test_hovering_a_marker_lights_its_passage_alone(
    qtbot: QtBot, show, citations: list[Citation]
) -> None:
    text = body(show(quote_answer(*citations)))
    assert not of_colour(picture(text.viewport()), LIGHT.mark_sentence).any()
    marker = text.marker_rect(1)
    qtbot.mouseMove(text.viewport(), marker.center())
    lit = box(of_colour(picture(text.viewport()), LIGHT.mark_sentence))
    assert abs(lit[1] - marker.top()) < 12
    assert lit[3] - lit[1] < 40  # one line, not the one above
    qtbot.mouseMove(text.viewport(), QPoint(2, 2))
    assert not of_colour(picture(text.viewport()), LIGHT.mark_sentence).any()


def test_copy_with_sources_is_plain_text(show, citations: list[Citation]) -> None:
    view = show(quote_answer(*citations, short="three months"))
    press(view, "copy")
    mime = QGuiApplication.clipboard().mimeData()
    assert not mime.hasHtml()
    assert mime.text().split("\n") == [
        QUESTION,
        "",
        "three months",
        "",
        "The tenant may end it with three months notice. [1] Notice was given on 3 March. [2]",
        "",
        "[1] Lease.pdf, page 2",
        "    “The tenant may end it with three months notice.”",
        "[2] Note.txt",
        "    “Notice was given on 3 March.”",
    ]


def test_how_it_got_there_unfolds(qtbot: QtBot, show, citations: list[Citation]) -> None:
    view = show(quote_answer(*citations))
    press(view, "how")
    details = view.findChild(MarkerView, "details")
    words = details.toPlainText()
    assert "Searched 2 documents" in words
    assert "Lease.pdf, page 2 – says much the same as the question, and shares words" in words
    assert "About 90 of 100 such answers are right, as counted on" in words
    assert "the whole answer 0.4 seconds" in words
    pressed = heard(view.citation_pressed)
    qtbot.mouseClick(
        details.viewport(), Qt.MouseButton.LeftButton, pos=details.marker_rect(1).center()
    )
    opened = pressed[0][0]
    assert (opened.document_id, opened.spans) == (citations[1].document_id, citations[1].spans)
    press(view, "how")
    assert not details.isVisible()


def test_how_it_got_there_is_a_row_that_keys_turn_over(
    qtbot: QtBot, show, citations: list[Citation]
) -> None:
    view = show(quote_answer(*citations))
    row = view.findChild(FoldRow, "how")
    assert row.accessibleName() == "How it got there"
    assert row.focusPolicy() & Qt.FocusPolicy.TabFocus
    assert row.width() > view.width() * 0.8  # all of the row can be pressed
    keys = Qt.Key
    said = set()
    for key, unfolded in (
        (keys.Key_Right, True), (keys.Key_Right, True), (keys.Key_Left, False),
        (keys.Key_Space, True), (keys.Key_Return, False),
    ):  # fmt: skip
        arrow = row.icon().pixmap(16, 16).toImage()
        before = row.isChecked()
        qtbot.keyClick(row, key)
        details = view.findChild(MarkerView, "details")
        assert (row.isChecked(), details.isVisible()) == (unfolded, unfolded)
        assert (row.icon().pixmap(16, 16).toImage() != arrow) == (unfolded is not before)
        said.add((unfolded, row.accessibleDescription()))
    assert said == {(True, "Unfolded"), (False, "Folded")}


def test_a_refusal_is_calm_and_offers_a_next_step(
    qtbot: QtBot, show, citations: list[Citation]
) -> None:
    view = show(refusal(*(hit_of(c) for c in citations), searched=42))
    words = body(view).toPlainText()
    assert words.startswith("No clear answer found\nRagDesk searched 42 documents")
    assert "What comes nearest\n“The tenant may end it" in words
    assert body(view).markers == [1, 2]
    shown = picture(view)
    assert not of_colour(shown, LIGHT.wrong).any()
    which = view.findChild(QLabel, "which_document")
    assert not which.isVisible()
    press(view, "which")
    assert which.isVisible()
    added = heard(view.add_requested)
    next(b for b in view.findChildren(QPushButton) if b.text().strip() == "Add files…").click()
    assert len(added) == 1
    pressed = heard(view.citation_pressed)
    body(view).setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(body(view), Qt.Key.Key_Return)
    assert pressed[0][0].document_id == citations[0].document_id


def test_a_question_without_words_is_told_as_that(show) -> None:
    answer = replace(refusal(searched=3), text=NO_QUESTION)
    view = show(answer)
    assert NO_QUESTION in body(view).toPlainText()
    assert "searched" not in body(view).toPlainText() + view.findChild(QLabel, "how_sure").text()
    assert view.findChild(QPushButton, "which") is None
    turn = Turn("t", "c", "???", 0.0, answer)
    assert NO_QUESTION in answer_texts.with_sources(turn, view._names)


def test_a_refusal_without_documents_says_so(show) -> None:
    assert "no document to search yet" in body(show(refusal(searched=0))).toPlainText()


def test_waiting_and_failing_are_told(show) -> None:
    waiting = show(None)
    assert any("Looking in your documents" in w.text() for w in waiting.findChildren(QLabel))
    failed = show(None, "The disk is full.")
    again = heard(failed.ask_again)
    next(b for b in failed.findChildren(QPushButton) if b.text().strip() == "Ask again").click()
    assert len(again) == 1


def test_what_a_document_says_is_never_interpreted(show, library: Library) -> None:
    nasty = (
        "<img src='http://10.0.0.1/x.png'><a href='file:///etc/passwd'>press</a>"
        "<script>x</script> [9] &amp;"
    )
    span = Citation(1, "d", "<b>evil.pdf", "t", True, (), nasty)
    view = show(quote_answer(span))
    text = body(view).toPlainText()
    assert nasty in text
    assert "<b>evil.pdf" in text
    assert body(view).markers == [1]
    block, anchors = body(view).document().begin(), set()
    while block.isValid():
        for fragment in block:
            anchors.update(fragment.fragment().charFormat().anchorNames())
            anchors.add(fragment.fragment().charFormat().anchorHref())
        block = block.next()
    assert anchors <= {"", "cite:1"}


def test_a_written_answer_keeps_its_flow_and_names_what_is_not_shown(
    show, citations: list[Citation]
) -> None:
    answer = Answer(
        text="Three months [1], given in March [2][7]. The sky is blue.",
        short=None,
        refused=False,
        answerer="a model",
        strength=0.7,
        citations=tuple(citations),
        sentences=(
            Sentence("Three months [1], given in March [2].", True, (1, 2)),
            Sentence("The sky is blue.", False, ()),
        ),
    )
    words = body(show(answer)).toPlainText()
    assert words.startswith("Three months [1], given in March [2][7]. The sky is blue.")
    assert "The sky is blue. (check this)\n" in words


def test_a_very_long_answer_is_as_tall_as_its_text(qtbot: QtBot, show, citations) -> None:
    sentence = "The tenant may end it with three months notice. "
    long = Citation(1, "d", "Lease.pdf", "Lease", True, citations[0].spans, sentence * 209)
    view = show(quote_answer(long))
    text = body(view)
    assert len(text.toPlainText()) > 10_000
    assert text.height() >= text.document().size().height() - 1
    before = text.height()
    view.resize(400, 300)
    qtbot.waitUntil(lambda: text.height() > before)


def test_the_line_is_never_wider_than_reads_well(show, citations: list[Citation]) -> None:
    view = show(quote_answer(*citations))
    view.resize(2000, 400)
    text = body(view)
    assert text.width() <= text.fontMetrics().averageCharWidth() * 110
