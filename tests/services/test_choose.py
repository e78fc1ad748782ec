"""Which sentences answer."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

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
