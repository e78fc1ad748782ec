"""Ollama as a model server: the contract, what it is asked, what it has, and who answers."""

from __future__ import annotations

import itertools
import os
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from ragdesk import errors
from ragdesk.adapters.ollama import OllamaServer
from ragdesk.domain.chat import Message, Pulled
from ragdesk.domain.protocols import ModelServer
from tests.adapters.chat_contract import ChatContract, finish, text
from tests.fake_ollama import FakeOllama
from tests.fake_ollama_data import ALIAS, CLOUD, FETCHED, FIRST, THINKER
from tests.ollama_case import ASKED, Fake, fakes, said, server_at

fake = pytest.fixture(fakes)


@pytest.fixture(scope="module")
def usual() -> Iterator[OllamaServer]:
    with FakeOllama() as ollama:
        server = server_at(ollama)
        yield server
        server.close()


@pytest.fixture(scope="module")
def real() -> Iterator[OllamaServer]:
    address = os.environ.get("RAGDESK_OLLAMA_URL")
    if not address:
        pytest.skip("no real Ollama was tried: RAGDESK_OLLAMA_URL names none")
    server = OllamaServer(address, program=lambda: None)
    yield server
    server.close()


class TestFake(ChatContract):
    @pytest.fixture
    def server(self, usual: OllamaServer) -> ModelServer:
        return usual

    @pytest.fixture
    def model_name(self) -> str:
        return FIRST


class TestReal(ChatContract):
    """A server at RAGDESK_OLLAMA_URL, its smallest model or the one that RAGDESK_OLLAMA_MODEL names."""

    @pytest.fixture
    def server(self, real: OllamaServer) -> ModelServer:
        return real

    @pytest.fixture
    def model_name(self, server: ModelServer) -> str:
        named = os.environ.get("RAGDESK_OLLAMA_MODEL")
        here = sorted((m for m in server.models() if not m.remote), key=lambda model: model.bytes)
        if not named and not here:
            pytest.skip("the real Ollama has no model that could answer")
        return named or here[0].name

    def test_a_model_is_fetched(self, server: ModelServer) -> None:
        name = os.environ.get("RAGDESK_OLLAMA_PULL")
        if not name:
            pytest.skip("nothing was fetched: RAGDESK_OLLAMA_PULL names no model")
        seen: list[Pulled] = []
        server.pull(name, seen.append, lambda: False)
        assert seen[-1].done == seen[-1].total > 0


# What is asked.


def test_nothing_that_is_asked_can_be_cut_and_the_model_is_loaded_once(fake: Fake) -> None:
    ollama = fake()
    model = server_at(ollama).open(THINKER)
    for think in (False, True, False):
        list(model.chat(ASKED, most=4, think=think))
    bodies = ollama.asked("/api/chat")
    assert len(bodies) == 4
    assert all(body["truncate"] is False and body["shift"] is False for body in bodies)
    assert {body["options"]["num_ctx"] for body in bodies} == {8192}
    assert len({body["options"]["num_thread"] for body in bodies}) == 1
    assert {body["options"]["temperature"] for body in bodies} == {0}
    assert {body["model"] for body in bodies} == {f"{THINKER}:local"}
    assert [body["think"] for body in bodies[1:]] == [False, True, False]
    assert len(ollama.loads) == 1


def test_thinking_comes_apart_from_the_answer_and_only_where_it_can(fake: Fake) -> None:
    server = server_at(fake())
    deltas = list(server.open(THINKER).chat(ASKED, most=20, think=True))
    assert "".join(delta.thinking for delta in deltas) == "Let me see."
    assert "Let me" not in text(deltas)
    plain = server.open(FIRST)
    assert not plain.thinks
    assert text(list(plain.chat(ASKED, most=20, think=True)))  # asked to think, it would refuse


def test_a_server_is_told_to_stop(fake: Fake) -> None:
    ollama = fake("slow")
    model = server_at(ollama).open(FIRST)
    looks = itertools.count()
    start = time.monotonic()
    deltas = list(model.chat(ASKED, most=400, stopped=lambda: next(looks) > 10))
    assert finish(deltas).reason == "stopped"
    assert text(deltas)
    assert time.monotonic() - start < 3.0
    assert ollama.ended.wait(2.0)


