"""Finds the files that a person meant: walks folders, leaves out what is no document."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass

# Left behind by other programs; nobody means them when dropping a folder.
_LITTER = {".ds_store", "thumbs.db", "desktop.ini", "icon\r"}
_LITTER_STARTS = ("~$", ".~lock.", "._")


@dataclass(frozen=True, slots=True)
class Found:
    """A file on disk. `path` is the argument plus the way below it.

    Size (bytes) and time (ns) are 0 where the file cannot be looked at.
    """

    absolute: str
    path: str
    size: int = 0
    modified_ns: int = 0


def scan(argument: str) -> Iterator[Found]:
    """The files of one argument, folders in alphabetical order; links are followed, loops only once.

    A file that was named itself is always given, even when it is missing: its verdict says so.
    """
    absolute = os.path.abspath(argument)
    if os.path.isdir(absolute):
        yield from _below(absolute, argument.rstrip("/" + os.sep) or argument, set())
    else:
        yield look(absolute, argument)


def look(absolute: str, path: str) -> Found:
    """What the file system says of one file."""
    try:
        about = os.stat(absolute)
    except (OSError, ValueError):
        return Found(absolute, path)
    size = about.st_size if stat.S_ISREG(about.st_mode) else 0
    return Found(absolute, path, size, about.st_mtime_ns)


def _below(folder: str, path: str, seen: set[tuple[int, int]]) -> Iterator[Found]:
    try:
        about = os.stat(folder)
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError:
        yield Found(folder, path)  # a folder that cannot be opened is told, not passed over
        return
    if (about.st_dev, about.st_ino) in seen:
        return
    seen.add((about.st_dev, about.st_ino))
    for entry in entries:
        name = entry.name
        if name.lower() in _LITTER or name.startswith(_LITTER_STARTS):
            continue
        below = os.path.join(path, name)
        if _is_folder(entry):
            if not name.startswith("."):  # .git and its like hold no documents
                yield from _below(entry.path, below, seen)
        else:
            yield look(entry.path, below)


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False
