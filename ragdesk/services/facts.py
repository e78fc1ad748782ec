"""Numbers, dates and names of a sentence, and whether they stand in a text exactly. Pure.

"14 days" stands where "14 days" or "fourteen days" does, not where "14 weeks" does; "May 2026" where
"1 May 2026" does, not the other way round. A number without a unit fits one with any: a table has
its units in the header.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from . import respell
from .dates import dates
from .language import language, small_words
from .match import is_small, stem, words

NUMBER, DATE, NAME = "number", "date", "name"
SHORT = 3  # words; in so short an answer the first one may be a name as well

_MONTHS = (
    "january|february|march|april|may|june|july|august|september|october|november|december"
    "|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec"
)
_DAY_OF_MONTH = re.compile(
    rf"\b(?:[0-3]?\d(?:st|nd|rd|th)?\.?\s(?:day\s)?(?:of\s)?(?:{_MONTHS})\b"
    rf"|(?:{_MONTHS})\.?\s[0-3]?\d(?:st|nd|rd|th)?\b)",
    re.IGNORECASE,
)
_WEEKDAY = re.compile(r"\b(?:mon|tues|wednes|thurs|fri|satur|sun)day", re.IGNORECASE)
_NUMBER = re.compile(
    r"(?<![\d.,])(?P<money>US\$|[$€£¥]|\b(?:USD|EUR|GBP|CHF))?\s?"
    r"(?P<digits>\d{1,3}(?:[ \u202f\xa0'’]\d{3})+(?:[.,]\d+)?(?!\d)|\d+(?:[.,]\d+)*)"
    r"(?:\s\(\d+\))?(?:[ \xa0-]?(?P<scale>thousand|million|billion|bn|Mio|Mrd|Millionen|Milliarden|k|m)\b\.?)?"
    r"(?:[ \xa0-]?(?:working |business |calendar |consecutive |full |trading )?(?P<unit>%|‰|[€$£¥]|[^\W\d_]+))?"
)
_SCALES = {
    "thousand": 3, "k": 3, "million": 6, "m": 6, "mio": 6, "millionen": 6, "billion": 9, "bn": 9,
    "mrd": 9, "milliarden": 9,
}  # fmt: skip
_UNITS = {
    form: unit
    for unit, forms in {
        "%": "% percent per prozent pourcent ciento",
        "€": "€ eur euro euros",
        "$": "$ us$ usd dollar dollars",
        "£": "£ gbp pound pounds",
        "¥": "¥ yen",
        "chf": "chf francs franken",
        "second": "second seconds sekunde sekunden secondes segundos",
        "minute": "minute minutes min mins minuten minutos",
        "hour": "hour hours hr hrs stunde stunden heure heures hora horas",
        "day": "day days tag tage tagen jour jours día días",
        "week": "week weeks woche wochen semaine semaines semana semanas",
        "month": "month months monat monate monaten mois mes meses",
        "year": "year years jahr jahre jahren an ans année années año años",
        "mm": "mm", "cm": "cm", "km": "km", "kg": "kg", "g": "g",
    }.items()
    for form in forms.split()
}  # fmt: skip
_ANSWERS = frozenset(("yes", "no"))
_WORD = re.compile(r"[^\W_]+(?:['’.-][^\W_]+)*")
_PLACE = re.compile(r"^\s*(?:[-*•]|\d{1,2}[.)])\s+")  # of a list


@dataclass(frozen=True, slots=True)
class _Number:
    """What a number may mean ("1,200" is one of two), with its scale, and its unit where known."""

    plain: frozenset[Decimal]
    scaled: frozenset[Decimal]
    scale: int
    unit: str


class Evidence:
    """A text in which facts are looked for."""

    def __init__(self, text: str) -> None:
        worded = respell.in_digits(text)
        self._numbers = _numbers(worded)
        self._dates = [date.order for date in dates(text)]
        self._words = words(text)
        self._row = f" {' '.join(self._words)} "
        self._known = frozenset(self._words)
        self.stems = frozenset(stem(word) for word in self._known)
        self.language = language(text)

    def missing(self, sentence: str) -> str:
        """The kind of the first fact of a sentence that does not stand here: "number", "date" or
        "name"; "" where all do.
        """
        left = _PLACE.sub("", sentence)
        for date in reversed(list(dates(left))):
            if not self._has_date(date.order):
                return DATE
            left = left[: date.start] + " " + left[date.start + len(date.text) :]
        for match in _DAY_OF_MONTH.finditer(left):
            spellings = [" ".join(words(match.group())), *respell.numbers(match.group())]
            if not any(f" {spelling} " in self._row for spelling in spellings):
                return DATE
        left = _DAY_OF_MONTH.sub(" ", left)
        if any(word.casefold() not in self._known for word in _weekdays(left)):
            return DATE
        if not all(self._has_number(number) for number in _numbers(respell.in_digits(left))):
            return NUMBER
        if not all(self._has_name(name) for name in names(left)):
            return NAME
        return ""

    def _has_date(self, wanted: tuple[int, int, int]) -> bool:
        """A date with as much of it as is wanted; a year also as a number ("FY2023")."""
        known = len([part for part in wanted if part])
        if any(date[:known] == wanted[:known] for date in self._dates):
            return True
        return known == 1 and any(Decimal(wanted[0]) in number.plain for number in self._numbers)

    def _has_number(self, wanted: _Number) -> bool:
        return any(_same(wanted, number) for number in self._numbers)

    def _has_name(self, name: str) -> bool:
        return all(word in self._known or stem(word) in self.stems for word in words(name))


def names(sentence: str) -> list[str]:
    """Words of a sentence that are written as names are; none in scripts without capital letters.

    The first word only where the next is one too, or where there are hardly any others. In German,
    where all nouns have a capital letter, only words all in capitals and several in a row.
    """
    found = list(_WORD.finditer(sentence))
    tongue = language(sentence)
    proud = [_is_proud(match.group(), tongue) for match in found]
    strict = tongue == "de"
    kept = []
    for at, match in enumerate(found):
        word = match.group()
        beside = (at > 0 and proud[at - 1]) or (at + 1 < len(found) and proud[at + 1])
        opens = at == 0 or sentence[: match.start()].rstrip()[-1:] in ":.?!"
        if not proud[at] or not any(c.isalpha() for c in word) or _WEEKDAY.match(word):
            continue
        alone = opens and len(found) <= SHORT
        if alone or beside or _is_all_capitals(word) or not (strict or opens):
            kept.append(word)
    return kept


def _is_proud(word: str, tongue: str) -> bool:
    small = is_small(word) or word.casefold() in small_words(tongue) | _ANSWERS
    return word[0].isupper() and not small


def _is_all_capitals(word: str) -> bool:
    return len(word) > 1 and word.isupper()


def _weekdays(text: str) -> list[str]:
    return [match.group() for match in re.finditer(rf"{_WEEKDAY.pattern}s?\b", text, re.IGNORECASE)]


def _numbers(text: str) -> list[_Number]:
    found = []
    for match in _NUMBER.finditer(text):
        scale = _SCALES.get((match["scale"] or "").casefold(), 0)
        unit = _UNITS.get((match["money"] or match["unit"] or "").casefold(), "")
        plain = _readings(match["digits"])
        scaled = frozenset(one.scaleb(scale) for one in plain)
        found.append(_Number(plain, scaled, scale, unit))
    return found


def _readings(digits: str) -> frozenset[Decimal]:
    """What digits may mean: "1,200" is 1200 or 1.2, "1.200,50" only 1200.5."""
    bare = re.sub(r"[ \u202f\xa0'’]", "", digits)
    marks = [character for character in bare if character in ".,"]
    if not marks:
        return frozenset((Decimal(bare),))
    whole, last = bare.rsplit(marks[-1], 1)
    as_decimal = Decimal(re.sub(r"[.,]", "", whole) + "." + last).normalize()
    as_whole = Decimal(re.sub(r"[.,]", "", bare))
    if len(marks) > 1 and len(set(marks)) == 1:
        return frozenset((as_whole,))
    if len(set(marks)) == 2 or len(last) != 3:
        return frozenset((as_decimal,))
    return frozenset((as_decimal, as_whole))


def _same(wanted: _Number, other: _Number) -> bool:
    if wanted.unit and other.unit and wanted.unit != other.unit:
        return False
    if wanted.scaled & other.scaled:
        return True
    return bool(wanted.plain & other.plain) and not (wanted.scale and other.scale)
