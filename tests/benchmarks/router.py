"""Which shelf a question is led to, with five real document sets as five shelves of one library.

    python -m tests.benchmarks.router HOME DATA [PART ...]

HOME is a library; sets that it lacks are added from DATA, each on a shelf of its name. Nothing else
is written there: all is measured on a copy. PARTs, all if none is named: `plain` (no label), `said`
(a fifth of the documents at a time, led by what was said about the questions of the others, all of
it right), `noise` (the same with 15 of 100 judgements on a wrong shelf), `search` (what leaning
does to the hits over all shelves). Questions of `tables` begin with the name of their file; they
are counted with and without it. Prints a JSON line each.
"""

from __future__ import annotations

import json
import random
import shutil
import sys
import tempfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from ragdesk.domain.conversation import Judgement
from ragdesk.domain.examination import ExamQuestion
from ragdesk.engine.build import NoIndex, build_embedder, build_engine
from ragdesk.messages import AddFiles, CreateCollection
from ragdesk.services.examine import load_questions, rank_of
from ragdesk.services.fit import RouterFitter
from ragdesk.services.retrieve import Retriever
from ragdesk.services.route import Router
from ragdesk.store.contents import Contents
from ragdesk.store.conversations import Conversations
from ragdesk.store.database import Database
from ragdesk.store.documents import Documents
from ragdesk.store.home import Home
from ragdesk.store.judgements import ROUTER, Judgements, Learned
from ragdesk.store.passages import Passages

SETS = ("handbook", "contracts", "squad", "financebench", "tables")
PARTS = ("plain", "said", "noise", "search")
FOLDS = 5
NOISE = 0.15


@dataclass(frozen=True)
class Question:
    shelf: str
    exam: ExamQuestion
    file: str  # where its answer stands, or the document that it is about
    short: bool = False  # without the name of its file, which it begins with

    @property
    def text(self) -> str:
        return self.exam.question


class Desk:
    """The copy of a library, and what is measured on it."""

    def __init__(self, home: Home) -> None:
        self.database = Database.for_writing(home)
        self.embedder = build_embedder(2)
        name = self.embedder.name
        self.documents, self.passages = (
            Documents(self.database, name),
            Passages(self.database, name),
        )
        self.judgements = Judgements(self.database)
        contents, self.learned = Contents(self.database, name), Learned(self.database)
        self.router = Router(contents, self.passages, self.learned)
        self.retriever = Retriever(self.passages, self.documents, self.embedder, NoIndex())
        self.fitter = RouterFitter(
            self.router,
            contents,
            self.passages,
            self.judgements,
            Conversations(self.database),
            self.learned,
            self.embedder,
        )
        self.shelf_of = {shelf.id: shelf.name.casefold() for shelf in contents.ready()}
        self.document_of = {
            (row.collection.casefold(), row.place.name): str(row.place.document_id)
            for row in self.documents.all()
        }


def questions(data: Path) -> list[Question]:
    """All of the sets; those of `tables` twice."""
    found = []
    for name in SETS:
        path = data / name / "questions.jsonl"
        rows = map(json.loads, path.read_text(encoding="utf-8").splitlines())
        for exam, row in zip(load_questions(path), rows, strict=True):
            about = exam.evidence[0].file if exam.evidence else row.get("doc") or row.get("article")
            file = Path(about or exam.id).name
            found.append(Question(name, exam, file))
            if name == "tables":
                short = replace(exam, question=exam.question.split(": ", 1)[1])
                found.append(Question(name, short, file, short=True))
    return found


def counted(led: Sequence[tuple[Question, Sequence[str]]]) -> dict[str, object]:
    """Shares of questions whose shelf came first, and among the first two."""

    def share(chosen: Sequence[tuple[Question, Sequence[str]]], most: int) -> float:
        return round(sum(q.shelf in shelves[:most] for q, shelves in chosen) / len(chosen), 4)

    short = [pair for pair in led if pair[0].shelf != "tables" or pair[0].short]
    long = [pair for pair in led if not pair[0].short]
    figures: dict[str, object] = {
        "first": share(short, 1),
        "first_two": share(short, 2),
        "first_with_file_names": share(long, 1),
        "first_two_with_file_names": share(long, 2),
        "questions": len(short),
    }
    for name in SETS:
        figures[name] = share([pair for pair in short if pair[0].shelf == name], 1)
    figures["tables_with_file_names"] = share([p for p in long if p[0].shelf == "tables"], 1)
    return figures


