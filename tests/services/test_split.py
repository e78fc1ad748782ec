"""Cutting documents: structure, size, and the places of what was cut."""

from __future__ import annotations

import itertools
import random

import pytest

from ragdesk.domain.document import Block, BlockKind, Page, Passage
from ragdesk.services.mend import Places
from ragdesk.services.split import MAX_TOKENS, split

TITLE, HEADING, PARAGRAPH = BlockKind.TITLE, BlockKind.HEADING, BlockKind.PARAGRAPH
HEADER, ROW, RUNNING = BlockKind.TABLE_HEADER, BlockKind.TABLE_ROW, BlockKind.RUNNING
SENTENCE = "The tenant pays the rent on the first working day of every month. "


def count(text: str) -> int:
    """A word is a token, and two more are special."""
    return len(text.split()) + 2


def page(
    *blocks: tuple[BlockKind, str] | tuple[BlockKind, str, int], number: int = 1, name: str = ""
) -> Page:
    """A page whose text is the blocks' texts with a line feed between."""
    made: list[Block] = []
    text = ""
    for kind, words, *level in blocks:
        made.append(Block(kind, len(text), len(words), level[0] if level else 0))
        text += words + "\n"
    return Page(number, text, tuple(made), name)


def cut(*pages: Page, title: str = "Lease") -> list[Passage]:
    passages = split("d", title, pages, count)
    texts = {page.number: page.text for page in pages}
    for position, passage in enumerate(passages):
        assert passage.position == position
        assert count(f"{passage.context}\n{passage.text}") <= MAX_TOKENS
        pieces = [
            (span.page, span.start, texts[span.page][span.start : span.start + span.length])
            for span in passage.spans
        ]
        assert all(raw.strip() == raw and raw for _, _, raw in pieces)
        assert Places(passage.text, pieces).whole
    return passages


def test_headings_stand_in_front_and_passages_keep_to_their_section() -> None:
    rent, term = SENTENCE * 5, "The lease runs for ten years. " * 9
    passages = cut(
        page(
            (TITLE, "Lease"),
            (HEADING, "Money", 1),
            (HEADING, "Rent", 2),
            (PARAGRAPH, rent.strip()),
            (HEADING, "Term", 1),
            (PARAGRAPH, term.strip()),
        )
    )
    assert [p.context for p in passages] == ["Lease › Money › Rent", "Lease › Term"]
    assert [p.text for p in passages] == [rent.strip(), term.strip()]


def test_small_paragraphs_of_a_section_go_together() -> None:
    passages = cut(page(*((PARAGRAPH, f"{n}. {SENTENCE.strip()}") for n in range(20))))
    assert len(passages) == 2
    assert all(120 <= len(p.text.split()) <= 150 for p in passages)
    assert passages[0].text.count("\n") == 9


def test_small_sections_go_together_with_their_headings_in_the_text() -> None:
    blocks = [
        block
        for n in range(4)
        for block in ((HEADING, f"Room {n}", 2), (PARAGRAPH, SENTENCE.strip()))
    ]
    [passage] = cut(page((HEADING, "House", 1), *blocks))
    assert passage.context == "Lease › House"
    assert passage.text.splitlines()[::2] == ["Room 0", "Room 1", "Room 2", "Room 3"]


def test_a_heading_with_nothing_under_it_is_not_lost() -> None:
    [passage] = cut(page((HEADING, "Annex A", 1), (HEADING, "Annex B", 1)))
    assert passage.text == "Annex A\nAnnex B"
    [passage] = cut(page((PARAGRAPH, SENTENCE.strip()), (HEADING, "The end", 1)))
    assert passage.text == f"{SENTENCE.strip()}\nThe end"


def test_a_long_paragraph_is_cut_at_sentences_into_even_parts() -> None:
    passages = cut(page((PARAGRAPH, (SENTENCE * 40).strip())))
    sizes = [len(p.text.split()) for p in passages]
    assert all(p.text.endswith("month.") and "\n" not in p.text for p in passages)
    assert max(sizes) <= 160
    assert max(sizes) - min(sizes) <= 2 * len(SENTENCE.split())
    assert " ".join(p.text for p in passages) == (SENTENCE * 40).strip()


def test_lines_that_say_a_thing_each_are_not_put_into_one_sentence() -> None:
    rows = "Granite 60x60 45.00 EUR\nSlate 40x40 38.00 EUR"
    assert [p.text for p in cut(page((PARAGRAPH, rows)))] == [rows]
    assert [p.text for p in cut(Page(1, rows))] == [rows]
    wrapped = "The tenant pays the rent on the first\nworking day of every month."
    assert [p.text for p in cut(page((PARAGRAPH, wrapped)))] == [wrapped.replace("\n", " ")]


@pytest.mark.parametrize(
    "text", ["word " * 1000, "clause of the lease, " * 200, "x" * 50 + " " + "yes; " * 900]
)
def test_an_endless_sentence_is_cut_all_the_same(text: str) -> None:
    passages = cut(page((PARAGRAPH, text.strip())))
    assert len(passages) > 1
    assert " ".join(p.text for p in passages).split() == text.split()


