"""CSV: separator, quotes, header, bounds."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from ragdesk.adapters.parsers import table as table_module
from ragdesk.adapters.parsers.table import separator
from ragdesk.adapters.parsers.tables import header_count
from ragdesk.domain.document import BlockKind, Page, Reading, Verdict

Read = Callable[..., tuple[list[Page], Reading]]
Blocks = Callable[[Page], list[tuple[BlockKind, str]]]


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        ("a,b\n1,2\n", ","),
        ("a;b\n1,5;2,5\n3,1;4\n", ";"),
        ("a\tb\n1\t2\n", "\t"),
        ("a|b|c\n1|2|3\n", "|"),
        ('name,words\nx,"a;b;c"\ny,"d;e;f"\n', ","),
        ("only words\nin lines\n", ","),
    ],
)
def test_separator(text: str, mark: str) -> None:
    assert separator(text) == mark


def test_rows(tmp_path: Path, read: Read, blocks_of: Blocks) -> None:
    path = tmp_path / "vehicles.csv"
    path.write_bytes('Reg;Driver;Seats\nWX12;"Moss; T.\nDay";3\n\nWX14;Ümit;5\n'.encode("cp1252"))
    (page,), reading = read(path)
    assert reading == Reading(Verdict.READY, "csv", "vehicles", False, 1)
    assert blocks_of(page) == [
        (BlockKind.TABLE_HEADER, "Reg | Driver | Seats"),
        (BlockKind.TABLE_ROW, "WX12 | Moss; T. Day | 3"),
        (BlockKind.TABLE_ROW, "WX14 | Ümit | 5"),
    ]


def test_formulas_are_words(tmp_path: Path, read: Read) -> None:
    path = tmp_path / "attack.csv"
    path.write_text('name,call\nx,"=HYPERLINK(""http://192.0.2.1"")"\n')
    assert '=HYPERLINK("http://192.0.2.1")' in read(path)[0][0].text


def test_a_quote_that_is_never_closed_loses_nothing(
    tmp_path: Path, read: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(table_module, "_MAX_FIELD", 100)
    path = tmp_path / "open.csv"
    path.write_text("a,b\n1,2\n" + '3,"open\n' + "".join(f"{n},x\n" for n in range(60)))
    text = read(path)[0][0].text
    assert "1 | 2" in text
    assert "59 | x" in text


def test_very_long_tables_are_cut(
    tmp_path: Path, read: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(table_module, "MAX_CELLS", 20)
    path = tmp_path / "long.csv"
    path.write_text("".join(f"{n},{n}\n" for n in range(100)))
    (page,), reading = read(path)
    assert len(page.blocks) == 10
    assert reading.gaps == ((0, "too_many_cells"),)


@pytest.mark.parametrize(
    ("rows", "count"),
    [
        ([["Item", "Cost"], ["a", "1"]], 1),
        ([["", "2019", "2018"], ["Sales", "1,200", "900"]], 1),
        ([["Year ended", ""], ["", "2019"], ["Assets:", ""], ["Cash", "$(12)"]], 2),
        ([["Anna", "12"], ["Bert", "13"]], 0),
        ([["Name", "Town"], ["Anna", "Bern"], ["Bert", "Rom"]], 1),
        ([["same", "same"], ["a", "b"]], 0),
        ([["alone", "row"]], 0),
    ],
)
def test_headers(rows: list[list[str]], count: int) -> None:
    assert header_count(rows) == count
