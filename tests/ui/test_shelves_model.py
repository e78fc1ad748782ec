from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QModelIndex, Qt, QUrl
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from ragdesk.messages import CollectionsChanged, DocumentsChanged
from ragdesk.ui.library import Library
from ragdesk.ui.shelves_model import COUNT, ID, ShelvesModel
from tests.fakes_engine import FakeEngine
from tests.ui.filling import FIRM, Desk


@pytest.fixture
def model(firm: Desk, library: Library, engine: FakeEngine) -> ShelvesModel:
    library.open()
    return ShelvesModel(library, engine)


def test_shelves_with_their_counts(model: ShelvesModel, qtmodeltester: ModelTester) -> None:
    qtmodeltester.check(model)
    shown = [(model.index(r).data(), model.index(r).data(COUNT)) for r in range(model.rowCount())]
    assert shown == [
        ("All documents", len(FIRM)), ("Leases", 4), ("Staff", 4), ("Suppliers", 5),
        ("My documents", 4),
    ]  # fmt: skip
    assert model.index(0).data(ID) is None
    spoken = model.index(1).data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == "Leases, 4 documents"


def test_only_all_is_shown_before_there_is_a_library(
    library: Library, engine: FakeEngine, home: object
) -> None:
    model = ShelvesModel(library, engine)
    assert model.rowCount() == 1
    assert model.index(0).data(COUNT) == 0


def test_new_counts_need_no_reset(
    model: ShelvesModel, firm: Desk, engine: FakeEngine, qtbot: QtBot
) -> None:
    resets: list[int] = []
    model.modelReset.connect(lambda: resets.append(1))
    firm.put("Leases", Path("/new.pdf"))
    with qtbot.waitSignal(model.dataChanged):
        engine.emit_event(DocumentsChanged())
    assert model.index(1).data(COUNT) == 5
    assert resets == []


def test_new_and_deleted_shelves(
    model: ShelvesModel, firm: Desk, engine: FakeEngine, qtbot: QtBot
) -> None:
    staff = firm.shelf("Staff")
    firm.collections.remove(staff)
    offers = firm.shelf("Offers")
    with qtbot.waitSignal(model.modelReset):
        engine.emit_event(CollectionsChanged())
    assert model.row_of(staff) == 0
    assert model.index(model.row_of(offers)).data() == "Offers"


def test_nothing_can_be_dropped_on_all_documents(model: ShelvesModel) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile("/a.pdf")])
    dropped: list[object] = []
    model.files_dropped.connect(lambda *what: dropped.append(what))
    copy = Qt.DropAction.CopyAction
    assert not model.dropMimeData(data, copy, -1, -1, QModelIndex())
    assert not model.dropMimeData(data, copy, -1, -1, model.index(0))
    assert model.dropMimeData(data, copy, -1, -1, model.index(2))
    assert dropped == [(["/a.pdf"], model.index(2).data(ID))]
    web = QMimeData()
    web.setUrls([QUrl("https://example.org/a.pdf")])
    assert not model.dropMimeData(web, copy, -1, -1, model.index(2))


def test_a_shelf_with_a_deceiving_name(
    model: ShelvesModel, firm: Desk, engine: FakeEngine, qtbot: QtBot
) -> None:
    firm.shelf("\u202etxt")
    with qtbot.waitSignal(model.modelReset):
        engine.emit_event(CollectionsChanged())
    assert model.index(model.rowCount() - 1).data() == "<U+202E>txt"
