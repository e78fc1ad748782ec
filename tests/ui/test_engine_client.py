from __future__ import annotations

import logging
import os
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from ragdesk.messages import AddFiles, Done, Event, Failed, PauseJob, Ready
from ragdesk.store.database import Database
from ragdesk.store.home import Home
from ragdesk.ui.engine_client import EngineClient, engine_command
from ragdesk.ui.library import Library

SCRIPT = Path(__file__).with_name("stand_in_engine.py")


class Heard:
    """Everything that a client says."""

    def __init__(self, client: EngineClient) -> None:
        self.events: list[Event] = []
        self.said: list[str] = []
        client.event_received.connect(self.events.append)
        client.engine_ready.connect(lambda: self.said.append("ready"))
        client.engine_restarting.connect(lambda: self.said.append("restarting"))
        client.engine_gone.connect(self.said.append)
        client.engine_left.connect(lambda: self.said.append("left"))


@pytest.fixture
def starts(tmp_path: Path) -> Path:
    return tmp_path / "starts"


@pytest.fixture
def client_of(
    home: Home, starts: Path, qtbot: QtBot
) -> Iterator[Callable[[str], tuple[EngineClient, Heard]]]:
    """A function from a behaviour to a client of such an engine."""
    clients: list[EngineClient] = []

    def make(how: str) -> tuple[EngineClient, Heard]:
        command = [sys.executable, str(SCRIPT), how, str(starts)]
        client = EngineClient(home, command=command)
        clients.append(client)
        return client, Heard(client)

    yield make
    for client in clients:
        client.close(0.2)


Make = Callable[[str], tuple[EngineClient, Heard]]


def test_commands_wait_until_the_engine_is_ready(client_of: Make, qtbot: QtBot) -> None:
    client, heard = client_of("good")
    tag = client.send(AddFiles(paths=("/ä/\udcff.pdf",)))
    client.start()
    assert not client.is_ready
    qtbot.waitUntil(lambda: len(heard.events) == 2, timeout=15_000)
    assert heard.events == [Ready("0", "/the/home"), Done(tag, "/ä/\udcff.pdf")]
    assert heard.said == ["ready"]


def test_a_tag_that_was_given_is_kept(client_of: Make) -> None:
    client, _ = client_of("good")
    assert client.send(AddFiles(tag="mine")) == "mine"
    assert client.send(AddFiles()) != client.send(AddFiles())


def test_it_leaves_when_asked(client_of: Make, qtbot: QtBot) -> None:
    client, heard = client_of("good")
    client.start()
    qtbot.waitUntil(lambda: client.is_ready, timeout=15_000)
    client.leave(finish=True)
    qtbot.waitUntil(lambda: "left" in heard.said, timeout=15_000)
    assert not client.is_running


def test_one_that_does_not_leave_is_ended(client_of: Make, qtbot: QtBot) -> None:
    client, _ = client_of("stuck")
    client.start()
    qtbot.waitUntil(lambda: client.is_ready, timeout=15_000)
    started = time.monotonic()
    client.close(0.3)
    assert not client.is_running
    assert time.monotonic() - started < 5


def test_a_dead_engine_is_started_again_and_its_commands_fail(
    client_of: Make, starts: Path, qtbot: QtBot
) -> None:
    client, heard = client_of("good")
    client.start()
    qtbot.waitUntil(lambda: client.is_ready, timeout=15_000)
    tag = client.send(PauseJob(job_id=1))
    qtbot.waitUntil(lambda: heard.said.count("ready") == 2, timeout=15_000)
    assert Failed(tag, "child_died", {"what": "engine"}) in heard.events
    assert heard.said == ["ready", "restarting", "ready"]
    assert starts.read_text() == "xx"


def test_one_that_dies_again_and_again_is_left_alone(
    client_of: Make, starts: Path, qtbot: QtBot
) -> None:
    client, heard = client_of("good")
    client.engine_ready.connect(lambda: client.send(PauseJob()))
    client.start()
    qtbot.waitUntil(lambda: heard.said[-1:] not in ([], ["ready"], ["restarting"]), timeout=30_000)
    assert starts.read_text() == "xxxx"
    assert heard.said.count("restarting") == 3
    assert str(client.home.log) in heard.said[-1]
    assert not client.is_running


def test_a_home_in_use_is_said_in_words(client_of: Make, starts: Path, qtbot: QtBot) -> None:
    client, heard = client_of("in_use")
    client.start()
    qtbot.waitUntil(lambda: bool(heard.said), timeout=15_000)
    assert heard.said[0].startswith("RagDesk is already open with this library")
    assert starts.read_text() == "x"


def test_an_engine_that_cannot_start_says_why(client_of: Make, qtbot: QtBot) -> None:
    client, heard = client_of("damaged")
    client.start()
    qtbot.waitUntil(lambda: bool(heard.said), timeout=15_000)
    assert "/the/home is damaged" in heard.said[0]
    assert heard.events == []


def test_trouble_before_it_is_ready_is_not_its_end(client_of: Make, qtbot: QtBot) -> None:
    client, heard = client_of("trouble")
    client.start()
    qtbot.waitUntil(lambda: len(heard.events) == 2, timeout=15_000)
    assert heard.events[1] == Failed("", "disk_full", {"home": "/the/home"})
    client.send(PauseJob())
    qtbot.waitUntil(lambda: heard.said.count("ready") == 2, timeout=15_000)


def test_a_program_that_is_not_there(home: Home, qtbot: QtBot) -> None:
    client = EngineClient(home, command=["/no/such/program"])
    heard = Heard(client)
    client.start()
    qtbot.waitUntil(lambda: bool(heard.said), timeout=15_000)
    assert "/no/such/program" in heard.said[0]
    assert not client.is_running


def test_what_is_no_message_is_logged(
    client_of: Make, qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    client, heard = client_of("good")
    client.send(AddFiles(paths=("/a",)))
    client.start()
    qtbot.waitUntil(lambda: len(heard.events) == 2, timeout=15_000)
    assert "not a message" in caplog.text
    qtbot.waitUntil(lambda: "engine: starting" in caplog.text, timeout=5000)


def test_the_command_is_this_program(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    assert engine_command(home) == [
        sys.executable, "-P", "-m", "ragdesk", "engine", "--home", str(home.folder),
    ]  # fmt: skip
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert engine_command(home) == [sys.executable, "engine", "--home", str(home.folder)]


def test_the_real_engine(home: Home, qtbot: QtBot, tmp_path: Path) -> None:
    client = EngineClient(home)
    heard = Heard(client)
    library = Library(home)
    assert not library.open()
    client.start()
    qtbot.waitUntil(lambda: client.is_ready, timeout=60_000)
    assert library.open()
    assert [shelf.documents for shelf in library.collections.all()] == [0]
    second = EngineClient(home)
    heard_second = Heard(second)
    second.start()
    qtbot.waitUntil(lambda: bool(heard_second.said), timeout=60_000)
    assert heard_second.said[0].startswith("RagDesk is already open with this library")
    client.leave()
    qtbot.waitUntil(lambda: "left" in heard.said, timeout=60_000)
    library.close()


def test_library_waits_for_the_engine(home: Home, library: Library, qtbot: QtBot) -> None:
    assert not library.open()
    assert not library.is_open
    assert library.problem is None
    Database.for_writing(home).close()
    with qtbot.waitSignal(library.opened):
        assert library.open()
    assert library.documents.all() == []


def test_a_damaged_library_is_told(home: Home, library: Library) -> None:
    home.library.write_bytes(os.urandom(8192))
    assert not library.open()
    assert library.problem is not None
    assert library.problem.code == "library_damaged"
