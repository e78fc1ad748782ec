"""Practice questions as the writer's lessons."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from ragdesk.domain.conversation import Hit
from ragdesk.domain.document import Passage
from ragdesk.domain.training import Pair, PairState, WriterLesson
from ragdesk.services.prompt import NOT_THERE, messages
from ragdesk.services.refuse import refuses
from ragdesk.services.rehearse import REFUSED, writer_lessons

COUNT = 40
PASSAGES = tuple(
    Passage("d", n, f"The tile T{n} costs {n + 20} euro. It is not glazed.", f"Tiles › T{n}", ())
    for n in range(COUNT)
)
MARKER = re.compile(r"\[(\d)\]")
SHOWN = re.compile(r'\[(\d)\] (.*)\n"""\n(.*)\n"""')


def hit(passage: Passage, rank: int) -> Hit:
    return Hit(
        rank=rank,
        score=1 / rank,
        passage_id=passage.id,
        document_id="d",
        title="Tiles",
        path="tiles.md",
        paged=False,
        position=passage.position,
        text=passage.text,
        context=passage.context,
        spans=(),
        quote="",
    )


def pair(number: int, **more: object) -> Pair:
    answer = f"{number + 20} euro"
    start = PASSAGES[number].text.index(answer)
    made = Pair(
        f"p{number}",
        f"What does T{number} cost?",
        answer,
        "d",
        number,
        start=start,
        end=start + len(answer),
        kind="fact",
    )
    return replace(made, **more)  # type: ignore[arg-type]


def found(one: Pair) -> list[Hit]:
    """Its own passage first, then the four behind it."""
    first = max(one.position, 0)
    near = [PASSAGES[(first + n) % COUNT] for n in range(5)]
    return [hit(passage, rank) for rank, passage in enumerate(near, 1)]


def taught(
    pairs: Sequence[Pair], *, seed: int = 3, general: Sequence[WriterLesson] = ()
) -> list[WriterLesson]:
    return writer_lessons(pairs, lambda one: PASSAGES[one.position], found, seed, general=general)


def shown(lesson: WriterLesson) -> dict[int, str]:
    found = SHOWN.findall(lesson.messages[-1].text)
    return {int(number): text for number, _, text in found}


PAIRS = [pair(number) for number in range(COUNT)]


def plain(lessons: Sequence[WriterLesson]) -> list[WriterLesson]:
    return [one for one in lessons if one.answer != NOT_THERE and ", but " not in one.answer]


def test_what_is_told_is_what_a_model_is_asked_with_and_the_marker_names_the_passage() -> None:
    lessons = plain(taught(PAIRS))
    assert len(lessons) == COUNT
    places = set()
    for one, lesson in zip(PAIRS, lessons, strict=True):
        texts = shown(lesson)
        assert len(texts) == 3
        headings = [heading for _, heading, _ in SHOWN.findall(lesson.messages[-1].text)]
        passages = list(zip(headings, texts.values(), strict=True))
        assert list(lesson.messages) == messages(one.question, passages)
        (number,) = MARKER.findall(lesson.answer)
        assert lesson.answer == f"{one.answer} [{number}]"
        assert texts[int(number)] == PASSAGES[one.position].text
        places.add(number)
    assert places == {"1", "2", "3"}


def test_one_of_five_refuses_and_none_of_its_passages_answers() -> None:
    lessons = taught(PAIRS)
    refused = [one for one in lessons if one.answer == NOT_THERE]
    assert abs(len(refused) / len(lessons) - REFUSED) < 0.02
    for lesson in refused:
        assert refuses(lesson.answer)
        tile = re.search(r"What does (T\d+) cost", lesson.messages[-1].text)
        assert tile is not None
        assert len(shown(lesson)) == 3
        assert not any(f"{tile[1]} " in text for text in shown(lesson).values())


def test_questions_that_nothing_answers_refuse_first() -> None:
    absent = [
        pair(n, id=f"a{n}", question=f"Who made T{n}?", answer="", kind="absent") for n in range(5)
    ]
    refused = [one for one in taught([*PAIRS, *absent]) if one.answer == NOT_THERE]
    assert {
        f"Who made T{n}?" in one.messages[-1].text for n in range(5) for one in refused[:5]
    } == {
        True,
        False,
    }
    assert all("Who made" in one.messages[-1].text for one in refused[:5])
    assert taught(absent) == []


def test_where_passages_differ_both_numbers_are_told() -> None:
    differing = [one for one in taught(PAIRS) if ", but " in one.answer]
    assert differing
    for lesson in differing:
        first, second = lesson.answer.split(", but ")
        said = [re.fullmatch(r"(\d+ euro) \[(\d)\]", part) for part in (first, second)]
        numbers = []
        for part in said:
            assert part is not None
            assert part[1] in shown(lesson)[int(part[2])]
            numbers.append(int(part[2]))
        assert numbers == sorted(numbers)
        assert len({part[1] for part in said if part}) == 2


def test_questions_on_one_passage_are_asked_of_the_same_passages_and_confirmed_ones_twice() -> None:
    more = [
        pair(3, id=f"m{n}", question=f"Price of T3, {n}?", state=PairState.RIGHT) for n in range(3)
    ]
    lessons = plain(taught([pair(0), *more[:2], pair(3), more[2]]))
    assert [one.messages[-1].text.rsplit("Question: ", 1)[1] for one in lessons] == [
        "What does T0 cost?",
        "Price of T3, 0?",
        "Price of T3, 0?",
        "Price of T3, 1?",
        "Price of T3, 1?",
        "What does T3 cost?",
        "Price of T3, 2?",
        "Price of T3, 2?",
    ]
    assert len({tuple(shown(one).items()) for one in lessons[1:6]}) == 1


def test_behind_yes_and_no_stands_the_sentence_that_says_so() -> None:
    asked = pair(4, answer="No", kind="yes_no", start=-1, end=-1, quote="It is not glazed.")
    (lesson,) = plain(taught([asked]))
    assert re.fullmatch(r"No\. It is not glazed\. \[\d\]", lesson.answer)
    (lesson,) = plain(taught([replace(asked, quote="")]))
    assert re.fullmatch(r"No \[\d\]", lesson.answer)


def test_what_was_known_before_is_mixed_in() -> None:
    general = [WriterLesson(tuple(messages(f"And {n}?", [("A", "b")])), "B [1]") for n in range(30)]
    lessons = taught(PAIRS, general=general)
    replayed = [one for one in lessons if one in general]
    assert abs(len(replayed) / len(lessons) - 0.1) < 0.02


def test_pairs_that_are_not_learned_from_or_have_no_answer_teach_nothing() -> None:
    for wrong in (
        pair(1, state=PairState.WRONG),
        pair(1, answer="", start=-1, end=-1, kind="heading"),
        pair(1, answer="x" * 300, start=-1, end=-1),
    ):
        assert taught([wrong]) == []
    assert writer_lessons([pair(1)], lambda one: None, found, 3) == []


def test_the_same_seed_gives_the_same_lessons() -> None:
    assert taught(PAIRS) == taught(PAIRS)
    assert taught(PAIRS, seed=4) != taught(PAIRS)
