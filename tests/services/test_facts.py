"""Numbers, dates and names stand in a text exactly, or they do not."""

from __future__ import annotations

import pytest

from ragdesk.services.facts import Evidence, names

TEXT = (
    "Price list, valid from 1 May 2026. Delivery takes fourteen days and costs $1,200.50 or 3 million"
    " yen. Maria Gomez of NASA signs on 30th day of April. Open on Mondays. The loan is 2.5 percent."
)


@pytest.mark.parametrize(
    "sentence",
    [
        "Delivery takes 14 days.",
        "Delivery takes fourteen days.",
        "It costs $1200.50.",
        "It costs 1.200,50 dollars.",
        "It costs 3,000,000 yen.",
        "The list is valid from May 2026.",
        "It holds since 2026-05-01.",
        "It is signed on April 30 by Maria Gomez.",
        "Signed by Gomez.",
        "It is 2.5 %.",
        "Open on Mondays.",
        "1. Delivery is quick.",
    ],
)
def test_facts_that_stand_there(sentence: str) -> None:
    assert Evidence(TEXT).missing(sentence) == ""


@pytest.mark.parametrize(
    ("sentence", "missing"),
    [
        ("Delivery takes 15 days.", "number"),
        ("Delivery takes 14 weeks.", "number"),
        ("Delivery takes fifteen days.", "number"),
        ("It costs €1,200.50.", "number"),
        ("It costs $1,200.", "number"),
        ("It costs 3 billion yen.", "number"),
        ("It is 2.5 euros.", "number"),
        ("It holds since 2 May 2026.", "date"),
        ("It holds since 1 May 2025.", "date"),
        ("It holds since 2025.", "date"),
        ("It is signed on April 29.", "date"),
        ("Open on Tuesdays.", "date"),
        ("It is signed by Maria Lopez.", "name"),
        ("It is signed at ESA.", "name"),
        ("Lopez.", "name"),
    ],
)
def test_facts_that_do_not(sentence: str, missing: str) -> None:
    assert Evidence(TEXT).missing(sentence) == missing


def test_more_exact_than_the_text_is_not_there() -> None:
    assert Evidence("Valid from May 2026.").missing("It holds since 1 May 2026.") == "date"


def test_german_nouns_are_no_names() -> None:
    sentence = "Die Lieferung der Ware ist nach der Rechnung von Anna Weber bei der DHL."
    assert names(sentence) == ["Anna", "Weber", "DHL"]


def test_first_words_are_names_only_beside_another() -> None:
    assert names("Delivery takes long in Paris.") == ["Paris"]
    assert names("Maria Gomez signs.") == ["Maria", "Gomez"]
