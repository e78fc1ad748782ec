from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QTableView
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from ragdesk.domain.document import Verdict
from ragdesk.messages import DocumentsChanged
from ragdesk.ui.documents.document_rows import DocumentRows, Need
from ragdesk.ui.documents.documents_model import NAME, PAGES, SHELF, DocumentsModel, places_in
from ragdesk.ui.documents.problems_model import ACTION, SENTENCE, ProblemsModel
from ragdesk.ui.library import Library
from tests.fakes_engine import FakeEngine
from tests.ui.filling import FIRM, Desk


@pytest.fixture
def rows(firm: Desk, library: Library, engine: FakeEngine, qtbot: QtBot) -> Iterator[DocumentRows]:
    library.open()
    rows = DocumentRows(library, engine)
    qtbot.waitUntil(lambda: rows.loaded)
    yield rows
    rows.wait()


def names(model: DocumentsModel) -> list[str]:
    return [model.index(row, NAME).data() for row in range(model.rowCount())]


def hint(qtbot: QtBot, engine: FakeEngine, rows: DocumentRows, *ids: int) -> None:
    """What the engine says after a change, and the wait until the window has read it."""
    with qtbot.waitSignal(rows.changed):
        engine.emit_event(DocumentsChanged(ids))


def test_the_model_keeps_qts_rules(
    rows: DocumentRows, firm: Desk, engine: FakeEngine, qtbot: QtBot, qtmodeltester: ModelTester
) -> None:
    model = DocumentsModel(rows)
    qtmodeltester.check(model)
    fatal = QAbstractItemModelTester.FailureReportingMode.Fatal
    tester = QAbstractItemModelTester(model, fatal)
    model.set_search("lease")
    model.set_search("")
    model.sort(PAGES, Qt.SortOrder.DescendingOrder)
    firm.documents.remove([2, 3, 7])
    hint(qtbot, engine, rows, 2, 3, 7)
    firm.documents.restore([3])
    firm.put("Staff", Path("/new/Aaa first.pdf"))
    hint(qtbot, engine, rows)
    assert model.rowCount() == len(FIRM) - 2 + 1
    tester.deleteLater()


def test_sorting(rows: DocumentRows) -> None:
    model = DocumentsModel(rows)
    assert names(model) == sorted((name for _, name, *_ in FIRM), key=str.casefold)
    model.sort(PAGES, Qt.SortOrder.DescendingOrder)
    assert names(model)[:2] == ["Staff handbook 2026.pdf", "Lease Hafenstrasse 12.pdf"]
    model.sort(SHELF, Qt.SortOrder.AscendingOrder)
    assert model.index(0, SHELF).data() == "Leases"
    assert model.index(model.rowCount() - 1, SHELF).data() == "Suppliers"


def test_search_and_shelf(rows: DocumentRows, firm: Desk) -> None:
    model = DocumentsModel(rows)
    model.set_search("LEASE")
    assert names(model) == ["Lease Hafenstrasse 12.pdf", "Lease warehouse north.pdf"]
    model.set_search("north lease")
    assert names(model) == ["Lease warehouse north.pdf"]
    model.set_search("password")
    assert names(model) == ["Payroll March.xlsx"]
    model.set_search("")
    model.set_shelf(firm.shelf("Staff"))
    assert len(names(model)) == 4
    model.set_shelf(None)
    assert len(names(model)) == len(FIRM)


def test_selection_stays_on_its_document(
    rows: DocumentRows, firm: Desk, engine: FakeEngine, qtbot: QtBot
) -> None:
    model = DocumentsModel(rows)
    view = QTableView()
    qtbot.addWidget(view)
    view.setModel(model)
    chosen = names(model).index("Notes.md")
    flags = QItemSelectionModel.SelectionFlag
    view.selectionModel().select(model.index(chosen, 0), flags.Select | flags.Rows)
    model.sort(PAGES, Qt.SortOrder.AscendingOrder)
    first = view.selectionModel().selectedRows()[0]
    assert first.data() == "Notes.md"
    firm.put("Staff", Path("/new/A.pdf"), pages=1)
    firm.documents.remove([1, 2])
    hint(qtbot, engine, rows)
    assert [index.data() for index in view.selectionModel().selectedRows()] == ["Notes.md"]


