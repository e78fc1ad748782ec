"""Every document of the library as the window shows it, kept in step with the store."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from ...domain.document import PlacedDocument, Verdict
from ...messages import DocumentsChanged, Event
from .. import words
from ..background import Background
from ..engine_client import EngineClient
from ..library import Library

DEBOUNCE_MS = 200


class Need(Enum):
    """The one thing that a person can do about a file that was not read."""

    PASSWORD = auto()
    FIND = auto()
    READ_AGAIN = auto()
    REMOVE = auto()


@dataclass(frozen=True, slots=True)
class Row:
    """A place, its document, and the words for both. Made once for each change, not for each paint."""

    placed: PlacedDocument
    name: str
    shelf: str
    kind: str
    kind_picture: str
    pages: int
    state: str
    state_picture: str
    state_role: str
    changed_at: float
    changed: str
    need: Need | None
    searched: str

    @property
    def id(self) -> int:
        return self.placed.place.id


def row_of(placed: PlacedDocument) -> Row:
    """The words for one place."""
    place, document = placed.place, placed.document
    state, picture, role = words.state(placed)
    kind, kind_picture = words.kind(document, place.name)
    changed_at = place.modified_ns / 1e9
    name = words.plain(place.name)
    title = document.title if document is not None else ""
    return Row(
        placed=placed, name=name, shelf=words.plain(placed.collection), kind=kind,
        kind_picture=kind_picture, pages=document.pages if document is not None else 0,
        state=state, state_picture=picture, state_role=role,
        changed_at=changed_at, changed=words.day(changed_at), need=_need(placed),
        searched=f"{place.path}\n{title}\n{kind}\n{state}".casefold(),
    )  # fmt: skip


def _need(placed: PlacedDocument) -> Need | None:
    document = placed.document
    if document is None or document.verdict is None or placed.place.state == "queued":
        return None
    if document.verdict.answers:
        return None
    if document.verdict is Verdict.NEEDS_PASSWORD:
        return Need.PASSWORD
    if document.verdict is Verdict.UNREADABLE:
        return Need.READ_AGAIN if Path(placed.place.absolute).exists() else Need.FIND
    if document.verdict in (Verdict.TIMED_OUT, Verdict.DAMAGED):
        return Need.READ_AGAIN
    return Need.REMOVE


class DocumentRows(QObject):
    """All rows by place id. Hints are gathered for a moment, then only what they name is read.

    Attributes:
        rows: place id → row, in the order added.
        leaving: rows that go with this very change; views may still ask for them while they let go.
        loaded: whether the store has been read at least once.

    Signals:
        changed: (ids that are new or different, ids that are gone).
        loaded_first: the store was read for the first time.
    """

    changed = Signal(set, set)
    loaded_first = Signal()

    def __init__(
        self, library: Library, client: EngineClient, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._library = library
        self.rows: dict[int, Row] = {}
        self.leaving: dict[int, Row] = {}
        self.loaded = False
        self._named: set[int] = set()
        self._any = False
        self._timer = QTimer(self, singleShot=True, interval=DEBOUNCE_MS)
        self._timer.timeout.connect(self._read)
        self._background = Background(self)
        self._background.done.connect(self._take)
        client.event_received.connect(self._hear)
        library.opened.connect(self.reload)
        if library.is_open:
            self.reload()

    def reload(self) -> None:
        """Reads everything anew, beside the window's thread."""
        self._any = True
        self._read()

    def wait(self) -> None:
        """Until no reading is under way; for the end of the program."""
        self._timer.stop()
        self._background.wait()

    def find(self, place_id: int) -> Row:
        return self.rows.get(place_id) or self.leaving[place_id]

    def needing(self) -> list[Row]:
        """Files that need a person, in the order added."""
        return [row for row in self.rows.values() if row.need is not None]

    def _hear(self, event: Event) -> None:
        if not isinstance(event, DocumentsChanged):
            return
        if event.place_ids:
            self._named.update(event.place_ids)
        else:
            self._any = True
        # Not started anew when it runs: under steady hints the page still moves.
        if not self._timer.isActive():
            self._timer.start()

    def _read(self) -> None:
        if not self._library.is_open:
            return
        named, self._named = self._named, set()
        everything, self._any = self._any, False
        self._background.run(self._work(None if everything else named))

    def _work(self, named: set[int] | None) -> Callable[[], object]:
        documents, known = self._library.documents, self.rows

        def work() -> tuple[set[int] | None, dict[int, Row]]:
            found = documents.all() if named is None else documents.some(sorted(named))
            rows = {}
            for placed in found:
                old = known.get(placed.place.id)
                # An unchanged row keeps its object, so that comparing is cheap later on.
                rows[placed.place.id] = (
                    old if old is not None and old.placed == placed else row_of(placed)
                )
            return named, rows

        return work

    def _take(self, result: object) -> None:
        if not isinstance(result, tuple):
            return
        named, found = result
        asked = set(self.rows) if named is None else named
        gone = {id_ for id_ in asked if id_ in self.rows and id_ not in found}
        fresh = {id_ for id_, row in found.items() if self.rows.get(id_) is not row}
        rows = dict(self.rows)
        self.leaving = {id_: rows.pop(id_) for id_ in gone}
        rows.update({id_: found[id_] for id_ in fresh})
        # Ids rise in the order added; one that was brought back takes its old place.
        if fresh - set(self.rows):
            rows = dict(sorted(rows.items()))
        self.rows = rows
        first, self.loaded = not self.loaded, True
        if fresh or gone:
            self.changed.emit(fresh, gone)
        self.leaving = {}
        if first:
            self.loaded_first.emit()
