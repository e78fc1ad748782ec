"""What a fake Ollama server has, counts, says and refuses."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from typing import Any

FIRST, THINKER, CLOUD, ALIAS = "tiny-moe:latest", "thinker:1b", "giant:cloud", "innocent:latest"
FETCHED = "new:1b"
LAYERS = {f"sha256:{'a' * 64}": 4_000_000, f"sha256:{'b' * 64}": 1_000_000}
_STORY = "The dog sat by the lighthouse and looked out over the sea . "
_TOKEN = re.compile(r"\w+|[^\w\s]")


def entry(name: str, size: int, capabilities: list[str], **more: Any) -> dict[str, Any]:
    return {
        "name": name,
        "model": name,
        "modified_at": "2026-11-01T10:00:00.000000001Z",
        "size": size,
        "digest": hashlib.sha256(name.encode()).hexdigest(),
        "details": {
            "format": "gguf",
            "family": "lfm2moe",
            "families": ["lfm2moe"],
            "parameter_size": "1.0M",
            "quantization_level": "Q8_0",
            "context_length": 32_768,
        },
        "capabilities": capabilities,
        **more,
    }


def full(name: str) -> str:
    """A model's whole name: without a tag the latest is meant."""
    return name if ":" in name else f"{name}:latest"


def tokens(text: str) -> int:
    """What this server counts: a token for four characters of a word, one for each other sign."""
    return sum((len(piece) + 3) // 4 for piece in _TOKEN.findall(text))


REFUSALS = {
    "out_of_memory": (
        500,
        "model runner has unexpectedly stopped, this may be due to resource limitations or an internal error",
    ),
    "damaged": (500, "llama-server process has terminated: exit status 1"),
    "busy": (503, "server busy, please try again.  maximum pending requests exceeded"),
}


def words(body: dict[str, Any]) -> Iterator[tuple[str, str]]:
    schema = body.get("format")
    asked = body["messages"][-1]["content"]
    if isinstance(schema, dict):
        values = {key: about["enum"][0] for key, about in schema["properties"].items()}
        said = [json.dumps(values)]
    elif "story" in asked:
        said = [word + " " for word in (_STORY * 40).split()]
    else:
        said = ["Paris ", "is ", "the ", "capital ", "of ", "France."]
    return iter([("content", word) for word in said])
