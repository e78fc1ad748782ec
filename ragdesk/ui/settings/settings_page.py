"""Every choice of `ragdesk.settings`, in its group, with the sentence that says what changes."""

from __future__ import annotations

from itertools import groupby

from PySide6.QtCore import QSignalBlocker, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QShowEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QScrollArea,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from ... import __version__
from ...messages import ChangeSetting, Event, JudgementsChanged, SettingsChanged
from ...settings import CHOICES, Choice, Value
from ...store.home import default_home
from ...texts import GET_LANGUAGES
from .. import words
from ..actions import Actions
from ..dialogs import ForgetDialog
from ..engine_client import EngineClient
from ..library import Library
from ..theme import theme
from ..widgets import button, frame, label, picture_label
from .models_card import ModelsCard

Control = QComboBox | QSpinBox | QCheckBox


class SettingsPage(QWidget):
    """Made from `CHOICES`: a new choice appears here by itself."""

    def __init__(self, library: Library, client: EngineClient, actions: Actions) -> None:
        super().__init__()
        self._library = library
        self._column = QWidget()
        self._actions = actions
        self.models = ModelsCard(library, client, actions)
        self.controls: dict[str, Control] = {}
        self._build()
        self._scale()
        theme.changed.connect(self._scale)
        client.event_received.connect(self._hear)
        library.opened.connect(self.read)
        self.read()

    def _build(self) -> None:
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        outer.addWidget(area)
        page = QWidget()
        area.setWidget(page)
        sides = QHBoxLayout(page)
        sides.setContentsMargins(24, 20, 24, 24)
        layout = QVBoxLayout(self._column)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        layout.addWidget(label(self.tr("Settings"), "title"))
        shown = [choice for choice in CHOICES if not choice.own_place]
        for group, choices in groupby(shown, key=lambda choice: choice.group):
            layout.addWidget(self._card(words.setting(group), list(choices)))
            if group == "Answers":
                layout.addWidget(self.models)
        layout.addWidget(self._languages())
        layout.addWidget(self._privacy())
        layout.addWidget(self._teaching())
        layout.addWidget(self._place())
        layout.addStretch()
        sides.addWidget(self._column, 1)
        sides.addStretch()

    def _card(self, title: str, choices: list[Choice]) -> QFrame:
        card = frame("card")
        layout = QVBoxLayout(card)
        layout.setContentsMargins(16, 12, 16, 12)
        layout.setSpacing(12)
        layout.addWidget(label(title, "card"))
        for choice in choices:
            row = QHBoxLayout()
            row.setSpacing(16)
            texts = QVBoxLayout()
            texts.setSpacing(2)
            texts.addWidget(label(words.setting(choice.label)))
            texts.addWidget(label(words.setting(choice.help), "muted", wrap=True))
            row.addLayout(texts, 1)
            control = self._control(choice)
            self.controls[choice.name] = control
            row.addWidget(control, 0, Qt.AlignmentFlag.AlignVCenter)
            layout.addLayout(row)
        return card

    def _control(self, choice: Choice) -> Control:
        control: Control
        if choice.options:
            control = QComboBox()
            for value, text in choice.options:
                control.addItem(words.setting(text), value)
            box = control
            control.activated.connect(lambda _: self._change(choice, box.currentData()))
        elif isinstance(choice.default, bool):
            control = QCheckBox()
            control.clicked.connect(lambda checked: self._change(choice, bool(checked)))
        else:
            control = QSpinBox()
            control.setRange(int(choice.low or 0), int(choice.high or 100))
            control.setSingleStep(10 if (choice.high or 0) >= 100 else 1)
            control.setKeyboardTracking(False)
            if field := control.findChild(QLineEdit):
                field.setTextMargins(theme.px(6), 0, 0, 0)  # a style sheet does not reach it
            control.valueChanged.connect(lambda value: self._change(choice, value))
        control.setAccessibleName(words.setting(choice.label))
        control.setAccessibleDescription(words.setting(choice.help))
        return control

    def _scale(self) -> None:
        self._column.setMaximumWidth(theme.px(720))
        for control in self.controls.values():
            if not isinstance(control, QCheckBox):
                control.setFixedWidth(theme.px(164))

    def _privacy(self) -> QFrame:
        card = frame("card")
        row = QHBoxLayout(card)
        row.setContentsMargins(16, 12, 16, 14)
        row.setSpacing(12)
        row.addWidget(picture_label("privacy", "good", 24), 0, Qt.AlignmentFlag.AlignTop)
        texts = QVBoxLayout()
        texts.setSpacing(4)
        texts.addWidget(label(self.tr("Nothing leaves this computer"), "card"))
        text = self.tr(
            "Your documents are read, searched and answered from here, by RagDesk alone. It has no"
            " account and sends no statistics; it works just as well with the network unplugged, and"
            " models that write run on this computer too. Words inside a document can never make it"
            " open or load anything."
        )
        texts.addWidget(label(text, "muted", wrap=True))
        row.addLayout(texts, 1)
        return card

    def _languages(self) -> QFrame:
        """How to get what finds other languages by meaning; hidden where it would help nothing."""
        title = label(self.tr("Documents in other languages"), "card")
        text = self.tr(
            "Some of your documents are not in English. They are found by their words only. To find"
            " them by meaning too, and with questions in another language, type this command once"
            " in a terminal. It fetches one file of about 91 MB from the internet; nothing of yours"
            " is sent."
        )
        self.languages, layout = _telling(title, text)
        home = self._library.home
        own = "" if home.folder == default_home() else f' --home "{home.folder}"'
        command = label(words.plain(GET_LANGUAGES + own), "", wrap=True)
        command.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        layout.addWidget(command)
        return self.languages

    def _offer_languages(self) -> None:
        wanted = (
            self._library.is_open
            and self._library.home.languages is None
            and bool(self._library.passages.languages() - {"", "en"})
        )
        self.languages.setVisible(wanted)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._offer_languages()  # documents come and go while other pages are shown

    def _teaching(self) -> QFrame:
        self.taught = label("", "card")
        text = self.tr(
            "What you called right or wrong, and the answers you taught, are kept on this computer for"
            " RagDesk to learn from, also when their conversation is deleted."
        )
        card, layout = _telling(self.taught, text)
        layout.addSpacing(4)
        self.forget = button(self.tr("Forget what I taught…"), self._forget, picture="remove")
        layout.addWidget(self.forget, 0, Qt.AlignmentFlag.AlignLeft)
        return card

    def _place(self) -> QFrame:
        title = label(self.tr("Where the library lies"), "card")
        text = self.tr(
            "What RagDesk has read is kept in this folder, readable for you alone. Your own files"
            " stay where they are and are never changed."
        )
        card, layout = _telling(title, text)
        row = QHBoxLayout()
        folder = label(words.plain(str(self._library.home.folder)), "", wrap=True)
        folder.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        row.addWidget(folder, 1)
        row.addWidget(button(self.tr("Show folder"), self._show_folder, picture="folder"))
        layout.addLayout(row)
        layout.addWidget(label(self.tr("RagDesk {version}").format(version=__version__), "muted"))
        return card

    def read(self) -> None:
        """Shows what was chosen, as the store has it."""
        for choice in CHOICES:
            if choice.own_place:
                continue
            value = choice.default
            if self._library.is_open:
                value = self._library.choices.get(choice.name)
            self._put(self.controls[choice.name], value)
        self._count_taught()
        self._offer_languages()

    def _count_taught(self) -> None:
        count = self._library.judgements.count() if self._library.is_open else 0
        self.taught.setText(
            self.tr("What you taught: {answers}").format(answers=words.answers(count))
        )
        self.forget.setEnabled(count > 0)

    def _forget(self) -> None:
        dialog = ForgetDialog(self._library.judgements.count(), self)
        dialog.accepted.connect(self._actions.forget_judgements)
        dialog.open()

    @staticmethod
    def _put(control: Control, value: Value) -> None:
        with QSignalBlocker(control):
            if isinstance(control, QComboBox):
                control.setCurrentIndex(control.findData(value))
            elif isinstance(control, QCheckBox):
                control.setChecked(bool(value))
            else:
                control.setValue(int(value))

    def _change(self, choice: Choice, value: Value) -> None:
        self._actions.send(ChangeSetting(name=choice.name, value=value))

    def _hear(self, event: Event) -> None:
        if isinstance(event, SettingsChanged):
            self.read()
        elif isinstance(event, JudgementsChanged):
            self._count_taught()

    def _show_folder(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._library.home.folder)))


def _telling(title: QLabel, text: str) -> tuple[QFrame, QVBoxLayout]:
    """A card that tells something under its title, and the layout for what is to stand below."""
    card = frame("card")
    layout = QVBoxLayout(card)
    layout.setContentsMargins(16, 12, 16, 14)
    layout.setSpacing(4)
    layout.addWidget(title)
    layout.addWidget(label(text, "muted", wrap=True))
    return card, layout
