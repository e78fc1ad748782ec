"""Passages get their vectors: batch by batch, each committed, so that it may stop anywhere.

Each passage is owed one by the model that serves its document's language. When that model came
later, the vector that another one made answers until the new one is there.
"""

from __future__ import annotations

from collections.abc import Sequence

from ..store.judgements import Learned
from .ingest import Steps, languages_told, tell_languages
from .meaning import Sight

WINDOW = 1024  # passages sorted by length together: a batch of one length needs no padding
BATCH = 32


def is_waiting(sights: Sequence[Sight], learned: Learned) -> bool:
    """Whether there is something to embed, or a language to tell first."""
    untold = not languages_told(learned) and bool(sights[0].passages.without_language())
    return untold or any(sight.passages.count_without_vector() for sight in sights)


def embed_waiting(sights: Sequence[Sight], learned: Learned, steps: Steps) -> int:
    """Embeds everything that lacks a vector. Returns how many vectors were made or taken over."""
    tell_languages(sights[0].passages, learned, steps.stopped)
    made = 0
    for number, sight in enumerate(sights):
        later = sum(other.passages.count_without_vector() for other in sights[number + 1 :])
        made = _embed(sight, steps, made, later)
        if not steps.stopped():
            sight.passages.drop_replaced()
    return made


def _embed(sight: Sight, steps: Steps, made: int, later: int) -> int:
    """`made` with what this model made; `later` wait for others."""
    passages = sight.passages
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
            passages.save_vectors([first[text] for text in batch], sight.embedder.embed(batch))
            made += len(batch)
            left -= len(batch)
            steps.progress(made, made + max(left, 0) + later)
    return made
