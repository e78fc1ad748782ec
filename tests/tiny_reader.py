"""A reader of a few kilobytes in the layout of the shipped one: it goes by single words."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

MAX_TOKENS, QUESTION_TOKENS = 192, 16
STARTS, ENDS = ("fourteen", "ete", "مارس", "500"), ("days", "ete", "مارس", "500")
SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]")
PLAIN = ("when", "yes", "not", "1", "00", *".,:;!?()%\"'-")


def make_tiny_reader(folder: Path, layout: str = "question-passage/1") -> Path:
    """Writes the three files; gives the folder.

    One of `STARTS` counts 6 for a start, one of `ENDS` 6 for an end, all other words -3; whether
    it is there is a start's +5 or -5, and 2 more where the question holds "when"; "yes" in the
    passage makes it a yes, "not" a no.
    """
    letters = [
        f"{before}{letter}" for letter in "abcdefghijklmnopqrstuvwxyz" for before in ("", "##")
    ]
    entries = dict.fromkeys((*SPECIAL, *STARTS, *ENDS, *PLAIN, *letters))
    words = {word: number for number, word in enumerate(entries)}
    tokenizer = Tokenizer(models.WordPiece(words, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer()
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.add_special_tokens(list(SPECIAL))
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer.save(str(folder / "tokenizer.json"))

    ends = np.full((len(words), 2), -3, np.float32)
    ends[words["[CLS]"]] = 0
    ends[[words[word] for word in STARTS], 0] = 6
    ends[[words[word] for word in ENDS], 1] = 6
    said = np.tile(np.array([-5, 3, -9, -9], np.float32), (len(words), 1))
    said[[words[word] for word in STARTS], 0] = 5
    said[words["yes"], 2] = said[words["not"], 3] = 9
    asked = np.zeros((len(words), 4), np.float32)
    asked[words["when"], 0] = 2
    data = _model(ends, said, asked).SerializeToString()
    (folder / "model.onnx").write_bytes(data)
    about = {
        "name": "tiny/1",
        "layout": layout,
        "max_tokens": MAX_TOKENS,
        "question_tokens": QUESTION_TOKENS,
        "sha256": hashlib.sha256(data).hexdigest(),
    }
    (folder / "model.json").write_text(json.dumps(about), encoding="utf-8")
    return folder


def _model(ends: np.ndarray, said: np.ndarray, asked: np.ndarray) -> onnx.ModelProto:
    """Each word's rows of `ends`; the largest of `said` over the passage and `asked` before it."""
    constants = {
        "ends.table": ends,
        "said.table": said,
        "asked.table": asked,
        "along": np.array([1], np.int64),
        "one": np.array(1, np.int32),
    }
    nodes = [
        helper.make_node("Gather", ["ends.table", "input_ids"], ["ends"]),
        helper.make_node("Mul", ["input_ids", "token_kinds"], ["passage"]),
        helper.make_node("Sub", ["one", "token_kinds"], ["before"]),
        helper.make_node("Mul", ["input_ids", "before"], ["question"]),
        helper.make_node("Gather", ["said.table", "passage"], ["said"]),
        helper.make_node("Gather", ["asked.table", "question"], ["asked"]),
        helper.make_node("ReduceMax", ["said", "along"], ["most.said"], keepdims=0),
        helper.make_node("ReduceMax", ["asked", "along"], ["most.asked"], keepdims=0),
        helper.make_node("Add", ["most.said", "most.asked"], ["verdict"]),
    ]
    graph = helper.make_graph(
        nodes,
        "tiny",
        [
            helper.make_tensor_value_info(name, TensorProto.INT32, ["batch", "length"])
            for name in ("input_ids", "token_kinds")
        ],
        [
            helper.make_tensor_value_info("ends", TensorProto.FLOAT, ["batch", "length", 2]),
            helper.make_tensor_value_info("verdict", TensorProto.FLOAT, ["batch", 4]),
        ],
        [numpy_helper.from_array(values, name) for name, values in constants.items()],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9)
