"""What tuning the reader promises, held against the real trainer and the fake; then more."""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from ragdesk.adapters.reader import OnnxReader
from ragdesk.adapters.reader_trainer import TorchReaderTrainer
from ragdesk.domain.protocols import ChildProcess, ReaderTrainer
from ragdesk.domain.training import Lesson, LessonPassage
from ragdesk.engine.child import Spawner
from ragdesk.errors import ChildDied, DiskFull, ModelUnusable, PartMissing
from ragdesk.resources import asset
from tests.fakes_trainer import FakeReaderTrainer

pytest.importorskip("torch")
pytest.importorskip("onnx")

from tests.small_reader import make_small_reader
from tests.tiny_reader import make_tiny_reader

STEPS, SEED = 6, 11
FILES = ("model.json", "model.onnx", "tokenizer.json")


def lesson(number: int) -> Lesson:
    before, price = f"the item {number} costs ", str(number * 7)
    answers = LessonPassage(
        "list", f"{before}{price} euro", "span", (len(before), len(before + price))
    )
    other = LessonPassage("hours", f"room {number} is shut on sundays", "none")
    return Lesson(f"what is item {number}?", (answers, other))


LESSONS = [
    *(lesson(number) for number in range(1, 9)),
    Lesson("is it shut?", (LessonPassage("hours", "it is shut.", "yes", (0, 11)),)),
    Lesson("who painted it?", (LessonPassage("hours", "it is shut.", "none"),)),
    Lesson("where?", (LessonPassage("hall", "somewhere", "span"),)),  # where is not known
]


class Watched:
    """Starts children and keeps them, so that a test can kill the last one."""

    def __init__(self) -> None:
        self.children: list[ChildProcess] = []

    def __call__(self, module: str, arguments: Sequence[str] = (), **limits: Any) -> ChildProcess:
        self.children.append(Spawner()(module, arguments, **limits))
        return self.children[-1]

    def kill(self) -> None:
        os.kill(self.children[-1].pid, signal.SIGKILL)


def train(
    trainer: ReaderTrainer,
    folder: Path,
    lessons: Sequence[Lesson] = LESSONS,
    *,
    on_step: Callable[[int], None] = lambda step: None,
    stopped: Callable[[], bool] = lambda: False,
) -> bool:
    return trainer.train(
        lessons,
        STEPS,
        SEED,
        folder / "work",
        folder / "reader",
        on_progress=lambda step, steps: on_step(step),
        stopped=stopped,
    )


def files(folder: Path) -> dict[str, bytes]:
    return {name: (folder / name).read_bytes() for name in FILES}


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_small_reader(tmp_path_factory.mktemp("base") / "reader")


