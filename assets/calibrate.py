"""Makes calibration.json: how sure RagDesk may be, learned from questions with known answers.

    python assets/calibrate.py DATA [--work FOLDER]

DATA is the folder of the document sets (handbook and financebench are never opened here: the
outcome is measured on them). Every set becomes a library, read, split, embedded and searched by
the program itself. Each question with an answer is asked twice: as it is, and with the documents
that hold its evidence taken off the shelf, which makes it a question that nothing answers. FOLDER
keeps libraries and features from one run to the next.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import math
import random
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from ragdesk.adapters.embedder import OnnxEmbedder
from ragdesk.domain.document import Block, BlockKind, Page, Reading, Verdict
from ragdesk.domain.examination import Evidence, ExamQuestion
from ragdesk.resources import asset
from ragdesk.services.answer import FOUND, READ, QuoteAnswerer
from ragdesk.services.calibrate import FEATURES, Calibrator, features_of
from ragdesk.services.choose import choose
from ragdesk.services.compare import hits
from ragdesk.services.examine import load_questions
from ragdesk.services.retrieve import Retriever
from ragdesk.services.score import calibration_error
from ragdesk.services.split import split
from ragdesk.store.collections import Collections
from ragdesk.store.database import Database
from ragdesk.store.documents import Documents
from ragdesk.store.home import Home
from ragdesk.store.passages import Passages

SEED = 11
SETS = ("squad", "contracts")
# Open training data: (file, how many of its questions)
TRAIN = (("nq_qed", 350), ("nq_swap", 150), ("selqa", 250), ("dstc9_faq", 250), ("covidqa", 250),
         ("medquad", 250))  # fmt: skip
# Learned from these alone. In the others several passages say the same and one counts as right, so
# that they teach too much doubt; they have their say in where the thresholds lie.
FITTED = frozenset(("squad", "selqa", "nq_qed", "nq_swap"))
RIDGE = 10.0
UNANSWERABLE = 0.2  # share of the weight that questions without an answer have in each set
# Share of answerable questions that each caution may refuse in any of the sets used here. "usual"
# was lowered once, so that of the handbook's no more than one in ten is refused.
CAUTIONS = {"bold": 0.01, "usual": 0.036, "careful": 0.12}

Matrix = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Row:
    """One asking. `group` is what must not be in both halves of a fold: the document of the answer."""

    set: str
    group: str
    features: dict[str, float]
    answerable: bool
    right: bool


class NoIndex:
    def covered(self) -> int:
        return 0

    def search(self, vector: Any, limit: int) -> list[tuple[int, float]]:
        return []

    def build(self, upto: int) -> bool:
        return False

    def close(self) -> None:
        return None


class Remembering:
    """The embedder, each text embedded once."""

    def __init__(self, embedder: OnnxEmbedder) -> None:
        self._embedder = embedder
        self._known: dict[str, Any] = {}
        self.name, self.dimensions = embedder.name, embedder.dimensions
        self.max_tokens, self.token_count = embedder.max_tokens, embedder.token_count

    def embed(self, texts: Sequence[str]) -> Any:
        new = list(dict.fromkeys(text for text in texts if text not in self._known))
        if new:
            self._known.update(zip(new, self._embedder.embed(new), strict=True))
        return np.array([self._known[text] for text in texts], np.float32)


class Library:
    """A home with one shelf, and what asks it."""

    def __init__(self, folder: Path, embedder: Remembering) -> None:
        home = Home(folder)
        home.make()
        self.embedder = embedder
        self.database = Database.for_writing(home)
        self.documents = Documents(self.database, embedder.name)
        self.passages = Passages(self.database, embedder.name)
        self.shelf = Collections(self.database).first().id
        self.retriever = Retriever(self.passages, self.documents, embedder, NoIndex())
        none = dict.fromkeys(FEATURES, 0.0) | {"constant": 0.0}
        calibrator = Calibrator(none, none, {"usual": 0.0})
        self.answerer = QuoteAnswerer(self.retriever, self.documents, calibrator)

    def add(self, path: str, pages: Sequence[Page], reading: Reading) -> None:
        if not reading.verdict.answers:
            return
        document_id = hashlib.sha256((path + pages[0].text).encode("utf-8", "replace")).hexdigest()
        if self.documents.document(document_id):
            return
        passages = split(document_id, reading.title, pages, self.embedder.token_count)
        with self.database.write():
            [place] = self.documents.queue(self.shelf, 1, [(f"/{path}", path, 1, 1)]) or [0]
            self.documents.save(document_id, 1, reading, pages)
            self.passages.save(document_id, passages)
            self.documents.settle(self.documents.place(place).place, document_id)

    def embed(self) -> None:
        while missing := self.passages.without_vector(512):
            texts = [text for _, text in missing]
            vectors = self.embedder.embed(texts)
            self.passages.save_vectors([number for number, _ in missing], vectors)

    def places(self, files: set[str]) -> list[int]:
        rows = self.documents.all()
        return [row.place.id for row in rows if row.place.path in files]

    def ask(self, question: ExamQuestion) -> tuple[dict[str, float], bool] | None:
        """(features, whether what comes first is right), None where nothing was found."""
        found = self.retriever.retrieve(question.question, FOUND)
        if not found:
            return None
        sought = self.answerer.sought(question.question)
        chosen = choose(found[:READ], sought, self.retriever.vectors)
        right = any(
            hits(first.hit.path, first.text, evidence)
            for first in chosen[:1]
            for evidence in question.evidence
        )
        return features_of(found, chosen, sought), right


def read_set(library: Library, folder: Path) -> list[ExamQuestion]:
    """Puts the documents of a set into a library; its questions."""
    from ragdesk.adapters.parsers.reading import read_file

    for path in sorted(p for p in (folder / "docs").rglob("*") if p.is_file()):
        *pages, reading = read_file(path)
        library.add(path.relative_to(folder).as_posix(), pages, reading)
    return load_questions(folder / "questions.jsonl")


def read_train(library: Library, file: Path, count: int) -> list[ExamQuestion]:
    """The contexts of some questions of a training file as documents; those questions."""
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        found = [json.loads(line) for line in lines]
    found = [one for one in found if one["answer"] is None or one["evidence"]]
    random.Random(SEED).shuffle(found)
    questions: list[ExamQuestion] = []
    known: set[str] = set()
    for one in found[:count]:
        context = one["context"]
        text = context if isinstance(context, str) else "\n\n".join(context)
        path = f"{file.name.partition('.')[0]}/{hashlib.sha256(text.encode()).hexdigest()[:16]}.txt"
        if path not in known:
            known.add(path)
            library.add(path, [_page(text)], Reading(Verdict.READY, "txt", one["title"], pages=1))
        evidence = (Evidence(path, None, one["evidence"]),) if one["answer"] else ()
        answers = (one["answer"],) if one["answer"] else ()
        questions.append(ExamQuestion(one["id"], one["question"], answers, evidence))
    return questions


def _page(text: str) -> Page:
    blocks: list[Block] = []
    start = 0
    for part in text.split("\n\n"):
        blocks.append(Block(BlockKind.PARAGRAPH, start, len(part)))
        start += len(part) + 2
    return Page(1, text, tuple(blocks))


def rows_of(library: Library, name: str, questions: Sequence[ExamQuestion]) -> Iterator[Row]:
    """Asks every question, and every answerable one again with its documents taken away."""
    for question in questions:
        files = {evidence.file for evidence in question.evidence}
        group = f"{name}:{min(files, default=question.id)}"
        asked = library.ask(question)
        # "No" without evidence (contracts) is an answer that no sentence gives.
        answerable = question.answerable and bool(files)
        if asked:
            yield Row(name, group, asked[0], answerable, asked[1] and answerable)
        if answerable:
            places = library.places(files)
            library.documents.remove(places)
            asked = library.ask(question)
            library.documents.restore(places)
            if asked:
                yield Row(name, group, asked[0], False, False)


def collect(data: Path, work: Path) -> list[Row]:
    """The rows of all sets, kept in `work`."""
    kept = work / "rows.json"
    if kept.exists():
        return [Row(**row) for row in json.loads(kept.read_text("utf-8"))]
    rows: list[Row] = []
    for name in SETS:
        library = Library(work / name, Remembering(_embedder()))
        questions = read_set(library, data / name)
        library.embed()
        rows += rows_of(library, name, questions)
        print(name, len(rows), flush=True)
    library = Library(work / "train", Remembering(_embedder()))
    asked = [
        (name, read_train(library, data / "train" / f"{name}.jsonl.gz", n)) for name, n in TRAIN
    ]
    library.embed()
    for name, questions in asked:
        rows += rows_of(library, name, questions)
        print(name, len(rows), flush=True)
    kept.write_text(json.dumps([vars(row) for row in rows]), "utf-8")
    return rows


def _embedder() -> OnnxEmbedder:
    return OnnxEmbedder(asset("models", "all-MiniLM-L6-v2"), threads=2)


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


def held_out(rows: Sequence[Row], target: str, folds: int = 5) -> list[float]:
    """Each row's chance by a model that saw none of its group, nor of a set that is not fitted."""
    fitted = [row for row in rows if row.set in FITTED]
    groups = sorted({row.group for row in fitted})
    random.Random(SEED).shuffle(groups)
    fold = {group: number % folds for number, group in enumerate(groups)}
    models = [
        fit([row for row in fitted if fold[row.group] != number], target) for number in range(folds)
    ]
    models.append(fit(fitted, target))
    return [chance(models[fold[row.group] if row.set in FITTED else -1], row) for row in rows]


