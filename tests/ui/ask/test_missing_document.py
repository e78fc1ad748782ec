"""What a refusal advises."""

from __future__ import annotations

import pytest

from ragdesk.domain.conversation import Citation
from ragdesk.ui.ask.missing_document import advice, kind_of_document, words_not_found
from tests.ui.viewer.desk import hit_of


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("When does the lease end?", "a lease"),
        ("What does a call-out cost?", "a price list"),
        ("Wie viele Tage Urlaub habe ich?", "a staff handbook"),
        ("What was the turnover in 2025?", "annual accounts"),
        ("Is the van insured abroad?", "an insurance policy"),
        ("What colour is the moon?", "the contract"),
    ],
)
def test_the_kind_of_paper_fits_the_question(question: str, kind: str) -> None:
    assert kind_of_document(question).startswith(kind)


def test_words_that_nothing_near_holds_are_named(citations: list[Citation]) -> None:
    nearest = [hit_of(c) for c in citations]
    assert words_not_found("Do tenants need solar panels?", nearest) == ["solar", "panels"]
    assert words_not_found("Which tenant may end it?", nearest) == []
    assert words_not_found("Which?", []) == []


def test_the_advice_says_what_to_do(citations: list[Citation]) -> None:
    words = advice("How many solar panels are there?", [hit_of(c) for c in citations])
    assert words.startswith("What comes nearest does not mention “solar”, “panels”.")
    assert "add it and ask again" in words
