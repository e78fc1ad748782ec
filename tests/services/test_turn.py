"""Questions turned towards what a library calls things."""

from __future__ import annotations

import numpy as np
import pytest

from ragdesk.services.retrieve import Retriever
from ragdesk.services.turn import turned

from .conftest import Library


def test_a_turned_vector_has_length_one() -> None:
    vectors = np.eye(4, dtype=np.float32)[:2]
    matrix = np.full((4, 4), 0.5, np.float32)
    found = turned(vectors, matrix)
    assert found.dtype == np.float32
    assert np.linalg.norm(found, axis=1) == pytest.approx([1.0, 1.0])
    assert np.array_equal(turned(vectors[0], matrix), found[0])


def test_with_zeros_nothing_is_turned() -> None:
    vector = np.full(4, 0.5, np.float32)
    assert np.array_equal(turned(vector, np.zeros((4, 4), np.float32)), vector)


def test_search_turns_questions_and_nothing_else(library: Library) -> None:
    """Whatever is asked is turned into "stone"; comparing and routing see the question itself."""
    library.add("stone.txt", "stone stone stone")
    library.add("river.txt", "river river river")
    library.embed()
    stone = library.embedder.embed_question("stone")
    seen: list[bytes] = []

    def turn(vector: np.ndarray) -> np.ndarray:
        seen.append(vector.tobytes())
        return stone

    retriever = Retriever(
        library.passages, library.documents, library.embedder, library.index, turn=turn
    )
    hits = retriever.retrieve("water")
    assert hits[0].path == "stone.txt"
    assert hits[0].by_meaning is not None
    assert hits[0].by_meaning > 0.9
    asked = library.embedder.embed_question("water")
    assert np.array_equal(retriever.vector("water"), asked)
    assert np.array_equal(retriever.comparing("water", "en")[0], asked)
    assert retriever.find("water").whole.by_meaning[hits_number(library, "stone.txt")] > 0.9
    assert seen == [asked.tobytes()]  # kept for the next time


def hits_number(library: Library, path: str) -> int:
    """The number of the only passage of a file."""
    rows = library.database.read(
        "SELECT a.number FROM passages a JOIN places p ON p.document_id = a.document_id"
        " WHERE p.path = ?",
        (path,),
    )
    return int(rows[0]["number"])
