"""The commands as a person or a script calls them: lines out, exit status."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from ragdesk.messages import Ready, decode

Result = tuple[int, list[dict[str, Any]]]

LEASE = """# Lease

## Notice

Either party may end this lease with three months notice to the end of a quarter.

## Rent

The monthly rent is 1,850 euro and is due on the third working day of each month.
"""
HANDBOOK = """# Staff handbook

## Leave

Every employee has 28 days of paid leave a year. Leave is asked for four weeks ahead.

## Tools

The wet saw is serviced every six months by Brandt Machines.
"""


def call(*arguments: str, home: Path, before: Sequence[str] = (), **options: Any) -> Result:
    done = subprocess.run(
        [*before, sys.executable, "-m", "ragdesk", *arguments, "--home", str(home), "--json"],
        capture_output=True, stdin=subprocess.DEVNULL, check=False, **options,
    )  # fmt: skip
    assert b"Traceback" not in done.stderr
    return done.returncode, [json.loads(line) for line in done.stdout.decode().splitlines()]


def words(*arguments: str, home: Path) -> str:
    """What a person reads."""
    done = subprocess.run(
        [sys.executable, "-m", "ragdesk", *arguments, "--home", str(home)],
        capture_output=True, stdin=subprocess.DEVNULL, check=False, encoding="utf-8",
    )  # fmt: skip
    assert "Traceback" not in done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("desk")
    (folder / "docs" / "staff").mkdir(parents=True)
    (folder / "docs" / "lease.md").write_text(LEASE, encoding="utf-8")
    (folder / "docs" / "staff" / "handbook.md").write_text(HANDBOOK, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def home(desk: Path) -> Path:
    home = desk / "home"
    status, lines = call("add", "docs", home=home, cwd=desk)
    assert status == 0
    assert {line["path"]: line["verdict"] for line in lines[:-1]} == {
        "docs/lease.md": "ready", "docs/staff/handbook.md": "ready",
    }  # fmt: skip
    assert lines[-1]["files"] == lines[-1]["ready"] == 2
    assert lines[-1]["passages"] == sum(line["passages"] for line in lines[:-1]) > 0
    return home


def test_documents_are_found_by_meaning_after_add(home: Path) -> None:
    status, lines = call("documents", home=home)
    assert status == 0
    assert [(line["path"], line["found_by"]) for line in lines] == [
        ("docs/lease.md", "meaning"), ("docs/staff/handbook.md", "meaning"),
    ]  # fmt: skip
    assert call("documents", "--problems", home=home) == (0, [])


def test_search_gives_places_that_hold_the_text(home: Path, desk: Path) -> None:
    status, (line,) = call("search", "notice period of the lease", "--limit", "3", home=home)
    assert status == 0
    best = line["hits"][0]
    assert best["path"] == "docs/lease.md"
    assert best["page"] is None
    assert best["text"].startswith(LEASE[best["start"] : best["start"] + best["length"]])


def test_an_answer_is_cited_verbatim(home: Path) -> None:
    status, (line,) = call("ask", "How much paid leave does an employee have?", home=home)
    assert status == 0
    assert "28 days" in line["answer"]
    citation = line["citations"][0]
    assert citation["path"] == "docs/staff/handbook.md"
    (span,) = citation["spans"]
    assert span["page"] is None
    assert HANDBOOK[span["start"] : span["start"] + span["length"]] == citation["quote"]


def test_what_is_not_there_is_refused_with_status_1(home: Path) -> None:
    question = "Who won the football world cup in 1974?"
    status, (line,) = call("ask", question, home=home)
    assert status == 1
    assert line["refused"] is True
    assert line["answer"] is None
    assert line["citations"] == []
    printed = words("ask", question, home=home)
    assert "what comes closest\n  is shown below" in printed
    for name in ("lease.md", "handbook.md"):  # each once, with its words
        assert len(re.findall(rf"\n  {name}\n    “\w.+”\n", printed)) == printed.count(name) == 1


def test_many_questions_keep_their_ids_and_order(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "q.jsonl"
    questions = [
        {"id": "a", "question": "What is the monthly rent?", "answer": "1,850 euro",
         "evidence": [{"file": "lease.md", "page": None, "text": "The monthly rent is 1,850 euro"}]},
        {"id": "b", "question": "Who won the football world cup in 1974?", "answer": None, "evidence": []},
    ]  # fmt: skip
    file.write_text("\n".join(map(json.dumps, questions)), encoding="utf-8")
    _, lines = call("search", "--questions", str(file), home=home)
    assert [line["id"] for line in lines] == ["a", "b"]
    _, lines = call("ask", "--questions", str(file), home=home)
    assert [line["id"] for line in lines] == ["a", "b"]
    status, (scores,) = call("exam", str(file), home=home)
    assert status == 0
    assert (scores["questions"], scores["answerable"], scores["hit@1"]) == (2, 1, 1.0)
    assert scores["refused_right"] == 1.0
    file.write_text('{"id": 1}\nnonsense\n', encoding="utf-8")
    assert call("exam", str(file), home=home)[0] == 2


def test_shelves(desk: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    call("add", "docs", "--collection", "Work", home=home, cwd=desk)
    _, shelves = call("collections", home=home)
    assert {s["name"]: s["documents"] for s in shelves} == {"My documents": 0, "Work": 2}
    assert call("collections", "create", "Leases", home=home)[0] == 0
    assert call("collections", "create", "leases", home=home)[0] == 2
    call("collections", "move", "Leases", "docs/lease.md", home=home)
    _, hits = call("search", "rent", "--collection", "Leases", home=home)
    assert {hit["path"] for hit in hits[0]["hits"]} == {"docs/lease.md"}
    call("collections", "rename", "Leases", "Flats", home=home)
    call("collections", "delete", "Work", home=home)
    assert [line["path"] for line in call("documents", home=home)[1]] == ["docs/lease.md"]
    assert call("search", "rent", "--collection", "Nowhere", home=home)[0] == 2


def test_removed_words_leave_no_trace_in_the_home(desk: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    canary = "zyqxwaldorf"
    file = tmp_path / "secret.txt"
    file.write_text(f"The secret word is {canary} and nobody may know it.", encoding="utf-8")
    call("add", str(file), "docs", home=home, cwd=desk)
    assert _holding(home, canary)
    assert call("remove", str(file), home=home)[0] == 0
    assert _holding(home, canary) == []
    assert len(call("documents", home=home)[1]) == 2
    assert call("remove", "nowhere.txt", home=home)[0] == 2


def _holding(home: Path, word: str) -> list[Path]:
    return [
        file for file in home.rglob("*") if file.is_file() and word.encode() in file.read_bytes()
    ]


def test_bad_files_get_verdicts_and_the_rest_is_read(desk: Path, tmp_path: Path) -> None:
    folder = tmp_path / "mixed"
    folder.mkdir()
    (folder / "empty.txt").write_bytes(b"")
    (folder / "broken.pdf").write_bytes(b"%PDF-1.7\nnot really\n")
    (folder / "movie.mp4").write_bytes(b"\0\0\0\x18ftypmp42" + b"\0" * 100)
    (folder / "good.txt").write_text("The shop opens at nine.", encoding="utf-8")
    (folder / "gone.txt").symlink_to(tmp_path / "nowhere")
    status, lines = call(
        "add", "mixed", str(tmp_path / "missing.pdf"), home=tmp_path / "home", cwd=tmp_path
    )
    assert status == 1
    assert {os.path.basename(line["path"]): line["verdict"] for line in lines[:-1]} == {
        "empty.txt": "empty", "broken.pdf": "damaged", "movie.mp4": "unsupported", "good.txt": "ready",
        "gone.txt": "unreadable", "missing.pdf": "unreadable",
    }  # fmt: skip
    assert lines[-1]["files"] == 6
    problems = call("documents", "--problems", home=tmp_path / "home")[1]
    assert len(problems) == 4  # a name that was mistyped is told, not filed


def test_a_changed_file_added_again_replaces_its_old_version(tmp_path: Path) -> None:
    home, file = tmp_path / "home", tmp_path / "price.txt"
    for price in ("20 euro", "25 euro"):
        file.write_text(f"A box of tiles costs {price}.", encoding="utf-8")
        call("add", str(file), home=home)
    (line,) = call("search", "price of a box of tiles", home=home)[1]
    assert [hit["text"] for hit in line["hits"]] == ["A box of tiles costs 25 euro."]


def test_nothing_added_yet_is_said(tmp_path: Path) -> None:
    status, (line,) = call("ask", "anything?", home=tmp_path / "home")
    assert (status, line["error"]) == (2, "library_missing")
    assert not (tmp_path / "home").exists()


@pytest.mark.parametrize("command", ["search", "ask"])
def test_a_question_that_is_too_long_is_not_asked(home: Path, command: str) -> None:
    status, (line,) = call(command, "rent " * 300, home=home)
    assert (status, line["error"]) == (2, "question_too_long")


def test_the_home_may_stand_before_the_command(home: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "ragdesk", "--home", str(home), "documents", "--json"]
    assert subprocess.run(command, check=True, capture_output=True).stdout.count(b'"ready"') == 2


def test_wrong_use_ends_with_2(tmp_path: Path) -> None:
    assert call("search", "rent", "--limit", "0", home=tmp_path)[0] == 2
    assert call("ask", home=tmp_path)[0] == 2
    assert call("nonsense", home=tmp_path)[0] == 2
    mistyped = subprocess.run(
        [sys.executable, "-m", "ragdesk", "serch", "x"], capture_output=True, check=False
    )
    assert b"Did you mean search?" in mistyped.stderr


@pytest.fixture
def busy(home: Path) -> Iterator[subprocess.Popen[bytes]]:
    engine = subprocess.Popen(
        [sys.executable, "-m", "ragdesk", "engine", "--home", str(home)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    assert engine.stdout is not None
    assert isinstance(decode(engine.stdout.readline()), Ready)
    yield engine
    engine.communicate()
    assert engine.returncode == 0  # a closed input is a window that went: no error


def test_a_home_in_use_says_who_holds_it_and_can_still_be_asked(
    home: Path, desk: Path, busy: subprocess.Popen[bytes]
) -> None:
    status, lines = call("add", "docs", home=home, cwd=desk)
    assert (status, lines[-1]["error"]) == (3, "home_in_use")
    assert str(busy.pid) in lines[-1]["message"]
    assert call("ask", "What is the monthly rent?", home=home)[0] == 0


def test_a_home_that_cannot_be_written_can_still_be_asked(
    home: Path, desk: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "home"
    shutil.copytree(home, copy)
    mount = 'mount --bind "$1" "$1" && mount -o remount,ro,bind "$1" && shift && exec "$@"'
    on_read_only_disk = ["unshare", "--mount", "sh", "-c", mount, "sh", str(copy)]
    if (
        not shutil.which("unshare")
        or subprocess.run([*on_read_only_disk, "true"], check=False).returncode
    ):
        pytest.skip("needs the right to mount, which this machine does not give")
    before = sorted(str(p) for p in copy.rglob("*"))
    status, (line,) = call("ask", "What is the monthly rent?", home=copy, before=on_read_only_disk)
    assert status == 0
    assert "1,850" in line["answer"]
    status, lines = call("add", "docs", home=copy, cwd=desk, before=on_read_only_disk)
    assert (status, lines[-1]["error"]) == (5, "home_not_writable")
    assert sorted(str(p) for p in copy.rglob("*")) == before


def test_check_finds_and_repairs_a_lost_word_search(desk: Path, tmp_path: Path) -> None:
    import sqlite3

    home = tmp_path / "home"
    call("add", "docs", home=home, cwd=desk)
    assert call("check", home=home)[1][0]["sound"] is True
    connection = sqlite3.connect(home / "library.db")
    connection.execute("INSERT INTO words (words) VALUES ('delete-all')")
    connection.commit()
    connection.close()
    status, (line,) = call("check", home=home)
    assert (status, line["sound"]) == (1, False)
    assert call("check", "--repair", home=home)[0] == 0
    assert call("search", "rent", home=home)[1][0]["hits"]


def test_doctor_names_parts_and_computer(tmp_path: Path) -> None:
    status, lines = call("doctor", home=tmp_path / "home")
    assert status == 0
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text("utf-8"))[
        "project"
    ]
    base = {re.split(r"[<>=;]", line)[0] for line in project["dependencies"]}
    assert {line["part"] for line in lines[:-1] if line["needed"]} == base
    [languages] = [line for line in lines[:-1] if line["part"] == "languages"]
    assert (languages["version"], languages["needed"]) == (None, False)
    assert lines[-1]["cores"] == os.cpu_count()


def test_jobs_can_be_listed_paused_and_resumed(desk: Path, tmp_path: Path) -> None:
    from ragdesk.domain.job import JobKind
    from ragdesk.store.database import Database
    from ragdesk.store.home import Home
    from ragdesk.store.jobs import Jobs

    home = Home(tmp_path / "home")
    home.make()
    database = Database.for_writing(home)
    payload = {"paths": [str(desk / "docs")], "collection_id": ""}
    from ragdesk.store.collections import Collections

    payload["collection_id"] = Collections(database).first().id
    job = Jobs(database).enqueue(JobKind.ADD, "docs", payload)
    database.close()
    assert call("jobs", "pause", str(job), home=home.folder)[1][0]["state"] == "paused"
    assert call("jobs", "resume", home=home.folder) == (0, [])
    assert len(call("documents", home=home.folder)[1]) == 2
    assert call("jobs", "pause", home=home.folder)[0] == 2
