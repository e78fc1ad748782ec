"""A firm's papers in a real library, and the window on it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ragdesk.store.home import Home
from ragdesk.ui.library import Library
from ragdesk.ui.main_window import MainWindow
from ragdesk.ui.theme import theme
from tests.fakes_engine import FakeEngine
from tests.ui.filling import Desk


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path / "home")
    home.make()
    return home


@pytest.fixture
def firm(home: Home, tmp_path: Path) -> Iterator[Desk]:
    """A library with the papers of a firm in it."""
    desk = Desk(home)
    folder = tmp_path / "firm"
    folder.mkdir()
    desk.fill(folder)
    yield desk
    desk.close()


@pytest.fixture
def library(home: Home) -> Iterator[Library]:
    """Opened by whoever needs it: nothing may lie there yet."""
    library = Library(home)
    yield library
    library.close()


@pytest.fixture
def engine(home: Home) -> FakeEngine:
    return FakeEngine(home)


@pytest.fixture
def open_window(
    qapp: QApplication, qtbot: QtBot, library: Library, engine: FakeEngine
) -> Iterator[Callable[..., MainWindow]]:
    """A function that opens the window in a size, once its documents are shown."""
    windows: list[MainWindow] = []

    def show(
        width: int = 1280, height: int = 800, look: str = "light", size: int = 100
    ) -> MainWindow:
        library.open()
        window = MainWindow(library, engine)
        windows.append(window)
        theme.apply(qapp, look, size)
        window.resize(width, height)
        window.show()
        if library.is_open:
            qtbot.waitUntil(lambda: window.rows.loaded)
        return window

    yield show
    for window in windows:
        window.leave_now()
        window.deleteLater()
    # Gone before the next look is put in force, which would dress them once more.
    qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    theme.apply(qapp, "light")
