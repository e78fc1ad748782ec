"""The exam made of practice questions: which are asked, and as which questions of an exam. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable

from ..domain.examination import Evidence, ExamQuestion
from ..domain.training import Pair, PairState
from .draft import chance

ABSENT = 0.2  # of the questions of an exam, at most


def choose_exam(pairs: Iterable[Pair], most: int, seed: int) -> list[Pair]:
    """Up to `most` of those that can be examined, by id; the same for the same pairs and seed.

    Those that a person called right come first, then documents and kinds in turn. At most one in
    five asks for what the documents do not say.
    """
    able = {pair.id: pair for pair in pairs if pair.examined}
    mixed = sorted(able.values(), key=lambda pair: chance(seed, pair.id, "exam"))
    answered = _in_turn([pair for pair in mixed if not pair.absent])
    absent = _in_turn([pair for pair in mixed if pair.absent])
    few = min(len(absent), int(ABSENT * most), int(len(answered) * ABSENT / (1 - ABSENT)))
    chosen = [*answered[: max(0, most - few)], *absent[:few]]
    return sorted(chosen, key=lambda pair: pair.id)


def exam_questions(
    pairs: Iterable[Pair],
    path_of: Callable[[str], str],
    paged: Callable[[str], bool] = lambda document_id: False,
) -> list[ExamQuestion]:
    """Pairs as questions of an exam, in their order.

    `path_of` gives the path of a document as people see it, `paged` whether its pages mean anything.
    """
    return [
        ExamQuestion(
            id=pair.id,
            question=pair.question,
            answers=(pair.answer,) if pair.answer else (),
            evidence=()
            if pair.absent
            else (
                Evidence(
                    path_of(pair.document_id),
                    pair.spans[0].page if pair.spans and paged(pair.document_id) else None,
                    pair.quote,
                ),
            ),
            kind=pair.kind,
        )
        for pair in pairs
    ]


def _in_turn(pairs: Iterable[Pair]) -> list[Pair]:
    """Confirmed ones first; the first of each document and kind before the second of any."""
    turns: Counter[tuple[bool, str, str]] = Counter()
    ranked = []
    for number, pair in enumerate(pairs):
        confirmed = pair.state is PairState.RIGHT
        key = confirmed, pair.document_id, pair.kind
        ranked.append((not confirmed, turns[key], number, pair))
        turns[key] += 1
    return [pair for *_, pair in sorted(ranked, key=lambda held: held[:3])]
