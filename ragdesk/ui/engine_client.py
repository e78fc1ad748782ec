"""The engine as the window sees it: commands go down, events come up."""

from __future__ import annotations

import contextlib
import dataclasses
import logging
import sys
import time
import uuid
from collections.abc import Sequence

from PySide6.QtCore import QObject, QProcess, Signal

from .. import texts
from ..messages import Command, Done, Event, Failed, Leave, MessageUnreadable, Ready, decode, encode
from ..store.home import Home

log = logging.getLogger(__name__)

MOST_RESTARTS = 3  # within RESTART_SECONDS; a fourth death is told and left to the person
RESTART_SECONDS = 60.0
IN_USE = 3  # exit status of an engine that finds its home held by another


def engine_command(home: Home) -> list[str]:
    """The program and arguments that start an engine on `home`."""
    program = [sys.executable]
    if not getattr(sys, "frozen", False):
        # -P: the folder we were started in is a person's: no module is taken from it.
        program += ["-P", "-m", "ragdesk"]
    return [*program, "engine", "--home", str(home.folder)]


class EngineClient(QObject):
    """Starts the engine, speaks JSON lines with it, and starts it again if it dies.

    Commands may be sent at any time: they wait until the engine is ready. A command whose engine
    died before answering comes back as `Failed` with the code "child_died".

    Signals:
        event_received: every `Event`, in the order it came; `Ready` too.
        engine_ready: the engine holds the home and carries out what waited.
        engine_restarting: it died and is being started again.
        engine_gone: it is not coming back by itself; the sentence says why. `start` tries again.
        engine_left: it ended because it was asked to.
    """

    event_received = Signal(object)
    engine_ready = Signal()
    engine_restarting = Signal()
    engine_gone = Signal(str)
    engine_left = Signal()

    def __init__(
        self, home: Home, parent: QObject | None = None, *, command: Sequence[str] | None = None
    ) -> None:
        super().__init__(parent)
        self.home = home
        self._command = list(command) if command is not None else engine_command(home)
        self._process: QProcess | None = None
        self._ready = False
        self._leaving = False
        self._waiting: list[Command] = []
        self._unanswered: dict[str, Command] = {}
        self._starts: list[float] = []
        self._reason: Failed | None = None

    @property
    def is_ready(self) -> bool:
        return self._ready

    @property
    def is_running(self) -> bool:
        return self._process is not None

    def start(self) -> None:
        """Starts the engine unless one runs already."""
        if self._process is not None:
            return
        self._leaving = False
        self._reason = None
        self._starts.append(time.monotonic())
        process = QProcess(self)
        process.readyReadStandardOutput.connect(self._read_events)
        process.readyReadStandardError.connect(self._read_log)
        process.finished.connect(self._finished)
        process.errorOccurred.connect(self._error)
        self._process = process
        process.start(self._command[0], self._command[1:])

    def send(self, command: Command) -> str:
        """Sends a command, or keeps it until the engine is ready. Returns its tag."""
        tagged = dataclasses.replace(command, tag=command.tag or uuid.uuid4().hex[:12])
        if self._ready:
            self._write(tagged)
        else:
            self._waiting.append(tagged)
        return tagged.tag

    def leave(self, *, finish: bool = False) -> None:
        """Asks the engine to end: now, or with `finish` when its queue is empty.

        `engine_left` follows, at once where no engine runs.
        """
        self._leaving = True
        if self._process is None:
            self.engine_left.emit()
            return
        for command in self._waiting:  # the engine reads them in order, once it is ready
            self._write(command)
        self._waiting.clear()
        self._write(Leave(tag="leave", finish=finish))
        if not finish:
            self._process.closeWriteChannel()

    def close(self, seconds: float = 10.0) -> None:
        """Ends the engine and waits; kills it when it stays longer than `seconds`."""
        if self._process is None:
            return
        if not self._leaving:
            self.leave()
        process = self._process
        if not process.waitForFinished(int(seconds * 1000)) and self._process is not None:
            log.warning("the engine did not leave within %.0f s and is ended", seconds)
            process.kill()
            process.waitForFinished(2000)

    def _write(self, command: Command) -> None:
        if self._process is not None:
            self._unanswered[command.tag] = command
            self._process.write(encode(command).encode("ascii") + b"\n")

    def _read_events(self) -> None:
        while self._process is not None and self._process.canReadLine():
            line = bytes(self._process.readLine().data())
            try:
                event = decode(line)
            except MessageUnreadable:
                log.error("not a message: %r", line[:500])
                continue
            if isinstance(event, Event):
                self._take(event)

    def _take(self, event: Event) -> None:
        if isinstance(event, (Done, Failed)):
            self._unanswered.pop(event.tag, None)
        if isinstance(event, Failed) and not event.tag and not self._ready:
            self._reason = event  # an engine that cannot start says why before it ends
            return
        self.event_received.emit(event)
        if isinstance(event, Ready):
            self._ready = True
            if self._reason is not None:  # something else failed, the engine itself did not
                self.event_received.emit(self._reason)
                self._reason = None
            waiting, self._waiting = self._waiting, []
            for command in waiting:
                self._write(command)
            self.engine_ready.emit()

    def _read_log(self) -> None:
        if self._process is not None:
            output = bytes(self._process.readAllStandardError().data())
            for line in output.decode("utf-8", "replace").splitlines():
                log.info("engine: %s", line)

    def _error(self, error: QProcess.ProcessError) -> None:
        # Other errors are followed by `finished`; a program that never started is not.
        if error == QProcess.ProcessError.FailedToStart:
            self._forget_process()
            self.engine_gone.emit(texts.fill("part_missing", {"part": self._command[0], "how": ""}))

    def _finished(self, status: int, how: QProcess.ExitStatus) -> None:
        self._read_events()
        self._read_log()
        self._forget_process()
        if self._leaving:
            self.engine_left.emit()
            return
        log.warning("the engine ended with status %s (%s)", status, how.name)
        lost, self._unanswered = list(self._unanswered), {}
        for tag in lost:
            self.event_received.emit(Failed(tag, "child_died", {"what": "engine"}))
        reason = self._reason_to_stay_down(status, how)
        if reason is None:
            self.engine_restarting.emit()
            self.start()
        else:
            self.engine_gone.emit(texts.fill(*reason))

    def _reason_to_stay_down(
        self, status: int, how: QProcess.ExitStatus
    ) -> tuple[str, dict[str, object]] | None:
        """Code and parameters of the sentence that says why it is not started again, or None."""
        if self._reason is not None:
            return self._reason.code, self._reason.params
        if status == IN_USE and how == QProcess.ExitStatus.NormalExit:
            return "home_in_use", {"home": str(self.home.folder), "holder": "another process"}
        if self._died_too_often():
            return "unexpected", {"what": "engine", "log": str(self.home.log)}
        return None

    def _forget_process(self) -> None:
        self._ready = False
        if self._process is not None:
            with contextlib.suppress(RuntimeError):
                self._process.deleteLater()
            self._process = None

    def _died_too_often(self) -> bool:
        now = time.monotonic()
        self._starts = [at for at in self._starts if now - at < RESTART_SECONDS]
        return len(self._starts) > MOST_RESTARTS
