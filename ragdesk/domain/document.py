"""Documents, their pages, and the passages that are searched and cited.

A place in a document is always (page, start, length): `page` counts from 1, `start` and `length`
are Python string indices into `Page.text` of that page. For PDF that text is exactly what PDFium
gives, so the viewer's own character indices are the same numbers. Formats without pages have one
page (workbooks one a sheet, presentations one a slide); `Document.paged` says whether page
numbers mean anything to a person.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """How reading a file ended; each has a sentence and a next step in `texts`."""

    READY = "ready"
    READY_WITH_GAPS = "ready_with_gaps"
    NEEDS_PASSWORD = "needs_password"  # noqa: S105
    DAMAGED = "damaged"
    EMPTY = "empty"
    NO_TEXT = "no_text"
    UNSUPPORTED = "unsupported"
    TOO_LARGE = "too_large"
    TIMED_OUT = "timed_out"
    UNREADABLE = "unreadable"

    @property
    def answers(self) -> bool:
        """Whether documents with this verdict take part in search."""
        return self in (Verdict.READY, Verdict.READY_WITH_GAPS)


class BlockKind(StrEnum):
    """What a stretch of a page's text is; the splitter cuts on these."""

    TITLE = "title"
    HEADING = "heading"
    PARAGRAPH = "paragraph"
    LIST_ITEM = "list_item"
    TABLE_HEADER = "table_header"
    TABLE_ROW = "table_row"
    CODE = "code"
    RUNNING = (
        "running"  # header or footer that repeats from page to page: neither searched nor cited
    )


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of one page's text: `Page.text[start : start + length]`."""

    page: int
    start: int
    length: int


@dataclass(frozen=True, slots=True)
class Block:
    """A structural unit on a page. `level` is a heading's depth from 1, else 0."""

    kind: BlockKind
    start: int
    length: int
    level: int = 0


@dataclass(frozen=True, slots=True)
class Page:
    """One page as read. `blocks` are in reading order and do not overlap; text outside them is layout.

    `name` is what a person calls the page when it is not its number: a printed label ("iv"), the
    name of a sheet, the title of a slide.
    """

    number: int
    text: str
    blocks: tuple[Block, ...] = ()
    name: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a parser says of a whole file, after its pages.

    `gaps` names what could not be read, each as (page number or 0, reason code of `texts.GAPS`).
    """

    verdict: Verdict
    kind: str = ""
    title: str = ""
    paged: bool = False
    pages: int = 0
    gaps: tuple[tuple[int, str], ...] = ()
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of a document that is searched, shown and cited.

    `text` is mended for search (line-end hyphens joined, ligatures undone, white space folded);
    what is shown as a quote is always the slice of the pages at `spans`. `context` is the title and
    heading path ("Staff handbook › Leave › Parental leave"), searched together with the text.
    """

    document_id: str
    position: int
    text: str
    context: str
    spans: tuple[Span, ...]

    @property
    def id(self) -> str:
        return f"{self.document_id}:{self.position}"


@dataclass(frozen=True, slots=True)
class Document:
    """A file's content, known by its hash: the same bytes twice are one document with two places.

    `verdict` is None until the file has been read. `passages` counts all, `embedded` those that
    can be found by meaning already. `lang` is the language of its text ("de"), '' where it cannot
    be told, and `model` the search model that made its vectors, '' while there are none.
    """

    id: str
    kind: str
    title: str
    verdict: Verdict | None
    paged: bool = False
    pages: int = 0
    passages: int = 0
    embedded: int = 0
    size: int = 0
    gaps: tuple[tuple[int, str], ...] = ()
    detail: str = ""
    read_at: float | None = None
    lang: str = ""
    model: str = ""

    @property
    def found_by(self) -> str:
        """ "meaning" once every passage has its vector, else "words"."""
        return "meaning" if self.passages and self.embedded >= self.passages else "words"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a document lies: one file on one shelf.

    `path` is how the person named it (the argument of `add` plus the way below it, always with
    forward slashes, shown to people); `absolute` opens the file. `state` is "queued" until the file
    was looked at, then "read".
    """

    id: int
    collection_id: str
    path: str
    absolute: str
    document_id: str | None
    state: str
    size: int
    modified_ns: int
    added_at: float

    @property
    def name(self) -> str:
        return self.path.rsplit("/", 1)[-1]


@dataclass(frozen=True, slots=True)
class Collection:
    """A shelf. Its id, not its name, is used wherever a machine needs a name."""

    id: str
    name: str
    created_at: float
    documents: int = 0


@dataclass(frozen=True, slots=True)
class PlacedDocument:
    """A row of the documents table: a place and the document that lies there, if it was read."""

    place: Place
    document: Document | None
    collection: str = ""
