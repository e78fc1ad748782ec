"""Everything in the review and on the report card can be read and reached, in longer words too."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from ragdesk.ui.assistants.card_view import CardView
from ragdesk.ui.assistants.review_view import ReviewView
from tests.ui.assistants.practice import BETTER, NO_GAIN, Practice
from tests.ui.test_reach import (
    INTERACTIVE,
    Longer,
    accessible_name,
    clipped,
    part_of_another,
    shown,
)

OpenReview = Callable[..., ReviewView]
OpenCard = Callable[..., CardView]
# A narrow page beside an open document, the usual one, and one at twice the text size.
SIZES = [(620, 520, 100), (1040, 760, 100), (1120, 760, 200)]


@pytest.fixture
def longer(qapp: QApplication) -> Iterator[None]:
    translator = Longer()
    qapp.installTranslator(translator)
    yield
    qapp.removeTranslator(translator)


@pytest.fixture
def mirrored(qapp: QApplication) -> Iterator[None]:
    qapp.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    yield
    qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)


def states(
    open_review: OpenReview, open_card: OpenCard, practice: Practice, size: tuple[int, int, int]
) -> Iterator[tuple[str, QWidget]]:
    """Every state of both, one after the other."""
    review = open_review(*size)
    yield "empty", review
    practice.fill()
    review.read()
    yield "card", review
    review.begin_fix()
    review.fix.show_error("answer_not_there", {"answer": "six weeks"})
    yield "fix", review
    review._end_fix()
    review.bar.table.click()
    review.table.view.selectRow(0)
    yield "table", review
    review.bar.cards.click()
    review.say(list(review._pairs.values()), "right")
    yield "thanks", review
    review.exchange.told.emit("30 practice questions taken in from Ours.csv.", False)
    yield "told", review
    card = open_card(*size)
    for name, what in (("better", BETTER), ("no gain", NO_GAIN)):
        card.show_version(practice.version(what), "Front desk")
        card.details.setChecked(True)
        yield name, card


def nameless(view: QWidget) -> list[tuple[str, str]]:
    return [
        (type(one).__name__, one.objectName())
        for one in shown(view, INTERACTIVE)
        if not part_of_another(one) and not accessible_name(one).strip()
    ]


def test_everything_has_a_name_and_no_words_are_taken_for_markup(
    open_review: OpenReview, open_card: OpenCard, practice: Practice, qtbot: QtBot
) -> None:
    for state, view in states(open_review, open_card, practice, SIZES[1]):
        qtbot.wait(20)
        assert nameless(view) == [], state
        for one in shown(view, QLabel):
            assert isinstance(one, QLabel)
            if one.text().strip():
                assert one.textFormat() == Qt.TextFormat.PlainText, state


@pytest.mark.parametrize("size", SIZES)
def test_no_word_is_clipped(
    open_review: OpenReview, open_card: OpenCard, practice: Practice, qtbot: QtBot,
    size: tuple[int, int, int],
) -> None:  # fmt: skip
    found = {}
    for state, view in states(open_review, open_card, practice, size):
        qtbot.wait(60)
        if words := clipped(view):  # type: ignore[arg-type]
            found[state] = words
    assert found == {}


@pytest.mark.usefixtures("longer")
def test_longer_words_are_not_clipped(
    open_review: OpenReview, open_card: OpenCard, practice: Practice, qtbot: QtBot
) -> None:
    found = {}
    for state, view in states(open_review, open_card, practice, SIZES[0]):
        qtbot.wait(60)
        if words := clipped(view):  # type: ignore[arg-type]
            found[state] = words
    assert found == {}


@pytest.mark.usefixtures("mirrored")
def test_mirrored_it_holds_together(
    open_review: OpenReview, open_card: OpenCard, practice: Practice, qtbot: QtBot
) -> None:
    for state, view in states(open_review, open_card, practice, SIZES[0]):
        qtbot.wait(60)
        assert clipped(view) == [], state  # type: ignore[arg-type]
        if state == "card":
            assert isinstance(view, ReviewView)
            buttons = view.card.buttons
            assert buttons["right"].x() > buttons["skip"].x()
