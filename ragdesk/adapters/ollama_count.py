"""How many tokens a question has for a model of Ollama, which has no call that would say it.

What Ollama does say, after each answer, is how many tokens the question had (`prompt_eval_count`;
those that it still knew from before are in it). So what was asked once is known exactly. Everything
else is estimated from its characters, cautiously, and the estimate is scaled by how the latest
questions turned out, the dearest of them. An estimate that is too low ends in a refusal, never in a
cut, since every request forbids cutting; after that the scale goes up.
"""

from __future__ import annotations

import math
import re
import threading
from collections import OrderedDict, deque
from collections.abc import Sequence

from ..domain.chat import Message

_WORD = re.compile(r"[A-Za-z]+")
_JOINED = re.compile(r" (?=[^\W\d_])")  # a blank before a letter goes with its word, else it counts
_LETTERS = 4.0  # ASCII letters to a token inside a word, besides the word's first
_BEYOND = 0.75  # tokens for a byte of all that is not ASCII
_AROUND = 8  # tokens of a model's own marks around a message
_START = 16  # … and around a conversation
_MARGIN = 1.1
_LOWEST = 0.55  # however cheap questions were, the next may be a table
_ENOUGH = 100  # estimated tokens of a question from which its scale is worth knowing
_LATEST = 20
_KNOWN = 64
_RAISE = 1.25

_Key = tuple[tuple[str, str], ...]


class Count:
    """Safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._scales: deque[float] = deque(maxlen=_LATEST)
        self._exact: OrderedDict[_Key, int] = OrderedDict()

    def of(self, messages: Sequence[Message]) -> int:
        """Tokens of `messages`: exact where they were asked before, else rather too many."""
        with self._lock:
            known = self._exact.get(_key(messages))
            if known is not None:
                return known
            scale = max(max(self._scales, default=1.0), _LOWEST)
        return min(math.ceil(estimate(messages) * scale), most(messages))

    def learn(self, messages: Sequence[Message], tokens: int) -> None:
        """Takes in how many tokens `messages` turned out to have (0: it was not said)."""
        if tokens <= 0:
            return
        guessed = estimate(messages)
        with self._lock:
            self._exact[_key(messages)] = tokens
            if len(self._exact) > _KNOWN:
                self._exact.popitem(last=False)
            if guessed >= _ENOUGH:
                self._scales.append(tokens / guessed * _MARGIN)

    def was_too_low(self, messages: Sequence[Message], context: int) -> None:
        """Takes in that `messages` did not fit into `context` tokens although it seemed so."""
        with self._lock:
            now = max(self._scales, default=1.0)
            self._scales.append(max(now * _RAISE, context / estimate(messages) * _MARGIN))


def estimate(messages: Sequence[Message]) -> float:
    """Tokens of `messages` for a model that splits words more than usual."""
    return _START + sum(_AROUND + _tokens(message.text) for message in messages)


def most(messages: Sequence[Message]) -> int:
    """More tokens than this no model makes of `messages`: one for each byte."""
    return _START + sum(_AROUND + len(message.text.encode()) for message in messages)


def _tokens(text: str) -> float:
    words = _WORD.findall(text)
    letters = sum(map(len, words))
    signs = sum(1 for character in text if character.isascii() and not character.isalpha())
    joined = len(_JOINED.findall(text))
    beyond = len(text.encode()) - letters - signs
    return len(words) + (letters - len(words)) / _LETTERS + (signs - joined) + _BEYOND * beyond


def _key(messages: Sequence[Message]) -> _Key:
    return tuple((message.role, message.text) for message in messages)