def led(desk: Desk, asked: Sequence[Question]) -> list[tuple[Question, list[str]]]:
    """Each question with its shelves, best first."""
    return [
        (
            q,
            [
                desk.shelf_of[chance.collection_id]
                for chance in desk.router.chances(q.text, desk.retriever.vector(q.text))
            ],
        )
        for q in asked
    ]


def fold(question: Question) -> int:
    return zlib.crc32(f"{question.shelf}/{question.file}".encode()) % FOLDS


def taught(desk: Desk, asked: Sequence[Question], noise: float) -> dict[str, object]:
    """Leads the questions of each fifth of the documents after judgements on the other four."""
    chance = random.Random(0)
    found = []
    for number in range(FOLDS):
        desk.judgements.clear()
        desk.learned.save(ROUTER, None)  # what an earlier fold taught is no rival at the gate
        desk.fitter.fit()
        for place, question in enumerate(asked):
            document = desk.document_of.get((question.shelf, question.file))
            if (
                fold(question) == number
                or question.short
                or not question.exam.evidence
                or not document
            ):
                continue
            if chance.random() < noise:
                elsewhere = [
                    d for (shelf, _), d in desk.document_of.items() if shelf != question.shelf
                ]
                document = chance.choice(elsewhere)
            # People do not begin with the name of a file: the short form is what they ask.
            text = question.text.split(": ", 1)[-1] if question.shelf == "tables" else question.text
            desk.judgements.save(
                Judgement(str(place), text, "right", document_id=document, made_at=place + 1.0)
            )
        desk.fitter.fit()
        found += led(desk, [question for question in asked if fold(question) == number])
    desk.judgements.clear()
    return counted(found)


def searched(desk: Desk, asked: Sequence[Question]) -> Iterator[dict[str, object]]:
    """Hits over all shelves: shares of questions whose evidence is in the first, and in five."""
    asked = [question for question in asked if question.exam.evidence]
    desk.fitter.fit()
    for leaning in (False, True):
        ranks: dict[str, list[int]] = {}
        for question in asked:
            name = question.shelf + "_with_file_names" * (
                question.shelf == "tables" and not question.short
            )
            chances = desk.router.chances(question.text, desk.retriever.vector(question.text))
            lean = desk.router.leaning(chances) if leaning else None
            hits = desk.retriever.retrieve(question.text, 5, leaning=lean)
            ranks.setdefault(name, []).append(rank_of(question.exam, hits) or 99)
        every = [rank for some in ranks.values() for rank in some]
        yield {
            "leaning": leaning,
            "hit@1": round(sum(rank == 1 for rank in every) / len(every), 4),
            "hit@5": round(sum(rank <= 5 for rank in every) / len(every), 4),
            "questions": len(every),
            "by_set": {
                name: [round(sum(rank <= most for rank in some) / len(some), 4) for most in (1, 5)]
                for name, some in ranks.items()
            },
        }


def fill(home: Home, data: Path) -> None:
    """Adds the sets that the library lacks."""
    engine = build_engine(home, lambda event: None)
    engine.start()
    there = {shelf.name.casefold() for shelf in engine.collections.all()}
    for name in SETS:
        if name not in there:
            shelf = engine.handle(CreateCollection("", name))
            engine.handle(AddFiles("", (str(data / name / "docs"),), shelf))
    engine.run_until_idle()
    engine.stop()


@contextmanager
def copied(home: Home) -> Iterator[Desk]:
    """A copy to write judgements into."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Home(Path(folder))
        copy.make()
        shutil.copy(home.library, copy.library)
        desk = Desk(copy)
        yield desk
        desk.database.close()


def main(folder: str, data: Path, parts: Sequence[str]) -> None:
    home = Home(Path(folder))
    fill(home, data)
    asked = questions(data)
    with copied(home) as desk:
        if "plain" in parts:
            desk.fitter.fit()
            print(json.dumps({"part": "plain", **counted(led(desk, asked))}), flush=True)
        for part, noise in (("said", 0.0), ("noise", NOISE)):
            if part in parts:
                print(json.dumps({"part": part, **taught(desk, asked, noise)}), flush=True)
        if "search" in parts:
            for figures in searched(desk, asked):
                print(json.dumps({"part": "search", **figures}), flush=True)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), sys.argv[3:] or PARTS)
