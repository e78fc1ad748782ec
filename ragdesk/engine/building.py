"""The hour: from a shelf of documents to a version of an assistant, with an exam before and after.

Every stage may be killed at any moment and gone into again: what it did is in the run's folder and
in the store, and it ends in the same files as a build that nothing disturbed.
"""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from .. import messages as m
from ..domain.assistant import Outcome as Better
from ..domain.assistant import ReportCard, TunedPart, Version
from ..domain.examination import Evidence, ExamQuestion
from ..domain.job import Job, JobState
from ..domain.training import Fold, PairSource, PairState
from ..services.contrast import changed, contrast
from ..services.gate import judge, notes_of
from ..services.pair_exam import choose_exam, exam_questions
from ..services.score import Outcome
from ..store.assistants import Assistants, card_of
from ..store.home import not_writable
from ..store.jobs import Jobs
from ..store.pairs import Pairs
from ..store.runs import Run
from .build_run import BuildRun, as_json, digest_of
from .learning import Learning
from .questioning import Questioning
from .runner import JobSteps
from .sitting import sat
from .workshop import Workshop

NOTHING_KEPT = (
    "Nothing that was tried helped on your documents, so nothing was changed: RagDesk answers as it"
    " comes. More documents, or more practice questions that you confirm, may change that."
)
KEPT = 5  # versions of an assistant that were better, and as many that were not


