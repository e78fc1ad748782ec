"""The reader's folder, written from its weights and read back into them.

The graph is that of `onnx_graph.py` with three small heads. Not in 8 bits are the heads, a hundredth
of the size and of the time, and three matrices that lose most by it. Loaded only where a reader is
made or tuned, see there.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
from onnx import TensorProto, helper, numpy_helper

from .onnx_graph import (
    Feed,
    Graph,
    RoundedGraph,
    Weights,
    add_encoder,
    layers_of,
    observe,
    round_all,
)
from .reader import LAYOUT
from .rounding import Floats

INPUTS = ["input_ids", "token_kinds"]
OUTPUTS = {"ends": ("batch", "length", 2), "verdict": ("batch", 4)}
# One neuron in each of these layers is four times as loud as all others, so that 8 bits are too few
# for what goes in. In 16 they take a twelfth more time, and the model errs by a third less.
HALVED = ("layer0.narrow", "layer1.narrow", "layer2.narrow")


class ReaderGraph(RoundedGraph):
    """In 8 bits but for the matrices of `HALVED`, stored in 16 and computed with in 32."""

    def linear(self, name: str, value: str, matrix: Floats, bias: Floats | None) -> str:
        if name not in HALVED or bias is None:
            return super().linear(name, value, matrix, bias)
        stored = self.constant(f"{name}.half", matrix.astype(np.float16))
        exact = self.node("Cast", [stored], f"{name}.w", to=TensorProto.FLOAT)
        product = self.node("MatMul", [value, exact], f"{name}.product")
        return self.node("Add", [product, self.constant(f"{name}.b", bias)], name)


def exact_graph(weights: Weights, max_tokens: int, heads: int = 12) -> Graph:
    """The reader in float32."""
    graph = Graph(heads)
    _add_reader(graph, weights, max_tokens)
    return graph


def rounded_graph(
    weights: Weights, feeds: Sequence[Feed], max_tokens: int, heads: int = 12, threads: int = 0
) -> Graph:
    """The reader as it is used, rounded so that it stays what it is on `feeds`."""
    exact = exact_graph(weights, max_tokens, heads)
    for name in HALVED:
        exact.matrices.pop(name, None)  # not to be rounded
    graph = ReaderGraph(round_all(exact, observe(exact, feeds, threads)), heads)
    _add_reader(graph, weights, max_tokens)
    return graph


def _add_reader(graph: Graph, weights: Weights, max_tokens: int) -> None:
    """input_ids, token_kinds int32 (batch, length) to `OUTPUTS`, float32.

    ends: start and end of the marked words; verdict: answered here at all, then words, yes, no.
    """
    value = add_encoder(graph, weights, max_tokens, "token_kinds")
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


def write_folder(
    folder: Path,
    graph: Graph,
    tokenizer: bytes,
    *,
    name: str,
    max_tokens: int,
    question_tokens: int,
) -> str:
    """The three files of a reader's folder, whole or not at all; gives the model's SHA-256.

    Its name is `name` and the start of that. Raises `OSError`.
    """
    data = graph.model(name, INPUTS, OUTPUTS).SerializeToString(deterministic=True)
    digest = hashlib.sha256(data).hexdigest()
    about = {
        "name": f"{name}/{digest[:8]}",
        "layout": LAYOUT,
        "max_tokens": max_tokens,
        "question_tokens": question_tokens,
        "sha256": digest,
    }
    files = {
        "model.onnx": data,
        "tokenizer.json": tokenizer,
        "model.json": (json.dumps(about, indent=2) + "\n").encode(),
    }
    half = folder.with_name(f"{folder.name}.half")
    shutil.rmtree(half, ignore_errors=True)
    half.mkdir(parents=True)
    for called, content in files.items():
        with (half / called).open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    if folder.exists():
        shutil.rmtree(folder)
    os.replace(half, folder)
    return digest


class UnreadableReaderError(ValueError):
    """A model that was not made as `exact_graph` or `rounded_graph` make it."""


def read_weights(model: bytes) -> tuple[dict[str, Floats], int]:
    """float32 weights of a model.onnx under the names of `ReaderModel.published`, and its heads.

    What was rounded stays rounded: those are the very numbers that the model computes with, but
    that its activations are rounded too. Raises `UnreadableReaderError`.
    """
    try:
        graph = onnx.load_from_string(model).graph
        constants = {one.name: numpy_helper.to_array(one) for one in graph.initializer}
        heads = next(
            int(helper.get_attribute_value(setting))
            for node in graph.node
            for setting in node.attribute
            if setting.name == "num_heads"
        )
        found = _embeddings(constants)
        for number in range(sum(name.endswith(".norm2.g") for name in constants)):
            found |= _layer(constants, number)
        for head in ("pooled", "verdict"):
            found |= {f"{head}.{end}": constants[f"{head}.{end}"] for end in ("weight", "bias")}
        found |= {"ends.weight": constants["ends.w"].T, "ends.bias": constants["ends.b"]}
    except Exception as error:  # whatever a strange file makes of it
        raise UnreadableReaderError(f"no reader that can be tuned: {error!r}") from error
    if not layers_of(found):
        raise UnreadableReaderError("no reader that can be tuned: it has no layers")
    return {name: np.array(value, np.float32, order="C") for name, value in found.items()}, heads


Constants = Mapping[str, npt.NDArray[Any]]


def _embeddings(constants: Constants) -> dict[str, Floats]:
    """The table of kinds is lost but for the difference of its rows; the first one is in `places`."""
    if "words.table" in constants:
        words = constants["words.table"]
    else:
        words = constants["words.rounded.table"] * constants["words.scales.table"]
    return {
        "embeddings.word_embeddings.weight": words,
        "embeddings.position_embeddings.weight": constants["places"],
        "embeddings.token_type_embeddings.weight": constants["kinds.table"],
        "embeddings.LayerNorm.weight": constants["start.g"],
        "embeddings.LayerNorm.bias": constants["start.h"],
    }


def _layer(constants: Constants, number: int) -> dict[str, Floats]:
    name, published = f"layer{number}", f"encoder.layer.{number}"
    parts = ("query", "key", "value")
    matrices = np.split(_matrix(constants, f"{name}.attention"), 3, axis=1)
    shifts = np.split(constants[f"{name}.attention.b"], 3)
    found: dict[str, Floats] = {}
    for part, matrix, shift in zip(parts, matrices, shifts, strict=True):
        found[f"{published}.attention.self.{part}.weight"] = matrix.T
        found[f"{published}.attention.self.{part}.bias"] = shift
    for part, theirs, added in (
        ("mixed", "attention.output.dense", "mixed.b"),
        ("wide", "intermediate.dense", "wide.shift"),
        ("narrow", "output.dense", "narrow.b"),
    ):
        found[f"{published}.{theirs}.weight"] = _matrix(constants, f"{name}.{part}").T
        found[f"{published}.{theirs}.bias"] = constants[f"{name}.{added}"]
    for part, theirs in (("norm1", "attention.output"), ("norm2", "output")):
        found[f"{published}.{theirs}.LayerNorm.weight"] = constants[f"{name}.{part}.g"]
        found[f"{published}.{theirs}.LayerNorm.bias"] = constants[f"{name}.{part}.h"]
    return found


def _matrix(constants: Constants, name: str) -> Floats:
    """(inputs, outputs), as x @ W wants it, of any of the three forms."""
    half = f"{name}.half" in constants
    matrix = constants[f"{name}.half" if half else f"{name}.w"]
    if matrix.dtype != np.int8:
        whole: Floats = matrix.astype(np.float32)
        return whole
    exact = matrix.astype(np.float64) * constants[f"{name}.s"].astype(np.float64)
    if f"{name}.even" in constants:  # one over what the rows were multiplied by
        exact *= constants[f"{name}.even"].astype(np.float64)[:, None]
    found: Floats = exact.astype(np.float32)
    return found
