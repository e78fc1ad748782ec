"""What a person can do with assistants, and what is told of it."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QWidget

from ...domain.assistant import Assistant
from ...messages import DeleteAssistant, RenameAssistant, RestoreAssistant, UseVersion
from .. import words
from ..actions import Actions
from ..dialogs import NameDialog
from . import assistant_words
from .assistants_model import Row


class AssistantActions(QObject):
    """Sends the commands; what changes is shown when the engine says so."""

    def __init__(self, actions: Actions, window: QWidget) -> None:
        super().__init__(window)
        self._actions = actions
        self._window = window

    def rename(self, assistant: Assistant) -> None:
        title, verb = self.tr("Rename the assistant"), self.tr("Rename")
        dialog = NameDialog(title, verb, assistant.name, self._window)
        dialog.field.setAccessibleName(self.tr("Name of the assistant"))
        dialog.field.setPlaceholderText(self.tr("Leases, Staff rules…"))
        dialog.accepted.connect(
            lambda: self._actions.send(
                RenameAssistant(assistant_id=assistant.id, name=dialog.name())
            )
        )
        dialog.setWindowModality(Qt.WindowModality.WindowModal)
        dialog.open()

    def delete(self, row: Row) -> None:
        """Takes an assistant away, with a way back."""
        text = self.tr(
            "The assistant {name} was deleted, with its versions. Your documents stay as they are."
        ).format(name=words.plain(row.assistant.name))
        back = self.tr("The assistant is back.")
        self._actions.send_with_undo(
            DeleteAssistant(assistant_id=row.assistant.id),
            text,
            RestoreAssistant(assistant_id=row.assistant.id),
            back,
        )

    def use(self, row: Row, number: int) -> None:
        """Has a version answer, with a way back to the one that did."""
        used, before = row.version(number), row.assistant.current
        text = self.tr("{name} answers {how} from now on.")
        text = text.format(
            name=words.plain(row.assistant.name),
            how=self.tr("by version {n}").format(n=number)
            if used
            else assistant_words.version(None),
        )
        if number != before:
            self._actions.send_with_undo(
                UseVersion(assistant_id=row.assistant.id, number=number),
                text,
                UseVersion(assistant_id=row.assistant.id, number=before),
                self.tr("It is as it was before."),
            )
