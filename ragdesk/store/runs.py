"""What a build has done so far, on disk: its recipe, and a journal that is only added to.

Each unit of work (a passage handed to the teacher, a question asked) is one line under a key made
of what went in and of the recipe. A build that was killed finds there what it need not do again,
and ends in the same files as one that was not.
"""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path
from typing import Any

from .home import not_writable


class Run:
    """The folder of one build."""

    def __init__(self, folder: Path) -> None:
        """Raises `HomeNotWritable`, `DiskFull`."""
        self.folder = folder
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise not_writable(folder, error) from error
        self._known: dict[str, Any] | None = None

    @property
    def recipe(self) -> dict[str, Any] | None:
        """What was settled before anything was done; None until `settle`."""
        try:
            found: dict[str, Any] = json.loads((self.folder / "recipe.json").read_text("utf-8"))
        except (OSError, ValueError):
            return None
        return found

    def settle(self, recipe: dict[str, Any]) -> None:
        """Writes the recipe whole or not at all. Raises `HomeNotWritable`, `DiskFull`."""
        half = self.folder / "recipe.half"
        try:
            with half.open("w", encoding="utf-8") as file:
                json.dump(recipe, file, indent=1, sort_keys=True)
                file.flush()
                os.fsync(file.fileno())
            os.replace(half, self.folder / "recipe.json")
        except OSError as error:
            raise not_writable(self.folder, error) from error

    def done(self, *parts: object) -> Any:
        """What a unit of work came to, None where it is still to be done. Raises `HomeNotWritable`."""
        return self._all().get(key_of(*parts))

    def note(self, result: Any, *parts: object) -> None:
        """Adds what a unit came to, as JSON; nothing is added where not all of it can be.

        Raises `HomeNotWritable`, `DiskFull`.
        """
        known = self._all()  # first, for it cuts off what a crash left of a line
        key = key_of(*parts)
        line = json.dumps({"key": key, "result": result})
        try:
            self._append(line.encode() + b"\n")
        except OSError as error:
            raise not_writable(self.folder, error) from error
        known[key] = json.loads(line)["result"]  # the same as after a start anew: lists, not tuples

    def _append(self, line: bytes) -> None:
        """Whole or not at all: half a line would take those behind it with it."""
        with self._journal.open("ab", buffering=0) as file:
            before = file.seek(0, os.SEEK_END)
            try:
                written = file.write(line)
                while written < len(line):  # a disk that fills takes a part, then complains
                    written += file.write(line[written:])
                os.fsync(file.fileno())
            except OSError:
                file.truncate(before)
                raise

    @property
    def _journal(self) -> Path:
        return self.folder / "journal.jsonl"

    def _all(self) -> dict[str, Any]:
        """Key → result; a line that a crash cut short counts as not done, and is cut off."""
        if self._known is None:
            known: dict[str, Any] = {}
            whole = 0
            try:
                data = self._journal.read_bytes() if self._journal.exists() else b""
                for line in data.splitlines(keepends=True):
                    if not line.endswith(b"\n"):
                        break
                    try:
                        found = json.loads(line)
                        known[found["key"]] = found["result"]
                    except (
                        ValueError,
                        TypeError,
                        KeyError,
                    ):  # a disk may have lost what was written
                        break
                    whole += len(line)
                if whole < len(data):
                    os.truncate(self._journal, whole)
            except OSError as error:
                raise not_writable(self.folder, error) from error
            self._known = known
        return self._known


def key_of(*parts: object) -> str:
    """One key of what went into a unit of work; parts are told apart."""
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:32]
