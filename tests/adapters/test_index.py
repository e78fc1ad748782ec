"""What an index promises, held against the fake and Chroma; then what may go wrong with Chroma.

Chroma runs only in the children that `ChromaIndex` starts, here as in the product.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import psutil
import pytest

from ragdesk.adapters import chroma
from ragdesk.adapters.chroma import ChromaIndex
from ragdesk.adapters.chroma_child import digests
from ragdesk.domain.protocols import ChildProcess, Index
from ragdesk.engine.child import Spawner
from tests.fakes_index import MemoryIndex

MODEL = "model/one"
DIMENSIONS = 384
COUNT = 400

Vectors = npt.NDArray[np.float32]


def some_vectors(count: int, seed: int = 0) -> Vectors:
    """Rows of length 1 in forty clusters, as passages about forty things would be."""
    random = np.random.default_rng(seed)
    centres = random.standard_normal((40, DIMENSIONS))
    rows = centres[random.integers(0, 40, count)] + random.standard_normal((count, DIMENSIONS))
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def add_vectors(library: Path, vectors: Vectors, model: str = MODEL) -> int:
    """Stores `vectors` and gives the highest number."""
    with contextlib.closing(sqlite3.connect(library)) as connection:
        last: int = connection.execute("SELECT coalesce(max(seq), 0) FROM vectors").fetchone()[0]
        connection.executemany(
            "INSERT INTO vectors (seq, passage_number, model, vector) VALUES (?, ?, ?, ?)",
            [(last + n, last + n, model, row.tobytes()) for n, row in enumerate(vectors, 1)],
        )
        connection.commit()
    return last + len(vectors)


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with `COUNT` vectors and one generation of them; tests take copies."""
    home = tmp_path_factory.mktemp("home with a space, ü")
    with contextlib.closing(sqlite3.connect(home / "library.db")) as connection:
        connection.executescript(files("ragdesk.store").joinpath("schema.sql").read_text("utf-8"))
        connection.execute("PRAGMA journal_mode=WAL")
    upto = add_vectors(home / "library.db", some_vectors(COUNT))
    index = ChromaIndex(home / "index", home / "library.db", MODEL, DIMENSIONS, Spawner())
    assert index.build(upto)
    index.close()
    return home


@pytest.fixture
def home(filled: Path, tmp_path: Path) -> Path:
    return shutil.copytree(filled, tmp_path / "home")


@pytest.fixture
def make(home: Path) -> Iterator[Callable[..., ChromaIndex]]:
    """Makes an index on the home, and closes it at the end."""
    made: list[ChromaIndex] = []

    def make_index(
        spawn: Any = None, model: str = MODEL, dimensions: int = DIMENSIONS
    ) -> ChromaIndex:
        index = ChromaIndex(
            home / "index", home / "library.db", model, dimensions, spawn or Spawner()
        )
        made.append(index)
        return index

    yield make_index
    for index in made:
        index.close()


class Watched:
    """A real `Spawner` that remembers its children and lets a test step in when one starts."""

    def __init__(self, before: Callable[[str], None] = lambda task: None) -> None:
        self._spawn = Spawner()
        self._before = before
        self.children: list[tuple[str, ChildProcess]] = []
        self.file_bytes: int | None = None

    def __call__(self, module: str, arguments: Sequence[str] = (), **limits: Any) -> ChildProcess:
        self._before(arguments[0])
        if self.file_bytes is not None:
            limits["file_bytes"] = self.file_bytes
        child = self._spawn(module, arguments, **limits)
        self.children.append((arguments[0], child))
        return child

    def running(self, task: str) -> list[ChildProcess]:
        return [c for name, c in self.children if name == task and psutil.pid_exists(c.pid)]


def exact(vectors: Vectors, vector: Vectors, limit: int) -> list[int]:
    return [int(n) + 1 for n in np.argsort(-(vectors @ vector))[:limit]]


def names(home: Path) -> set[str]:
    return {path.name for path in (home / "index").iterdir()}


