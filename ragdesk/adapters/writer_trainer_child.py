"""Tunes the language model that writes answers, in a process of its own.

    python -m ragdesk.engine.child … ragdesk.adapters.writer_trainer_child

The one line in is an order of `writer_trainer.py`. Its input stays open until it is to stop: then it
saves and leaves. Nothing of what comes out depends on when it was stopped or killed: the lessons of a
step are drawn by its number, and the number of threads is part of the order. Uses a graphics card
where there is one that torch knows.
"""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..domain.chat import Message
from ..domain.training import WriterLesson
from .child_pipe import Tell, converse
from .training_child import carry_out, load_state, save_state, settle_threads, when_input_ends

if TYPE_CHECKING:
    from .writer_file import AdapterFile

RANK, ALPHA = 16, 32.0  # of a new adapter
RATE = 1e-3  # highest step size
WARM_UP = 0.1  # of the steps: it rises for so long, then falls to nothing
MEASURED = 3  # steps, of which the first warms up


class UnusableError(ValueError):
    """The model or the adapter cannot be tuned; its text says why."""


class _Learning:
    """An adapter that learns: the model below it, its lessons, and how far it is."""

    def __init__(self, order: dict[str, Any]) -> None:
        """Raises `UnusableError`."""
        import torch

        from .writer_lessons import base_model, length, sheets_of, written
        from .writer_lora import add_adapter, shared

        torch.set_num_threads(order["threads"])
        torch.use_deterministic_algorithms(True)
        torch.manual_seed(order.get("seed", 0))  # of a new adapter
        self._base = Path(order["base"])
        try:
            model, tokenizer = base_model(self._base)
        except Exception as error:
            raise UnusableError(str(error)) from error
        started = self._started(order["start"])
        self._alpha = started.alpha if started else ALPHA
        self._trained = add_adapter(model, started.rank if started else RANK, self._alpha)
        if started:
            self._take(started)
        self._device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        self._model = model.to(self._device)
        lessons = [written(tokenizer, _lesson(told), order["marks"]) for told in order["lessons"]]
        self._sheets = sheets_of(lessons)
        if not self._sheets:
            raise UnusableError("every lesson is too long for it")
        prompts = [prompt for sheet in self._sheets for prompt, _ in sheet]
        self.rules = min(shared(prompts), min(map(len, prompts)) - 1)
        self.lengths = [length(sheet) for sheet in self._sheets]
        self._stepper = torch.optim.AdamW(
            self._trained.values(), RATE, betas=(0.9, 0.98), weight_decay=0.0
        )
        self.done = 0

    def _started(self, start: str | None) -> AdapterFile | None:
        from .writer_file import heads_of, read_adapter

        self._heads, self._key_heads = heads_of(self._base)
        if start is None:
            return None
        try:
            return read_adapter(Path(start), heads=self._heads, key_heads=self._key_heads)
        except (ValueError, KeyError) as error:
            raise UnusableError(f"its adapter cannot be gone on from ({error})") from error

    def _take(self, started: AdapterFile) -> None:
        import torch

        if set(started.matrices) != set(self._trained):
            raise UnusableError("its adapter does not fit it")
        for name, matrix in self._trained.items():
            found = torch.from_numpy(started.matrices[name])
            if found.shape != matrix.shape:
                raise UnusableError("its adapter does not fit it")
            matrix.data.copy_(found)

    def step(self, numbers: Sequence[int], size: float) -> None:
        """Learns the sheets `numbers`, their answers alone; size: as a share of `RATE`."""
        import torch
        from torch.nn import functional

        from .writer_lora import logits, pack

        for group in self._stepper.param_groups:
            group["lr"] = RATE * size
        tree = pack([self._sheets[number] for number in numbers], self.rules).to(self._device)
        scores = logits(self._model, tree)
        found = functional.cross_entropy(scores, tree.writes, reduction="none")
        ((found * tree.weights).sum() / tree.weights.sum()).backward()
        torch.nn.utils.clip_grad_norm_(self._trained.values(), 1.0)
        self._stepper.step()
        self._stepper.zero_grad(set_to_none=True)
        self.done += 1

    def save(self, path: Path) -> None:
        """Writes the checkpoint whole or not at all. Raises `OSError`."""
        adapter = {name: matrix.detach().cpu() for name, matrix in self._trained.items()}
        stepper = self._stepper.state_dict()
        save_state({"adapter": adapter, "stepper": stepper, "done": self.done}, path)

    def load(self, path: Path) -> None:
        """Goes on from a checkpoint, where there is a whole one."""
        state = load_state(path)
        if state is None:
            return
        for name, matrix in self._trained.items():
            matrix.data.copy_(state["adapter"][name])
        self._stepper.load_state_dict(state["stepper"])
        self.done = state["done"]

    def write(self, target: Path) -> None:
        """Raises `OSError`."""
        from .writer_file import write_adapter

        matrices = {name: matrix.detach().cpu().numpy() for name, matrix in self._trained.items()}
        write_adapter(
            target,
            matrices,
            heads=self._heads,
            key_heads=self._key_heads,
            alpha=self._alpha,
            name="RagDesk writer, tuned",
        )


