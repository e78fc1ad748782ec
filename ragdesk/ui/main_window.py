"""The window: pages side by side, the source at the right, the jobs bar below; nothing else."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QByteArray, QSettings, Qt, QTimer
from PySide6.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
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
    QTextEdit,
    QVBoxLayout,
    QWidget,
)

from ..domain.conversation import Citation
from ..domain.document import Place
from ..domain.job import JobKind, JobState
from ..messages import Event, JobChanged, Ready, SettingsChanged
from . import words
from .actions import Actions
from .ask.ask_page import AskPage
from .dialogs import LeaveDialog, Leaving, NameDialog, ShortcutsDialog
from .documents.document_guide import DocumentGuide
from .documents.document_rows import DocumentRows
from .documents.documents_page import DocumentsPage
from .drop_overlay import DropOverlay
from .engine_client import EngineClient
from .jobs_bar import JobsBar
from .library import Library
from .navigation_bar import ASK, DOCUMENTS, SETTINGS, NavigationBar
from .settings.settings_page import SettingsPage
from .shelves_model import ShelvesModel, local_paths
from .start_page import StartPage
from .theme import theme
from .toast import Toast
from .viewer.source_viewer import SourceViewer
from .work_area import WorkArea

START = 3
FOLD_BELOW = 960  # pixels at 13 px text
PANE_WIDTH = 420


class MainWindow(QMainWindow):
    """Puts the parts together and passes their signals on. The pages know nothing of each other."""

    def __init__(self, library: Library, client: EngineClient) -> None:
        super().__init__()
        self.library = library
        self.client = client
        self._kept = QSettings(str(library.home.folder / "window.ini"), QSettings.Format.IniFormat)
        self._closing = False
        self._leaving_when_done = False
        self.actions_ = Actions(client, self)
        self.rows = DocumentRows(library, client, self)
        self.shelves = ShelvesModel(library, client, self)
        self._build()
        self._connect()
        self._add_shortcuts()
        self.setWindowTitle("RagDesk")
        self.setMinimumSize(640, 480)
        self.setAcceptDrops(True)
        self._restore_geometry()
        self.apply_look()
        self.show_page(ASK if self._has_documents() else START)

    def _build(self) -> None:
        self.navigation = NavigationBar(self.shelves)
        self.ask_page = AskPage(self.library, self.client, self)
        self.documents_page = DocumentsPage(self.rows, self.shelves, self.actions_)
        self.settings_page = SettingsPage(self.library, self.client, self.actions_)
        self.start_page = StartPage(self.rows, self.actions_)
        self.pages = QStackedWidget()
        for page in (self.ask_page, self.documents_page, self.settings_page, self.start_page):
            self.pages.addWidget(page)
        self.viewer = SourceViewer(self.library, self.client, self)
        self.guide = DocumentGuide(self.rows)
        self._sources = QStackedWidget()
        self._sources.addWidget(self.viewer)
        self._sources.addWidget(self.guide)
        width = self._kept.value("source_width", PANE_WIDTH)
        self.work = WorkArea(self.pages, self._sources, int(str(width)))
        self.jobs_bar = JobsBar(self.library, self.client, self.actions_)
        centre = QWidget()
        outer = QVBoxLayout(centre)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        row = QHBoxLayout()
        row.setSpacing(0)
        row.addWidget(self.navigation)
        row.addWidget(self.work, 1)
        outer.addLayout(row, 1)
        outer.addWidget(self.jobs_bar)
        self.setCentralWidget(centre)
        self.overlay = DropOverlay(self.work)
        self.toast = Toast(self.work)
        # A field would take a dropped file as text; in this window files always land on a shelf.
        for kind in (QLineEdit, QPlainTextEdit, QTextEdit):
            for field in self.findChildren(kind):
                field.setAcceptDrops(False)

    def _connect(self) -> None:
        self.navigation.page_chosen.connect(self._go_to)
        self.navigation.shelf_chosen.connect(self.choose_shelf)
        self.navigation.shelf_wanted.connect(self.make_shelf)
        self.navigation.rename_wanted.connect(self.rename_shelf)
        self.navigation.delete_wanted.connect(self.delete_shelf)
        self.navigation.view.hovered.connect(self._hover_shelf)
        self.shelves.files_dropped.connect(self.actions_.add)
        self.shelves.places_dropped.connect(self.actions_.move)
        self.actions_.told.connect(self.toast.say)
        self.actions_.shelf_made.connect(self._shelf_made)
        self.ask_page.citation_pressed.connect(self.show_citation)
        self.ask_page.add_requested.connect(self.documents_page.choose_files)
        self.documents_page.document_opened.connect(self.show_document)
        self.documents_page.place_chosen.connect(self._choose_place)
        self.start_page.question_wanted.connect(lambda: self._go_to(ASK))
        self.viewer.closed.connect(self.close_source)
        self.guide.closed.connect(self.close_source)
        self.guide.open_wanted.connect(self.documents_page.open_place)
        self.guide.original_wanted.connect(self.actions_.open_original)
        self.guide.folder_wanted.connect(self.actions_.show_in_folder)
        self.work.pane_resized.connect(lambda width: self._kept.setValue("source_width", width))
        self.rows.changed.connect(lambda *_: self._follow_documents())
        self.rows.loaded_first.connect(self._follow_documents)
        self.client.event_received.connect(self._hear)
        self.client.engine_left.connect(self._engine_left)
        self.library.opened.connect(self.apply_look)

    # keys

    def _shortcuts(self) -> list[tuple[str, str, Callable[[], object]]]:
        return [
            ("Ctrl+1", self.tr("Ask"), lambda: self._go_to(ASK)),
            ("Ctrl+2", self.tr("Documents"), lambda: self._go_to(DOCUMENTS)),
            ("Ctrl+3", self.tr("Settings"), lambda: self._go_to(SETTINGS)),
            ("Ctrl+L", self.tr("Type a question"), self._focus_question),
            ("Ctrl+F", self.tr("Search names of documents"), self._focus_search),
            ("Ctrl+O", self.tr("Add files"), self.documents_page.choose_files),
            ("Ctrl+Shift+O", self.tr("Add a folder"), self.documents_page.choose_folder),
            ("Ctrl+Shift+N", self.tr("New shelf"), self.make_shelf),
            ("F2", self.tr("Rename the shelf"), lambda: self.rename_shelf(self.navigation.shelf)),
            ("Ctrl+Z", self.tr("Undo the last removal"), self.toast.undo),
            ("Esc", self.tr("Close the document at the right"), self.close_source),
            ("F1", self.tr("Show these keys"), self.show_shortcuts),
            ("Ctrl+Q", self.tr("Close RagDesk"), self.close),
        ]

    def _add_shortcuts(self) -> None:
        for keys, _, act in self._shortcuts():
            if keys == "Ctrl+Z":
                continue  # fields have their own; see `_undo`
            QShortcut(QKeySequence(keys), self, act)
        QShortcut(QKeySequence.StandardKey.Undo, self, self._undo)

    def _undo(self) -> None:
        """Undo belongs to the field that is being written in, else to the last removal."""
        field = QApplication.focusWidget()
        if isinstance(field, (QLineEdit, QPlainTextEdit)) and not self.toast.can_undo():
            field.undo()
        else:
            self.toast.undo()

    def show_shortcuts(self) -> None:
        listed = [
            (QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText), what)
            for keys, what, _ in self._shortcuts()
        ]
        listed.append((self.tr("Enter"), self.tr("Open the chosen document")))
        listed.append((self.tr("Delete"), self.tr("Remove the chosen documents")))
        ShortcutsDialog(listed, self).open()

    # pages

    def show_page(self, page: int) -> None:
        self.pages.setCurrentIndex(page)
        self.navigation.show_page(ASK if page == START else page)
        if page == SETTINGS or (self.pages.currentIndex() == START):
            self.close_source()

    def _go_to(self, page: int) -> None:
        """Without any documents, asking and looking both begin with adding some."""
        empty = self.rows.loaded and not self.rows.rows
        if page in (ASK, DOCUMENTS) and (empty or not self._has_documents()):
            self.show_page(START)
            self.navigation.show_page(page)
            return
        if page == ASK and self._sources.currentWidget() is self.guide:
            self.close_source()
        self.show_page(page)
        if page == ASK:
            self.ask_page.focus_question()
        elif page == DOCUMENTS:
            self.documents_page.view.setFocus()

    def _has_documents(self) -> bool:
        if self.rows.loaded:
            return bool(self.rows.rows)
        return any(shelf.documents for shelf in self.shelves.shelves)

    def _follow_documents(self) -> None:
        """The start page stands while nothing lies on the desk, and until the person goes on."""
        here = self.pages.currentIndex()
        if not self.rows.rows and here in (ASK, DOCUMENTS):
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
        if self.pages.currentIndex() == SETTINGS:
            self._go_to(DOCUMENTS)

    # the source at the right

    def show_citation(self, citation: Citation) -> None:
        self._sources.setCurrentWidget(self.viewer)
        self.work.set_pane_open(True)
        self.viewer.show_citation(citation)

    def show_document(self, document_id: str) -> None:
        self._sources.setCurrentWidget(self.viewer)
        self.work.set_pane_open(True)
        self.viewer.show_document(document_id)

    def close_source(self) -> None:
        self.work.set_pane_open(False)

    def _choose_place(self, place: Place | None) -> None:
        """The guide follows the choice; where it would cover the table it waits to be asked."""
        if place is None:
            if self._sources.currentWidget() is self.guide:
                self.close_source()
            return
        self.guide.show_place(place.id)
        if self.work.is_narrow and self.sender() is not self.documents_page:
            return
        if not self.work.is_narrow:
            self._sources.setCurrentWidget(self.guide)
            self.work.set_pane_open(True)

    # shelves

    def make_shelf(self) -> None:
        dialog = NameDialog(self.tr("New shelf"), self.tr("Create"), "", self)
        dialog.accepted.connect(lambda: self.actions_.create_shelf(dialog.name()))
        dialog.open()

    def rename_shelf(self, collection_id: str | None) -> None:
        shelf = self.shelves.shelf(collection_id)
        if shelf is None:
            return
        dialog = NameDialog(self.tr("Rename the shelf"), self.tr("Rename"), shelf.name, self)
        dialog.accepted.connect(lambda: self.actions_.rename_shelf(shelf.id, dialog.name()))
        dialog.open()

    def delete_shelf(self, collection_id: str) -> None:
        shelf = self.shelves.shelf(collection_id)
        if shelf is not None:
            self.actions_.delete_shelf(shelf.id, shelf.name)

    def _shelf_made(self, collection_id: str) -> None:
        self.shelves.reload()
        self.navigation.choose_shelf(collection_id)
        self.choose_shelf(collection_id)

    # dropping

    def _drop_text(self, shelf: str, count: int) -> str:
        if shelf:
            text = self.tr("Let go to put {files} on the shelf {shelf}")
            return text.format(files=words.files(count) if count else self.tr("them"), shelf=shelf)
        return self.tr("Let go to add {files}").format(files=words.files(count))

    def _hover_shelf(self, shelf: str) -> None:
        if shelf:
            self.overlay.show_target(self._drop_text(shelf, 0))
        else:
            self.overlay.hide()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        paths = local_paths(event.mimeData())
        if not paths:
            return
        shelf = self.shelves.shelf(self.navigation.shelf)
        shelves = self.shelves.shelves
        if shelf is None and len(shelves) > 1:
            shelf = shelves[0]
        name = words.plain(shelf.name) if shelf is not None else ""
        self.overlay.show_target(self._drop_text(name, len(paths)))
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        if event.mimeData().hasUrls():
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()

    def dragLeaveEvent(self, _event: QDragLeaveEvent) -> None:
        self.overlay.hide()

    def dropEvent(self, event: QDropEvent) -> None:
        self.overlay.hide()
        paths = local_paths(event.mimeData())
        if paths:
            # Copied, never moved: the file manager must not take the original away.
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
            self.add(paths)

    def add(self, paths: Sequence[str]) -> None:
        """Reads files and folders onto the shelf that is chosen."""
        self.actions_.add(paths, self.navigation.shelf or "")

    # hearing

    def _hear(self, event: Event) -> None:
        if isinstance(event, Ready):
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
            theme.apply(app, look, size)
            self._fold()

    # size and end

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fold()
        QTimer.singleShot(0, self._place_floating)

    def _fold(self) -> None:
        self.navigation.fold(self.width() < theme.px(FOLD_BELOW))

    def _place_floating(self) -> None:
        self.toast.place()
        if self.overlay.isVisible():
            self.overlay.setGeometry(self.work.rect())

    def _restore_geometry(self) -> None:
        kept = self._kept.value("geometry")
        if not (isinstance(kept, QByteArray) and self.restoreGeometry(kept)):
            self.resize(1200, 780)

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
            self._closing = True
            self.close()
        elif choice is Leaving.FINISH:
            self._leaving_when_done = True
            self.jobs_bar.say_closing()
            self.client.leave(finish=True)

    def _engine_left(self) -> None:
        if self._leaving_when_done:
            self._closing = True
            self.close()

    def raise_to_front(self) -> None:
        """For a second start: the window that is there comes forward."""
        if self.isMinimized():
            self.showNormal()
        self.show()
        self.raise_()
        self.activateWindow()
