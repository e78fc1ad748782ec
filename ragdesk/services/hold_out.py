"""Which passages are learned from, which tune, and which are only examined. Pure.

Parted is by document, because two passages of one document answer each other's questions; where
there are few documents, by section. What stands nearly word for word in two places is on one side:
documents that are versions of each other go together, and a clause that many documents share is
never examined where any of them is learned from.
"""

from __future__ import annotations

import hashlib
import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from ..domain.document import Passage
from ..domain.training import Fold
from .match import words

SHARES = {Fold.PRACTICE: 0.7, Fold.EXAM: 0.2, Fold.TUNING: 0.1}
FEW_DOCUMENTS = 12  # below this, sections are parted instead
PART = 0.1  # of all passages: a section that holds more is parted into runs
SHINGLE = 3  # words
ALIKE = 0.5  # share of the shorter passage's shingles that stand in the other
VERSIONS = 0.3  # share of a document's passages that another repeats: versions of one text
TOGETHER = 0.3  # of all passages: more are not put in one fold only because they are versions

_ORDER = (Fold.PRACTICE, Fold.TUNING, Fold.EXAM)  # of alike passages, the first of these is taken


def folds(passages: Iterable[Passage], seed: int) -> dict[str, Fold]:
    """The fold of each passage by its id; the same for the same passages in any order.

    Seven in ten passages are for practice, two for the exam, one for tuning, as nearly as whole
    documents allow. Each fold has something where there are parts enough; of one short text all is
    for practice and the exam stays empty. Near-duplicates are never in two folds.
    """
    ordered = sorted(passages, key=lambda passage: (passage.document_id, passage.position))
    alike = near_duplicates(ordered)
    groups = _with_versions(_units(ordered), ordered, alike)
    placed = _placed(groups, seed)
    found = {passage.id: placed[at] for at, passage in enumerate(ordered)}
    for cluster in _clusters(len(ordered), alike):
        held = {placed[at] for at in cluster}
        first = next(fold for fold in _ORDER if fold in held)
        found |= {ordered[at].id: first for at in cluster}
    return found


def near_duplicates(passages: Sequence[Passage]) -> list[tuple[int, int]]:
    """Pairs (i < j) of passages that say nearly the same, in order.

    Two are alike where half of the three-word runs of the shorter one stand in the other: exact,
    by looking up the rarest runs only (one of them must be shared).
    """
    texts = _shingled(passages)
    counts = Counter(shingle for text in texts for shingle in text)
    shared = [frozenset(shingle for shingle in text if counts[shingle] > 1) for text in texts]
    holders: defaultdict[int, list[int]] = defaultdict(list)
    for at, text in enumerate(shared):
        for shingle in text:
            holders[shingle].append(at)
    found: set[tuple[int, int]] = set()
    for at, text in enumerate(shared):
        size = len(texts[at])
        least = math.ceil(ALIKE * size)
        rarest = sorted(text, key=lambda shingle: (counts[shingle], shingle))
        near = {other for one in rarest[: max(0, len(text) - least + 1)] for other in holders[one]}
        for other in near - {at}:
            if len(texts[other]) >= size and len(text & shared[other]) >= least:
                found.add((min(at, other), max(at, other)))
    return sorted(found)


def _shingled(passages: Sequence[Passage]) -> list[frozenset[int]]:
    """The runs of three words of each text as numbers; a shorter text is one run."""
    known: dict[str, int] = {}
    shingled = []
    for passage in passages:
        row = [known.setdefault(word, len(known) + 1) for word in words(passage.text)]
        row += [0] * (SHINGLE - len(row))
        shingled.append(
            frozenset(
                (row[at] << 64) | (row[at + 1] << 32) | row[at + 2]
                for at in range(len(row) - SHINGLE + 1)
            )
        )
    return shingled


