"""The states of the page of assistants, for `tests.end2end.pictures`: no engine behind them."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from ragdesk.domain.chat import ServedModel
from ragdesk.domain.job import JobState
from ragdesk.messages import BuildMoved, Failed, JobChanged, ModelsListed
from ragdesk.store.home import Home
from ragdesk.ui.assistants.wizard_view import WizardView
from ragdesk.ui.library import Library
from ragdesk.ui.main_window import MainWindow
from ragdesk.ui.navigation_bar import ASK, ASSISTANTS
from tests.fakes_engine import FakeEngine
from tests.ui.assistants.building import Building
from tests.ui.filling import Desk

BUILT, SHELVED = "Staff rules", "Leases"
EXAMPLES = (
    "“What does a call-out cost?”: 48 € net",
    "“How many days of holiday do apprentices have?”: 28 days",
    "“Who signs for deliveries above 5,000 €?”: the managing director",
    "“When is stock-taking?”: the first week of January",
)
QUESTIONS = (
    "“How much notice must we give to end the lease of the showroom?”",
    "“What has to be worn when tiles are cut?”",
    "“Until when can holiday be carried over?”",
)
MODELS = (
    ServedModel("built-in", "built-in", 98_362_432, parameters="135M"),
    ServedModel("granite4:tiny-h", "ollama", 4_200_000_000, parameters="6.9B", experts=62),
)
EXAMS = (
    {"verdict": "failed", "words": "cites too little"},
    {"verdict": "passed", "words": "cites well, about 12 seconds an answer"},
)


def assistants_window(folder: Path) -> Iterator[MainWindow]:
    """Three assistants: one with a version that is offered, one being built, one never built."""
    desk = Desk(Home(folder / "home"))
    papers = folder / "firm"
    papers.mkdir()
    desk.fill(papers)
    library, engine = Library(desk.home), FakeEngine(desk.home)
    building = Building(desk, engine)
    leases = building.assistant(SHELVED, "Leases")
    building.version(leases, 1, used=True)
    building.version(leases, 2)
    staff = building.assistant(BUILT, "Staff")
    building.version(staff, 1)
    building.practise(staff)
    building.begin(staff, teacher="ollama/granite4:tiny-h")
    building.assistant("Everything about suppliers and their terms of delivery", None)
    library.open()
    window = MainWindow(library, engine)
    window.show()
    QTest.qWait(500)
    yield window
    window.leave_now()
    library.close()
    desk.close()


def _wizard(window: MainWindow) -> WizardView:
    window.source.close()
    window._go_to(ASSISTANTS)
    return window.assistants_page.wizard


def _build(window: MainWindow) -> tuple[str, int]:
    """The assistant that is being built, and the job of it."""
    return (
        window.library.assistants.named(BUILT).id,
        window.library.jobs.all()[-1].id,
    )


def _tell(window: MainWindow, state: JobState) -> None:
    _, job_id = _build(window)
    window.client.event_received.emit(JobChanged(job_id, "build", state.value, BUILT, 18, 60))


def _move(window: MainWindow, step: str, **how: Any) -> None:
    window.client.event_received.emit(BuildMoved(*_build(window), step, **how))


def _sit(window: MainWindow, step: str, asked: int, share: float, **how: Any) -> None:
    """Asks one question after the other, of which a share is answered right."""
    for n in range(1, asked + 1):
        right = int(n * share + (n % 7) / 7)
        words = EXAMPLES[n % len(EXAMPLES)]
        _move(window, step, done=n, total=how.get("total", asked), right=right, asked=n,
              minutes_left=how.get("minutes_left"), words=words)  # fmt: skip


def _step(show: Callable[[MainWindow], None]) -> Callable[[MainWindow], QWidget]:
    """The wizard on the build from its beginning, brought as far as `show` does."""

    def shown(window: MainWindow) -> QWidget:
        wizard = _wizard(window)
        window.assistants_page.model.builds._builds.clear()
        window.assistants_page.model.builds.reload()
        _tell(window, JobState.RUNNING)
        window.assistants_page.build_next(_build(window)[0])
        show(window)
        wizard.learning.fold.setChecked(False)
        return window

    return shown


def _all(window: MainWindow) -> QWidget:
    _step(lambda window: _move(window, "learning", minutes_left=21.0))(window)
    window.assistants_page.show_all()
    return window


def _choose(window: MainWindow) -> QWidget:
    wizard = _wizard(window)
    window.assistants_page.build_new()
    window.client.event_received.emit(
        ModelsListed(models=tuple(map(dataclasses.asdict, MODELS)), exams=EXAMS)
    )
    wizard.choose.name.setText("Staff rules")
    wizard.choose.teacher.setCurrentIndex(2)
    return window


def _refused(window: MainWindow) -> QWidget:
    _choose(window)
    choose = window.assistants_page.wizard.choose
    choose.begin.click()
    tag = window.assistants_page.wizard._asked
    window.client.event_received.emit(Failed(tag, "assistant_exists", {"name": "Staff rules"}))
    return window


def _making(window: MainWindow) -> None:
    for number, words in enumerate(QUESTIONS):
        _move(window, "questions", done=112 + number, total=430, minutes_left=46.0, words=words)


def _learning(window: MainWindow) -> None:
    _sit(window, "learning", 60, 0.62, minutes_left=30.0, total=900)
    _sit(window, "learning", 38, 0.78, minutes_left=21.0, total=900)


def _details(window: MainWindow) -> QWidget:
    _step(_learning)(window)
    window.assistants_page.wizard.learning.fold.setChecked(True)
    return window


def _again(window: MainWindow) -> None:
    _sit(window, "exam_before", 100, 0.71)
    _sit(window, "exam_after", 51, 0.78, minutes_left=4.0, total=100)


def _failed(window: MainWindow) -> None:
    _making(window)
    window.client.event_received.emit(Failed("", "teacher_failed", {"name": "granite4:tiny-h"}))
    _tell(window, JobState.FAILED)


def _paused(window: MainWindow) -> None:
    _sit(window, "exam_before", 40, 0.71, total=100, minutes_left=31.0)
    _tell(window, JobState.PAUSED)


def _report(window: MainWindow) -> QWidget:
    _step(lambda window: _tell(window, JobState.DONE))(window)
    return window


def _asking(window: MainWindow) -> QWidget:
    window.source.close()
    window._go_to(ASK)
    page = window.ask_page
    page.assistants.setCurrentIndex(page.assistants.findText(SHELVED))
    return window


ASSISTANT_STATES = (
    ("assistants", _all),
    ("wizard choose", _choose),
    ("wizard refused", _refused),
    ("wizard check-up", _step(lambda window: _move(window, "check"))),
    ("wizard time", _step(lambda window: _move(window, "check", minutes_left=52.0))),
    ("wizard questions", _step(_making)),
    ("wizard review", _step(lambda window: _move(window, "review", minutes_left=33.0))),
    (
        "wizard exam",
        _step(lambda w: _sit(w, "exam_before", 61, 0.7, total=100, minutes_left=31.0)),
    ),
    ("wizard paused", _step(_paused)),
    ("wizard learning", _step(_learning)),
    ("wizard details", _details),
    ("wizard second exam", _step(_again)),
    ("wizard failed", _step(_failed)),
    ("wizard report", _report),
    ("ask assistant", _asking),
)
