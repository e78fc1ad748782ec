"""Tunes search with practice questions: the mix of words and meaning, and how questions are turned.

Each is chosen by questions that were learned from, tried with the real search on others, and given
back only where more of these are found at once than chance explains. Nothing here is kept for its
own sake: on most libraries search as RagDesk comes stays.
"""

from __future__ import annotations

import dataclasses
import itertools
import math
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..domain.training import USUAL, Mix, Pair, PairSource
from ..store.passages import Passages
from .learn_turn import REAL, WEAK, learn_turn
from .retrieve import Found, Retriever

if TYPE_CHECKING:
    from ..domain.protocols import Vectors

    # Search over the library as it is tried: with a mix, and with a matrix that turns questions.
    Trial = Callable[[Mix, Vectors | None], Retriever]

LOOKED = 10  # hits that are looked at
NEAR = 5
CHANCE = 0.1  # a gain that chance gives this often or more is none
LEAST = 20  # questions that something can be chosen by
MOST_CHOSEN_BY = 300  # questions that a mix is chosen by
MOST_PASSAGES = 20_000  # that questions are held apart from; of more, so many are drawn
OFTENER = 4  # times that a real question counts among those made of headings and key words
COVERED, UNCOVERED, DOCUMENT = (0.3, 0.5, 0.7), (0.7, 0.85, 0.95), (0.0, 0.2, 0.4)


@dataclass(frozen=True, slots=True)
class Ranked:
    """Where the passage that answers came, for each question: from 1 to `LOOKED`, 0 where behind."""

    places: tuple[int, ...]

    @property
    def first(self) -> float:
        """Share of the questions whose passage came first."""
        return self._share(1)

    @property
    def near(self) -> float:
        """Share of the questions whose passage was among the first five."""
        return self._share(NEAR)

    @property
    def reciprocal(self) -> float:
        """The mean of 1 / place."""
        return sum(1 / place for place in self.places if place) / max(len(self.places), 1)

    def _share(self, most: int) -> float:
        return sum(1 <= place <= most for place in self.places) / max(len(self.places), 1)


@dataclass(frozen=True, slots=True)
class TunedMix:
    """`mix` is `USUAL` where nothing helped; before and after on the tuning questions, as tried."""

    mix: Mix
    before: Ranked
    after: Ranked


@dataclass(frozen=True, slots=True, eq=False)
class TunedQuery:
    """`matrix` for `services.turn`, None where it did not help; before and after, as tried."""

    matrix: Vectors | None
    before: Ranked
    after: Ranked


def searchable(pairs: Sequence[Pair], passages: Passages) -> list[Pair]:
    """The pairs to learn search from: those that a passage of the library answers."""
    return [
        pair
        for pair in pairs
        if pair.learned_from
        and not pair.absent
        and passages.at(pair.document_id, pair.position) is not None
    ]


def rank(
    retriever: Retriever,
    passages: Passages,
    pairs: Sequence[Pair],
    collection_id: str | None = None,
) -> Ranked:
    """Searches for each of some `searchable` pairs. The same text elsewhere is as good."""
    places = []
    for pair in pairs:
        hits = retriever.retrieve(pair.question, LOOKED, collection_id)
        text = _text(passages, pair)
        right = (hit.rank for hit in hits if _answers(pair, text, hit.passage_id, hit.text))
        places.append(next(right, 0))
    return Ranked(tuple(places))


def helps(before: Ranked, after: Ranked) -> bool:
    """Whether more passages come first than chance explains, and none the fewer among five."""
    pairs = list(zip(before.places, after.places, strict=True))
    won = sum(b != 1 and a == 1 for b, a in pairs)
    lost = sum(b == 1 and a != 1 for b, a in pairs)
    changed = won + lost
    # The sign test: of so many changes at least so many to the better, where both are as likely.
    chance = sum(math.comb(changed, n) for n in range(won, changed + 1)) / 2**changed
    return won > lost and chance < CHANCE and after.near >= before.near


def tune_mix(
    practice: Sequence[Pair],
    tuning: Sequence[Pair],
    passages: Passages,
    trial: Trial,
    collection_id: str | None = None,
    *,
    seed: int = 0,
) -> TunedMix:
    """The mix under which most practice questions find their passage first, if it helps.

    Questions made of the documents' own words are left out: they would only speak for words. Each
    question is searched once; all mixes are told from what was found. Deterministic by `seed`.
    """
    usual = trial(USUAL, None)
    tuning = _asked(searchable(tuning, passages))
    chosen_by = _asked(searchable(practice, passages))
    if len(chosen_by) > MOST_CHOSEN_BY:
        chosen_by = random.Random(seed).sample(chosen_by, MOST_CHOSEN_BY)  # noqa: S311 (no secret)
    before = rank(usual, passages, tuning, collection_id)
    if len(chosen_by) < LEAST or not tuning:
        return TunedMix(USUAL, before, before)
    looked = [_look(usual, passages, pair, collection_id) for pair in chosen_by]
    best = max(_mixes(), key=lambda mix: _worth(looked, mix))  # of equals the first: the usual one
    if best == USUAL:
        return TunedMix(USUAL, before, before)
    after = rank(trial(best, None), passages, tuning, collection_id)
    return TunedMix(best if helps(before, after) else USUAL, before, after)


