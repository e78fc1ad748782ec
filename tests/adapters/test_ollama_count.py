"""How many tokens a question has, where the server has no call that would say it."""

from __future__ import annotations

from ragdesk.adapters.ollama_count import Count, estimate, most
from ragdesk.domain.chat import Message

ENGLISH = "The supplier delivers the tiles within fourteen days of the order, free of charge. " * 20
TABLE = "| 12,480.50 | 3.75 % | 2024-11-03 | - |\n" * 20
CHINESE = "供应商应在收到订单后十四天内免费交付瓷砖。" * 20


def asked(text: str) -> list[Message]:
    return [Message("system", "Answer from the passages."), Message("user", text)]


def test_what_was_asked_once_is_known() -> None:
    count = Count()
    count.learn(asked(ENGLISH), 321)
    assert count.of(asked(ENGLISH)) == 321


def test_before_anything_is_known_it_is_cautious() -> None:
    # As the tokenizer of SmolLM2 counts these, which has a token for each digit and knows English best.
    for text, tokens in ((ENGLISH, 326), (TABLE, 685), (CHINESE, 805)):
        assert Count().of(asked(text)) > tokens
        assert Count().of(asked(text)) <= most(asked(text))


def test_it_learns_how_dear_a_model_is() -> None:
    count = Count()
    before = count.of(asked(ENGLISH))
    count.learn(asked(TABLE), round(estimate(asked(TABLE)) * 0.7))
    after = count.of(asked(ENGLISH))
    assert 0.6 * before < after < 0.9 * before
    # The dearest of late decides.
    count.learn(asked(CHINESE), round(estimate(asked(CHINESE)) * 0.9))
    assert after < count.of(asked(ENGLISH)) <= before


def test_a_short_question_and_an_unsaid_count_teach_nothing() -> None:
    count = Count()
    before = count.of(asked(ENGLISH))
    count.learn([Message("user", "Hello")], 2)
    count.learn(asked(TABLE), 0)
    assert count.of(asked(ENGLISH)) == before


def test_a_count_that_was_too_low_is_not_made_again() -> None:
    count = Count()
    for number in range(20):
        count.learn(asked(f"{number} {ENGLISH}"), 330)
    context = 2 * count.of(asked(TABLE))
    count.was_too_low(asked(TABLE), context)
    assert count.of(asked(TABLE)) > min(context, most(asked(TABLE)) - 1)


def test_no_more_than_a_token_for_each_byte() -> None:
    count = Count()
    for _ in range(5):
        count.was_too_low(asked(TABLE), 100_000)
    assert count.of(asked(TABLE)) == most(asked(TABLE))
