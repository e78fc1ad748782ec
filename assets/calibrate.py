"""Makes calibration.json: how sure RagDesk may be, learned from questions with known answers.

    python assets/calibrate.py DATA [--work FOLDER]

DATA is the folder of the document sets. Each set becomes a library, added and asked by the program
itself. Each question with an answer is, in most sets, asked twice: as it is, and with the documents
that hold its evidence taken off the shelf, which makes it a question that nothing answers. FOLDER
keeps libraries and what was seen from one run to the next. About twenty minutes on two cores.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import pickle
import random
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from ragdesk.adapters.reader import OnnxReader
from ragdesk.domain.conversation import Marks
from ragdesk.domain.examination import ExamQuestion
from ragdesk.domain.protocols import Reader
from ragdesk.engine.build import NoIndex, Parts, build_embedder, build_parts
from ragdesk.resources import asset
from ragdesk.services.answer import QuoteAnswerer
from ragdesk.services.calibrate import FEATURES, Calibrator
from ragdesk.services.examine import is_right, load_questions
from ragdesk.services.score import calibration_error
from ragdesk.store.database import Database
from ragdesk.store.home import Home

SEED = 11
FOLDS = 5
# Sets, and whether their questions are asked again with their documents taken away. In tables each
# question names its file, in multilingual the same text stands in other languages. FinanceBench may
# be measured on, by its licence, and is not learned from.
SETS = {
    "handbook": True,
    "squad": True,
    "contracts": True,
    "tables": False,
    "multilingual": False,
}
RIDGE = 10.0
UNANSWERABLE = 0.2  # share of the weight that questions without an answer have in each set
# Share of the answerable questions that each caution may refuse: on the mean over the sets, and in
# any one of them.
CAUTIONS = {"bold": (0.02, 0.04), "usual": (0.08, 0.12), "careful": (0.15, 0.25)}

Matrix = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Row:
    """One asking. `group` is what must not be in both halves of a fold: the document of the answer."""

    set: str
    group: str
    features: dict[str, float]
    answerable: bool
    right: bool
    again: bool = False  # asked with its documents taken away


class Recording(Calibrator):
    """Never refuses, and keeps what it was shown."""

    def __init__(self) -> None:
        super().__init__({}, {}, {})
        self.seen: dict[str, float] | None = None

    def strength(self, features: Mapping[str, float]) -> float:
        self.seen = dict(features)
        return 0.0

    def refuses(self, features: Mapping[str, float], caution: str = "usual") -> bool:
        return False


class Remembering:
    """The reader, each passage read once for a question, from one run to the next."""

    def __init__(self, reader: Reader, kept: Path) -> None:
        self._reader, self._kept = reader, kept
        self.name = reader.name
        self._known: dict[tuple[str, ...], Marks] = {}
        if kept.exists():
            self._known = pickle.loads(kept.read_bytes())

    def read(self, question: str, passages: Sequence[tuple[str, str]]) -> list[Marks]:
        keys = [(self.name, question, *passage) for passage in passages]
        new = [key for key in keys if key not in self._known]
        found = self._reader.read(question, [(key[2], key[3]) for key in new])
        self._known.update(zip(new, found, strict=True))
        return [self._known[key] for key in keys]

    def keep(self) -> None:
        self._kept.write_bytes(pickle.dumps(self._known))


class Library:
    """A home with one shelf, and what asks it."""

    def __init__(self, folder: Path) -> None:
        embedder = build_embedder()
        self.parts: Parts = build_parts(Database.for_writing(Home(folder)), embedder, NoIndex())
        self.recording = Recording()
        reader = OnnxReader(asset("models", "minilm-reader"))
        self.reader = Remembering(reader, folder / "marks.pickle")
        self.answerer = QuoteAnswerer(
            self.parts.retriever,
            self.parts.documents,
            self.parts.passages,
            self.recording,
            self.reader,
            seconds=math.inf,
        )

    def places(self, files: set[str]) -> list[int]:
        rows = self.parts.documents.all()
        return [
            row.place.id for row in rows if any(row.place.path.endswith(f"/{f}") for f in files)
        ]

    def ask(self, question: ExamQuestion) -> tuple[dict[str, float], bool] | None:
        """(features, whether what comes first is right), None where nothing was found."""
        self.recording.seen = None
        answer = self.answerer.answer(question.question)
        if self.recording.seen is None:
            return None
        return self.recording.seen, is_right(question, answer)


def rows_of(folder: Path, data: Path, name: str) -> list[Row]:
    """Asks every question of a set, and where it is wanted again with its documents taken away."""
    library = Library(folder)
    rows = list(_rows(library, name, load_questions(data / name / "questions.jsonl")))
    library.reader.keep()
    return rows


def _rows(library: Library, name: str, questions: Sequence[ExamQuestion]) -> Iterator[Row]:
    for question in questions:
        files = {evidence.file for evidence in question.evidence}
        group = f"{name}:{min(files, default=question.id)}"
        asked = library.ask(question)
        # "No" without evidence (contracts) is an answer that no sentence gives.
        answerable = question.answerable and bool(files)
        if asked:
            yield Row(name, group, asked[0], answerable, asked[1])
        if answerable and SETS[name]:
            places = library.places(files)
            library.parts.documents.remove(places)
            asked = library.ask(question)
            library.parts.documents.restore(places)
            if asked:
                yield Row(name, group, asked[0], False, False, True)


def collect(data: Path, work: Path) -> list[Row]:
    """The rows of all sets, kept in `work`."""
    kept = work / "rows.json"
    if kept.exists():
        rows = [Row(**row) for row in json.loads(kept.read_text("utf-8"))]
        return [row for row in rows if row.set in SETS]
    for name in SETS:
        if not (work / name / "library.db").exists():
            add = [sys.executable, "-m", "ragdesk", "add", "--home", str(work / name)]
            subprocess.run([*add, str(data / name / "docs")], check=True, stdout=subprocess.DEVNULL)
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        # The largest first, so that both cores end together.
        order = sorted(SETS, key=lambda name: name not in ("squad", "contracts"))
        waiting = {name: pool.submit(rows_of, work / name, data, name) for name in order}
        rows = [row for name in SETS for row in waiting[name].result()]
    kept.write_text(json.dumps([vars(row) for row in rows]), "utf-8")
    return rows


def fit(rows: Sequence[Row], target: str) -> dict[str, float]:
    """Ridge logistic regression by Newton's method, every set of the same weight; by feature."""
    x = np.array([[row.features[name] for name in FEATURES] for row in rows])
    y = np.array([float(getattr(row, target)) for row in rows])
    weights = _weights(rows)
    mean = weights @ x / weights.sum()
    spread = np.sqrt(weights @ (x - mean) ** 2 / weights.sum()) + 1e-9
    z = np.hstack([(x - mean) / spread, np.ones((len(rows), 1))])
    ridge = np.diag([RIDGE] * len(FEATURES) + [0.0])
    beta = np.zeros(len(FEATURES) + 1)
    for _ in range(30):
        p = 1 / (1 + np.exp(-z @ beta))
        hessian = z.T @ (z * (weights * p * (1 - p))[:, None]) + ridge
        step = np.linalg.solve(hessian, z.T @ (weights * (y - p)) - ridge @ beta)
        beta += step
    plain = beta[:-1] / spread
    found = dict(zip(FEATURES, map(float, plain), strict=True))
    return found | {"constant": float(beta[-1] - plain @ mean)}


