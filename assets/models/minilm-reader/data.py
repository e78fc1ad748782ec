"""Training questions for the reader, made from open reading-comprehension data.

A *group* is one question with the passages that are read for it: mostly one that answers and one
or two that do not. Refusing is the harder half of the work, so passages that do not answer are
near misses wherever they can be had: another paragraph that shares the question's words, the same
paragraph without the sentence that answers, or the same paragraph under a question in which one
name, number or word was changed so that nothing answers it any more.

Lines of the data: {"id", "title", "context" (text or list of texts), "question", "answer" (null:
not there), "evidence" (verbatim sentence or null), "kind", "lang"}; one jsonl.gz file a source.
"""

from __future__ import annotations

import gzip
import json
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# Lines taken of each source and round, and what its spans weigh. Sources whose answers are whole
# sentences or loose excerpts weigh less: the reader is to mark the shortest words that answer.
SHARES: dict[str, tuple[int, float]] = {
    "nq_qed": (8300, 1.0),
    "nq_open": (1600, 1.0),
    "quac": (400, 0.5),
    "covidqa": (800, 1.0),
    "fairytaleqa": (4500, 1.0),
    "piaf_fr": (1500, 1.0),
    "wikitables": (4000, 1.0),
    "boolq": (1500, 0.3),
    "orsharc": (400, 0.0),
    "selqa": (400, 0.5),
    "dstc9_faq": (700, 0.5),
    "medquad": (300, 0.5),
    "privacyqa": (800, 0.5),
    "clapnq": (600, 0.5),
    "nq_swap": (1525, 1.0),
}
HELD_OUT = 40  # one question in this many is never trained on, by the hash of its id
WINDOW = (200, 560)  # characters of a passage, drawn evenly
EDITED = 0.3  # of the questions: asked again with one word changed, where one can be
MISSED = 0.75  # the questions from EDITED up to here are shown a passage that does not answer, too
LONG_WINDOW = 1100  # now and then: the program's longest passages
_OPPOSITES = """
    first/last last/first largest/smallest smallest/largest highest/lowest lowest/highest
    most/least before/after after/before north/south south/north east/west west/east
    oldest/youngest youngest/oldest start/end begin/end end/start won/lost win/lose
    original/current old/new new/old male/female female/male father/mother mother/father
    son/daughter daughter/son king/queen queen/king brother/sister sister/brother
    minimum/maximum maximum/minimum increase/decrease decrease/increase buy/sell sell/buy
    upper/lower lower/upper summer/winter winter/summer left/right arrive/leave wrote/read
    employer/employee employee/employer open/close opened/closed married/divorced
    longest/shortest shortest/longest more/less fewer/more allowed/forbidden never/always
    always/never day/month month/week year/month weekly/monthly
"""
OPPOSITES = dict(pair.split("/") for pair in _OPPOSITES.split())
OPENINGS = (
    "hi, ",
    "hello, ",
    "quick question: ",
    "can you tell me ",
    "i was wondering ",
    "do you know ",
    "just checking, ",
    "a customer asks: ",
    "please look up ",
    "sorry to bother you, ",
)
_SENTENCE = re.compile(r"[^.!?\n]*(?:[.!?](?!\s|$)[^.!?\n]*)*(?:[.!?]+[\"')\]]*|\n|$)\s*")
_NAME = re.compile(r"(?<![.!?]\s)(?<!^)\b[A-Z][a-z]+(?:\s[A-Z][a-z]+)*\b")
_NUMBER = re.compile(r"\b\d{1,4}\b")
_WORD = re.compile(r"\w+")
_PLAIN_WORDS = """
    a an and are as at be by did do does for from had has have how in is it its of on or that
    the their there they this to was were what when where which who whom whose why will with
"""
_PLAIN = frozenset(_PLAIN_WORDS.split())


@dataclass(frozen=True)
class Line:
    """One line of the data, its answer found in its text."""

    source: str
    title: str
    text: str
    question: str
    answer: str | None
    span: tuple[int, int] | None  # start and end in `text`, of the words that answer
    sentence: tuple[int, int] | None  # of the sentence around them
    verdict: str  # "span", "yes", "no" or "none"
    held_out: bool


@dataclass(frozen=True)
class Passage:
    """A passage of a group. `span` is None where nothing is to be marked."""

    text: str
    span: tuple[int, int] | None
    verdict: str  # "span", "yes", "no"; "none": it does not answer
    weight: float  # of the marked words in the loss


@dataclass(frozen=True)
class Group:
    """A question and its passages; the first one answers, where one does."""

    question: str
    passages: tuple[Passage, ...]


def sentences(text: str) -> list[tuple[int, int]]:
    """Start and end of each sentence or row."""
    return [match.span() for match in _SENTENCE.finditer(text) if match.group().strip()]


def words(text: str) -> set[str]:
    """The words that carry meaning, in lower case."""
    return {word for word in _WORD.findall(text.lower()) if word not in _PLAIN}


