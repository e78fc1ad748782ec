from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QDate, QLocale, Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from ragdesk.domain.job import JobState
from ragdesk.messages import (
    AssistantsChanged,
    DeleteAssistant,
    Done,
    Failed,
    RenameAssistant,
    RestoreAssistant,
    UseVersion,
)
from ragdesk.ui.assistants.assistant_card import AssistantCard
from ragdesk.ui.assistants.assistants_page import AssistantsPage
from ragdesk.ui.assistants.stepper_bar import StepperBar
from ragdesk.ui.dialogs import NameDialog
from ragdesk.ui.main_window import START, MainWindow
from ragdesk.ui.navigation_bar import ASSISTANTS
from tests.fakes_engine import FakeEngine
from tests.ui.assistants.building import MADE_AT, Building
from tests.ui.assistants.practice import NO_GAIN
from tests.ui.filling import Desk

Open = Callable[..., MainWindow]


@pytest.fixture
def building(firm: Desk, engine: FakeEngine) -> Building:
    return Building(firm, engine)


@pytest.fixture
def window(open_window: Open, building: Building) -> MainWindow:
    window = open_window()
    window._go_to(ASSISTANTS)
    return window


@pytest.fixture
def page(window: MainWindow) -> AssistantsPage:
    return window.assistants_page


def card_of(page: AssistantsPage, assistant_id: str) -> AssistantCard:
    card = page.list.card(assistant_id)
    assert card is not None
    return card


def words_of(card: AssistantCard) -> list[str]:
    return [label.text() for label in card.findChildren(QLabel) if label.isVisible()]


def test_without_an_assistant_it_says_what_one_is(page: AssistantsPage, qtbot: QtBot) -> None:
    assert page.isVisible()
    assert page.list.first.isVisible()
    assert not page.another.isVisible()
    qtbot.mouseClick(page.list.first, Qt.MouseButton.LeftButton)
    assert page.wizard.isVisible()
    assert page.title.full_text() == "Build my assistant"
    assert page.wizard.choose.name.hasFocus()


def test_without_documents_it_begins_with_adding_some(open_window: Open) -> None:
    window = open_window()
    window._go_to(ASSISTANTS)
    assert window.pages.currentIndex() == START


def test_an_assistant_says_what_it_knows_and_which_version_answers(
    page: AssistantsPage, building: Building
) -> None:
    made = building.assistant("Lease desk", "Leases")
    card = card_of(page, made.id)
    assert words_of(card)[1:] == ["Leases", "Answers as RagDesk comes."]
    assert card.begin.text() == "Build it"
    assert not card.versions.isVisible()
    assert not card.report.isVisible()
    building.version(made, 1, used=True)
    day = QLocale().toString(QDate(2026, 11, 24), "d MMMM")
    assert MADE_AT > 0
    said = f"Answers by version 1, of {day}: 71 → 78 of 100."
    assert card.findChild(QLabel, "answers_by").text().replace(" 2026", "") == said
    assert card.begin.text() == "Build its next version"
    assert card.report.isVisible()
    assert page.another.isVisible()


def test_a_better_version_that_is_not_used_yet_is_announced(
    page: AssistantsPage, building: Building
) -> None:
    made = building.assistant()
    building.version(made, 1, used=True)
    card = card_of(page, made.id)
    news = card.findChild(QLabel, "news")
    assert not news.isVisible()
    building.version(made, 2)
    assert news.isVisible()
    assert news.text().startswith("New: version 2")
    building.version(made, 3, card=NO_GAIN)
    assert not news.isVisible()


def test_versions_are_used_and_gone_back_to(
    window: MainWindow, page: AssistantsPage, building: Building, engine: FakeEngine
) -> None:
    made = building.assistant()
    building.version(made, 1)
    building.version(made, 2, used=True)
    building.version(made, 3, card=NO_GAIN)
    menu = card_of(page, made.id).versions.menu()
    entries = [(e.text().split(",")[0].split(":")[0], e.isEnabled()) for e in menu.actions()]
    assert entries == [
        ("Version 3", False),
        ("Version 2", True),
        ("Go back", True),
        ("Go back", True),
    ]
    assert "in use" in menu.actions()[1].text()
    assert menu.actions()[1].isChecked()
    assert "no clear gain" in menu.actions()[0].text()
    menu.actions()[3].trigger()
    used = engine.sent[-1]
    assert isinstance(used, UseVersion)
    assert (used.assistant_id, used.number) == (made.id, 0)
    building.assistants.use(made.id, 0)
    engine.emit_event(AssistantsChanged(made.id))
    engine.emit_event(Done(used.tag))
    assert window.toast.text() == "Leases answers as RagDesk comes from now on."
    window.toast.undo()
    back = engine.sent[-1]
    assert isinstance(back, UseVersion)
    assert back.number == 2