def _weights(rows: Sequence[Row]) -> Matrix:
    """Every set weighs the same (small ones at most three times), with its share of unanswerable."""
    counts = Counter(row.set for row in rows)
    kinds = Counter((row.set, row.answerable) for row in rows)
    mean = len(rows) / len(counts)
    shares = {True: 1 - UNANSWERABLE, False: UNANSWERABLE}
    return np.array(
        [
            min(mean, 3.0 * counts[row.set])
            * shares[row.answerable]
            / kinds[row.set, row.answerable]
            for row in rows
        ]
    )


def chance(coefficients: dict[str, float], row: Row) -> float:
    total = coefficients["constant"] + sum(coefficients[n] * row.features[n] for n in FEATURES)
    return 1 / (1 + math.exp(-total))


def auroc(scored: Sequence[tuple[float, bool]]) -> float | None:
    """The share of pairs (one true, one false) that are in the right order, None without pairs."""
    yes = [score for score, true in scored if true]
    no = np.array([score for score, true in scored if not true])
    if not yes or not len(no):
        return None
    return round(float(np.mean([np.mean(no < s) + np.mean(no == s) / 2 for s in yes])), 3)


def held_out(rows: Sequence[Row], target: str) -> list[float]:
    """Each row's chance by a model that saw none of its group."""
    groups = sorted({row.group for row in rows})
    random.Random(SEED).shuffle(groups)
    fold = {group: number % FOLDS for number, group in enumerate(groups)}
    models = [
        fit([row for row in rows if fold[row.group] != number], target) for number in range(FOLDS)
    ]
    return [chance(models[fold[row.group]], row) for row in rows]


