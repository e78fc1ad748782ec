"""How well RagDesk finds, answers and refuses, beside three plain ways, on the same files.

    python -m tests.benchmarks.quality --set handbook
    python -m tests.benchmarks.quality --set handbook --only paraphrase
    python -m tests.benchmarks.quality --set multilingual cross-lingual --by lang
    python -m tests.benchmarks.quality --set squad --home LIBRARY --no-baselines --reading --bins
    python -m tests.benchmarks.quality --set all --work FOLDER --json

RagDesk is the real program: `ragdesk add`, then every question is searched and asked. The plain
ways (see `quality_plain.py`) only search. All hits are judged by the same code, that of
`ragdesk exam`. FOLDER keeps libraries, the files' plain texts and their vectors from one run to
the next: the first run over a set takes minutes, most of it embedding, the next one seconds and
the time of the questions. Behind each share stands its 95 % interval.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ragdesk import privacy
from ragdesk.domain.examination import ExamQuestion
from ragdesk.engine.build import Parts, build_reader
from ragdesk.resources import asset
from ragdesk.services.examine import FOUND, asked, found_of, load_questions
from ragdesk.services.score import Outcome, bins_of, calibration_error, scores_of, strengths_of
from ragdesk.store.database import Database
from ragdesk.store.home import Home
from tests.benchmarks.measure import ROOT
from tests.benchmarks.quality_table import bins_table, reading_lines, side_by_side

OURS = "RagDesk"
# Name: the folder, and its questions. One library serves both of those that share a folder.
SETS = {
    "handbook": ("handbook", "questions.jsonl"),
    "financebench": ("financebench", "questions.jsonl"),
    "contracts": ("contracts", "questions.jsonl"),
    "squad": ("squad", "questions.jsonl"),
    "multilingual": ("multilingual", "questions.jsonl"),
    "cross-lingual": ("multilingual", "questions_cross_lingual.jsonl"),
    "tables": ("tables", "questions.jsonl"),
}


@dataclass(frozen=True, slots=True)
class Side:
    """Who searched, how long it took to get ready (None where a library was there), what came out."""

    name: str
    ready_seconds: float | None
    outcomes: list[Outcome]


def say(words: str) -> None:
    """What is going on, on standard error; a line that the next one overwrites where one watches."""
    end = "" if sys.stderr.isatty() else "\n"
    print(f"\r\033[K{words}" if not end else words, end=end, file=sys.stderr, flush=True)


def counting(what: str) -> Callable[[int, int], None]:
    """Says every so often how far a list of questions is."""

    def on_question(done: int, total: int) -> None:
        if done % 25 == 0 or done == total:
            say(f"{what}: {done} of {total} questions")

    return on_question


def library(folder: Path, home: Path) -> tuple[Parts, float | None]:
    """The set read by the program, unless `home` holds it already; seconds of reading."""
    seconds = None
    if not (home / "library.db").exists():
        say(f"ragdesk add {folder.name}/docs")
        started = time.perf_counter()
        command = [sys.executable, "-m", "ragdesk", "add", "docs", "--home", str(home)]
        variables = {**os.environ, "PYTHONPATH": str(ROOT)}
        done = subprocess.run(
            command, cwd=folder, env=variables, stdout=subprocess.DEVNULL, check=False
        )
        if done.returncode not in (0, 1):  # 1: some files need a look
            raise SystemExit(f"ragdesk add ended with {done.returncode}")
        seconds = time.perf_counter() - started
    else:
        Database.for_writing(Home(home)).close()  # brings an older one to this release's format
    return build_reader(Home(home)), seconds


def ask_ragdesk(parts: Parts, seconds: float | None, questions: Sequence[ExamQuestion]) -> Side:
    """Every question through the program's own search and answer, models loaded before."""
    parts.answerer.answer(questions[0].question)
    outcomes = asked(questions, parts.answerer, None, counting(OURS))
    return Side(OURS, seconds, outcomes)


def ask_plainly(folder: Path, work: Path | None, questions: Sequence[ExamQuestion]) -> list[Side]:
    """Every question through each plain search."""
    from tests.benchmarks.quality_files import read_set
    from tests.benchmarks.quality_plain import (
        Embeddings,
        Plain,
        PlainDense,
        PlainLangchain,
        PlainWords,
    )

    kept = work / f"{folder.name}-texts.json" if work else None
    texts = read_set(folder, kept, say)
    embeddings = Embeddings(work, say)
    makers: list[Callable[[], Plain]] = [
        lambda: PlainWords(texts),
        lambda: PlainDense(texts, embeddings),
        lambda: PlainLangchain(texts, embeddings),
    ]
    sides = []
    for make in makers:
        started = time.perf_counter()
        plain = make()
        ready = time.perf_counter() - started
        outcomes = []
        count = counting(plain.name)
        for done, question in enumerate(questions, 1):
            started = time.perf_counter()
            found = plain.find(question.question, FOUND)
            outcomes.append(found_of(question, found, time.perf_counter() - started))
            count(done, len(questions))
        sides.append(Side(plain.name, ready, outcomes))
    return sides


def chosen(questions: Sequence[ExamQuestion], only: str | None) -> list[ExamQuestion]:
    """The questions of one kind or language, or all."""
    found = [one for one in questions if only is None or only in (one.kind, one.lang)]
    if not found:
        known = sorted({one.kind for one in questions} | {one.lang for one in questions})
        raise SystemExit(f"no question of kind or language {only}; there are {', '.join(known)}")
    return found


def groups(sides: Sequence[Side], by: str | None) -> dict[str, list[Side]]:
    """The sides with the questions of each kind or language alone."""
    if by is None:
        return {}
    names = dict.fromkeys(getattr(one.question, by) for one in sides[0].outcomes)
    return {
        name: [
            Side(
                side.name,
                side.ready_seconds,
                [one for one in side.outcomes if getattr(one.question, by) == name],
            )
            for side in sides
        ]
        for name in names
    }


