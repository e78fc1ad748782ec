"""Refusals of models, told from answers, and the words of ours."""

from __future__ import annotations

import pytest

from ragdesk.domain.conversation import Hit
from ragdesk.domain.document import Span
from ragdesk.services.prompt import NOT_THERE
from ragdesk.services.refuse import missing_words, refusal_text, refuses


@pytest.mark.parametrize(
    "text",
    [
        NOT_THERE,
        "Not in your documents [1].",
        "Not in your documents. They speak of tiles only.",
        "This is not mentioned in the passages.",
        "The passages do not say how long it takes.",
        "I'm sorry, but the provided documents do not contain any information about that.",
        "None of the passages answers the question.",
        "There is no information about the price.",
        "I don't know.",
        "Unfortunately, this cannot be answered from the text.",
        "Not mentioned.",
        "Das steht nicht in Ihren Dokumenten.",
        "Die Unterlagen enthalten dazu keine Angaben.",
        "Leider gibt es dazu keine Informationen.",
        "Ce n'est pas dans vos documents.",
        "Les documents ne le précisent pas.",
        "No está en sus documentos.",
        "Los documentos no lo dicen.",
        "Non è nei documenti.",
        "Não está nos documentos.",
        "Staat niet in uw documenten.",
    ],
)
def test_a_refusal(text: str) -> None:
    assert refuses(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "No. Cut tiles cannot be returned [1].",
        "No, the shop does not deliver [1].",
        "The contract does not contain a notice period [1].",
        "Not within 14 days [1].",
        "No está permitido [1].",
        "Nicht in der ersten Woche [1].",
        "The passages differ: one says 14 days [1], the other 30 days [2].",
        "Not in your documents. But the price is 5 euros. [1]",
        "14 days. [1]",
    ],
)
def test_an_answer(text: str) -> None:
    assert not refuses(text)


def hit(text: str, *, paged: bool = True) -> Hit:
    return Hit(
        1, 1.0, "p", "d", "terms.pdf", "/terms.pdf", paged, 0, text, "Terms", (Span(3, 0, 5),), text
    )


def test_a_refusal_says_what_was_searched_what_is_near_and_what_would_help() -> None:
    near = [hit("Delivery of tiles is free.")]
    assert refusal_text("How long do zebra deliveries take?", 12, near) == (
        "Your documents do not seem to say this. 12 documents were searched; what comes closest"
        " stands in terms.pdf, page 3. A document that speaks of “zebra” would help."
    )
    plain = refusal_text("Is delivery free?", 1, [hit("Delivery is free.", paged=False)])
    assert plain.endswith("One document was searched; what comes closest stands in terms.pdf.")


def test_missing_words_are_those_of_no_passage() -> None:
    near = [hit("Delivery of tiles")]
    assert missing_words("Who delivers zebra tiles to Zürich, to Zürich?", near) == [
        "zebra",
        "Zürich",
    ]
