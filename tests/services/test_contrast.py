"""What two exams of the same questions come to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from ragdesk.domain.assistant import Measure
from ragdesk.domain.examination import Evidence, ExamQuestion
from ragdesk.services.contrast import LISTED, changed, contrast, rightness
from ragdesk.services.score import Outcome

from .exam_drawn import Drawn


def outcome(
    number: int = 0,
    f1: float = 1.0,
    answers: Sequence[str] = ("the blue press",),
    file: str = "",
    kind: str = "",
    **given: object,
) -> Outcome:
    evidence = (Evidence(file, 1, "text"),) if file else ()
    question = ExamQuestion(
        f"q{number}", f"question {number}?", tuple(answers), evidence, kind=kind
    )
    plain = Outcome(question, bool(file), None, given="words", exact=f1 == 1, f1=f1, refused=False)
    return replace(plain, **given)  # type: ignore[arg-type]


def named(measures: Sequence[Measure], name: str) -> Measure:
    return next(one for one in measures if one.name == name)


@pytest.mark.parametrize(
    ("one", "worth"),
    [
        (outcome(f1=0.5), 0.5),
        (outcome(f1=1.0), 1.0),
        (outcome(f1=0.5, refused=True), 0.0),
        (outcome(f1=0.9, exact=True), 1.0),
        (outcome(f1=0.5, answers=("14 days",)), 0.0),
        (outcome(f1=1.0, answers=("14 days",)), 1.0),
        (outcome(f1=0.5, kind="date", answers=("the first of May",)), 0.0),
        (outcome(f1=0.5, answers=("14 days after the invoice was sent",)), 0.5),
        (outcome(answers=(), refused=True), 1.0),
        (outcome(answers=(), refused=False), 0.0),
        (outcome(answers=("No",), absent_right=True, refused=None, f1=None), 1.0),
        (outcome(answers=("No",), absent_right=False, refused=None, f1=None), 0.0),
        (outcome(refused=None, f1=None), None),
    ],
)
def test_how_right_an_answer_is(one: Outcome, worth: float | None) -> None:
    assert rightness(one) == worth


def test_measures_count_the_questions_that_have_such_a_thing() -> None:
    before = [
        outcome(0, 0.0, file="a.pdf", rank=7, evidence_cited=False, answer_seconds=1.0),
        outcome(1, 0.5, file="a.pdf", rank=3, evidence_cited=True, answer_seconds=3.0),
        outcome(2, 0.0, refused=True, file="b.pdf", evidence_cited=False, answer_seconds=2.0),
        outcome(3, answers=(), refused=False, answer_seconds=9.0),
    ]
    after = [
        replace(before[0], rank=1, f1=1.0, exact=True, evidence_cited=True),
        replace(before[1], rank=1),
        before[2],
        replace(before[3], refused=True),
    ]
    measures = {one.name: one for one in contrast(before, after)}
    assert next(iter(measures)) == "right"
    shares = {one.name: (one.before, one.after, one.questions) for one in measures.values()}
    assert shares == {
        "right": (0.125, 0.625, 4),
        "found": (0.0, 0.6667, 3),
        "found_in_five": (0.3333, 0.6667, 3),
        "cited": (0.3333, 0.6667, 3),
        "refused_right": (0.0, 1.0, 1),
        "refused_wrong": (0.3333, 0.3333, 3),
        "seconds": (2.5, 2.5, 4),
    }
    assert (measures["refused_wrong"].low, measures["refused_wrong"].high) == (0.0, 0.0)
    assert (measures["refused_right"].low, measures["refused_right"].high) == (1.0, 1.0)


def test_confirmed_questions_are_measured_by_themselves() -> None:
    before = [outcome(0), outcome(1), outcome(2)]
    after = [outcome(0), outcome(1, 0.0), outcome(2, 0.5)]
    one = named(contrast(before, after, confirmed_ids={"q1", "q0"}), "confirmed")
    assert (one.before, one.after, one.questions) == (1.0, 0.5, 2)
    assert not [one for one in contrast(before, after) if one.name == "confirmed"]


def test_a_range_is_as_wide_as_the_differences_of_documents_make_it() -> None:
    """20 documents of 10 questions: all of one document turn together, or as many anywhere."""
    before = [outcome(n, 0.0, file=f"{n // 10}.pdf") for n in range(200)]
    together = [outcome(n, float(n // 10 < 6), file=f"{n // 10}.pdf") for n in range(200)]
    spread = [outcome(n, float(n % 10 < 3), file=f"{n // 10}.pdf") for n in range(200)]
    one, other = (named(contrast(before, after), "right") for after in (together, spread))
    assert (one.before, one.after) == (other.before, other.after) == (0.0, 0.3)
    # 6 of 20 documents: 0.3 and 1.28 times the root of 0.3 x 0.7 / 20 to either side
    assert (one.low, one.high) == (0.15, 0.45)
    assert (other.low, other.high) == (0.3, 0.3)


def test_few_documents_do_not_make_a_range_narrow() -> None:
    before = [outcome(n, 0.0, file="only.pdf") for n in range(100)]
    after = [outcome(n, float(n % 5 == 0), file="only.pdf") for n in range(100)]
    one = named(contrast(before, after), "right")
    # questions of the one document: 0.2 and 1.28 times the root of 0.2 x 0.8 / 100 to either side
    assert one.low == pytest.approx(0.149, abs=0.006)
    assert one.high == pytest.approx(0.251, abs=0.006)


def test_questions_without_evidence_go_by_the_document_they_were_made_from() -> None:
    before = [outcome(n, answers=(), refused=False) for n in range(200)]
    after = [outcome(n, answers=(), refused=n // 10 < 6) for n in range(200)]
    documents = {f"q{n}": str(n // 10) for n in range(200)}
    known = named(contrast(before, after, documents=documents), "refused_right")
    alone = named(contrast(before, after), "refused_right")
    assert (known.low, known.high) == (0.15, 0.45)
    assert alone.low == pytest.approx(0.3 - 1.28 * (0.3 * 0.7 / 200) ** 0.5, abs=0.006)


def test_the_same_exams_have_the_same_ranges() -> None:
    before, after = Drawn(12, 4).exam(np.random.default_rng(3))
    assert contrast(before, after, seed=1) == contrast(before, after, seed=1)
    assert contrast(before, after, seed=1) != contrast(before, after, seed=2)


def test_a_computer_that_slept_through_a_question_is_not_slow() -> None:
    before = [outcome(n, answer_seconds=1.0) for n in range(40)]
    after = [outcome(n, answer_seconds=30_000.0 if n == 7 else 1.1) for n in range(40)]
    one = named(contrast(before, after), "seconds")
    assert (one.before, one.after, one.low, one.high) == (1.0, 1.1, 0.1, 0.1)


def test_other_questions_are_no_contrast() -> None:
    with pytest.raises(ValueError, match="same questions"):
        contrast([outcome(0)], [outcome(1)])
    with pytest.raises(ValueError, match="same questions"):
        changed([outcome(0), outcome(1)], [outcome(0)])
    assert contrast([], []) == []


def test_questions_that_turned_are_listed_the_clearest_first() -> None:
    before = [outcome(0, 0.5), outcome(1, 0.0), outcome(2, 1.0), outcome(3, 0.7), outcome(4, 0.1)]
    after = [outcome(0, 0.7), outcome(1, 1.0), outcome(2, 0.0), outcome(3, 0.9), outcome(4, 0.5)]
    gained, lost = changed(before, after)
    assert [one.question for one in gained] == ["question 1?", "question 0?"]
    assert [one.question for one in lost] == ["question 2?"]


def test_what_is_listed_of_a_question_is_what_was_said() -> None:
    refused = outcome(answers=("the blue press",), f1=0.0, refused=True, given=None)
    (gained,), _ = changed([refused], [outcome(given="The blue press")])
    assert (gained.expected, gained.before, gained.after) == (
        "the blue press",
        "",
        "The blue press",
    )
    _, (lost,) = changed(
        [outcome(answers=(), refused=True, given=None)],
        [outcome(answers=(), refused=False, given="made up")],
        {"q0"},
    )
    assert (lost.expected, lost.before, lost.after, lost.confirmed) == ("", "", "made up", True)


def test_all_confirmed_questions_that_were_lost_are_listed() -> None:
    count = LISTED + 10
    before = [outcome(n) for n in range(count)]
    after = [outcome(n, 0.5 if n % 10 == 9 else 0.0) for n in range(count)]
    confirmed = {f"q{n}" for n in range(count) if n % 10 == 9}
    _, lost = changed(before, after, confirmed)
    assert len(lost) == LISTED
    assert [one.question for one in lost if one.confirmed] == [
        f"question {n}?" for n in range(count) if n % 10 == 9
    ]
    _, every = changed(before, after, {f"q{n}" for n in range(count)})
    assert len(every) == count
    assert len(changed(after, before)[0]) == LISTED
