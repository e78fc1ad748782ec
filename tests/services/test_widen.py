"""Marked words made whole."""

from __future__ import annotations

import pytest

from ragdesk.services.widen import widened


@pytest.mark.parametrize(
    ("text", "marked", "whole"),
    [
        ("Return it within 14 days of delivery.", "14", "14 days"),
        ("Return it within 14 working days.", "14", "14 working days"),
        ("at the latest five (5) days after", "five", "five (5) days"),
        ("The stipend is $48 a month.", "48", "$48"),
        ("It costs 48 € a month.", "48", "48 €"),
        ("It costs EUR 1,200.50 in all.", "200", "EUR 1,200.50"),
        ("The rate is 12 % of it.", "12", "12 %"),
        ("a turnover of 3 million euros", "3", "3 million euros"),
        ("billed in 15-minute steps", "15", "15-minute"),
        ("a non-exempt employee", "exempt", "non-exempt"),
        ("The warranty on tiles", "arrant", "warranty"),
        ("Lieferung in 3 Tagen frei Haus", "3", "3 Tagen"),
        ("We meet in Berlin.", "Berlin.", "Berlin"),
        ("The seat is Acme Inc. in Bern", "Acme Inc.", "Acme Inc."),
        ("Pacific Time (PT for short), as said", "Pacific Time (PT for short", "Pacific Time (PT for short)"),
        ("(the tall one)", "(the tall one", "(the tall one)"),
        ("as agreed (see below", "(see", "see"),
        ("version 2.10 and later", "10", "2.10"),
        ("Harvard's library", "Harvard", "Harvard"),
        ("保証期間は十年です。", "十年", "十年"),
        ("room 14 is free", "14", "14"),
    ],
)  # fmt: skip
def test_no_word_unit_or_currency_is_cut(text: str, marked: str, whole: str) -> None:
    start = text.index(marked)
    begin, end = widened(text, start, start + len(marked))
    assert text[begin:end] == whole


def test_it_does_not_grow_beyond_the_sentence() -> None:
    text = "Rows are 14 | days"
    assert widened(text, 9, 11, 11) == (9, 11)


def test_nothing_but_punctuation_is_nothing() -> None:
    start, end = widened("a . b", 1, 4)
    assert start == end
