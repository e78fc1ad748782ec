"""Page and wizard can be read and reached: names, room for longer words, mirrored."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ragdesk.ui.main_window import MainWindow
from tests.end2end.pictures_assistants import ASSISTANT_STATES, BUILT, SHELVED
from tests.fakes_engine import FakeEngine
from tests.ui.assistants.building import Building
from tests.ui.filling import Desk
from tests.ui.test_reach import (
    INTERACTIVE,
    accessible_name,
    clipped,
    longer,
    part_of_another,
    shown,
)

Open = Callable[..., MainWindow]
__all__ = ["longer"]
# The report card and the review have checks of their own.
OWN = ("wizard review", "wizard report")


def fill(firm: Desk, engine: FakeEngine) -> None:
    """What the states of the pictures are of."""
    building = Building(firm, engine)
    leases = building.assistant(SHELVED, "Leases")
    building.version(leases, 1, used=True)
    building.version(leases, 2)
    staff = building.assistant(BUILT, "Staff")
    building.version(staff, 1)
    building.begin(staff, teacher="ollama/granite4:tiny-h")


def walked(window: MainWindow, qtbot: QtBot) -> Iterator[str]:
    for name, show in ASSISTANT_STATES:
        if name not in OWN:
            show(window)
            window.toast.hide()
            qtbot.wait(60)
            yield name


def all_clipped(window: MainWindow, qtbot: QtBot) -> dict[str, list[tuple[str, str]]]:
    found = {name: clipped(window) for name in walked(window, qtbot)}
    return {name: words for name, words in found.items() if words}


def test_everything_has_a_name(
    open_window: Open, firm: Desk, engine: FakeEngine, qtbot: QtBot
) -> None:
    fill(firm, engine)
    window = open_window()
    nameless = [
        (state, type(widget).__name__)
        for state in walked(window, qtbot)
        for widget in shown(window, INTERACTIVE)
        if not part_of_another(widget) and not accessible_name(widget).strip()
    ]
    assert nameless == []


@pytest.mark.parametrize(("width", "height", "size"), [(800, 600, 100), (1280, 800, 200)])
def test_no_word_is_clipped(
    open_window: Open, firm: Desk, engine: FakeEngine, qtbot: QtBot,
    width: int, height: int, size: int,
) -> None:  # fmt: skip
    fill(firm, engine)
    assert all_clipped(open_window(width, height, size=size), qtbot) == {}


@pytest.mark.usefixtures("longer")
def test_longer_words_are_not_clipped(
    open_window: Open, firm: Desk, engine: FakeEngine, qtbot: QtBot
) -> None:
    fill(firm, engine)
    assert all_clipped(open_window(800, 600), qtbot) == {}


def test_mirrored_it_holds_together(
    qapp: QApplication, open_window: Open, firm: Desk, engine: FakeEngine, qtbot: QtBot
) -> None:
    fill(firm, engine)
    qapp.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    try:
        assert all_clipped(open_window(800, 600), qtbot) == {}
    finally:
        qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
