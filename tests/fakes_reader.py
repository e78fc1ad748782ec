"""A reader without a model: it marks by rules, so the same passage always gives the same marks."""

from __future__ import annotations

from collections.abc import Sequence

from ragdesk.domain.conversation import Mark, Marks
from ragdesk.services.expect import expected
from ragdesk.services.match import is_small, stem, words
from ragdesk.services.mend import sentence_bounds
from ragdesk.services.want import asks_yes_or_no

NEGATIONS = frozenset(["no", "not", "never", "none", "neither", "without"])


class FakeReader:
    """The sentence that shares most words with the question answers; its marked words are those of
    the kind asked for, or else its last two words.
    """

    name = "fake"

    def read(self, question: str, passages: Sequence[tuple[str, str]]) -> list[Marks]:
        return [self._marks(question, headings, text) for headings, text in passages]

    def _marks(self, question: str, headings: str, text: str) -> Marks:
        asked = {stem(word) for word in words(question) if not is_small(word)}
        places = []
        for start, end in _sentences(text):
            there = {stem(word) for word in words(f"{headings} {text[start:end]}")}
            places.append((len(asked & there) / len(asked) if asked else 0.0, start, end))
        if not asked or not places:
            return Marks(-20.0)
        places.sort(key=lambda place: (-place[0], place[1]))
        share, start, end = places[0]
        if asks_yes_or_no(question):
            no = 0.9 if NEGATIONS & set(words(text[start:end])) else 0.05
            return Marks(8 * share - 4, 0.95 - no, no, (Mark(start, end, 8 * share - 4),))
        marks = tuple(Mark(*_words(question, text, a, b), 8 * s - 4) for s, a, b in places[:3])
        return Marks(8 * share - 4, 0.02, 0.02, marks)


def _sentences(text: str) -> list[tuple[int, int]]:
    found, start = [], 0
    for line in text.split("\n"):
        found += [(start + a, start + b) for a, b in sentence_bounds(line)]
        start += len(line) + 1
    return found


def _words(question: str, text: str, start: int, end: int) -> tuple[int, int]:
    kind = expected(question)
    found = kind.find(text[start:end]) if kind else []
    if found:
        return start + found[0][0], start + found[0][1]
    spaces = [n for n in range(start, end) if text[n] == " "]
    return (spaces[-2] + 1 if len(spaces) > 1 else start), end
