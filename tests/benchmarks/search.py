"""How long one search takes in a library of many passages, with everything warm.

    python -m tests.benchmarks.search HOME DATA PASSAGES

Adds real document sets to the library in HOME until it holds so many passages, builds the index,
asks some questions to warm up and then others, each once (questions are kept, so that a second time
would cost less). Prints one JSON line.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from pathlib import Path

from ragdesk.engine.build import build_engine
from ragdesk.engine.engine import Engine
from ragdesk.messages import AddFiles
from ragdesk.services.retrieve import Retriever
from ragdesk.store.home import Home

SETS = ("financebench", "contracts", "squad", "handbook", "tables", "multilingual", "formats")
WARM_UP = 20
ASKED = 200


def fill(engine: Engine, data: Path, passages: int) -> None:
    """Add whole sets until there are so many passages, or no more sets."""
    for name in SETS:
        if engine.passages.count_vectors() >= passages:
            return
        engine.handle(AddFiles(paths=(str(data / name / "docs"),)))
        engine.run_until_idle()


def questions(data: Path) -> list[str]:
    """Different questions from the sets, in turn: all the first ones, all the second ones, ..."""
    files = [data / name / "questions.jsonl" for name in SETS]
    columns = [
        [json.loads(line)["question"] for line in file.read_text(encoding="utf-8").splitlines()]
        for file in files
        if file.is_file()
    ]
    longest = max(map(len, columns))
    rows = [[column[n] for column in columns if n < len(column)] for n in range(longest)]
    return list(dict.fromkeys(question for row in rows for question in row))


def main(home: str, data: Path, passages: int) -> None:
    """Fill, warm up, ask; print what it took."""
    engine = build_engine(Home(Path(home)), lambda event: None)
    engine.start()
    fill(engine, data, passages)
    retriever = Retriever(engine.passages, engine.documents, engine.embedder, engine.index)
    asked = questions(data)[: WARM_UP + ASKED]
    milliseconds = []
    for number, question in enumerate(asked):
        started = time.perf_counter()
        hits = retriever.retrieve(question)
        if number >= WARM_UP:
            milliseconds.append((time.perf_counter() - started) * 1000)
        assert hits, question
    result = {
        "passages": engine.passages.count_vectors(),
        "not_in_the_index": engine.passages.count_vectors(above=engine.index.covered()),
        "searches": len(milliseconds),
        "median_ms": statistics.median(milliseconds),
        "p95_ms": statistics.quantiles(milliseconds, n=20)[-1],
    }
    engine.stop()
    print(json.dumps(result))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]))
