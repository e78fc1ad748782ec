"""A low-rank adapter on a model of the llama family, and reading many questions in one go.

`pack` lays sheets out as a tree: the rules once, each sheet's passages once, then its questions
with their answers. Every token sees its own ancestors only and has the place it would have if its
question stood alone, so what comes out equals the plain way, a prompt a question
(`tests/assets/test_writer.py` holds one against the other).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional
from transformers import AttentionInterface, PreTrainedModel

PLACES = (  # of the matrices in a block that have an adapter
    *(f"self_attn.{name}" for name in ("q_proj", "k_proj", "v_proj", "o_proj")),
    *(f"mlp.{name}" for name in ("gate_proj", "up_proj", "down_proj")),
)
NAMES = tuple(place.rpartition(".")[2] for place in PLACES)


class _Merged(torch.autograd.Function):  # type: ignore[misc]
    """y = x (W + scale B A)^T. The sum is made once a step, so a token costs no more than without
    the adapter; the gradients of A and B need two thin products each, and W gets none.
    """

    @staticmethod
    def forward(ctx: Any, x: Tensor, weight: Tensor, a: Tensor, b: Tensor, scale: float) -> Tensor:
        merged = torch.addmm(weight, b, a, alpha=scale)
        ctx.save_for_backward(x, merged, a, b)
        ctx.scale = scale
        return functional.linear(x, merged)

    @staticmethod
    def backward(ctx: Any, *grads: Tensor) -> tuple[Tensor | None, ...]:
        x, merged, a, b = ctx.saved_tensors
        grad = grads[0]
        back, rows = grad.flatten(0, -2), x.flatten(0, -2)
        grad_b = ctx.scale * (back.T @ (rows @ a.T))
        grad_a = ctx.scale * ((back @ b).T @ rows)
        return grad @ merged, None, grad_a, grad_b, None


class LoraLinear(nn.Module):  # type: ignore[misc]
    """A linear layer without bias whose own weight stays as it is."""

    def __init__(self, linear: nn.Linear, rank: int, alpha: float) -> None:
        super().__init__()
        self.weight = nn.Parameter(linear.weight.detach(), requires_grad=False)
        out, into = self.weight.shape
        self.a = nn.Parameter(torch.empty(rank, into))
        self.b = nn.Parameter(torch.zeros(out, rank))
        self.scale = alpha / rank
        nn.init.kaiming_uniform_(self.a, a=math.sqrt(5))

    def forward(self, x: Tensor) -> Tensor:
        y: Tensor = _Merged.apply(x, self.weight, self.a, self.b, self.scale)
        return y


def add_adapter(model: PreTrainedModel, rank: int, alpha: float) -> dict[str, nn.Parameter]:
    """Puts an adapter on every linear layer of every block; returns its matrices by peft's names."""
    model.requires_grad_(False)
    trained = {}
    for number, layer in enumerate(model.model.layers):
        for place in PLACES:
            part, name = place.split(".")
            holder = getattr(layer, part)
            adapted = LoraLinear(getattr(holder, name), rank, alpha)
            setattr(holder, name, adapted)
            trained[f"model.layers.{number}.{place}.lora_A"] = adapted.a
            trained[f"model.layers.{number}.{place}.lora_B"] = adapted.b
    model.set_attn_implementation("tree")
    return trained


@dataclass(frozen=True)
class Tree:
    """Packed tokens. `blocks` are the sheets' places behind the rules; `masks` are added to their
    scores, (length, rules + length) each. `reads` are the tokens from which `writes` are told.
    """

    ids: Tensor
    places: Tensor
    rules: int
    blocks: tuple[tuple[int, int], ...]
    masks: tuple[Tensor, ...]
    reads: Tensor
    writes: Tensor
    weights: Tensor  # of each written token in the loss
    answers: tuple[tuple[int, int], ...]  # each answer's place in `reads`

    def to(self, device: torch.device) -> Tree:
        moved = {
            name: getattr(self, name).to(device)
            for name in ("ids", "places", "reads", "writes", "weights")
        }
        masks = tuple(mask.to(device) for mask in self.masks)
        return Tree(
            rules=self.rules, blocks=self.blocks, masks=masks, answers=self.answers, **moved
        )