@pytest.mark.parametrize("kind", ["memory", "chroma"])
class TestContract:
    @pytest.fixture
    def index(self, kind: str, home: Path, make: Callable[..., ChromaIndex]) -> Index:
        shutil.rmtree(home / "index")
        (home / "index").mkdir()
        return make() if kind == "chroma" else MemoryIndex(home / "library.db", MODEL)

    def test_covers_nothing_before_it_is_built(self, index: Index) -> None:
        assert index.covered() == 0
        assert index.search(some_vectors(1)[0], 5) == []

    def test_finds_what_exact_search_finds(self, index: Index) -> None:
        vectors = some_vectors(COUNT)
        assert index.build(COUNT)
        assert index.covered() == COUNT
        same = 0
        for vector in some_vectors(40, seed=1):
            found = index.search(vector, 10)
            assert len(found) == 10
            assert [c for _, c in found] == sorted((c for _, c in found), reverse=True)
            for number, cosine in found:
                assert cosine == pytest.approx(float(vectors[number - 1] @ vector), abs=1e-4)
            same += len({n for n, _ in found} & set(exact(vectors, vector, 10)))
        assert same >= 0.99 * 400

    def test_every_vector_finds_itself(self, index: Index) -> None:
        assert index.build(COUNT)
        for number, vector in enumerate(some_vectors(COUNT), 1):
            assert index.search(vector, 1)[0][0] == number

    def test_holds_what_was_there_and_no_more(self, index: Index, home: Path) -> None:
        assert index.build(300)
        assert index.covered() == 300
        assert len(index.search(some_vectors(1)[0], 1_000)) == 300
        upto = add_vectors(home / "library.db", some_vectors(50, seed=2))
        add_vectors(home / "library.db", some_vectors(50, seed=3), model="another")
        assert index.build(upto)
        assert index.covered() == upto == COUNT + 50
        assert len(index.search(some_vectors(1)[0], 1_000)) == COUNT + 50

    def test_builds_nothing_of_nothing(self, index: Index, home: Path) -> None:
        with contextlib.closing(sqlite3.connect(home / "library.db")) as connection:
            connection.execute("DELETE FROM vectors")
            connection.commit()
        assert index.build(COUNT)
        assert index.covered() == 0


