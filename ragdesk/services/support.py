"""Whether a written sentence is borne out by the passages that it cites.

Numbers, dates and names must stand there exactly, the headings, the title and the file's name
counted in. Beyond that enough of its words must, or its meaning be near that of a sentence there;
words that the reader marked for the question and that the sentence repeats speak for it as well.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..domain.conversation import Hit, Marks
from .choose import sentences
from .compare import normal, tokens
from .dates import dates
from .facts import Evidence, names
from .language import UNKNOWN, language, small_words
from .match import is_small, stem, words
from .respell import in_digits
from .spoken import spoken

if TYPE_CHECKING:
    from ..domain.protocols import Vectors

    Embed = Callable[[Sequence[str]], Vectors]

WORDS_LEAST = 0.6  # share of a sentence's words that stand in the passages
WORDS_MARKED = 0.3  # … where the reader marked words of it
WORDS_MEANT = 0.3  # … where a sentence there is near it in meaning
MEANING_LEAST = 0.7  # cosine
MARK_LEAST = 0.0  # log-odds of a mark over "nothing here"

UNCITED, WORDS = "uncited", "words"
_VERDICTS = frozenset(["yes", "no", "ja", "nein", "oui", "non", "sí", "si", "não", "sim"])
_DIGIT = re.compile(r"\d")
_NO_MARKS = Marks(there=0.0)


@dataclass(frozen=True, slots=True)
class Found:
    """A passage that bears out a sentence, and its stretch (start, end) of text that does best."""

    hit: Hit
    start: int
    end: int


def doubt_of(
    sentence: str, cited: Sequence[Hit], embed: Embed, marks: Mapping[str, Marks] | None = None
) -> str:
    """Why a sentence is not borne out, as `Sentence.doubt` says it; "" where it is.

    `embed` gives vectors of texts (n, dimensions); `marks` is what the reader made of passages for
    the question, by passage.
    """
    if not cited:
        return UNCITED
    evidence = Evidence("\n".join(text_of(hit) for hit in cited))
    if missing := evidence.missing(sentence):
        return missing
    said = content(sentence)
    if not said:
        return ""
    if _speaks_another(sentence, evidence):
        return "" if _has_facts(sentence) else WORDS
    share = _share(said, evidence, cited)
    if share >= WORDS_LEAST:
        return ""
    if share >= WORDS_MARKED and any(_repeats(sentence, hit, marks or {}) for hit in cited):
        return ""
    if share >= WORDS_MEANT and _nearness(sentence, cited, embed) >= MEANING_LEAST:
        return ""
    return WORDS


def look_for_support(sentence: str, hits: Sequence[Hit], embed: Embed) -> Found | None:
    """The first of `hits` that bears a sentence out by itself; None where none does.

    For a sentence that is not supported where it stands: its passage may have been cited wrongly.
    """
    for hit in hits:
        if not doubt_of(sentence, [hit], embed):
            return Found(hit, *best_stretch(sentence, hit))
    return None


def text_of(hit: Hit) -> str:
    """All that a passage can bear out: its text, what it stands under, and its file's name."""
    name = hit.path.rsplit("/", 1)[-1]
    return f"{hit.title}\n{name}\n{hit.context}\n{hit.text}"


def content(sentence: str) -> list[str]:
    """The stems of a sentence that say something, its numbers left out, which are looked at exactly;

    characters in scripts without spaces.
    """
    small = small_words(language(sentence))
    said = tokens(sentence) if tokens(sentence)[1:] and " " not in normal(sentence) else []
    if said and len(said[0]) == 1:
        return said
    every = [word for word in words(in_digits(sentence)) if not _DIGIT.search(word)]
    small |= _VERDICTS
    return [stem(word) for word in every if word not in small and not is_small(word)]


def best_stretch(sentence: str, hit: Hit) -> tuple[int, int]:
    """The sentence or row of a passage that has most in common with a written sentence."""
    said = set(content(sentence))
    stretches = sentences(hit)
    if not stretches:
        return 0, len(hit.text)
    best = max(stretches, key=lambda one: _overlap(said, one.text))
    return best.start, best.end


def _overlap(said: set[str], text: str) -> float:
    there = set(content(text))
    common = len(said & there)
    return common + common / (len(there) + 1)


def _share(said: Sequence[str], evidence: Evidence, cited: Sequence[Hit]) -> float:
    if all(len(one) == 1 for one in said):  # a script without spaces
        there = set(tokens("".join(text_of(hit) for hit in cited)))
        return sum(one in there for one in said) / len(said)
    return sum(one in evidence.stems for one in said) / len(said)


def _repeats(sentence: str, hit: Hit, marks: Mapping[str, Marks]) -> bool:
    found = marks.get(hit.passage_id, _NO_MARKS).marks
    plain = f" {normal(sentence)} "
    return any(
        mark.score >= MARK_LEAST and f" {normal(hit.text[mark.start : mark.end])} " in plain
        for mark in found
    )


def _nearness(sentence: str, cited: Sequence[Hit], embed: Embed) -> float:
    stretches = [one.text for hit in cited for one in sentences(hit)]
    vectors = embed([sentence, *stretches])
    return float((vectors[1:] @ vectors[0]).max()) if stretches else 0.0


def _speaks_another(sentence: str, evidence: Evidence) -> bool:
    """Whether a sentence is surely in another language than the passages."""
    return UNKNOWN != spoken(sentence) != evidence.language != UNKNOWN


def _has_facts(sentence: str) -> bool:
    return bool(_DIGIT.search(in_digits(sentence))) or bool(names(sentence)) or any(dates(sentence))
