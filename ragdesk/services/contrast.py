"""Two exams of the same questions, before and after: what differs, and how sure that is. Pure.

Ranges come from a paired bootstrap over documents: questions on one document share its fate, so
whole documents are drawn. To draw questions anew inside each drawn document as well counts their
chance twice: in a simulation of 150 questions on 12 to 60 documents it let through 4 to 6 of 100
versions that differed by chance alone instead of 9 to 12, and 87 to 96 of 100 that were 10 points
better instead of 92 to 99. It is done only below `ENOUGH` documents, where whole ones are too few
to say how they vary (with 2 to 5 documents whole ones let through 14 to 24 of 100).
See Davison and Hinkley (1997), Bootstrap Methods and their Application, section 3.8.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from ..domain.assistant import Changed, Measure
from .compare import normal
from .score import Outcome

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Numbers = npt.NDArray[np.float64]

DRAWS = 10_000
BLOCK = 500  # draws that are held in memory at a time
ENOUGH = 12  # documents
LOW, HIGH = 0.1, 0.9  # so that one in ten lies below the one, and one above the other
RIGHT = 0.6  # token F1 from which on an answer that is not word for word counts as right
LISTED = 20  # questions that came out otherwise, each way
_FIGURES = frozenset(("number", "date"))
_SHORT = 3  # words; a right answer of so few, with a digit among them, is a figure

Pair = tuple[float | None, float | None]  # before and after
Scored = Callable[[Outcome], float | None]


def contrast(
    before: Sequence[Outcome],
    after: Sequence[Outcome],
    *,
    documents: Mapping[str, str] | None = None,
    confirmed_ids: Collection[str] = (),
    seed: int = 0,
) -> list[Measure]:
    """The measures of two exams that asked the same questions in the same order, "right" first.

    A measure that no question stands behind is left out. `documents` names the document that a
    question (by its id) was made from, for those without evidence; else such a one stands for
    itself. With `confirmed_ids` there is one more, "confirmed": what of these questions, which a
    person confirmed, is right. Raises `ValueError` where the questions differ.
    """
    _want_same(before, after)
    confirmed = frozenset(confirmed_ids)
    scorers: dict[str, Scored] = {
        "right": rightness,
        "found": lambda one: _found(one, 1),
        "found_in_five": lambda one: _found(one, 5),
        "cited": lambda one: _share(one.evidence_cited),
        "refused_right": lambda one: None if one.question.answerable else _share(one.refused),
        "refused_wrong": lambda one: _share(one.refused) if _wants_an_answer(one) else None,
        "confirmed": lambda one: rightness(one) if one.question.id in confirmed else None,
    }
    sides = {
        name: [(score(old), score(new)) for old, new in zip(before, after, strict=True)]
        for name, score in scorers.items()
    }
    asked = {name: pairs for name, pairs in sides.items() if any(map(_complete, pairs))}
    names = [_document(one, documents or {}) for one in before]
    measures = _measures(asked, names, seed) if asked else []
    return [*measures, *_seconds(before, after, seed)]


def rightness(outcome: Outcome) -> float | None:
    """How right an answer is, 0 to 1; None where the question was only looked up, not answered.

    An answer word for word counts 1, another its token F1, where a number or a date is asked for
    nothing; a refusal 0. Where the documents do not say it, a refusal counts 1, and so does "No"
    where that is right, anything else 0.
    """
    if outcome.absent_right is not None:
        return _share(outcome.absent_right)
    if outcome.refused is None:
        return None
    if not outcome.question.answerable:
        return _share(outcome.refused)
    if outcome.refused:
        return 0.0
    if outcome.exact:
        return 1.0
    return 0.0 if asks_for_a_figure(outcome) else outcome.f1


def asks_for_a_figure(outcome: Outcome) -> bool:
    """Whether only the exact number or date is right: by the question's kind or its short answer."""
    if outcome.question.kind in _FIGURES:
        return True
    expected = [normal(answer).split() for answer in outcome.question.answers]
    return bool(expected) and all(
        len(words) <= _SHORT and any(c.isdigit() for word in words for c in word)
        for words in expected
    )


def changed(
    before: Sequence[Outcome], after: Sequence[Outcome], confirmed_ids: Collection[str] = ()
) -> tuple[tuple[Changed, ...], tuple[Changed, ...]]:
    """(gained, lost): questions that turned right, and wrong, the clearest first, `LISTED` each.

    Of those lost, the ones that a person confirmed come first, all of them. Raises `ValueError`
    where the questions differ.
    """
    _want_same(before, after)
    confirmed = frozenset(confirmed_ids)
    gained: list[tuple[float, int, Changed]] = []
    lost: list[tuple[float, int, Changed]] = []
    for place, (old, new) in enumerate(zip(before, after, strict=True)):
        was, now = rightness(old), rightness(new)
        if was is None or now is None or (was >= RIGHT) == (now >= RIGHT):
            continue
        one = _changed(old, new, old.question.id in confirmed)
        (gained if now > was else lost).append((-abs(now - was), place, one))
    gained.sort(key=lambda one: one[:2])
    lost.sort(key=lambda one: (not one[2].confirmed, *one[:2]))
    most = max(LISTED, sum(one.confirmed for _, _, one in lost))
    return (
        tuple(one for _, _, one in gained[:LISTED]),
        tuple(one for _, _, one in lost[:most]),
    )


