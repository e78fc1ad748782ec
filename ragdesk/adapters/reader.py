"""Questions and passages to marked words: the shipped reader on onnxruntime.

The model sees `question` and `headings, text` as numbers and gives every piece of a word a score
for being where an answer starts, and one for being where it ends. The first piece of all stands
for "not here": a mark's score is how far its start and its end together are above that one's.
"""

from __future__ import annotations

import hashlib
import json
import re
import threading
import unicodedata
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import accumulate, pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..domain.conversation import Mark, Marks
from ..errors import ModelUnusable
from .reader_input import HEADING_TOKENS, OVERLAP, asked, headed, windows

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Flags = npt.NDArray[np.bool_]
    Floats = npt.NDArray[np.float32]

LAYOUT = (
    "question-passage/1"  # inputs, outputs and tokens as `assets/models/minilm-reader` has them
)
INPUTS, OUTPUTS = {"input_ids", "token_kinds"}, {"ends", "verdict"}
MARKS = 5  # of a passage
LONGEST = 40  # pieces of a mark, unless it is a sentence
EMPTY = Marks(there=-20.0)  # of a question or a text that holds no words

# Each run of dots is looked at once, however long: a contents page has thousands.
_SENTENCE_END = re.compile(
    r"(?<![.!?…])[.!?…]++[\"'”’»)\]]*+(?=\s++[^a-z]|\s*+\Z)|[。！？؟۔।]+[」』”]*|\n"
)
_INITIALS = re.compile(r"(?:^|[^\w.])[^\W\d_](?:\.[^\W\d_])+$")  # U.S, a.m
_IN_NUMBERS = frozenset(".,:'’")  # between two digits they are part of the number
_PAIRS = {"(": ")", "[": "]", "{": "}", "“": "”", "„": "“", "«": "»", "‘": "’", '"': '"', "'": "'"}
_KEPT = frozenset("%‰§#@")  # punctuation to Unicode, part of the answer to people


@dataclass(frozen=True, slots=True)
class _Text:
    """A passage's text, and its pieces: where each stands, and the word and sentence around it."""

    text: str
    ids: list[int]
    places: list[tuple[int, int]]
    words: list[tuple[int, int]]  # for each piece, the first and the last of its word
    lines: list[int]  # for each piece, the number of its line
    sentences: list[tuple[int, int]]  # first and last piece of each

    def solid(self, piece: int) -> bool:
        """Whether it is a word or a number, not a dot or a quote."""
        start, end = self.places[piece]
        return self.text[start:end].isalnum()


@dataclass(frozen=True, slots=True)
class _Part:
    """As much of a text as the model reads at once: its pieces `first` up to `last`, excluded."""

    passage: int
    text: _Text
    first: int
    last: int
    before: list[int]  # the question and the headings, as numbers
    asked: int  # how many of these are the question's


