"""What an answer would have cost elsewhere, and what it costs here."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from ragdesk.domain.chat import Finish
from ragdesk.resources import asset
from ragdesk.services.cost import cost_of, in_words, load_prices

ANSWER = Finish("done", asked_tokens=2000, answer_tokens=200, seconds=12.0)


def own(home: Path, **changes: Any) -> None:
    kept = json.loads(asset("prices.json").read_text(encoding="utf-8"))
    (home / "prices.json").write_text(json.dumps({**kept, **changes}), encoding="utf-8")


def test_the_shipped_table_has_a_day_and_a_source(tmp_path: Path) -> None:
    prices = load_prices(tmp_path)
    assert prices.day == date(2026, 4, 30)
    assert not prices.own
    assert not prices.trouble
    assert len(prices.services) >= 5
    assert all(one.answered > one.asked > 0 for one in prices.services)
    assert json.loads(asset("prices.json").read_text(encoding="utf-8"))["source"]


def test_question_and_answer_are_charged_apart(tmp_path: Path) -> None:
    service = {"name": "A", "asked": 3.0, "answered": 15.0}
    own(tmp_path, services=[service], compared_with="A")
    cost = cost_of(ANSWER, load_prices(tmp_path))
    assert cost.elsewhere == (("A", pytest.approx(0.009)),)
    assert cost.compared == ("A", pytest.approx(0.009))


def test_the_words_name_the_day_of_the_prices(tmp_path: Path) -> None:
    said = in_words(cost_of(ANSWER, load_prices(tmp_path)))
    assert said == (
        "12 seconds here; GPT-5.4 mini (OpenAI) would have charged 0.24 cents"
        " (prices of 30 April 2026)."
    )


def test_electricity_is_left_out_until_a_person_gives_its_price(tmp_path: Path) -> None:
    assert cost_of(ANSWER, load_prices(tmp_path)).electricity is None
    own(tmp_path, electricity={"per_kwh": 0.30, "watts": 60})
    cost = cost_of(ANSWER, load_prices(tmp_path))
    assert cost.electricity == pytest.approx(0.30 * 0.060 * 12 / 3600)
    assert "electricity about less than 0.01 cents" in in_words(cost)


def test_a_persons_own_table_wins(tmp_path: Path) -> None:
    own(tmp_path, date="2026-11-01", currency="EUR")
    prices = load_prices(tmp_path)
    assert (prices.own, prices.currency, prices.day) == (True, "EUR", date(2026, 11, 1))
    assert "0.0024 EUR (prices of 1 November 2026)" in in_words(cost_of(ANSWER, prices))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"services": []}, "it names no service"),
        ({"services": [{"name": "A", "asked": "3", "answered": 1}]}, '"asked" is no number'),
        ({"services": [{"name": "A", "asked": 3, "answered": -1}]}, '"answered" is below 0'),
        ({"electricity": {"per_kwh": 0.3, "watts": True}}, '"watts" is no number'),
        ({"date": "May"}, "ValueError"),
        ({"services": 3}, "TypeError"),
    ],
)
def test_a_table_with_a_slip_is_said_and_the_shipped_one_used(
    tmp_path: Path, changes: dict[str, Any], words: str
) -> None:
    own(tmp_path, **changes)
    prices = load_prices(tmp_path)
    assert words in prices.trouble
    assert str(tmp_path / "prices.json") in prices.trouble
    assert not prices.own
    assert prices.services


def test_half_a_file_is_a_slip_too(tmp_path: Path) -> None:
    (tmp_path / "prices.json").write_text('{"date": "2026-', encoding="utf-8")
    assert load_prices(tmp_path).trouble
