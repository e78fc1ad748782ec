"""The program itself: what it does with its arguments, and a second start."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from PySide6.QtNetwork import QLocalSocket
from pytestqt.qtbot import QtBot

from ragdesk.__main__ import _home_first, _is_for_window
from ragdesk.errors import HomeInUse, LibraryMissing
from ragdesk.store.database import Database
from ragdesk.store.home import Home
from ragdesk.ui import app
from ragdesk.ui.single_instance import SingleInstance, _name
from ragdesk.ui.start_page import sample_documents

HANDED = """
import sys
from pathlib import Path
from PySide6.QtCore import QCoreApplication
from ragdesk.store.home import Home
from ragdesk.ui.single_instance import hand_over
application = QCoreApplication([])
print(hand_over(Home(Path(sys.argv[1])), sys.argv[2:]))
"""


def test_files_open_the_window_and_words_are_commands(tmp_path: Path) -> None:
    file = tmp_path / "Lease 12.pdf"
    file.write_bytes(b"x")
    assert _is_for_window([])
    assert _is_for_window([str(file)])
    assert not _is_for_window(["add", str(file)])
    assert not _is_for_window([str(tmp_path / "not there.pdf")])
    assert not _is_for_window(["--version"])


def test_a_home_may_stand_first() -> None:
    assert _home_first([]) == (None, [])
    assert _home_first(["--home", "/h"]) == (Path("/h"), [])
    assert _home_first(["--home=/h", "a.pdf"]) == (Path("/h"), ["a.pdf"])
    assert _home_first(["add", "--home", "/h"]) == (None, ["add", "--home", "/h"])


def test_a_second_start_hands_its_files_over(home: Home, qtbot: QtBot) -> None:
    instance = SingleInstance(home)
    second = [sys.executable, "-c", HANDED, str(home.folder), "/a.pdf", "/ä/b.pdf"]
    with (
        qtbot.waitSignal(instance.started_again, timeout=20_000) as heard,
        subprocess.Popen(second, stdout=subprocess.PIPE, text=True) as process,
    ):
        qtbot.waitUntil(lambda: process.poll() is not None, timeout=20_000)
        assert process.stdout is not None
        assert process.stdout.read().strip() == "True"
    assert heard.args == [["/a.pdf", "/ä/b.pdf"]]
    instance.close()


def test_another_home_is_another_window(home: Home, tmp_path: Path, qtbot: QtBot) -> None:
    instance = SingleInstance(home)
    other = [sys.executable, "-c", HANDED, str(tmp_path / "other")]
    with subprocess.Popen(other, stdout=subprocess.PIPE, text=True) as process:
        qtbot.waitUntil(lambda: process.poll() is not None, timeout=20_000)
        assert process.stdout is not None
        assert process.stdout.read().strip() == "False"
    instance.close()


@pytest.mark.parametrize("line", [b"no json\n", b'{"paths": 1}\n', b"[1, 2]\n"])
def test_what_is_no_list_of_files_is_refused(home: Home, qtbot: QtBot, line: bytes) -> None:
    instance = SingleInstance(home)
    heard: list[object] = []
    instance.started_again.connect(heard.append)
    socket = QLocalSocket()
    socket.connectToServer(_name(home))
    assert socket.waitForConnected(2000)
    socket.write(line)
    socket.flush()
    qtbot.wait(200)
    assert heard == []
    assert bytes(socket.readAll().data()) == b""
    socket.abort()
    instance.close()


def test_what_a_killed_window_left_is_no_hindrance(home: Home, qtbot: QtBot) -> None:
    killed = (
        "import os, sys; from pathlib import Path; from PySide6.QtCore import QCoreApplication;"
        "from ragdesk.store.home import Home; from ragdesk.ui.single_instance import *;"
        "a = QCoreApplication([]); s = SingleInstance(Home(Path(sys.argv[1]))); os.abort()"
    )
    result = subprocess.run(
        [sys.executable, "-c", killed, str(home.folder)], capture_output=True, check=False
    )
    assert result.returncode != 0
    instance = SingleInstance(home)
    second = [sys.executable, "-c", HANDED, str(home.folder), "/a.pdf"]
    with (
        qtbot.waitSignal(instance.started_again, timeout=20_000),
        subprocess.Popen(second, stdout=subprocess.DEVNULL) as process,
    ):
        qtbot.waitUntil(lambda: process.poll() is not None, timeout=20_000)
    instance.close()


def test_no_screen_is_said_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    for name in ("QT_QPA_PLATFORM", "DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    assert "no screen here" in app.missing_for_a_window()
    monkeypatch.setenv("DISPLAY", ":7")
    monkeypatch.setattr(app, "_loads", lambda library: "cursor" not in library)
    assert app.missing_for_a_window().endswith("sudo apt-get install libxcb-cursor0")
    monkeypatch.setattr(app, "_loads", lambda _: True)
    assert app.missing_for_a_window() == ""


def test_the_sample_firm_holds_documents_only() -> None:
    found = [Path(path).name for path in sample_documents()]
    assert len(found) >= 12
    assert not {"make.py", "README.md", "questions.jsonl"} & set(found)


def test_the_program_opens_reads_a_file_and_closes(tmp_path: Path) -> None:
    """The real window with the real engine: started with a file, ended by a second start's signal."""
    home = Home(tmp_path / "home")
    sample = next(path for path in sample_documents() if path.endswith(".txt"))
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "TMPDIR": str(tmp_path)}
    with subprocess.Popen(
        [sys.executable, "-m", "ragdesk", "--home", str(home.folder), sample],
        env=environment, stderr=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        try:
            until = time.monotonic() + 60
            while time.monotonic() < until and _ready(home) == 0:
                assert process.poll() is None
                time.sleep(0.2)
            assert _ready(home) == 1
        finally:
            process.terminate()
            process.wait(30)
    # The engine notices that the window is gone and lets the home go.
    until = time.monotonic() + 30
    while time.monotonic() < until:
        try:
            home.lock().release()
            break
        except HomeInUse:
            time.sleep(0.2)
    else:
        pytest.fail("the engine outlived its window")


def _ready(home: Home) -> int:
    try:
        database = Database.for_reading(home)
    except LibraryMissing:
        return 0
    rows = database.read("SELECT count(*) FROM documents WHERE verdict = 'ready'")
    database.close()
    return int(rows[0][0])
