"""Answers as the terminal prints them: short first, then where they stand."""

from __future__ import annotations

import dataclasses

import pytest

from ragdesk import texts
from ragdesk.cli.answer_words import answer_words as words_of
from ragdesk.domain.conversation import Answer, Citation, Hit, Seconds, Sentence, Step
from ragdesk.domain.document import Span

from .test_output import ANSWER, VALUES

NAMES = {("rates", 2): "Call-outs", ("new", 3): "iii"}


def page_name(document_id: str, page: int) -> str:
    return NAMES.get((document_id, page), "")


def answer_words(answer: Answer, question: str = "What does a call-out cost?") -> str:
    return words_of(answer, question, page_name)


def hit(
    document: str, path: str, quote: str, *, page: int = 0, at: int = 0, context: str = ""
) -> Hit:
    span = Span(page or 1, at, len(quote))
    return Hit(
        1,
        0.5,
        f"{path}{at}",
        document,
        "Title",
        path,
        bool(page),
        0,
        quote,
        context,
        (span,),
        quote,
    )


def test_the_short_answer_stands_first() -> None:
    assert answer_words(ANSWER).split("\n") == [
        "  48 €",
        "",
        "  A call-out costs 48 € net. [1]",
        "",
        "  A call-out costs 45 € net. [2]",
        "  Right in about 9 of 10 such cases.",
        "  [1] 2026.pdf, page iii",
        "  [2] 2025.txt",
    ]


def test_values_are_shown_together_with_their_dates() -> None:
    words = answer_words(dataclasses.replace(ANSWER, kind="values", values=VALUES))
    assert words.split("\n")[:5] == [
        "  2026: 48 € [1]",
        "  45 € [2]",
        "  Your documents differ. The newest comes first.",
        "",
        "  A call-out costs 48 € net. [1]",
    ]
    bare = dataclasses.replace(ANSWER, kind="values", values=VALUES[1:] * 2)
    assert "  Your documents differ.\n" in answer_words(bare)


def test_a_list_is_a_list() -> None:
    words = answer_words(dataclasses.replace(ANSWER, kind="list", items=VALUES))
    assert words.split("\n")[:3] == ["  • 48 € [1]", "  • 45 € [2]", ""]


@pytest.mark.parametrize("strength", [0.2, 0.9])
def test_a_list_that_its_text_holds_stands_once(strength: float) -> None:
    text = "The prices [1]\n- 48 € [1]\n- 45 € [2]"
    held = dataclasses.replace(
        ANSWER, text=text, short=None, kind="list", strength=strength, items=VALUES
    )
    words = answer_words(held)
    assert words.startswith("  The prices [1]\n  - 48 € [1]\n  - 45 € [2]\n  Right in about")
    assert words.count("48 €") == 1


def test_weak_evidence_has_no_words_in_front() -> None:
    for kind in ("words", "list", "values"):
        weak = dataclasses.replace(ANSWER, kind=kind, strength=0.2, items=VALUES, values=VALUES)
        assert answer_words(weak).startswith("  A call-out costs 48 € net. [1]\n")


def test_a_weak_list_stands_behind_its_sentence() -> None:
    weak = dataclasses.replace(ANSWER, kind="list", strength=0.2, items=VALUES)
    assert (
        "\n  • 48 € [1]\n  • 45 € [2]\n  Right in about 2 of 10 such cases: check"
        in answer_words(weak)
    )


def test_a_refusal_shows_the_nearest_passages_each_once() -> None:
    long = (
        "Nobody is charged for the way. " * 4
        + "An evening call-out costs 98 pounds. "
        + "So it is. " * 9
    )
    nearest = (
        hit("staff", "docs/Handbook.md", long, at=10, context="Handbook › Visits › Costs"),
        hit("staff", "docs/Handbook.md", long, at=900, context="Handbook › Visits › Costs"),
        hit("staff", "docs/Handbook.md", "Keys hang in the office.", at=2000, context="Handbook"),
        hit("rates", "docs/Rates.xlsx", "Evening | 98", page=2),
        hit("slides", "docs/Talk.pptx", "Not shown: three places are enough.", page=4),
    )
    refused = Answer("Not there; shown below.", None, True, "quote", 0.1, nearest=nearest)
    lines = answer_words(refused).split("\n")
    assert [line for line in lines if not line.startswith("    ")] == [
        "  Not there; shown below.",
        "", "  Handbook.md, “Costs”",
        "", "  Handbook.md",
        "", "  Rates.xlsx, sheet Call-outs",
    ]  # fmt: skip
    words = [line for line in lines if line.startswith("    ")]
    assert [len(line) <= 88 for line in words] == [True] * 3
    assert words[0].startswith("    “… ")
    assert "An evening call-out costs 98 pounds." in words[0]
    assert words[1:] == ["    “Keys hang in the office.”", "    “Evening | 98”"]


