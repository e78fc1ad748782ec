"""The wizard, driven by what the engine says: real stores, and a test in the engine's place."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QToolButton
from pytestqt.qtbot import QtBot

from ragdesk.domain.chat import ServedModel
from ragdesk.domain.job import JobState
from ragdesk.messages import (
    BuildAssistant,
    CancelJob,
    Failed,
    GoOn,
    JobChanged,
    ListModels,
    ModelsListed,
    PairsChanged,
    PauseJob,
    Ready,
    ResumeJob,
    UseVersion,
)
from ragdesk.ui.assistants.assistant_words import (
    CHECK,
    CHOOSE,
    FIRST_EXAM,
    LEARNING,
    QUESTIONS,
    REPORT,
    TONIGHT,
)
from ragdesk.ui.assistants.wizard_view import WizardView
from ragdesk.ui.main_window import MainWindow
from ragdesk.ui.navigation_bar import ASK, ASSISTANTS
from tests.fakes_engine import FakeEngine
from tests.ui.assistants.building import Building
from tests.ui.assistants.practice import NO_GAIN
from tests.ui.filling import Desk

Open = Callable[..., MainWindow]
HERE = ServedModel("granite4:tiny-h", "ollama", 4_200_000_000)
AWAY = ServedModel("huge:cloud", "ollama", remote=True)


@pytest.fixture
def building(firm: Desk, engine: FakeEngine) -> Building:
    return Building(firm, engine)


@pytest.fixture
def window(open_window: Open, building: Building) -> MainWindow:
    window = open_window()
    window._go_to(ASSISTANTS)
    return window


@pytest.fixture
def wizard(window: MainWindow) -> WizardView:
    window.assistants_page.build_new()
    return window.assistants_page.wizard


def said(wizard: WizardView, name: str) -> str:
    found = [one for one in wizard.findChildren(QLabel, name) if one.isVisible()]
    return found[0].text() if found else ""


def last(engine: FakeEngine, kind: type) -> object:
    return [command for command in engine.sent if isinstance(command, kind)][-1]


def test_the_choices_become_one_command(
    wizard: WizardView, building: Building, engine: FakeEngine, qtbot: QtBot
) -> None:
    assert isinstance(last(engine, ListModels), ListModels)
    choose = wizard.choose
    assert not choose.begin.isEnabled()
    qtbot.keyClicks(choose.name, "  Lease   desk ")
    shelf = building.desk.shelf("Leases")
    choose.shelf.setCurrentIndex(choose.shelf.findData(shelf))
    choose.minutes.button(TONIGHT).click()
    engine.emit_event(ModelsListed(models=tuple(map(dataclasses.asdict, (HERE, AWAY)))))
    assert [choose.teacher.itemText(n) for n in range(choose.teacher.count())] == [
        "Nobody",
        "granite4:tiny-h",
    ]
    assert "look at some" in said(wizard, "teacher_told")
    choose.teacher.setCurrentIndex(1)
    assert "writes questions as people ask them" in said(wizard, "teacher_told")
    qtbot.mouseClick(choose.begin, Qt.MouseButton.LeftButton)
    sent = last(engine, BuildAssistant)
    assert isinstance(sent, BuildAssistant)
    assert (sent.name, sent.collection_id, sent.minutes, sent.teacher, sent.waits) == (
        "Lease desk", shelf, TONIGHT, "ollama/granite4:tiny-h", True,
    )  # fmt: skip
    assert wizard.shown == CHECK
    assert said(wizard, "check_title") == "Looking at this computer"


def test_models_listed_again_leave_the_choice(wizard: WizardView, engine: FakeEngine) -> None:
    for _ in range(2):
        engine.emit_event(ModelsListed(models=(dataclasses.asdict(HERE),)))
        wizard.choose.teacher.setCurrentIndex(1)
    engine.emit_event(ModelsListed(models=(dataclasses.asdict(HERE),)))
    assert wizard.choose.command.teacher == "ollama/granite4:tiny-h"


@pytest.mark.parametrize(
    ("code", "params", "told"),
    [
        ("assistant_exists", {"name": "Leases"}, "There is already an assistant called Leases."),
        ("disk_full", {"home": "/h"}, "The disk is full."),
    ],
)
def test_why_it_cannot_begin_is_said_where_it_was_chosen(
    wizard: WizardView, engine: FakeEngine, code: str, params: dict[str, object], told: str
) -> None:
    wizard.choose.name.setText("Leases")
    wizard.choose.begin.click()
    sent = last(engine, BuildAssistant)
    assert isinstance(sent, BuildAssistant)
    engine.emit_event(Failed("of somebody else", code, params))
    assert wizard.shown == CHECK
    engine.emit_event(Failed(sent.tag, code, params))
    assert wizard.shown == CHOOSE
    assert said(wizard, "problem").startswith(told)
    wizard.choose.name.setText("Other")
    assert said(wizard, "problem") == ""


def test_the_six_steps_follow_the_build(
    window: MainWindow, wizard: WizardView, building: Building, engine: FakeEngine
) -> None:
    wizard.choose.name.setText("Leases")
    wizard.choose.begin.click()
    sent = last(engine, BuildAssistant)
    assert isinstance(sent, BuildAssistant)
    made = building.assistant("Leases", None)
    job = building.begin(made, sent.tag)
    assert wizard.assistant_id == made.id
    building.move(made, job, "check", minutes_left=52.0)
    assert wizard.shown == CHECK
    assert said(wizard, "check_title") == "About 52 minutes on this computer"

    building.practise(made, 7)
    engine.emit_event(PairsChanged(made.id))
    building.move(made, job, "questions", done=7, total=40, minutes_left=46.0, words="“Rent?”")
    assert wizard.shown == QUESTIONS
    assert said(wizard, "so_far") == "7 so far"
    assert said(wizard, "example") == "“Rent?”"
    assert wizard.bar.progress.isVisible()

    building.move(made, job, "review", minutes_left=33.0)
    assert wizard.questions.review.isVisible()
    wizard.questions.forward.click()
    gone_on = last(engine, GoOn)
    assert isinstance(gone_on, GoOn)
    assert gone_on.assistant_id == made.id

    building.move(made, job, "exam_before", done=61, total=100, right=43, asked=61)
    assert wizard.shown == FIRST_EXAM
    assert said(wizard, "right_so_far") == "43 of 61 answered right so far"
    assert said(wizard, "standing") == "First exam · 61 of 100 questions"

    building.move(made, job, "learning", done=3, total=60, minutes_left=21.0)
    assert wizard.shown == LEARNING
    assert said(wizard, "standing") == "Learning · about 21 minutes left"
    building.move(made, job, "exam_after", done=50, total=100, right=40, asked=50)
    assert said(wizard, "learning_title") == "The exam is sat once more"

    building.version(made, 1)
    building.tell(job, JobState.DONE)
    assert wizard.shown == REPORT
    assert said(wizard, "verdict") == "It got better"
    wizard.report.use.click()
    used = engine.sent[-1]
    assert isinstance(used, UseVersion)
    assert (used.assistant_id, used.number) == (made.id, 1)
    assert window.assistants_page.list.isVisible()


def test_a_person_looks_back_and_is_called_when_something_new_comes(
    wizard: WizardView, building: Building
) -> None:
    made = building.assistant()
    job = building.begin(made)
    building.move(made, job, "exam_before", done=10, total=100, right=7, asked=10)
    wizard.show_build(made.id)
    steps = {b.accessibleName(): b for b in wizard.steps.findChildren(QToolButton)}
    assert [name for name, b in steps.items() if b.isEnabled()] == [
        "Check-up",
        "Practice questions",
        "First exam",
    ]
    steps["Practice questions"].click()
    assert wizard.shown == QUESTIONS
    assert wizard.questions.review.isVisible()
    assert not wizard.questions.forward.isVisible()
    building.move(made, job, "exam_before", done=11, total=100, right=8, asked=11)
    assert wizard.shown == QUESTIONS
    building.move(made, job, "learning", done=1, total=60)
    assert wizard.shown == LEARNING


def test_pause_resume_and_stop(wizard: WizardView, building: Building, engine: FakeEngine) -> None:
    made = building.assistant()
    job = building.begin(made, minutes=30, teacher="ollama/granite4:tiny-h", waits=False)
    building.move(made, job, "learning", done=3, total=60, minutes_left=21.0)
    wizard.show_build(made.id)
    wizard.bar.pause.click()
    assert isinstance(engine.sent[-1], PauseJob)
    building.tell(job, JobState.PAUSED)
    assert said(wizard, "standing") == "Learning · paused"
    wizard.bar.resume.click()
    assert isinstance(engine.sent[-1], ResumeJob)
    wizard.bar.stop.click()
    stopped = engine.sent[-1]
    assert isinstance(stopped, CancelJob)
    assert stopped.job_id == job
    building.tell(job, JobState.CANCELLED)
    assert said(wizard, "standing") == "Building it was stopped. What was made is kept."
    wizard.bar.again.click()
    again = engine.sent[-1]
    assert isinstance(again, BuildAssistant)
    assert (again.name, again.minutes, again.teacher, again.waits) == (
        "Leases", 30, "ollama/granite4:tiny-h", False,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("code", "params", "told"),
    [
        ("nothing_to_learn", {"count": 3, "least": 20}, "There is too little text here"),
        ("teacher_failed", {"name": "granite4"}, "The model granite4 wrote nothing"),
        (
            "part_missing",
            {"part": "onnx", "how": ""},
            "This needs a part that is not installed: onnx.",
        ),
    ],
)
def test_what_ended_a_build_is_said_in_place_and_can_be_chosen_otherwise(
    wizard: WizardView, building: Building, engine: FakeEngine,
    code: str, params: dict[str, object], told: str,
) -> None:  # fmt: skip
    made = building.assistant()
    job = building.begin(made, minutes=30)
    building.move(made, job, "questions", done=3, total=60)
    wizard.show_build(made.id)
    engine.emit_event(Failed("", code, params))
    building.tell(job, JobState.FAILED)
    assert said(wizard, "standing").startswith(told)
    wizard.bar.choose.click()
    assert wizard.shown == CHOOSE
    assert wizard.choose.name.text() == "Leases"
    assert not wizard.choose.name.isEnabled()
    assert wizard.choose.command.minutes == 30


def test_a_full_disk_pauses_and_says_so(
    wizard: WizardView, building: Building, engine: FakeEngine
) -> None:
    made = building.assistant()
    job = building.begin(made)
    building.move(made, job, "learning", done=3, total=60)
    wizard.show_build(made.id)
    engine.emit_event(Failed("", "disk_full", {"home": "/h"}))
    building.tell(job, JobState.PAUSED)
    assert said(wizard, "standing").startswith("The disk is full.")
    assert wizard.bar.resume.isVisible()
    building.tell(job, JobState.RUNNING)
    assert said(wizard, "standing") == "Learning"


def test_after_a_restart_the_build_is_there_and_its_step_comes_with_the_next_event(
    open_window: Open, building: Building, engine: FakeEngine
) -> None:
    made = building.assistant()
    job = building.begin(made, waits=False)
    window = open_window()
    engine.emit_event(Ready("0", "/h"))
    window._go_to(ASSISTANTS)
    window.assistants_page.build_next(made.id)
    wizard = window.assistants_page.wizard
    assert wizard.shown == CHECK
    building.move(made, job, "learning", done=3, total=60)
    assert wizard.shown == LEARNING


def test_after_a_restart_questions_that_waited_wait_again(
    open_window: Open, building: Building
) -> None:
    made = building.assistant()
    job = building.begin(made)
    building.practise(made, 3)
    building.jobs.move(job, JobState.PAUSED)
    window = open_window()
    window._go_to(ASSISTANTS)
    window.assistants_page.build_next(made.id)
    wizard = window.assistants_page.wizard
    assert wizard.shown == QUESTIONS
    assert wizard.questions.forward.isVisible()


def test_no_gain_keeps_the_old_one(
    window: MainWindow, wizard: WizardView, building: Building, engine: FakeEngine
) -> None:
    made = building.assistant()
    job = building.begin(made, teacher="ollama/granite4:tiny-h")
    wizard.show_build(made.id)
    building.version(made, 1, card=NO_GAIN)
    building.tell(job, JobState.DONE)
    assert not wizard.report.use.isVisible()
    sent = len([one for one in engine.sent if isinstance(one, BuildAssistant)])
    wizard.report.more.click()  # nothing begins before a person says so
    assert wizard.choose.isVisible()
    assert wizard.choose.minutes.button(TONIGHT).isChecked()
    assert len([one for one in engine.sent if isinstance(one, BuildAssistant)]) == sent
    wizard.show_build(made.id)
    wizard.report.keep.click()
    assert window.assistants_page.list.isVisible()
    card = window.assistants_page.list.card(made.id)
    assert card is not None
    card.begin.click()
    assert wizard.shown == CHOOSE
    assert wizard.choose.command.name == "Leases"
    assert wizard.choose.command.collection_id == made.collection_id


def test_the_bar_below_speaks_of_a_build_unless_the_page_does(
    window: MainWindow, wizard: WizardView, building: Building, engine: FakeEngine
) -> None:
    bar = window.jobs_bar
    made = building.assistant()
    job = building.begin(made)
    building.move(made, job, "learning", minutes_left=21.0)
    assert bar._text.full_text() == "Building the assistant Leases · about 21 minutes"
    assert bar._stop.isVisible()
    wizard.show_build(made.id)
    assert bar._text.full_text() == ""
    assert bar.is_working()
    window._go_to(ASK)
    building.move(made, job, "review", minutes_left=20.0)
    assert bar._text.full_text() == "The practice questions of Leases wait for you"
    assert not bar._pause.isVisible()
    bar._look.click()
    assert window.pages.currentIndex() == ASSISTANTS
    assert wizard.shown == QUESTIONS
    window._go_to(ASK)
    building.version(made, 1)
    building.tell(job, JobState.DONE)
    assert bar._text.full_text() == "The report card of Leases is ready."
    bar._look.click()
    assert wizard.shown == REPORT
    assert bar._text.full_text() == ""


def test_a_build_that_failed_unseen_waits_to_be_looked_at(
    window: MainWindow, building: Building, engine: FakeEngine
) -> None:
    made = building.assistant()
    job = building.begin(made)
    window._go_to(ASK)
    engine.emit_event(JobChanged(job, "build", "failed", "Leases", 3, 60))
    assert window.jobs_bar._text.full_text() == "Building Leases stopped. What was made is kept."
