"""Whether a question hangs on the one before it. Pure.

It does where it begins with "and" and asks nothing whole, where it is a piece ("In 2023?"), a bare
question word, or speaks of "it" or "they" without having named anything.
"""

from __future__ import annotations

import re

from .match import is_small, words

WHO = (
    r"who|whom|whose|what|when|where|which|how|why|wer|was|wann|wo|welche\w*|wie|warum|qui|quand"
    r"|combien|comment|pourquoi|quel\w*|quién|qué|cuándo|dónde|cuánt\w+|cómo|cuál"
)
ASKS = (
    r"is|are|was|were|do|does|did|can|could|may|must|shall|should|will|would|has|have|had|ist|sind"
    r"|kann|darf|muss|gibt|hat|est-ce"
)
PREPOSITIONS = (
    r"in|for|to|on|with|from|at|by|without|within|after|before|since|until|under|für|nach|mit|seit"
    r"|bis|ab|pour|à|avec|para|con|en"
)

_AND = r"(?:and|but|or|so|und|aber|oder|et|mais|ou|y|pero|e|ma|en|maar)"
_ABOUT = re.compile(
    rf"^[¿\s]*(?:{_AND}\b[,\s]+)?(?:(?:what|how)\s+about|was\s+ist\s+mit|wie\s+(?:ist\s+es\s+mit|steht\s+es\s+um)"
    r"|qu['’]en\s+est-il\s+d(?:e|u|es)|qué\s+(?:hay|pasa)\s+(?:de|con))\s+(?P<rest>.+?)[\s?]*$",
    re.IGNORECASE,
)
_AND_REST = re.compile(rf"^[¿\s]*{_AND}\b[,\s]+(?P<rest>.+?)[\s?]*$", re.IGNORECASE)
_PIECE = re.compile(
    rf"^[¿\s]*(?P<rest>(?:{PREPOSITIONS})\s+(?:\S+\s*){{1,4}}?)[\s?]*$", re.IGNORECASE
)
_BARE = re.compile(
    rf"^[¿\s]*(?:{_AND}\s+)?(?:(?:since|until|by|for|from|seit|bis)\s+)?(?:{WHO})(?:\s+(?:much|many|long|often|soon|so|not|viel\w*"
    r"|lange|oft|else))?[\s?]*$",
    re.IGNORECASE,
)
_BEGINS = re.compile(rf"^(?:{WHO}|{ASKS})\b", re.IGNORECASE)
PRONOUN = re.compile(
    r"\b(?:it|its|they|them|their|he|him|his|she|her|(?:this|that|these|those)(?=\s*\?|\s+(?:is|are|was|were|do|does|did|cost|mean"
    r"|include|apply|happen|take|last|end|start|expire|work)\b|\s*$))(?![\w'’])",
    re.IGNORECASE,
)
_EXPLETIVE = re.compile(
    r"\bit\s+(?:takes?|costs?|possible|allowed|necessary|true|ok|okay|safe|legal|required|enough|worth\w*|rain\w*|"
    r"normal|usual)\b(?:\s+\w+)?\s+(?:to|that|if|for)\b",
    re.IGNORECASE,
)
_HOW = frozenset(
    "long much many often soon far old big high fast late early lange viel oft hoch".split()  # noqa: SIM905
)


def hangs(question: str) -> bool:
    """Whether a question cannot be understood without the one before it."""
    text = question.strip()
    if _BARE.match(text) or _PIECE.match(text) or _ABOUT.match(text):
        return True
    if found := _AND_REST.match(text):
        rest = found["rest"]
        told = [word for word in words(rest) if not is_small(word) and word not in _HOW]
        return not _BEGINS.match(rest) or len(told) < 2 or _speaks_of(rest)
    return _speaks_of(text)


def remainder(question: str) -> str:
    """What a question says, without "and" or "what about" in front of it and its question mark."""
    text = question.strip()
    for pattern in (_ABOUT, _AND_REST, _PIECE):
        if found := pattern.match(text):
            return found["rest"].strip()
    return text.strip(" ¿?")


def is_piece(question: str) -> bool:
    """Whether it names something but asks nothing: "and Paris?"."""
    return not _BEGINS.match(remainder(question))


def _speaks_of(text: str) -> bool:
    """Whether it has a pronoun for what it has not named: at most a verb stands in front of it."""
    if _EXPLETIVE.search(text):
        return False
    for match in PRONOUN.finditer(text):
        before = words(text[: match.start()])
        told = [word for word in before if not is_small(word) and word not in _HOW]
        if not told or (len(told) == 1 and before[-1] == told[0]):
            return True
    return False
