"""What every child that trains a model does alike: its threads, its checkpoints, when it ends."""

from __future__ import annotations

import importlib
import io
import os
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from .child_pipe import Tell


def settle_threads(threads: int) -> None:
    """Before numpy and torch are loaded: how work is shared out may change the last bits."""
    for name in ("OMP", "OPENBLAS", "MKL", "VECLIB_MAXIMUM"):
        os.environ[f"{name}_NUM_THREADS"] = str(threads)
    os.environ["MKL_DYNAMIC"] = os.environ["OMP_DYNAMIC"] = "FALSE"


def carry_out(
    order: dict[str, Any],
    tell: Tell,
    does: Mapping[str, Callable[[dict[str, Any], Tell], None]],
    needs: Sequence[str],
    unusable: Callable[[], type[Exception]],
    named: str,
) -> None:
    """Does what was ordered; what cannot be is told with {"failed"}.

    `needs` are the packages without which nothing can be done ("part"); what it goes on from being
    of no use raises the error that `unusable` gives, once these are there, and is told as `named`.
    """
    try:
        for package in needs:
            importlib.import_module(package)
    except ImportError as error:
        tell({"failed": "part", "detail": error.name or str(error)})
        return
    try:
        does[order["do"]](order, tell)
    except unusable() as error:
        tell({"failed": named, "detail": str(error)})
    except OSError as error:
        path = error.filename or order.get("work", order["base"])
        tell({"failed": "disk", "errno": error.errno, "detail": str(error), "path": str(path)})


def when_input_ends() -> threading.Event:
    """Set when the parent closes our input."""
    ended = threading.Event()

    def wait() -> None:
        sys.stdin.read()
        ended.set()

    threading.Thread(target=wait, name="input", daemon=True).start()
    return ended


def save_state(state: dict[str, Any], path: Path) -> None:
    """Writes a checkpoint whole or not at all. Raises `OSError`."""
    import torch

    data = io.BytesIO()
    torch.save(state, data)
    write_whole(path, data.getbuffer())


def load_state(path: Path) -> dict[str, Any] | None:
    """A checkpoint's state; None where there is none, or a torn one."""
    import torch

    try:
        state: dict[str, Any] = torch.load(path, weights_only=True, map_location="cpu")
    except Exception:  # noqa: BLE001  (whatever a torn file makes of it: from the start, then)
        return None
    return state


def write_whole(path: Path, data: bytes | memoryview) -> None:
    """Writes a file whole or not at all. Raises `OSError`."""
    half = path.with_name(f"{path.name}.half")
    with half.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    os.replace(half, path)
