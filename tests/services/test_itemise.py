"""Lists inside passages."""

from __future__ import annotations

import pytest

from ragdesk.services.itemise import closing, joins, lists, opening, parts, run


def items(text: str) -> list[list[str]]:
    return [[text[a:b] for a, b in found.items] for found in lists(text)]


def test_bullets_and_numbers() -> None:
    text = "Bring:\n- a passport\n- the bill. It must be paid.\nThanks.\n1. Open it.\n2. Close it."
    assert items(text) == [["a passport", "the bill. It must be paid."], ["Open it.", "Close it."]]
    first, second = lists(text)
    assert first.head is not None
    assert text[slice(*first.head)] == "Bring:"
    assert second.head is not None
    assert text[slice(*second.head)] == "Thanks."


@pytest.mark.parametrize("bullet", ["•", "◦", "*", "(a)", "b)", "2.1", "–"])
def test_every_kind_of_bullet(bullet: str) -> None:
    assert items(f"{bullet} tiles\n{bullet} grout") == [["tiles", "grout"]]


def test_lines_below_a_colon_without_bullets() -> None:
    text = "You need:\na saw\na sponge\n\nAnd much patience."
    assert items(text) == [["a saw", "a sponge"]]
    assert lists("One line:\nonly this") == []


def test_rows_of_a_table_are_no_list() -> None:
    assert lists("Prices:\nTile | 9\nGrout | 3") == []


def test_lists_that_may_go_on_in_the_next_passage() -> None:
    text = "- the bill\n- a pen\nThanks, and bring:\n- a bag"
    first, last = opening(text), closing(text)
    assert first is not None
    assert last is not None
    assert [text[a:b] for a, b in first.items] == ["the bill", "a pen"]
    assert [text[a:b] for a, b in last.items] == ["a bag"]
    assert opening("Thanks.\n- a bag") is None
    assert closing("- a bag\nThanks.") is None


def test_where_a_list_stands() -> None:
    text = "Well.\nBring:\n- a passport\n- the bill\nThanks."
    [found] = lists(text)
    assert found.holds(text.index("passport"), text.index("passport") + 3)
    assert found.holds(text.index("Bring"), text.index("Bring") + 3)
    assert not found.holds(0, 4)
    assert not found.holds(text.index("Thanks"), len(text))


@pytest.mark.parametrize(
    ("text", "split"),
    [
        ("tiles, grout and sand", ["tiles", "grout", "sand"]),
        ("Lutheran and Reformed", ["Lutheran", "Reformed"]),
        ("red; green; blue", ["red", "green", "blue"]),
        ("1,200 or 1,300 euros", ["1,200", "1,300 euros"]),
        ("Fliesen, Mörtel und Sand", ["Fliesen", "Mörtel", "Sand"]),
        ("a tile", []),
        ("1,200", []),
        ("whoever comes late in the morning and who then wants to have breakfast anyway", []),
    ],
)
def test_parts_of_an_enumeration(text: str, split: list[str]) -> None:
    assert [text[a:b] for a, b in parts(text, 0, len(text))] == split


def test_what_joins_parts() -> None:
    assert joins(", ")
    assert joins(" and ")
    assert not joins(" of the ")


def test_a_run_of_short_lines() -> None:
    text = "All are paid.\nOff\nGood Friday\nLabour Day\n\nMay\nJune\nMore is said below."
    lines = run(text, text.index("Labour"), text.index("Labour") + 3)
    assert [text[a:b] for a, b in lines] == ["Off", "Good Friday", "Labour Day"]
    for elsewhere in ("paid", "June", "below"):
        assert run(text, text.index(elsewhere), text.index(elsewhere) + 3) == []
    assert run("One\nTwo | 2\nThree", 0, 3) == []
