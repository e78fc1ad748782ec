"""What a question says in other words of the library: short forms spelled out and the reverse.

A library explains its own short forms: "Paid Time Off (PTO)" in a text, "Johnson & Johnson" as a
title for "JnJ". What is found there is looked for beside the words of the question, as phrases.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable

from ..store.short_forms import ShortForms
from .match import expression, is_small, words
from .respell import cut_words, joined_words, numbers

MOST = 24  # phrases beside the words of a question
MOST_SHORT = 4  # short forms of a question that are looked up
MOST_USED = 5  # passages with a short form; where more have it, it finds enough by itself
MOST_MEANT = 2  # long forms of one short form
LONGEST = 6  # words that a short form stands for
MOST_WORDS = 64  # of a question are looked at
MOST_RUNS = 40  # of these, looked for as long forms

_SHORT = re.compile(r"(?<![\w&])(?:[A-Z]+(?:(?:n|&|/)[A-Z]+)*)(?=s?(?![\w&]))")
_PAIR = re.compile(r"[A-Z](?:n|&)[A-Z]")  # two letters of a title are chance, unless tied
_WORD = re.compile(r"[^\W_]+")


def variants(question: str, library: ShortForms, collection_id: str | None = None) -> list[str]:
    """Phrases that may stand in the library for what the question says, `MOST` at most."""
    found = [*numbers(question), *joined_words(question)]
    found += [
        *_hyphened(question, library),
        *_spelled_out(question, library, collection_id),
        *_shortened(question, library),
    ]
    return list(dict.fromkeys(found))[:MOST]


def long_forms(short: str, text: str) -> list[str]:
    """What a text says that a short form stands for: words before or in brackets beside it."""
    letters = _letters(short)
    found: list[str] = []
    for match in re.finditer(rf"(?<!\w){re.escape(short)}(?:['’]?s)?(?!\w)", text):
        before = text[max(0, match.start() - 120) : match.start()].rstrip("\"'“‘")
        if before.endswith("(") and (long := _tail(before[:-1], letters)):
            found.append(long)
        behind = re.match(r"\s*\(([^()]{3,80})\)", text[match.end() :])
        if behind and letters in _initials(inside := words(behind[1])):
            found.append(" ".join(inside))
    return list(dict.fromkeys(found))


def _hyphened(question: str, library: ShortForms) -> list[str]:
    """The words of a question as two, where a passage has them with a hyphen.

    With a space alone they are no better than chance: pages read from a PDF hold "oper ate".
    """
    cuts = cut_words(question)
    stand = [cuts[at] for at in library.found([expression([cut]) for cut in cuts])]
    return [cut for cut in stand if library.hyphened(expression([cut]), cut.replace(" ", "-"))]


def _spelled_out(question: str, library: ShortForms, collection_id: str | None) -> list[str]:
    """The long forms of the short forms in a question."""
    cased = question != question.upper()
    shorts = dict.fromkeys(m.group() for m in _SHORT.finditer(question) if len(m.group()) > 1)
    found: list[str] = []
    for short in list(shorts)[:MOST_SHORT] if cased else ():
        stands = library.count(expression([short]), MOST_USED + 1)
        meant: list[str] = []
        if not stands and (len(short) > 2 or _PAIR.fullmatch(short)):
            meant = _titled(_letters(short), library.titles(collection_id))
        elif stands <= MOST_USED:
            texts = library.defining(expression([short]), short)
            meant = [long for text in texts for long in long_forms(short, text)]
        found += list(dict.fromkeys(meant))[:MOST_MEANT]
    return found


def _shortened(question: str, library: ShortForms) -> list[str]:
    """The short forms of word runs in a question, where a passage explains them."""
    said = words(question)[:MOST_WORDS]
    pairs: dict[tuple[str, str], None] = {}
    for start, length in itertools.product(range(len(said)), range(2, LONGEST + 1)):
        run = said[start : start + length]
        if len(run) == length and not is_small(run[0]):
            for letters in _initials(run):
                if len(letters) > 1 and not is_small(letters):
                    pairs[" ".join(run), letters] = None
    # One look at the words of the library spares a search for each run; they are without ending s.
    initials = {letters for _, letters in pairs}
    known = library.vocabulary.known([*initials, *(s[:-1] for s in initials if s[-1] == "s")])
    asked = [
        (long, short.upper())
        for long, short in pairs
        if short in known or (short[-1] == "s" and short[:-1] in known)
    ][:MOST_RUNS]
    expressions = [f"{expression([long])} AND {expression([short])}" for long, short in asked]
    found: list[str] = []
    for at in library.found(expressions):
        long, short = asked[at]
        texts = library.defining(expressions[at], short)
        if any(long in long_forms(short, text) for text in texts):
            found.append(short.casefold())
    return found


def _titled(letters: str, titles: Iterable[str]) -> list[str]:
    """The beginnings of titles and file names whose words begin with these letters."""
    found: dict[str, None] = {}
    for title in titles:
        named = _WORD.findall(re.split(r"[/\\]", title)[-1].casefold())
        said = [word for word in named if not is_small(word)][: len(letters)]
        if len(said) == len(letters) and "".join(word[0] for word in said) == letters:
            found[" ".join(said)] = None
    return list(found)


def _letters(short: str) -> str:
    return re.sub(r"[^a-z]", "", re.sub(r"(?<=[A-Z])n(?=[A-Z])", "", short).casefold())


def _initials(run: list[str]) -> set[str]:
    """The first letters of words: of all of them, and without the small ones."""
    return {
        "".join(word[0] for word in run),
        "".join(word[0] for word in run if not is_small(word)),
    }


def _tail(before: str, letters: str) -> str:
    """The shortest end of a text whose words begin with these letters; '' where there is none."""
    said = words(before)
    for length in range(len(letters), min(len(said), 2 * len(letters)) + 1):
        if letters in _initials(said[-length:]):
            return " ".join(said[-length:])
    return ""
