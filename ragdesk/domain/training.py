"""Practice questions, and what is made of them: the hour from documents to a tuned assistant."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from .chat import Message
from .document import Span

SEED = 20261124  # of everything that is drawn in a build
# The steps of a build, in their order; `messages.BuildMoved.step` is one of them.
STEPS = ("check", "questions", "review", "exam_before", "learning", "exam_after", "report")


class Fold(StrEnum):
    """What a document's pairs are for. Near-duplicates are in one fold, whatever their document."""

    PRACTICE = "practice"  # learned from
    TUNING = "tuning"  # what is tuned is chosen by these
    EXAM = "exam"  # looked at before and after, and never learned from


class PairSource(StrEnum):
    """Who made a pair."""

    DOCUMENT = "document"  # taken from a document's own structure, by no model
    TEACHER = "teacher"  # written by a larger model
    PERSON = "person"  # asked, corrected or imported by a person


class PairState(StrEnum):
    """What became of a pair. Learned from are `MADE` and `RIGHT` ones, `RIGHT` more."""

    MADE = "made"
    RIGHT = "right"  # a person says that question and answer are right
    WRONG = "wrong"
    SKIPPED = "skipped"
    REJECTED = "rejected"  # by a filter; `Pair.reason` names it


# Kinds of pairs made by no model whose answer is exact enough for an exam.
EXAM_KINDS = frozenset({"definition", "cell", "key_value", "absent"})


# Kinds made by no model that are words or sentences of a passage rather than questions about it.
_FOR_SEARCH = frozenset({"heading", "mail", "cloze", "keywords"})


@dataclass(frozen=True, slots=True)
class Pair:
    """A practice question with its answer and where that stands (a training pair).

    `answer` is "" where the right answer is that the documents do not say it, or where only the
    passage is known (`kind` "heading", "mail", "cloze", "keywords"). `position` is the passage's in
    `document_id` ("" for a question that nothing in the documents answers); `spans` are where the
    `quote` stands in the document's pages, verbatim, and `start` and `end` where the answer stands
    in the passage's text (-1 where it stands there not word for word).

    `kind`: heading, faq, definition, cell, key_value, mail, cloze, keywords (by no model); fact,
    number, date, how_to, yes_no, several, absent (by a teacher or a person). `style`: natural,
    keywords, chatty, misspelt, follow_up. `usefulness` orders reviews, highest first. `reason`
    is the filter's name where it was rejected.
    """

    id: str
    question: str
    answer: str
    document_id: str
    position: int
    quote: str = ""
    spans: tuple[Span, ...] = ()
    start: int = -1
    end: int = -1
    source: PairSource = PairSource.DOCUMENT
    kind: str = "heading"
    style: str = "natural"
    fold: Fold = Fold.PRACTICE
    state: PairState = PairState.MADE
    reason: str = ""
    usefulness: float = 0.0
    made_at: float = 0.0

    @property
    def absent(self) -> bool:
        """Whether the right answer is that the documents do not say it."""
        return self.kind == "absent"

    @property
    def asks(self) -> bool:
        """Whether it is a question that a person can judge; others are for the search alone."""
        return self.source is not PairSource.DOCUMENT or self.kind not in _FOR_SEARCH

    @property
    def learned_from(self) -> bool:
        return self.state in (PairState.MADE, PairState.RIGHT)

    @property
    def examined(self) -> bool:
        """Whether it can be an exam question: its answer is known, and a filter let it through."""
        exact = self.source is not PairSource.DOCUMENT or self.kind in EXAM_KINDS
        return self.learned_from and exact and (self.absent or bool(self.answer))


@dataclass(frozen=True, slots=True)
class Mix:
    """How search and reader weigh what they find; the defaults are what RagDesk comes with.

    `covered` and `uncovered` are the share of the meaning where a question's words all stand in
    the best match, and where half of them or less do (`services.weigh`); `document` is what the
    best passage of a document lends the others. `found` and `there` weigh search score and the
    reader's log-odds in the order that passages are read in (`services.rerank`).
    """

    covered: float = 0.5
    uncovered: float = 0.85
    document: float = 0.2
    found: float = 8.0
    there: float = 0.64


USUAL = Mix()  # what RagDesk comes with


@dataclass(frozen=True, slots=True)
class LessonPassage:
    """A passage of a lesson: `verdict` is "span", "yes", "no", or "none" where it does not answer.

    `span` are the first and last (excluded) character in `text` of the words that answer, or of the
    sentence that decides for yes and no.
    """

    context: str
    text: str
    verdict: str
    span: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Lesson:
    """What the reader learns at a time: a question with its passages; the first answers, if any does."""

    question: str
    passages: tuple[LessonPassage, ...]


@dataclass(frozen=True, slots=True)
class WriterLesson:
    """What the writer learns at a time: what it is told, and the answer that it is to write."""

    messages: tuple[Message, ...]
    answer: str


@dataclass(frozen=True, slots=True)
class Speeds:
    """What the check-up measured on this computer, in seconds each; None where the part is missing.

    `ask`: one question asked and answered in quotes. `step`: one step of the reader's training.
    `reader_ready`: writing the tuned reader. `teach`: one passage handed to the teacher.
    """

    ask: float
    step: float | None = None
    reader_ready: float | None = None
    teach: float | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """What a build will do, frozen in its recipe: with the same plan the same comes out.

    `passages_taught` are handed to the teacher, `exam_questions` asked before and after,
    `tuning_questions` asked of each candidate, `reader_steps` trained (0: the reader stays as it
    is). `minutes` by step of `STEPS` are what is expected; `too_short` where even the least does
    not fit, and the exam then cannot tell.
    """

    seed: int
    minutes_allowed: int
    passages_taught: int
    exam_questions: int
    tuning_questions: int
    reader_steps: int
    minutes: Mapping[str, float] = field(default_factory=dict)
    too_short: bool = False

    @property
    def total_minutes(self) -> float:
        return sum(self.minutes.values())
