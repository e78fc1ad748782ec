"""What a question must be before it is asked."""

from __future__ import annotations

from ..errors import QuestionEmpty, QuestionTooLong

# Characters, four times what search and reader can take in of a question. Each more costs time, and
# nothing behind this bounds a question again: whoever asks goes through here.
LONGEST = 1_000


def received(question: str) -> str:
    """The question as it is asked: without white space around it, nothing in it that is no character.

    Raises `QuestionEmpty` or `QuestionTooLong`.
    """
    plain = question.encode("utf-8", "replace").decode("utf-8").replace("\0", " ").strip()
    if not plain:
        raise QuestionEmpty()
    if len(plain) > LONGEST:
        raise QuestionTooLong(count=len(plain), most=LONGEST)
    return plain
