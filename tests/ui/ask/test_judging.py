"""Right, wrong and teach: pressed, shown, taken back, taught and seen again."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QAccessible, QFontMetrics
from PySide6.QtWidgets import QAbstractButton, QLabel, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from ragdesk.domain.conversation import Answer, Citation, Judgement, Turn
from ragdesk.domain.document import Passage, Span
from ragdesk.messages import Ask, Done, Failed, Judge, JudgementsChanged
from ragdesk.services.judge import Judge as Keeper
from ragdesk.settings import MODEL_NAME
from ragdesk.store.judgements import Judgements
from ragdesk.store.passages import Passages
from ragdesk.ui.ask.answer_view import AnswerView
from ragdesk.ui.ask.ask_page import AskPage
from ragdesk.ui.ask.place_names import PlaceNames
from ragdesk.ui.ask.teach_dialog import ELSEWHERE, NOWHERE, SHOWN, TeachDialog
from ragdesk.ui.library import Library
from ragdesk.ui.main_window import MainWindow
from ragdesk.ui.theme import theme
from tests.fakes_engine import FakeEngine
from tests.ui.viewer.desk import Desk, hit_of, quote_answer, refusal
from tests.ui.viewer.signals import heard

QUESTION = "How long is the notice period?"


@pytest.fixture
def turn(desk: Desk, page: AskPage, citations: list[Citation]) -> Turn:
    """An answered question, shown on the page."""
    asked = desk.answered(QUESTION, quote_answer(*citations, short="three months"))
    page.open_conversation(asked.conversation_id)
    return asked


@pytest.fixture
def carry_out(desk: Desk, engine: FakeEngine) -> Callable[[Judge], None]:
    """Does with a command what the engine does."""
    keeper = Keeper(desk.conversations, desk.documents, Judgements(desk.database))

    def keep(command: Judge) -> None:
        spans = [Span(*span) for span in command.spans]
        keeper.judge(command.turn_id, command.verdict, command.answer, command.document_id, spans)
        engine.emit_event(JudgementsChanged(command.turn_id))

    return keep


def part(view: AnswerView, name: str) -> QPushButton:
    found: QPushButton = view.findChild(QPushButton, name)
    return found


def pressed(view: AnswerView) -> list[str]:
    return [name for name in ("right", "wrong") if part(view, name).isChecked()]


def note(view: AnswerView) -> str:
    words: QLabel = view.findChild(QLabel, "taught")
    return words.text() if words.isVisible() else ""


def test_a_verdict_is_sent_and_shown_pressed_once_it_is_kept(
    qtbot: QtBot, page: AskPage, turn: Turn, carry_out: Callable[[Judge], None]
) -> None:
    view = page.turns.view(0)
    said = heard(page.judged)
    part(view, "right").setFocus()
    qtbot.keyClick(part(view, "right"), Qt.Key.Key_Space)
    command, before, sentence = said[0]
    assert command == Judge(turn_id=turn.id, verdict="right")
    assert before == Judge(turn_id=turn.id)
    assert sentence == "Kept: this answer is right."
    assert pressed(view) == []  # nothing is kept yet
    carry_out(command)
    assert pressed(view) == ["right"]
    assert page.turns.view(0) is view
    assert part(view, "right").hasFocus()  # the keys stay where they are

    part(view, "wrong").click()
    command, before, _ = said[1]
    assert command.verdict == "wrong"
    assert (before.verdict, before.answer) == ("right", "three months")
    assert before.spans == tuple((s.page, s.start, s.length) for s in _words(turn))
    carry_out(command)
    assert pressed(view) == ["wrong"]
    assert note(view) == "You called this answer wrong."

    part(view, "wrong").click()  # once more takes it back
    command, before, sentence = said[2]
    assert command == Judge(turn_id=turn.id)
    assert before.verdict == "wrong"
    assert "taken back" in sentence
    carry_out(command)
    assert pressed(view) == []
    assert note(view) == ""
    carry_out(before)  # undone
    assert pressed(view) == ["wrong"]


def _words(turn: Turn) -> tuple[Span, ...]:
    assert turn.answer is not None
    return turn.answer.citations[0].marked


def test_buttons_have_names_and_say_that_they_are_pressed(page: AskPage, turn: Turn) -> None:
    view = page.turns.view(0)
    for name, words in (("right", "Right"), ("wrong", "Wrong"), ("teach", "Teach")):
        button = part(view, name)
        assert button.focusPolicy() & Qt.FocusPolicy.TabFocus
        interface = QAccessible.queryAccessibleInterface(button)
        assert interface.text(QAccessible.Text.Name) == words
        assert interface.state().checkable == (name != "teach")


def test_a_question_without_an_answer_cannot_be_judged(page: AskPage) -> None:
    page.ask("How long?")
    assert page.turns.view(0).findChild(QPushButton, "right") is None


def test_wrong_offers_to_teach(
    page: AskPage, turn: Turn, carry_out: Callable[[Judge], None]
) -> None:
    carry_out(Judge(turn_id=turn.id, verdict="wrong"))
    offer = page.turns.view(0).findChild(QAbstractButton, "taught_place")
    assert offer.isVisible()
    assert offer.text() == "Say what is right…"
    offer.click()
    assert page.findChild(TeachDialog).isVisible()


def test_what_was_taught_is_seen_when_the_conversation_is_opened_again(
    qtbot: QtBot, page: AskPage, desk: Desk, turn: Turn, carry_out: Callable[[Judge], None],
    citations: list[Citation],
) -> None:  # fmt: skip
    where = citations[1]
    spans = tuple((s.page, s.start, s.length) for s in where.spans)
    carry_out(Judge("", turn.id, "wrong", "3 March", where.document_id, spans))
    page.begin_conversation()
    page.open_conversation(turn.conversation_id)
    view = page.turns.view(0)
    assert pressed(view) == ["wrong"]
    qtbot.waitUntil(lambda: note(view) == "You taught: “3 March”")
    shown = [w.text() for w in view.findChildren(QLabel) if w.isVisible()]
    assert "Kept. It will be used when RagDesk next learns from you." in shown
    link = view.findChild(QAbstractButton, "taught_place")
    assert link.text() == "Note.txt"
    opened = heard(view.citation_pressed)
    link.click()
    (place,) = opened[0]
    assert (place.document_id, place.quote) == (where.document_id, "3 March")


def test_taught_places_of_documents_that_went_are_told_without_a_link(
    qtbot: QtBot, page: AskPage, desk: Desk, turn: Turn, carry_out: Callable[[Judge], None],
    citations: list[Citation],
) -> None:  # fmt: skip
    where = citations[1]
    carry_out(Judge("", turn.id, "wrong", "3 March", where.document_id, ((1, 0, 5),)))
    desk.documents.remove([desk.documents.places_of(where.document_id)[0].place.id])
    page.open_conversation(turn.conversation_id)
    view = page.turns.view(0)
    qtbot.waitUntil(lambda: note(view) == "You taught: “3 March”")
    assert not view.findChild(QAbstractButton, "taught_place").isVisible()


def test_not_in_the_documents_is_a_lesson_too(
    page: AskPage, turn: Turn, carry_out: Callable[[Judge], None]
) -> None:
    carry_out(Judge(turn_id=turn.id, verdict="absent"))
    view = page.turns.view(0)
    assert pressed(view) == ["wrong"]
    assert note(view) == "You taught: this is not in your documents."


def test_asking_one_shelf_only_asks_again_there(
    page: AskPage, desk: Desk, turn: Turn, engine: FakeEngine
) -> None:
    shelf = desk.collections.create("Leases")
    page._fill_shelves()
    page.turns.view(0).shelf_wanted.emit(shelf.id)
    command = engine.sent[-1]
    assert isinstance(command, Ask)
    assert (command.question, command.collection_id) == (QUESTION, shelf.id)
    assert command.conversation_id == turn.conversation_id
    assert page.collection_id == shelf.id


# teaching


@pytest.fixture
def dialog(qtbot: QtBot, page: AskPage, library: Library) -> Callable[..., TeachDialog]:
    def opened(answer: Answer, judgement: Judgement | None = None) -> TeachDialog:
        turn = Turn("t", "c", QUESTION, 0.0, answer)
        names = PlaceNames(library)
        dialog = TeachDialog(turn, judgement, library, names, page)
        qtbot.addWidget(dialog)
        dialog.show()
        return dialog

    return opened


def test_a_passage_shown_is_chosen_and_kept(
    qtbot: QtBot, dialog: Callable[..., TeachDialog], citations: list[Citation]
) -> None:
    answer = quote_answer(citations[0], short="three months")
    answer = dataclasses.replace(answer, nearest=(*answer.nearest, hit_of(citations[1])))
    asked = dialog(answer)
    assert [asked.shown.item(n).text() for n in range(asked.shown.count())] == [
        "Lease.pdf, page 2\n“The tenant may end it with three months notice.”",
        "Note.txt\n“Notice was given on 3 March.”",
    ]
    assert asked.where.checkedId() == SHOWN
    assert not asked.finder.isVisible()
    assert not asked.keep.isEnabled()
    assert asked.focusWidget() is asked.answer
    qtbot.keyClicks(asked.answer, " 3  March ")
    asked.shown.setFocus()
    qtbot.keyClick(asked.shown, Qt.Key.Key_Down)
    qtbot.keyClick(asked.shown, Qt.Key.Key_Down)
    assert asked.keep.isEnabled()
    spans = tuple((s.page, s.start, s.length) for s in citations[1].spans)
    assert asked.command == Judge("", "t", "wrong", "3 March", citations[1].document_id, spans)


def test_the_same_words_at_another_place_are_right(
    dialog: Callable[..., TeachDialog], citations: list[Citation]
) -> None:
    asked = dialog(quote_answer(*citations, short="three months"))
    asked.answer.setText("Three  months")
    asked.shown.choose(1)
    assert asked.command.verdict == "right"


def test_another_place_is_found_by_document_and_words(
    qtbot: QtBot, dialog: Callable[..., TeachDialog], desk: Desk, citations: list[Citation]
) -> None:
    passages = Passages(desk.database, MODEL_NAME)
    terms = desk.add_text("Terms.txt", "Payable at once. After a reminder 8 % interest is due.")
    cut = (Span(1, 0, 16), Span(1, 17, 37))
    texts = ("Payable at once.", "After a reminder 8 % interest is due.")
    with desk.database.write():
        passages.save(
            terms, [Passage(terms, n, texts[n], "", (span,)) for n, span in enumerate(cut)]
        )
    asked = dialog(refusal(hit_of(citations[0])))
    asked.where.button(ELSEWHERE).click()
    assert asked.finder.isVisible()
    assert not asked.shown.isVisible()
    names = [asked.finder.document.itemText(n) for n in range(asked.finder.document.count())]
    assert names == ["Lease.pdf", "Note.txt", "Terms.txt"]
    assert asked.finder.document.currentText() == "Lease.pdf"  # of what is nearest
    asked.finder.document.setCurrentIndex(2)
    assert asked.finder.found.count() == 2
    qtbot.keyClicks(asked.finder.words, "INTEREST reminder")
    assert asked.finder.found.count() == 1
    assert not asked.keep.isEnabled()
    asked.finder.found.choose(0)
    asked.answer.setText("8 %")
    assert asked.keep.isEnabled()
    assert asked.command == Judge("", "t", "wrong", "8 %", terms, ((1, 17, 37),))
    asked.finder.words.setText("zebra")
    assert asked.finder.found.count() == 0
    assert not asked.keep.isEnabled()
    assert any(
        w.text() == "No passage has all these words." and w.isVisible()
        for w in asked.findChildren(QLabel)
    )


def test_it_is_not_in_my_documents(
    dialog: Callable[..., TeachDialog], citations: list[Citation]
) -> None:
    asked = dialog(quote_answer(*citations))
    asked.answer.setText("something")
    asked.where.button(NOWHERE).click()
    assert not asked.answer.isEnabled()
    assert asked.keep.isEnabled()
    assert asked.command == Judge(turn_id="t", verdict="absent")
    asked.where.button(SHOWN).click()
    assert asked.answer.isEnabled()
    assert not asked.keep.isEnabled()


def test_without_any_passage_the_finder_stands_first(dialog: Callable[..., TeachDialog]) -> None:
    asked = dialog(refusal())
    assert asked.where.checkedId() == ELSEWHERE
    assert not asked.where.button(SHOWN).isVisible()
    assert asked.finder.isVisible()


def test_what_was_taught_before_stands_there_to_be_changed(
    dialog: Callable[..., TeachDialog], citations: list[Citation]
) -> None:
    where = citations[1]
    before = Judgement("t", QUESTION, "wrong", "3 March", where.document_id, where.spans)
    asked = dialog(quote_answer(citations[0]), before)
    assert asked.answer.text() == "3 March"
    place = asked.shown.chosen()
    assert place is not None
    assert place.document_id == where.document_id
    absent = dialog(quote_answer(citations[0]), Judgement("t", QUESTION, "absent"))
    assert absent.where.checkedId() == NOWHERE


def test_teaching_is_sent_when_it_is_kept(
    page: AskPage, turn: Turn, citations: list[Citation]
) -> None:
    said = heard(page.judged)
    part(page.turns.view(0), "teach").click()
    asked = page.findChild(TeachDialog)
    asked.findChild(QLineEdit).setText("3 March")
    asked.shown.choose(1)
    asked.keep.click()
    command, before, sentence = said[0]
    assert (command.verdict, command.answer) == ("wrong", "3 March")
    assert command.document_id == citations[1].document_id
    assert before == Judge(turn_id=turn.id)
    assert sentence == "Kept. It will be used when RagDesk next learns from you."


def test_long_passages_are_cut_around_the_words(
    dialog: Callable[..., TeachDialog], citations: list[Citation]
) -> None:
    asked = dialog(quote_answer(*citations))
    text = "Begin " + "so and so " * 60 + "the needle lies here " + "and on " * 60
    long = dataclasses.replace(citations[0], quote=text)
    asked.shown.show_passages([long])
    assert "Begin so" in asked.shown.item(0).text()
    assert asked.shown.item(0).text().endswith(" …”")
    asked.shown.show_passages([long], ["needle"])
    shown = asked.shown.item(0).text()
    assert "needle lies here" in shown
    assert len(shown) < 260
    both = dataclasses.replace(citations[0], quote="the cat " + "and on " * 60 + "the cat needle")
    asked.shown.show_passages([both], ["needle", "cat"])
    assert "cat needle" in asked.shown.item(0).text()


def test_all_words_of_a_row_have_room(
    qtbot: QtBot, dialog: Callable[..., TeachDialog], citations: list[Citation]
) -> None:
    asked = dialog(quote_answer(*citations))
    long = dataclasses.replace(citations[0], quote="Words that take up some room. " * 5)
    asked.shown.show_passages([long])
    asked.resize(420, 540)
    rows = asked.shown

    def fits() -> bool:
        row = rows.visualItemRect(rows.item(0))
        words = rows.item(0).text().split("\n")[1]
        room = QRect(0, 0, rows.viewport().width() - 16, 1000)
        tall = QFontMetrics(theme.font(13)).boundingRect(room, Qt.TextFlag.TextWordWrap, words)
        return row.width() <= rows.viewport().width() and row.height() >= tall.height() + 15

    qtbot.waitUntil(fits)
    assert rows.horizontalScrollBar().maximum() == 0


# the window around it


def test_the_way_back_is_offered_and_works(
    open_window: Callable[..., MainWindow], engine: FakeEngine
) -> None:
    window = open_window()
    said, before = Judge(turn_id="t", verdict="right"), Judge(turn_id="t", verdict="wrong")
    window.ask_page.judged.emit(said, before, "Kept: this answer is right.")
    sent = engine.sent[-1]
    assert isinstance(sent, Judge)
    assert (sent.turn_id, sent.verdict) == ("t", "right")
    assert window.toast.text() == ""
    engine.emit_event(Done(sent.tag))
    assert window.toast.text() == "Kept: this answer is right."
    assert window.toast.offers_undo()
    window.toast.undo()
    back = engine.sent[-1]
    assert isinstance(back, Judge)
    assert (back.turn_id, back.verdict) == ("t", "wrong")
    engine.emit_event(Done(back.tag))
    assert window.toast.text() == "It is as it was before."


def test_what_could_not_be_kept_is_told(
    open_window: Callable[..., MainWindow], engine: FakeEngine
) -> None:
    window = open_window()
    window.ask_page.judged.emit(Judge(turn_id="t", verdict="right"), Judge(turn_id="t"), "Kept.")
    engine.emit_event(Failed(engine.sent[-1].tag, "disk_full", {"home": "/h"}))
    assert window.toast.text().startswith("The disk is full.")
