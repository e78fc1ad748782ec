"""Where words that a person copied out of a document stand in it.

A person, or another program, names a document by its file's name or the end of its path, and copies
words as a page, a viewer or a spreadsheet shows them. Letters and digits alone are compared, so
line ends, hyphens, marks of emphasis and the bars of tables do not matter.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from ..domain.document import Passage, Span
from ..domain.training import Fold
from ..store.documents import Documents
from ..store.passages import Passages
from .cite import Quoter
from .match import expression, terms
from .mend import sentence_bounds

LOOKED_AT = 20  # passages of a shelf that are looked through where no document is named
TELLING = 12  # letters that a sentence of a quote must have to be looked for alone
_ALPHABETS_END = "\u2e80"  # from here on scripts that put no space between words


@dataclass(frozen=True, slots=True)
class Located:
    """A place in a document: `spans` and the verbatim `quote` of its pages.

    `start` and `end` are where the answer stands in the text of the passage at `position`, -1
    where it does not stand there word for word.
    """

    document_id: str
    position: int
    spans: tuple[Span, ...]
    quote: str
    start: int
    end: int


class Locator:
    """Looks on one shelf, or on all (None). `fold_of` tells the fold of a document's passage."""

    def __init__(
        self,
        documents: Documents,
        passages: Passages,
        collection_id: str | None,
        fold_of: Callable[[str, int], Fold],
    ) -> None:
        self._passages = passages
        self._shelf = collection_id
        self._quoter = Quoter(documents.pages)
        self._places = [
            (row.place.path, row.place.document_id)
            for row in documents.all(collection_id)
            if row.place.document_id is not None and row.document is not None
        ]
        self._texts: dict[str, list[tuple[Passage, _Letters]]] = {}
        self.fold_of = fold_of

    def documents_called(self, name: str) -> list[str]:
        """Ids of the documents whose path is `name` or ends with it, in any case; no one twice."""
        wanted = _path(name)
        found = (
            document_id
            for path, document_id in self._places
            if f"/{_path(path)}".endswith(f"/{wanted}")
        )
        return list(dict.fromkeys(found)) if wanted else []

    def locate(
        self, document: str, page: int | None, quote: str, answer: str = ""
    ) -> Located | None:
        """The place of a quote, or of an answer where no quote is given; None where there is none.

        Of several alike, one that holds the answer goes first, then one on `page`, then the first.
        A quote that runs on past a passage is found by its sentences, that with the answer first.
        An answer alone is a place only where it stands in one passage of a named document.
        """
        passages = self._to_look_through(document, quote)
        for words in _stretches(quote, answer):
            found = [
                (passage, place) for passage, letters in passages for place in letters.find(words)
            ]
            if found:
                return self._located(*self._best(found, page, answer), answer)
        if quote or not document or not answer:
            return None
        holding = [(p, place) for p, letters in passages for place in letters.find(answer)]
        if len({passage.id for passage, _ in holding}) != 1:
            return None
        passage, place = holding[0]
        around = [(a, b) for a, b in sentence_bounds(passage.text) if a <= place[0] < b]
        start, end = around[0] if around else place
        return self._located(passage, (start, max(end, place[1])), answer)

    def _to_look_through(self, document: str, quote: str) -> list[tuple[Passage, _Letters]]:
        if document:
            return [found for one in self.documents_called(document) for found in self._of(one)]
        if not quote.strip():
            return []
        ranked = self._passages.search_words(expression(terms(quote)), LOOKED_AT, self._shelf)
        stored = self._passages.get([number for number, _ in ranked], self._shelf)
        ids = dict.fromkeys(stored[n].passage.document_id for n, _ in ranked if n in stored)
        wanted = {one.passage.id for one in stored.values()}
        return [pair for one in ids for pair in self._of(one) if pair[0].id in wanted]

    def _of(self, document_id: str) -> list[tuple[Passage, _Letters]]:
        if document_id not in self._texts:
            self._texts[document_id] = [
                (passage, _Letters(passage.text))
                for passage in self._passages.of_document(document_id)
            ]
        return self._texts[document_id]

    @staticmethod
    def _best(
        found: Sequence[tuple[Passage, tuple[int, int]]], page: int | None, answer: str
    ) -> tuple[Passage, tuple[int, int]]:
        def rank(one: tuple[Passage, tuple[int, int]]) -> tuple[bool, bool]:
            passage = one[0]
            holds = bool(answer) and next(_Letters(passage.text).find(answer), None) is not None
            return not holds, page is not None and page not in {s.page for s in passage.spans}

        return min(found, key=rank)

    def _located(self, passage: Passage, place: tuple[int, int], answer: str) -> Located:
        spans = self._quoter.spans(passage, [place])
        start, end = _answer_in(passage.text, place, answer)
        quote = self._quoter.quote(passage.document_id, spans)
        return Located(passage.document_id, passage.position, spans, quote, start, end)


class _Letters:
    """The letters and digits of a text, each with its index there."""

    def __init__(self, text: str) -> None:
        self._text = text
        letters, self._at = _letters(text)
        self.letters = letters

    def find(self, words: str) -> Iterator[tuple[int, int]]:
        """(start, end) of whole words with the letters of `words`, and the marks at its ends."""
        wanted, places = _letters(words)
        before = words[: places[0]].strip() if places else ""
        behind = words[places[-1] + 1 :].strip() if places else ""
        at = self.letters.find(wanted) if wanted else -1
        while at >= 0:
            start, end = self._at[at], self._at[at + len(wanted) - 1] + 1
            if not self._cuts_word(start) and not self._cuts_word(end):
                opened = _alike(before[::-1], self._text[:start][::-1])
                yield start - opened, end + _alike(behind, self._text[end:])
            at = self.letters.find(wanted, at + 1)

    def _cuts_word(self, index: int) -> bool:
        around = self._text[max(index - 1, 0) : index + 1]
        return len(around) == 2 and all(c.isalnum() and c < _ALPHABETS_END for c in around)


def _alike(one: str, other: str) -> int:
    """How many characters the two begin with in common."""
    pairs = zip(one, other, strict=False)
    return next((n for n, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))


def _letters(text: str) -> tuple[str, list[int]]:
    found = [
        (letter, index)
        for index, character in enumerate(text)
        for letter in unicodedata.normalize("NFKC", character).casefold()
        if letter.isalnum()
    ]
    return "".join(letter for letter, _ in found), [index for _, index in found]


def _stretches(quote: str, answer: str) -> Iterator[str]:
    """What of a quote is looked for: all of it, then its sentences."""
    yield quote
    sentences = [quote[start:end] for start, end in sentence_bounds(quote)]
    sentences += [line for line in quote.splitlines() if line not in sentences]
    holding = [one for one in sentences if answer and answer.casefold() in one.casefold()]
    for one in [*holding, *sentences]:
        if len(_letters(one)[0]) >= TELLING:
            yield one


def _answer_in(text: str, place: tuple[int, int], answer: str) -> tuple[int, int]:
    """Where the answer stands word for word in a passage: inside `place` if it does, else first."""
    words = [re.escape(word) for word in answer.split()]
    if not words:
        return -1, -1
    pattern = re.compile(r"(?<!\w)" + r"\s+".join(words) + r"(?!\w)", re.IGNORECASE)
    spans = [match.span() for match in pattern.finditer(text)]
    inside = [span for span in spans if place[0] <= span[0] and span[1] <= place[1]]
    return next(iter([*inside, *spans]), (-1, -1))


def _path(name: str) -> str:
    return unicodedata.normalize("NFC", name.strip().replace("\\", "/").strip("/")).casefold()
