"""What a signal said."""

from __future__ import annotations

from typing import Any


def heard(signal: Any) -> list[tuple[Any, ...]]:
    """The list to which the arguments of every emission of a signal are added."""
    calls: list[tuple[Any, ...]] = []
    signal.connect(lambda *arguments: calls.append(arguments))
    return calls
