"""What a build works with: the library, what answers from it, who teaches, what trains."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ..domain.conversation import Hit
from ..domain.document import Passage
from ..domain.protocols import ChatModel, Reader, ReaderTrainer
from ..domain.training import Fold, Mix, Pair
from ..services.answer import QuoteAnswerer
from ..services.draft import Source
from ..services.retrieve import Retriever
from ..store.database import Database
from ..store.documents import Documents
from ..store.home import Home
from ..store.passages import Passages

if TYPE_CHECKING:
    from ..domain.protocols import Vectors

FOUND = 15  # passages that are looked at for wrong ones


@dataclass(frozen=True, slots=True)
class Workshop:
    """`answerer` makes what answers with the tuned files of a folder (None: as RagDesk comes),
    reading without a limit of time; `trial` what searches with a mix and a matrix that turns
    questions; `teacher` opens a served model; `reader` and `retriever` are as RagDesk comes.
    """

    home: Home
    database: Database
    documents: Documents
    passages: Passages
    retriever: Retriever
    reader: Reader
    trial: Callable[[Mix, Vectors | None], Retriever]
    answerer: Callable[[Path | None], QuoteAnswerer]
    teacher: Callable[[str], ChatModel]
    trainer: ReaderTrainer

    def sources(self, collection_id: str | None) -> list[Source]:
        """Every document on a shelf, or on all, that may answer, by its id; each once."""
        found: dict[str, Source] = {}
        for row in self.documents.all(collection_id):
            document = row.document
            if document is None or not document.passages or document.id in found:
                continue
            if document.verdict is None or not document.verdict.answers:
                continue
            found[document.id] = Source(
                document,
                row.place.path,
                tuple(self.documents.pages(document.id)),
                tuple(self.passages.of_document(document.id)),
            )
        return [found[key] for key in sorted(found)]

    def passage_of(self, pair: Pair) -> Passage | None:
        """The passage that a pair was made from, None where it is gone or there is none."""
        return self.passages.at(pair.document_id, pair.position) if pair.document_id else None

    def title_of(self, document_id: str) -> str:
        document = self.documents.document(document_id)
        return document.title if document is not None else ""

    def found(
        self, collection_id: str | None, placed: Mapping[str, Fold]
    ) -> Callable[[Pair], Sequence[Hit]]:
        """What search finds for a pair's question among what may be learned from, nothing tuned."""

        def find(pair: Pair) -> Sequence[Hit]:
            hits = self.retriever.retrieve(pair.question, FOUND, collection_id)
            return [hit for hit in hits if placed.get(hit.passage_id) is Fold.PRACTICE]

        return find
