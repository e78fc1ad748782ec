"""Answers in quotes over a real store, and refusals."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from ragdesk.domain.conversation import Answer
from ragdesk.services.answer import QuoteAnswerer
from ragdesk.services.calibrate import FEATURES, Calibrator
from ragdesk.services.cite import quoted

from .conftest import Library

WARRANTY = "We stand by what we sell. The warranty on tiles lasts ten years. Keep the bill."
FILLER = [f"paragraph {n} tells of gardens, rivers and the weather of day {n}" for n in range(30)]


def calibrator(constant: float = 5.0) -> Calibrator:
    """Sure of everything, or of nothing."""
    none = dict.fromkeys(FEATURES, 0.0) | {"constant": constant}
    return Calibrator(none, none, {"bold": 0.2, "usual": 0.5, "careful": 0.8})


def ask(library: Library, question: str, **kwargs: object) -> Answer:
    answerer = QuoteAnswerer(library.retriever, library.documents, calibrator())
    return answerer.answer(question, **kwargs)  # type: ignore[arg-type]


def check(library: Library, answer: Answer) -> None:
    """Each citation's quote stands verbatim at its spans, its marks inside them."""
    for citation in answer.citations:
        pages = {p.number: p.text for p in library.documents.pages(citation.document_id)}
        assert citation.quote == quoted(citation.spans, pages)
        assert citation.marked
        for mark in citation.marked:
            assert any(
                span.page == mark.page
                and span.start <= mark.start
                and mark.start + mark.length <= span.start + span.length
                for span in citation.spans
            )
    assert [c.number for c in answer.citations] == list(range(1, len(answer.citations) + 1))
    assert [s.numbers for s in answer.sentences] == [(c.number,) for c in answer.citations]
    assert all(f"[{c.number}]" in answer.text for c in answer.citations)


def test_the_sentence_that_answers_is_quoted_and_its_words_marked(library: Library) -> None:
    library.add("terms.txt", WARRANTY, *FILLER)
    library.embed()
    answer = ask(library, "How long is the warranty on tiles?")
    assert answer.text.startswith("The warranty on tiles lasts ten years. [1]")
    assert (answer.refused, answer.answerer, answer.short) == (False, "quote", "ten years")
    first = answer.citations[0]
    assert first.quote == "The warranty on tiles lasts ten years."
    assert (first.path, first.title, first.page) == ("terms.txt", "terms.txt", None)
    [mark] = first.marked
    assert WARRANTY[mark.start : mark.start + mark.length] == "ten years"
    assert answer.strength == pytest.approx(0.993, abs=0.001)
    assert answer.searched == 1
    assert 0 < answer.seconds.search <= answer.seconds.total
    check(library, answer)


def test_without_a_kind_of_words_the_sentence_itself_is_marked(library: Library) -> None:
    library.add("terms.txt", WARRANTY, *FILLER)
    library.embed()
    answer = ask(library, "What about the bill for the warranty on tiles?")
    assert answer.short is None
    assert answer.citations[0].marked == answer.citations[0].spans


def test_two_words_of_the_kind_are_not_marked(library: Library) -> None:
    library.add("terms.txt", "The warranty on tiles is ten years, on grout two years.", *FILLER)
    library.embed()
    assert ask(library, "How long is the warranty on tiles?").short is None


def test_at_most_as_many_places_as_wanted(library: Library) -> None:
    makes = " ".join(f"The warranty on tiles of make {name} lasts long." for name in "ABCDEFG")
    library.add("a.txt", makes, *FILLER)
    library.embed()
    assert len(ask(library, "warranty on tiles", passages_shown=1).citations) == 1
    many = ask(library, "warranty on tiles", passages_shown=3)
    assert len(many.citations) == 3
    check(library, many)


def test_equal_sentences_are_quoted_once(library: Library) -> None:
    text = "The warranty on tiles lasts ten years."
    library.add("a.txt", f"{text} Here is one thing more.")
    library.add("b.txt", f"{text} There is another thing.")
    library.embed()
    assert ask(library, "warranty on tiles").text.count(text) == 1


