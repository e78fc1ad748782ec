"""Nothing leaves: seen from outside the process."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

DEMO = [sys.executable, "-m", "ragdesk", "demo"]
ALONE = (
    ["unshare", "--net"] if os.name != "nt" and os.geteuid() == 0 else ["unshare", "-r", "--net"]
)


def test_the_main_job_runs_on_a_computer_without_any_network() -> None:
    if not shutil.which("unshare") or subprocess.run([*ALONE, "true"], check=False).returncode:
        pytest.skip(
            "needs the right to make a network of its own, which this machine does not give"
        )
    done = subprocess.run([*ALONE, *DEMO], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()


def test_the_main_job_asks_the_system_for_no_connection(tmp_path: Path) -> None:
    if not shutil.which("strace"):
        pytest.skip("needs strace")
    trace = tmp_path / "trace"
    watched = ["strace", "-f", "-e", "trace=connect,sendto,sendmsg,bind,listen", "-o", str(trace)]
    # A library of its own: where the built-in model was fetched, it is spoken to on loopback.
    own = {**os.environ, "XDG_DATA_HOME": str(tmp_path)}
    done = subprocess.run([*watched, *DEMO], capture_output=True, check=False, env=own)
    assert done.returncode == 0, done.stderr.decode()
    lines = trace.read_text(errors="replace").splitlines()
    assert lines, "strace wrote nothing: this check would prove nothing"
    assert [line for line in lines if "AF_INET" in line] == []


@pytest.fixture
def recorder() -> Iterator[tuple[int, list[bytes]]]:
    """A listener on loopback that notes whatever reaches it."""
    server = socket.create_server(("127.0.0.1", 0))
    heard: list[bytes] = []

    def listen() -> None:
        while True:
            try:
                connection, _ = server.accept()
            except OSError:
                return
            with connection:
                heard.append(connection.recv(1000))

    threading.Thread(target=listen, daemon=True).start()
    yield server.getsockname()[1], heard
    server.close()


def test_hostile_variables_send_nothing_anywhere(recorder: tuple[int, list[bytes]]) -> None:
    port, heard = recorder
    address = f"http://127.0.0.1:{port}"
    names = ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "all_proxy", "HF_ENDPOINT",
             "OTEL_EXPORTER_OTLP_ENDPOINT", "LANGSMITH_ENDPOINT")  # fmt: skip
    hostile = {**os.environ, **dict.fromkeys(names, address), "LANGSMITH_TRACING": "true"}
    assert subprocess.run(DEMO, capture_output=True, env=hostile, check=False).returncode == 0
    assert heard == []
    socket.create_connection(("127.0.0.1", port)).close()  # the recorder does hear what comes


def test_a_careless_library_is_stopped() -> None:
    code = (
        "from ragdesk import privacy; privacy.shut(); privacy.shut()\n"
        "import socket, sys\n"
        "for act in (lambda: socket.create_connection(('192.0.2.1', 80), 1),\n"
        "            lambda: socket.getaddrinfo('example.org', 80),\n"
        "            lambda: socket.getaddrinfo('127.example.org', 80),\n"
        "            lambda: socket.getaddrinfo('localhost.example.org', 80),\n"
        "            lambda: socket.socket(type=socket.SOCK_DGRAM).sendto(b'x', ('192.0.2.1', 9))):\n"
        "    try: act()\n"
        "    except privacy.LeavingRefused: continue\n"
        "    sys.exit(1)\n"
        "server = socket.create_server(('127.0.0.1', 0))\n"
        "socket.create_connection(server.getsockname()).close()\n"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
