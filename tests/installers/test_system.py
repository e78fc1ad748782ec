"""What the system must bring is found by looking, and named as a person needs it."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from installers import system

linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux has ldd")


@pytest.mark.parametrize(
    ("library", "package"),
    [
        ("libEGL.so.1", "libegl1"),
        ("libGL.so.1", "libgl1"),
        ("libX11-xcb.so.1", "libx11-xcb1"),
        ("libX11.so.6", "libx11-6"),
        ("libbrotlidec.so.1", "libbrotli1"),
        ("libdbus-1.so.3", "libdbus-1-3"),
        ("libfontconfig.so.1", "libfontconfig1"),
        ("libglib-2.0.so.0", "libglib2.0-0"),
        ("libgomp.so.1", "libgomp1"),
        ("libgssapi_krb5.so.2", "libgssapi-krb5-2"),
        ("libxcb-icccm.so.4", "libxcb-icccm4"),
        ("libxcb-render-util.so.0", "libxcb-render-util0"),
        ("libxkbcommon-x11.so.0", "libxkbcommon-x11-0"),
        ("libxkbcommon.so.0", "libxkbcommon0"),
        ("libz.so.1", "zlib1g"),
    ],
)
def test_debian_package_of_a_library(library: str, package: str) -> None:
    assert system.debian_package(library) == package


@linux
@pytest.mark.skipif(shutil.which("cc") is None, reason="needs a C compiler to make a library")
def test_a_library_that_is_gone_is_named(tmp_path: Path) -> None:
    def build(name: str, *with_library: str) -> Path:
        source = tmp_path / f"{name}.c"
        source.write_text(f"int {name}(void) {{ return 1; }}\n", encoding="utf-8")
        target = tmp_path / f"lib{name}.so.1"
        soname = f"-Wl,-soname,{target.name},--no-as-needed"
        command = ["cc", "-shared", soname, "-o", str(target), str(source), *with_library]
        subprocess.run(command, check=True)
        return target

    inner = build("ragdeskinner")
    outer = build("ragdeskouter", str(inner), f"-Wl,-rpath,{tmp_path}")
    assert system.missing_libraries([outer]) == []
    inner.unlink()
    assert system.missing_libraries([outer]) == ["libragdeskinner.so.1"]


@linux
def test_looking_starts_nothing_and_forgives_absent_files(tmp_path: Path) -> None:
    assert system.missing_libraries([tmp_path / "QtGui.abi3.so"]) == []
    assert "PySide6" not in "".join(map(str, system.missing_libraries([Path(sys.executable)])))


def tools(folder: Path, *names: str) -> str:
    """A PATH on which just these commands are, and do nothing."""
    for name in names:
        file = folder / name
        file.write_text("#!/bin/sh\n", encoding="utf-8")
        file.chmod(0o755)
    return str(folder)


@linux
@pytest.mark.parametrize(
    ("tool", "line"),
    [
        ("apt-get", "sudo apt-get install -y libxcb-icccm4"),
        ("dnf", "sudo dnf install 'libxcb-icccm.so.4()(64bit)'"),
        ("zypper", "sudo zypper install 'libxcb-icccm.so.4()(64bit)'"),
        ("pacman", "install with your package manager: libxcb-icccm.so.4"),
    ],
)
def test_the_line_that_installs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tool: str, line: str
) -> None:
    monkeypatch.setenv("PATH", tools(tmp_path, tool))
    assert system.install_line(["libxcb-icccm4"], ["libxcb-icccm.so.4"]) == line


@linux
def test_what_the_engine_of_language_models_stands_on_is_brought(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = tmp_path / "xllamacpp" / "xllamacpp.abi3.so"
    library.parent.mkdir()
    library.touch()
    brought = []
    monkeypatch.setattr(
        system, "missing_libraries", lambda files: ["libgomp.so.1"] if library in files else []
    )
    monkeypatch.setattr(system, "provide", lambda packages, *rest: brought.append(packages))
    system.provide_engine_libraries(tmp_path)
    assert brought == [["libgomp1"]]
    system.provide_engine_libraries(tmp_path / "without")
    assert len(brought) == 1
