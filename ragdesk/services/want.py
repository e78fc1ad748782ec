"""What form of answer a question wants: yes or no, several things, a way to do something. Pure."""

from __future__ import annotations

import re

_ASKS = (
    r"(?:is|are|was|were|am|do|does|did|can|could|may|might|must|shall|should|will|would|has|have"
    r"|had|need)(?:n['’]t)?"
)
_QUESTION_WORD = re.compile(
    r"\b(?:who|whom|whose|what|which|when|where|why|how|wie|was|wer|wann|wo|welche\w*)\b"
)
# A clause that asks: at the very start, behind a full stop, a comma, a colon, "so", "or" or "and".
_YES_NO = re.compile(
    rf"(?:^|[.?!;:,]\s*|[.,]?\s*\b(?:so|and|but|or|then)[,\s]+)(?:(?:ok|okay|hi|hello|please)[,\s]+)?"
    rf"{_ASKS}\s+(?!you\s+(?:tell|know|say|explain|show|list|help|please|give)\b)\w+",
    re.IGNORECASE,
)
_WHETHER = re.compile(r"\b(?:whether|(?:know|tell me|wonder(?:ing)?) if)\b", re.IGNORECASE)

_ASK = r"(?:are|were|do|did|can|could|may|might|must|shall|should|will|would|have|had|need)"
_PLURAL = r"(?!\w*(?:ss|us|is)\b)\w{2,}s"
_SEVERAL = re.compile(
    rf"\b(?:what|which)\s+(?:are|were)\b(?!\s+(?:the|a|an|my|your|our|its)?\s*\w+(?:\s\w+)?\s+(?:of|for)\s+a\b)"
    rf"|\b(?:what|which)\s+(?:(?:\w|-)+\s+){{0,3}}(?:{_PLURAL}|people|documents|criteria|data)\s+"
    rf"(?:{_ASK}|belong|count|apply|exist|come|go|make)\b"
    rf"|\bwhich\s+{_PLURAL}\s+(?:is|was|does|has)\b|\b(?:what|which)\s+days\b"
    rf"|\bwho\s+(?:are|were)\b|\b(?:list|name|enumerate)\s+(?:all|the|every)\b"
    rf"|\b(?:what|which|name)\s+(?:the\s+)?(?:two|three|four|five|six|seven|eight|nine|ten)\b"
    rf"|\bwhat\s+all\b|\bwhich\s+of\s+(?:the|these|those)\b",
    re.IGNORECASE,
)
_HOW_TO = re.compile(
    r"\bhow\s+(?:do|does|can|could|should|must|may|would|to|shall)\b(?!\s+\w+\s+(?:cost|weigh|last)\b)"
    r"|\bwhat\s+(?:do|should|must|shall|can)\s+(?:i|we|you|one|people|someone|they)\s+do\b"
    r"|\bwhat\s+am\s+i\s+supposed\s+to\s+do\b|\bwhat\s+(?:is|are)\s+the\s+(?:steps?|procedure|process)\b"
    r"|\bwhat\s+first\b|\bsteps\b",
    re.IGNORECASE,
)


def asks_yes_or_no(question: str) -> bool:
    """Whether yes or no would answer ("Do I get …?", "…; should I …?"), at least in part."""
    text = question.strip().replace("’", "'")
    if _WHETHER.search(text):
        return True
    last = _YES_NO.search(text)
    if not last:
        return False
    # "What do I do, and can …" asks for words first; "Can you see what …" does not.
    word = _QUESTION_WORD.search(text.lower())
    return word is None or last.start() < word.start() or _ends_asking(text)


def _ends_asking(text: str) -> bool:
    """Whether its last sentence is one that yes or no answers."""
    last = re.split(r"[.?!]\s+", text.rstrip(" ?!."))[-1]
    return bool(re.match(rf"(?:so\s+|and\s+|but\s+)?{_ASKS}\s", last, re.IGNORECASE))


def asks_several(question: str) -> bool:
    """Whether the question asks for several things ("Which documents do I need?")."""
    return bool(_SEVERAL.search(question))


def asks_how_to(question: str) -> bool:
    """Whether a way to do something is asked for, which takes whole sentences to tell."""
    return bool(_HOW_TO.search(question))
