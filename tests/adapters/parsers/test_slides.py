"""Presentations: slides in their order, shapes as the eye goes, tables, notes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from pptx import Presentation
from pptx.util import Cm

from ragdesk.domain.document import BlockKind, Page, Reading, Verdict

Read = Callable[..., tuple[list[Page], Reading]]
Blocks = Callable[[Page], list[tuple[BlockKind, str]]]


def test_slides(tmp_path: Path, read: Read, blocks_of: Blocks) -> None:
    deck = Presentation()
    slide = deck.slides.add_slide(deck.slide_layouts[5])
    slide.shapes.title.text = "Wet rooms"
    for left, top, words in ((12, 8, "right"), (2, 12, "below"), (2, 8, "left")):
        box = slide.shapes.add_textbox(Cm(left), Cm(top), Cm(5), Cm(2))
        box.text_frame.text = words
    slide.notes_slide.notes_text_frame.text = "Say it slowly."
    second = deck.slides.add_slide(deck.slide_layouts[1])
    second.shapes.title.text = "Tanking"
    second.placeholders[1].text = "Two coats"
    table = second.shapes.add_table(3, 2, Cm(2), Cm(10), Cm(10), Cm(3)).table
    for number, cells in enumerate((("Coat", "Hours"), ("first", "4"), ("second", "12"))):
        for column, words in enumerate(cells):
            table.cell(number, column).text = words
    deck.save(str(tmp_path / "talk.pptx"))

    pages, reading = read(tmp_path / "talk.pptx")
    assert reading == Reading(Verdict.READY, "pptx", "Wet rooms", True, 2)
    assert [page.name for page in pages] == ["Wet rooms", "Tanking"]
    assert blocks_of(pages[0]) == [
        (BlockKind.TITLE, "Wet rooms"),
        (BlockKind.PARAGRAPH, "left"),
        (BlockKind.PARAGRAPH, "right"),
        (BlockKind.PARAGRAPH, "below"),
        (BlockKind.PARAGRAPH, "Say it slowly."),
    ]
    assert blocks_of(pages[1]) == [
        (BlockKind.HEADING, "Tanking"),
        (BlockKind.PARAGRAPH, "Two coats"),
        (BlockKind.TABLE_HEADER, "Coat | Hours"),
        (BlockKind.TABLE_ROW, "first | 4"),
        (BlockKind.TABLE_ROW, "second | 12"),
    ]


def test_groups_are_placed_where_they_are_seen(tmp_path: Path, read: Read) -> None:
    deck = Presentation()
    slide = deck.slides.add_slide(deck.slide_layouts[6])
    slide.shapes.add_textbox(Cm(2), Cm(5), Cm(5), Cm(1)).text_frame.text = "second"
    group = slide.shapes.add_group_shape()
    group.shapes.add_textbox(Cm(2), Cm(2), Cm(5), Cm(1)).text_frame.text = "inner"
    group.top, group.left = Cm(1), Cm(2)
    deck.save(str(tmp_path / "group.pptx"))
    assert read(tmp_path / "group.pptx")[0][0].text == "inner\n\nsecond"


def test_nothing_said(tmp_path: Path, read: Read) -> None:
    deck = Presentation()
    deck.save(str(tmp_path / "none.pptx"))
    assert read(tmp_path / "none.pptx")[1].verdict is Verdict.EMPTY
    deck.slides.add_slide(deck.slide_layouts[6])
    deck.save(str(tmp_path / "blank.pptx"))
    assert read(tmp_path / "blank.pptx")[1].verdict is Verdict.NO_TEXT
