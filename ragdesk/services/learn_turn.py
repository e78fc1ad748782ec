"""Learns how questions of a library are to be turned, from questions whose passages are known.

A linear step on the question's vector, z = norm(q + Wq), that starts at nothing and is anchored: it
is pulled towards the passage that answers and away from all others, and back towards the question
as the model gave it. Without that anchor it forgets what it was never shown: hit@5 of a handbook
fell by 3.5 points. Plain NumPy: seconds on one core.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .turn import turned

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from ..domain.protocols import Vectors

    Numbers = npt.NDArray[np.int64]

SCALE = 20.0  # what cosines are multiplied by before they compete
STEP, DECAY = 3e-4, 0.1  # AdamW
FIRST_MOMENT, SECOND_MOMENT, TINY = 0.9, 0.999, 1e-8
# No question is turned farther than this cosine: the matrix is held to the spectral norm that
# makes it true of every vector there can be, not of those alone that were tried.
NEAREST = 0.9


@dataclass(frozen=True, slots=True)
class Course:
    """How long and how boldly is learned."""

    rounds: int
    batch: int
    anchor: float  # weight of staying where the question was


REAL = Course(10, 32, 5.0)  # questions as people ask them
WEAK = Course(1, 64, 10.0)  # where most were made of headings, key words and the like


def learn_turn(
    questions: Vectors, places: Numbers, passages: Vectors, same: Numbers, course: Course, seed: int
) -> Vectors:
    """W, float32 (d, d), for `turned`.

    `questions` (n, d) and `passages` (m, d) have rows of length 1; `places` (n,) is the row of the
    passage that answers. Passages with one number in `same` (m,) say the same: they do not compete.
    """
    import numpy as np

    draw = np.random.default_rng(seed)
    size = questions.shape[1]
    matrix: Vectors = np.zeros((size, size), np.float32)
    first, second = np.zeros_like(matrix), np.zeros_like(matrix)
    step = 0
    for _ in range(course.rounds):
        order = draw.permutation(len(questions))
        for start in range(0, len(order), course.batch):
            batch = order[start : start + course.batch]
            slope = _slope(matrix, questions[batch], places[batch], passages, same, course.anchor)
            step += 1
            first = FIRST_MOMENT * first + (1 - FIRST_MOMENT) * slope
            second = SECOND_MOMENT * second + (1 - SECOND_MOMENT) * slope**2
            move = first / (1 - FIRST_MOMENT**step)
            move /= np.sqrt(second / (1 - SECOND_MOMENT**step)) + TINY
            matrix -= STEP * (move + DECAY * matrix)
    return _held(matrix)


def _slope(
    matrix: Vectors,
    questions: Vectors,
    places: Numbers,
    passages: Vectors,
    same: Numbers,
    anchor: float,
) -> Vectors:
    """The derivative by `matrix` of what a batch loses, on the mean of its questions."""
    import numpy as np

    length = np.linalg.norm(questions + questions @ matrix.T, axis=1, keepdims=True)
    z = turned(questions, matrix)
    scores = SCALE * (z @ passages.T)
    rows = np.arange(len(questions))
    twins = same[None, :] == same[places][:, None]
    twins[rows, places] = False
    scores[twins] = -np.inf
    scores -= scores.max(axis=1, keepdims=True)
    chances = np.exp(scores)
    chances /= chances.sum(axis=1, keepdims=True)
    chances[rows, places] -= 1
    by_z = SCALE * (chances @ passages) - anchor * questions
    by_moved = (by_z - (by_z * z).sum(axis=1, keepdims=True) * z) / length
    slope: Vectors = by_moved.T @ questions / np.float32(len(questions))
    return slope


def _held(matrix: Vectors) -> Vectors:
    """The matrix, made smaller where it could turn some vector farther than `NEAREST`."""
    import numpy as np

    most = (1 - NEAREST**2) ** 0.5
    norm = float(np.linalg.norm(matrix, 2))
    return matrix if norm <= most else (matrix * (most / norm)).astype(np.float32)