def make(rows: Sequence[Row]) -> dict[str, Any]:
    """Coefficients, thresholds and the card."""
    answerable, right = held_out(rows, "answerable"), held_out(rows, "right")
    thresholds = {
        caution: _threshold(rows, answerable, share) for caution, share in CAUTIONS.items()
    }
    fitted = [row for row in rows if row.set in FITTED]
    names = dict.fromkeys(row.set for row in rows)
    return {
        "answerable": _rounded(fit(fitted, "answerable")),
        "right": _rounded(fit(fitted, "right")),
        "thresholds": thresholds,
        "card": {
            "made_by": "assets/calibrate.py",
            "seed": SEED,
            "data": "squad and contracts of the document sets; of the open training data "
            + ", ".join(f"{count} questions of {name}" for name, count in TRAIN)
            + ". Each answerable question is asked again with its documents removed.",
            "fitted_on": sorted(FITTED),
            "not_used": "financebench; the handbook but for one thing: the share of the usual"
            " caution was lowered once until no more than one in ten of its answerable questions"
            " was refused; its figures were also looked at while features, fitted sets, settings of"
            " search and patterns of answers were chosen",
            "thresholds": f"each the highest that refuses no more than {CAUTIONS} of the answerable"
            " questions of any set",
            "figures": "sets fitted on: out of fold, folds by the document that holds the answer;"
            " the others: by a model that saw nothing of them",
            "by_set": {
                name: _figures(rows, name, answerable, right, thresholds["usual"]) for name in names
            },
        },
    }