def load(folder: Path, seed: int) -> list[Line]:
    """All usable lines, in an order drawn by `seed`. Raises OSError where a file is missing."""
    lines = [
        line
        for source in SHARES
        for line in map(_line, [source] * 10**6, _rows(folder / f"{source}.jsonl.gz"))
        if line is not None
    ]
    random.Random(seed).shuffle(lines)
    return lines


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        yield from map(json.loads, file)


def _line(source: str, row: dict[str, Any]) -> Line | None:
    """None for lines that teach nothing about marking: counted, worked out or weakly labelled."""
    context = row["context"]
    text = context if isinstance(context, str) else "\n".join(context)
    answer, kind = row["answer"], row["kind"]
    if kind == "number" or (source == "privacyqa" and answer is not None):
        return None
    span = sentence = None
    verdict = "none"
    if answer is not None:
        verdict = _verdict(kind, answer)
        sentence = _sentence(text, row, verdict)
        span = _span(text, row, sentence)
        if span is None and verdict == "span":
            return None
    held_out = sum(row["id"].encode()) % HELD_OUT == 0
    return Line(
        source, row["title"], text, row["question"], answer, span, sentence, verdict, held_out
    )


def _verdict(kind: str, answer: str) -> str:
    if kind != "yesno":
        return "span"
    return "yes" if answer.lower().startswith("yes") else "no"


def _sentence(text: str, row: dict[str, Any], verdict: str) -> tuple[int, int] | None:
    """The sentence that decides: as given, or, for yes and no, the one that shares most words."""
    if row["evidence"]:
        start = text.find(row["evidence"])
        if start >= 0:
            return start, start + len(row["evidence"])
    candidates = sentences(text)
    answer = row["answer"]
    if verdict == "span":
        candidates = [(a, b) for a, b in candidates if answer in text[a:b]]
    if not candidates:
        return None
    asked = words(row["question"])
    return max(candidates, key=lambda ends: len(asked & words(text[ends[0] : ends[1]])))


def _span(
    text: str, row: dict[str, Any], sentence: tuple[int, int] | None
) -> tuple[int, int] | None:
    """The answer inside its sentence, inside the text, or, for yes and no, the sentence itself."""
    answer = row["answer"]
    if row["kind"] == "yesno":
        return sentence
    if sentence is not None:
        inside = _place(text[sentence[0] : sentence[1]], answer)
        if inside is not None:
            return sentence[0] + inside, sentence[0] + inside + len(answer)
    start = _place(text, answer)
    if start is not None:
        return start, start + len(answer)
    return sentence if row["kind"] == "long" else None


def _place(text: str, answer: str) -> int | None:
    """Where `answer` stands as whole words."""
    match = re.search(rf"(?<!\w){re.escape(answer)}(?!\w)", text)
    return match.start() if match else None


