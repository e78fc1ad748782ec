"""Answers put together from marks."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ragdesk.domain.conversation import Hit, Mark, Marks
from ragdesk.domain.document import Span
from ragdesk.services.choose import Sought, sentences
from ragdesk.services.compose import ELSE_NEAR, Composed, compose
from ragdesk.services.expect import expected
from ragdesk.services.mark import Seen, candidates
from ragdesk.services.rerank import Read, reordered


class Alone:
    """Documents of one passage and no page."""

    def front(self, hit: Hit) -> str:
        return ""

    def beside(self, hit: Hit, step: int) -> Hit | None:
        return None


def read(text: str, words: str, there: float = 2.0, yes: float = 0.0, no: float = 0.0,
         number: int = 0) -> Read:  # fmt: skip
    hit = Hit(1, 1.0, f"d{number}:0", f"d{number}", "T", f"{number}.txt", False, 0, text, "",
              (Span(1, 0, len(text)),), text)  # fmt: skip
    start = text.index(words)
    return hit, Marks(there, yes, no, (Mark(start, start + len(words), 1.0),) if words else ())


def answer(question: str, *found: Read, most: int = 4) -> Composed:
    sought = Sought(np.zeros(1, np.float32), {}, expected(question))
    order = reordered(found)
    chosen = [sentence for hit, _ in order for sentence in sentences(hit)]
    seen = Seen(question, sought, order, chosen, candidates(order, [], sought))
    return compose(seen, most, Alone())


def texts(composed: Composed) -> list[str]:
    return [shown.text for shown in composed.shown]


def test_the_surest_passage_decides_between_yes_and_no() -> None:
    weak = read("Dogs may come in.", "Dogs", -3.0, yes=0.9, number=1)
    sure = read(
        "No dog may come in here at all. Cats may.",
        "No dog may come in here at all.",
        3.0,
        no=0.9,
        number=2,
    )
    composed = answer("May dogs come in?", weak, sure)
    assert (composed.kind, composed.short) == ("no", "No")
    assert texts(composed)[0] == "No dog may come in here at all."


def test_several_passages_decide_together() -> None:
    first = read("A dog will come in.", "A dog", 1.0, yes=0.35, no=0.4, number=1)
    others = [read(f"Dogs may come in, says {n}.", "Dogs", 0.9, yes=0.9, number=n) for n in (2, 3)]
    assert answer("May dogs come in?", first, *others).kind == "yes"


def test_a_question_for_yes_or_no_that_is_answered_in_words() -> None:
    composed = answer("May dogs come in?", read("Dogs come in on Mondays.", "on Mondays", yes=0.05))
    assert (composed.kind, composed.short) == ("words", "on Mondays")


def test_a_question_for_words_is_not_answered_with_yes() -> None:
    composed = answer("When may dogs come in?", read("Dogs come in at 3 pm.", "at 3 pm", yes=0.9))
    assert (composed.kind, composed.short) == ("words", "at 3 pm")


def test_marks_that_a_comma_joins_are_one_list() -> None:
    hit, marks = read("We sell tiles, grout and sand here.", "grout")
    more = tuple(
        Mark(hit.text.index(w), hit.text.index(w) + len(w), 0.5) for w in ("tiles", "sand")
    )
    composed = answer("What are the goods?", (hit, replace(marks, marks=marks.marks + more)))
    assert (composed.kind, composed.short) == ("list", "tiles, grout and sand")
    assert [item.text for item in composed.items] == ["tiles", "grout", "sand"]


def test_one_thing_asked_for_is_no_list() -> None:
    composed = answer(
        "What is sold?", read("We sell tiles, grout and sand.", "tiles, grout and sand")
    )
    assert (composed.kind, composed.items) == ("words", ())


def test_what_else_bears_on_it_follows_when_it_is_near() -> None:
    first = read("The fee is 9 euros.", "9 euros", 4.0, number=1)
    near = read("Members pay no fee.", "no fee", 3.0, number=2)
    far = read("The fee was paid by Ann.", "Ann", 4.0 - 4 * ELSE_NEAR, number=3)
    composed = answer("What is the fee?", first, near, far)
    assert texts(composed) == ["The fee is 9 euros.", "Members pay no fee."]
    assert texts(answer("What is the fee?", first, near, far, most=1)) == ["The fee is 9 euros."]


def test_values_are_as_few_as_wanted_but_two_that_differ() -> None:
    fees = [
        read(f"From 3 May {year} the fee is {n} euros.", f"{n} euros", 2.0 - n / 10, number=n)
        for n, year in enumerate((2011, 2019, 2023, 2021), 1)
    ]

    def values(most: int) -> list[str]:
        composed = answer("How much is the fee?", *fees, most=most)
        assert composed.kind == "values"
        assert len(composed.shown) == len(composed.values)
        return [value.text for value in composed.values]

    assert values(4) == ["3 euros", "4 euros", "2 euros", "1 euros"]
    # The newest first, and the surest, which is the oldest here, stays.
    assert values(3) == ["3 euros", "4 euros", "1 euros"]
    assert values(2) == values(1) == ["3 euros", "1 euros"]


def test_twins_are_one_document() -> None:
    hit, marks = read("The fee is 9 euros.", "9 euros", number=1)
    other, _ = read("The fee is 8 euros.", "8 euros", number=2)
    twin = replace(hit, twins=("2.txt",)), marks
    assert answer("How much is the fee?", twin, (other, marks)).kind == "words"
    assert answer("How much is the fee?", (hit, marks), (other, marks)).kind == "values"


def test_without_a_mark_the_sentences_are_shown() -> None:
    hit, _ = read("The fee is due. The shop is shut.", "fee")
    composed = answer("What is the fee?", (hit, Marks(-1.0)))
    assert (composed.kind, composed.short) == ("sentence", None)
    assert texts(composed) == ["The fee is due. The shop is shut."]


def test_a_whole_sentence_is_no_short_answer_in_large() -> None:
    text = "If the goods are late then the buyer may go back on the whole contract at once."
    assert answer("What if the goods are late?", read(text, text)).kind == "sentence"


def test_what_stands_nowhere_gets_the_nearest_sentence_and_no_yes() -> None:
    found = read("We sell tiles of slate.", "We sell tiles of slate.", yes=0.9)
    composed = answer("Do you sell marble tiles?", found)
    assert (composed.kind, composed.short, composed.doubtful) == ("sentence", None, True)
    assert texts(composed) == ["We sell tiles of slate."]
    assert not answer("Do you sell slate tiles?", found).doubtful


def said(document: str, text: str, words: str, there: float = 2.0) -> Read:
    """What a reader makes of a document with a name of its own."""
    hit, marks = read(text, words, there, number=len(document))
    return replace(hit, title=document, path=f"{document}.txt", context=document), marks


def values(question: str, *found: Read, weights: dict[str, float] | None = None) -> list[str]:
    sought = Sought(np.zeros(1, np.float32), weights or {}, expected(question))
    order = reordered(found)
    chosen = [sentence for hit, _ in order for sentence in sentences(hit)]
    seen = Seen(question, sought, order, chosen, candidates(order, [], sought))
    return [f"{v.dated}: {v.text}" for v in compose(seen, 4, Alone()).values]


def test_the_same_line_of_another_document_stands_beside_however_far_behind() -> None:
    new = said("Price list of 2025", "- Trade discount: 12 %", "12 %", 6.0)
    old = said("Prices for 2024", "- Trade discount: 10 %\n- Deposit: 5 %", "5 %", -4.0)
    other = said("Rules", "- Deposit: 7 %", "7 %", -4.0)
    found = values("What is the trade discount?", new, old, other)
    assert found == ["2025: 12 %", "2024: 10 %"]


def test_a_document_that_the_question_does_not_mean_is_left_out() -> None:
    new = said("Price list of 2025", "- Trade discount: 12 %", "12 %", 3.0)
    old = said("Prices for 2024", "- Trade discount: 10 %", "10 %", 2.9)
    asked = {"trad": 1.0, "discount": 1.0}
    assert len(values("What is the trade discount?", new, old, weights=asked)) == 2
    question = "What is the trade discount in 2025?"
    assert values(question, new, old, weights=asked | {"2025": 0.1}) == []


def test_a_fee_that_is_asked_for_like_money_may_be_a_share() -> None:
    new = said("Price list of 2025", "A restocking fee of 20 % is kept.", "20 %", 2.1)
    old = said("Prices for 2024", "For restocking: fee 15 % of the value.", "15 %", 2.0)
    assert values("How much is the restocking fee?", new, old) == ["2025: 20 %", "2024: 15 %"]


def test_titles_do_not_differ() -> None:
    new = said("Price list 2025", "Price list 2025\nIt holds.", "2025", 2.1)
    old = said("Price list 24", "Price list 24\nIt holds.", "24", 2.0)
    assert values("Which list holds?", new, old) == []


def test_a_card_shows_the_amount_alone() -> None:
    new = said("List of 2025", "Up to 25 km costs 45 euros.", "25 km costs 45 euros", 2.1)
    old = said("Costs in 2024", "Up to 25 km costs 40 euros.", "40 euros", 2.0)
    assert values("What does it cost up to 25 km?", new, old) == [
        "2025: 45 euros",
        "2024: 40 euros",
    ]
