"""What the operating system must bring: Python's own venv, the libraries Qt stands on, Xvfb.

As root on Debian or Ubuntu the missing packages are installed, and named; elsewhere the one line
that installs them is printed. Qt itself is never started to find out: where a library is missing
it ends the process.
"""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

# The parts of Qt that RagDesk loads: the modules it imports and the plug-in that draws on X.
QT_PARTS = (
    "QtCore.abi3.so",
    "QtDBus.abi3.so",
    "QtGui.abi3.so",
    "QtNetwork.abi3.so",
    "QtPdf.abi3.so",
    "QtPdfWidgets.abi3.so",
    "QtSvg.abi3.so",
    "QtWidgets.abi3.so",
    "Qt/plugins/imageformats/libqsvg.so",
    "Qt/plugins/platforms/libqoffscreen.so",
    "Qt/plugins/platforms/libqxcb.so",
)
QT_WAYLAND = "Qt/plugins/platforms/libqwayland.so"
# Debian names a library's package after the library ("libX11-xcb.so.1" is in libx11-xcb1). Not so:
DEBIAN_EXCEPTIONS = {
    "libbrotlicommon.so.1": "libbrotli1",
    "libbrotlidec.so.1": "libbrotli1",
    "libgio-2.0.so.0": "libglib2.0-0",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libgobject-2.0.so.0": "libglib2.0-0",
    "libgthread-2.0.so.0": "libglib2.0-0",
    "libz.so.1": "zlib1g",
}
# A display without a screen, and what shows from outside a process whether it calls out.
TEST_TOOLS = {"Xvfb": "xvfb", "strace": "strace"}
NOT_FOUND = re.compile(r"^\s*(\S+) => not found", re.MULTILINE)


def say(text: str) -> None:
    """One line for the person, in order with what child processes print."""
    print(text, flush=True)


def missing_libraries(files: Iterable[Path]) -> list[str]:
    """The libraries, sorted, that the loader does not find for these files ("libEGL.so.1").

    Asks `ldd`, which loads nothing into this process and runs no code of Qt. Empty where there is
    no `ldd` (then Qt's own message must do) and for files that do not exist.
    """
    ldd = shutil.which("ldd")
    if ldd is None:
        return []
    missing: set[str] = set()
    for file in files:
        if file.is_file():
            result = subprocess.run([ldd, str(file)], capture_output=True, text=True, check=False)
            missing.update(NOT_FOUND.findall(result.stdout))
    return sorted(missing)


def debian_package(library: str) -> str:
    """The Debian package of a shared library, by the rule of its name ("libEGL.so.1": libegl1)."""
    if library in DEBIAN_EXCEPTIONS:
        return DEBIAN_EXCEPTIONS[library]
    stem, _, version = library.partition(".so.")
    stem = stem.lower().replace("_", "-")
    return f"{stem}-{version}" if stem[-1].isdigit() else f"{stem}{version}"


def has_apt() -> bool:
    """True on Debian, Ubuntu and their kin."""
    return shutil.which("apt-get") is not None


def may_install() -> bool:
    """True where this process may install system packages by itself."""
    return has_apt() and os.geteuid() == 0


def apt_install(packages: Sequence[str]) -> bool:
    """Install Debian packages as root; one unknown name does not stop the others.

    Returns False when any of them could not be installed.
    """
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}

    def apt(*words: str) -> bool:
        command = ["apt-get", "-q", "-o", "DPkg::Lock::Timeout=300", *words]
        result = subprocess.run(
            command, env=environment, capture_output=True, text=True, check=False
        )
        return result.returncode == 0

    install = ("install", "-y", "--no-install-recommends")
    apt("update")
    if apt(*install, *packages):
        return True
    installed = [apt(*install, package) for package in packages]
    return all(installed)


def install_line(packages: Sequence[str], libraries: Sequence[str] = ()) -> str:
    """The one line with which a person installs what is missing.

    `packages` are Debian's names; Fedora and openSUSE find `libraries` by their own names.
    """
    if has_apt():
        return f"sudo apt-get install -y {' '.join(packages)}"
    by_library = " ".join(f"'{name}()(64bit)'" for name in libraries)
    for tool in ("dnf", "zypper"):
        if by_library and shutil.which(tool):
            return f"sudo {tool} install {by_library}"
    return f"install with your package manager: {' '.join(libraries or packages)}"


def provide(packages: Sequence[str], purpose: str, libraries: Sequence[str] = ()) -> bool:
    """Install the packages where we may, else say how. True when they were installed."""
    names = " ".join(packages)
    if may_install():
        say(f"Installing the system packages for {purpose}: {names}")
        if apt_install(packages):
            return True
        say(f"Not all of them could be installed. By hand: apt-get install {names}")
        return False
    say(f"Missing on this computer, needed for {purpose}:")
    say(f"  {install_line(packages, libraries)}")
    return False


def provide_venv() -> bool:
    """Python's own `venv` with its `ensurepip`, which Debian keeps in a package apart.

    Returns True when it is there, or there now.
    """
    if all(importlib.util.find_spec(name) for name in ("venv", "ensurepip")):
        return True
    package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
    provide([package], "making a Python environment")
    importlib.invalidate_caches()
    return importlib.util.find_spec("ensurepip") is not None


def provide_qt_libraries(site_packages: Path) -> bool:
    """The system libraries that Qt stands on. Returns True when a window can be opened."""
    if not sys.platform.startswith("linux"):
        return True
    names = [*QT_PARTS, QT_WAYLAND] if os.environ.get("WAYLAND_DISPLAY") else QT_PARTS
    parts = [site_packages / "PySide6" / name for name in names]
    missing = missing_libraries(parts)
    if not missing:
        return True
    packages = sorted({debian_package(name) for name in missing})
    provide(packages, "the window", missing)
    missing = missing_libraries(parts)
    if missing:
        say("Until then everything works but the window.")
    return not missing


def provide_engine_libraries(site_packages: Path) -> None:
    """The system libraries that the engine of language models stands on, where it is installed."""
    if not sys.platform.startswith("linux"):
        return
    missing = missing_libraries((site_packages / "xllamacpp").glob("*.so"))
    if missing:
        packages = sorted({debian_package(name) for name in missing})
        provide(packages, "language models", missing)


def provide_test_tools() -> None:
    """What the end-to-end tests work with; a test whose tool is missing is skipped, and says so."""
    if sys.platform.startswith("linux"):
        missing = [package for tool, package in TEST_TOOLS.items() if not shutil.which(tool)]
        if missing:
            provide(missing, "the end-to-end tests")
