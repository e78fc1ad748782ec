"""Files that come with the program (`assets/`, installed as `ragdesk.assets`)."""

from __future__ import annotations

from importlib.resources import as_file, files
from pathlib import Path


def asset(*parts: str) -> Path:
    """Path of a shipped file or folder, as in `asset("models", "all-MiniLM-L6-v2")`.

    RagDesk is always installed unpacked (wheel or bundle), so the path stays valid.
    """
    with as_file(files("ragdesk.assets").joinpath(*parts)) as path:
        return path
