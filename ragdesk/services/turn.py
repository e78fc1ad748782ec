"""A question's vector, turned a little towards what a library calls things. Pure.

An adapter on the question's side alone: passages keep their vectors, so nothing is embedded anew.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..domain.protocols import Vectors


def turned(vectors: Vectors, matrix: Vectors) -> Vectors:
    """norm(q + Wq) of each question's vector q: (dimensions,) or (n, dimensions), of length 1.

    `matrix` is W, (dimensions, dimensions); with zeros every vector stays as it is.
    """
    import numpy as np

    moved = vectors + vectors @ matrix.T
    found: Vectors = (moved / np.linalg.norm(moved, axis=-1, keepdims=True)).astype(np.float32)
    return found
