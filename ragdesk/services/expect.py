"""What kind of words a question asks for: an amount, a date, a person. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import zip_longest

from .expect_abroad import SAID, asked_abroad
from .language import is_foreign, small_words
from .match import is_small, stem, words

_COUNTS = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"
    " sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety"
    " hundred thousand half dozen once twice"
)
_COUNT = rf"(?:\d[\d,.]*\d|\d|\b(?:{_COUNTS.replace(' ', '|')})\b)"
_SCALE = r"(?:\s?(?:thousand|million|billion|bn|m|k)\b)?"
_CURRENCY = r"(?:dollars?|euros?|pounds?|cents?|USD|EUR|GBP|CHF)"
_MONTH = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?"
    r"|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)\.?"
)
_DAY = r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)days?"
_UNIT = r"(?:second|minute|min|hour|hr|day|night|week|fortnight|month|quarter|year)s?\b"

_MONEY = re.compile(
    rf"[$€£¥]\s?\d(?:[\d,.]*\d)?{_SCALE}|{_COUNT}{_SCALE}\s{_CURRENCY}\b", re.IGNORECASE
)
_PERCENT = re.compile(rf"{_COUNT}\s?(?:%|percent\b|per cent\b)", re.IGNORECASE)
_DURATION = re.compile(
    rf"{_COUNT}(?:\s?\(\d+\))?(?:\s|-|[a-z]\s)?(?!(?:an?|per)\s)(?:\w+\s)?{_UNIT}|\b(?:bi)?(?:dai|week|month|quarter"
    r"|year)ly\b|\b(?:once|twice)\b|\bevery\s\w+",
    re.IGNORECASE,
)
_DATE = re.compile(
    rf"\b\d{{1,2}}(?:st|nd|rd|th)?\s(?:day\sof\s)?{_MONTH}(?:,?\s\d{{4}})?"
    rf"|\b{_MONTH}\s\d{{1,2}}(?:st|nd|rd|th)?\b(?:,?\s\d{{4}})?|\b{_MONTH}\s\d{{4}}"
    r"|\b\d{4}-\d\d-\d\d\b|\b\d{1,2}[./]\d{1,2}[./]\d{2,4}\b|(?<![\w-])(?:1[5-9]|20)\d\d\b(?![-\d])"
    rf"|\b{_DAY}\b|\b\d{{1,2}}(?::\d\d)?\s?[ap]\.?m\b\.?|\b\d{{1,2}}:\d\d\b",
)
_NUMBER = re.compile(_COUNT, re.IGNORECASE)
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_PHONE = re.compile(r"\+?\(?\d[\d\s()/.-]{6,}\d")
_WEB = re.compile(r"https?://\S+|www\.\S+")
_NAME = re.compile(r"\b[A-Z][\w'’.-]+(?:\s(?:of|the|and|de|van|von|&)?\s?[A-Z][\w'’.-]+)*")

_TIME = re.compile(
    rf"{_DATE.pattern}|\b\d{{1,2}}(?:st|nd|rd|th)\b(?:\s(?:century|centuries|day))?|\b1\d\d0s\b"
    r"|\b20\d0s\b|\bfirst of the month\b|(?<![£$€\d.])\b(?:[01]?\d|2[0-3])\.[0-5]\d\b(?![\d.%])"
)
_ASKS = (
    r"(?:is|are|was|were|do|does|did|will|would|can|could|must|should|shall|may|might|has|have|had)"
)
_OPENS = r"(?:^|[.?!,;:]\s*|\band\s|\b(?:from|to|by|with|for|of|at|in|on|since|until)\s)"

# The first that fits the question counts: (kind, how it is asked for, what fits).
_ASKED = (
    ("email", r"\b(?:what|which|whose)\b.*\be-?mail\b", (_EMAIL,)),
    ("phone", r"\b(?:phone|telephone|fax|mobile)\b.*\bnumber|\bnumber\b.*\bcall\b", (_PHONE,)),
    ("web", r"\b(?:what|which|whose|where)\b.*\b(?:url|web\s?site|web address)\b", (_WEB,)),
    ("percent", r"\bpercent|\bper cent|\b(?:what|which) (?:share|rate|proportion)\b|%", (_PERCENT,)),
    (
        "duration",
        (r"\bhow (?:long|soon|often|fast|quickly|frequently|late|early)\b|\bwithin (?:what|which)\b"
        r"|\bhow much (?:\w+ )?(?:notice|time)\b|\bhow many (?:\w+ )?(?:second|minute|hour|day|week|month|year)s\b"
        r"|\bnotice period\b|\b(?:renewal|initial) term\b|\b(?:what|which) time increments?\b"),
        (_DURATION, _DATE),
    ),
    (
        "money",
        (r"\bhow much(?: (?:money|cash|does|do|did|will|would|can|may|is|are|was|were)\b|\s*\?)"
            r"|\bwhat (?:do|does|did|will|would|is|are|was|were)\b.*\b(?:cost|charged?|pay|paid|earn|come to)\b"
        r"|\b(?:what|which)(?: \w+){0,4} (?:price|cost|fee|budget|stipend|salary|rent|premium|deposit"
        r"|amount|allowance|excess|deductible|turnover|revenue|fine)s?\b"),
        (_MONEY,),
    ),
    (
        "date",
        (rf"{_OPENS}when {_ASKS}\b|\b(?:what|which) (?:\w+ )?(?:date|day|month|year|time|century)s?\b(?! zone)"
        r"|\b(?:effective )?date of\b"),
        (_TIME, _DURATION),
    ),
    ("count", r"\bhow (?:many|much|old|large|big|high|far|deep|wide|tall|heavy)\b", (_NUMBER,)),
    (
        "name",
        (rf"{_OPENS}who(?:m|se)?\b|{_OPENS}where {_ASKS}\b|\b(?:what|which) (?:\w+ )?(?:city|country|town"
        r"|state|person|company|tool|system|software|name)\b"),
        (_NAME,),
    ),
)  # fmt: skip
_KINDS = tuple((kind, re.compile(asked, re.IGNORECASE)) for kind, asked, _ in _ASKED)
_PATTERNS: dict[str, tuple[re.Pattern[str], ...]] = {kind: fits for kind, _, fits in _ASKED}
_COUNTED = re.compile(r"\bhow (?:many|much)((?: [\w-]+){1,4})", re.IGNORECASE)
_AFTER = re.compile(r"(?:\s+\w+){1,4}")


@dataclass(frozen=True, slots=True)
class Expected:
    """The kind of words that would answer, and the stems of what is counted where something is.

    `lang` is the language of the text they are sought in.
    """

    kind: str
    patterns: tuple[re.Pattern[str], ...]
    counted: frozenset[str] = frozenset()
    lang: str = ""

    def find(self, text: str) -> list[tuple[int, int]]:
        """(start, end) of the words of this kind in `text`; of the second choice without a first."""
        for pattern in self.patterns:
            found = [match.span() for match in pattern.finditer(text)]
            if (
                self.kind == "name"
            ):  # a small word in front of a sentence has its capital from there
                small = small_words(self.lang)
                found = [
                    (a, b)
                    for a, b in found
                    if not is_small(text[a:b]) and text[a:b].casefold() not in small
                ]
            if found:
                return [self._whole(text, start, end) for start, end in found]
        return []

    def _whole(self, text: str, start: int, end: int) -> tuple[int, int]:
        """With what is counted behind a number."""
        if self.kind == "count" and (after := _AFTER.match(text, end)):
            for word in re.finditer(r"\w+", after.group()):
                if stem(word.group().casefold()) in self.counted:
                    end = after.start() + word.end()
        return start, end


def expected(question: str, lang: str = "", read_in: str = "") -> Expected | None:
    """What kind of words `question` asks for, None where it may be any.

    `lang` is the question's language, `read_in` that of the documents.
    """
    asked = _asked(question, lang)
    if asked is None:
        return None
    kind, counted = asked
    patterns = _PATTERNS[kind]
    if is_foreign(lang) or is_foreign(read_in):
        both = zip_longest(SAID.get(kind, ()), patterns)
        patterns = tuple(pattern for pair in both for pattern in pair if pattern)
    stems = frozenset(stem(word) for word in words(counted) if not is_small(word))
    return Expected(kind, patterns, stems, read_in or lang)


def _asked(question: str, lang: str) -> tuple[str, str] | None:
    """(kind, the words for what is counted)."""
    if is_foreign(lang) and (abroad := asked_abroad(question, lang)):
        return abroad
    for kind, asked in _KINDS:
        if asked.search(question):
            counted = _COUNTED.search(question)
            return kind, counted[1] if counted else ""
    return None
