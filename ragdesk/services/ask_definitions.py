"""Practice questions from sentences that say what a thing is, and what short forms stand for. Pure.

Only sentences whose form leaves no doubt are asked about, and English ones: what stands in front of
the verb must be a name or noun of few words, and the answer stands behind it word for word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..domain.document import Passage
from .abbreviate import long_forms
from .ask_tables import plural
from .draft import OPEN, VERB, WHERE, Draft, Source, Speech, is_topic, said_in

DEFINITION_WORDS = 45  # of the clause that says what a thing is
TOPIC_WORDS = 7

_QUOTED = re.compile(r"[\"“”](?P<term>[^\"“”]{2,60}?),?[\"“”]")
_MEANS = re.compile(
    r"\s*(?:,[^,]{1,40},\s*)?(?:shall\s+mean|means?|refers?\s+to|is\s+defined\s+as|are\s+defined\s+as"
    r"|shall\s+refer\s+to|stands\s+for)\s*:?,?\s+(?P<clause>\S.*)$",
    re.DOTALL,
)
_PLAIN_MEANS = re.compile(
    r"^(?:The\s+term\s+)?(?P<term>[^,;:.\"“”]{2,60}?)\s+(?:means|refers\s+to|stands\s+for"
    r"|is\s+defined\s+as|are\s+defined\s+as)\s+(?P<clause>\S.*)$"
)
_POINTER = re.compile(
    r"(?:has|have) the meaning|\b(?:set forth|defined|specified|described|given) (?:in|on|above|below)\b"
)
_TERM_LINE = re.compile(
    r"^(?P<term>[A-Z][^:.?!–—\"]{1,40}?)\s*(?::|\s[–—-])\s+(?P<clause>[A-Za-z].{20,300})$"
)
_IS = re.compile(
    r"^(?P<topic>(?:(?:The|An?)\s)?[^,;:.()?!\"“”]{2,60}?)\s(?P<verb>is|are|was|were)\s"
    r"(?P<clause>(?:an?|the|one of the)\s.*)$"
)
_PERSON = re.compile(
    r"^(?:an?|the|one of the)\s(?:[\w-]+\s){0,4}?(?:king|queen|duke|duchess|count|bishop|priest|author|poet|painter"
    r"|composer|architect|engineer|inventor|general|officer|soldier|president|minister|leader|player"
    r"|singer|actor|actress|director|founder|professor|politician|lawyer|writer|philosopher|man|woman"
    r"|\w+(?:ist|ician))\b"
)
_OPINION = re.compile(
    r"(?:an?|the|one of the)\s(?:very\s)?(?:good|great|important|best|better|key|big|common|useful|same"
    r"|case|most|way|perfect|significant|result|reason|following|kind|bit)\b"
)
_DEFINED = re.compile(  # the Office of Thrift Supervision (the "OTS")
    r"(?P<long>[A-Z][\w&.'’-]*(?:,?\s(?:(?:of|and|the|for|on|in|to|&)\s){0,2}[A-Z][\w&.'’-]*){1,9})"
    r",?\s\((?:the|an?|collectively,?|together,?|hereinafter)?\s?[\"“](?P<term>[A-Z][^\"“”]{1,30})[\"”]\)"
)
_SHORT_FORM = re.compile(r"(?<![\w&])\(?\s?[\"“]?(?P<short>[A-Z][A-Z&]{1,6})[\"”]?\s?\)")


def ask_definitions(source: Source, speech: Speech) -> Iterator[Draft]:
    """ "What does X mean?" for each term that a sentence defines, and what short forms stand for."""
    if not source.is_english:
        return
    for passage in source.passages:
        for start, end in said_in(source, passage):
            sentence = passage.text[start:end]
            yield from _short_forms(passage, sentence, (start, end))
            yield from _called(passage, sentence, (start, end))
            draft = (
                _meant(passage, sentence, (start, end))
                or _listed(passage, sentence, (start, end), speech)
                or _is_a(passage, sentence, (start, end), speech)
            )
            if draft:
                yield draft


def _meant(passage: Passage, sentence: str, place: tuple[int, int]) -> Draft | None:
    """A term in quotes, or in front of "means", with its clause."""
    for quoted in _QUOTED.finditer(sentence):
        found = _MEANS.match(sentence, quoted.end())
        if found and is_topic(quoted["term"], TOPIC_WORDS) and len(sentence[: quoted.start()]) < 30:
            question = f"What does “{quoted['term']}” mean{WHERE}?"
            return _defined(passage, question, quoted["term"], place, found.start("clause"))
    found = _PLAIN_MEANS.match(sentence)
    if found and is_topic(found["term"], 4) and not VERB.search(found["term"]):
        verb = "do" if plural(found["term"]) else "does"
        question = f"What {verb} “{found['term']}” mean{WHERE}?"
        return _defined(passage, question, found["term"], place, found.start("clause"))
    return None


def _listed(
    passage: Passage, sentence: str, place: tuple[int, int], speech: Speech
) -> Draft | None:
    """A line of a glossary: "- Slack: our tool for talking"."""
    found = _TERM_LINE.match(sentence)
    if not found or not is_topic(found["term"], 3) or VERB.search(found["term"]):
        return None
    clause = found["clause"]
    if not re.match(r"(?:an?|the|our|any|all)\s", clause, re.IGNORECASE):
        return None
    question = f"What is {speech.inside(found['term'])}{WHERE}?"
    return _defined(passage, question, found["term"], place, found.start("clause"))


def _is_a(passage: Passage, sentence: str, place: tuple[int, int], speech: Speech) -> Draft | None:
    found = _IS.match(sentence)
    if not found:
        return None
    topic = found["topic"]
    if _OPINION.match(found["clause"]) or not is_topic(topic, TOPIC_WORDS):
        return None
    if re.fullmatch(r"The [a-z]+", topic):
        return None  # "the city": which one?
    if VERB.search(topic) or OPEN.search(topic):
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
    if _POINTER.search(text[:60]) or re.match(r"(?:of|that|to|in|by|as)\b", text):
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
            opened = there and sentence[: there.start()].endswith("(")
            if there and len(long.split()) > 1 and not opened:
                start = place[0] + there.start()
                end = place[0] + there.end()
                question = f"What does {short} stand for{WHERE}?"
                yield Draft("definition", passage, question, place, start, end, "", short)


def _called(passage: Passage, sentence: str, place: tuple[int, int]) -> Iterator[Draft]:
    """A name with the term that stands for it from there on."""
    for found in _DEFINED.finditer(sentence):
        term = found["term"].rstrip(",")
        if is_topic(term, 4) and term.casefold() not in found["long"].casefold():
            question = f"What is meant by “{term}”{WHERE}?"
            start, end = place[0] + found.start("long"), place[0] + found.end("long")
            yield Draft("definition", passage, question, place, start, end, "", term)
