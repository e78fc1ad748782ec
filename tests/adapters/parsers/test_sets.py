"""The real sets: one good file a format, and 110 broken, odd, locked and hostile ones.

Each is read in a pool process with a gigabyte of memory. What every file must come to stands in the
manifest of its set; kinds that are not read yet must say so.
"""

from __future__ import annotations

import json
import os
import unicodedata
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from ragdesk.domain.document import Page, Reading, Verdict

ROOT = Path(__file__).resolve().parents[3]
NOT_READ_YET = (".rtf", ".odt", ".doc", ".msg", ".zip", ".json", ".xml", ".url", ".db", ".mdb")


def _cases(name: str) -> Iterable[Any]:
    named = os.environ.get("RAGDESK_DATA")
    places = [Path(named)] if named else [ROOT.parent / "shared/data", ROOT / "shared/data"]
    for place in places:
        manifest = place / name / "manifest.json"
        if manifest.is_file():
            for case in json.loads(manifest.read_text("utf-8")):
                yield pytest.param(place / name / case["file"], case, id=case["file"][5:45])
            return
    reason = f"no document set {name!r} (RAGDESK_DATA names the folder)"
    yield pytest.param(None, {}, marks=pytest.mark.skip(reason=reason))


def _folded(text: str) -> str:
    """As the manifests compare: after NFKC, white space as one space."""
    text = text.replace("\ufffe", "").replace("\u2060", "")
    return " ".join(unicodedata.normalize("NFKC", text).split())


def _all_text(pages: list[Page]) -> str:
    return _folded("\n".join(page.text for page in pages))


def _check_shape(pages: list[Page], reading: Reading) -> None:
    """What holds for every file: pages count on, blocks lie in order within their page."""
    assert [page.number for page in pages] == list(range(1, len(pages) + 1))
    if reading.verdict.answers:
        assert reading.pages == len(pages) > 0
        assert reading.title
        assert reading.kind
        assert (reading.verdict is Verdict.READY_WITH_GAPS) == bool(reading.gaps)
    for page in pages:
        end = 0
        for block in page.blocks:
            assert block.start >= end
            assert block.length > 0
            end = block.start + block.length
            words = page.text[block.start : end]
            assert words == words.strip()
        assert end <= len(page.text)


@pytest.mark.parametrize(("path", "case"), list(_cases("formats")))
def test_a_good_file_of_each_format(path: Path, case: dict[str, Any], pool_process: Any) -> None:
    if case["level"] != "core":
        pages, reading = pool_process.read(path)
        _check_shape(pages, reading)
        assert reading.verdict.answers or reading.verdict in (
            Verdict.UNSUPPORTED,
            Verdict.NO_TEXT,
        )
        return
    pages, reading = pool_process.read(path)
    assert reading.verdict.answers, reading
    _check_shape(pages, reading)
    text = _all_text(pages)
    for snippet in case["must_contain"]:
        assert _folded(snippet) in text
    for snippet in case["must_not_contain"]:
        assert _folded(snippet) not in text


def _accepted(case: dict[str, Any], path: Path) -> set[str]:
    accepted = {case["expected"], *case["also_acceptable"]}
    if path.suffix in NOT_READ_YET:
        accepted.add("unsupported")
    if "damaged" in accepted:
        accepted.add("too_large")  # the manifest has no word of its own for "refused: too large"
    return accepted


@pytest.mark.parametrize(("path", "case"), list(_cases("hostile")))
def test_a_hostile_file(path: Path, case: dict[str, Any], pool_process: Any) -> None:
    pages, reading = pool_process.read(path, seconds=case["max_seconds"])
    _check_shape(pages, reading)
    came_to = "readable" if reading.verdict.answers else reading.verdict.value
    assert came_to in _accepted(case, path), reading
    if came_to == "needs_password" and case["password"]:
        wrong = pool_process.read(path, "not the password")[1]
        assert (wrong.verdict, wrong.detail) == (Verdict.NEEDS_PASSWORD, "wrong")
        pages, reading = pool_process.read(path, case["password"])
        assert reading.verdict.answers, reading
    text = _all_text(pages)
    if reading.verdict.answers:
        for snippet in case["must_contain"]:
            assert _folded(snippet) in text
    for snippet in case["must_not_contain"]:
        assert _folded(snippet) not in text