def make(rows: Sequence[Row]) -> dict[str, Any]:
    """Coefficients, thresholds and the card."""
    # Questions whose documents were taken away teach when to refuse. How often an answer is right
    # is learned from questions as people ask them.
    asked = [row for row in rows if not row.again]
    answerable, right = held_out(rows, "answerable"), held_out(asked, "right")
    thresholds = {
        caution: _threshold(rows, answerable, *most) for caution, most in CAUTIONS.items()
    }
    by_set = {name: _refusals(rows, name, answerable, thresholds["usual"]) for name in SETS}
    for name in SETS:
        by_set[name] |= _strengths(asked, name, right)
    return {
        "answerable": _rounded(fit(rows, "answerable")),
        "right": _rounded(fit(asked, "right")),
        "thresholds": thresholds,
        "card": {
            "made_by": "assets/calibrate.py",
            "seed": SEED,
            "data": f"all questions of the open document sets ({', '.join(SETS)}); in "
            + ", ".join(name for name, again in SETS.items() if again)
            + " each answerable one is asked again with its documents removed",
            "figures": f"out of fold: {FOLDS} folds by the document that holds the answer. The sets"
            " are the ones that search and answers were built on; a set of its own was not kept back",
            "thresholds": "each the highest that refuses no more of the answerable questions than"
            f" the first share on the mean over the sets and the second in any of them: {CAUTIONS}",
            "calibration_error": calibration_error(
                [(chance, row.right) for chance, row in zip(right, asked, strict=True)]
            ),
            "by_set": by_set,
        },
    }


def _refusals(
    rows: Sequence[Row], name: str, answerable: Sequence[float], threshold: float
) -> dict[str, Any]:
    mine = [(chance, row) for chance, row in zip(answerable, rows, strict=True) if row.set == name]
    once = [(chance, row) for chance, row in mine if not row.again]
    refused = {
        kind: [chance < threshold for chance, row in mine if (row.answerable, row.again) == kind]
        for kind in ((True, False), (False, False), (False, True))
    }
    return {
        "asked": len(mine),
        "auroc_answerable": auroc([(chance, row.answerable) for chance, row in once]),
        "auroc_answerable_with_documents_removed": auroc(
            [(chance, row.answerable) for chance, row in mine]
        ),
        "refused_wrong": _share(refused[True, False]),
        "refused_right": _share(refused[False, False]),
        "refused_right_with_documents_removed": _share(refused[False, True]),
    }


def _strengths(asked: Sequence[Row], name: str, right: Sequence[float]) -> dict[str, Any]:
    mine = [
        (chance, row.right) for chance, row in zip(right, asked, strict=True) if row.set == name
    ]
    return {"auroc_right": auroc(mine), "calibration_error": calibration_error(mine)}


def _share(values: Sequence[bool]) -> float | None:
    return round(float(np.mean(values)), 3) if values else None


def _threshold(
    rows: Sequence[Row], chances: Sequence[float], mean_most: float, most: float
) -> float:
    """The highest threshold under which no set refuses too much, nor all of them on the mean."""
    by_set: dict[str, list[float]] = {}
    for row, found in zip(rows, chances, strict=True):
        if row.answerable:
            by_set.setdefault(row.set, []).append(found)
    steps = np.arange(0.0, 1.0, 0.001)
    shares = np.array([[np.mean(np.array(one) < t) for t in steps] for one in by_set.values()])
    fine = (shares.max(axis=0) <= most) & (shares.mean(axis=0) <= mean_most)
    return round(float(steps[fine].max()), 4)


def _rounded(coefficients: dict[str, float]) -> dict[str, float]:
    return {name: round(value, 5) for name, value in coefficients.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("--work", type=Path)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        work = arguments.work or Path(temporary)
        work.mkdir(parents=True, exist_ok=True)
        made = make(collect(arguments.data, work))
    target = Path(__file__).with_name("calibration.json")
    target.write_text(json.dumps(made, indent=1) + "\n", "utf-8")
    print(json.dumps(made["card"], indent=1))


if __name__ == "__main__":
    main()
