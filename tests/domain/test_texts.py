from __future__ import annotations

import re

import pytest

from ragdesk.domain.document import Verdict
from ragdesk.errors import RagDeskError
from ragdesk.texts import ERRORS, GAPS, VERDICTS, gap_sentence, sentence

_TRADE = re.compile(r"\b(token|vector|embedding|chunk|GGUF|OOM|index|exception|traceback)", re.I)


def _tree(cls: type[RagDeskError]) -> list[type[RagDeskError]]:
    return [cls, *(found for sub in cls.__subclasses__() for found in _tree(sub))]


def test_every_error_has_a_sentence_and_a_next_step() -> None:
    assert {cls.code for cls in _tree(RagDeskError)} == set(ERRORS)
    assert all(text.what and text.next for text in ERRORS.values())


def test_every_verdict_has_a_sentence_and_all_but_ready_a_next_step() -> None:
    assert set(VERDICTS) == set(Verdict)
    assert [v for v in Verdict if not VERDICTS[v].next] == [Verdict.READY]


@pytest.mark.parametrize("words", [
    *(t.what + t.next for t in ERRORS.values()), *(t.what + t.next for t in VERDICTS.values()), *GAPS.values(),
])  # fmt: skip
def test_words_are_for_people(words: str) -> None:
    assert not _TRADE.search(words)
    assert "!" not in words
    assert "sorry" not in words.lower()


def test_sentences_are_filled_and_never_fail() -> None:
    error = RagDeskError(what="here", log="a.log")
    assert "here" in sentence(error)
    assert "–" in sentence(RagDeskError())
    assert gap_sentence(3, "page_damaged") == "page 3 could not be read"
    assert gap_sentence(0, "cut_off").startswith("the file")
