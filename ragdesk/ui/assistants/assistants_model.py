"""The assistants with their versions and builds, read from the store."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from ...domain.assistant import Assistant, Outcome, Version
from ...messages import AssistantsChanged, CollectionsChanged, Event, Ready
from .. import words
from ..engine_client import EngineClient
from ..library import Library
from .assistant_words import tr
from .builds_model import Build, BuildsModel


@dataclass(frozen=True, slots=True)
class Row:
    """An assistant as it stands: the name of its shelf, its versions (newest first) and its build."""

    assistant: Assistant
    shelf: str
    versions: tuple[Version, ...] = ()
    build: Build | None = None

    @property
    def used(self) -> Version | None:
        """The version that answers, None where it is RagDesk as it comes."""
        return self.version(self.assistant.current)

    @property
    def newest(self) -> Version | None:
        return self.versions[0] if self.versions else None

    @property
    def offered(self) -> Version | None:
        """A newest version that is better and not yet used."""
        newest = self.newest
        if newest is None or newest.number <= self.assistant.current:
            return None
        return newest if newest.card.outcome is Outcome.BETTER else None

    def version(self, number: int) -> Version | None:
        return next((one for one in self.versions if one.number == number), None)


class AssistantsModel(QObject):
    """Signals:
    changed: which assistants there are, or something of them, changed.
    """

    changed = Signal()

    def __init__(
        self, library: Library, client: EngineClient, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._library = library
        self.rows: list[Row] = []
        self.builds = BuildsModel(library, client, self)
        self.builds.changed.connect(self._build_changed)
        client.event_received.connect(self._hear)
        library.opened.connect(self.reload)
        self.reload()

    def row(self, assistant_id: str) -> Row | None:
        return next((row for row in self.rows if row.assistant.id == assistant_id), None)

    def named(self, name: str) -> Row | None:
        """In any case, as the store compares names."""
        wanted = name.strip().casefold()
        return next((r for r in self.rows if r.assistant.name.casefold() == wanted), None)

    def reload(self) -> None:
        """Reads everything anew and tells where something differs."""
        if not self._library.is_open:
            return
        shelves = {shelf.id: shelf.name for shelf in self._library.collections.all()}
        rows = []
        for assistant in self._library.assistants.all():
            shelf = tr("All shelves")
            if assistant.collection_id is not None:
                name = shelves.get(assistant.collection_id)
                shelf = tr("A shelf that is gone") if name is None else words.plain(name)
            versions = tuple(self._library.assistants.versions(assistant.id))
            rows.append(Row(assistant, shelf, versions, self.builds.of(assistant.id)))
        if rows != self.rows:
            self.rows = rows
            self.changed.emit()

    def _build_changed(self, assistant_id: str) -> None:
        """A build moves five times a second: what it does not touch is not read again."""
        row = self.row(assistant_id)
        build = self.builds.of(assistant_id)
        if row is None or build is None or build.state.over:
            self.reload()
            return
        self.rows[self.rows.index(row)] = Row(row.assistant, row.shelf, row.versions, build)
        self.changed.emit()

    def _hear(self, event: Event) -> None:
        if isinstance(event, (AssistantsChanged, CollectionsChanged, Ready)):
            self.reload()
