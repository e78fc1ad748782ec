"""The adapter of a language model as a GGUF file, which llama.cpp reads beside the model.

Format: what llama.cpp's `llama-adapter.cpp` reads. GGUF holds the rows of the query and key matrices
of the llama family in another order than transformers: first and second halves of each head
interleaved. Matrices have peft's names, `model.layers.0.mlp.up_proj.lora_A` of shape (rank, in) and
`….lora_B` of (out, rank).
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gguf
import numpy as np

_SIDES = {"lora_A": "lora_a", "lora_B": "lora_b"}

Floats = np.ndarray[Any, np.dtype[Any]]


@dataclass(frozen=True, slots=True)
class AdapterFile:
    """What an adapter's file holds: its matrices in 32 bits, and by what their product counts."""

    matrices: dict[str, Floats]
    rank: int
    alpha: float


def heads_of(base: Path) -> tuple[int, int]:
    """How many heads a model's file says that it has, and how many of them have own keys."""
    fields = gguf.GGUFReader(base).fields
    kind = fields["general.architecture"].contents()
    heads = int(fields[f"{kind}.attention.head_count"].contents())
    own = fields.get(f"{kind}.attention.head_count_kv")
    return heads, heads if own is None else int(own.contents())


def write_adapter(
    path: Path,
    matrices: Mapping[str, Floats],
    *,
    heads: int,
    key_heads: int,
    alpha: float,
    name: str = "RagDesk writer",
    licence: str = "",
) -> None:
    """Writes a GGUF adapter for a model of the llama family, in 16 bits, whole or not at all.

    Raises `OSError`, and `ValueError` for a matrix that GGUF has no name for.
    """
    names = _names(1 + max(int(place.split(".")[2]) for place in matrices))
    half = path.with_name(f"{path.name}.half")
    writer = gguf.GGUFWriter(half, "llama")
    writer.add_type("adapter")
    writer.add_string("adapter.type", "lora")
    writer.add_float32("adapter.lora.alpha", alpha)
    writer.add_name(name)
    if licence:
        writer.add_license(licence)
    for full, matrix in sorted(matrices.items()):
        place, side = full.rsplit(".", 1)
        if count := _turned(place, side, heads, key_heads):
            matrix = _interleaved(matrix, count)
        known = names.get_name(place)
        if known is None:
            raise ValueError(f"no GGUF name for {place}")
        writer.add_tensor(f"{known}.weight.{_SIDES[side]}", matrix.astype(np.float16))
    try:
        writer.write_header_to_file()
        writer.write_kv_data_to_file()
        writer.write_tensors_to_file()
    finally:
        writer.close()
    os.replace(half, path)


def read_adapter(path: Path, *, heads: int, key_heads: int) -> AdapterFile:
    """What `write_adapter` wrote. Raises `OSError`, and `ValueError` for a file of another kind."""
    try:
        reader = gguf.GGUFReader(path)
        kind = reader.fields["general.architecture"].contents()
        alpha = float(reader.fields["adapter.lora.alpha"].contents())
    except KeyError as error:
        raise ValueError(f"no adapter: it lacks {error}") from error
    if kind != "llama":
        raise ValueError(f"an adapter for models of the kind {kind}")
    blocks = 1 + max(int(tensor.name.split(".")[1]) for tensor in reader.tensors)
    places = _places(blocks)
    matrices = {}
    for tensor in reader.tensors:
        known, side = tensor.name.rsplit(".weight.", 1)
        full = {ours: theirs for theirs, ours in _SIDES.items()}[side]
        matrix = np.array(gguf.dequantize(tensor.data, tensor.tensor_type), np.float32)
        if count := _turned(places[known], full, heads, key_heads):
            matrix = _in_halves(matrix, count)
        matrices[f"{places[known]}.{full}"] = matrix
    return AdapterFile(matrices, min(next(iter(matrices.values())).shape), alpha)


def _names(blocks: int) -> gguf.TensorNameMap:
    return gguf.get_tensor_name_map(gguf.MODEL_ARCH.LLAMA, blocks)


def _places(blocks: int) -> dict[str, str]:
    """By the names that GGUF has for them, those that transformers have."""
    from .writer_lora import PLACES

    names = _names(blocks)
    found = {}
    for block in range(blocks):
        for place in PLACES:
            full = f"model.layers.{block}.{place}"
            known = names.get_name(full)
            assert known is not None
            found[known] = full
    return found


def _turned(place: str, side: str, heads: int, key_heads: int) -> int:
    """How many heads the rows of a matrix are interleaved by, 0 where they are not."""
    if side != "lora_B":
        return 0
    return heads if place.endswith("q_proj") else key_heads if place.endswith("k_proj") else 0


def _interleaved(matrix: Floats, heads: int) -> Floats:
    rows, rank = matrix.shape
    halves = matrix.reshape(heads, 2, rows // heads // 2, rank)
    return np.ascontiguousarray(halves.swapaxes(1, 2).reshape(rows, rank))


def _in_halves(matrix: Floats, heads: int) -> Floats:
    rows, rank = matrix.shape
    pairs = matrix.reshape(heads, rows // heads // 2, 2, rank)
    return np.ascontiguousarray(pairs.swapaxes(1, 2).reshape(rows, rank))
