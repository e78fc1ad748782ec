"""What an answer would have cost at a cloud service, and what it costs here."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from ..domain.chat import Finish
from ..resources import asset

_MILLION = 1e6
_JOULES_A_KWH = 3.6e6
# Not strftime's: those are in the language that the computer is set to.
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Price:
    """Of a cloud service, for a million tokens asked and answered."""

    name: str
    asked: float
    answered: float


@dataclass(frozen=True, slots=True)
class Prices:
    """A price table of `day`. `trouble` says why a person's own table is not used, "" if all is well.

    `per_kwh` is None where a person gave no price of electricity; `watts` is what the computer draws
    more while it answers.
    """

    day: date
    currency: str
    services: tuple[Price, ...]
    compared_with: Price
    per_kwh: float | None
    watts: float
    own: bool = False
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class Cost:
    """Of one answer, in `currency`: at each cloud service, and here.

    `compared` is the one of `elsewhere` that is shown first. `electricity` is None where its price
    is not known.
    """

    currency: str
    day: date
    compared: tuple[str, float]
    elsewhere: tuple[tuple[str, float], ...]
    seconds: float
    electricity: float | None


def load_prices(home: Path) -> Prices:
    """The table `prices.json` of the folder `home` where there is one, else the shipped one."""
    own = home / "prices.json"
    shipped = asset("prices.json")
    if not own.exists():
        return _prices(shipped)
    try:
        return _prices(own, own=True)
    except (OSError, ValueError, KeyError, TypeError) as error:
        detail = str(error) if isinstance(error, _Off) else type(error).__name__
        return _prices(shipped, trouble=f"{own} cannot be used ({detail}).")


def cost_of(finish: Finish, prices: Prices) -> Cost:
    """What the answer that ended so would have cost, and costs here."""
    elsewhere = tuple((one.name, _charged(one, finish)) for one in prices.services)
    electricity = None
    if prices.per_kwh is not None:
        electricity = prices.per_kwh * prices.watts * finish.seconds / _JOULES_A_KWH
    return Cost(
        prices.currency,
        prices.day,
        (prices.compared_with.name, _charged(prices.compared_with, finish)),
        elsewhere,
        finish.seconds,
        electricity,
    )


def in_words(cost: Cost) -> str:
    """As it stands under an answer."""
    name, charged = cost.compared
    said = (
        f"{cost.seconds:.0f} seconds here; {name} would have charged"
        f" {_amount(charged, cost.currency)} (prices of {_day(cost.day)})"
    )
    if cost.electricity is not None:
        said += f"; electricity about {_amount(cost.electricity, cost.currency)}"
    return said + "."


class _Off(ValueError):
    """What is wrong with a table, in words."""


def _prices(path: Path, *, own: bool = False, trouble: str = "") -> Prices:
    kept = json.loads(path.read_text(encoding="utf-8-sig"))
    services = tuple(
        Price(str(one["name"]), _number(one, "asked"), _number(one, "answered"))
        for one in kept["services"]
    )
    if not services:
        raise _Off("it names no service")
    wanted = kept.get("compared_with")
    compared = next((one for one in services if one.name == wanted), services[0])
    power = kept.get("electricity") or {}
    per_kwh = None if power.get("per_kwh") is None else _number(power, "per_kwh")
    watts = _number(power, "watts") if per_kwh is not None else 0.0
    day = date.fromisoformat(kept["date"])
    return Prices(day, str(kept["currency"]), services, compared, per_kwh, watts, own, trouble)


def _number(of: dict[str, Any], name: str) -> float:
    value = of[name]
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise _Off(f'"{name}" is no number')
    if value < 0:
        raise _Off(f'"{name}" is below 0')
    return float(value)


def _charged(price: Price, finish: Finish) -> float:
    return (price.asked * finish.asked_tokens + price.answered * finish.answer_tokens) / _MILLION


def _day(day: date) -> str:
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def _amount(amount: float, currency: str) -> str:
    if currency == "USD" and amount < 1:
        return "less than 0.01 cents" if amount < 1e-4 else f"{100 * amount:.2f} cents"
    return f"{amount:.4f} {currency}" if amount < 1 else f"{amount:.2f} {currency}"
