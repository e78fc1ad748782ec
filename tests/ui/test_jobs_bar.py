from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot

from ragdesk.domain.job import JobKind, JobState
from ragdesk.messages import CancelJob, JobChanged, PauseJob, ResumeJob
from ragdesk.store.jobs import Jobs
from ragdesk.ui.actions import Actions
from ragdesk.ui.jobs_bar import JobsBar
from ragdesk.ui.library import Library
from tests.fakes_engine import FakeEngine
from tests.ui.filling import Desk


@pytest.fixture
def bar(library: Library, engine: FakeEngine, qtbot: QtBot) -> JobsBar:
    window = QWidget()
    qtbot.addWidget(window)
    bar = JobsBar(library, engine, Actions(engine, window))
    bar.setParent(window)
    window.resize(900, 60)
    bar.resize(900, 60)
    window.show()
    return bar


def said(bar: JobsBar) -> str:
    return bar._text.full_text() if bar.isVisible() else ""


def buttons(bar: JobsBar) -> dict[str, QPushButton]:
    return {b.text().strip(): b for b in bar.findChildren(QPushButton) if b.isVisible()}


def test_it_is_hidden_while_nothing_runs(bar: JobsBar) -> None:
    assert said(bar) == ""
    assert not bar.is_working()


def test_progress_and_its_buttons(bar: JobsBar, engine: FakeEngine, qtbot: QtBot) -> None:
    engine.emit_event(JobChanged(3, "add", "running", "firm", 112, 430, 4.0, 180.0))
    assert said(bar) == "Reading 112 of 430 files · about 3 minutes"
    assert bar.is_working()
    assert set(buttons(bar)) == {"Pause", "Stop"}
    qtbot.mouseClick(buttons(bar)["Pause"], Qt.MouseButton.LeftButton)
    qtbot.mouseClick(buttons(bar)["Stop"], Qt.MouseButton.LeftButton)
    assert [type(c) for c in engine.sent] == [PauseJob, CancelJob]
    assert {getattr(c, "job_id", 0) for c in engine.sent} == {3}


def test_a_paused_job_can_go_on(bar: JobsBar, engine: FakeEngine, qtbot: QtBot) -> None:
    engine.emit_event(JobChanged(3, "add", "paused", "firm", 112, 430))
    assert said(bar) == "Reading 112 of 430 files · paused"
    assert not bar.is_working()
    assert set(buttons(bar)) == {"Resume", "Stop"}
    qtbot.mouseClick(buttons(bar)["Resume"], Qt.MouseButton.LeftButton)
    assert isinstance(engine.sent[-1], ResumeJob)


def test_reading_is_spoken_of_before_the_rest(bar: JobsBar, engine: FakeEngine) -> None:
    engine.emit_event(JobChanged(1, "embed", "running", "", 10, 100, 1.0, 120.0))
    assert said(bar) == "Can be asked already; gets better in about 2 minutes"
    assert "Stop" not in buttons(bar)
    engine.emit_event(JobChanged(2, "add", "running", "a", 1, 5))
    engine.emit_event(JobChanged(3, "add", "queued", "b", 0, 0))
    assert said(bar) == "Reading 1 of 5 files · 1 more waits"


def test_what_was_done_is_said_for_a_moment(bar: JobsBar, engine: FakeEngine, qtbot: QtBot) -> None:
    engine.emit_event(JobChanged(2, "add", "running", "a", 4, 5))
    height = bar.sizeHint().height()
    engine.emit_event(JobChanged(2, "add", "done", "a", 5, 5))
    assert bar.sizeHint().height() == height
    assert said(bar) == "5 files read"
    assert buttons(bar) == {}
    bar._said.setInterval(10)
    bar._said.start()
    qtbot.waitUntil(lambda: said(bar) == "")
    assert bar.isVisible()  # its place is kept for a moment: nothing jumps under a click
    qtbot.waitUntil(lambda: not bar.isVisible())


def test_an_old_estimate_is_not_repeated(bar: JobsBar, engine: FakeEngine, qtbot: QtBot) -> None:
    bar._slow.setInterval(10)
    engine.emit_event(JobChanged(2, "add", "running", "a", 4, 50, 1.0, 30.0))
    assert said(bar) == "Reading 4 of 50 files · less than a minute"
    qtbot.waitUntil(lambda: said(bar) == "Reading 4 of 50 files")


def test_stopping_says_that_nothing_is_lost(bar: JobsBar, engine: FakeEngine) -> None:
    engine.emit_event(JobChanged(2, "add", "running", "a", 4, 5))
    engine.emit_event(JobChanged(2, "add", "cancelled", "a", 4, 5))
    assert said(bar) == "Stopped. What was read stays."


def test_the_engine_restarts_and_is_gone(bar: JobsBar, engine: FakeEngine, qtbot: QtBot) -> None:
    engine.engine_restarting.emit()
    assert "started again" in said(bar)
    engine.be_ready()
    assert said(bar) == ""
    engine.is_running = False
    engine.engine_gone.emit("It will not come back.")
    assert said(bar) == "It will not come back."
    assert set(buttons(bar)) == {"Start again"}
    qtbot.mouseClick(buttons(bar)["Start again"], Qt.MouseButton.LeftButton)
    assert engine.is_running


def test_closing_when_done_is_said(bar: JobsBar, engine: FakeEngine) -> None:
    engine.emit_event(JobChanged(2, "add", "running", "a", 4, 5))
    bar.say_closing()
    assert said(bar) == "Reading 4 of 5 files · RagDesk closes by itself when this is done"


def test_jobs_of_the_last_time_are_shown(firm: Desk, library: Library, bar: JobsBar) -> None:
    jobs = Jobs(firm.database)
    job_id = jobs.enqueue(JobKind.ADD, "firm")
    jobs.progress(job_id, 3, 9, moved=True)
    jobs.move(job_id, JobState.PAUSED)
    assert library.open()
    assert said(bar) == "Reading 3 of 9 files · paused"


def test_getting_and_trying_out_a_model_have_their_own_words(
    bar: JobsBar, engine: FakeEngine
) -> None:
    engine.emit_event(JobChanged(5, "fetch", "running", "ollama/qwen3:4b", 1_000_000, 3_000_000))
    assert said(bar) == "Getting the language model qwen3:4b: 1 of 3 MB"
    assert set(buttons(bar)) == {"Pause", "Stop"}
    engine.emit_event(JobChanged(5, "fetch", "done", "ollama/qwen3:4b", 3_000_000, 3_000_000))
    assert said(bar) == "The language model is here. Choose it in the settings."
    engine.emit_event(JobChanged(6, "entrance", "running", "ollama/qwen3:4b", 12, 40, 0.2, 140.0))
    assert said(bar) == (
        "Trying out the language model qwen3:4b: 12 of 40 questions · about 2 minutes"
    )
    assert set(buttons(bar)) == {"Stop"}  # it begins anew each time, so a pause keeps nothing
    engine.emit_event(JobChanged(6, "entrance", "cancelled", "ollama/qwen3:4b", 12, 40))
    assert said(bar) == "Stopped. The language model was not tried out to the end."
    engine.emit_event(JobChanged(7, "entrance", "running", "ollama/qwen3:4b", 0, 0))
    assert said(bar) == "Trying out the language model qwen3:4b"
    engine.emit_event(JobChanged(7, "entrance", "done", "ollama/qwen3:4b", 40, 40))
    assert said(bar) == "The language model was tried out. The settings say how it did."
