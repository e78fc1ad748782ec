"""Commands go down, events come up: dataclasses, and their JSON lines.

A command asks the engine to do something. An event is a hint that something changed; what changed
is read from the store. Lose an event and nothing is wrong. Each line is one JSON object with its
type under "type"; unknown types and fields are refused, since window and engine are one release.
"""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass
from typing import Any


class MessageUnreadable(ValueError):
    """A line that is no message of this release."""


@dataclass(frozen=True, slots=True)
class Command:
    """Base of all commands. `tag` comes back in `Done` and `Failed`, so that a caller can tell."""

    tag: str = ""


@dataclass(frozen=True, slots=True)
class AddFiles(Command):
    """Reads files and folders onto a shelf. A folder is walked; links that loop are not followed twice."""

    paths: tuple[str, ...] = ()
    collection_id: str = ""


@dataclass(frozen=True, slots=True)
class RemovePlaces(Command):
    """Takes places off the desk. With `final` they cannot be brought back by `RestorePlaces`."""

    place_ids: tuple[int, ...] = ()
    final: bool = False


@dataclass(frozen=True, slots=True)
class RestorePlaces(Command):
    """Undoes `RemovePlaces`."""

    place_ids: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class MovePlaces(Command):
    """Puts places on another shelf."""

    place_ids: tuple[int, ...] = ()
    collection_id: str = ""


@dataclass(frozen=True, slots=True)
class ReadAgain(Command):
    """Reads places anew from disk: a changed file replaces its old version."""

    place_ids: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class FindAgain(Command):
    """Tells where a moved file lies now. Another content fails with `FileDiffers`."""

    place_id: int = 0
    path: str = ""


@dataclass(frozen=True, slots=True)
class GivePassword(Command):
    """Reads a locked file with a password. The password is never stored."""

    place_id: int = 0
    password: str = ""


@dataclass(frozen=True, slots=True)
class CreateCollection(Command):
    name: str = ""


@dataclass(frozen=True, slots=True)
class RenameCollection(Command):
    collection_id: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class DeleteCollection(Command):
    """Takes a shelf away with what lies only on it; `RestoreCollection` brings both back."""

    collection_id: str = ""
    final: bool = False


@dataclass(frozen=True, slots=True)
class RestoreCollection(Command):
    collection_id: str = ""


@dataclass(frozen=True, slots=True)
class PauseJob(Command):
    job_id: int = 0


@dataclass(frozen=True, slots=True)
class ResumeJob(Command):
    job_id: int = 0


@dataclass(frozen=True, slots=True)
class CancelJob(Command):
    """Stops a job. Files that were read stay; files still waiting are taken off the list."""

    job_id: int = 0


@dataclass(frozen=True, slots=True)
class Ask(Command):
    """Asks a question. An empty `conversation_id` starts a conversation; no shelf asks all."""

    question: str = ""
    conversation_id: str = ""
    collection_id: str | None = None


@dataclass(frozen=True, slots=True)
class AnswerAgain(Command):
    """Answers a question anew in its place: as the settings say, or by "quote" or "written"."""

    turn_id: str = ""
    answerer: str = ""


@dataclass(frozen=True, slots=True)
class StopAnswer(Command):
    """Ends the writing of an answer. What was written is kept; harmless when it is over."""

    turn_id: str = ""


@dataclass(frozen=True, slots=True)
class LookForSupport(Command):
    """Looks on the shelf that was asked for what bears out a sentence of a written answer (its number from 0).

    What is found is cited for it; `SupportSought` says what came of it.
    """

    turn_id: str = ""
    sentence: int = 0


@dataclass(frozen=True, slots=True)
class RemoveSentence(Command):
    """Takes a sentence (its number from 0) out of a written answer, with what only it cited."""

    turn_id: str = ""
    sentence: int = 0


@dataclass(frozen=True, slots=True)
class RestoreSentence(Command):
    """Undoes the last `LookForSupport` or `RemoveSentence` of an answer since the engine began."""

    turn_id: str = ""


@dataclass(frozen=True, slots=True)
class DeleteConversation(Command):
    conversation_id: str = ""


@dataclass(frozen=True, slots=True)
class Judge(Command):
    """Says that an answer was "right" or "wrong", or, with an empty verdict, takes that back.

    To teach is to say "wrong" (or "right") with the right `answer` and where it stands: `spans` are
    (page, start, length) in `document_id`; or "absent": the documents do not say it.
    """

    turn_id: str = ""
    verdict: str = ""
    answer: str = ""
    document_id: str = ""
    spans: tuple[tuple[int, int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class ForgetJudgements(Command):
    """Forgets everything that was said about answers."""


@dataclass(frozen=True, slots=True)
class ListModels(Command):
    """Asks which language models there are; `ModelsListed` comes back."""


@dataclass(frozen=True, slots=True)
class FetchModel(Command):
    """Gets a language model, "server/model"; long, so it is a job."""

    name: str = ""


@dataclass(frozen=True, slots=True)
class ExamineModel(Command):
    """Has a language model, "server/model", sit its entrance exam; minutes, so it is a job.

    A stopped one keeps nothing. `ModelsListed` comes when it is done.
    """

    name: str = ""


@dataclass(frozen=True, slots=True)
class DeleteModel(Command):
    """Takes a language model, "server/model", off this computer."""

    name: str = ""


@dataclass(frozen=True, slots=True)
class ChangeSetting(Command):
    """`value` is checked against `settings.CHOICES`."""

    name: str = ""
    value: str | int | float | bool = ""


@dataclass(frozen=True, slots=True)
class Leave(Command):
    """Ends the engine: after the batch in hand, or, with `finish`, when the queue is empty."""

    finish: bool = False


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


Message = Command | Event


# From the module's names: with slots, __subclasses__ would list each class twice.
TYPES: dict[str, type] = {
    name: thing
    for name, thing in list(globals().items())
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
