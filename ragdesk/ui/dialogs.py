"""The few questions that need an answer before anything else, and the list of shortcuts."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum, auto

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QDialog, QGridLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from ..domain.document import Collection
from . import words
from .actions import Actions
from .shelves_model import ShelvesModel
from .widgets import button, label

ASK_ABOVE = 20  # documents on a shelf: from then on deleting it is asked first


class NameDialog(QDialog):
    """Asks for the name of a shelf."""

    def __init__(self, title: str, verb: str, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 24, 24, 16)
        layout.setSpacing(12)
        layout.addWidget(label(title, "card"))
        self.field = QLineEdit(name)
        self.field.setAccessibleName(self.tr("Name of the shelf"))
        self.field.setPlaceholderText(self.tr("Leases, Staff, Suppliers…"))
        self.field.setMaxLength(100)
        self.field.setMinimumWidth(320)
        self.field.selectAll()
        layout.addWidget(self.field)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addStretch()
        cancel = button(self.tr("Cancel"), self.reject, kind="quiet")
        cancel.setAutoDefault(False)
        self.confirm = button(verb, self.accept, kind="primary")
        self.confirm.setDefault(True)
        row.addWidget(cancel)
        row.addWidget(self.confirm)
        layout.addLayout(row)
        self.field.textChanged.connect(self._check)
        self._check(name)

    def name(self) -> str:
        return " ".join(self.field.text().split())

    def _check(self, _text: str) -> None:
        self.confirm.setEnabled(bool(self.name()))


class ShelfDialogs(QObject):
    """Making, renaming and deleting shelves; deleting asks only for a full one: it can be undone."""

    def __init__(self, shelves: ShelvesModel, actions: Actions, window: QWidget) -> None:
        super().__init__(window)
        self._shelves = shelves
        self._actions = actions
        self._window = window

    def make(self, place_ids: Sequence[int] = ()) -> None:
        """Makes a shelf and puts places on it."""
        dialog = NameDialog(self.tr("New shelf"), self.tr("Create"), "", self._window)
        dialog.accepted.connect(lambda: self._actions.create_shelf(dialog.name(), place_ids))
        dialog.open()

    def rename(self, collection_id: str | None) -> None:
        shelf = self._shelves.shelf(collection_id)
        if shelf is not None:
            title, verb = self.tr("Rename the shelf"), self.tr("Rename")
            dialog = NameDialog(title, verb, shelf.name, self._window)
            dialog.accepted.connect(lambda: self._actions.rename_shelf(shelf.id, dialog.name()))
            dialog.open()

    def delete(self, collection_id: str) -> None:
        shelf = self._shelves.shelf(collection_id)
        if shelf is None:
            return
        if shelf.documents <= ASK_ABOVE:
            self._actions.delete_shelf(shelf.id, shelf.name)
            return
        dialog = DeleteDialog(shelf, self._window)
        dialog.accepted.connect(lambda: self._actions.delete_shelf(shelf.id, shelf.name))
        dialog.open()


class SureDialog(QDialog):
    """Asks before something is done that takes much away; Enter cancels."""

    def __init__(self, name: str, question: str, text: str, verb: str, parent: QWidget) -> None:
        """`name` stands above the window, `verb` on the button that does it."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(name)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 24, 24, 16)
        layout.setSpacing(12)
        layout.addWidget(label(question, "card", wrap=True))
        said = label(text, "muted", wrap=True)
        said.setMinimumWidth(360)
        layout.addWidget(said)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addStretch()
        self.cancel = button(self.tr("Cancel"), self.reject, kind="quiet")
        self.confirm = button(verb, self.accept, kind="primary")
        self.confirm.setAutoDefault(False)
        self.cancel.setDefault(True)
        row.addWidget(self.cancel)
        row.addWidget(self.confirm)
        layout.addLayout(row)


