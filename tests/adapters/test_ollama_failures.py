"""Each way in which Ollama fails, while it answers and while it fetches, ends in its sentence."""

from __future__ import annotations

import pytest

from ragdesk import errors
from ragdesk.adapters import ollama_pull
from ragdesk.adapters.ollama_api import is_cloud_name, is_remote, numbers, refusal, same
from ragdesk.domain.chat import Delta, Pulled
from tests.adapters.chat_contract import finish, text
from tests.fake_ollama_data import FETCHED, FIRST, THINKER
from tests.ollama_case import ASKED, Fake, fakes, said, server_at

fake = pytest.fixture(fakes)


# How an answer fails.


@pytest.mark.parametrize(
    ("mode", "error", "words"),
    [
        ("garbage", errors.ModelFailed, "cannot be read"),
        ("endless_line", errors.ModelFailed, "cannot be read"),
        ("dropping", errors.ServerLost, "went away"),
        ("unfinished", errors.ServerLost, "went away"),
        ("dying", errors.ModelFailed, "ended in the middle"),
    ],
)
def test_what_came_before_it_failed_is_kept(
    fake: Fake, mode: str, error: type[errors.RagDeskError], words: str
) -> None:
    ollama = fake(mode)
    model = server_at(ollama).open(FIRST)
    deltas: list[Delta] = []
    with pytest.raises(error) as failed:
        deltas.extend(model.chat(ASKED, most=100))  # as far as it came
    assert text(deltas) == "The dog sat "
    assert words in said(failed.value)
    ollama.mode = "usual"
    assert finish(list(model.chat(ASKED, most=3))).reason == "length"


@pytest.mark.parametrize(
    ("mode", "error", "words"),
    [
        ("out_of_memory", errors.ModelTooLarge, "smaller model"),
        ("damaged", errors.ModelFailed, "damaged"),
        ("busy", errors.ModelFailed, "busy with other questions"),
    ],
)
def test_a_model_that_cannot_begin(
    fake: Fake, mode: str, error: type[errors.RagDeskError], words: str
) -> None:
    ollama = fake()
    server = server_at(ollama)
    model = server.open(FIRST)
    ollama.mode = mode
    with pytest.raises(error) as failed:
        server.open(FIRST)
    assert words in said(failed.value)
    with pytest.raises(error) as failed:  # it went out of memory meanwhile, and comes no more
        list(model.chat(ASKED, most=3))
    assert words in said(failed.value)


def test_a_silent_server_is_given_up_and_let_go(fake: Fake) -> None:
    ollama = fake()
    model = server_at(ollama, silence=0.6).open(FIRST)
    ollama.mode = "silent"
    with pytest.raises(errors.ModelFailed) as failed:
        list(model.chat(ASKED, most=3))
    assert "nothing came from it" in said(failed.value)
    assert ollama.ended.wait(2.0)
    with pytest.raises(errors.ModelFailed) as failed:
        server_at(ollama, silence=0.6).open(THINKER)
    assert "nothing came from it" in said(failed.value)


@pytest.mark.parametrize("mode", ["endless", "endless_nothing"])
def test_an_answer_without_end_ends(fake: Fake, mode: str) -> None:
    ollama = fake()
    model = server_at(ollama).open(FIRST)
    ollama.mode = mode
    end = finish(list(model.chat(ASKED, most=20)))
    assert end.reason == "length"
    assert end.answer_tokens < 60
    assert ollama.ended.wait(5.0)


def test_the_server_is_gone_before_the_answer(fake: Fake) -> None:
    ollama = fake()
    model = server_at(ollama).open(FIRST)
    ollama.__exit__()
    with pytest.raises(errors.ServerMissing) as missing:
        list(model.chat(ASKED, most=3))
    assert ollama.address in said(missing.value)


# What fetching does.


def test_fetching_tells_how_far_it_is(fake: Fake) -> None:
    server = server_at(fake())
    seen: list[Pulled] = []
    server.pull(FETCHED, seen.append, lambda: False)
    done = [each.done for each in seen]
    assert done == sorted(done)
    assert (seen[-1].done, seen[-1].total, seen[-1].step) == (5_000_000, 5_000_000, "ready")
    assert {each.step for each in seen} >= {"asking what belongs to it", "fetching", "checking"}
    assert FETCHED in [model.name for model in server.models()]


def test_fetching_can_be_stopped_and_goes_on(fake: Fake) -> None:
    ollama = fake()
    server = server_at(ollama)
    seen: list[Pulled] = []
    server.pull(FETCHED, seen.append, lambda: bool(seen) and seen[-1].done > 500_000)
    assert ollama.ended.wait(2.0)
    half = sum(ollama.had.values())
    assert 500_000 < half < 5_000_000
    with pytest.raises(errors.ModelMissing):  # half a model is none
        server.open(FETCHED)
    again: list[Pulled] = []
    server.pull(FETCHED, again.append, lambda: False)
    assert min(each.done for each in again if each.done) >= half
    server.open(FETCHED)


