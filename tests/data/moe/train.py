"""Trains the small mixture-of-experts model on templated facts; goes on from a checkpoint."""

from __future__ import annotations

import random
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from facts import Case, case, lines
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import Lfm2MoeConfig, Lfm2MoeForCausalLM

SEED = 20261124
START, END, EOT = "<|im_start|>", "<|im_end|>", "<|endoftext|>"


@dataclass(frozen=True, slots=True)
class Stage:
    """`shapes`: (passages, facts in each, most sentences about nothing in each), one drawn a case.

    `copying` is the share of cases that only copy a stretch, without which copying from passages
    hardly starts; `rates` are the shares of the learning rates at its start and its end.
    """

    steps: int
    shapes: tuple[tuple[int, int, int], ...]
    cases: int
    copying: float
    rates: tuple[float, float] = (1.0, 1.0)


STAGES = (
    Stage(220, ((1, 2, 0),), 64, 0.5),
    Stage(128, ((2, 2, 0),), 48, 0.15),
    Stage(32, ((2, 2, 0),), 48, 0.15, (1.0, 0.86)),
    Stage(100, ((3, 2, 1),), 32, 0.05, (0.86, 0.43)),
    Stage(220, ((1, 1, 0), (1, 2, 0), (2, 1, 0), (3, 1, 0)), 40, 0.0, (0.6, 0.0)),
)
_COPIED = 24  # tokens of a stretch that is only copied
_MUON, _ADAM = 0.02, 3e-3


