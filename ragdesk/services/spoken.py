"""In which language a few sentences are, where they tell it surely. Pure.

What `language` makes of a short text is a guess, good enough to choose words for a search. Here
something hangs on it: an answer is held to be in the wrong language.
"""

from __future__ import annotations

from .language import ENGLISH, UNKNOWN, language, small_words
from .match import words

LEAST = 2  # different small words of a language that tell it
AHEAD = 2  # times as many as of English, whose words stand in every language


def spoken(text: str) -> str:
    """The language as in `language`; '' where too few of its small words stand there."""
    found = language(text)
    small = small_words(found)
    if found == UNKNOWN or not small:  # a script that few languages share tells it alone
        return found
    said = set(words(text))
    ours = len(said & _plain(small))
    english = len(said & small_words(ENGLISH)) if found != ENGLISH else 0
    return found if ours >= LEAST and ours >= AHEAD * english else UNKNOWN


def _plain(small: frozenset[str]) -> set[str]:
    """Small words as `words` gives them, without accents."""
    return {form for word in small for form in words(word)}
