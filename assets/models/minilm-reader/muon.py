"""Muon: momentum whose steps are made orthogonal, for the matrices of a network.

After Jordan et al. 2024; the step's size after Liu et al. 2025, so that rates are those of AdamW.
torch's own form works in bfloat16, which processors without it do forty times slower.
"""

from __future__ import annotations

from collections.abc import Iterable

import torch
from torch import Tensor

MOMENTUM = 0.95
ROUNDS = 5
# Of the quintic that takes singular values near to 1 in few rounds.
A, B, C = 3.4445, -4.7750, 2.0315
LIKE_ADAMW = 0.2  # root mean square of a step, as AdamW's


class Muon(torch.optim.Optimizer):
    """Takes two-dimensional parameters only."""

    def __init__(self, matrices: Iterable[Tensor], lr: float, weight_decay: float) -> None:
        super().__init__(matrices, {"lr": lr, "weight_decay": weight_decay})

    @torch.no_grad()
    def step(self) -> None:  # type: ignore[override]
        for group in self.param_groups:
            for matrix in group["params"]:
                if matrix.grad is None:
                    continue
                state = self.state[matrix]
                if not state:
                    state["momentum"] = torch.zeros_like(matrix)
                state["momentum"].lerp_(matrix.grad, 1 - MOMENTUM)
                step = orthogonal(matrix.grad.lerp(state["momentum"], MOMENTUM))
                matrix.mul_(1 - group["lr"] * group["weight_decay"])
                matrix.add_(step, alpha=-group["lr"] * LIKE_ADAMW * max(matrix.shape) ** 0.5)


def orthogonal(matrix: Tensor) -> Tensor:
    """The matrix with all singular values near 1."""
    wide = matrix.T if matrix.shape[0] > matrix.shape[1] else matrix
    wide = wide / (wide.norm() + 1e-7)
    for _ in range(ROUNDS):
        square = wide @ wide.T
        wide = A * wide + (B * square + C * square @ square) @ wide
    return wide.T if matrix.shape[0] > matrix.shape[1] else wide
