"""The file behind a document: whether it still is what was read."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from ...domain.document import Place, PlacedDocument

# A file with another time of change but the same bytes is the same; larger ones are not looked into.
MOST_HASHED = 32 * 1024 * 1024


class Condition(Enum):
    """What became of a file since it was read."""

    SAME = "same"
    CHANGED = "changed"
    MOVED = "moved"  # nothing lies there any more
    REPLACED = "replaced"  # its place holds a newer version, which was read
    REMOVED = "removed"  # taken off the desk


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A place, None once the document lies nowhere, and the condition of the file there."""

    place: Place | None
    condition: Condition


def find_source(
    places: Sequence[PlacedDocument], path: str = "", elsewhere: Sequence[PlacedDocument] = ()
) -> SourceFile:
    """The best of a document's places: one that is unchanged, then the one called `path`.

    Where it lies nowhere, a place of `elsewhere` called `path` holds what took its place.
    """
    if not places:
        for row in elsewhere:
            if row.document is not None and row.place.path == path:
                return SourceFile(row.place, Condition.REPLACED)
        return SourceFile(None, Condition.REMOVED)
    order = {Condition.SAME: 0, Condition.CHANGED: 1, Condition.MOVED: 2}
    found = [SourceFile(row.place, _condition(row.place)) for row in places]
    return min(
        found, key=lambda f: (order[f.condition], f.place is not None and f.place.path != path)
    )


def _condition(place: Place) -> Condition:
    try:
        status = os.stat(place.absolute)
    except (OSError, ValueError):
        return Condition.MOVED
    if status.st_size != place.size:
        return Condition.CHANGED
    if status.st_mtime_ns == place.modified_ns or _same_bytes(place):
        return Condition.SAME
    return Condition.CHANGED


def _same_bytes(place: Place) -> bool:
    if place.size > MOST_HASHED:
        return False
    try:
        with open(place.absolute, "rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == place.document_id
    except OSError:
        return False
