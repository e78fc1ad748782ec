"""What the reader makes of the passages that were found, and their order by it."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import TypeAlias

from ..domain.conversation import Hit, Marks
from ..domain.protocols import Reader
from ..domain.training import USUAL, Mix

READ = 10  # passages that are read for a question
AT_ONCE = 5  # handed to the reader together; the clock is looked at in between
SECONDS = 1.5  # on a slow computer the rest is left unread after this long

# What puts a passage in front: its score in search (0 to 1), the reader's log-odds that it answers,
# within `SURE` of even: how sure the reader is beyond that says little about the order.
SURE = 2.0

Read: TypeAlias = tuple[Hit, Marks]


def read_hits(
    reader: Reader, question: str, hits: Sequence[Hit], seconds: float = SECONDS
) -> list[Read]:
    """The first `READ` hits with what the reader makes of each, in their order.

    As many as can be read in `seconds`, and never fewer than `AT_ONCE` of them.
    """
    started = time.perf_counter()
    read: list[Read] = []
    wanted = hits[:READ]
    for first in range(0, len(wanted), AT_ONCE):
        if first and time.perf_counter() - started > seconds:
            break
        some = wanted[first : first + AT_ONCE]
        marks = reader.read(question, [(hit.context, hit.text) for hit in some])
        read += zip(some, marks, strict=True)
    return read


def reordered(read: Sequence[Read], mix: Mix = USUAL) -> list[Read]:
    """What was read, the likeliest to answer first. Ranks and scores of the hits stay."""
    return sorted(read, key=lambda one: -worth(one[0], one[1], mix))


def worth(hit: Hit, marks: Marks, mix: Mix = USUAL) -> float:
    """What a passage is ordered by; higher is better, differences are like log-odds."""
    return mix.found * hit.score + mix.there * max(-SURE, min(SURE, marks.there))