class OnnxReader:
    """The model of a folder made as in `assets/models/minilm-reader`. Safe for many threads.

    Each passage is run by itself: no padding is computed, and what is said of it depends on no
    neighbour. Several are shared out over `threads` threads; a single one runs in the caller's.
    """

    def __init__(self, folder: Path, threads: int = 1) -> None:
        """Reads the description only; the model is loaded when it is first needed.

        Raises `ModelUnusable`.
        """
        self._folder = folder
        try:
            about = json.loads((folder / "model.json").read_text(encoding="utf-8"))
            self.name = str(about["name"])
            self._max_tokens = int(about["max_tokens"])
            self._question_tokens = int(about["question_tokens"])
            self._sha256 = str(about["sha256"])
            layout = about["layout"]
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise ModelUnusable(path=str(folder), detail=str(error)) from error
        if layout != LAYOUT:
            raise ModelUnusable(path=str(folder), detail=f"its layout is {layout}, not {LAYOUT}")
        if self._max_tokens - self._question_tokens - HEADING_TOKENS <= OVERLAP:
            raise ModelUnusable(path=str(folder), detail=f"it reads {self._max_tokens} tokens")
        self._threads = threads
        self._lock = threading.Lock()
        self._parts: tuple[Any, Any] | None = None
        self._pool: ThreadPoolExecutor | None = None

    def read(self, question: str, passages: Sequence[tuple[str, str]]) -> list[Marks]:
        """What each passage (its title and headings, its text) says; places are in the text.

        As many as `passages`, in their order. A text longer than the model reads is read in parts
        that overlap. Raises `ModelUnusable`.
        """
        tokenizer, _ = self._loaded()
        before = asked(tokenizer, question, self._question_tokens)
        parts: list[_Part] = []
        for number, (headings, text) in enumerate(passages if before else ()):
            parts += self._split(number, before, headings, text)
        if len(parts) > 1:
            found = list(self._workers().map(self._read_part, parts))
        else:
            found = [self._read_part(part) for part in parts]
        seen: list[list[Marks]] = [[] for _ in passages]
        for part, marks in zip(parts, found, strict=True):
            seen[part.passage].append(marks)
        return [_joined(each) for each in seen]

    def _split(self, number: int, question: list[int], headings: str, text: str) -> Iterator[_Part]:
        """The parts of a passage; none where its text holds no words."""
        tokenizer, _ = self._loaded()
        before = headed(tokenizer, question, headings)
        pieces = _text(tokenizer, text)
        for start, end in windows(len(pieces.ids), self._max_tokens - len(before) - 1):
            yield _Part(number, pieces, start, end, before, len(question))

    def _read_part(self, part: _Part) -> Marks:
        import numpy as np

        tokenizer, session = self._loaded()
        window = part.text.ids[part.first : part.last]
        ids = np.array([[*part.before, *window, tokenizer.token_to_id("[SEP]")]], dtype=np.int32)
        kinds = np.ones_like(ids)
        kinds[0, : part.asked] = 0
        given = {"input_ids": ids, "token_kinds": kinds}
        ends, verdict = session.run(["ends", "verdict"], given)
        there, *kind = verdict[0].tolist()
        chances = np.exp(np.array(kind) - max(kind))
        _, yes, no = (chances / chances.sum()).tolist()
        scores = ends[0, len(part.before) : len(part.before) + len(window)] - ends[0, 0]
        return Marks(there, yes, no, tuple(_marks(part, scores, yes + no > 0.5)))

    def _loaded(self) -> tuple[Any, Any]:
        """(tokenizer, session). Raises `ModelUnusable`."""
        with self._lock:
            if self._parts is None:
                self._parts = self._load()
            return self._parts

    def _load(self) -> tuple[Any, Any]:
        import onnxruntime
        from tokenizers import Tokenizer

        options = onnxruntime.SessionOptions()
        # Threads share out passages, not the halves of one product: idle ones would only spin.
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        try:
            tokenizer = Tokenizer.from_file(str(self._folder / "tokenizer.json"))
            data = (self._folder / "model.onnx").read_bytes()
            digest = hashlib.sha256(data).hexdigest()
            if digest != self._sha256:
                raise ValueError(f"model.onnx has SHA-256 {digest}, expected {self._sha256}")
            session = onnxruntime.InferenceSession(
                data, options, providers=["CPUExecutionProvider"]
            )
            if {i.name for i in session.get_inputs()} != INPUTS:
                raise ValueError(f"its inputs are not {sorted(INPUTS)}")
            if {o.name for o in session.get_outputs()} != OUTPUTS:
                raise ValueError(f"its outputs are not {sorted(OUTPUTS)}")
        except Exception as error:
            raise ModelUnusable(path=str(self._folder), detail=str(error)) from error
        tokenizer.no_padding()
        tokenizer.no_truncation()
        return tokenizer, session

    def _workers(self) -> ThreadPoolExecutor:
        with self._lock:
            if self._pool is None:
                self._pool = ThreadPoolExecutor(self._threads, thread_name_prefix="read")
            return self._pool


def _text(tokenizer: Any, text: str) -> _Text:
    encoded = tokenizer.encode(text, add_special_tokens=False)
    places = encoded.offsets
    words = _words(text, places, encoded.word_ids)
    lines = list(accumulate(text.count("\n", a[1], b[0]) for a, b in pairwise([(0, 0), *places])))
    return _Text(text, encoded.ids, places, words, lines, _sentences(text, places))


def _words(
    text: str, places: Sequence[tuple[int, int]], numbers: Sequence[int]
) -> list[tuple[int, int]]:
    """For each piece the first and the last one of its word; 1,500.00 and 14:30 are one word."""
    goes_on = [a == b for a, b in pairwise([-1, *numbers])]
    for n in range(1, len(places) - 1):
        start, end = places[n]
        if text[start:end] in _IN_NUMBERS and text[start - 1].isdigit() and text[end].isdigit():
            goes_on[n] = goes_on[n + 1] = True
    firsts = [n for n, on in enumerate(goes_on) if not on]
    found: list[tuple[int, int]] = []
    for first, after in pairwise([*firsts, len(places)]):
        found += [(first, after - 1)] * (after - first)
    return found


