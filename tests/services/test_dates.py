"""Which date a thing said in a document bears."""

from __future__ import annotations

from ragdesk.domain.conversation import Hit
from ragdesk.domain.document import Span
from ragdesk.services.dates import date_of, dates


def hit(text: str, title: str = "Prices", path: str = "a/prices.txt") -> Hit:
    return Hit(
        1, 1.0, "d:0", "d", title, path, False, 0, text, title, (Span(1, 0, len(text)),), text
    )


def date(one: Hit, words: str, front: str = "") -> str:
    start = one.text.index(words)
    return date_of(one, (0, len(one.text)), (start, start + len(words)), front).text


def test_every_way_to_write_a_date() -> None:
    text = "2026-03-01, 1.3.2025, 5 May 2024, May 6, 2023, März 2022, 3/13/2021, 2020"
    found = list(dates(text))
    assert [one.order for one in found] == [
        (2026, 3, 1), (2025, 3, 1), (2024, 5, 5), (2023, 5, 6), (2022, 3, 0), (2021, 3, 13),
        (2020, 0, 0),
    ]  # fmt: skip
    assert [one.text for one in found] == [
        "2026-03-01", "1.3.2025", "5 May 2024", "May 6, 2023", "März 2022", "3/13/2021", "2020",
    ]  # fmt: skip


def test_what_looks_like_a_year_is_none() -> None:
    assert list(dates("$2000 a quarter, 2,000 of it, 2000.50, 12000 tiles, 31.13.2020 x")) == []


def test_a_date_beside_the_words_counts_where_something_says_so() -> None:
    one = hit("Delivery is 48 euros, valid from 1 May 2026.", "Prices 2024")
    assert date(one, "48 euros") == "1 May 2026"
    founded = hit("The shop of 1898 delivers for 48 euros.", "Prices 2024")
    assert date(founded, "48 euros") == "2024"


def test_the_answer_is_not_its_own_date() -> None:
    assert date(hit("The lease starts from 1 May 2026."), "1 May 2026") == ""


def test_title_then_name_then_first_page() -> None:
    text = "Delivery is 48 euros."
    front = "Price list\nStand: 3.2.2023"
    assert date(hit(text, "Prices of March 2026", "p-2025.txt"), "48", front) == "March 2026"
    assert date(hit(text, path="lists/prices_2025.txt"), "48", front) == "2025"
    assert date(hit(text), "48", front) == "3.2.2023"
    assert date(hit(text), "48", "Bern, 4 June 2022. Dear all") == "4 June 2022"
    assert date(hit(text), "48", "Founded by 1898 people") == ""
