"""The data folder: what lies where, and the lock that admits one engine."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import sys
from pathlib import Path
from typing import IO, Any

from platformdirs import user_data_path

from ..errors import DiskFull, HomeInUse, HomeNotWritable, RagDeskError
from ..settings import BUILT_IN, LANGUAGES_MODEL


def default_home() -> Path:
    """The platform's folder for application data that stays on this computer."""
    return user_data_path("RagDesk", appauthor=False, roaming=False)


def not_writable(folder: Path, error: OSError) -> RagDeskError:
    """Why a folder cannot be written, as an error that a person can act on."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return DiskFull(home=str(folder))
    return HomeNotWritable(home=str(folder), detail=error.strerror)


class Home:
    """Paths inside one data folder. Folders are made 0700, files 0600: documents are private."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.expanduser().absolute()

    @property
    def library(self) -> Path:
        return self.folder / "library.db"

    @property
    def index(self) -> Path:
        return self.folder / "index"

    @property
    def backups(self) -> Path:
        return self.folder / "backups"

    @property
    def models(self) -> Path:
        """What `ragdesk models get` fetched; not there before."""
        return self.folder / "models"

    @property
    def languages(self) -> Path | None:
        """The folder of the search model for other languages, None where it was not fetched."""
        folder = self.models / "languages"
        try:
            about = json.loads((folder / "model.json").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        known = isinstance(about, dict) and about.get("name") == LANGUAGES_MODEL
        return folder if known else None

    @property
    def built_in(self) -> Path | None:
        """The file of the built-in language model, None where it was not fetched."""
        file = self.models / BUILT_IN / "model.gguf"
        return file if file.is_file() else None

    def assistant(self, assistant_id: str) -> Path:
        """What was built for an assistant: `v0001` and so on, and `run` of the build in hand."""
        return self.folder / "assistants" / assistant_id

    def version(self, assistant_id: str, number: int) -> Path:
        """What a version tuned: those of mix.json, query.npy, calibration.json, reader/ and
        writer.gguf that it has, with recipe.json and card.json. What is not there is as RagDesk comes.
        """
        return self.assistant(assistant_id) / f"v{number:04}"

    @property
    def log(self) -> Path:
        return self.folder / "log" / "ragdesk.log"

    def make(self) -> None:
        """Makes the folder and its parts. Raises `HomeNotWritable`."""
        try:
            for folder in (self.folder, self.index, self.backups, self.log.parent):
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            with open(self.folder / ".writable", "w", encoding="ascii"):
                pass
            (self.folder / ".writable").unlink()
        except OSError as error:
            raise not_writable(self.folder, error) from error

    def lock(self) -> HomeLock:
        """Takes the home for this process. Raises `HomeInUse` with who holds it."""
        return HomeLock(self.folder / "engine.lock")


class HomeLock:
    """An operating system lock, so that a dead engine never leaves a stale one.

    On Windows, where locks are mandatory, it covers a byte far behind the text, so that others can
    still read who holds it.
    """

    _BYTE = 1 << 30

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            self._file: IO[bytes] = open(path, "r+b" if path.exists() else "w+b")  # noqa: SIM115
        except OSError as error:
            raise not_writable(path.parent, error) from error
        try:
            self._take()
        except OSError as error:
            holder = self._holder()
            self._file.close()
            raise HomeInUse(home=str(path.parent), holder=holder) from error
        try:
            os.chmod(path, 0o600)
            self._file.truncate(0)
            body = {"pid": os.getpid(), "program": Path(sys.argv[0]).name}
            self._file.write(json.dumps(body).encode())
            self._file.flush()
        except OSError as error:
            self._file.close()
            raise not_writable(path.parent, error) from error

    def _take(self) -> None:
        if sys.platform == "win32":
            import msvcrt

            self._file.seek(self._BYTE)
            msvcrt.locking(self._file.fileno(), msvcrt.LK_NBLCK, 1)
            self._file.seek(0)
        else:
            import fcntl

            # Not lockf: its locks are lost as soon as anything in this process closes the file.
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def _holder(self) -> str:
        with contextlib.suppress(OSError, ValueError):
            self._file.seek(0)
            body: dict[str, Any] = json.loads(self._file.read() or b"{}")
            if "pid" in body:
                return f"process {body['pid']}"
        return "another process"

    def release(self) -> None:
        """Lets the next engine in. The file stays: removing it would race with a starting one."""
        self._file.close()
