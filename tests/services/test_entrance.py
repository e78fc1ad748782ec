"""The entrance exam: its questions, its marks, its five minutes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import count

import pytest

from ragdesk.domain.chat import Message
from ragdesk.domain.entrance import FAILED, PASSED, UNSURE, Entrance, Share
from ragdesk.errors import ServerLost
from ragdesk.services import prompt
from ragdesk.services.compare import normal
from ragdesk.services.entrance import FEWEST, Question, in_words, layout, load, sit, verdict
from tests.fakes_chat import ScriptedChat

QUESTIONS = load()
BY_TEXT = {one.question: one for one in QUESTIONS}


def asked_in(messages: Sequence[Message]) -> Question:
    return BY_TEXT[messages[-1].text.rsplit("Question: ", 1)[1]]


def perfect(messages: Sequence[Message]) -> str:
    """The passages' own words, each with its number."""
    question = asked_in(messages)
    if question.absent:
        return prompt.NOT_THERE
    start = f"{question.wanted[0][0].capitalize()}. " if question.kind == "yes_no" else ""
    return start + " ".join(
        f"{question.passages[number - 1][1].rstrip('.')} [{number}]."
        for number in sorted(question.right)
    )


def taken(answer: Callable[[Sequence[Message]], str], **options: object) -> Entrance:
    return sit(ScriptedChat(answer), "abc", **options)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def passed() -> Entrance:
    return taken(perfect)


def test_there_are_forty_questions_of_every_kind_and_each_kind_comes_early() -> None:
    kinds = Counter(one.kind for one in QUESTIONS)
    assert len(QUESTIONS) == 40
    assert kinds["absent"] >= 8
    assert min(kinds.values()) >= 5
    assert {one.kind for one in QUESTIONS[:FEWEST]} == set(kinds)


def test_what_is_wanted_stands_in_the_right_passages_and_in_no_other() -> None:
    for question in QUESTIONS:
        assert question.absent == (question.kind == "absent")
        assert len(question.right) == (2 if question.kind == "conflict" else not question.absent)
        if question.kind == "yes_no":
            continue
        for number, (_, text) in enumerate(question.passages, 1):
            said = [
                group
                for group in question.wanted
                if any(
                    re.search(rf"(?<!\w){re.escape(normal(w))}(?!\w)", normal(text)) for w in group
                )
            ]
            assert bool(said) == (number in question.right), (question.question, number)


def test_the_right_passage_stands_at_every_place() -> None:
    places = Counter(number for one in QUESTIONS for number in one.right)
    assert min(places[number] for number in (1, 2, 3)) >= 8


def test_who_answers_all_rightly_passes(passed: Entrance) -> None:
    assert passed.asked == passed.total == 40
    assert passed.ended == "all"
    for share in (passed.right, passed.keeps, passed.cites, passed.refuses):
        assert share.value == 1
        assert 0.6 < share.low < 1 == share.high
    assert passed.refuses_wrongly.value == 0
    assert passed.words_a_second > 0
    assert verdict(passed) == PASSED
    assert in_words(passed).startswith("cites well, about a second")


def test_passages_are_given_exactly_as_for_a_persons_question() -> None:
    model = ScriptedChat(prompt.NOT_THERE)
    sit(model, "abc")
    first = QUESTIONS[0]
    assert model.told[0] == prompt.messages(first.question, first.passages)


def test_who_refuses_everything_fails() -> None:
    result = taken(lambda _: "I cannot find that in the passages.")
    assert result.refuses.value == result.refuses_wrongly.value == 1
    assert result.right.value is None
    assert verdict(result) == FAILED
    assert "answers nothing" in in_words(result)
    assert "often refuses too early" in in_words(result)


def test_who_answers_what_is_not_there_fails() -> None:
    def bold(messages: Sequence[Message]) -> str:
        question = asked_in(messages)
        return f"{question.passages[0][1]} [1]" if question.absent else perfect(messages)

    result = taken(bold)
    assert (result.refuses.value, result.right.value) == (0, 1)
    assert verdict(result) == FAILED
    assert "hardly ever says that something is not in your documents" in in_words(result)


@pytest.mark.parametrize(
    ("spoil", "share", "words"),
    [
        (lambda text, _: re.sub(r"\[\d\]", "", text), "cites", "wrong passage or to none"),
        (lambda text, _: re.sub(r"\[\d\]", "[7]", text), "cites", "wrong passage or to none"),
        (lambda text, _: text + " Ask Mr Zimmerli for 777 more.", "keeps", "stand in no passage"),
        (lambda _, question: question.rstrip("?") + " [1].", "right", "often answers wrongly"),
    ],
)
def test_what_is_spoiled_is_the_mark_that_is_missed(
    spoil: Callable[[str, str], str], share: str, words: str
) -> None:
    def answer(messages: Sequence[Message]) -> str:
        right, question = perfect(messages), asked_in(messages)
        return right if question.absent else spoil(right, question.question)

    result = taken(answer)
    assert getattr(result, share).value < 0.2
    assert verdict(result) == FAILED
    assert words in in_words(result)


