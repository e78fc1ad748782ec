"""What is tuned in a build, cheapest first; each part is kept only where it helps on its own."""

from __future__ import annotations

import json
import logging
import math
import os
import shutil
import statistics
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from ..domain.assistant import TunedPart
from ..domain.examination import ExamQuestion
from ..domain.training import SEED, USUAL, Fold, Pair, PairSource, PairState
from ..errors import ChildDied, ModelUnusable, PartMissing
from ..services.contrast import rightness
from ..services.draft import chance
from ..services.pair_exam import choose_exam, exam_questions
from ..services.plan import A_STEP
from ..services.prepare import lessons, most_steps
from ..services.score import Outcome
from ..services.tune_calibrator import Row, rows_of, tune_calibrator
from ..services.tune_search import tune_mix, tune_query
from ..store.pairs import Pairs
from .build_run import BuildRun, digest_of
from .sitting import sat
from .tuned import READER, load_tuned, save_calibration, save_mix, save_query
from .workshop import Workshop

log = logging.getLogger(__name__)

NEW = "new"  # in the run's folder: what is tried


class Learning:
    """Fills the staging folder of a build. Each part, once done, is noted with what it came to."""

    def __init__(self, shop: Workshop, pairs: Pairs) -> None:
        self._shop = shop
        self._pairs = pairs

    def learn(self, build: BuildRun) -> tuple[TunedPart, ...] | None:
        """What became of each part; None where the build was stopped."""
        found: list[TunedPart] = []
        for tune in (self._search, self._reader, self._calibrator):
            parts = tune(build)
            if parts is None:
                return None
            found += parts
        return tuple(found)

    def _pairs_of(self, build: BuildRun, fold: Fold) -> list[Pair]:
        """Those that are learned from, as they were when learning began: by id, without wrong ones.

        A pair is in the fold that its passage has in this build, whatever the store has for it.
        """
        noted = build.run.done("learned", fold.value)
        if noted is None:
            pairs = self._pairs.all(build.assistant.id)
            noted = sorted(
                pair.id for pair in pairs if pair.learned_from and build.fold_of(pair) is fold
            )
            build.run.note(noted, "learned", fold.value)
        known = {pair.id: pair for pair in self._pairs.all(build.assistant.id)}
        return [known[pair_id] for pair_id in noted if pair_id in known]

    # search

    def _search(self, build: BuildRun) -> list[TunedPart] | None:
        noted = build.run.done("part", "search")
        if noted is None:
            if build.stopped():
                return None
            practice = self._pairs_of(build, Fold.PRACTICE)
            tuning = self._pairs_of(build, Fold.TUNING)
            shop, shelf = self._shop, build.assistant.collection_id
            mixed = tune_mix(practice, tuning, shop.passages, shop.trial, shelf, seed=SEED)
            if mixed.mix != USUAL:
                save_mix(build.staging, mixed.mix)
            asked = tune_query(
                practice, tuning, shop.passages, shop.trial, shelf, mix=mixed.mix, seed=SEED
            )
            if asked.matrix is not None:
                save_query(build.staging, asked.matrix)
            noted = [
                ["mix", mixed.mix != USUAL, mixed.before.first, mixed.after.first],
                ["query", asked.matrix is not None, asked.before.first, asked.after.first],
            ]
            build.run.note(noted, "part", "search")
        return [_part(*each) for each in noted]

    # the reader

    def _reader(self, build: BuildRun) -> list[TunedPart] | None:
        noted = build.run.done("part", "reader")
        if noted is None:
            tried = self._try_reader(build)
            if tried is None:
                return None
            noted = [tried]
            build.run.note(noted, "part", "reader")
        return [_part(*each) for each in noted]

    def _try_reader(self, build: BuildRun) -> list[Any] | None:
        """(name, kept, before, after, why) of the reader; None where the build was stopped."""
        steps = build.plan.reader_steps
        if not steps:
            why = "part_missing" if build.speeds.step is None else "no_time"
            return [READER, False, None, None, why]
        if build.run.done("tried", READER) is not None:
            return self._keep_better(build, READER, build.run.folder / NEW)
        practice = _most_telling(self._pairs_of(build, Fold.PRACTICE), steps * A_STEP)
        found = self._shop.found(build.assistant.collection_id, build.folds)
        taught = lessons(practice, self._shop.passage_of, found, SEED)
        if not taught:
            return [READER, False, None, None, "few"]
        new = build.run.folder / NEW
        halted: list[bool] = []

        def over() -> bool:
            if build.stopped():
                halted.append(True)  # why it ended: asked again later, it may be answered otherwise
                return True
            return build.overtime(self._still(build))

        if not (new / READER).exists():
            try:
                whole = self._shop.trainer.train(
                    taught,
                    min(steps, most_steps(taught)),
                    SEED,
                    build.run.folder / "work",
                    build.run.folder / "reader",
                    on_progress=lambda done, total: self._moved(build, done, total),
                    stopped=over,
                )
            except (PartMissing, ChildDied, ModelUnusable) as error:
                log.warning("the reader stays as it is: %s", error.code)
                return [READER, False, None, None, error.code]
            if not whole:
                return None if halted else [READER, False, None, None, "time"]
            shutil.rmtree(new, ignore_errors=True)
            shutil.copytree(build.staging, new)
            os.replace(build.run.folder / "reader", new / READER)
        return self._keep_better(build, READER, new)

    def _moved(self, build: BuildRun, done: int, total: int) -> None:
        build.keep_time()
        build.tell(done, total)

    def _keep_better(self, build: BuildRun, name: str, new: Path) -> list[Any] | None:
        """Moves what lies in `new` and not in staging there, if the tuning questions gain by it."""
        tried = build.run.done("tried", name)
        if tried is None:
            tried = self._tried(build, name, new)
            if tried is None:
                return None
            build.run.note(tried, "tried", name)
        if tried[1] and (new / name).exists():
            shutil.rmtree(build.staging / name, ignore_errors=True)
            os.replace(new / name, build.staging / name)
        shutil.rmtree(new, ignore_errors=True)
        result: list[Any] = tried
        return result

    def _tried(self, build: BuildRun, name: str, new: Path) -> list[Any] | None:
        questions = self._tuning_questions(build)
        if not questions:
            return [name, False, None, None, "few"]
        before = self._sat(build, questions, build.staging)
        after = self._sat(build, questions, new) if before is not None else None
        if before is None or after is None:
            return None
        return [name, _is_better(before, after), _mean(before), _mean(after), ""]

    def _still(self, build: BuildRun) -> float:
        """The minutes that are needed behind the reader's training."""
        plan = build.plan
        asked = 4 * plan.tuning_questions / max(plan.exam_questions, 1)
        return (1 + asked) * plan.minutes.get("exam_after", 0.0)

    def _tuning_questions(self, build: BuildRun) -> list[ExamQuestion]:
        chosen = choose_exam(self._pairs_of(build, Fold.TUNING), build.plan.tuning_questions, SEED)
        documents = self._shop.documents
        return exam_questions(chosen, documents.path_of, documents.is_paged)

    def _sat(
        self, build: BuildRun, questions: Sequence[ExamQuestion], folder: Path
    ) -> list[Outcome] | None:
        tuned = digest_of(folder)
        return sat(build, questions, self._shop.answerer(folder if tuned else None), tuned)

    # how sure an answer is

    def _calibrator(self, build: BuildRun) -> list[TunedPart] | None:
        noted = build.run.done("part", "calibrator")
        if noted is None:
            rows = self._rows(build)
            if rows is None:
                return None
            with load_tuned(None).calibration.open(encoding="utf-8") as file:
                tuned = tune_calibrator(rows, json.load(file))
            if tuned.calibration is not None:
                save_calibration(build.staging, tuned.calibration)
            why = "few" if tuned.before is None else ""
            noted = [["calibrator", tuned.calibration is not None, None, None, why]]
            build.run.note(noted, "part", "calibrator")
        return [_part(*each) for each in noted]

    def _rows(self, build: BuildRun) -> list[Row] | None:
        """What practice and tuning questions show to the answerer as it is now."""
        most = build.plan.tuning_questions
        pairs = _most_telling(self._pairs_of(build, Fold.PRACTICE), most)
        pairs += _most_telling(self._pairs_of(build, Fold.TUNING), most)
        tuned = digest_of(build.staging)
        answerer = self._shop.answerer(build.staging if tuned else None)
        parts = load_tuned(build.staging)
        retriever = self._shop.trial(parts.mix, parts.query)
        rows: list[Row] = []
        for number, pair in enumerate(pairs, 1):
            key = ("row", tuned, pair.id, pair.question, pair.answer)
            noted = build.run.done(*key)
            if noted is None:
                if build.stopped():
                    return None
                if build.overtime(build.plan.minutes.get("exam_after", 0.0)):
                    break
                made = rows_of(pair, answerer, retriever, build.assistant.collection_id)
                noted = [asdict(row) for row in made]
                build.run.note(noted, *key)
            rows += [Row(**row) for row in noted]
            self._moved(build, number, len(pairs))
        return rows


