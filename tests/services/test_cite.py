"""Quotes are verbatim, wherever their words stand."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from ragdesk.domain.conversation import Hit
from ragdesk.domain.document import Block, BlockKind, Page, Span
from ragdesk.services.choose import sentences
from ragdesk.services.cite import Quoter, quoted
from ragdesk.services.split import split

FIRST = "Lease\n\nThe of\ufb01ce is let for ten years. The rent is due on the first work-\nday of"
SECOND = "every month. Article\tPrice\nTile A\t9.50"
PAGES = [
    Page(1, FIRST, (Block(BlockKind.TITLE, 0, 5), Block(BlockKind.PARAGRAPH, 7, len(FIRST) - 7))),
    Page(
        2,
        SECOND,
        (
            Block(BlockKind.PARAGRAPH, 0, 12),
            Block(BlockKind.TABLE_HEADER, 13, 13),
            Block(BlockKind.TABLE_ROW, 27, 11),
        ),
    ),
]


class Store:
    """Pages of one document, and how often they were asked for."""

    def __init__(self, pages: list[Page]) -> None:
        self.read: list[int] = []
        self._pages = {page.number: page for page in pages}

    def pages(self, document_id: str, numbers: Iterable[int]) -> list[Page]:
        wanted = sorted(numbers)
        self.read += wanted
        return [self._pages[number] for number in wanted]


@pytest.fixture
def hit() -> Hit:
    [passage] = split("d", "Lease", PAGES, lambda text: len(text.split()) + 2)
    quote = quoted(passage.spans, {page.number: page.text for page in PAGES})
    return Hit(1, 1.0, "d:0", "d", "Lease", "lease.pdf", True, 0, passage.text, passage.context,
               passage.spans, quote)  # fmt: skip


def test_one_span_is_the_slice_and_several_are_lines() -> None:
    pages = {1: "abcdef", 2: "xyz"}
    assert quoted([Span(1, 1, 3)], pages) == "bcd"
    assert quoted([Span(1, 4, 2), Span(2, 0, 1)], pages) == "ef\nx"


def test_each_sentence_is_quoted_as_it_stands(hit: Hit) -> None:
    store = Store(PAGES)
    quoter = Quoter(store.pages)
    quotes = []
    for sentence in sentences(hit):
        stretches = [part for part in (sentence.head, (sentence.start, sentence.end)) if part]
        quotes.append(quoter.quote("d", quoter.spans(hit, stretches)))
    assert quotes == [
        "The of\ufb01ce is let for ten years.",
        "The rent is due on the first work-\nday of\nevery month.",
        "Article\tPrice\nTile A\t9.50",
    ]
    assert sorted(store.read) == [1, 2]


def test_words_inside_a_sentence_are_found(hit: Hit) -> None:
    start = hit.text.index("first workday")
    [span] = Quoter(Store(PAGES).pages).spans(hit, [(start, start + len("first workday"))])
    assert FIRST[span.start : span.start + span.length] == "first work-\nday"


def test_a_page_that_reads_otherwise_now_is_quoted_whole(hit: Hit) -> None:
    other = [Page(1, FIRST.replace("ten", "eleven")), PAGES[1]]
    assert Quoter(Store(other).pages).spans(hit, [(0, 10)]) == hit.spans
