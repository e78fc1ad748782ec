"""How a child process speaks with the engine: one JSON line comes in, JSON lines go out."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from typing import Any, TypeAlias

Tell: TypeAlias = Callable[[dict[str, Any]], None]


def converse(work: Callable[[dict[str, Any], Tell], None]) -> None:
    """Does `work` with the first line that comes in and what tells the parent.

    The pipe to the parent is kept for these lines alone: what a library prints goes to the log.
    """
    pipe = os.fdopen(os.dup(1), "w", encoding="ascii")
    os.dup2(2, 1)

    def tell(message: dict[str, Any]) -> None:
        pipe.write(json.dumps(message) + "\n")
        pipe.flush()

    work(json.loads(sys.stdin.readline()), tell)
