"""Which line ends part what a paragraph says."""

from __future__ import annotations

import textwrap
import time

import pytest

from ragdesk.services.lines import parted

PROSE = (
    "Tiles that were cut to measure are made for one customer alone and cannot be taken back by"
    " the Hamburg shop, whatever the reason, unless Granite or Slate was delivered broken. In that"
    " case write to Mrs Keller within 14 days, with a picture of the box and of the tile, and we"
    " send new ones free of charge to Germany, Austria and Switzerland."
)
FLIESEN = (
    "Zugeschnittene Fliesen werden nach Maß gefertigt und können vom Hamburger Laden nicht zurück"
    " genommen werden, es sei denn, dass Granit oder Schiefer mit Schaden geliefert wurde. Dann"
    " schreiben Sie bitte Frau Keller innerhalb von 14 Tagen und legen ein Bild vom Karton bei."
)


def parts(text: str) -> list[str]:
    return [text[start:end] for start, end in parted(text)]


@pytest.mark.parametrize(
    "lines",
    [
        ["Granite 60x60 45.00 EUR", "Slate 40x40 38.00 EUR", "Marble 30x60 72.50 EUR"],
        ["granite 45.00", "slate 38.00"],  # what is built as rows are, in lower case too
        ["Granite tile, polished, 60x60, by the square metre, net of tax 45.00 EUR",
         "Slate tile, riven, 40x40, by the square metre, net of tax, from 38.00 EUR"],
        ["Acme Tiles Ltd", "12 Harbour Street", "Hamburg 20457"],
        ["Opening hours: Monday to Friday from nine to five, Saturday till one",
         "Phone: ask at the desk"],
        ["Tile          Size     Price", "Granite       60x60    45.00", "Slate         40x40    a"],
        ["Our shop in the harbour has been there for more than ninety years",
         "• Granite", "• Slate"],
    ],
)  # fmt: skip
def test_lines_that_say_a_thing_each_are_parted(lines: list[str]) -> None:
    assert parts("\n".join(lines)) == lines


@pytest.mark.parametrize("width", [32, 44, 60, 72, 90])
@pytest.mark.parametrize("text", [PROSE, FLIESEN])
def test_wrapped_text_stays_together(text: str, width: int) -> None:
    wrapped = textwrap.fill(text, width)
    assert parts(wrapped) == [wrapped]


@pytest.mark.parametrize(
    "text",
    [
        "THE SELLER IS NOT LIABLE FOR LOSS OF PROFIT,\nLOSS OF USE OR DAMAGE OF ANY KIND THAT\nFOLLOWS",
        "We deliver to Hamburg and\nBerlin",
        "Ask for the Keller-\nMeyer tile",
        "瓷砖可以在十四天内退货但是切割过的\n瓷砖不能退货",
        "> Tiles are cut to\n> measure here",
    ],
)
def test_what_runs_on_stays_together(text: str) -> None:
    assert parts(text) == [text]


def test_a_short_line_under_wrapped_text_is_parted() -> None:
    wrapped = textwrap.fill(PROSE.rstrip(".") + " as well as they can be had", 72)
    assert parts(f"{wrapped}\nMrs Keller") == [wrapped, "Mrs Keller"]


def test_places_are_exact_and_empty_lines_left_out() -> None:
    text = "  Granite 45.00\n\n \t Slate 38.00 \r\nMarble 72.50"
    assert parts(text) == ["Granite 45.00", "Slate 38.00", "Marble 72.50"]
    assert parted("") == [(0, 0)]


def test_a_quoted_line_without_words_is_left_out() -> None:
    assert parts("> Slate 38.00\n>\n> > \n> Marble 72.50") == ["> Slate 38.00", "> Marble 72.50"]
    assert parted(">\n>") == [(0, 3)]


def test_long_lines_take_no_longer_than_they_are() -> None:
    started = time.perf_counter()
    parted("\n".join([f"{'word ' * 40_000}9", "(" * 100_000, f"a{' ' * 100_000}b", "." * 100_000]))
    assert time.perf_counter() - started < 5
