"""Workbooks: rows as they look, sections with captions and headers, far corners, broken parts."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from ragdesk.adapters.parsers import sheet as sheet_module
from ragdesk.adapters.parsers.number_formats import NumberFormats
from ragdesk.domain.document import BlockKind, Page, Reading, Verdict

Read = Callable[..., tuple[list[Page], Reading]]
Blocks = Callable[[Page], list[tuple[BlockKind, str]]]


def _book(path: Path, **sheets: list[list[object]]) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def test_sections_captions_headers(tmp_path: Path, read: Read, blocks_of: Blocks) -> None:
    path = _book(
        tmp_path / "rates.xlsx",
        Rates=[
            ["Labour rates 2026"],
            ["Trade", "Hour", "Day"],
            ["Fitter", 48, 360],
            ["Mate", None, 210],
            [],
            ["Travel"],
            ["Zone", "Cost"],
            ["Town", 15],
        ],
        Notes=[["One remark"]],
    )
    pages, reading = read(path)
    assert reading == Reading(Verdict.READY, "xlsx", "Labour rates 2026", True, 2)
    assert [page.name for page in pages] == ["Rates", "Notes"]
    assert blocks_of(pages[0]) == [
        (BlockKind.TITLE, "Labour rates 2026"),
        (BlockKind.TABLE_HEADER, "Trade | Hour | Day"),
        (BlockKind.TABLE_ROW, "Fitter | 48 | 360"),
        (BlockKind.TABLE_ROW, "Mate |  | 210"),
        (BlockKind.HEADING, "Travel"),
        (BlockKind.TABLE_HEADER, "Zone | Cost"),
        (BlockKind.TABLE_ROW, "Town | 15"),
    ]


def test_values_as_they_look(tmp_path: Path, read: Read) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    cells = (
        (datetime.date(2026, 3, 14), None, "2026-03-14"),
        (datetime.datetime.fromisoformat("2026-03-14T09:30"), None, "2026-03-14 09:30"),
        (datetime.time(9, 30), None, "9:30"),
        (0.125, "0.0%", "12.5%"),
        (1234.5, "#,##0.00", "1,234.50"),
        (-1234.5, '"£"#,##0.00', "-£1,234.50"),
        (99, "[$€-407] #,##0.00", "€99.00"),
        (99, '#,##0.00 "EUR"', "99.00 EUR"),
        (0.1 + 0.2, None, "0.3"),
        (True, None, "TRUE"),
        (7, "0000", "7"),
    )
    for number, (value, form, _) in enumerate(cells, 1):
        cell = sheet.cell(1, number, value)
        if form:
            cell.number_format = form
    book.save(tmp_path / "looks.xlsx")
    (page,), _ = read(tmp_path / "looks.xlsx")
    assert page.text.split(" | ") == [shown for _, _, shown in cells]


def test_hidden_sheets_merged_cells_and_formulas(tmp_path: Path, read: Read) -> None:
    book = openpyxl.Workbook()
    book.active["A1"] = "total"
    book.active["B1"] = "=SUM(C1:C9)"
    book.active.merge_cells("A2:C2")
    book.active["A2"] = "merged words"
    hidden = book.create_sheet("Costs")
    hidden.sheet_state = "hidden"
    hidden["A1"] = "hidden words"
    book.save(tmp_path / "book.xlsx")
    pages, _ = read(tmp_path / "book.xlsx")
    assert pages[0].text == "total | =SUM(C1:C9)\nmerged words"
    assert pages[1].text == "hidden words"


def test_a_cell_in_the_last_corner_costs_one_cell(tmp_path: Path, read: Read) -> None:
    book = openpyxl.Workbook()
    book.active["A1"] = "first"
    book.active["XFD1048576"] = "last"
    book.save(tmp_path / "far.xlsx")
    (page,), reading = read(tmp_path / "far.xlsx")
    assert page.text == "first\nlast"
    assert reading.verdict is Verdict.READY


def test_very_large_sheets_are_cut(
    tmp_path: Path, read: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sheet_module, "MAX_CELLS", 30)
    path = _book(tmp_path / "large.xlsx", Data=[[n, n] for n in range(100)])
    (page,), reading = read(path)
    assert len(page.blocks) == 16
    assert reading.gaps == ((1, "too_many_cells"),)


def test_days_counted_from_1904() -> None:
    assert NumberFormats(None, from_1904=True).shown("42", None) == "42"
    book = openpyxl.Workbook()
    book.active["A1"] = 1
    assert NumberFormats(None).shown("not a number", "7") == "not a number"


def test_no_cells(tmp_path: Path, read: Read) -> None:
    assert read(_book(tmp_path / "blank.xlsx", A=[], B=[]))[1].verdict is Verdict.EMPTY
