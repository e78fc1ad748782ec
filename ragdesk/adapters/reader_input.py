"""What a reader of layout `question-passage/1` is given: a question, headings and a part of a text.

    [CLS] question [SEP] title and headings, text [SEP]

Read and learned is by these same rules.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

HEADING_TOKENS = 64  # longer headings lose their middle
OVERLAP = 96  # pieces that two neighbouring parts of a long text share


def asked(tokenizer: Any, question: str, most: int) -> list[int]:
    """The question with its two marks, `most` tokens at most; [] where it holds no words."""
    ids = _shortened(_ids(tokenizer, question), most - 2)
    return [tokenizer.token_to_id("[CLS]"), *ids, tokenizer.token_to_id("[SEP]")] if ids else []


def headed(tokenizer: Any, question: list[int], headings: str) -> list[int]:
    """All that stands before the text."""
    return [*question, *_shortened(_ids(tokenizer, headings), HEADING_TOKENS)]


def windows(pieces: int, room: int) -> Iterator[tuple[int, int]]:
    """First and last (excluded) piece of each part of a text; none of an empty one."""
    for start in range(0, max(pieces - OVERLAP, min(pieces, 1)), room - OVERLAP):
        yield start, min(start + room, pieces)


def _ids(tokenizer: Any, text: str) -> list[int]:
    ids: list[int] = tokenizer.encode(text, add_special_tokens=False).ids
    return ids


def _shortened(ids: list[int], room: int) -> list[int]:
    """At most `room`: what is asked stands at the start or the end of a long question."""
    if len(ids) <= room:
        return ids
    return ids[: room // 2] + ids[len(ids) - (room - room // 2) :]
