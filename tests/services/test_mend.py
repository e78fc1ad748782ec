"""Mended text, sentences, and the way back to the page."""

import random

import pytest

from ragdesk.domain.document import Span
from ragdesk.services.mend import (
    Places,
    compounds,
    mend,
    mend_row,
    row_cells,
    sentence_bounds,
)


@pytest.mark.parametrize(
    ("raw", "mended"),
    [
        ("two  words\n on lines ", "two words on lines"),
        ("an exam-\nple", "an example"),
        ("an exam- \r\n  ple", "an example"),
        ("the Anglo-\nSaxon", "the Anglo-Saxon"),
        ("2019-\n2020", "2019-2020"),
        ("a dash -\nnot a cut", "a dash - not a cut"),
        ("of\ufb01cial \ufb02oor", "official floor"),
        ("soft\u00adhyphen", "softhyphen"),
        ("cut by PDFium exam\u0002ple", "cut by PDFium example"),
        ("no\u00a0break\u2009space", "no break space"),
        ("see [the list](../a/b.md#c) there", "see the list there"),
        ("[![alt](a.png)](b.html) after", "!alt after"),
        ("**bold** and _slanted_ and `code`", "bold and slanted and code"),
        ("snake_case_name stays", "snake_case_name stays"),
        ("<!-- nobody reads this -->\nthis", "this"),
        ("Introduction ........... 5", "Introduction 5"),
        ("Chapter . . . . . . 12", "Chapter 12"),
        ("wait... what", "wait... what"),
        ("> quoted\n> > twice", "quoted twice"),
        ("Setup > Keys", "Setup > Keys"),
        ("\\$2000 per quarter", "$2000 per quarter"),
    ],
)
def test_mends(raw: str, mended: str) -> None:
    assert mend(raw) == mended


def test_a_compound_keeps_its_hyphen_where_the_document_writes_it_so() -> None:
    known = compounds(["a well-known fact"])
    assert mend("a well-\nknown fact", known) == "a well-known fact"
    assert mend("a well-\nknown fact") == "a wellknown fact"


@pytest.mark.parametrize(
    ("raw", "row", "header"),
    [
        ("| Year | Hours  |", "Year | Hours", "Year | Hours |"),
        ("a\tb\t\tc", "a | b | | c", "a | b | | c |"),
        ("a | b |  | ", "a | b", "a | b |"),
        ("F-1 Tile 9.50", "| F-1 Tile 9.50", "| F-1 Tile 9.50 |"),
        (" | ", "", ""),
    ],
)
def test_rows_say_that_they_are_rows(raw: str, row: str, header: str) -> None:
    assert mend_row(raw) == row
    assert mend_row(raw, header=True) == header
    if row:
        for line, is_header in ((row, False), (header, True)):
            cells = row_cells(line)
            assert cells is not None
            assert line[cells[0] : cells[1]] == row.removeprefix("| ")
            assert cells[2] is is_header


def test_a_sentence_is_no_row() -> None:
    assert row_cells("One sentence.") is None


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("One. Two! Three?", ["One.", "Two!", "Three?"]),
        ("Dr. Smith of Smith Inc. came. He left.", ["Dr. Smith of Smith Inc. came.", "He left."]),
        ("It costs 3.50 euros. Pay now.", ["It costs 3.50 euros.", "Pay now."]),
        ("3. The tenant pays. 4. The owner waits.", ["3. The tenant pays.", "4. The owner waits."]),
        ('"Stop!" he said. She did.', ['"Stop!" he said.', "She did."]),
        ("In the U.S. Army since 2019. Then more.", ["In the U.S. Army since 2019.", "Then more."]),
        ("去年很冷。今年不冷！", ["去年很冷。", "今年不冷！"]),
        ("no end at all", ["no end at all"]),
        ("", []),
        ("  spaced.  Out.  ", ["spaced.", "Out."]),
    ],
)
def test_sentences(text: str, sentences: list[str]) -> None:
    assert [text[start:end] for start, end in sentence_bounds(text)] == sentences


def test_a_stretch_leads_back_to_its_place() -> None:
    page = "Header\nThe of\ufb01ce is  open on work-\ndays. It is closed on Sunday.\nFooter"
    start, end = page.index("The"), page.index("\nFooter")
    raw = page[start:end]
    mended = mend(raw)
    places = Places(mended, [(7, start, raw)])
    assert places.whole
    first, second = sentence_bounds(mended)
    [span] = places.spans(*first)
    assert span.page == 7
    assert page[span.start : span.start + span.length] == (
        "The of\ufb01ce is  open on work-\ndays."
    )
    [span] = places.spans(*second)
    assert page[span.start : span.start + span.length] == "It is closed on Sunday."


def test_a_stretch_over_two_pages_has_a_span_on_each() -> None:
    first, second = "The notice period is thirty", "days for both sides."
    mended = mend(f"{first}\n{second}")
    places = Places(mended, [(1, 10, first), (2, 4, second)])
    start = mended.index("thirty days")
    assert places.spans(start, start + len("thirty days")) == (Span(1, 31, 6), Span(2, 4, 4))


def test_foreign_text_is_not_whole() -> None:
    assert not Places("what was cut", [(1, 0, "what stands there now")]).whole


def test_every_stretch_of_random_text_leads_back() -> None:
    chance = random.Random(5)
    alphabet = "ab> cd-\n\u00ad\ufb01\u0002.*_`[]()|é漢 12"
    for _ in range(500):
        raw = "".join(chance.choice(alphabet) for _ in range(chance.randrange(60)))
        mended = mend(raw)
        places = Places(mended, [(1, 0, raw)])
        assert places.whole, (raw, mended)
        for start, end in sentence_bounds(mended):
            for span in places.spans(start, end):
                again = mend(raw[span.start : span.start + span.length])
                solid = [c for c in again if c.isalnum()]
                assert solid == [c for c in mended[start:end] if c.isalnum()], (raw, mended)


def test_a_word_of_half_a_million_letters_is_mended_at_once() -> None:
    """Tried from each of its letters it would take a minute; the test's time limit sees that."""
    word = "x" * 500_000
    assert mend(f"{word}-\ny", compounds([word])) == f"{word}y"
