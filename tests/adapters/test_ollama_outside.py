"""Nothing leaves while Ollama is spoken to: seen from outside the process."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.fake_ollama import FakeOllama
from tests.fake_ollama_data import CLOUD, FETCHED, FIRST

EVERYTHING = f"""
import sys
from pathlib import Path
from ragdesk.adapters.ollama import OllamaServer
from ragdesk.domain.chat import Message
from ragdesk.errors import CloudModel
server = OllamaServer(sys.argv[1], program=lambda: None)
server.status(), server.models()
assert list(server.open({FIRST!r}).chat([Message("user", "Where?")], most=3))
try:
    server.open({CLOUD!r})
except CloudModel:
    server.pull({FETCHED!r}, lambda _: None, lambda: False)
    server.create("mine", {FIRST!r}, Path(sys.argv[0]), lambda _: None)
    server.delete("mine")
    server.close()
"""


def test_only_this_computer_is_spoken_to(tmp_path: Path) -> None:
    if not shutil.which("strace"):
        pytest.skip("needs strace")
    script, trace = tmp_path / "everything.py", tmp_path / "trace"
    script.write_text(EVERYTHING, "utf-8")
    watched = ["strace", "-f", "-e", "trace=connect,sendto,sendmsg", "-o", str(trace)]
    away = dict.fromkeys(("HTTP_PROXY", "http_proxy", "ALL_PROXY"), "http://192.0.2.1:3128")
    with FakeOllama() as ollama:
        done = subprocess.run(
            [*watched, sys.executable, str(script), ollama.address],
            capture_output=True,
            env={**os.environ, **away, "OLLAMA_HOST": "192.0.2.2:no port"},
            check=False,
        )
        assert done.returncode == 0, done.stderr.decode()
        assert ollama.asked("/api/create")
    lines = [line for line in trace.read_text(errors="replace").splitlines() if "AF_INET" in line]
    assert len(lines) > 5, "strace saw no connection: this check would prove nothing"
    here = re.compile(r'inet_addr\("127\.|inet_pton\(AF_INET6, "::1"')
    assert [line for line in lines if not here.search(line)] == []
