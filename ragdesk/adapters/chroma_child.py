"""Chroma, in a process of its own: builds, verifies or serves one generation of the index.

    python -m ragdesk.engine.child … ragdesk.adapters.chroma_child build|verify|serve

The first line in holds the parameters, see each function. Chroma has crashed on damaged files and
answered from empty ones, so it never runs in a process that matters, and all files of a generation
are held against their digests before each opening.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import json
import os
import sqlite3
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

from .child_pipe import Tell, converse

COLLECTION = "vectors"
COMPLETE = "COMPLETE.json"
DATABASE = "chroma.sqlite3"
OPENINGS = "acquire_write"  # Chroma adds a row to this table whenever it opens the folder
BATCH = 1_000  # of 20, Chroma takes three times the time
SAMPLED = 64
SAME = 1e-4  # 1 - cosine of two vectors that are one: twins may stand for each other


def build(about: dict[str, Any], tell: Tell) -> None:
    """Writes all vectors of a model up to a number into a new folder.

    about: folder (empty), library, model, dimensions, upto. Tells {"done"} as it goes and
    {"built": count} at the end. Raises whatever Chroma raises, a full disk among it.
    """
    import numpy as np

    folder = Path(about["folder"])
    scratch = folder / "vectors.f32"
    numbers = _copy_vectors(about, scratch)
    vectors = np.memmap(scratch, np.float32, "r", shape=(len(numbers), about["dimensions"]))
    with _client(folder) as client:
        # Chroma writes its graph when this many vectors wait: all of them at once, at the last
        # one. Written in between, a graph on disk has been torn by kills and power cuts.
        collection = client.create_collection(
            COLLECTION,
            embedding_function=None,
            configuration={
                "hnsw": {
                    "space": "ip",  # of length 1 already; "cosine" would store them rounded anew
                    "sync_threshold": max(len(numbers), 2),
                    "ef_search": 200,  # with Chroma's 100 and 16, ten of 3,000 missed themselves
                    "max_neighbors": 32,
                }
            },
        )
        for start in range(0, len(numbers), BATCH):
            part = numbers[start : start + BATCH]
            collection.add(
                ids=[str(number) for number in part], embeddings=vectors[start : start + BATCH]
            )
            tell({"done": start + len(part)})
    del vectors
    scratch.unlink()
    sync(folder)
    tell({"built": len(numbers)})


def verify(about: dict[str, Any], tell: Tell) -> None:
    """Holds a built folder against the library and marks it complete.

    about: as for `build`, and count. Tells {"verified": count}. Raises `ValueError` where it
    differs.
    """
    import chromadb

    folder = Path(about["folder"])
    before = digests(folder)
    if not any(name.endswith("data_level0.bin") for name in before):
        raise ValueError("the graph was not written")
    with _client(folder) as client:
        collection = client.get_collection(COLLECTION, embedding_function=None)
        if collection.count() != about["count"]:
            raise ValueError(f"{collection.count()} vectors, expected {about['count']}")
        _compare_sample(collection, about)
    after = digests(folder)
    complete = {
        "model": about["model"],
        "dimensions": about["dimensions"],
        "chroma": chromadb.__version__,
        "covered": about["upto"],
        "count": about["count"],
        # What opening itself rewrites cannot be held against a digest; so far that is nothing.
        "files": {name: value for name, value in before.items() if after.get(name) == value},
    }
    (folder / COMPLETE).write_text(json.dumps(complete), encoding="ascii")
    sync(folder)
    tell({"verified": about["count"]})


def serve(about: dict[str, Any], tell: Tell) -> None:
    """Answers {"id", "vector", "limit"} with {"id", "numbers", "cosines"}, best first.

    about: folder. Tells {"ready": count} when it is open, or {"broken": names} and ends when files
    are not what they were when they were verified. The vector is base64 of float32.
    """
    import numpy as np

    folder = Path(about["folder"])
    complete = json.loads((folder / COMPLETE).read_text(encoding="ascii"))
    found = digests(folder)
    changed = [name for name, value in complete["files"].items() if found.get(name) != value]
    if changed or not complete["files"]:
        tell({"broken": changed})
        return
    with _client(folder) as client:
        collection = client.get_collection(COLLECTION, embedding_function=None)
        first = np.ones((1, complete["dimensions"]), dtype=np.float32)
        collection.query(query_embeddings=first, n_results=1, include=["distances"])
        tell({"ready": collection.count()})
        for line in sys.stdin:
            question = json.loads(line)
            vector = np.frombuffer(base64.b64decode(question["vector"]), dtype=np.float32)
            nearest = collection.query(
                query_embeddings=vector[None],
                n_results=min(question["limit"], complete["count"]),
                include=["distances"],
            )
            tell(
                {
                    "id": question["id"],
                    "numbers": [int(number) for number in nearest["ids"][0]],
                    "cosines": [1.0 - float(away) for away in (nearest["distances"] or [[]])[0]],
                }
            )


@contextlib.contextmanager
def _client(folder: Path) -> Iterator[Any]:
    import chromadb
    from chromadb.config import Settings

    client: Any = chromadb.PersistentClient(str(folder), Settings(anonymized_telemetry=False))
    try:
        yield client
    finally:
        client.close()


def _copy_vectors(about: dict[str, Any], target: Path) -> list[int]:
    """Copies the vectors into one file and gives their numbers in the same order.

    One short read of the library instead of one as long as the build, during which its log could
    not be shortened. Raises `ValueError` for a vector of another size.
    """
    size = 4 * about["dimensions"]
    numbers = []
    with _library(about) as library, target.open("wb") as file:
        for number, vector in library.execute(
            "SELECT seq, vector FROM vectors WHERE model = ? AND seq <= ? ORDER BY seq",
            (about["model"], about["upto"]),
        ):
            if len(vector) != size:
                raise ValueError(f"vector {number} has {len(vector)} bytes, expected {size}")
            numbers.append(number)
            file.write(vector)
    return numbers


def _compare_sample(collection: Any, about: dict[str, Any]) -> None:
    import numpy as np

    with _library(about) as library:
        # Those that were removed since are not looked for: what reads the answers drops them.
        rows = library.execute(
            "SELECT seq, vector FROM vectors WHERE model = ? AND seq <= ? ORDER BY random() LIMIT ?",
            (about["model"], about["upto"], SAMPLED),
        ).fetchall()
    if not rows:
        return
    wanted = {str(number): np.frombuffer(vector, np.float32) for number, vector in rows}
    held = collection.get(ids=list(wanted), include=["embeddings"])
    stored = dict(zip(held["ids"], held["embeddings"], strict=True))
    for name, vector in wanted.items():
        if name not in stored or not np.array_equal(np.asarray(stored[name], np.float32), vector):
            raise ValueError(f"vector {name} differs from the library's")
    nearest = collection.query(
        query_embeddings=np.stack(list(wanted.values())), n_results=1, include=["distances"]
    )
    for name, distances in zip(wanted, nearest["distances"], strict=True):
        if not distances or not distances[0] <= SAME:
            raise ValueError(f"vector {name} does not find itself")


@contextlib.contextmanager
def _library(about: dict[str, Any]) -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(f"file:{quote(about['library'])}?mode=ro", uri=True, timeout=30)
    try:
        yield connection
    finally:
        connection.close()


def digests(folder: Path) -> dict[str, str]:
    """SHA-256 of every file below `folder` but the mark of completion, by its path from there.

    Of Chroma's database that of its content: Chroma counts its openings in there.
    """
    found = {}
    for path in sorted(folder.rglob("*")):
        if path.name == DATABASE:
            found[path.relative_to(folder).as_posix()] = _content_digest(path)
        elif path.is_file() and path.name != COMPLETE:
            with path.open("rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
            found[path.relative_to(folder).as_posix()] = digest
    return found


def _content_digest(path: Path) -> str:
    """SHA-256 over all rows of a database but those of `OPENINGS`; what is wrong where it is broken."""
    digest = hashlib.sha256()
    uri = f"file:{quote(str(path))}?mode=ro"
    try:
        with contextlib.closing(sqlite3.connect(uri, uri=True, timeout=30)) as database:
            (checked,) = database.execute("PRAGMA quick_check(1)").fetchone()
            tables = database.execute(
                "SELECT name, sql FROM sqlite_master WHERE type = 'table' AND name != ?"
                " AND name NOT LIKE 'sqlite%' AND sql NOT LIKE 'CREATE VIRTUAL%' ORDER BY name",
                (OPENINGS,),
            ).fetchall()
            for name, sql in tables:
                digest.update(sql.encode())
                for row in database.execute(f'SELECT * FROM "{name}"'):
                    for value in row:
                        data = value if isinstance(value, bytes) else str(value).encode()
                        digest.update(b"%d:" % len(data))
                        digest.update(data)
    except (sqlite3.Error, UnicodeError) as error:
        return f"broken: {error}"
    return digest.hexdigest() if checked == "ok" else f"broken: {checked}"


def sync(folder: Path) -> None:
    """Brings a folder and all below it to the disk, so that a power cut leaves it whole.

    Windows cannot sync a folder, only files that are open for writing.
    """
    flags = os.O_RDWR | getattr(os, "O_BINARY", 0)
    for path in [*folder.rglob("*"), folder]:
        if path.is_dir() and sys.platform == "win32":
            continue
        handle = os.open(path, os.O_RDONLY if path.is_dir() else flags)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


TASKS: dict[str, Callable[[dict[str, Any], Tell], None]] = {
    "build": build,
    "verify": verify,
    "serve": serve,
}


def main() -> None:
    converse(TASKS[sys.argv[1]])


if __name__ == "__main__":
    main()