def tune_query(
    practice: Sequence[Pair],
    tuning: Sequence[Pair],
    passages: Passages,
    trial: Trial,
    collection_id: str | None = None,
    *,
    mix: Mix = USUAL,
    seed: int = 0,
) -> TunedQuery:
    """The matrix that practice questions teach, if it helps the tuning questions under `mix`.

    Deterministic by `seed`. Takes seconds, and memory for `MOST_PASSAGES` vectors at most.
    """
    usual = trial(mix, None)
    tuning = _asked(searchable(tuning, passages))
    before = rank(usual, passages, tuning, collection_id)
    matrix = learned(searchable(practice, passages), passages, usual, collection_id, seed)
    if matrix is None or not tuning:
        return TunedQuery(None, before, before)
    after = rank(trial(mix, matrix), passages, tuning, collection_id)
    return TunedQuery(matrix if helps(before, after) else None, before, after)


def learned(
    pairs: Sequence[Pair],
    passages: Passages,
    retriever: Retriever,
    collection_id: str | None = None,
    seed: int = 0,
) -> Vectors | None:
    """The matrix that `searchable` pairs teach, None where too few passages have a vector yet."""
    import numpy as np

    wanted = {_id(pair) for pair in pairs}
    rows = _drawn(passages.answering(collection_id), wanted, seed)
    place = {passage_id: row for row, (_, passage_id, _) in enumerate(rows)}
    known = [pair for pair in pairs if _id(pair) in place]
    if len(known) < LEAST:
        return None
    real = _asked(known)
    weak = len(real) < len(known)
    used = known + real * (OFTENER - 1) if weak else known
    asked = {pair.question: retriever.vector(pair.question) for pair in known}
    held = passages.vectors_of([number for number, _, _ in rows])
    fold = {fold: number for number, fold in enumerate(dict.fromkeys(fold for _, _, fold in rows))}
    return learn_turn(
        np.array([asked[pair.question] for pair in used]),
        np.array([place[_id(pair)] for pair in used]),
        np.array([held[number] for number, _, _ in rows]),
        np.array([fold[one] for _, _, one in rows]),
        WEAK if weak else REAL,
        seed,
    )


def _drawn(
    rows: list[tuple[int, str, bytes]], wanted: set[str], seed: int
) -> list[tuple[int, str, bytes]]:
    """All rows, or `MOST_PASSAGES` of them, those with a wanted id first."""
    if len(rows) <= MOST_PASSAGES:
        return rows
    first = [row for row in rows if row[1] in wanted]
    others = [row for row in rows if row[1] not in wanted]
    left = max(MOST_PASSAGES - len(first), 0)
    return sorted([*first, *random.Random(seed).sample(others, left)])  # noqa: S311 (no secret)


@dataclass(frozen=True, slots=True)
class _Looked:
    """What a question found; the numbers of passages that answer, and what twins have in common."""

    found: Found
    right: frozenset[int]
    folds: dict[int, bytes]

    def place(self, mix: Mix) -> int:
        """From 1 to `LOOKED`, 0 where behind; twins count once."""
        scores = self.found.scores(mix)
        seen: set[bytes] = set()
        for number in sorted(scores, key=lambda number: (-scores[number], number)):
            if number in self.right:
                return len(seen) + 1
            seen.add(self.folds.get(number, number.to_bytes(8)))
            if len(seen) == LOOKED:
                break
        return 0


def _look(
    retriever: Retriever, passages: Passages, pair: Pair, collection_id: str | None
) -> _Looked:
    found = retriever.find(pair.question, collection_id)
    stored = passages.get(list(found.documents), collection_id)
    text = _text(passages, pair)
    return _Looked(
        found,
        frozenset(
            n for n, s in stored.items() if _answers(pair, text, s.passage.id, s.passage.text)
        ),
        {number: one.fold for number, one in stored.items()},
    )


def _worth(looked: Sequence[_Looked], mix: Mix) -> tuple[float, float]:
    ranked = Ranked(tuple(one.place(mix) for one in looked))
    return ranked.first, ranked.reciprocal


def _mixes() -> list[Mix]:
    """The usual mix, and those around it."""
    return [
        USUAL,
        *(
            dataclasses.replace(USUAL, covered=covered, uncovered=uncovered, document=document)
            for covered, uncovered, document in itertools.product(COVERED, UNCOVERED, DOCUMENT)
        ),
    ]


def _asked(pairs: Sequence[Pair]) -> list[Pair]:
    """Those that somebody asked, in words that are not the documents' own."""
    return [pair for pair in pairs if pair.source is not PairSource.DOCUMENT]


def _text(passages: Passages, pair: Pair) -> str:
    passage = passages.at(pair.document_id, pair.position)
    return passage.text if passage is not None else ""


def _id(pair: Pair) -> str:
    return f"{pair.document_id}:{pair.position}"


def _answers(pair: Pair, text: str, passage_id: str, passage_text: str) -> bool:
    return passage_id == _id(pair) or passage_text == text
