"""Lines in, lines out: the engine as a process of its own."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import pytest

from ragdesk import messages as m


class Process:
    def __init__(self, home: Path) -> None:
        command = [sys.executable, "-m", "ragdesk", "engine", "--home", str(home)]
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        assert self.process.stdin
        assert self.process.stdout
        self.stdin: IO[bytes] = self.process.stdin
        self.stdout: IO[bytes] = self.process.stdout

    def end(self) -> int:
        """Closes its input, as a window that goes does; the exit status."""
        self.stdin.close()
        status = self.process.wait(30)
        self.stdout.close()
        return status

    def send(self, *commands: m.Command) -> None:
        for command in commands:
            self.stdin.write(m.encode(command).encode() + b"\n")
        self.stdin.flush()

    def until(self, wanted: type[m.Event]) -> list[m.Event]:
        events: list[m.Event] = []
        while not events or not isinstance(events[-1], wanted):
            event = m.decode(self.stdout.readline())
            assert isinstance(event, m.Event)
            events.append(event)
        return events


@pytest.fixture
def process(tmp_path: Path) -> Iterator[Process]:
    process = Process(tmp_path / "home")
    assert isinstance(process.until(m.Ready)[-1], m.Ready)
    yield process
    process.process.kill()
    process.end()


def test_a_line_down_brings_lines_up(process: Process) -> None:
    process.send(m.CreateCollection("t1", "Leases"))
    done = process.until(m.Done)[-1]
    assert isinstance(done, m.Done)
    assert done.tag == "t1"
    assert len(done.result) == 32


def test_nonsense_is_passed_over_and_errors_come_as_events(process: Process) -> None:
    process.stdin.write(b'{"type":"Nonsense"}\nnot json\n')
    process.send(m.Ask("t2", ""))
    failed = process.until(m.Failed)[-1]
    assert failed == m.Failed("t2", "question_empty", {})


def test_leaving_with_finish_reads_everything_first(process: Process, tmp_path: Path) -> None:
    folder = tmp_path / "docs"
    folder.mkdir()
    for number in range(20):
        (folder / f"{number}.txt").write_text(f"Number {number} stands here.", encoding="utf-8")
    process.send(m.AddFiles("", (str(folder),)), m.Leave("", finish=True))
    assert process.process.wait(120) == 0
    done = subprocess.run(
        [sys.executable, "-m", "ragdesk", "documents", "--home", str(tmp_path / "home"), "--json"],
        capture_output=True, check=True,
    )  # fmt: skip
    assert done.stdout.count(b'"ready"') == 20
    assert done.stdout.count(b'"meaning"') == 20


def test_a_closed_input_ends_it(process: Process) -> None:
    assert process.end() == 0


def test_a_second_engine_says_so_and_ends_with_3(process: Process, tmp_path: Path) -> None:
    other = Process(tmp_path / "home")
    failed = other.until(m.Failed)[-1]
    assert isinstance(failed, m.Failed)
    assert failed.code == "home_in_use"
    assert other.end() == 3
