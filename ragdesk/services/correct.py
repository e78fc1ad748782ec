"""Words of a question that stand in no passage, and those of the library that may be meant."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence

from ..store.vocabulary import Vocabulary

SHORTEST = 5  # letters; shorter words have too many neighbours
LONG = 8  # letters from which on two may be wrong
MOST_CORRECTED = 4  # words of a question
MEANT = 2  # words of the library for one of the question


def corrected(words: Sequence[str], vocabulary: Vocabulary) -> list[str]:
    """What may be meant by those of `words` that no passage has, as the word search holds it.

    Only words in Latin letters without accents are looked at; the first letter counts as right.
    """
    stems = {
        word: _stem(word)
        for word in words
        if len(word) >= SHORTEST and word.isascii() and word.isalpha()
    }
    known = vocabulary.known(list(stems.values())) if stems else frozenset()
    found: list[str] = []
    for word, stem in [pair for pair in stems.items() if pair[1] not in known][:MOST_CORRECTED]:
        wrong = 2 if len(word) >= LONG else 1
        near = vocabulary.beginning(stem[0], len(stem) - wrong, len(stem) + wrong)
        found += nearest(stem, near, wrong)
    return list(dict.fromkeys(found))


def nearest(stem: str, counted: Mapping[str, int], most_wrong: int) -> list[str]:
    """The words with the fewest letters wrong, `most_wrong` at most, the commonest first."""
    apart = {
        other: distance(stem, other, most_wrong)
        for other in counted
        if len(other) >= SHORTEST - 1 and other.isalpha()
    }
    least = min(apart.values(), default=most_wrong + 1)
    if least > most_wrong:
        return []
    near = [other for other, wrong in apart.items() if wrong == least]
    return sorted(near, key=lambda other: (-counted[other], other))[:MEANT]


def distance(first: str, second: str, most: int) -> int:
    """Letters missing, added, changed or swapped with the next; `most` + 1 where there are more."""
    if abs(len(first) - len(second)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(second) + 1))
    for i, letter in enumerate(first, 1):
        above, before, row = before, row, [i]
        for j, other in enumerate(second, 1):
            best = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != other))
            if i > 1 and j > 1 and letter == second[j - 2] and first[i - 2] == other:
                best = min(best, above[j - 2] + 1)
            row.append(best)
        if min(row) > most:
            return most + 1
    return row[-1]


@functools.lru_cache(10_000)
def _stem(word: str) -> str:
    """A word as FTS5's own rules for English leave it."""
    import snowballstemmer  # type: ignore[import-untyped]

    return str(snowballstemmer.stemmer("porter").stemWord(word))
