"""Answers in quotes over a real store, and refusals."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from ragdesk.domain.conversation import Answer, Hit, Marks
from ragdesk.domain.protocols import Reader
from ragdesk.services.answer import DOUBTFUL, NEAREST, QuoteAnswerer
from ragdesk.services.calibrate import FEATURES, Calibrator
from ragdesk.services.cite import quoted
from ragdesk.services.ingest import tell_languages
from ragdesk.services.retrieve import Retriever
from ragdesk.store.judgements import Learned
from ragdesk.texts import NO_QUESTION
from tests.fakes_reader import FakeReader

from .conftest import Library

WARRANTY = "We stand by what we sell. The warranty on tiles lasts ten years. Keep the bill."
FILLER = [f"paragraph {n} tells of gardens, rivers and the weather of day {n}" for n in range(30)]


def calibrator(constant: float = 5.0) -> Calibrator:
    """Sure of everything, or of nothing."""
    none = dict.fromkeys(FEATURES, 0.0) | {"constant": constant}
    return Calibrator(none, none, {"bold": 0.2, "usual": 0.5, "careful": 0.8})


def ask(library: Library, question: str, **kwargs: object) -> Answer:
    return answerer(library).answer(question, **kwargs)  # type: ignore[arg-type]


def answerer(library: Library, constant: float = 5.0) -> QuoteAnswerer:
    return answering(library, constant, FakeReader())


def answering(library: Library, constant: float, reader: Reader) -> QuoteAnswerer:
    return QuoteAnswerer(
        library.retriever, library.documents, library.passages, calibrator(constant), reader
    )


def marked(library: Library, answer: Answer, citation: int) -> list[str]:
    """The marked words of a citation as they stand in its document."""
    one = answer.citations[citation]
    pages = {p.number: p.text for p in library.documents.pages(one.document_id)}
    return [quoted([mark], pages) for mark in one.marked]


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
    numbers = [number for sentence in answer.sentences for number in sentence.numbers]
    assert numbers == [citation.number for citation in answer.citations]
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
    answer = answerer(library, -5.0).answer("How tall is the tower?")
    assert answer.refused
    assert answer.short is None
    assert answer.citations == ()
    assert answer.sentences == ()
    assert "2 documents were searched" in answer.text
    assert len(answer.nearest) == NEAREST
    assert answer.searched == 2
    assert answer.strength < 0.01


def test_caution_moves_the_line(library: Library) -> None:
    library.add("a.txt", *FILLER)
    library.embed()
    unsure = answerer(library, 0.1)
    refused = [unsure.answer("rivers", caution=c).refused for c in ("bold", "usual", "careful")]
    assert refused == [False, False, True]


def test_one_document_is_not_several(library: Library) -> None:
    library.add("a.txt", *FILLER)
    library.embed()
    assert "One document was searched" in answerer(library, -5.0).answer("towers").text


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


def test_a_cell_is_shown_with_its_row_and_column(library: Library) -> None:
    library.add("prices.txt", "Article | Price |\nBlue tile | 9.50 euros\nGrout | 3 euros", *FILLER)
    library.embed()
    answer = ask(library, "How much does the blue tile cost?")
    assert answer.text.startswith("Blue tile — Price: 9.50 euros [1]")
    assert answer.short == "9.50 euros"
    assert answer.citations[0].quote == "Article | Price\nBlue tile | 9.50 euros"
    assert marked(library, answer, 0) == ["9.50 euros"]
    check(library, answer)


def test_stages_are_told(library: Library) -> None:
    library.add("a.txt", *FILLER)
    library.embed()
    stages: list[str] = []
    ask(library, "rivers", on_stage=stages.append)
    assert stages == ["search", "read"]


def test_yes_and_no_with_the_sentence_that_decides(library: Library) -> None:
    library.add("terms.txt", "Cut tiles can not be returned. Whole tiles can be returned.", *FILLER)
    library.embed()
    answer = ask(library, "My tiles are cut, can cut tiles be returned?")
    assert (answer.kind, answer.short) == ("no", "No")
    assert answer.text.startswith("Cut tiles can not be returned. [1]")
    assert marked(library, answer, 0) == ["Cut tiles can not be returned"]
    whole = ask(library, "Can whole tiles be returned?")
    assert (whole.kind, whole.short) == ("yes", "Yes")
    assert whole.text.startswith("Whole tiles can be returned. [1]")
    check(library, answer)


def test_documents_that_differ_stand_side_by_side_newest_first(library: Library) -> None:
    library.add("prices-2025.txt", "Delivery to the island costs 48 euros.")
    library.add("prices-2026.txt", "The delivery to the island costs 52 euros.")
    library.add("other.txt", *FILLER)
    library.embed()
    answer = ask(library, "How much does the delivery to the island cost?")
    assert (answer.kind, answer.short) == ("values", "52 euros")
    assert [(v.text, v.number, v.dated) for v in answer.values] == [
        ("52 euros", 1, "2026"),
        ("48 euros", 2, "2025"),
    ]
    assert [marked(library, answer, n) for n in (0, 1)] == [["52 euros"], ["48 euros"]]
    check(library, answer)


def test_documents_that_agree_share_a_sentence(library: Library) -> None:
    library.add("a.txt", "Delivery to the island costs 48 euros.")
    library.add("b.txt", "The delivery to the island has a cost of 48 euros.")
    library.add("c.txt", *FILLER)
    library.embed()
    answer = ask(library, "How much does the delivery to the island cost?")
    assert (answer.kind, answer.short, answer.values) == ("words", "48 euros", ())
    assert answer.sentences[0].numbers == (1, 2)
    assert answer.text.startswith("Delivery to the island costs 48 euros. [1] [2]")
    check(library, answer)


def test_a_list_is_answered_with_all_its_items(library: Library) -> None:
    text = (
        "Well met.\nBring these documents to the shop:\n- a passport\n- the bill\n- a pen\nThanks."
    )
    library.add("terms.txt", text, *FILLER)
    library.embed()
    answer = ask(library, "Which documents do I have to bring to the shop?")
    assert (answer.kind, answer.short) == ("list", None)
    assert [(item.text, item.number) for item in answer.items] == [
        ("a passport", 1), ("the bill", 1), ("a pen", 1),
    ]  # fmt: skip
    assert marked(library, answer, 0) == ["a passport", "the bill", "a pen"]
    assert answer.sentences[0].text == "Bring these documents to the shop:"
    assert answer.text.startswith("Bring these documents to the shop: [1]\n- a passport [1]\n- the")
    check(library, answer)


def test_a_list_is_followed_over_passages(library: Library) -> None:
    texts = [
        "Bring these documents to the shop:\n- a passport",
        "- the bill\n- a pen",
        "- a bag\nBye.",
    ]
    library.add("terms.txt", *texts)
    library.add("other.txt", *FILLER)
    library.embed()
    answer = ask(library, "Which documents do I have to bring to the shop?")
    assert answer.kind == "list"
    assert [(item.text, item.number) for item in answer.items] == [
        ("a passport", 1), ("the bill", 2), ("a pen", 2), ("a bag", 3),
    ]  # fmt: skip
    assert marked(library, answer, 1) == ["the bill", "a pen"]
    check(library, answer)


def test_an_enumeration_is_a_list(library: Library) -> None:
    library.add("terms.txt", "The colours of the tiles are blue; green", *FILLER)
    library.embed()
    answer = ask(library, "What are the colours of the tiles?")
    assert (answer.kind, answer.short) == ("list", "blue; green")
    assert [item.text for item in answer.items] == ["blue", "green"]


def test_a_way_to_do_something_is_told_in_sentences(library: Library) -> None:
    library.add("terms.txt", "To return a tile, call the shop and name the bill.", *FILLER)
    library.embed()
    answer = ask(library, "How do I return a tile?")
    assert (answer.kind, answer.short) == ("sentence", None)
    assert answer.text.startswith("To return a tile, call the shop and name the bill. [1]")


def test_numbered_steps_are_all_told(library: Library) -> None:
    text = "How to return a tile to the shop:\n1. Call the shop.\n2. Pack the tile."
    library.add("terms.txt", text, *FILLER)
    library.embed()
    answer = ask(library, "How do I return a tile to the shop?")
    assert answer.kind == "list"
    assert [item.text for item in answer.items] == ["Call the shop.", "Pack the tile."]


def test_what_else_was_found_comes_with_an_answer(library: Library) -> None:
    library.add("terms.txt", WARRANTY, *FILLER)
    library.embed()
    answer = ask(library, "How long is the warranty on tiles?")
    assert len(answer.nearest) == NEAREST
    assert answer.nearest[0].path == "terms.txt"


class Removing(Retriever):
    """Search in which a document is removed right after it was found."""

    def retrieve(self, *args: Any, **kwargs: Any) -> list[Hit]:
        hits = super().retrieve(*args, **kwargs)
        [gone] = self._documents.at("/gone.txt")
        self._documents.remove([gone.place.id])
        self._documents.purge()
        return hits


def test_a_document_removed_meanwhile_is_left_out(library: Library) -> None:
    library.add("gone.txt", "The warranty on tiles lasts ten years.")
    library.add("here.txt", "The warranty on wall tiles lasts two years.", *FILLER)
    library.embed()
    library.retriever = Removing(
        library.passages, library.documents, library.embedder, library.index
    )
    answer = ask(library, "How long is the warranty on tiles?")
    assert answer.short == "two years"
    assert {hit.path for hit in answer.nearest} == {"here.txt"}
    check(library, answer)


def test_a_yes_for_what_no_document_mentions_is_not_said(library: Library) -> None:
    library.add("a.txt", "Our shop sells terracotta tiles.", *FILLER)
    library.embed()
    sells = ask(library, "Do you sell terracotta tiles?")
    assert (sells.kind, sells.short) == ("yes", "Yes")
    assert sells.strength > 0.9
    mentions_not = ask(library, "Do you sell marble tiles?")
    assert (mentions_not.kind, mentions_not.short) == ("sentence", None)
    assert mentions_not.strength == DOUBTFUL
    assert mentions_not.citations[0].quote == "Our shop sells terracotta tiles."


def test_what_the_document_that_is_named_does_not_mention_is_refused(library: Library) -> None:
    library.add(
        "a.txt",
        "Supply Agreement between Birch Stone Ltd and Harbour Tiles Inc.",
        "Birch Stone Ltd may end this agreement with three months notice.",
        *FILLER,
    )
    library.embed()
    asked = "Does the Supply Agreement between Birch Stone Ltd and Harbour Tiles Inc {}?"
    for question, refused in (("cap royalties", True), ("allow three months notice", False)):
        assert ask(library, asked.format(question)).refused is refused
    bold = ask(library, asked.format("cap royalties"), caution="bold")
    assert (bold.refused, bold.short) == (False, None)


@pytest.mark.parametrize("question", ["", "   ", "?!…", "\x00"])
def test_a_question_without_words_says_so(library: Library, question: str) -> None:
    library.add("a.txt", *FILLER)
    library.embed()
    answer = ask(library, question)
    assert answer.refused
    assert answer.text == NO_QUESTION


@pytest.mark.parametrize("question", ["rivers", "RIVERS?", '"rivers" AND (NEAR* OR', "rivers 河流"])
def test_odd_questions_are_answered(library: Library, question: str) -> None:
    library.add("a.txt", *FILLER)
    library.embed()
    assert not ask(library, question).refused


def test_what_the_first_question_would_wait_for_can_be_loaded_before(library: Library) -> None:
    read: list[str] = []

    class Hearing(FakeReader):
        def read(self, question: str, passages: Sequence[tuple[str, str]]) -> list[Marks]:
            read.append(question)
            return super().read(question, passages)

    answering(library, 5.0, Hearing()).warm()
    assert read


def test_a_question_in_another_language_is_compared_by_its_own_words(library: Library) -> None:
    german = [
        "Die Garantien auf die Fliesen laufen zehn Jahre, und das ist nicht wenig.",
        *(f"Der Garten und der Fluss sind nicht weit, und es ist Tag {n}." for n in range(20)),
    ]
    library.add("a.txt", *german)
    tell_languages(library.passages, Learned(library.database))
    library.embed()
    asking = answerer(library)
    question = "Wie lange läuft die Garantie auf der Fliese?"
    hits = library.retriever.retrieve(question, 5)
    sought, _ = asking.sought(question, hits)
    assert sought.lang == "de"
    assert sought.expected is not None
    assert sought.expected.kind == "duration"
    assert sought.share_named(german[0]) > 0.3
    assert sought.share_named(german[1]) == 0.0
    seen = asking.look(question, hits)
    assert seen.chosen[0].text == german[0]
    assert seen.candidates[0].words == "zehn Jahre"
    english, _ = asking.sought("How long is the warranty on the tiles?", [])
    assert english.lang == "en"
    assert "warranti" in english.weights or "warrant" in english.weights
