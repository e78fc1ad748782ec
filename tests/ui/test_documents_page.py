from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt, QUrl
from PySide6.QtGui import QAction, QDesktopServices, QTextDocument
from PySide6.QtWidgets import QFileDialog, QMenu, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from ragdesk.domain.document import Verdict
from ragdesk.messages import (
    AddFiles,
    CreateCollection,
    DocumentsChanged,
    Done,
    FindAgain,
    GivePassword,
    JobChanged,
    MovePlaces,
    ReadAgain,
    RemovePlaces,
)
from ragdesk.ui.dialogs import NameDialog
from ragdesk.ui.documents.document_guide import DocumentGuide
from ragdesk.ui.documents.documents_page import DocumentsPage
from ragdesk.ui.documents.password_dialog import PasswordDialog
from ragdesk.ui.main_window import MainWindow
from ragdesk.ui.navigation_bar import ASK, DOCUMENTS
from tests.fakes_engine import FakeEngine
from tests.ui.filling import FIRM, Desk

Open = Callable[..., MainWindow]


@pytest.fixture
def window(open_window: Open, firm: Desk) -> MainWindow:
    window = open_window()
    window._go_to(DOCUMENTS)
    return window


@pytest.fixture
def page(window: MainWindow) -> DocumentsPage:
    return window.documents_page


def row_of(page: DocumentsPage, name: str) -> int:
    return next(r for r in range(page.model.rowCount()) if page.model.index(r, 0).data() == name)


def menu_on(page: DocumentsPage, name: str) -> dict[str, object]:
    """The actions of a document's menu, by their words."""
    page.view.selectRow(row_of(page, name))
    page._open_menu(QPoint(5, 5))
    menu = next(m for m in page.findChildren(QMenu) if m.isVisible() and m.parent() is page)
    actions = {action.text(): action for action in menu.actions() if action.text()}
    menu.hide()
    return actions


def texts_of(guide: DocumentGuide) -> str:
    from PySide6.QtWidgets import QLabel

    return "\n".join(label.text() for label in guide.findChildren(QLabel) if label.isVisible())


# the band


def test_few_problems_stand_open_and_many_are_folded(
    page: DocumentsPage, window: MainWindow, firm: Desk
) -> None:
    assert page.band.isVisible()
    assert not page.band.view.isVisible()
    window.choose_shelf(firm.shelf("Staff"))
    assert page.band.view.isVisible()
    assert page.problems.rowCount() == 1
    window.choose_shelf(None)


def test_the_band_goes_when_all_is_well(
    page: DocumentsPage, firm: Desk, engine: FakeEngine, qtbot: QtBot
) -> None:
    for row in page._rows.needing():
        firm.read(row.id, "", "pdf", 1, Verdict.READY)
    engine.emit_event(DocumentsChanged())
    qtbot.waitUntil(lambda: not page.band.isVisible())


def test_each_problem_has_its_button(
    page: DocumentsPage, engine: FakeEngine, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    page.band._turn()
    view = page.band.view

    def press(name: str) -> None:
        row = next(r for r in range(page.problems.rowCount())
                   if page.problems.index(r).data() == name)  # fmt: skip
        index = page.problems.index(row)
        view.scrollTo(index)
        qtbot.mouseClick(
            view.viewport(), Qt.MouseButton.LeftButton, pos=view._button(index).center()
        )

    press("Old archive.zip")
    removed = engine.sent[-1]
    assert isinstance(removed, RemovePlaces)
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: ("/now/Offer 2024.docx", ""))
    press("Offer 2024.docx")
    found = engine.sent[-1]
    assert isinstance(found, FindAgain)
    assert found.path == "/now/Offer 2024.docx"
    press("Payroll March.xlsx")
    assert any(dialog.isVisible() for dialog in page.findChildren(PasswordDialog))


def test_enter_does_what_the_row_says(
    page: DocumentsPage, engine: FakeEngine, qtbot: QtBot
) -> None:
    page.band._turn()
    page.band.view.setCurrentIndex(page.problems.index(0))
    qtbot.keyClick(page.band.view, Qt.Key.Key_Return)
    assert isinstance(engine.sent[-1], RemovePlaces)


