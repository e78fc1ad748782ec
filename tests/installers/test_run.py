"""The command: its words, and what it does with a Python that RagDesk cannot use."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from installers import run

SCRIPT = Path(run.__file__)


@pytest.mark.parametrize(
    ("words", "command", "rest"),
    [
        ([], "run", []),
        (["setup"], "setup", []),
        (["test"], "test", []),
        (["test", "-k", "pdf", "-x"], "test", ["-k", "pdf", "-x"]),
        (["test", "tests/ui", "-m", "slow"], "test", ["tests/ui", "-m", "slow"]),
    ],
)
def test_words(words: list[str], command: str, rest: list[str]) -> None:
    options, found = run.parse(words)
    assert (options.command, found) == (command, rest)


@pytest.mark.parametrize("words", [["tests"], ["run", "more"], ["--offlin", "x"], ["setup", "-x"]])
def test_wrong_words_end_with_2(words: list[str]) -> None:
    result = subprocess.run(
        [sys.executable, str(SCRIPT), *words], capture_output=True, text=True, check=False
    )
    assert result.returncode == 2
    assert "usage:" in result.stderr


@pytest.mark.parametrize(
    ("version", "good"), [((3, 10), False), ((3, 11), True), ((3, 13), True), ((3, 14), False)]
)
def test_versions(version: tuple[int, int], good: bool) -> None:
    assert run.usable(version) is good


def test_another_python_is_found_newest_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert run.other_python() is None
    for minor in (10, 11, 12):
        file = tmp_path / f"python3.{minor}"
        file.write_text("#!/bin/sh\n", encoding="utf-8")
        file.chmod(0o755)
    found = run.other_python()
    assert found is not None
    assert Path(found).name == "python3.12"


def test_help_needs_nothing_but_python(tmp_path: Path) -> None:
    command = [sys.executable, "-I", "-S", str(SCRIPT), "--help"]
    result = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, check=False)
    assert result.returncode == 0, result.stderr
    assert "--offline" in result.stdout
