"""Who answers a command: the documents' own words, or a language model found by its name."""

from __future__ import annotations

import contextlib
import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from ..domain.chat import ServedModel
from ..engine.build import build_models, build_serving
from ..engine.child import Spawner
from ..engine.models import Models
from ..engine.serving import Serving
from ..errors import ModelMissing, RagDeskError
from ..messages import Event
from ..settings import BUILT_IN, BY_NAME, OLLAMA, Value
from ..store.choices import Choices
from ..store.database import Database
from ..store.home import Home
from ..store.jobs import Jobs

QUOTE, WRITTEN = "quote", "written"  # as in the setting "answerer"
SERVERS = (BUILT_IN, OLLAMA)


class _Defaults(Choices):
    """What holds where no library keeps a choice."""

    def __init__(self) -> None:
        """Needs no library."""

    def get(self, name: str) -> Value:
        return BY_NAME[name].default


def choices_of(home: Home) -> Choices:
    """What was chosen in a library; the defaults where there is none that can be read."""
    try:
        return Choices(Database.for_reading(home))
    except RagDeskError:
        return _Defaults()


@contextmanager
def serving(home: Home) -> Iterator[Serving]:
    """The model servers; what this command starts of them ends with it."""
    log = home.log if os.access(home.log.parent, os.W_OK) else os.devnull
    servers = build_serving(home, choices_of(home), Spawner(log))
    try:
        yield servers
    finally:
        servers.close()


def models_of(home: Home, servers: Serving) -> Models:
    """What is known about language models; reads no library."""

    def unheard(event: Event) -> None:
        """The list is asked for, not waited for."""

    return build_models(home, servers, Jobs(Database(home.library, writable=False)), unheard)


def full_name(servers: Serving, name: str) -> str:
    """ "server/model" for a name as a person types it: so, "built-in", or a model's name alone.

    Raises `ModelMissing` where no server has a model of that name.
    """
    if name == BUILT_IN:
        return f"{BUILT_IN}/{BUILT_IN}"
    server, _, model = name.partition("/")
    if server in SERVERS and model:
        return name
    for server in SERVERS:
        for one in _models(servers, server):
            if name in (one.name, one.name.removesuffix(":latest")):
                return f"{server}/{one.name}"
    raise ModelMissing(name=name)


def plain_name(full: str) -> str:
    """What a person calls a model: without its server's name."""
    return full.partition("/")[2] or full


def _models(servers: Serving, server: str) -> list[ServedModel]:
    try:
        return servers.server(server).models()
    except RagDeskError:
        return []


class Stop:
    """Turns Ctrl-C into a wish to stop, for as long as there is something to keep.

    A context manager. Before `keep` is called, and when it is pressed again, Ctrl-C ends the command.
    """

    def __init__(self, *, keep: bool = False) -> None:
        self._keeps = keep
        self._wished = threading.Event()

    def __enter__(self) -> Stop:
        self._before = None
        with contextlib.suppress(ValueError):  # only the main thread hears Ctrl-C
            self._before = signal.signal(signal.SIGINT, self._heard)
        return self

    def __exit__(self, *error: object) -> None:
        if self._before is not None:
            signal.signal(signal.SIGINT, self._before)

    def keep(self) -> None:
        """From now on what is there is worth keeping."""
        self._keeps = True

    def wished(self) -> bool:
        return self._wished.is_set()

    def _heard(self, number: int, frame: FrameType | None) -> None:
        if not self._keeps or self._wished.is_set():
            raise KeyboardInterrupt
        self._wished.set()