# passwords


def test_the_cursor_is_in_the_field_of_the_next_locked_file(
    page: DocumentsPage, window: MainWindow, firm: Desk, engine: FakeEngine, qtbot: QtBot,
    tmp_path: Path,
) -> None:  # fmt: skip
    firm.put("Staff", tmp_path / "Bonus.xlsx", kind="xlsx", verdict=Verdict.NEEDS_PASSWORD)
    engine.emit_event(DocumentsChanged())
    qtbot.waitUntil(lambda: page.model.rowCount() == len(FIRM) + 1)
    locked = next(row for row in page._rows.needing() if row.name == "Payroll March.xlsx")
    page.solve(locked)
    dialog = next(d for d in page.findChildren(PasswordDialog) if d.isVisible())
    dialog.activateWindow()
    qtbot.waitActive(dialog)
    qtbot.keyClicks(dialog._field, "right")
    qtbot.keyClick(dialog._field, Qt.Key.Key_Return)
    firm.read(locked.id, "Payroll", "xlsx", 4, Verdict.READY)
    engine.emit_event(DocumentsChanged((locked.id,)))
    qtbot.waitUntil(lambda: dialog._name.full_text() == "Bonus.xlsx")
    assert dialog._field.hasFocus()
    assert dialog._field.text() == ""


def test_a_wrong_password_is_said_and_a_right_one_goes_on(
    page: DocumentsPage, window: MainWindow, firm: Desk, engine: FakeEngine, qtbot: QtBot
) -> None:
    locked = next(row for row in page._rows.needing() if row.name == "Payroll March.xlsx")
    page.solve(locked)
    dialog = next(d for d in page.findChildren(PasswordDialog) if d.isVisible())
    assert dialog._name.full_text() == "Payroll March.xlsx"
    qtbot.keyClicks(dialog._field, "wrong")
    qtbot.keyClick(dialog._field, Qt.Key.Key_Return)
    given = engine.sent[-1]
    assert isinstance(given, GivePassword)
    assert (given.place_id, given.password) == (locked.id, "wrong")
    assert not dialog._open.isEnabled()
    firm.read(locked.id, "", "xlsx", 4, Verdict.NEEDS_PASSWORD)
    engine.emit_event(DocumentsChanged((locked.id,)))
    qtbot.waitUntil(dialog._open.isEnabled)
    assert dialog._result.text() == "That password does not open it. Nothing was changed."
    engine.emit_event(Done(given.tag, "7"))
    engine.emit_event(JobChanged(7, "add", "running", locked.name, 0, 1))
    engine.emit_event(JobChanged(7, "add", "done", locked.name, 1, 1))
    assert window.jobs_bar._text.full_text() == ""
    dialog._field.setText("right")
    dialog._open.click()
    firm.read(locked.id, "Payroll", "xlsx", 4, Verdict.READY)
    engine.emit_event(DocumentsChanged((locked.id,)))
    qtbot.waitUntil(lambda: not dialog.isVisible())


def test_a_locked_file_can_be_skipped(page: DocumentsPage, engine: FakeEngine) -> None:
    locked = next(row for row in page._rows.needing() if row.name == "Payroll March.xlsx")
    page.solve(locked)
    dialog = next(d for d in page.findChildren(PasswordDialog) if d.isVisible())
    dialog._skip.click()
    assert not dialog.isVisible()
    assert engine.sent == []


# menu and guide


def test_the_menu_of_a_document(
    page: DocumentsPage, engine: FakeEngine, firm: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[QUrl] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url) or True)
    actions = menu_on(page, "Notes.md")
    assert {"Open", "Open the original", "Show in folder", "Read again", "Remove"} <= set(actions)
    place = page.model.place(page.model.index(row_of(page, "Notes.md"), 0))
    page._actions.open_original(place)
    page._actions.show_in_folder(place)
    assert [Path(url.toLocalFile()) for url in opened] == [
        Path(place.absolute), Path(place.absolute).parent,
    ]  # fmt: skip
    page._actions.read_again([place.id])
    assert isinstance(engine.sent[-1], ReadAgain)
    page._actions.move([place.id], firm.shelf("Staff"), "Staff")
    moved = engine.sent[-1]
    assert isinstance(moved, MovePlaces)
    assert moved.collection_id == firm.shelf("Staff")


