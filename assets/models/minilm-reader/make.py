"""Makes model.onnx, tokenizer.json and model.json of this folder from what `train.py` trained.

    pip install torch==2.13.0 "onnx>=1.18" onnxruntime tokenizers scikit-learn "numpy>=2"
    python make.py DATA CHECKPOINT [--to FOLDER] [--float32 FOLDER]

DATA and CHECKPOINT are those of `train.py`. `ragdesk/adapters/reader_graph.py` writes the model, as it
does where a reader is tuned, its 8-bit matrices after the float32 model's run over questions that
were trained on. Two minutes. `--float32` writes the exact model too, to compare with.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch
from data import Groups, load
from tokenizers import Tokenizer
from train import QUESTION_TOKENS, SEED, TEXT_TOKENS, encode

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from ragdesk.adapters.onnx_graph import Feed, Graph, Weights
from ragdesk.adapters.reader_graph import exact_graph, rounded_graph, write_folder
from ragdesk.adapters.reader_model import ReaderModel

HERE = Path(__file__).resolve().parent
SEARCH_MODEL = HERE.parent / "all-MiniLM-L6-v2"
NAME = "minilm-reader-1"  # and the model's digest: other weights are another reader
CALIBRATION = 250  # questions, each with a passage or two, that the rounding looks at


def published(checkpoint: Path) -> Weights:
    """float32 weights: those that a BERT has under their published names, the heads under ours."""
    saved = torch.load(checkpoint, weights_only=True)
    print(f"{checkpoint}: {saved['steps']} steps")
    model = ReaderModel()
    model.load_state_dict(saved["model"])
    return model.published()


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

    if given.float32 is not None:
        write(given.float32, exact_graph(weights, TEXT_TOKENS), tokenizer)
    write(given.to, rounded_graph(weights, feeds, TEXT_TOKENS), tokenizer)


def write(folder: Path, graph: Graph, tokenizer: bytes) -> None:
    """Puts the three files into a reader's folder, beside what else lies there."""
    with tempfile.TemporaryDirectory() as made:
        digest = write_folder(
            Path(made) / "reader",
            graph,
            tokenizer,
            name=NAME,
            max_tokens=TEXT_TOKENS,
            question_tokens=QUESTION_TOKENS,
        )
        shutil.copytree(Path(made) / "reader", folder, dirs_exist_ok=True)
    print(f"{folder}: SHA-256 {digest}")


if __name__ == "__main__":
    main()
