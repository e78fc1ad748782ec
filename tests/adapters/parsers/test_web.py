"""HTML: what a person reads, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from ragdesk.adapters.parsers.web import web_text
from ragdesk.domain.document import BlockKind, Page, Reading, Verdict

Read = Callable[..., tuple[list[Page], Reading]]
Blocks = Callable[[Page], list[tuple[BlockKind, str]]]

PAGE = """<!DOCTYPE html><html><head><title>Delivery &amp; returns</title>
<style>p {color: red}</style><script>var x = "<p>not this</p>";</script></head><body>
<nav><a href="/">Home</a></nav>
<h1>Delivery</h1><p>We deliver <b>on</b>
weekdays.<br>Not on Sundays.</p>
<ul><li>free from &pound;500<li><p>else £35</p></ul>
<table><tr><th>Zone<th>Days</tr><tr><td>Town<td>2</tr><tr><td>Coast</td><td>4</td></tr></table>
<pre>a
  b</pre>
<div style="display: none">this sentence has a great many words that nobody can ever see</div>
<img src="http://192.0.2.1/x.png" alt="x"><iframe src="http://192.0.2.1/"></iframe>
</body></html>"""


def test_what_is_read(tmp_path: Path, read: Read, blocks_of: Blocks) -> None:
    path = tmp_path / "delivery.html"
    path.write_text(PAGE)
    (page,), reading = read(path)
    assert reading.title == "Delivery & returns"
    assert reading.verdict is Verdict.READY_WITH_GAPS
    assert reading.gaps == ((0, "hidden_text"),)
    assert blocks_of(page) == [
        (BlockKind.TITLE, "Delivery & returns"),
        (BlockKind.RUNNING, "Home"),
        (BlockKind.HEADING, "Delivery"),
        (BlockKind.PARAGRAPH, "We deliver on weekdays.\nNot on Sundays."),
        (BlockKind.LIST_ITEM, "free from £500"),
        (BlockKind.LIST_ITEM, "else £35"),
        (BlockKind.TABLE_HEADER, "Zone | Days"),
        (BlockKind.TABLE_ROW, "Town | 2"),
        (BlockKind.TABLE_ROW, "Coast | 4"),
        (BlockKind.CODE, "a\n  b"),
    ]


def test_tables_that_only_place_things_are_text() -> None:
    web = web_text("<table><tr><td><table><tr><td>a<td>1<tr><td>b<td>2</table><td>side</table>")
    assert [(piece.text, piece.cells) for piece in web.pieces] == [
        ("", ["a", "1"]),
        ("", ["b", "2"]),
        ("side", None),
    ]


@pytest.mark.parametrize("text", ["<p>" * 50_000 + "deep", "<table><tr><td>" * 300 + "deep"])
def test_nesting_without_end(text: str) -> None:
    read = "".join(piece.text for piece in web_text(text).pieces)  # no recursion of ours
    assert set(read.split()) <= {"deep"}  # lxml may stop at a depth; nothing else may come of it


@pytest.mark.parametrize(
    "text", ["", "<", "<p", "</p></p>", "a<b>c", "<html><body><p>x", "<!-- open", "&#xD800;x"]
)
def test_broken_pages_are_read_as_far_as_they_go(text: str) -> None:
    read = "".join(piece.text for piece in web_text(text).pieces)
    assert set(read.split()) <= {"x", "abc", "ac", "a", "c", "b", "<", "&#xD800;x", "�x"}
    assert read.encode("utf-8").decode("utf-8") == read  # no half characters


def test_a_declared_encoding(tmp_path: Path, read: Read) -> None:
    path = tmp_path / "old.html"
    path.write_bytes('<meta charset="iso-8859-2"><p>Łódź i Gdańsk'.encode("iso-8859-2"))
    assert read(path)[0][0].text == "Łódź i Gdańsk"
    path.write_bytes("<p>caf\xe9 \x805".encode("latin-1"))
    assert read(path)[0][0].text == "café €5"


def test_nothing_visible(tmp_path: Path, read: Read) -> None:
    path = tmp_path / "empty.html"
    path.write_text("<html><title>Only a title</title><script>1</script></html>")
    assert read(path)[1].verdict is Verdict.EMPTY
