"""A written answer taken apart and put together again."""

from __future__ import annotations

import pytest

from ragdesk.services.utterance import sentences_of, text_of


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("Ten years. [1] Keep the bill. [2]", [("Ten years.", (1,)), ("Keep the bill.", (2,))]),
        ("Ten years [1]. Keep the bill [2].", [("Ten years.", (1,)), ("Keep the bill.", (2,))]),
        ("Ten [1] years [2] [1].", [("Ten years.", (1, 2))]),
        ("[1] Ten years. [2] Keep it.", [("Ten years.", (1,)), ("Keep it.", (2,))]),
        ("Ten years.[1]Keep it.[2]", [("Ten years.", (1,)), ("Keep it.", (2,))]),
        ("Ten years.\n[1]", [("Ten years.", (1,))]),
        ("[1]\nTen years.", [("Ten years.", (1,))]),
        ("Ten years", [("Ten years", ())]),
        ("**Ten** years of *care* [1].", [("Ten years of care.", (1,))]),
        ("", []),
        ("[1]", []),
    ],
)
def test_a_marker_belongs_to_its_sentence(
    text: str, sentences: list[tuple[str, tuple[int, ...]]]
) -> None:
    assert [(one.text, one.numbers) for one in sentences_of(text)] == sentences


def test_lines_and_lists_are_kept() -> None:
    text = "Bring these: [1]\n\n- a bill [1]\n- a pen. Or two. [2]"
    assert text_of(sentences_of(text)) == text
    assert [one.text for one in sentences_of(text)] == [
        "Bring these:",
        "a bill",
        "a pen.",
        "Or two.",
    ]
