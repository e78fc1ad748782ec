"""What the writer is taught, made of practice questions: what it is told, and what it should answer.

Told is what `services.prompt` tells it when a person asks; the answer keeps to the rules in there:
the short answer first, its passage's number behind it. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from ..domain.conversation import Hit
from ..domain.document import Passage
from ..domain.training import Pair, PairState, WriterLesson
from .budget import SMALL_MOST
from .compare import normal
from .draft import chance
from .prepare import place_of, sentence_at, without
from .prompt import NOT_THERE, messages

WRONG = SMALL_MOST - 1  # passages beside the right one, the best found that do not answer
REFUSED = 0.2  # of the lessons: nothing answers
DIFFER = 0.1  # likewise: two passages give different numbers, and both are to be told
GENERAL = 0.1  # likewise: of what was known before, so that it is not forgotten
TOGETHER = 3  # questions on one passage that are asked of the same passages
LONGEST = 260  # characters of an answer; what is longer is no short answer
SHORT = 40  # characters of an answer whose number is changed
_DIGITS = re.compile(r"\d+")

Shown = tuple[str, str]  # a passage's heading and its text


def marked(text: str, *numbers: int) -> str:
    """An answer as it is written: a capital first, the passage's number last."""
    text = text.strip()
    return f"{text[:1].upper()}{text[1:]} {''.join(f'[{number}]' for number in numbers)}"


def differ(said: Sequence[tuple[int, str]]) -> str:
    """What two passages say that differ: (number of the passage, its words), in their order."""
    (first, one), (second, other) = said
    return f"{marked(one, first)}, but {other.strip()} [{second}]"


def writer_lessons(
    pairs: Sequence[Pair],
    passage_of: Callable[[Pair], Passage | None],
    found: Callable[[Pair], Sequence[Hit]],
    seed: int,
    *,
    general: Sequence[WriterLesson] = (),
) -> list[WriterLesson]:
    """Lessons of all pairs whose answer is known: those that answer, refuse, and tell what differs.

    passage_of: a pair's own passage, None where it is gone; found: what search finds, best first.
    One of five lessons has only passages that do not answer, of questions that nothing answers first.
    general: lessons of other things, of which as many are mixed in as `GENERAL` says. Lessons on the
    same passages follow each other. Nothing comes of questions that nothing answers alone.
    """
    taught = [pair for pair in pairs if pair.learned_from and (pair.absent or _short(pair))]
    answered: list[WriterLesson] = []
    differing: list[tuple[Pair, WriterLesson]] = []
    refusals = [
        (pair, _refusal(pair, [_hit(hit) for hit in hits[:SMALL_MOST]], seed))
        for pair in taught
        if pair.absent and (hits := found(pair))
    ]
    for group, passage in _groups(taught, passage_of):
        first = group[0]
        hits = [hit for hit in found(first) if _answers_none(hit, group, passage)]
        own = _own(passage, found(first))
        answered += _answered(group, passage, own, [_hit(hit) for hit in hits[:WRONG]], seed)
        if hits:
            wrong = [_hit(hit) for hit in hits[:SMALL_MOST]]
            refusals.append((first, _refusal(first, wrong, seed)))
        if twin := _twin(first, passage, own, seed):
            differing.append((first, _differing(first, own, twin, hits[: WRONG - 1], seed)))
    others = 1 - REFUSED - DIFFER - (GENERAL if general else 0.0)
    refusals.sort(key=lambda one: (not one[0].absent, chance(seed, one[0].id)))
    differing.sort(key=lambda one: chance(seed, one[0].id))
    replayed = sorted(general, key=lambda lesson: chance(seed, lesson.messages, lesson.answer))
    made = len(answered)
    return [
        *answered,
        *(lesson for _, lesson in refusals[: round(made * REFUSED / others)]),
        *(lesson for _, lesson in differing[: round(made * DIFFER / others)]),
        *replayed[: round(made * GENERAL / others)],
    ]


def _short(pair: Pair) -> bool:
    return bool(pair.answer.strip()) and len(pair.answer) <= LONGEST


