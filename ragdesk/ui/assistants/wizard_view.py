"""Build my assistant: six steps, each one screen with one main button."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from ...messages import (
    BuildAssistant,
    CancelJob,
    Done,
    Event,
    Failed,
    GoOn,
    ListModels,
    ModelsListed,
    PauseJob,
    ResumeJob,
)
from .. import words
from ..engine_client import EngineClient
from ..library import Library
from ..theme import theme
from . import assistant_words
from .assistant_words import CHECK, CHOOSE, FIRST_EXAM, LEARNING, QUESTIONS, REPORT
from .assistants_model import AssistantsModel, Row
from .build_bar import BuildBar
from .builds_model import Build
from .card_view import CardView
from .check_view import CheckView
from .choose_view import ChooseView
from .exam_view import ExamView
from .learning_view import LearningView
from .questions_view import QuestionsView
from .stepper_bar import StepperBar

WIDEST = 760  # px at 13 px text


class WizardView(QWidget):
    """Follows one build. The build itself is a job: it goes on when this is left or closed.

    Signals:
        title_changed: what stands above.
        use_wanted: (id of an assistant, number of the version) that is to answer from now on.
        left: the person is done here.
        seen: the id of the assistant whose build is before the person's eyes, "" where none is.
        citation_pressed: the `Citation` of a place, to be opened beside.
    """

    title_changed = Signal(str)
    use_wanted = Signal(str, int)
    left = Signal()
    seen = Signal(str)
    citation_pressed = Signal(object)

    def __init__(self, model: AssistantsModel, library: Library, client: EngineClient) -> None:
        super().__init__()
        self._model = model
        self._client = client
        self._assistant = ""  # "" while one is chosen
        self._asked = ""  # tag of the build that was asked for, until that is answered
        self._seen = ""
        self._reached = CHOOSE
        self._looked_at: int | None = None  # an earlier step that the person went back to
        self.steps = StepperBar()
        self.bar = BuildBar()
        self.choose = ChooseView(library)
        self.check = CheckView()
        self.questions = QuestionsView(library, client)
        self.exam = ExamView()
        self.learning = LearningView()
        self.report = CardView()
        self._build()
        self._connect()

    def _build(self) -> None:
        self._stack = QStackedWidget()
        for view in (self.choose, self.check, self.questions, self.exam, self.learning,
                     self.report):  # fmt: skip
            own = view in (self.questions, self.report)  # they scroll by themselves
            self._stack.addWidget(view if own else _scrolled(view))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.px(12))
        layout.addWidget(self.steps)
        layout.addWidget(self.bar)
        layout.addWidget(self._stack, 1)

    def _connect(self) -> None:
        self.steps.chosen.connect(self._look_at)
        self.bar.pause_wanted.connect(lambda: self._send_of_job(PauseJob))
        self.bar.resume_wanted.connect(lambda: self._send_of_job(ResumeJob))
        self.bar.stop_wanted.connect(lambda: self._send_of_job(CancelJob))
        self.bar.again_wanted.connect(self._build_again)
        self.bar.choice_wanted.connect(self._choose_again)
        self.choose.begun.connect(self._begin)
        self.questions.go_on.connect(self._go_on)
        self.questions.citation_pressed.connect(self.citation_pressed)
        self.report.use_wanted.connect(self._use)
        self.report.keep_wanted.connect(lambda *_: self._leave())
        self.report.more_wanted.connect(lambda *_: self._learn_more())
        self._model.changed.connect(self._follow)
        self._client.event_received.connect(self._hear)

    # what is shown

    @property
    def assistant_id(self) -> str:
        """Whose build is shown; "" while one is chosen."""
        return self._assistant

    @property
    def shown(self) -> int:
        """The step that is shown."""
        return self._stack.currentIndex()

    def show_new(self) -> None:
        """Begins another assistant."""
        self._assistant, self._asked = "", ""
        self.choose.show_new()
        self._show_choice()

    def show_next(self, row: Row) -> None:
        """Begins the next version of an assistant."""
        self._assistant, self._asked = "", ""
        self.choose.show_next(row)
        self._show_choice()

    def show_build(self, assistant_id: str) -> None:
        """Shows where the build of an assistant stands."""
        self._assistant, self._asked, self._looked_at = assistant_id, "", None
        self._follow()

    def focus_first(self) -> None:
        """Puts the cursor where the person goes on."""
        if self.shown == CHOOSE:
            self.choose.focus_first()
        elif self.shown == QUESTIONS:
            self.questions.review.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.steps.focus_shown()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._tell_seen()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._tell_seen()

    def _tell_seen(self) -> None:
        seen = self._assistant if self.isVisible() else ""
        if seen != self._seen:
            self._seen = seen
            self.seen.emit(seen)

    def _show_choice(self) -> None:
        self._looked_at = None
        self._client.send(ListModels())
        self._show(CHOOSE, None)

    def _row(self) -> Row | None:
        return self._model.row(self._assistant) if self._assistant else None

    def _follow(self) -> None:
        """Shows what the model has of the build now."""
        row = self._row()
        if row is None or row.build is None:
            return
        reached = assistant_words.step_of(row.build)
        if reached != self._reached:
            self._looked_at = None  # what is new is shown
        self._show(reached, row.build)

    def _show(self, reached: int, build: Build | None) -> None:
        self._reached = reached
        shown = reached if self._looked_at is None else self._looked_at
        self.steps.show_steps(reached, shown, CHOOSE if reached == CHOOSE else CHECK)
        self.bar.show_build(build)
        if build is not None:
            self._show_build(shown, build)
        elif shown == CHECK:
            self.check.show_build(None)
        if shown != self._stack.currentIndex():
            self._stack.setCurrentIndex(shown)
            if self.isVisible():
                self.focus_first()
        self._tell_seen()
        row = self._row()
        name = words.plain(row.assistant.name) if row is not None else ""
        title = self.tr("Building {name}").format(name=name) if name else ""
        self.title_changed.emit(title or self.tr("Build my assistant"))

    def _show_build(self, shown: int, build: Build) -> None:
        if shown == CHECK:
            self.check.show_build(build)
        elif shown == QUESTIONS:
            self.questions.show_build(build)
        elif shown == FIRST_EXAM:
            self.exam.show_build(build)
        elif shown == LEARNING:
            self.learning.show_build(build)
        elif shown == REPORT:
            self._show_report()

    def _show_report(self) -> None:
        row = self._row()
        if row is not None and row.newest is not None:
            used = row.newest.number == row.assistant.current
            self.report.show_version(row.newest, row.assistant.name, in_use=used)

    def _look_at(self, step: int) -> None:
        """An earlier step once more; the one that was reached follows the build again."""
        row = self._row()
        self._looked_at = None if step == self._reached else step
        self._show(self._reached, row.build if row is not None else None)

    # what a person does

    def _begin(self, command: BuildAssistant) -> None:
        self._asked = self._client.send(command)
        self._looked_at = None
        self._show(CHECK, None)

    def _send_of_job(self, command: type[PauseJob | ResumeJob | CancelJob]) -> None:
        row = self._row()
        if row is not None and row.build is not None:
            self._client.send(command(job_id=row.build.job_id))

    def _go_on(self) -> None:
        self._client.send(GoOn(assistant_id=self._assistant))

    def _build_again(self) -> None:
        row = self._row()
        if row is not None and row.build is not None:
            build = row.build
            self._begin(_command_of(row, build.minutes, build.teacher, waits=build.waits))

    def _choose_again(self) -> None:
        """The choices once more, as they were."""
        row = self._row()
        if row is None or row.build is None:
            return
        build, self._assistant = row.build, ""
        self.choose.show_next(row, build.minutes, build.teacher)
        self._show_choice()

    def _learn_more(self) -> None:
        """The choices, with a night's time: a person says when it begins."""
        row = self._row()
        if row is not None:
            teacher = row.build.teacher if row.build is not None else ""
            self._assistant, self._asked = "", ""
            self.choose.show_next(row, assistant_words.TONIGHT, teacher)
            self._show_choice()

    def _use(self, assistant_id: str, number: int) -> None:
        self.use_wanted.emit(assistant_id, number)
        self._leave()

    def _leave(self) -> None:
        self._model.builds.forget(self._assistant)
        self.left.emit()

    # hearing

    def _hear(self, event: Event) -> None:
        if isinstance(event, ModelsListed):
            self.choose.show_models(event)
        elif isinstance(event, (Done, Failed)) and self._asked and event.tag == self._asked:
            if isinstance(event, Failed):
                self._refused(event)
            else:
                self._asked = ""
                self._assistant = self._model.builds.take(int(event.result))
                self._model.reload()
                self._follow()

    def _refused(self, event: Failed) -> None:
        """It could not even begin: why is said where it can be chosen otherwise."""
        self._asked, self._assistant = "", ""
        self._show(CHOOSE, None)
        self.choose.show_problem(words.error(event.code, event.params))


def _command_of(row: Row, minutes: int, teacher: str, *, waits: bool) -> BuildAssistant:
    return BuildAssistant(
        name=row.assistant.name,
        collection_id=row.assistant.collection_id,
        minutes=minutes,
        teacher=teacher,
        waits=waits,
    )


def _scrolled(view: QWidget) -> QScrollArea:
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(view)
    view.setMaximumWidth(theme.px(WIDEST))
    return area
