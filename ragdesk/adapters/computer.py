"""The check-up: what this computer has, as its operating system and the model servers say."""

from __future__ import annotations

import platform
import sys
from collections.abc import Iterable
from pathlib import Path

from ..domain.catalogue import Computer
from ..domain.protocols import ModelServer
from ..errors import RagDeskError

_X86 = ("x86_64", "amd64", "i386", "i686")
_WINDOWS_AVX2 = 40  # PF_AVX2_INSTRUCTIONS_AVAILABLE


def look(folder: Path, servers: Iterable[ModelServer] = ()) -> Computer:
    """Memory, disk at `folder` (or its nearest parent that is there), processor, graphics card.

    A server that does not answer counts as one that uses no card.
    """
    import psutil

    memory = psutil.virtual_memory()
    there = next(path for path in (folder, *folder.parents) if path.exists())
    return Computer(
        memory_total=int(memory.total),
        memory_free=int(memory.available),
        disk_free=int(psutil.disk_usage(str(there)).free),
        cores=psutil.cpu_count(logical=False) or psutil.cpu_count() or 1,
        avx2=has_avx2(),
        card_bytes=sum(_on_card(server) for server in servers),
    )


def has_avx2() -> bool | None:
    """Whether the processor has AVX2; True where it is of a kind that needs none, None if unknown."""
    if platform.machine().lower() not in _X86:
        return True
    if sys.platform == "win32":
        import ctypes

        return bool(ctypes.windll.kernel32.IsProcessorFeaturePresent(_WINDOWS_AVX2))
    return _flags("avx2")


def _flags(wanted: str) -> bool | None:
    if sys.platform == "darwin":
        import subprocess

        command = ["/usr/sbin/sysctl", "-n", "machdep.cpu.leaf7_features"]
        try:
            found = subprocess.run(command, capture_output=True, text=True, timeout=5, check=True)
        except (OSError, subprocess.SubprocessError):
            return None
        return wanted in found.stdout.lower().split()
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return None
    flags = next((line for line in lines if line.startswith("flags")), "")
    return wanted in flags.split() if flags else None


def _on_card(server: ModelServer) -> int:
    try:
        return sum(model.card_bytes for model in server.loaded())
    except RagDeskError:
        return 0
