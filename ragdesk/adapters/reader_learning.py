"""What a reader learns of a text: how a batch is laid out, and how far off its answers are.

Training on open data (`assets/models/minilm-reader/train.py`) and tuning both learn by this. Loaded
there alone: it stands on torch (extra `tuning`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

from .reader_model import VERDICTS

THERE, KIND, ORDER = 0.5, 0.25, 0.5  # weights of the losses beside the marking's


@dataclass(frozen=True)
class Text:
    """A question and a passage as numbers, with what is to be learned about them."""

    ids: list[int]
    question: int  # tokens before the passage
    start: int  # token where the answer starts; 0, the first token: nowhere
    end: int  # its last token
    verdict: str
    weight: float  # of the marking: 0 where it is not known
    group: int  # the question's number; the first text of a group answers, if any does


@dataclass(frozen=True)
class Batch:
    ids: Tensor
    kinds: Tensor
    lengths: Tensor
    texts: list[Text]


def batch_of(texts: list[Text]) -> Batch:
    ids = torch.tensor([n for text in texts for n in text.ids])
    kinds = torch.tensor([int(n >= t.question) for t in texts for n in range(len(t.ids))])
    return Batch(ids, kinds, torch.tensor([len(text.ids) for text in texts]), texts)


def loss_of(ends: Tensor, verdicts: Tensor, batch: Batch) -> Tensor:
    """The marking's loss, and those of "is it here", "yes or no" and "which of these passages"."""
    total = ends.new_zeros(())
    offset = 0
    weights = 0.0
    for text in batch.texts:
        size = len(text.ids)
        scores = ends[offset : offset + size].clone()
        scores[1 : text.question] = -1e4  # only the passage can be marked, or the first: nothing
        target = torch.tensor([text.start, text.end])
        if text.weight:
            total = total + text.weight * functional.cross_entropy(scores.T, target)
            weights += text.weight
        offset += size
    total = total / max(weights, 1.0)
    there = torch.tensor([float(text.verdict != "none") for text in batch.texts])
    found = verdicts[:, 0]
    total = total + THERE * functional.binary_cross_entropy_with_logits(found, there)
    kinds = torch.tensor(
        [VERDICTS.index(t.verdict) if t.verdict != "none" else -100 for t in batch.texts]
    )
    if (kinds >= 0).any():
        total = total + KIND * functional.cross_entropy(verdicts[:, 1:], kinds)
    return total + ORDER * _order_loss(found, batch.texts)


def _order_loss(found: Tensor, texts: Sequence[Text]) -> Tensor:
    """The passage that answers is to stand before the other passages of its group."""
    losses = []
    for group in dict.fromkeys(text.group for text in texts):
        members = [n for n, text in enumerate(texts) if text.group == group]
        if len(members) > 1 and texts[members[0]].verdict != "none":
            losses.append(functional.cross_entropy(found[members][None], torch.tensor([0])))
    return torch.stack(losses).mean() if losses else found.new_zeros(())
