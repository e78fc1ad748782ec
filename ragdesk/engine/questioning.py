"""The check-up of a build, and its practice questions: from the documents, from people, by a teacher."""

from __future__ import annotations

import dataclasses
import logging
import math
import random
import statistics
import time
from collections.abc import Callable, Sequence
from typing import TypeVar

from .. import messages as m
from ..domain.document import Passage
from ..domain.training import SEED, Fold, Pair, PairSource, PairState, Plan, Speeds
from ..errors import (
    ChildDied,
    ModelUnusable,
    NothingToLearn,
    PartMissing,
    RagDeskError,
    TeacherFailed,
)
from ..services.adopt import from_judgements
from ..services.cite import Quoter
from ..services.draft import Source, chance
from ..services.generate_pairs import from_documents
from ..services.hold_out import folds
from ..services.pair_exam import choose_exam
from ..services.plan import make_plan, plan_words
from ..services.prepare import lessons
from ..services.sift import FOUND, Sieve
from ..services.teach import Teacher
from ..store.judgements import Judgements
from ..store.pairs import Pairs
from .build_run import BuildRun
from .workshop import Workshop

log = logging.getLogger(__name__)

LEAST_PASSAGES = 12  # below this there is nothing to learn from and to examine with
TIMED = 5  # questions asked in the check-up
MEASURED = 24  # pairs whose lessons the trainer is measured with
YIELD = 1.5  # exam questions that a passage handed to the teacher makes, as first guessed
EXAM_MOST = 0.5  # of the passages handed to the teacher are the exam's
TUNING_SHARE = 0.15
LATE = 1.3  # times the minutes planned for the questions, and no more are written
CHECKS = 4
SHORT = 120  # characters of a passage, below which there is too little to ask about
T = TypeVar("T")


