"""Other ways to write what a question says, and short forms that the library itself explains."""

from __future__ import annotations

import pytest

from ragdesk.services.abbreviate import MOST, MOST_USED, long_forms, variants
from ragdesk.services.respell import cut_words, joined_words, numbers

from .conftest import Library

FILLER = [f"paragraph {n} tells of gardens, rivers and weather" for n in range(30)]


@pytest.mark.parametrize(
    ("question", "passage"),
    [
        ("How long may PTO go?", "Paid time off lasts twenty days at most."),
        ("paid time off limits", "PTO never carries over."),
        ("What did J&J sell?", "Johnson & Johnson does something else."),
        ("What did JnJ sell?", "Johnson & Johnson does something else."),
        ("what is on the 30th day of April", "Rent: 30.04."),
        ("what is on 30.04.2022", "The lease goes to Apr 30, 2022"),
        ("what was 2022-04-30", "Rent due 30.04.2022"),
        ("tiles of 60x60", "A size of 60 x 60 is sold."),
        ("tiles of 60 × 60", "A size of 60x60 is sold."),
        ("within 14 of them", "Return it in fourteen."),
        ("within twenty-one of them", "Return it in 21."),
        ("a thing of 1,000 francs", "It costs 1000 here."),
        ("a thing of 1000 francs", "It costs 1,000 here."),
        ("an e-mail", "Write by email."),
        ("an email", "Write by e-mail."),
        ("onboarding", "How on-boarding goes."),
        ("re-sealing", "How resealing goes."),
    ],
)  # fmt: skip
def test_what_is_written_otherwise_is_found_by_its_words(
    library: Library, question: str, passage: str
) -> None:
    library.add("filler.txt", *FILLER, "Everybody has paid time off (PTO), they say.")
    library.add("JOHNSON_JOHNSON_2022.txt", "nothing")
    library.add("wanted.txt", passage)
    hits = library.retriever.retrieve(question, 50)
    found = {hit.text: hit.by_words for hit in hits}
    assert found.get(passage), "found by its words, without any vector"


@pytest.mark.parametrize("question", ["rent on April 30?", "rent on 30 April", "rent on 30.04."])
def test_a_day_written_otherwise_comes_before_other_days(library: Library, question: str) -> None:
    library.add("a.txt", *(f"The rent is due on the {n}th day of April." for n in (4, 9, 15, 30)))
    library.add("b.txt", *(f"Rent of paragraph {n} of the 4th day in April." for n in range(30)))
    assert library.retriever.retrieve(question)[0].text.endswith("30th day of April.")


@pytest.mark.parametrize(
    ("short", "text", "long"),
    [
        ("PTO", "our Paid Time Off (PTO) is", ["paid time off"]),
        ("PTO", "(“PTO”) alone, PTO (paid time off)", ["paid time off"]),
        ("PP&E", 'Property, plant and equipment ("PP&E")', ["property plant and equipment"]),
        ("RSU", "restricted stock units (RSUs)", ["restricted stock units"]),
        ("PTO", "the patent office (PTO)", []),
        ("PTO", "paid time off. (PTOX)", []),
        ("A.*", "any (ABC)", []),
    ],
)
def test_a_short_form_stands_for_words_that_begin_with_its_letters(
    short: str, text: str, long: list[str]
) -> None:
    assert long_forms(short, text) == long


@pytest.mark.parametrize(
    "question",
    ["FY2015 and 2019", "version 1.14 of 3.5", "room 0815", "the 45th of April", "one by one", ""],
)
def test_what_has_no_other_spelling_is_left(question: str) -> None:
    assert numbers(question) == []


def test_words_are_joined_and_cut() -> None:
    assert joined_words("E-mail, on-boarding and 10-K") == ["email", "onboarding"]
    assert "data base" in cut_words("database")
    assert "e mail" in cut_words("email")
    assert len(cut_words("abcdefghij " * 500)) == len(cut_words("abcdefghij"))


def test_a_word_is_cut_only_where_a_hyphen_stands(library: Library) -> None:
    library.add("a.txt", "The data base of Co-workers. We oper ate it. Data-base!")
    library.add("b.txt", "On boarding them.")
    found = variants("database onboarding coworkers operate", library.passages.short_forms)
    assert found == ["data base", "co workers"]


def test_a_short_form_nobody_explains_stands_for_nothing(library: Library) -> None:
    library.add("a.txt", "PTO is granted.", "paid time off is granted")
    library.add("Internal Tools.txt", "nothing")
    library.add("Planning travel onsite.txt", "nothing")
    short_forms = library.passages.short_forms
    assert variants("What is PTO for IT?", short_forms) == []
    assert variants("paid time off", short_forms) == []
    assert variants("SHOUTED QUESTION ABOUT IT", short_forms) == []


def test_a_short_form_that_no_passage_has_may_be_a_title(library: Library) -> None:
    place = library.add("in/Johnson_Controls_International_2021.txt", "gone")
    short_forms = library.passages.short_forms
    assert variants("What does JCI do?", short_forms) == ["johnson controls international"]
    assert variants("What is JCN?", short_forms) == []
    library.documents.remove([place.id])
    assert variants("What does JCI do?", short_forms) == []


def test_a_short_form_in_many_passages_finds_enough_by_itself(library: Library) -> None:
    library.add("a.txt", "Paid Time Off (PTO)", *(f"PTO rule {n}" for n in range(MOST_USED - 1)))
    short_forms = library.passages.short_forms
    assert variants("How long is PTO?", short_forms) == ["paid time off"]
    library.add("b.txt", "PTO once more")
    assert variants("How long is PTO?", short_forms) == []


def test_phrases_are_few_however_long_the_question(library: Library) -> None:
    library.add("a.txt", *FILLER)
    dates = " ".join(f"April {day}, 2022" for day in range(1, 31))
    assert len(variants(f"{dates} PTO " * 10, library.passages.short_forms)) == MOST
    for odd in ("60x" * 600 + "60", "a-" * 900 + "a", "9" * 2000):
        assert all(len(phrase) < 100 for phrase in variants(odd, library.passages.short_forms))
