"""Written sentences against the passages that they cite."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pytest

from ragdesk.domain.conversation import Hit, Mark, Marks
from ragdesk.services.support import best_stretch, doubt_of, look_for_support
from tests.fakes_embedder import FakeEmbedder

TEXT = "Keep the bill in a safe place. The warranty on tiles lasts ten years. Maria Gomez grants it in Lyon."


def hit(text: str = TEXT, passage: str = "1", title: str = "Terms 2026") -> Hit:
    return Hit(1, 1.0, passage, "d", title, "/a/terms.txt", False, 0, text, title, (), text)


def embed(texts: Sequence[str]) -> npt.NDArray[np.float32]:
    return FakeEmbedder().embed(texts)


@pytest.mark.parametrize(
    ("sentence", "doubt"),
    [
        ("The warranty on tiles lasts 10 years.", ""),
        ("Ten years.", ""),
        ("Yes.", ""),
        ("The warranty of 2026 lasts ten years.", ""),  # the title says 2026
        ("The warranty on tiles lasts 11 years.", "number"),
        ("The warranty on tiles lasts ten months.", "number"),
        ("The warranty lasts ten years from 1 May 2026.", "date"),
        ("The warranty on tiles is granted by Anna.", "name"),
        ("Broken glass can be handed in at every office nearby.", "words"),
    ],
)
def test_what_the_passage_bears_out(sentence: str, doubt: str) -> None:
    assert doubt_of(sentence, [hit()], embed) == doubt


def test_a_sentence_without_a_passage_is_uncited() -> None:
    assert doubt_of("The warranty on tiles lasts ten years.", [], embed) == "uncited"


def test_words_that_the_reader_marked_speak_for_a_sentence() -> None:
    sentence = "Granted free of charge for ten years after purchase."
    assert doubt_of(sentence, [hit()], embed) == "words"
    start = TEXT.index("ten years")
    marks = {"1": Marks(3.0, marks=(Mark(start, start + 9, 2.0),))}
    assert doubt_of(sentence, [hit()], embed, marks) == ""
    unsure = {"1": Marks(-3.0, marks=(Mark(start, start + 9, -2.0),))}
    assert doubt_of(sentence, [hit()], embed, unsure) == "words"


def test_nearness_in_meaning_speaks_for_a_sentence() -> None:
    def near(texts: Sequence[str]) -> npt.NDArray[np.float32]:
        return np.ones((len(texts), 1), dtype=np.float32)

    sentence = "Tiles stay guaranteed for a decade or longer."
    assert doubt_of(sentence, [hit()], embed) == "words"
    assert doubt_of("Tiles stay guaranteed.", [hit()], near) == ""
    assert doubt_of("Glass can be recycled nearby.", [hit()], near) == "words"


def test_another_language_is_held_to_its_facts() -> None:
    assert doubt_of("Die Garantie auf die Fliesen gilt 10 Jahre.", [hit()], embed) == ""
    assert doubt_of("Die Garantie auf die Fliesen gilt 12 Jahre.", [hit()], embed) == "number"
    assert doubt_of("Die Garantie auf die Fliesen ist für immer.", [hit()], embed) == "words"


def test_another_passage_may_bear_a_sentence_out() -> None:
    other = hit("Glass is broken.", "2", "Glass")
    found = look_for_support("The warranty on tiles lasts ten years.", [other, hit()], embed)
    assert found is not None
    assert found.hit.passage_id == "1"
    assert TEXT[found.start : found.end] == "The warranty on tiles lasts ten years."
    assert look_for_support("The warranty lasts nine years.", [other, hit()], embed) is None


def test_the_best_stretch_is_the_sentence_with_most_in_common() -> None:
    start, end = best_stretch("It is granted by Gomez in Lyon", hit())
    assert TEXT[start:end] == "Maria Gomez grants it in Lyon."
