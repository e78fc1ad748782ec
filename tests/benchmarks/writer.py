"""How well a language model writes answers from three passages of which one is the right one.

    python -m tests.benchmarks.writer --set squad --home LIBRARY --model FILE.gguf
    python -m tests.benchmarks.writer --set handbook --home LIBRARY --model FILE.gguf --adapter none
    python -m tests.benchmarks.writer --set squad --home LIBRARY --quotes

LIBRARY is a home that has read the set (it is not changed). The passages are those of
`quality_reading.py`: the one that holds the evidence and the two best found that do not, in an
order drawn by the question; an unanswerable question gets the three best found. The model is served
as in the program and asked as the program asks. `--adapter` is ours unless another file or "none"
is named. `--quotes` is the reader's words from the same passages instead. `--passages FILE` keeps
the passages from one run to the next; `--details FILE` gets every answer. Prints one JSON line.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ragdesk.domain.examination import ExamQuestion
from ragdesk.domain.protocols import ChatModel
from ragdesk.resources import asset
from ragdesk.services.arrive import MARKER, clean
from ragdesk.services.compare import f1, normal
from ragdesk.services.prompt import messages
from ragdesk.services.refuse import refuses
from ragdesk.services.score import wilson

SETS = ("squad", "handbook")
ADAPTER = asset("models", "writer") / "writer.gguf"
MOST = 160  # tokens of an answer
Passage = tuple[str, str]  # title and headings, text


@dataclass(frozen=True, slots=True)
class Task:
    """A question and what it is asked of. `right`: the number of the passage, 0 where none."""

    id: str
    question: str
    answers: tuple[str, ...]
    passages: tuple[Passage, ...]
    right: int


@dataclass(frozen=True, slots=True)
class Given:
    """What was answered: "" and no passages for a refusal."""

    text: str
    cited: tuple[int, ...]
    refused: bool
    seconds: float


def tasks(folder: Path, home: Path, kept: Path | None) -> list[Task]:
    """All questions of a set that have passages; from the file `kept` where it is there."""
    if kept is not None and kept.exists():
        lines = json.loads(kept.read_text(encoding="utf-8"))
        return [
            Task(one["id"], one["question"], tuple(one["answers"]), _pairs(one), one["right"])
            for one in lines
        ]
    from ragdesk.engine.build import build_reader
    from ragdesk.services.examine import load_questions
    from ragdesk.store.home import Home
    from tests.benchmarks.quality_reading import handed

    parts = build_reader(Home(home))
    made = []
    for question in load_questions(folder / "questions.jsonl"):
        passages = handed(parts, question)
        if len(passages) > 1:
            made.append(_task(question, passages))
    parts.database.close()
    if kept is not None:
        fields = [{name: getattr(one, name) for name in Task.__slots__} for one in made]
        kept.write_text(json.dumps(fields, ensure_ascii=False), encoding="utf-8")
    return made


def _pairs(kept: dict[str, Any]) -> tuple[Passage, ...]:
    return tuple((heading, text) for heading, text in kept["passages"])


def _task(question: ExamQuestion, passages: Sequence[Passage]) -> Task:
    """The right passage comes first in `passages`, and goes to a place that the question draws."""
    order = list(range(len(passages)))
    random.Random(question.question).shuffle(order)
    right = order.index(0) + 1 if question.answerable else 0
    shown = tuple(passages[number] for number in order)
    return Task(question.id, question.question, tuple(question.answers), shown, right)


@contextmanager
def served(model: Path, adapter: Path | None) -> Iterator[Callable[[Task], Given]]:
    """What asks the model, in the built-in server; it is gone afterwards."""
    from ragdesk.adapters.llama_server import LlamaServer
    from ragdesk.engine.child import Spawner
    from ragdesk.store.home import Home

    with tempfile.TemporaryDirectory() as folder:
        home = Home(Path(folder))
        home.models.mkdir(parents=True)
        os.symlink(model.resolve(), home.models / model.name)
        server = LlamaServer(home, Spawner(os.devnull))
        chat = server.open(model.name, adapter)
        try:
            yield lambda task: written(chat, task)
        finally:
            server.close()


def written(chat: ChatModel, task: Task) -> Given:
    began = time.perf_counter()
    asked = messages(task.question, task.passages)
    raw = "".join(delta.text for delta in chat.chat(asked, most=MOST))
    seconds = time.perf_counter() - began
    shown = clean(raw, [text for _, text in task.passages])
    if refuses(shown.text):
        return Given("", (), True, seconds)
    return Given(MARKER.sub("", shown.text).strip(), tuple(shown.cited), False, seconds)


@contextmanager
def quoted() -> Iterator[Callable[[Task], Given]]:
    """The reader's words of the passage that it finds likeliest to answer."""
    from ragdesk.adapters.reader import OnnxReader
    from tests.benchmarks.quality_reading import said

    reader = OnnxReader(asset("models", "minilm-reader"), threads=1)

    def ask(task: Task) -> Given:
        began = time.perf_counter()
        read = reader.read(task.question, task.passages)
        best = max(range(len(read)), key=lambda number: read[number].there)
        text = said(read[best], task.passages[best][1])
        seconds = time.perf_counter() - began
        if read[best].there < 0:
            return Given("", (), True, seconds)
        return Given(text, (best + 1,), False, seconds)

    yield ask