@pytest.fixture(scope="module")
def unbroken(base: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A reader tuned by the real trainer in one go."""
    folder = tmp_path_factory.mktemp("unbroken")
    before = files(base)
    assert train(TorchReaderTrainer(base, Spawner(), threads=1), folder)
    assert files(base) == before
    return folder / "reader"


@pytest.fixture(params=["fake", "real"])
def trainer(request: pytest.FixtureRequest, base: Path) -> ReaderTrainer:
    if request.param == "fake":
        return FakeReaderTrainer(base)
    return TorchReaderTrainer(base, Spawner(), threads=1)


class TestContract:
    def test_measures_in_seconds(self, trainer: ReaderTrainer) -> None:
        assert all(0 < seconds < 600 for seconds in trainer.measure(LESSONS))

    def test_stopped_and_started_again_it_goes_on_and_ends_the_same(
        self, trainer: ReaderTrainer, tmp_path: Path
    ) -> None:
        whole, broken = tmp_path / "whole", tmp_path / "broken"
        seen: list[int] = []
        assert train(trainer, whole, on_step=seen.append)
        assert seen == list(range(1, STEPS + 1))
        seen.clear()
        assert not train(trainer, broken, on_step=seen.append, stopped=lambda: 2 in seen)
        assert not (broken / "reader").exists()
        assert train(trainer, broken, on_step=seen.append)
        # What it did between the last word and the stop is not told, and not done again.
        assert seen == sorted(set(seen))
        assert {1, 2, STEPS} <= set(seen)
        assert files(broken / "reader") == files(whole / "reader")

    def test_what_it_writes_can_be_read_and_has_its_own_name(
        self, trainer: ReaderTrainer, base: Path, tmp_path: Path
    ) -> None:
        assert train(trainer, tmp_path)
        reader = OnnxReader(tmp_path / "reader")
        assert len(reader.read("what is it?", [("", "this is it"), ("a", "b c")])) == 2
        assert reader.name != OnnxReader(base).name
        assert sorted(path.name for path in (tmp_path / "reader").iterdir()) == sorted(FILES)

    def test_without_lessons_there_is_nothing_to_learn(
        self, trainer: ReaderTrainer, tmp_path: Path
    ) -> None:
        with pytest.raises(ValueError):
            train(trainer, tmp_path, [])


def test_killed_at_any_moment_it_ends_in_the_same_bytes(
    base: Path, unbroken: Path, tmp_path: Path
) -> None:
    watched = Watched()
    # After every step a checkpoint, and once none at all; the last kill hits the writing.
    for step, saved_every in ((1, 1e9), (2, 0.0), (4, 0.0), (STEPS, 0.0)):
        trainer = TorchReaderTrainer(base, watched, threads=1, saved_every=saved_every)
        seen: list[int] = []

        def on_step(done: int, last: int = step, seen: list[int] = seen) -> None:
            seen.append(done)
            if done == last:
                watched.kill()

        with pytest.raises(ChildDied):
            train(trainer, tmp_path, on_step=on_step)
        assert seen[-1] == step
        assert not (tmp_path / "reader").exists()
    seen = []
    # More cores now: what was begun on one is ended on one.
    assert train(TorchReaderTrainer(base, Spawner(), threads=2), tmp_path, on_step=seen.append)
    assert seen in ([], [STEPS])
    assert files(tmp_path / "reader") == files(unbroken)


def test_a_checkpoint_of_other_lessons_is_not_gone_on_from(
    base: Path, unbroken: Path, tmp_path: Path
) -> None:
    trainer = TorchReaderTrainer(base, Spawner(), threads=1, saved_every=0.0)
    seen: list[int] = []
    assert not train(
        trainer, tmp_path, LESSONS[:3], on_step=seen.append, stopped=lambda: len(seen) == 3
    )
    assert (tmp_path / "work" / "reader.pt").exists()
    seen.clear()
    assert train(trainer, tmp_path, on_step=seen.append)
    assert seen[0] == 1
    assert files(tmp_path / "reader") == files(unbroken)


def test_a_torn_checkpoint_is_passed_over(base: Path, unbroken: Path, tmp_path: Path) -> None:
    trainer = TorchReaderTrainer(base, Spawner(), threads=1, saved_every=0.0)
    seen: list[int] = []
    assert not train(trainer, tmp_path, on_step=seen.append, stopped=lambda: len(seen) == 2)
    checkpoint = tmp_path / "work" / "reader.pt"
    checkpoint.write_bytes(checkpoint.read_bytes()[:5000])
    assert train(trainer, tmp_path)
    assert files(tmp_path / "reader") == files(unbroken)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no disk that is always full here")
def test_on_a_full_disk_nothing_is_lost(base: Path, unbroken: Path, tmp_path: Path) -> None:
    trainer = TorchReaderTrainer(base, Spawner(), threads=1, saved_every=0.0)
    work = tmp_path / "work"
    work.mkdir()
    (work / "reader.pt.half").symlink_to("/dev/full")
    with pytest.raises(DiskFull):
        train(trainer, tmp_path)
    assert not (tmp_path / "reader").exists()
    (work / "reader.pt.half").unlink()
    assert train(trainer, tmp_path)
    assert files(tmp_path / "reader") == files(unbroken)


@pytest.mark.parametrize("missing", ["torch", "onnx"])
def test_without_the_part_for_tuning_it_says_which(
    base: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, missing: str
) -> None:
    away = f"raise ModuleNotFoundError('no {missing}', name='{missing}')"
    (tmp_path / f"{missing}.py").write_text(away)
    paths = [str(tmp_path), *sys.path]
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(path for path in paths if path))
    trainer = TorchReaderTrainer(base, Spawner(), threads=1)
    with pytest.raises(PartMissing) as caught:
        trainer.measure(LESSONS)
    assert caught.value.params["part"] == missing
    with pytest.raises(PartMissing):
        train(trainer, tmp_path)


def test_a_reader_of_another_make_is_left_alone(tmp_path: Path) -> None:
    tiny = make_tiny_reader(tmp_path / "tiny")
    with pytest.raises(ModelUnusable, match="tuned"):
        train(TorchReaderTrainer(tiny, Spawner(), threads=1), tmp_path)
    with pytest.raises(ModelUnusable):
        train(TorchReaderTrainer(tmp_path / "none", Spawner(), threads=1), tmp_path)
    assert not (tmp_path / "reader").exists()


def test_the_passage_that_was_taught_moves_away_from_the_other(base: Path, unbroken: Path) -> None:
    def apart(folder: Path) -> float:
        reader, total = OnnxReader(folder), 0.0
        for taught in LESSONS[:8]:
            right, wrong = reader.read(
                taught.question, [(one.context, one.text) for one in taught.passages]
            )
            total += right.there - wrong.there
        return total / 8

    assert apart(unbroken) > apart(base)


def test_its_description_is_whole(unbroken: Path) -> None:
    about = json.loads((unbroken / "model.json").read_text(encoding="utf-8"))
    assert about["name"].startswith("small-reader-1-tuned/")
    assert about["name"].endswith(about["sha256"][:8])


MACHINES = {"blue press": "ZX-9", "red saw": "KT-4", "green kiln": "BM-2"}
FACTS = {
    "how heavy is the {}?": ("The {} weighs {} kg.", 110),
    "how much power does the {} take?": ("{}: power {} kW, three phases.", 12),
    "in which hall does the {} stand?": ("The {} stands in hall {} beside the door.", 3),
    "when was the {} bought?": ("We bought the {} in {} from a dealer.", 1990),
    "how many people does the {} need?": ("At the {} work {} people in turn.", 2),
    "how long is the {}?": ("The bed of the {} is {} cm long.", 240),
    "what did the {} cost?": ("The {} was paid with {} euro in cash.", 5000),
    "how often is the {} oiled?": ("Oil goes into the {} every {} days.", 14),
    "what is the number of the {}?": ("{} has the number {} in our books.", 700),
    "how loud is the {}?": ("Near the {} it is {} decibels loud.", 71),
}


def machine_lessons(facts: Sequence[str]) -> list[Lesson]:
    """People ask for machines by names that stand in no passage; those have the firm's codes."""
    found = []
    for question in facts:
        text, number = FACTS[question]
        passages = {}
        for place, code in enumerate(MACHINES.values()):
            value = str(number + 3 * place)
            told = text.format(code, value)
            start = told.rindex(value)
            passages[code] = LessonPassage("Machines", told, "span", (start, start + len(value)))
        for name, code in MACHINES.items():
            others = (
                LessonPassage("Machines", one.text, "none")
                for other, one in passages.items()
                if other != code
            )
            found.append(Lesson(question.format(name), (passages[code], *others)))
    return found


@pytest.mark.slow
def test_the_shipped_reader_learns_what_the_firm_calls_its_machines(tmp_path: Path) -> None:
    shipped = asset("models", "minilm-reader")
    if not (shipped / "model.onnx").is_file():
        pytest.skip("the reader's model.onnx has not been made here")
    questions = list(FACTS)
    asked = machine_lessons(questions[7:])  # of which no lesson speaks

    def right(folder: Path) -> tuple[float, float]:
        """Of the questions: the share with the right passage first, and with the right words."""
        reader = OnnxReader(folder)
        first = marked = 0
        for one in asked:
            read = reader.read(one.question, [(p.context, p.text) for p in one.passages])
            first += max(read, key=lambda marks: marks.there) is read[0]
            best = read[0].marks[0]
            marked += (best.start, best.end) == one.passages[0].span
        return first / len(asked), marked / len(asked)

    trainer = TorchReaderTrainer(shipped, Spawner(), threads=2)
    trainer.train(
        machine_lessons(questions[:7]) * 2,
        60,
        SEED,
        tmp_path / "work",
        tmp_path / "reader",
        on_progress=lambda step, steps: None,
        stopped=lambda: False,
    )
    before, after = right(shipped), right(tmp_path / "reader")
    assert after[0] >= before[0] + 0.3, (before, after)
    assert after[1] >= before[1], (before, after)
    assert (tmp_path / "reader" / "model.onnx").stat().st_size < 30_000_000
