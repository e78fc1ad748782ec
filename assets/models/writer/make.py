"""Makes writer.gguf, the adapter that the built-in model answers with, from what `train.py` trained.

    python -m assets.models.writer.make CHECKPOINT SmolLM2-135M-Instruct.Q4_1.gguf [--to FILE]
    python -m assets.models.writer.make CHECKPOINT BASE.gguf --compare DATA    # needs peft, xllamacpp, httpx

`--compare` writes ten answers by transformers and peft and by llama.cpp, token by token: on the
base made floats, where all must be equal, and on the base as it is served, which rounds what goes
into each matrix.
"""

from __future__ import annotations

import argparse
import hashlib
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import gguf
import numpy as np

from ragdesk.adapters.writer_file import Floats, heads_of, write_adapter

HERE = Path(__file__).resolve().parent
COMPARED, WRITTEN = 10, 24  # prompts, and tokens of an answer


def as_floats(base: Path, to: Path, bits: int = 32) -> None:
    """The same model with every matrix in 32 bits, or in 16; what has one row stays in 32."""
    reader = gguf.GGUFReader(base)
    architecture = reader.fields["general.architecture"].contents()
    writer = gguf.GGUFWriter(to, architecture)
    for field in reader.fields.values():
        if field.name.startswith("GGUF.") or field.name == "general.architecture":
            continue
        kind = field.types[0]
        inner = field.types[-1] if kind == gguf.GGUFValueType.ARRAY else None
        writer.add_key_value(field.name, field.contents(), kind, inner)
    for tensor in reader.tensors:
        matrix = gguf.dequantize(tensor.data, tensor.tensor_type)
        small = bits == 16 and matrix.ndim > 1
        writer.add_tensor(tensor.name, matrix.astype(np.float16) if small else matrix)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def by_llama(
    model: Path, adapter: Path, prompts: Sequence[Sequence[int]], most: int = WRITTEN
) -> list[list[int]]:
    """What llama.cpp writes: tokens of each answer, `most` of them, the likeliest at each step."""
    import httpx
    import xllamacpp

    parameters = xllamacpp.CommonParams()
    parameters.model.path = str(model)
    parameters.lora_adapters = [xllamacpp.CommonAdapterLoraInfo(str(adapter), 1.0)]
    parameters.n_ctx = 2048
    parameters.n_parallel = 1
    parameters.cache_ram_mib = 0
    parameters.verbosity = 1
    parameters.cpuparams.n_threads = parameters.cpuparams_batch.n_threads = 1
    server = xllamacpp.Server(parameters)
    written = []
    for prompt in prompts:
        asked: dict[str, Any] = {"prompt": list(prompt), "n_predict": most, "temperature": 0.0}
        asked |= {"return_tokens": True, "cache_prompt": False}
        told = httpx.post(f"{server.listening_address}/completion", json=asked, timeout=300.0)
        written.append(list(told.raise_for_status().json()["tokens"]))
    return written


def by_peft(
    base: Any,
    matrices: Mapping[str, Floats],
    alpha: float,
    prompts: Sequence[Sequence[int]],
    most: int = WRITTEN,
) -> list[list[int]]:
    """What transformers write with peft's merged weights, likewise."""
    import torch
    from peft import LoraConfig, get_peft_model

    from ragdesk.adapters.writer_lora import NAMES

    rank = min(next(iter(matrices.values())).shape)
    given = LoraConfig(r=rank, lora_alpha=alpha, target_modules=list(NAMES), task_type="CAUSAL_LM")
    model = get_peft_model(base, given).eval()
    own = dict(model.named_parameters())
    for name, matrix in matrices.items():
        # In 16 bits, as they are written.
        rounded = torch.from_numpy(matrix.astype(np.float16).astype(np.float32))
        own[f"base_model.model.{name}.default.weight"].data.copy_(rounded)
    merged = model.merge_and_unload()
    written = []
    for prompt in prompts:
        with torch.no_grad():
            asked = torch.tensor([list(prompt)])
            made = merged.generate(
                asked,
                attention_mask=torch.ones_like(asked),
                do_sample=False,
                max_new_tokens=most,
            )
        written.append(made[0, len(prompt) :].tolist())
    return written


def compare(
    base: Path, adapter: Path, matrices: Mapping[str, Floats], data: Path, kept: Path
) -> None:
    """Prints how many of the answers are the same. `kept`: see `data.load_kept`."""
    from itertools import islice

    from ragdesk.adapters.writer_lessons import base_model

    from .data import Sheets, load_kept
    from .train import ALPHA, SEED, Writing

    model, tokenizer = base_model(base)
    writing = Writing(tokenizer)
    lines, near = load_kept(data, SEED, kept)
    with tempfile.TemporaryDirectory() as folder:
        sheets = islice(Sheets(lines, near, SEED).round(held_out=True), COMPARED)
        prompts = [writing.prompt(sheet.asked[0].question, sheet.passages) for sheet in sheets]
        truth = by_peft(model, matrices, ALPHA, prompts)
        exact = Path(folder) / "floats.gguf"
        as_floats(base, exact)
        for name, file in (("made floats", exact), ("as it is served", base)):
            told = by_llama(file, adapter, prompts)
            same = sum(a == b for a, b in zip(told, truth, strict=True))
            print(f"base {name}: {same} of {len(prompts)} answers token for token as by peft")


def main() -> None:
    import torch

    from .train import ALPHA

    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("checkpoint", type=Path)
    arguments.add_argument("base", type=Path)
    arguments.add_argument("--to", type=Path, default=HERE / "writer.gguf")
    arguments.add_argument("--compare", type=Path, metavar="DATA")
    given = arguments.parse_args()
    saved = torch.load(given.checkpoint, weights_only=True)
    matrices = {name: matrix.numpy() for name, matrix in saved["adapter"].items()}
    heads, key_heads = heads_of(given.base)
    write_adapter(
        given.to, matrices, heads=heads, key_heads=key_heads, alpha=ALPHA, licence="Apache-2.0"
    )
    made = given.to.read_bytes()
    print(f"{saved['step']} steps; {len(made):,} bytes, SHA-256 {hashlib.sha256(made).hexdigest()}")
    if given.compare is not None:
        kept = given.checkpoint.with_suffix(".lines")
        compare(given.base, given.to, matrices, given.compare, kept)


if __name__ == "__main__":
    main()
