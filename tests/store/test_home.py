from __future__ import annotations

import os
import subprocess
import sys

import pytest

from ragdesk.errors import HomeInUse, HomeNotWritable
from ragdesk.store.home import Home


def test_second_lock_says_who_holds_the_home(home: Home) -> None:
    code = (
        "import sys; from pathlib import Path; from ragdesk.store.home import Home\n"
        "lock = Home(Path(sys.argv[1])).lock(); print('held', flush=True); sys.stdin.read()"
    )
    other = subprocess.Popen(
        [sys.executable, "-c", code, str(home.folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert other.stdout is not None
    assert other.stdout.readline() == b"held\n"
    with pytest.raises(HomeInUse) as caught:
        home.lock()
    assert str(other.pid) in str(caught.value.params["holder"])
    other.kill()
    other.communicate()
    home.lock().release()  # a killed holder leaves no stale lock


def test_folders_and_files_are_private(home: Home) -> None:
    old = os.umask(0)
    try:
        home.lock().release()
    finally:
        os.umask(old)
    assert home.folder.stat().st_mode & 0o077 == 0
    assert (home.folder / "engine.lock").stat().st_mode & 0o077 == 0


def test_home_below_a_file_is_not_writable(home: Home) -> None:
    (home.folder / "file").write_text("x")
    with pytest.raises(HomeNotWritable):
        Home(home.folder / "file" / "home").make()