def _units(passages: Sequence[Passage]) -> list[list[int]]:
    """What is never parted, as places in `passages`: documents, else sections or runs of them."""
    by_document: defaultdict[str, list[int]] = defaultdict(list)
    for at, passage in enumerate(passages):
        by_document[passage.document_id].append(at)
    if len(by_document) >= FEW_DOCUMENTS:
        return list(by_document.values())
    by_section: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    for at, passage in enumerate(passages):
        by_section[passage.document_id, passage.context].append(at)
    longest = max(1, math.ceil(PART * len(passages)))
    return [run for section in by_section.values() for run in _runs(section, longest)]


def _runs(section: Sequence[int], longest: int) -> Iterator[list[int]]:
    count = math.ceil(len(section) / longest)
    for number in range(count):
        run = section[number * len(section) // count : (number + 1) * len(section) // count]
        yield list(run)


def _with_versions(
    units: Sequence[Sequence[int]], passages: Sequence[Passage], alike: Sequence[tuple[int, int]]
) -> list[list[int]]:
    """Units that repeat much of each other put together, those most alike first."""
    unit_of = {at: number for number, unit in enumerate(units) for at in unit}
    repeated: defaultdict[tuple[int, int], set[int]] = defaultdict(set)
    for pair in alike:
        for at, other in (pair, pair[::-1]):
            if unit_of[at] != unit_of[other]:
                repeated[unit_of[at], unit_of[other]].add(at)
    shares = [(len(held) / len(units[one]), one, other) for (one, other), held in repeated.items()]
    sets = _Sets(len(units))
    sizes = [len(unit) for unit in units]
    for share, one, other in sorted(shares, key=lambda held: (-held[0], held[1:])):
        a, b = sets.root(one), sets.root(other)
        if share >= VERSIONS and a != b and sizes[a] + sizes[b] <= TOGETHER * len(passages):
            sizes[sets.join(a, b)] = sizes[a] + sizes[b]
    groups: defaultdict[int, list[int]] = defaultdict(list)
    for number, unit in enumerate(units):
        groups[sets.root(number)] += unit
    return list(groups.values())


def _placed(groups: Sequence[Sequence[int]], seed: int) -> dict[int, Fold]:
    """The fold of each place, filled in a seeded order towards the shares."""
    total = sum(len(group) for group in groups)
    numbered = sorted(groups, key=lambda group: _chance(seed, group[0], len(group)))
    by_fold: dict[Fold, list[Sequence[int]]] = {fold: [] for fold in SHARES}
    filled = dict.fromkeys(SHARES, 0)
    for group in numbered:
        best = max(
            SHARES, key=lambda fold: 1 - (filled[fold] + len(group)) / (SHARES[fold] * total)
        )
        by_fold[best].append(group)
        filled[best] += len(group)
    for fold in (Fold.EXAM, Fold.TUNING):
        if not by_fold[fold] and len(by_fold[Fold.PRACTICE]) > 1:
            smallest = min(by_fold[Fold.PRACTICE], key=len)
            by_fold[Fold.PRACTICE].remove(smallest)
            by_fold[fold].append(smallest)
    return {at: fold for fold, held in by_fold.items() for group in held for at in group}


def _chance(seed: int, *what: int) -> str:
    return hashlib.sha256(repr((seed, *what)).encode()).hexdigest()


def _clusters(count: int, alike: Sequence[tuple[int, int]]) -> list[list[int]]:
    sets = _Sets(count)
    for one, other in alike:
        sets.join(one, other)
    held: Mapping[int, list[int]] = defaultdict(list)
    for at in {at for pair in alike for at in pair}:
        held[sets.root(at)].append(at)
    return list(held.values())


class _Sets:
    """Disjoint sets of numbers below `count` (union-find)."""

    def __init__(self, count: int) -> None:
        self._above = list(range(count))

    def root(self, at: int) -> int:
        while self._above[at] != at:
            self._above[at] = self._above[self._above[at]]
            at = self._above[at]
        return at

    def join(self, one: int, other: int) -> int:
        """The root of both together: the smaller number, whatever the order of joining."""
        a, b = sorted((self.root(one), self.root(other)))
        self._above[b] = a
        return a
