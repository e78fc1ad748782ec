"""What the reader is taught, made of practice questions: lessons of right and wrong passages. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from ..domain.conversation import Hit
from ..domain.document import Passage
from ..domain.training import Lesson, LessonPassage, Pair, PairState
from .compare import holds, normal
from .draft import chance
from .mend import sentence_bounds

WRONG = 2  # passages beside the right one, the best found that do not answer
# Twice through all is best: after three to five times a reader that answered .55 fell to .47 (F1).
ROUNDS, A_STEP = 2, 18  # times through the lessons, and texts of a step of the reader's training
REFUSED = 0.2  # of the lessons: nothing answers. More among few would teach refusing itself
# Kinds that ask nothing: their passage is what they stand for, not an answer to them.
_NO_QUESTION = frozenset({"heading", "mail", "cloze", "keywords"})


def most_steps(made: Sequence[Lesson]) -> int:
    """Steps of the reader's training beyond which it only learns these lessons by heart; at least 1."""
    return max(1, ROUNDS * sum(len(lesson.passages) for lesson in made) // A_STEP)


@dataclass(frozen=True, slots=True)
class _Made:
    """A pair's lessons: `answered` None where nothing answers, `refused` None where none can be."""

    pair: Pair
    answered: Lesson | None
    refused: Lesson | None
    drawn: int

    def times(self, lesson: Lesson) -> list[Lesson]:
        """What a person has confirmed counts twice."""
        return [lesson] * (2 if self.pair.state is PairState.RIGHT else 1)


def lessons(
    pairs: Sequence[Pair],
    passage_of: Callable[[Pair], Passage | None],
    found: Callable[[Pair], Sequence[Hit]],
    seed: int,
) -> list[Lesson]:
    """Lessons of all pairs that can be learned from, in their order, those that refuse last.

    A question comes with the passage that answers it and with the best of those found that do not;
    one of five lessons has only passages that do not, of questions that nothing answers first.
    passage_of: a pair's own passage, None where it is gone; found: what search finds, best first.
    Nothing comes of questions that nothing answers alone.
    """
    made = [
        one
        for pair in pairs
        if pair.learned_from and (one := _made(pair, passage_of, found, seed)) is not None
    ]
    answered = [lesson for one in made if one.answered for lesson in one.times(one.answered)]
    room = round(len(answered) * REFUSED / (1 - REFUSED))
    refusing = sorted(
        (one for one in made if one.refused is not None),
        key=lambda one: (not one.pair.absent, one.pair.state is not PairState.RIGHT, one.drawn),
    )
    refused = [lesson for one in refusing if one.refused for lesson in one.times(one.refused)]
    return answered + refused[:room]


def _made(
    pair: Pair,
    passage_of: Callable[[Pair], Passage | None],
    found: Callable[[Pair], Sequence[Hit]],
    seed: int,
) -> _Made | None:
    """None where the pair teaches the reader nothing."""
    drawn = chance(seed, pair.id)
    if pair.absent:
        wrong = tuple(_wrong(hit) for hit in found(pair)[:WRONG])
        return _Made(pair, None, Lesson(pair.question, wrong), drawn) if wrong else None
    passage = passage_of(pair)
    right = _right(pair, passage) if passage is not None else None
    if passage is None or right is None:
        return None
    wrong = tuple(map(_wrong, without(pair, passage, found(pair))))
    refused = Lesson(pair.question, wrong[:1]) if wrong else None
    return _Made(pair, Lesson(pair.question, (right, *wrong[:WRONG])), refused, drawn)


def _right(pair: Pair, passage: Passage) -> LessonPassage | None:
    """The passage that answers; None where it does not say so in a way that can be learned."""
    text = passage.text
    span = (pair.start, pair.end) if 0 <= pair.start < pair.end <= len(text) else None
    word = normal(pair.answer).partition(" ")[0]
    if pair.kind == "yes_no" and word in ("yes", "no"):
        place = span or place_of(text, pair.quote)
        return LessonPassage(passage.context, text, word, place and sentence_at(text, place))
    if span is None and pair.kind in _NO_QUESTION:
        return None
    return LessonPassage(passage.context, text, "span", span)


def place_of(text: str, quote: str) -> tuple[int, int] | None:
    """Where the words of a quote stand in a passage, whatever stands between them."""
    words = re.findall(r"\w+", quote)
    match = re.search(r"\W+".join(map(re.escape, words)), text) if words else None
    return match.span() if match else None


def sentence_at(text: str, place: tuple[int, int]) -> tuple[int, int]:
    """The sentence that `place` begins in: the reader is to mark the one that decides, whole."""
    bounds = sentence_bounds(text)
    return next(((start, end) for start, end in bounds if start <= place[0] < end), place)


def without(pair: Pair, passage: Passage, hits: Sequence[Hit]) -> Iterator[Hit]:
    """The hits that do not hold the answer, best first."""
    answer = f" {normal(pair.answer)} "
    told = pair.kind != "yes_no" and answer.strip()
    for hit in hits:
        if hit.passage_id == passage.id or hit.text == passage.text:
            continue
        if told and answer in f" {normal(hit.text)} ":
            continue
        if pair.quote and holds(hit.text, pair.quote):
            continue
        yield hit


def _wrong(hit: Hit) -> LessonPassage:
    return LessonPassage(hit.context, hit.text, "none")
