"""Pages and readings survive the way through a pipe."""

from __future__ import annotations

import json

import pytest

from ragdesk.adapters.parsers.wire import decode, encode, line
from ragdesk.domain.document import Block, BlockKind, Page, Reading, Verdict

PAGE = Page(
    3,
    "Ünïcødé 😀 \ufffe broken \udcff",
    (Block(BlockKind.HEADING, 0, 7, 2), Block(BlockKind.TABLE_ROW, 8, 3)),
    "iv",
)
READING = Reading(
    Verdict.READY_WITH_GAPS, "pdf", "Staff handbook", True, 12, ((3, "page_damaged"),), "half"
)


@pytest.mark.parametrize("thing", [PAGE, READING, Page(1, ""), Reading(Verdict.EMPTY)])
def test_what_goes_in_comes_out(thing: Page | Reading) -> None:
    printed = line(thing)
    assert printed.endswith(b"\n")
    assert printed.count(b"\n") == 1
    printed.decode("ascii")
    assert decode(json.loads(printed)) == thing


def test_the_words_of_the_protocol() -> None:
    assert encode(Page(1, "a b", (Block(BlockKind.CODE, 0, 3),), "I")) == {
        "page": {"number": 1, "text": "a b", "blocks": [["code", 0, 3, 0]], "name": "I"}
    }
    assert set(encode(READING)["reading"]) == {
        "verdict", "kind", "title", "paged", "pages", "gaps", "detail",
    }  # fmt: skip


@pytest.mark.parametrize(
    "message", [{}, {"page": {}}, {"reading": {"verdict": "lost"}}, {"page": None}]
)
def test_anything_else_is_refused(message: dict[str, object]) -> None:
    with pytest.raises(ValueError):
        decode(message)
