"""Hints that something changed; what changed is read from the store."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Event:
    """Base of all events."""


@dataclass(frozen=True, slots=True)
class Ready(Event):
    """The engine holds the home; the store may be read."""

    version: str
    home: str


@dataclass(frozen=True, slots=True)
class DocumentsChanged(Event):
    """Places or their documents changed; empty means any of them."""

    place_ids: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class CollectionsChanged(Event):
    pass


@dataclass(frozen=True, slots=True)
class ConversationsChanged(Event):
    conversation_id: str = ""


@dataclass(frozen=True, slots=True)
class JudgementsChanged(Event):
    """A person said something about an answer, or took it back; empty means any."""

    turn_id: str = ""


@dataclass(frozen=True, slots=True)
class SettingsChanged(Event):
    pass


@dataclass(frozen=True, slots=True)
class ModelsListed(Event):
    """The servers of language models and what they have: fields of `ServerStatus`, `ServedModel`.

    `exams` has, for each of `models` in their order, what its entrance exam showed in `words`, and
    the `verdict` "passed", "failed", "unsure" or, where it sat none, "". `recommended` says which
    model suits this computer; `offers` are those of the catalogue that are not here: their `name`
    as "server/model", `title`, `words` on how they suit it, `bytes` of the download, and whether it
    `fits` and can be fetched now (`ready`).
    """

    servers: tuple[dict[str, Any], ...] = ()
    models: tuple[dict[str, Any], ...] = ()
    exams: tuple[dict[str, Any], ...] = ()
    recommended: str = ""
    offers: tuple[dict[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class JobChanged(Event):
    """Progress, at most five times a second. `rate` is units a second, `left` seconds, or None."""

    job_id: int
    kind: str
    state: str
    label: str
    done: int
    total: int
    rate: float | None = None
    left: float | None = None


@dataclass(frozen=True, slots=True)
class AnswerReady(Event):
    """The turn of this question has its answer in the store.

    Not the `last` one is an answer in quotes while another is being written.
    """

    conversation_id: str
    turn_id: str
    last: bool = True


@dataclass(frozen=True, slots=True)
class AnswerGrows(Event):
    """An answer is being written: all of its text and thinking so far. The store has it at the end."""

    conversation_id: str
    turn_id: str
    text: str = ""
    thinking: str = ""


@dataclass(frozen=True, slots=True)
class SupportSought(Event):
    """What became of `LookForSupport`: the `title` of the document found, or "" where none was."""

    turn_id: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class Done(Event):
    """A command was carried out (or queued, where it is long). `result` is an id, where one was made."""

    tag: str
    result: str = ""


@dataclass(frozen=True, slots=True)
class Failed(Event):
    """A command failed, answering a turn did (its id is the tag), or (no tag) background work.

    Code and params are those of `errors`.
    """

    tag: str
    code: str
    params: dict[str, object]


@dataclass(frozen=True, slots=True)
class AssistantsChanged(Event):
    """An assistant, or a version of it, is new, gone, renamed or used."""

    assistant_id: str = ""


@dataclass(frozen=True, slots=True)
class PairsChanged(Event):
    """Practice questions of an assistant changed; an empty `pair_id` means any of them."""

    assistant_id: str
    pair_id: str = ""


@dataclass(frozen=True, slots=True)
class BuildMoved(Event):
    """How far a build is: at most five times a second.

    `step` is one of `domain.training.STEPS`, `done` of `total` units of it; `minutes_left` of the
    whole build (None while that is being measured). `right` of `asked` exam or trial questions were
    answered right so far in this step; `words` is an example of what was just made or answered.
    """

    assistant_id: str
    job_id: int
    step: str
    done: int = 0
    total: int = 0
    minutes_left: float | None = None
    right: int = 0
    asked: int = 0
    words: str = ""
