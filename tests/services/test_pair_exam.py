"""An exam made of practice questions: which are asked, and where their answers stand."""

from __future__ import annotations

from collections import Counter

import pytest

from ragdesk.domain.document import Span
from ragdesk.domain.training import Pair, PairSource, PairState
from ragdesk.services.pair_exam import choose_exam, exam_questions


def pair(number: int, document: str = "a", kind: str = "cell", **more: object) -> Pair:
    answer = "" if kind == "absent" else f"{number} €"
    made: dict[str, object] = {
        "id": f"{document}-{kind}-{number:03}",
        "question": f"What is {number}?",
        "answer": answer,
        "document_id": "" if kind == "absent" else document,
        "position": number,
        "quote": f"It is {number} €.",
        "spans": (Span(4, 0, 9),),
        "kind": kind,
    }
    return Pair(**(made | more))  # type: ignore[arg-type]


def test_only_what_can_be_examined_is() -> None:
    pairs = [
        pair(1),
        pair(2, kind="cloze"),
        pair(3, state=PairState.WRONG),
        pair(4, state=PairState.REJECTED),
        pair(5, kind="fact", source=PairSource.TEACHER),
        pair(6, kind="fact", source=PairSource.TEACHER, answer=""),
    ]
    assert [one.position for one in choose_exam(pairs, 10, 1)] == [1, 5]


def test_it_is_the_same_for_the_same_pairs_in_any_order() -> None:
    pairs = [pair(n, document=f"d{n % 7}") for n in range(100)]
    assert choose_exam(pairs, 20, 1) == choose_exam(pairs[::-1], 20, 1)
    assert choose_exam(pairs, 20, 1) != choose_exam(pairs, 20, 2)


def test_it_is_even_over_documents_and_kinds() -> None:
    pairs = [pair(n, "big") for n in range(200)]
    pairs += [pair(n, f"small{n % 5}", kind) for n in range(20) for kind in ("definition", "cell")]
    chosen = choose_exam(pairs, 33, 1)
    assert len(chosen) == 33
    counts = Counter((one.document_id, one.kind) for one in chosen)
    assert set(counts.values()) == {3}


def test_confirmed_ones_come_first() -> None:
    pairs = [pair(n, state=PairState.RIGHT if n % 10 == 0 else PairState.MADE) for n in range(50)]
    assert {one.position for one in choose_exam(pairs, 5, 1)} == {0, 10, 20, 30, 40}


@pytest.mark.parametrize(
    ("answered", "absent", "most", "share"), [(200, 200, 100, 20), (8, 50, 100, 2)]
)
def test_at_most_one_in_five_is_absent(answered: int, absent: int, most: int, share: int) -> None:
    pairs = [*(pair(n) for n in range(answered)), *(pair(n, kind="absent") for n in range(absent))]
    chosen = choose_exam(pairs, most, 1)
    assert sum(one.absent for one in chosen) == share
    assert len(chosen) == min(most, answered + share)


def test_questions_of_an_exam() -> None:
    pairs = [pair(1), pair(2, kind="absent", spans=())]
    answered, absent = exam_questions(pairs, {"a": "docs/a.pdf"}.__getitem__, {"a"}.__contains__)
    assert (answered.id, answered.question) == ("a-cell-001", "What is 1?")
    assert answered.answers == ("1 €",)
    assert [(e.file, e.page, e.text) for e in answered.evidence] == [
        ("docs/a.pdf", 4, "It is 1 €.")
    ]
    assert answered.kind == "cell"
    assert not absent.answerable
    assert absent.evidence == ()


def test_a_document_without_pages_has_none_in_its_evidence() -> None:
    (question,) = exam_questions([pair(1)], lambda _: "a.md")
    assert question.evidence[0].page is None
