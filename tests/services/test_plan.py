"""What fits into the hour, on computers of all kinds."""

from __future__ import annotations

import random

import pytest

from ragdesk.domain.training import STEPS, Plan, Speeds
from ragdesk.services.plan import (
    AIM,
    EXAM,
    LEAST_EXAM,
    LEAST_TUNING,
    MOST_EXAM,
    UNIT,
    about,
    make_plan,
    plan_words,
    replanned,
    stop_after,
)

# A computer of two to four cores, one of eight, one with a GPU: seconds as tuning.md has them.
SLOW = Speeds(ask=1.2, step=2.2, reader_ready=20.0, teach=16.0)
MIDDLING = Speeds(ask=0.6, step=0.9, reader_ready=12.0, teach=8.0)
FAST = Speeds(ask=0.2, step=0.15, reader_ready=5.0, teach=1.5)


def planned(
    speeds: Speeds,
    minutes: int = 60,
    *,
    passages: int = 6000,
    pairs: int = 400,
    documents: int = 100,
) -> Plan:
    return make_plan(
        speeds, minutes, passages=passages, pairs_expected=pairs, documents=documents, seed=7
    )


@pytest.mark.parametrize("speeds", [SLOW, MIDDLING, FAST])
def test_an_ordinary_computer_does_all_of_it_in_the_hour(speeds: Speeds) -> None:
    plan = planned(speeds)
    assert 45 <= plan.total_minutes <= 60 * AIM
    assert plan.exam_questions == EXAM
    assert plan.passages_taught > 0
    assert plan.reader_steps > 100
    assert not plan.too_short
    assert set(plan.minutes) == set(STEPS)
    assert (plan.seed, plan.minutes_allowed) == (7, 60)


def test_a_faster_computer_hands_more_to_the_teacher() -> None:
    taught = [planned(speeds).passages_taught for speeds in (SLOW, MIDDLING, FAST)]
    assert taught == sorted(taught)
    assert taught[0] * 4 < taught[2]


def test_a_small_shelf_is_taught_whole_and_has_the_longer_exam() -> None:
    plan = planned(FAST, passages=100, documents=20)
    assert (plan.passages_taught, plan.exam_questions) == (100, MOST_EXAM)
    assert plan.total_minutes < 30


def test_a_teacher_slower_than_a_unit_is_left_out() -> None:
    alone = planned(Speeds(1.2, 2.2, 20.0, None))
    slow = planned(Speeds(1.2, 2.2, 20.0, 300.0))
    assert slow.passages_taught == alone.passages_taught == 0
    assert slow.reader_steps == alone.reader_steps > 0
    assert planned(Speeds(1.2, 2.2, 20.0, UNIT)).passages_taught > 0
    assert planned(Speeds(1.2, UNIT + 1, 20.0, None)).reader_steps == 0


def test_what_is_left_out_first_is_the_teacher_then_the_reader_then_tuning() -> None:
    """Ever less time: what comes later in the order is touched only when what is before it is gone."""
    seen = set()
    for minutes in range(60, 5, -1):
        plan = planned(SLOW, minutes)
        if plan.reader_steps * SLOW.step < 60 * 0.3 * minutes - 25:  # type: ignore[operator]
            assert plan.passages_taught == 0
            seen.add("reader")
        if plan.tuning_questions < 60:
            assert (plan.passages_taught, plan.reader_steps) == (0, 0)
            seen.add("tuning")
        if plan.exam_questions < EXAM:
            assert plan.tuning_questions <= LEAST_TUNING
            seen.add("exam")
        assert plan.exam_questions >= LEAST_EXAM or plan.too_short
    assert seen == {"reader", "tuning", "exam"}


def test_the_exam_keeps_its_hundred_or_the_plan_says_it_is_too_short() -> None:
    plan = planned(Speeds(1.2), 10)
    assert (plan.exam_questions >= LEAST_EXAM, plan.too_short) == (True, False)
    short = planned(Speeds(12.0), 10)
    assert short.too_short
    assert 0 < short.exam_questions < LEAST_EXAM
    assert short.total_minutes <= stop_after(10)
    assert "10 minutes are too short on this computer" in plan_words(short, Speeds(12.0))