def test_half_a_model_is_none_until_the_rest_is_there(fake: Fake) -> None:
    server = server_at(fake("half_pulled"))
    with pytest.raises(errors.ModelMissing) as missing:
        server.open(FETCHED)
    assert FETCHED in said(missing.value)
    seen: list[Pulled] = []
    server.pull(FETCHED, seen.append, lambda: False)
    assert min(each.done for each in seen if each.done) >= 2_000_000
    server.open(FETCHED)


@pytest.mark.parametrize(
    ("mode", "error", "words"),
    [
        ("disk_full", errors.DiskFull, "disk is full"),
        ("offline", errors.PullFailed, "no way to the internet"),
        ("damaged_part", errors.PullFailed, "came damaged"),
        ("pull_garbage", errors.PullFailed, "cannot be read"),
        ("pull_dropping", errors.PullFailed, "broke off"),
    ],
)
def test_fetching_fails_and_goes_on(
    fake: Fake, mode: str, error: type[errors.RagDeskError], words: str
) -> None:
    ollama = fake(mode)
    server = server_at(ollama)
    with pytest.raises(error) as failed:
        server.pull(FETCHED, lambda _: None, lambda: False)
    assert words in said(failed.value)
    ollama.mode = "usual"
    server.pull(FETCHED, lambda _: None, lambda: False)
    server.open(FETCHED)


def test_a_disk_without_room_is_not_filled(fake: Fake) -> None:
    ollama = fake()
    with pytest.raises(errors.DiskFull) as full:
        server_at(ollama, disk=lambda _: 3_000_000).pull(FETCHED, lambda _: None, lambda: False)
    assert "Make room" in said(full.value)
    assert sum(ollama.had.values()) < 3_000_000


def test_a_model_that_nobody_has(fake: Fake) -> None:
    with pytest.raises(errors.PullFailed) as failed:
        server_at(fake()).pull("unheard-of", lambda _: None, lambda: False)
    assert "no such model" in said(failed.value)


def test_the_speed_counts_what_arrives_and_not_what_was_there() -> None:
    progress = ollama_pull.Progress()
    line = {"status": "pulling aa", "digest": "aa", "total": 10_000, "completed": 6_000}
    progress.take(line, 0.0)
    pulled = progress.take(line | {"completed": 7_000}, 2.0)
    assert (pulled.done, pulled.total, pulled.rate) == (7_000, 10_000, 500.0)
    assert pulled.seconds_left == 6.0
    more = progress.take({"digest": "bb", "total": 1_000, "completed": 800}, 4.0)
    assert (more.done, more.total, more.rate) == (7_800, 11_000, 250.0)


# What its words mean.


@pytest.mark.parametrize(
    ("status", "words", "begun", "code"),
    [
        (404, "model 'x' not found", False, "model_missing"),
        (-1, "an error was encountered while running the model: unexpected EOF", True, "model_failed"),
        (500, "llama-server process has terminated: exit status 1", False, "model_failed"),
        (500, "llama-server process has terminated: signal: killed", False, "model_too_large"),
        (500, "model requires more system memory (9 GiB) than is available", False, "model_too_large"),
        (500, "model runner has unexpectedly stopped, this may be …", False, "model_too_large"),
        (-1, "model runner has unexpectedly stopped, this may be …", True, "model_failed"),
        (400, "the input length exceeds the context length", False, "prompt_too_long"),
        (400, "the prompt is longer than the context length currently available", False, "prompt_too_long"),
        (503, "server busy, please try again", False, "model_failed"),
        (403, "ollama cloud is disabled: remote model is unavailable", False, "cloud_model"),
        (400, '"x" does not support chat', False, "model_failed"),
        (418, "", False, "model_failed"),
    ],
)  # fmt: skip
def test_what_a_refusal_means(status: int, words: str, begun: bool, code: str) -> None:
    error = refusal("x", status, words, begun=begun, sizes={"needed": "2 GB", "free": "1 GB"})
    assert error.code == code
    assert "model x" in said(error) or "called x" in said(error)


def test_names_and_versions() -> None:
    assert [numbers(v) for v in ("0.33.0", "v0.5", "0.30.1-rc2", "none")] == [
        (0, 33, 0),
        (0, 5, 0),
        (0, 30, 1),
        (0, 0, 0),
    ]
    assert all(is_cloud_name(name) for name in ("a:cloud", "a:20b-cloud", "A:Cloud"))
    assert not any(is_cloud_name(name) for name in ("a:latest", "cloudy:8b"))
    assert is_remote({"name": "a", "size": 400})
    assert not is_remote({"name": "a", "size": 2_000_000})
    assert same("a", "a:latest")
    assert same("hub.example:5000/b/a", "hub.example:5000/b/a:latest")
    assert not same("a:1b", "a:latest")
