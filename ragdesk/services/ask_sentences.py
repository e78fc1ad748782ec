"""Practice questions from single sentences: definitions, short forms, dates and amounts. Pure.

Only sentences whose form leaves no doubt are asked about, and English ones: what stands in front of
the verb must be a name or noun of few words, and the answer stands behind it word for word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..domain.document import Passage
from .abbreviate import long_forms
from .ask_tables import plural
from .choose import sentences
from .dates import dates
from .draft import WHERE, Draft, Source, Speech, hit_of, is_topic

DEFINITION_WORDS = 45  # of the clause that says what a thing is
TOPIC_WORDS = 7
CLAUSE_WORDS = 16  # of what happened at a date

_QUOTED = re.compile(r"[\"“”](?P<term>[^\"“”]{2,60}?),?[\"“”]")
_MEANS = re.compile(
    r"\s*(?:,[^,]{1,40},\s*)?(?:shall\s+mean|means?|refers?\s+to|is\s+defined\s+as|are\s+defined\s+as"
    r"|shall\s+refer\s+to|stands\s+for)\s*:?,?\s+(?P<clause>\S.*)$",
    re.DOTALL,
)
_PLAIN_MEANS = re.compile(
    r"^(?:[-*•]\s+)?(?:The\s+term\s+)?(?P<term>[^,;:.\"“”]{2,60}?)\s+(?:means|refers\s+to|stands\s+for"
    r"|is\s+defined\s+as|are\s+defined\s+as)\s+(?P<clause>\S.*)$"
)
_POINTER = re.compile(
    r"(?:has|have) the meaning|\b(?:set forth|defined|specified|described|given) (?:in|on|above|below)\b"
)
_TERM_LINE = re.compile(
    r"^(?:[-*•]\s+)(?P<term>[A-Z][^:.?!–—\"]{1,40}?)\s*(?::|\s[–—-])\s+(?P<clause>[A-Za-z].{20,300})$"
)
_IS = re.compile(
    r"^(?P<topic>(?:(?:The|An?)\s)?[^,;:.()?!\"“”]{2,60}?)\s(?P<verb>is|are|was|were)\s"
    r"(?P<clause>(?:an?|the|one of the)\s.*)$"
)
_IS_AMOUNT = re.compile(
    r"^(?P<topic>(?:(?:The|An?|Our|Your|Each|Its)\s)[^,;:.()?!\"“”]{2,70}?)\s(?P<verb>is|are|was|were)\s"
    r"(?:(?:about|approximately|around|currently|set at|limited to|up to|at least|at most)\s)?"
    r"(?P<value>(?:US)?[$€£¥]?\d[\d.,]*(?:\s?%|\s(?:percent|per cent|million|billion|thousand))?"
    r"(?:\s(?:US\s)?(?:(?:calendar|business|working)\s)?[a-z°]+)?)"
)
_UNIT_LESS = frozenset(
    [
        "and",
        "or",
        "in",
        "of",
        "for",
        "the",
        "to",
        "by",
        "at",
        "on",
        "from",
        "as",
        "with",
        "but",
        "when",
        "which",
        "that",
        "a",
        "an",
        "per",
    ]
)
_DONE = re.compile(
    r"^(?P<topic>[^,;:.()?!\"“”]{2,60}?)\s(?P<verb>was|were)\s(?P<done>(?:(?:first|originally|officially"
    r"|later|formally|finally)\s)?(?:\w+ed|built|made|held|written|won|sold|given|begun|born|lost|led"
    r"|set up|taken|known|sent|put|cut|bought|broken)\b[^,;.()]{0,80}?)\s(?:in|on)\s$"
)
_IN_YEAR = re.compile(r"^(?:In|On|Since)\s(?P<date>[^,]{4,24}),\s(?P<clause>\S.*)$")
_OPEN_CLAUSE = re.compile(
    r"\b(?:this|these|those|such|it|he|she|they|him|her|his|their|its|however|also|another|then)\b",
    re.IGNORECASE,
)
_VERB = re.compile(
    r"\b(?:is|are|was|were|had|has|became|began|made|took|won|came|went|led|left|gave|built|held|saw"
    r"|[a-z]{2,}ed)\b"
)
_PERSON = re.compile(
    r"^(?:an?|the|one of the)\s(?:[\w-]+\s){0,4}?(?:king|queen|duke|duchess|count|bishop|priest|author|poet|painter"
    r"|composer|architect|engineer|inventor|general|officer|soldier|president|minister|leader|player"
    r"|singer|actor|actress|director|founder|professor|politician|lawyer|writer|philosopher|man|woman"
    r"|\w+(?:ist|ician))\b"
)
_SHORT_FORM = re.compile(r"(?<![\w&])\(?\s?[\"“]?(?P<short>[A-Z][A-Z&]{1,6})[\"”]?\s?\)")


def ask_definitions(source: Source, speech: Speech) -> Iterator[Draft]:
    """ "What does X mean?" for each term that a sentence defines, and what short forms stand for."""
    if not source.is_english:
        return
    for passage in source.passages:
        for start, end in _sentences(source, passage):
            sentence = passage.text[start:end]
            yield from _short_forms(passage, sentence, (start, end))
            draft = (
                _meant(passage, sentence, (start, end))
                or _listed(passage, sentence, (start, end), speech)
                or _is_a(passage, sentence, (start, end), speech)
            )
            if draft:
                yield draft


def ask_facts(source: Source, speech: Speech) -> Iterator[Draft]:
    """Questions for the amount that something is, and the date at which it was done."""
    if not source.is_english:
        return
    for passage in source.passages:
        for start, end in _sentences(source, passage):
            sentence = passage.text[start:end]
            draft = (
                _amount(passage, sentence, (start, end), speech)
                or _done(passage, sentence, (start, end), speech)
                or _happened(passage, sentence, (start, end), speech)
            )
            if draft:
                yield draft


def _sentences(source: Source, passage: Passage) -> Iterator[tuple[int, int]]:
    for one in sentences(hit_of(source, passage)):
        if not one.is_row:
            yield one.start, one.end


def _meant(passage: Passage, sentence: str, place: tuple[int, int]) -> Draft | None:
    """A term in quotes, or in front of "means", with its clause."""
    for quoted in _QUOTED.finditer(sentence):
        found = _MEANS.match(sentence, quoted.end())
        if found and is_topic(quoted["term"], TOPIC_WORDS) and len(sentence[: quoted.start()]) < 30:
            question = f"What does “{quoted['term']}” mean{WHERE}?"
            return _defined(passage, question, quoted["term"], place, found.start("clause"))
    found = _PLAIN_MEANS.match(sentence)
    if found and is_topic(found["term"], 4) and not _VERB.search(found["term"]):
        verb = "do" if plural(found["term"]) else "does"
        question = f"What {verb} “{found['term']}” mean{WHERE}?"
        return _defined(passage, question, found["term"], place, found.start("clause"))
    return None


def _listed(
    passage: Passage, sentence: str, place: tuple[int, int], speech: Speech
) -> Draft | None:
    """A line of a glossary: "- Slack: our tool for talking"."""
    found = _TERM_LINE.match(sentence)
    if not found or not is_topic(found["term"], 3) or _VERB.search(found["term"]):
        return None
    clause = found["clause"]
    if not re.match(r"(?:an?|the|our|any|all)\s", clause, re.IGNORECASE):
        return None
    verb = "are" if plural(found["term"]) else "is"
    question = f"What {verb} {speech.inside(found['term'])}{WHERE}?"
    return _defined(passage, question, found["term"], place, found.start("clause"))


def _is_a(passage: Passage, sentence: str, place: tuple[int, int], speech: Speech) -> Draft | None:
    found = _IS.match(sentence)
    if not found:
        return None
    topic = found["topic"]
    if not is_topic(topic, TOPIC_WORDS) or _VERB.search(topic) or _OPEN_CLAUSE.search(topic):
        return None
    who = (
        "Who" if _PERSON.match(found["clause"]) and not topic.startswith(("A ", "An ")) else "What"
    )
    question = f"{who} {found['verb']} {speech.inside(topic)}{WHERE}?"
    return _defined(passage, question, topic, place, found.start("clause"))


def _defined(
    passage: Passage, question: str, term: str, place: tuple[int, int], clause: int
) -> Draft | None:
    text = passage.text[place[0] + clause : place[1]].rstrip(" .;,")
    if _POINTER.search(text[:60]):
        return None
    if len(text.split()) > DEFINITION_WORDS:
        text = re.split(r"[;:]\s|\.\s|\s[–—]\s|,\s(?=which|who|but|and|provided|including)", text)[
            0
        ]
    if not 2 < len(text.split()) <= DEFINITION_WORDS:
        return None
    start = place[0] + clause
    return Draft("definition", passage, question, place, start, start + len(text), "", term)


def _short_forms(passage: Passage, sentence: str, place: tuple[int, int]) -> Iterator[Draft]:
    """ "Paid Time Off (PTO)": what the letters stand for."""
    for found in _SHORT_FORM.finditer(sentence):
        short = found["short"]
        for long in long_forms(short, sentence)[:1]:
            spaced = r"[\W_]+".join(map(re.escape, long.split()))
            there = re.search(rf"(?<!\w){spaced}(?!\w)", sentence, re.IGNORECASE)
            if there and len(long.split()) > 1:
                start = place[0] + there.start()
                end = place[0] + there.end()
                question = f"What does {short} stand for{WHERE}?"
                yield Draft("definition", passage, question, place, start, end, "", short)


def _amount(
    passage: Passage, sentence: str, place: tuple[int, int], speech: Speech
) -> Draft | None:
    found = _IS_AMOUNT.match(sentence)
    if not found or not is_topic(found["topic"], 9) or _OPEN_CLAUSE.search(found["topic"]):
        return None
    value = found["value"].rstrip(".,")
    said = value.split()
    if said[-1] in _UNIT_LESS:
        value = " ".join(said[:-1])
    topic = speech.inside(found["topic"])
    start = place[0] + found.start("value")
    end = start + len(value)
    if value != passage.text[start:end] or not value:
        return None
    question = f"What {found['verb']} {topic}{WHERE}?"
    return Draft("key_value", passage, question, place, start, end, "", found["topic"])


def _done(passage: Passage, sentence: str, place: tuple[int, int], speech: Speech) -> Draft | None:
    """ "The factory was built in 1920": when it was."""
    for date in dates(sentence):
        found = _DONE.match(sentence[: date.start])
        if not found or not is_topic(found["topic"], TOPIC_WORDS):
            continue
        if _OPEN_CLAUSE.search(found["topic"]) or _VERB.search(found["topic"]):
            return None
        topic = speech.inside(found["topic"])
        if _OPEN_CLAUSE.search(found["done"]) or dates_in(found["done"]):
            return None
        start = place[0] + date.start
        question = f"When {found['verb']} {topic} {found['done']}{WHERE}?"
        return Draft(
            "key_value",
            passage,
            question,
            place,
            start,
            start + len(date.text),
            topic,
            found["done"],
        )
    return None


def _happened(
    passage: Passage, sentence: str, place: tuple[int, int], speech: Speech
) -> Draft | None:
    """ "In 1920, the factory opened its doors": when that was."""
    found = _IN_YEAR.match(sentence)
    date = next(dates(found["date"]), None) if found else None
    if not found or not date or date.text != found["date"].strip():
        return None
    clause = re.split(r"[;.(]|,\s", found["clause"])[0].strip()
    said = len(clause.split())
    if not 3 < said <= CLAUSE_WORDS or _OPEN_CLAUSE.search(clause) or not _VERB.search(clause):
        return None
    if dates_in(clause):
        return None
    start = place[0] + found.start("date")
    question = f"When was it that {speech.inside(clause)}{WHERE}?"
    return Draft("key_value", passage, question, place, start, start + len(date.text), "", clause)


def dates_in(text: str) -> bool:
    """Whether a text has a date: a question that holds one answers itself."""
    return next(dates(text), None) is not None
