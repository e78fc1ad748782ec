"""A filled library and a viewer on it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ragdesk.ui.library import Library
from ragdesk.ui.theme import theme
from ragdesk.ui.viewer.source_viewer import SourceViewer
from tests.fakes_engine import FakeEngine
from tests.ui.viewer.desk import Desk


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(tmp_path)
    yield desk
    desk.database.close()


@pytest.fixture
def engine(desk: Desk) -> FakeEngine:
    return FakeEngine(desk.home)


@pytest.fixture
def viewer(
    qapp: QApplication, qtbot: QtBot, desk: Desk, engine: FakeEngine
) -> Iterator[SourceViewer]:
    theme.apply(qapp, "light")
    library = Library(desk.home)
    assert library.open()
    viewer = SourceViewer(library, engine)
    qtbot.addWidget(viewer)
    viewer.resize(500, 760)
    viewer.show()
    yield viewer
    viewer.close_source()
    library.close()
