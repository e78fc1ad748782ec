"""Questions, what was found for them, and the answers."""

from __future__ import annotations

from dataclasses import dataclass, field

from .document import Span


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found for a question, best first. `quote` is verbatim at `spans`; `text` is mended.

    `score` is the mixed score of `services.retrieve` (0 to 1 within one question), `by_meaning` the
    cosine (None while the passage has no vector), `by_words` the raw BM25 score, higher better
    (None where no word matched). `twins` names other documents with the same passage.
    """

    rank: int
    score: float
    passage_id: str
    document_id: str
    title: str
    path: str
    paged: bool
    position: int
    text: str
    context: str
    spans: tuple[Span, ...]
    quote: str
    by_meaning: float | None = None
    by_words: float | None = None
    twins: tuple[str, ...] = ()

    @property
    def page(self) -> int | None:
        """The page a person would turn to, or None where the format has no pages."""
        return self.spans[0].page if self.paged and self.spans else None


@dataclass(frozen=True, slots=True)
class Citation:
    """A marker's target: verbatim text of a document. `marked` are the very words, inside `spans`."""

    number: int
    document_id: str
    path: str
    title: str
    paged: bool
    spans: tuple[Span, ...]
    quote: str
    marked: tuple[Span, ...] = ()

    @property
    def page(self) -> int | None:
        return self.spans[0].page if self.paged and self.spans else None


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of an answer, the markers on it, and whether the cited words support it."""

    text: str
    supported: bool
    numbers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Seconds:
    """How long the parts of an answer took, in seconds."""

    search: float = 0.0
    first_word: float = 0.0
    total: float = 0.0


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer, or a refusal with what is nearest.

    `text` carries markers like [1]; `short` is the exact words that answer, or None where there are
    none to mark. `strength` is the calibrated chance (0 to 1) that the answer is right. `searched`
    is how many documents were searched.
    """

    text: str
    short: str | None
    refused: bool
    answerer: str
    strength: float
    citations: tuple[Citation, ...] = ()
    sentences: tuple[Sentence, ...] = ()
    nearest: tuple[Hit, ...] = ()
    searched: int = 0
    seconds: Seconds = field(default_factory=Seconds)


@dataclass(frozen=True, slots=True)
class Conversation:
    """A run of questions. `collection_id` is the shelf asked, None for all."""

    id: str
    title: str
    collection_id: str | None
    created_at: float


@dataclass(frozen=True, slots=True)
class Turn:
    """A question and its answer, None while the answer is being made."""

    id: str
    conversation_id: str
    question: str
    asked_at: float
    answer: Answer | None
