"""What people said about answers becomes practice questions that are right."""

from __future__ import annotations

import pytest

from ragdesk.domain.conversation import Judgement
from ragdesk.domain.document import Span
from ragdesk.domain.training import Fold, Pair, PairSource, PairState
from ragdesk.services.adopt import from_judgements, kind_of
from ragdesk.services.cite import Quoter
from tests.services.asked import HANDBOOK

PASSAGES = {HANDBOOK.document.id: HANDBOOK.passages}
LEAVING = HANDBOOK.passages[0]
SENTENCE = (Span(1, 0, 32),)  # "The notice period is 14 days."


def adopted(*said: Judgement) -> list[Pair]:
    quoter = Quoter(lambda document, numbers: list(HANDBOOK.pages))
    return from_judgements(said, lambda document: PASSAGES.get(document, ()), quoter)


def judged(verdict: str = "right", **more: object) -> Judgement:
    given: dict[str, object] = {
        "turn_id": "t",
        "question": "What is the  notice period?",
        "verdict": verdict,
        "answer": "14 Days",
        "document_id": HANDBOOK.document.id,
        "spans": SENTENCE,
        "made_at": 5.0,
    }
    return Judgement(**(given | more))  # type: ignore[arg-type]


def test_a_right_answer_keeps_its_place() -> None:
    (pair,) = adopted(judged())
    assert pair.question == "What is the notice period?"
    assert (pair.answer, LEAVING.text[pair.start : pair.end]) == ("14 days", "14 days")
    assert (pair.document_id, pair.position) == (HANDBOOK.document.id, 0)
    assert pair.quote == HANDBOOK.pages[0].text[:32]
    assert pair.spans == SENTENCE
    assert (pair.source, pair.state, pair.made_at) == (PairSource.PERSON, PairState.RIGHT, 5.0)
    assert pair.kind == "number"
    assert pair.examined


def test_a_taught_answer_in_other_words_stands_nowhere() -> None:
    (pair,) = adopted(judged("wrong", answer="two weeks"))
    assert (pair.answer, pair.start, pair.end) == ("two weeks", -1, -1)


def test_the_passage_is_the_one_that_holds_the_place() -> None:
    second = HANDBOOK.passages[1].spans[0]
    (pair,) = adopted(judged(answer="Paid Time Off", spans=(Span(1, second.start + 2, 30),)))
    assert pair.position == 1


def test_what_teaches_nothing_is_left_out() -> None:
    assert not adopted(judged("wrong", answer=""))
    assert not adopted(judged(document_id="gone"))
    assert not adopted(judged(document_id=None))
    assert not adopted(judged(spans=()))
    assert not adopted(judged(question=" "))


def test_what_the_documents_do_not_say() -> None:
    pairs = adopted(
        *(judged("absent", question=f"Who is {n}?", document_id=None) for n in range(200))
    )
    assert all(pair.absent and pair.examined and not pair.answer for pair in pairs)
    assert {(pair.document_id, pair.position) for pair in pairs} == {("", -1)}
    share = {fold: sum(pair.fold is fold for pair in pairs) / 200 for fold in Fold}
    assert share[Fold.PRACTICE] == pytest.approx(0.7, abs=0.1)
    assert share[Fold.EXAM] == pytest.approx(0.2, abs=0.1)


def test_the_last_word_on_a_question_counts() -> None:
    pairs = adopted(judged(answer="14 days"), judged(answer="3 days", turn_id="u"))
    assert [pair.answer for pair in pairs] == ["3 days"]


@pytest.mark.parametrize(
    ("question", "answer", "kind"),
    [
        ("May I smoke here?", "No, nowhere.", "yes_no"),
        ("Darf ich rauchen?", "Nein", "yes_no"),
        ("When was it founded?", "3 May 1987", "date"),
        ("When was it founded?", "1987", "date"),
        ("What does it cost?", "48 €", "number"),
        ("How do I clean tiles?", "With soap and water.", "how_to"),
        ("Which tools are there?", "A cutter and a float", "several"),
        ("Who is in charge?", "Anna Berg", "fact"),
    ],
)
def test_kinds(question: str, answer: str, kind: str) -> None:
    assert kind_of(question, answer) == kind
