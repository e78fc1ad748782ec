from __future__ import annotations

import contextlib
import shutil
import sqlite3
import threading
from pathlib import Path

import pytest

from ragdesk.errors import LibraryDamaged, LibraryMissing, LibraryOlder, LibraryTooNew
from ragdesk.store.collections import Collections
from ragdesk.store.database import FORMAT, Database
from ragdesk.store.home import Home


def test_reader_waits_for_a_library_to_exist(home: Home) -> None:
    with pytest.raises(LibraryMissing):
        Database.for_reading(home)
    assert not home.library.exists()  # looking makes nothing


def test_reader_tells_a_library_of_an_earlier_release_from_none(home: Home) -> None:
    home.make()
    shutil.copy(Path(__file__).parents[1] / "data/libraries/format-1.db", home.library)
    with pytest.raises(LibraryOlder):
        Database.for_reading(home)


def test_reader_sees_what_the_writer_commits_and_cannot_write(
    home: Home, database: Database
) -> None:
    reader = Database.for_reading(home)
    shelf = Collections(database).create("Leases")
    assert [c.id for c in Collections(reader).all()] == [shelf.id]
    with pytest.raises(Exception, match="home_not_writable"):
        Collections(reader).create("More")
    reader.close()


def test_a_failed_transaction_leaves_nothing(database: Database) -> None:

    def work() -> None:
        with database.write() as db:
            db.execute("INSERT INTO settings VALUES ('a', '1')")
            with database.write() as inner:  # joins the outer one
                inner.execute("INSERT INTO settings VALUES ('b', '2')")
            raise ValueError("stop")

    with pytest.raises(ValueError, match="stop"):
        work()
    assert database.read("SELECT * FROM settings") == []


def test_writes_of_many_threads_all_arrive(database: Database) -> None:
    def work(number: int) -> None:
        for item in range(20):
            with database.write() as db:
                db.execute("INSERT INTO settings VALUES (?, '1')", (f"{number}-{item}",))

    threads = [threading.Thread(target=work, args=(n,)) for n in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert database.read("SELECT count(*) FROM settings")[0][0] == 100


def test_newer_library_is_refused_untouched(home: Home, database: Database) -> None:
    database.close()
    connection = sqlite3.connect(home.library)
    connection.execute(f"PRAGMA user_version = {FORMAT + 1}")
    connection.close()
    before = home.library.read_bytes()
    for opening in (Database.for_writing, Database.for_reading):
        with pytest.raises(LibraryTooNew):
            opening(home)
    assert home.library.read_bytes() == before


@pytest.mark.parametrize(
    "junk", [b"this is no library" * 100, b"SQLite format 3\0" + b"\xff" * 5000]
)
def test_damaged_library_is_named(home: Home, junk: bytes) -> None:
    home.library.write_bytes(junk)
    with pytest.raises(LibraryDamaged):
        Database.for_writing(home)
    with pytest.raises(LibraryDamaged):
        Database.for_reading(home)


def test_check_finds_a_dangling_reference(home: Home, database: Database) -> None:
    assert database.check() == []
    connection = sqlite3.connect(home.library)
    connection.execute("INSERT INTO pages VALUES ('nobody', 1, '', 'text')")
    connection.commit()
    connection.close()
    assert database.check() == ["pages without its documents"]


def test_what_is_kept_is_read_again_after_a_write_of_any_thread(database: Database) -> None:
    made: list[int] = []

    def count() -> int:
        made.append(database.read("SELECT count(*) FROM settings")[0][0])
        return made[-1]

    def add(name: str) -> None:
        with database.write() as db:
            db.execute("INSERT INTO settings VALUES (?, '1')", (name,))

    assert [database.kept("n", count), database.kept("n", count)] == [0, 0]
    assert made == [0]
    add("own")
    assert database.kept("n", count) == 1
    other = threading.Thread(target=add, args=("other",))
    other.start()
    other.join()
    assert database.kept("n", count) == 2
    with contextlib.suppress(ZeroDivisionError), database.write() as db:
        db.execute("INSERT INTO settings VALUES ('gone', '1')")
        assert database.kept("n", count) == 3
        raise ZeroDivisionError
    assert database.kept("n", count) == 2
