"""What tuning the writer promises, on a small model of the llama family with random numbers."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ragdesk.adapters.writer_trainer import TorchWriterTrainer
from ragdesk.domain.chat import Message
from ragdesk.domain.protocols import ChildProcess, WriterTrainer
from ragdesk.domain.training import WriterLesson
from ragdesk.engine.child import Spawner
from ragdesk.errors import ChildDied, DiskFull, ModelUnusable, PartMissing
from tests import gguf_files

pytest.importorskip("torch")
pytest.importorskip("transformers")
pytest.importorskip("gguf")

from ragdesk.adapters.writer_file import heads_of, read_adapter, write_adapter
from ragdesk.adapters.writer_lessons import ALIKE, LONGEST, TOKENS, order, round_steps, sheets_of

STEPS, SEED = 5, 11
RULES = "Say it in few words."


def lesson(number: int) -> WriterLesson:
    asked = f"Item {number // 2} costs {number // 2 * 7} euro, says the list of the firm.\nItem?{number}"
    return WriterLesson((Message("system", RULES), Message("user", asked)), f"{number * 7} euro")


LESSONS = [lesson(number) for number in range(12)]


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
    trainer: WriterTrainer,
    folder: Path,
    base: Path,
    lessons: Sequence[WriterLesson] = LESSONS,
    *,
    start: Path | None = None,
    on_step: Callable[[int], None] = lambda step: None,
    stopped: Callable[[], bool] = lambda: False,
) -> bool:
    return trainer.train(
        lessons,
        STEPS,
        SEED,
        folder / "work",
        folder / "adapter.gguf",
        base=base,
        start=start,
        on_progress=lambda step, steps: on_step(step),
        stopped=stopped,
    )


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return gguf_files.write_random(tmp_path_factory.mktemp("base") / "base.gguf")


@pytest.fixture(scope="module")
def unbroken(base: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An adapter trained in one go."""
    folder = tmp_path_factory.mktemp("unbroken")
    seen: list[int] = []
    trainer = TorchWriterTrainer(Spawner(), threads=1)
    assert train(trainer, folder, base, on_step=seen.append)
    assert seen == list(range(1, STEPS + 1))
    return folder / "adapter.gguf"


def test_it_measures_in_seconds_and_steps(base: Path) -> None:
    seconds, steps = TorchWriterTrainer(Spawner(), threads=1).measure(
        LESSONS, base=base, start=None
    )
    assert 0 < seconds < 60
    assert 1 <= steps <= len(LESSONS)


def test_killed_and_stopped_at_any_moment_it_ends_in_the_same_bytes(
    base: Path, unbroken: Path, tmp_path: Path
) -> None:
    watched = Watched()
    # Without a checkpoint, then with one after every step; the last kill may hit the writing.
    for step, saved_every in ((1, 1e9), (2, 0.0), (STEPS, 0.0)):
        trainer = TorchWriterTrainer(watched, threads=1, saved_every=saved_every)

        def on_step(done: int, last: int = step) -> None:
            if done == last:
                watched.kill()

        with pytest.raises(ChildDied):
            train(trainer, tmp_path, base, on_step=on_step)
        assert not (tmp_path / "adapter.gguf").exists()
    seen: list[int] = []
    # More cores now: what was begun on one is ended on one.
    assert train(TorchWriterTrainer(Spawner(), threads=2), tmp_path, base, on_step=seen.append)
    assert seen in ([], [STEPS])
    assert (tmp_path / "adapter.gguf").read_bytes() == unbroken.read_bytes()


def test_stopped_it_goes_on_and_other_lessons_begin_anew(
    base: Path, unbroken: Path, tmp_path: Path
) -> None:
    trainer = TorchWriterTrainer(Spawner(), threads=1)
    seen: list[int] = []
    assert not train(
        trainer, tmp_path, base, LESSONS[:5], on_step=seen.append, stopped=lambda: bool(seen)
    )
    assert (tmp_path / "work" / "writer.pt").exists()
    seen.clear()
    assert not train(trainer, tmp_path, base, on_step=seen.append, stopped=lambda: len(seen) == 2)
    assert seen == [1, 2]
    assert not (tmp_path / "adapter.gguf").exists()
    assert train(trainer, tmp_path, base, on_step=seen.append)
    assert seen[2] >= 3  # what it did between the last word and the stop is not done again
    assert (tmp_path / "adapter.gguf").read_bytes() == unbroken.read_bytes()


