"""What the cells of a table are called, and in which unit they are."""

from __future__ import annotations

import pytest

from ragdesk.services.grid import cell_texts, column_names, unit


def test_empty_cells_are_cells() -> None:
    assert cell_texts("a | | b") == ["a", "", "b"]
    assert cell_texts("a | | | b") == ["a", "", "", "b"]
    assert cell_texts("a | b | ") == ["a", "b", ""]
    assert cell_texts("either|or | b") == ["either|or", "b"]


@pytest.mark.parametrize(
    ("heads", "row", "names"),
    [
        (["Article | Price"], "Tile | 9.50", ["Article", "Price"]),
        (["2019 | 2018"], "Goodwill | 17 | 8", ["", "2019", "2018"]),
        (["2019 | 2018"], "17 | 17 | 8", []),  # which of the three has no name?
        (["Assets | | Debts", "2019 | 2018 | 2019 | 2018", "€m | €m | €m | €m"],
         "Opening | 1 | 2 | 3 | 4",
         ["", "Assets 2019", "Assets 2018", "Debts 2019", "Debts 2018"]),
        (["2.1 Buildings", "What | For the year", "2019 | 2018"], "Gas | 1 | 2",
         ["", "2019", "2018"]),
        ([], "Gas | 1", []),
    ],
)  # fmt: skip
def test_columns_are_named_by_all_their_headers(
    heads: list[str], row: str, names: list[str]
) -> None:
    assert column_names(heads, cell_texts(row)) == names


@pytest.mark.parametrize(
    ("heads", "above", "row", "given"),
    [
        (["(in thousands) | 2020 | 2019"], "", "Wages | 325 | 310", "in thousands"),
        (["2020 | 2019"], "Income statement (in EUR million)", "Wages | 325 | 310",
         "in EUR million"),
        (["2020 | 2019"], "Erfolgsrechnung in Tausend Euro", "Löhne | 325 | 310",
         "in Tausend Euro"),
        (["2020 | 2019"], "Compte de résultat en milliers d'euros", "Salaires | 325 | 310",
         "en milliers d'euros"),
        (["2020 | 2019"], "Figures in square metres", "Granite | 340 | 95", "in square metres"),
        (["2020 | 2019"], "We moved in 2019 and sold what was laid in square metres long ago", "A | 1 | 2",
         ""),
        (["(Dollars in millions) | 2020"], "", "Interest | $2,082", "Dollars in millions"),
        (["Year | Vans (EUR million) | Staff"], "", "2020 | 0.6 | 12", "EUR million"),
        (["2020 | 2019", "RMB’Million | RMB’Million"], "", "Opening | 77,131 | 8", "RMB’Million"),
        (["2020 | 2019"], "", "Wages | 325 | 310", ""),
        (["(in thousands) | Share"], "", "Wages | 32 %", ""),  # it has a unit of its own
        (["(in thousands) | Opened"], "", "Shop | 2019", ""),  # it is no amount
        (["(in millions, except per share data) | 2020"], "", "Earnings per share | 1.20", ""),
        (["(in millions, except per share data) | 2020"], "", "Earnings | 120",
         "in millions, except per share data"),
    ],
)  # fmt: skip
def test_the_unit_of_the_first_number(heads: list[str], above: str, row: str, given: str) -> None:
    assert unit(1, cell_texts(row), heads, [above]) == given


def test_another_columns_unit_is_not_its_own() -> None:
    heads = ["Year | Vans (EUR million) | Staff"]
    assert unit(2, cell_texts("2020 | 0.6 | 12"), heads, []) == ""
    assert unit(0, cell_texts("2020 | 0.6 | 12"), heads, ["in thousands"]) == ""
