"""Training examples for the writer: passages, questions on them, and the answers in our format.

A `Sheet` is what is read once: one to three passages and all the questions asked about them, so
that reading them is paid for once. Questions come from open reading-comprehension data (the
reader's, `../minilm-reader/data.py`, says what a line is) and from `business.py`. The passages of
a sheet resemble each other, since search will bring such ones: those that share most words with one
question. Where that question's own passage is left out, the right answer is a refusal.

The answers: the short answer and its passage, `1979 [2]`; a sentence where the data answers with
one; `Yes.` or `No.` and the sentence that says so; both values where two passages differ.
"""

from __future__ import annotations

import importlib.util
import pickle
import random
import re
import sys
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from ragdesk.services.prompt import NOT_THERE
from ragdesk.services.rehearse import differ, marked

from .business import Paper, Twin, papers

# Lines taken of each source. English only: the model knows no other language well.
SHARES = {
    "nq_qed": 5000,
    "nq_open": 1200,
    "fairytaleqa": 1500,
    "covidqa": 500,
    "wikitables": 1500,
    "dstc9_faq": 1200,
    "orsharc": 500,
    "boolq": 500,
    "selqa": 700,
    "medquad": 250,
    "privacyqa": 350,
    "quac": 311,
    "clapnq": 600,
    "nq_swap": 400,
}
WINDOW = (140, 480)  # characters of a passage, drawn evenly
LONG_WINDOW, LONG = 1000, 0.1  # the program's longest passages, and how often
OF_BUSINESS = 0.2  # sheets made from templates
ABSENT = 0.55  # sheets without the passage that their first question needs
EDITED = 0.4  # sheets with it that ask it again with one word changed, where one can be
CONFLICT = 0.12  # sheets with a second passage that gives another number, where one can be
VERSIONS = 0.5  # sheets of business papers with two versions of one, likewise
COUNTS = ((3, 6), (2, 2), (1, 2))  # passages of a sheet, and how often
ASKED = 3  # questions on one passage of the open data, at most
OF_PAPER = 2  # questions on one business paper
LONGEST = 260  # characters of an answer
_ANSWER = re.compile(r"[\w$€£\"'“(].*", re.DOTALL)
_WORD = re.compile(r"\w+")
_DIGITS = re.compile(r"\d+")


