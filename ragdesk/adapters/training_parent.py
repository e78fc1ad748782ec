"""How a child that trains a model is spoken to: what it goes on from, and what it says."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from importlib import metadata
from pathlib import Path
from typing import Any

from ..domain.protocols import ChildProcess
from ..errors import ChildDied, ChildTimedOut
from ..store.home import not_writable

BACKGROUND = 10  # niceness: a person goes on working
SILENCE = 900.0  # seconds without a word after which a child is given up
LISTENING = 0.5  # seconds between two looks at whether to stop
STOPPING = 30.0  # seconds that a stopped child has for its checkpoint
SAVED_EVERY = 20.0  # seconds between two checkpoints


def settle(work: Path, name: str, recipe: str, threads: int) -> int:
    """The threads of what is trained in `work`; a checkpoint of another recipe is thrown away.

    Noted in `name`.json beside the checkpoint `name`.pt. Raises `DiskFull`, `HomeNotWritable`.
    """
    settled = work / f"{name}.json"
    try:
        work.mkdir(parents=True, exist_ok=True)
        try:
            found = json.loads(settled.read_text(encoding="utf-8"))
            if found["recipe"] == recipe:
                return int(found["threads"])
        except (OSError, ValueError, KeyError, TypeError):
            pass  # none yet, or one that was cut off: then there is no checkpoint to go with it
        (work / f"{name}.pt").unlink(missing_ok=True)
        half = work / f"{name}.json.half"
        half.write_text(json.dumps({"recipe": recipe, "threads": threads}), encoding="utf-8")
        os.replace(half, settled)
    except OSError as error:
        raise not_writable(work, error) from error
    return threads


def said_next(
    child: ChildProcess, stopped: Callable[[], bool], module: str
) -> dict[str, Any] | None:
    """What the child says next, None when it is to stop. Raises `ChildDied`."""
    silent_since = time.monotonic()
    while not stopped():
        try:
            return child.receive(LISTENING)
        except ChildTimedOut:
            if time.monotonic() - silent_since > SILENCE:
                raise ChildDied(what=module, status="silent") from None
    return None


def version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return ""