def figures(asked: Sequence[tuple[Task, Given]]) -> dict[str, Any]:
    """Shares, with their 95 % intervals. F1 of a refusal is 0; `f1_given` leaves refusals out."""
    there = [(task, given) for task, given in asked if task.right]
    spoken = [(task, given) for task, given in there if not given.refused]
    f1s = [max(f1(given.text, answer) for answer in task.answers) for task, given in there]
    exact = [
        any(normal(given.text) == normal(answer) for answer in task.answers)
        for task, given in there
    ]
    cited = [given.cited == (task.right,) for task, given in spoken]
    wrong = [given.refused for _, given in there]
    right = [given.refused for task, given in asked if not task.right]
    seconds = sorted(given.seconds for _, given in asked)
    return {
        "questions": len(asked),
        "f1": _mean(f1s),
        "f1_given": round(sum(f1s) / len(spoken), 4) if spoken else None,
        "exact": _mean(exact),
        "cited_rightly": _mean(cited),
        "cited_at_all": _mean([bool(given.cited) for _, given in spoken]),
        "refused_right": _mean(right),
        "refused_wrong": _mean(wrong),
        "ranges": {
            "exact": wilson(exact),
            "cited_rightly": wilson(cited),
            "refused_right": wilson(right),
            "refused_wrong": wilson(wrong),
        },
        "seconds_median": round(seconds[len(seconds) // 2], 2),
    }


def _mean(values: Sequence[float]) -> float | None:
    return round(sum(values) / len(values), 4) if values else None


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--set", choices=SETS, required=True)
    arguments.add_argument("--data", type=Path, default=Path("../shared/data"))
    arguments.add_argument("--home", type=Path, required=True)
    arguments.add_argument("--model", type=Path)
    arguments.add_argument("--adapter", default=str(ADAPTER))
    arguments.add_argument("--quotes", action="store_true")
    arguments.add_argument("--passages", type=Path)
    arguments.add_argument("--details", type=Path)
    arguments.add_argument("--limit", type=int, help="so many questions, evenly taken")
    options = arguments.parse_args()
    found = tasks(options.data / options.set, options.home, options.passages)
    if options.limit and options.limit < len(found):
        found = [found[n * len(found) // options.limit] for n in range(options.limit)]
    adapter = None if options.adapter == "none" else Path(options.adapter)
    with quoted() if options.quotes else served(options.model, adapter) as ask:
        asked = [(task, ask(task)) for task in found]
    if options.details:
        with options.details.open("w", encoding="utf-8") as out:
            for task, given in asked:
                line: dict[str, Any] = {
                    "id": task.id,
                    "question": task.question,
                    "answers": task.answers,
                }
                line |= {"right": task.right, "given": given.text, "cited": given.cited}
                print(json.dumps(line | {"refused": given.refused}, ensure_ascii=False), file=out)
    print(json.dumps({"set": options.set, **figures(asked)}))


if __name__ == "__main__":
    main()
