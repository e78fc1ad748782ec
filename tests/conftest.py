"""What every test stands on: no network but loopback, no display needed, the real document sets."""

from __future__ import annotations

import ipaddress
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent

if sys.platform.startswith("linux") and not (
    os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
):
    # Set before anything imports Qt: without a display its default platform aborts the process.
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


# Processes that tests start take no module from the folder they stand in; tests bring some of theirs.
os.environ["PYTHONPATH"] = str(ROOT)


class OutsideConnectionError(RuntimeError):
    """A test tried to reach another computer.

    No OSError on purpose: libraries treat those as "the network is down" and go on in silence.
    """


def _is_loopback(host: object) -> bool:
    if host is None or host in ("", b"", "localhost", b"localhost"):
        return True
    text = host.decode("ascii", "replace") if isinstance(host, bytes) else str(host)
    try:
        return ipaddress.ip_address(text.partition("%")[0]).is_loopback
    except ValueError:
        return False


def _refuse_outside(event: str, arguments: tuple[Any, ...]) -> None:
    if event in ("socket.connect", "socket.sendto"):
        address = arguments[1]
        # Unix sockets have a path for an address, internet ones a tuple.
        if isinstance(address, tuple) and address and not _is_loopback(address[0]):
            raise OutsideConnectionError(f"{event} to {address!r}")
    elif event == "socket.getaddrinfo" and not _is_loopback(arguments[0]):
        raise OutsideConnectionError(f"look-up of {arguments[0]!r}")


# An audit hook cannot be taken away again, by no library and by no test.
sys.addaudithook(_refuse_outside)


def _data_folder() -> Path | None:
    named = os.environ.get("RAGDESK_DATA")
    places = [Path(named)] if named else [ROOT.parent / "shared/data", ROOT / "shared/data"]
    return next((place for place in places if place.is_dir()), None)


@pytest.fixture(scope="session")
def data_set() -> Callable[[str], Path]:
    """A function from the name of a real document set ("handbook") to its folder.

    The sets lie in the folder that ``RAGDESK_DATA`` names, else in ``../shared/data`` beside the
    project. Where a set is missing the test is skipped and says which.
    """
    folder = _data_folder()

    def find(name: str) -> Path:
        place = folder / name if folder else None
        if place is None or not place.is_dir():
            where = folder or os.environ.get("RAGDESK_DATA") or "../shared/data"
            pytest.skip(f"no document set {name!r} in {where} (RAGDESK_DATA names the folder)")
        return place

    return find
