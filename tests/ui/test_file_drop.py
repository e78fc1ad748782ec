"""Files and documents let go on the window and on its shelves."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from ragdesk.messages import AddFiles, MovePlaces
from ragdesk.ui.documents.documents_model import DocumentsModel
from ragdesk.ui.main_window import MainWindow
from ragdesk.ui.navigation_bar import ASK, DOCUMENTS, SETTINGS
from tests.fakes_engine import FakeEngine
from tests.ui.filling import Desk

Open = Callable[..., MainWindow]


def files(*paths: str) -> QMimeData:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(path) for path in paths])
    return data


def drag_over(window: QWidget, data: QMimeData, at: QPoint) -> QDragEnterEvent:
    entering = QDragEnterEvent(
        QPointF(at), Qt.DropAction.CopyAction | Qt.DropAction.MoveAction, data,
        Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier,
    )  # fmt: skip
    QApplication.sendEvent(window, entering)
    return entering


def let_go(widget: QWidget, data: QMimeData, at: QPoint) -> QDropEvent:
    dropping = QDropEvent(
        QPointF(at), Qt.DropAction.CopyAction | Qt.DropAction.MoveAction, data,
        Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier,
    )  # fmt: skip
    QApplication.sendEvent(widget, dropping)
    return dropping


@pytest.mark.parametrize("page", [ASK, DOCUMENTS, SETTINGS])
def test_files_may_be_dropped_anywhere(
    open_window: Open, firm: Desk, engine: FakeEngine, page: int
) -> None:
    window = open_window()
    window._go_to(page)
    data = files("/papers/a.pdf", "/papers/more")
    entering = drag_over(window, data, QPoint(600, 300))
    assert entering.isAccepted()
    assert window.drop.overlay.isVisible()
    assert window.drop.overlay.text() == "Let go to put 2 files on the shelf Leases"
    moving = QDragMoveEvent(
        QPointF(610, 310), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )  # fmt: skip
    QApplication.sendEvent(window, moving)
    assert moving.isAccepted()
    dropping = let_go(window, data, QPoint(600, 300))
    assert dropping.dropAction() == Qt.DropAction.CopyAction
    assert not window.drop.overlay.isVisible()
    added = engine.sent[-1]
    assert isinstance(added, AddFiles)
    assert added.paths == ("/papers/a.pdf", "/papers/more")


def test_no_field_takes_a_drop_for_itself(open_window: Open, firm: Desk) -> None:
    window = open_window()
    assert [field for field in window.findChildren(QLineEdit) if field.acceptDrops()] == []


def test_a_drag_that_leaves_or_holds_no_files(open_window: Open, engine: FakeEngine) -> None:
    window = open_window()
    drag_over(window, files("/a.pdf"), QPoint(600, 300))
    assert window.drop.overlay.text() == "Let go to add 1 file"
    QApplication.sendEvent(window, QDragLeaveEvent())
    assert not window.drop.overlay.isVisible()
    words = QMimeData()
    words.setText("only words")
    assert not drag_over(window, words, QPoint(600, 300)).isAccepted()
    assert not window.drop.overlay.isVisible()
    assert engine.sent == []


def test_files_land_on_the_shelf_that_is_chosen(
    open_window: Open, firm: Desk, engine: FakeEngine
) -> None:
    window = open_window()
    staff = firm.shelf("Staff")
    window.navigation.view.setCurrentIndex(window.shelves.index(window.shelves.row_of(staff)))
    data = files("/a.pdf")
    drag_over(window, data, QPoint(600, 300))
    assert window.drop.overlay.text() == "Let go to put 1 file on the shelf Staff"
    let_go(window, data, QPoint(600, 300))
    added = engine.sent[-1]
    assert isinstance(added, AddFiles)
    assert added.collection_id == staff


def test_files_and_documents_dropped_on_a_shelf(
    open_window: Open, firm: Desk, engine: FakeEngine
) -> None:
    window = open_window()
    view, suppliers = window.navigation.view, firm.shelf("Suppliers")
    at = view.visualRect(window.shelves.index(window.shelves.row_of(suppliers))).center()
    data = files("/a.pdf")
    moving = QDragMoveEvent(
        QPointF(at), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )  # fmt: skip
    drag_over(view.viewport(), data, at)
    QApplication.sendEvent(view.viewport(), moving)
    assert window.drop.overlay.text() == "Let go to put this on the shelf Suppliers"
    let_go(view.viewport(), data, at)
    added = engine.sent[-1]
    assert isinstance(added, AddFiles)
    assert added.collection_id == suppliers
    model: DocumentsModel = window.documents_page.model
    carried = model.mimeData([model.index(0, 0), model.index(1, 0)])
    drag_over(view.viewport(), carried, at)
    let_go(view.viewport(), carried, at)
    moved = engine.sent[-1]
    assert isinstance(moved, MovePlaces)
    assert (set(moved.place_ids), moved.collection_id) == (set(model.ids[:2]), suppliers)
