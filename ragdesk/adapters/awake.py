"""Holds off the computer's sleep while long work runs, where the system lets us."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Iterator

log = logging.getLogger(__name__)


@contextlib.contextmanager
def keep_awake() -> Iterator[None]:
    """The screen may go dark, the computer stays on. Where that cannot be had, nothing happens."""
    from wakepy import keep

    with keep.running(on_fail="pass") as mode:
        log.info("sleep held off" if mode.active else "sleep cannot be held off here")
        yield
