"""Asks for the password of one locked file after the other."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QDialog, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from ...domain.document import Verdict
from ..actions import Actions
from ..widgets import ElidedLabel, button, label
from .document_rows import DocumentRows, Row


class PasswordDialog(QDialog):
    """One file at a time: open it, skip it, or stop. The password is used once and kept nowhere.

    Signals:
        passed: a file was opened or skipped.
    """

    passed = Signal(int)

    def __init__(
        self, places: Sequence[int], rows: DocumentRows, actions: Actions, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._rows = rows
        self._actions = actions
        self._waiting = list(places)
        self._asked_at: float | None = None
        self._trying = False
        self.setWindowTitle(self.tr("Password"))
        self.setModal(True)
        self._build()
        rows.changed.connect(self._take)
        self._next()

    def _build(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 24, 24, 16)
        layout.setSpacing(12)
        layout.addWidget(label(self.tr("This file is locked"), "card"))
        self._name = ElidedLabel()
        layout.addWidget(self._name)
        self._field = QLineEdit()
        self._field.setEchoMode(QLineEdit.EchoMode.Password)
        self._field.setPlaceholderText(self.tr("Password"))
        self._field.setAccessibleName(self.tr("Password"))
        self._field.setMinimumWidth(340)
        layout.addWidget(self._field)
        self._shown = QCheckBox(self.tr("Show the password"))
        self._shown.toggled.connect(self._show_letters)
        layout.addWidget(self._shown)
        self._result = label(" ", "muted", wrap=True)
        layout.addWidget(self._result)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addStretch()
        self._skip = button(self.tr("Skip"), self._next, kind="quiet")
        self._open = button(self.tr("Open"), self._try, kind="primary")
        self._skip.setAutoDefault(False)
        self._open.setDefault(True)
        row.addWidget(self._skip)
        row.addWidget(self._open)
        layout.addLayout(row)

    def _show_letters(self, shown: bool) -> None:
        mode = QLineEdit.EchoMode.Normal if shown else QLineEdit.EchoMode.Password
        self._field.setEchoMode(mode)

    def _current(self) -> Row | None:
        return self._rows.rows.get(self._waiting[0]) if self._waiting else None

    def _next(self) -> None:
        if self._name.full_text() and self._waiting:
            self.passed.emit(self._waiting.pop(0))
        while self._waiting and self._waiting[0] not in self._rows.rows:
            self._waiting.pop(0)
        row = self._current()
        if row is None:
            self.accept()
            return
        self._name.set_full_text(row.name)
        self._say("", "muted")
        self._set_trying(False)  # first: a field that is off takes no cursor
        self._field.clear()
        self._field.setFocus()

    def _try(self) -> None:
        row = self._current()
        if row is None or not self._field.text():
            return
        document = row.placed.document
        self._asked_at = document.read_at if document is not None else None
        self._set_trying(True)
        self._say(self.tr("Trying…"), "muted")
        self._actions.give_password(row.id, self._field.text())

    def _take(self, fresh: set[int], gone: set[int]) -> None:
        if not self._waiting or self._waiting[0] not in fresh | gone:
            return
        row = self._current()
        if row is None:
            self._next()
            return
        document = row.placed.document
        if not self._trying or document is None or row.placed.place.state == "queued":
            return
        if document.verdict is not Verdict.NEEDS_PASSWORD:
            self._next()
        elif document.read_at != self._asked_at:
            self._set_trying(False)
            self._say(self.tr("That password does not open it. Nothing was changed."), "wrong")
            self._field.selectAll()
            self._field.setFocus()

    def _set_trying(self, trying: bool) -> None:
        self._trying = trying
        self._field.setEnabled(not trying)
        self._open.setEnabled(not trying)

    def _say(self, text: str, role: str) -> None:
        self._result.setText(text or " ")
        self._result.setProperty("role", role)
        self._result.style().unpolish(self._result)
        self._result.style().polish(self._result)
