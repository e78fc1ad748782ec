"""Fixtures of the parser tests: reading a file here, and reading it in a real pool process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ragdesk.adapters.parsers.reading import read_file
from ragdesk.adapters.parsers.wire import decode
from ragdesk.domain.document import BlockKind, Page, Reading

MEMORY_BYTES = 1024**3


def _split(things: list[Page | Reading]) -> tuple[list[Page], Reading]:
    *pages, reading = things
    assert isinstance(reading, Reading)
    assert all(isinstance(page, Page) for page in pages)
    return [page for page in pages if isinstance(page, Page)], reading


@pytest.fixture
def read() -> Callable[..., tuple[list[Page], Reading]]:
    """Reads a file in this process: (path, password=None) -> (pages, reading)."""

    def reader(path: Path, password: str | None = None) -> tuple[list[Page], Reading]:
        return _split(list(read_file(path, password)))

    return reader


@pytest.fixture
def blocks_of() -> Callable[[Page], list[tuple[BlockKind, str]]]:
    """The blocks of a page as (kind, words)."""

    def blocks(page: Page) -> list[tuple[BlockKind, str]]:
        return [(b.kind, page.text[b.start : b.start + b.length]) for b in page.blocks]

    return blocks


class PoolProcess:
    """A real process of the pool, with its memory bounded as the pool bounds it."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None

    def read(
        self, path: Path, password: str | None = None, seconds: float = 60
    ) -> tuple[list[Page], Reading]:
        """Reads one file; a crash or a time-out fails the test, and the next read starts anew."""
        process = self._started()
        assert process.stdin is not None
        assert process.stdout is not None
        request = json.dumps({"path": os.fsdecode(path), "password": password})
        process.stdin.write(request.encode("ascii") + b"\n")
        process.stdin.flush()
        things: list[Page | Reading] = []
        with _Alarm(process, seconds):
            for line in process.stdout:
                things.append(decode(json.loads(line)))
                if isinstance(things[-1], Reading):
                    return _split(things)
        code = process.wait()
        self._process = None
        pytest.fail(f"the pool process ended with {code} while reading {path.name}")

    def _started(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "ragdesk.adapters.parsers"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
            _bound_memory(self._process.pid)
        return self._process

    def close(self) -> None:
        if self._process is not None:
            self._process.communicate(timeout=10)
            self._process = None


class _Alarm:
    """Kills a process that takes longer than it may."""

    def __init__(self, process: subprocess.Popen[bytes], seconds: float) -> None:
        import threading

        self._timer = threading.Timer(seconds, process.kill)

    def __enter__(self) -> None:
        self._timer.start()

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()


def _bound_memory(process: int) -> None:
    if sys.platform.startswith("linux"):
        import resource

        resource.prlimit(process, resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))


@pytest.fixture(scope="session")
def pool_process() -> Iterator[PoolProcess]:
    process = PoolProcess()
    yield process
    process.close()


@pytest.fixture
def make_pdf() -> Callable[..., Path]:
    """Writes a PDF: (path, *pages as lists of lines) -> path."""
    from reportlab.pdfgen.canvas import Canvas

    def make(path: Path, *pages: list[str]) -> Path:
        canvas = Canvas(str(path), invariant=True)
        for lines in pages:
            for number, line in enumerate(lines):
                canvas.drawString(72, 700 - 14 * number, line)
            canvas.showPage()
        canvas.save()
        return path

    return make


@pytest.fixture
def make_word() -> Callable[..., Path]:
    """Writes a DOCX: (path, paragraphs) -> path."""
    import docx

    def make(path: Path, paragraphs: list[str]) -> Path:
        document = docx.Document()
        for paragraph in paragraphs:
            document.add_paragraph(paragraph)
        document.save(str(path))
        return path

    return make
