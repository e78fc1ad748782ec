"""Gathers what changed and tells it at most five times a second."""

from __future__ import annotations

import threading
from collections.abc import Callable

from ..messages import DocumentsChanged, Event

SECONDS = 0.2


class Announcer:
    """Many documents change while a folder is read; the window hears of them in handfuls."""

    def __init__(self, emit: Callable[[Event], None]) -> None:
        self._emit = emit
        self._lock = threading.Lock()
        self._places: set[int] = set()
        self._timer: threading.Timer | None = None

    def document(self, place_id: int) -> None:
        with self._lock:
            self._places.add(place_id)
            if self._timer is None:
                self._timer = threading.Timer(SECONDS, self.flush)
                self._timer.daemon = True
                self._timer.start()

    def flush(self) -> None:
        with self._lock:
            places, self._places = tuple(sorted(self._places)), set()
            if self._timer is not None:
                self._timer.cancel()
                self._timer = None
        if places:
            self._emit(DocumentsChanged(places))

    def close(self) -> None:
        self.flush()
