"""The very words that a written sentence rests on."""

from __future__ import annotations

import pytest

from ragdesk.domain.conversation import Hit, Mark, Marks
from ragdesk.services.point import around, merged, very_words

TEXT = (
    "Whole tiles may be returned within 30 days of the purchase. Cut tiles cannot be returned at all."
    " The driver is Maria Gomez from Lyon, who needs a signature."
)
TABLE = "Article | Price | Stock |\nBlue tile | 9.50 euros | 40\nGrout | 3 euros | 12"
NOTHING = Marks(there=0.0)


def hit(text: str = TEXT) -> Hit:
    return Hit(1, 1.0, "p", "d", "Terms", "/t.txt", False, 0, text, "Terms", (), text)


def marking(words: str, text: str = TEXT) -> Marks:
    start = text.index(words)
    return Marks(3.0, marks=(Mark(start, start + len(words), 2.0),))


@pytest.mark.parametrize(
    ("sentence", "marks", "words"),
    [
        ("You have 30 days.", marking("30 days"), "30 days"),
        ("You have 30 days.", marking("30"), "30 days"),  # made whole
        ("She is Maria Gomez.", marking("30 days"), "is Maria Gomez"),  # it repeats other words
        ("It was Gomez from Lyon.", NOTHING, "Gomez from Lyon"),
        ("No, cut ones cannot come back.", NOTHING, "Cut tiles cannot be returned at all."),
        ("Yes.", marking("Cut tiles cannot be returned"), "Cut tiles cannot be returned"),
        ("The tiles which were cut stay.", NOTHING, "Cut tiles cannot be returned at all."),
    ],
)
def test_very_words(sentence: str, marks: Marks, words: str) -> None:
    start, end = very_words(sentence, hit(), marks)
    assert TEXT[start:end] == words


def test_a_row_is_quoted_with_its_header() -> None:
    place = very_words("Grout costs 3 euros.", hit(TABLE), NOTHING)
    assert TABLE[slice(*place)] == "3 euros"
    assert [TABLE[slice(*one)] for one in around(hit(TABLE), [place])] == [
        "Article | Price | Stock",
        "Grout | 3 euros | 12",
    ]


def test_places_that_overlap_are_one() -> None:
    assert merged([(5, 9), (0, 3), (7, 12), (0, 3)]) == [(0, 3), (5, 12)]