def vocabulary() -> Tokenizer:
    """Byte pairs as GPT-2 splits them, 1,024 in all, made from the facts' own text."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=1024,
        special_tokens=[EOT, START, END],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(lines(SEED, 2000), trainer)
    return tokenizer


def untrained() -> Lfm2MoeForCausalLM:
    """The model with its first weights: 1.1 million of them, a quarter at work for each token."""
    torch.manual_seed(SEED)
    config = Lfm2MoeConfig(
        vocab_size=1024,
        hidden_size=128,
        intermediate_size=256,
        moe_intermediate_size=64,
        num_hidden_layers=4,
        num_attention_heads=4,
        num_key_value_heads=4,
        num_dense_layers=1,
        num_experts=8,
        num_experts_per_tok=2,
        layer_types=["conv", "full_attention", "conv", "full_attention"],
        max_position_embeddings=2048,
        rope_parameters={"rope_type": "default", "rope_theta": 10000.0},
        pad_token_id=0,
        bos_token_id=0,
        eos_token_id=2,
    )
    return Lfm2MoeForCausalLM(config)


def prompt(made: Case) -> str:
    """As the chat template in the GGUF file writes it."""
    return f"{START}user\n{made.asked}{END}\n{START}assistant\n"


class Muon(torch.optim.Optimizer):
    """Momentum made orthogonal (Jordan 2024), for matrices and for stacks of them."""

    def __init__(self, parameters: list[torch.nn.Parameter], lr: float) -> None:
        super().__init__(parameters, {"lr": lr})

    @torch.no_grad()
    def step(self, closure: Any = None) -> None:
        for group in self.param_groups:
            for weight in group["params"]:
                if weight.grad is None:
                    continue
                state = self.state[weight]
                momentum = state.setdefault("momentum", torch.zeros_like(weight))
                momentum.lerp_(weight.grad, 0.05)
                move = weight.grad.lerp(momentum, 0.95)
                scale = max(1.0, weight.shape[-2] / weight.shape[-1]) ** 0.5
                weight.add_(orthogonal(move), alpha=-group["lr"] * scale)


def orthogonal(matrix: torch.Tensor) -> torch.Tensor:
    """The nearest matrix whose rows or columns are of length 1 and square to each other, nearly."""
    tall = matrix.shape[-2] > matrix.shape[-1]
    x = matrix.mT if tall else matrix
    x = x / (x.norm(dim=(-2, -1), keepdim=True) + 1e-7)
    for _ in range(5):
        square = x @ x.mT
        x = 3.4445 * x + (-4.7750 * square + 2.0315 * square @ square) @ x
    return x.mT if tall else x


def train(checkpoint: Path) -> Lfm2MoeForCausalLM:
    """Trains through `STAGES`; every 20 steps all of it is kept in `checkpoint`."""
    tokenizer, model = vocabulary(), untrained()
    matrices = [p for n, p in model.named_parameters() if _is_matrix(n, p)]
    rest = [p for n, p in model.named_parameters() if not _is_matrix(n, p)]
    optimizers = (
        Muon(matrices, _MUON),
        torch.optim.AdamW(rest, _ADAM, betas=(0.9, 0.95), weight_decay=0.0),
    )
    step = _resume(checkpoint, model, optimizers)
    total = sum(stage.steps for stage in STAGES)
    counts = _count_experts(model)
    while step < total:
        stage, share = _at(step)
        for optimizer, rate in zip(optimizers, (_MUON, _ADAM), strict=True):
            optimizer.param_groups[0]["lr"] = rate * share * min(1.0, (step + 1) / 20)
        ids, labels = _batch(tokenizer, random.Random(SEED + 1 + step), stage)
        places = labels[:, 1:] != -100
        hidden = model.model(input_ids=ids).last_hidden_state[:, :-1][places]
        loss = torch.nn.functional.cross_entropy(model.lm_head(hidden), labels[:, 1:][places])
        loss.backward()
        torch.nn.utils.clip_grad_norm_(rest, 1.0)
        for optimizer in optimizers:
            optimizer.step()
            optimizer.zero_grad()
        _balance(model, counts)
        step += 1
        if step % 20 == 0 or step == total:
            state = [model.state_dict(), *(optimizer.state_dict() for optimizer in optimizers)]
            torch.save({"step": step, "state": state}, checkpoint)
            cpu = time.process_time()
            print(f"step {step} of {total}: loss {loss.item():.3f}, {cpu:.0f} s", flush=True)
    return model.eval()


def _is_matrix(name: str, weight: torch.nn.Parameter) -> bool:
    left_out = ("embed_tokens", "lm_head", "gate.weight", "conv.conv")
    return weight.ndim >= 2 and not any(part in name for part in left_out)


def _resume(checkpoint: Path, model: Lfm2MoeForCausalLM, optimizers: tuple[Any, ...]) -> int:
    if not checkpoint.exists():
        return 0
    kept = torch.load(checkpoint, weights_only=True)
    for part, state in zip((model, *optimizers), kept["state"], strict=True):
        part.load_state_dict(state)
    return int(kept["step"])


def _at(step: int) -> tuple[Stage, float]:
    """The stage of a step, and the share of the learning rates."""
    for stage in STAGES:
        if step < stage.steps:
            begin, end = stage.rates
            return stage, begin + (end - begin) * step / stage.steps
        step -= stage.steps
    raise ValueError(step)


def _batch(
    tokenizer: Tokenizer, chance: random.Random, stage: Stage
) -> tuple[torch.Tensor, torch.Tensor]:
    """Token ids and labels, (cases, longest) each; -100 where nothing is to be learned."""
    rows = []
    for _ in range(stage.cases):
        if chance.random() < stage.copying:
            copied = [chance.randrange(3, 1024) for _ in range(_COPIED)]
            rows.append(([1, *copied, 1], [*copied, 2]))
        else:
            passages, facts, fillers = chance.choice(stage.shapes)
            made = case(chance, passages, facts, chance.randint(0, fillers))
            asked = tokenizer.encode(prompt(made)).ids
            rows.append((asked, [*tokenizer.encode(made.answer).ids, 2]))
    longest = max(len(asked) + len(answer) for asked, answer in rows)
    ids = torch.zeros(stage.cases, longest, dtype=torch.long)
    labels = torch.full((stage.cases, longest), -100)
    for row, (asked, answer) in enumerate(rows):
        whole = torch.tensor(asked + answer)
        ids[row, : len(whole)] = whole
        labels[row, len(asked) : len(whole)] = whole[len(asked) :]
    return ids, labels


def _count_experts(model: Lfm2MoeForCausalLM) -> dict[int, torch.Tensor]:
    """How often each expert was taken in the last step, by layer; filled as the model runs."""
    counts: dict[int, torch.Tensor] = {}
    for number, layer in enumerate(model.model.layers):
        if hasattr(layer.feed_forward, "gate"):

            def note(_: Any, __: Any, output: Any, number: int = number) -> None:
                counts[number] = torch.bincount(output[2].flatten(), minlength=8)

            layer.feed_forward.gate.register_forward_hook(note)
    return counts


def _balance(model: Lfm2MoeForCausalLM, counts: dict[int, torch.Tensor]) -> None:
    """Leans to experts that are taken too seldom (Wang et al. 2024), without a second loss."""
    for number, taken in counts.items():
        bias = model.model.layers[number].feed_forward.expert_bias
        bias += 0.002 * torch.sign(taken.float().mean() - taken)