def test_a_source_stands_once_behind_all_its_markers() -> None:
    sheet = [
        Citation(n, "rates", "docs/Rates.xlsx", "Rates", True, (Span(2, n * 50, 9),), "98")
        for n in (1, 3)
    ]
    header, row = Span(1, 0, 20), Span(1, 40, 9)
    letter = Citation(2, "staff", "docs/Handbook.md", "Handbook", False, (header, row), "98")
    nearest = (hit("staff", "docs/Handbook.md", "x" * 60, context="Handbook › Visits › Costs"),)
    answer = dataclasses.replace(ANSWER, citations=(sheet[0], letter, sheet[1]), nearest=nearest)
    assert answer_words(answer).split("\n")[-2:] == [
        "  [1] [3] Rates.xlsx, sheet Call-outs",
        "  [2] Handbook.md, “Costs”",
    ]


def test_documents_of_one_name_are_told_apart_by_their_folders() -> None:
    one, two = ANSWER.citations
    answer = dataclasses.replace(
        ANSWER, citations=(one, dataclasses.replace(two, path="old/2026.pdf"))
    )
    assert answer_words(answer).split("\n")[-2:] == [
        "  [1] lists/2026.pdf, page iii", "  [2] old/2026.pdf",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("strength", "words"),
    [
        (1.0, "Right in about 9 of 10 such cases"),
        (0.75, "Right in about 8 of 10 such cases"),
        (0.74, "Right in about 7 of 10 such cases: check it where it stands"),
        (0.0, "Right in about 1 of 10 such cases: check it where it stands"),
    ],
)
def test_how_sure_is_said_as_a_count_that_is_true_to_the_number(
    strength: float, words: str
) -> None:
    assert f"  {words}.\n" in answer_words(dataclasses.replace(ANSWER, strength=strength))


def test_the_count_is_the_strength_in_tenths() -> None:
    for hundredths in range(5, 95):
        count = texts.right_of_ten(hundredths / 100)
        assert abs(10 * hundredths / 100 - count) <= 0.5
        assert f" {count} of 10 " in texts.strength_sentence(hundredths / 100)


WRITTEN = dataclasses.replace(
    ANSWER,
    text="48 € net. [1] The way is free. Bring a ladder. [2]",
    answerer="written",
    strength=0.6,
    sentences=(
        Sentence("48 € net.", True, (1,)),
        Sentence("The way is free.", False, (), "uncited"),
        Sentence("Bring a ladder.", False, (2,), "words"),
    ),
    steps=(Step("part", "What does a call-out cost?"), Step("search", "Prices")),
    seconds=Seconds(0.4, 3.21, 11.8),
    words_a_second=7.6,
    cost="12 seconds here; Sky would have charged 0.02 cents.",
)


def test_a_written_answer_says_what_is_not_shown_and_how_it_was_made() -> None:
    assert answer_words(WRITTEN).split("\n") == [
        "  48 € net. [1] The way is free. Bring a ladder. [2]",
        "  What was found answers in about 6 of 10 such cases; the words are the model's, so",
        "  check them where they stand.",
        "  [1] 2026.pdf, page iii",
        "  [2] 2025.txt",
        "",
        "  Not shown by the documents, so check before you rely on it:",
        "    “The way is free.” (it names no place)",
        "    “Bring a ladder.” (the places cited say something else)",
        "",
        "  Looked for:",
        "    What does a call-out cost?",
        "",
        "  Written in 12 seconds, the first word after 3.2; 8 words a second.",
        "  12 seconds here; Sky would have charged 0.02 cents.",
    ]


@pytest.mark.parametrize(
    ("finish", "words"),
    [("stopped", "You stopped it"), ("length", "It was cut off"), ("lost", "ask again for all")],
)
def test_how_it_ended_is_said(finish: str, words: str) -> None:
    printed = answer_words(dataclasses.replace(WRITTEN, finish=finish))
    assert words in printed
    assert (
        printed.index("Bring a ladder. [2]")
        < printed.index(words)
        < printed.index("What was found")
    )
    assert words not in answer_words(WRITTEN)
    early = answer_words(dataclasses.replace(ANSWER, finish="stopped"))
    assert early.startswith("  Stopped before a word was written, so here are your documents' own")
    assert "You stopped it" not in early


def test_what_is_not_to_be_relied_on_is_said_first() -> None:
    weak = answer_words(dataclasses.replace(WRITTEN, doubt="weak"))
    assert weak.startswith("  The model answers, but your documents hardly support it.")
    overlooked = answer_words(dataclasses.replace(ANSWER, doubt="refused"))
    assert overlooked.startswith("  The model found no answer, but your documents seem to have one")
    assert "48 €" in overlooked
    assert "Written in" not in overlooked


@pytest.mark.parametrize("code", sorted(texts.ERRORS))
def test_why_quotes_stand_in_is_said_in_whole_words(code: str) -> None:
    words = answer_words(dataclasses.replace(ANSWER, trouble=code))
    assert words.startswith("  No answer was written, so here are your documents' own words.")
    assert "{" not in words
    assert "–" not in words.split("48 €")[0]
