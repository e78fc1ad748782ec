"""The page of assistants: all of them, the wizard, a report card, practice questions."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from ...domain.job import JobState
from .. import words
from ..actions import Actions
from ..engine_client import EngineClient
from ..library import Library
from ..theme import theme
from ..widgets import ElidedLabel, button, icon_button
from .assistant_actions import AssistantActions
from .assistants_model import AssistantsModel
from .assistants_view import AssistantsView
from .card_view import CardView
from .review_view import ReviewView
from .wizard_view import WizardView


class AssistantsPage(QWidget):
    """Signals:
    citation_pressed: the `Citation` whose place in its document is to be shown.
    """

    citation_pressed = Signal(object)

    def __init__(
        self, library: Library, client: EngineClient, actions: Actions, window: QWidget
    ) -> None:
        super().__init__()
        self.model = AssistantsModel(library, client, self)
        self._actions = AssistantActions(actions, window)
        self._about = ""  # whose report card or practice questions are shown
        self.list = AssistantsView(self.model)
        self.wizard = WizardView(self.model, library, client)
        self.report = CardView()
        self.review = ReviewView(library, client)
        self._build()
        self._connect()
        self.show_all()
        theme.changed.connect(self._scale)
        self._scale()

    def _build(self) -> None:
        self.back = icon_button("back", self.tr("Back to all assistants"), self.show_all)
        self.title = ElidedLabel("", "title", Qt.TextElideMode.ElideRight)
        self.another = button(self.tr("Build another assistant"), self.build_new, picture="add")
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self.back)
        head.addWidget(self.title, 1)
        head.addWidget(self.another)
        self._stack = QStackedWidget()
        for view in (self.list, self.wizard, self.report, self.review):
            self._stack.addWidget(view)
        self._layout = QVBoxLayout(self)
        self._layout.addLayout(head)
        self._layout.addWidget(self._stack, 1)

    def _scale(self) -> None:
        side = theme.px(24)
        self._layout.setContentsMargins(side, theme.px(16), side, theme.px(16))
        self._layout.setSpacing(theme.px(12))

    def _connect(self) -> None:
        self.list.new_wanted.connect(self.build_new)
        self.list.build_wanted.connect(self.build_next)
        self.list.use_wanted.connect(self._use)
        self.list.report_wanted.connect(self.show_report)
        self.list.questions_wanted.connect(self.show_questions)
        self.list.rename_wanted.connect(self._rename)
        self.list.delete_wanted.connect(self._delete)
        self.wizard.title_changed.connect(self._name_wizard)
        self.wizard.use_wanted.connect(self._use)
        self.wizard.left.connect(self.show_all)
        self.wizard.citation_pressed.connect(self.citation_pressed)
        self.review.citation_pressed.connect(self.citation_pressed)
        self.report.use_wanted.connect(self._use_and_leave)
        self.report.keep_wanted.connect(lambda *_: self.show_all())
        self.report.more_wanted.connect(lambda assistant_id, _n: self.build_next(assistant_id))
        self.model.changed.connect(self._follow)

    # what is shown

    def show_all(self) -> None:
        """The list; a build that was looked at goes on."""
        self._about = ""
        self._show(self.list, self.tr("Assistants"))

    def build_new(self) -> None:
        self._show(self.wizard, self.tr("Build my assistant"))
        self.wizard.show_new()
        self.wizard.focus_first()

    def build_next(self, assistant_id: str) -> None:
        """The build of an assistant that goes on or stopped, else the choices for its next version."""
        row = self.model.row(assistant_id)
        if row is None:
            return
        if row.build is not None and row.build.state is not JobState.DONE:
            self.show_build(assistant_id)
            return
        self._show(self.wizard, self.tr("Build my assistant"))
        self.wizard.show_next(row)
        self.wizard.focus_first()

    def show_build(self, assistant_id: str) -> None:
        """Where a build stands, or what came of it."""
        self._show(self.wizard, self.tr("Build my assistant"))
        self.wizard.show_build(assistant_id)
        self.wizard.focus_first()

    def show_report(self, assistant_id: str) -> None:
        """The report card of the version that is offered, else of the one that answers or was last."""
        row = self.model.row(assistant_id)
        version = (row.offered or row.used or row.newest) if row is not None else None
        if row is None or version is None:
            return
        self._about = assistant_id
        used = version.number == row.assistant.current
        self.report.show_version(version, row.assistant.name, in_use=used)
        name = words.plain(row.assistant.name)
        self._show(self.report, self.tr("Report card of {name}").format(name=name))

    def show_questions(self, assistant_id: str) -> None:
        row = self.model.row(assistant_id)
        if row is not None:
            self._about = assistant_id
            self.review.show_assistant(assistant_id)
            name = words.plain(row.assistant.name)
            self._show(self.review, self.tr("Practice questions of {name}").format(name=name))
            self.review.setFocus(Qt.FocusReason.OtherFocusReason)

    def focus_first(self) -> None:
        """Puts the cursor where the person goes on."""
        shown = self._stack.currentWidget()
        if isinstance(shown, (AssistantsView, WizardView)):
            shown.focus_first()
        else:
            self.back.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show(self, view: QWidget, title: str) -> None:
        self._stack.setCurrentWidget(view)
        self.title.set_full_text(title)
        self.back.setVisible(view is not self.list)
        self.another.setVisible(view is self.list and not self.list.is_empty)
        if view is self.list and self.isVisible():
            self.list.focus_first()

    def _name_wizard(self, title: str) -> None:
        if self._stack.currentWidget() is self.wizard:
            self.title.set_full_text(title)

    def _follow(self) -> None:
        """Who is shown may be gone."""
        shown = self._stack.currentWidget()
        about = self.wizard.assistant_id if shown is self.wizard else self._about
        gone = bool(about) and self.model.row(about) is None
        if shown is not self.list and gone:
            self.show_all()
        elif shown is self.list:
            self.another.setVisible(not self.list.is_empty)

    # what a person does

    def _use(self, assistant_id: str, number: int) -> None:
        if (row := self.model.row(assistant_id)) is not None:
            self._actions.use(row, number)

    def _use_and_leave(self, assistant_id: str, number: int) -> None:
        self._use(assistant_id, number)
        self.show_all()

    def _rename(self, assistant_id: str) -> None:
        if (row := self.model.row(assistant_id)) is not None:
            self._actions.rename(row.assistant)

    def _delete(self, assistant_id: str) -> None:
        if (row := self.model.row(assistant_id)) is not None:
            self._actions.delete(row)
