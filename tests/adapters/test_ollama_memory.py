"""Whether a model fits: what it takes, and what is free."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import psutil
import pytest

from ragdesk.adapters.memory import in_words
from ragdesk.adapters.ollama_memory import (
    free_disk,
    free_memory,
    models_folder,
    needed_memory,
)


def about(build: str, **values: Any) -> dict[str, Any]:
    info = {f"{build}.{key.replace('__', '.')}": value for key, value in values.items()}
    return {"general.architecture": build, **info}


def test_what_a_model_takes_besides_its_file() -> None:
    # Qwen3-30B-A3B keeps 96 KiB for each token that it has read.
    qwen = about(
        "qwen3moe",
        block_count=48,
        embedding_length=2048,
        attention__head_count=32,
        attention__head_count_kv=4,
        attention__key_length=128,
        attention__value_length=128,
    )
    without = needed_memory(19_000_000_000, {}, 8192)
    assert needed_memory(19_000_000_000, qwen, 8192) - without == 96 * 1024 * 8192
    assert 19_000_000_000 < without < 22_000_000_000
    assert needed_memory(19_000_000_000, qwen, 4096) - without == 96 * 1024 * 4096


def test_the_width_of_a_head_follows_from_the_model_where_it_is_not_said() -> None:
    small = about(
        "llama",
        block_count=30,
        embedding_length=576,
        attention__head_count=9,
        attention__head_count_kv=3,
    )
    a_token = 30 * 3 * (64 + 64) * 2
    assert needed_memory(0, small, 100) - needed_memory(0, {}, 100) == 100 * a_token


def test_layers_that_remember_nothing_are_not_counted_in_full() -> None:
    values = {"block_count": 24, "embedding_length": 2048, "attention__head_count": 32}
    dense = needed_memory(0, about("lfm2moe", **values), 8192)
    mixed = needed_memory(0, about("lfm2moe", **values, attention__head_count_kv=None), 8192)
    listed = needed_memory(0, about("lfm2moe", **values, attention__head_count_kv=[0, 8]), 8192)
    nothing = needed_memory(0, {}, 8192)
    assert (mixed - nothing) * 4 == (listed - nothing) * 4 == dense - nothing


def test_what_is_free(tmp_path: Path) -> None:
    assert free_memory() > 0
    assert free_disk(tmp_path / "not" / "there" / "yet") == pytest.approx(
        psutil.disk_usage(str(tmp_path)).free, rel=0.1
    )


def test_where_models_lie(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OLLAMA_MODELS", str(tmp_path))
    assert models_folder() == tmp_path
    monkeypatch.delenv("OLLAMA_MODELS")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    (tmp_path / ".ollama" / "models").mkdir(parents=True)
    assert models_folder() == tmp_path / ".ollama" / "models"


def test_sizes_in_words() -> None:
    assert [in_words(size) for size in (480_000_000, 5_200_000_000)] == ["480 MB", "5.2 GB"]
