from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QMenu, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from ragdesk.messages import (
    AddFiles,
    AnswerGrows,
    CreateCollection,
    DeleteCollection,
    DocumentsChanged,
    Done,
    JobChanged,
    SettingsChanged,
    StopAnswer,
)
from ragdesk.store.choices import Choices
from ragdesk.store.conversations import Conversations
from ragdesk.store.home import Home
from ragdesk.ui.dialogs import (
    LeaveDialog,
    Leaving,
    ShortcutsDialog,
)
from ragdesk.ui.library import Library
from ragdesk.ui.main_window import START, TITLE_BAR, MainWindow
from ragdesk.ui.navigation_bar import ASK, ASSISTANTS, DOCUMENTS, SETTINGS
from ragdesk.ui.start_page import sample_documents
from ragdesk.ui.theme import DARK, theme
from tests.fakes_engine import FakeEngine
from tests.ui.filling import FIRM, Desk

Open = Callable[..., MainWindow]
CTRL = Qt.KeyboardModifier.ControlModifier


def dialog(window: MainWindow, kind: type[QDialog]) -> QDialog:
    return next(d for d in window.findChildren(kind) if d.isVisible())


# pages


def test_without_documents_it_begins_with_an_invitation(open_window: Open) -> None:
    window = open_window()
    assert window.pages.currentIndex() == START
    assert not window.start_page.is_reading()
    assert not window.jobs_bar.isVisible()


def test_with_documents_it_begins_with_the_question(open_window: Open, firm: Desk) -> None:
    window = open_window()
    assert window.pages.currentIndex() == ASK
    assert window.documents_page.model.rowCount() == len(FIRM)


def test_the_first_documents_fill_the_start_page(
    open_window: Open, engine: FakeEngine, library: object, qtbot: QtBot
) -> None:
    window = open_window()
    window.add(["/papers"])
    assert window.start_page.is_reading()
    desk = Desk(window.library.home)
    engine.be_ready()
    desk.fill(desk.home.folder)
    engine.emit_event(DocumentsChanged())
    qtbot.waitUntil(lambda: window.start_page.names.model().rowCount() == len(FIRM))
    assert window.pages.currentIndex() == START
    assert window.start_page.ask.isEnabled()
    before = window.start_page.ask.mapTo(window, QPoint())
    engine.emit_event(JobChanged(1, "embed", "running", "", 10, 100, 1.0, 120.0))
    qtbot.waitUntil(window.jobs_bar.isVisible)
    assert window.start_page.ask.mapTo(window, QPoint()) == before
    qtbot.mouseClick(window.start_page.ask, Qt.MouseButton.LeftButton)
    assert window.pages.currentIndex() == ASK
    desk.close()


def test_a_drop_without_files_goes_back_to_the_invitation(
    open_window: Open, engine: FakeEngine
) -> None:
    window = open_window()
    window.add(["/empty"])
    engine.emit_event(JobChanged(1, "add", "running", "empty", 0, 0))
    engine.emit_event(JobChanged(1, "add", "done", "empty", 0, 0))
    assert not window.start_page.is_reading()
    assert "no file" in window.toast.text()


def test_removing_the_last_document_comes_back_to_the_start(
    open_window: Open, firm: Desk, engine: FakeEngine, qtbot: QtBot
) -> None:
    window = open_window()
    qtbot.keyClick(window, Qt.Key.Key_2, CTRL)
    firm.documents.remove(list(window.rows.rows))
    engine.emit_event(DocumentsChanged())
    qtbot.waitUntil(lambda: window.pages.currentIndex() == START)
    assert not window.rows.rows


@pytest.mark.parametrize(
    ("key", "page"),
    [
        (Qt.Key.Key_1, ASK),
        (Qt.Key.Key_2, DOCUMENTS),
        (Qt.Key.Key_3, ASSISTANTS),
        (Qt.Key.Key_4, SETTINGS),
    ],
)
def test_keys_for_the_pages(
    open_window: Open, firm: Desk, qtbot: QtBot, key: Qt.Key, page: int
) -> None:
    window = open_window()
    qtbot.keyClick(window, key, CTRL)
    assert window.pages.currentIndex() == page


