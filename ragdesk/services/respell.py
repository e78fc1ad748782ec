"""Numbers, dates and joined words of a question in their other spellings. Pure.

What is looked for as "April 30" may stand as "30th day of April" or "30.04.", "14" as "fourteen",
"60x60" as "60 x 60", "1,000" as "1000", "e-mail" as "email". Each spelling is a phrase for the word
search, which cuts at everything that is neither letter nor digit.
"""

from __future__ import annotations

import re

from .match import is_small

SHORTEST = 3  # letters on both sides of a cut in a word; "e-mail" is the exception
LONGEST = 24  # letters of a word that is cut
MOST_CUT = 12  # words of a question

_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december",
)  # fmt: skip
_COUNTED = (
    "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
    "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_IN_WORDS = {
    **{str(number): word for number, word in enumerate(_COUNTED, 1)},
    **{str(number): word for number, word in zip(range(20, 100, 10), _TENS, strict=True)},
    **{
        str(10 * tens + ones): f"{_TENS[tens - 2]} {_COUNTED[ones - 1]}"
        for tens in range(2, 10)
        for ones in range(1, 10)
    },
}
_IN_DIGITS = {word: number for number, word in _IN_WORDS.items()}

_MONTH = rf"(?P<month>{'|'.join(f'{name}|{name[:3]}' for name in _MONTHS)})\.?"
_DAY = r"(?P<day>[0-3]?\d)(?:st|nd|rd|th)?"
_YEAR = r"(?:(?:,|\s)\s*(?P<year>\d{4}))?"
_DATES = (
    re.compile(rf"\b{_MONTH}\s+{_DAY}\b{_YEAR}", re.IGNORECASE),
    re.compile(rf"\b{_DAY}\.?\s+(?:day\s+)?(?:of\s+)?{_MONTH}(?!\w){_YEAR}", re.IGNORECASE),
    re.compile(r"\b(?P<day>[0-3]?\d)\.(?P<number>[01]?\d)\.(?P<year>\d{4})?(?!\d)"),
    re.compile(r"\b(?P<year>\d{4})-(?P<number>[01]\d)-(?P<day>[0-3]\d)\b"),
)
_SIZE = re.compile(r"\b\d{1,5}(?:\s*[x×]\s*\d{1,5}){1,2}\b", re.IGNORECASE)
_GROUPED = re.compile(r"(?<![\d.,])\d{1,3}(?:[,.'’]\d{3})+(?![\d.,]*\d)")
_LONG = re.compile(r"(?<![\d.,])\d{4,12}(?![\d.,]*\d)")
_SMALL = re.compile(r"(?<![\w.,/-])\d{1,2}(?![\w/-]|[.,]\d)")
_WORDED = re.compile(
    rf"\b(?:{'|'.join(w.replace(' ', '[ -]') for w in sorted(_IN_DIGITS, key=len, reverse=True))})\b",
    re.IGNORECASE,
)
_HYPHENED = re.compile(r"\b[^\W\d_]+(?:[-‐‑][^\W\d_]+){1,3}\b")
_PLAIN = re.compile(r"\b[^\W\d_]+\b")


def numbers(question: str) -> list[str]:
    """Other spellings of the dates, sizes and numbers in a question."""
    found: list[str] = []
    left = question
    for pattern in _DATES:
        for match in pattern.finditer(left):
            found += _dates(match.groupdict())
        left = pattern.sub(" ", left)
    for match in _SIZE.finditer(left):
        parts = re.findall(r"\d+", match.group())
        found += ["x".join(parts), " x ".join(parts)]
    left = _SIZE.sub(" ", left)
    found += [re.sub(r"\D", "", match.group()) for match in _GROUPED.finditer(left)]
    found += [
        f"{int(match.group()):,}".replace(",", " ")
        for match in _LONG.finditer(left)
        if not re.fullmatch(r"(?:19|20)\d\d|0\d*", match.group())
    ]
    found += [_IN_WORDS[n] for n in _SMALL.findall(left) if n in _IN_WORDS and n != "1"]
    worded = (match.group().casefold().replace("-", " ") for match in _WORDED.finditer(left))
    found += [_IN_DIGITS[word] for word in worded if word != "one"]
    return list(dict.fromkeys(found))


def in_digits(text: str) -> str:
    """`text` with its numbers in words as digits, but for "one", which seldom counts."""

    def digits(match: re.Match[str]) -> str:
        word = match.group().casefold().replace("-", " ")
        return match.group() if word == "one" else _IN_DIGITS[word]

    return _WORDED.sub(digits, text)


def joined_words(question: str) -> list[str]:
    """The words with a hyphen in a question, written as one."""
    return [
        re.sub(r"[-‐‑]", "", match.group()).casefold() for match in _HYPHENED.finditer(question)
    ]


def cut_words(question: str) -> list[str]:
    """Every way to write a word of the question as two; the library tells which one stands."""
    every = dict.fromkeys(word.casefold() for word in _PLAIN.findall(question))
    long = [w for w in every if 5 <= len(w) <= LONGEST and w.isascii() and not is_small(w)]
    found: list[str] = []
    for word in long[:MOST_CUT]:
        cuts = range(SHORTEST, len(word) - SHORTEST + 1)
        found += [f"{word[:cut]} {word[cut:]}" for cut in (*_early(word), *cuts)]
    return list(dict.fromkeys(found))


def _early(word: str) -> list[int]:
    """Cuts after very short beginnings that are written with a hyphen: e-mail, on-boarding."""
    return [len(start) for start in ("e", "co", "on", "re", "up", "in") if word.startswith(start)]


def _dates(parts: dict[str, str | None]) -> list[str]:
    """The phrases of a day; those all in digits have its year where the question says one."""
    day = int(parts["day"] or 0)
    number = int(parts.get("number") or 0) or _month(parts.get("month") or "")
    if not (1 <= day <= 31 and 1 <= number <= 12):
        return []
    name, nth = _MONTHS[number - 1], f"{day}{_ending(day)}"
    found = [f"{name} {day}", f"{day} {name}", f"{name} {nth}"]
    found += [f"{nth} {name}", f"{nth} of {name}", f"{nth} day of {name}"]
    if len(name) > 3:
        found += [f"{name[:3]} {day}", f"{day} {name[:3]}"]
    if year := parts.get("year"):
        found += [f"{day:02} {number:02} {year}", f"{day} {number} {year}"]
        found += [f"{year} {number:02} {day:02}", f"{number} {day} {year}"]
    else:
        found.append(f"{day:02} {number:02}")
    return list(dict.fromkeys(found))


def _month(name: str) -> int:
    """1 to 12 by the first letters of a month's name; 0 for none."""
    wanted = name.casefold()[:3]
    return next((n for n, month in enumerate(_MONTHS, 1) if wanted == month[:3]), 0)


def _ending(day: int) -> str:
    return "th" if 11 <= day <= 13 else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")
