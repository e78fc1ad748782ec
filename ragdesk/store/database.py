"""Opening library.db: for the one writer, or read-only for anyone.

The writer migrates (after copying the file) and runs with WAL and synchronous=FULL, so that what
is said to be added survives a power cut. Readers never write, not even to a home that cannot be
written.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
import tempfile
import threading
from collections.abc import Callable, Hashable, Iterator, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any, TypeVar

from ..errors import (
    DiskFull,
    HomeNotWritable,
    LibraryDamaged,
    LibraryMissing,
    LibraryOlder,
    LibraryTooNew,
)
from .home import Home
from .migrations import Migration, to_format_2, to_format_3

# Migration n takes a library from format n to n + 1. Format 1 is schema.sql as first released.
# To change the schema: write a function in migrations.py, append it here, change schema.sql alike,
# and store an old file under tests/data/libraries/ for the test that migrates every one of them.
MIGRATIONS: Sequence[Migration] = (to_format_2, to_format_3)
FORMAT = 1 + len(MIGRATIONS)
T = TypeVar("T")
NO_ROOM = 1 << 20  # bytes; SQLite calls a disk with less an input/output error


class Database:
    """A library. One connection a thread for reading; writes go one at a time through `write`."""

    def __init__(self, path: Path, *, writable: bool) -> None:
        self.path = path
        self.writable = writable
        self._local = threading.local()
        self._writing = threading.RLock()
        self._all: list[tuple[threading.Thread, sqlite3.Connection]] = []
        self._opening = threading.Lock()
        self._closed = False
        self._copy: tempfile.TemporaryDirectory[str] | None = None

    @classmethod
    def for_writing(cls, home: Home) -> Database:
        """Opens or makes the library and brings it to this release's format."""
        database = cls(home.library, writable=True)
        with _as_errors(home.folder):
            new = not home.library.exists() or home.library.stat().st_size == 0
            connection = database._connection()
            if new:
                connection.executescript(
                    "BEGIN IMMEDIATE;"
                    + files("ragdesk.store").joinpath("schema.sql").read_text("utf-8")
                    + f"PRAGMA user_version = {FORMAT}; COMMIT;"
                )
                os.chmod(home.library, 0o600)
            else:
                database._migrate(home, connection)
        return database

    @classmethod
    def for_reading(cls, home: Home) -> Database:
        """Opens the library without ever writing.

        Raises `LibraryMissing` while there is none, `LibraryOlder` while it has an earlier format:
        the engine makes or migrates it when it starts.
        """
        if not home.library.exists():
            raise LibraryMissing(home=str(home.folder))
        database = cls(home.library, writable=False)
        with _as_errors(home.folder):
            found = database._connection().execute("PRAGMA user_version").fetchone()[0]
        if found > FORMAT:
            raise LibraryTooNew(home=str(home.folder), found=found, known=FORMAT)
        if found < FORMAT:
            database.close()
            raise LibraryOlder(home=str(home.folder))
        return database

    def _migrate(self, home: Home, connection: sqlite3.Connection) -> None:
        found: int = connection.execute("PRAGMA user_version").fetchone()[0]
        if found > FORMAT:
            raise LibraryTooNew(home=str(home.folder), found=found, known=FORMAT)
        if found == FORMAT:
            return
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        shutil.copy2(home.library, home.backups / f"library-format-{found}.db")
        for number in range(found, FORMAT):
            with self.write() as writing:
                MIGRATIONS[number - 1](writing)
                writing.execute(f"PRAGMA user_version = {number + 1}")

    def _connection(self) -> sqlite3.Connection:
        existing: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if existing is not None:
            return existing
        with self._opening:
            if self._closed:
                raise sqlite3.ProgrammingError("the library was closed")
            connection = self._open()
            connection.row_factory = sqlite3.Row
            connection.execute("PRAGMA foreign_keys = ON")
            connection.execute("PRAGMA temp_store = MEMORY")
            # Threads come and go with every job; what a gone one opened would stay open for ever.
            for pair in [pair for pair in self._all if not pair[0].is_alive()]:
                pair[1].close()
                self._all.remove(pair)
            self._all.append((threading.current_thread(), connection))
        self._local.connection = connection
        return connection

    def _open(self) -> sqlite3.Connection:
        if not self.writable:
            return self._open_to_look()
        connection = _connect(str(self.path))
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA secure_delete = ON")
        return connection

    def _open_to_look(self) -> sqlite3.Connection:
        """Readers of a WAL library must write a small file beside it; where that fails, without it."""
        folder, uri = self.path.parent, self.path.as_uri()
        if os.access(folder, os.W_OK) and not _on_read_only_disk(folder):
            connection = _connect(uri + "?mode=ro")
            try:
                connection.execute("PRAGMA user_version").fetchone()
                return connection
            except sqlite3.OperationalError as error:
                connection.close()
                if not error.sqlite_errorname.startswith(("SQLITE_IOERR", "SQLITE_CANTOPEN")):
                    raise
        log_ahead = self.path.with_name(self.path.name + "-wal")
        if not log_ahead.exists() or not log_ahead.stat().st_size:
            return _connect(uri + "?mode=ro&immutable=1")
        if self._copy is None:  # what a killed engine left in its log must be read with it
            self._copy = tempfile.TemporaryDirectory(prefix="ragdesk-look-")
            for file in (self.path, log_ahead):
                shutil.copy(file, self._copy.name)
        return _connect(str(Path(self._copy.name) / self.path.name))

    def read(self, sql: str, parameters: Sequence[Any] | dict[str, Any] = ()) -> list[sqlite3.Row]:
        """All rows of a query, on this thread's connection."""
        with _as_errors(self.path.parent):
            return self._connection().execute(sql, parameters).fetchall()

    def kept(self, name: Hashable, make: Callable[[], T]) -> T:
        """What `make` reads, for as long as nothing is written: kept by each thread for itself.

        For what a question asks several times and takes longer the larger the library is.
        """
        with _as_errors(self.path.parent):
            connection = self._connection()
            if connection.in_transaction:  # it may be rolled back
                return make()
            others = connection.execute("PRAGMA data_version").fetchone()[0]
        version = (others, connection.total_changes)
        if getattr(self._local, "version", None) != version:
            self._local.version, self._local.made = version, {}
        made: dict[Hashable, Any] = self._local.made
        if name not in made:
            made[name] = make()
        value: T = made[name]
        return value

    @contextlib.contextmanager
    def write(self) -> Iterator[sqlite3.Connection]:
        """One transaction: committed at the end, rolled back on any error. Nests into the outer one."""
        with self._writing:
            connection = self._connection()
            if connection.in_transaction:
                yield connection
                return
            with _as_errors(self.path.parent):
                connection.execute("BEGIN IMMEDIATE")
                try:
                    yield connection
                    connection.execute("COMMIT")
                except BaseException:
                    with contextlib.suppress(sqlite3.Error):
                        connection.execute("ROLLBACK")
                    raise

    def check(self) -> list[str]:
        """What SQLite finds wrong with the file and with its references; empty when all is well."""
        try:
            found = [row[0] for row in self._connection().execute("PRAGMA integrity_check")]
            found = [] if found == ["ok"] else found
            found += [
                f"{row[0]} without its {row[2]}"
                for row in self._connection().execute("PRAGMA foreign_key_check")
            ]
        except sqlite3.DatabaseError as error:
            return [str(error)]
        return found

    def forget(self) -> None:
        """Wipes what was deleted from where it may linger: the word search and the write-ahead log."""
        with self.write() as db:
            db.execute("INSERT INTO words (words) VALUES ('optimize')")
        with (
            self._writing,
            contextlib.suppress(sqlite3.OperationalError),
        ):  # a reader holds it: later
            self._connection().execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        with self._opening:
            self._closed = True
            for _, connection in self._all:
                connection.close()
            self._all.clear()
            if self._copy is not None:
                self._copy.cleanup()
        self._local = threading.local()


