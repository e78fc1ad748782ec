"""The card with the language models: which are here, which one writes, how to get one."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QRadioButton, QVBoxLayout, QWidget

from ...domain.chat import ServedModel, ServerStatus
from ...messages import (
    ChangeSetting,
    DeleteModel,
    Event,
    FetchModel,
    ListModels,
    ModelsListed,
    SettingsChanged,
)
from ...settings import BUILT_IN, OLLAMA
from ...texts import ERRORS
from .. import words
from ..actions import Actions
from ..engine_client import EngineClient
from ..library import Library
from ..theme import theme
from ..widgets import button, frame, icon_button, label

BUILT_IN_MB = 98  # of the built-in model's file


class ModelsCard(QWidget):
    """Asks the engine for the models each time that it comes into sight, and shows its answer."""

    def __init__(self, library: Library, client: EngineClient, actions: Actions) -> None:
        super().__init__()
        self._library = library
        self._actions = actions
        self._listed = ModelsListed()
        self._choice = QButtonGroup(self)
        self._card = frame("card")
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._card)
        layout = QVBoxLayout(self._card)
        layout.setContentsMargins(16, 12, 16, 14)
        layout.setSpacing(8)
        layout.addWidget(label(self.tr("Language models on this computer"), "card"))
        text = self.tr(
            "A language model writes answers in its own words from your documents, and every sentence"
            " is checked against them. It runs on this computer; nothing of yours is sent."
        )
        layout.addWidget(label(text, "muted", wrap=True))
        self._rows = QVBoxLayout()
        self._rows.setSpacing(4)
        layout.addLayout(self._rows)
        self._servers = label("", "muted", wrap=True)
        self._servers.setObjectName("servers")
        layout.addWidget(self._servers)
        layout.addLayout(self._buttons())
        client.event_received.connect(self._hear)
        client.engine_ready.connect(self._ask)
        self._show()

    def _buttons(self) -> QHBoxLayout:
        self._get = button(
            self.tr("Get the built-in model ({n} MB)").format(n=BUILT_IN_MB),
            lambda: self._actions.send(FetchModel(name=f"{BUILT_IN}/{BUILT_IN}")),
            picture="add",
        )
        self._get.setObjectName("get_built_in")
        self._get.setToolTip(
            self.tr("Goes online once, to fetch this one file. Nothing of yours is sent.")
        )
        look = button(self.tr("Look again"), self._ask, picture="again", kind="quiet")
        line = QHBoxLayout()
        line.addWidget(self._get)
        line.addWidget(look)
        line.addStretch(1)
        return line

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._ask()

    def _ask(self) -> None:
        if self.isVisible():
            self._actions.send(ListModels())

    def _hear(self, event: Event) -> None:
        if isinstance(event, ModelsListed):
            self._listed = event
            self._show()
        elif isinstance(event, SettingsChanged):
            self._show()

    def _show(self) -> None:
        while (item := self._rows.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        models = [ServedModel(**model) for model in self._listed.models]
        for model in models:
            self._rows.addWidget(self._row(model))
        self._get.setVisible(not any(model.name == BUILT_IN for model in models))
        states = (_server_words(ServerStatus(**server)) for server in self._listed.servers)
        self._servers.setText("\n".join(filter(None, states)))
        self._servers.setVisible(bool(self._servers.text()))

    def _row(self, model: ServedModel) -> QFrame:
        full = f"{model.server}/{model.name}"
        chosen = str(self._library.choices.get("model")) if self._library.is_open else ""
        row = frame("plain")
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(theme.px(8))
        pick = QRadioButton(model_name(model))
        self._choice.addButton(pick)
        pick.setChecked(full == chosen)
        pick.setEnabled(not model.remote)
        pick.setAccessibleDescription(model_words(model))
        pick.clicked.connect(lambda: self._actions.send(ChangeSetting(name="model", value=full)))
        line.addWidget(pick)
        line.addWidget(label(model_words(model), "muted", wrap=True), 1)
        if not model.remote:
            remove = icon_button(
                "remove",
                self.tr("Take {name} off this computer").format(name=model_name(model)),
                lambda: self._actions.send(DeleteModel(name=full)),
            )
            line.addWidget(remove, 0, Qt.AlignmentFlag.AlignTop)
        return row


def model_name(model: ServedModel) -> str:
    """What a person calls a model."""
    return words.tr("Built-in model") if model.name == BUILT_IN else words.plain(model.name)


def model_words(model: ServedModel) -> str:
    """Size and kind of a model, or why it is not used."""
    if model.remote:
        return words.tr("is run by other computers, so RagDesk does not use it")
    parts = [words.size(model.bytes) if model.bytes else ""]
    if model.parameters:
        parts.append(words.tr("{n} parameters").format(n=model.parameters))
    if model.experts:
        parts.append(words.tr("mixture of {n} experts").format(n=model.experts))
    if model.server == OLLAMA:
        parts.append(words.tr("served by Ollama"))
    return " · ".join(filter(None, parts))


def _server_words(status: ServerStatus) -> str:
    """What is to be said about a server, "" where all is as it should be."""
    if status.name == OLLAMA and not status.running:
        trouble = ERRORS.get(status.trouble)
        if trouble is None or status.trouble == "server_missing":
            return words.tr("Ollama is not running. With it, larger models can write answers.")
        params: dict[str, Any] = {"address": status.address, "version": status.version}
        return words.error(status.trouble, params)
    if status.name == BUILT_IN and status.trouble:
        return words.error(status.trouble, {"address": status.address, "name": BUILT_IN})
    if status.elsewhere:
        return words.tr(
            "Ollama runs on another computer ({address}): questions and passages are sent there."
        ).format(address=status.address)
    return ""