def test_a_refused_question_was_too_long(fake: Fake) -> None:
    ollama = fake()
    model = server_at(ollama).open(FIRST)
    # Numbers are cheap for this server: after those it seems that words are so, too.
    cheap = [Message("user", "123456789012 " * 100)]
    list(model.chat(cheap, most=1))
    dear = [Message("user", "incontrovertible " * 2100)]
    assert model.count(dear) < 8000
    before = model.count([*dear, *cheap])
    with pytest.raises(errors.PromptTooLong) as long:
        list(model.chat(dear, most=10))
    assert model.name in said(long.value)
    assert model.count([*dear, *cheap]) > before


# What it has.


def test_models_of_other_computers_are_marked_and_never_asked(fake: Fake) -> None:
    ollama = fake()
    server = server_at(ollama)
    remote = {model.name: model.remote for model in server.models()}
    assert remote == {CLOUD: True, ALIAS: True, FIRST: False, THINKER: False}
    for name in (CLOUD, ALIAS, "innocent", "unheard-of:70b-cloud", "unheard-of:cloud"):
        with pytest.raises(errors.CloudModel) as cloud:
            server.open(name)
        assert name.partition(":")[0] in said(cloud.value)
    with pytest.raises(errors.CloudModel):
        server.pull("new:cloud", lambda _: None, lambda: False)
    assert not ollama.asked("/api/chat")
    assert not ollama.asked("/api/pull")


def test_what_a_model_is(fake: Fake) -> None:
    models = {model.name: model for model in server_at(fake(), context=4096).models()}
    first = models[FIRST]
    assert (first.server, first.bytes, first.family) == ("ollama", 2_100_000, "lfm2moe")
    assert (first.parameters, first.experts, first.context) == ("1.0M", 8, 4096)
    assert (first.thinks, models[THINKER].thinks) == (False, True)
    with pytest.raises(errors.ModelFailed) as failed:  # it searches, and is not offered
        server_at(fake()).open("searcher")
    assert "not made to answer" in said(failed.value)


def test_what_is_in_memory_and_for_how_long(fake: Fake) -> None:
    server = server_at(fake())
    assert server.loaded() == []
    server.open(FIRST)
    (loaded,) = server.loaded()
    assert (loaded.name, loaded.bytes) == (FIRST, 11_100_000)
    assert loaded.seconds_left is not None
    assert 500 < loaded.seconds_left <= 601


def test_deleted_is_gone(fake: Fake) -> None:
    server = server_at(fake())
    server.delete("tiny-moe")
    assert FIRST not in [model.name for model in server.models()]
    with pytest.raises(errors.ModelMissing) as missing:
        server.delete("tiny-moe")
    assert "tiny-moe" in said(missing.value)


def test_a_model_too_large_is_not_loaded(fake: Fake) -> None:
    ollama = fake()
    with pytest.raises(errors.ModelTooLarge) as large:
        server_at(ollama, memory=lambda: 250_000_000).open(FIRST)
    assert "250 MB are free" in said(large.value)
    assert not ollama.loads
    server = server_at(ollama)
    server.open(FIRST)
    # In memory already, it needs no more.
    server_at(ollama, memory=lambda: 0).open(FIRST)


def test_a_model_is_made_of_another_and_an_adapter(fake: Fake, tmp_path: Path) -> None:
    ollama = fake()
    server = server_at(ollama)
    adapter = tmp_path / "writer.gguf"
    adapter.write_bytes(b"GGUF" + bytes(100_000))
    steps: list[Pulled] = []
    for _ in range(2):
        server.create("mine", FIRST, adapter, steps.append)
    (digest,) = ollama.blobs
    assert ollama.blobs[digest] == adapter.read_bytes()
    assert ollama.created[0]["adapters"] == {"writer.gguf": digest}
    assert ollama.created[0]["from"] == FIRST
    sent = [method for method, path, _ in ollama.requests if "/blobs/" in path]
    assert sent == ["HEAD", "POST", "HEAD"]  # what is there is not sent again
    assert steps[-1].step == "ready"
    ollama.version = "0.25.0"
    with pytest.raises(errors.ServerOld) as old:
        server.create("mine", FIRST, adapter, steps.append)
    assert "0.30.0" in said(old.value)