def _groups(
    pairs: Sequence[Pair], passage_of: Callable[[Pair], Passage | None]
) -> list[tuple[list[Pair], Passage]]:
    """Pairs of the same passage, `TOGETHER` at most, in the order of the first of them."""
    found: list[tuple[list[Pair], Passage]] = []
    last: dict[tuple[str, int], list[Pair]] = {}
    for pair in pairs:
        passage = None if pair.absent else passage_of(pair)
        if passage is None:
            continue
        group = last.get((pair.document_id, pair.position))
        if group is None or len(group) == TOGETHER:
            group = last[pair.document_id, pair.position] = []
            found.append((group, passage))
        group.append(pair)
    return found


def _answers_none(hit: Hit, group: Sequence[Pair], passage: Passage) -> bool:
    return all(any(without(pair, passage, [hit])) for pair in group)


def _own(passage: Passage, hits: Sequence[Hit]) -> Shown:
    title = next((hit.title for hit in hits if hit.document_id == passage.document_id), "")
    return passage.context or title, passage.text


def _hit(hit: Hit) -> Shown:
    return hit.context or hit.title, hit.text


def _answered(
    group: Sequence[Pair], passage: Passage, own: Shown, wrong: Sequence[Shown], seed: int
) -> list[WriterLesson]:
    """What a person has confirmed counts twice."""
    shown = _shuffled([own, *wrong], seed, group[0].id)
    number = shown.index(own) + 1
    lessons = []
    for pair in group:
        lesson = _lesson(pair.question, shown, marked(_said(pair, passage), number))
        lessons += [lesson] * (2 if pair.state is PairState.RIGHT else 1)
    return lessons


def _said(pair: Pair, passage: Passage) -> str:
    """The answer; behind yes and no the sentence that says so, where it is known."""
    word = normal(pair.answer).partition(" ")[0]
    if pair.kind != "yes_no" or word not in ("yes", "no"):
        return pair.answer
    text = passage.text
    stands = 0 <= pair.start < pair.end <= len(text)
    place = (pair.start, pair.end) if stands else place_of(text, pair.quote)
    if place is None:
        return pair.answer
    start, end = sentence_at(text, place)
    said = text[start:end].strip().lstrip("*-• ")
    return f"{word.capitalize()}. {said}" if len(said) <= LONGEST else pair.answer


def _refusal(pair: Pair, wrong: Sequence[Shown], seed: int) -> WriterLesson:
    return _lesson(pair.question, _shuffled(wrong, seed, pair.id), NOT_THERE)


def _twin(pair: Pair, passage: Passage, own: Shown, seed: int) -> tuple[str, Shown] | None:
    """Another number in the place of the answer's, and the passage that says so."""
    numbers = _DIGITS.findall(pair.answer)
    if not numbers or len(pair.answer) > SHORT or passage.text.count(pair.answer) != 1:
        return None
    drawn = chance(seed, "twin", pair.id)
    old = numbers[drawn % len(numbers)]
    step = (1, 2, 5, 10)[drawn // 7 % 4]
    other = pair.answer.replace(old, str(int(old) + step).zfill(len(old)), 1)
    return other, (own[0], passage.text.replace(pair.answer, other))


def _differing(
    pair: Pair, own: Shown, twin: tuple[str, Shown], hits: Sequence[Hit], seed: int
) -> WriterLesson:
    other, changed = twin
    shown = _shuffled([own, changed, *map(_hit, hits)], seed, f"twin {pair.id}")
    said = sorted([(shown.index(own) + 1, pair.answer), (shown.index(changed) + 1, other)])
    return _lesson(pair.question, shown, differ(said))


def _shuffled(shown: Sequence[Shown], seed: int, what: str) -> list[Shown]:
    return sorted(shown, key=lambda one: chance(seed, what, one))


def _lesson(question: str, shown: Sequence[Shown], answer: str) -> WriterLesson:
    return WriterLesson(tuple(messages(question, shown)), answer)
