"""A disk that fills up while documents are added: nothing that was ready is lost, the rest waits."""

from __future__ import annotations

import json
import random
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = r"""
set -e
mount -t tmpfs -o size=6m none "$1"
ballast="$1/ballast"
head -c 2500000 /dev/zero > "$ballast"
set +e
"$2" -m ragdesk add "$3" --home "$1/home" --json > "$4/first"; echo $? > "$4/first.status"
"$2" -m ragdesk documents --home "$1/home" --json > "$4/between"; echo $? > "$4/between.status"
rm "$ballast"
mount -o remount,size=60m "$1"
"$2" -m ragdesk add "$3" --home "$1/home" --json > "$4/second"; echo $? > "$4/second.status"
"$2" -m ragdesk check --home "$1/home" --json > "$4/check"
"""


def test_a_full_disk_loses_nothing_and_the_rest_goes_on(tmp_path: Path) -> None:
    if (
        not shutil.which("unshare")
        or subprocess.run(["unshare", "-m", "true"], check=False).returncode
    ):
        pytest.skip("needs the right to mount, which this machine does not give")
    chance = random.Random(5)
    docs, disk, out = (tmp_path / name for name in ("docs", "disk", "out"))
    for folder in (docs, disk, out):
        folder.mkdir()
    for number in range(120):
        words = (f"word{chance.randrange(10**6)}" for _ in range(1200))
        (docs / f"{number:03}.txt").write_text(" ".join(words) + ".", encoding="utf-8")
    arguments = ["sh", "-c", SCRIPT, "sh", str(disk), sys.executable, str(docs), str(out)]
    subprocess.run(["unshare", "-m", *arguments], check=True, capture_output=True)
    first = _lines(out / "first")
    assert (out / "first.status").read_text() == "5\n"
    assert first[-1]["error"] == "disk_full"
    assert "Make room" in first[-1]["message"]
    assert (out / "between.status").read_text() == "0\n"
    ready = {line["path"] for line in _lines(out / "between") if line["verdict"] == "ready"}
    assert {line["path"] for line in first if line.get("verdict") == "ready"} <= ready
    assert 0 < len(ready) < 120
    assert (out / "second.status").read_text() == "0\n"
    assert _lines(out / "second")[-1]["ready"] == 120
    assert _lines(out / "check")[0]["sound"] is True


def _lines(file: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


FULL_FROM_THE_START = r"""
set -e
mount -t tmpfs -o size=8m none "$1"
"$2" -m ragdesk add "$3" --home "$1/home" > /dev/null
head -c 99000000 /dev/zero > "$1/ballast" || true
set +e
"$2" -m ragdesk ask "What stands in line seven?" --home "$1/home" --json > "$4/ask"
echo $? > "$4/ask.status"
"$2" -m ragdesk add "$3" --home "$1/home" --json > "$4/add"; echo $? > "$4/add.status"
"""


def test_on_a_disk_that_is_full_already_one_can_ask_and_is_told_to_make_room(
    tmp_path: Path,
) -> None:
    if (
        not shutil.which("unshare")
        or subprocess.run(["unshare", "-m", "true"], check=False).returncode
    ):
        pytest.skip("needs the right to mount, which this machine does not give")
    docs, disk, out = (tmp_path / name for name in ("docs", "disk", "out"))
    for folder in (docs, disk, out):
        folder.mkdir()
    (docs / "a.txt").write_text("Line seven says that the shop opens at nine.", encoding="utf-8")
    arguments = [
        "sh",
        "-c",
        FULL_FROM_THE_START,
        "sh",
        str(disk),
        sys.executable,
        str(docs),
        str(out),
    ]
    subprocess.run(["unshare", "-m", *arguments], check=True, capture_output=True)
    assert (out / "ask.status").read_text() in ("0\n", "1\n")
    assert "Line seven" in (out / "ask").read_text()
    assert (out / "add.status").read_text() == "5\n"
    assert _lines(out / "add")[-1]["error"] == "disk_full"
