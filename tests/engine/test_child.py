from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from ragdesk.engine.child import Child, Spawner
from ragdesk.errors import ChildDied, ChildTimedOut

MODULE = "tests.engine.odd_child"


@pytest.fixture
def spawn() -> Spawner:
    return Spawner()


@pytest.fixture
def child(spawn: Spawner) -> Iterator[Child]:
    child = spawn(MODULE)
    yield child
    child.kill()


def test_lines_go_down_and_come_up(child: Child) -> None:
    for message in ({"a": "ü\udcff"}, {"b": [1, 2]}):
        child.send({"say": message})
        assert child.receive(20) == message


@pytest.mark.skipif(sys.platform == "win32", reason="children have no terminal there")
def test_ctrl_c_in_a_terminal_ends_no_child(child: Child) -> None:
    child.send({"say": "here"})
    assert child.receive(20) == "here"
    os.kill(child.pid, signal.SIGINT)
    child.send({"say": "still here"})
    assert child.receive(20) == "still here"


@pytest.mark.parametrize("deed", ["die", "garbage"])
def test_a_child_that_dies_or_babbles_is_told(child: Child, deed: str) -> None:
    child.send({"do": deed})
    with pytest.raises(ChildDied):
        child.receive(20)


def test_a_child_that_hangs_is_told_in_time_and_can_be_killed(child: Child) -> None:
    child.send({"do": "hang"})
    started = time.monotonic()
    with pytest.raises(ChildTimedOut):
        child.receive(0.5)
    child.kill()
    assert time.monotonic() - started < 5
    assert not psutil.pid_exists(child.pid)


def test_closing_ends_it(child: Child) -> None:
    child.close()
    assert not psutil.pid_exists(child.pid)
    with pytest.raises(ChildDied):
        child.send({"say": 1})


@pytest.mark.skipif(sys.platform != "linux", reason="limits of this kind exist on Linux")
def test_memory_and_file_size_are_limited(spawn: Spawner, tmp_path: Path) -> None:
    child = spawn(MODULE, memory_bytes=512 << 20, file_bytes=1 << 20, nice=5)
    try:
        child.send({"do": "eat", "bytes": 1 << 30})
        assert child.receive(20) == {"ate": 0}
        child.send({"do": "write", "path": str(tmp_path / "big"), "bytes": 2 << 20})
        assert child.receive(20)["wrote"] is False
        assert psutil.Process(child.pid).nice() >= 5
    finally:
        child.kill()


@pytest.mark.skipif(sys.platform == "win32", reason="there the job object does it")
def test_children_do_not_outlive_a_killed_parent() -> None:
    code = (
        "from ragdesk.engine.child import Spawner; import time\n"
        f"child = Spawner()('{MODULE}'); child.send({{'say': 1}}); child.receive(20)\n"
        "child.send({'do': 'hang'}); print(child.pid, flush=True); time.sleep(600)"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", code],
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.getcwd()},
    )
    assert parent.stdout is not None
    pid = int(parent.stdout.readline())
    parent.kill()
    parent.communicate()
    deadline = time.monotonic() + 10
    while psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE:
        assert time.monotonic() < deadline, "the child stayed"
        time.sleep(0.1)
