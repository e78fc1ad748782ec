"""The index: Chroma behind child processes, in generations to which nothing is ever added.

    index/CURRENT                    the name of the generation that answers
    index/generation-<hex>/          Chroma's files, and COMPLETE.json: for what, and their digests
    index/staging-<hex>/             one that is being built; whatever is left of it is swept away

A generation is built by one child, verified by a second, published by replacing CURRENT, and
answers through a third. Whatever goes wrong, the caller sees a build that failed or an index that
covers nothing, and searches exactly until the next generation stands.
"""

from __future__ import annotations

import base64
import contextlib
import json
import logging
import math
import os
import re
import secrets
import shutil
import sqlite3
import sys
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from ..domain.protocols import ChildProcess, Spawn
from ..errors import ChildDied, ChildTimedOut
from .chroma_child import COMPLETE

if TYPE_CHECKING:
    from ..domain.protocols import Vectors

CHILD = "ragdesk.adapters.chroma_child"
OPEN_SECONDS = 20.0
ANSWER_SECONDS = 10.0
STEP_SECONDS = 120.0  # without a word from a build
VECTORS_A_SECOND = 50  # the slowest that is allowed for writing the graph, on top of STEP_SECONDS
SMALLEST_FILE_LIMIT = 1 << 30  # bytes; Chroma once left a file of 3.49 TB
ROOM = 8  # times the vectors' own bytes that one of Chroma's files may take
BACKGROUND = 10  # niceness of a build

log = logging.getLogger(__name__)


class WrongAnswerError(Exception):
    """A child answered what cannot be."""


@dataclass(frozen=True, slots=True)
class _Generation:
    folder: Path
    covered: int
    count: int


