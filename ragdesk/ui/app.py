"""The start of the window: on screen at once, the engine starting behind it."""

from __future__ import annotations

import ctypes
import faulthandler
import logging
import logging.handlers
import os
import sys
from pathlib import Path
from types import TracebackType
from typing import IO

from PySide6.QtCore import QEvent, QTimer, QtMsgType, qInstallMessageHandler
from PySide6.QtGui import QFileOpenEvent
from PySide6.QtWidgets import QApplication

from .. import texts
from ..errors import HomeNotWritable
from ..store.home import Home, default_home
from .engine_client import EngineClient
from .icons import application_icon
from .library import Library
from .main_window import MainWindow
from .single_instance import SingleInstance, hand_over

log = logging.getLogger(__name__)

PART_MISSING = 4
LOG_BYTES = 1_000_000
# What Qt's xcb platform needs beside what every desktop has; without one Qt ends the process.
_XCB = {
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libEGL.so.1": "libegl1",
}


class Application(QApplication):
    """Files that the desktop opens with RagDesk come in as events on macOS."""

    def __init__(self, arguments: list[str]) -> None:
        super().__init__(arguments)
        self.window: MainWindow | None = None
        self.setApplicationName("RagDesk")
        self.setApplicationDisplayName("RagDesk")
        self.setDesktopFileName("ragdesk")
        self.setWindowIcon(application_icon())

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QFileOpenEvent) and self.window is not None and event.file():
            self.window.add([event.file()])
            return True
        return super().event(event)


def run(folder: Path | None, paths: list[str]) -> int:
    """Opens the window on a home and gives it `paths`; returns when it is closed."""
    missing = missing_for_a_window()
    if missing:
        print(missing, file=sys.stderr)
        return PART_MISSING
    home = Home(folder if folder is not None else default_home())
    try:
        home.make()
    except HomeNotWritable as error:
        # What is in it can still be read; the engine says the rest in the window.
        print(texts.sentence(error), file=sys.stderr)
    app = Application(sys.argv[:1])
    if hand_over(home, paths):
        return 0
    crashes = _write_logs(home)
    instance = SingleInstance(home)
    library = Library(home)
    library.open()
    client = EngineClient(home)
    window = MainWindow(library, client)
    app.window = window
    instance.started_again.connect(lambda more: _start_again(window, more))
    window.show()
    # The engine starts after the first picture is on the screen.
    QTimer.singleShot(0, client.start)
    if paths:
        window.add(paths)
    status = app.exec()
    instance.close()
    library.close()
    client.close()
    faulthandler.disable()
    if crashes is not None:
        crashes.close()
    return status


def _start_again(window: MainWindow, paths: list[str]) -> None:
    window.raise_to_front()
    if paths:
        window.add(paths)


def missing_for_a_window() -> str:
    """What this computer lacks to open a window, as a sentence with the next step; else ""."""
    if not sys.platform.startswith("linux") or os.environ.get("QT_QPA_PLATFORM"):
        return ""
    wayland = bool(os.environ.get("WAYLAND_DISPLAY"))
    if not wayland and not os.environ.get("DISPLAY"):
        return (
            "There is no screen here that a window could open on. Everything works from the"
            " terminal too: `ragdesk --help` lists the commands."
        )
    missing = [package for library, package in _XCB.items() if not _loads(library)]
    if missing and not wayland:
        return (
            "A window needs parts of the system that are not installed. On Debian and Ubuntu this"
            f" brings them: sudo apt-get install {' '.join(missing)}"
        )
    return ""


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def _write_logs(home: Home) -> IO[str] | None:
    """Everything that goes wrong is written to the home's log, and nowhere else."""
    root = logging.getLogger()
    root.setLevel(logging.INFO)
    crashes: IO[str] | None = None
    try:
        handler = logging.handlers.RotatingFileHandler(
            home.log.with_name("window.log"), maxBytes=LOG_BYTES, backupCount=1, encoding="utf-8"
        )
        crashes = home.log.with_name("window-crash.log").open("a", encoding="utf-8")
        faulthandler.enable(crashes)
    except OSError:
        logging.basicConfig(stream=sys.stderr)
    else:
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
        root.addHandler(handler)
    sys.excepthook = _write_exception
    qInstallMessageHandler(_write_qt)
    return crashes


def _write_exception(
    kind: type[BaseException], error: BaseException, trace: TracebackType | None
) -> None:
    log.critical("unexpected", exc_info=(kind, error, trace))
    app = QApplication.instance()
    if isinstance(app, Application) and app.window is not None:
        params: dict[str, object] = {"what": kind.__name__, "log": _log_path(app.window.library)}
        app.window.toast.say(texts.fill("unexpected", params))


def _log_path(library: Library) -> str:
    return str(library.home.log.with_name("window.log"))


def _write_qt(kind: QtMsgType, _context: object, message: str) -> None:
    level = {
        QtMsgType.QtDebugMsg: logging.DEBUG,
        QtMsgType.QtInfoMsg: logging.INFO,
        QtMsgType.QtWarningMsg: logging.WARNING,
    }.get(kind, logging.ERROR)
    logging.getLogger("qt").log(level, message)
