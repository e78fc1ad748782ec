"""A server of our own: started when one is needed, shut off from its cloud, gone when we are."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from ragdesk import errors
from ragdesk.adapters.ollama import OllamaServer
from ragdesk.adapters.ollama_process import address_of, is_elsewhere, usual_address
from ragdesk.domain.chat import Message
from tests.fake_ollama_data import FIRST

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the stand-in program is a script for sh")

NOWHERE = "http://127.0.0.1:9"
ASKED = [Message("user", "Write a long story.")]


@pytest.fixture
def notes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], dict[str, Any]]:
    """A function that tells what the started program noted of itself."""
    path = tmp_path / "notes.json"
    monkeypatch.setenv("FAKE_OLLAMA_NOTES", str(path))
    return lambda: json.loads(path.read_text(encoding="utf-8"))


@pytest.fixture
def program(tmp_path: Path) -> str:
    """An `ollama` that is the fake server."""
    path = tmp_path / "ollama"
    path.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m tests.fake_ollama "$@"\n', "utf-8")
    path.chmod(0o755)
    return str(path)


@pytest.fixture
def server(program: str, tmp_path: Path, notes: object) -> Iterator[OllamaServer]:
    log = tmp_path / "ollama.log"
    server = OllamaServer(NOWHERE, program=lambda: program, log=log, memory=lambda: 1 << 40)
    yield server
    server.close()


def gone(pid: int, within: float = 15.0) -> bool:
    until = time.monotonic() + within
    while time.monotonic() < until:
        if not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE:
            return True
        time.sleep(0.05)
    return False


def test_it_starts_when_needed_without_its_cloud_and_ends_with_us(
    server: OllamaServer, notes: Callable[[], dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    unwanted = {"OLLAMA_DEBUG_LOG_REQUESTS": "1", "OLLAMA_DEBUG": "2", "OLLAMA_ORIGINS": "*"}
    for name, value in unwanted.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("OLLAMA_MODELS", "/where/models/are")
    before = server.status()
    assert (before.running, before.own, before.trouble) == (False, False, "")  # it can be started
    with pytest.raises(errors.ServerMissing):
        server.loaded()  # to look what is in memory is no reason to start it
    model = server.open(FIRST)
    assert list(model.chat(ASKED, most=3))
    status = server.status()
    assert (status.running, status.own, status.online, status.trouble) == (True, True, False, "")
    noted = notes()
    assert noted["arguments"] == ["serve"]
    assert noted["environment"]["OLLAMA_NO_CLOUD"] == "1"
    assert noted["environment"]["OLLAMA_HOST"].startswith("127.0.0.1:")
    assert noted["environment"]["OLLAMA_MODELS"] == "/where/models/are"
    assert not unwanted.keys() & noted["environment"].keys()
    server.close()
    assert gone(noted["pid"])
    assert gone(noted["runner"])  # what it started, too
    server.close()


def test_killed_in_the_middle_it_is_lost_and_comes_back(
    server: OllamaServer, notes: Callable[[], dict[str, Any]]
) -> None:
    answer = server.open(FIRST).chat(ASKED, most=400)
    came = [next(answer), next(answer)]
    pid = notes()["pid"]
    os.kill(pid, signal.SIGKILL)
    with pytest.raises(errors.ServerLost):
        came.extend(answer)  # as far as it comes
    assert "".join(delta.text for delta in came).startswith("The dog ")
    os.kill(notes()["runner"], signal.SIGKILL)  # the real one's end by themselves
    assert gone(pid)
    assert list(server.open(FIRST).chat(ASKED, most=3))
    assert notes()["pid"] != pid


def test_it_ends_when_we_are_killed(
    program: str, notes: Callable[[], dict[str, Any]], tmp_path: Path
) -> None:
    code = (
        "import sys, time\n"
        "from ragdesk.adapters.ollama import OllamaServer\n"
        f"server = OllamaServer({NOWHERE!r}, program=lambda: {program!r})\n"
        "server.models(); print('up', flush=True); time.sleep(60)\n"
    )
    us = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE)
    assert us.stdout is not None
    assert us.stdout.readline() == b"up\n"
    noted = notes()
    us.kill()
    us.wait()
    us.stdout.close()
    assert gone(noted["pid"])
    assert gone(noted["runner"])


def test_one_that_is_too_old_is_ended_again(
    server: OllamaServer, notes: Callable[[], dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FAKE_OLLAMA_MODE", "old")
    with pytest.raises(errors.ServerOld):
        server.models()
    assert gone(notes()["pid"])
    assert not server.status().own


def test_a_program_that_ends_at_once(tmp_path: Path) -> None:
    path = tmp_path / "ollama"
    path.write_text("#!/bin/sh\nexit 3\n", "utf-8")
    path.chmod(0o755)
    server = OllamaServer(NOWHERE, program=lambda: str(path))
    start = time.monotonic()
    with pytest.raises(errors.ServerMissing):
        server.models()
    assert time.monotonic() - start < 15.0


@pytest.mark.parametrize(
    ("host", "address", "elsewhere"),
    [
        ("", "http://127.0.0.1:11434", False),
        ("0.0.0.0", "http://127.0.0.1:11434", False),
        ("0.0.0.0:8000", "http://127.0.0.1:8000", False),
        ("[::]:8000", "http://[::1]:8000", False),
        (":5000", "http://127.0.0.1:5000", False),
        ("localhost", "http://localhost:11434", False),
        ("127.0.0.2:1", "http://127.0.0.2:1", False),
        (" 'http://127.0.0.1:1/base/' ", "http://127.0.0.1:1/base", False),
        ("http://127.0.0.1", "http://127.0.0.1:80", False),
        ("https://office.example", "https://office.example:443", True),
        ("192.0.2.7", "http://192.0.2.7:11434", True),
        ("127.0.0.1.example:11434", "http://127.0.0.1.example:11434", True),
        ("localhost@192.0.2.7", "http://192.0.2.7:11434", True),
    ],
)
def test_where_to_look(
    host: str, address: str, elsewhere: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OLLAMA_HOST", host)
    assert usual_address() == address
    assert is_elsewhere(address) == elsewhere


def test_an_address_that_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OLLAMA_HOST", "127.0.0.1:no port")
    assert address_of("127.0.0.1:no port") == "127.0.0.1:no port"
    server = OllamaServer(program=lambda: None)
    assert server.status().trouble == "server_missing"
    with pytest.raises(errors.ServerMissing):
        server.models()
