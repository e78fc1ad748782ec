"""A home with models of random numbers, and the built-in server on it."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from ragdesk.adapters import llama_server
from ragdesk.adapters.llama_server import LlamaServer
from ragdesk.domain.chat import Delta, Message
from ragdesk.domain.protocols import ChatModel
from ragdesk.engine.child import Spawner
from ragdesk.store.home import Home
from tests import gguf_files

ASKED = [Message("user", "Hi")]


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with models of random numbers, and adapters."""
    folder = tmp_path_factory.mktemp("models")
    gguf_files.write_random(folder / "dense.gguf")
    gguf_files.write_random(folder / "mixture.gguf", experts=4)
    gguf_files.write_adapter(folder / "adapter.gguf")
    gguf_files.write_adapter(folder / "other-adapter.gguf", width=32)
    return folder


@pytest.fixture
def home(tmp_path: Path, models: Path) -> Home:
    home = Home(tmp_path / "home")
    home.models.mkdir(parents=True)
    for name in ("dense.gguf", "mixture.gguf"):
        os.link(models / name, home.models / name)
    return home


@pytest.fixture
def server(home: Home) -> Iterator[LlamaServer]:
    server = LlamaServer(home, Spawner())
    yield server
    server.close()


def answer(model: ChatModel, most: int = 12) -> list[Delta]:
    return list(model.chat(ASKED, most=most))


def children() -> list[int]:
    """Process ids of the children with models."""
    found = []
    for process in psutil.Process().children(recursive=True):
        try:
            words = process.cmdline()
        except psutil.Error:
            continue
        if llama_server.CHILD in words:
            found.append(process.pid)
    return found


def kill_children() -> None:
    for pid in children():
        os.kill(pid, getattr(signal, "SIGKILL", signal.SIGTERM))
