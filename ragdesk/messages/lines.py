"""A message as one line of JSON, and back."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

from . import commands, events
from .commands import Command
from .events import Event

Message = Command | Event


class MessageUnreadable(ValueError):
    """A line that is no message of this release."""


# From the modules' names: with slots, __subclasses__ would list each class twice.
TYPES: dict[str, type] = {
    name: thing
    for module in (commands, events)
    for name, thing in vars(module).items()
    if isinstance(thing, type)
    and issubclass(thing, (Command, Event))
    and thing not in (Command, Event)
}


def encode(message: Message) -> str:
    """One line of ASCII JSON without its newline (so lone surrogates of odd file names survive)."""
    body: dict[str, Any] = {"type": type(message).__name__}
    for item in dataclasses.fields(message):
        body[item.name] = getattr(message, item.name)
    return json.dumps(body, separators=(",", ":"))


def decode(line: str | bytes) -> Message:
    """The message of one line. Raises `MessageUnreadable`."""
    try:
        body = json.loads(line)
        cls: Any = TYPES[body.pop("type")]
        values = {key: _tuples(value) for key, value in body.items()}
        message: Message = cls(**values)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise MessageUnreadable(str(error)) from error
    return message


def _tuples(value: Any) -> Any:
    return tuple(map(_tuples, value)) if isinstance(value, list) else value