# Who answers.


def test_nobody_answers() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{taken.getsockname()[1]}"
        server = server_at(address)
        assert server.status().trouble == "server_missing"
        assert not server.status().running
        for call in (
            server.models,
            server.loaded,
            lambda: server.open(FIRST),
            lambda: server.delete(FIRST),
            lambda: server.pull(FETCHED, lambda _: None, lambda: False),
        ):
            with pytest.raises(errors.ServerMissing) as missing:
                call()
            assert address in said(missing.value)


@pytest.mark.parametrize(
    ("mode", "error", "words"),
    [
        ("other", errors.ServerOther, "is not Ollama"),
        ("other_json", errors.ServerOther, "is not Ollama"),
        ("moved", errors.ServerOther, "is not Ollama"),
        ("old", errors.ServerOld, "Ollama 0.5.13 is too old"),
    ],
)
def test_another_server_is_not_spoken_to(
    fake: Fake, mode: str, error: type[errors.RagDeskError], words: str
) -> None:
    ollama = fake(mode)
    server = server_at(ollama)
    status = server.status()
    assert status.trouble == error.code
    assert status.running == (mode == "old")
    with pytest.raises(error) as other:
        server.open(FIRST)
    assert words in said(other.value)
    assert {path for _, path, _ in ollama.requests} <= {"/api/version", "/api/status"}


def test_what_is_sent_on_to_another_computer_does_not_go_there(fake: Fake) -> None:
    ollama = fake()
    server = server_at(ollama)
    model = server.open(FIRST)
    ollama.mode = "moved_later"  # to reach out ends every test
    for call in (server.loaded, lambda: server.open(THINKER), lambda: server.delete(FIRST)):
        with pytest.raises(errors.ServerOther) as other:
            call()
        assert "is not Ollama" in said(other.value)
    with pytest.raises(errors.ModelFailed):
        list(model.chat(ASKED, most=3))
    with pytest.raises(errors.PullFailed):
        server.pull(FETCHED, lambda _: None, lambda: False)


@pytest.mark.parametrize("cloud", [True, False])
def test_whether_it_may_go_online_is_told(fake: Fake, cloud: bool) -> None:
    status = server_at(fake(cloud=cloud)).status()
    assert (status.running, status.online, status.version) == (True, cloud, "0.33.0")
    assert not status.own
    assert not status.elsewhere


def test_another_computer_is_not_spoken_to() -> None:
    server = server_at("http://192.0.2.1:11434")  # to reach out ends every test
    status = server.status()
    assert (status.elsewhere, status.running, status.trouble) == (True, False, "server_elsewhere")
    with pytest.raises(errors.ServerElsewhere):
        server.models()
    with pytest.raises(errors.ServerElsewhere):
        server.open(FIRST)


def test_nothing_leaves_whatever_the_surroundings_say(
    fake: Fake, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Proxies of another computer and a key for the cloud are set; to reach out ends every test."""
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "HTTPS_PROXY"):
        monkeypatch.setenv(name, "http://192.0.2.1:3128")
    monkeypatch.setenv("OLLAMA_API_KEY", "a person's own")
    monkeypatch.setenv("OLLAMA_HOST", "192.0.2.1:no port")
    ollama = fake()
    server = server_at(ollama)
    adapter = tmp_path / "a.gguf"
    adapter.write_bytes(b"GGUF")
    list(server.open(FIRST).chat(ASKED, most=3))
    server.pull(FETCHED, lambda _: None, lambda: False)
    server.create("mine", FIRST, adapter, lambda _: None)
    server.loaded()
    server.delete(FETCHED)
    assert len(ollama.headers) > 10
    assert not any("authorization" in headers for headers in ollama.headers)