def test_three_documents_have_the_questions_that_there_are() -> None:
    plan = planned(Speeds(0.6, 0.9, 12.0), passages=40, pairs=23, documents=3)
    assert plan.exam_questions == 23
    assert plan.reader_steps <= 60
    assert not plan.too_short
    assert plan.total_minutes < 10
    assert planned(FAST, passages=0, pairs=0, documents=0).exam_questions == 0


def test_the_reader_stays_as_it_is_where_its_trainer_is_missing() -> None:
    plan = planned(Speeds(0.6, None, None, 8.0))
    assert plan.reader_steps == 0
    assert "what it needs is not installed" in plan_words(plan, Speeds(0.6, None, None, 8.0))
    assert "installed" not in plan_words(planned(SLOW), SLOW)
    assert "there is no time for it" in plan_words(planned(SLOW, 10), SLOW)


def test_how_long_it_takes_is_said() -> None:
    assert about(planned(SLOW)) == "about 52 minutes on this computer"
    words = plan_words(planned(SLOW), SLOW)
    assert words.startswith("This takes about 52 minutes on this computer. You can go on working")
    assert "The larger model writes practice questions on" in words


def test_the_same_computer_has_the_same_plan() -> None:
    assert planned(SLOW) == planned(SLOW)


def test_a_plan_that_goes_as_expected_stays_as_it_is() -> None:
    plan = planned(SLOW)
    took = {step: plan.minutes[step] for step in ("check", "questions", "review")}
    later = replanned(plan, SLOW, at="exam_before", took=took)
    assert later == plan


def test_a_slower_teacher_writes_less_and_keeps_what_it_wrote() -> None:
    plan = planned(SLOW)
    slower = Speeds(1.2, 2.2, 20.0, 28.0)
    later = replanned(plan, slower, at="questions", took={"check": 1.0, "questions": 14.0}, done=30)
    assert 30 <= later.passages_taught < plan.passages_taught
    assert later.exam_questions == plan.exam_questions
    assert later.total_minutes <= stop_after(60)
    gone = replanned(plan, slower, at="questions", took={"questions": 55.0}, done=30)
    assert gone.passages_taught == 30


def test_both_exams_ask_the_same_questions() -> None:
    plan = planned(SLOW)
    took = {"check": 1.0, "questions": 30.0, "exam_before": 3.0, "learning": 15.0}
    later = replanned(plan, Speeds(9.0, 2.2, 20.0), at="exam_after", took=took)
    assert later.exam_questions == plan.exam_questions
    assert later.too_short
    with pytest.raises(ValueError, match="no step"):
        replanned(plan, SLOW, at="lunch", took={})


def test_nothing_grows_and_nothing_runs_over_whatever_is_measured() -> None:
    draw = random.Random(6)
    counts = ("passages_taught", "exam_questions", "tuning_questions", "reader_steps")
    for _ in range(400):
        speeds = _speeds(draw)
        minutes = draw.choice((5, 10, 15, 30, 60, 180))
        plan = planned(
            speeds, minutes, passages=draw.randrange(3000), pairs=draw.randrange(600), documents=9
        )
        assert plan.total_minutes <= stop_after(minutes) or plan.too_short
        at = draw.choice(STEPS[1:5])
        took = {
            step: plan.minutes[step] * draw.uniform(0.3, 1.5) for step in STEPS[: STEPS.index(at)]
        }
        later = replanned(plan, _speeds(draw), at=at, took=took)
        assert all(getattr(later, name) <= getattr(plan, name) for name in counts)
        assert later.total_minutes <= stop_after(minutes) or later.too_short
        if not later.too_short:
            assert later.exam_questions >= min(LEAST_EXAM, plan.exam_questions)
        for step, spent in took.items():
            assert later.minutes[step] == spent


def _speeds(draw: random.Random) -> Speeds:
    return Speeds(
        ask=10 ** draw.uniform(-1.5, 1.2),
        step=draw.choice((None, 10 ** draw.uniform(-1, 1.7))),
        reader_ready=draw.choice((None, draw.uniform(1, 200))),
        teach=draw.choice((None, 10 ** draw.uniform(0, 2.5))),
    )
