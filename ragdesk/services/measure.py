"""How fast a language model reads and writes on this computer, measured on one that is there."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from ..domain.protocols import ChatModel
from .prompt import messages

WRITTEN = 64  # tokens that are asked for
_PASSAGES = (
    ("Price list", "Grey tiles cost 32 euros a box, blue tiles 35 euros, white tiles 29 euros."),
    ("Delivery", "Boxes are delivered on Tuesdays and Fridays, from the second one on without charge."),
    ("Returns", "Boxes that were not opened are taken back within thirty days with the receipt."),
)  # fmt: skip
_QUESTION = "Repeat everything that the passages say about prices, delivery and returns."


@dataclass(frozen=True, slots=True)
class Speed:
    """Tokens a second. `reading` counts the wait for the first word, `writing` what comes then.

    Either is None where too little came to tell.
    """

    reading: float | None
    writing: float | None
    first_seconds: float


def measure(
    model: ChatModel,
    stopped: Callable[[], bool] = lambda: False,
    clock: Callable[[], float] = time.perf_counter,
) -> Speed:
    """Asks once. Raises what the model raises."""
    begun = clock()
    first: float | None = None
    last = begun
    pieces = asked = answered = 0
    for delta in model.chat(messages(_QUESTION, _PASSAGES), most=WRITTEN, stopped=stopped):
        now = clock()
        if delta.text or delta.thinking:
            first = now if first is None else first
            last = now
            pieces += 1
        if delta.finish:
            asked, answered = delta.finish.asked_tokens, delta.finish.answer_tokens
    if first is None:
        return Speed(None, None, 0.0)
    written = (answered or pieces) - 1  # the first is part of the wait for it
    reading = asked / (first - begun) if asked and first > begun else None
    writing = written / (last - first) if written > 0 and last > first else None
    return Speed(reading, writing, first - begun)
