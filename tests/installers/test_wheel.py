"""The wheel holds the whole program, its assets and its licence, and nothing else."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project's wheel, built from a copy, so that building leaves nothing in the checkout."""
    source, target = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("wheel")
    ignored = shutil.ignore_patterns("__pycache__", "*.pyc")
    for folder in ("ragdesk", "assets", "tests"):
        shutil.copytree(ROOT / folder, source / folder, ignore=ignored)
    for file in ("pyproject.toml", "setup.py", "README.md", "LICENSE"):
        shutil.copy(ROOT / file, source)
    command = [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "--no-build-isolation"]
    subprocess.run([*command, "-w", str(target), str(source)], check=True)
    return next(target.glob("ragdesk-*.whl"))


def files_below(folder: Path, name: str) -> set[str]:
    return {
        f"{name}/{file.relative_to(folder).as_posix()}"
        for file in folder.rglob("*")
        # .gitattributes and its like speak to git alone
        if file.is_file() and "__pycache__" not in file.parts and file.name[0] != "."
    }


def test_it_holds_all_of_the_program_and_nothing_else(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as packed:
        names = {name for name in packed.namelist() if ".dist-info/" not in name}
        licences = [name for name in packed.namelist() if name.endswith("licenses/LICENSE")]
    program = files_below(ROOT / "ragdesk", "ragdesk")
    assets = files_below(ROOT / "assets", "ragdesk/assets")
    assert names == program | assets
    assert len(licences) == 1


def test_assets_are_found_where_it_is_unpacked(wheel: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(wheel) as packed:
        packed.extractall(tmp_path)
    code = (
        f"import sys; sys.path.insert(0, {str(tmp_path)!r})\n"
        "from importlib.resources import files\n"
        "import ragdesk.assets\n"
        "from ragdesk.resources import asset\n"
        "model = next(asset('models', 'all-MiniLM-L6-v2').glob('*.onnx'))\n"
        "print(ragdesk.assets.__file__, model, model.stat().st_size, sep='\\n')\n"
        "print(sum(1 for _ in (files('ragdesk.assets') / 'samples/documents').iterdir()))\n"
    )
    command = [sys.executable, "-P", "-c", code]
    shown = subprocess.run(command, capture_output=True, text=True, check=True, cwd=tmp_path)
    package, model, size, samples = shown.stdout.splitlines()
    assert Path(package) == tmp_path / "ragdesk/assets/__init__.py"
    assert Path(model).is_relative_to(tmp_path)
    assert int(size) > 10_000_000
    assert int(samples) >= 12


def test_the_main_job_runs_from_it_in_a_folder_that_is_not_ours(
    wheel: Path, tmp_path: Path
) -> None:
    unpacked, elsewhere = tmp_path / "unpacked", tmp_path / "elsewhere"
    with zipfile.ZipFile(wheel) as packed:
        packed.extractall(unpacked)
    # What lies about where a person happens to be must not be taken for a part of the program.
    trap = "raise SystemExit('code of a foreign folder was run')\n"
    (elsewhere / "ragdesk").mkdir(parents=True)
    for name in ("ragdesk/__init__.py", "numpy.py", "pypdf.py", "chromadb.py"):
        (elsewhere / name).write_text(trap, encoding="utf-8")
    command = [sys.executable, "-P", "-m", "ragdesk", "demo"]
    variables = {**os.environ, "PYTHONPATH": str(unpacked)}
    shown = subprocess.run(
        command, cwd=elsewhere, env=variables, capture_output=True, text=True, check=False
    )
    assert shown.returncode == 0, shown.stdout + shown.stderr
    assert "nine months" in shown.stdout


def test_the_command_leads_to_main(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as packed:
        entry = next(name for name in packed.namelist() if name.endswith("entry_points.txt"))
        assert "ragdesk = ragdesk.__main__:main" in packed.read(entry).decode()
