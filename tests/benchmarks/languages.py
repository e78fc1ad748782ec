"""Search in other languages, on the multilingual set: with the second search model and without.

    ragdesk --home FOLDER models get languages      once; goes online
    python -m tests.benchmarks.languages FOLDER     FOLDER has the model; nothing in it is changed

Each language has a shelf of its own. Asked are: each language's own questions on its shelf, the same
over all shelves together, and English questions over all. A hit is a passage that holds the
evidence. Prints the share of questions with a hit among the first 1, 5 and 10, and MRR@10.
"""

from __future__ import annotations

import argparse
import functools
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from ragdesk.domain.examination import ExamQuestion
from ragdesk.engine.build import build_engine, build_reader
from ragdesk.messages import AddFiles
from ragdesk.services import word_forms
from ragdesk.services.compare import hits
from ragdesk.services.examine import load_questions
from ragdesk.services.match import expression
from ragdesk.services.retrieve import Retriever
from ragdesk.store.home import Home
from ragdesk.store.passages import Passages
from tests.benchmarks.measure import ROOT

LANGS = ("ar", "de", "es", "zh")
FOUND = 10
Find = Callable[[str, str | None], list[tuple[str, str]]]  # of a question on a shelf
Asked = list[tuple[str, ExamQuestion, str | None]]  # group, question, shelf


def add(home: Home, docs: Path) -> dict[str, str]:
    """Adds the documents, a shelf for each language, until all is embedded. Language → shelf."""
    engine = build_engine(home, lambda event: None)
    try:
        engine.start()
        shelves = {lang: engine.collections.create(lang).id for lang in LANGS}
        for lang, shelf in shelves.items():
            engine.handle(AddFiles(paths=(str(docs / lang),), collection_id=shelf))
        engine.run_until_idle()
    finally:
        engine.stop()
    return shelves


def asked(data: Path, shelves: dict[str, str]) -> Asked:
    """Every question with the groups that it counts in."""
    own = load_questions(data / "questions.jsonl")
    across = load_questions(data / "questions_cross_lingual.jsonl")
    return [
        *((f"own, {question.lang}", question, shelves[question.lang]) for question in own),
        *(("own, all shelves together", question, None) for question in own),
        *(("English over all", question, None) for question in across),
    ]


def by_words(passages: Passages, question: str, shelf: str | None) -> list[tuple[str, str]]:
    """(path, text) of what the words alone find, best first."""
    looked_for = word_forms.terms(question, passages.languages(shelf))
    found = [n for n, _ in passages.search_words(expression(looked_for), FOUND, shelf)]
    stored = passages.get(found, shelf)
    return [(stored[n].path, stored[n].passage.text) for n in found if n in stored]


def by_all(retriever: Retriever, question: str, shelf: str | None) -> list[tuple[str, str]]:
    """(path, text) of what the search finds, best first."""
    return [(hit.path, hit.text) for hit in retriever.retrieve(question, FOUND, shelf)]


def rank(question: ExamQuestion, found: Sequence[tuple[str, str]]) -> int | None:
    """The place of the first hit, from 1."""
    for number, (path, text) in enumerate(found, 1):
        if any(hits(path, text, evidence) for evidence in question.evidence):
            return number
    return None


def line(name: str, ranks: Sequence[int | None]) -> str:
    """One line of the table."""
    shares = [sum(r is not None and r <= most for r in ranks) / len(ranks) for most in (1, 5, 10)]
    mrr = sum(1 / r for r in ranks if r) / len(ranks)
    return (
        f"{name:<58}" + "".join(f"{share:>7.3f}" for share in (*shares, mrr)) + f"{len(ranks):>6}"
    )


def measure(home: Home, questions: Asked, name: str) -> None:
    """Prints the lines of one library."""
    parts = build_reader(home)
    ways: list[tuple[str, Find]] = [(f"{name}, mixed", functools.partial(by_all, parts.retriever))]
    if home.languages is None:
        ways.insert(0, ("words alone", functools.partial(by_words, parts.passages)))
    for way, find in ways:
        ranks: dict[str, list[int | None]] = {}
        for group, question, shelf in questions:
            found = rank(question, find(question.question, shelf))
            ranks.setdefault(group, []).append(found)
            if shelf is not None:
                ranks.setdefault("own, each shelf by itself", []).append(found)
        for group, listed in ranks.items():
            print(line(f"{way}: {group}", listed), flush=True)
    parts.database.close()


def main() -> None:
    """Adds the set twice and prints the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("home", type=Path, help="a library's folder that has the model")
    default = os.environ.get("RAGDESK_DATA") or ROOT.parent / "shared/data"
    parser.add_argument("--data", type=Path, default=Path(default), help="the document sets")
    options = parser.parse_args()
    model, data = Home(options.home).languages, options.data / "multilingual"
    if model is None:
        sys.exit(f"first: ragdesk --home {options.home} models get languages")
    print(f"{'':<58}{'hit@1':>7}{'hit@5':>7}{'hit@10':>7}{'MRR':>7}{'n':>6}")
    with tempfile.TemporaryDirectory() as folder:
        for name in ("one model", "two models"):
            home = Home(Path(folder) / name.replace(" ", "-"))
            if name == "two models":
                shutil.copytree(model, home.models / model.name)
            shelves = add(home, data / "docs")
            measure(home, asked(data, shelves), name)


if __name__ == "__main__":
    main()
