"""The words of a question: which of them say something, and how they look for passages. Pure."""

from __future__ import annotations

import re
import unicodedata

_WORD = re.compile(r"\w+(?:[.,]\d+)*")
_STOP_WORDS = """
    a about above after again all also am an and any are as at be because been before being
    below between both but by can could did do does doing don during each else ever few for from
    further had has have having he her here hers him his how i if in into is it its itself just
    let ll may me might more most much must my no nor not of off on once only or other our ours out
    over own per please re s same shall she should so some such t tell than that the their theirs
    them then there these they this those through to too under until up us ve very was we were what
    when where which while who whom whose why will with within would you your yours
    many give given gives get gets got make makes made say says said know
"""
_STOP = frozenset(_STOP_WORDS.split())
_ENDINGS = (
    ("ational", "ate"), ("ization", "ize"), ("fulness", "ful"), ("iveness", "ive"), ("ements", ""),
    ("ations", ""), ("ement", ""), ("ation", ""), ("ities", ""), ("ments", ""), ("ances", ""),
    ("ences", ""), ("ions", ""), ("ment", ""), ("ance", ""), ("ence", ""), ("able", ""),
    ("ible", ""), ("ness", ""), ("ies", "y"), ("ied", "y"), ("ing", ""), ("ion", ""), ("ity", ""),
    ("ed", ""), ("es", ""), ("ly", ""), ("al", ""),
    ("s", ""), ("e", ""),
)  # fmt: skip


def words(text: str) -> list[str]:
    """All words and numbers, in order, lower case, without accents."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return _WORD.findall("".join(c for c in decomposed if not unicodedata.combining(c)))


def is_small(word: str) -> bool:
    """Whether a word says nothing of what is looked for."""
    return word.casefold() in _STOP


def terms(question: str) -> list[str]:
    """The words that say what is looked for, each once; all of them where only small ones stand."""
    every = list(dict.fromkeys(words(question)))
    return [word for word in every if word not in _STOP] or every


def stem(word: str) -> str:
    """A word without its ending, coarse: what shares a stem may share a meaning."""
    for ending, instead in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            word = word[: len(word) - len(ending)] + instead
            break
    if len(word) > 4 and word[-1] == "y" and word[-2] not in "aeiou":
        word = word[:-1]  # deliver, delivery
    if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "aeiouls":
        word = word[:-1]
    return word


def expression(looked_for: list[str]) -> str:
    """An FTS5 expression that finds any of these words. Nothing of a question is FTS5 syntax."""
    return " OR ".join('"' + word.replace('"', '""') + '"' for word in looked_for)
