from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QComboBox, QLabel, QSpinBox
from pytestqt.qtbot import QtBot

from ragdesk.domain.conversation import Judgement
from ragdesk.messages import (
    ChangeSetting,
    ForgetJudgements,
    JudgementsChanged,
    ListModels,
    SettingsChanged,
)
from ragdesk.settings import CHOICES, LANGUAGES_MODEL, checked
from ragdesk.store.choices import Choices
from ragdesk.store.judgements import Judgements
from ragdesk.texts import GET_LANGUAGES
from ragdesk.ui.dialogs import ForgetDialog
from ragdesk.ui.main_window import MainWindow
from ragdesk.ui.navigation_bar import SETTINGS
from ragdesk.ui.settings.settings_page import SettingsPage
from tests.fakes_engine import FakeEngine
from tests.ui.filling import Desk


@pytest.fixture
def page(open_window: Callable[..., MainWindow], firm: Desk) -> SettingsPage:
    window = open_window()
    window._go_to(SETTINGS)
    return window.settings_page


def value(page: SettingsPage, name: str) -> object:
    control = page.controls[name]
    if isinstance(control, QComboBox):
        return control.currentData()
    return control.isChecked() if isinstance(control, QCheckBox) else control.value()


def test_every_choice_has_its_control_with_its_default(page: SettingsPage) -> None:
    assert {name: value(page, name) for name in page.controls} == {
        choice.name: choice.default for choice in CHOICES if not choice.own_place
    }


def test_every_choice_says_what_changes(page: SettingsPage) -> None:
    shown = {label.text() for label in page.findChildren(QLabel)}
    for choice in CHOICES:
        if choice.own_place:
            assert choice.name not in page.controls
            continue
        assert choice.label in shown
        assert choice.help in shown
        assert page.controls[choice.name].accessibleName() == choice.label


def test_changing_sends_a_value_that_is_allowed(
    page: SettingsPage, engine: FakeEngine, qtbot: QtBot
) -> None:
    box = page.controls["caution"]
    assert isinstance(box, QComboBox)
    box.setFocus()
    qtbot.keyClick(box, Qt.Key.Key_Down)
    spin = page.controls["passages_shown"]
    assert isinstance(spin, QSpinBox)
    spin.setValue(9)
    tick = page.controls["keep_awake"]
    assert isinstance(tick, QCheckBox)
    tick.click()
    sent = [c for c in engine.sent if isinstance(c, ChangeSetting)]
    assert [(c.name, c.value) for c in sent] == [
        ("caution", "careful"), ("passages_shown", 9), ("keep_awake", False),
    ]  # fmt: skip
    for command in sent:
        assert checked(command.name, command.value) == command.value


def test_it_shows_what_the_store_says_and_sends_nothing_for_it(
    page: SettingsPage, firm: Desk, engine: FakeEngine
) -> None:
    choices = Choices(firm.database)
    choices.change("caution", "bold")
    choices.change("readers", 3)
    choices.change("keep_awake", False)
    engine.emit_event(SettingsChanged())
    assert [value(page, n) for n in ("caution", "readers", "keep_awake")] == ["bold", 3, False]
    assert not [c for c in engine.sent if not isinstance(c, ListModels)]


def test_privacy_and_the_place_of_the_library_are_told(page: SettingsPage, firm: Desk) -> None:
    shown = "\n".join(label.text() for label in page.findChildren(QLabel))
    assert "Nothing leaves this computer" in shown
    assert str(firm.home.folder) in shown


def test_what_was_taught_is_counted_and_can_be_forgotten(
    page: SettingsPage, firm: Desk, engine: FakeEngine
) -> None:
    assert page.taught.text() == "What you taught: 0 answers"
    assert not page.forget.isEnabled()
    said = Judgements(firm.database)
    said.save(Judgement("t1", "How long?", "right"))
    said.save(Judgement("t2", "How much?", "wrong", "48"))
    engine.emit_event(JudgementsChanged("t2"))
    assert page.taught.text() == "What you taught: 2 answers"
    page.forget.click()
    dialog = page.findChild(ForgetDialog)
    assert any("2 answers" in label.text() for label in dialog.findChildren(QLabel))
    dialog.cancel.click()
    assert not [c for c in engine.sent if not isinstance(c, ListModels)]
    page.forget.click()
    page.findChildren(ForgetDialog)[-1].confirm.click()
    sent = engine.sent[-1]
    assert isinstance(sent, ForgetJudgements)
    said.clear()
    engine.emit_event(JudgementsChanged())
    assert page.taught.text() == "What you taught: 0 answers"
    assert not page.forget.isEnabled()


def test_it_is_told_that_deleting_a_conversation_does_not_unteach(page: SettingsPage) -> None:
    shown = "\n".join(label.text() for label in page.findChildren(QLabel))
    assert "also when their conversation is deleted" in shown


def test_the_way_to_find_other_languages_stands_only_where_it_helps(
    page: SettingsPage, firm: Desk
) -> None:
    def stands() -> bool:
        page.hide()
        page.show()
        return page.languages.isVisible()

    def told(lang: str) -> None:
        with firm.database.write() as db:
            db.execute("UPDATE documents SET lang = ?", (lang,))

    told("en")
    assert not stands()
    told("de")
    assert stands()
    command = f'{GET_LANGUAGES} --home "{firm.home.folder}"'
    assert command in {label.text() for label in page.languages.findChildren(QLabel)}
    folder = firm.home.models / "languages"
    folder.mkdir(parents=True)
    (folder / "model.json").write_text(json.dumps({"name": LANGUAGES_MODEL}), encoding="utf-8")
    assert not stands()
