"""Quotes: verbatim text of a document at its spans."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from ..domain.conversation import Hit
from ..domain.document import Page, Passage, Span
from .mend import Places

BETWEEN_SPANS = "\n"


def quoted(spans: Sequence[Span], pages: Mapping[int, str]) -> str:
    """What stands at `spans`: each exactly `pages[page][start : start + length]`, a line feed between.

    `pages` holds page texts by page number.
    """
    return BETWEEN_SPANS.join(
        pages[span.page][span.start : span.start + span.length] for span in spans
    )


class Quoter:
    """Finds stretches of passages on their pages, for one answer: it keeps the pages it read.

    `pages` reads pages of a document by number.
    """

    def __init__(self, pages: Callable[[str, Iterable[int]], Sequence[Page]]) -> None:
        self._pages = pages
        self._known: dict[str, dict[int, str]] = {}
        self._last: tuple[Hit | Passage, Places] | None = None

    def has(self, hit: Hit | Passage) -> bool:
        """Whether the pages of a hit are still there: its document may have been removed since."""
        return self._texts(hit.document_id, hit.spans).keys() >= {s.page for s in hit.spans}

    def spans(self, hit: Hit | Passage, stretches: Sequence[tuple[int, int]]) -> tuple[Span, ...]:
        """Where the stretches (start, end) of `hit.text` stand, in their order.

        The spans of the whole passage where the text of its pages is not the one it was cut from.
        """
        places = self._places(hit)
        found = [span for start, end in stretches for span in places.spans(start, end)]
        return tuple(found) if places.whole and found else hit.spans

    def quote(self, document_id: str, spans: Sequence[Span]) -> str:
        """The verbatim text at `spans` of a document."""
        return quoted(spans, self._texts(document_id, spans))

    def _places(self, hit: Hit | Passage) -> Places:
        """Those of the passage asked for last are kept: several stretches of one are asked in a row."""
        if self._last is None or self._last[0] is not hit:
            texts = self._texts(hit.document_id, hit.spans)
            pieces = [
                (s.page, s.start, texts[s.page][s.start : s.start + s.length]) for s in hit.spans
            ]
            self._last = hit, Places(hit.text, pieces)
        return self._last[1]

    def _texts(self, document_id: str, spans: Sequence[Span]) -> dict[int, str]:
        known = self._known.setdefault(document_id, {})
        wanted = {span.page for span in spans} - known.keys()
        if wanted:
            known.update((page.number, page.text) for page in self._pages(document_id, wanted))
        return known
