"""A person's own models: GGUF files in the home's folder of models, called by their file names."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Callable
from pathlib import Path

from ..errors import DiskFull, ModelMissing, WrongUse
from ..store.home import Home, not_writable
from . import gguf

ENDING = ".gguf"
_PIECE = 8 << 20  # bytes copied between two looks

Progress = Callable[[str, float], None]  # what is being done, and how much of it (0 to 1)


def files(home: Home) -> dict[str, Path]:
    """Name and file of each. Adapters too: what they are is in their heads."""
    if not home.models.is_dir():
        return {}
    return {file.name: file for file in home.models.glob(f"*{ENDING}") if file.is_file()}


def add(home: Home, file: Path, progress: Progress) -> str:
    """Puts a file into the home, without taking room twice where the disk allows it. Its name there.

    Raises `WrongUse` (no model, a part of one, or a name that is taken), `DiskFull`,
    `HomeNotWritable`.
    """
    try:
        head = gguf.read(file)
    except OSError as error:
        raise WrongUse(detail=f"{file} cannot be opened ({error.strerror})") from error
    except gguf.NotGgufError as error:
        raise WrongUse(detail=f"{file} cannot be added: {error}") from error
    if head.parts > 1:
        detail = f"{file} is one of {head.parts} parts; put them together into one file first"
        raise WrongUse(detail=detail)
    if head.adapter:
        raise WrongUse(detail=f"{file} only changes another model and cannot answer by itself")
    name = file.stem + ENDING
    target = home.models / name
    if target.exists():
        raise WrongUse(detail=f"there is a model called {name} already")
    partial = target.with_name(name + ".partial")
    try:
        home.models.mkdir(mode=0o700, parents=True, exist_ok=True)
        partial.unlink(missing_ok=True)
        try:
            _link_or_copy(file, partial, head.bytes, progress)
            os.replace(partial, target)
        finally:
            partial.unlink(missing_ok=True)
    except OSError as error:
        raise not_writable(home.models, error) from error
    return name


def remove(home: Home, name: str) -> None:
    """Takes one away from the home. Raises `ModelMissing`, `HomeNotWritable`."""
    file = files(home).get(name)
    if file is None:
        raise ModelMissing(name=name)
    try:
        file.unlink()
    except OSError as error:
        raise not_writable(home.models, error) from error


def _link_or_copy(file: Path, target: Path, size: int, progress: Progress) -> None:
    with contextlib.suppress(OSError):  # another disk, or a file system without links
        os.link(file.resolve(), target)
        return
    if shutil.disk_usage(target.parent).free < size:
        raise DiskFull(home=str(target.parent))
    done = 0
    with file.open("rb") as source, target.open("wb") as copy:
        while piece := source.read(_PIECE):
            copy.write(piece)
            done += len(piece)
            progress("copying", min(done / size, 1.0))
        copy.flush()
        os.fsync(copy.fileno())
