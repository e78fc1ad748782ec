"""Drafts of practice questions: what is asked, and where in a passage it is answered. Pure.

A draft leaves open whether its question names the document: `services.generate_pairs` decides,
which sees all of them.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from ..domain.conversation import Hit
from ..domain.document import Document, Page, Passage
from .choose import sentences
from .match import is_small, words

WHERE = "{where}"  # in a draft's question: where the document's name or heading goes
SHOWN = ("in", "according to")  # in front of a document's name in a question
STEPS = " › "  # between the steps of a passage's context

_SMALL_TITLES = re.compile(
    r"(?:exhibit|ex|annex|appendix|schedule|execution copy|untitled|document|readme|index|page)?"
    r"[\W\d_]*(?:\([a-z]\))?",
    re.IGNORECASE,
)
_TITLED = re.compile(
    r"(?:handbook|agreement|policy|guide|report|manual|contract|plan|list|catalogue|procedure)$",
    re.IGNORECASE,
)
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")
_TITLE_WORDS = 12
_BULLET = re.compile(r"(?:[-*•+]|\d{1,2}[.)]|\(?[a-z]\))\s+")
_LOW = re.compile(r"\b[a-z]+\b")
_MAY_LEAD = frozenset(("the", "a", "an", "our", "your", "each", "every", "all"))
_NOT_A_TOPIC = re.compile(
    r"(?:although|though|unlike|like|one|another|such|besides|instead|whether|since|within|without"
    r"|among|amongst|near|inside|outside|usually|sometimes|often|however|today|now|perhaps|\w+ly)\b"
    r"|(?:(?:the|an?|our|your)\s)?(?:result|reason|following|rest|other|same|next|last|final|first"
    r"|second|third|only|main|major|idea|thing|latter|former|above|below|key|best|goal|aim)s?\b",
    re.IGNORECASE,
)
# What leaves open who or what is meant, and words that may be a sentence's verb.
OPEN = re.compile(
    r"\b(?:this|these|those|such|it|he|she|they|we|you|i|me|us|him|her|them|his|their|its|our|your|my"
    r"|however|also|another|then|there|here|former|latter|said)\b",
    re.IGNORECASE,
)
VERB = re.compile(
    r"\b(?:is|are|was|were|had|has|have|became|began|made|took|won|came|went|led|left|gave|built"
    r"|held|saw|wrote|met|rose|fell|grew|ran|sold|bought|lost|sent|set up|[a-z]{2,}ed)\b"
)
_MODAL = re.compile(r"\b(?:shall|must|should|may|will|can|would|could|might)\b")
_NAME_INSIDE = re.compile(r"(?<=[a-z,;] )[A-Z][a-z]+")


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
        self._low: Counter[str] = Counter()
        self._names: Counter[str] = Counter()
        for source in sources:
            for passage in source.passages:
                self._low.update(_LOW.findall(passage.text))
                self._names.update(map(str.lower, _NAME_INSIDE.findall(passage.text)))

    def inside(self, text: str, *, label: bool = False) -> str:
        """A text as it is written inside a sentence: without the capital of its first word, unless
        that is written with one there, or stands nowhere else and may be a name. A label, of a column
        or a line, is none."""
        first = re.match(r"(?:A|[A-Z][a-z]+)(?![\w/])", text)
        if not first:
            return text
        low, rest = first.group().lower(), text[first.end() :]
        if low not in _MAY_LEAD and re.match(r"\s[A-Z][a-z]", rest):
            return text  # a name of several words
        known = self._low[low] > self._names[low]
        unseen = not self._names[low] and not self._low[low]
        goes_on = label or re.match(r"\s[a-z]", rest) is not None
        return low + rest if known or (unseen and goes_on) or low in _MAY_LEAD else text


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


def said_in(source: Source, passage: Passage) -> Iterator[tuple[int, int]]:
    """(start, end) of each sentence of a passage, rows of tables left out."""
    for one in sentences(hit_of(source, passage)):
        if not one.is_row:
            start = one.start
            if bullet := _BULLET.match(one.text):
                start += bullet.end()
            yield start, one.end


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
        titled = _TITLED.search(title) is not None
        found[source.document.id] = (
            f"the {title}" if titled and title[:4].casefold() != "the " else title
        )
    return found


def shown(name: str) -> str:
    """A document's name as it stands in a question."""
    return name if name.startswith("the ") else f"“{name}”"


def heading_of(passage: Passage) -> str:
    """The last step below the title, '' where there is none."""
    title, *steps = passage.context.split(STEPS)
    return steps[-1].strip(" :") if title and steps else ""


def is_topic(text: str, most: int = 8) -> bool:
    """Whether a text can be asked about by itself: a name or noun, not "it" or "at first"."""
    said = words(text)
    if not 0 < len(said) <= most or text.count("(") != text.count(")"):
        return False
    if (
        _NOT_A_TOPIC.match(text)
        or _MODAL.search(text)
        or (is_small(said[0]) and said[0] not in _MAY_LEAD)
    ):
        return False
    return any(len(word) > 1 and not word.isdigit() and not is_small(word) for word in said)


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
