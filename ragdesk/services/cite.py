"""Quotes: verbatim text of a document at its spans. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ..domain.document import Span

BETWEEN_SPANS = "\n"


def quoted(spans: Sequence[Span], pages: Mapping[int, str]) -> str:
    """What stands at `spans`: each exactly `pages[page][start : start + length]`, a line feed between.

    `pages` holds page texts by page number.
    """
    return BETWEEN_SPANS.join(
        pages[span.page][span.start : span.start + span.length] for span in spans
    )