def test_it_goes_on_from_an_adapter(base: Path, unbroken: Path, tmp_path: Path) -> None:
    heads, key_heads = heads_of(base)
    before = read_adapter(unbroken, heads=heads, key_heads=key_heads)
    trainer = TorchWriterTrainer(Spawner(), threads=1)
    assert train(trainer, tmp_path, base, start=unbroken)
    after = read_adapter(tmp_path / "adapter.gguf", heads=heads, key_heads=key_heads)
    assert (after.rank, after.alpha) == (before.rank, before.alpha)
    moved = [float(abs(after.matrices[name] - one).max()) for name, one in before.matrices.items()]
    assert 0 < max(moved) < 0.1  # a few steps from where it began, and not from anywhere else


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no disk that is always full here")
def test_on_a_full_disk_nothing_is_lost(base: Path, unbroken: Path, tmp_path: Path) -> None:
    trainer = TorchWriterTrainer(Spawner(), threads=1, saved_every=0.0)
    work = tmp_path / "work"
    work.mkdir()
    (work / "writer.pt.half").symlink_to("/dev/full")
    with pytest.raises(DiskFull):
        train(trainer, tmp_path, base)
    (work / "writer.pt.half").unlink()
    (tmp_path / "adapter.gguf.half").symlink_to("/dev/full")
    with pytest.raises(DiskFull):
        train(trainer, tmp_path, base)
    assert not (tmp_path / "adapter.gguf").exists()
    (tmp_path / "adapter.gguf.half").unlink()
    assert train(trainer, tmp_path, base)
    assert (tmp_path / "adapter.gguf").read_bytes() == unbroken.read_bytes()


@pytest.mark.parametrize("missing", ["torch", "transformers", "gguf"])
def test_without_the_part_for_tuning_it_says_which(
    base: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, missing: str
) -> None:
    away = f"raise ModuleNotFoundError('no {missing}', name='{missing}')"
    (tmp_path / f"{missing}.py").write_text(away)
    paths = [str(tmp_path), *sys.path]
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(path for path in paths if path))
    with pytest.raises(PartMissing) as caught:
        train(TorchWriterTrainer(Spawner(), threads=1), tmp_path, base)
    assert caught.value.params["part"] == missing


def test_what_cannot_be_tuned_is_left_alone(base: Path, unbroken: Path, tmp_path: Path) -> None:
    trainer = TorchWriterTrainer(Spawner(), threads=1)
    mixture = gguf_files.write_random(tmp_path / "mixture.gguf", experts=4)
    noise = tmp_path / "noise.gguf"
    noise.write_bytes(b"noise")
    for unusable in (mixture, noise, unbroken, tmp_path / "none.gguf"):
        with pytest.raises(ModelUnusable):
            train(trainer, tmp_path, unusable)
    other = gguf_files.write_adapter(tmp_path / "other.gguf")  # of other matrices
    for start in (other, base):
        with pytest.raises(ModelUnusable, match="adapter"):
            train(trainer, tmp_path, base, start=start)
    with pytest.raises(ValueError):
        train(trainer, tmp_path, base, [])
    assert not (tmp_path / "adapter.gguf").exists()


def test_what_is_written_can_be_read_again(tmp_path: Path) -> None:
    rng = np.random.default_rng(2)
    shapes = {"self_attn.q_proj": (16, 16), "self_attn.k_proj": (8, 16), "mlp.down_proj": (16, 24)}
    matrices = {}
    for block in range(2):
        for place, (out, into) in shapes.items():
            name = f"model.layers.{block}.{place}"
            matrices[f"{name}.lora_A"] = rng.normal(size=(2, into)).astype(np.float16)
            matrices[f"{name}.lora_B"] = rng.normal(size=(out, 2)).astype(np.float16)
    file = tmp_path / "adapter.gguf"
    write_adapter(file, matrices, heads=4, key_heads=2, alpha=8.0)
    read = read_adapter(file, heads=4, key_heads=2)
    assert (read.rank, read.alpha) == (2, 8.0)
    assert set(read.matrices) == set(matrices)
    assert all(np.array_equal(read.matrices[name], one) for name, one in matrices.items())
    assert [path.name for path in tmp_path.iterdir()] == ["adapter.gguf"]


def test_lessons_that_begin_alike_are_read_together_and_long_ones_left_out() -> None:
    rules, passage = list(range(50)), list(range(100, 300))
    alike = [([*rules, *passage, n], [1, 2]) for n in range(3)]
    other = ([*rules, *range(400, 600), 7], [1, 2])
    endless = ([*rules, *range(LONGEST)], [1])
    assert ALIKE < 250 / 251
    assert sheets_of([*alike, other, endless, alike[0]]) == [alike, [other], [alike[0]]]


def test_all_sheets_are_read_before_one_is_read_again() -> None:
    lengths = [200, 500, 300, 700, 250, 1200, 100]
    steps = round_steps(lengths, 50, SEED)
    numbers = order(lengths, 50, 3 * steps, SEED)
    first = [number for step in numbers[:steps] for number in step]
    assert sorted(first) == list(range(len(lengths)))
    assert all(
        len(step) == 1 or 50 + sum(lengths[n] - 50 for n in step) <= TOKENS for step in numbers
    )
    assert numbers == order(lengths, 50, 3 * steps, SEED)
    assert numbers != order(lengths, 50, 3 * steps, SEED + 1)
