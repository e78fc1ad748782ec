"""What the window and its engine hold in memory while files are added, in real processes.

    python -m tests.benchmarks.memory FILE.pdf...

Prints one JSON line with the peaks in MB (resident, looked at ten times a second): of the window's
process, of the engine's, and of the engine with its children. The window stands on Xvfb. The files
are on the list before it starts, so that its engine takes up the work by itself.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from ragdesk.domain.job import JobKind
from ragdesk.store.collections import Collections
from ragdesk.store.database import Database
from ragdesk.store.home import Home
from ragdesk.store.jobs import Jobs

LONGEST = 3600.0  # seconds; adding all files took far less wherever it was tried


def put_on_the_list(home: Home, files: list[str]) -> None:
    """A library in which these files wait to be read."""
    home.make()
    database = Database.for_writing(home)
    shelf = Collections(database).first().id
    Jobs(database).enqueue(JobKind.ADD, "", {"paths": files, "collection_id": shelf})
    database.close()


@contextmanager
def display() -> Iterator[str]:
    """A display without a screen; its name."""
    xvfb = shutil.which("Xvfb")
    if xvfb is None:
        sys.exit("Xvfb is missing: install it, or leave this part out with --skip-memory")
    readable, writable = os.pipe()
    command = [xvfb, "-displayfd", str(writable), "-screen", "0", "1400x900x24", "-nolisten", "tcp"]
    server = subprocess.Popen(command, pass_fds=[writable], stderr=subprocess.DEVNULL)
    os.close(writable)
    with os.fdopen(readable) as pipe:
        number = pipe.readline().strip()
    try:
        yield f":{number}"
    finally:
        server.terminate()
        server.wait()


def resident(process: psutil.Process) -> float:
    """MB in memory; 0 for a process that has ended."""
    try:
        return float(process.memory_info().rss) / 1e6
    except psutil.NoSuchProcess:
        return 0.0


def watch(window: subprocess.Popen[bytes], database: Database) -> dict[str, float]:
    """The peaks until the queue is empty."""
    jobs, process = Jobs(database), psutil.Process(window.pid)
    peak = {"window": 0.0, "engine": 0.0, "engine_and_children": 0.0}
    deadline = time.monotonic() + LONGEST
    started = False
    while time.monotonic() < deadline:
        if window.poll() is not None:
            raise RuntimeError(f"the window ended by itself with {window.returncode}")
        engines = process.children()
        children = [child for engine in engines for child in engine.children(recursive=True)]
        engine = sum(map(resident, engines))
        now = (resident(process), engine, engine + sum(map(resident, children)))
        peak = dict(zip(peak, map(max, peak.values(), now), strict=True))
        started = started or bool(engines)
        if started and not jobs.all():
            return peak
        time.sleep(0.1)
    raise TimeoutError(f"still adding after {LONGEST:.0f} s")


def main(files: list[str]) -> None:
    """Open a window on a library that has these files to read, and watch."""
    with tempfile.TemporaryDirectory() as folder, display() as name:
        home = Home(Path(folder) / "home")
        put_on_the_list(home, files)
        variables = {**os.environ, "DISPLAY": name}
        variables.pop("QT_QPA_PLATFORM", None)
        command = [sys.executable, "-m", "ragdesk", "--home", str(home.folder)]
        window = subprocess.Popen(command, env=variables)
        try:
            database = Database.for_reading(home)
            peak = watch(window, database)
            database.close()
        finally:
            window.terminate()
            window.wait(30)
    print(json.dumps({f"{part}_mb": round(mb, 1) for part, mb in peak.items()}))


if __name__ == "__main__":
    main(sys.argv[1:])
