"""What a build has done: nothing noted is lost, half of anything is nothing, whatever ends it."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from ragdesk.errors import HomeNotWritable
from ragdesk.store.runs import Run, key_of

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="needs signals and limits of POSIX")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "run"


def test_what_was_noted_is_there_for_the_next_start(folder: Path) -> None:
    run = Run(folder)
    run.note({"right": True, "words": "größer\u2028\n"}, "exam", 3, 0.5)
    run.note([], "exam", 4, 0.5)
    for again in (run, Run(folder)):
        assert again.done("exam", 3, 0.5) == {"right": True, "words": "größer\u2028\n"}
        assert again.done("exam", 4, 0.5) == []
        assert again.done("exam", 5, 0.5) is None


def test_a_result_reads_the_same_before_and_after_a_start_anew(folder: Path) -> None:
    run = Run(folder)
    run.note({"spans": ((1, 2, 3),)}, "unit")
    assert run.done("unit") == Run(folder).done("unit") == {"spans": [[1, 2, 3]]}


def test_parts_of_a_key_are_told_apart() -> None:
    assert key_of("a", "b") != key_of("ab") != key_of(["a", "b"]) != key_of("b", "a")
    assert key_of({"x": 1, "y": 2}) == key_of({"y": 2, "x": 1})


def test_a_recipe_is_settled_whole_or_not_at_all(folder: Path) -> None:
    run = Run(folder)
    assert run.recipe is None
    run.settle({"seed": 7, "plan": {"minutes": 60}})
    assert Run(folder).recipe == {"seed": 7, "plan": {"minutes": 60}}
    (folder / "recipe.half").write_text('{"seed": 8', encoding="utf-8")  # as a crash leaves it
    assert Run(folder).recipe == {"seed": 7, "plan": {"minutes": 60}}


@pytest.mark.parametrize("tail", [
    b'{"key": "0123", "resu', b'{"key": "0123", "result": 1}', b"\0" * 40, b"17\n", b'{"key": 3}\n',
])  # fmt: skip
def test_a_line_that_was_cut_off_is_still_to_be_done(folder: Path, tail: bytes) -> None:
    run = Run(folder)
    run.note("kept", "one")
    whole = (folder / "journal.jsonl").read_bytes()
    with (folder / "journal.jsonl").open("ab") as file:
        file.write(tail)
    again = Run(folder)
    assert again.done("one") == "kept"
    assert again.done("two") is None
    assert (folder / "journal.jsonl").read_bytes() == whole


def test_what_is_noted_behind_a_cut_line_is_kept(folder: Path) -> None:
    Run(folder).note("kept", "one")
    with (folder / "journal.jsonl").open("ab") as file:
        file.write(b'{"key": "0123", "resu')
    Run(folder).note("also kept", "two")  # the first thing that this start does
    again = Run(folder)
    assert (again.done("one"), again.done("two")) == ("kept", "also kept")


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(HomeNotWritable):
        Run(tmp_path / "file" / "run")


_NOTES = """
import sys
from pathlib import Path
from ragdesk.store.runs import Run

run = Run(Path(sys.argv[1]))
for number in range(1_000_000):
    if run.done("unit", number) is None:
        run.note("x" * 5000, "unit", number)
        print(number, flush=True)
"""


@POSIX
def test_killed_in_the_middle_of_writing_it_loses_nothing_that_was_noted(folder: Path) -> None:
    done = 0
    for _ in range(3):
        with subprocess.Popen(
            [sys.executable, "-c", _NOTES, str(folder)], stdout=subprocess.PIPE, text=True
        ) as child:
            assert child.stdout is not None
            first = int(child.stdout.readline())
            time.sleep(0.05)
            child.send_signal(signal.SIGKILL)
            told = [first, *map(int, child.stdout.read().split())]
        assert first == done, "a unit that was noted is done once and not again"
        run = Run(folder)
        assert all(run.done("unit", number) == "x" * 5000 for number in told)
        done = next(n for n in range(1_000_000) if run.done("unit", n) is None)
        assert done - told[-1] in (1, 2)  # the last may be noted and not yet told
    assert done > 3


_FILLS = """
import resource, sys
from pathlib import Path
from ragdesk.errors import RagDeskError
from ragdesk.store.runs import Run

run = Run(Path(sys.argv[1]))
run.settle({"seed": 1})
run.note("first", "one")
resource.setrlimit(resource.RLIMIT_FSIZE, (300, resource.RLIM_INFINITY))
for act in (lambda: run.note("y" * 400, "two"), lambda: run.settle({"seed": "z" * 400})):
    try:
        act()
    except RagDeskError as error:
        print(error.code)
print(run.done("two"))
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
run.note("third", "three")
"""


@POSIX
def test_where_no_more_may_be_written_it_says_so_and_the_build_goes_on_when_there_is_room(
    folder: Path,
) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _FILLS, str(folder)], capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["home_not_writable", "home_not_writable", "None"]
    again = Run(folder)
    assert (again.done("one"), again.done("two"), again.done("three")) == ("first", None, "third")
    assert again.recipe == {"seed": 1}
    lines = (folder / "journal.jsonl").read_bytes().splitlines()
    assert [json.loads(line)["result"] for line in lines] == ["first", "third"]


def test_a_journal_that_cannot_be_written_says_so(folder: Path) -> None:
    run = Run(folder)
    assert run.done("one") is None
    (folder / "journal.jsonl").mkdir()
    with pytest.raises(HomeNotWritable):
        run.note("x", "one")
    with pytest.raises(HomeNotWritable):
        Run(folder).done("one")