def test_keys_for_fields_and_lists(open_window: Open, firm: Desk, qtbot: QtBot) -> None:
    window = open_window()
    window.activateWindow()
    qtbot.waitActive(window)
    qtbot.keyClick(window, Qt.Key.Key_F, CTRL)
    assert window.documents_page.search.hasFocus()
    qtbot.keyClicks(window.documents_page.search, "warehouse")
    qtbot.waitUntil(lambda: window.documents_page.model.rowCount() == 1)
    qtbot.keyClick(window, Qt.Key.Key_L, CTRL)
    assert window.pages.currentIndex() == ASK
    focused = QApplication.focusWidget()
    assert focused is not None
    assert window.ask_page.isAncestorOf(focused)
    qtbot.keyClick(window, Qt.Key.Key_F1)
    shown = dialog(window, ShortcutsDialog)
    assert {"Ctrl+N", "Ctrl+H", "Ctrl+Z"} <= {part.text() for part in shown.findChildren(QLabel)}
    qtbot.keyClick(shown, Qt.Key.Key_Escape)
    assert not shown.isVisible()


def test_tab_reaches_everything_and_comes_back(open_window: Open, firm: Desk, qtbot: QtBot) -> None:
    window = open_window()
    window.activateWindow()
    qtbot.waitActive(window)
    qtbot.keyClick(window, Qt.Key.Key_2, CTRL)
    reached: list[QWidget] = []
    for _ in range(60):
        focused = QApplication.focusWidget()
        assert focused is not None
        if focused in reached:
            break
        reached.append(focused)
        qtbot.keyClick(focused, Qt.Key.Key_Tab)
    page = window.documents_page
    for wanted in (page.search, page.view, window.navigation.view):
        assert wanted in reached


def test_the_cursor_is_in_the_question_whenever_the_page_is_shown(
    open_window: Open, firm: Desk, engine: FakeEngine, qtbot: QtBot
) -> None:
    window = open_window()
    window.activateWindow()
    qtbot.waitActive(window)
    field = window.ask_page.question.field
    qtbot.waitUntil(field.hasFocus)
    place = {n: window.navigation._buttons.button(n) for n in (ASK, DOCUMENTS)}
    qtbot.mouseClick(place[DOCUMENTS], Qt.MouseButton.LeftButton)
    assert not field.hasFocus()
    qtbot.mouseClick(place[ASK], Qt.MouseButton.LeftButton)
    assert field.hasFocus()
    qtbot.keyClick(window, Qt.Key.Key_3, CTRL)
    qtbot.keyClick(window, Qt.Key.Key_1, CTRL)
    assert field.hasFocus()
    qtbot.keyClicks(field, "Who pays?")
    qtbot.mouseClick(window.ask_page.question._send, Qt.MouseButton.LeftButton)
    assert field.hasFocus()


def test_the_sample_firm_lies_on_a_shelf_of_its_own(
    open_window: Open, engine: FakeEngine, home: Home
) -> None:
    window = open_window()
    sample = next(b for b in window.start_page.findChildren(QPushButton)
                  if b.text() == "Try it with a sample firm")  # fmt: skip
    sample.click()
    created = engine.sent[-1]
    assert isinstance(created, CreateCollection)
    assert created.name == "Sample firm"
    desk = Desk(home)
    shelf = desk.shelf("Sample firm")
    engine.emit_event(Done(created.tag, shelf))
    added = engine.sent[-1]
    assert isinstance(added, AddFiles)
    assert (added.collection_id, added.paths) == (shelf, tuple(sample_documents()))
    assert window.navigation.shelf is None
    engine.be_ready()
    sample.click()
    again = engine.sent[-1]
    assert isinstance(again, AddFiles)
    assert again.collection_id == shelf
    desk.close()


# sizes, looks


def test_a_small_window_folds_and_slides(open_window: Open, firm: Desk, qtbot: QtBot) -> None:
    window = open_window(1280, 800)
    window._go_to(DOCUMENTS)
    window.documents_page.view.selectRow(4)
    pane, work = window.source.work.pane, window.source.work
    assert pane.isVisible()
    assert not work.is_narrow
    assert window.pages.geometry().right() <= pane.geometry().left()
    assert window.navigation.view.isVisible()
    window.resize(800, 600)
    qtbot.waitUntil(lambda: work.is_narrow)
    assert not window.navigation.view.isVisible()
    assert window.navigation.width() < 80
    assert pane.geometry().right() == work.rect().right()
    assert pane.geometry().left() < window.pages.geometry().right()
    window.source.close()
    window.documents_page.view.selectRow(6)
    assert not pane.isVisible()  # what is chosen must not be covered
    window.resize(1280, 800)
    qtbot.waitUntil(lambda: not work.is_narrow)
    window.documents_page.view.selectRow(7)
    assert pane.isVisible()
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert not pane.isVisible()


