"""Sentences of a written answer that are not borne out: marked, looked for, removed, put back."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QTextCharFormat
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from ragdesk.domain.conversation import Answer, Citation, Sentence, Turn
from ragdesk.messages import (
    AnswerReady,
    Done,
    LookForSupport,
    RemoveSentence,
    RestoreSentence,
    SupportSought,
)
from ragdesk.ui.actions import Actions
from ragdesk.ui.ask import answer_texts
from ragdesk.ui.ask.ask_page import AskPage
from ragdesk.ui.ask.place_names import PlaceNames
from tests.fakes_engine import FakeEngine
from tests.ui.viewer.desk import Desk, quote_answer

TEXT = "Three months. [1] It costs 9000 euros. [1]\nNotice was given in May. [2]"


@pytest.fixture
def answer(citations: list[Citation]) -> Answer:
    return replace(
        quote_answer(*citations), text=TEXT, answerer="written", kind="sentence", short=None,
        sentences=(
            Sentence("Three months.", True, (1,)),
            Sentence("It costs 9000 euros.", False, (1,), "number"),
            Sentence("Notice was given in May.", False, (2,), "date"),
        ),
    )  # fmt: skip


@pytest.fixture
def turn(desk: Desk, page: AskPage, engine: FakeEngine, answer: Answer) -> Turn:
    """The answer in sight; what the page wants is sent, and what comes of it told."""
    actions = Actions(engine, page)
    page.support_wanted.connect(actions.look_for_support)
    page.removal_wanted.connect(actions.remove_sentence)
    page.told = []  # type: ignore[attr-defined]
    actions.told.connect(lambda text, undo: page.told.append((text, undo)))  # type: ignore[attr-defined]
    turn = desk.answered("How long is the notice?", answer)
    page.open_conversation(turn.conversation_id)
    QApplication.processEvents()
    return turn


def shown(page: AskPage, kind: type[QWidget], name: str) -> list[QWidget]:
    view = page.turns.view(0)
    return [one for one in view.findChildren(kind, name) if one.isVisibleTo(view)]


def press(qtbot: QtBot, page: AskPage, name: str, number: int) -> None:
    qtbot.mouseClick(shown(page, QPushButton, name)[number], Qt.MouseButton.LeftButton)


def test_a_doubtful_sentence_is_underlined_and_says_what_to_check(
    page: AskPage, turn: Turn
) -> None:
    body = page.turns.view(0).body
    assert body is not None
    text = body.toPlainText()
    assert "It costs 9000 euros. (check the number)" in text
    assert "Notice was given in May. (check the date)" in text
    underlined = ""
    for n in range(2):
        block = body.document().findBlockByNumber(n)
        part = block.begin()
        while not part.atEnd():
            form = part.fragment().charFormat()
            if form.underlineStyle() == QTextCharFormat.UnderlineStyle.WaveUnderline:
                underlined += part.fragment().text()
            part += 1
    assert underlined == "It costs 9000 euros.Notice was given in May."
    rows = [row.text() for row in shown(page, QLabel, "doubt")]
    assert len(rows) == 2
    assert "A number in it stands in none of the passages" in rows[0]


def test_support_is_looked_for_and_what_is_found_can_be_undone(
    qtbot: QtBot, page: AskPage, engine: FakeEngine, turn: Turn
) -> None:
    press(qtbot, page, "look_for_support", 1)
    sent = engine.sent[-1]
    assert isinstance(sent, LookForSupport)
    assert (sent.turn_id, sent.sentence) == (turn.id, 2)
    assert not any(b.isEnabled() for b in shown(page, QPushButton, "remove_sentence"))
    engine.emit_event(SupportSought(turn.id, "Price list"))
    told, undo = page.told[-1]  # type: ignore[attr-defined]
    assert told == "Price list bears the sentence out. It is cited now."
    undo()
    assert isinstance(engine.sent[-1], RestoreSentence)
    assert engine.sent[-1].turn_id == turn.id


def test_that_nothing_was_found_is_said_where_it_was_looked_for(
    qtbot: QtBot, page: AskPage, engine: FakeEngine, turn: Turn
) -> None:
    press(qtbot, page, "look_for_support", 0)
    engine.emit_event(SupportSought(turn.id))
    rows = [row.text() for row in shown(page, QLabel, "doubt")]
    assert "No other passage bears it out either." in rows[0]
    assert "No other passage" not in rows[1]
    assert len(shown(page, QPushButton, "look_for_support")) == 1
    assert all(b.isEnabled() for b in shown(page, QPushButton, "remove_sentence"))
    assert "No passage in your documents" in page.told[-1][0]  # type: ignore[attr-defined]


def test_a_sentence_is_removed_once_and_put_back(
    qtbot: QtBot, page: AskPage, engine: FakeEngine, desk: Desk, turn: Turn, answer: Answer
) -> None:
    press(qtbot, page, "remove_sentence", 0)
    press(qtbot, page, "remove_sentence", 0)  # the numbers of the others are about to change
    removed = [one for one in engine.sent if isinstance(one, RemoveSentence)]
    assert [(one.turn_id, one.sentence) for one in removed] == [(turn.id, 1)]
    fewer = replace(
        answer, text="Three months. [1]\nNotice was given in May. [2]",
        sentences=(answer.sentences[0], answer.sentences[2]),
    )  # fmt: skip
    desk.conversations.save_answer(turn.id, fewer)
    engine.emit_event(AnswerReady(turn.conversation_id, turn.id))
    engine.emit_event(Done(removed[0].tag))
    QApplication.processEvents()
    assert len(shown(page, QLabel, "doubt")) == 1
    body = page.turns.view(0).body
    assert body is not None
    assert "9000" not in body.toPlainText()
    told, undo = page.told[-1]  # type: ignore[attr-defined]
    assert told == "The sentence was removed from the answer."
    undo()
    assert isinstance(engine.sent[-1], RestoreSentence)
    engine.emit_event(Done(engine.sent[-1].tag))
    assert page.told[-1][0] == "The answer is as it was before."  # type: ignore[attr-defined]


def test_the_only_sentence_cannot_be_removed(
    page: AskPage, engine: FakeEngine, desk: Desk, turn: Turn, answer: Answer
) -> None:
    one = replace(answer, text="It costs 9000 euros. [1]", sentences=(answer.sentences[1],))
    desk.conversations.save_answer(turn.id, one)
    engine.emit_event(AnswerReady(turn.conversation_id, turn.id))
    QApplication.processEvents()
    assert shown(page, QPushButton, "look_for_support")
    assert not shown(page, QPushButton, "remove_sentence")


def test_what_is_copied_says_what_is_doubtful(page: AskPage, turn: Turn) -> None:
    copied = answer_texts.with_sources(turn, PlaceNames(page._library))
    assert "(!) “It costs 9000 euros.” A number in it stands in none" in copied