class Groups:
    """Draws the groups of a round. `near`: for each line, the numbers of lines like its question."""

    def __init__(self, lines: Sequence[Line], near: Sequence[Sequence[int]], seed: int) -> None:
        self._lines, self._near = lines, near
        self._random = random.Random(seed)

    def round(self, held_out: bool = False) -> list[Group]:
        """One pass over the data, in a new order, windows and near misses drawn anew."""
        taken = dict.fromkeys(SHARES, 0)
        order = [n for n, line in enumerate(self._lines) if line.held_out == held_out]
        self._random.shuffle(order)
        groups = []
        for number in order:
            line = self._lines[number]
            if taken[line.source] < SHARES[line.source][0]:
                taken[line.source] += 1
                groups += self._groups(number, line)
        return groups

    def _groups(self, number: int, line: Line) -> list[Group]:
        question = self._worded(line.question)
        weight = SHARES[line.source][1]
        if line.verdict == "none":
            text, span = self._window(line.text, None, line)
            return [Group(question, (Passage(self._titled(line, text), span, "none", weight),))]
        answering = self._answering(line, weight)
        draw = self._random.random()
        if draw < EDITED:
            edited = self._edited(line)
            if edited is not None:  # beside its twin, so that the one word changed makes all
                miss = Group(self._worded(edited), (_unanswered(answering),))
                return [Group(question, (answering,)), miss]
        passages = [answering]
        if draw < MISSED:
            near_miss = self._miss(number, line)
            if near_miss is not None:
                passages.append(near_miss)
        return [Group(question, tuple(passages))]

    def _answering(self, line: Line, weight: float) -> Passage:
        text, span = self._window(line.text, line.span, line)
        if span is None:
            return Passage(self._titled(line, text), None, line.verdict, 0.0)
        titled = self._titled(line, text)
        moved = len(titled) - len(text)
        return Passage(titled, (span[0] + moved, span[1] + moved), line.verdict, weight)

    def _miss(self, number: int, line: Line) -> Passage | None:
        """A passage that does not answer, though it looks as if it might."""
        if self._random.random() < 0.3 and line.sentence is not None and line.answer:
            start, end = line.sentence
            rest = line.text[:start] + line.text[end:]
            if len(rest) > 150 and line.answer.lower() not in rest.lower():
                text, _ = self._window(rest, None, line)
                return Passage(self._titled(line, text), None, "none", 1.0)
        near = self._near[number]
        if not near:
            return None
        # The nearest is the hardest; drawing falls off along the list.
        other = self._lines[near[min(int(self._random.expovariate(0.5)), len(near) - 1)]]
        text, _ = self._window(other.text, None, other)
        return Passage(self._titled(other, text), None, "none", 1.0)

    def _edited(self, line: Line) -> str | None:
        """The question with one name, number or word changed, so that the text does not answer."""
        if line.sentence is None or line.verdict != "span":
            return None
        sentence = line.text[line.sentence[0] : line.sentence[1]]
        question = line.question
        ways = []
        numbers = [m.group() for m in _NUMBER.finditer(question) if m.group() in sentence]
        if numbers:
            other = int(numbers[0]) + self._random.choice((-10, -3, -1, 2, 7))
            ways.append((numbers[0], str(other)))
        asked = question.lower()
        names = {m.group() for m in _NAME.finditer(line.text)}
        others = [name for name in names if name.lower() not in asked and name not in sentence]
        for name in sorted(names):
            named = len(name) > 3 and name in sentence and f" {name.lower()}" in f" {asked}"
            ways += [(name, self._random.choice(sorted(others)))] if others and named else []
        ways += [
            (word, OPPOSITES[word])
            for word in _WORD.findall(asked)
            if word in OPPOSITES and OPPOSITES[word] not in asked
        ]
        if not ways:
            return None
        old, new = self._random.choice(sorted(ways))
        edited = re.sub(rf"\b{re.escape(old)}\b", new, question, count=1, flags=re.IGNORECASE)
        return edited if edited != question else None

    def _worded(self, question: str) -> str:
        """As a person might type it: now and then with a greeting, capitals, a question mark."""
        draw = self._random.random()
        if draw < 0.08:
            question = self._random.choice(OPENINGS) + question
        if self._random.random() < 0.5:
            question = question.rstrip("?").rstrip()
            if self._random.random() < 0.5:
                question += "?"
        return question

    def _titled(self, line: Line, text: str) -> str:
        return f"{line.title}\n{text}" if line.title and self._random.random() < 0.5 else text

    def _window(
        self, text: str, span: tuple[int, int] | None, line: Line
    ) -> tuple[str, tuple[int, int] | None]:
        """Whole sentences around `span`, or around anywhere; a table keeps its first row."""
        room = self._random.randint(*WINDOW)
        if self._random.random() < 0.12:
            room = LONG_WINDOW
        if len(text) <= room:
            return text, span
        head = 0
        if " | " in text.split("\n", 1)[0]:
            head = text.find("\n") + 1
        pieces = [(a, b) for a, b in sentences(text) if a >= head] or [(head, len(text))]
        within = [
            n for n, (a, b) in enumerate(pieces) if span and a < max(span[1], head) and b > span[0]
        ]
        if not within:
            within = [self._random.randrange(len(pieces))]
        first, last = within[0], within[-1]
        while pieces[last][1] - pieces[first][0] + head < room:
            grown = [n for n in (first - 1, last + 1) if 0 <= n < len(pieces)]
            if not grown:
                break
            chosen = self._random.choice(grown)
            first, last = min(first, chosen), max(last, chosen)
        start, end = pieces[first][0], pieces[last][1]
        cut = text[:head] + text[start:end].rstrip()
        if span is None:
            return cut, None
        if span[1] <= head:
            return cut, span
        moved = head - start
        begin, stop = span[0] + moved, min(span[1] + moved, len(cut))
        return (cut, (begin, stop)) if head <= begin < stop else (text, span)


def _unanswered(passage: Passage) -> Passage:
    return Passage(passage.text, None, "none", 1.0)


def nearest(lines: Sequence[Line], count: int = 6) -> list[list[int]]:
    """For each line, numbers of lines whose text shares most with its question but lacks its
    answer, nearest first. Words are weighed by how rare they are.
    """
    import numpy as np
    from sklearn.feature_extraction.text import TfidfVectorizer

    vectorizer = TfidfVectorizer(sublinear_tf=True, stop_words=sorted(_PLAIN), dtype=np.float32)
    first = {}  # the same text counts once
    for number, line in enumerate(lines):
        first.setdefault(line.text, number)
    owners = np.array(list(first.values()))
    texts = vectorizer.fit_transform(list(first)).T.tocsr()
    asked = vectorizer.transform(line.question for line in lines)
    found: list[list[int]] = []
    for start in range(0, len(lines), 512):
        scores = (asked[start : start + 512] @ texts).toarray()
        best = np.argpartition(-scores, 40, axis=1)[:, :40]
        for offset, row in enumerate(best):
            line = lines[start + offset]
            order = owners[row[np.argsort(-scores[offset, row])]]
            found.append([int(n) for n in order if _misses(lines[n], line)][:count])
    return found


def _misses(other: Line, line: Line) -> bool:
    if other.text == line.text:
        return False
    if line.verdict == "span":
        return line.answer is None or line.answer.lower() not in other.text.lower()
    return other.title != line.title or not line.title