class Building:
    """Handler of the queue for builds; `halt` pauses a job, `resume` lets it go on."""

    def __init__(
        self,
        workshop: Workshop,
        halt: Callable[[int, JobState], None],
        resume: Callable[[int], None],
        emit: Callable[[m.Event], None],
    ) -> None:
        self._shop = workshop
        self._halt = halt
        self._resume = resume
        self._emit = emit
        self._assistants = Assistants(workshop.database)
        self._pairs = Pairs(workshop.database)
        self._jobs = Jobs(workshop.database)

    def build(self, job: Job, steps: JobSteps) -> None:
        """Goes through the stages; returns early where the job is stopped or waits for a person."""
        payload = self._jobs.payload(job.id)
        assistant = self._assistants.get(payload["assistant_id"])
        folder = self._shop.home.assistant(assistant.id) / f"run-{job.id}"
        build = BuildRun(
            assistant,
            steps,
            Run(folder),
            self._emit,
            int(payload["minutes"]),
            str(payload["teacher"]),
        )
        if build.run.done("published") is not None:
            return  # it was over when the program ended
        try:
            card = build.run.done("card")
            if card is None:
                made = self._made(build)
                if made is None:
                    return
                card = as_json(asdict(made))
                build.run.note(card, "card")
            self._publish(build, card_of(card))
        except OSError as error:
            raise not_writable(folder, error) from error
        finally:
            build.keep_time()

    def _made(self, build: BuildRun) -> ReportCard | None:
        """The report card of what was tuned; None where the build was stopped, or waits."""
        shop = self._shop
        questioning = Questioning(shop, self._pairs, self._emit)
        if not questioning.check(build) or not questioning.make(build) or self._waits(build):
            return None
        build.plan_again()
        exam = self._exam(build)
        questions = [one.question for one in exam]
        current = self._current(build)
        build.enter("exam_before")
        before = sat(build, questions, shop.answerer(current), digest_of(current))
        if before is None:
            return None
        build.enter("learning")
        parts = Learning(shop, self._pairs).learn(build)
        if parts is None:
            return None
        build.enter("exam_after")
        tuned = digest_of(build.staging)
        answerer = shop.answerer(build.staging if tuned else None)
        after = sat(build, questions, answerer, tuned)
        if after is None:
            return None
        build.enter("report")
        return self._card(build, exam, parts, before, after)

    def _waits(self, build: BuildRun) -> bool:
        """Whether a person is to review first: the job pauses until `GoOn`."""
        job_id = build.steps.job.id
        if not self._jobs.payload(job_id)["waits"]:
            return False
        build.enter("review")
        counts = self._pairs.counts(build.assistant.id)
        build.tell(counts.get(PairState.RIGHT, 0), sum(counts.values()))
        self._halt(job_id, JobState.PAUSED)
        if not self._jobs.payload(job_id)["waits"]:  # said meanwhile
            self._resume(job_id)
        return True

    def _exam(self, build: BuildRun) -> list[_Asked]:
        """The exam, settled once: what a person says of a question later changes no exam in hand."""
        noted = build.run.done("exam")
        if noted is None:
            pairs = [
                pair
                for pair in self._pairs.all(build.assistant.id)
                if build.fold_of(pair) is Fold.EXAM
            ]
            chosen = choose_exam(pairs, build.plan.exam_questions, build.plan.seed)
            documents = self._shop.documents
            questions = exam_questions(chosen, documents.path_of, documents.is_paged)
            noted = [
                {
                    "question": asdict(question),
                    "document": pair.document_id,
                    "confirmed": pair.state is PairState.RIGHT,
                    "taught": pair.source is PairSource.TEACHER,
                }
                for pair, question in zip(chosen, questions, strict=True)
            ]
            build.run.note(noted, "exam")
        return [_asked(one) for one in noted]

    def _current(self, build: BuildRun) -> Path | None:
        """The folder of the version in use when its exam began, None for RagDesk as it comes."""
        number = build.run.done("current")
        if number is None:
            number = self._assistants.get(build.assistant.id).current
            build.run.note(number, "current")
        return self._shop.home.version(build.assistant.id, number) if number else None

    def _card(
        self,
        build: BuildRun,
        exam: list[_Asked],
        parts: tuple[TunedPart, ...],
        before: list[Outcome],
        after: list[Outcome],
    ) -> ReportCard:
        confirmed = {one.question.id for one in exam if one.confirmed}
        documents = {one.question.id: one.document for one in exam if one.document}
        measures = contrast(
            before, after, documents=documents, confirmed_ids=confirmed, seed=build.plan.seed
        )
        gained, lost = changed(before, after, confirmed)
        verdict, reason = judge(measures, len(exam), lost)
        if not any(part.kept for part in parts) and self._current(build) is None:
            verdict, reason = Better.NO_GAIN, NOTHING_KEPT
        learned = [
            pair
            for pair in self._pairs.all(build.assistant.id)
            if pair.learned_from and build.fold_of(pair) in (Fold.PRACTICE, Fold.TUNING)
        ]
        everything = self._pairs.all(build.assistant.id, states=[PairState.RIGHT])
        taught = any(pair.source is PairSource.TEACHER for pair in learned)
        taught = taught or any(one.taught for one in exam)
        return ReportCard(
            verdict,
            reason,
            tuple(measures),
            parts,
            gained,
            lost,
            practice=len(learned),
            confirmed=len(everything),
            exam=len(exam),
            documents=len({passage.rpartition(":")[0] for passage in build.folds}),
            teacher=build.teacher if taught else "",
            minutes=build.spent,
            notes=(*notes_of(measures, len(exam)), *build.notes(len(exam))),
        )

    def _publish(self, build: BuildRun, card: ReportCard) -> None:
        """The version with its files, whole or not at all; nothing uses it before a person says so."""
        assistant_id = build.assistant.id
        known = {version.number for version in self._assistants.versions(assistant_id)}
        number = build.run.done("number")
        if number is None:
            number = max(known, default=0) + 1
            build.run.note(number, "number")
        target = self._shop.home.version(assistant_id, number)
        if not target.exists():
            recipe = build.run.folder / "recipe.json"
            shutil.copy(recipe, build.staging / recipe.name)
            text = json.dumps(asdict(card), indent=1) + "\n"
            (build.staging / "card.json").write_text(text, encoding="utf-8")
            os.replace(build.staging, target)
        self._assistants.add_version(Version(assistant_id, number, time.time(), card))
        build.run.note(number, "published")
        self._forget_old(assistant_id)
        self._emit(m.AssistantsChanged(assistant_id))
        build.tell(1, 1)

    def _forget_old(self, assistant_id: str) -> None:
        """Keeps the newest versions, those that were better apart, and the one in use."""
        current = self._assistants.get(assistant_id).current
        versions = self._assistants.versions(assistant_id)
        better = [one for one in versions if one.card.outcome is Better.BETTER]
        others = [one for one in versions if one.card.outcome is not Better.BETTER]
        for version in [*better[KEPT:], *others[KEPT:]]:
            if version.number != current:
                self._assistants.remove_version(assistant_id, version.number)
                folder = self._shop.home.version(assistant_id, version.number)
                shutil.rmtree(folder, ignore_errors=True)


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question of the exam, what it was made from, and who stands for it."""

    question: ExamQuestion
    document: str
    confirmed: bool
    taught: bool


def _asked(noted: dict[str, Any]) -> _Asked:
    body = noted["question"]
    question = ExamQuestion(
        **{
            **body,
            "answers": tuple(body["answers"]),
            "evidence": tuple(Evidence(**one) for one in body["evidence"]),
        }
    )
    return _Asked(question, noted["document"], noted["confirmed"], noted["taught"])
