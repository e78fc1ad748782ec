"""The computer's memory, and a size of it in words."""

from __future__ import annotations


def free_memory() -> int:
    """Bytes of the computer's own memory that a model may take."""
    import psutil

    return int(psutil.virtual_memory().available)


def in_words(size: int) -> str:
    """A size for a person: "5.2 GB", "480 MB"."""
    return f"{size / 1e9:.1f} GB" if size >= 1e9 else f"{size / 1e6:.0f} MB"
