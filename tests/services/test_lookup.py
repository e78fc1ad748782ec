"""Which cell of a table a question asks for by name."""

from __future__ import annotations

import numpy as np
import pytest

from ragdesk.domain.conversation import Hit
from ragdesk.domain.document import Span
from ragdesk.services.choose import Chosen, Sought, sentences
from ragdesk.services.expect import expected
from ragdesk.services.lookup import asked_cell, asked_cells, asked_row, beside
from ragdesk.services.match import stem, terms

SALES = (
    "Article | 2019 | 2020 | Total |\nGranite | 1,200 | 1,350 | 2,550\nGrey slate | 800 | 760 | 1,560"
    "\nTotal sales | 2,000 | 2,110 | 4,110"
)
YEARS = "Year | Vans | Machines | Total |\n2019 | 0.4 | 1.1 | 1.5\n2020 | 0.6 | 0.9 | 1.5"


def rows(text: str) -> list[Chosen]:
    return sentences(Hit(1, 1.0, "d:0", "d", "T", "t.csv", False, 0, text, "",
                         (Span(1, 0, len(text)),), text))  # fmt: skip


def sought(question: str) -> Sought:
    weights = {stem(word): 1.0 for word in terms(question)}
    return Sought(np.zeros(1, np.float32), weights, expected(question))


def cells(question: str, text: str) -> list[str]:
    return [row.hit.text[slice(*place)] for row, place in asked_cells(rows(text), sought(question))]


@pytest.mark.parametrize(
    ("question", "text", "answer"),
    [
        ("How much granite was sold in 2020?", SALES, ["1,350"]),
        ("total sales in 2020", SALES, ["2,110"]),  # the year, not the column Total
        ("total sales of all years", SALES, []),  # what names the row does not name a column
        ("grey slate in total", SALES, ["1,560"]),
        ("grey slate 2019 or 2020", SALES, []),
        ("slate in 2019", SALES, []),  # half of a row's name is not enough
        ("machines in 2020", YEARS, ["0.9"]),
        ("vans in 2021", YEARS, []),
        ("In which year was granite sold, 2019 or in 2020?", SALES, []),
    ],
)
def test_row_and_column_are_named(question: str, text: str, answer: list[str]) -> None:
    assert cells(question, text) == answer


def test_a_header_that_is_not_known_as_one_is_no_row_to_ask_for() -> None:
    text = "Period | Average price\nMay | 9.50\nJune | 9.80"
    june = rows(text)[2]
    assert asked_row(june, rows(text), sought("average price of a period")) is june


def test_of_rows_the_one_whose_name_is_asked_for_is_meant() -> None:
    text = "2019 | 2018 |\nSwiss | 21 | 17\nNon-Swiss | 58 | 54\nIncome before taxes | 79 | 71"
    found = rows(text)
    asked = sought("income of the non-Swiss in 2018")
    assert asked_row(found[0], found, asked) is found[1]
    assert asked_row(found[1], found, asked) is found[1]
    assert asked_row(found[0], found, sought("income in Switzerland")) is found[0]
    assert found[0].hit.text[slice(*beside(found[0], found[1], found[0].cells()[2]))] == "54"


def test_rows_of_another_table_are_not_taken() -> None:
    found = rows(f"{SALES}\nStock\nArticle | North |\nMarble | 60\nOnyx | 9")
    asked = sought("marble in stock in the north")
    assert asked_row(found[0], found, asked) is found[0]
    assert asked_row(found[-1], found, asked).text == "Marble | 60"


def test_of_columns_named_alike_a_mark_decides_where_years_are_named() -> None:
    text = "Assets | | Debts |\n2019 | 2018 | 2019 | 2018 |\nOpening | 1 | 2 | 3 | 4"
    [row] = rows(text)
    at = row.cells()
    assert asked_cell(row, sought("opening balance 2018"), at[4]) == at[4]
    assert asked_cell(row, sought("opening balance 2018"), at[1]) is None
    assert asked_cell(row, sought("opening balance of debts 2018"), at[1]) == at[4]
