"""Whether a model fits: the memory that it takes and that is free, and the disk that holds models."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from . import memory

_BESIDES = 300 << 20  # bytes of the process that runs a model, besides the model
_MORE = 1.1  # of a file's size, for what is worked out from it
_CACHE_BYTES = 2  # of a number in the memory of what was read
# Where Ollama names the key and leaves out its list, layers differ, and only some remember what was
# read: in LFM2-8B-A1B six of 24, with eight heads of 32, a sixteenth. A quarter is on the safe side.
_MIXED = 4
_CARD_SECONDS = 3.0
_FOLDERS = (  # of a person's own server, and of one that the system runs
    "~/.ollama/models",
    "/usr/share/ollama/.ollama/models",
    "/var/lib/ollama/models",
)


def needed_memory(file_bytes: int, info: Mapping[str, Any], context: int) -> int:
    """Bytes that a model takes while it answers, for `model_info` and a context in tokens."""
    build = info.get("general.architecture", "")

    def number(key: str) -> int:
        value = info.get(f"{build}.{key}")
        value = max(value, default=0) if isinstance(value, list) else value
        return int(value) if isinstance(value, (int, float)) else 0

    heads = number("attention.head_count")
    shared_said = number("attention.head_count_kv")
    shared = shared_said or heads
    width = number("embedding_length") // heads if heads else 0
    a_token = shared * (
        (number("attention.key_length") or width) + (number("attention.value_length") or width)
    )
    cache = number("block_count") * a_token * _CACHE_BYTES * context
    if not shared_said and f"{build}.attention.head_count_kv" in info:
        cache //= _MIXED
    return int(file_bytes * _MORE) + cache + _BESIDES


def free_memory() -> int:
    """Bytes that a model may take: of the computer, and of a graphics card that says what it has."""
    return memory.free_memory() + _free_on_card()


def _free_on_card() -> int:
    program = shutil.which("nvidia-smi")
    if program is None:
        return 0
    command = [program, "--query-gpu=memory.free", "--format=csv,noheader,nounits"]
    with contextlib.suppress(OSError, subprocess.SubprocessError, ValueError):
        said = subprocess.run(
            command,
            capture_output=True,
            text=True,
            timeout=_CARD_SECONDS,
            check=True,
            stdin=subprocess.DEVNULL,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
        return sum(int(line) for line in said.stdout.split()) << 20  # it counts in MiB
    return 0


def models_folder() -> Path:
    """Where Ollama keeps models, as far as can be told from here."""
    named = os.environ.get("OLLAMA_MODELS")
    if named:
        return Path(named)
    places = [Path(place).expanduser() for place in _FOLDERS]
    if sys.platform == "win32":
        places = places[:1]
    return next((place for place in places if place.is_dir()), places[0])


def free_disk(folder: Path) -> int:
    """Bytes free on the disk of a folder that may not be there yet."""
    place = folder.absolute()
    while not place.exists() and place != place.parent:
        place = place.parent
    return shutil.disk_usage(place).free
