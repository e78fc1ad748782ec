"""The date that a thing said in a document bears: near the words, in a title, name or first page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ..domain.conversation import Hit

FRONT = 1500  # characters of a first page that are looked at

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january januar januari janvier enero gennaio",
            "feb february februar fevrier février febrero febbraio",
            "mar march märz maerz mars marzo",
            "apr april avril abril aprile",
            "may mai mayo maggio",
            "jun june juni juin junio giugno",
            "jul july juli juillet julio luglio",
            "aug august août aout agosto",
            "sep sept september septembre septiembre settembre",
            "oct october oktober okt octobre octubre ottobre",
            "nov november novembre noviembre",
            "dec december dezember dez décembre decembre diciembre dicembre",
        ),
        1,
    )
    for name in names.split()
}
_MONTH = rf"(?P<month>{'|'.join(sorted(_MONTHS, key=len, reverse=True))})\b\.?"
_YEAR = r"(?:19|20)\d\d"
_DATE = re.compile(
    rf"(?<!\d)(?P<iso>{_YEAR})-(?P<iso_month>[01]\d)(?:-(?P<iso_day>[0-3]\d))?(?![\d-])"
    rf"|(?<![\d.])(?P<d>[0-3]?\d)\.\s?(?P<m>[01]?\d)\.\s?(?P<y>{_YEAR})(?!\d)"
    rf"|(?<![\d/])(?P<first>[0-3]?\d)/(?P<second>[0-3]?\d)/(?P<slashed>{_YEAR})(?!\d)"
    rf"|(?:(?<!\d)(?P<day>[0-3]?\d)(?:st|nd|rd|th|\.)?\s(?:of\s|de\s)?)?\b{_MONTH}"
    rf"(?:\s(?P<day_behind>[0-3]?\d)(?:st|nd|rd|th)?,?)?(?:\s|\sde\s|,\s)(?P<year>{_YEAR})(?!\d)"
    rf"|(?<![\d.,$€£-])(?P<alone>{_YEAR})(?![\d,]|\.\d)",
    re.IGNORECASE,
)
# Words that say that the date beside them is the one from which something counts.
_CUE = re.compile(
    r"\b(?:valid|effective|as of|as at|since|starting|from|dated|date|updated|revised|version"
    r"|edition|applies|in force|price list|issued|stand|gültig|ab|vom|seit|fassung|valable|à partir"
    r"|vigente|desde|válid[oa])\b",
    re.IGNORECASE,
)
_CUE_WITHIN = 40  # characters in front of a date


@dataclass(frozen=True, slots=True)
class Dated:
    """A date as it stands in a text, and what it is sorted by: (year, month or 0, day or 0)."""

    text: str
    order: tuple[int, int, int]
    start: int = 0

    @property
    def is_year(self) -> bool:
        return self.order[1] == 0


UNDATED = Dated("", (0, 0, 0))


def dates(text: str) -> Iterator[Dated]:
    """The dates in a text, in order; years alone too."""
    for match in _DATE.finditer(text):
        order = _order(match)
        if order is not None:
            yield Dated(match.group().strip(), order, match.start())


def date_of(hit: Hit, sentence: tuple[int, int], words: tuple[int, int], front: str) -> Dated:
    """The date of `words` in `sentence`, both places in `hit.text`; `front` is a first page's text.

    A date beside the words counts where something says so ("valid from 1 May 2026"), so does one of
    the passage; then one of the title, the headings, the file's name, and the first page.
    """
    text = hit.text
    around = text[sentence[0] : words[0]] + "\n" + text[words[1] : sentence[1]]
    rest = text[: sentence[0]] + "\n" + text[sentence[1] :]
    name = hit.path.rsplit("/", 1)[-1]
    for found in (
        _cued(around),
        _best(dates(hit.title)),
        _best(dates(hit.context)),
        _best([*dates(name), *dates(re.sub(r"[_-]+", " ", name))]),
        _cued(rest),
        _cued(front[:FRONT]),
        _first(date for date in dates(front[:FRONT]) if not date.is_year),
    ):
        if found is not None:
            return found
    return UNDATED


def _cued(text: str) -> Dated | None:
    return _first(
        date
        for date in dates(text)
        if _CUE.search(text, max(0, date.start - _CUE_WITHIN), date.start)
    )


def _first(found: Iterator[Dated]) -> Dated | None:
    return next(found, None)


def _best(found: Iterator[Dated] | list[Dated]) -> Dated | None:
    """The date that says most: with a day before a month before a year; of equals the last."""
    return max(found, key=lambda date: (date.order[1] > 0, date.order[2] > 0, date.order),
               default=None)  # fmt: skip


def _order(match: re.Match[str]) -> tuple[int, int, int] | None:
    part = match.groupdict()
    if part["iso"]:
        found = (part["iso"], part["iso_month"], part["iso_day"])
    elif part["y"]:
        found = (part["y"], part["m"], part["d"])
    elif part["slashed"]:  # month first, unless that cannot be
        first, second = int(part["first"]), int(part["second"])
        month, day = (second, first) if first > 12 else (first, second)
        found = (part["slashed"], str(month), str(day))
    elif part["year"]:
        month_number = _MONTHS[part["month"].lower()]
        found = (part["year"], str(month_number), part["day"] or part["day_behind"])
    else:
        found = (part["alone"], None, None)
    year, month, day = (int(value or 0) for value in found)
    return (year, month, day) if month <= 12 and day <= 31 else None
