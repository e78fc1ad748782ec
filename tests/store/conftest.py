from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ragdesk.store.database import Database
from ragdesk.store.home import Home


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path / "home")
    home.make()
    return home


@pytest.fixture
def database(home: Home) -> Iterator[Database]:
    database = Database.for_writing(home)
    yield database
    database.close()
