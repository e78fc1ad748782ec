"""Makes model.onnx, tokenizer.json and model.json of this folder from what `train.py` trained.

    pip install torch==2.13.0 "onnx>=1.18" onnxruntime tokenizers scikit-learn "numpy>=2"
    python make.py DATA CHECKPOINT [--to FOLDER] [--float32 FOLDER]

DATA and CHECKPOINT are those of `train.py`. The parts are those of the search model beside this
folder: its `graph.py` writes the model, its `rounding.py` the 8-bit matrices, after the float32
model's run over questions that were trained on. Two minutes. Not in 8 bits are the heads, a hundredth of the
size and of the time, and three matrices that lose most by it. `--float32` writes the exact model
too, to compare with.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch
from data import Groups, load
from model import bert_names
from onnx import TensorProto
from tokenizers import Tokenizer
from train import QUESTION_TOKENS, SEED, TEXT_TOKENS, encode

HERE = Path(__file__).resolve().parent
SEARCH_MODEL = HERE.parent / "all-MiniLM-L6-v2"
sys.path.insert(0, str(SEARCH_MODEL))
from graph import (  # noqa: E402  (it lies in that folder)
    Feed,
    Graph,
    RoundedGraph,
    Weights,
    add_encoder,
    observe,
    round_all,
)
from rounding import Floats  # noqa: E402

NAME = "minilm-reader-1"  # and the model's digest: other weights are another reader
LAYOUT = "question-passage/1"  # what goes in and what comes out, as `adapters/reader.py` reads it
OUTPUTS = {"ends": ("batch", "length", 2), "verdict": ("batch", 4)}
# One neuron in each of these layers is four times as loud as all others, so that 8 bits are too few
# for what goes in. In 16 they take a twelfth more time, and the model errs by a third less.
HALVED = ("layer0.narrow", "layer1.narrow", "layer2.narrow")
CALIBRATION = 250  # questions, each with a passage or two, that the rounding looks at


class ReaderGraph(RoundedGraph):
    """In 8 bits but for the matrices of `HALVED`, stored in 16 and computed with in 32."""

    def linear(self, name: str, value: str, matrix: Floats, bias: Floats | None) -> str:
        if name not in HALVED or bias is None:
            return super().linear(name, value, matrix, bias)
        stored = self.constant(f"{name}.half", matrix.astype(np.float16))
        exact = self.node("Cast", [stored], f"{name}.w", to=TensorProto.FLOAT)
        product = self.node("MatMul", [value, exact], f"{name}.product")
        return self.node("Add", [product, self.constant(f"{name}.b", bias)], name)


def published(checkpoint: Path) -> Weights:
    """float32 weights: those that a BERT has under their published names, the heads under ours."""
    saved = torch.load(checkpoint, weights_only=True)
    print(f"{checkpoint}: {saved['steps']} steps")
    names = bert_names()
    return {names.get(name, name): value.numpy() for name, value in saved["model"].items()}


def add_reader(graph: Graph, weights: Weights) -> None:
    """input_ids, token_kinds int32 (batch, length) to `OUTPUTS`, float32.

    ends: start and end of the marked words; verdict: answered here at all, then words, yes, no.
    """
    value = add_encoder(graph, weights, TEXT_TOKENS, "token_kinds")
    matrix = graph.constant("ends.w", weights["ends.weight"].T)
    product = graph.node("MatMul", [value, matrix], "ends.product")
    shift = graph.constant("ends.b", weights["ends.bias"])
    graph.node("Add", [product, shift], "ends")
    place = graph.constant("first", np.array(0, np.int64))
    value = graph.node("Gather", [value, place], "start.token", axis=1)
    value = _dense(graph, weights, "pooled", value, "pooled.sum")
    value = graph.node("Tanh", [value], "pooled")
    _dense(graph, weights, "verdict", value, "verdict")


def _dense(graph: Graph, weights: Weights, head: str, value: str, output: str) -> str:
    parts = (f"{head}.weight", f"{head}.bias")
    names = [graph.constant(part, weights[part]) for part in parts]
    return graph.node("Gemm", [value, *names], output, transB=1)


def calibration(data: Path, tokenizer: Tokenizer) -> Iterator[Feed]:
    """Questions with a passage each, as they are trained on (near misses by words left out)."""
    lines = load(data, SEED)
    groups = Groups(lines, [()] * len(lines), SEED).round()[:CALIBRATION]
    for number, group in enumerate(groups):
        for text in encode(tokenizer, group.question, group, number):
            kinds = [int(n >= text.question) for n in range(len(text.ids))]
            yield {
                "input_ids": np.array([text.ids], np.int32),
                "token_kinds": np.array([kinds], np.int32),
            }


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("data", type=Path)
    arguments.add_argument("checkpoint", type=Path)
    arguments.add_argument("--to", type=Path, default=HERE)
    arguments.add_argument("--float32", type=Path)
    given = arguments.parse_args()
    weights = published(given.checkpoint)
    tokenizer = (SEARCH_MODEL / "tokenizer.json").read_bytes()
    feeds = list(calibration(given.data, Tokenizer.from_buffer(tokenizer)))

    exact = Graph()
    add_reader(exact, weights)
    rounded = ReaderGraph(round_all(exact, observe(exact, feeds)))
    add_reader(rounded, weights)
    if given.float32 is not None:
        write(given.float32, exact, tokenizer)
    write(given.to, rounded, tokenizer)


def write(folder: Path, graph: Graph, tokenizer: bytes) -> None:
    """The three files of a reader's folder."""
    model = graph.model(NAME, ["input_ids", "token_kinds"], OUTPUTS)
    data = model.SerializeToString(deterministic=True)
    digest = hashlib.sha256(data).hexdigest()
    about = {
        "name": f"{NAME}/{digest[:8]}",
        "layout": LAYOUT,
        "max_tokens": TEXT_TOKENS,
        "question_tokens": QUESTION_TOKENS,
        "sha256": digest,
    }
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "model.onnx").write_bytes(data)
    (folder / "tokenizer.json").write_bytes(tokenizer)
    (folder / "model.json").write_text(json.dumps(about, indent=2) + "\n", encoding="utf-8")
    print(f"{folder}: {len(data):,} bytes, SHA-256 {digest}")


if __name__ == "__main__":
    main()