def test_tokens_are_held_whatever_the_words_cost() -> None:
    def dear(text: str) -> int:
        return len(text) + 2

    text = " ".join("abcdefghij"[: n % 10 + 1] for n in range(900))
    passages = split("d", "T", [page((PARAGRAPH, text))], dear)
    assert all(dear(f"{p.context}\n{p.text}") <= MAX_TOKENS for p in passages)
    assert "".join(p.text.replace(" ", "") for p in passages) == text.replace(" ", "")


def test_rows_stand_under_their_header_in_every_passage() -> None:
    rows = [(ROW, f"Tile {n}\t{n * 3}.50 euros a square metre\tin stock") for n in range(60)]
    passages = cut(page((HEADER, "Article\tPrice\tStock"), *rows))
    assert len(passages) > 2
    for passage in passages:
        first, *lines = passage.text.split("\n")
        assert first == "Article | Price | Stock |"
        assert lines
        assert all(line.startswith("Tile ") and line.count(" | ") == 2 for line in lines)
        assert (passage.spans[0].start, passage.spans[0].page) == (0, 1)
    lines_of_all = list(itertools.chain(*(p.text.split("\n")[1:] for p in passages)))
    assert len(lines_of_all) == len(set(lines_of_all)) == 60


def test_a_table_ends_with_its_rows() -> None:
    [passage] = cut(page((HEADER, "A\tB"), (ROW, "1\t2"), (PARAGRAPH, "After it."), (ROW, "3\t4")))
    assert passage.text == "A | B |\n1 | 2\nAfter it.\n3 | 4"


def test_what_repeats_on_every_page_is_left_out() -> None:
    passages = cut(
        page((RUNNING, "ACME page 1"), (PARAGRAPH, SENTENCE.strip())),
        page((RUNNING, "ACME page 2"), (PARAGRAPH, "Another thing."), number=2),
    )
    assert not any("ACME" in p.text for p in passages)


@pytest.mark.parametrize(
    ("end", "start", "together"),
    [
        ("the notice", "period is long.", "the notice period is long."),
        ("the notice pe-", "riod is long.", "the notice period is long."),
        ("one thing,", "another.", "one thing, another."),
    ],
)
def test_a_paragraph_over_a_page_break_is_one(end: str, start: str, together: str) -> None:
    [passage] = cut(
        page((PARAGRAPH, end), (RUNNING, "foot 1")),
        page((RUNNING, "head"), (PARAGRAPH, start), number=2),
    )
    assert passage.text == together
    assert [span.page for span in passage.spans] == [1, 2]


@pytest.mark.parametrize(("end", "start"), [("It ends.", "then"), ("no end", "Then it starts.")])
def test_paragraphs_that_end_stay_apart(end: str, start: str) -> None:
    [passage] = cut(page((PARAGRAPH, end)), page((PARAGRAPH, start), number=2))
    assert passage.text == f"{end}\n{start}"


def test_slides_and_sheets_are_named_and_stay_apart() -> None:
    passages = cut(
        page((PARAGRAPH, "Sales went up."), name="Results"),
        page((PARAGRAPH, "More sales."), number=2, name="Plans"),
        title="Talk",
    )
    assert [p.context for p in passages] == ["Talk › Results", "Talk › Plans"]


@pytest.mark.parametrize("name", ["iv", "12", "A-3", ""])
def test_a_printed_page_number_is_no_name(name: str) -> None:
    [passage] = cut(page((PARAGRAPH, "Words."), name=name))
    assert passage.context == "Lease"


def test_pages_without_blocks_are_cut_on_blank_lines() -> None:
    text = "\n\n".join(f"Paragraph {n}.\n{SENTENCE * 3}" for n in range(8))
    passages = cut(Page(1, text))
    assert len(passages) > 1
    assert all(p.text.startswith("Paragraph ") for p in passages)


def test_neighbours_share_one_span() -> None:
    [passage] = cut(page((PARAGRAPH, "One."), (PARAGRAPH, "Two.")))
    assert len(passage.spans) == 1


def test_an_endless_heading_leaves_room_for_text() -> None:
    passages = cut(
        page((HEADING, "head " * 300, 1), (PARAGRAPH, SENTENCE.strip())), title="t " * 99
    )
    assert passages[-1].text.endswith("month.")
    assert all(count(p.context) <= 70 for p in passages)


def test_empty_pages_and_layout_give_no_passages() -> None:
    assert cut(Page(1, ""), Page(2, " \n "), page((PARAGRAPH, "* * *"), number=3)) == []


def test_random_documents_lose_no_word() -> None:
    chance = random.Random(3)
    kinds = [HEADING, PARAGRAPH, PARAGRAPH, BlockKind.LIST_ITEM, BlockKind.CODE, ROW, HEADER]
    for _ in range(60):
        number = itertools.count()
        pages = []
        words: list[str] = []
        for page_number in range(1, chance.randrange(1, 5)):
            blocks = []
            for _ in range(chance.randrange(12)):
                kind = chance.choice(kinds)
                long = chance.choice([1, 8, 60, 400]) if kind is not HEADING else 3
                mine = [f"w{next(number)}" for _ in range(long)]
                if kind is not HEADING:
                    words += mine
                blocks.append((kind, " ".join(mine), chance.randrange(1, 4)))
            pages.append(page(*blocks, number=page_number))
        passages = cut(*pages)
        found = set(" ".join(p.text for p in passages).split())
        assert sorted(set(words) - found) == [], passages
