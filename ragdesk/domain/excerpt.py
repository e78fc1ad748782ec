"""The stretch of a passage that is shown where there is no room for all of it. Pure."""

from __future__ import annotations

from collections.abc import Sequence

BEFORE = 0.35  # share of the stretch that may stand in front of the words looked for


def excerpt(text: str, words: Sequence[str], most: int) -> str:
    """The `most` characters of `text`, as one line, that have the most of `words`; else its beginning.

    `words` are in lower case and may be the beginnings of words. Cut between words, with … where
    something was left out.
    """
    text = " ".join(text.split())
    folded = text.casefold()
    before = int(most * BEFORE)
    found = [at for at in (folded.find(word) for word in words) if at >= 0]

    def held(at: int) -> int:
        return sum(word in folded[at : at + most - before] for word in words)

    start = max(0, max(found, key=held, default=0) - before)
    start = text.rfind(" ", 0, start) + 1 if start else 0
    end = len(text) if len(text) <= start + most else text.rfind(" ", start, start + most)
    end = end if end > start else start + most
    return ("… " if start else "") + text[start:end] + (" …" if end < len(text) else "")
