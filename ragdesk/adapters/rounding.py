"""Matrices in 8 bits, rounded so that their products with real inputs stay what they were.

Two known methods. *Evening out* (after SmoothQuant, Xiao et al. 2022): a few columns of the inputs
are fifty times larger than the rest and would use up the 256 steps of an 8-bit number alone; they
are divided, and the matrix's rows multiplied by the same. *Compensated rounding* (after GPTQ,
Frantar et al. 2022): rows are rounded one after the other, and what one lost is made good, as far
as the inputs allow, by those that are still to come.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Doubles = npt.NDArray[np.float64]

# 7 of the 8 bits: the AVX2 instruction for 8-bit products adds two of them in 16 bits, and would
# clip with the full range.
LIMIT = 63
EVENNESS = 0.5  # 0 leaves the inputs as they are, 1 makes all columns equally large
DAMPING = 0.01  # share of the mean square of the inputs; keeps the inverse well behaved
BLOCK = 128  # rows that are rounded before the rest is brought up to date


@dataclass(frozen=True)
class Rounded:
    """`values` * `scale` is the matrix with row i multiplied by divisor[i]."""

    values: npt.NDArray[np.int8]  # (inputs, outputs)
    scale: Floats  # (outputs,)
    divisor: Floats | None  # (inputs,), for the inputs; None: all are 1


class Inputs:
    """What is to be known of a matrix's inputs; `add` takes (n, inputs)."""

    def __init__(self, size: int) -> None:
        self.squares: Doubles = np.zeros((size, size))  # sum of x xᵀ
        self.largest: Doubles = np.zeros(size)  # of each column, without its sign

    def add(self, rows: Floats) -> None:
        exact = rows.astype(np.float64)
        self.squares += exact.T @ exact
        self.largest = np.maximum(self.largest, np.abs(exact).max(axis=0))


def quantize(weights: Floats, axis: int, limit: int) -> tuple[npt.NDArray[np.int8], Floats]:
    """Symmetric int8 of `weights`, and the scales that bring it back, one a slice along `axis`."""
    largest = np.abs(weights).max(axis=axis, keepdims=True)
    scale = np.maximum(largest, 1e-9) / limit
    values = np.clip(np.round(weights / scale), -limit, limit).astype(np.int8)
    return values, scale.astype(np.float32)


def round_matrix(matrix: Floats, inputs: Inputs, even: bool) -> Rounded:
    """The matrix (inputs, outputs) in 8 bits; `even` divides its inputs too."""
    divisor = None
    squares, exact = inputs.squares, matrix.astype(np.float64)
    if even:
        # The inputs are divided by no more than needed: the smaller half stays as it is.
        relative = inputs.largest / np.median(inputs.largest)
        divisor = np.maximum(relative, 1.0) ** EVENNESS
        squares = squares / np.outer(divisor, divisor)
        exact = exact * divisor[:, None]
    scale = np.maximum(np.abs(exact).max(axis=0), 1e-9) / LIMIT
    values = _compensated(exact, squares, scale)
    return Rounded(
        values.astype(np.int8),
        scale.astype(np.float32),
        None if divisor is None else divisor.astype(np.float32),
    )


def _compensated(matrix: Doubles, squares: Doubles, scale: Doubles) -> Doubles:
    """Whole numbers of at most LIMIT; rows with the largest inputs are rounded first."""
    order = np.argsort(-np.diag(squares), kind="stable")
    left = matrix[order]
    damped = squares[np.ix_(order, order)] + DAMPING * np.diag(squares).mean() * np.eye(len(order))
    # Row i of this factor says how an error in row i is shared out over the rows after it.
    shares = np.linalg.cholesky(np.linalg.inv(damped)).T
    values = np.empty_like(left)
    for start in range(0, len(left), BLOCK):
        end = min(start + BLOCK, len(left))
        errors = np.empty((end - start, left.shape[1]))
        for row in range(start, end):
            values[row] = np.clip(np.round(left[row] / scale), -LIMIT, LIMIT)
            errors[row - start] = (left[row] - values[row] * scale) / shares[row, row]
            left[row + 1 : end] -= np.outer(shares[row, row + 1 : end], errors[row - start])
        left[end:] -= shares[start:end, end:].T @ errors
    back = np.empty_like(values)
    back[order] = values
    return back
