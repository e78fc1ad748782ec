"""The card with the language models: which are here, which one writes, how to get one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QRadioButton, QVBoxLayout, QWidget

from ...domain.chat import ServedModel, ServerStatus
from ...messages import (
    ChangeSetting,
    DeleteModel,
    Event,
    ExamineModel,
    FetchModel,
    ListModels,
    ModelsListed,
    SettingsChanged,
)
from ...settings import BUILT_IN, OLLAMA
from ...texts import ERRORS
from .. import words
from ..actions import Actions
from ..dialogs import DeleteModelDialog
from ..engine_client import EngineClient
from ..library import Library
from ..theme import theme
from ..widgets import button, frame, icon_button, label, picture_label

BUILT_IN_MB = 98  # of the built-in model's file
MOST_OFFERS = 3
# Icon and colour for what became of an exam.
_PICTURES = {
    "passed": ("check", "good"),
    "failed": ("warning", "look"),
    "unsure": ("info", "muted"),
    "": ("info", "muted"),
}


class ModelsCard(QWidget):
    """Asks the engine for the models each time that it comes into sight, and shows its answer."""

    def __init__(self, library: Library, client: EngineClient, actions: Actions) -> None:
        super().__init__()
        self._library = library
        self._actions = actions
        self._listed = ModelsListed()
        self._choice = QButtonGroup(self)
        self._build()
        client.event_received.connect(self._hear)
        client.engine_ready.connect(self._ask)
        self._show()

    def _build(self) -> None:
        card = frame("card")
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(card)
        layout = QVBoxLayout(card)
        layout.setContentsMargins(16, 12, 16, 14)
        layout.setSpacing(8)
        layout.addWidget(label(self.tr("Language models on this computer"), "card"))
        text = self.tr(
            "A language model writes answers in its own words from your documents, and every sentence"
            " is checked against them. It runs on this computer; nothing of yours is sent."
        )
        layout.addWidget(label(text, "muted", wrap=True))
        self._recommended = label("", "", wrap=True)
        self._recommended.setObjectName("recommended")
        layout.addWidget(self._recommended)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(theme.px(10))
        layout.addLayout(self._rows)
        self._warning = QWidget()
        self._warning_words = label("", "", wrap=True)
        self._warning_words.setObjectName("model_warning")
        line = QHBoxLayout(self._warning)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(picture_label("warning", "look", 16), 0, Qt.AlignmentFlag.AlignTop)
        line.addWidget(self._warning_words, 1)
        layout.addWidget(self._warning)
        self._servers = label("", "muted", wrap=True)
        self._servers.setObjectName("servers")
        layout.addWidget(self._servers)
        layout.addLayout(self._buttons())
        self._offered = label(self.tr("Others that suit this computer"), "section")
        layout.addWidget(self._offered)
        self._offers = QVBoxLayout()
        self._offers.setSpacing(theme.px(10))
        layout.addLayout(self._offers)

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
        _empty(self._rows)
        _empty(self._offers)
        models = [ServedModel(**model) for model in self._listed.models]
        exams = [*self._listed.exams, *({} for _ in models)]  # none before an engine said so
        for model, exam in zip(models, exams, strict=False):
            self._rows.addWidget(self._row(model, exam))
        self._get.setVisible(not any(model.name == BUILT_IN for model in models))
        states = (_server_words(ServerStatus(**server)) for server in self._listed.servers)
        self._servers.setText("\n".join(filter(None, states)))
        self._servers.setVisible(bool(self._servers.text()))
        self._recommended.setText(words.plain(self._listed.recommended))
        self._recommended.setVisible(bool(self._listed.recommended))
        warning = self._warning_of_chosen(models, exams)
        self._warning_words.setText(warning)
        self._warning.setVisible(bool(warning))
        ready = [one for one in self._listed.offers if one["fits"] and one["ready"]]
        others = [one for one in ready if one["name"] != f"{BUILT_IN}/{BUILT_IN}"][:MOST_OFFERS]
        for offer in others:
            self._offers.addWidget(self._offer(offer))
        self._offered.setVisible(bool(others))

    def _chosen(self) -> str:
        return str(self._library.choices.get("model")) if self._library.is_open else ""

    def _warning_of_chosen(
        self, models: Sequence[ServedModel], exams: Sequence[Mapping[str, Any]]
    ) -> str:
        """What is to be known of the chosen model before its answers are relied on, "" if nothing."""
        chosen = self._chosen()
        for model, exam in zip(models, exams, strict=False):
            if f"{model.server}/{model.name}" != chosen or not exam:
                continue
            built_in = model.name == BUILT_IN
            name = self.tr("The built-in model") if built_in else model_name(model)
            said = {
                "": self.tr(
                    "{name} is chosen and was not tried out yet, so nobody knows how well it answers"
                    " here. Try it out, or check its answers before you rely on them."
                ),
                "failed": self.tr(
                    "{name} is chosen, but did not answer well enough when it was tried out. Check its"
                    " answers before you rely on them; the quotes stay the safer choice."
                ),
                "unsure": self.tr(
                    "{name} is chosen, but too few questions fitted into the time to tell how well it"
                    " answers. Check its answers before you rely on them."
                ),
            }.get(exam["verdict"], "")
            return said.format(name=name)
        return ""

    def _row(self, model: ServedModel, exam: Mapping[str, Any]) -> QWidget:
        full = f"{model.server}/{model.name}"
        name = model_name(model)
        row = QWidget()
        pick = QRadioButton(name)
        self._choice.addButton(pick)
        pick.setChecked(full == self._chosen())
        pick.setEnabled(not model.remote)
        said = model_words(model)
        pick.clicked.connect(lambda: self._actions.send(ChangeSetting(name="model", value=full)))
        line = QHBoxLayout()
        line.setSpacing(theme.px(8))
        line.addWidget(pick)
        line.addWidget(label(said, "muted", wrap=True), 1)
        column = QVBoxLayout(row)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(2))
        column.addLayout(line)
        if not model.remote:
            remove = icon_button(
                "remove",
                self.tr("Take {name} off this computer").format(name=name),
                lambda: self._ask_to_delete(model, full),
            )
            if exam:
                column.addLayout(self._exam_line(full, name, exam))
                said = f"{said}. {exam_words(exam)}"
            line.addWidget(remove, 0, Qt.AlignmentFlag.AlignTop)
        pick.setAccessibleDescription(said)
        return row

    def _ask_to_delete(self, model: ServedModel, full: str) -> None:
        """It may be gigabytes that took an hour to come, and nothing brings them back but that."""
        dialog = DeleteModelDialog(model_name(model), model.bytes, self.window())
        dialog.accepted.connect(lambda: self._actions.send(DeleteModel(name=full)))
        dialog.open()

    def _exam_line(self, full: str, name: str, exam: Mapping[str, Any]) -> QHBoxLayout:
        """How it did when it was tried out, and the way to try it."""
        picture, role = _PICTURES[exam["verdict"]]
        told = label(exam_words(exam), "muted", wrap=True)
        told.setObjectName("exam")
        again = bool(exam["verdict"])
        attempt = button(
            self.tr("Try it out again") if again else self.tr("Try it out"),
            lambda: self._actions.send(ExamineModel(name=full)),
            kind="link",
        )
        attempt.setObjectName("try_out")
        attempt.setAccessibleDescription(name)
        line = QHBoxLayout()
        line.setContentsMargins(theme.px(24), 0, 0, 0)
        line.setSpacing(theme.px(6))
        line.addWidget(picture_label(picture, role, 16), 0, Qt.AlignmentFlag.AlignVCenter)
        line.addWidget(told, 1)
        line.addWidget(attempt, 0, Qt.AlignmentFlag.AlignTop)
        return line

    def _offer(self, offer: Mapping[str, Any]) -> QWidget:
        """A model that can be fetched now."""
        name, title = str(offer["name"]), words.plain(str(offer["title"]))
        row = QWidget()
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(theme.px(12))
        texts = QVBoxLayout()
        texts.setSpacing(theme.px(2))
        texts.addWidget(label(title))
        texts.addWidget(label(words.plain(str(offer["words"])), "muted", wrap=True))
        line.addLayout(texts, 1)
        get = button(
            self.tr("Get ({size})").format(size=words.size(int(offer["bytes"]))),
            lambda: self._actions.send(FetchModel(name=name)),
        )
        get.setObjectName("get_model")
        get.setAccessibleName(self.tr("Get {name}").format(name=title))
        line.addWidget(get, 0, Qt.AlignmentFlag.AlignTop)
        return row


def _empty(layout: QVBoxLayout) -> None:
    while (item := layout.takeAt(0)) is not None:
        if (widget := item.widget()) is not None:
            widget.hide()
            widget.deleteLater()


def exam_words(exam: Mapping[str, Any]) -> str:
    """How a model did when it was tried out, as a sentence of its own."""
    said = words.plain(str(exam["words"]))
    return f"{said[:1].upper()}{said[1:]}."


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
    return ""
