"""An assistant: a shelf of documents, and versions of what was tuned for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Outcome(StrEnum):
    """What the exam says of a new version; only `BETTER` ones are offered."""

    BETTER = "better"
    NO_GAIN = "no_gain"  # no clear difference
    WORSE = "worse"  # the main measure, or something that must not get worse, did
    CANNOT_TELL = "cannot_tell"  # too few exam questions


@dataclass(frozen=True, slots=True)
class Measure:
    """One thing the exam measured, before and after, 0 to 1 (seconds for "seconds").

    `name`: "right" (the main measure: right answers, and refusals where nothing answers), "found"
    (right passage first), "found_in_five", "cited", "refused_right", "refused_wrong", "confirmed" (of
    the questions that a person confirmed, those answered right), "seconds".
    `low` and `high` are the ends of the 80 % range of the difference (so that one in ten lies below
    `low`), by the paired bootstrap over documents; None where nothing was measured.
    """

    name: str
    before: float | None
    after: float | None
    low: float | None = None
    high: float | None = None
    questions: int = 0


@dataclass(frozen=True, slots=True)
class Changed:
    """An exam question that came out otherwise: what was answered before and after ("" a refusal)."""

    question: str
    expected: str
    before: str
    after: str
    confirmed: bool = False  # by a person


@dataclass(frozen=True, slots=True)
class TunedPart:
    """What became of one thing that was tuned: "mix", "query", "router", "calibrator", "reader",
    "writer". `before` and `after` are its own measure on the tuning questions, `why` says in words
    why it was kept or not.
    """

    name: str
    kept: bool
    why: str
    before: float | None = None
    after: float | None = None


@dataclass(frozen=True, slots=True)
class ReportCard:
    """What a build came to. `reason` says in words why it is offered or not.

    `practice`, `confirmed` and `exam` count questions; `teacher` is who wrote some, "" for none;
    `minutes` by step of `training.STEPS` are what it took.
    """

    outcome: Outcome
    reason: str
    measures: tuple[Measure, ...] = ()
    parts: tuple[TunedPart, ...] = ()
    gained: tuple[Changed, ...] = ()
    lost: tuple[Changed, ...] = ()
    practice: int = 0
    confirmed: int = 0
    exam: int = 0
    documents: int = 0
    teacher: str = ""
    minutes: Mapping[str, float] = field(default_factory=dict)
    notes: tuple[str, ...] = ()  # what else is to be known, in words

    def measure(self, name: str) -> Measure | None:
        return next((one for one in self.measures if one.name == name), None)


@dataclass(frozen=True, slots=True)
class Assistant:
    """`collection_id` is its shelf, None for all; `current` the version that answers, 0: none tuned."""

    id: str
    name: str
    collection_id: str | None
    current: int = 0
    created_at: float = 0.0


@dataclass(frozen=True, slots=True)
class Version:
    """A version that was built; what was tuned lies in `assistants/<id>/v<number>` of the home."""

    assistant_id: str
    number: int
    made_at: float
    card: ReportCard
