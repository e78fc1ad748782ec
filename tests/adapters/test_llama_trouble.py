"""What can go wrong with the built-in model server: each ends in its sentence."""

from __future__ import annotations

import shutil
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from ragdesk.adapters import llama_child, llama_server
from ragdesk.adapters.llama_server import LlamaServer, Running, Wanted
from ragdesk.domain.protocols import ChildProcess
from ragdesk.engine.child import Spawner
from ragdesk.errors import (
    EngineMissing,
    ModelFailed,
    ModelTooLarge,
    RagDeskError,
    ServerLost,
)
from ragdesk.store.home import Home
from ragdesk.texts import sentence
from tests import gguf_files

from .chat_contract import finish, text
from .llama_home import ASKED, answer, children, home, kill_children, models, server

pytest.importorskip("xllamacpp", reason="needs the extra engine")

__all__ = ["home", "models", "server"]


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

    def test_a_count_outlives_another_model_that_takes_its_place(
        self, server: LlamaServer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        other, model = server.open("dense.gguf"), server.open("mixture.gguf")
        counted, ready = model.count(ASKED), server.ready

        def overtaken(wanted: Wanted) -> Running:
            running = ready(wanted)
            assert answer(other, most=1)  # as while the other one sits its exam
            return running

        with monkeypatch.context() as patch:
            patch.setattr(server, "ready", overtaken)
            assert model.count(ASKED) == counted

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
