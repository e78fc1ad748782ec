"""One assistant on the page: what it knows, which version answers, what can be done with it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout, QWidget

from ...domain.assistant import Outcome, Version
from ...domain.job import JobState
from .. import words
from ..theme import theme
from ..widgets import ElidedLabel, button, frame, icon_button, label, picture_label
from . import assistant_words
from .assistants_model import Row


class AssistantCard(QWidget):
    """Shows a `Row`.

    Signals:
        build_wanted: its next version is to be built, or the build that goes on to be looked at.
        use_wanted: the number of the version that is to answer, 0 for RagDesk as it comes.
        report_wanted, questions_wanted: its report card, or its practice questions, are to be shown.
        rename_wanted, delete_wanted: what they say.
    """

    build_wanted = Signal()
    use_wanted = Signal(int)
    report_wanted = Signal()
    questions_wanted = Signal()
    rename_wanted = Signal()
    delete_wanted = Signal()

    def __init__(self, row: Row) -> None:
        super().__init__()
        self._row = row
        self._build()
        self.show_row(row)

    def _build(self) -> None:
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        card = frame("card")
        outer.addWidget(card)
        layout = QVBoxLayout(card)
        layout.setContentsMargins(16, 12, 12, 12)
        layout.setSpacing(theme.px(6))
        layout.addLayout(self._head())
        self._shelf = label("", "muted", wrap=True)
        layout.addWidget(self._shelf)
        self._answers = label("", "", wrap=True)
        self._answers.setObjectName("answers_by")
        layout.addWidget(self._answers)
        self._news = QWidget()
        line = QHBoxLayout(self._news)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(theme.px(8))
        self._picture = picture_label("info", "look", 16)
        line.addWidget(self._picture)
        self._news_words = label("", "", wrap=True)
        self._news_words.setObjectName("news")
        line.addWidget(self._news_words, 1)
        layout.addWidget(self._news)
        layout.addSpacing(theme.px(4))
        layout.addLayout(self._buttons())

    def _head(self) -> QHBoxLayout:
        self.name = ElidedLabel("", "card", Qt.TextElideMode.ElideRight)
        self._rename = icon_button("pencil", "", self.rename_wanted.emit)
        self._delete = icon_button("remove", "", self.delete_wanted.emit)
        head = QHBoxLayout()
        head.addWidget(self.name, 1)
        head.addWidget(self._rename)
        head.addWidget(self._delete)
        return head

    def _buttons(self) -> QHBoxLayout:
        self.begin = button("", self.build_wanted.emit)
        self.versions = button(self.tr("Versions"), None, kind="quiet")
        self.versions.setMenu(QMenu(self.versions))
        self.report = button(self.tr("Report card"), self.report_wanted.emit, kind="quiet")
        self.questions = button(
            self.tr("Practice questions"), self.questions_wanted.emit, kind="quiet"
        )
        line = QHBoxLayout()
        line.setSpacing(theme.px(4))
        for one in (self.begin, self.versions, self.report, self.questions):
            line.addWidget(one)
        line.addStretch(1)
        return line

    @property
    def row(self) -> Row:
        return self._row

    def show_row(self, row: Row) -> None:
        """Shows what became of the assistant."""
        fresh = not self.name.full_text() or row.versions != self._row.versions
        fresh = fresh or row.assistant != self._row.assistant
        self._row = row
        name = words.plain(row.assistant.name)
        self.name.set_full_text(name)
        self._shelf.setText(row.shelf)
        told = self.tr("Answers {how}.")
        how = assistant_words.version(row.used)
        by = self.tr("by {version}").format(version=how) if row.used is not None else how
        self._answers.setText(told.format(how=by))
        self._show_news()
        on = row.build is not None and row.build.state is not JobState.DONE
        next_one = self.tr("Build its next version") if row.versions else self.tr("Build it")
        self.begin.setText(self.tr("Look at the build") if on else next_one)
        self.report.setVisible(bool(row.versions))
        self.versions.setVisible(bool(row.versions))
        for one, what in (
            (self._rename, self.tr("Rename {name}")),
            (self._delete, self.tr("Delete {name}")),
        ):
            one.setToolTip(words.tip(what.format(name=name)))
            one.setAccessibleName(what.format(name=name))
        for two in (self.begin, self.versions, self.report, self.questions):
            two.setAccessibleDescription(name)
        if fresh:
            self._fill_versions()

    def _show_news(self) -> None:
        row, text, picture, role = self._row, "", "info", "look"
        if row.build is not None and row.build.state is not JobState.DONE:
            text = assistant_words.standing(row.build)
            waits = row.build.waits_for_review or row.build.state.over
            picture, role = ("info", "look") if waits else ("waiting", "muted")
        elif row.offered is not None:
            text = self.tr("New: {version}. Look at its report card to use it.").format(
                version=assistant_words.version(row.offered)
            )
            picture, role = "ready", "good"
        self._news_words.setText(text)
        self._picture.show_picture(picture, role)
        self._news.setVisible(bool(text))

    def _fill_versions(self) -> None:
        """Each version with its result; those that the exam did not find better cannot be used."""
        menu = self.versions.menu()
        menu.clear()
        group = QActionGroup(menu)
        for version in (*self._row.versions, None):
            number = 0 if version is None else version.number
            entry = menu.addAction(self._entry(version))
            group.addAction(entry)
            entry.setCheckable(True)
            entry.setChecked(number == self._row.assistant.current)
            entry.setEnabled(version is None or version.card.outcome is Outcome.BETTER)
            entry.triggered.connect(lambda _=False, n=number: self.use_wanted.emit(n))

    def _entry(self, version: Version | None) -> str:
        told = assistant_words.capital(assistant_words.version(version))
        current = self._row.assistant.current
        if version is not None and version.card.outcome is not Outcome.BETTER:
            said = assistant_words.outcome(version.card.outcome)
            return self.tr("{version} ({outcome})").format(version=told, outcome=said)
        number = 0 if version is None else version.number
        if number == current:
            return self.tr("{version}, in use").format(version=told)
        verb = self.tr("Go back: {version}") if number < current else self.tr("Use: {version}")
        return verb.format(version=assistant_words.version(version))
