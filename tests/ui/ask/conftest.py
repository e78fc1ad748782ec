"""A filled library, a page that asks it, and an engine that says what a test wants."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ragdesk.domain.conversation import Citation
from ragdesk.ui.ask.ask_page import AskPage
from ragdesk.ui.library import Library
from ragdesk.ui.theme import theme
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
def library(qapp: QApplication, desk: Desk) -> Iterator[Library]:
    theme.apply(qapp, "light")
    library = Library(desk.home)
    assert library.open()
    yield library
    library.close()


@pytest.fixture
def citations(desk: Desk) -> list[Citation]:
    """Of two documents: a lease with pages and a note without."""
    lease = desk.add_text(
        "Lease.pdf",
        "First page.",
        "The tenant may end it with three months notice. More.",
        kind="pdf",
    )
    note = desk.add_text("Note.txt", "Notice was given on 3 March. Nothing else.")
    return [
        desk.cite(lease, "The tenant may end it with three months notice.", "three months", 1),
        desk.cite(note, "Notice was given on 3 March.", "", 2),
    ]


@pytest.fixture
def page(qtbot: QtBot, library: Library, engine: FakeEngine) -> AskPage:
    page = AskPage(library, engine)
    qtbot.addWidget(page)
    page.resize(700, 600)
    page.show()
    return page
