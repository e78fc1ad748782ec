"""The law of the house: who may import whom. The contracts themselves stand in pyproject.toml."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
CHECK = (
    "import sys; from importlinter.cli import lint_imports; "
    "sys.exit(lint_imports(no_logo=True, no_cache=True))"
)
HEAVY = (
    "PySide6",
    "bs4",
    "chromadb",
    "docx",
    "langchain_core",
    "langchain_text_splitters",
    "lxml",
    "onnxruntime",
    "openpyxl",
    "pptx",
    "pypdf",
    "pypdfium2",
    "sentence_transformers",
    "tokenizers",
    "torch",
    "transformers",
)


def run_python(code: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run `code` in a new interpreter whose first import folder is `folder`."""
    return subprocess.run(
        [sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, check=False
    )


def test_contracts_hold() -> None:
    result = run_python(CHECK, ROOT)
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize(
    ("module", "line"),
    [
        ("ui/__init__.py", "import ragdesk.engine"),
        ("services/__init__.py", "import ragdesk.adapters"),
        ("store/__init__.py", "import ragdesk.services"),
        ("domain/document.py", "import numpy"),
        ("engine/__init__.py", "from PySide6 import QtCore"),
    ],
)
def test_a_planted_import_is_found(tmp_path: Path, module: str, line: str) -> None:
    shutil.copytree(ROOT / "ragdesk", tmp_path / "ragdesk", ignore=shutil.ignore_patterns("*.pyc"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    with (tmp_path / "ragdesk" / module).open("a", encoding="utf-8") as file:
        file.write(f"\n{line}\n")
    result = run_python(CHECK, tmp_path)
    assert result.returncode == 1
    assert "BROKEN" in result.stdout


@pytest.mark.parametrize("module", ["ragdesk.__main__", "ragdesk.cli", "ragdesk.engine.build"])
def test_heavy_libraries_wait_until_they_are_needed(module: str) -> None:
    code = f"import sys, {module}; print(*(n for n in {HEAVY!r} if n in sys.modules))"
    result = run_python(code, ROOT)
    assert result.returncode == 0, result.stderr
    assert result.stdout.split() == []
