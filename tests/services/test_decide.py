"""Questions for yes or no, and when neither is said."""

from __future__ import annotations

import numpy as np
import pytest

from ragdesk.domain.conversation import Hit, Mark, Marks
from ragdesk.services.choose import Sought, sentences
from ragdesk.services.decide import Decided, decide, missing
from ragdesk.services.expect import expected
from ragdesk.services.mark import Seen, candidates
from ragdesk.services.rerank import Read


def passage(text: str, yes: float = 0.7, no: float = 0.1, title: str = "About us") -> Read:
    """What a reader makes of a passage that it takes for one that decides."""
    hit = Hit(1, 1.0, f"{text[:9]}:0", title, title, f"/shop/{title}.txt", False, 0, text, "Goods",
              (), text)  # fmt: skip
    return hit, Marks(2.0, yes, no, (Mark(0, text.index(".") + 1, 1.0),))


def decided(question: str, *read: Read, front: str = "") -> Decided | None:
    sought = Sought(np.zeros(1, np.float32), {}, expected(question))
    chosen = [sentence for hit, _ in read for sentence in sentences(hit)]
    seen = Seen(question, sought, read, chosen, candidates(read, [], sought))
    return decide(seen, lambda hit: front)


def kind(question: str, *read: Read, front: str = "") -> str | None:
    found = decided(question, *read, front=front)
    assert found is not None
    return found.kind


TILES = passage("We sell tiles of porcelain, terracotta and slate. Adhesive is in stock too.")


def test_what_no_document_mentions_gets_no_yes() -> None:
    assert kind("Do you sell terracotta tiles?", TILES) == "yes"
    found = decided("Do you sell marble tiles?", TILES)
    assert found is not None
    assert found.kind is None
    assert found.first.around.text.startswith("We sell tiles of porcelain")


@pytest.mark.parametrize(
    ("title", "front", "says"),
    [("Goods in marble", "", "yes"), ("About us", "The marble house", "yes"), ("A", "B", None)],
)
def test_title_and_first_page_say_what_a_document_is_about(
    title: str, front: str, says: str | None
) -> None:
    read = passage("We sell tiles and slabs of every size.", title=title)
    assert kind("Do you sell marble tiles?", read, front=front) == says


def test_other_passages_of_the_document_count_but_not_other_documents() -> None:
    behind = passage("Marble is here.", 0.0, 0.0)
    assert kind("Do you sell marble tiles?", TILES, behind) == "yes"
    elsewhere = passage("Marble is here.", 0.0, 0.0, title="Other")
    assert kind("Do you sell marble tiles?", TILES, elsewhere) is None


@pytest.mark.parametrize(
    ("question", "text", "lacking"),
    [
        ("Is it allowed to bring a dog?", "Dogs are welcome. Bring them.", []),
        ("Does it need a licence?", "A license is due.", []),
        ("Is any drinking allowed?", "A drink is fine.", []),
        ("Do you deliver on Sundays?", "We deliver on Tuesdays.", ["sundays"]),
        ("Do you deliver to Bern in 2026?", "We deliver to Basel in 2025.", ["bern", "2026"]),
        ("Is the market open?", "The marble is open.", ["market"]),
    ],
)
def test_words_count_in_every_form(question: str, text: str, lacking: list[str]) -> None:
    assert missing(question, text) == lacking


@pytest.mark.parametrize(
    ("question", "text", "says"),
    [
        ("Are dogs allowed in the depot?", "Dogs may not enter the depot.", "no"),
        ("Is slate covered?", "Slate isn't covered here.", "no"),
        ("Can I return cut tiles?", "Cut tiles cannot be returned.", "no"),
        ("Can I return cut tiles?", "Cut tiles can be returned.", "yes"),
        ("Are you open on Sunday?", "On Sundays we are closed.", "no"),
        ("Are you open on Sunday?", "On Sundays we are open.", "yes"),
        ("Are you closed on Sunday?", "On Sundays we are closed.", "yes"),
        # An exception, and a question that denies itself, are left to the reader.
        ("Can I return cut tiles?", "Cut tiles cannot be returned unless paid.", "yes"),
        ("Can I not return cut tiles?", "Cut tiles cannot be returned.", "yes"),
        # Something else is denied: little of the question stands in the sentence.
        ("Can dogs enter the depot?", "Cats can't enter. The depot has dogs.", "yes"),
    ],
)
def test_a_short_sentence_that_denies_is_a_no(question: str, text: str, says: str) -> None:
    assert kind(question, passage(text)) == says


def test_a_long_sentence_that_denies_is_left_to_the_reader() -> None:
    long = "of the kind named in the list of goods that came by lorry on the day before the last"
    text = f"Cut tiles {long} cannot be returned."
    assert kind("Can I return cut tiles?", passage(text)) == "yes"


def test_a_question_for_words_is_not_decided() -> None:
    assert decided("When do you sell tiles?", TILES) is None
    assert decided("Do you sell tiles?", passage("We sell tiles.", 0.1, 0.05)) is None