def _reader_data() -> ModuleType:
    """The reader's module of the same name: what a line is, and which texts are near misses."""
    path = Path(__file__).resolve().parent.parent / "minilm-reader" / "data.py"
    spec = importlib.util.spec_from_file_location("minilm_reader_data", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


reader = _reader_data()
Line = Any  # the reader's; its module is found by its path, so that types do not reach it


@dataclass(frozen=True)
class Asked:
    """A question and the whole answer that is to be written."""

    question: str
    answer: str


@dataclass(frozen=True)
class Sheet:
    """Passages (heading, text), number 1 first, and the questions on them."""

    passages: tuple[tuple[str, str], ...]
    asked: tuple[Asked, ...]


@dataclass(frozen=True)
class Window:
    """Whole sentences of a line's text; `parts` are their places in it."""

    heading: str
    text: str
    parts: tuple[tuple[int, int], ...]

    def holds(self, start: int, end: int) -> bool:
        return any(a <= start and end <= b for a, b in self.parts)


def load(folder: Path, seed: int) -> tuple[list[Line], list[list[int]]]:
    """The lines that are used, and for each the numbers of those near to its question.

    What is near is kept in a file beside nothing else: it takes minutes. Raises OSError where a
    file of the data is missing.
    """
    taken: defaultdict[str, int] = defaultdict(int)
    lines = []
    for line in reader.load(folder, seed):
        if taken[line.source] < SHARES.get(line.source, 0) and _usable(line):
            taken[line.source] += 1
            lines.append(line)
    return lines, reader.nearest(lines, count=8)


def load_kept(folder: Path, seed: int, kept: Path) -> tuple[list[Line], list[list[int]]]:
    """`load`, once: afterwards from the file `kept`, our own."""
    if not kept.exists():
        kept.write_bytes(pickle.dumps(load(folder, seed)))
    loaded: tuple[list[Line], list[list[int]]] = pickle.loads(kept.read_bytes())
    return loaded


def _usable(line: Line) -> bool:
    if line.answer is None:
        return True
    if line.verdict != "span":
        return line.sentence is not None and line.sentence[1] - line.sentence[0] < LONGEST
    tidy = _ANSWER.fullmatch(line.answer) and line.answer.count("(") == line.answer.count(")")
    return bool(tidy) and len(line.answer) <= LONGEST and line.span is not None


class Sheets:
    """Draws sheets. Held-out lines are never asked in those that are trained on."""

    def __init__(self, lines: Sequence[Line], near: Sequence[Sequence[int]], seed: int) -> None:
        self._lines, self._near = lines, near
        self._draw = random.Random(seed)
        self._of_text: defaultdict[str, list[Line]] = defaultdict(list)
        for line in lines:
            self._of_text[line.text].append(line)

    def round(self, held_out: bool = False) -> list[Sheet]:
        """As many sheets as there are lines (a few less), each line at the head of one."""
        order = [n for n, line in enumerate(self._lines) if line.held_out == held_out]
        self._draw.shuffle(order)
        sheets = []
        for number in order:
            if self._draw.random() < OF_BUSINESS:
                sheets.append(self._business())
            sheet = self._of_line(number)
            if sheet.asked:
                sheets.append(sheet)
        return sheets

    def _of_line(self, number: int) -> Sheet:
        line = self._lines[number]
        count = self._draw.choices(*zip(*COUNTS, strict=True))[0]
        near = list(self._near[number])
        others = [self._lines[n] for n in near if self._lines[n].held_out == line.held_out]
        if self._draw.random() < CONFLICT:
            sheet = self._conflict(line, others)
            if sheet is not None:
                return sheet
        absent = line.answer is not None and self._draw.random() < ABSENT
        first = [] if absent and others else [line]
        shown = [*first, *self._pick(others, count - len(first), line)]
        self._draw.shuffle(shown)
        windows = [self._window(each) for each in shown]
        asked = []
        for place, (each, window) in enumerate(zip(shown, windows, strict=True), 1):
            asked += self._asked(each, window, place, first)
        if not first and self._not_in(line, windows):
            asked.append(Asked(self._worded(line.question), NOT_THERE))
        edited = self._edited(line) if first and self._draw.random() < EDITED else None
        if edited is not None:
            asked.append(Asked(self._worded(edited), NOT_THERE))
        self._draw.shuffle(asked)
        return Sheet(tuple((w.heading, w.text) for w in windows), tuple(asked))

    def _pick(self, others: Sequence[Line], count: int, line: Line) -> list[Line]:
        """Near lines, the nearest most often, no text twice."""
        picked: list[Line] = []
        for other in others:
            seen = {line.text, *(each.text for each in picked)}
            if len(picked) < count and other.text not in seen and self._draw.random() < 0.7:
                picked.append(other)
        return picked

    def _asked(self, line: Line, window: Window, place: int, first: Sequence[Line]) -> list[Asked]:
        """Questions whose answers stand in the window; this line's own before others."""
        same = [each for each in self._of_text[line.text] if each is not line]
        self._draw.shuffle(same)
        asked: list[Asked] = []
        for each in [line, *same]:
            if each.held_out != line.held_out or len(asked) == ASKED:
                continue
            if each.answer is None:
                if each in first:  # whether others' passages answer it, nobody has looked at
                    asked.append(Asked(self._worded(each.question), NOT_THERE))
            elif each.span is not None and window.holds(*each.span):
                asked.append(Asked(self._worded(each.question), self._answer(each, place)))
        return asked

    def _answer(self, line: Line, place: int) -> str:
        if line.verdict == "span" or line.answer.lower().startswith(("yes,", "yes.", "no,", "no.")):
            return marked(line.answer, place)
        start, end = line.sentence
        reason = line.text[start:end].strip().lstrip("*-• ")
        return marked(f"{line.verdict.capitalize()}. {reason}", place)

    def _conflict(self, line: Line, others: Sequence[Line]) -> Sheet | None:
        """The line's passage beside one that gives another number: what each says is asked."""
        if line.verdict != "span" or line.span is None or len(line.answer) > 40:
            return None
        window = self._window(line)
        numbers = _DIGITS.findall(line.answer)
        if not numbers or window.text.count(line.answer) != 1:
            return None
        old = self._draw.choice(numbers)
        new = str(max(1, int(old) + self._draw.choice((-12, -3, -1, 1, 2, 5, 10))))
        other = line.answer.replace(old, new.zfill(len(old)) if old[0] == "0" else new, 1)
        if other == line.answer:
            return None
        twin = window.text.replace(line.answer, other)
        shown = [
            ((window.heading, text), value)
            for text, value in ((window.text, line.answer), (twin, other))
        ]
        for third in self._pick(others, self._draw.randint(0, 1), line):
            miss = self._window(third)
            shown.append(((miss.heading, miss.text), ""))
        self._draw.shuffle(shown)
        said = [(place, value) for place, (_, value) in enumerate(shown, 1) if value]
        question = self._worded(line.question)
        return Sheet(tuple(passage for passage, _ in shown), (Asked(question, differ(said)),))

    def _edited(self, line: Line) -> str | None:
        """The question with one word or number changed, so that the passage does not answer."""
        if line.verdict != "span":
            return None
        words = _WORD.findall(line.question)
        ways = [(word, reader.OPPOSITES[word]) for word in words if word in reader.OPPOSITES]
        ways += [
            (word, str(int(word) + self._draw.choice((-3, -1, 2, 7))))
            for word in words
            if word.isdecimal() and word in line.text
        ]
        ways = [(old, new) for old, new in ways if new not in words]
        if not ways:
            return None
        old, new = self._draw.choice(ways)
        edited = re.sub(rf"\b{old}\b", new, line.question, count=1)
        return edited if edited != line.question else None

    def _not_in(self, line: Line, windows: Sequence[Window]) -> bool:
        shown = " ".join(f"{w.heading} {w.text}" for w in windows).lower()
        return line.verdict != "span" or line.answer.lower() not in shown

    def _window(self, line: Line) -> Window:
        """Whole sentences around the line's span, or around anywhere; a table keeps its head."""
        room = self._draw.randint(*WINDOW) if self._draw.random() > LONG else LONG_WINDOW
        text, span = line.text, line.span
        head = text.find("\n") + 1 if " | " in text.split("\n", 1)[0] else 0
        pieces = [(a, b) for a, b in reader.sentences(text) if a >= head] or [(head, len(text))]
        within = [n for n, (a, b) in enumerate(pieces) if span and a < span[1] and b > span[0]]
        first = within[0] if within else self._draw.randrange(len(pieces))
        last = within[-1] if within else first
        if line.answer is None:
            room = LONG_WINDOW  # nobody says which part of it was read for this
        while pieces[last][1] - pieces[first][0] + head < room:
            grown = [n for n in (first - 1, last + 1) if 0 <= n < len(pieces)]
            if not grown:
                break
            chosen = self._draw.choice(grown)
            first, last = min(first, chosen), max(last, chosen)
        start, end = pieces[first][0], pieces[last][1]
        shown = text[:head] + text[start:end].rstrip()
        heading = line.title or self._draw.choice(("Notes", "Page 3", "Guide", "Leaflet"))
        return Window(heading, shown, ((0, head), (start, end)) if head else ((start, end),))

    def _worded(self, question: str) -> str:
        """As a person might type it: with and without capital and question mark."""
        if self._draw.random() < 0.6:
            question = question[:1].upper() + question[1:]
            return question if question.endswith(("?", ".")) else f"{question}?"
        return question.rstrip("?").rstrip()

    def _business(self) -> Sheet:
        drawn = papers(self._draw, self._draw.choices(*zip(*COUNTS, strict=True))[0])
        twin = drawn[0].twin
        if twin is not None and self._draw.random() < VERSIONS:
            return self._versions(drawn[0], twin, drawn[1:2])
        asked = [one for place, each in enumerate(drawn, 1) for one in self._of_paper(each, place)]
        missing = [question for each in drawn for question in each.missing]
        if missing and self._draw.random() < 0.8:
            asked.append(Asked(self._draw.choice(missing), NOT_THERE))
        self._draw.shuffle(asked)
        return Sheet(tuple((each.heading, each.text) for each in drawn), tuple(asked))

    def _versions(self, first: Paper, twin: Twin, others: Sequence[Paper]) -> Sheet:
        """Two versions of one paper, and perhaps another paper between, before or after."""
        other_version = Paper(first.kind, twin.heading, twin.text, (), ())
        shown = [first, other_version, *others]
        self._draw.shuffle(shown)
        values = {id(first): twin.value, id(other_version): twin.other}
        said = [
            (place, values[id(each)]) for place, each in enumerate(shown, 1) if id(each) in values
        ]
        asked = [Asked(twin.question, differ(said))]
        for place, each in enumerate(shown, 1):
            if id(each) not in values:
                asked += self._of_paper(each, place)
        return Sheet(tuple((each.heading, each.text) for each in shown), tuple(asked))

    def _of_paper(self, paper: Paper, place: int) -> list[Asked]:
        return [
            Asked(question, marked(f"{short}. {why}" if why else short, place))
            for question, short, why in self._draw.sample(paper.asked, OF_PAPER)
        ]
