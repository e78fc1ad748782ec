"""The one way in which RagDesk speaks to model servers: HTTP to the address given, and nowhere else.

No proxy and no redirect is followed: what is sent holds a person's documents. Each request has a
connection of its own, so that cutting it ends that request and no other; servers take this as the
order to stop.
"""

from __future__ import annotations

import contextlib
import json
import logging
import queue
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import httpx

log = logging.getLogger(__name__)

LOOKS = 0.1  # seconds between two looks at whether a person said stop
SILENCE = (
    300.0  # seconds without a byte after which a server counts as gone: it may have much to read
)
REFUSAL = 10.0  # seconds in which a server may say why it refuses
LONGEST_LINE = 4 << 20  # bytes
LARGEST = 32 << 20  # bytes of an answer that comes in one piece
_WAITING = 1_000  # lines read and not yet asked for
_END = object()


class Refused(Exception):
    """The server answered that it will not: HTTP status and what it said, {} where that is no JSON."""

    def __init__(self, status: int, said: Mapping[str, Any]) -> None:
        super().__init__(status, said)
        self.status = status
        self.said = said


class Gone(Exception):
    """Nobody answers, the connection broke, or what came is none of the server's language."""


class Garbled(Gone):
    """What came is none of the server's language."""


class Silent(Gone):
    """Nothing came for so long that nothing is waited for any more."""


class Stopped(Exception):
    """A person said stop while an answer was coming."""


def client(base_url: str, headers: Mapping[str, str] | None = None) -> httpx.Client:
    """A client for one server. Safe to use from several threads; to be closed by whoever made it."""
    import httpx

    return httpx.Client(
        base_url=base_url,
        headers=headers,
        trust_env=False,
        follow_redirects=False,
        timeout=httpx.Timeout(SILENCE, connect=2.0),
        limits=httpx.Limits(max_keepalive_connections=0),
    )


def call(
    client: httpx.Client,
    method: str,
    path: str,
    body: Mapping[str, Any] | None = None,
    *,
    timeout: float = 10.0,
) -> dict[str, Any]:
    """One short question and its JSON answer, `timeout` in seconds. Raises `Refused`, `Gone`."""
    import httpx

    try:
        with client.stream(method, path, json=body, timeout=timeout) as response:
            said = _whole(response.iter_bytes(), time.monotonic() + timeout)
            status, good = response.status_code, response.is_success
    except (httpx.HTTPError, httpx.StreamError, OSError) as error:
        raise Gone(_words(error)) from error
    if not good:
        raise Refused(status, _object(said) or {})
    return _parsed(said)


def lines(
    client: httpx.Client,
    path: str,
    body: Mapping[str, Any],
    stopped: Callable[[], bool],
    *,
    silence: float = SILENCE,
) -> Iterator[bytes]:
    """The lines of the answer to a POST as they arrive, without their ends, empty ones left out.

    `stopped` is asked every `LOOKS` seconds, also while nothing comes; then the connection is cut
    and `Stopped` raised. Closing the iterator cuts it too. Raises `Refused`, and `Gone` (after
    `silence` seconds without a byte too).
    """
    reading = _Reading(client, path, body)
    try:
        heard = time.monotonic()
        while True:
            if stopped():
                raise Stopped
            try:
                line = reading.waiting.get(timeout=LOOKS)
            except queue.Empty:
                if time.monotonic() - heard > silence:
                    raise Silent("nothing was heard of it any more") from None
                continue
            heard = time.monotonic()
            if line is _END:
                return
            if isinstance(line, Exception):
                raise line
            yield line
    finally:
        reading.cut()


def objects(found: Iterator[bytes]) -> Iterator[dict[str, Any]]:
    """The objects of newline-delimited JSON, one a line. Raises `Gone` at a line that is none."""
    for line in found:
        yield _parsed(line)


def events(found: Iterator[bytes]) -> Iterator[dict[str, Any]]:
    """The objects of server-sent events, up to the closing mark. Raises `Gone` at a line that is none."""
    for line in found:
        field, _, value = line.partition(b":")
        value = value.strip()
        if field == b"data" and value == b"[DONE]":
            return
        if field in (b"data", b"error"):
            yield _parsed(value)


class _Reading:
    """A thread that sends a request and puts the lines of its answer into `waiting`.

    Ended by `_END` or by an exception. A thread, because neither a socket that waits for a server's
    first word nor one that waits for the next can be asked to look up.
    """

    def __init__(self, client: httpx.Client, path: str, body: Mapping[str, Any]) -> None:
        self.waiting: queue.Queue[Any] = queue.Queue(_WAITING)
        self._client, self._path, self._body = client, path, body
        self._cut = threading.Event()
        self._socket: socket.socket | None = None
        self._thread = threading.Thread(target=self._run, name=f"answer to {path}", daemon=True)
        self._thread.start()

    def cut(self) -> None:
        """Ends the connection; harmless when it has ended."""
        self._cut.set()
        if self._socket is not None:
            # Closing alone does not wake a thread that waits for bytes.
            with contextlib.suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)
        self._thread.join(1.0)

    def _seen(self, event: str, about: dict[str, Any]) -> None:
        if event in ("connection.connect_tcp.complete", "connection.start_tls.complete"):
            self._socket = about["return_value"].get_extra_info("socket")
            if self._cut.is_set() and self._socket is not None:
                with contextlib.suppress(OSError):
                    self._socket.shutdown(socket.SHUT_RDWR)

    def _run(self) -> None:
        import httpx

        last: Any = _END
        try:
            with self._client.stream(
                "POST", self._path, json=self._body, extensions={"trace": self._seen}
            ) as response:
                if not response.is_success:
                    said = _whole(response.iter_bytes(), time.monotonic() + REFUSAL)
                    raise Refused(response.status_code, _object(said) or {})
                for line in _split(response.iter_bytes()):
                    if not self._put(line):
                        return
        except (Refused, Gone) as error:
            last = error
        except (httpx.HTTPError, httpx.StreamError, OSError) as error:
            last = Gone(_words(error))
        except Exception as error:
            log.exception("speaking to a server")
            last = Gone(_words(error))  # whatever it is: who waits must hear of it
        self._put(last)

    def _put(self, line: Any) -> bool:
        while not self._cut.is_set():
            with contextlib.suppress(queue.Full):
                self.waiting.put(line, timeout=LOOKS)
                return True
        return False


def _whole(parts: Iterator[bytes], until: float) -> bytes:
    said = b""
    for part in parts:
        said += part
        if len(said) > LARGEST or time.monotonic() > until:
            raise Garbled("its answer does not end")
    return said


def _split(parts: Iterator[bytes]) -> Iterator[bytes]:
    rest = b""
    for part in parts:
        *whole, rest = (rest + part).split(b"\n")
        yield from (line.rstrip(b"\r") for line in whole if line.strip())
        if len(rest) > LONGEST_LINE:
            raise Garbled("a line of its answer does not end")
    if rest.strip():
        yield rest.rstrip(b"\r")


def _parsed(line: bytes) -> dict[str, Any]:
    found = _object(line)
    if found is None:
        raise Garbled("its answer cannot be understood")
    return found


def _object(data: bytes) -> dict[str, Any] | None:
    try:
        found = json.loads(data)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _words(error: Exception) -> str:
    return str(error) or type(error).__name__
