from __future__ import annotations

import os
from pathlib import Path

import pytest

from ragdesk.services.scan import scan


def test_paths_are_the_argument_plus_the_way_below_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "docs" / "sub").mkdir(parents=True)
    (tmp_path / "docs" / "b.txt").write_text("b")
    (tmp_path / "docs" / "sub" / "a.txt").write_text("a")
    monkeypatch.chdir(tmp_path)
    found = list(scan("docs/"))
    assert [f.path for f in found] == ["docs/b.txt", "docs/sub/a.txt"]
    assert [f.absolute for f in found] == [str(tmp_path / f.path) for f in found]
    assert [f.size for f in found] == [1, 1]


def test_loops_end_and_litter_is_left_out(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "loop").symlink_to(tmp_path)
    (tmp_path / "a" / "x.txt").write_text("x")
    for name in (".DS_Store", "~$x.docx", ".~lock.x.odt#", "Thumbs.db"):
        (tmp_path / name).write_text("x")
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "config").write_text("x")
    assert [os.path.basename(f.path) for f in scan(str(tmp_path))] == ["x.txt"]


def test_what_cannot_be_read_is_still_told(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "gone.txt").symlink_to(tmp_path / "nowhere")
    odd = os.fsdecode(os.fsencode(str(tmp_path)) + b"/\xff.txt")
    with open(odd, "w") as file:
        file.write("x")
    names = {os.path.basename(f.path): f.size for f in scan(str(tmp_path))}
    assert names == {"pipe": 0, "gone.txt": 0, "\udcff.txt": 1}
    assert [f.size for f in scan(str(tmp_path / "missing.txt"))] == [0]
