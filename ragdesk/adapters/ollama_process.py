"""Where an Ollama server is, and one of our own where the program is here and none runs.

Ours listens on this computer alone, at a port that was free, keeps its models where Ollama always
does, and has its cloud switched off, with which it calls nobody by itself. It may go out for one
thing: a model that a person orders. It is started behind this file's `main`, a process that does
nothing but wait: when its input closes, because we closed it or are no more, it ends the server and
all that the server started.
"""

from __future__ import annotations

import contextlib
import ipaddress
import os
import shutil
import socket
import subprocess
import sys
import threading
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit

from .. import privacy

PORT = 11434
_GRACE = 5.0  # seconds in which a server may end by itself
_PLACES = (  # where installers put the program without telling the search path
    "/usr/local/bin/ollama",
    "/opt/homebrew/bin/ollama",
    "/Applications/Ollama.app/Contents/Resources/ollama",
    "~/AppData/Local/Programs/Ollama/ollama.exe",
)
# The first two would write what is asked into a file and into the log (ours), the third let pages of
# the web ask it.
_UNWANTED = ("OLLAMA_DEBUG_LOG_REQUESTS", "OLLAMA_DEBUG", "OLLAMA_ORIGINS")


def usual_address() -> str:
    """The address at which a person's Ollama is looked for: of OLLAMA_HOST, else the usual one."""
    return address_of(os.environ.get("OLLAMA_HOST", ""))


def address_of(host: str) -> str:
    """`http://host:port` of what OLLAMA_HOST may hold.

    To listen everywhere is written 0.0.0.0 or ::, which is no address to call: it becomes this
    computer's. What cannot be read comes back as it is, and nobody will be found there.
    """
    scheme, found, rest = host.strip().strip("\"'").partition("://")
    if not found:
        scheme, rest = "http", scheme
    port = {"http": 80, "https": 443}.get(scheme, PORT) if found else PORT
    try:
        parts = urlsplit(f"{scheme}://{rest}")
        name, port = parts.hostname or "127.0.0.1", parts.port or port
    except ValueError:
        return host
    with contextlib.suppress(ValueError):
        number = ipaddress.ip_address(name)
        if number.is_unspecified:
            name = "127.0.0.1" if number.version == 4 else "::1"
    name = f"[{name}]" if ":" in name else name
    return f"{scheme}://{name}:{port}{parts.path.rstrip('/')}"


def is_elsewhere(address: str) -> bool:
    """Whether an address is of another computer; a name counts as one, unless it is localhost."""
    try:
        name = urlsplit(address).hostname or ""
    except ValueError:
        name = ""
    if not name:
        return False  # it is no address, so nothing can be sent there
    try:
        return not ipaddress.ip_address(name.partition("%")[0]).is_loopback
    except ValueError:
        return name != "localhost"


def find_program() -> str | None:
    """Where the `ollama` program is on this computer, None where there is none."""
    found = shutil.which("ollama")
    if found:
        return found
    places = [Path(place).expanduser() for place in _PLACES]
    return next((str(place) for place in places if os.access(place, os.X_OK)), None)


class OwnServer:
    """A server that we started and that ends with us. What it says goes into `log`."""

    def __init__(self, program: str, log: Path | None = None) -> None:
        """Starts it; it listens some moments later. Raises `OSError` if it cannot be started."""
        port = _free_port()
        self.address = f"http://127.0.0.1:{port}"
        environment = {**privacy.outward(), "OLLAMA_HOST": f"127.0.0.1:{port}"}
        environment["OLLAMA_NO_CLOUD"] = "1"
        for name in _UNWANTED:
            environment.pop(name, None)
        said: IO[bytes] | int = log.open("ab") if log else subprocess.DEVNULL
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", __name__, program],
                stdin=subprocess.PIPE,
                stdout=said,
                stderr=said,
                env=environment,
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
                # Ctrl+C in a terminal is for us; we end it in order.
                start_new_session=True,
            )
        finally:
            if not isinstance(said, int):
                said.close()

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def stop(self) -> None:
        """Ends it and waits until it has ended; harmless when it is gone."""
        assert self._process.stdin is not None
        with contextlib.suppress(OSError):
            self._process.stdin.close()
        try:
            self._process.wait(2 * _GRACE)
        except subprocess.TimeoutExpired:
            _end_all(self._process.pid)
            self._process.wait()


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port


def _end_all(pid: int) -> None:
    """Ends a process and all below it: a server's runners outlive it when it is killed."""
    import psutil

    with contextlib.suppress(psutil.Error):
        top = psutil.Process(pid)
        family = [*top.children(recursive=True), top]
        top.terminate()
        psutil.wait_procs([top], _GRACE)
        for process in family:
            with contextlib.suppress(psutil.Error):
                process.kill()


def main() -> int:
    """Runs `PROGRAM serve` until it ends, or until our input closes."""
    child = subprocess.Popen([sys.argv[1], "serve"], stdin=subprocess.DEVNULL)
    closed = threading.Event()

    def watch() -> None:
        with contextlib.suppress(OSError):
            while os.read(0, 1024):
                pass
        closed.set()
        _end_all(child.pid)

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    status = child.wait()
    if closed.is_set():
        watcher.join(2 * _GRACE)  # its runners are still to be ended
    return status


if __name__ == "__main__":
    sys.exit(main())
