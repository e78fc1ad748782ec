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
from dataclasses import asdict
from pathlib import Path

from .. import messages as m
from ..domain.assistant import ReportCard, TunedPart, Version
from ..domain.job import Job, JobState
from ..domain.training import Fold, Pair, PairSource, PairState
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

KEPT = 5  # versions of an assistant, the one in use aside


class Building:
    """Handler of the queue for builds; `halt` pauses a job."""

    def __init__(
        self,
        workshop: Workshop,
        halt: Callable[[int, JobState], None],
        emit: Callable[[m.Event], None],
    ) -> None:
        self._shop = workshop
        self._halt = halt
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
            bool(payload["waits"]),
        )
        try:
            card = build.run.done("card")
            if card is None:
                made = self._made(build)
                if made is None:
                    return
                card = as_json(asdict(made))
                build.run.note(card, "card")
        finally:
            build.keep_time()
        self._publish(build, card_of(card))

    def _made(self, build: BuildRun) -> ReportCard | None:
        """The report card of what was tuned; None where the build was stopped, or waits."""
        shop = self._shop
        questioning = Questioning(shop, self._pairs, self._emit)
        if not questioning.check(build) or not questioning.make(build) or self._waits(build):
            return None
        build.plan_again()
        chosen = self._exam(build)
        questions = exam_questions(chosen, shop.documents.path_of, shop.documents.is_paged)
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
        return self._card(build, chosen, parts, before, after)

    def _waits(self, build: BuildRun) -> bool:
        """Whether a person is to review first: the job pauses until `GoOn`."""
        job_id = build.steps.job.id
        if not self._jobs.payload(job_id)["waits"]:
            return False
        build.enter("review")
        counts = self._pairs.counts(build.assistant.id)
        build.tell(counts.get(PairState.RIGHT, 0), sum(counts.values()))
        self._halt(job_id, JobState.PAUSED)
        return True

    def _exam(self, build: BuildRun) -> list[Pair]:
        """The exam's pairs, chosen once: what a person says of them later changes no exam in hand."""
        noted = build.run.done("exam")
        if noted is None:
            pairs = self._pairs.all(build.assistant.id, folds=[Fold.EXAM])
            chosen = choose_exam(pairs, build.plan.exam_questions, build.plan.seed)
            noted = [pair.id for pair in chosen]
            build.run.note(noted, "exam")
        known = {pair.id: pair for pair in self._pairs.all(build.assistant.id)}
        return [known[pair_id] for pair_id in noted if pair_id in known]

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
        chosen: list[Pair],
        parts: tuple[TunedPart, ...],
        before: list[Outcome],
        after: list[Outcome],
    ) -> ReportCard:
        confirmed = {pair.id for pair in chosen if pair.state is PairState.RIGHT}
        documents = {pair.id: pair.document_id for pair in chosen if pair.document_id}
        measures = contrast(
            before, after, documents=documents, confirmed_ids=confirmed, seed=build.plan.seed
        )
        gained, lost = changed(before, after, confirmed)
        verdict, reason = judge(measures, len(chosen), lost)
        learned = [
            pair
            for pair in self._pairs.all(build.assistant.id, folds=[Fold.PRACTICE, Fold.TUNING])
            if pair.learned_from
        ]
        everything = self._pairs.all(build.assistant.id, states=[PairState.RIGHT])
        taught = any(pair.source is PairSource.TEACHER for pair in [*learned, *chosen])
        return ReportCard(
            verdict,
            reason,
            tuple(measures),
            parts,
            gained,
            lost,
            practice=len(learned),
            confirmed=len(everything),
            exam=len(chosen),
            documents=len({passage.rpartition(":")[0] for passage in build.folds}),
            teacher=build.teacher if taught else "",
            minutes=build.spent,
            notes=(*notes_of(measures, len(chosen)), *build.notes),
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
        try:
            if not target.exists():
                recipe = build.run.folder / "recipe.json"
                shutil.copy(recipe, build.staging / recipe.name)
                text = json.dumps(asdict(card), indent=1) + "\n"
                (build.staging / "card.json").write_text(text, encoding="utf-8")
                os.replace(build.staging, target)
        except OSError as error:
            raise not_writable(target, error) from error
        self._assistants.add_version(Version(assistant_id, number, time.time(), card))
        shutil.rmtree(build.run.folder, ignore_errors=True)
        self._forget_old(assistant_id)
        self._emit(m.AssistantsChanged(assistant_id))
        build.tell(1, 1)

    def _forget_old(self, assistant_id: str) -> None:
        """Keeps the newest versions, and the one in use."""
        current = self._assistants.get(assistant_id).current
        for version in self._assistants.versions(assistant_id)[KEPT:]:
            if version.number != current:
                self._assistants.remove_version(assistant_id, version.number)
                folder = self._shop.home.version(assistant_id, version.number)
                shutil.rmtree(folder, ignore_errors=True)