class Questioning:
    """The first stages of a build."""

    def __init__(self, shop: Workshop, pairs: Pairs, emit: Callable[[m.Event], None]) -> None:
        self._shop = shop
        self._pairs = pairs
        self._emit = emit

    # the check-up

    def check(self, build: BuildRun) -> bool:
        """Settles plan and folds, once; False where the build was stopped.

        Raises `NothingToLearn`, and what opening the teacher raises.
        """
        if build.run.recipe is not None:
            return True
        build.enter("check")
        sources = self._shop.sources(build.assistant.collection_id)
        passages = [passage for source in sources for passage in source.passages]
        if len(passages) < LEAST_PASSAGES:
            raise NothingToLearn(count=len(passages), least=LEAST_PASSAGES)
        placed = folds(passages, SEED)
        made = self._made(build, sources, placed)
        build.tell(1, CHECKS, words=made[0].question if made else "")
        ask = self._seconds_to_ask(build, made)
        build.tell(2, CHECKS)
        if build.stopped():  # what follows takes half a minute or more, and cannot be broken off
            return False
        step, ready = self._seconds_to_learn(build, made, placed)
        build.tell(3, CHECKS)
        teach = self._seconds_to_teach(build, passages)
        if build.stopped():
            return False
        speeds = Speeds(ask, step, ready, teach)
        plan = make_plan(
            speeds,
            build.minutes,
            passages=len(passages),
            pairs_expected=sum(pair.examined for pair in made),
            documents=len(sources),
            seed=SEED,
        )
        build.settle(plan, speeds, placed)
        build.tell(CHECKS, CHECKS, words=plan_words(plan, speeds))
        return True

    def _made(
        self, build: BuildRun, sources: Sequence[Source], placed: dict[str, Fold]
    ) -> list[Pair]:
        """Pairs made by no model and by people, in the store, each in the fold of its passage.

        Those of an earlier build whose passage is gone go, unless a person made or confirmed them.
        """
        assistant_id = build.assistant.id
        judgements = Judgements(self._shop.database).all()
        quoter = Quoter(self._shop.documents.pages)
        people = [
            self._folded(pair, placed)
            for pair in from_judgements(judgements, self._shop.passages.of_document, quoter)
        ]
        made = [*from_documents(sources, SEED, placed), *people]
        gone = []
        for pair in self._pairs.all(assistant_id):
            if pair.document_id and f"{pair.document_id}:{pair.position}" not in placed:
                # What a person made or confirmed waits until its document is back.
                if pair.source is not PairSource.PERSON and pair.state is not PairState.RIGHT:
                    gone.append(pair.id)
            elif (moved := self._folded(pair, placed)) != pair:
                self._pairs.put(assistant_id, moved)
        self._pairs.remove(assistant_id, gone)
        self._pairs.add(assistant_id, made)
        self._emit(m.PairsChanged(assistant_id))
        return made

    def _folded(self, pair: Pair, placed: dict[str, Fold]) -> Pair:
        fold = placed.get(f"{pair.document_id}:{pair.position}", pair.fold)
        return dataclasses.replace(pair, fold=fold)

    def _seconds_to_ask(self, build: BuildRun, made: Sequence[Pair]) -> float:
        answerer = self._shop.answerer(None)
        answerer.warm()
        took = []
        for pair in _drawn(made, TIMED):
            began = time.perf_counter()
            answerer.answer(pair.question, build.assistant.collection_id)
            took.append(time.perf_counter() - began)
        return statistics.median(took) if took else 1.0

    def _seconds_to_learn(
        self, build: BuildRun, made: Sequence[Pair], placed: dict[str, Fold]
    ) -> tuple[float | None, float | None]:
        """Of a step and of writing the reader; None where it cannot be tuned here."""
        found = self._shop.found(build.assistant.collection_id, placed)
        some = lessons(_drawn(made, MEASURED), self._shop.passage_of, found, SEED)
        if not some:
            return None, None
        try:
            return self._shop.trainer.measure(some)
        except (PartMissing, ChildDied, ModelUnusable) as error:
            log.warning("the reader stays as it is: %s %s", error.code, error.params)
            return None, None

    def _seconds_to_teach(self, build: BuildRun, passages: Sequence[Passage]) -> float | None:
        """Of one passage, the teacher having been opened and shown another before."""
        if not build.teacher:
            return None
        teacher = Teacher(self._shop.teacher(build.teacher))
        took = 0.0
        for passage in _drawn(passages, 2):
            began = time.perf_counter()
            title = self._shop.title_of(passage.document_id)
            teacher.write(passage, title, SEED, build.stopped)
            took = time.perf_counter() - began
        return took

    # practice questions

    def make(self, build: BuildRun) -> bool:
        """Has the teacher write, as long as the plan says; False where the build was stopped.

        What is written for the exam comes first. A teacher that fails is given up, and what it
        wrote is kept. Raises what opening it raises.
        """
        plan = build.plan
        if not plan.passages_taught or build.run.done("taught") is not None:
            return True
        build.enter("questions")
        chosen = self._to_teach(build, plan)
        left = [passage for passage in chosen if build.run.done("taught", passage.id) is None]
        teacher = self._teacher(build) if left else None
        if teacher is None:
            chosen = []
        sieve = self._sieve(build)
        for number, passage in enumerate(chosen, 1):
            if build.run.done("taught", passage.id) is not None:
                continue
            if build.stopped():
                return False
            if build.seconds_of_step() > LATE * 60 * plan.minutes["questions"]:
                break
            assert teacher is not None
            try:
                written = self._write(build, teacher, sieve, passage)
            except TeacherFailed as error:
                log.warning("no more practice questions by a teacher: %s", error.params)
                build.run.note(error.code, "teacher_lost")
                break
            if build.stopped():
                return False
            build.run.note(len(written), "taught", passage.id)
            fit = [pair for pair in written if pair.learned_from]
            build.tell(number, len(chosen), words=fit[0].question if fit else "")
        build.run.note(True, "taught")
        return True

    def _teacher(self, build: BuildRun) -> Teacher | None:
        """None where it is not there any more: what it wrote before is what there is."""
        try:
            return Teacher(self._shop.teacher(build.teacher))
        except RagDeskError as error:
            log.warning("the teacher is gone: %s %s", error.code, error.params)
            build.run.note(error.code, "teacher_lost")
            return None

    def _write(
        self, build: BuildRun, teacher: Teacher, sieve: Sieve, passage: Passage
    ) -> list[Pair]:
        title = self._shop.title_of(passage.document_id)
        records = teacher.write(passage, title, SEED, build.stopped)
        earlier = [
            pair
            for pair in self._pairs.all(build.assistant.id)
            if pair.document_id == passage.document_id
        ]
        pairs = sieve.sift(passage, records, build.folds[passage.id], earlier)
        self._pairs.add(build.assistant.id, pairs)
        self._emit(m.PairsChanged(build.assistant.id))
        return pairs

    def _sieve(self, build: BuildRun) -> Sieve:
        shop, shelf = self._shop, build.assistant.collection_id
        return Sieve(
            Quoter(shop.documents.pages),
            search=lambda question: shop.retriever.retrieve(question, FOUND, shelf),
            reader=shop.reader,
            embed=shop.retriever.vectors,
        )

    def _to_teach(self, build: BuildRun, plan: Plan) -> list[Passage]:
        """Passages in the order in which they are handed to the teacher."""
        by_fold: dict[Fold, list[Passage]] = {fold: [] for fold in Fold}
        placed = build.folds
        for source in self._shop.sources(build.assistant.collection_id):
            for passage in source.passages:
                if passage.id in placed and len(passage.text) >= SHORT:
                    by_fold[placed[passage.id]].append(passage)
        for passages in by_fold.values():
            passages.sort(key=lambda passage: chance(SEED, passage.id))
        pairs = self._pairs.all(build.assistant.id, folds=[Fold.EXAM])
        lacking = plan.exam_questions - len(choose_exam(pairs, plan.exam_questions, SEED))
        most = plan.passages_taught
        exam = min(math.ceil(max(0, lacking) / YIELD), int(EXAM_MOST * most))
        tuning = int(TUNING_SHARE * most)
        first = [*by_fold[Fold.EXAM][:exam], *by_fold[Fold.TUNING][:tuning]]
        return [*first, *by_fold[Fold.PRACTICE][: most - len(first)]]


def _drawn(items: Sequence[T], count: int) -> list[T]:
    return random.Random(SEED).sample(list(items), min(count, len(items)))  # noqa: S311 (no secret)
