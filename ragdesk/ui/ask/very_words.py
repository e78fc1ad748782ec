"""Where the very words of a citation stand in a sentence that is shown.

A citation names places on the raw page; what is shown is mended text, whose letters and digits are
the same in the same order.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from ...domain.conversation import Citation


def very_words(text: str, citation: Citation) -> list[tuple[int, int]]:
    """(start, end) of each stretch of `text` that the citation marks, none where it marks it all."""
    quote, places = _solid(citation.quote), list(_marked(citation))
    sentence = _solid(text)
    shown = "".join(character for character, _ in sentence)
    whole = "".join(character for character, _ in quote)
    behind = whole.find(shown) if shown else -1
    found: list[tuple[int, int]] = []
    for start, end in places:
        first = sum(1 for _, at in quote if at < start)
        last = sum(1 for _, at in quote if at < end)
        if behind < 0:  # shown otherwise than it stands: a cell with its column's name
            at = shown.find(whole[first:last])
            first, last = at + behind, at + behind + last - first
            if at < 0:
                continue
        begin, stop = first - behind, last - behind
        if 0 <= begin < stop <= len(sentence):
            found.append((sentence[begin][1], sentence[stop - 1][1] + 1))
    all_of_it = [(sentence[0][1], sentence[-1][1] + 1)] if sentence else []
    return sorted(found) if found != all_of_it else []


def _marked(citation: Citation) -> Iterator[tuple[int, int]]:
    """(start, end) in the quote of what the citation marks."""
    for mark in citation.marked:
        at = 0
        for span in citation.spans:
            inside = mark.start - span.start
            if span.page == mark.page and 0 <= inside < span.length:
                yield at + inside, at + min(inside + mark.length, span.length)
            at += span.length + 1  # a line feed between the pieces of a quote


def _solid(text: str) -> list[tuple[str, int]]:
    """Letters, digits and signs of money with their positions; ligatures are their letters."""
    return [
        (part, position)
        for position, character in enumerate(text)
        for part in unicodedata.normalize("NFKC", character).casefold()
        if part.isalnum() or part in "%§" or unicodedata.category(part) == "Sc"
    ]
