"""Reading from the store beside the window's own thread."""

from __future__ import annotations

import logging
from collections.abc import Callable

from PySide6.QtCore import QObject, QRunnable, QThreadPool, Signal

log = logging.getLogger(__name__)


class Background(QObject):
    """Does one piece of work after another on a thread of its own; results come back as signals.

    Signals:
        done: what the work returned, on the window's thread, in the order of `run`.
    """

    done = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)
        self._pool.setExpiryTimeout(-1)  # the thread keeps its database connection

    def run(self, work: Callable[[], object]) -> None:
        self._pool.start(_Work(work, self))

    def wait(self) -> None:
        """Until all work is done; `done` comes when the window's thread runs its events again."""
        self._pool.waitForDone()


class _Work(QRunnable):
    def __init__(self, work: Callable[[], object], owner: Background) -> None:
        super().__init__()
        self._work = work
        self._owner = owner

    def run(self) -> None:
        try:
            result = self._work()
        except Exception:
            # An exception here would end in Qt's C++ code; the page simply keeps what it shows.
            log.exception("reading from the store failed")
            return
        self._owner.done.emit(result)
