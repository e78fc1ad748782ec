"""Practice questions from tables and from lines of a name and a value. Pure.

A cell is asked for by the names of its row and its column; both must say one cell alone.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from ..domain.document import Passage
from .choose import Chosen, sentences
from .draft import WHERE, Draft, Source, Speech, hit_of, is_topic
from .mend import row_cells

CELL_WORDS = 10  # of a cell that is an answer
KEY_WORDS = 6
VALUE_WORDS = 8

_YEAR = re.compile(r"(?:fy|fiscal|in)?\s?((?:19|20)\d\d)", re.IGNORECASE)
_HAS_WORD = re.compile(r"[^\W\d_]{3}")
_SOLID = re.compile(r"[^\W_]")
_NUMBER = re.compile(r"[-–(+]?\s?(?:[$€£¥]\s?)?\d")
_DIGIT = re.compile(r"\d|^%")
_KEY_VALUE = re.compile(
    r"^\s*(?:[-*•]\s+|\(?\d{1,2}[.)]\s+)?(?P<key>[^\W\d_][^:?!|;<>]{1,60}?)\s*:\s+(?P<value>[^|]{1,160})$"
)
_NO_KEY = re.compile(
    r"(?:note|notes|example|examples|tip|warning|important|hint|re|from|to|cc|subject|see|e\.?g|i\.?e"
    r"|step \d+|source|attention|https?|also|optional|update|table|figure|ps|p\.s)",
    re.IGNORECASE,
)
_EXACT = re.compile(
    r"[-–+~]?\s?(?:[$€£¥]|USD|EUR|GBP)?\s?\d|[\w.+-]+@[\w-]+\.\w+|(?:monday|tuesday|wednesday|thursday"
    r"|friday|saturday|sunday|january|february|march|april|may|june|july|august|september|october"
    r"|november|december|daily|weekly|monthly|quarterly)\b",
    re.IGNORECASE,
)
_NAMED_KEY = re.compile(  # what is a name or a word: others are as often a remark
    r"(?:name|contact|owner|address|location|title|manager|department|author|version|status|type|size"
    r"|colou?r|material|supplier|customer|place|city|country|currency|language|warranty|delivery"
    r"|payment|number|code|lead|address|website|phone|e-?mail|hours|deadline|approver|format)s?$",
    re.IGNORECASE,
)
_PLURAL = re.compile(r"(?:[^\W\d_]*[^su\W]s)$")


def ask_cells(source: Source, speech: Speech) -> Iterator[Draft]:
    """A question for each cell that its row and its column name alone."""
    rows = [
        row
        for passage in source.passages
        for row in sentences(hit_of(source, passage))
        if row.is_row and row.heads
    ]
    counts = Counter(_key(row) for row in rows)
    by_id = {passage.id: passage for passage in source.passages}
    for row in rows:
        columns = row.columns()
        name = _named(row)
        if not columns or counts[_key(row)] > 1 or not is_topic(name, 14) or name.endswith(":"):
            continue
        if not _HAS_WORD.search(name):
            continue
        titles = Counter(title.casefold() for title, _ in columns)
        for title, (start, end) in columns[1:]:
            cell = row.hit.text[start:end]
            if titles[title.casefold()] == 1 and _asks(title) and _is_value(cell, name, title):
                question, style = _worded(name, title, cell, source, speech)
                yield Draft(
                    "cell",
                    by_id[row.hit.passage_id],
                    question,
                    (row.start, row.end),
                    start,
                    end,
                    speech.inside(name),
                    title,
                    style,
                )


def ask_values(source: Source, speech: Speech) -> Iterator[Draft]:
    """A question for each line "Delivery time: 14 days", and each row of such a pair."""
    for passage in source.passages:
        start = 0
        for line in passage.text.split("\n"):
            if row_cells(line) is None and (found := _KEY_VALUE.match(line)):
                value = found["value"].rstrip(" .;,")
                if _fits(found["key"], value):
                    at = start + found.start("value")
                    yield _of_value(
                        source, passage, found["key"].strip(), (start, start + len(line)),
                        (at, at + len(value)), speech,
                    )  # fmt: skip
            start += len(line) + 1
        for row in sentences(hit_of(source, passage)):
            cells = row.cells() if row.is_row and not row.heads else []
            if len(cells) == 2:
                key, value = (passage.text[slice(*cell)] for cell in cells)
                if _fits(key.rstrip(" :"), value):
                    around = (row.start, row.end)
                    yield _of_value(source, passage, key.rstrip(" :"), around, cells[1], speech)


def plural(name: str) -> bool:
    """Whether the word that a name turns on is of several ("fees for late payment")."""
    head = re.split(r",|\s(?:of|for|from|in|on|at|to|by|with|under|per)\s|\s[(–]", name)[0]
    return bool(head.split()) and _PLURAL.fullmatch(head.split()[-1]) is not None


def _key(row: Chosen) -> tuple[str, tuple[str, ...]]:
    heads = tuple(row.hit.text[slice(*head)] for head in row.heads)
    return _named(row).casefold(), heads


def _named(row: Chosen) -> str:
    return row.hit.text[slice(*row.cells()[0])].strip()


def _asks(title: str) -> bool:
    return len(title.split()) <= KEY_WORDS and bool(
        _HAS_WORD.search(title) or _YEAR.fullmatch(title)
    )


def _is_value(cell: str, name: str, title: str) -> bool:
    said = cell.casefold()
    return (
        0 < len(cell.split()) <= CELL_WORDS
        and _SOLID.search(cell) is not None
        and said
        not in (
            name.casefold(),
            title.casefold(),
            "n/a",
            "na",
            "nm",
            "n.m.",
            "tbd",
            "x",
            "nil",
            "none",
        )
    )


def _worded(name: str, title: str, cell: str, source: Source, speech: Speech) -> tuple[str, str]:
    if not source.is_english:
        return f"{title} {name}{WHERE}", "keywords"
    row, column = speech.inside(name), speech.inside(title, label=True)
    year = _YEAR.fullmatch(title)
    if year and _NUMBER.match(cell):
        return f"What was the figure for {row} in {year[1]}{WHERE}?", "natural"
    if _DIGIT.search(title) or title.isupper():
        return f"What is the figure for {row} under “{title}”{WHERE}?", "natural"
    verb = "are" if plural(column) else "is"
    return f"What {verb} the {column} of {row}{WHERE}?", "natural"


def _fits(key: str, value: str) -> bool:
    said = value.split()
    return (
        is_topic(key, KEY_WORDS)
        and _HAS_WORD.search(key) is not None
        and not _NO_KEY.fullmatch(key.strip())
        and 0 < len(said) <= VALUE_WORDS
        and _SOLID.search(value) is not None
        and not value.endswith((":", "?", "!"))
        and "," not in key
        and ": " not in value
        and not re.match(r"\d+ [A-Z]", value)
        and (
            _EXACT.match(value) is not None
            or (_NAMED_KEY.search(key) is not None and " " in key and value[0].isupper())
        )
    )


def _of_value(
    source: Source,
    passage: Passage,
    key: str,
    around: tuple[int, int],
    value: tuple[int, int],
    speech: Speech,
) -> Draft:
    if source.is_english:
        verb = "are" if plural(key) else "is"
        question = f"What {verb} the {speech.inside(key, label=True)}{WHERE}?"
        if re.match(r"(?:the|our|your|his|her|its)\b", key, re.IGNORECASE):
            question = f"What {verb} {speech.inside(key, label=True)}{WHERE}?"
        style = "natural"
    else:
        question, style = f"{key}{WHERE}", "keywords"
    return Draft("key_value", passage, question, around, *value, "", key, style)