def test_silence_is_no_refusal() -> None:
    result = taken(lambda _: " \n")
    assert (result.refuses.value, result.refuses_wrongly.value) == (0, 0)
    assert (result.right.value, result.cites.value) == (0, 0)
    assert verdict(result) == FAILED


def test_a_model_that_thinks_has_room_for_it() -> None:
    thinking = ScriptedChat("word" + " word" * 499, thinks=True)
    sit(thinking, "abc", questions=QUESTIONS[:1])
    assert thinking.said == 500
    plain = ScriptedChat("word " * 500)
    sit(plain, "abc", questions=QUESTIONS[:1])
    assert plain.said < 300


def test_a_passage_more_than_the_right_one_is_no_right_citation() -> None:
    def answer(messages: Sequence[Message]) -> str:
        text = perfect(messages)
        return text if asked_in(messages).absent else f"{text} [1] [2] [3]"

    assert taken(answer).cites.value == 0


def test_yes_where_no_is_right_is_wrong() -> None:
    def contrary(messages: Sequence[Message]) -> str:
        text = perfect(messages)
        return text.replace("Yes.", "No.") if text.startswith("Yes.") else text

    result = taken(contrary)
    yes = sum(one.kind == "yes_no" and one.wanted[0][0] == "yes" for one in QUESTIONS)
    assert result.right.of - result.right.right == yes


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("No [2].", True),
        ("The shop does not repair batteries [2].", True),
        ("They don’t [2].", True),
        ("Yes, but we do not repair them [2].", False),
        ("The shop repairs batteries [2].", False),
    ],
)
def test_yes_and_no_may_be_said_in_a_sentence(text: str, right: bool) -> None:
    question = BY_TEXT["Does the bicycle shop repair batteries?"]
    assert sit(ScriptedChat(text), "abc", questions=[question]).right.right == right


def test_no_more_is_asked_than_fits_into_the_time() -> None:
    seconds = count(0, 10)  # every look at the clock is ten seconds later
    result = taken(perfect, clock=lambda: next(seconds))
    assert result.ended == "time"
    assert 0 < result.asked < 12
    assert result.asked * 10 <= 300
    assert verdict(result) == UNSURE
    assert f"{result.asked} of 40 questions asked" in in_words(result)


def test_a_person_stops_it_and_what_was_asked_stays() -> None:
    progress: list[tuple[int, int]] = []
    result = taken(
        perfect,
        stopped=lambda: len(progress) == 3,
        on_progress=lambda asked, total: progress.append((asked, total)),
    )
    assert progress == [(1, 40), (2, 40), (3, 40)]
    assert (result.asked, result.ended) == (3, "stopped")


def test_a_question_that_is_broken_off_does_not_count() -> None:
    said = count()
    result = taken(perfect, stopped=lambda: next(said) > 4)
    assert (result.asked, result.ended) == (0, "stopped")
    assert in_words(result) == "nothing was asked yet"
    assert verdict(result) == UNSURE


def test_a_server_that_goes_away_is_said_and_not_marked() -> None:
    with pytest.raises(ServerLost):
        sit(ScriptedChat([ServerLost(name="x")]), "abc")


def test_the_layout_is_another_when_the_rules_are(monkeypatch: pytest.MonkeyPatch) -> None:
    before = layout()
    monkeypatch.setattr("ragdesk.services.entrance.RULES", "Answer.")
    assert layout() != before


@pytest.mark.parametrize(
    ("name", "least"),
    [("right", 28), ("cites", 34), ("refuses", 24), ("keeps", 38)],
)
def test_each_mark_decides_alone(passed: Entrance, name: str, least: int) -> None:
    at_mark = replace(passed, **{name: Share(least, 40)})  # type: ignore[arg-type]
    below = replace(passed, **{name: Share(least - 1, 40)})  # type: ignore[arg-type]
    assert (verdict(at_mark), verdict(below)) == (PASSED, FAILED)


def test_refusing_three_of_twenty_wrongly_passes_and_four_do_not(passed: Entrance) -> None:
    assert verdict(replace(passed, refuses_wrongly=Share(3, 20))) == PASSED
    refusing = replace(passed, refuses_wrongly=Share(4, 20), seconds=12.2)
    assert verdict(refusing) == FAILED
    assert (
        in_words(refusing) == "cites well, about 12 seconds an answer, sometimes refuses too early"
    )
