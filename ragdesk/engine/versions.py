"""Who answers: RagDesk as it comes, or the version that an assistant uses."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import NotFound, VersionDamaged
from ..store.assistants import Assistants
from ..store.home import Home

if TYPE_CHECKING:
    from .build import Parts

log = logging.getLogger(__name__)

KEPT = 3  # versions in memory, each with its reader


class Versions:
    """The parts that answer for each assistant. Safe to use from any thread.

    `own` are RagDesk's, `make` reads the tuned files of a folder into others beside them.
    """

    def __init__(
        self, home: Home, assistants: Assistants, own: Parts, make: Callable[[Path], Parts]
    ) -> None:
        self._home = home
        self._assistants = assistants
        self._own = own
        self._make = make
        self._lock = threading.Lock()
        self._made: dict[Path, Parts] = {}

    def parts(self, assistant_id: str | None) -> Parts:
        """RagDesk's own where the assistant is gone, uses no version, or its files are damaged."""
        if not assistant_id:
            return self._own
        try:
            number = self._assistants.get(assistant_id).current
        except NotFound:
            return self._own
        if not number:
            return self._own
        folder = self._home.version(assistant_id, number)
        try:
            return self.of(folder)
        except VersionDamaged as error:
            log.warning("version %s is not used: %s", folder, error.params)
            return self._own

    def of(self, folder: Path) -> Parts:
        """What answers with the tuned files of a folder. Raises `VersionDamaged`."""
        with self._lock:
            parts = self._made.pop(folder, None) or self._make(folder)
            self._made[folder] = parts
            for old in list(self._made)[:-KEPT]:
                del self._made[old]
            return parts
