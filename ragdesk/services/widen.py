"""Words that a reader marked, made whole: no cut word, number, unit or currency. Pure."""

from __future__ import annotations

import re

_UNSPACED = "\u3040-\u30ff\u3400-\u9fff\u0e00-\u0e7f"  # kana, Han, Thai: no space between words
_JOINED = re.compile(rf"[^\W{_UNSPACED}]")
_INSIDE = re.compile(r"[^\W_][.,'’/-][^\W_]")  # what holds a word or number together
_CURRENCY = re.compile(r"(?:[$€£¥₹]|\b(?:USD|EUR|GBP|CHF|US\$|Rs\.?))\s?$")
_COUNTS = (
    "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fourteen|fifteen|twenty|thirty"
    "|forty|sixty|ninety|hundred|thousand|ein|zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn"
)
_NUMBER = re.compile(rf"(?:\d[.,)]?|\b(?:{_COUNTS})(?:\s\(\d+\))?)$", re.IGNORECASE)
_IN_BRACKETS = re.compile(r"\s\(\d+(?:[.,]\d+)?\)")  # "five (5) days"
_SIGN = re.compile(r"\s?(?:%|‰|°\s?[CF]?\b|€|\$|£|¥)")
_UNIT = re.compile(
    r"(?:\s|-)?(?:(?:working|business|calendar|consecutive|full|trading)\s)?(?:"
    r"percent|per cent|Prozent|euros?|dollars?|pounds?|cents?|EUR|USD|GBP|CHF|million|billion"
    r"|thousand|trillion|Mio\.?|Mrd\.?|seconds?|minutes?|mins?|hours?|hrs?|days?|nights?|weeks?"
    r"|fortnights?|months?|quarters?|years?|Tage?n?|Wochen?|Monate?n?|Jahre?n?|Stunden?|Minuten?"
    r"|jours?|semaines?|mois|ans?|heures?|días?|semanas?|mes(?:es)?|años?|horas?"
    r"|mm|cm|m|km|m²|m2|kg|g|mg|t|l|ml|kW|kWh|W|V|A|Hz|MB|GB|TB|bits?|bytes?|pieces?|pcs"
    r"|inch(?:es)?|feet|ft|miles?|yards?|acres?|hectares?|ha"
    r")(?!\w)"
)
_PAIRS = {"(": ")", "[": "]", "“": "”", "„": "“", "«": "»"}
_SHORT_FORM = re.compile(
    r"(?:\b[A-Za-z]|\b(?:Inc|Ltd|Co|Corp|Jr|Sr|St|Dr|No|etc|approx|Mio|Mrd))\.$"
)


def widened(text: str, start: int, end: int, most: int | None = None) -> tuple[int, int]:
    """The place of `text[start:end]` with the rest of its words, a number with unit and currency.

    White space and punctuation at its ends are left out. It never grows beyond `most`, the end of
    the sentence or cell.
    """
    most = len(text) if most is None else most
    start, end = _trimmed(text, start, end)
    if start >= end:
        return start, end
    while start > 0 and _holds_together(text, start):
        start -= 1
    while end < most and _holds_together(text, end):
        end += 1
    if text[start].isdigit() and (sign := _CURRENCY.search(text, max(0, start - 4), start)):
        start = sign.start()
    end = _with_unit(text, start, end, most)
    return _bracketed(text, start, end, most)


def _holds_together(text: str, at: int) -> bool:
    """Whether a word or a number goes on over the gap in front of `text[at]`."""
    if at >= len(text):
        return False
    before, behind = text[at - 1], text[at]
    if _JOINED.match(before) and _JOINED.match(behind):
        return True
    return bool(
        (at + 1 < len(text) and _INSIDE.match(text[at - 1 : at + 2]) and _glues(text, at))
        or (at > 1 and _INSIDE.match(text[at - 2 : at + 1]) and _glues(text, at - 1))
    )


def _glues(text: str, at: int) -> bool:
    """Whether the sign at `at` belongs to a word ("on-call") or a number ("1,200")."""
    if text[at] == "-":
        return True
    return text[at - 1].isdigit() and text[at + 1].isdigit() and text[at] in ".,/"


def _with_unit(text: str, start: int, end: int, most: int) -> int:
    if not _NUMBER.search(text, max(start, end - 16), end):
        return end
    if inside := _IN_BRACKETS.match(text, end, most):
        end = inside.end()
    for _ in range(2):  # "3 million euros"
        found = _SIGN.match(text, end, most) or _UNIT.match(text, end, most)
        if not found:
            break
        end = found.end()
    return end


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and (text[start].isspace() or text[start] in ",;:.|•·"):
        if text[start] == "." and start + 1 < end and text[start + 1].isdigit():
            break
        start += 1
    while end > start and (text[end - 1].isspace() or text[end - 1] in ",;:.!?|。、，"):
        if text[end - 1] == "." and _SHORT_FORM.search(text, max(start, end - 8), end):
            break
        end -= 1
    return start, end


def _bracketed(text: str, start: int, end: int, most: int) -> tuple[int, int]:
    """Brackets and quotes in pairs: closed where the other one stands next, else left out."""
    for opening, closing in _PAIRS.items():
        inside = text[start:end]
        if inside.count(opening) > inside.count(closing):
            if end < most and text[end] == closing:
                end += 1
            elif inside.startswith(opening):
                start += 1
            elif inside.endswith(opening):
                end -= 1
        elif inside.count(closing) > inside.count(opening):
            if start and text[start - 1] == opening:
                start -= 1
            elif inside.endswith(closing):
                end -= 1
            elif inside.startswith(closing):
                start += 1
    return _trimmed(text, start, end)
