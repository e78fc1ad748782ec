"""The one piece that starts, limits, speaks to and ends child processes.

A child is `python -m <module>` behind this file's own `main`, which sets the limits in the child
itself (no code runs between fork and exec) and watches for the parent's death. Both sides speak
JSON lines; what a library prints goes to standard error, which is the log.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import queue
import runpy
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from typing import IO, Any

from ..errors import ChildDied, ChildTimedOut

_END = object()


class Child:
    """A running child process; see `domain.protocols.ChildProcess` for what each method does."""

    def __init__(self, module: str, process: subprocess.Popen[bytes]) -> None:
        self._module = module
        self._process = process
        self._lines: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self.pid = process.pid
        self._reader = threading.Thread(target=self._read, name=f"lines of {module}", daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self._process.stdout is not None
        with contextlib.suppress(OSError, ValueError), self._process.stdout as lines:
            for line in lines:
                self._lines.put(line)
        self._lines.put(_END)

    def send(self, message: dict[str, Any]) -> None:
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(json.dumps(message).encode("ascii") + b"\n")
            self._process.stdin.flush()
        except (OSError, ValueError) as error:
            raise ChildDied(what=self._module) from error

    def receive(self, timeout: float) -> dict[str, Any]:
        try:
            line = self._lines.get(timeout=max(timeout, 0.001))
        except queue.Empty:
            raise ChildTimedOut(what=self._module) from None
        if line is _END:
            self._lines.put(_END)  # every later call learns it too
            raise ChildDied(what=self._module, status=self._ended())
        try:
            message: dict[str, Any] = json.loads(line)
        except ValueError as error:
            raise ChildDied(what=self._module, status="garbage") from error
        return message

    def _ended(self) -> int | None:
        """Its exit status; a process that just died may not be collected yet."""
        try:
            return self._process.wait(1.0)
        except subprocess.TimeoutExpired:
            return None

    def kill(self) -> None:
        self._process.kill()
        self._finish()

    def close(self, timeout: float = 5.0) -> None:
        assert self._process.stdin is not None
        with contextlib.suppress(OSError):
            self._process.stdin.close()
        try:
            self._process.wait(timeout)
        except subprocess.TimeoutExpired:
            self._process.kill()
        self._finish()

    def _finish(self) -> None:
        self._process.wait()
        if self._process.stdin is not None:
            with contextlib.suppress(OSError):
                self._process.stdin.close()
        self._reader.join(1.0)  # it closes the other end


class Spawner:
    """Starts children whose standard error goes to one log file (or to ours, without a log)."""

    def __init__(self, log: str | os.PathLike[str] | None = None) -> None:
        self._log = log

    def __call__(
        self,
        module: str,
        arguments: Sequence[str] = (),
        *,
        memory_bytes: int | None = None,
        file_bytes: int | None = None,
        nice: int = 0,
    ) -> Child:
        command = [
            sys.executable,
            "-X",
            "utf8",
            "-P",  # the folder we were started in is a person's: no module is taken from it
            "-m",
            "ragdesk.engine.child",
            f"--parent={os.getpid()}",
        ]
        command += [f"--memory={memory_bytes}"] if memory_bytes else []
        command += [f"--file={file_bytes}"] if file_bytes else []
        command += [f"--nice={nice}"] if nice else []
        errors: IO[bytes] | None = open(self._log, "ab") if self._log else None  # noqa: SIM115
        try:
            process = subprocess.Popen(
                [*command, module, *arguments],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )
        finally:
            if errors is not None:
                errors.close()
        return Child(module, process)


def _limit(memory: int | None, file_size: int | None, nice: int) -> None:
    if sys.platform == "win32":
        return  # the parent's time limit still holds; a job object comes with the installer
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if memory:
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    if file_size:
        signal.signal(
            signal.SIGXFSZ, signal.SIG_IGN
        )  # then writing fails with EFBIG instead of killing
        resource.setrlimit(resource.RLIMIT_FSIZE, (file_size, file_size))
    if nice:
        os.nice(nice)


def _leave_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(1.0)
    os._exit(0)


def main() -> None:
    from ..privacy import shut

    shut()
    parser = argparse.ArgumentParser()
    parser.add_argument("--parent", type=int, required=True)
    parser.add_argument("--memory", type=int)
    parser.add_argument("--file", type=int)
    parser.add_argument("--nice", type=int, default=0)
    parser.add_argument("module")
    parser.add_argument("arguments", nargs=argparse.REMAINDER)
    options = parser.parse_args()
    # Ctrl-C in a terminal reaches every process of it; what it ends, the parent decides.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _limit(options.memory, options.file, options.nice)
    if sys.platform != "win32":
        threading.Thread(target=_leave_with, args=(options.parent,), daemon=True).start()
    sys.argv = [options.module, *options.arguments]
    runpy.run_module(options.module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
