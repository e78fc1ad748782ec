"""Where a practice question's answer stands: the place that opens, its name, its passage."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from PySide6.QtCore import QCoreApplication

from ...domain.conversation import Citation
from ...domain.document import Passage, Span
from ...domain.training import Pair
from ..ask.place_names import PlaceNames
from ..library import Library


class PairPlaces:
    """Looks places up in the library; each document once until `forget`."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._files: dict[str, tuple[str, str, bool]] = {}
        self.names = PlaceNames(library)

    def forget(self) -> None:
        """Documents may have been moved or removed since."""
        self._files.clear()

    def path(self, pair: Pair) -> str:
        """The document's path; "" where it is gone, or the question has none."""
        return self._file(pair.document_id)[0]

    def citation(self, pair: Pair) -> Citation | None:
        """The place as the viewer opens it, the answer's words marked; None where there is none."""
        if not pair.document_id:
            return None
        path, title, paged = self._file(pair.document_id)
        spans = pair.spans
        if not spans and (passage := self.passage(pair)) is not None:
            spans = passage.spans
        texts = self._texts(pair.document_id, spans)
        quote = "\n".join(texts) if any(texts) else pair.quote
        marked = tuple(_marked(spans, texts, pair.answer))
        return Citation(1, pair.document_id, path, title, paged, spans, quote, marked)

    def name(self, pair: Pair) -> str:
        """As in "Lease.pdf, page 7"; "" where there is none."""
        if not pair.document_id:
            return ""
        path, title, paged = self._file(pair.document_id)
        if not path:
            return QCoreApplication.translate("PairPlaces", "A document that is no longer here")
        return self.names.of(Citation(1, pair.document_id, path, title, paged, pair.spans, ""))

    def passage(self, pair: Pair) -> Passage | None:
        if not pair.document_id:
            return None
        return self._library.passages.at(pair.document_id, pair.position)

    def _file(self, document_id: str) -> tuple[str, str, bool]:
        """(path, title, whether its pages count) of a document."""
        if document_id and document_id not in self._files and self._library.is_open:
            document = self._library.documents.document(document_id)
            places = self._library.documents.places_of(document_id)
            self._files[document_id] = (
                places[0].place.path if places else "",
                document.title if document is not None else "",
                document is not None and document.paged,
            )
        return self._files.get(document_id, ("", "", False))

    def _texts(self, document_id: str, spans: tuple[Span, ...]) -> list[str]:
        numbers = sorted({span.page for span in spans})
        pages = {p.number: p.text for p in self._library.documents.pages(document_id, numbers)}
        return [pages.get(s.page, "")[s.start : s.start + s.length] for s in spans]


def stands_at(text: str, words: str) -> tuple[int, int] | None:
    """(start, end) of the first place where `words` stand in `text` as whole words, or None.

    Letters, digits and signs are compared, case and white space are not.
    """
    solid, sought = list(_solid(text)), "".join(c for c, _ in _solid(words))
    whole = "".join(c for c, _ in solid)
    at = whole.find(sought) if sought else -1
    while at >= 0:
        start, end = solid[at][1], solid[at + len(sought) - 1][1] + 1
        if not (_inside_word(text, start) or _inside_word(text, end)):
            return start, end
        at = whole.find(sought, at + 1)
    return None


def whole_words(text: str, start: int, end: int) -> tuple[int, int]:
    """`start` and `end` moved out to where words begin and end, white space left outside."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    while start < end and _inside_word(text, start):
        start -= 1
    while start < end and _inside_word(text, end):
        end += 1
    return start, end


def _inside_word(text: str, at: int) -> bool:
    return 0 < at < len(text) and _of_word(text[at - 1]) and _of_word(text[at])


def _of_word(character: str) -> bool:
    return character.isalnum() or character == "_"


def _marked(spans: tuple[Span, ...], texts: list[str], answer: str) -> Iterator[Span]:
    """The answer's words on the pages: in one piece, or run over several."""
    found = stands_at("\n".join(texts), answer)
    at = 0
    for span, text in zip(spans, texts, strict=True) if found else ():
        assert found is not None
        start, end = max(found[0] - at, 0), min(found[1] - at, len(text))
        if start < end:
            yield Span(span.page, span.start + start, end - start)
        at += len(text) + 1


def _solid(text: str) -> Iterator[tuple[str, int]]:
    """Everything that is printed, folded, with its position; hyphens may be a line's end."""
    for position, character in enumerate(text):
        for part in unicodedata.normalize("NFKC", character).casefold():
            if not part.isspace() and part not in "-\u00ad\u2010\ufffe\x02":
                yield part, position
