"""The page of documents: what is there, how it stands, and what needs a person."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QMenu, QStackedWidget, QVBoxLayout, QWidget

from ...domain.document import Place
from .. import words
from ..actions import Actions
from ..icons import icon
from ..shelves_model import ShelvesModel
from ..theme import theme
from ..widgets import ElidedLabel, button, frame, label, picture_label
from .chosen_bar import ChosenBar
from .document_rows import DocumentRows, Need, Row
from .documents_model import DocumentsModel
from .documents_view import DocumentsView
from .password_dialog import PasswordDialog
from .problems_band import ProblemsBand
from .problems_model import ProblemsModel

SEARCH_BELOW = 560  # pixels at 13 px text: a narrower page has its search below its title


class DocumentsPage(QWidget):
    """Title, search and "Add files"; the band; the table.

    Signals:
        document_opened: the id of a document to be shown in the viewer.
        place_chosen: the one place that is chosen, or None.
        guide_wanted: the place that a person wants to know more about.
        shelf_wanted: places that are to go on a shelf still to be made.
    """

    document_opened = Signal(str)
    place_chosen = Signal(object)
    guide_wanted = Signal(object)
    shelf_wanted = Signal(list)

    def __init__(self, rows: DocumentRows, shelves: ShelvesModel, actions: Actions) -> None:
        super().__init__()
        self._rows = rows
        self._shelves = shelves
        self._actions = actions
        self._shelf: str | None = None
        self.model = DocumentsModel(rows, self)
        self.problems = ProblemsModel(rows, self)
        self.view = DocumentsView(self.model)
        self._build()
        self._search_timer = QTimer(self, singleShot=True, interval=120)
        self._search_timer.timeout.connect(self._search)
        self.search.textChanged.connect(self._search_timer.start)
        for signal in (self.model.rowsInserted, self.model.rowsRemoved, self.model.modelReset):
            signal.connect(self._count)
        rows.changed.connect(self._count)
        shelves.modelReset.connect(self._count)
        shelves.modelReset.connect(self._fit)
        self.view.selectionModel().selectionChanged.connect(self._tell_choice)
        self.view.opened.connect(self.open_place)
        self.view.remove_wanted.connect(lambda: actions.remove(self.view.chosen()))
        self.view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.view.customContextMenuRequested.connect(self._open_menu)
        theme.changed.connect(self._scale)
        self._scale()
        self._fit()
        self._count()

    def _scale(self) -> None:
        self._place_search()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_search()

    def _place_search(self) -> None:
        """Beside the title, or below it where the title would be cut."""
        below = self.width() < theme.px(SEARCH_BELOW)
        self.search.setMinimumWidth(theme.px(200))
        self.search.setMaximumWidth(theme.px(2000) if below else theme.px(200))
        if below == (self._below_head.count() > 0):
            return
        if below:
            self._head.removeWidget(self.search)
            self._below_head.addWidget(self.search)
        else:
            self._below_head.removeWidget(self.search)
            self._head.insertWidget(1, self.search)

    def _build(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 16)
        layout.setSpacing(12)
        head = self._head = QHBoxLayout()
        head.setSpacing(12)
        titles = QVBoxLayout()
        titles.setSpacing(2)
        self.title = ElidedLabel("", "title", Qt.TextElideMode.ElideRight)
        self._counted = ElidedLabel("", "muted", Qt.TextElideMode.ElideRight)
        titles.addWidget(self.title)
        titles.addWidget(self._counted)
        head.addLayout(titles, 1)
        self.search = QLineEdit()
        self.search.setPlaceholderText(self.tr("Search names"))
        self.search.setAccessibleName(self.tr("Search names of documents"))
        self.search.setToolTip(self.tr("Search names (Ctrl+F)"))
        self.search.setClearButtonEnabled(True)
        self._search_picture = self.search.addAction(
            icon("search", "muted"), QLineEdit.ActionPosition.LeadingPosition
        )
        head.addWidget(self.search)  # its place; see `_place_search`
        add = button(self.tr("Add files"), kind="primary", picture="add")
        menu = QMenu(add)
        menu.addAction(icon("file"), self.tr("Files…"), self.choose_files)
        menu.addAction(icon("folder"), self.tr("A folder…"), self.choose_folder)
        add.clicked.connect(
            lambda: menu.popup(add.mapToGlobal(QPoint(0, add.height() + theme.px(4))))
        )
        head.addWidget(add)
        layout.addLayout(head)
        self._below_head = QVBoxLayout()
        layout.addLayout(self._below_head)
        self.band = ProblemsBand(self.problems)
        self.band.action_wanted.connect(self.solve)
        layout.addWidget(self.band)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.view)
        self._stack.addWidget(self._empty())
        card = frame("card")
        inside = QVBoxLayout(card)
        inside.setContentsMargins(4, 4, 4, 4)
        inside.addWidget(self._stack)
        layout.addWidget(card, 1)
        self.chosen = ChosenBar()
        self.chosen.move_wanted.connect(lambda at: self.open_shelves(self.view.chosen(), at))
        self.chosen.again_wanted.connect(lambda: self.read_again(self.view.chosen()))
        self.chosen.remove_wanted.connect(lambda: self._actions.remove(self.view.chosen()))
        layout.addWidget(self.chosen)

    def _empty(self) -> QWidget:
        page = QWidget()
        layout = QVBoxLayout(page)
        layout.setSpacing(8)
        layout.addStretch(2)
        layout.addWidget(picture_label("drop", "muted", 40), 0, Qt.AlignmentFlag.AlignHCenter)
        self._empty_title = label("", "card")
        self._empty_text = label("", "muted")
        for part in (self._empty_title, self._empty_text):
            part.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            layout.addWidget(part)
        layout.addStretch(3)
        return page

    # what others may ask

    def set_shelf(self, collection_id: str | None) -> None:
        self._shelf = collection_id
        self.model.set_shelf(collection_id)
        self.problems.set_shelf(collection_id)
        self._fit()
        self._count()

    def focus_search(self) -> None:
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def choose_files(self) -> None:
        self._actions.choose_files(self._shelf or "")

    def choose_folder(self) -> None:
        self._actions.choose_folder(self._shelf or "")

    def open_place(self, place: Place) -> None:
        """Shows a document in the viewer; one that was not read says at the right why."""
        row = self._rows.rows.get(place.id)
        document = row.placed.document if row is not None else None
        if document is not None and document.pages:
            self.document_opened.emit(document.id)
        else:
            self.guide_wanted.emit(place)

    def read_again(self, places: list[Place]) -> None:
        self._actions.read_again([place.id for place in places])

    def open_shelves(self, places: list[Place], at: QPoint) -> None:
        """The menu of shelves that documents can go on, at a point of the screen."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._add_shelves(menu, places)
        menu.popup(at)

    def solve(self, row: Row) -> None:
        """Does the one thing that a file needs."""
        place = row.placed.place
        if row.need is Need.PASSWORD:
            locked = [r.id for r in self._rows.needing() if r.need is Need.PASSWORD]
            order = [row.id, *(id_ for id_ in locked if id_ != row.id)]
            PasswordDialog(order, self._rows, self._actions, self).open()
        elif row.need is Need.FIND:
            self._actions.find(place)
        elif row.need is Need.READ_AGAIN:
            self._actions.read_again([place.id])
        elif row.need is Need.REMOVE:
            self._actions.remove([place])

    # inside

    def _fit(self) -> None:
        self.view.set_one_shelf(self._shelf is not None or len(self._shelves.shelves) < 2)

    def _search(self) -> None:
        self.model.set_search(self.search.text())

    def _tell_choice(self) -> None:
        self.place_chosen.emit(self.view.only_chosen())
        self.chosen.show_count(self.view.count_chosen())

    def _count(self) -> None:
        shelf = self._shelves.shelf(self._shelf)
        title = words.plain(shelf.name) if shelf is not None else self.tr("Documents")
        self.title.set_full_text(title)
        shown = self.model.rowCount()
        text = words.documents(shown)
        if self.search.text().strip():
            text = self.tr("{documents} found").format(documents=text)
        self._counted.set_full_text(text)
        self._stack.setCurrentIndex(0 if shown or not self._rows.loaded else 1)
        if self.search.text().strip():
            self._empty_title.setText(self.tr("No name fits"))
            self._empty_text.setText(self.tr("To search inside documents, ask a question."))
        else:
            self._empty_title.setText(self.tr("Nothing lies here yet"))
            self._empty_text.setText(self.tr("Drop files or folders anywhere in this window."))

    def _open_menu(self, at: QPoint) -> None:
        places = self.view.chosen()
        if not places:
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        if len(places) == 1:
            self._add_single_actions(menu, places[0])
        move = menu.addMenu(icon("shelf"), self.tr("Move to shelf"))
        self._add_shelves(move, places)
        menu.addAction(icon("again"), self.tr("Read again"), lambda: self.read_again(places))
        menu.addSeparator()
        menu.addAction(icon("remove"), self.tr("Remove"), lambda: self._actions.remove(places))
        menu.popup(self.view.viewport().mapToGlobal(at))

    def _add_shelves(self, menu: QMenu, places: list[Place]) -> None:
        """Every shelf but the one that all of them lie on already, and a new one."""
        ids = [place.id for place in places]
        there = {place.collection_id for place in places}
        for shelf in self._shelves.shelves:
            if there != {shelf.id}:
                entry = menu.addAction(words.plain(shelf.name).replace("&", "&&"))
                entry.triggered.connect(
                    lambda _=False, s=shelf: self._actions.move(ids, s.id, s.name)
                )
        menu.addAction(icon("add"), self.tr("New shelf…"), lambda: self.shelf_wanted.emit(ids))

    def _add_single_actions(self, menu: QMenu, place: Place) -> None:
        row = self._rows.rows.get(place.id)
        document = row.placed.document if row is not None else None
        opening: QAction = menu.addAction(
            icon("eye"), self.tr("Open"), lambda: self.open_place(place)
        )
        opening.setEnabled(document is not None and document.pages > 0)
        menu.addAction(
            icon("info"), self.tr("About this document"), lambda: self.guide_wanted.emit(place)
        )
        menu.addAction(
            icon("open"), self.tr("Open the original"), lambda: self._actions.open_original(place)
        )
        menu.addAction(
            icon("folder"),
            self.tr("Show in folder"),
            lambda: self._actions.show_in_folder(place),
        )
        if row is not None and row.need is Need.PASSWORD:
            menu.addAction(icon("lock"), self.tr("Enter password…"), lambda: self.solve(row))
        menu.addAction(icon("search"), self.tr("Find the file…"), lambda: self._actions.find(place))
        menu.addSeparator()