def _most_telling(pairs: Sequence[Pair], most: int) -> list[Pair]:
    """Those with an answer in words, or with none at all; what people and teachers made first."""
    order = (PairSource.PERSON, PairSource.TEACHER, PairSource.DOCUMENT)
    able = [pair for pair in pairs if pair.absent or pair.start >= 0]
    able.sort(
        key=lambda pair: (
            pair.state is not PairState.RIGHT,
            order.index(pair.source),
            chance(SEED, pair.id),
        )
    )
    return sorted(able[:most], key=lambda pair: pair.id)


def _mean(outcomes: Sequence[Outcome]) -> float:
    scores = [score for one in outcomes if (score := rightness(one)) is not None]
    return statistics.fmean(scores) if scores else 0.0


def _is_better(before: Sequence[Outcome], after: Sequence[Outcome]) -> bool:
    """Whether the answers gained by more than chance explains, at one standard error."""
    scores = zip(map(rightness, before), map(rightness, after), strict=True)
    gains = [now - was for was, now in scores if was is not None and now is not None]
    if len(gains) < 2:
        return False
    error = statistics.stdev(gains) / math.sqrt(len(gains))
    return statistics.fmean(gains) > error


def _part(
    name: str, kept: bool, before: float | None, after: float | None, why: str = ""
) -> TunedPart:
    """A part with the sentence that says why it was kept or not."""
    if why:
        words = _WHY.get(why, _WHY["failed"])
    else:
        words = _KEPT[name] if kept else _LEFT
    return TunedPart(name, kept, words, before, after)


_LEFT = "It stays as it was: the practice questions kept apart for this gained nothing by it."
_KEPT = {
    "mix": "Words and meaning are weighed otherwise, so that more of the right pages come first.",
    "query": "Your own words for things are understood, so that more of the right pages come first.",
    "reader": "It marks the words that answer more exactly in your documents.",
    "calibrator": "How sure an answer is, and when to say “not in your documents”, fits your documents.",
}
_WHY = {
    "no_time": "It stays as it was: there is no time to tune it. Give the next build more minutes.",
    "few": "It stays as it was: there were too few practice questions for this.",
    "time": "It stays as it was: the time was up before it was done.",
    "part_missing": "It stays as it was: what tunes it is not installed.",
    "failed": "It stays as it was: it could not be tuned here, and the log says why.",
}