def test_renaming_asks_for_the_name(
    window: MainWindow, page: AssistantsPage, building: Building, engine: FakeEngine
) -> None:
    made = building.assistant()
    card_of(page, made.id)._rename.click()
    dialog = next(d for d in window.findChildren(NameDialog) if d.isVisible())
    assert dialog.field.accessibleName() == "Name of the assistant"
    dialog.field.setText("  Lease   desk ")
    dialog.confirm.click()
    sent = engine.sent[-1]
    assert isinstance(sent, RenameAssistant)
    assert (sent.assistant_id, sent.name) == (made.id, "Lease desk")
    engine.emit_event(Failed(sent.tag, "assistant_exists", {"name": "Lease desk"}))
    assert window.toast.text().startswith("There is already an assistant called Lease desk.")
    building.assistants.rename(made.id, "Lease desk")
    engine.emit_event(AssistantsChanged(made.id))
    assert card_of(page, made.id).name.full_text() == "Lease desk"


def test_deleting_can_be_undone(
    window: MainWindow, page: AssistantsPage, building: Building, engine: FakeEngine
) -> None:
    made = building.assistant()
    card_of(page, made.id)._delete.click()
    sent = engine.sent[-1]
    assert isinstance(sent, DeleteAssistant)
    assert not sent.final
    building.assistants.remove(made.id)
    engine.emit_event(AssistantsChanged(made.id))
    engine.emit_event(Done(sent.tag))
    assert page.list.card(made.id) is None
    assert page.list.first.isVisible()
    window.toast.undo()
    assert isinstance(engine.sent[-1], RestoreAssistant)


def test_the_report_card_of_the_offered_version_is_shown_and_used(
    page: AssistantsPage, building: Building, engine: FakeEngine
) -> None:
    made = building.assistant()
    building.version(made, 1, used=True)
    building.version(made, 2)
    card_of(page, made.id).report.click()
    assert page.report.isVisible()
    assert page.title.full_text() == "Report card of Leases"
    page.report.use.click()
    sent = engine.sent[-1]
    assert isinstance(sent, UseVersion)
    assert sent.number == 2
    assert page.list.isVisible()


def test_practice_questions_are_shown_and_left(
    page: AssistantsPage, building: Building, qtbot: QtBot
) -> None:
    made = building.assistant()
    building.practise(made, 3)
    card_of(page, made.id).questions.click()
    assert page.review.isVisible()
    assert page.title.full_text() == "Practice questions of Leases"
    qtbot.mouseClick(page.back, Qt.MouseButton.LeftButton)
    assert page.list.isVisible()
    assert not page.back.isVisible()


def test_who_is_shown_may_go(page: AssistantsPage, building: Building, engine: FakeEngine) -> None:
    made = building.assistant()
    card_of(page, made.id).questions.click()
    building.assistants.remove(made.id)
    engine.emit_event(AssistantsChanged(made.id))
    assert page.list.isVisible()


def test_a_build_that_goes_on_is_told_and_shown(
    page: AssistantsPage, building: Building, qtbot: QtBot
) -> None:
    made = building.assistant()
    job = building.begin(made)
    building.move(made, job, "learning", minutes_left=21.0)
    card = card_of(page, made.id)
    assert card.findChild(QLabel, "news").text() == "Learning · about 21 minutes left"
    assert card.begin.text() == "Look at the build"
    card.begin.setFocus()
    building.move(made, job, "learning", minutes_left=20.0)
    assert card.begin.hasFocus()
    card.begin.click()
    assert page.wizard.isVisible()
    assert page.title.full_text() == "Building Leases"
    assert page.findChild(StepperBar) is page.wizard.steps
    building.tell(job, JobState.CANCELLED)
    page.show_all()
    said = card_of(page, made.id).findChild(QLabel, "news").text()
    assert said == "Building it was stopped. What was made is kept."


def test_a_shelf_that_is_gone_is_named_so(page: AssistantsPage, building: Building) -> None:
    made = building.assistant("Staff desk", "Staff")
    building.desk.collections.remove(made.collection_id or "")
    page.model.reload()
    assert "A shelf that is gone" in words_of(card_of(page, made.id))
