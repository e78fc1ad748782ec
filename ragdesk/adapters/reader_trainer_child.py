"""Tunes the reader, in a process of its own.

    python -m ragdesk.engine.child … ragdesk.adapters.reader_trainer_child

The one line in is an order of `reader_trainer.py`. Its input stays open until it is to stop: then
it saves and leaves. Nothing of what comes out depends on when it was stopped or killed: batches are
drawn by the number of the step, and the number of threads is part of the order.
"""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..domain.training import Lesson, LessonPassage
from .child_pipe import Tell, converse
from .training_child import carry_out, load_state, save_state, settle_threads, when_input_ends

if TYPE_CHECKING:
    import torch

    from .onnx_graph import Feed, Weights
    from .reader_learning import Text
    from .reader_model import ReaderModel

RATE = 1e-4  # highest step size
WARM_UP = 0.1  # of the steps: it rises for so long, then falls to nothing
DECAY = 0.01
KEPT = 0.5  # how far the reader goes from what it was to what it learned; the rest is not forgotten
CALIBRATION = 250  # texts that the rounding looks at
MEASURED = 3  # steps, of which the first warms up
OBSERVED = 8  # texts, likewise
PARTS = 4  # matrices of a layer


class _Learning:
    """A reader that learns: its base, its lessons, and how far it is."""

    def __init__(self, order: dict[str, Any]) -> None:
        """Raises `reader_graph.UnreadableReaderError`."""
        import torch
        from tokenizers import Tokenizer

        from .reader_graph import UnreadableReaderError, read_weights
        from .reader_lessons import encode
        from .reader_model import ReaderModel, Size

        torch.set_num_threads(order["threads"])
        torch.use_deterministic_algorithms(True)
        torch.manual_seed(0)  # nothing is drawn; but that is then sure
        base = Path(order["base"])
        try:
            self.about = json.loads((base / "model.json").read_text(encoding="utf-8"))
            self.tokenizer = (base / "tokenizer.json").read_bytes()
            model = (base / "model.onnx").read_bytes()
        except (OSError, ValueError) as error:
            raise UnreadableReaderError(str(error)) from error
        self.base, self.heads = read_weights(model)
        self.threads: int = order["threads"]
        self.model: ReaderModel = ReaderModel(Size(**_size(self.base), heads=self.heads))
        self.model.load_published(self.base)
        tokenizer = Tokenizer.from_buffer(self.tokenizer)
        self.lessons: list[list[Text]] = [
            encode(
                tokenizer,
                _lesson(told),
                number,
                self.about["max_tokens"],
                self.about["question_tokens"],
            )
            for number, told in enumerate(order["lessons"])
        ]
        trained = [p for p in self.model.parameters() if p.requires_grad]
        self.stepper = torch.optim.AdamW(trained, RATE, weight_decay=DECAY)
        self.done = 0

    def step(self, numbers: Sequence[int], size: float) -> None:
        """Learns the lessons `numbers`; size: of the step, as a share of `RATE`."""
        import torch

        from .reader_learning import batch_of, loss_of

        for group in self.stepper.param_groups:
            group["lr"] = RATE * size
        batch = batch_of([text for number in numbers for text in self.lessons[number]])
        ends, verdicts = self.model(batch.ids, batch.kinds, batch.lengths)
        loss_of(ends, verdicts, batch).backward()
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        self.stepper.step()
        self.stepper.zero_grad(set_to_none=True)
        self.done += 1

    def save(self, path: Path) -> None:
        """Writes the checkpoint whole or not at all. Raises `OSError`."""
        state = {
            "model": self._trained(),
            "stepper": self.stepper.state_dict(),
            "done": self.done,
        }
        save_state(state, path)

    def load(self, path: Path) -> None:
        """Goes on from a checkpoint, where there is a whole one."""
        state = load_state(path)
        if state is None:
            return
        self.model.load_state_dict(self.model.state_dict() | state["model"])
        self.stepper.load_state_dict(state["stepper"])
        self.done = state["done"]

    def _trained(self) -> dict[str, torch.Tensor]:
        """The word table, half of the reader, is never changed."""
        return {name: p.detach() for name, p in self.model.named_parameters() if p.requires_grad}

    def learned(self) -> Weights:
        """What is written: `KEPT` of the way from the base to what was learned."""
        found = self.model.published()
        return {name: old + KEPT * (found[name] - old) for name, old in self.base.items()}

    def feeds(self, count: int) -> list[Feed]:
        """The texts of the lessons, `count` of them taken evenly, as the rounding runs them."""
        import numpy as np

        texts = [text for lesson in self.lessons for text in lesson]
        taken = [texts[n * len(texts) // count] for n in range(count)]
        found: list[Feed] = []
        for text in taken if len(texts) > count else texts:
            ids = np.array([text.ids], np.int32)
            kinds = np.arange(len(text.ids), dtype=np.int32)[None] >= text.question
            found.append({"input_ids": ids, "token_kinds": kinds.astype(np.int32)})
        return found

    def write(self, folder: Path) -> str:
        """The folder of the tuned reader; gives the model's SHA-256. Raises `OSError`."""
        from .reader_graph import rounded_graph, write_folder

        graph = rounded_graph(
            self.learned(),
            self.feeds(CALIBRATION),
            self.about["max_tokens"],
            self.heads,
            self.threads,
        )
        family = str(self.about["name"]).split("/", 1)[0].removesuffix("-tuned")
        return write_folder(
            folder,
            graph,
            self.tokenizer,
            name=f"{family}-tuned",
            max_tokens=self.about["max_tokens"],
            question_tokens=self.about["question_tokens"],
        )


def train(order: dict[str, Any], tell: Tell) -> None:
    """Tells {"step"} after each step and {"written"} at the end; {"saved"} where it was stopped."""
    from .reader_lessons import order as in_order

    learning = _Learning(order)
    checkpoint = Path(order["work"]) / "reader.pt"
    learning.load(checkpoint)
    stop = when_input_ends()
    steps: int = order["steps"]
    saved = time.monotonic()
    for numbers in in_order([len(texts) for texts in learning.lessons], steps, order["seed"])[
        learning.done :
    ]:
        learning.step(numbers, _size_of(learning.done, steps))
        if stop.is_set() or time.monotonic() - saved >= order["saved_every"]:
            learning.save(checkpoint)
            saved = time.monotonic()
        if stop.is_set():
            tell({"saved": learning.done})
            return
        tell({"step": learning.done})
    learning.save(checkpoint)
    tell({"written": learning.write(Path(order["folder"]))})


def measure(order: dict[str, Any], tell: Tell) -> None:
    """Tells {"step", "writing"}: seconds of each, by a few of the steps and a part of the writing."""
    from .onnx_graph import observe
    from .reader_graph import exact_graph
    from .reader_lessons import order as in_order
    from .rounding import round_matrix

    learning = _Learning(order)
    taken = []
    for numbers in in_order([len(texts) for texts in learning.lessons], MEASURED, 0):
        began = time.monotonic()
        learning.step(numbers, 0.0)
        taken.append(time.monotonic() - began)
    graph = exact_graph(learning.base, learning.about["max_tokens"], learning.heads)
    feeds = learning.feeds(OBSERVED)
    texts = min(sum(map(len, learning.lessons)), CALIBRATION)
    observe(graph, feeds[:1], learning.threads)
    began = time.monotonic()
    seen = observe(graph, feeds, learning.threads)
    observing = (time.monotonic() - began) * texts / len(feeds)
    began = time.monotonic()
    some = sorted(graph.matrices)[-PARTS:]
    for name in some:
        round_matrix(graph.matrices[name][1], seen[name], even=True)
    rounding = (time.monotonic() - began) * len(graph.matrices) / len(some)
    tell({"step": statistics.median(taken[1:]), "writing": observing + rounding})


def _size_of(step: int, steps: int) -> float:
    """The step size of step number `step`, counted from 0, as a share of the highest."""
    rising = (step + 1) / max(WARM_UP * steps, 1.0)
    return min(rising, 1.0, 1 - step / steps)


def _size(weights: Weights) -> dict[str, int]:
    from .onnx_graph import layers_of

    words, width = weights["embeddings.word_embeddings.weight"].shape
    return {
        "words": words,
        "positions": len(weights["embeddings.position_embeddings.weight"]),
        "layers": layers_of(weights),
        "width": width,
        "inner": len(weights["encoder.layer.0.intermediate.dense.bias"]),
    }


def _lesson(told: dict[str, Any]) -> Lesson:
    passages = (
        LessonPassage(
            one["context"], one["text"], one["verdict"], tuple(one["span"]) if one["span"] else None
        )
        for one in told["passages"]
    )
    return Lesson(told["question"], tuple(passages))


def work(order: dict[str, Any], tell: Tell) -> None:
    """Trains or measures; see `training_child.carry_out`."""
    settle_threads(order["threads"])
    does = {"train": train, "measure": measure}
    carry_out(order, tell, does, ("onnx", "torch"), _unreadable, "reader")


def _unreadable() -> type[Exception]:
    from .reader_graph import UnreadableReaderError

    return UnreadableReaderError


def main() -> None:
    converse(work)


if __name__ == "__main__":
    main()