class TestGenerations:
    def test_answers_after_a_restart_and_never_changes(
        self, home: Path, make: Callable[..., ChromaIndex]
    ) -> None:
        generation = home / "index" / (home / "index" / "CURRENT").read_text()
        before = digests(generation)
        index = make()
        assert index.covered() == COUNT
        index.warm()
        vector = some_vectors(COUNT)[41]
        assert index.search(vector, 1)[0][0] == 42
        index.close()
        assert digests(generation) == before
        complete = json.loads((generation / "COMPLETE.json").read_text())
        assert set(complete["files"]) == set(before)

    def test_sweeps_the_old_one_and_what_a_killed_build_left(
        self, home: Path, make: Callable[..., ChromaIndex]
    ) -> None:
        (home / "index" / "staging-00").mkdir()
        (home / "index" / "generation-00").mkdir()
        old = (home / "index" / "CURRENT").read_text()
        index = make()
        assert names(home) == {"CURRENT", old}
        assert index.build(300)
        assert len(names(home)) == 2
        assert old not in names(home)

    @pytest.mark.parametrize(
        "other", [{"model": "model/two"}, {"dimensions": 512}], ids=["model", "dimensions"]
    )
    def test_another_model_does_not_use_it(
        self, other: dict[str, Any], make: Callable[..., ChromaIndex]
    ) -> None:
        index = make(**other)
        assert index.covered() == 0
        assert index.search(some_vectors(1)[0], 5) == []

    def test_another_release_of_chroma_does_not_use_it(
        self, home: Path, make: Callable[..., ChromaIndex]
    ) -> None:
        path = home / "index" / (home / "index" / "CURRENT").read_text() / "COMPLETE.json"
        path.write_text(json.dumps({**json.loads(path.read_text()), "chroma": "1.4.0"}))
        assert make().covered() == 0

    @pytest.mark.parametrize("pointer", ["", "../elsewhere", "generation-", "\udcff", "\0"])
    def test_a_pointer_to_nowhere_is_no_generation(
        self, pointer: str, home: Path, make: Callable[..., ChromaIndex]
    ) -> None:
        data = pointer.encode("utf-8", "surrogateescape")
        (home / "index" / "CURRENT").write_bytes(data)
        assert make().covered() == 0

    def test_close_ends_every_child(self, make: Callable[..., ChromaIndex]) -> None:
        spawn = Watched()
        index = make(spawn)
        index.search(some_vectors(1)[0], 1)
        assert len(spawn.running("serve")) == 1
        index.close()
        assert spawn.running("serve") == []
        assert index.search(some_vectors(1)[0], 1) == []

    def test_many_threads_ask_at_once(self, make: Callable[..., ChromaIndex]) -> None:
        index = make()
        wrong: list[int] = []

        def ask(first: int) -> None:
            mine = range(first, COUNT, 8)
            wrong.extend(n for n in mine if index.search(vectors[n], 1)[0][0] != n + 1)

        vectors = some_vectors(COUNT)
        threads = [threading.Thread(target=ask, args=(first,)) for first in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert wrong == []


class TestBuildFails:
    def test_killed_while_building_the_old_one_answers(
        self, home: Path, make: Callable[..., ChromaIndex]
    ) -> None:
        upto = add_vectors(home / "library.db", some_vectors(4_000, seed=5))
        spawn = Watched()
        index = make(spawn)
        done: list[bool] = []
        thread = threading.Thread(target=lambda: done.append(index.build(upto)))
        thread.start()
        while not any((home / "index").glob("staging-*/chroma.sqlite3")):
            time.sleep(0.01)
        os.kill(spawn.children[-1][1].pid, signal.SIGKILL)
        thread.join(30)
        assert done == [False]
        assert index.covered() == COUNT
        assert index.search(some_vectors(COUNT)[6], 1)[0][0] == 7
        assert len(names(home)) == 2
        assert index.build(upto)
        assert index.covered() == upto

    @pytest.mark.parametrize("stop", ["built", "staged"])
    def test_the_whole_engine_killed_while_building(
        self, stop: str, home: Path, make: Callable[..., ChromaIndex]
    ) -> None:
        upto = add_vectors(home / "library.db", some_vectors(2_000, seed=5))
        code = (
            "import sys; from pathlib import Path; from ragdesk.adapters.chroma import ChromaIndex;"
            "from ragdesk.engine.child import Spawner; home = Path(sys.argv[1]);"
            f"i = ChromaIndex(home / 'index', home / 'library.db', {MODEL!r}, {DIMENSIONS},"
            f" Spawner()); i.build({upto})"
        )
        engine = subprocess.Popen([sys.executable, "-c", code, str(home)])
        sign = {"staged": "staging-*/chroma.sqlite3", "built": "staging-*/*/data_level0.bin"}[stop]
        while not any((home / "index").glob(sign)) and engine.poll() is None:
            time.sleep(0.01)
        engine.kill()
        engine.wait()
        index = make()
        assert index.covered() in (COUNT, upto)
        assert index.search(some_vectors(COUNT)[6], 1)[0][0] == 7

    def test_a_file_over_the_limit_fails_cleanly(
        self, home: Path, make: Callable[..., ChromaIndex]
    ) -> None:
        spawn = Watched()
        index = make(spawn)
        upto = add_vectors(home / "library.db", some_vectors(1_000, seed=5))
        spawn.file_bytes = (
            2_300_000  # the vectors' copy takes 2.15 MB, what Chroma writes is larger
        )
        assert not index.build(upto)
        assert index.covered() == COUNT
        assert len(names(home)) == 2
        assert all(
            p.stat().st_size <= 2_300_000 for p in (home / "index").rglob("*") if p.is_file()
        )
        spawn.file_bytes = None
        assert index.search(some_vectors(COUNT)[6], 1)[0][0] == 7

    def test_vectors_that_differ_from_the_library_are_not_published(
        self, home: Path, make: Callable[..., ChromaIndex]
    ) -> None:
        def change(task: str) -> None:
            if task == "verify":
                with contextlib.closing(sqlite3.connect(home / "library.db")) as connection:
                    blobs = some_vectors(COUNT, seed=9)
                    connection.executemany(
                        "UPDATE vectors SET vector = ? WHERE seq = ?",
                        [(row.tobytes(), number) for number, row in enumerate(blobs, 1)],
                    )
                    connection.commit()

        index = make(Watched(change))
        old = (home / "index" / "CURRENT").read_text()
        assert not index.build(COUNT)
        assert (home / "index" / "CURRENT").read_text() == old

    def test_a_vector_of_another_size_fails_cleanly(
        self, home: Path, make: Callable[..., ChromaIndex]
    ) -> None:
        with contextlib.closing(sqlite3.connect(home / "library.db")) as connection:
            connection.execute("UPDATE vectors SET vector = x'00' WHERE seq = 5")
            connection.commit()
        index = make()
        assert not index.build(COUNT)
        assert index.covered() == COUNT

    def test_removals_meanwhile_do_no_harm(
        self, home: Path, make: Callable[..., ChromaIndex]
    ) -> None:
        def remove(task: str) -> None:
            first = {"build": 1, "verify": 200}[task]
            with contextlib.closing(sqlite3.connect(home / "library.db")) as connection:
                connection.execute(
                    "DELETE FROM vectors WHERE seq BETWEEN ? AND ?", (first, first + 99)
                )
                connection.commit()

        index = make(Watched(lambda task: remove(task) if task != "serve" else None))
        assert index.build(COUNT)
        assert len(index.search(some_vectors(1)[0], 1_000)) == COUNT - 100

    def test_close_ends_a_build(self, home: Path, make: Callable[..., ChromaIndex]) -> None:
        upto = add_vectors(home / "library.db", some_vectors(4_000, seed=5))
        spawn = Watched()
        index = make(spawn)
        done: list[bool] = []
        thread = threading.Thread(target=lambda: done.append(index.build(upto)))
        thread.start()
        while not any((home / "index").glob("staging-*/chroma.sqlite3")):
            time.sleep(0.01)
        index.close()
        thread.join(20)
        assert done == [False]
        assert spawn.running("build") == []
        assert not index.build(upto)


class Tampered:
    """A child whose answers are changed on their way."""

    def __init__(self, child: ChildProcess, change: Callable[[dict[str, Any]], Any]) -> None:
        self._child, self._change = child, change
        self.pid, self.send = child.pid, child.send
        self.kill, self.close = child.kill, child.close

    def receive(self, timeout: float) -> Any:
        answer = self._child.receive(timeout)
        return self._change(answer) if "id" in answer else answer


class TestServing:
    def test_a_killed_child_is_started_again(self, make: Callable[..., ChromaIndex]) -> None:
        spawn = Watched()
        index = make(spawn)
        vector = some_vectors(COUNT)[9]
        assert index.search(vector, 1)[0][0] == 10
        os.kill(spawn.running("serve")[0].pid, signal.SIGKILL)
        assert index.search(vector, 1)[0][0] == 10
        assert index.covered() == COUNT

    def test_one_that_hangs_is_given_up(
        self, home: Path, make: Callable[..., ChromaIndex], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        spawn = Watched()
        index = make(spawn)
        assert index.search(some_vectors(1)[0], 1)
        monkeypatch.setattr(chroma, "ANSWER_SECONDS", 0.3)
        os.kill(spawn.running("serve")[0].pid, signal.SIGSTOP)
        assert index.search(some_vectors(1)[0], 1) == []
        assert index.covered() == 0
        assert spawn.running("serve") == []
        assert "CURRENT" not in names(home)

    def test_one_that_opens_too_slowly_is_given_up(
        self, make: Callable[..., ChromaIndex], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(chroma, "OPEN_SECONDS", 0.01)
        index = make()
        assert index.search(some_vectors(1)[0], 1) == []
        assert index.covered() == 0

    @pytest.mark.parametrize(
        "change",
        [
            lambda answer: {**answer, "id": 99},
            lambda answer: {**answer, "numbers": [COUNT + 1]},
            lambda answer: {**answer, "numbers": [], "cosines": []},
            lambda answer: {**answer, "cosines": [float("nan")]},
            lambda answer: {**answer, "numbers": answer["numbers"] * 2},
            lambda answer: {},
        ],
        ids=["other question", "no such number", "nothing", "no cosine", "uneven", "empty"],
    )
    def test_a_wrong_answer_is_not_given_on(
        self, change: Callable[[dict[str, Any]], Any], make: Callable[..., ChromaIndex]
    ) -> None:
        real = Spawner()
        index = make(lambda *a, **limits: Tampered(real(*a, **limits), change))
        assert index.search(some_vectors(1)[0], 1) == []
        assert index.covered() == 0


def _cut(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def _overwrite(path: Path, start: int, data: bytes) -> None:
    with path.open("r+b") as file:
        file.seek(start)
        file.write(data)


DAMAGES: dict[str, Callable[[Path], None]] = {
    "deleted": Path.unlink,
    "cut": _cut,
    "emptied": lambda path: os.truncate(path, 0),
    "one bit": lambda path: _overwrite(
        path, path.stat().st_size // 2, bytes([path.read_bytes()[path.stat().st_size // 2] ^ 1])
    ),
    "zeros": lambda path: _overwrite(path, 0, bytes(path.stat().st_size)),
    "grown": lambda path: os.truncate(path, path.stat().st_size + 4096),
}
FILES = [
    "chroma.sqlite3",
    "*/data_level0.bin",
    "*/header.bin",
    "*/index_metadata.pickle",
    "*/length.bin",
    "*/link_lists.bin",
    "COMPLETE.json",
]


def _damage(home: Path, name: str, damage: str) -> None:
    (path,) = (home / "index" / (home / "index" / "CURRENT").read_text()).glob(name)
    DAMAGES[damage](path)


class TestDamagedFiles:
    @pytest.mark.parametrize(
        ("name", "damage"),
        [
            ("chroma.sqlite3", "emptied"),
            ("*/data_level0.bin", "one bit"),
            ("*/link_lists.bin", "zeros"),
            ("COMPLETE.json", "cut"),
        ],
    )
    def test_damage_is_seen(
        self, name: str, damage: str, home: Path, make: Callable[..., ChromaIndex]
    ) -> None:
        _damage(home, name, damage)
        index = make()
        assert index.search(some_vectors(1)[0], 5) == []
        assert index.covered() == 0
        assert make().covered() == 0

    def test_damage_is_built_over(self, home: Path, make: Callable[..., ChromaIndex]) -> None:
        _damage(home, "*/header.bin", "cut")
        index = make()
        assert index.search(some_vectors(1)[0], 5) == []
        assert index.build(COUNT)
        assert index.covered() == COUNT
        assert index.search(some_vectors(COUNT)[3], 1)[0][0] == 4

    @pytest.mark.slow
    @pytest.mark.parametrize("damage", list(DAMAGES))
    @pytest.mark.parametrize("name", FILES)
    def test_every_damage_to_every_file_is_seen(
        self, name: str, damage: str, home: Path, make: Callable[..., ChromaIndex]
    ) -> None:
        _damage(home, name, damage)
        index = make()
        vectors = some_vectors(COUNT)
        found = index.search(vectors[3], 5)
        # A bit in a page that a database does not use, or in a space between two JSON fields, is
        # no damage to what it says.
        if name in ("chroma.sqlite3", "COMPLETE.json") and damage in ("one bit", "grown") and found:
            assert [number for number, _ in found] == exact(vectors, vectors[3], 5)
        else:
            assert found == []
            assert index.covered() == 0

    def test_damage_while_it_serves_does_no_harm(
        self, home: Path, make: Callable[..., ChromaIndex]
    ) -> None:
        spawn = Watched()
        index = make(spawn)
        vectors = some_vectors(COUNT)
        assert index.search(vectors[3], 1)[0][0] == 4
        for name in ("*/data_level0.bin", "*/link_lists.bin"):
            _damage(home, name, "zeros")
        for number in range(0, COUNT, 50):
            found = index.search(vectors[number], 1)
            assert found == [] or found[0][0] == number + 1
        for child in spawn.running("serve"):
            child.kill()
        assert index.search(vectors[3], 1) == []
        assert index.covered() == 0
