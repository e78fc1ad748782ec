"""Tunes the reader in a child process of its own, which may be killed at any time.

`train` leaves in its folder `work`: `reader.json`, what is trained and by how many threads, and
`reader.pt`, the checkpoint. Steps, their order and the number of threads are settled before the
first one, so that whatever is killed and started again ends in the same bytes.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from ..domain.protocols import ChildProcess, Spawn
from ..domain.training import Lesson
from ..errors import ModelUnusable, PartMissing
from ..store.home import not_writable
from .training_parent import BACKGROUND, SAVED_EVERY, STOPPING, said_next, settle, version

CHILD = "ragdesk.adapters.reader_trainer_child"
HOW = 'Set RagDesk up with its part "tuning". Without it the reader stays as it is.'


class TorchReaderTrainer:
    """`domain.protocols.ReaderTrainer` for the reader in `base`, by torch."""

    def __init__(
        self, base: Path, spawn: Spawn, threads: int, saved_every: float = SAVED_EVERY
    ) -> None:
        """base: a folder as `adapters.reader` reads it, made by `reader_graph`; it stays as it is.

        threads: how many cores the child takes; saved_every: seconds between two checkpoints.
        """
        self._base, self._spawn = base, spawn
        self._threads, self._saved_every = threads, saved_every

    def measure(self, lessons: Sequence[Lesson]) -> tuple[float, float]:
        """Seconds a step, and seconds to write the tuned reader, by a few of each.

        Raises `PartMissing`, `ModelUnusable`, `ChildDied`.
        """
        order = {"do": "measure", "threads": self._threads, **self._about(lessons)}
        child = self._spawn(CHILD, nice=BACKGROUND)
        try:
            child.send(order)
            told = self._told(child, lambda: False)
        finally:
            child.kill()
        assert told is not None
        return float(told["step"]), float(told["writing"])

    def train(
        self,
        lessons: Sequence[Lesson],
        steps: int,
        seed: int,
        work: Path,
        folder: Path,
        *,
        on_progress: Callable[[int, int], None],
        stopped: Callable[[], bool],
    ) -> bool:
        """Learns `lessons` for `steps` steps and writes a reader's folder; False when it was stopped.

        Checkpoints lie in `work`. Raises `ValueError` without lessons or steps, `PartMissing`,
        `ModelUnusable`, `ChildDied`, `DiskFull`, `HomeNotWritable`.
        """
        if not lessons or steps < 1:
            raise ValueError("nothing to learn")
        order = {**self._about(lessons), "steps": steps, "seed": seed}
        threads = self._settled(work, order)
        order |= {"do": "train", "threads": threads, "saved_every": self._saved_every}
        order |= {"work": str(work), "folder": str(folder)}
        child = self._spawn(CHILD, nice=BACKGROUND)
        try:
            child.send(order)
            done = 0
            while (told := self._told(child, stopped)) is not None:
                if "written" in told:
                    return True
                done = told["step"]
                on_progress(done, steps)
            if done < steps:  # while it writes there is nothing left to save
                child.close(STOPPING)  # its input ends: it saves and leaves
            return False
        finally:
            child.kill()

    def _about(self, lessons: Sequence[Lesson]) -> dict[str, Any]:
        return {"base": str(self._base), "lessons": [asdict(lesson) for lesson in lessons]}

    def _settled(self, work: Path, order: dict[str, Any]) -> int:
        """The threads of what is trained; a checkpoint of something else is thrown away."""
        try:
            base = (self._base / "model.json").read_bytes()
        except OSError as error:
            raise ModelUnusable(path=str(self._base), detail=str(error)) from error
        what = {name: value for name, value in order.items() if name != "base"}
        what["torch"] = version("torch")
        recipe = hashlib.sha256(json.dumps(what).encode() + base).hexdigest()
        return settle(work, "reader", recipe, self._threads)

    def _told(self, child: ChildProcess, stopped: Callable[[], bool]) -> dict[str, Any] | None:
        """What the child says next, None when it is to stop. Raises what it failed by."""
        told = said_next(child, stopped, CHILD)
        if told is not None and "failed" in told:
            raise self._failure(told)
        return told

    def _failure(self, told: dict[str, Any]) -> Exception:
        if told["failed"] == "part":
            return PartMissing(part=told["detail"], how=HOW)
        if told["failed"] == "reader":
            return ModelUnusable(path=str(self._base), detail=told["detail"])
        return not_writable(Path(told["path"]), OSError(told["errno"], told["detail"]))
