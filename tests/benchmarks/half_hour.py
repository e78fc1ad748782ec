"""What a person's half hour is worth: confirmed practice questions against answers elsewhere.

    python -m tests.benchmarks.half_hour --home LIBRARY --data FOLDER --counts 0 20 60 all
    python -m tests.benchmarks.half_hour ... --forget LIBRARY FOLDER

LIBRARY is a home with the squad set read into it; nothing in it is changed. Of its eight articles
five give people's own questions as practice questions, confirmed, 0, 20, 60 or all of them. The
reader and how sure an answer is are tuned with them as a build does, and the exam asks every
question of the other three articles, answerable or not, through search and all. With `--forget`
the tuned program is asked the questions of another set too, which it has not learned from.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import shutil
import statistics
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ragdesk import privacy
from ragdesk.adapters.reader_trainer import TorchReaderTrainer
from ragdesk.domain.conversation import Hit
from ragdesk.domain.examination import ExamQuestion
from ragdesk.domain.training import SEED, Fold, Pair, PairSource, PairState
from ragdesk.engine.build import NoIndex, Parts, build_embedder, build_parts
from ragdesk.engine.child import Spawner
from ragdesk.engine.tuned import READER, Tuned, load_tuned, save_calibration
from ragdesk.services.contrast import rightness
from ragdesk.services.draft import chance, pair_id
from ragdesk.services.examine import asked, load_questions
from ragdesk.services.locate import Locator
from ragdesk.services.prepare import lessons
from ragdesk.services.score import scores_of
from ragdesk.services.tune_calibrator import rows_of, tune_calibrator
from ragdesk.store.database import Database
from ragdesk.store.home import Home

TAUGHT = 5  # articles that practice questions are about
STEPS_A_LESSON = 150 / 472  # two rounds over the lessons, as measured best
CORES = os.cpu_count() or 1


def opened(home: Path, tuned: Path | None = None) -> Parts:
    """A library with what answers from it, reading without a limit of time."""
    database = Database.for_writing(Home(home))
    parts = load_tuned(tuned)
    return build_parts(database, build_embedder(CORES), NoIndex(), CORES, None, parts, math.inf)


def articles(data: Path) -> dict[str, str]:
    """Question id → the article that it was asked about, unanswerable ones too."""
    lines = (data / "questions.jsonl").read_text("utf-8").splitlines()
    return {
        one["id"]: one.get("article") or one["evidence"][0]["file"]
        for one in map(json.loads, lines)
    }


def confirmed(parts: Parts, questions: Sequence[ExamQuestion]) -> list[Pair]:
    """People's questions as confirmed practice questions, in an order drawn by the seed."""
    locator = Locator(
        parts.documents, parts.passages, None, lambda document, position: Fold.PRACTICE
    )
    pairs = []
    for question in sorted(questions, key=lambda one: chance(SEED, one.id)):
        own = {"source": PairSource.PERSON, "state": PairState.RIGHT}
        if not question.answerable:
            id_ = pair_id(question.question, "", -1)
            pairs.append(Pair(id_, question.question, "", "", -1, kind="absent", **own))
            continue
        evidence, answer = question.evidence[0], question.answers[0]
        place = locator.locate(evidence.file, evidence.page, evidence.text, answer)
        if place is not None:
            id_ = pair_id(question.question, place.document_id, place.position)
            where = (place.document_id, place.position, place.quote, place.spans)
            kept = (question.question, answer, *where, place.start, place.end)
            pairs.append(Pair(id_, *kept, kind="fact", **own))
    return pairs


def tune(parts: Parts, home: Path, pairs: Sequence[Pair], folder: Path) -> dict[str, Any]:
    """Fills `folder` with the tuned reader and calibration; how many lessons, steps and seconds."""
    if not pairs:
        return {"lessons": 0, "steps": 0, "seconds": 0.0}
    began = time.perf_counter()
    taught = {pair.document_id for pair in pairs}

    def found(pair: Pair) -> list[Hit]:
        hits = parts.retriever.retrieve(pair.question, 15)
        return [hit for hit in hits if hit.document_id in taught]

    made = lessons(
        pairs, lambda pair: parts.passages.at(pair.document_id, pair.position), found, SEED
    )
    steps = max(1, round(len(made) * STEPS_A_LESSON))
    trainer = TorchReaderTrainer(Tuned().reader, Spawner(), CORES)
    with tempfile.TemporaryDirectory() as work:
        trainer.train(
            made,
            steps,
            SEED,
            Path(work),
            folder / READER,
            on_progress=lambda done, total: None,
            stopped=lambda: False,
        )
    reading = opened(home, folder)
    rows = [row for pair in pairs for row in rows_of(pair, reading.answerer, reading.retriever)]
    shipped = json.loads(Tuned().calibration.read_text("utf-8"))
    calibrated = tune_calibrator(rows, shipped).calibration
    if calibrated is not None:
        save_calibration(folder, calibrated)
    seconds = round(time.perf_counter() - began, 1)
    return {
        "lessons": len(made),
        "steps": steps,
        "seconds": seconds,
        "calibrated": calibrated is not None,
    }


def examined(home: Path, folder: Path, questions: Sequence[ExamQuestion]) -> dict[str, Any]:
    """The figures of one exam."""
    tuned = folder if any(folder.iterdir()) else None
    outcomes = asked(questions, opened(home, tuned).answerer)
    scores = scores_of(outcomes)
    right = [score for one in outcomes if (score := rightness(one)) is not None]
    names = ("hit@1", "exact", "f1", "refused_right", "refused_wrong")
    return {"questions": len(questions), "right": round(statistics.fmean(right), 4)} | {
        name: scores[name] for name in names
    }


def main() -> None:
    privacy.shut()
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--counts", nargs="+", default=["0", "20", "60", "all"])
    parser.add_argument("--forget", nargs=2, type=Path, metavar=("LIBRARY", "FOLDER"))
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        home = Path(temporary) / "home"
        shutil.copytree(given.home, home)
        parts = opened(home)
        about = articles(given.data)
        taught = sorted(set(about.values()))[:TAUGHT]
        questions = load_questions(given.data / "questions.jsonl")
        pairs = confirmed(parts, [one for one in questions if about[one.id] in taught])
        exam = [one for one in questions if about[one.id] not in taught]
        for count in given.counts:
            folder = Path(temporary) / f"tuned-{count}"
            folder.mkdir()
            some = pairs if count == "all" else pairs[: int(count)]
            line = {"confirmed": len(some)} | tune(parts, home, some, folder)
            line |= examined(home, folder, exam)
            if given.forget:
                other = Path(temporary) / "other"
                if not other.exists():
                    shutil.copytree(given.forget[0], other)
                elsewhere = load_questions(given.forget[1] / "questions.jsonl")
                line["elsewhere"] = examined(other, folder, elsewhere)
            print(json.dumps(line), flush=True)


if __name__ == "__main__":
    main()
