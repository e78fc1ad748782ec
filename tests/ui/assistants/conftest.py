"""A review and a report card on real stores, and an engine's hands that carry out what is sent."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ragdesk.domain.document import Span
from ragdesk.domain.training import Fold
from ragdesk.errors import RagDeskError
from ragdesk.messages import AddPair, Done, Failed, PairsChanged, RestorePair, ReviewPair
from ragdesk.services.review import Review
from ragdesk.ui.assistants.card_view import CardView
from ragdesk.ui.assistants.review_view import ReviewView
from ragdesk.ui.library import Library
from ragdesk.ui.theme import theme
from tests.fakes_engine import FakeEngine
from tests.ui.assistants.practice import Practice


@pytest.fixture
def practice(tmp_path: Path) -> Iterator[Practice]:
    practice = Practice(tmp_path)
    yield practice
    practice.desk.database.close()


@pytest.fixture
def pair_engine(practice: Practice) -> FakeEngine:
    return FakeEngine(practice.desk.home)


@pytest.fixture
def carry_out(practice: Practice, pair_engine: FakeEngine) -> Callable[[], None]:
    """Does what was sent since the last time, as the engine does it."""
    keeper = Review(practice.pairs, practice.passages, practice.desk.documents)
    done = 0

    def carry() -> None:
        nonlocal done
        for command in pair_engine.sent[done:]:
            done += 1
            result = ""
            try:
                if isinstance(command, ReviewPair):
                    said = (command.state, command.question, command.answer)
                    keeper.say(command.assistant_id, command.pair_id, *said)
                elif isinstance(command, RestorePair):
                    keeper.restore(command.assistant_id, command.pair_id)
                elif isinstance(command, AddPair):
                    spans = [Span(*span) for span in command.spans]
                    own = (command.question, command.answer, command.document_id, spans)
                    result = keeper.add(command.assistant_id, *own, lambda *_: Fold.PRACTICE).id
                else:
                    continue
            except RagDeskError as error:
                pair_engine.emit_event(Failed(command.tag, error.code, error.params))
                continue
            changed = result if isinstance(command, AddPair) else command.pair_id
            pair_engine.emit_event(PairsChanged(command.assistant_id, changed))
            pair_engine.emit_event(Done(command.tag, result))

    return carry


@pytest.fixture
def open_review(
    qapp: QApplication, qtbot: QtBot, practice: Practice, pair_engine: FakeEngine
) -> Iterator[Callable[..., ReviewView]]:
    """A function that opens the review of the assistant in a size."""
    library = Library(practice.desk.home)
    assert library.open()

    def show(width: int = 860, height: int = 700, size: int = 100) -> ReviewView:
        theme.apply(qapp, "light", size)
        view = ReviewView(library, pair_engine)
        qtbot.addWidget(view)
        view.resize(width, height)
        view.show_assistant(practice.assistant.id)
        view.show()
        view.activateWindow()
        view.setFocus()
        return view

    yield show
    library.close()
    theme.apply(qapp, "light")


@pytest.fixture
def open_card(qapp: QApplication, qtbot: QtBot) -> Iterator[Callable[..., CardView]]:
    def show(width: int = 860, height: int = 700, size: int = 100) -> CardView:
        theme.apply(qapp, "light", size)
        view = CardView()
        qtbot.addWidget(view)
        view.resize(width, height)
        view.show()
        return view

    yield show
    theme.apply(qapp, "light")
