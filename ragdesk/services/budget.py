"""Which of the found passages a language model is given: whole ones, the best first, never a cut.

The model's context holds the rules, the passages, the question and the answer. What is left for
passages is what its own count says; a passage that does not fit is left out and a shorter one
behind it may still come in.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..domain.chat import Message
from ..domain.conversation import Hit
from ..domain.protocols import ChatModel
from ..errors import PromptTooLong
from .prompt import messages

ANSWER = 400  # tokens of an answer
ANSWER_SMALL = 200  # of a small model's; what it says after that is seldom of use
THINKING = 1_600  # tokens more, where the model thinks before it answers
SMALL_CONTEXT = 4_096  # tokens
SMALL_PARAMETERS = 1.2e9
SMALL_MOST = 3  # passages; a small model reads three well and loses itself in more

_PARAMETERS = re.compile(r"(\d+(?:[.,]\d+)?)\s*([KMBT])", re.IGNORECASE)
_SCALE = {"k": 1e3, "m": 1e6, "b": 1e9, "t": 1e12}


def is_small(context: int, parameters: str = "") -> bool:
    """Whether a model is small: by its context in tokens, or by its size as servers write it.

    `parameters` is like "135M" or "1.7B", "" where the server does not say.
    """
    found = _PARAMETERS.search(parameters)
    size = float(found[1].replace(",", ".")) * _SCALE[found[2].lower()] if found else 0.0
    return context <= SMALL_CONTEXT or 0 < size < SMALL_PARAMETERS


def answer_tokens(small: bool, think: bool) -> int:
    """How many tokens an answer may have, its thinking included."""
    return (ANSWER_SMALL if small else ANSWER) + (THINKING if think else 0)


def fitting(
    model: ChatModel, question: str, hits: Sequence[Hit], most: int, answer: int
) -> tuple[list[Hit], list[Message]]:
    """The passages, `most` at most, that fit beside `answer` tokens, and what is sent with them.

    `hits` come best first. Raises `PromptTooLong` where the first of them does not fit: an answer
    from worse passages alone would pass over what was found.
    """
    room = model.context - answer
    given: list[Hit] = []
    sent: list[Message] = []
    for hit in hits:
        tried = messages(question, [_shown(one) for one in (*given, hit)])
        if model.count(tried) <= room:
            given, sent = [*given, hit], tried
        elif not given:
            raise PromptTooLong(name=model.name)
        if len(given) == most:
            break
    return given, sent


def _shown(hit: Hit) -> tuple[str, str]:
    return hit.context or hit.title, hit.text