class DeleteDialog(SureDialog):
    """Asks before many documents leave the desk at once."""

    def __init__(self, shelf: Collection, parent: QWidget) -> None:
        question = self.tr("Delete {shelf} with {documents}?")
        super().__init__(
            self.tr("Delete the shelf"),
            question.format(
                shelf=words.plain(shelf.name), documents=words.documents(shelf.documents)
            ),
            self.tr(
                "Your files stay where they are. It can be undone until RagDesk is opened the next"
                " time."
            ),
            self.tr("Delete"),
            parent,
        )


class ForgetDialog(SureDialog):
    """Asks before what was taught is gone for good."""

    def __init__(self, answers: int, parent: QWidget) -> None:
        question = self.tr("Forget what you said about {answers}?")
        super().__init__(
            self.tr("Forget what I taught"),
            question.format(answers=words.answers(answers)),
            self.tr(
                "It cannot be brought back. Your documents and conversations stay as they are."
            ),
            self.tr("Forget it"),
            parent,
        )


class DeleteModelDialog(SureDialog):
    """Asks before a language model leaves the computer."""

    def __init__(self, model: str, size: int, parent: QWidget) -> None:
        """`model` as it is shown to a person, `size` in bytes, 0 where it is not known."""
        named = f"{model} ({words.size(size)})" if size else model
        super().__init__(
            self.tr("Delete a language model"),
            self.tr("Take {model} off this computer?").format(model=named),
            self.tr(
                "It cannot be brought back, only fetched anew. Your documents and answers stay as they"
                " are."
            ),
            self.tr("Delete"),
            parent,
        )


class Leaving(Enum):
    """What becomes of long work when the window closes."""

    FINISH = auto()
    STOP = auto()
    STAY = auto()


class LeaveDialog(QDialog):
    """Something long runs: finish first, or stop and go on next time."""

    def __init__(self, what: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.choice = Leaving.STAY
        self.setWindowTitle(self.tr("Close RagDesk"))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 24, 24, 16)
        layout.setSpacing(8)
        layout.addWidget(label(self.tr("RagDesk is still working"), "card"))
        layout.addWidget(label(what, "", wrap=True))
        text = self.tr(
            "Nothing is lost either way: what was read is safe, and the rest goes on the next time"
            " RagDesk is opened."
        )
        said = label(text, "muted", wrap=True)
        said.setMinimumWidth(400)
        layout.addWidget(said)
        layout.addSpacing(12)
        row = QHBoxLayout()
        row.setSpacing(8)
        finish = button(self.tr("Finish first, then close"), lambda: self._end(Leaving.FINISH))
        stop = button(
            self.tr("Close now, go on next time"), lambda: self._end(Leaving.STOP), kind="primary"
        )
        cancel = button(self.tr("Cancel"), self.reject, kind="quiet")
        for one in (cancel, finish):
            one.setAutoDefault(False)
        stop.setDefault(True)
        row.addWidget(cancel)
        row.addStretch()
        row.addWidget(finish)
        row.addWidget(stop)
        layout.addLayout(row)

    def _end(self, choice: Leaving) -> None:
        self.choice = choice
        self.accept()


class ShortcutsDialog(QDialog):
    """Every key, with what it does."""

    def __init__(self, shortcuts: Sequence[tuple[str, str]], parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Keys"))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 24, 24, 16)
        layout.setSpacing(16)
        layout.addWidget(label(self.tr("Everything by keyboard"), "card"))
        grid = QGridLayout()
        grid.setHorizontalSpacing(24)
        grid.setVerticalSpacing(8)
        for line, (keys, what) in enumerate(shortcuts):
            grid.addWidget(label(keys, "muted"), line, 0, Qt.AlignmentFlag.AlignRight)
            grid.addWidget(label(what), line, 1)
        layout.addLayout(grid)
        row = QHBoxLayout()
        row.addStretch()
        close = button(self.tr("Close"), self.accept, kind="primary")
        close.setDefault(True)
        row.addWidget(close)
        layout.addLayout(row)
