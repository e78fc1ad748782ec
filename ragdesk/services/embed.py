"""Passages get their vectors: batch by batch, each committed, so that it may stop anywhere."""

from __future__ import annotations

from ..domain.protocols import Embedder
from ..store.passages import Passages
from .ingest import Steps

WINDOW = 1024  # passages sorted by length together: a batch of one length needs no padding
BATCH = 32


def embed_waiting(passages: Passages, embedder: Embedder, steps: Steps) -> int:
    """Embeds everything that lacks a vector. Returns how many vectors were made or taken over."""
    made = 0
    while not steps.stopped():
        made += passages.adopt_vectors()
        window = passages.without_vector(WINDOW)
        if not window:
            break
        left = passages.count_without_vector()
        first: dict[str, int] = {}
        for number, text in window:
            first.setdefault(text, number)  # the rest of the same text adopts its vector next round
        texts = sorted(first, key=len)
        for start in range(0, len(texts), BATCH):
            if steps.stopped():
                return made
            batch = texts[start : start + BATCH]
            passages.save_vectors([first[text] for text in batch], embedder.embed(batch))
            made += len(batch)
            left -= len(batch)
            steps.progress(made, made + max(left, 0))
    return made
