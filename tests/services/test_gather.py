"""Lists that are answered whole, in the order of the document."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from ragdesk.domain.conversation import Hit, Mark, Marks
from ragdesk.domain.document import Span
from ragdesk.services.choose import Sought, sentences
from ragdesk.services.compose import Composed, compose
from ragdesk.services.expect import expected
from ragdesk.services.mark import Seen, candidates
from ragdesk.services.match import stem, terms

CLOSED = (
    "Open from 8 to 6.\nThe shop is closed on these days:\n- Good Friday\n- Labour Day\n- Whit \
Monday"
)
FAIRS = "Fair | Date |\nBau Munich | 13 January\nCersaie Bologna | 21 May"
PLAIN = (
    "All are paid.\nPublic holidays\nGood Friday\nLabour Day\nWhit Monday\n\nMore is said below."
)
GUIDE = (
    "Read it all.\nPreparation\n1. Sweep the floor.\n2. Brush on the primer.",
    "Laying\n1. Mix the glue.\n2. Press the tiles in.\nGrouting\n1. Fill the joints.\n2. Wash.",
)


class Passages:
    """One document, its passages one behind the other."""

    def __init__(self, texts: Sequence[str], title: str) -> None:
        self.hits = [
            Hit(1, 1.0, f"d:{n}", "d", title, "d.md", False, n, text, title, (Span(1, 0, 9),), text)
            for n, text in enumerate(texts)
        ]

    def front(self, hit: Hit) -> str:
        return ""

    def beside(self, hit: Hit, step: int) -> Hit | None:
        at = hit.position + step
        return self.hits[at] if 0 <= at < len(self.hits) else None


def answer(question: str, texts: Sequence[str], marked: str, title: str = "Shop") -> Composed:
    """What is made of a document in which a reader marks some words, and of one more."""
    passages = Passages(texts, title)
    hit = next(hit for hit in passages.hits if marked in hit.text)
    start = hit.text.index(marked)
    marks = Marks(3.0, marks=(Mark(start, start + len(marked), 1.0),))
    other = replace(hit, passage_id="e:0", document_id="e", path="e.md", text="Floors are ours.")
    read = [(hit, marks), (other, Marks(2.5, marks=(Mark(0, 6, 1.0),)))]
    sought = Sought(
        np.zeros(1, np.float32), {stem(word): 1.0 for word in terms(question)}, expected(question)
    )
    chosen = [sentence for one, _ in read for sentence in sentences(one)]
    seen = Seen(question, sought, read, chosen, candidates(read, [], sought))
    return compose(seen, 4, passages)


def items(composed: Composed) -> list[str]:
    return [item.text for item in composed.items]


DAYS = ["Good Friday", "Labour Day", "Whit Monday"]


@pytest.mark.parametrize(
    ("question", "marked"),
    [
        ("Which days are holidays?", "Labour Day"),
        # A mark elsewhere, and the line above the list names the question.
        ("On which days is the shop closed?", "8 to 6"),
    ],
)
def test_a_list_is_answered_whole(question: str, marked: str) -> None:
    composed = answer(question, [CLOSED], marked)
    assert (composed.kind, items(composed)) == ("list", DAYS)
    assert composed.shown[0].text == "The shop is closed on these days:"


def test_a_list_that_the_question_does_not_name_is_left_alone() -> None:
    assert answer("Which hours are yours?", [CLOSED], "8 to 6").kind == "words"


def test_lines_without_bullets_are_a_list_below_the_one_that_names_it() -> None:
    composed = answer("Which days are public holidays?", [PLAIN], "Labour Day")
    assert (composed.kind, items(composed)) == ("list", DAYS)
    assert composed.shown[0].text == "Public holidays"
    nameless = PLAIN.replace("Public holidays\n", "")
    assert items(answer("Which days are off?", [nameless], "Labour Day", "Off")) == DAYS


def test_rows_of_a_table_are_a_list_unless_one_is_named() -> None:
    composed = answer("Which fairs are there?", [FAIRS], "13 January", "Fairs")
    assert (composed.kind, items(composed)) == (
        "list",
        ["Bau Munich — 13 January", "Cersaie Bologna — 21 May"],
    )
    named = answer("What are the dates of Bau Munich?", [FAIRS], "13 January", "Fairs")
    assert (named.kind, named.short) == ("words", "13 January")
    by_year = FAIRS.replace("Date", "2026")
    question = "What are the fairs in 2026?"
    assert answer(question, [by_year], "13 January", "Fairs").kind == "words"
    assert answer("When is the fair?", [FAIRS], "13 January", "Fairs").kind == "words"


def test_a_guide_is_answered_with_all_its_stages_in_order() -> None:
    composed = answer("How do I lay floor tiles?", GUIDE, "Mix the glue", "How to lay floor tiles")
    assert items(composed) == [
        "Preparation: Sweep the floor.",
        "Brush on the primer.",
        "Laying: Mix the glue.",
        "Press the tiles in.",
        "Grouting: Fill the joints.",
        "Wash.",
    ]
    assert composed.shown[0].text == "How to lay floor tiles"
    assert [item.number for item in composed.items] == [1, 1, 2, 2, 3, 3]
    # Nothing else of the guide stands scattered behind it, what other documents say does.
    assert [one.text for one in composed.shown[1:]] == ["Floors are ours."]


@pytest.mark.parametrize(
    ("question", "marked", "steps"),
    [
        ("How do I do the grouting?", "Fill the joints", ["Fill the joints.", "Wash."]),
        ("How do I do the grouting?", "Press the tiles", ["Fill the joints.", "Wash."]),
        ("How do I do the preparation?", "Read it all",
         ["Sweep the floor.", "Brush on the primer."]),
    ],
)  # fmt: skip
def test_a_stage_that_is_asked_for_stands_alone(
    question: str, marked: str, steps: list[str]
) -> None:
    assert items(answer(question, GUIDE, marked, "Guide")) == steps
