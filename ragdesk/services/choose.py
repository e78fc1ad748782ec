"""Which sentences of the found passages answer a question. Pure but for the vectors it is given.

A sentence is weighed by how near it is in meaning (read with its headings in front), how much of
what is asked it names (rare words say more), whether it holds the kind of words that were asked
for, and how well its passage was found. The weights were fitted on open questions with marked
sentences (nq_qed, selqa, dstc9_faq, covidqa, medquad, squad), not on the handbook, where they lead
to the right sentence first in 58 of 100 questions; without the headings it was 48.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ..domain.conversation import Hit
from .expect import Expected
from .match import stem, words
from .mend import CELLS, row_cells, sentence_bounds

if TYPE_CHECKING:
    from ..domain.protocols import Vectors

LOOKED_AT = 16  # sentences whose vector is made for a question; more did not choose better
SHORT = 25  # characters; what is shorter is shown with what follows it
FRAGMENT = 5  # words; what has fewer seldom says anything

# What counts, before the vectors are made and with them.
ROUGH = {"named": 0.45, "named_around": 0.32, "fits": 0.24, "found": 0.9, "fragment": -0.16}
EXACT = {"meaning": 1.0, "named": 0.3, "fits": 0.2, "found": 0.66, "fragment": -0.25}


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

    @property
    def shown(self) -> str:
        """The text as a person reads it: a row's cells each behind its column's name."""
        names = self.hit.text[slice(*self.head)].split(CELLS) if self.head else []
        cells = self.text.split(CELLS)
        if len(names) < len(cells):
            return self.text
        pairs = zip(names, cells, strict=False)  # the last cells of a row may be empty
        return "; ".join(f"{name}: {cell}" if name else cell for name, cell in pairs if cell)


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
    """The sentences and table rows of a passage, in order; a table's header only with its rows."""
    found: list[Chosen] = []
    head: tuple[int, int] | None = None
    start = 0
    for line in hit.text.split("\n"):
        row = row_cells(line)
        if row is None:
            head = None
            found += [Chosen(hit, start + a, start + b) for a, b in _not_too_short(line)]
        elif row[2]:
            head = (start + row[0], start + row[1])
        else:
            found.append(Chosen(hit, start + row[0], start + row[1], head))
        start += len(line) + 1
    return found


def choose(
    hits: Sequence[Hit], sought: Sought, embed: Callable[[Sequence[str]], Vectors]
) -> list[Chosen]:
    """The sentences of `hits` that were looked at, weighed, best first."""
    rough: list[tuple[float, Chosen, dict[str, float]]] = []
    for hit in hits:
        around = sought.share_named(f"{hit.context}\n{hit.text}")
        for sentence in sentences(hit):
            named = sought.share_named(sentence.text)
            fits = bool(sought.expected and sought.expected.find(sentence.text))
            seen = {
                "named": named,
                "named_around": around,
                "fits": float(fits),
                "found": hit.score,
                "fragment": float(len(sentence.text.split()) < FRAGMENT),
            }
            rough.append((_weighed(ROUGH, seen), replace(sentence, named=named, fits=fits), seen))
    rough.sort(key=lambda one: -one[0])
    rough = rough[:LOOKED_AT]
    if not rough:
        return []
    cosines = embed([_in_context(sentence) for _, sentence, _ in rough]) @ sought.vector
    weighed = []
    for (_, sentence, seen), cosine in zip(rough, map(float, cosines), strict=True):
        score = _weighed(EXACT, seen | {"meaning": cosine})
        weighed.append(replace(sentence, meaning=cosine, score=score))
    return sorted(weighed, key=lambda sentence: -sentence.score)


def _weighed(weights: Mapping[str, float], seen: Mapping[str, float]) -> float:
    return sum(weight * seen[name] for name, weight in weights.items())


def _in_context(sentence: Chosen) -> str:
    head = f"{sentence.hit.text[slice(*sentence.head)]}\n" if sentence.head else ""
    return f"{sentence.hit.context}\n{head}{sentence.text}"


def _not_too_short(line: str) -> list[tuple[int, int]]:
    """Sentence bounds, those of a few letters ("Yes.") put together with the next."""
    bounds: list[tuple[int, int]] = []
    for start, end in sentence_bounds(line):
        if bounds and bounds[-1][1] - bounds[-1][0] < SHORT:
            bounds[-1] = (bounds[-1][0], end)
        else:
            bounds.append((start, end))
    return bounds
