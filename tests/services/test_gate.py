"""What is offered, and what is said of it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from ragdesk.card_page import points, told
from ragdesk.domain.assistant import Changed, Measure, Outcome
from ragdesk.services.contrast import contrast
from ragdesk.services.gate import falls, judge, notes_of

from .exam_drawn import Drawn

RISEN = Measure("right", 0.71, 0.78, 0.02, 0.12, 150)


def verdicts(drawn: Drawn, exams: int) -> tuple[float, float]:
    """The share of exams whose version is offered, and the mean gain in right answers."""
    rng, offered, gains = np.random.default_rng(2026), 0, []
    for _ in range(exams):
        measures = contrast(*drawn.exam(rng))
        offered += judge(measures, drawn.questions)[0] is Outcome.BETTER
        gains.append((measures[0].after or 0) - (measures[0].before or 0))
    return offered / exams, float(np.mean(gains))


@pytest.mark.parametrize("drawn", [Drawn(0, 0), Drawn(5, 5), Drawn(5, 5, documents=5)])
def test_what_changed_by_chance_alone_is_seldom_offered(drawn: Drawn) -> None:
    """Exams as `Drawn` says, where nothing changed or as many questions were lost as won."""
    offered, gain = verdicts(drawn, 120)
    assert offered <= 0.12
    assert gain == pytest.approx(0, abs=0.007)


def test_ten_points_more_on_150_questions_are_offered() -> None:
    """15.3 of 100 questions turn right and 2.5 wrong, which is 10 points, for answers are in part
    right: four standard errors are allowed for the mean of what was drawn.
    """
    offered, gain = verdicts(Drawn(15.3, 2.5), 160)
    assert gain == pytest.approx(0.1, abs=0.01)
    assert offered >= 0.95


def test_a_clear_gain_is_offered_with_its_range() -> None:
    outcome, reason = judge([RISEN], 150)
    assert outcome is Outcome.BETTER
    assert reason == (
        "Right answers: 71 → 78 of 100, likely between +2 and +12. Nothing else got clearly worse."
    )


@pytest.mark.parametrize(
    ("low", "high", "outcome", "opening"),
    [
        (-0.03, 0.05, Outcome.NO_GAIN, "No clear difference: 71 → 78 of 100, likely between −3"),
        (0.0, 0.05, Outcome.NO_GAIN, "No clear difference"),
        (0.0001, 0.05, Outcome.BETTER, "Right answers"),
        (-0.12, -0.02, Outcome.WORSE, "It got worse"),
    ],
)
def test_the_main_measure_decides(low: float, high: float, outcome: Outcome, opening: str) -> None:
    found, reason = judge([Measure("right", 0.71, 0.78, low, high, 150)], 150)
    assert found is outcome
    assert reason.startswith(opening)
    assert ("Your old one stays." in reason) == (outcome is not Outcome.BETTER)


@pytest.mark.parametrize(
    ("fallen", "counts"),
    [
        (Measure("cited", 0.90, 0.87, -0.06, 0.0, 150), True),
        (Measure("cited", 0.90, 0.88, -0.04, 0.0, 150), False),  # 2 points are allowed
        (Measure("found_in_five", 0.90, 0.87, -0.06, 0.0, 100), True),
        (Measure("refused_right", 0.90, 0.85, -0.10, 0.0, 20), False),  # one question of 20
        (Measure("refused_right", 0.90, 0.70, -0.30, -0.10, 20), True),
        (Measure("refused_wrong", 0.10, 0.13, 0.0, 0.06, 150), True),
        (Measure("refused_wrong", 0.13, 0.10, -0.06, 0.0, 150), False),  # fewer is better
        (Measure("refused_wrong", 0.10, 0.15, 0.0, 0.10, 40), False),
        (Measure("refused_wrong", 0.10, 0.25, 0.08, 0.22, 40), True),
        (Measure("confirmed", 1.0, 0.8, -0.4, -0.1, 10), True),
        (Measure("found", 0.90, 0.80, -0.15, -0.05, 150), False),  # no guard
        (Measure("seconds", 1.0, 1.5, 0.4, 0.6, 150), False),
        (Measure("seconds", 1.0, 1.6, 0.5, 0.7, 150), True),
        (Measure("seconds", 0.1, 0.3, 0.1, 0.3, 150), False),  # nobody feels it
    ],
)
def test_nothing_else_may_fall(fallen: Measure, counts: bool) -> None:
    outcome, reason = judge([RISEN, fallen], 150)
    assert bool(falls([fallen])) == counts
    assert (outcome is Outcome.WORSE) == counts
    assert (outcome is Outcome.BETTER) != counts
    assert ("But " in reason and "Your old one stays." in reason) == counts


def test_what_fell_is_named_with_its_figures() -> None:
    lower = Measure("cited", 0.90, 0.84, -0.1, -0.02, 150)
    slower = Measure("seconds", 1.0, 2.0, 0.9, 1.1, 150)
    assert judge([RISEN, lower, slower], 150)[1] == (
        "Right answers rose: 71 → 78 of 100, likely between +2 and +12. But a source is shown that"
        " holds the answer less often (90 → 84 of 100); and an answer takes 1.0 → 2.0 seconds."
        " Your old one stays."
    )


def test_too_few_questions_tell_nothing_and_few_tell_little() -> None:
    outcome, reason = judge([RISEN], 29)
    assert outcome is Outcome.CANNOT_TELL
    assert "29 questions" in reason
    outcome, reason = judge([RISEN], 30)
    assert outcome is Outcome.BETTER
    assert "With 30 questions in the exam this is less certain" in reason
    outcome, reason = judge([Measure("right", 0.7, 0.72, -0.06, 0.1, 80)], 80)
    assert outcome is Outcome.NO_GAIN
    assert "With 80 questions in the exam, a gain of less than about 8 points cannot be" in reason
    assert "cannot be seen" not in judge([Measure("right", 0.7, 0.72, -0.06, 0.1)], 150)[1]
    assert judge([], 200)[0] is Outcome.CANNOT_TELL


@pytest.mark.parametrize(
    ("confirmed", "words"),
    [
        ((), ""),
        ((True,), "1 question that you confirmed is now answered wrong"),
        ((True, False, True), "2 questions that you confirmed are now answered wrong"),
    ],
)
def test_confirmed_questions_that_turned_wrong_are_said(
    confirmed: Sequence[bool], words: str
) -> None:
    lost = [Changed("How long?", "14 days", "14 days", "", one) for one in confirmed]
    assert words in judge([RISEN], 150, lost)[1]
    assert ("confirmed" in judge([RISEN], 150, lost)[1]) == bool(words)


def test_points_have_their_sign() -> None:
    assert [points(one) for one in (0.12, -0.03, 0.004, -0.0004, 0.0, None)] == [
        "+12", "−3", "+0.4", "0", "0", "0",
    ]  # fmt: skip
    assert told(RISEN) == "71 → 78 of 100, likely between +2 and +12"


def test_notes_say_what_was_asked_too_little() -> None:
    few = Measure("refused_right", 0.5, 0.6, 0.0, 0.1, 18)
    (note,) = notes_of([RISEN, few], 150)
    assert "(18 at the least)" in note
    assert "60 questions in the exam" in notes_of([RISEN], 60)[0]
    assert notes_of([RISEN], 150) == ()
