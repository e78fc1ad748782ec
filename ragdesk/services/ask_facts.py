"""Practice questions from sentences that state a date, an amount, a place or a limit of time. Pure.

Only English sentences whose form leaves no doubt: the answer stands in them word for word, and the
rest of the sentence says what is asked without a word like "it" that hangs on another.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..domain.document import Passage
from .dates import dates
from .draft import OPEN, VERB, WHERE, Draft, Source, Speech, is_topic, said_in
from .match import is_small, words

TOPIC_WORDS = 8
CLAUSE_WORDS = 16  # of what happened at a date
LEAST_WORDS, MOST_WORDS = 6, 22  # of a sentence that is asked as it stands

_TOPIC = r"^(?P<topic>[^,;:.()?!\"“”]{2,70}?)"
_COUNT = r"(?P<value>\d[\d.,]*\d|\d|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|hundreds|twenty)"
_ABOUT = r"(?:(?:about|approximately|around|over|some|nearly|almost|currently|at least|up to)\s)?"
_TIME = r"(?:[\w-]+\s)?(?:\(?\d+\)?\s)?(?:business\s|working\s|calendar\s)?(?:hour|day|week|month|year)s?"
_AMOUNT = re.compile(
    r"^(?P<topic>(?:The|An?|Our|Your|Each|Every)\s[^,;:.()?!\"“”]{2,70}?)"
    rf"\s(?P<verb>is|are|was|were)\s{_ABOUT}"
    r"(?P<value>(?:US)?[$€£¥]?\d[\d.,]*(?:\s?%|\s(?:percent|per cent|million|billion|thousand))?"
    r"(?:\s(?:US\s)?(?:(?:calendar|business|working)\s)?[a-z°]+)?)"
)
_NO_UNIT = re.compile(
    r"\s(?:and|or|in|of|for|the|to|by|at|on|from|as|with|without|plus|before|after|but|when|which|that|a|an|per|if"
    r"|times?|years old|is|are|was|were|not|only|[a-z]+ly)$"
)
_HAS = re.compile(
    rf"{_TOPIC}\s(?P<verb>has|have|had)\s{_ABOUT}{_COUNT}\s(?P<things>(?:[\w-]+\s)?[a-z]+s)\b"
)
_THERE = re.compile(
    rf"^There\s(?P<verb>are|were)\s{_ABOUT}{_COUNT}\s(?P<things>(?:[\w-]+\s){{0,2}}[a-z]+s)\s"
    r"(?P<where>(?:in|at|on|for)\s[^,;:.()–—]{3,60})"
)
_PLACED = re.compile(
    rf"{_TOPIC}\s(?P<verb>is|are|was|were)\s(?P<how>located|situated|based|held|born|buried"
    r"|headquartered|stored|kept|published|found|available)\s"
    r"(?P<value>(?:in|at|on|near)\s(?:the\s)?[A-Z#/][^,;:.()]{1,50})"
)
_WITHIN = re.compile(
    rf"{_TOPIC}\s(?P<verb>must|shall|should|may|will|can)\s(?P<what>(?:be\s)?[a-z][^,;:.()]{{2,90}}?)\s"
    rf"within\s(?P<value>{_TIME}(?:\s\(\d+\))?(?:\s(?:of|after|from|following)\s[^,;:.()]{{3,60}}(?=[,;:.()]|$))?)"
)
_BY_WHOM = re.compile(
    rf"{_TOPIC}\s(?P<verb>was|were)\s(?P<done>(?:first\s|originally\s)?(?:founded|written|designed|built"
    r"|composed|led|discovered|invented|painted|owned|established|created|managed|appointed|elected"
    r"|commissioned|opened|published|developed|introduced|proposed|destroyed|captured|defeated|ruled"
    r"|described|coined|patented))\sby\s(?P<value>(?:the\s)?[A-Z][\w'’.-]*(?:\s(?:(?:of|and|the|de|von)\s)?"
    r"[A-Z][\w'’.-]*){0,5})"
    r"(?=[.,;)]|$|\s(?:in|at|to|and|who|on|for|as|with|during|from|after|before|when)\b)"
)
_AGENT = re.compile(
    r"^(?:In\s\d{4},?\s)?(?P<value>[A-Z][\w'’.-]*(?:\s(?:(?:of|the|de|von)\s)?[A-Z][\w'’.-]*){0,4})\s"
    r"(?P<did>(?:first\s)?(?:founded|invented|discovered|wrote|designed|built|patented|composed|led"
    r"|established|introduced|developed|created|defeated|won|ruled|signed|proposed|commissioned"
    r"|described|published|painted|opened|approves?|manages?|leads?|owns?|invoiced|conquered"
    r"|formulated|suggested))\s(?P<what>(?:the|an?|[A-Z])[^,;:.()!?\"“”]{3,110})"
)
_MAY = re.compile(r"\b(?:shall|must|should|may|will|can|exceeds?|costs?|takes?|lasts?)\b")
_HANGS = re.compile(r"\b(?:this|these|those|it|he|she|they|we|you|i|here|said)\b", re.IGNORECASE)
_LEADING = re.compile(r"^(?:In|On)\s(?P<date>[^,]{4,24}),\s(?P<clause>\S.*)$")
_UP_TO_DATE = re.compile(r"^(?P<clause>.*\S)\s(?:in|on)\s(?:early\s|late\s|mid-)?$")
_MONEY = (
    r"(?:US)?[$€£¥]\s?\d[\d.,]*\d?(?:\s(?:million|billion|thousand|trillion))?"
    r"|\d[\d.,]*\s(?:euros?|dollars|pounds)\b"
)
_PERCENT = r"\d[\d.,]*\s?(?:%|percent\b|per cent\b)"
_IN_PLACE = re.compile(
    rf"(?P<money>{_MONEY})|(?P<percent>{_PERCENT})"
    r"|(?P<time>\d+\s(?:(?:business|working|calendar)\s)?(?:minutes|hours|days|weeks|months|years))(?=[\s,.]|$)"
)
_ASKED_AS = {"money": "how much", "percent": "what percentage", "time": "how long"}
_BEFORE_FIGURE = re.compile(  # what may stand in front of "how much" in the middle of a question
    r"\b(?:at|of|is|are|was|were|exceed|exceeds|exceeded|to|for|by|about|over|than|pay|pays|paid|costs?"
    r"|upon|within|after|with|reach|reached|every|until|least|most)\s$"
)
_BEFORE_DATE = re.compile(r"\b(?:in|on|since|until|by|from|of|before|after)\s$", re.IGNORECASE)
_SIGNS = re.compile(r"[;:()?!\"“”\[\]|<>*_]|\d[–-]\d|https?")
_END_OF_CLAUSE = re.compile(r"[;(]|,\s|[.!?][\"”]?$|\[")


def ask_facts(source: Source, speech: Speech) -> Iterator[Draft]:
    """Questions for what single sentences state, one a sentence."""
    if not source.is_english:
        return
    for passage in source.passages:
        for place in said_in(source, passage):
            sentence = passage.text[slice(*place)]
            for form in _FORMS:
                draft = form(passage, sentence, place, speech)
                if draft:
                    yield draft
                    break


Around = tuple[int, int]


def _amount(passage: Passage, sentence: str, place: Around, speech: Speech) -> Draft | None:
    """ "The fee is 40 €": what it is."""
    found = _AMOUNT.match(sentence)
    if not found or not _asks(found["topic"]):
        return None
    value = found["value"]
    while shorter := _NO_UNIT.search(value):
        value = value[: shorter.start()]
    value = value.rstrip(".,")
    if value == found["value"] and re.match(r"\s?[–-]\d|[^\s.,;)]", sentence[found.end("value") :]):
        return None
    if value.isdigit() and len(value) == 4:
        return None  # a year
    if re.search(r"\s(?:old|tall|long|high|wide|deep)$", value):
        return None
    question = f"What {found['verb']} {speech.inside(found['topic'])}{WHERE}?"
    return _drafted(passage, question, place, found, value, detail=found["topic"])


def _count(passage: Passage, sentence: str, place: Around, speech: Speech) -> Draft | None:
    """ "The office has 12 rooms": how many it has."""
    found = _HAS.match(sentence)
    if not found or not _asks(found["topic"]) or found["things"].startswith("times"):
        return None
    topic = speech.inside(found["topic"])
    verb = "did" if found["verb"] == "had" else "do" if found["verb"] == "have" else "does"
    question = f"How many {found['things']} {verb} {topic} have{WHERE}?"
    return _drafted(passage, question, place, found, found["value"], topic, found["things"])


def _there(passage: Passage, sentence: str, place: Around, _: Speech) -> Draft | None:
    """ "There are 12 rooms in the office": how many there are."""
    found = _THERE.match(sentence)
    if not found or OPEN.search(found["where"]):
        return None
    question = f"How many {found['things']} {found['verb']} there {found['where']}{WHERE}?"
    return _drafted(
        passage, question, place, found, found["value"], found["things"], found["where"]
    )


def _place(passage: Passage, sentence: str, place: Around, speech: Speech) -> Draft | None:
    """ "The archive is kept in Room 3": where it is."""
    found = _PLACED.match(sentence)
    if not found or not _asks(found["topic"]) or OPEN.search(found["value"]):
        return None
    if dates_in(found["value"]):
        return None
    topic = speech.inside(found["topic"])
    question = f"Where {found['verb']} {topic} {found['how']}{WHERE}?"
    value = re.split(r"\s(?:and|which|that|where|when|by|as|with)\s", found["value"])[0]
    return _drafted(passage, question, place, found, value, topic, found["how"])


def _limit(passage: Passage, sentence: str, place: Around, speech: Speech) -> Draft | None:
    """ "Faults must be reported within 14 days": within what time they must."""
    found = _WITHIN.match(sentence)
    if not found or not _asks(found["topic"]) or OPEN.search(found["what"]):
        return None
    topic = speech.inside(found["topic"])
    question = f"Within what time {found['verb']} {topic} {found['what']}{WHERE}?"
    return _drafted(passage, question, place, found, found["value"], topic, found["what"])


def _maker(passage: Passage, sentence: str, place: Around, speech: Speech) -> Draft | None:
    """ "The hall was designed by Anna Berg": by whom."""
    found = _BY_WHOM.match(sentence)
    if not found or not _asks(found["topic"]):
        return None
    topic = speech.inside(found["topic"])
    question = f"Who {found['verb']} {topic} {found['done']} by{WHERE}?"
    return _drafted(passage, question, place, found, found["value"], topic, found["done"])


def _agent(passage: Passage, sentence: str, place: Around, _: Speech) -> Draft | None:
    """ "Anna Berg designed the hall": who did."""
    found = _AGENT.match(sentence)
    if not found or OPEN.search(found["value"]) or _HANGS.search(found["what"]):
        return None
    if re.match(r"\w+ing\b", found["value"]):
        return None
    if not is_topic(found["value"], 6) or is_small(words(found["value"])[0]):
        return None
    what = re.split(r"\s(?:and|while|but|when|because|so)\s", found["what"])[0].strip()
    question = f"Who {found['did']} {what}{WHERE}?"
    return _drafted(passage, question, place, found, found["value"], what, found["did"])


def _opening(passage: Passage, sentence: str, place: Around, speech: Speech) -> Draft | None:
    """ "In 1920, the factory opened its doors": when that was."""
    found = _LEADING.match(sentence)
    date = next(dates(found["date"]), None) if found else None
    if not found or not date or date.text != found["date"].strip():
        return None
    end = _END_OF_CLAUSE.search(found["clause"])
    clause = found["clause"][: end.start()] if end else ""
    return _dated(passage, clause, place, (place[0] + found.start("date"), date.text), speech)


def _date(passage: Passage, sentence: str, place: Around, speech: Speech) -> Draft | None:
    """ "The factory was built in 1920": when it was."""
    ends = ((date, _UP_TO_DATE.match(sentence[: date.start])) for date in dates(sentence))
    date, found = next(((date, end) for date, end in ends if end), (None, None))
    if not date or not found:
        return None
    behind = sentence[date.start + len(date.text) :]
    if re.match(r"\s?[–-]\s?\d|\s(?:and|to|or|until)\s\d", behind) or dates_in(behind[:25]):
        return None
    return _dated(passage, found["clause"], place, (place[0] + date.start, date.text), speech)


def _dated(
    passage: Passage, clause: str, place: Around, date: tuple[int, str], speech: Speech
) -> Draft | None:
    """When a clause was; the verb in front where it is "was" or "were"."""
    clause = clause.strip()
    if not 3 < len(clause.split()) <= CLAUSE_WORDS or re.search(r"[,;:()?!\"“”\[\]]", clause):
        return None
    if is_small(words(clause)[-1]):
        return None
    if _HANGS.search(clause) or dates_in(clause) or not is_topic(clause, CLAUSE_WORDS):
        return None
    start, text = date
    if not (verb := VERB.search(clause)):
        return None
    topic, rest = clause[: verb.start()].strip(), clause[verb.end() :].strip()
    known = speech.inside(topic)
    if not topic or len(topic.split()) > TOPIC_WORDS or OPEN.search(topic):
        return None
    if re.search(r"\band\s\w+ed\b", rest):
        return None  # which of the two was then is open
    detail = f"{verb.group()} {rest}".strip()
    if verb.group() in ("was", "were", "is", "are") and rest:
        question, detail = f"When {verb.group()} {known} {rest}{WHERE}?", rest
    else:
        question = f"When was it that {known} {detail}{WHERE}?"
    return Draft("key_value", passage, question, place, start, start + len(text), known, detail)


def _in_place(passage: Passage, sentence: str, place: Around, _: Speech) -> Draft | None:
    """ "Members may resign upon 30 days notice": "Members may resign upon how long notice?".

    Only a sentence of one figure, which no word links to another.
    """
    text = sentence.rstrip(" .")
    if not LEAST_WORDS <= len(text.split()) <= MOST_WORDS or _SIGNS.search(text):
        return None
    subject = re.split(r"[\s,]+", text, maxsplit=1)[0]
    if OPEN.search(text) or not text[0].isupper() or not is_topic(subject + " x", 3):
        return None
    found = list(dates(text))
    figures = list(re.finditer(r"\d[\d.,]*", text))
    if found:
        date = found[0]
        stop = date.start + len(date.text)
        alone = all(date.start <= figure.start() < stop for figure in figures)
        if len(found) > 1 or not alone or not _BEFORE_DATE.search(text[: date.start]):
            return None
        start, end = date.start, stop
        asked = "which date" if date.order[2] else "which month" if date.order[1] else "which year"
    else:
        figure = _IN_PLACE.search(text)
        if not figure or len(figures) > 1 or not _BEFORE_FIGURE.search(text[: figure.start()]):
            return None
        start, end = figure.span()
        asked = _ASKED_AS[figure.lastgroup or ""]
    if "," in text or not (VERB.search(text) or _MAY.search(text)):
        return None
    question = f"{text[:start]}{asked}{text[end:]}{WHERE}?"
    return Draft(
        "key_value", passage, question, place, place[0] + start, place[0] + end, "", question
    )


_FORMS = (_amount, _count, _there, _place, _limit, _maker, _agent, _opening, _date, _in_place)


def _asks(topic: str) -> bool:
    return is_topic(topic, TOPIC_WORDS) and not VERB.search(topic) and not OPEN.search(topic)


def _drafted(
    passage: Passage,
    question: str,
    place: Around,
    found: re.Match[str],
    value: str,
    topic: str = "",
    detail: str = "",
) -> Draft | None:
    if not value.strip() or dates_in(question):
        return None
    start = place[0] + found.start("value")
    return Draft("key_value", passage, question, place, start, start + len(value), topic, detail)


def dates_in(text: str) -> bool:
    """Whether a text has a date: a question that holds one half answers itself."""
    return next(dates(text), None) is not None
