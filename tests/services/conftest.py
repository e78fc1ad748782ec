"""A small library without files, and what searches it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from ragdesk.domain.document import Place, Verdict
from ragdesk.services.retrieve import Retriever
from ragdesk.store.collections import Collections
from ragdesk.store.database import Database
from ragdesk.store.documents import Documents
from ragdesk.store.home import Home
from ragdesk.store.passages import Passages
from tests.fakes_embedder import FakeEmbedder
from tests.fakes_index import MemoryIndex
from tests.store.filling import MODEL, put


class Library:
    """A home with a real store, the fake embedder, and an index that is built on demand."""

    def __init__(self, folder: Path) -> None:
        home = Home(folder)
        home.make()
        self.database = Database.for_writing(home)
        self.documents = Documents(self.database, MODEL)
        self.passages = Passages(self.database, MODEL)
        self.collections = Collections(self.database)
        self.embedder = FakeEmbedder(MODEL)
        self.index = MemoryIndex(home.library, MODEL)
        self.retriever = Retriever(self.passages, self.documents, self.embedder, self.index)

    def add(
        self, path: str, *texts: str, shelf: str = "", verdict: Verdict = Verdict.READY
    ) -> Place:
        return put(self.database, path, list(texts), shelf=shelf, verdict=verdict)

    def embed(self) -> None:
        missing = self.passages.without_vector(10_000)
        if missing:
            numbers = [number for number, _ in missing]
            self.passages.save_vectors(numbers, self.embedder.embed([text for _, text in missing]))

    def find(self, question: str, limit: int = 10, shelf: str | None = None) -> Sequence[str]:
        """The paths of the hits, best first."""
        return [hit.path for hit in self.retriever.retrieve(question, limit, shelf)]


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    library = Library(tmp_path / "home")
    yield library
    library.database.close()
