"""JSON lines on standard input and output: the engine as the window's other half.

Libraries print. So the real standard output is kept aside for messages, and what anything else
writes goes to standard error, which the window keeps as the log.
"""

from __future__ import annotations

import contextlib
import logging
import os
import sys
import threading
from pathlib import Path

from .. import __version__
from ..errors import RagDeskError
from ..messages import Command, Event, Failed, Leave, MessageUnreadable, Ready, decode, encode
from ..store.home import Home
from .build import build_engine
from .engine import Engine

log = logging.getLogger(__name__)


class _Output:
    """Writes whole lines from any thread; a window that is gone is noticed by the reading side."""

    def __init__(self) -> None:
        self._file = os.fdopen(os.dup(1), "w", encoding="ascii", newline="\n")
        os.dup2(2, 1)
        self._lock = threading.Lock()

    def emit(self, event: Event) -> None:
        with self._lock:
            try:
                self._file.write(encode(event) + "\n")
                self._file.flush()
            except OSError:
                log.info("the window is gone")


def serve(folder: Path) -> int:
    """Runs until the window says `Leave` or closes its end. Returns the exit status."""
    output = _Output()
    try:
        engine = build_engine(Home(folder), output.emit)
        engine.start()
    except RagDeskError as error:
        output.emit(Failed("", error.code, error.params))
        return error.exit_status
    output.emit(Ready(__version__, str(engine.home.folder)))
    try:
        _obey(engine)
    finally:
        engine.stop()
    return 0


def _obey(engine: Engine) -> None:
    """Carries out what comes in, until the window leaves or is gone."""
    finishing: threading.Thread | None = None
    for line in sys.stdin.buffer:
        try:
            message = decode(line)
        except MessageUnreadable:
            log.exception("unreadable line")
            continue
        if isinstance(message, Leave) and message.finish and finishing is None:
            # On a thread of its own: a second Leave, or the window's end, is still heard.
            finishing = threading.Thread(target=_finish, args=(engine,), daemon=True)
            finishing.start()
        elif isinstance(message, Leave):
            return
        elif isinstance(message, Command):
            with contextlib.suppress(RagDeskError):  # told as an event already
                engine.handle(message)


def _finish(engine: Engine) -> None:
    """Ends the process when the queue is empty: the reading side may wait for a line for ever."""
    engine.run_until_idle()
    engine.stop()
    os._exit(0)
