"""What a build will do in the time it has, and what is left out where that is short. Pure.

Left out, in this order: exam questions beyond `EXAM`, passages for the teacher, steps of the
reader, tuning questions, exam questions down to `LEAST_EXAM`. Where even that is more than there is time for, the other
tuning questions go; and where that does not help, the exam has as many questions as there is time
for, and the plan is called too short.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ..domain.training import STEPS, Plan, Speeds

UNIT = 30.0  # seconds that a unit of work takes at most, for it is what a kill can cost
AIM, STOP = 52 / 60, 58 / 60  # of the minutes allowed: what is planned for, and where all ends
EXAM, MOST_EXAM, LEAST_EXAM = 150, 200, 100  # questions
TUNING, LEAST_TUNING = 60, 30  # questions
CANDIDATES = 6  # times that a tuning question is asked: with the reader and without, and for the
# calibrator, which asks a practice question for each of them too, each with its document and without
TAUGHT = 3  # practice questions that the teacher writes on a passage, each looked up once
ROUNDS = 3  # how often the reader learns every practice question
A_STEP = 2  # practice questions that it learns in a step, about: each comes with wrong passages
READER = 0.3  # of the minutes allowed, the most that the reader learns
_FIXED = {"check": 1.0, "questions": 0.5, "review": 0.0, "learning": 0.5, "report": 0.5}
# What is cut, in this order, down to what.
_CUT = (
    ("passages_taught", 0),
    ("reader_steps", 0),
    ("tuning_questions", LEAST_TUNING),
    ("exam_questions", LEAST_EXAM),
)
# Where it is spent for the first time.
_SPENT_IN = {
    "passages_taught": "questions",
    "exam_questions": "exam_before",
    "tuning_questions": "learning",
    "reader_steps": "learning",
}


def make_plan(
    speeds: Speeds,
    minutes: int,
    *,
    passages: int,
    pairs_expected: int,
    documents: int,
    seed: int,
) -> Plan:
    """A plan that ends within `AIM` of `minutes`, if it can.

    `passages` are all of the shelf's, `pairs_expected` the exam questions that there are without a
    teacher. The teacher is left out where it takes longer than a unit for one passage, the reader
    where a step does. With no `documents` there is nothing to ask.
    """
    clock = _Clock(speeds)
    taught = passages if documents and _fits_a_unit(speeds.teach) else 0
    asked = pairs_expected + TAUGHT * taught if documents else 0
    whole = Plan(
        seed=seed,
        minutes_allowed=minutes,
        passages_taught=taught,
        exam_questions=min(EXAM, asked),
        tuning_questions=TUNING if documents else 0,
        reader_steps=_steps(speeds, minutes, passages, taught) if documents else 0,
    )
    plan = clock.cut(whole, AIM * minutes)
    # without these passages there may be fewer questions to ask
    asked = min(asked, pairs_expected + TAUGHT * plan.passages_taught)
    if plan.passages_taught == taught and plan.exam_questions == EXAM < asked:
        longer = dataclasses.replace(plan, exam_questions=min(MOST_EXAM, asked))
        return clock.timed(clock.most(longer, "exam_questions", EXAM, AIM * minutes))
    fewer = dataclasses.replace(plan, exam_questions=min(plan.exam_questions, asked))
    return clock.timed(fewer) if plan.exam_questions > asked else plan


def replanned(
    plan: Plan, speeds: Speeds, *, at: str, took: Mapping[str, float], done: int = 0
) -> Plan:
    """The plan from the step `at` on, by speeds measured meanwhile. Nothing in it ever grows.

    `took` are the minutes by step so far, time in pauses left out, those of `at` included; `done`
    the passages, questions or reader's steps that are done in `at`. What still fits before
    `stop_after` stays as it is; what is done is never taken back, and what was asked before is
    asked after. Raises `ValueError` for a step that is none.
    """
    if at not in STEPS:
        raise ValueError(f"no step of a build: {at}")
    return _Clock(speeds, at, took, done).cut(plan, stop_after(plan.minutes_allowed))


def stop_after(minutes: int) -> float:
    """The minutes after which a build ends with the best that it has: 58 of 60."""
    return STOP * minutes


def about(plan: Plan) -> str:
    """How long it takes, as a sentence says it: "about 52 minutes on this computer"."""
    minutes = max(1, round(plan.total_minutes))
    return f"about {minutes} minute{'' if minutes == 1 else 's'} on this computer"


def plan_words(plan: Plan, speeds: Speeds) -> str:
    """The plan in whole sentences, with what is left out and why."""
    if plan.too_short:
        return " ".join(left_out(plan, speeds))
    said = [f"This takes {about(plan)}. You can go on working meanwhile."]
    if plan.passages_taught:
        said.append(
            "The larger model writes practice questions on"
            f" {_counted(plan.passages_taught, 'passage')}."
        )
    return " ".join([*said, *left_out(plan, speeds)])


def left_out(plan: Plan, speeds: Speeds) -> tuple[str, ...]:
    """What the plan leaves out and why, in whole sentences; nothing where all fits."""
    if plan.too_short:
        return (
            (
                f"{plan.minutes_allowed} minutes are too short on this computer: the exam has room for"
                f" {_counted(plan.exam_questions, 'question')}, and {LEAST_EXAM} are the least that tell"
                " something. Give it more time, and nothing is lost."
            ),
        )
    said = []
    if speeds.teach is not None and not plan.passages_taught:
        said.append(
            "There is no time for the larger model to write practice questions, so they come from"
            " your documents alone."
        )
    if not plan.reader_steps:
        missing = speeds.step is None or speeds.reader_ready is None
        why = "what it needs is not installed" if missing else "there is no time for it"
        said.append(f"The reader, which finds the words that answer, stays as it is: {why}.")
    return tuple(said)


@dataclass(frozen=True, slots=True)
class _Clock:
    """What a plan takes from the step `at` on, of which `done` is done, after what it `took`."""

    speeds: Speeds
    at: str = STEPS[0]
    took: Mapping[str, float] = field(default_factory=dict)
    done: int = 0

    def cut(self, plan: Plan, limit: float) -> Plan:
        """As much of the plan as fits into `limit` minutes, with its minutes."""
        for name, least in _CUT:
            if not self._is_settled(name):
                plan = self.most(plan, name, least, limit)
        stop = stop_after(plan.minutes_allowed)
        wanted = min(LEAST_EXAM, plan.exam_questions)
        for name in ("tuning_questions", "exam_questions"):
            if not self._is_settled(name):
                plan = self.most(plan, name, 0, max(limit, stop))
        short = plan.exam_questions < wanted or self._total(plan) > stop
        return self.timed(dataclasses.replace(plan, too_short=short or plan.too_short))

    def most(self, plan: Plan, name: str, least: int, limit: float) -> Plan:
        """The plan with as much of what `name` counts, `least` or more, as fits into `limit`."""
        high: int = getattr(plan, name)
        low = min(high, max(least, self.done if _SPENT_IN[name] == self.at else 0))
        while low < high:
            middle = (low + high + 1) // 2
            if self._total(_with(plan, name, middle)) <= limit:
                low = middle
            else:
                high = middle - 1
        return _with(plan, name, low)

    def timed(self, plan: Plan) -> Plan:
        return dataclasses.replace(plan, minutes=self._minutes(plan))

    def _is_settled(self, name: str) -> bool:
        """Whether it is too late to cut it: its step is over."""
        return STEPS.index(self.at) > STEPS.index(_SPENT_IN[name])

    def _total(self, plan: Plan) -> float:
        return sum(self._minutes(plan).values())

    def _minutes(self, plan: Plan) -> dict[str, float]:
        """By step: what those before `at` took, and what is expected of the others."""
        now = STEPS.index(self.at)
        return {
            step: self.took.get(step, 0.0) + (self._left(plan, step) if place >= now else 0.0)
            for place, step in enumerate(STEPS)
        }

    def _left(self, plan: Plan, step: str) -> float:
        """Minutes that a step still takes."""
        speeds, begun = self.speeds, step == self.at
        done = self.done if begun else 0
        seconds = 0.0
        if step == "questions":
            each = (speeds.teach or 0.0) + TAUGHT * speeds.ask
            seconds = max(0, plan.passages_taught - done) * each
        elif step in ("exam_before", "exam_after"):
            seconds = max(0, plan.exam_questions - done) * speeds.ask
        elif step == "learning" and plan.reader_steps:
            seconds = max(0, plan.reader_steps - done) * (speeds.step or 0.0)
            seconds += speeds.reader_ready or 0.0
        if step == "learning" and not done:  # the reader comes last but for its own try
            seconds += plan.tuning_questions * CANDIDATES * speeds.ask
        fixed = 0.0 if begun and self.took.get(step) else _FIXED.get(step, 0.0)
        return fixed + seconds / 60


def _with(plan: Plan, name: str, count: int) -> Plan:
    change: dict[str, Any] = {name: count}
    return dataclasses.replace(plan, **change)


def _steps(speeds: Speeds, minutes: int, passages: int, taught: int) -> int:
    """Steps of the reader: those that fit its share of the time, no more than there is to learn."""
    if speeds.step is None or speeds.reader_ready is None or not _fits_a_unit(speeds.step):
        return 0
    room = 60 * READER * minutes - speeds.reader_ready
    return max(0, min(ROUNDS * (passages + TAUGHT * taught) // A_STEP, int(room / speeds.step)))


def _fits_a_unit(seconds: float | None) -> bool:
    return seconds is not None and seconds <= UNIT


def _counted(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