class ChromaIndex:
    """`domain.protocols.Index` for one embedding model. Safe for threads.

    A generation of another model, size of vectors or release of Chroma is not used.
    """

    def __init__(
        self,
        folder: Path,
        library: Path,
        model: str,
        dimensions: int,
        spawn: Spawn,
    ) -> None:
        """Looks which generation there is; it is opened at the first search, or by `warm`."""
        self._folder, self._library = folder, library
        self._model, self._dimensions = model, dimensions
        self._spawn = spawn
        self._lock = threading.RLock()  # of the four below
        self._live = self._published()
        self._server: ChildProcess | None = None
        self._asked = 0
        self._closed = False
        self._building = threading.Lock()
        self._builder: ChildProcess | None = None
        self._sweep()

    def covered(self) -> int:
        with self._lock:
            return self._live.covered if self._live else 0

    def warm(self) -> None:
        """Opens the generation, so that the first search need not wait for it."""
        with self._lock:
            if self._live and not self._server:
                self._with_patience(self._open)

    def search(self, vector: Vectors, limit: int) -> list[tuple[int, float]]:
        with self._lock:
            return self._with_patience(lambda live: self._ask(live, vector, limit))

    def build(self, upto: int) -> bool:
        with self._building:
            staging = self._folder / f"staging-{secrets.token_hex(8)}"
            try:
                generation = self._build(staging, upto)
                if generation is not None:
                    self._publish(generation)
            except (ChildDied, WrongAnswerError, OSError, sqlite3.Error) as error:
                log.warning("no new generation of the index: %r", error)
                return False
            finally:
                shutil.rmtree(staging, ignore_errors=True)
            return True

    def close(self) -> None:
        with self._lock:
            self._closed = True
            builder = self._builder
            self._stop_server()
        if builder is not None:
            builder.kill()

    # --- answering ------------------------------------------------------------------------

    def _with_patience(
        self, use: Callable[[_Generation], list[tuple[int, float]]]
    ) -> list[tuple[int, float]]:
        """Uses the live generation.

        A child that died is started once more; that it was not the generation's fault is likely
        only once. One that hangs or answers wrong is not asked again.
        """
        for last in (False, True):
            live = self._live
            if live is None or self._closed:
                return []
            try:
                return use(live)
            except (ChildDied, WrongAnswerError, OSError) as error:
                log.warning("the index does not answer: %r", error)
                self._stop_server()
                if last or not isinstance(error, ChildDied) or isinstance(error, ChildTimedOut):
                    break
        self._condemn()
        return []

    def _open(self, live: _Generation) -> list[tuple[int, float]]:
        """Starts the child that answers. Gives no hits, as it was asked for none."""
        limit = self._file_limit(live.count)
        self._server = self._spawn(CHILD, ("serve",), file_bytes=limit)
        self._server.send({"folder": str(live.folder)})
        answer = self._server.receive(OPEN_SECONDS)
        if answer.get("ready") != live.count:
            raise WrongAnswerError(answer)
        return []

    def _ask(self, live: _Generation, vector: Vectors, limit: int) -> list[tuple[int, float]]:
        import numpy as np

        if self._server is None:
            self._open(live)
        assert self._server is not None
        self._asked += 1
        data = base64.b64encode(np.ascontiguousarray(vector, np.float32).tobytes()).decode()
        self._server.send({"id": self._asked, "vector": data, "limit": limit})
        answer = self._server.receive(ANSWER_SECONDS)
        return _checked(answer, self._asked, live.covered, limit)

    def _condemn(self) -> None:
        """The generation is broken: it never answers again, not after the next start either."""
        with contextlib.suppress(OSError):
            (self._folder / "CURRENT").unlink(missing_ok=True)
        self._live = None

    def _stop_server(self) -> None:
        if self._server is not None:
            self._server.kill()
            self._server = None

    # --- building -------------------------------------------------------------------------

    def _build(self, staging: Path, upto: int) -> _Generation | None:
        """A verified generation, or None where there is nothing to index."""
        count = self._count(upto)
        if count == 0:
            return None
        staging.mkdir(mode=0o700, parents=True)
        about = {
            "folder": str(staging),
            "library": str(self._library),
            "model": self._model,
            "dimensions": self._dimensions,
            "upto": upto,
        }
        built = self._run("build", about, count, "built")
        if self._run("verify", {**about, "count": built}, count, "verified") != built:
            raise WrongAnswerError("verified another count")
        name = staging.name.replace("staging", "generation")
        folder = staging.rename(self._folder / name)
        return _Generation(folder, upto, built)

    def _run(self, task: str, about: dict[str, Any], count: int, last: str) -> int:
        """Runs a child to its end and gives the number under `last`."""
        patience = STEP_SECONDS + count / VECTORS_A_SECOND
        limit = self._file_limit(count)
        with self._lock:
            if self._closed:
                raise ChildDied(what=CHILD)
            child = self._spawn(CHILD, (task,), file_bytes=limit, nice=BACKGROUND)
            self._builder = child
        try:
            child.send(about)
            while True:
                answer = child.receive(patience)
                if last in answer:
                    return int(answer[last])
        finally:
            with self._lock:
                self._builder = None
            child.kill()

    def _publish(self, generation: _Generation) -> None:
        pointer = self._folder / "CURRENT"
        fresh = self._folder / "CURRENT.new"
        with fresh.open("w", encoding="ascii") as file:
            file.write(generation.folder.name)
            file.flush()
            os.fsync(file.fileno())
        _sync_folder(self._folder)  # the generation's name, before anything points to it
        fresh.replace(pointer)
        _sync_folder(self._folder)
        with self._lock:
            self._stop_server()
            self._live = generation
        self._sweep()

    def _count(self, upto: int) -> int:
        uri = f"file:{quote(str(self._library))}?mode=ro"
        with contextlib.closing(sqlite3.connect(uri, uri=True, timeout=30)) as library:
            row = library.execute(
                "SELECT count(*) FROM vectors WHERE model = ? AND seq <= ?", (self._model, upto)
            ).fetchone()
        return int(row[0])

    def _file_limit(self, count: int) -> int:
        return max(SMALLEST_FILE_LIMIT, ROOM * count * self._dimensions * 4)

    # --- what lies in the folder ----------------------------------------------------------

    def _published(self) -> _Generation | None:
        """The generation that CURRENT names, if it is one of ours for this model."""
        try:
            name = (self._folder / "CURRENT").read_text(encoding="ascii")
            if not re.fullmatch(r"generation-[0-9a-f]+", name):
                return None
            folder = self._folder / name
            complete = json.loads((folder / COMPLETE).read_text(encoding="ascii"))
            key = (complete["model"], complete["dimensions"], complete["chroma"])
            if key != (self._model, self._dimensions, metadata.version("chromadb")):
                return None
            return _Generation(folder, int(complete["covered"]), int(complete["count"]))
        except (OSError, ValueError, KeyError, TypeError, metadata.PackageNotFoundError):
            return None

    def _sweep(self) -> None:
        """Deletes what no longer answers; what a system still holds open goes another time."""
        kept = self._live.folder.name if self._live else ""
        with contextlib.suppress(OSError):
            for path in self._folder.iterdir():
                if re.fullmatch(r"(generation|staging)-[0-9a-f]+", path.name) and path.name != kept:
                    shutil.rmtree(path, ignore_errors=True)


def _checked(
    answer: dict[str, Any], asked: int, covered: int, limit: int
) -> list[tuple[int, float]]:
    """The answer as (number, cosine). Raises `WrongAnswerError` when it cannot be right."""
    numbers: Sequence[Any] = answer.get("numbers") or ()
    cosines: Sequence[Any] = answer.get("cosines") or ()
    sound = (
        answer.get("id") == asked
        and 0 < len(numbers) == len(cosines) <= limit
        and all(isinstance(number, int) and 0 < number <= covered for number in numbers)
        and all(isinstance(cosine, float) and math.isfinite(cosine) for cosine in cosines)
    )
    if not sound:
        raise WrongAnswerError(str(answer)[:200])
    return list(zip(numbers, cosines, strict=True))


def _sync_folder(folder: Path) -> None:
    if sys.platform == "win32":  # it cannot; there, replacing a file is made durable by itself
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
