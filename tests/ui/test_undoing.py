"""Removing and bringing back, and shelves, in the window."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from ragdesk.messages import (
    CreateCollection,
    DeleteCollection,
    Done,
    Failed,
    RemovePlaces,
    RenameCollection,
    RestoreCollection,
    RestorePlaces,
)
from ragdesk.ui.dialogs import (
    ASK_ABOVE,
    DeleteDialog,
    NameDialog,
)
from ragdesk.ui.main_window import MainWindow
from ragdesk.ui.navigation_bar import ASK, DOCUMENTS, SETTINGS
from tests.fakes_engine import FakeEngine
from tests.ui.filling import Desk
from tests.ui.test_main_window import dialog

Open = Callable[..., MainWindow]
CTRL = Qt.KeyboardModifier.ControlModifier


def test_removing_can_be_undone(
    open_window: Open, firm: Desk, engine: FakeEngine, qtbot: QtBot
) -> None:
    window = open_window()
    window._go_to(DOCUMENTS)
    view = window.documents_page.view
    view.selectRow(0)
    qtbot.keyClick(view, Qt.Key.Key_Delete)
    removed = engine.sent[-1]
    assert isinstance(removed, RemovePlaces)
    assert not removed.final
    assert not window.toast.can_undo()  # not before it is done
    engine.emit_event(Done(removed.tag))
    assert window.toast.text().startswith("Addendum 2019 parking.docx was removed.")
    qtbot.keyClick(window, Qt.Key.Key_Z, CTRL)
    restored = engine.sent[-1]
    assert isinstance(restored, RestorePlaces)
    assert restored.place_ids == removed.place_ids
    assert not window.toast.can_undo()
    engine.emit_event(Done(restored.tag))
    assert window.toast.text() == "What was removed is back."


def test_removing_can_be_undone_when_the_toast_is_gone(
    open_window: Open, firm: Desk, engine: FakeEngine, qtbot: QtBot
) -> None:
    window = open_window()
    window.activateWindow()
    qtbot.waitActive(window)
    places = [row.placed.place for row in window.rows.rows.values()]
    for place in places[:2]:
        window.actions_.remove([place])
        engine.emit_event(Done(engine.sent[-1].tag))
    window.toast.hide()
    window.toast.say("Something else happened.")
    window.toast.hide()
    field = window.ask_page.question.field
    qtbot.keyClicks(field, "x")
    qtbot.keyClick(field, Qt.Key.Key_Z, CTRL)
    assert field.toPlainText() == ""
    assert isinstance(engine.sent[-1], RemovePlaces)
    qtbot.keyClick(field, Qt.Key.Key_Z, CTRL)
    restored = engine.sent[-1]
    assert isinstance(restored, RestorePlaces)
    assert restored.place_ids == (places[1].id,)


def test_a_new_engine_has_cleared_away_what_was_removed(
    open_window: Open, firm: Desk, engine: FakeEngine
) -> None:
    window = open_window()
    window.actions_.remove([next(iter(window.rows.rows.values())).placed.place])
    engine.emit_event(Done(engine.sent[-1].tag))
    assert window.toast.can_undo()
    engine.be_ready()
    assert not window.toast.can_undo()
    assert window.toast.text() == ""


def test_a_failure_is_said_in_words(open_window: Open, firm: Desk, engine: FakeEngine) -> None:
    window = open_window()
    window.actions_.create_shelf("Staff")
    engine.emit_event(Failed(engine.sent[-1].tag, "name_taken", {"name": "Staff"}))
    assert window.toast.text() == "There is already a shelf called Staff. Choose another name."
    window.toast.hide()
    engine.emit_event(Failed("of somebody else", "name_taken", {"name": "x"}))
    assert window.toast.text() == ""
    engine.emit_event(Failed("", "disk_full", {"home": "/h"}))
    assert window.toast.text().startswith("The disk is full.")


def test_shelves_are_made_renamed_deleted_and_brought_back(
    open_window: Open, firm: Desk, engine: FakeEngine, qtbot: QtBot
) -> None:
    window = open_window()
    window.shelf_dialogs.make()
    asking = dialog(window, NameDialog)
    assert isinstance(asking, NameDialog)
    assert not asking.confirm.isEnabled()
    qtbot.keyClicks(asking.field, "  Offers  ")
    qtbot.keyClick(asking.field, Qt.Key.Key_Return)
    created = engine.sent[-1]
    assert isinstance(created, CreateCollection)
    assert created.name == "Offers"
    offers = firm.shelf("Offers")
    engine.emit_event(Done(created.tag, offers))
    assert window.navigation.shelf == offers
    window.shelf_dialogs.rename(offers)
    asking = dialog(window, NameDialog)
    assert isinstance(asking, NameDialog)
    asking.field.setText("Quotes")
    asking.confirm.click()
    renamed = engine.sent[-1]
    assert isinstance(renamed, RenameCollection)
    assert (renamed.collection_id, renamed.name) == (offers, "Quotes")
    window.shelf_dialogs.delete(offers)
    deleted = engine.sent[-1]
    assert isinstance(deleted, DeleteCollection)
    engine.emit_event(Done(deleted.tag))
    window.toast.undo()
    assert isinstance(engine.sent[-1], RestoreCollection)


@pytest.mark.parametrize("documents", [ASK_ABOVE, ASK_ABOVE + 1])
def test_a_full_shelf_is_deleted_only_when_asked(
    open_window: Open, firm: Desk, engine: FakeEngine, tmp_path: Path, documents: int
) -> None:
    for number in range(documents):
        firm.put("Offers", tmp_path / f"Offer {number}.pdf", verdict=None)
    window = open_window()
    window.shelf_dialogs.delete(firm.shelf("Offers"))
    if documents <= ASK_ABOVE:
        assert isinstance(engine.sent[-1], DeleteCollection)
        return
    assert engine.sent == []
    asking = dialog(window, DeleteDialog)
    assert isinstance(asking, DeleteDialog)
    asking.confirm.click()
    deleted = engine.sent[-1]
    assert isinstance(deleted, DeleteCollection)
    engine.emit_event(Done(deleted.tag))
    assert window.toast.can_undo()


def test_a_shelf_shows_its_documents_only(open_window: Open, firm: Desk) -> None:
    window = open_window()
    window._go_to(SETTINGS)
    staff = firm.shelf("Staff")
    window.navigation.view.setCurrentIndex(window.shelves.index(window.shelves.row_of(staff)))
    assert window.pages.currentIndex() == DOCUMENTS
    assert window.documents_page.model.rowCount() == 4
    assert window.documents_page.title.full_text() == "Staff"
    assert window.shelves.index(0).data() == "All documents"


@pytest.mark.parametrize("size", [(1280, 800), (800, 600)])
def test_what_was_done_is_told_above_the_line_for_questions(
    open_window: Open, firm: Desk, size: tuple[int, int]
) -> None:
    window = open_window()
    window.resize(*size)
    window._go_to(ASK)
    QTest.qWait(50)
    window.toast.say("Kept: this answer is right.", lambda: None)
    bar, toast = window.ask_page.question, window.toast
    line = QRect(bar.mapToGlobal(bar.rect().topLeft()), bar.size())
    told = QRect(toast.mapToGlobal(toast.rect().topLeft()), toast.size())
    assert window.geometry().contains(told)
    assert not told.intersects(line)
