"""Commands about assistants: list, show, rename, delete, use a version, go back to the one before."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

from ..card_page import html_of
from ..domain.assistant import Assistant, Outcome, Version
from ..errors import NotFound, NothingBefore, NothingBetter, WrongUse
from ..messages import Command, DeleteAssistant, RenameAssistant, UseVersion
from ..store.assistants import Assistants
from ..store.collections import Collections
from ..store.database import Database
from .card_words import card_words, version_words
from .library import looking, running
from .output import Context

_NONE = "There are no assistants yet. Build one: ragdesk build NAME"
_AS_IT_COMES = "RagDesk as it comes"


def assistants(context: Context) -> int:
    """Lists the assistants; each action has a function of its own."""
    action = getattr(context.arguments, "action", None) or "list"
    actions = {"list": _list, "show": _show, "rename": _rename, "delete": _delete}
    return actions[action](context)


def use(context: Context) -> int:
    """Has a version answer from now on: the one named, else the newest that is better."""
    number = context.arguments.version
    with looking(context) as database:
        assistant, versions = _of(database, context.arguments.name)
    if number is None:
        number = _better(versions)
        if not number:
            raise NothingBetter(name=assistant.name)
    return _answers_by(context, assistant, versions, number)


def back(context: Context) -> int:
    """Has the version before the one in use answer again."""
    with looking(context) as database:
        assistant, versions = _of(database, context.arguments.name)
    if not assistant.current:
        raise NothingBefore(name=assistant.name)
    before = [one for one in versions if one.number < assistant.current]
    return _answers_by(context, assistant, versions, _better(before))


def assistant_of(database: Database, name: str | None) -> Assistant:
    """The assistant of that name, or the only one where none is named.

    Raises `NotFound`, `WrongUse` where it is not clear which is meant.
    """
    store = Assistants(database)
    if name is not None:
        return store.named(name)
    every = store.all()
    if len(every) == 1:
        return every[0]
    names = ", ".join(one.name for one in every)
    raise WrongUse(
        detail=f"say which assistant with --assistant; there are: {names}"
        if every
        else "there are no assistants yet; build one with ragdesk build NAME"
    )


def offered(assistant: Assistant, version: Version) -> str:
    """What can be done with a version that was just built."""
    if version.card.outcome is Outcome.BETTER:
        return (
            (
                f"Have it answer:  ragdesk use “{assistant.name}”\n"
                f"And go back any time:  ragdesk back “{assistant.name}”"
            )
            .replace("“", '"')
            .replace("”", '"')
        )
    return f"{assistant.name} answers as before."


def card_record(assistant: Assistant, version: Version) -> dict[str, Any]:
    """A report card with --json: its fields as in `domain`, and whose it is."""
    return {
        "assistant": assistant.name,
        "version": version.number,
        "made_at": version.made_at,
        **dataclasses.asdict(version.card),
    }


def _list(context: Context) -> int:
    with looking(context) as database:
        store, shelves = Assistants(database), _shelves(database)
        every = [(one, store.versions(one.id)) for one in store.all()]
    if not every:
        context.output.note(_NONE)
    for assistant, versions in every:
        shelf = shelves.get(assistant.collection_id or "")
        record = {
            "id": assistant.id,
            "name": assistant.name,
            "collection": shelf,
            "current": assistant.current,
            "versions": [
                {
                    "number": one.number,
                    "made_at": one.made_at,
                    "outcome": one.card.outcome,
                    "reason": one.card.reason,
                }
                for one in versions
            ],
        }
        where = f"shelf {shelf}" if shelf else "all shelves"
        by = f"version {assistant.current}" if assistant.current else _AS_IT_COMES
        lines = [f"{assistant.name} ({where}), answers by {by}"]
        lines += [version_words(one, assistant.current) for one in versions]
        context.output.result(record, "\n".join(lines))
    return 0


def _show(context: Context) -> int:
    arguments = context.arguments
    with looking(context) as database:
        assistant, versions = _of(database, arguments.name)
    if not versions:
        raise WrongUse(detail=f"nothing is built of {assistant.name} yet: ragdesk build NAME")
    number = arguments.version or assistant.current or versions[0].number
    version = _numbered(versions, number)
    words = f"{assistant.name}, version {number}\n\n{card_words(version.card)}"
    if arguments.html:
        page = html_of(version.card, assistant.name, number, version.made_at)
        try:
            arguments.html.write_text(page, encoding="utf-8")
        except OSError as error:
            detail = f"{arguments.html} cannot be written ({error.strerror})"
            raise WrongUse(detail=detail) from error
        words = f"The report card of {assistant.name}, version {number}, is in {arguments.html}."
    context.output.result(card_record(assistant, version), words)
    return 0


def _rename(context: Context) -> int:
    with looking(context) as database:
        assistant = Assistants(database).named(context.arguments.name)
    name = " ".join(context.arguments.new_name.split())
    if not name:
        raise WrongUse(detail="an assistant needs a name")
    _tell(context, RenameAssistant("", assistant.id, name))
    context.output.result(
        {"id": assistant.id, "name": name}, f"{assistant.name} is called {name} now."
    )
    return 0


def _delete(context: Context) -> int:
    with looking(context) as database:
        assistant = Assistants(database).named(context.arguments.name)
    _tell(context, DeleteAssistant("", assistant.id, final=True))
    context.output.result(
        {"id": assistant.id, "deleted": True},
        f"{assistant.name} is deleted, with its versions and practice questions. Documents stay.",
    )
    return 0


def _answers_by(
    context: Context, assistant: Assistant, versions: Sequence[Version], number: int
) -> int:
    version = _numbered(versions, number) if number else None
    _tell(context, UseVersion("", assistant.id, number))
    by = f"version {number}" if number else _AS_IT_COMES
    context.output.result(
        {"id": assistant.id, "name": assistant.name, "current": number},
        f"{assistant.name} answers by {by} from now on.",
    )
    if version is not None and version.card.outcome is not Outcome.BETTER:
        context.output.note(
            f'Its exam did not show that it is better. Go back:  ragdesk back "{assistant.name}"'
        )
    return 0


def _better(versions: Sequence[Version]) -> int:
    """The newest that the exam showed to be better, 0 where there is none."""
    return max((one.number for one in versions if one.card.outcome is Outcome.BETTER), default=0)


def _numbered(versions: Sequence[Version], number: int) -> Version:
    for version in versions:
        if version.number == number:
            return version
    raise NotFound(what="version", name=number)


def _of(database: Database, name: str) -> tuple[Assistant, list[Version]]:
    store = Assistants(database)
    assistant = store.named(name)
    return assistant, store.versions(assistant.id)


def _tell(context: Context, command: Command) -> None:
    with running(context, start=False) as engine:
        engine.handle(command)


def _shelves(database: Database) -> dict[str, str]:
    return {shelf.id: shelf.name for shelf in Collections(database).all()}
