"""A trainer of readers that learns nothing, at once: steps are counted, the base is handed on."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path

from ragdesk.domain.training import Lesson


class FakeReaderTrainer:
    """Hands on the reader in `base` under a name made of what it was to learn."""

    def __init__(self, base: Path, step: float = 0.01, writing: float = 0.1) -> None:
        """step, writing: the seconds that `measure` gives."""
        self._base, self._seconds = base, (step, writing)

    def measure(self, lessons: Sequence[Lesson]) -> tuple[float, float]:
        return self._seconds

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
        if not lessons or steps < 1:
            raise ValueError("nothing to learn")
        told = json.dumps([[asdict(lesson) for lesson in lessons], steps, seed])
        recipe = hashlib.sha256(told.encode()).hexdigest()
        work.mkdir(parents=True, exist_ok=True)
        noted = work / "reader.json"
        found = json.loads(noted.read_text()) if noted.exists() else {}
        done = found["done"] if found.get("recipe") == recipe else 0
        while done < steps:
            if stopped():
                return False
            done += 1
            noted.write_text(json.dumps({"recipe": recipe, "done": done}))
            on_progress(done, steps)
        shutil.copytree(self._base, folder, dirs_exist_ok=True)
        about = json.loads((folder / "model.json").read_text())
        about["name"] = f"{about['name'].split('/')[0]}-tuned/{recipe[:8]}"
        (folder / "model.json").write_text(json.dumps(about))
        return True
