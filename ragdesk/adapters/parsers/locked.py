"""Office files behind a password: the envelope is opened into memory, never onto the disk."""

from __future__ import annotations

import io
from pathlib import Path
from typing import BinaryIO

from .limits import MAX_UNPACKED_BYTES, DamagedError, TooLargeError

OLE_MARK = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_STREAM = "EncryptedPackage".encode("utf-16-le")
_DIRECTORY_BYTES = (
    4 * 1024 * 1024
)  # where the envelope's list of streams is looked for, at each end


class NeedsPasswordError(Exception):
    """The file is locked and the password given, if any, does not open it."""


def is_locked(path: Path) -> bool:
    """Whether a file is an encrypted envelope around an Office file. Raises `OSError`."""
    with path.open("rb") as stream:
        if stream.read(len(OLE_MARK)) != OLE_MARK:
            return False
        if _STREAM in stream.read(_DIRECTORY_BYTES):
            return True
        size = stream.seek(0, io.SEEK_END)
        stream.seek(max(size - _DIRECTORY_BYTES, 0))
        return _STREAM in stream.read()


def unlocked(path: Path, password: str | None) -> BinaryIO:
    """The Office file inside an encrypted envelope.

    Raises `NeedsPasswordError`, `DamagedError`, `TooLargeError`, `OSError`.
    """
    if password is None:
        raise NeedsPasswordError
    if path.stat().st_size > MAX_UNPACKED_BYTES:
        raise TooLargeError("the locked file")
    import msoffcrypto
    from msoffcrypto.exceptions import DecryptionError, InvalidKeyError

    target = io.BytesIO()
    with path.open("rb") as stream:
        try:
            file = msoffcrypto.OfficeFile(stream)
            file.load_key(password=password, verify_password=True)
            file.decrypt(target)
        except (InvalidKeyError, DecryptionError) as error:
            raise NeedsPasswordError from error
        except MemoryError:
            raise
        except Exception as error:  # the envelope itself can be broken in many ways
            raise DamagedError(f"{type(error).__name__}: {error}") from error
    target.seek(0)
    return target
