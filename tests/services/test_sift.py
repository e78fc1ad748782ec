"""Each filter catches what was planted for it, by its name, and lets what is good through."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np
import pytest

from ragdesk.domain.conversation import Hit, Mark, Marks
from ragdesk.domain.document import Page, Passage, Span
from ragdesk.domain.training import Fold, Pair, PairSource, PairState
from ragdesk.services.cite import Quoter, quoted
from ragdesk.services.draft import pair_id
from ragdesk.services.sift import FILTERS, Sieve, counted, rouge_l, stands_alone
from ragdesk.services.teach import Record
from tests.fakes_reader import FakeReader

RAW = (
    "Grout has to dry for 24 hours before any-\none walks on the floor. It is sealed by Maria Gomez"
    " after a week, on 8 May 2026. The pump\nof the blue press holds 1.5 litres and costs $40."
)
TEXT = RAW.replace("any-\n", "any").replace("\n", " ")
PASSAGE = Passage("d", 3, TEXT, "Handbook › Floors", (Span(1, 4, len(RAW)),))
PAGE = Page(1, "Top\n" + RAW)
DRY = "Grout has to dry for 24 hours before anyone walks on the floor."
SEAL = "It is sealed by Maria Gomez after a week, on 8 May 2026."
PUMP = "The pump of the blue press holds 1.5 litres and costs $40."
GOOD = Record("How long does grout have to dry?", "24 hours", DRY, kind="number")


def pages(document_id: str, numbers: Iterable[int]) -> list[Page]:
    return [PAGE for _ in numbers]


def sift(
    *records: Record, fold: Fold = Fold.PRACTICE, earlier: Sequence[Pair] = (), **parts: object
) -> list[Pair]:
    return Sieve(Quoter(pages), **parts).sift(PASSAGE, records, fold, earlier)  # type: ignore[arg-type]


def hit(text: str, position: int) -> Hit:
    return Hit(1, 1.0, f"d:{position}", "d", "Handbook", "h.md", False, position, text, "", (), "")


def test_a_good_record_becomes_a_pair_with_its_places() -> None:
    [pair] = sift(replace(GOOD, style="chatty"), fold=Fold.TUNING)
    assert pair.id == pair_id(GOOD.question, "d", 3)
    assert (pair.source, pair.state, pair.fold) == (PairSource.TEACHER, PairState.MADE, Fold.TUNING)
    assert (pair.kind, pair.style, pair.reason) == ("number", "chatty", "")
    assert TEXT[pair.start : pair.end] == pair.answer == "24 hours"
    assert pair.quote == quoted(pair.spans, {1: PAGE.text})
    assert pair.quote == "Grout has to dry for 24 hours before any-\none walks on the floor."


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        (Record("Grout?", "24 hours", DRY), "schema"),
        (Record("What " * 41, "24 hours", DRY), "schema"),
        (Record('{"question": "How long does grout dry"}', "24 hours", DRY), "schema"),
        (Record("Who is Maria Gomez of the floors?", "Maria Gomez", SEAL), "schema"),
        (replace(GOOD, answer="hours " * 61), "schema"),
        (Record("What is the main pump of the blue press?", "blue press pump", PUMP), "schema"),
        (Record("What does the blue press cost?", "Maria Gomez", SEAL), "schema"),
        (Record("Who is Gomze?", "Gomez", SEAL, plain="Who is Gomez?"), "schema"),
        (replace(GOOD, quote="Grout must be left alone for 24 hours by anyone."), "quote"),
        (replace(GOOD, quote=DRY.replace("24 hours", "24 full days or hours")), "quote"),
        (replace(GOOD, quote=PUMP), "quote"),  # there it stands, but does not say so
        (replace(GOOD, answer="one day"), "quote"),
        (replace(GOOD, quote=""), "quote"),
        (replace(GOOD, answer="wait 36 hours", kind="how_to"), "facts"),
        (replace(GOOD, answer="walk on it after 9 May 2026", kind="how_to"), "facts"),
        (Record("How is grout to be dried?", "let Peter Stone walk", DRY, kind="how_to"), "facts"),
        (Record("How long does the document say that grout dries?", "24 hours", DRY), "alone"),
        (Record("Which hours does grout dry as mentioned above?", "24 hours", DRY), "alone"),
        (Record("How long does grout dry in section 3 of the floors?", "24 hours", DRY), "alone"),
        (Record("Who seals it?", "Maria Gomez", SEAL), "alone"),
        (Record("When does he seal the grout of floors?", "8 May 2026", SEAL), "alone"),
        (Record("What is the name?", "Maria Gomez", SEAL), "alone"),
        (Record("seals grout floors", "Maria Gomez", SEAL, plain="Who seals it?"), "alone"),
    ],
)
def test_each_planted_fault_is_caught_by_its_filter(record: Record, reason: str) -> None:
    [pair] = sift(record)
    assert (pair.state, pair.reason) == (PairState.REJECTED, reason)
    assert pair.question == record.question


def test_the_cheapest_filter_that_catches_gives_the_reason() -> None:
    assert [pair.reason for pair in sift(Record("Who?", "Bo", "no"))] == ["schema"]


def test_one_word_in_twenty_of_a_quote_may_differ() -> None:
    long = f"{DRY} {SEAL}"
    assert len(long.split()) > 20
    [pair] = sift(replace(GOOD, quote=long.replace("8 May 2026.", "8 May 2027.")))
    assert pair.reason == ""
    assert pair.quote.endswith("8 May")


def test_the_answer_is_the_words_of_the_passage_with_their_signs() -> None:
    money, litres, said = sift(
        Record("What does the pump of the blue press cost?", "$40", PUMP, kind="number"),
        Record("How much oil does the pump of the blue press hold?", "1.5 LITRES.", PUMP),
        Record("Can anyone walk on grout within 24 hours?", "No", DRY, kind="yes_no"),
    )
    assert [money.answer, litres.answer] == ["$40", "1.5 litres"]
    assert (said.answer, said.start, said.reason) == ("No", -1, "")


def test_what_was_typed_as_words_is_judged_as_it_was_written() -> None:
    typed = Record("grout dry", "24 hours", DRY, style="keywords", plain=GOOD.question)
    [pair] = sift(typed)
    assert (pair.reason, pair.question, pair.style) == ("", "grout dry", "keywords")


def test_an_answer_may_be_one_of_two_that_are_asked_about() -> None:
    asked = "Is grout sealed by Maria Gomez or by the owner of the house?"
    assert sift(Record(asked, "Maria Gomez", SEAL))[0].reason == ""


def test_an_alike_question_of_the_document_is_not_new() -> None:
    again = Record("How long does the grout have to dry?", "24 hours", DRY)
    first, second = sift(GOOD, again)
    assert (first.reason, second.reason) == ("", "novelty")
    assert [pair.reason for pair in sift(again, earlier=[first])] == ["novelty"]
    rejected = replace(first, state=PairState.REJECTED)
    assert [pair.reason for pair in sift(again, earlier=[rejected])] == [""]
    assert len(sift(GOOD, replace(GOOD, style="chatty"))) == 1


def test_alike_in_meaning_is_not_new_either() -> None:
    other = Record("After which time may grouted tiles carry people?", "24 hours", DRY)

    def embed(texts: Sequence[str]) -> np.ndarray:
        angles = [0.0 if "grout" in text else 1.5 for text in texts]
        return np.array([[np.cos(a), np.sin(a)] for a in angles], np.float32)

    assert [pair.reason for pair in sift(GOOD, other)] == ["", ""]
    assert [pair.reason for pair in sift(GOOD, other, embed=embed)] == ["", "novelty"]


def test_search_must_find_the_passage_but_never_an_exams() -> None:
    def ranked(rank: int) -> list[Hit]:
        return [hit("other", 50 + n) for n in range(rank - 1)] + [hit(TEXT, 3)]

    assert sift(GOOD, search=lambda _: ranked(20))[0].reason == ""
    assert sift(GOOD, search=lambda _: ranked(21))[0].reason == "round_trip"
    assert sift(GOOD, search=lambda _: [hit(TEXT, 8)])[0].reason == ""  # its twin
    for fold in (Fold.EXAM, Fold.TUNING):
        assert sift(GOOD, search=lambda _: [], fold=fold)[0].reason == ""


def test_what_nothing_is_to_answer_is_of_no_document_and_the_reader_must_not_answer_it() -> None:
    open_, answered, elsewhere = (
        Record("Which colours do kitchen cupboards come in?", kind="absent"),
        Record("How long does grout dry before walking on the floor?", kind="absent"),
        Record("Which van delivers cupboards to Lyon?", kind="absent"),
    )
    lyon = hit("The white van delivers cupboards to Lyon on Mondays.", 9)
    pairs = sift(open_, answered, elsewhere, search=lambda _: [lyon], reader=FakeReader())
    assert [pair.reason for pair in pairs] == ["", "reader", "reader"]
    assert {(pair.document_id, pair.position, pair.answer) for pair in pairs} == {("", -1, "")}
    assert sift(elsewhere, reader=FakeReader())[0].reason == ""


def test_where_the_reader_marks_other_words_a_person_is_to_look_first() -> None:
    class Marking:
        name = "marking"

        def __init__(self, words: str) -> None:
            self._words = words

        def read(self, question: str, passages: Sequence[tuple[str, str]]) -> list[Marks]:
            start = TEXT.index(self._words)
            return [Marks(1.0, marks=(Mark(start, start + len(self._words), 1.0),))]

    [same] = sift(GOOD, reader=Marking("24 hours"))
    [other] = sift(GOOD, reader=Marking("Maria Gomez"))
    [unread] = sift(GOOD)
    assert same.usefulness < unread.usefulness < other.usefulness
    assert other.reason == ""


def test_a_question_without_answer_is_of_its_passage() -> None:
    [pair] = sift(Record("How long does grout have to dry?"))
    assert (pair.reason, pair.answer, pair.quote) == ("", "", "")
    assert (pair.document_id, pair.position, pair.spans) == ("d", 3, PASSAGE.spans)


def test_what_was_caught_is_counted_by_filter() -> None:
    pairs = sift(GOOD, Record("Who seals it?", "Maria Gomez", SEAL), replace(GOOD, answer="x y"))
    counts = counted(pairs)
    assert list(counts) == [*FILTERS, "kept"]
    assert (counts["alone"], counts["kept"], sum(counts.values())) == (1, 1, 2)


def test_rouge_l_is_the_common_subsequence() -> None:
    assert rouge_l("the cat sat", "the cat sat") == 1.0
    assert rouge_l("a b c d", "a x c") == pytest.approx(2 * 2 / 7)
    assert rouge_l("a b", "b a") == 0.5
    assert rouge_l("", "a") == 0.0


@pytest.mark.parametrize(
    ("question", "alone"),
    [
        ("When was Rollo born?", True),
        ("What temperature above 30 degrees harms grout?", True),
        ("Which documents does a customs officer need?", True),
        ("Who signs the documents for customs clearance?", True),
        ("According to the text, when does grout dry?", False),
        ("What does this passage say about grout drying?", False),
        ("Who is the author of the safety rules?", True),
        ("Welche Frist nennt der Text für Rückgaben von Fliesen?", False),
        ("Welche Frist gilt für die Rückgabe von Fliesen?", True),
        ("床のグラウトは何時間乾かしますか", True),
        ("Who established the institution?", False),
        ("What region in France did they give their name to?", False),
        ("Which tiles may customers bring back with their bill?", True),
        ("And in winter?", False),
    ],
)
def test_a_question_stands_alone_or_not(question: str, alone: bool) -> None:
    assert stands_alone(question) is alone
