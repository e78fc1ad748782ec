"""Numbers of a workbook as its cells show them: dates, per cent, money, thousands."""

from __future__ import annotations

import math
import re
from datetime import datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from .ooxml import attribute, child, children, local

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

# Formats that a workbook uses by number without spelling them out (ECMA-376, 18.8.30).
_BUILT_IN = {
    1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 11: "0.00E+00",
    14: "yyyy-mm-dd", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm", 19: "h:mm:ss",
    20: "h:mm", 21: "h:mm:ss", 22: "yyyy-mm-dd h:mm", 37: "#,##0", 38: "#,##0", 39: "#,##0.00",
    40: "#,##0.00", 41: "#,##0", 42: "$#,##0", 43: "#,##0.00", 44: "$#,##0.00", 45: "mm:ss",
    46: "[h]:mm:ss", 47: "mm:ss", 48: "0.0E+0", 49: "@",
}  # fmt: skip
_PLAIN_DIGITS = 12
_LITERAL = re.compile(r'"([^"]*)"|\\(.)|_.|\*.')
_BRACKET = re.compile(r"\[([^\]]*)\]")
_CURRENCY = re.compile(r"[$€£¥₹₽₩]|\b(?:EUR|USD|GBP|CHF|JPY|kr|zł|Kč|Fr\.?)\b")


class NumberFormats:
    """The cell formats of one workbook. `from_1904`: days are counted from 1904, not 1900."""

    def __init__(self, styles: Element | None, from_1904: bool = False) -> None:
        self._epoch = datetime(1904, 1, 1) if from_1904 else datetime(1899, 12, 30)  # noqa: DTZ001
        own = {
            attribute(element, "numFmtId"): attribute(element, "formatCode") or ""
            for element in children(child(styles, "numFmts"))
        }
        self._of_cell = []
        for element in children(child(styles, "cellXfs")):
            if local(element) == "xf":
                number = attribute(element, "numFmtId") or "0"
                usual = _BUILT_IN.get(int(number), "") if number.isdecimal() else ""
                self._of_cell.append(_form(own.get(number, usual)))

    def shown(self, value: str, style: str | None) -> str:
        """A stored number as the cell with this style shows it; as stored when that is unclear."""
        form = self._form_of(style)
        if form.plain and value.isdecimal() and len(value) < _PLAIN_DIGITS:
            return value
        try:
            number = float(value)
        except ValueError:
            return value
        if not math.isfinite(number):
            return value
        if form.date or form.time:
            return self._moment(number, form) or _general(number)
        return form.number(number)

    def _form_of(self, style: str | None) -> _Form:
        place = int(style) if style and style.isdecimal() else 0
        return self._of_cell[place] if place < len(self._of_cell) else _form("")

    def _moment(self, days: float, form: _Form) -> str:
        """Date and time of a serial number: ISO order, which every reader takes the same way."""
        if form.elapsed or (form.time and not form.date):
            seconds = round(days * 86_400)
            hours, rest = divmod(seconds, 3600)
            text = f"{hours}:{rest // 60:02}"
            return f"{text}:{rest % 60:02}" if rest % 60 else text
        try:
            moment = self._epoch + timedelta(seconds=round(days * 86_400))
        except OverflowError:
            return ""
        if form.time and (moment.hour or moment.minute or moment.second):
            return moment.strftime("%Y-%m-%d %H:%M")
        return moment.strftime("%Y-%m-%d")


class _Form:
    """What a format code asks for."""

    def __init__(self, code: str) -> None:
        section = code.split(";", 1)[0]
        brackets = _BRACKET.findall(section)
        literals = "".join(a or b for a, b in _LITERAL.findall(section))
        bare = _LITERAL.sub("", _BRACKET.sub("", section))
        self.elapsed = any(re.fullmatch(r"h+|m+|s+", inner, re.IGNORECASE) for inner in brackets)
        letters = re.sub(r"am/pm|a/p|general", "", bare, flags=re.IGNORECASE).lower()
        exponent = bool(re.search(r"[0#]e[+-]", letters))
        digits = bool(re.search(r"[0#?]", letters))
        self.date = not digits and bool(re.search(r"[yd]|mmm", letters))
        self.time = self.elapsed or (not digits and bool(re.search(r"[hs]", letters)))
        if not digits and letters.strip(" ./-") and set(letters) <= set("m ./-"):
            self.date = True
        self.percent = "%" in bare
        self.thousands = "," in re.sub(r",+(?=[^0#?]*$)", "", bare)
        decimals = re.search(r"\.([0#?]+)", bare)
        self.decimals = len(decimals.group(1)) if decimals else 0
        self.fixed = digits and not exponent
        self.plain = not (digits or self.date or self.time)
        # [$€-407] holds the sign before the dash.
        signs = [inner[1:].split("-", 1)[0] for inner in brackets if inner.startswith("$")]
        found = next((s for s in signs if s), "") or _first(_CURRENCY.search(literals + bare))
        self.currency = found
        self.currency_first = not re.search(r"[0#].*(?:\[\$|[€£¥]|\"[^\"]*[€£¥A-Z])", section)

    def number(self, value: float) -> str:
        if not self.fixed:
            return _general(value)
        if self.percent:
            return f"{value * 100:.{self.decimals}f}%"
        text = (
            f"{abs(value):,.{self.decimals}f}"
            if self.thousands
            else f"{abs(value):.{self.decimals}f}"
        )
        if self.currency:
            text = f"{self.currency}{text}" if self.currency_first else f"{text} {self.currency}"
        return f"-{text}" if value < 0 else text


def _first(match: re.Match[str] | None) -> str:
    return match.group() if match else ""


@lru_cache(maxsize=1024)
def _form(code: str) -> _Form:
    return _Form(code)


def _general(value: float) -> str:
    """As Excel shows a number that has no format: at most 11 digits, no trailing zeros."""
    if value == int(value) and abs(value) < 1e15:
        return str(int(value))
    return f"{value:.11g}"
