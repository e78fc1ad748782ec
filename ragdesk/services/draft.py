"""Drafts of practice questions: what is asked, and where in a passage it is answered. Pure.

A draft leaves open whether its question names the document: `services.generate_pairs` decides,
which sees all of them.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ..domain.conversation import Hit
from ..domain.document import Document, Page, Passage
from .match import terms, words

WHERE = "{where}"  # in a draft's question: where the document's name or heading goes
STEPS = " › "  # between the steps of a passage's context

_SMALL_TITLES = re.compile(
    r"(?:exhibit|ex|annex|appendix|schedule|execution copy|untitled|document|readme|index|page)?"
    r"[\W\d_]*(?:\([a-z]\))?",
    re.IGNORECASE,
)
_TITLED = frozenset(
    [
        "handbook",
        "agreement",
        "policy",
        "guide",
        "report",
        "manual",
        "contract",
        "plan",
        "list",
        "catalogue",
        "procedure",
    ]
)
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")
_TITLE_WORDS = 12
_NOT_A_TOPIC = frozenset(
    [
        "he",
        "she",
        "it",
        "they",
        "we",
        "you",
        "i",
        "this",
        "that",
        "these",
        "those",
        "there",
        "here",
        "such",
        "who",
        "what",
        "which",
        "one",
        "some",
        "many",
        "most",
        "both",
        "each",
        "all",
        "other",
        "others",
        "his",
        "her",
        "its",
        "their",
        "our",
        "your",
        "my",
        "former",
        "latter",
    ]
)


@dataclass(frozen=True, slots=True)
class Source:
    """A document with what questions are made from. `path` is its place as people see it."""

    document: Document
    path: str
    pages: tuple[Page, ...]
    passages: tuple[Passage, ...]

    @property
    def is_english(self) -> bool:
        """Whether English words may be put around those of the document."""
        return self.document.lang in ("en", "")


@dataclass(frozen=True, slots=True)
class Draft:
    """`start` and `end` of the answer in the passage's text, -1 where it does not stand there.

    `around` is the stretch that is quoted. `topic` and `detail` are the two things that a question
    puts together ("Deluxe tile" and "price"): with another topic nothing may answer it.
    """

    kind: str
    passage: Passage
    question: str
    around: tuple[int, int]
    start: int = -1
    end: int = -1
    topic: str = ""
    detail: str = ""
    style: str = "natural"

    @property
    def answer(self) -> str:
        return self.passage.text[self.start : self.end] if self.start >= 0 else ""


class Speech:
    """How the words of these documents are spoken of inside a sentence."""

    def __init__(self, sources: Iterable[Source]) -> None:
        self._low = {
            word
            for source in sources
            for passage in source.passages
            for word in re.findall(r"[^\W\d_]+", passage.text)
            if word.islower()
        }

    def inside(self, text: str) -> str:
        """A text as it is written inside a sentence: without the capital of its first word, unless
        that is a name."""
        first = re.match(r"[^\W\d_]+", text)
        if not first or not (first.group()[1:].islower() or first.group() == "A"):
            return text
        low = first.group().lower()
        return low + text[first.end() :] if low in self._low else text


def hit_of(source: Source, passage: Passage) -> Hit:
    """The passage as a hit, for what reads sentences and tables of hits."""
    document = source.document
    return Hit(
        rank=1,
        score=0.0,
        passage_id=passage.id,
        document_id=passage.document_id,
        title=document.title,
        path=source.path,
        paged=document.paged,
        position=passage.position,
        text=passage.text,
        context=passage.context,
        spans=passage.spans,
        quote="",
    )


def names_of(sources: Iterable[Source]) -> Mapping[str, str]:
    """What people would call each document, by its id: its title, or its file where that is none."""
    listed = list(sources)
    titles = [" ".join(source.document.title.split()) for source in listed]
    counts: dict[str, int] = {}
    for title in titles:
        counts[title.casefold()] = counts.get(title.casefold(), 0) + 1
    found: dict[str, str] = {}
    for source, title in zip(listed, titles, strict=True):
        speaks = not _SMALL_TITLES.fullmatch(title) and len(title.split()) <= _TITLE_WORDS
        if not speaks or counts[title.casefold()] > 1:
            title = _of_path(source.path) or title
        title = title.title() if title.isupper() and " " in title else title
        titled = title.split()[-1].casefold() in _TITLED if title else False
        found[source.document.id] = f"the {title}" if titled and title[:4] != "The " else title
    return found


def heading_of(passage: Passage) -> str:
    """The last step below the title, '' where there is none."""
    title, *steps = passage.context.split(STEPS)
    return steps[-1].strip(" :") if title and steps else ""


def is_topic(text: str, most: int = 8) -> bool:
    """Whether a text can be asked about by itself: a name or noun, not "it" or "this one"."""
    said = words(text)
    if not 0 < len(said) <= most or said[0] in _NOT_A_TOPIC or text.count("(") != text.count(")"):
        return False
    return any(len(word) > 1 and not word.isdigit() for word in terms(text))


def pair_id(question: str, document_id: str, position: int) -> str:
    """The id of a pair: the same question about the same passage is the same pair."""
    asked = " ".join(question.casefold().split())
    whole = f"{asked}\0{document_id}\0{position}"
    return hashlib.sha256(whole.encode("utf-8", "replace")).hexdigest()[:20]


def chance(*what: object) -> int:
    """A number below 2**32 drawn by what is given, the same each time."""
    drawn = hashlib.sha256(repr(what).encode("utf-8", "replace")).digest()
    return int.from_bytes(drawn[:4], "big")


def _of_path(path: str) -> str:
    """A file's name as words, without its numbers and its ending."""
    stem = path.rsplit("/", 1)[-1].rpartition(".")[0] or path
    if _SMALL_TITLES.fullmatch(stem) and "/" in path:
        stem = path.rsplit("/", 2)[-2]
    pieces = [piece for piece in re.split(r"[\s_]+|-(?!\d)", _HUMP.sub(" ", stem)) if piece]
    spoken = [piece for piece in pieces if re.search(r"[^\W\d_]{3}", piece)]
    return " ".join(spoken[:_TITLE_WORDS] or pieces)
