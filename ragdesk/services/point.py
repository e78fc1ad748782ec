"""The very words of a passage that a written sentence rests on. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import SequenceMatcher

from ..domain.conversation import Hit, Marks
from .choose import sentences
from .compare import normal
from .match import is_small
from .support import best_stretch, content
from .utterance import verdict
from .widen import widened

RUN_LEAST = 2  # words in a row, one of them saying something, that point to a place

Place = tuple[int, int]
_WORD = re.compile(r"\w+(?:[.,'’-]\w+)*")
_DIGIT = re.compile(r"\d")


def very_words(sentence: str, hit: Hit, marks: Marks) -> Place:
    """The place in `hit.text` of the words that a sentence repeats or, where it repeats none, of
    the sentence there that has most in common with it.

    What the reader marked for the question goes first, where the sentence repeats it or, as "Yes",
    says nothing of its own. For a yes or no with its reason it is the sentence that decides.
    """
    said = content(sentence)
    plain = f" {normal(sentence)} "
    for mark in marks.marks:
        place = widened(hit.text, mark.start, mark.end)
        words = normal(hit.text[slice(*place)])
        if words and (not said or f" {words} " in plain):
            return place
    stretch = best_stretch(sentence, hit)
    if verdict(sentence):
        return stretch
    return _longest_run(sentence, hit.text, stretch) or stretch


def around(hit: Hit, places: Sequence[Place]) -> list[Place]:
    """The sentences and rows of a passage, with a row's header, that hold these places, in order."""
    stretches: list[Place] = []
    for one in sentences(hit):
        if any(start < one.end and one.start < end for start, end in places):
            heads = [one.head] if one.head and one.head not in stretches else []
            stretches += [*heads, (one.start, one.end)]
    return sorted(stretches) or [(0, len(hit.text))]


def merged(places: Sequence[Place]) -> list[Place]:
    """Places in order, those that overlap made one."""
    found: list[Place] = []
    for start, end in sorted(set(places)):
        if found and start < found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found


def _longest_run(sentence: str, text: str, stretch: Place) -> Place | None:
    ours = [match.group().casefold() for match in _WORD.finditer(sentence)]
    found = list(_WORD.finditer(text, *stretch))
    theirs = [match.group().casefold() for match in found]
    matcher = SequenceMatcher(None, ours, theirs, autojunk=False)
    run = max(matcher.get_matching_blocks(), key=lambda block: block.size)
    words = theirs[run.b : run.b + run.size]
    telling = any(_DIGIT.search(word) or not is_small(word) for word in words)
    if not telling or (run.size < RUN_LEAST and not any(map(_DIGIT.search, words))):
        return None
    return found[run.b].start(), found[run.b + run.size - 1].end()
