"""Answers that a language model writes, as a person or a script calls for them."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from ragdesk.settings import BUILT_IN
from tests import gguf_files
from tests.fake_ollama import FakeOllama
from tests.fake_ollama_data import ALIAS, FETCHED, FIRST
from tests.ollama_case import fakes

from .test_commands import Result, call, desk, home, words

__all__ = ["desk", "home"]

QUESTION = "What is the monthly rent?"
STORY = "Tell me the story of the lease and its notice"
Fake = Callable[..., FakeOllama]


@pytest.fixture
def fake() -> Iterator[Fake]:
    yield from fakes()


def beside(server: FakeOllama) -> dict[str, str]:
    """The environment in which `server` is the Ollama of this computer."""
    return {**os.environ, "OLLAMA_HOST": server.address}


def ask(server: FakeOllama, home: Path, *arguments: str) -> Result:
    return call("ask", *arguments, home=home, env=beside(server))


def plain(server: FakeOllama, home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [sys.executable, "-m", "ragdesk", *arguments, "--home", str(home)],
        capture_output=True, check=False, encoding="utf-8", env=beside(server),
    )  # fmt: skip
    assert "Traceback" not in done.stderr
    return done


@pytest.fixture
def own_home(home: Path, tmp_path: Path) -> Path:
    """A copy of the library in which settings may be changed."""
    shutil.copytree(home, tmp_path / "home")
    return tmp_path / "home"


@pytest.mark.parametrize("name", [f"ollama/{FIRST}", FIRST, FIRST.partition(":")[0]])
def test_a_model_is_found_by_its_name(fake: Fake, home: Path, name: str) -> None:
    status, (line,) = ask(fake(), home, QUESTION, "--answerer", name)
    assert status == 0
    assert line["answerer"] == f"ollama/{FIRST}"
    assert line["answer"].startswith("Paris is the capital of France.")
    assert [one["supported"] for one in line["sentences"]] == [False]
    assert (line["finish"], line["doubt"], line["trouble"]) == ("done", "weak", "")
    assert 0 < line["seconds"]["search"] < line["seconds"]["first_word"] < line["seconds"]["total"]


def test_what_a_person_reads(fake: Fake, home: Path) -> None:
    printed = plain(fake(), home, "ask", QUESTION, "--answerer", FIRST).stdout
    order = [
        "  The model answers, but your documents hardly support it.",
        "  Paris is the capital of France.",
        "  Not shown by the documents, so check before you rely on it:",
        "    “Paris is the capital of France.” (",
        "  Written in ",
        "  In your documents' own words:\n  1,850 euro\n",
        "  [1] lease.md",
    ]
    places = [printed.index(words) for words in order]
    assert places == sorted(places)


def test_quotes_where_nothing_is_said_and_no_server_is_spoken_to(fake: Fake, home: Path) -> None:
    server = fake()
    _, (line,) = ask(server, home, QUESTION)
    assert line["answerer"] == "quote"
    assert server.requests == []


def test_many_questions_are_answered_in_order(fake: Fake, home: Path, tmp_path: Path) -> None:
    file = tmp_path / "q.jsonl"
    asked = [{"id": "a", "question": QUESTION}, {"id": "b", "question": STORY}]
    file.write_text("\n".join(map(json.dumps, asked)), encoding="utf-8")
    server = fake()
    _, lines = ask(server, home, "--questions", str(file), "--answerer", FIRST)
    assert [line["id"] for line in lines] == ["a", "b"]
    assert len(server.loads) == 1  # it stays open


@pytest.mark.parametrize(
    ("name", "error", "status"),
    [
        ("unknown:7b", "model_missing", 4),
        (ALIAS, "cloud_model", 2),
        ("built-in", "model_missing", 4),
    ],
)
def test_a_model_that_was_named_and_cannot_answer_is_told(
    fake: Fake, home: Path, name: str, error: str, status: int
) -> None:
    found, (line,) = ask(fake(), home, QUESTION, "--answerer", name)
    assert (found, line["error"]) == (status, error)


def test_one_that_breaks_off_needs_a_look(fake: Fake, home: Path) -> None:
    done = plain(fake("garbage"), home, "ask", QUESTION, "--answerer", FIRST)
    assert done.returncode == 1
    assert "The model stopped in the middle. What it had written is kept" in done.stdout
    assert "1,850 euro" in done.stdout.partition("In your documents' own words:")[2]


def test_the_chosen_model_writes_until_quotes_are_chosen(fake: Fake, own_home: Path) -> None:
    server = fake()
    status, (line,) = call("models", "use", FIRST, home=own_home, env=beside(server))
    assert (status, line["model"], line["exam"]["verdict"]) == (0, f"ollama/{FIRST}", "")
    assert ask(server, own_home, QUESTION)[1][0]["answerer"] == f"ollama/{FIRST}"
    gone = plain(fake("other"), own_home, "ask", QUESTION)
    assert gone.returncode == 1
    assert "is not Ollama" in gone.stderr
    assert gone.stdout.startswith("  No answer was written, so here are your documents' own words.")
    assert "1,850 euro" in gone.stdout
    assert call("models", "use", "quotes", home=own_home, env=beside(server))[0] == 0
    assert ask(server, own_home, QUESTION)[1][0]["answerer"] == "quote"
    missing, (line,) = call("models", "use", "nobody:1b", home=own_home, env=beside(server))
    assert (missing, line["error"]) == (4, "model_missing")


def test_ctrl_c_keeps_what_was_written(fake: Fake, home: Path) -> None:
    server = fake("slow")
    asking = subprocess.Popen(
        [sys.executable, "-m", "ragdesk", "ask", STORY, "--answerer", FIRST,
         "--home", str(home), "--json"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=beside(server),
    )  # fmt: skip
    until = time.monotonic() + 60
    while not any(path == "/api/chat" and said.get("messages") for path, said in chats(server)):
        assert time.monotonic() < until
        time.sleep(0.1)
    time.sleep(1.5)
    asking.send_signal(signal.SIGINT)
    out, err = asking.communicate(timeout=30)
    assert asking.returncode == 130, err
    line = json.loads(out)
    assert line["finish"] == "stopped"
    assert 1 <= len(line["answer"].split()) < 60


def chats(server: FakeOllama) -> Sequence[tuple[str, dict[str, Any]]]:
    return [(path, body or {}) for _, path, body in server.requests]


def test_an_exam_of_a_model(fake: Fake, home: Path, tmp_path: Path) -> None:
    file = tmp_path / "q.jsonl"
    asked = [
        {"question": QUESTION, "answer": "1,850 euro",
         "evidence": [{"file": "lease.md", "page": None, "text": "The monthly rent is 1,850 euro"}]},
        {"question": "Who services the wet saw?", "answer": "Brandt Machines"},
    ]  # fmt: skip
    file.write_text("\n".join(map(json.dumps, asked)), encoding="utf-8")
    server = fake()
    status, (scores,) = call("exam", str(file), "--answerer", FIRST, home=home, env=beside(server))
    assert (status, scores["answerer"], scores["not_written"]) == (0, FIRST, {})
    assert (scores["questions"], scores["hit@1"], scores["exact"]) == (2, 1.0, 0.0)
    assert {"citation_precision", "citation_recall"} <= set(scores)
    assert len(server.loads) == 1
    done = plain(fake("garbage"), home, "exam", str(file), "--answerer", FIRST)
    assert done.returncode == 1
    assert "The model broke off, or wrote nothing, 2 times: server_lost." in done.stdout
    assert call("exam", str(file), home=home)[1][0]["answerer"] == "quote"


def test_models_are_listed_with_what_is_known_of_them(fake: Fake, tmp_path: Path) -> None:
    home = tmp_path / "home"
    (home / "models").mkdir(parents=True)
    gguf_files.write_random(home / "models" / "mine.gguf", experts=4)
    done = plain(fake(), home, "models")
    assert done.returncode == 0
    flat = " ".join(done.stdout.split())
    assert re.search(
        r"mine\.gguf \d MB, your own, \w+ parameters, a mixture of 4 experts not", flat
    )
    assert f"{FIRST} 2 MB, in Ollama, 1.0M parameters, a mixture of 8 experts not tried" in flat
    assert f"{ALIAS} run by other computers, so your documents would leave this one" in flat
    assert "Ollama: version 0.33.0, at http" in flat
    assert "What suits this computer" in flat
    old = plain(fake("old"), home, "models").stdout
    assert "Ollama 0.5.13 is too old to be used safely" in " ".join(old.split())


def test_a_model_is_pulled_tried_and_deleted(fake: Fake, tmp_path: Path) -> None:
    home, server = tmp_path / "home", fake()
    assert call("models", "pull", FETCHED, home=home, env=beside(server))[0] == 0
    assert server.find(FETCHED) is not None
    status, (line,) = call("models", "try", FETCHED, home=home, env=beside(server))
    assert (status, line["verdict"], line["asked"]) == (1, "failed", 40)
    listed = " ".join(plain(server, home, "models").stdout.split())
    assert f"{line['words']} It does not answer well enough" in listed
    assert "quotes serve you better" in listed
    assert call("models", "delete", FETCHED, home=home, env=beside(server))[0] == 0
    assert server.find(FETCHED) is None
    assert list((home / "models").glob("*.exam.json")) == []
    assert call("models", "delete", FETCHED, home=home, env=beside(server))[0] == 4
    assert call("models", "pull", "nothing:1b", home=home, env=beside(server))[0] == 5


def test_a_pull_that_is_stopped_says_how_to_go_on(fake: Fake, tmp_path: Path) -> None:
    server = fake()
    pulling = subprocess.Popen(
        [sys.executable, "-m", "ragdesk", "models", "pull", FETCHED, "--home", str(tmp_path)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=beside(server), encoding="utf-8",
    )  # fmt: skip
    until = time.monotonic() + 30
    while not sum(server.had.values()):
        assert time.monotonic() < until
        time.sleep(0.02)
    pulling.send_signal(signal.SIGINT)
    out, _ = pulling.communicate(timeout=30)
    assert pulling.returncode == 130
    assert "What came so far is kept" in out
    assert f"ragdesk models pull {FETCHED}" in out


def test_doctor_names_the_servers(fake: Fake, tmp_path: Path) -> None:
    _, lines = call("doctor", home=tmp_path, env=beside(fake("old")))
    [ollama] = [line for line in lines if line.get("part") == "server ollama"]
    assert (ollama["version"], ollama["trouble"]) == ("0.5.13", "server_old")
    assert lines[-1]["avx2"] in ("yes", "no", "unknown")
    assert "get it: ragdesk models get built-in" in words("doctor", home=tmp_path).lower()


@pytest.mark.skipif(sys.platform == "win32", reason="needs a terminal of Unix")
def test_in_a_terminal_it_is_shown_while_it_is_written(fake: Fake, home: Path) -> None:
    shown = in_terminal(fake("slow"), home, "ask", QUESTION, "--answerer", FIRST)
    growing = [shown.index(words) for words in ("  Paris", "  Paris is", "  Paris is the capital")]
    assert growing == sorted(growing)
    assert "Writing…" in shown[: growing[0]]
    cleared = shown.rindex("\x1b[J")  # then the answer as it was checked
    assert shown.index("Not shown by the documents") > cleared
    assert shown.count("  Paris is the capital of France.", cleared) == 1


def in_terminal(server: FakeOllama, home: Path, *arguments: str) -> str:
    """What a command prints where somebody watches."""
    import pty

    try:
        child, screen = pty.fork()
    except OSError:
        pytest.skip("this computer lends no terminal")
    if child == 0:
        os.environ.update(beside(server), COLUMNS="100", LINES="40")
        command = [sys.executable, "-m", "ragdesk", *arguments, "--home", str(home)]
        os.execv(sys.executable, command)
    printed = b""
    with contextlib.suppress(OSError):  # how the end of a terminal reads
        while piece := os.read(screen, 4096):
            printed += piece
    os.waitpid(child, 0)
    os.close(screen)
    return printed.decode()


@pytest.fixture(scope="module")
def with_built_in(
    home: Path, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Path:
    """A library beside which the real built-in model lies."""
    pytest.importorskip("xllamacpp", reason="needs the extra engine")
    copy = tmp_path_factory.mktemp("built-in") / "home"
    shutil.copytree(home, copy)
    (copy / "models" / BUILT_IN).mkdir(parents=True)
    model = gguf_files.built_in_model(request.config)
    os.symlink(model, copy / "models" / BUILT_IN / "model.gguf")
    return copy


def test_the_real_built_in_model_answers(with_built_in: Path) -> None:
    status, (line,) = call("ask", QUESTION, "--answerer", "built-in", home=with_built_in)
    assert status in (0, 1)  # it may refuse
    assert line["trouble"] == ""
    assert line["answerer"] in ("built-in", "quote")
    numbers = {number for one in line["sentences"] for number in one["numbers"]}
    assert numbers == {citation["number"] for citation in line["citations"]}
    assert line["seconds"]["first_word"] > 0


def test_the_demo_shows_a_written_answer_where_the_model_is(
    with_built_in: Path, tmp_path: Path
) -> None:
    data = tmp_path / "data"
    default = data / "RagDesk"
    default.mkdir(parents=True)
    os.symlink(with_built_in / "models", default / "models")
    env = {**os.environ, "XDG_DATA_HOME": str(data)}
    command = [sys.executable, "-m", "ragdesk", "demo"]
    done = subprocess.run(command, capture_output=True, check=False, encoding="utf-8", env=env)
    assert done.returncode == 0, done.stderr
    written = done.stdout.partition("As the built-in model writes it")[2]
    ends = ("Written in ", "Their own words:", "do not seem", "It was stopped after 20 seconds")
    assert any(words in written for words in ends)
    assert "You stopped" not in written
    os.unlink(default / "models")
    done = subprocess.run(command, capture_output=True, check=False, encoding="utf-8", env=env)
    assert done.returncode == 0, done.stderr
    assert "ragdesk models get built-in" in done.stdout
    assert "As the built-in model" not in done.stdout
