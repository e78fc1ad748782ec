"""What the window sees of the library: the store's own objects, opened for reading only."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from ..errors import LibraryMissing, RagDeskError
from ..settings import MODEL_NAME
from ..store.assistants import Assistants
from ..store.choices import Choices
from ..store.collections import Collections
from ..store.conversations import Conversations
from ..store.database import Database
from ..store.documents import Documents
from ..store.home import Home
from ..store.jobs import Jobs
from ..store.judgements import Judgements
from ..store.pairs import Pairs
from ..store.passages import Passages


class Library(QObject):
    """Reads one home. While there is no library yet, `is_open` is False and nothing may be read.

    The engine makes the library; whoever hears its `Ready` calls `open`. Every page also shows what
    is there before the engine stands, so the window calls `open` once at its start.

    Attributes:
        home: the data folder.
        problem: why the library cannot be opened although it is there, or None.

    Signals:
        opened: reading is possible from now on.
    """

    opened = Signal()

    def __init__(self, home: Home, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.home = home
        self.problem: RagDeskError | None = None
        self._database: Database | None = None

    @property
    def is_open(self) -> bool:
        return self._database is not None

    def open(self) -> bool:
        """Opens the library if there is one; True once it is open. Never raises, see `problem`."""
        if self._database is not None:
            return True
        try:
            database = Database.for_reading(self.home)
        except LibraryMissing:
            return False
        except RagDeskError as error:
            self.problem = error
            return False
        self.problem = None
        self._database = database
        self.documents = Documents(database, MODEL_NAME)
        self.passages = Passages(database, MODEL_NAME)
        self.collections = Collections(database)
        self.conversations = Conversations(database)
        self.choices = Choices(database)
        self.jobs = Jobs(database)
        self.judgements = Judgements(database)
        self.assistants = Assistants(database)
        self.pairs = Pairs(database)
        self.opened.emit()
        return True

    def close(self) -> None:
        """Lets the file go, so that the home can be moved or deleted."""
        if self._database is not None:
            self._database.close()
            self._database = None
