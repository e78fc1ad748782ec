"""Plain text and Markdown: the page is the file's own text, blocks lie in it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from ragdesk.adapters.parsers.encodings import decode_text
from ragdesk.adapters.parsers.limits import clean
from ragdesk.adapters.parsers.text import text_blocks
from ragdesk.domain.document import BlockKind, Page, Reading, Verdict

Read = Callable[..., tuple[list[Page], Reading]]
Blocks = Callable[[Page], list[tuple[BlockKind, str]]]

NOTICE = """House rules

Keep the yard clear. Vans park
in the bays by the wall.

- keys go back
  to the office
- lights off

Opening times
-------------
Monday\t9-17
Sunday\tclosed
"""


def test_plain_text(tmp_path: Path, read: Read, blocks_of: Blocks) -> None:
    path = tmp_path / "rules.txt"
    path.write_bytes(NOTICE.replace("\n", "\r\n").encode())
    (page,), reading = read(path)
    assert reading == Reading(Verdict.READY, "txt", "House rules", False, 1)
    assert page.text == NOTICE
    assert blocks_of(page) == [
        (BlockKind.TITLE, "House rules"),
        (BlockKind.PARAGRAPH, "Keep the yard clear. Vans park\nin the bays by the wall."),
        (BlockKind.LIST_ITEM, "- keys go back\n  to the office"),
        (BlockKind.LIST_ITEM, "- lights off"),
        (BlockKind.HEADING, "Opening times"),
        (BlockKind.TABLE_HEADER, "Monday\t9-17"),
        (BlockKind.TABLE_ROW, "Sunday\tclosed"),
    ]


def test_a_line_a_paragraph() -> None:
    """Text that is not wrapped by hand has its paragraphs on lines of their own."""
    text = "short\n" + "long " * 60 + "\nend"
    assert [block.length for block in text_blocks(text)] == [5, 299, 3]


def test_form_feeds_part_paragraphs() -> None:
    text = "one\ftwo"
    assert [text[b.start : b.start + b.length] for b in text_blocks(text)] == ["one", "two"]


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"\xef\xbb\xbfT\xc3\xbcr", "Tür"),
        ("Tür €".encode("utf-16"), "Tür €"),
        ("Tür und Tor".encode("utf-16-le"), "Tür und Tor"),
        ("Tür und Tor".encode("utf-16-be"), "Tür und Tor"),
        ("Die Tür kostet 5 €. ".encode("cp1252") * 9, "Die Tür kostet 5 €. " * 9),
        ("Пример текста на русском языке. ".encode("cp1251") * 9,
         "Пример текста на русском языке. " * 9),
        ("schön ".encode() * 9 + "Tür".encode("cp1252"), "schön " * 9 + "Tür"),
        (b"ganz" + "ü".encode()[:1], "ganz"),
    ],
)  # fmt: skip
def test_encodings(data: bytes, text: str) -> None:
    assert decode_text(data) == text


def test_what_is_declared_comes_after_what_is_sure() -> None:
    assert decode_text("Tür".encode(), "cp1252") == "Tür"
    assert decode_text("Łódź".encode("cp1250"), "cp1250") == "Łódź"
    assert decode_text("Tür".encode("cp1252"), "no such code") == "Tür"


def test_cleaning_keeps_what_can_be_seen() -> None:
    assert clean("a\x00b\x1b[31mred\x1b[0m\r\nc\td\x0ce\u200bf") == "abred\nc\td\x0cef"
    assert clean("Tür – 5\u00a0€ 😀\n") == "Tür – 5\u00a0€ 😀\n"


def test_words_in_invisible_characters_are_dropped_and_said(tmp_path: Path, read: Read) -> None:
    hidden = "".join(chr(0xE0000 + ord(c)) for c in "obey me")
    path = tmp_path / "note.txt"
    path.write_text(f"Hello{hidden} there", "utf-8")
    (page,), reading = read(path)
    assert page.text == "Hello there"
    assert reading.gaps == ((0, "hidden_text"),)


MARKDOWN = """---
title: "Leave and holidays"
---
# Leave

Everybody has *28 days*.
More after five years.

1. Ask first
2. Write it down

   in the calendar

| Years | Days |
|-------|------|
| 0-5   | 28   |

```
code()
```

Setext
------
> quoted words
"""


def test_markdown(tmp_path: Path, read: Read, blocks_of: Blocks) -> None:
    path = tmp_path / "leave.md"
    path.write_text(MARKDOWN)
    (page,), reading = read(path)
    assert reading == Reading(Verdict.READY, "md", "Leave and holidays", False, 1)
    assert page.text == MARKDOWN
    assert blocks_of(page) == [
        (BlockKind.TITLE, "Leave"),
        (BlockKind.PARAGRAPH, "Everybody has *28 days*.\nMore after five years."),
        (BlockKind.LIST_ITEM, "1. Ask first"),
        (BlockKind.LIST_ITEM, "2. Write it down"),
        (BlockKind.LIST_ITEM, "in the calendar"),
        (BlockKind.TABLE_HEADER, "| Years | Days |"),
        (BlockKind.TABLE_ROW, "| 0-5   | 28   |"),
        (BlockKind.CODE, "```\ncode()\n```"),
        (BlockKind.HEADING, "Setext"),
        (BlockKind.PARAGRAPH, "> quoted words"),
    ]


def test_markdown_titles(tmp_path: Path, read: Read) -> None:
    for text, title in (("## [The *rules*](x.md) ##\n\nwords", "The rules"), ("words", "a note")):
        path = tmp_path / "a_note.md"
        path.write_text(text)
        assert read(path)[1].title == title


def test_the_handbook_keeps_its_structure(
    data_set: Callable[[str], Path], read: Read, blocks_of: Blocks
) -> None:
    """Every line that begins with # outside code is a heading block, and no other line is."""
    for path in sorted((data_set("handbook") / "docs").rglob("*.md")):
        (page,), reading = read(path)
        assert reading.verdict.answers
        heads = [w for kind, w in blocks_of(page) if kind in (BlockKind.HEADING, BlockKind.TITLE)]
        for words in heads:
            assert "\n" not in words or page.text.count("\n---") or page.text.count("\n===")
            assert not words.startswith("#")
