"""One build of an assistant as its stages see it: what is asked for, what is settled, what is done."""

from __future__ import annotations

import contextlib
import dataclasses
import hashlib
import json
import os
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from ..domain.assistant import Assistant
from ..domain.training import STEPS, Fold, Pair, Plan, Speeds
from ..messages import BuildMoved, Event
from ..services.plan import left_out, replanned, stop_after
from ..store.runs import Run
from .runner import JobSteps

EVENTS_A_SECOND = 5.0
TEACHER_LOST = (
    "The larger model that writes practice questions could not be reached to the end; what it had"
    " written is used."
)


@dataclass(slots=True)
class BuildRun:
    """The state of one build. `elapsed` counts the seconds of work, over kills and pauses."""

    assistant: Assistant
    steps: JobSteps
    run: Run
    emit: Callable[[Event], None]
    minutes: int
    teacher: str
    elapsed: float = 0.0
    _step: str = STEPS[0]
    _began: float = field(default_factory=time.monotonic)
    _spent: dict[str, float] = field(default_factory=dict)
    _told: float = 0.0
    _settled: dict[str, Any] | None = None
    _placed: dict[str, Fold] | None = None

    def __post_init__(self) -> None:
        try:
            self._spent = json.loads((self.run.folder / "clock.json").read_text("utf-8"))
        except (OSError, ValueError):
            self._spent = {}
        self.elapsed = sum(self._spent.values())

    @property
    def staging(self) -> Path:
        """The folder of what was tuned so far."""
        folder = self.run.folder / "staging"
        folder.mkdir(mode=0o700, exist_ok=True)
        return folder

    @property
    def plan(self) -> Plan:
        """What was settled at the check-up, and once more behind the practice questions."""
        return Plan(**(self.run.done("plan") or self._recipe()["plan"]))

    @property
    def speeds(self) -> Speeds:
        """What the check-up measured."""
        return Speeds(**self._recipe()["speeds"])

    def notes(self, examined: int) -> tuple[str, ...]:
        """What the report card says of the plan: what was left out, and why.

        Of an exam with fewer questions than there was time for, time is not what was missing.
        """
        plan = self.plan
        if examined < plan.exam_questions:
            plan = dataclasses.replace(plan, too_short=False)
        said = left_out(plan, self.speeds)
        lost = self.run.done("teacher_lost")
        return (*said, *([TEACHER_LOST] if lost else []))

    @property
    def folds(self) -> dict[str, Fold]:
        """Passage id → fold, as settled; passages that came later are in none."""
        if self._placed is None:
            found = self._recipe()["folds"].items()
            self._placed = {passage: Fold(fold) for passage, fold in found}
        return self._placed

    def fold_of(self, pair: Pair) -> Fold | None:
        """The fold of a pair in this build, None where its passage is in none."""
        if not pair.document_id:
            return pair.fold
        return self.folds.get(f"{pair.document_id}:{pair.position}")

    def _recipe(self) -> dict[str, Any]:
        if self._settled is None:
            self._settled = self.run.recipe
        assert self._settled is not None
        return self._settled

    @property
    def spent(self) -> dict[str, float]:
        """Minutes by step, so far."""
        return {step: round(seconds / 60, 2) for step, seconds in self._spent.items()}

    def settle(self, plan: Plan, speeds: Speeds, folds: dict[str, Fold]) -> None:
        """Freezes what this build does. Raises `HomeNotWritable`, `DiskFull`."""
        passages = dict(sorted((passage, fold.value) for passage, fold in folds.items()))
        self.run.settle(
            {
                "plan": asdict(plan),
                "speeds": asdict(speeds),
                "teacher": self.teacher,
                "folds": passages,
            }
        )

    def plan_again(self) -> None:
        """Cuts what no longer fits, once the practice questions took what they took; never adds."""
        if self.run.done("plan") is None:
            self.keep_time()
            plan = replanned(self.plan, self.speeds, at="exam_before", took=self.spent)
            self.run.note(asdict(plan), "plan")

    def enter(self, step: str) -> None:
        """The next step begins, or goes on after a kill."""
        self.keep_time()
        self._step, self._told = step, 0.0
        self.tell(0, 1)
        self._told = 0.0

    def keep_time(self) -> None:
        """Notes the seconds of work since the last time, on disk."""
        now = time.monotonic()
        passed, self._began = now - self._began, now
        self._spent[self._step] = self._spent.get(self._step, 0.0) + passed
        self.elapsed += passed
        # What cannot be noted is lost by a kill alone, and a full disk is told by what comes next.
        with contextlib.suppress(OSError):
            half = self.run.folder / "clock.half"
            half.write_text(json.dumps(self._spent), encoding="utf-8")
            os.replace(half, self.run.folder / "clock.json")

    def seconds_of_step(self) -> float:
        self.keep_time()
        return self._spent[self._step]

    def overtime(self, still: float = 0.0) -> bool:
        """Whether the hard stop has come for what leaves `still` minutes to be done behind it."""
        worked = self.elapsed + time.monotonic() - self._began
        return worked > 60 * (stop_after(self.minutes) - still)

    def stopped(self) -> bool:
        """Whether a person, or the end of the program, wants the build to stop for now."""
        return self.steps.stopped()

    def tell(
        self, done: int, total: int, *, right: int = 0, asked: int = 0, words: str = ""
    ) -> None:
        """Progress of the step in hand."""
        now = time.monotonic()
        if now - self._told < 1 / EVENTS_A_SECOND and done != total:
            return
        self._told = now
        left = self._left(done, total)
        self.emit(
            BuildMoved(
                self.assistant.id,
                self.steps.job.id,
                self._step,
                done,
                total,
                left,
                right,
                asked,
                words,
            )
        )
        worked = self.elapsed + now - self._began
        all_of_it = worked + (left if left is not None else self.minutes) * 60
        self.steps.progress(int(worked), max(int(all_of_it), int(worked) + 1))

    def _left(self, done: int, total: int) -> float | None:
        """Minutes left of the build: of this step by its share, of the later ones as planned."""
        if self._settled is None and self.run.recipe is None:
            return None
        planned = self.plan.minutes
        later = STEPS[STEPS.index(self._step) + 1 :]
        share = 1 - done / total if total else 1.0
        left = planned.get(self._step, 0.0) * share + sum(planned.get(step, 0.0) for step in later)
        return round(left, 1)


def digest_of(folder: Path | None) -> str:
    """What tells the tuned files of a folder from any others; "" for none."""
    if folder is None:
        return ""
    hashed = hashlib.sha256()
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        hashed.update(file.relative_to(folder).as_posix().encode() + b"\0")
        with file.open("rb") as read:
            hashed.update(hashlib.file_digest(read, "sha256").digest())
    return hashed.hexdigest() if any(folder.iterdir()) else ""


def as_json(value: Any) -> Any:
    """A dataclass as JSON gives it back, so that what was just done equals what was read again."""
    return json.loads(json.dumps(value))