def test_weak_evidence_is_a_refusal_that_says_so(library: Library) -> None:
    library.add("a.txt", *FILLER)
    library.add("b.txt", "something else")
    library.embed()
    answerer = QuoteAnswerer(library.retriever, library.documents, calibrator(-5.0))
    answer = answerer.answer("How tall is the tower?")
    assert answer.refused
    assert answer.short is None
    assert answer.citations == answer.sentences == ()
    assert "2 documents were searched" in answer.text
    assert [hit.rank for hit in answer.nearest] == [1, 2, 3]
    assert answer.searched == 2
    assert answer.strength < 0.01


def test_caution_moves_the_line(library: Library) -> None:
    library.add("a.txt", *FILLER)
    library.embed()
    answerer = QuoteAnswerer(library.retriever, library.documents, calibrator(0.1))
    refused = [answerer.answer("rivers", caution=c).refused for c in ("bold", "usual", "careful")]
    assert refused == [False, False, True]


def test_one_document_is_not_several(library: Library) -> None:
    library.add("a.txt", *FILLER)
    library.embed()
    answerer = QuoteAnswerer(library.retriever, library.documents, calibrator(-5.0))
    assert "One document was searched" in answerer.answer("towers").text


def test_an_empty_shelf_says_that_it_is_empty(library: Library) -> None:
    library.add("a.txt", *FILLER)
    empty = library.collections.create("Empty").id
    answer = ask(library, "rivers", collection_id=empty)
    assert answer.refused
    assert answer.searched == 0
    assert "no documents" in answer.text
    assert answer.nearest == ()


def test_nothing_found_is_refused(library: Library) -> None:
    library.add("a.txt", "gardens")  # read, but not embedded yet
    answer = ask(library, "zebra")
    assert answer.refused
    assert "One document was searched, and nothing in it comes close." in answer.text
    assert answer.nearest == ()


def test_answers_by_words_before_there_are_vectors(library: Library) -> None:
    library.add("terms.txt", WARRANTY, *FILLER)
    answer = ask(library, "How long is the warranty on tiles?")
    assert answer.text.startswith("The warranty on tiles")
    check(library, answer)


def test_a_row_is_quoted_with_its_header(library: Library) -> None:
    library.add("prices.txt", "Article | Price |\nBlue tile | 9.50 euros\nGrout | 3 euros", *FILLER)
    library.embed()
    answer = ask(library, "How much does the blue tile cost?")
    assert answer.text.startswith("Article: Blue tile; Price: 9.50 euros [1]")
    assert answer.short == "9.50 euros"
    assert answer.citations[0].quote == "Article | Price\nBlue tile | 9.50 euros"
    check(library, answer)


def test_in_a_row_of_bare_numbers_none_is_marked(library: Library) -> None:
    library.add("hire.txt", "Machine | Day | Note |\nWet saw | 38 | £1.20 a blade", *FILLER)
    library.embed()
    answer = ask(library, "How much does the wet saw cost?")
    assert answer.text.startswith("Machine: Wet saw")
    assert answer.short is None


def test_stages_are_told(library: Library) -> None:
    library.add("a.txt", *FILLER)
    library.embed()
    stages: list[str] = []
    ask(library, "rivers", on_stage=stages.append)
    assert stages == ["search", "read"]


class LastWords:
    """A reader that marks the last two words."""

    name = "last words"

    def read(self, question: str, passages: Sequence[str]) -> list[tuple[int, int, float] | None]:
        [text] = passages
        if "unknown" in question:
            return [None]
        start = text.rindex(" ", 0, text.rindex(" ")) + 1
        return [(start, len(text) - start, 0.9)]


def test_a_reader_marks_the_very_words(library: Library) -> None:
    library.add("terms.txt", WARRANTY, *FILLER)
    library.embed()
    answerer = QuoteAnswerer(library.retriever, library.documents, calibrator(), LastWords())
    answer = answerer.answer("How long is the warranty on tiles?")
    assert answer.short == "ten years."
    [mark] = answer.citations[0].marked
    assert WARRANTY[mark.start : mark.start + mark.length] == "ten years."
    unsure = answerer.answer("How long is the unknown warranty on tiles?")
    assert unsure.short is None
    check(library, unsure)
