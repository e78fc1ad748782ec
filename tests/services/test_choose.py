"""Which sentences answer."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pytest

from ragdesk.domain.conversation import Hit
from ragdesk.domain.document import Span
from ragdesk.services.choose import LOOKED_AT, Sought, choose, sentences
from ragdesk.services.expect import expected
from tests.fakes_embedder import FakeEmbedder

EMBEDDER = FakeEmbedder()


def hit(text: str, context: str = "", score: float = 1.0) -> Hit:
    return Hit(1, score, f"d:{hash(text)}", "d", "T", "a.txt", False, 0, text, context,
               (Span(1, 0, len(text)),), text)  # fmt: skip


def sought(question: str, **weights: float) -> Sought:
    return Sought(EMBEDDER.embed([question])[0], weights, expected(question))


def best(question: str, *hits: Hit, **weights: float) -> str:
    return choose(hits, sought(question, **weights), EMBEDDER.embed)[0].text


def test_sentences_of_paragraphs_lists_and_tables() -> None:
    found = sentences(
        hit(
            "One sentence stands here. Another one too.\n- a point\nArticle | Price |"
            "\nTile | 9.50\nGrout | 3\n| Sand 2.50"
        )
    )
    assert [sentence.text for sentence in found] == [
        "One sentence stands here.", "Another one too.", "- a point", "Tile | 9.50", "Grout | 3",
        "Sand 2.50",
    ]  # fmt: skip
    assert [sentence.shown for sentence in found[-3:]] == [
        "Article: Tile; Price: 9.50",
        "Article: Grout; Price: 3",
        "Article: Sand 2.50",
    ]


def test_a_row_that_does_not_fit_its_header_is_shown_as_it_stands() -> None:
    [row] = sentences(hit("A | B |\n1 | 2 | 3"))
    assert row.shown == "1 | 2 | 3"


def test_the_first_column_may_have_no_name() -> None:
    [row] = sentences(hit("2019 | 2018 |\nGoodwill | 17 | 8"))
    assert row.shown == "Goodwill; 2019: 17; 2018: 8"
    assert row.shown_cell(row.hit.text.index("17")) == "Goodwill — 2019: 17"


def test_a_cell_is_shown_with_the_names_of_its_row_and_column() -> None:
    [row] = sentences(hit("Article | Size | Price | Stock |\nBlue tile | small | 9.50 | 7"))
    assert row.shown_cell(row.hit.text.index("9.50")) == "Blue tile, small — Price: 9.50"
    assert row.shown_cell(row.hit.text.index("7")) == "Blue tile, small — Stock: 7"
    assert row.shown_cell(row.start) == row.shown
    [bare] = sentences(hit("Blue tile | small | 9.50"))
    assert bare.shown_cell(12) == bare.shown == "Blue tile | small | 9.50"


def test_which_cell_is_meant() -> None:
    [row] = sentences(hit("A | B | C |\nBlue tile | small | 9.50"))

    def cell(words: str) -> str | None:
        start = row.hit.text.index(words)
        place = row.cell(start, start + len(words))
        return row.hit.text[slice(*place)] if place else None

    assert cell("9.5") == "9.50"
    assert cell("tile") == "Blue tile"
    assert cell("tile | sm") == "small"
    assert cell("small | 9.50") is None
    [sentence] = sentences(hit("No row at all stands here."))
    assert sentence.cell(0, 5) is None


def test_a_note_below_a_table_is_no_cell() -> None:
    note = "Nothing is charged if the fault is covered by our warranty."
    rows = sentences(hit(f"Article | Price |\nTile | 9.50\n| {note}"))
    assert [row.shown for row in rows] == ["Article: Tile; Price: 9.50", note]


def test_text_in_a_frame_is_sentences() -> None:
    first = "The contractor works for the customer in the way that was agreed upon by both."
    last = "It ends here in this very way."
    text = f"Article | Price |\nTile | 9\n| {first} {first} {first} {last}"
    found = sentences(hit(text))
    assert [sentence.text for sentence in found] == ["Tile | 9", first, first, first, last]
    assert found[-1].head is None


def test_a_short_exclamation_goes_with_what_follows() -> None:
    [only] = sentences(hit("Yes. You may take your dog along to the showroom."))
    assert only.text.startswith("Yes. You may")


def test_the_sentence_that_names_what_is_asked_comes_first() -> None:
    text = "The garden is green in spring. The warranty on tiles lasts ten years. We like tea."
    assert best("warranty on tiles", hit(text), warranty=3.0, til=2.0).startswith("The warranty")


def test_headings_count() -> None:
    rent = hit("It is due monthly on the first.", "Lease › Rent payment")
    other = hit("It is due yearly in the spring.", "Lease › Chimney sweep")
    assert best("rent payment due", other, rent, rent=3.0, payment=2.0, due=1.0) == rent.text


def test_the_kind_of_words_asked_for_counts() -> None:
    text = "The notice period is long enough for all. The notice period is three months in all."
    assert best("how long is the notice period", hit(text), notice=1.0, period=1.0).endswith(
        "three months in all."
    )


def test_only_the_likeliest_are_embedded() -> None:
    asked: list[int] = []

    def embed(texts: Sequence[str]) -> npt.NDArray[np.float32]:
        asked.append(len(texts))
        return EMBEDDER.embed(texts)

    many = "\n".join(f"Line {n} of the list tells nothing." for n in range(90))
    wanted = "The zebra lives in the last line."
    chosen = choose([hit(f"{many}\n{wanted}")], sought("zebra", zebra=5.0), embed)
    assert asked == [LOOKED_AT]
    assert chosen[0].text == wanted
    assert [c.score for c in chosen] == sorted((c.score for c in chosen), reverse=True)


def test_no_hits_no_sentences() -> None:
    assert choose([], sought("zebra"), EMBEDDER.embed) == []


def test_share_named() -> None:
    asked = Sought(np.zeros(1, np.float32), {"rent": 3.0, "due": 1.0}, None)
    assert asked.share_named("The rents of the house") == 0.75
    assert asked.share_named("nothing") == 0.0
    assert Sought(np.zeros(1, np.float32), {}, None).share_named("rent") == 0.0


def test_words_of_another_language_are_compared_by_its_stems() -> None:
    weights = {"garanti": 1.0, "flies": 1.0}
    text = "Die Garantien auf Fliesen"
    assert Sought(np.zeros(1, np.float32), weights, None, "de").share_named(text) == 1.0
    assert Sought(np.zeros(1, np.float32), weights, None).share_named(text) == 0.0


def test_cosines_are_brought_to_the_scale_of_the_english_model() -> None:
    text = "The garden is far away from here. The zebra is far away from here."
    plain = Sought(EMBEDDER.embed(["zebra"])[0], {}, None)
    scaled = Sought(plain.vector, {}, None, scale=(-1.0, 3.0))
    first, second = (choose([hit(text)], asked, EMBEDDER.embed) for asked in (plain, scaled))
    assert [c.meaning for c in second] == pytest.approx([3 * c.meaning - 1 for c in first])
