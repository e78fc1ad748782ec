"""The window on the real engine: what a person does, and what is then in the store."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pypdf
import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from ragdesk.domain.document import Verdict
from ragdesk.store.home import Home
from ragdesk.ui.ask.teach_dialog import ELSEWHERE, TeachDialog
from ragdesk.ui.dialogs import Leaving
from ragdesk.ui.documents.password_dialog import PasswordDialog
from ragdesk.ui.engine_client import EngineClient
from ragdesk.ui.library import Library
from ragdesk.ui.main_window import MainWindow
from ragdesk.ui.navigation_bar import ASK, DOCUMENTS
from ragdesk.ui.start_page import sample_documents

SOON = 60_000  # milliseconds


@pytest.fixture
def window(home: Home, library: Library, qtbot: QtBot, qapp: QApplication) -> Iterator[MainWindow]:
    client = EngineClient(home)
    window = MainWindow(library, client)
    window.show()
    client.start()
    qtbot.waitUntil(lambda: library.is_open, timeout=SOON)
    yield window
    window.leave_now()
    window.deleteLater()
    qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    library.close()
    client.close()


def sample(ending: str) -> str:
    return next(path for path in sample_documents() if path.endswith(ending))


@pytest.fixture
def locked(tmp_path: Path) -> str:
    writer = pypdf.PdfWriter(clone_from=sample("Staff handbook.pdf"))
    writer.encrypt("tiles")
    path = tmp_path / "Locked handbook.pdf"
    writer.write(path)
    return str(path)


def verdicts(window: MainWindow) -> dict[str, Verdict | None]:
    return {
        row.name: row.placed.document.verdict if row.placed.document else None
        for row in window.rows.rows.values()
    }


def all_read(window: MainWindow, count: int) -> Callable[[], bool]:
    return lambda: len(window.rows.rows) == count and None not in verdicts(window).values()


def test_a_locked_file_is_opened_with_its_password(
    window: MainWindow, locked: str, qtbot: QtBot
) -> None:
    window.add([locked, sample(".txt")])
    qtbot.waitUntil(all_read(window, 2), timeout=SOON)
    assert verdicts(window)["Locked handbook.pdf"] is Verdict.NEEDS_PASSWORD
    window._go_to(DOCUMENTS)
    problems = window.documents_page.problems
    window.documents_page.solve(problems.row(problems.index(0)))
    dialog = next(d for d in window.findChildren(PasswordDialog) if d.isVisible())
    dialog._field.setText("slates")
    dialog._open.click()
    qtbot.waitUntil(dialog._open.isEnabled, timeout=SOON)
    assert dialog._result.text().startswith("That password does not open it.")
    dialog._field.setText("tiles")
    dialog._open.click()
    qtbot.waitUntil(lambda: not dialog.isVisible(), timeout=SOON)
    assert verdicts(window)["Locked handbook.pdf"] is Verdict.READY
    assert not window.documents_page.band.isVisible()


def test_removing_and_bringing_back(window: MainWindow, qtbot: QtBot) -> None:
    window.add([sample(".txt"), sample(".md")])
    qtbot.waitUntil(all_read(window, 2), timeout=SOON)
    window._go_to(DOCUMENTS)
    window.documents_page.view.selectRow(0)
    gone = window.documents_page.view.chosen()[0]
    window.documents_page.view.remove_wanted.emit()
    qtbot.waitUntil(window.toast.can_undo, timeout=SOON)
    qtbot.waitUntil(lambda: gone.id not in window.rows.rows, timeout=SOON)
    window.toast.undo()
    qtbot.waitUntil(lambda: gone.id in window.rows.rows, timeout=SOON)
    assert window.documents_page.model.rowCount() == 2


def test_shelves_from_making_to_bringing_back(window: MainWindow, qtbot: QtBot) -> None:
    window.add([sample(".txt"), sample(".md")])
    qtbot.waitUntil(all_read(window, 2), timeout=SOON)
    window.actions_.create_shelf("Rules")
    qtbot.waitUntil(lambda: window.navigation.shelf is not None, timeout=SOON)
    rules = window.navigation.shelf
    assert window.documents_page.title.full_text() == "Rules"
    moved = next(iter(window.rows.rows))
    window.actions_.move([moved], rules or "", "Rules")
    qtbot.waitUntil(lambda: window.rows.rows[moved].shelf == "Rules", timeout=SOON)
    qtbot.waitUntil(lambda: window.documents_page.model.rowCount() == 1, timeout=SOON)
    window.actions_.create_shelf("rules")
    qtbot.waitUntil(lambda: "already a shelf" in window.toast.text(), timeout=SOON)
    window.shelf_dialogs.delete(rules or "")
    qtbot.waitUntil(lambda: moved not in window.rows.rows, timeout=SOON)
    qtbot.waitUntil(window.toast.can_undo, timeout=SOON)
    assert "Rules was deleted" in window.toast.text()
    window.toast.undo()
    qtbot.waitUntil(lambda: moved in window.rows.rows, timeout=SOON)
    qtbot.waitUntil(lambda: window.shelves.row_of(rules) > 0, timeout=SOON)


def test_an_engine_that_is_killed_goes_on_with_the_work(window: MainWindow, qtbot: QtBot) -> None:
    engine: EngineClient = window.client
    documents = sample_documents()
    window.add(documents)
    qtbot.waitUntil(lambda: len(window.rows.rows) > 0, timeout=SOON)
    assert engine._process is not None
    with qtbot.waitSignal(engine.engine_restarting, timeout=SOON):
        os.kill(engine._process.processId(), signal.SIGKILL)
    qtbot.waitUntil(lambda: engine.is_ready, timeout=SOON)
    qtbot.waitUntil(all_read(window, len(documents)), timeout=2 * SOON)
    assert set(verdicts(window).values()) == {Verdict.READY}


def test_finishing_first_closes_when_all_is_done(window: MainWindow, qtbot: QtBot) -> None:
    documents = sample_documents()
    window.add(documents)
    qtbot.waitUntil(window.jobs_bar.is_working, timeout=SOON)
    assert not window.close()
    window._leave(Leaving.FINISH)
    qtbot.waitUntil(lambda: not window.isVisible(), timeout=2 * SOON)
    rows = window.library.documents.all()
    assert {row.document.found_by for row in rows if row.document} == {"meaning"}
    assert len(rows) == len(documents)


def test_a_question_is_answered_beside_its_source(window: MainWindow, qtbot: QtBot) -> None:
    window.add([sample("Lease showroom 12 Quay Road.pdf")])
    qtbot.waitUntil(all_read(window, 1), timeout=SOON)
    qtbot.waitUntil(window.start_page.ask.isEnabled, timeout=SOON)
    window.resize(1280, 800)
    window.start_page.ask.click()
    assert window.pages.currentIndex() == ASK
    window.ask_page.ask("How much notice must the tenant give to end the lease?")
    qtbot.waitUntil(lambda: window.source.work.is_pane_open, timeout=SOON)
    assert window.source.viewer.isVisible()


def test_an_answer_is_called_right_taught_otherwise_and_taken_back(
    window: MainWindow, qtbot: QtBot
) -> None:
    window.add([sample("Lease showroom 12 Quay Road.pdf")])
    qtbot.waitUntil(all_read(window, 1), timeout=SOON)
    qtbot.waitUntil(window.start_page.ask.isEnabled, timeout=SOON)
    window.start_page.ask.click()
    page = window.ask_page
    page.ask("How much notice must the tenant give to end the lease?")
    qtbot.waitUntil(lambda: page.turns.view(0).body is not None, timeout=SOON)
    turn, kept = page.model.turn(0), window.library.judgements
    right = page.turns.view(0).findChild(QPushButton, "right")
    right.click()
    qtbot.waitUntil(right.isChecked, timeout=SOON)
    said = kept.get(turn.id)
    assert said is not None
    assert turn.answer is not None
    assert (said.verdict, said.document_id) == ("right", turn.answer.citations[0].document_id)

    page.turns.view(0).findChild(QPushButton, "teach").click()
    dialog = next(d for d in window.findChildren(TeachDialog) if d.isVisible())
    dialog.where.button(ELSEWHERE).click()
    dialog.finder.words.setText("pays rent")
    dialog.finder.found.choose(0)
    place = dialog.finder.chosen()
    assert place is not None
    word = next(w for w in place.quote.split() if w.isalpha() and place.quote.count(w) == 1)
    dialog.answer.setText(word)
    dialog.keep.click()
    qtbot.waitUntil(lambda: kept.all()[0].verdict == "wrong", timeout=SOON)
    said = kept.all()[0]
    (span,) = said.spans
    stored = window.library.documents.pages(said.document_id or "", [span.page])[0].text
    assert stored[span.start : span.start + span.length] == word

    qtbot.waitUntil(window.toast.offers_undo, timeout=SOON)
    window.toast.undo()
    qtbot.waitUntil(lambda: kept.all()[0].verdict == "right", timeout=SOON)
    right.click()
    qtbot.waitUntil(lambda: kept.count() == 0, timeout=SOON)