def test_a_hint_reads_only_what_it_names(
    rows: DocumentRows, firm: Desk, engine: FakeEngine, qtbot: QtBot
) -> None:
    model = DocumentsModel(rows)
    untouched = rows.rows[2]
    firm.read(1, "New title", "pdf", 99, Verdict.READY)
    firm.read(2, "Also new", "pdf", 98, Verdict.READY)
    changed: list[tuple[int, int]] = []
    model.dataChanged.connect(lambda a, b: changed.append((a.row(), b.row())))
    resets: list[int] = []
    model.modelReset.connect(lambda: resets.append(1))
    hint(qtbot, engine, rows, 1)
    row = names(model).index("Lease Hafenstrasse 12.pdf")
    assert model.index(row, PAGES).data() == "99"
    assert changed == [(row, row)]
    assert rows.rows[2] is untouched
    assert resets == []


def test_unchanged_rows_cause_no_signal(
    rows: DocumentRows, engine: FakeEngine, qtbot: QtBot
) -> None:
    told: list[object] = []
    rows.changed.connect(lambda *what: told.append(what))
    engine.emit_event(DocumentsChanged())
    qtbot.wait(400)
    rows.wait()
    qtbot.wait(20)
    assert told == []


def test_names_from_outside_are_plain(
    rows: DocumentRows, firm: Desk, engine: FakeEngine, qtbot: QtBot
) -> None:
    model = DocumentsModel(rows)
    firm.put("Staff", Path("/new/\u202efdp.exe"))
    hint(qtbot, engine, rows)
    assert "<U+202E>fdp.exe" in names(model)


def test_a_drag_carries_the_places(rows: DocumentRows) -> None:
    model = DocumentsModel(rows)
    indexes = [model.index(row, column) for row in (0, 2) for column in range(3)]
    data = model.mimeData(indexes)
    assert places_in(data) == sorted(model.ids[row] for row in (0, 2))
    assert not data.hasUrls()


def test_problems(rows: DocumentRows, firm: Desk, engine: FakeEngine, qtbot: QtBot,
                  qtmodeltester: ModelTester) -> None:  # fmt: skip
    model = ProblemsModel(rows)
    qtmodeltester.check(model)
    found = {
        model.index(row).data(): (model.index(row).data(ACTION), model.row(model.index(row)).need)
        for row in range(model.rowCount())
    }
    assert found == {
        "Handover protocol.pdf": ("Remove", Need.REMOVE),
        "Payroll March.xlsx": ("Enter password…", Need.PASSWORD),
        "Offer 2024.docx": ("Find the file…", Need.FIND),
        "Old archive.zip": ("Remove", Need.REMOVE),
    }
    assert "no longer where it was" in model.index(2).data(SENTENCE)
    counts: list[int] = []
    model.counted.connect(counts.append)
    model.set_shelf(firm.shelf("Staff"))
    firm.read(7, "Payroll", "xlsx", 4, Verdict.READY)
    hint(qtbot, engine, rows, 7)
    assert counts[0] == 1
    assert counts[-1] == 0


def test_ten_thousand_rows_stay_smooth(
    home: object, library: Library, engine: FakeEngine, qtbot: QtBot, tmp_path: Path
) -> None:
    desk = Desk(library.home)
    shelf = desk.shelf("Many")
    files = [(f"/many/{n:05}.pdf", f"{n:05}.pdf", 1000, n * 10**9) for n in range(10_000)]
    desk.documents.queue(shelf, 1, files)
    library.open()
    rows = DocumentRows(library, engine)
    model = DocumentsModel(rows)
    view = QTableView()
    qtbot.addWidget(view)
    view.setModel(model)
    view.show()
    qtbot.waitUntil(lambda: model.rowCount() == 10_000, timeout=20_000)
    resets: list[int] = []
    model.modelReset.connect(lambda: resets.append(1))
    took = []
    rows.changed.connect(lambda *_: took.append(time.process_time() - started))
    for first in range(0, 1000, 100):
        for place_id in range(first + 1, first + 101):
            desk.read(place_id, "", "pdf", 1, Verdict.READY)
        started = time.process_time()
        hint(qtbot, engine, rows, *range(first + 1, first + 101))
    started = time.process_time()
    model.sort(NAME, Qt.SortOrder.DescendingOrder)
    sorting = time.process_time() - started
    print(f"100 of 10,000 rows changed: {max(took):.3f} s of CPU; sorted: {sorting:.3f} s")
    assert model.index(0, NAME).data() == "09999.pdf"
    assert len(took) == 10
    assert resets == []
    rows.wait()
    desk.close()
