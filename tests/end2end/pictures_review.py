"""The review of practice questions and report cards, for the pictures: what people see, not what is built."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from ragdesk.domain.training import PairState
from ragdesk.ui.library import Library
from ragdesk.ui.main_window import MainWindow
from ragdesk.ui.navigation_bar import ASSISTANTS
from tests.fakes_engine import FakeEngine
from tests.ui.assistants.practice import BETTER, NO_GAIN, Practice


def review_window(folder: Path) -> Iterator[MainWindow]:
    """One assistant with practice questions, some of them looked at, and two versions."""
    practice = Practice(folder)
    pairs = practice.fill()
    practice.many(20)
    assistant = practice.assistant.id
    for pair, state in zip(pairs[6:9], ("right", "right", "wrong"), strict=True):
        practice.pairs.move(assistant, pair.id, PairState(state))
    practice.version(NO_GAIN)
    practice.version(BETTER)
    library = Library(practice.desk.home)
    library.open()
    window = MainWindow(library, FakeEngine(practice.desk.home))
    window.show()
    QTest.qWait(500)
    yield window
    window.leave_now()
    library.close()
    practice.desk.database.close()


def _review(window: MainWindow) -> None:
    """The practice questions as cards, nothing beside them."""
    window.source.close()
    window._go_to(ASSISTANTS)
    page = window.assistants_page
    page.show_questions(window.library.assistants.all()[0].id)
    page.review.fix.cancelled.emit()
    page.review.bar.cards.click()


def _cards(window: MainWindow) -> QWidget:
    _review(window)
    return window


def _place(window: MainWindow) -> QWidget:
    _review(window)
    window.assistants_page.review.card.open_place()
    return window


def _table(window: MainWindow) -> QWidget:
    _review(window)
    review = window.assistants_page.review
    review.bar.table.click()
    review.table.view.selectRow(1)
    return window


def _fix(window: MainWindow) -> QWidget:
    _review(window)
    review = window.assistants_page.review
    review.begin_fix()
    review.fix.answer.setText("six weeks")
    review.fix.show_error("answer_not_there", {"answer": "six weeks"})
    return window


def _card(number: int, end: bool = False) -> Callable[[MainWindow], QWidget]:
    def show(window: MainWindow) -> QWidget:
        window.source.close()
        window._go_to(ASSISTANTS)
        page = window.assistants_page
        assistant = window.library.assistants.all()[0]
        page.show_report(assistant.id)
        versions = window.library.assistants.versions(assistant.id)
        version = next(one for one in versions if one.number == number)
        page.report.show_version(version, assistant.name)
        page.report.details.setChecked(end)
        QTest.qWait(80)
        bar = page.report.findChild(QWidget, "card_area").verticalScrollBar()
        bar.setValue(bar.maximum() if end else 0)
        return window

    return show


REVIEW_STATES = (
    ("review cards", _cards),
    ("review place", _place),
    ("review table", _table),
    ("review fix", _fix),
    ("card better", _card(2)),
    ("card details", _card(2, end=True)),
    ("card no gain", _card(1)),
)
