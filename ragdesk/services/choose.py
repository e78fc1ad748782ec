"""Which sentences of the found passages answer a question. Pure but for the vectors it is given.

A sentence is weighed by how near it is in meaning, how much of what is asked it and its headings
name (rare words say more), whether it holds the kind of words that were asked for, and how well its
passage was found.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ..domain.conversation import Hit
from .expect import Expected
from .match import stem, words
from .mend import sentence_bounds

if TYPE_CHECKING:
    from ..domain.protocols import Vectors

LOOKED_AT = 32  # sentences whose vector is made for a question; words choose them before
SHORT = 25  # characters; what is shorter is shown with what follows it
CELLS = " | "

# How much each thing counts.
MEANING, NAMED, NAMED_ABOVE, FITS, FOUND = 1.0, 0.6, 0.2, 0.12, 0.3


@dataclass(frozen=True, slots=True)
class Chosen:
    """A stretch `hit.text[start:end]`. `head` is a table's header, shown with a row of it."""

    hit: Hit
    start: int
    end: int
    head: tuple[int, int] | None = None
    score: float = 0.0
    meaning: float = 0.0
    named: float = 0.0
    fits: bool = False

    @property
    def text(self) -> str:
        return self.hit.text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Sought:
    """A question taken apart: its vector, the weight of each stem, what kind of words it asks for."""

    vector: Vectors
    weights: Mapping[str, float]
    expected: Expected | None

    def share_named(self, text: str) -> float:
        """The share of the question's weight whose stems stand in `text`, 0 to 1."""
        total = sum(self.weights.values())
        if not total:
            return 0.0
        there = {stem(word) for word in words(text)}
        return sum(weight for word, weight in self.weights.items() if word in there) / total


def sentences(hit: Hit) -> list[Chosen]:
    """The sentences and table rows of a passage, in order."""
    found: list[Chosen] = []
    head: tuple[int, int] | None = None
    start = 0
    for line in hit.text.split("\n"):
        is_row = CELLS in line
        if is_row and head is None:
            head = (start, start + len(line))
            found.append(Chosen(hit, *head))
        elif is_row:
            found.append(Chosen(hit, start, start + len(line), head))
        else:
            head = None
            found += [Chosen(hit, start + a, start + b) for a, b in _not_too_short(line)]
        start += len(line) + 1
    return found


def choose(
    hits: Sequence[Hit], sought: Sought, embed: Callable[[Sequence[str]], Vectors]
) -> list[Chosen]:
    """All sentences of `hits` that were looked at, weighed, best first."""
    rough: list[tuple[float, Chosen]] = []
    for hit in hits:
        above = sought.share_named(hit.context)
        for sentence in sentences(hit):
            named = sought.share_named(sentence.text)
            fits = bool(sought.expected and sought.expected.find(sentence.text))
            score = NAMED * named + NAMED_ABOVE * above + FITS * fits + FOUND * hit.score
            rough.append((score, replace(sentence, named=named, fits=fits)))
    rough.sort(key=lambda pair: -pair[0])
    rough = rough[:LOOKED_AT]
    if not rough:
        return []
    cosines = embed([_with_context(sentence) for _, sentence in rough]) @ sought.vector
    weighed = [
        replace(sentence, meaning=float(cosine), score=score + MEANING * float(cosine))
        for (score, sentence), cosine in zip(rough, cosines, strict=True)
    ]
    return sorted(weighed, key=lambda sentence: -sentence.score)


def _with_context(sentence: Chosen) -> str:
    text = sentence.text
    if sentence.head:
        text = f"{sentence.hit.text[slice(*sentence.head)]}\n{text}"
    return text


def _not_too_short(line: str) -> list[tuple[int, int]]:
    """Sentence bounds, those of a few letters ("Yes.") put together with the next."""
    bounds: list[tuple[int, int]] = []
    for start, end in sentence_bounds(line):
        if bounds and bounds[-1][1] - bounds[-1][0] < SHORT:
            bounds[-1] = (bounds[-1][0], end)
        else:
            bounds.append((start, end))
    return bounds
