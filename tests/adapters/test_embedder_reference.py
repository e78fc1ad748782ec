"""The shipped 8-bit model against the published one, run by sentence-transformers."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from ragdesk.adapters.embedder import OnnxEmbedder, SentenceTransformerEmbedder
from ragdesk.adapters.parsers.reading import read_file
from ragdesk.domain.document import Reading
from ragdesk.domain.protocols import Embedder
from ragdesk.resources import asset
from ragdesk.services.split import split
from tests.adapters.test_embedder import source_model

pytest.importorskip("sentence_transformers")


def plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.lower()))


def read_and_split(folder: Path, embedder: Embedder) -> list[tuple[str, str]]:
    """(file, text as it is embedded) of every passage, cut as RagDesk cuts them."""
    found = []
    for path in sorted((folder / "docs").rglob("*.md")):
        *pages, reading = read_file(path)
        assert isinstance(reading, Reading)
        title = reading.title or path.stem
        for passage in split(path.name, title, pages, embedder.token_count):  # type: ignore[arg-type]
            name = path.relative_to(folder).as_posix()
            found.append((name, f"{passage.context}\n{passage.text}"))
    return found


@pytest.fixture(scope="module")
def ours() -> Embedder:
    return OnnxEmbedder(asset("models", "all-MiniLM-L6-v2"), threads=2)


@pytest.fixture(scope="module")
def reference() -> Embedder:
    return SentenceTransformerEmbedder(source_model())


@pytest.fixture(scope="module")
def passages(data_set: Callable[[str], Path], ours: Embedder) -> list[tuple[str, str]]:
    return read_and_split(data_set("handbook"), ours)


def test_vectors_point_the_same_way(
    passages: list[tuple[str, str]], ours: Embedder, reference: Embedder
) -> None:
    chosen = np.random.default_rng(3).permutation(len(passages))[:200]
    texts = [passages[number][1] for number in chosen]
    cosines = np.sum(ours.embed(texts) * reference.embed(texts), axis=1)
    print(f"cosine over {len(texts)}: mean {cosines.mean():.4f}, least {cosines.min():.4f}")
    assert cosines.mean() >= 0.99
    assert cosines.min() >= 0.95


def hits(
    embedder: Embedder, passages: list[tuple[str, str]], questions: list[dict[str, object]]
) -> float:
    """Share of questions with a passage among the five nearest that holds their evidence."""
    nearest = np.argsort(
        -embedder.embed([str(q["question"]) for q in questions])
        @ embedder.embed([text for _, text in passages]).T,
        axis=1,
    )[:, :5]
    right = 0
    for question, five in zip(questions, nearest, strict=True):
        evidence = question["evidence"]
        assert isinstance(evidence, list)
        right += any(
            passages[number][0].endswith(piece["file"])
            and plain(piece["text"]) in plain(passages[number][1])
            for number in five
            for piece in evidence
        )
    return right / len(questions)


@pytest.mark.slow
def test_finds_as_much_in_the_handbook(
    data_set: Callable[[str], Path],
    passages: list[tuple[str, str]],
    ours: Embedder,
    reference: Embedder,
) -> None:
    lines = (data_set("handbook") / "questions.jsonl").read_text(encoding="utf-8").splitlines()
    questions = [q for q in map(json.loads, lines) if q["answer"] is not None]
    found, expected = (hits(e, passages, questions) for e in (ours, reference))
    print(f"hit@5 over {len(questions)}: {found:.4f}, reference {expected:.4f}")
    assert found >= expected - 0.005
