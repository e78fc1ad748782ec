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
class Mark:
    """Words `text[start:end]` of a passage that may answer. `score`: log-odds over "nothing here"."""

    start: int
    end: int
    score: float


@dataclass(frozen=True, slots=True)
class Marks:
    """What a reader makes of one passage for a question.

    `there` is the log-odds that the passage answers, `yes` and `no` the chances (0 to 1) that, if
    it does, the answer is that; the rest is the chance of words to be marked. `marks` come best
    first and do not overlap; for yes and no the best one is the sentence that decides.
    """

    there: float
    yes: float = 0.0
    no: float = 0.0
    marks: tuple[Mark, ...] = ()


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
    """One sentence of an answer, the markers on it, and whether the cited words support it.

    `doubt` says why not: "number", "name", "date" (one stands in no cited passage), "words" (too few
    of its words do), "uncited" (no marker); "" where it is supported.
    """

    text: str
    supported: bool
    numbers: tuple[int, ...]
    doubt: str = ""


@dataclass(frozen=True, slots=True)
class Value:
    """One of several things that documents say: its words, its citation, and the date it bears.

    `dated` is the date as it stands in the document, its title or its name; "" where there is none.
    """

    text: str
    number: int
    dated: str = ""


@dataclass(frozen=True, slots=True)
class ShelfChance:
    """How likely a shelf is to answer (0 to 1, over all shelves), and the words that say why."""

    collection_id: str
    name: str
    chance: float
    why: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """One step towards an answer, to be shown: `kind` "reworded", "part" or "search"; its words."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Seconds:
    """How long the parts of an answer took, in seconds."""

    search: float = 0.0
    first_word: float = 0.0
    total: float = 0.0


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer, or a refusal with what is nearest.

    `text` carries markers like [1]; `short` is the exact words that answer, "Yes" or "No", or None
    where there is nothing short to say; `kind` tells them apart: "words", "yes", "no", "list"
    (its parts are `items`), "values" (documents differ: `values`, newest first) or "sentence".
    `strength` is the calibrated chance (0 to 1) that the answer is right. `searched` is how many
    documents were searched, `shelves` where the router looked first, empty with one shelf.

    Of written answers alone: `thinking` and `steps` that led to it; `finish` is "done", "length"
    (cut off), "stopped" (by a person) or "lost" (the server went away); `doubt` says where model and
    evidence disagree ("refused": it said no where the evidence is strong; "weak": it answered where
    the evidence is weak). `trouble` is the code of the error for which quotes are shown instead.
    `model` is the name of the one that wrote, `asked_tokens` and `answer_tokens` are its own count
    (0 where its server did not say), `cost` says in words what they would have cost elsewhere.
    `exam` is how that model did in its entrance exam: "passed", "failed", "unsure" or "none" (it sat
    none); "" where that was not looked up.
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
    kind: str = "sentence"
    items: tuple[Value, ...] = ()
    values: tuple[Value, ...] = ()
    shelves: tuple[ShelfChance, ...] = ()
    thinking: str = ""
    steps: tuple[Step, ...] = ()
    finish: str = "done"
    words_a_second: float = 0.0
    doubt: str = ""
    trouble: str = ""
    model: str = ""
    asked_tokens: int = 0
    answer_tokens: int = 0
    cost: str = ""
    exam: str = ""


@dataclass(frozen=True, slots=True)
class Conversation:
    """A run of questions. `collection_id` is the shelf asked, None for all."""

    id: str
    title: str
    collection_id: str | None
    created_at: float


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a person said about the answer to a question.

    `verdict` is "right", "wrong", or "absent" where the documents do not say it; `answer` the right
    answer, where it is known, `spans` in `document_id` where it stands, `collection_id` the shelf
    that holds it, or that was asked where there is no document.
    """

    turn_id: str
    question: str
    verdict: str
    answer: str = ""
    document_id: str | None = None
    spans: tuple[Span, ...] = ()
    collection_id: str | None = None
    made_at: float = 0.0


@dataclass(frozen=True, slots=True)
class Turn:
    """A question, the shelf it was asked (None: all), and its answer, None while it is being made.

    `assistant_id` is who was asked, None for RagDesk as it comes.
    """

    id: str
    conversation_id: str
    question: str
    asked_at: float
    answer: Answer | None
    collection_id: str | None = None
    assistant_id: str | None = None
