"""The window: pages side by side, the source at the right, the jobs bar below; nothing else."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QByteArray, QEvent, QObject, QSettings, QTimer
from PySide6.QtGui import (
    QCloseEvent,
    QKeyEvent,
    QKeySequence,
    QResizeEvent,
    QShortcut,
)
from PySide6.QtWidgets import (
    QApplication,
    QHBoxLayout,
    QLineEdit,
    QMainWindow,
    QPlainTextEdit,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from ..domain.conversation import Citation
from ..domain.job import JobKind, JobState
from ..messages import Event, JobChanged, Ready, SettingsChanged
from . import words
from .actions import Actions
from .ask.ask_page import AskPage
from .assistants.assistants_page import AssistantsPage
from .dialogs import LeaveDialog, Leaving, ShelfDialogs, ShortcutsDialog
from .documents.document_rows import DocumentRows
from .documents.documents_page import DocumentsPage
from .engine_client import EngineClient
from .file_drop import FileDrop
from .jobs_bar import JobsBar
from .library import Library
from .navigation_bar import ASK, ASSISTANTS, DOCUMENTS, SETTINGS, NavigationBar
from .settings.settings_page import SettingsPage
from .shelves_model import ShelvesModel
from .source_pane import SourcePane
from .start_page import StartPage, sample_documents
from .theme import theme
from .toast import Toast

START = 4
# The column folds where the pages would be cramped beside it: by the window's own width, and by what
# the column and the narrowest page take at the text size in force.
FOLD_BELOW = 900  # pixels
FOLD_BELOW_SCALED = 768  # pixels at 13 px text
TITLE_BAR = 40  # pixels that the desktop puts above a window


class MainWindow(QMainWindow):
    """Puts the parts together and passes their signals on. The pages know nothing of each other."""

    def __init__(self, library: Library, client: EngineClient) -> None:
        super().__init__()
        self.library = library
        self.client = client
        self._kept = QSettings(str(library.home.folder / "window.ini"), QSettings.Format.IniFormat)
        self._look = ("", 0)
        self._closing = False
        self._leaving_when_done = False
        self.actions_ = Actions(client, self)
        self.rows = DocumentRows(library, client, self)
        self.shelves = ShelvesModel(library, client, self)
        self.apply_look()  # first: the parts take their sizes from it
        self._build()
        self._connect()
        self._add_shortcuts()
        self.setWindowTitle("RagDesk")
        self.setMinimumSize(640, 480)
        self._restore_geometry()
        self._fold()
        self.show_page(ASK if self._has_documents() else START)

    def _build(self) -> None:
        self.navigation = NavigationBar(self.shelves)
        self.ask_page = AskPage(self.library, self.client, self)
        self.documents_page = DocumentsPage(self.rows, self.shelves, self.actions_)
        self.assistants_page = AssistantsPage(self.library, self.client, self.actions_, self)
        self.settings_page = SettingsPage(self.library, self.client, self.actions_)
        self.start_page = StartPage(self.rows, self.actions_)
        self.pages = QStackedWidget()
        for page in (self.ask_page, self.documents_page, self.assistants_page, self.settings_page,
                     self.start_page):  # fmt: skip
            self.pages.addWidget(page)
        self.source = SourcePane(self.library, self.client, self.rows, self.pages, self._kept)
        self.jobs_bar = JobsBar(self.library, self.client, self.actions_)
        centre = QWidget()
        outer = QVBoxLayout(centre)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        row = QHBoxLayout()
        row.setSpacing(0)
        row.addWidget(self.navigation)
        row.addWidget(self.source.work, 1)
        outer.addLayout(row, 1)
        outer.addWidget(self.jobs_bar)
        self.setCentralWidget(centre)
        self.toast = Toast(self.source.work)
        self.shelf_dialogs = ShelfDialogs(self.shelves, self.actions_, self)
        self.drop = FileDrop(self, self.source.work, self.shelves, self.navigation, self.add)

    def _connect(self) -> None:
        self.navigation.page_chosen.connect(self._go_to)
        self.navigation.shelf_chosen.connect(self.choose_shelf)
        self.navigation.shelf_wanted.connect(self.shelf_dialogs.make)
        self.navigation.rename_wanted.connect(self.shelf_dialogs.rename)
        self.navigation.delete_wanted.connect(self.shelf_dialogs.delete)
        self.shelves.files_dropped.connect(self.actions_.add)
        self.shelves.places_dropped.connect(self.actions_.move)
        self.actions_.told.connect(self.toast.say)
        self.actions_.shelf_made.connect(self._shelf_made)
        self.ask_page.citation_pressed.connect(self.source.show_citation)
        self.ask_page.answered.connect(self._show_beside)
        self.ask_page.add_requested.connect(self.documents_page.choose_files)
        self.ask_page.judged.connect(self.actions_.judge)
        self.ask_page.support_wanted.connect(self.actions_.look_for_support)
        self.ask_page.removal_wanted.connect(self.actions_.remove_sentence)
        self.documents_page.document_opened.connect(self.source.show_document)
        self.documents_page.place_chosen.connect(self.source.follow_choice)
        self.documents_page.guide_wanted.connect(self.source.show_guide)
        self.assistants_page.citation_pressed.connect(self.source.show_citation)
        self.jobs_bar.build_wanted.connect(self._show_build)
        self.assistants_page.wizard.seen.connect(self.jobs_bar.leave_build)
        self.start_page.question_wanted.connect(lambda: self._go_to(ASK))
        self.start_page.sample_wanted.connect(self._add_sample)
        guide = self.source.guide
        guide.open_wanted.connect(self.documents_page.open_place)
        guide.original_wanted.connect(self.actions_.open_original)
        guide.folder_wanted.connect(self.actions_.show_in_folder)
        page = self.documents_page
        guide.move_wanted.connect(lambda place, at: page.open_shelves([place], at))
        guide.again_wanted.connect(lambda place: page.read_again([place]))
        guide.remove_wanted.connect(lambda place: self.actions_.remove([place]))
        page.shelf_wanted.connect(self.shelf_dialogs.make)
        self.rows.changed.connect(self._follow_documents)
        self.rows.loaded_first.connect(self._follow_documents)
        self.client.event_received.connect(self._hear)
        self.client.engine_left.connect(self._engine_left)
        self.library.opened.connect(self.apply_look)
        theme.changed.connect(self._fold)

    # keys

    def _shortcuts(self) -> list[tuple[str, str, Callable[[], object]]]:
        return [
            ("Ctrl+1", self.tr("Ask"), lambda: self._go_to(ASK)),
            ("Ctrl+2", self.tr("Documents"), lambda: self._go_to(DOCUMENTS)),
            ("Ctrl+3", self.tr("Assistants"), lambda: self._go_to(ASSISTANTS)),
            ("Ctrl+4", self.tr("Settings"), lambda: self._go_to(SETTINGS)),
            ("Ctrl+L", self.tr("Type a question"), self._focus_question),
            ("Ctrl+F", self.tr("Search names of documents"), self._focus_search),
            ("Ctrl+O", self.tr("Add files"), self.documents_page.choose_files),
            ("Ctrl+Shift+O", self.tr("Add a folder"), self.documents_page.choose_folder),
            ("Ctrl+Shift+N", self.tr("New shelf"), self.shelf_dialogs.make),
            (
                "F2",
                self.tr("Rename the shelf"),
                lambda: self.shelf_dialogs.rename(self.navigation.shelf),
            ),
            ("Ctrl+Z", self.tr("Undo the last removal or what was just said"), self.toast.undo),
            ("Esc", self.tr("Stop writing, or close the document at the right"), self._escape),
            ("F1", self.tr("Show these keys"), self.show_shortcuts),
            ("Ctrl+Q", self.tr("Close RagDesk"), self.close),
        ]

    def _add_shortcuts(self) -> None:
        for keys, _, act in self._shortcuts():
            if keys == "Ctrl+Z":
                continue  # fields have their own; see `_undo`
            QShortcut(QKeySequence(keys), self, act)
        QShortcut(QKeySequence.StandardKey.Undo, self, self._undo)
        for field in (self.ask_page.question.field, self.documents_page.search):
            field.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Fields would keep Ctrl+Z for themselves, also when they have nothing to undo."""
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.matches(QKeySequence.StandardKey.Undo)
        ):
            event.ignore()
            return True
        return super().eventFilter(watched, event)

    def _undo(self) -> None:
        """The removal on offer first, then what was typed in the field, then the last removal."""
        field = QApplication.focusWidget()
        typed = (isinstance(field, QLineEdit) and field.isUndoAvailable()) or (
            isinstance(field, QPlainTextEdit) and field.document().isUndoAvailable()
        )
        if typed and not self.toast.offers_undo():
            assert isinstance(field, (QLineEdit, QPlainTextEdit))
            field.undo()
        else:
            self.toast.undo()

    def _escape(self) -> None:
        if self.pages.currentIndex() != ASK or not self.ask_page.stop_writing():
            self.source.close()

    def show_shortcuts(self) -> None:
        listed = [
            (QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText), what)
            for keys, what, _ in self._shortcuts()
        ]
        listed.append(("Ctrl+N", self.tr("New conversation")))
        listed.append(("Ctrl+H", self.tr("Earlier conversations")))
        listed.append((self.tr("Enter"), self.tr("Open the chosen document")))
        listed.append((self.tr("Delete"), self.tr("Remove the chosen documents")))
        ShortcutsDialog(listed, self).open()

    # pages

    def show_page(self, page: int) -> None:
        self.pages.setCurrentIndex(page)
        self.navigation.show_page(ASK if page == START else page)
        if page in (SETTINGS, START):
            self.source.close()
        elif page == ASK:
            self.ask_page.focus_question()

    def _go_to(self, page: int) -> None:
        """Without any documents, asking, looking and building all begin with adding some."""
        empty = self.rows.loaded and not self.rows.rows
        if page != SETTINGS and (empty or not self._has_documents()):
            self.show_page(START)
            self.navigation.show_page(page)
            return
        if page == ASK:
            self.source.close_guide()
        self.show_page(page)
        if page == DOCUMENTS:
            self.source.close_viewer()  # it belongs to the answers that were just left
            self.documents_page.view.setFocus()
        elif page == ASSISTANTS:
            self.source.close()
            self.assistants_page.focus_first()

    def _show_build(self, assistant_id: str) -> None:
        self._go_to(ASSISTANTS)
        self.assistants_page.show_build(assistant_id)

    def _has_documents(self) -> bool:
        if self.rows.loaded:
            return bool(self.rows.rows)
        return any(shelf.documents for shelf in self.shelves.shelves)

    def _follow_documents(self) -> None:
        """The start page stands while nothing lies on the desk, and until the person goes on."""
        here = self.pages.currentIndex()
        if not self.rows.rows and here in (ASK, DOCUMENTS, ASSISTANTS):
            self.start_page.invite()
            self.show_page(START)
            self.navigation.show_page(here)
        elif self.rows.rows and here == START and not self.start_page.is_reading():
            self.show_page(ASK)

    def _focus_question(self) -> None:
        self._go_to(ASK)

    def _focus_search(self) -> None:
        self._go_to(DOCUMENTS)
        if self.pages.currentIndex() == DOCUMENTS:
            self.documents_page.focus_search()

    def choose_shelf(self, collection_id: str | None) -> None:
        self.documents_page.set_shelf(collection_id)
        self.ask_page.set_collection(collection_id)
        if self.pages.currentIndex() in (ASSISTANTS, SETTINGS):
            self._go_to(DOCUMENTS)

    def _show_beside(self, citation: Citation | None) -> None:
        if self.pages.currentIndex() == ASK:
            self.source.show_beside(citation)

    def _shelf_made(self, collection_id: str) -> None:
        self.shelves.reload()
        self.navigation.choose_shelf(collection_id)
        self.choose_shelf(collection_id)

    def add(self, paths: Sequence[str]) -> None:
        """Reads files and folders onto the shelf that is chosen."""
        self.actions_.add(paths, self.navigation.shelf or "")

    def _add_sample(self) -> None:
        """The sample firm lies on a shelf of its own, so that it can go again as a whole."""
        name = self.tr("Sample firm")
        self.shelves.reload()
        named = (s for s in self.shelves.shelves if s.name.casefold() == name.casefold())
        shelf = next(named, None)
        if shelf is None:
            self.actions_.add_to_named(sample_documents(), name)
        else:
            self.actions_.add(sample_documents(), shelf.id)

    # hearing

    def _hear(self, event: Event) -> None:
        if isinstance(event, Ready):
            self.toast.forget_undo()
            self.library.open()
        elif isinstance(event, SettingsChanged):
            self.apply_look()
        elif isinstance(event, JobChanged) and event.kind == JobKind.ADD:
            over = event.state in (JobState.DONE, JobState.CANCELLED, JobState.FAILED)
            if over and not event.total and not self._has_documents():
                self.start_page.invite()
                self.toast.say(self.tr("There was no file in it that could be read."))

    def apply_look(self) -> None:
        """Puts the chosen appearance and text size in force."""
        app = QApplication.instance()
        if isinstance(app, QApplication):
            look, size = "system", 100
            if self.library.is_open:
                look = str(self.library.choices.get("appearance"))
                size = int(self.library.choices.get("text_size"))
            if (look, size) != self._look:
                self._look = (look, size)
                theme.apply(app, look, size)

    # size and end

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fold()
        QTimer.singleShot(0, self.toast.place)

    def _fold(self) -> None:
        self.navigation.fold(self.width() < max(FOLD_BELOW, theme.px(FOLD_BELOW_SCALED)))

    def _restore_geometry(self) -> None:
        kept = self._kept.value("geometry")
        if not (isinstance(kept, QByteArray) and self.restoreGeometry(kept)):
            room = self.screen().availableGeometry()
            self.resize(min(1200, room.width()), min(780, room.height() - TITLE_BAR))

    def closeEvent(self, event: QCloseEvent) -> None:
        if not self._closing and self.jobs_bar.is_working():
            event.ignore()
            self._ask_before_leaving()
            return
        self._kept.setValue("geometry", self.saveGeometry())
        self.rows.wait()
        event.accept()

    def _ask_before_leaving(self) -> None:
        job = self.jobs_bar.current()
        dialog = LeaveDialog(words.job(job) if job is not None else "", self)
        dialog.accepted.connect(lambda: self._leave(dialog.choice))
        dialog.open()

    def _leave(self, choice: Leaving) -> None:
        if choice is Leaving.STOP:
            self.leave_now()
        elif choice is Leaving.FINISH:
            self._leaving_when_done = True
            self.jobs_bar.say_closing()
            self.client.leave(finish=True)

    def _engine_left(self) -> None:
        if self._leaving_when_done:
            self.leave_now()

    def leave_now(self) -> None:
        """Closes without asking; what runs goes on the next time."""
        self._closing = True
        self.close()

    def raise_to_front(self) -> None:
        """For a second start: the window that is there comes forward."""
        if self.isMinimized():
            self.showNormal()
        self.show()
        self.raise_()
        self.activateWindow()