def press(parent: QWidget, words: str) -> None:
    next(b for b in parent.findChildren(QPushButton) if b.text().strip() == words).click()


def entries(page: DocumentsPage) -> dict[str, QAction]:
    menu = next(m for m in page.findChildren(QMenu) if m.isVisible() and m.parent() is page)
    return {action.text(): action for action in menu.actions() if action.text()}


def test_one_document_can_be_moved_read_again_and_removed_from_its_panel(
    page: DocumentsPage, window: MainWindow, engine: FakeEngine, firm: Desk
) -> None:
    page.view.selectRow(row_of(page, "Notes.md"))
    assert not page.chosen.isVisible()
    guide = window.source.guide
    press(guide, "Read again")
    assert isinstance(engine.sent[-1], ReadAgain)
    press(guide, "Move to shelf…")
    shelves = entries(page)
    assert set(shelves) == {"Leases", "Staff", "Suppliers", "New shelf…"}
    shelves["Staff"].trigger()
    moved = engine.sent[-1]
    assert isinstance(moved, MovePlaces)
    assert (moved.place_ids, moved.collection_id) == ((guide.place_id,), firm.shelf("Staff"))
    press(guide, "Remove")
    removed = engine.sent[-1]
    assert isinstance(removed, RemovePlaces)
    assert removed.place_ids == (guide.place_id,)


def test_several_documents_can_be_moved_read_again_and_removed(
    page: DocumentsPage, window: MainWindow, engine: FakeEngine
) -> None:
    page.view.selectAll()
    ids = {place.id for place in page.view.chosen()}
    assert len(ids) == len(FIRM)
    assert page.chosen.isVisible()
    press(page.chosen, "Read again")
    assert isinstance(engine.sent[-1], ReadAgain)
    press(page.chosen, "Remove")
    removed = engine.sent[-1]
    assert isinstance(removed, RemovePlaces)
    assert set(removed.place_ids) == ids
    press(page.chosen, "Move to shelf…")
    entries(page)["New shelf…"].trigger()
    asking = next(d for d in window.findChildren(NameDialog) if d.isVisible())
    asking.field.setText("All of it")
    asking.confirm.click()
    created = engine.sent[-1]
    assert isinstance(created, CreateCollection)
    engine.emit_event(Done(created.tag, "new"))
    moved = engine.sent[-1]
    assert isinstance(moved, MovePlaces)
    assert (set(moved.place_ids), moved.collection_id) == (ids, "new")


def test_an_original_that_is_gone_is_said(page: DocumentsPage, window: MainWindow) -> None:
    place = page.model.place(page.model.index(row_of(page, "Offer 2024.docx"), 0))
    page._actions.open_original(place)
    assert window.toast.text().startswith("Offer 2024.docx is no longer where it was.")


def test_the_guide_tells_of_the_chosen_document(
    page: DocumentsPage, window: MainWindow, firm: Desk, engine: FakeEngine, qtbot: QtBot
) -> None:
    page.view.selectRow(row_of(page, "Staff handbook 2026.pdf"))
    guide = window.source.guide
    said = texts_of(guide)
    for part in ("Staff handbook", "44 pages", "Ready, with gaps", "Page 31 could not be read",
                 "Page 12 holds a picture without text", "Staff",
                 "Found by its words, soon by meaning too"):  # fmt: skip
        assert part in said
    firm.read(guide.place_id or 0, "Staff handbook", "pdf", 45, Verdict.READY)
    engine.emit_event(DocumentsChanged((guide.place_id or 0,)))
    qtbot.waitUntil(lambda: "45 pages" in texts_of(guide))
    assert "could not be read" not in texts_of(guide)