def _sentences(text: str, places: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """First and last piece of each sentence or line, at `places`."""
    import numpy as np

    breaks = [0, *(match.end() for match in _SENTENCE_END.finditer(text)), len(text) + 1]
    firsts = np.searchsorted([start for start, _ in places], breaks).tolist()
    return [(a, b - 1) for a, b in pairwise(firsts) if a < b]


def _marks(part: _Part, scores: Floats, whole: bool) -> Iterator[Mark]:
    """The best that do not overlap. scores: (pieces, 2); `whole`: the first is to be a sentence."""
    import numpy as np

    sentences = [
        (a - part.first, b - part.first)
        for a, b in part.text.sentences
        if a >= part.first and b < part.last
    ]
    allowed = _allowed(part, sentences)
    table = np.where(allowed, scores[:, :1] + scores[:, 1], -np.inf)
    found = 0
    while found < MARKS:
        first, last = (int(n) for n in np.unravel_index(table.argmax(), table.shape))
        score = float(table[first, last])
        if score == -np.inf:
            return
        if whole and not found:
            first, last = next(((a, b) for a, b in sentences if a <= first <= b), (first, last))
        first = part.text.words[part.first + first][0]
        last = part.text.words[part.first + last][1]
        # All that overlap it.
        table[: last + 1 - part.first, max(first - part.first, 0) :] = -np.inf
        place = _place(part.text, first, last)
        if place is not None:
            found += 1
            yield Mark(*place, score)


def _allowed(part: _Part, sentences: Sequence[tuple[int, int]]) -> Flags:
    """(pieces, pieces): from where to where a mark may go.

    Within a line, which is a paragraph or a row; a long sentence with or without its dot.
    """
    import numpy as np

    lines = np.array(part.text.lines[part.first : part.last])
    allowed = np.triu(np.tri(len(lines), k=LONGEST - 1, dtype=np.bool_))
    allowed &= lines[:, None] == lines
    for first, last in sentences:
        allowed[first, last] = True
        while last > first and not part.text.solid(part.first + last):
            last -= 1
            allowed[first, last] = True
    return allowed


def _place(pieces: _Text, first: int, last: int) -> tuple[int, int] | None:
    """Where the pieces `first` to `last` stand in the text, without loose ends."""
    text = pieces.text
    start, _ = pieces.places[first]
    _, end = pieces.places[last]
    while end < len(text) and unicodedata.category(text[end])[0] == "M":  # an accent of its own
        end += 1
    start, end = trimmed(text, start, end)
    return (start, end) if start < end else None


def trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """Without the spaces and the punctuation around `text[start:end]`.

    What belongs to the words stays: "12 %", "U.S.", "Washington (DC)", "(a) the lessee", "-3".
    """
    while start < end:
        first, last = text[start], text[end - 1]
        close = text.find(_PAIRS[first], start + 1, end) if first in _PAIRS else -1
        if close == end - 1 and close > start:
            start, end = start + 1, end - 1
        elif close < 0 and _loose(first) and not _minus(text, start):
            start += 1
        elif _loose(last) and not _closes(text, start, end):
            end -= 1
        else:
            break
    if text[end : end + 1] == "." and _INITIALS.search(text[start:end]):
        end += 1
    return start, end


def _loose(character: str) -> bool:
    """Spaces, punctuation and the bar between a table's cells."""
    kind = unicodedata.category(character)[0]
    return character == "|" or (kind in "ZCP" and character not in _KEPT)


def _minus(text: str, start: int) -> bool:
    return text[start] in "-–" and text[start + 1 : start + 2].isdigit()


def _closes(text: str, start: int, end: int) -> bool:
    """Whether the last of `text[start:end]` closes what was opened inside it."""
    last = text[end - 1]
    return any(
        last == close and text.find(first, start, end - 1) >= 0 for first, close in _PAIRS.items()
    )


def _joined(parts: Sequence[Marks]) -> Marks:
    """What the parts of one text say together: what the surest says, the best marks of all."""
    if not parts:
        return EMPTY
    best = max(parts, key=lambda marks: marks.there)
    chosen: list[Mark] = []
    marks = (mark for part in parts for mark in part.marks)
    for mark in sorted(marks, key=lambda mark: -mark.score):
        if all(mark.end <= other.start or mark.start >= other.end for other in chosen):
            chosen.append(mark)
    if best.yes + best.no > 0.5 and best.marks and best.marks[0] in chosen:
        chosen.remove(best.marks[0])
        chosen.insert(0, best.marks[0])
    return Marks(best.there, best.yes, best.no, tuple(chosen[:MARKS]))
