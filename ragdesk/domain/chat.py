"""What is said to a language model and what comes back, and the models that serve it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Message:
    """One message: `role` is "system", "user" or "assistant"."""

    role: str
    text: str


@dataclass(frozen=True, slots=True)
class Finish:
    """How an answer ended. `reason`: "done", "length" (it was cut off) or "stopped" (by a person).

    Tokens are the model's own; seconds are those of the server where it says them, else our clock's.
    """

    reason: str
    asked_tokens: int = 0
    answer_tokens: int = 0
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Delta:
    """A piece of an answer as it is made: text, thinking, or, last of all, how it ended."""

    text: str = ""
    thinking: str = ""
    finish: Finish | None = None


@dataclass(frozen=True, slots=True)
class ServedModel:
    """A language model that a server has. Sizes in bytes, 0 or "" where the server does not say.

    `name` is what a person and the server call it; `server` is the server's name ("built-in" or
    "ollama"); `experts` is the number of experts of a mixture, 0 for a dense model; `context` is how
    many tokens question and answer may have together; `remote` models are run by other computers
    and are never used; `digest` tells the model's file from any other.
    """

    name: str
    server: str
    bytes: int = 0
    family: str = ""
    parameters: str = ""
    experts: int = 0
    context: int = 0
    thinks: bool = False
    remote: bool = False
    digest: str = ""


@dataclass(frozen=True, slots=True)
class LoadedModel:
    """A model in memory: bytes in all, and of these on the graphics card; seconds until it goes."""

    name: str
    bytes: int
    card_bytes: int = 0
    seconds_left: float | None = None


@dataclass(frozen=True, slots=True)
class ServerStatus:
    """Whether a server runs and is fit for use. `trouble` is an error's code, "" where all is well.

    `own` says that RagDesk started it; `elsewhere`, that it runs on another computer; `online`, that
    it may reach the internet by itself (None: it does not say).
    """

    name: str
    running: bool
    version: str = ""
    address: str = ""
    own: bool = False
    elsewhere: bool = False
    online: bool | None = None
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class Pulled:
    """How far a download is: bytes done and of how many (0: not known yet), bytes a second."""

    step: str
    done: int = 0
    total: int = 0
    rate: float = 0.0

    @property
    def seconds_left(self) -> float | None:
        return (self.total - self.done) / self.rate if self.rate and self.total else None
