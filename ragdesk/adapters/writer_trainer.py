"""Tunes the language model that writes answers, in a child process that may be killed at any time.

`train` leaves in its folder `work`: `writer.json`, what is trained and by how many threads, and
`writer.pt`, the checkpoint. As with the reader, everything is settled before the first step, so that
whatever is killed and started again ends in the same bytes.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from ..domain.protocols import ChildProcess, Spawn
from ..domain.training import WriterLesson
from ..errors import ModelUnusable, PartMissing
from ..store.home import not_writable
from . import gguf
from .training_parent import BACKGROUND, SAVED_EVERY, STOPPING, said_next, settle, version

CHILD = "ragdesk.adapters.writer_trainer_child"
KINDS = ("llama",)  # of models, as GGUF calls them; the built-in one is of this kind
HOW = 'Set RagDesk up with its part "tuning". Without it the language model stays as it is.'


class TorchWriterTrainer:
    """`domain.protocols.WriterTrainer` by torch, for models of the llama family."""

    def __init__(self, spawn: Spawn, threads: int, saved_every: float = SAVED_EVERY) -> None:
        """threads: how many cores the child takes; saved_every: seconds between two checkpoints."""
        self._spawn, self._threads, self._saved_every = spawn, threads, saved_every

    def measure(
        self, lessons: Sequence[WriterLesson], *, base: Path, start: Path | None
    ) -> tuple[float, int]:
        """Seconds a step, measured by a few, and in how many steps all lessons are learned once.

        Raises as `train`.
        """
        if not lessons:
            raise ValueError("nothing to learn")
        order = {"do": "measure", "threads": self._threads, **_about(lessons, base, start)}
        child = self._spawn(CHILD, nice=BACKGROUND)
        try:
            child.send(order)
            told = self._told(child, base, lambda: False)
        finally:
            child.kill()
        assert told is not None
        return float(told["step"]), int(told["round"])

    def train(
        self,
        lessons: Sequence[WriterLesson],
        steps: int,
        seed: int,
        work: Path,
        target: Path,
        *,
        base: Path,
        start: Path | None,
        on_progress: Callable[[int, int], None],
        stopped: Callable[[], bool],
    ) -> bool:
        """Learns `lessons` for `steps` steps and writes an adapter; False when it was stopped.

        base: the model's own GGUF file, as it is served; start: the adapter that is gone on from,
        None for a new one; target: the adapter's file. Checkpoints lie in `work`. Raises `ValueError`
        without lessons or steps, `PartMissing`, `ModelUnusable` (a model of another kind, an adapter
        that does not fit it), `ChildDied`, `DiskFull`, `HomeNotWritable`.
        """
        if not lessons or steps < 1:
            raise ValueError("nothing to learn")
        order = {**_about(lessons, base, start), "steps": steps, "seed": seed}
        threads = settle(work, "writer", _recipe(order, base, start), self._threads)
        order |= {"do": "train", "threads": threads, "saved_every": self._saved_every}
        order |= {"work": str(work), "target": str(target)}
        child = self._spawn(CHILD, nice=BACKGROUND)
        try:
            child.send(order)
            while (told := self._told(child, base, stopped)) is not None:
                if "written" in told:
                    return True
                on_progress(told["step"], steps)
            child.close(STOPPING)  # its input ends: it saves and leaves
            return False
        finally:
            child.kill()

    def _told(
        self, child: ChildProcess, base: Path, stopped: Callable[[], bool]
    ) -> dict[str, Any] | None:
        """What the child says next, None when it is to stop. Raises what it failed by."""
        told = said_next(child, stopped, CHILD)
        if told is None or "failed" not in told:
            return told
        if told["failed"] == "part":
            raise PartMissing(part=told["detail"], how=HOW)
        if told["failed"] == "model":
            raise ModelUnusable(path=str(base), detail=told["detail"])
        raise not_writable(Path(told["path"]), OSError(told["errno"], told["detail"]))


def _about(lessons: Sequence[WriterLesson], base: Path, start: Path | None) -> dict[str, Any]:
    """The order's beginning. Raises `ModelUnusable`."""
    try:
        head = gguf.read(base)
        if start is not None:
            gguf.read(start)
    except (gguf.NotGgufError, OSError) as error:
        raise ModelUnusable(path=str(base), detail=str(error)) from error
    if head.architecture not in KINDS or head.experts or head.adapter:
        detail = f"models of the kind {head.architecture or 'unknown'} cannot be tuned here"
        raise ModelUnusable(path=str(base), detail=detail)
    return {
        "base": str(base),
        "start": str(start) if start else None,
        "marks": list(head.marks),
        "lessons": [asdict(lesson) for lesson in lessons],
    }


def _recipe(order: dict[str, Any], base: Path, start: Path | None) -> str:
    """A digest of all that the trained bytes depend on, threads left out."""
    what = {name: value for name, value in order.items() if name not in ("base", "start")}
    what["files"] = [_digest(base), _digest(start) if start else ""]
    what["parts"] = [version(part) for part in ("torch", "transformers")]
    return hashlib.sha256(json.dumps(what).encode()).hexdigest()


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