def test_escape_stops_the_writing_first(
    open_window: Open, engine: FakeEngine, firm: Desk, qtbot: QtBot
) -> None:
    window = open_window(1280, 800)
    conversations = Conversations(firm.database)
    turn = conversations.ask("How long is the notice?", "", None)
    window._go_to(ASK)
    window.ask_page.open_conversation(turn.conversation_id)
    engine.emit_event(AnswerGrows(turn.conversation_id, turn.id, "Three"))
    window.activateWindow()
    field = window.ask_page.question.field
    field.setFocus()
    qtbot.waitUntil(field.hasFocus)
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    stopped = [command for command in engine.sent if isinstance(command, StopAnswer)]
    assert [command.turn_id for command in stopped] == [turn.id]


def test_the_first_window_fits_the_screen(
    library: Library, engine: FakeEngine, qtbot: QtBot
) -> None:
    window = MainWindow(library, engine)
    qtbot.addWidget(window)
    room = window.screen().availableGeometry()
    assert window.width() == min(1200, room.width())
    assert window.height() == min(780, room.height() - TITLE_BAR)


def test_the_column_keeps_its_words_at_150_percent_where_there_is_room(
    open_window: Open, firm: Desk, qtbot: QtBot
) -> None:
    window = open_window(1200, 780, size=150)
    assert window.navigation.view.isVisible()
    window.resize(1100, 780)
    qtbot.waitUntil(lambda: not window.navigation.view.isVisible())


def test_the_folded_column_renames_and_deletes_the_chosen_shelf(
    open_window: Open, firm: Desk, engine: FakeEngine
) -> None:
    window = open_window(800, 600)
    window.navigation.view.setCurrentIndex(
        window.shelves.index(window.shelves.row_of(firm.shelf("Staff")))
    )
    window.navigation._open_shelves()
    menu = next(m for m in window.navigation.findChildren(QMenu) if m.isVisible())
    entries = {action.text(): action for action in menu.actions()}
    assert "Rename Staff…" in entries
    entries["Delete Staff"].trigger()
    deleted = engine.sent[-1]
    assert isinstance(deleted, DeleteCollection)
    assert deleted.collection_id == firm.shelf("Staff")
    menu.close()


def test_the_width_of_the_source_is_remembered(open_window: Open, firm: Desk) -> None:
    window = open_window()
    window._go_to(DOCUMENTS)
    window.documents_page.view.selectRow(1)
    window.source.work._splitter.moveSplitter(500, 1)
    wide = window.source.work.pane.width()
    window.leave_now()
    again = open_window()
    again._go_to(DOCUMENTS)
    again.documents_page.view.selectRow(1)
    assert again.source.work.pane.width() == pytest.approx(wide, abs=2)


def test_the_look_follows_the_settings(
    open_window: Open, firm: Desk, engine: FakeEngine, qapp: QApplication
) -> None:
    window = open_window()
    Choices(firm.database).change("appearance", "dark")
    Choices(firm.database).change("text_size", 150)
    engine.emit_event(SettingsChanged())
    assert theme.tokens == DARK
    assert theme.px(10) == pytest.approx(15, abs=1)
    assert qapp.palette().window().color().name() == DARK.page.lower()
    assert window.settings_page.controls["text_size"].property("value") == 150


# leaving


def test_leaving_asks_while_something_long_runs(
    open_window: Open, firm: Desk, engine: FakeEngine
) -> None:
    window = open_window()
    engine.be_ready()
    engine.emit_event(JobChanged(4, "add", "running", "firm", 1, 400, 1.0, 399.0))
    assert not window.close()
    asking = dialog(window, LeaveDialog)
    assert isinstance(asking, LeaveDialog)
    asking.reject()
    assert window.isVisible()
    assert engine.left == []
    window._leave(Leaving.FINISH)
    assert engine.left == [True]
    assert window.isVisible()
    engine.engine_left.emit()
    assert not window.isVisible()


def test_leaving_now_closes_at_once(open_window: Open, firm: Desk, engine: FakeEngine) -> None:
    window = open_window()
    engine.emit_event(JobChanged(4, "add", "running", "firm", 1, 400))
    window.close()
    asking = dialog(window, LeaveDialog)
    assert isinstance(asking, LeaveDialog)
    asking._end(Leaving.STOP)
    assert not window.isVisible()


def test_leaving_asks_nothing_when_nothing_runs(
    open_window: Open, firm: Desk, engine: FakeEngine
) -> None:
    window = open_window()
    engine.emit_event(JobChanged(4, "add", "paused", "firm", 1, 400))
    assert window.close()
