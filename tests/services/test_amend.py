"""Sentences of a written answer: support looked for, or removed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ragdesk.domain.conversation import Answer
from ragdesk.errors import WrongUse
from ragdesk.services.amend import SupportFinder, supported_by, without

from .conftest import Library
from .test_write import QUESTION, check, citing, marked, shop, writer

__all__ = ["shop"]

TEXT = (
    "Maria Gomez signs the receipt. [{d}] The warranty lasts ten years. [{d}] Cut tiles can not be"
    " returned. [{t}]"
)


@pytest.fixture
def answer(shop: Library) -> Answer:
    found = writer(shop, citing(TEXT))[0].answer(QUESTION, passages_shown=10)
    assert [one.doubt for one in found.sentences] == ["", "number", ""]
    assert [one.numbers for one in found.sentences] == [(1,), (1,), (2,)]
    return found


def test_support_is_found_elsewhere(shop: Library, answer: Answer) -> None:
    citation = SupportFinder(shop.retriever, shop.documents).find(answer.sentences[1].text)
    assert citation is not None
    assert citation.path == "terms.txt"
    better = supported_by(answer, 1, citation)
    assert better.text == (
        "Maria Gomez signs the receipt. [1] The warranty lasts ten years. [2] Cut tiles can not be"
        " returned. [3]"
    )
    assert [one.supported for one in better.sentences] == [True, True, True]
    assert [one.path for one in better.citations] == ["delivery.txt", "terms.txt", "terms.txt"]
    assert marked(shop, better, 2) == ["lasts ten years"]
    assert better.strength == pytest.approx(answer.strength / (2.5 / 3))
    check(shop, better)


def test_nothing_bears_it_out(shop: Library) -> None:
    finder = SupportFinder(shop.retriever, shop.documents)
    assert finder.find("The warranty lasts eleven years.") is None


def test_a_sentence_is_removed(shop: Library, answer: Answer) -> None:
    fewer = without(answer, 1)
    assert fewer.text == "Maria Gomez signs the receipt. [1] Cut tiles can not be returned. [2]"
    assert len(fewer.sentences) == 2
    assert fewer.strength == pytest.approx(answer.strength / (2.5 / 3))
    check(shop, fewer)


def test_what_only_it_cited_goes_with_it(shop: Library, answer: Answer) -> None:
    fewer = without(without(answer, 0), 0)
    assert fewer.text == "Cut tiles can not be returned. [1]"
    assert [one.path for one in fewer.citations] == ["terms.txt"]
    assert fewer.short is None
    check(shop, fewer)
    with pytest.raises(WrongUse):
        without(fewer, 0)


def test_equal_sentences_are_told_apart(answer: Answer) -> None:
    twice = replace(
        answer,
        text="Yes. [1] So. Yes. [1]",
        sentences=(
            replace(answer.sentences[0], text="Yes."),
            replace(answer.sentences[1], text="So.", numbers=()),
            replace(answer.sentences[0], text="Yes."),
        ),
    )
    assert without(twice, 2).text == "Yes. [1] So."
    assert without(twice, 0).text == "So. Yes. [1]"


def test_a_line_of_a_list_goes_with_its_bullet(answer: Answer) -> None:
    listed = replace(
        answer,
        text="Bring:\n- a bill [1]\n- a pen\n- a bag [1]",
        sentences=tuple(
            replace(answer.sentences[0], text=text, numbers=numbers)
            for text, numbers in (("Bring:", ()), ("a bill", (1,)), ("a pen", ()), ("a bag", (1,)))
        ),
    )
    assert without(listed, 2).text == "Bring:\n- a bill [1]\n- a bag [1]"
