"""Which model answers, and when it is made ready."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ragdesk.domain.chat import ServedModel, ServerStatus
from ragdesk.engine.serving import Serving, split_name
from ragdesk.errors import ModelMissing, ServerMissing
from ragdesk.store.choices import Choices
from ragdesk.store.database import Database
from ragdesk.store.home import Home
from tests.fakes_chat import ScriptedChat, ScriptedServer


class Counting(ScriptedServer):
    """Notes what was opened, with which adapter."""

    def __init__(self, *names: str) -> None:
        super().__init__(ScriptedChat("Yes [1].", name=names[0]))
        self.names = names
        self.opened: list[tuple[str, Path | None]] = []
        self.closed = False

    def open(self, name: str, adapter: Path | None = None) -> ScriptedChat:
        if name not in self.names:
            raise ModelMissing(name=name)
        self.opened.append((name, adapter))
        return ScriptedChat("Yes [1].", name=name)

    def close(self) -> None:
        self.closed = True


class Gone(ScriptedServer):
    """A server that does not run."""

    def status(self) -> ServerStatus:
        return ServerStatus("ollama", False, trouble="server_missing")

    def models(self) -> list[ServedModel]:
        raise ServerMissing(address="nowhere")


@pytest.fixture
def choices(tmp_path: Path) -> Iterator[Choices]:
    home = Home(tmp_path / "home")
    home.make()
    database = Database.for_writing(home)
    yield Choices(database)
    database.close()


def test_a_name_has_its_server_in_front() -> None:
    assert split_name("ollama/qwen3:4b") == ("ollama", "qwen3:4b")
    assert split_name("built-in") == ("built-in", "built-in")


def test_the_chosen_model_is_opened_once_and_another_choice_opens_another(
    choices: Choices, tmp_path: Path
) -> None:
    own, ollama = Counting("built-in"), Counting("qwen3:4b")
    adapter = tmp_path / "writer.gguf"
    serving = Serving(
        {"built-in": lambda: own, "ollama": lambda: ollama}, choices, lambda model: adapter
    )
    assert serving.chat() is serving.chat()
    assert own.opened == [("built-in", adapter)]
    choices.change("model", "ollama/qwen3:4b")
    assert serving.chat().name == "qwen3:4b"
    assert ollama.opened == [("qwen3:4b", None)]  # what was trained for one model fits no other
    serving.forget()
    serving.chat()
    assert len(ollama.opened) == 2
    serving.close()
    assert own.closed
    assert ollama.closed


def test_a_server_is_not_made_before_it_is_needed(choices: Choices) -> None:
    made = []

    def make() -> Counting:
        made.append(1)
        return Counting("built-in")

    serving = Serving({"built-in": make}, choices, lambda model: None)
    serving.close()
    assert not made


def test_a_model_that_no_server_has_is_missing(choices: Choices) -> None:
    serving = Serving({"built-in": lambda: Counting("built-in")}, choices, lambda model: None)
    with pytest.raises(ModelMissing):
        serving.chat("built-in/other")
    with pytest.raises(ModelMissing):
        serving.chat("elsewhere/built-in")
    assert serving.chat("built-in").name == "built-in"


def test_all_servers_are_listed_one_that_is_gone_with_its_trouble(choices: Choices) -> None:
    own = Counting("built-in")
    gone = Gone(ScriptedChat("", name="x"))
    serving = Serving({"built-in": lambda: own, "ollama": lambda: gone}, choices, lambda m: None)
    listed = serving.listed()
    assert [server["trouble"] for server in listed.servers] == ["", "server_missing"]
    assert [model["name"] for model in listed.models] == ["built-in"]
