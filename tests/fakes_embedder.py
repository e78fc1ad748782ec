"""An embedder without a model: the same words always give the same vector."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt


class FakeEmbedder:
    """Sums a fixed random vector for each word, so texts that share words lie near each other."""

    def __init__(self, name: str = "fake", dimensions: int = 384) -> None:
        self.name = name
        self.dimensions = dimensions
        self.max_tokens = 256

    def token_count(self, text: str) -> int:
        return len(text.split()) + 2

    def embed(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        rows = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        for row, text in zip(rows, texts, strict=True):
            for word in text.lower().split() or [""]:
                seed = int.from_bytes(hashlib.sha256(word.encode()).digest()[:8], "little")
                row += np.random.default_rng(seed).standard_normal(self.dimensions)
        normed: npt.NDArray[np.float32] = rows / np.linalg.norm(rows, axis=1, keepdims=True)
        return normed

    def embed_question(self, question: str) -> npt.NDArray[np.float32]:
        vector: npt.NDArray[np.float32] = self.embed([question])[0]
        return vector
