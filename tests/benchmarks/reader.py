"""The shipped reader beside its exact form: do they mark the same, and how long does each take.

    python assets/models/minilm-reader/make.py DATA CHECKPOINT --to FOLDER --float32 EXACT
    python -m tests.benchmarks.reader DATA EXACT [--shipped FOLDER] [--times N]

DATA is the folder that the reader was trained on; only questions held out of the training are read
here. Both readers run in turn, ten passages at a time, in one process on two threads. Prints one
JSON line.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

from ragdesk.adapters.reader import OnnxReader
from ragdesk.domain.conversation import Marks
from ragdesk.resources import asset

FOLDER = asset("models", "minilm-reader")
PAIRS = 200  # questions and passages that both mark
AT_ONCE, TOKENS = 10, 200  # passages of a timed reading, and how long each is
THREADS = 2

Pair = tuple[str, str]


def pairs(data: Path) -> list[Pair]:
    """Held-out questions, each with a passage that answers or does not."""
    sys.path.insert(0, str(FOLDER))
    from data import Groups, load  # type: ignore[import-not-found]  # it lies in that folder

    lines = load(data, seed=1)
    groups = Groups(lines, [()] * len(lines), seed=1).round(held_out=True)
    return [(group.question, passage.text) for group in groups for passage in group.passages]


def told(marks: Marks) -> tuple[str, int, int]:
    """What a person would be told: yes, no, the marked words, or that they are not there."""
    best = marks.marks[0] if marks.marks and marks.marks[0].score > 0 else None
    place = (best.start, best.end) if best else (0, 0)
    kinds = {"yes": marks.yes, "no": marks.no, "words": 1 - marks.yes - marks.no}
    return max(kinds, key=lambda kind: kinds[kind]), *place


def agreement(shipped: OnnxReader, exact: OnnxReader, asked: Sequence[Pair]) -> dict[str, float]:
    """Shares of the pairs; `marked` counts those alone where the exact one marks something."""
    both = [
        (shipped.read(question, [("", text)])[0], exact.read(question, [("", text)])[0])
        for question, text in asked
    ]
    same = [told(ours) == told(theirs) for ours, theirs in both]
    best = [
        (ours.marks[0].start, ours.marks[0].end) == (theirs.marks[0].start, theirs.marks[0].end)
        for ours, theirs in both
        if ours.marks and theirs.marks
    ]
    marked = [equal for equal, (_, theirs) in zip(same, both, strict=True) if told(theirs)[2]]
    off = [abs(ours.there - theirs.there) for ours, theirs in both]
    return {
        "pairs": len(both),
        "told_the_same": round(statistics.mean(same), 4),
        "marked": len(marked),
        "marked_the_same": round(statistics.mean(marked), 4) if marked else 0.0,
        "best_mark_the_same": round(statistics.mean(best), 4),
        "there_same_side": round(
            statistics.mean((ours.there > 0) == (theirs.there > 0) for ours, theirs in both), 4
        ),
        "there_off_mean": round(statistics.mean(off), 3),
        "there_off_most": round(max(off), 3),
    }


def milliseconds(
    readers: Sequence[OnnxReader], asked: Sequence[Pair], times: int
) -> dict[str, list[float]]:
    """What each reading of ten passages took, the readers in turn."""
    passages = [("", text) for text in even(text for _, text in asked)]
    taken: dict[str, list[float]] = {reader.name: [] for reader in readers}
    for number in range(times + 2):  # the first two warm up
        first = number * AT_ONCE % (len(passages) - AT_ONCE)
        for reader in readers:
            started = time.perf_counter()
            reader.read(asked[number][0], passages[first : first + AT_ONCE])
            if number >= 2:
                taken[reader.name].append((time.perf_counter() - started) * 1000)
    return taken


def even(texts: Iterable[str]) -> list[str]:
    """The same words in passages of `TOKENS` each."""
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(FOLDER / "tokenizer.json"))
    whole = "\n".join(texts)
    places = tokenizer.encode(whole, add_special_tokens=False).offsets
    firsts = range(0, len(places) - TOKENS, TOKENS)
    return [whole[places[n][0] : places[n + TOKENS - 1][1]] for n in firsts]


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("data", type=Path)
    arguments.add_argument("exact", type=Path)
    arguments.add_argument("--shipped", type=Path, default=FOLDER)
    arguments.add_argument("--times", type=int, default=20)
    given = arguments.parse_args()
    shipped, exact = (OnnxReader(folder, THREADS) for folder in (given.shipped, given.exact))
    asked = pairs(given.data)
    figures: dict[str, object] = dict(agreement(shipped, exact, asked[:PAIRS]))
    taken = milliseconds([shipped, exact], asked, given.times) if given.times else {}
    for reader, name in ((shipped, "shipped"), (exact, "exact")):
        if taken.get(reader.name):
            figures[f"{name}_ms"] = round(statistics.median(taken[reader.name]))
            figures[f"{name}_ms_most"] = round(max(taken[reader.name]))
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
