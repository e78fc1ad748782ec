"""Speaking to a model server: lines as they come, stop at any time, and no way to hang."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from ragdesk.adapters import http

Handle = Callable[[BaseHTTPRequestHandler], None]


@pytest.fixture
def served() -> Iterator[Callable[[Handle], str]]:
    """A function that serves one way of answering on loopback and gives its address."""
    servers: list[ThreadingHTTPServer] = []

    def serve(handle: Handle) -> str:
        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                self.rfile.read(int(self.headers["Content-Length"]))
                handle(self)

            def log_message(self, *_: Any) -> None:
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        server.daemon_threads = True
        servers.append(server)
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        return f"http://127.0.0.1:{server.server_port}"

    yield serve
    for server in servers:
        server.shutdown()
        server.server_close()


def begin(handler: BaseHTTPRequestHandler, status: int = 200) -> None:
    handler.send_response(status)
    handler.end_headers()


def answer(address: str, stopped: Callable[[], bool] = lambda: False, **more: Any) -> list[bytes]:
    with http.client(address) as client:
        return list(http.lines(client, "/x", {"a": 1}, stopped, **more))


def test_lines_come_as_they_are_sent(served: Callable[[Handle], str]) -> None:
    go_on = threading.Event()

    def handle(handler: BaseHTTPRequestHandler) -> None:
        begin(handler)
        handler.wfile.write(b'{"n": 1}\r\n\n{"n"')
        handler.wfile.flush()
        go_on.wait(5)
        handler.wfile.write(b": 2}")

    with http.client(served(handle)) as client:
        found = http.objects(http.lines(client, "/x", {}, lambda: False))
        assert next(found) == {"n": 1}  # while the rest is not even sent
        go_on.set()
        assert list(found) == [{"n": 2}]


def test_whatever_is_wrong_with_a_request_is_told_at_once() -> None:
    with http.client("http://127.0.0.1:9") as client, pytest.raises(http.Gone) as caught:
        list(http.lines(client, "/x", {"a": "half a letter: \ud83d"}, lambda: False, silence=3))
    assert not isinstance(caught.value, http.Silent)


@pytest.mark.parametrize("headers_first", [True, False])
def test_stop_while_nothing_comes(served: Callable[[Handle], str], headers_first: bool) -> None:
    ended = threading.Event()

    def handle(handler: BaseHTTPRequestHandler) -> None:
        if headers_first:
            begin(handler)
        assert handler.connection.recv(1) == b""  # the other side has hung up
        ended.set()

    start = time.monotonic()
    with pytest.raises(http.Stopped):
        answer(served(handle), lambda: time.monotonic() - start > 0.3)
    assert time.monotonic() - start < 0.9
    assert ended.wait(1)


def test_closing_the_iterator_stops_the_server(served: Callable[[Handle], str]) -> None:
    ended = threading.Event()

    def handle(handler: BaseHTTPRequestHandler) -> None:
        begin(handler)
        try:
            while True:  # it never ends by itself
                handler.wfile.write(b"{}\n")
        except OSError:
            ended.set()

    with http.client(served(handle)) as client:
        found = http.lines(client, "/x", {}, lambda: False)
        assert next(found) == b"{}"
        assert isinstance(found, Iterator)
        found.close()  # type: ignore[attr-defined]
        assert ended.wait(2)


def test_a_refusal_carries_what_was_said(served: Callable[[Handle], str]) -> None:
    def handle(handler: BaseHTTPRequestHandler) -> None:
        begin(handler, 400)
        handler.wfile.write(b'{"error": "too long"}')

    address = served(handle)
    for ask in (answer, lambda address: [call(address)]):
        with pytest.raises(http.Refused) as refused:
            ask(address)
        assert (refused.value.status, refused.value.said) == (400, {"error": "too long"})


def call(address: str) -> Any:
    with http.client(address) as client:
        return http.call(client, "POST", "/x", {}, timeout=1.0)


def test_redirects_lead_nowhere(served: Callable[[Handle], str]) -> None:
    asked = threading.Event()
    other = served(lambda handler: asked.set())

    def handle(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(307)
        handler.send_header("Location", f"{other}/y")
        handler.end_headers()

    with pytest.raises(http.Refused) as refused:
        answer(served(handle))
    assert refused.value.status == 307
    assert not asked.is_set()


def test_a_proxy_in_the_environment_is_not_asked(
    served: Callable[[Handle], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")  # nobody is there
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.setenv("NO_PROXY", "")
    monkeypatch.setenv("no_proxy", "")

    def handle(handler: BaseHTTPRequestHandler) -> None:
        begin(handler)
        handler.wfile.write(b"{}\n")

    assert answer(served(handle)) == [b"{}"]


def broken(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    handler.wfile.write(b"{}\n")


def long_line(handler: BaseHTTPRequestHandler) -> None:
    begin(handler)
    while True:
        handler.wfile.write(b"x" * 65_536)


def silent(handler: BaseHTTPRequestHandler) -> None:
    begin(handler)
    handler.connection.recv(1)


@pytest.mark.parametrize("handle", [broken, long_line, silent])
@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_what_breaks_off_or_never_ends_is_gone(
    served: Callable[[Handle], str], handle: Handle
) -> None:
    address = served(handle)
    with pytest.raises(http.Gone):
        answer(address, silence=0.5)
    with pytest.raises(http.Gone):
        call(address)


def test_nobody_there_is_gone() -> None:
    with pytest.raises(http.Gone):
        answer("http://127.0.0.1:9")
    with pytest.raises(http.Gone):
        call("http://127.0.0.1:9")


def test_events() -> None:
    sent = [
        b": ping",
        b"event: x",
        b'data: {"a": 1}',
        b'error: {"b": 2}',
        b"data: [DONE]",
        b"data: no",
    ]
    assert list(http.events(iter(sent))) == [{"a": 1}, {"b": 2}]
    for wrong in (b"data: {", b"data: [1]", b"data: " + b"[" * 100_000):
        with pytest.raises(http.Gone):
            list(http.events(iter([wrong])))
