"""Practice questions as the reader's lessons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from ragdesk.domain.conversation import Hit
from ragdesk.domain.document import Passage
from ragdesk.domain.training import Lesson, LessonPassage, Pair, PairState
from ragdesk.services.prepare import A_STEP, REFUSED, lessons, most_steps

TEXTS = (
    "Cut tiles are not taken back. Goods go back within fourteen days.",
    "The showroom opens at nine. It is shut on Sundays.",
    "Delivery takes fourteen days and costs 40 euro.",
    "Samples are lent for a week. A deposit is asked for.",
)
PASSAGES = tuple(
    Passage("d", number, text, f"Handbook › Part {number}", ()) for number, text in enumerate(TEXTS)
)


def hit(passage: Passage, rank: int) -> Hit:
    return Hit(
        rank=rank,
        score=1 / rank,
        passage_id=passage.id,
        document_id=passage.document_id,
        title="Handbook",
        path="handbook.md",
        paged=False,
        position=passage.position,
        text=passage.text,
        context=passage.context,
        spans=(),
        quote=passage.text,
    )


def pair(position: int, answer: str, number: int = 0, **more: object) -> Pair:
    start = TEXTS[position].find(answer) if answer else -1
    made = Pair(
        f"p{number}",
        f"question {number}?",
        answer,
        "d",
        position,
        start=start,
        end=start + len(answer) if start >= 0 else -1,
        kind="fact",
    )
    return replace(made, **more)  # type: ignore[arg-type]


def taught(*pairs: Pair, order: Sequence[int] = (0, 1, 2, 3), seed: int = 3) -> list[Lesson]:
    hits = [hit(PASSAGES[n], rank) for rank, n in enumerate(order, 1)]
    return lessons(pairs, lambda one: PASSAGES[one.position], lambda one: hits, seed)


def right(position: int, verdict: str, words: str | None) -> LessonPassage:
    passage = PASSAGES[position]
    span = None
    if words is not None:
        start = passage.text.index(words)
        span = (start, start + len(words))
    return LessonPassage(passage.context, passage.text, verdict, span)


def wrong(position: int) -> LessonPassage:
    return LessonPassage(PASSAGES[position].context, TEXTS[position], "none")


def test_the_right_passage_comes_first_then_the_best_found_that_do_not_answer() -> None:
    (lesson,) = taught(pair(1, "nine"), order=(2, 1, 3, 0))
    assert lesson == Lesson("question 0?", (right(1, "span", "nine"), wrong(2), wrong(3)))


def test_a_passage_that_holds_the_answer_is_not_taught_as_wrong() -> None:
    (lesson,) = taught(pair(0, "fourteen days"), order=(2, 0, 1, 3))
    assert lesson.passages == (right(0, "span", "fourteen days"), wrong(1), wrong(3))
    (lesson,) = taught(pair(2, "40"), order=(2, 0, 1))
    assert lesson.passages[1:] == (wrong(0), wrong(1))
    quoted = pair(0, "two weeks", quote="Delivery takes fourteen days and costs 40 euro.")
    (lesson,) = taught(quoted, order=(2, 1, 3))
    assert lesson.passages[1:] == (wrong(1), wrong(3))


def test_where_the_words_do_not_stand_only_the_passage_is_taught() -> None:
    (lesson,) = taught(pair(1, "not on Sundays", kind="fact"))
    assert lesson.passages[0] == right(1, "span", None)
    for kind in ("heading", "mail", "cloze", "keywords"):
        assert taught(pair(1, "", kind=kind)) == []
    assert taught(pair(1, "nine", start=5, end=900))[0].passages[0] == right(1, "span", None)


@pytest.mark.parametrize(("answer", "verdict"), [("Yes.", "yes"), ("No, they are not", "no")])
def test_yes_and_no_mark_the_sentence_that_decides(answer: str, verdict: str) -> None:
    asked = pair(0, answer, kind="yes_no", quote="Cut tiles\nare not taken  back", start=-1, end=-1)
    (lesson,) = taught(asked)
    assert lesson.passages[0] == right(0, verdict, "Cut tiles are not taken back.")
    (lesson,) = taught(replace(asked, quote="elsewhere"))
    assert lesson.passages[0] == right(0, verdict, None)
    assert taught(replace(asked, answer="within fourteen days", quote=""))[0].passages[0] == right(
        0, "span", None
    )


def test_near_one_in_five_has_only_passages_that_do_not_answer() -> None:
    pairs = [pair(n % 4, TEXTS[n % 4].split()[-1].rstrip("."), n) for n in range(40)]
    made = taught(*pairs)
    refused = [lesson for lesson in made if lesson.passages[0].verdict == "none"]
    assert len(made) - len(refused) == 40
    assert len(refused) == 40 * REFUSED / (1 - REFUSED)
    assert all(len(lesson.passages) == 1 for lesson in refused)
    by_question = {lesson.question: lesson for lesson in made[:40]}
    for lesson in refused:  # its best wrong one, as beside the right one
        assert lesson.passages[0] == by_question[lesson.question].passages[1]
    assert made[40:] == refused
    assert taught(*pairs, seed=4)[:40] == made[:40]
    assert taught(*pairs, seed=4)[40:] != refused
    assert taught(*pairs[::-1])[40:] == refused


def test_what_nothing_answers_is_taught_first_and_never_too_much() -> None:
    absent = [pair(0, "", 100 + n, kind="absent", document_id="") for n in range(8)]
    pairs = [pair(1, "nine", n) for n in range(8)]
    made = taught(*absent, *pairs)
    assert len(made) == 10
    assert {lesson.question for lesson in made[8:]} <= {one.question for one in absent}
    assert made[8].passages == (wrong(0), wrong(1))
    confirmed = replace(absent[5], state=PairState.RIGHT)
    assert taught(*absent[:5], confirmed, *absent[6:], *pairs)[8].question == confirmed.question
    assert taught(*absent) == []


def test_what_a_person_confirmed_counts_twice_and_what_was_rejected_not_at_all() -> None:
    confirmed = pair(1, "nine", 1, state=PairState.RIGHT)
    lesson = taught(pair(1, "nine", 1))
    assert taught(confirmed) == lesson * 2
    for state in (PairState.WRONG, PairState.SKIPPED, PairState.REJECTED):
        assert taught(replace(confirmed, state=state)) == []


def test_a_passage_that_is_gone_teaches_nothing() -> None:
    assert lessons([pair(1, "nine")], lambda one: None, lambda one: [], 1) == []
    (alone,) = lessons([pair(1, "nine")], lambda one: PASSAGES[1], lambda one: [], 1)
    assert alone.passages == (right(1, "span", "nine"),)


def test_the_reader_goes_through_its_lessons_twice_at_the_most() -> None:
    passage = LessonPassage("", "Open at nine.", "none")
    made = [Lesson(f"Question {n}?", (passage, passage, passage)) for n in range(60)]
    steps = most_steps(made)
    assert steps * A_STEP == 2 * 60 * 3
    assert most_steps(made[:1]) == 1
