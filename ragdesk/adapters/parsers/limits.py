"""Bounds that hold for every file, and the cleaning of what comes out of it.

The pool bounds time and memory from outside; these bound what a well-behaved parser would still
swallow whole: archives that unpack to far more than they weigh, sheets of billions of cells, texts
without end. Sizes that a file states about itself are never believed, only counted.
"""

from __future__ import annotations

import lzma
import re
import zipfile
import zlib
from collections.abc import Iterable
from pathlib import Path
from typing import IO, BinaryIO, cast

MAX_MEMBERS = 10_000
MAX_UNPACKED_BYTES = 500 * 1024 * 1024
MAX_MEMBER_BYTES = 200 * 1024 * 1024
MAX_RATIO = 200
RATIO_FLOOR_BYTES = 10 * 1024 * 1024  # small members may be packed as tightly as they like
MAX_CELLS = 2_000_000
MAX_PAGE_CHARACTERS = 20_000_000  # formats without pages; some 10,000 pages of print
MAX_TEXT_BYTES = 100 * 1024 * 1024  # how much of a text file is looked at
CHUNK = 1024 * 1024


class TooLargeError(Exception):
    """What the file unpacks to goes beyond the bounds above."""


class DamagedError(Exception):
    """The file is of its kind but cannot be read as such; the text says what is wrong."""


class Archive:
    """A zip file whose members are unpacked one at a time, under the bounds above.

    Member names are only ever looked up, never used as paths, so names that climb out of a folder
    do no harm. Members that nobody asks for are never unpacked.
    """

    def __init__(self, source: Path | BinaryIO) -> None:
        """Raises `DamagedError` when it is no archive, `TooLargeError` with too many members."""
        try:
            self._zip = zipfile.ZipFile(source)
        except (zipfile.BadZipFile, EOFError, ValueError, NotImplementedError) as error:
            raise DamagedError(str(error)) from error
        self._members = {member.filename: member for member in self._zip.infolist()}
        self._unpacked = 0
        if len(self._members) > MAX_MEMBERS:
            raise TooLargeError(f"{len(self._members)} members")

    def close(self) -> None:
        self._zip.close()

    @property
    def names(self) -> Iterable[str]:
        return self._members.keys()

    def read(self, name: str) -> bytes:
        """A member's content. Raises `DamagedError`, `TooLargeError`."""
        with self.open(name) as stream:
            return stream.read()

    def open(self, name: str) -> IO[bytes]:
        """A member as a stream; its bounds hold while it is read. Raises as `read` does."""
        member = self._members.get(name)
        if member is None:
            raise DamagedError(f"the part {name} is missing")
        if member.flag_bits & 1:
            raise DamagedError(f"the part {name} is encrypted")
        try:
            return cast("IO[bytes]", _Bounded(self._zip.open(member), member, self))
        except (zipfile.BadZipFile, OSError, NotImplementedError, RuntimeError) as error:
            raise DamagedError(f"{name}: {error}") from error

    def count(self, size: int) -> None:
        """Adds to what was unpacked of the whole archive. Raises `TooLargeError`."""
        self._unpacked += size
        if self._unpacked > MAX_UNPACKED_BYTES:
            raise TooLargeError(f"more than {MAX_UNPACKED_BYTES} bytes unpacked")


class _Bounded:
    """Reads a member and counts; headers may lie about sizes, so nothing else is believed."""

    def __init__(self, stream: IO[bytes], member: zipfile.ZipInfo, archive: Archive) -> None:
        self._stream = stream
        self._member = member
        self._archive = archive
        self._size = 0

    def read(self, size: int = -1) -> bytes:
        if size < 0:
            return b"".join(iter(lambda: self.read(CHUNK), b""))
        try:
            data = self._stream.read(size)
        except (zipfile.BadZipFile, zlib.error, lzma.LZMAError, OSError, EOFError) as error:
            raise DamagedError(f"{self._member.filename}: {error}") from error
        self._size += len(data)
        self._archive.count(len(data))
        if self._size > MAX_MEMBER_BYTES:
            raise TooLargeError(f"{self._member.filename}: more than {MAX_MEMBER_BYTES} bytes")
        packed = max(self._member.compress_size, 1)
        if self._size > RATIO_FLOOR_BYTES and self._size > MAX_RATIO * packed:
            raise TooLargeError(f"{self._member.filename}: packed more than {MAX_RATIO} to 1")
        return data

    def close(self) -> None:
        self._stream.close()

    def __enter__(self) -> _Bounded:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def read_bytes(path: Path, limit: int = MAX_TEXT_BYTES) -> tuple[bytes, bool]:
    """The first `limit` bytes of a file, and whether there is more. Raises `OSError`."""
    with path.open("rb") as stream:
        data = stream.read(limit + 1)
    return data[:limit], len(data) > limit


# Control characters and the invisible "tag" characters (which can carry text that no person sees)
# become nothing; line breaks, tabs and form feeds stay. U+FEFF inside a text is a stray mark.
_UNWANTED = re.compile(
    "[\x00-\x08\x0b\x0e-\x1f\x7f-\x84\x86-\x9f\u200b\u2060\ufeff\ufffe\uffff\U000e0000-\U000e007f]+"
)
_TAGS = re.compile("[\U000e0001-\U000e007f]{2,}")
_TERMINAL = re.compile("\x1b\\[[0-9;?]*[A-Za-z]")  # what colours a terminal


def clean(text: str) -> str:
    """`text` with line ends as "\\n" and without characters that nobody sees."""
    if text.isprintable():  # most pieces are; nothing that is unwanted counts as printable
        return text
    if "\x1b" in text:
        text = _TERMINAL.sub("", text)
    return _UNWANTED.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def hides_text(text: str) -> bool:
    """Whether invisible tag characters spell something out."""
    return _TAGS.search(text) is not None
