"""The report card as a page."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

from ragdesk.card_page import SHOWN, html_of, measured
from ragdesk.domain.assistant import Changed, Measure, Outcome, ReportCard, TunedPart

CARD = ReportCard(
    Outcome.BETTER,
    "Right answers: 71 → 78 of 100, likely between +2 and +12. Nothing else got clearly worse.",
    measures=(
        Measure("right", 0.71, 0.78, 0.02, 0.12, 150),
        Measure("found", 0.8, 0.9, 0.05, 0.15, 130),
        Measure("found_in_five", 0.95, 0.96, 0.0, 0.02, 130),
        Measure("cited", 0.6, 0.61, -0.03, 0.05, 130),
        Measure("refused_right", 0.0, 1.0, 1.0, 1.0, 1),
        Measure("refused_wrong", 0.1, 0.08, -0.05, 0.01, 130),
        Measure("seconds", 0.84, 0.91, 0.02, 0.1, 150),
    ),
    parts=(
        TunedPart("reader", True, "Kept, because it helps.", 0.6, 0.7),
        TunedPart("mix", False, "Left as it was, because it did not help enough.", 0.6, 0.6),
    ),
    gained=tuple(Changed(f"gain {n}?", "the ZX-9", "", "the ZX-9") for n in range(8)),
    lost=(
        *(Changed(f"mine {n}?", "14 days", "14 days", "40 days", True) for n in range(6)),
        Changed("other?", "", "", "made up"),
    ),
    practice=420,
    confirmed=12,
    exam=150,
    documents=37,
    teacher="ollama/big & clever",
    minutes={"check": 1.0, "questions": 24.5, "exam_before": 3.2},
    notes=("The exam was short of dates.",),
)


class Page(HTMLParser):
    """Reads a page, and wants every element closed in its order."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.words: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())


def page_of(card: ReportCard, name: str = "Press shop") -> Page:
    return Page(html_of(card, name, 7, 1_790_000_000.0))


def test_verdict_and_reason_come_first_and_everything_is_there() -> None:
    text = page_of(CARD).text
    order = [
        "Press shop, version 7", "Made on 2026-09-2", "It got better", CARD.reason,
        "It now gets right", "It now gets wrong", "What was tuned", "What went in",
        "Minutes", "The exam was short of dates.", "How to read this",
    ]  # fmt: skip
    places = [text.rindex(words) for words in order]
    assert places == sorted(places)
    for words in (
        "71 → 78 of 100, likely between +2 and +12", "60 → 61 of 100, no clear difference",
        "0.8 → 0.9", "420 questions", "12 questions", "big & clever", "24.5", "28.7",
        "Kept, because it helps.", "Left as it was",
    ):  # fmt: skip
        assert words in text


def test_four_bars_are_as_wide_as_the_shares() -> None:
    widths = [
        attributes["width"]
        for tag, attributes in page_of(CARD).tags
        if tag == "td" and attributes.get("bgcolor") not in (None, "#eceff2")
    ]
    assert widths == ["71%", "78%", "80%", "90%", "60%", "61%", "100%"]  # none for a share of 0


def test_five_examples_are_shown_and_all_that_were_confirmed_and_lost() -> None:
    text = page_of(CARD).text
    assert len(re.findall(r"gain \d\?", text)) == SHOWN
    assert len(re.findall(r"mine \d\? \(confirmed by you\)", text)) == 6
    assert "other?" not in text
    assert "“Not in your documents”" in text


def test_nothing_of_a_document_becomes_part_of_the_page() -> None:
    bad = "<script>alert(1)</script><img src=http://x/y.png>\" onload='z'&amp;"
    card = ReportCard(
        Outcome.NO_GAIN,
        bad,
        parts=(TunedPart(bad, True, bad),),
        gained=(Changed(bad, bad, bad, bad),),
        teacher=bad,
        notes=(bad,),
    )
    page = page_of(card, bad)
    assert {tag for tag, _ in page.tags} <= {
        "html", "head", "meta", "title", "style", "body", "h1", "h2", "p", "b", "span", "table",
        "tr", "th", "td",
    }  # fmt: skip
    assert not [name for _, names in page.tags for name in names if name in ("src", "href")]
    assert page.text.count("<script>alert(1)</script>") == 11


def test_the_page_has_nothing_from_outside() -> None:
    page = html_of(CARD, "Press shop", 7, 0.0)
    assert not re.search(r"https?:|url\(|@import|<link|<script", page)
    assert page.startswith("<!DOCTYPE html>")
    assert '<meta charset="utf-8">' in page
    assert "size: A4" in page


@pytest.mark.parametrize("outcome", Outcome)
def test_a_card_with_nothing_but_a_reason_is_a_page_too(outcome: Outcome) -> None:
    card = ReportCard(outcome, "The exam had 12 questions.")
    assert "The exam had 12 questions." in page_of(card).text
    assert "It now gets right" not in page_of(card).text


def test_a_measure_says_how_it_came_out() -> None:
    right, _, _, cited, _, _, seconds = CARD.measures
    assert measured(right) == ("Right answers", "71 → 78 of 100, likely between +2 and +12")
    assert measured(cited)[1] == "60 → 61 of 100, no clear difference"
    assert measured(seconds)[1] == "0.8 → 0.9"
    assert measured(Measure("right", None, None))[1] == "not measured"
    assert measured(Measure("right", 0.5, 0.6))[1] == "50 → 60 of 100"
