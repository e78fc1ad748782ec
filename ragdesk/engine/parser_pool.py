"""Processes that read files, each under a time and a memory limit.

A file that hangs, crashes or eats memory costs its process and gets its verdict; the others go on.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable
from typing import Any

from ..domain.document import Page, Reading, Verdict
from ..domain.protocols import ChildProcess, Spawn
from ..errors import ChildDied, ChildTimedOut

MODULE = "ragdesk.adapters.parsers"
SECONDS = 60.0
SECONDS_A_PAGE = 0.5
MEMORY_BYTES = 1 << 30
FILES_A_PROCESS = 200  # then a fresh one: parsers leak

Decode = Callable[[dict[str, Any]], Page | Reading]


class ParserPool:
    """`size` processes at most, started when first needed. `read` may be called from any thread."""

    def __init__(
        self, spawn: Spawn, decode: Decode, size: int, *, seconds: float = SECONDS
    ) -> None:
        self._spawn = spawn
        self._decode = decode
        self._seconds = seconds
        self.size = size
        self._lock = threading.Lock()
        self._busy: set[ChildProcess] = set()
        self._ended = False
        self._seats: queue.SimpleQueue[tuple[ChildProcess, int] | None] = queue.SimpleQueue()
        for _ in range(size):
            self._seats.put(None)

    def read(self, path: str, password: str | None = None) -> tuple[list[Page], Reading]:
        """All pages of a file and how reading ended; never raises for what a file does.

        Raises `ChildDied` only after `end`, when nothing can be said of the file.
        """
        seat = self._seats.get()
        try:
            child, used = seat or (self._start(), 0)
            seat = None
            try:
                result = self._ask(child, path, password)
            except ChildTimedOut:
                child.kill()
                return [], Reading(Verdict.TIMED_OUT)
            except ChildDied:
                child.kill()
                if self._ended:
                    raise
                if used:  # perhaps an earlier file's fault: once more in a fresh process
                    return self._once(path, password)
                return [], Reading(Verdict.DAMAGED, detail="reader_stopped")
            if used + 1 < FILES_A_PROCESS:
                seat = (child, used + 1)
            else:
                child.close()
            return result
        finally:
            self._seats.put(seat)

    def _once(self, path: str, password: str | None) -> tuple[list[Page], Reading]:
        child = self._start()
        try:
            return self._ask(child, path, password)
        except ChildTimedOut:
            return [], Reading(Verdict.TIMED_OUT)
        except ChildDied:
            if self._ended:
                raise
            return [], Reading(Verdict.DAMAGED, detail="reader_stopped")
        finally:
            child.kill()

    def _start(self) -> ChildProcess:
        return self._spawn(MODULE, memory_bytes=MEMORY_BYTES, nice=5)

    def _ask(
        self, child: ChildProcess, path: str, password: str | None
    ) -> tuple[list[Page], Reading]:
        with self._lock:
            if self._ended:
                raise ChildDied(what=MODULE)
            self._busy.add(child)
        try:
            return self._hear(child, path, password)
        finally:
            with self._lock:
                self._busy.discard(child)

    def _hear(
        self, child: ChildProcess, path: str, password: str | None
    ) -> tuple[list[Page], Reading]:
        start = time.monotonic()
        child.send({"path": path, "password": password})
        pages: list[Page] = []
        while True:
            allowed = self._seconds + SECONDS_A_PAGE * len(pages)
            part = self._decode(child.receive(start + allowed - time.monotonic()))
            if isinstance(part, Reading):
                return pages, part
            pages.append(part)

    def end(self) -> None:
        """Ends all processes, also those at work: their files are read at the next start."""
        with self._lock:
            self._ended = True
            busy = list(self._busy)
        for child in busy:
            child.kill()
        while True:
            try:
                seat = self._seats.get_nowait()
            except queue.Empty:
                break
            if seat is not None:
                seat[0].close(timeout=1.0)
        for _ in range(self.size):  # whoever still waits for a seat gets one, and its answer
            self._seats.put(None)
