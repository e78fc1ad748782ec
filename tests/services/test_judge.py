"""What is said about answers is kept with the very place; what is taken back is gone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ragdesk.domain.conversation import Answer, Citation, Judgement, Value
from ragdesk.domain.document import Span
from ragdesk.errors import NotFound, WrongUse
from ragdesk.services.judge import Judge, narrowed, shown
from ragdesk.store.judgements import Judgements
from tests.ui.viewer.desk import Desk, quote_answer, refusal

LEASE = "The tenant may end it with three months notice. Rent: three parts."
NOTE = "Notice was given on 3 March. Nothing else."


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(tmp_path)
    yield desk
    desk.database.close()


@pytest.fixture
def kept(desk: Desk) -> Judgements:
    return Judgements(desk.database)


@pytest.fixture
def judge(desk: Desk, kept: Judgements) -> Judge:
    return Judge(desk.conversations, desk.documents, kept)


@pytest.fixture
def lease(desk: Desk) -> str:
    return desk.add_text("Lease.pdf", "First page.", LEASE, kind="pdf")


def test_right_keeps_the_answer_shown_with_its_very_words_and_shelf(
    desk: Desk, judge: Judge, kept: Judgements, lease: str
) -> None:
    cited = desk.cite(lease, "The tenant may end it with three months notice.", "three months")
    turn = desk.answered("How long?", quote_answer(cited, short="three months"))
    judge.judge(turn.id, "right")
    (said,) = kept.all()
    assert said == Judgement(
        turn.id, "How long?", "right", "three months", lease, cited.marked, desk.shelf.id, said.made_at
    )  # fmt: skip
    assert said.made_at > 0
    judge.judge(turn.id, "")
    assert kept.all() == []
    judge.judge(turn.id, "")  # twice is harmless


def test_teaching_keeps_where_the_words_stand_in_the_passage_chosen(
    desk: Desk, judge: Judge, kept: Judgements, lease: str
) -> None:
    turn = desk.answered("How long?", refusal())
    passage = Span(2, 0, len(LEASE))
    judge.judge(turn.id, "wrong", "  Three\nmonths ", lease, [passage])
    said = kept.get(turn.id)
    assert said is not None
    assert (said.verdict, said.answer, said.document_id) == ("wrong", "Three months", lease)
    assert said.spans == (Span(2, LEASE.index("three months"), len("three months")),)
    judge.judge(turn.id, "wrong", "a quarter of a year", lease, [passage])  # the last word counts
    (said,) = kept.all()
    assert (said.answer, said.spans) == ("a quarter of a year", (passage,))


def test_what_is_not_in_the_documents_has_no_place(
    desk: Desk, judge: Judge, kept: Judgements, lease: str
) -> None:
    turn = desk.answered("Who is the king?", refusal(), collection_id=desk.shelf.id)
    judge.judge(turn.id, "absent")
    said = kept.get(turn.id)
    assert said is not None
    assert (said.verdict, said.answer, said.document_id, said.spans) == ("absent", "", None, ())
    assert said.collection_id == desk.shelf.id
    judge.judge(turn.id, "right")  # the refusal itself was right
    said = kept.get(turn.id)
    assert said is not None
    assert (said.verdict, said.answer, said.document_id) == ("right", "", None)


def test_the_shelf_asked_counts_where_a_document_lies_on_several(
    desk: Desk, judge: Judge, kept: Judgements
) -> None:
    desk.add_text("Note.txt", NOTE)
    second = desk.collections.create("Second")
    note = desk.add(desk.folder / "Note.txt", [], kind="txt", paged=False, shelf=second.id)
    asked_all = desk.answered("When?", refusal())
    judge.judge(asked_all.id, "wrong", "3 March", note, [Span(1, 0, len(NOTE))])
    asked_one = desk.answered("When?", refusal(), collection_id=second.id)
    judge.judge(asked_one.id, "wrong", "3 March", note, [Span(1, 0, len(NOTE))])
    assert [said.collection_id for said in kept.all()] == [desk.shelf.id, second.id]


def test_the_shelf_of_the_question_counts_and_not_that_of_its_conversation(
    desk: Desk, judge: Judge, kept: Judgements
) -> None:
    first = desk.conversations.ask("Who is the king?", "", None)
    second = desk.conversations.ask("Who is the king?", first.conversation_id, desk.shelf.id)
    for turn in (first, second):
        desk.conversations.save_answer(turn.id, refusal())
        judge.judge(turn.id, "absent")
    assert [said.collection_id for said in kept.all()] == [None, desk.shelf.id]


def test_a_deleted_conversation_does_not_unteach(
    desk: Desk, judge: Judge, kept: Judgements, lease: str
) -> None:
    cited = desk.cite(lease, "The tenant may end it with three months notice.", "three months")
    turn = desk.answered("How long?", quote_answer(cited, short="three months"))
    judge.judge(turn.id, "right")
    desk.conversations.delete(turn.conversation_id)
    assert kept.count() == 1
    with pytest.raises(NotFound):
        judge.judge(turn.id, "wrong")
    judge.judge(turn.id, "")
    assert kept.count() == 0


def test_other_verdicts_are_refused(desk: Desk, judge: Judge, kept: Judgements) -> None:
    turn = desk.answered("How long?", refusal())
    with pytest.raises(WrongUse):
        judge.judge(turn.id, "perhaps")
    assert kept.count() == 0


def cited(number: int, document: str, start: int) -> Citation:
    return Citation(number, document, f"{document}.pdf", "", True, (Span(1, start, 9),), "quote")


def test_of_several_things_all_of_the_first_document_are_kept() -> None:
    citations = (cited(1, "new", 0), cited(2, "old", 20), cited(3, "new", 40))
    values = (Value("48 €", 1, "2026"), Value("45 €", 2, "2025"), Value("50 €", 3))
    differing = Answer("", "48 €", False, "quote", 0.9, citations, kind="values", values=values)
    expected = ("48 €; 45 €; 50 €", "new", (Span(1, 0, 9), Span(1, 40, 9)))
    assert shown(differing) == expected
    listed = Answer("", None, False, "quote", 0.9, citations, kind="list", items=values)
    assert shown(listed) == expected


@pytest.mark.parametrize(
    ("answer", "text", "where"),
    [
        ("14 days", "within 14\ndays of it", (7, 7)),
        ("14 days", "114 days", None),  # part of another number
        ("14 days", "14 days, or 14 days", None),  # which of the two is not known
        ("", "14 days", None),
        ("(a) [b", "x (a) [b y", (2, 6)),
    ],
)
def test_words_are_found_only_where_they_are_sure(
    answer: str, text: str, where: tuple[int, int] | None
) -> None:
    whole = (Span(3, 5, len(text)),)
    found = narrowed(answer, whole, {3: "abcde" + text})
    assert found == (whole if where is None else (Span(3, 5 + where[0], where[1]),))
