"""The card with the language models: the engine says what there is, a person chooses."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QRadioButton, QToolButton, QWidget

from ragdesk.domain.chat import ServedModel, ServerStatus
from ragdesk.messages import (
    ChangeSetting,
    Command,
    DeleteModel,
    ExamineModel,
    FetchModel,
    ListModels,
    ModelsListed,
    SettingsChanged,
)
from ragdesk.store.choices import Choices
from ragdesk.ui.dialogs import DeleteModelDialog
from ragdesk.ui.main_window import MainWindow
from ragdesk.ui.navigation_bar import SETTINGS
from ragdesk.ui.settings.models_card import ModelsCard
from tests.fakes_engine import FakeEngine
from tests.ui.filling import Desk

BUILT_IN = ServedModel("built-in", "built-in", bytes=98_362_432, parameters="135M")
MIXTURE = ServedModel("granite4:tiny-h", "ollama", bytes=4_200_000_000, experts=62)
CLOUD = ServedModel("big:cloud", "ollama", remote=True)


@pytest.fixture
def card(open_window: Callable[..., MainWindow], firm: Desk) -> ModelsCard:
    window = open_window()
    window._go_to(SETTINGS)
    return window.settings_page.models


def listed(
    engine: FakeEngine,
    *models: ServedModel,
    ollama: str = "server_missing",
    exams: tuple[dict[str, Any], ...] = (),
    recommended: str = "",
    offers: tuple[dict[str, Any], ...] = (),
) -> None:
    servers = (
        ServerStatus("built-in", True),
        ServerStatus("ollama", not ollama, "0.4.0", "http://127.0.0.1:11434", trouble=ollama),
    )
    here = tuple(map(asdict, models))
    engine.emit_event(ModelsListed(tuple(map(asdict, servers)), here, exams, recommended, offers))
    QApplication.processEvents()  # what was put into the layout is shown


def picks(card: ModelsCard) -> dict[str, QRadioButton]:
    return {pick.text(): pick for pick in card.findChildren(QRadioButton) if _there(pick, card)}


def _there(pick: QRadioButton, card: ModelsCard) -> bool:
    row = pick.parentWidget()
    return row is not None and not row.isHidden()


def last(engine: FakeEngine, kind: type[Command]) -> Command | None:
    return next((c for c in reversed(engine.sent) if isinstance(c, kind)), None)


def test_it_asks_when_it_comes_into_sight(card: ModelsCard, engine: FakeEngine) -> None:
    assert last(engine, ListModels) is not None


def test_without_a_model_the_built_in_one_is_offered_with_its_size(
    card: ModelsCard, engine: FakeEngine
) -> None:
    listed(engine)
    get = card.findChild(QPushButton, "get_built_in")
    assert get is not None
    assert not get.isHidden()
    assert "98 MB" in get.text()
    get.click()
    sent = last(engine, FetchModel)
    assert isinstance(sent, FetchModel)
    assert sent.name == "built-in/built-in"
    listed(engine, BUILT_IN)
    assert get.isHidden()


def test_a_model_is_chosen_and_taken_away(card: ModelsCard, engine: FakeEngine, firm: Desk) -> None:
    listed(engine, BUILT_IN, MIXTURE, ollama="")
    found = picks(card)
    assert list(found) == ["Built-in model", "granite4:tiny-h"]
    assert found["Built-in model"].isChecked()
    assert "mixture of 62 experts" in found["granite4:tiny-h"].accessibleDescription()
    found["granite4:tiny-h"].click()
    sent = last(engine, ChangeSetting)
    assert isinstance(sent, ChangeSetting)
    assert (sent.name, sent.value) == ("model", "ollama/granite4:tiny-h")
    Choices(firm.database).change("model", sent.value)
    engine.emit_event(SettingsChanged())
    QApplication.processEvents()
    found = picks(card)
    assert found["granite4:tiny-h"].isChecked()
    row = found["granite4:tiny-h"].parentWidget()
    assert row is not None
    remove = row.findChild(QToolButton)
    assert remove is not None
    remove.click()
    (asked,) = card.window().findChildren(DeleteModelDialog)
    said = " ".join(one.text() for one in asked.findChildren(QLabel))
    assert "granite4:tiny-h" in said
    assert "3.9 GB" in said
    assert last(engine, DeleteModel) is None
    asked.confirm.click()
    assert isinstance(gone := last(engine, DeleteModel), DeleteModel)
    assert gone.name == "ollama/granite4:tiny-h"


def test_a_model_stays_when_deleting_it_is_thought_better_of(
    card: ModelsCard, engine: FakeEngine
) -> None:
    listed(engine, BUILT_IN)
    row = picks(card)["Built-in model"].parentWidget()
    assert row is not None
    remove = row.findChild(QToolButton)
    assert remove is not None
    remove.click()
    (asked,) = card.window().findChildren(DeleteModelDialog)
    asked.cancel.click()
    assert last(engine, DeleteModel) is None


def test_a_model_run_elsewhere_is_shown_and_cannot_be_chosen(
    card: ModelsCard, engine: FakeEngine
) -> None:
    listed(engine, CLOUD, ollama="")
    pick = picks(card)["big:cloud"]
    assert not pick.isEnabled()
    assert "other computers" in pick.accessibleDescription()


@pytest.mark.parametrize(
    ("trouble", "told"),
    [("server_missing", "Ollama is not running"), ("server_old", "0.4.0 is too old"), ("", "")],
)
def test_what_is_wrong_with_a_server_is_said(
    card: ModelsCard, engine: FakeEngine, trouble: str, told: str
) -> None:
    listed(engine, BUILT_IN, ollama=trouble)
    servers = card.findChild(QLabel, "servers")
    assert servers is not None
    assert told in servers.text()
    assert bool(servers.text()) == bool(told)


NOT_EXAMINED = {"verdict": "", "words": "not examined yet: trying it out takes about five minutes"}
PASSED = {"verdict": "passed", "words": "cites well, about 12 seconds an answer"}
FAILED = {"verdict": "failed", "words": "often answers wrongly, about 2 seconds an answer"}


def seen(card: ModelsCard, kind: type[QWidget], name: str) -> list[QWidget]:
    return [one for one in card.findChildren(kind, name) if one.isVisibleTo(card)]


def test_how_a_model_did_stands_beside_it_and_it_can_be_tried_out(
    card: ModelsCard, engine: FakeEngine
) -> None:
    listed(engine, BUILT_IN, MIXTURE, ollama="", exams=(NOT_EXAMINED, PASSED))
    told = [one.text() for one in seen(card, QLabel, "exam")]
    assert told == [
        "Not examined yet: trying it out takes about five minutes.",
        "Cites well, about 12 seconds an answer.",
    ]
    assert "Cites well" in picks(card)["granite4:tiny-h"].accessibleDescription()
    attempts = seen(card, QPushButton, "try_out")
    assert [one.text() for one in attempts] == ["Try it out", "Try it out again"]
    attempts[0].click()
    sent = last(engine, ExamineModel)
    assert isinstance(sent, ExamineModel)
    assert sent.name == "built-in/built-in"


@pytest.mark.parametrize(
    ("exam", "told"),
    [
        (NOT_EXAMINED, "was not tried out yet"),
        (FAILED, "did not answer well enough"),
        ({"verdict": "unsure", "words": "about 90 seconds an answer"}, "too few questions"),
        (PASSED, ""),
    ],
)
def test_a_choice_that_is_not_proven_says_so(
    card: ModelsCard, engine: FakeEngine, exam: dict[str, Any], told: str
) -> None:
    listed(engine, BUILT_IN, MIXTURE, ollama="", exams=(exam, FAILED))
    warnings = [one.text() for one in seen(card, QLabel, "model_warning")]
    if told:
        assert len(warnings) == 1
        assert told in warnings[0]
        assert warnings[0].startswith("The built-in model is chosen")
    else:
        assert warnings == []


def test_what_suits_the_computer_is_said_on_top_and_can_be_fetched(
    card: ModelsCard, engine: FakeEngine
) -> None:
    def offer(name: str, *, fits: bool = True, ready: bool = True) -> dict[str, Any]:
        return {
            "name": f"ollama/{name}", "title": name.upper(), "words": "It needs 6 GB of memory.",
            "bytes": 5_000_000_000, "fits": fits, "ready": ready,
        }  # fmt: skip

    offers = (offer("a", fits=False), offer("b"), offer("c", ready=False))
    listed(engine, BUILT_IN, ollama="", recommended="B suits this computer best.", offers=offers)
    (best,) = seen(card, QLabel, "recommended")
    assert isinstance(best, QLabel)
    assert best.text() == "B suits this computer best."
    (get,) = seen(card, QPushButton, "get_model")
    assert isinstance(get, QPushButton)
    assert get.accessibleName() == "Get B"
    assert "GB" in get.text()
    get.click()
    sent = last(engine, FetchModel)
    assert isinstance(sent, FetchModel)
    assert sent.name == "ollama/b"
