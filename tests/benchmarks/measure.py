"""What the benchmarks share: processor time, peak memory, files, a table."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]


def cpu_seconds() -> float:
    """Processor time of this process and of its children that have ended, user and system."""
    now = os.times()
    return now.user + now.system + now.children_user + now.children_system


def peak_mb() -> float:
    """The most memory that this process held at a time, in MB (10**6 bytes)."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6


def run_alone(module: str, *arguments: str) -> dict[str, Any]:
    """Run a module of the benchmarks in a process of its own; returns the JSON of its last line.

    The line is shown on standard error too: a long run that is stopped has told what it had.
    """
    command = [sys.executable, "-m", f"tests.benchmarks.{module}", *arguments]
    environment = {
        **os.environ,
        "ANONYMIZED_TELEMETRY": "False",
        "HF_HUB_OFFLINE": "1",
        "LANGSMITH_TRACING": "false",
        "TOKENIZERS_PARALLELISM": "false",
    }
    result = subprocess.run(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, check=True
    )
    line = result.stdout.splitlines()[-1]
    print(f"{module} {line}", file=sys.stderr, flush=True)
    found: dict[str, Any] = json.loads(line)
    return found


def cpu_of(code: str) -> float:
    """Processor time of a Python that runs `code` and ends."""
    before = os.times()
    subprocess.run([sys.executable, "-X", "utf8", "-c", code], cwd=ROOT, check=True)
    after = os.times()
    return (
        after.children_user + after.children_system - before.children_user - before.children_system
    )


@dataclass(frozen=True)
class Row:
    """A line of the table: what was measured, on each side, and the bar it is held against."""

    name: str
    plain: str
    ours: str
    ratio: str
    bar: str


def table(rows: Sequence[Row]) -> str:
    """The rows under their headings, in columns."""
    lines = [("", "plain", "RagDesk", "ratio", "wanted")]
    lines += [(row.name, row.plain, row.ours, row.ratio, row.bar) for row in rows]
    widths = [max(len(line[column]) for line in lines) for column in range(5)]
    return "\n".join(
        "  ".join(
            text.ljust(width) if column == 0 else text.rjust(width)
            for column, (text, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    )
