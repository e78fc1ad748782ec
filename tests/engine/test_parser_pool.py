from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from ragdesk.adapters.parsers import wire
from ragdesk.domain.document import Verdict
from ragdesk.domain.protocols import ChildProcess
from ragdesk.engine import parser_pool
from ragdesk.engine.child import Spawner
from ragdesk.engine.parser_pool import ParserPool
from ragdesk.errors import ChildDied

ODD = "tests.engine.odd_parser"


class OddSpawner(Spawner):
    """Starts the tests' odd parser in place of the real one, under the same limits."""

    def __call__(
        self,
        module: str,
        arguments: Sequence[str] = (),
        *,
        memory_bytes: int | None = None,
        file_bytes: int | None = None,
        nice: int = 0,
    ) -> ChildProcess:
        assert module == parser_pool.MODULE
        return super().__call__(ODD, arguments, memory_bytes=memory_bytes, file_bytes=file_bytes)


@pytest.fixture
def odd() -> Iterator[ParserPool]:
    pool = ParserPool(OddSpawner(), wire.decode, 2, seconds=2.0)
    yield pool
    pool.end()


def test_real_parsers_read_a_text(tmp_path: Path) -> None:
    file = tmp_path / "note.txt"
    file.write_text("The notice period is three months.\n", encoding="utf-8")
    pool = ParserPool(Spawner(), wire.decode, 1)
    try:
        pages, reading = pool.read(str(file))
    finally:
        pool.end()
    assert reading.verdict is Verdict.READY
    assert "three months" in pages[0].text


def test_a_file_that_crashes_hangs_or_eats_memory_gets_its_verdict_and_others_go_on(
    odd: ParserPool,
) -> None:
    files = ["fine", "crash", "fine", "hang", "fine", "eat", "fine"]
    with ThreadPoolExecutor(4) as threads:
        verdicts = [reading.verdict for _, reading in threads.map(odd.read, files)]
    wanted = {
        "fine": Verdict.READY, "crash": Verdict.DAMAGED, "hang": Verdict.TIMED_OUT,
        "eat": Verdict.TOO_LARGE,
    }  # fmt: skip
    assert verdicts == [wanted[name] for name in files]


def test_a_crash_that_an_earlier_file_prepared_is_not_blamed_on_the_next(odd: ParserPool) -> None:
    pool = ParserPool(OddSpawner(), wire.decode, 1, seconds=20.0)
    try:
        assert pool.read("poison")[1].verdict is Verdict.READY
        assert pool.read("fine")[1].verdict is Verdict.READY
    finally:
        pool.end()


def test_pages_earn_time(odd: ParserPool) -> None:
    started = time.monotonic()
    pages, reading = odd.read(
        "slow pages"
    )  # five pages, 0.6 s each, where 2 s are allowed at first
    assert reading.verdict is Verdict.READY
    assert len(pages) == 5
    assert time.monotonic() - started > 2.0


def test_ending_does_not_wait_for_a_file_that_hangs() -> None:
    pool = ParserPool(OddSpawner(), wire.decode, 2, seconds=60.0)
    with ThreadPoolExecutor(4) as threads:
        readings = [threads.submit(pool.read, "hang") for _ in range(4)]  # two wait for a seat
        time.sleep(1.0)
        started = time.monotonic()
        pool.end()
        for reading in readings:  # no verdict: the file is read at the next start
            with pytest.raises(ChildDied):
                reading.result(10)
    assert time.monotonic() - started < 10
