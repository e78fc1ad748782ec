"""A file is what its content says, whatever its name promises."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ragdesk.adapters.parsers import parser_for
from ragdesk.adapters.parsers.kinds import Recognised, recognise
from ragdesk.domain.document import Page, Reading, Verdict

MAIL = "From: a@example.org\nTo: b@example.org\nSubject: Tiles\nDate: Mon, 2 Nov 2026\n\nHello\n"


@pytest.mark.parametrize(
    ("name", "content", "kind", "fits"),
    [
        ("a.txt", b"plain words", "txt", True),
        ("a.md", b"# Title", "md", True),
        ("a.csv", b"a,b\n1,2", "csv", True),
        ("a.tsv", b"a\tb\n1\t2", "csv", True),
        ("a.eml", MAIL.encode(), "eml", True),
        ("a.HTM", b"<p>words</p>", "html", True),
        ("noname", MAIL.encode(), "eml", True),
        ("noname", b"just words", "txt", True),
        ("a.doc", b"<!DOCTYPE html><html><p>x</p></html>", "html", False),
        ("a.xls", b"a;b\n1;2\n3;4\n", "csv", False),
        ("a.txt", b"<html><body>x</body></html>", "html", False),
        ("a.docx", b"%PDF-1.7 ...", "pdf", False),
        ("a.pdf", b"\x89PNG\r\n\x1a\n\x00\x00", "image", False),
        ("a.txt", bytes(range(256)) * 20, "", True),
        ("a.docx", bytes(range(256)) * 20, "docx", True),
        ("a.json", b'{"a": 1}', "", True),
        ("a.pdf.crdownload", b"%PDF-1.7 ...", "unfinished", True),
        ("~$report.docx", b"\x05Anna", "unfinished", True),
        ("BMW.txt", b"BMW is a maker of cars", "txt", True),
    ],
)
def test_what_a_file_is(tmp_path: Path, name: str, content: bytes, kind: str, fits: bool) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    assert recognise(path) == Recognised(kind, fits)


def test_what_an_archive_is(tmp_path: Path, make_word: Any) -> None:
    word = make_word(tmp_path / "report.pdf", ["words"])
    assert recognise(word) == Recognised("docx", False)
    with zipfile.ZipFile(tmp_path / "photos.zip", "w") as archive:
        archive.writestr("one.jpg", b"x")
    assert recognise(tmp_path / "photos.zip") == Recognised("archive")
    with zipfile.ZipFile(tmp_path / "macro.docx", "w") as archive:
        archive.writestr("word/document.xml", b"x")
        archive.writestr("[Content_Types].xml", b"ms-word.document.macroEnabled.main+xml")
    assert recognise(tmp_path / "macro.docx").kind == "archive"


def test_a_mislabelled_file_is_read_and_says_so(
    tmp_path: Path, make_word: Any, read: Callable[..., tuple[list[Page], Reading]]
) -> None:
    pages, reading = read(make_word(tmp_path / "report.pdf", ["The boiler is due."]))
    assert pages[0].text == "The boiler is due."
    assert reading.verdict is Verdict.READY_WITH_GAPS
    assert reading.gaps == ((0, "wrong_ending"),)


def test_kinds_that_are_not_read_have_no_parser(tmp_path: Path) -> None:
    for name, content in (("a.rtf", b"{\\rtf1 x}"), ("a.exe", b"MZ\x90\x00\x03\x00\x00\x00")):
        path = tmp_path / name
        path.write_bytes(content)
        assert parser_for(path) is None
    (tmp_path / "a.txt").write_text("words")
    parser = parser_for(tmp_path / "a.txt")
    assert parser is not None
    assert parser.kinds == ("txt",)
