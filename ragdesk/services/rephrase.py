"""A question that hangs on the one before it, made whole by rules. Pure.

Dates take the place of dates, names that of names, "on grout" that of "on tiles", and "it" is what
the question before asked about. Where the rules do not tell, nothing is said rather than guessed.
"""

from __future__ import annotations

import re

from .dates import dates
from .hang import ASKS, PREPOSITIONS, PRONOUN, is_piece, remainder
from .match import is_small

_PREPOSITION = re.compile(rf"^(?P<preposition>{PREPOSITIONS})\s+(?P<rest>.+)$", re.IGNORECASE)
_NAME = re.compile(r"[^\W\d_a-zà-ÿ][\w'’.-]*(?:\s+[^\W\d_a-zà-ÿ][\w'’-]*)*")
_DO = re.compile(
    r"\b(?:do|does|did|can|could|may|must|shall|should|will|would|has|have|had)\b", re.IGNORECASE
)
_BE = re.compile(
    r"^(?:what|who|where|when|why|how(?:\s+\w+)?|which\s+\w+)\s+(?:is|are|was|were)\s+(?P<topic>.+?)\s*\?*$",
    re.IGNORECASE,
)
_DETERMINED = r"(?:the|a|an|our|my|your|this)\s+"
_VERBS = (
    "take|cost|last|start|end|begin|expire|apply|run|work|open|close|cover|include|mean|happen|need|have|contain|weigh|stop"
    "|say|do|give|offer|pay|charge|require|arrive"
)
_DOES = re.compile(
    rf"\b(?:do|does|did|can|will|would|must|should)\s+(?P<topic>(?:{_DETERMINED})?(?:[\w'-]+\s+){{0,4}}?[\w'-]+)\s+(?:{_VERBS})\s*\?*$",
    re.IGNORECASE,
)
_LEADS = re.compile(rf"^(?:{ASKS})\s", re.IGNORECASE)
_STATE = re.compile(
    r"\s+(?:open|closed|due|valid|available|free|\w{3,}ed|made|paid|held|kept|sold|sent)$",
    re.IGNORECASE,
)
_PERSON = re.compile(r"^[^\W\d_a-zà-ÿ][\w'’-]+(?:\s+[^\W\d_a-zà-ÿ][\w.'’-]*)+$")
_OF_PERSONS = frozenset(("he", "him", "his", "she", "her"))
_OWNING = frozenset(("its", "their", "his"))
TOPIC_MOST = 8  # words


def rephrased(question: str, before: str, answer: str) -> str:
    """The question as it stands for itself; "" where the rules do not tell what is meant.

    `before` is the question before it, a whole one, `answer` the short answer to that or "".
    """
    before = before.strip().rstrip("? ")
    if is_piece(question):
        return _replaced(remainder(question), before)
    text = remainder(question)
    return _named(text[0].upper() + text[1:], before, answer)


def _replaced(piece: str, before: str) -> str:
    """The question before with `piece` in the place of what is like it."""
    led = _PREPOSITION.match(piece)
    preposition, rest = (led["preposition"], led["rest"]) if led else ("", piece)
    if found := list(dates(rest)):
        if known := list(dates(before)):
            old, new = known[-1], found[-1]
            return f"{before[: old.start]}{new.text}{before[old.start + len(old.text) :]}?"
        return f"{before} {piece if led else f'in {rest}'}?"
    names = [m for m in _NAME.finditer(before) if m.start() and not is_small(m.group())]
    if _NAME.fullmatch(rest):
        if led:
            names = [
                m for m in names if before[: m.start()].lower().endswith(f" {preposition.lower()} ")
            ]
        if names:
            return f"{before[: names[-1].start()]}{rest}{before[names[-1].end() :]}?"
        return f"{before} {piece}?" if led and not _DO.search(before) else ""
    return _same_preposition(preposition, rest, before) if led else ""


def _same_preposition(preposition: str, rest: str, before: str) -> str:
    """Of a question that ends with "on tiles", "on grout" for it."""
    found = re.search(
        rf"\b{preposition}\s+(?P<old>{_DETERMINED}\w+|\w+)(?P<left>.*)$", before, re.IGNORECASE
    )
    if not found or (found["left"].strip() and not _DO.search(before)):
        return ""
    if found["left"].strip() and len(found["left"].split()) > 1:
        return ""
    return f"{before[: found.start('old')]}{rest}{found['left']}?"


def _named(text: str, before: str, answer: str) -> str:
    """The question with what "it" stands for."""
    pronoun = PRONOUN.search(text)
    if pronoun is None:
        return ""
    said = pronoun.group().lower()
    if said in _OF_PERSONS:
        topic = answer if _PERSON.match(answer) else _person_in(before)
    else:
        topic = topic_of(before)
    if not topic:
        return ""
    owning = said in _OWNING or (said == "her" and bool(re.match(r"\s+\w", text[pronoun.end() :])))
    meant = topic + ("'s" if owning else "")
    if not text[: pronoun.start()].strip():
        meant = meant[0].upper() + meant[1:]
    return f"{text[: pronoun.start()]}{meant}{text[pronoun.end() :]}?"


def topic_of(question: str) -> str:
    """What a question asks about; "" where the rules do not tell."""
    text = question.strip().rstrip("? ")
    found = _BE.match(text) or _DOES.search(text)
    if found is None:
        return ""
    topic = _STATE.sub("", found["topic"].strip())
    plain = topic.split()
    unsure = len(plain) > TOPIC_MOST or is_small(plain[-1]) or bool(PRONOUN.search(topic))
    return (
        ""
        if unsure or _LEADS.match(topic) or plain[0].lower() in ("i", "we", "you", "there")
        else topic
    )


def _person_in(question: str) -> str:
    found = [m.group() for m in _NAME.finditer(question) if m.start() and " " in m.group()]
    return found[-1] if found else ""
