"""A BERT as an ONNX graph, written node by node: once in float32, once in 8 bits.

Written so, it holds onnxruntime's fused operators as they are, without an exporter and without
torch. Each matrix has a name, as in "layer3.wide", under which its input can be looked at and its
8-bit form is given. The search model and the reader (`reader_graph.py`) are made of these parts, by
the scripts in `assets/models` and where a reader is tuned. Only they load this module: it stands on
the package `onnx`, which RagDesk does not need otherwise.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

from .rounding import Floats, Inputs, Rounded, quantize, round_matrix

EPSILON = 1e-12  # of every layer normalisation, from the source's config.json
TABLE_LIMIT = 127  # the word table is looked up, never multiplied: it keeps all 8 bits
FUSED = "com.microsoft"  # onnxruntime's own operators

Weights = Mapping[str, Floats]
Feed = Mapping[str, npt.NDArray[np.int32]]  # the inputs of one run, by name


class Graph:
    """Collects nodes and constants in float32; every method gives the name of what it added."""

    def __init__(self, heads: int = 12) -> None:
        """heads: of every attention; those of all-MiniLM-L6-v2 unless told otherwise."""
        self.heads = heads
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []
        self.matrices: dict[str, tuple[str, Floats]] = {}  # name: (its input's name, the matrix)

    def constant(self, name: str, values: npt.NDArray[Any]) -> str:
        self.constants.append(numpy_helper.from_array(np.asarray(values, order="C"), name))
        return name

    def node(
        self, kind: str, inputs: list[str], output: str, domain: str = "", **settings: Any
    ) -> str:
        self.nodes.append(helper.make_node(kind, inputs, [output], domain=domain, **settings))
        return output

    def normalize(self, name: str, value: str, gain: Floats, shift: Floats) -> str:
        inputs = [value, self.constant(f"{name}.g", gain), self.constant(f"{name}.h", shift)]
        return self.node("LayerNormalization", inputs, name, axis=-1, epsilon=EPSILON)

    def rows(self, name: str, table: npt.NDArray[Any], indices: str) -> str:
        """The rows of `table` that `indices` names."""
        return self.node("Gather", [self.constant(f"{name}.table", table), indices], name)

    def linear(self, name: str, value: str, matrix: Floats, bias: Floats | None) -> str:
        """`value` @ `matrix` (+ bias). matrix: (inputs, outputs), as x @ W wants it."""
        self.matrices[name] = value, matrix
        product = self.node(
            "MatMul", [value, self.constant(f"{name}.w", matrix)], f"{name}.product"
        )
        if bias is None:
            return product
        return self.node("Add", [product, self.constant(f"{name}.b", bias)], name)

    def attention(self, name: str, value: str, matrix: Floats, bias: Floats) -> str:
        """Self-attention without a mask: there is no padding. matrix: (width, 3 * width)."""
        self.matrices[name] = value, matrix
        inputs = [value, self.constant(f"{name}.w", matrix), self.constant(f"{name}.b", bias)]
        return self.node("Attention", inputs, name, FUSED, num_heads=self.heads)

    def model(
        self, name: str, inputs: Iterable[str], outputs: Mapping[str, Sequence[str | int]]
    ) -> onnx.ModelProto:
        """What was collected. inputs: names; outputs: name and shape of what is given out."""
        body = helper.make_graph(
            self.nodes,
            name,
            [
                helper.make_tensor_value_info(given, TensorProto.INT32, ["batch", "length"])
                for given in inputs
            ],
            [
                helper.make_tensor_value_info(given, TensorProto.FLOAT, list(shape))
                for given, shape in outputs.items()
            ],
            self.constants,
        )
        operators = [helper.make_opsetid("", 18), helper.make_opsetid(FUSED, 1)]
        return helper.make_model(
            body, opset_imports=operators, ir_version=9, producer_name="RagDesk make.py"
        )


class RoundedGraph(Graph):
    """The same in 8 bits. Activations are quantised while it runs, one scale a tensor."""

    def __init__(self, rounded: Mapping[str, Rounded], heads: int = 12) -> None:
        super().__init__(heads)
        self.rounded = rounded

    def rows(self, name: str, table: npt.NDArray[Any], indices: str) -> str:
        values, scale = quantize(table, axis=1, limit=TABLE_LIMIT)
        found = super().rows(f"{name}.rounded", values, indices)
        found = self.node("Cast", [found], f"{name}.floats", to=TensorProto.FLOAT)
        scales = super().rows(f"{name}.scales", scale, indices)
        return self.node("Mul", [found, scales], name)

    def linear(self, name: str, value: str, matrix: Floats, bias: Floats | None) -> str:
        value, values, scale = self._evened(name, value)
        inputs = [value, self.constant(f"{name}.w", values), self.constant(f"{name}.s", scale)]
        if bias is not None:
            inputs += ["", self.constant(f"{name}.b", bias)]
        return self.node("DynamicQuantizeMatMul", inputs, name, FUSED)

    def attention(self, name: str, value: str, matrix: Floats, bias: Floats) -> str:
        value, values, scale = self._evened(name, value)
        parts = [f"{name}.in", f"{name}.in_scale", f"{name}.in_zero"]
        self.nodes.append(helper.make_node("DynamicQuantizeLinear", [value], parts))
        inputs = [
            parts[0],
            self.constant(f"{name}.w", values),
            self.constant(f"{name}.b", bias),
            parts[1],
            self.constant(f"{name}.s", scale),
            "",
            parts[2],
            self.constant(f"{name}.z", np.zeros(values.shape[1], np.int8)),
        ]
        return self.node("QAttention", inputs, name, FUSED, num_heads=self.heads)

    def _evened(self, name: str, value: str) -> tuple[str, npt.NDArray[np.int8], Floats]:
        rounded = self.rounded[name]
        if rounded.divisor is not None:
            factor = self.constant(f"{name}.even", (1 / rounded.divisor).astype(np.float32))
            value = self.node("Mul", [value, factor], f"{name}.evened")
        return value, rounded.values, rounded.scale


def observe(graph: Graph, feeds: Sequence[Feed], threads: int = 0) -> dict[str, Inputs]:
    """Runs the float32 model over `feeds` and gives what went into each matrix, by its name.

    threads: onnxruntime's; 0 leaves it to it.
    """
    taps = {value: len(matrix) for value, matrix in graph.matrices.values()}
    outputs = {value: ("batch", "length", size) for value, size in taps.items()}
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    session = onnxruntime.InferenceSession(
        graph.model("observed", feeds[0], outputs).SerializeToString(),
        options,
        providers=["CPUExecutionProvider"],
    )
    seen = {value: Inputs(size) for value, size in taps.items()}
    for feed in feeds:
        for value, found in zip(taps, session.run(list(taps), dict(feed)), strict=True):
            seen[value].add(found[0])
    return {name: seen[value] for name, (value, _) in graph.matrices.items()}


def round_all(graph: Graph, inputs: Mapping[str, Inputs]) -> dict[str, Rounded]:
    """Every matrix in 8 bits. What attention gives out is even already."""
    return {
        name: round_matrix(matrix, inputs[name], even=not name.endswith(".mixed"))
        for name, (_, matrix) in graph.matrices.items()
    }


def add_encoder(graph: Graph, weights: Weights, max_tokens: int, kinds: str | None = None) -> str:
    """input_ids to the last layer, float32 (batch, length, width); gives its name.

    kinds: the input that says of each token whether it stands in the first or the second text (0
    or 1); None: all stand in the first.
    """
    value = _add_embeddings(graph, weights, max_tokens, kinds)
    for number in range(layers_of(weights)):
        value = _add_layer(graph, weights, number, value)
    return value


def layers_of(weights: Weights) -> int:
    """How many layers a BERT of these published names has."""
    return sum(name.endswith("attention.self.query.weight") for name in weights)


def _add_embeddings(graph: Graph, weights: Weights, max_tokens: int, kinds: str | None) -> str:
    """Word plus position plus kind of text, normalised: (batch, length, width)."""
    places = weights["embeddings.position_embeddings.weight"][:max_tokens]
    types = weights["embeddings.token_type_embeddings.weight"]
    graph.constant("places", places + types[0])
    graph.constant("zero", np.array([0], np.int64))
    words = graph.rows("words", weights["embeddings.word_embeddings.weight"], "input_ids")
    length = graph.node("Shape", ["input_ids"], "length", start=1, end=2)
    used = graph.node("Slice", ["places", "zero", length, "zero"], "places.used")
    total = graph.node("Add", [words, used], "words.placed")
    if kinds is not None:
        table = graph.constant("kinds.table", types - types[0])
        total = graph.node(
            "Add", [total, graph.node("Gather", [table, kinds], "kinds")], "words.told"
        )
    gain, shift = (weights[f"embeddings.LayerNorm.{part}"] for part in ("weight", "bias"))
    return graph.normalize("start", total, gain, shift)


def _add_layer(graph: Graph, weights: Weights, number: int, value: str) -> str:
    """One BERT layer: attention and feed-forward, each added to its input and normalised.

    Add and LayerNormalization stand apart because onnxruntime's SkipLayerNormalization takes five
    times the two together on a CPU.
    """
    name = f"layer{number}"

    def of(part: str) -> tuple[Floats, Floats]:
        source = f"encoder.layer.{number}.{part}"
        return weights[f"{source}.weight"], weights[f"{source}.bias"]

    thirds = [of(f"attention.self.{part}") for part in ("query", "key", "value")]
    matrix = np.concatenate([third.T for third, _ in thirds], axis=1)
    bias = np.concatenate([shift for _, shift in thirds])
    mixed = graph.attention(f"{name}.attention", value, matrix, bias)
    matrix, bias = of("attention.output.dense")
    mixed = graph.linear(f"{name}.mixed", mixed, matrix.T, bias)
    total = graph.node("Add", [mixed, value], f"{name}.sum1")
    middle = graph.normalize(f"{name}.norm1", total, *of("attention.output.LayerNorm"))

    matrix, bias = of("intermediate.dense")
    wide = graph.linear(f"{name}.wide", middle, matrix.T, None)
    shift = graph.constant(f"{name}.wide.shift", bias)
    wide = graph.node("BiasGelu", [wide, shift], f"{name}.gelu", FUSED)
    matrix, bias = of("output.dense")
    narrow = graph.linear(f"{name}.narrow", wide, matrix.T, bias)
    total = graph.node("Add", [narrow, middle], f"{name}.sum2")
    return graph.normalize(f"{name}.norm2", total, *of("output.LayerNorm"))