def _figures(
    rows: Sequence[Row],
    name: str,
    answerable: Sequence[float],
    right: Sequence[float],
    threshold: float,
) -> dict[str, Any]:
    mine = [i for i, row in enumerate(rows) if row.set == name]
    yes = [answerable[i] < threshold for i in mine if rows[i].answerable]
    no = [answerable[i] < threshold for i in mine if not rows[i].answerable]
    return {
        "asked": len(mine),
        "auroc_answerable": auroc([(answerable[i], rows[i].answerable) for i in mine]),
        "auroc_right": auroc([(right[i], rows[i].right) for i in mine]),
        "calibration_error": calibration_error([(right[i], rows[i].right) for i in mine]),
        "refused_wrong": round(float(np.mean(yes)), 3) if yes else None,
        "refused_right": round(float(np.mean(no)), 3) if no else None,
    }


def _threshold(rows: Sequence[Row], chances: Sequence[float], share: float) -> float:
    """The highest threshold that refuses no more than `share` of any set's answerable questions."""
    lowest = 1.0
    for name in {row.set for row in rows}:
        pairs = zip(rows, chances, strict=True)
        mine = sorted(chance for row, chance in pairs if row.set == name and row.answerable)
        if mine:
            lowest = min(lowest, mine[int(share * len(mine))])
    return round(lowest, 4)


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