def _measures(
    asked: Mapping[str, Sequence[Pair]], documents: Sequence[str], seed: int
) -> list[Measure]:
    """Measures by their names; `documents` has each question's."""
    import numpy as np

    counted = np.array([list(map(_complete, pairs)) for pairs in asked.values()], dtype=float).T
    was, now = (
        np.array([[pair[at] or 0.0 for pair in pairs] for pairs in asked.values()]).T * counted
        for at in (0, 1)
    )
    low, high = _ranges(now - was, counted, documents, seed)
    return [
        Measure(
            name,
            _rounded(was[:, at].sum() / counted[:, at].sum()),
            _rounded(now[:, at].sum() / counted[:, at].sum()),
            _rounded(low[at]),
            _rounded(high[at]),
            int(counted[:, at].sum()),
        )
        for at, name in enumerate(asked)
    ]


def _ranges(
    differences: Numbers, counted: Numbers, documents: Sequence[str], seed: int
) -> tuple[Numbers, Numbers]:
    """The ends of the ranges of the mean difference of each measure, over questions that it counts.

    `differences` and `counted` are [questions, measures], the one 0 where the other is.
    """
    import numpy as np

    numbers = {name: number for number, name in enumerate(dict.fromkeys(documents))}
    of = np.array([numbers[name] for name in documents], dtype=np.intp)
    if int((np.bincount(of) > 1).sum()) >= ENOUGH:  # each document stands as one for its questions
        member = (np.arange(len(numbers))[:, None] == of).astype(np.float64)
        differences, counted, of = member @ differences, member @ counted, np.arange(len(numbers))
    means = np.full((DRAWS, differences.shape[1]), np.nan)
    for at, drawn in enumerate(_draws(of, seed)):
        sums, counts = drawn @ differences, drawn @ counted
        block = means[at * BLOCK : (at + 1) * BLOCK]
        np.divide(sums, counts, out=block, where=counts > 0)
    low, high = np.nanquantile(means, (LOW, HIGH), axis=0)
    return low, high


def _draws(of: npt.NDArray[np.intp], seed: int) -> Iterator[Numbers]:
    """How often each question is in each draw, [BLOCK, questions]; `of` has each one's document.

    As many documents as there are, and from each of these as many of its questions as it has.
    """
    import numpy as np

    random = np.random.default_rng(seed)
    sizes = np.bincount(of)
    first = np.cumsum(sizes) - sizes
    order = np.argsort(of, kind="stable")
    for _ in range(DRAWS // BLOCK):
        picked = random.integers(0, len(sizes), (BLOCK, len(sizes)))
        each = sizes[picked].ravel()
        inside = (random.random(int(each.sum())) * np.repeat(each, each)).astype(np.intp)
        asked = order[np.repeat(first[picked].ravel(), each) + inside]
        row = np.repeat(np.arange(BLOCK), sizes[picked].sum(axis=1))
        drawn = np.bincount(row * len(of) + asked, minlength=BLOCK * len(of))
        yield drawn.reshape(BLOCK, -1).astype(np.float64)


def _seconds(before: Sequence[Outcome], after: Sequence[Outcome], seed: int) -> list[Measure]:
    """Medians, so that a computer that slept through one question does not decide; [] for none.

    Time hangs on the computer rather than on the document, so questions are drawn.
    """
    import numpy as np

    both = [
        (old.answer_seconds, new.answer_seconds)
        for old, new in zip(before, after, strict=True)
        if old.answer_seconds is not None and new.answer_seconds is not None
    ]
    if not both:
        return []
    was, now = (np.array(side) for side in zip(*both, strict=True))
    random = np.random.default_rng(seed)
    found = []
    for _ in range(DRAWS // BLOCK):
        asked = random.integers(0, len(both), (BLOCK, len(both)))
        found.append(np.median(now[asked], axis=1) - np.median(was[asked], axis=1))
    ends = np.quantile(np.concatenate(found), (LOW, HIGH))
    middle, then, low, high = (_rounded(one) for one in (np.median(was), np.median(now), *ends))
    return [Measure("seconds", middle, then, low, high, len(both))]


def _changed(old: Outcome, new: Outcome, confirmed: bool) -> Changed:
    expected = next(iter(old.question.answers), "")
    return Changed(old.question.question, expected, old.given or "", new.given or "", confirmed)


def _document(outcome: Outcome, documents: Mapping[str, str]) -> str:
    question = outcome.question
    if question.evidence:
        return f"file:{question.evidence[0].file}"
    known = documents.get(question.id)
    return f"file:{known}" if known else f"alone:{question.id}:{question.question}"


def _want_same(before: Sequence[Outcome], after: Sequence[Outcome]) -> None:
    if [one.question for one in before] != [one.question for one in after]:
        raise ValueError("the two exams did not ask the same questions in the same order")


def _wants_an_answer(outcome: Outcome) -> bool:
    return outcome.question.answerable and not outcome.question.absent


def _found(outcome: Outcome, most: int) -> float | None:
    if not outcome.looked:
        return None
    return _share(outcome.rank is not None and outcome.rank <= most)


def _share(value: bool | None) -> float | None:
    return None if value is None else float(value)


def _complete(pair: Pair) -> bool:
    return None not in pair


def _rounded(value: float) -> float:
    return round(float(value), 4)