Written = tuple[list[int], list[int]]  # a prompt's tokens and its answer's


def shared(sequences: Sequence[Sequence[int]]) -> int:
    """How many tokens all of them begin with."""
    count = 0
    for together in zip(*sequences, strict=False):
        if len(set(together)) > 1:
            break
        count += 1
    return count


def pack(
    sheets: Sequence[Sequence[Written]],
    rules: int,
    weight: Callable[[Sequence[int]], float] = lambda answer: 1.0,
) -> Tree:
    """`rules`: how many tokens all prompts begin with. Prompts of a sheet share its passages.
    `weight`: of an answer in the loss.
    """
    ids = list(sheets[0][0][0][:rules])
    places = list(range(rules))
    blocks, masks = [], []
    reads: list[int] = []
    writes, weights, answers = [], [], []
    for sheet in sheets:
        start = len(ids)
        stem = min(shared([prompt for prompt, _ in sheet]), *(len(p) - 1 for p, _ in sheet))
        ids += sheet[0][0][rules:stem]
        places += range(rules, stem)
        owners = [-1] * (stem - rules)
        for number, (prompt, answer) in enumerate(sheet):
            first = len(ids) - stem
            ids += prompt[stem:] + answer[:-1]
            places += range(stem, len(prompt) + len(answer) - 1)
            owners += [number] * (len(prompt) + len(answer) - 1 - stem)
            answers.append((len(reads), len(reads) + len(answer)))
            reads += range(first + len(prompt) - 1, first + len(prompt) - 1 + len(answer))
            writes += answer
            weights += [weight(answer) / math.sqrt(len(answer))] * len(answer)
        blocks.append((start, len(ids)))
        masks.append(_mask(torch.tensor(owners), rules))
    return Tree(
        torch.tensor(ids),
        torch.tensor(places),
        rules,
        tuple(blocks),
        tuple(masks),
        torch.tensor(reads),
        torch.tensor(writes),
        torch.tensor(weights),
        tuple(answers),
    )


def _mask(owners: Tensor, rules: int) -> Tensor:
    """0 where a token sees another, -inf where not: what came before, by the same owner or all's."""
    own = (owners[None, :] == owners[:, None]) | (owners[None, :] == -1)
    seen = torch.cat([torch.ones(len(owners), rules, dtype=torch.bool), own.tril()], 1)
    return torch.zeros(seen.shape).masked_fill(~seen, -math.inf)


def tree_attention(
    module: nn.Module,
    query: Tensor,
    key: Tensor,
    value: Tensor,
    attention_mask: Tensor | None,
    *,
    tree: Tree,
    scaling: float,
    **_: Any,
) -> tuple[Tensor, None]:
    """(1, heads, tokens, width) each; returns (1, tokens, heads, width)."""
    groups = query.shape[1] // key.shape[1]
    key, value = key.repeat_interleave(groups, 1), value.repeat_interleave(groups, 1)
    attend = functional.scaled_dot_product_attention
    rules_key, rules_value = key[:, :, : tree.rules], value[:, :, : tree.rules]
    parts = [
        attend(query[:, :, : tree.rules], rules_key, rules_value, is_causal=True, scale=scaling)
    ]
    for (start, end), mask in zip(tree.blocks, tree.masks, strict=True):
        seen = torch.cat([rules_key, key[:, :, start:end]], 2)
        values = torch.cat([rules_value, value[:, :, start:end]], 2)
        parts.append(attend(query[:, :, start:end], seen, values, attn_mask=mask, scale=scaling))
    return torch.cat(parts, 2).transpose(1, 2), None


AttentionInterface.register("tree", tree_attention)


def logits(model: PreTrainedModel, tree: Tree) -> Tensor:
    """(answer tokens, words): the scores for each token of the answers, and for no other."""
    body = model.model
    hidden = body.embed_tokens(tree.ids[None])
    turned = body.rotary_emb(hidden, position_ids=tree.places[None])
    for layer in body.layers:
        hidden = layer(hidden, position_embeddings=turned, tree=tree)
    scores: Tensor = model.lm_head(body.norm(hidden[0, tree.reads]))
    return scores