def train(order: dict[str, Any], tell: Tell) -> None:
    """Tells {"step"} after each step and {"written"} at the end; {"saved"} where it was stopped."""
    from .writer_lessons import order as in_order

    stop = when_input_ends()
    learning = _Learning(order)
    checkpoint = Path(order["work"]) / "writer.pt"
    learning.load(checkpoint)
    steps: int = order["steps"]
    saved = time.monotonic()
    numbered = in_order(learning.lengths, learning.rules, steps, order["seed"])
    for numbers in numbered[learning.done :]:
        learning.step(numbers, _size_of(learning.done, steps))
        if stop.is_set() or time.monotonic() - saved >= order["saved_every"]:
            learning.save(checkpoint)
            saved = time.monotonic()
        if stop.is_set():
            tell({"saved": learning.done})
            return
        tell({"step": learning.done})
    learning.save(checkpoint)
    learning.write(Path(order["target"]))
    tell({"written": order["target"]})


def measure(order: dict[str, Any], tell: Tell) -> None:
    """Tells {"step", "round"}: seconds of a step, and in how many steps all lessons are read once."""
    from .writer_lessons import order as in_order
    from .writer_lessons import round_steps

    learning = _Learning(order)
    taken = []
    for numbers in in_order(learning.lengths, learning.rules, MEASURED, 0):
        began = time.monotonic()
        learning.step(numbers, 0.0)
        taken.append(time.monotonic() - began)
    around = round_steps(learning.lengths, learning.rules, 0)
    tell({"step": statistics.median(taken[1:]), "round": around})


def _size_of(step: int, steps: int) -> float:
    """The step size of step number `step`, counted from 0, as a share of the highest."""
    rising = (step + 1) / max(WARM_UP * steps, 1.0)
    return min(rising, 1.0, 1 - step / steps)


def _lesson(told: dict[str, Any]) -> WriterLesson:
    return WriterLesson(tuple(Message(**one) for one in told["messages"]), told["answer"])


def work(order: dict[str, Any], tell: Tell) -> None:
    """Trains or measures; see `training_child.carry_out`."""
    settle_threads(order["threads"])
    os.environ["CUBLAS_WORKSPACE_CONFIG"] = ":4096:8"  # else sums on a graphics card may differ
    os.environ["TQDM_DISABLE"] = "1"  # no bars of progress in the log
    does = {"train": train, "measure": measure}
    carry_out(order, tell, does, ("gguf", "torch", "transformers"), lambda: UnusableError, "model")


def main() -> None:
    converse(work)


if __name__ == "__main__":
    main()
