"""A client without an engine: it records what was sent, and a test says what comes back."""

from __future__ import annotations

import dataclasses

from PySide6.QtCore import QObject, Signal

from ragdesk.messages import Command, Event, Ready
from ragdesk.store.home import Home


class FakeEngine(QObject):
    """The interface of `ragdesk.ui.engine_client.EngineClient`. `sent` holds the commands."""

    event_received = Signal(object)
    engine_ready = Signal()
    engine_restarting = Signal()
    engine_gone = Signal(str)
    engine_left = Signal()

    def __init__(self, home: Home, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.home = home
        self.sent: list[Command] = []
        self.left: list[bool] = []
        self.is_ready = False
        self.is_running = False

    def start(self) -> None:
        self.is_running = True

    def send(self, command: Command) -> str:
        tag = command.tag or f"tag{len(self.sent) + 1}"
        self.sent.append(dataclasses.replace(command, tag=tag))
        return tag

    def leave(self, *, finish: bool = False) -> None:
        self.left.append(finish)
        if not finish:
            self.is_running = False
            self.engine_left.emit()

    def close(self, seconds: float = 10.0) -> None:
        self.is_running = False

    def be_ready(self) -> None:
        """What a real engine says first."""
        self.is_ready = self.is_running = True
        self.emit_event(Ready("0", str(self.home.folder)))
        self.engine_ready.emit()

    def emit_event(self, event: Event) -> None:
        self.event_received.emit(event)
