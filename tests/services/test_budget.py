"""What fits a model: whole passages, the best first."""

from __future__ import annotations

import pytest

from ragdesk.domain.conversation import Hit
from ragdesk.errors import PromptTooLong
from ragdesk.services.budget import ANSWER, ANSWER_SMALL, answer_tokens, fitting, is_small
from ragdesk.services.prompt import messages
from tests.fakes_chat import ScriptedChat


def hit(passage: str, words: int) -> Hit:
    text = f"{passage} " + "word " * (words - 1)
    return Hit(1, 1.0, passage, "d", "Title", "/a", False, 0, text.strip(), "Head", (), text)


def test_the_best_come_whole_and_what_does_not_fit_is_left_out() -> None:
    hits = [hit("a", 100), hit("b", 900), hit("c", 50), hit("d", 20)]
    model = ScriptedChat("", context=500)
    given, sent = fitting(model, "Why?", hits, 4, 100)
    assert [one.passage_id for one in given] == ["a", "c", "d"]
    assert sent == messages("Why?", [("Head", one.text) for one in given])
    assert model.count(sent) <= 400
    assert [h.passage_id for h in fitting(model, "Why?", hits, 2, 100)[0]] == ["a", "c"]


def test_a_passage_fits_to_the_last_word_or_not_at_all() -> None:
    one = hit("a", 100)
    needed = ScriptedChat("").count(messages("Why?", [("Head", one.text)]))
    given, _ = fitting(ScriptedChat("", context=needed + 50), "Why?", [one], 4, 50)
    assert given == [one]
    with pytest.raises(PromptTooLong) as long:
        fitting(ScriptedChat("", context=needed + 49), "Why?", [one, hit("b", 5)], 4, 50)
    assert long.value.params == {"name": "scripted"}


@pytest.mark.parametrize(
    ("context", "parameters", "small"),
    [
        (8192, "135M", True),
        (8192, "134.52M", True),
        (8192, "1B", True),
        (8192, "1.7B", False),
        (8192, "8.3B", False),
        (8192, "", False),
        (4096, "8B", True),
        (4097, "8B", False),
    ],
)
def test_small_models(context: int, parameters: str, small: bool) -> None:
    assert is_small(context, parameters) is small


def test_room_for_the_answer() -> None:
    assert answer_tokens(True, False) == ANSWER_SMALL < answer_tokens(False, False) == ANSWER
    assert answer_tokens(False, True) > 2 * ANSWER