def test_opening_shows_the_document_itself(
    page: DocumentsPage, window: MainWindow, qtbot: QtBot
) -> None:
    page.view.selectRow(row_of(page, "Notes.md"))
    with qtbot.waitSignal(page.document_opened):
        qtbot.keyClick(page.view, Qt.Key.Key_Return)
    assert window.source.viewer.isVisible()


def test_a_file_that_was_not_read_opens_its_guide(page: DocumentsPage, window: MainWindow) -> None:
    page.open_place(page.model.place(page.model.index(row_of(page, "Old archive.zip"), 0)))
    assert window.source.guide.isVisible()
    assert "This kind of file" not in texts_of(window.source.guide)
    assert "Save it as PDF, Word or text" in texts_of(window.source.guide)


def test_adding_files_and_a_folder(
    page: DocumentsPage, engine: FakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_: (["/a.pdf", "/b.pdf"], ""))
    page.choose_files()
    added = engine.sent[-1]
    assert isinstance(added, AddFiles)
    assert added.paths == ("/a.pdf", "/b.pdf")
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: "")
    page.choose_folder()
    assert engine.sent[-1] is added


def test_a_search_without_a_find_says_what_to_do(page: DocumentsPage, qtbot: QtBot) -> None:
    qtbot.keyClicks(page.search, "zebra")
    qtbot.waitUntil(lambda: page.model.rowCount() == 0)
    assert page._empty_title.isVisible()
    assert page._empty_title.text() == "No name fits"
    page.search.clear()
    qtbot.waitUntil(lambda: page.model.rowCount() == len(FIRM))
    assert not page._empty_title.isVisible()


def test_the_page_keeps_its_title_and_states_beside_an_open_panel(
    page: DocumentsPage, window: MainWindow, qtbot: QtBot
) -> None:
    from ragdesk.ui.documents.documents_model import NAME, PAGES, STATE

    window.resize(1200, 780)
    notes = page.model.place(page.model.index(row_of(page, "Notes.md"), 0))
    page.view.selectRow(row_of(page, "Notes.md"))
    assert window.source.guide.isVisible()
    qtbot.wait(50)
    assert page.title.text() == page.title.full_text()
    assert not page.view.isColumnHidden(STATE)
    assert not page.view.isColumnHidden(PAGES)
    page.open_place(notes)
    assert window.source.viewer.isVisible()
    qtbot.wait(50)
    assert page.title.text() == page.title.full_text()
    assert page.search.isVisible()
    assert not page.view.isColumnHidden(STATE)
    assert page.view.columnWidth(NAME) > 200
    window._go_to(ASK)
    window._go_to(DOCUMENTS)
    assert not window.source.viewer.isVisible()


def test_tooltips_show_a_name_as_it_stands(
    page: DocumentsPage, firm: Desk, engine: FakeEngine, qtbot: QtBot, tmp_path: Path
) -> None:
    firm.put("Staff", tmp_path / "<b>Bold<img src='x'>.txt", kind="txt", verdict=Verdict.EMPTY)
    engine.emit_event(DocumentsChanged())
    qtbot.waitUntil(lambda: page.model.rowCount() == len(FIRM) + 1)
    index = page.model.index(row_of(page, "<b>Bold<img src='x'>.txt"), 0)
    problem = page.problems.index(page.problems.rowCount() - 1)
    for tip in (index.data(Qt.ItemDataRole.ToolTipRole), problem.data(Qt.ItemDataRole.ToolTipRole)):
        shown = QTextDocument()
        shown.setHtml(tip)
        assert "<b>Bold<img src='x'>.txt" in shown.toPlainText()


def test_columns_give_way_where_room_is_short(
    page: DocumentsPage, window: MainWindow, qtbot: QtBot
) -> None:
    from ragdesk.ui.documents.documents_model import CHANGED, NAME, STATE

    window.source.close()
    assert not page.view.isColumnHidden(CHANGED)
    window.resize(800, 600)
    qtbot.waitUntil(lambda: page.view.isColumnHidden(CHANGED))
    assert not page.view.isColumnHidden(STATE)
    assert page.view.columnWidth(NAME) > 150
