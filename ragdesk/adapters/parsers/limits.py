"""Bounds that hold for every file, and the cleaning of what comes out of it.

The pool bounds time and memory from outside; these bound what a well-behaved parser would still
swallow whole: archives that unpack to far more than they weigh, sheets of billions of cells, texts
without end. Sizes that a file states about itself are never believed, only counted.
"""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import IO

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


def check_archive(path: Path) -> None:
    """Unpacks every member once, keeping nothing, and counts.

    Raises `TooLargeError` beyond the bounds and `DamagedError` when the archive or the checksum of
    a member is broken. Member names are never used as paths, so names that climb out of a folder
    do no harm.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            if len(members) > MAX_MEMBERS:
                raise TooLargeError(f"{len(members)} members")
            total = 0
            for member in members:
                if member.flag_bits & 1:
                    raise DamagedError("a member is encrypted")
                total += _count(archive, member)
                if total > MAX_UNPACKED_BYTES:
                    raise TooLargeError(f"more than {MAX_UNPACKED_BYTES} bytes unpacked")
    except (zipfile.BadZipFile, OSError, EOFError, NotImplementedError, ValueError) as error:
        raise DamagedError(str(error)) from error
    except Exception as error:
        # zlib.error and the like have no common base.
        if isinstance(error, TooLargeError | DamagedError):
            raise
        raise DamagedError(str(error)) from error


def _count(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> int:
    size = 0
    packed = max(member.compress_size, 1)
    with archive.open(member) as stream:
        while part := stream.read(CHUNK):
            size += len(part)
            if size > MAX_MEMBER_BYTES:
                raise TooLargeError(f"{member.filename}: more than {MAX_MEMBER_BYTES} bytes")
            if size > RATIO_FLOOR_BYTES and size > MAX_RATIO * packed:
                raise TooLargeError(f"{member.filename}: packed more than {MAX_RATIO} to 1")
    return size


def read_bytes(path: Path, limit: int = MAX_TEXT_BYTES) -> tuple[bytes, bool]:
    """The first `limit` bytes of a file, and whether there is more. Raises `OSError`."""
    with path.open("rb") as stream:
        return _read(stream, limit)


def _read(stream: IO[bytes], limit: int) -> tuple[bytes, bool]:
    data = stream.read(limit + 1)
    return data[:limit], len(data) > limit


# Control characters and the invisible "tag" characters (which can carry text that no person sees)
# become nothing; line breaks, tabs and form feeds stay. U+FEFF inside a text is a stray mark.
_UNWANTED = {
    code: None
    for code in (
        *(c for c in range(32) if chr(c) not in "\n\t\f"),
        *range(0x7F, 0xA0),
        0x200B, 0x2060, 0xFEFF, 0xFFFE, 0xFFFF,
        *range(0xE0000, 0xE0080),
    )
    if code != 0x85
}
_UNWANTED_MARKS = range(0xE0000, 0xE0080)


def clean(text: str) -> str:
    """`text` with line ends as "\\n" and without characters that nobody sees."""
    return text.replace("\r\n", "\n").replace("\r", "\n").translate(_UNWANTED)


def hides_text(text: str) -> bool:
    """Whether invisible tag characters spell something out."""
    return any(ord(character) in _UNWANTED_MARKS for character in text)