def measure(name: str, options: argparse.Namespace, work: Path) -> dict[str, Any]:
    """One set: prints its tables, unless all is to be JSON; returns what was measured."""
    folder = options.data / SETS[name][0]
    file = options.questions or folder / SETS[name][1]
    questions = chosen(load_questions(file), options.only)
    parts, seconds = library(folder, _home(options.home, work, SETS[name][0]))
    sides = [ask_ragdesk(parts, seconds, questions)]
    if options.baselines:
        sides += ask_plainly(folder, work if options.work else None, questions)
    result: dict[str, Any] = {"set": name, "only": options.only, "sides": scored(sides)}
    parted = groups(sides, options.by)
    if parted:
        result["groups"] = {group: scored(some) for group, some in parted.items()}
    if options.reading:
        result["reading"] = read_alone(parts, questions, options.reader)
    parts.database.close()
    if options.details:
        note_details(options.details, name, sides)
    say(f"{name}: done")
    if not options.json:
        only = f", only {options.only}" if options.only else ""
        print(f"\n{name}{only}: {len(questions)} questions\n{side_by_side(result['sides'])}")
        for group, some in result.get("groups", {}).items():
            count = some[OURS]["questions"]
            print(f"\n{name}, {options.by} {group}: {count} questions\n{side_by_side(some)}")
        if options.reading:
            print("\n" + reading_lines(result["reading"]))
    return result | {"outcomes": sides[0].outcomes}


def scored(sides: Sequence[Side]) -> dict[str, Any]:
    """The scores of each side by its name, seconds of getting ready with them."""
    found = {}
    for side in sides:
        scores = scores_of(side.outcomes)
        ready = side.ready_seconds
        scores["seconds"]["ready"] = None if ready is None else round(ready, 1)
        found[side.name] = scores
    return found


def read_alone(
    parts: Parts, questions: Sequence[ExamQuestion], folder: Path | None
) -> dict[str, Any]:
    """The reader's figures, without search in between."""
    from ragdesk.adapters.reader import OnnxReader
    from tests.benchmarks.quality_reading import reading_scores

    reader = OnnxReader(folder or asset("models", "minilm-reader"), threads=2)
    return reading_scores(parts, reader, questions, counting("reader alone"))


def note_details(file: Path, name: str, sides: Sequence[Side]) -> None:
    """One JSON line a question and side, to see where two runs differ."""
    with file.open("a", encoding="utf-8") as out:
        for side in sides:
            for one in side.outcomes:
                line = {
                    "set": name,
                    "side": side.name,
                    "id": one.question.id,
                    "kind": one.question.kind,
                    "lang": one.question.lang,
                    "question": one.question.question,
                    "answers": one.question.answers,
                    "rank": one.rank,
                    "given": one.given,
                    "f1": one.f1,
                    "refused": one.refused,
                    "strength": one.strength,
                    "right": one.right,
                }
                out.write(json.dumps(line, ensure_ascii=False) + "\n")


def _home(given: Path | None, work: Path, folder: str) -> Path:
    """Where a set's library is: `--home` itself, or below it or below the working folder."""
    if given is not None and (given / "library.db").exists():
        return given
    return (given or work) / folder


def parse(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    """The options."""
    parser = argparse.ArgumentParser(
        description=(__doc__ or "").partition("\n")[0],
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    default = os.environ.get("RAGDESK_DATA") or ROOT.parent / "shared/data"
    parser.add_argument("--data", type=Path, default=Path(default), help="the document sets")
    parser.add_argument("--set", nargs="+", choices=(*SETS, "all"), required=True)
    parser.add_argument("--home", type=Path, help="a library, or a folder with one for each set")
    parser.add_argument("--work", type=Path, help="keeps what was made for the next run")
    parser.add_argument("--only", metavar="KIND", help="only questions of this kind or language")
    parser.add_argument("--by", choices=("kind", "lang"), help="each kind or language alone too")
    parser.add_argument("--questions", type=Path, metavar="FILE", help="instead of the set's own")
    parser.add_argument("--baselines", action=argparse.BooleanOptionalAction, default=True)
    parser.add_argument("--reading", action="store_true", help="the reader alone too")
    parser.add_argument("--reader", type=Path, metavar="FOLDER", help="another one than ours")
    parser.add_argument(
        "--bins", action="store_true", help="how right answers of each strength are"
    )
    parser.add_argument("--details", type=Path, metavar="FILE", help="adds a line a question")
    parser.add_argument("--json", action="store_true", help="one object a set, one for all")
    return parser.parse_args(arguments)


def main() -> None:
    """Measure each set in turn; at the end, strength against rightness over all of them."""
    privacy.shut()
    options = parse()
    names = list(SETS) if "all" in options.set else list(dict.fromkeys(options.set))
    every: list[Outcome] = []
    with tempfile.TemporaryDirectory() as folder:
        work = options.work or Path(folder)
        work.mkdir(parents=True, exist_ok=True)
        for name in names:
            result = measure(name, options, work)
            every += result.pop("outcomes")
            if options.json:
                print(json.dumps(result, ensure_ascii=False), flush=True)
    strengths = strengths_of(every)
    total = {"sets": names, "calibration_error": calibration_error(strengths)}
    bins = bins_of(strengths)
    if options.json:
        total["bins"] = [[one.low, one.questions, one.strength, one.right] for one in bins]
        print(json.dumps(total))
        return
    if len(names) > 1:
        print(f"\ncalibration error over all: {total['calibration_error']:.3f}")
    if options.bins:
        print("\n" + bins_table(bins))


if __name__ == "__main__":
    main()
