"""The very words in a sentence that is shown, wherever they stand on the raw page."""

from __future__ import annotations

import pytest

from ragdesk.domain.conversation import Citation
from ragdesk.domain.document import Span
from ragdesk.ui.ask.very_words import very_words


def cited(quote: str, *marked: str, last: bool = False) -> Citation:
    """A citation of `quote`, whose lines are spans of a page that starts at 100."""
    spans, at = [], 100
    for line in quote.split("\n"):
        spans.append(Span(1, at, len(line)))
        at += len(line) + 50  # other text stands between the pieces
    marks = []
    for words in marked:
        for span, line in zip(spans, quote.split("\n"), strict=True):
            found = line.rfind(words) if last else line.find(words)
            if found >= 0:
                marks.append(Span(1, span.start + found, len(words)))
    return Citation(1, "d", "d.pdf", "", True, tuple(spans), quote, tuple(marks))


def words(text: str, citation: Citation) -> list[str]:
    return [text[start:end] for start, end in very_words(text, citation)]


@pytest.mark.parametrize(
    ("quote", "marked", "shown", "expected"),
    [
        ("Payable within 14 days.", ["14 days"], "Payable within 14 days.", ["14 days"]),
        # A word that the line's end cut in two, an old ligature, other white space.
        ("The no-  tice is \ufb01ve weeks", ["no-  tice", "\ufb01ve"], "The notice is five weeks",
         ["notice", "five"]),
        ("It costs 48 € or 50 %.", ["48 €", "50 %"], "It costs 48 € or 50 %.", ["48 €", "50 %"]),
        # What is shown is a part of what is cited.
        ("Also this. Payable within 14 days.", ["14 days"], "Payable within 14 days.", ["14 days"]),
        # A cell is shown with its column's name, which stands in another piece.
        ("Rate per hour\nSaturday 115.00", ["115.00"], "Rate per hour: 115.00", ["115.00"]),
        ("Rate\nSaturday 115.00", ["115.00"], "Day: Saturday, Rate: 115.00", ["115.00"]),
        ("goggles, gloves", ["gloves", "goggles"], "goggles, gloves", ["goggles", "gloves"]),
        # All of it marked says nothing.
        ("Payable within 14 days.", ["Payable within 14 days."], "Payable within 14 days.", []),
        ("Payable within 14 days.", [], "Payable within 14 days.", []),
        ("Payable within 14 days.", ["14 days"], "Something else.", []),
        ("…", ["…"], "…", []),
    ],
)  # fmt: skip
def test_marks_are_found_again(
    quote: str, marked: list[str], shown: str, expected: list[str]
) -> None:
    assert words(shown, cited(quote, *marked)) == expected


def test_of_the_same_words_the_marked_ones_count() -> None:
    text = "Pay in 8 days, or in 14 days, or in 8 days."
    assert very_words(text, cited(text, "8 days", last=True)) == [(36, 42)]
