"""The window: reads the store, sends commands, hears events."""

from __future__ import annotations

import ctypes
import sys


def keep_singletons() -> None:
    """Makes None, True and False immortal on Python 3.11, as they are from 3.12 on.

    PySide6 6.12.0 was built with headers that take this for granted: whatever returns one of them
    (`QPainter.setPen`, `QModelIndex.isValid`) takes a reference away that it never had, and after
    some minutes of painting Python ends with "deallocating None". A count that high never gets
    there. Goes once 3.11 is no longer supported, or no release of PySide6 in use does this.
    """
    if sys.version_info >= (3, 12):
        return
    for one in (None, True, False, NotImplemented, Ellipsis):
        count = ctypes.c_ssize_t.from_address(id(one))
        # Only where the count lies where it is looked for, which a debugging build may not have.
        if 0 <= sys.getrefcount(one) - count.value <= 2 and count.value < 1 << 40:
            count.value += 1 << 48


keep_singletons()
