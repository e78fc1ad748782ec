"""Archives are counted while they are unpacked; what a file says of its own size is not believed."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ragdesk.adapters.parsers import limits
from ragdesk.adapters.parsers.limits import Archive, DamagedError, TooLargeError
from ragdesk.adapters.parsers.locked import NeedsPasswordError, is_locked, unlocked
from ragdesk.domain.document import Page, Reading, Verdict

MB = 1024 * 1024


def _zip(path: Path, **members: bytes) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return path


def test_members_are_read_within_bounds(tmp_path: Path) -> None:
    archive = Archive(_zip(tmp_path / "a.zip", part=b"words"))
    assert archive.read("part") == b"words"
    with pytest.raises(DamagedError):
        archive.read("missing")
    archive.close()


def test_a_bomb_is_refused_while_it_unpacks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = Archive(_zip(tmp_path / "bomb.zip", part=bytes(20 * MB)))
    with pytest.raises(TooLargeError):
        archive.read("part")
    archive.close()
    monkeypatch.setattr(limits, "MAX_MEMBER_BYTES", MB)
    archive = Archive(_zip(tmp_path / "large.zip", part=os.urandom(2 * MB)))
    with pytest.raises(TooLargeError):
        archive.read("part")
    archive.close()
    monkeypatch.setattr(limits, "MAX_UNPACKED_BYTES", MB)
    archive = Archive(_zip(tmp_path / "sum.zip", a=os.urandom(MB), b=os.urandom(MB)))
    archive.read("a")
    with pytest.raises(TooLargeError):
        archive.read("b")
    archive.close()


def test_too_many_members(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_MEMBERS", 2)
    path = _zip(tmp_path / "many.zip", a=b"", b=b"", c=b"")
    with pytest.raises(TooLargeError):
        Archive(path)


def test_a_broken_member(tmp_path: Path) -> None:
    path = _zip(tmp_path / "broken.zip", part=os.urandom(5000))
    data = bytearray(path.read_bytes())
    data[1000:1100] = bytes(100)
    path.write_bytes(data)
    archive = Archive(path)
    with pytest.raises(DamagedError):
        archive.read("part")
    archive.close()


def test_a_bomb_of_a_document_is_too_large(
    tmp_path: Path, make_word: Any, read: Callable[..., tuple[list[Page], Reading]]
) -> None:
    path = make_word(tmp_path / "bomb.docx", ["x"])
    with zipfile.ZipFile(path) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    parts["word/document.xml"] = parts["word/document.xml"].replace(b">x<", b">%s<" % (b"x" * 40 * MB))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name, data in parts.items():
            new.writestr(name, data)
    assert read(path)[1].verdict is Verdict.TOO_LARGE


def test_a_locked_office_file(
    tmp_path: Path, make_word: Any, read: Callable[..., tuple[list[Page], Reading]]
) -> None:
    from msoffcrypto.format.ooxml import OOXMLFile

    plain = make_word(tmp_path / "plain.docx", ["The boiler is due."])
    locked = tmp_path / "locked.docx"
    with plain.open("rb") as source, locked.open("wb") as target:
        OOXMLFile(source).encrypt("Depot-1947", target)
    assert is_locked(locked)
    assert not is_locked(plain)
    with pytest.raises(NeedsPasswordError):
        unlocked(locked, None)
    assert read(locked)[1] == Reading(Verdict.NEEDS_PASSWORD, "docx")
    assert read(locked, "no")[1] == Reading(Verdict.NEEDS_PASSWORD, "docx", detail="wrong")
    assert read(locked, "Depot-1947")[0][0].text == "The boiler is due."
