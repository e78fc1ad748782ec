"""Lessons as numbers, in the very form in which the reader reads them, and their order.

Loaded where a reader is tuned alone, see `reader_learning.py`.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

from ..domain.training import Lesson, LessonPassage
from .reader_input import asked, headed, windows
from .reader_learning import Text

TEXTS = 16  # texts a step, about


def encode(tokenizer: Any, lesson: Lesson, number: int, max_tokens: int, most: int) -> list[Text]:
    """The texts of a lesson, the answering one first where one answers; [] where none can be read.

    max_tokens: of a text with its question; most: of the question.
    """
    question = asked(tokenizer, lesson.question, most)
    if not question:
        return []
    found = []
    for place, passage in enumerate(lesson.passages):
        text = _text(tokenizer, question, passage, number, max_tokens)
        if text is not None:
            found.append(text)
        elif place == 0 and passage.verdict != "none":
            return []  # the others alone would teach that nothing answers
    return found


def _text(
    tokenizer: Any, question: list[int], passage: LessonPassage, number: int, max_tokens: int
) -> Text | None:
    """The part of a passage that holds its span; its first part where it has none."""
    before = headed(tokenizer, question, passage.context)
    encoded = tokenizer.encode(passage.text, add_special_tokens=False)
    parts = list(windows(len(encoded.ids), max_tokens - len(before) - 1))
    marked = _pieces(encoded.offsets, passage.span)
    if passage.span is not None and not marked:
        return None
    holding = [part for part in parts if not marked or part[0] <= marked[0] <= marked[-1] < part[1]]
    if not holding:
        return None
    first, last = holding[0]
    ids = [*before, *encoded.ids[first:last], tokenizer.token_to_id("[SEP]")]
    moved = len(before) - first
    start, end = (marked[0] + moved, marked[-1] + moved) if marked else (0, 0)
    known = passage.span is not None or passage.verdict == "none"
    return Text(ids, len(question), start, end, passage.verdict, float(known), number)


def _pieces(places: Sequence[tuple[int, int]], span: tuple[int, int] | None) -> list[int]:
    """The numbers of the pieces that `span` touches."""
    if span is None:
        return []
    return [n for n, (a, b) in enumerate(places) if b > span[0] and a < span[1] and b > a]


def order(sizes: Sequence[int], steps: int, seed: int) -> list[list[int]]:
    """For each step, the numbers of its lessons. sizes: how many texts each has.

    Round after round of all, each in an order drawn by the seed and the round alone. Raises
    `ValueError` where there is nothing to learn.
    """
    usable = [number for number, size in enumerate(sizes) if size]
    if not usable:
        raise ValueError("no lesson can be read")
    found: list[list[int]] = []
    rounds = 0
    while len(found) < steps:
        drawn = list(usable)
        random.Random(f"{seed} {rounds}").shuffle(drawn)  # noqa: S311  (an order, no secret)
        rounds += 1
        held: list[int] = []
        for number in drawn:
            held.append(number)
            if sum(sizes[n] for n in held) >= TEXTS:
                found.append(held)
                held = []
        if held:
            found.append(held)
    return found[:steps]