def _connect(place: str) -> sqlite3.Connection:
    # check_same_thread is off only so that `close` may close those of all threads.
    return sqlite3.connect(
        place,
        uri=place.startswith("file:"),
        timeout=30.0,
        isolation_level=None,
        check_same_thread=False,
    )


def _on_read_only_disk(folder: Path) -> bool:
    # os.access answers yes to root even on a read-only mount.
    if not hasattr(os, "statvfs"):
        return False
    return bool(os.statvfs(folder).f_flag & os.ST_RDONLY)


@contextlib.contextmanager
def _as_errors(home: Path) -> Iterator[None]:
    """SQLite's known troubles as errors that a person can act on; others pass as the defects they are."""
    try:
        yield
    except sqlite3.Error as error:
        name = getattr(error, "sqlite_errorname", "") or ""
        full = shutil.disk_usage(home).free < NO_ROOM if home.exists() else False
        if name.startswith("SQLITE_FULL") or (name.startswith("SQLITE_IOERR") and full):
            raise DiskFull(home=str(home)) from error
        if name.startswith("SQLITE_IOERR"):
            raise HomeNotWritable(home=str(home)) from error
        if name.startswith(("SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM")):
            raise HomeNotWritable(home=str(home)) from error
        if name.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB")):
            raise LibraryDamaged(home=str(home)) from error
        raise
