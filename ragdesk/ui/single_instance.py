"""One window for a library: a second start raises the first and hands it the files."""

from __future__ import annotations

import hashlib
import json
import os

from PySide6.QtCore import QObject, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

from ..store.home import Home

CONNECT_MS = 500
ANSWER_MS = 3000
MOST_BYTES = 1 << 20
_ANSWER = b"ok\n"


def _name(home: Home) -> str:
    """A name that other accounts of this computer do not share."""
    whose = (
        f"{os.path.realpath(home.folder)}\n{os.environ.get('USERNAME') or os.environ.get('USER')}"
    )
    return "ragdesk-" + hashlib.sha256(whose.encode("utf-8", "surrogateescape")).hexdigest()[:24]


def hand_over(home: Home, paths: list[str]) -> bool:
    """Gives the files to a window that is open already; False when there is none."""
    socket = QLocalSocket()
    socket.connectToServer(_name(home))
    if not socket.waitForConnected(CONNECT_MS):
        return False
    socket.write(json.dumps(paths).encode("ascii") + b"\n")
    # The answer counts: a window that hangs must not swallow a start.
    answered = socket.waitForReadyRead(ANSWER_MS) and bytes(socket.readAll().data()) == _ANSWER
    socket.disconnectFromServer()
    return answered


class SingleInstance(QObject):
    """Listens for later starts, for this account only.

    Signals:
        started_again: the files that a second start brought.
    """

    started_again = Signal(list)

    def __init__(self, home: Home, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._sockets: list[QLocalSocket] = []
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._greet)
        if not self._server.listen(_name(home)):
            # What a killed window left behind; nobody answered at it just before.
            QLocalServer.removeServer(_name(home))
            self._server.listen(_name(home))

    def close(self) -> None:
        self._server.close()
        for socket in self._sockets:
            socket.abort()
        self._sockets.clear()

    def _greet(self) -> None:
        while self._server.hasPendingConnections():
            socket = self._server.nextPendingConnection()
            self._sockets.append(socket)
            socket.readyRead.connect(self._read_all)
            socket.disconnected.connect(self._forget_closed)
        self._read_all()

    def _forget_closed(self) -> None:
        closed = QLocalSocket.LocalSocketState.UnconnectedState
        for socket in [s for s in self._sockets if s.state() == closed]:
            self._sockets.remove(socket)
            socket.deleteLater()

    def _read_all(self) -> None:
        for socket in list(self._sockets):
            if socket.bytesAvailable() > MOST_BYTES:
                socket.abort()
            elif socket.canReadLine():
                self._answer(socket)

    def _answer(self, socket: QLocalSocket) -> None:
        try:
            paths = json.loads(bytes(socket.readLine().data()))
        except ValueError:
            paths = None
        if isinstance(paths, list) and all(isinstance(path, str) for path in paths):
            socket.write(_ANSWER)
            socket.flush()
            self.started_again.emit(paths)
        else:
            socket.abort()
