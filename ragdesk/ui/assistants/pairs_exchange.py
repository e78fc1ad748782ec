"""Practice questions from a file and into one: by dialogs, and by letting a file go on the view."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog, QWidget

from ...messages import Done, Event, ExportPairs, Failed, ImportPairs
from .. import words
from ..drop_overlay import DropOverlay
from ..engine_client import EngineClient
from ..shelves_model import local_paths
from . import pair_words

READ = (".csv", ".tsv", ".txt", ".jsonl", ".ndjson")
LET_GO = (".csv", ".tsv", ".jsonl", ".ndjson")  # any other file is a document, and the window's
WRITTEN = (".csv", ".jsonl")
MOST_TROUBLES = 3  # lines of a file that are named


class PairsExchange(QObject):
    """Signals:
    told: (sentence, whether it says that something went wrong).
    """

    told = Signal(str, bool)

    def __init__(self, client: EngineClient, view: QWidget) -> None:
        super().__init__(view)
        self._client = client
        self._view = view
        self._assistant = ""
        self._count = 0
        self._sent: dict[str, ImportPairs | ExportPairs] = {}
        self.overlay = DropOverlay(view)
        view.setAcceptDrops(True)
        view.installEventFilter(self)
        client.event_received.connect(self._hear)

    def set_assistant(self, assistant_id: str) -> None:
        self._assistant = assistant_id

    def set_count(self, count: int) -> None:
        """How many practice questions an export would write."""
        self._count = count

    def choose_import(self) -> None:
        title = self.tr("Take in practice questions")
        path, _ = QFileDialog.getOpenFileName(self._view, title, "", self._readable())
        if path:
            self.take_in(path)

    def choose_export(self) -> None:
        title = self.tr("Write practice questions to a file")
        start = self.tr("Practice questions") + ".csv"
        path, kind = QFileDialog.getSaveFileName(self._view, title, start, self._kinds())
        if path and not path.lower().endswith(WRITTEN):
            path += ".jsonl" if "jsonl" in kind else ".csv"
        if path:
            self._send(ExportPairs(assistant_id=self._assistant, path=path))

    def take_in(self, path: str) -> None:
        self._send(ImportPairs(assistant_id=self._assistant, path=path))

    def _readable(self) -> str:
        kinds = " ".join(f"*{ending}" for ending in READ)
        return self.tr("Practice questions ({kinds})").format(kinds=kinds)

    def _kinds(self) -> str:
        table, lines = self.tr("Table (*.csv)"), self.tr("One record a line (*.jsonl)")
        return f"{table};;{lines}"

    def _send(self, command: ImportPairs | ExportPairs) -> None:
        self._sent[self._client.send(command)] = command

    def _hear(self, event: Event) -> None:
        if isinstance(event, Failed) and event.tag in self._sent:
            del self._sent[event.tag]
            self.told.emit(words.error(event.code, event.params), True)
        elif isinstance(event, Done) and event.tag in self._sent:
            command = self._sent.pop(event.tag)
            if command.assistant_id == self._assistant:
                self.told.emit(self._success(command, event.result), False)

    def _success(self, command: ImportPairs | ExportPairs, result: str) -> str:
        name = words.plain(Path(command.path).name)
        first, *troubles = result.split("\n")
        count = int(first) if first.isdecimal() else self._count
        if isinstance(command, ExportPairs):
            text = self.tr("{n} written to {name}.")
        elif count:
            text = self.tr("{n} taken in from {name}.")
        else:
            text = self.tr("No practice question could be taken in from {name}.")
        lines = [text.format(n=pair_words.questions(count), name=name)]
        lines += [words.plain(one[:1].upper() + one[1:]) for one in troubles[:MOST_TROUBLES]]
        more = len(troubles) - MOST_TROUBLES
        if more > 0:
            lines.append(self.tr("And {n} more like these.").format(n=words.number(more)))
        return "\n".join(lines)

    # letting a file go

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QDragEnterEvent):
            paths = self._takeable(event)
            if paths:
                self.overlay.show_target(self.tr("Let go to take in practice questions"))
            return self._take(event, bool(paths))
        if isinstance(event, QDropEvent) and event.type() == QEvent.Type.Drop:
            self.overlay.hide()
            paths = self._takeable(event)
            for path in paths:
                self.take_in(path)
            return self._take(event, bool(paths))
        if isinstance(event, QDragMoveEvent):
            return self._take(event, bool(self._takeable(event)))
        if event.type() == QEvent.Type.DragLeave:
            self.overlay.hide()
        return super().eventFilter(watched, event)

    def _takeable(self, event: QDropEvent) -> list[str]:
        """The files of a drag, none where one of them holds no practice questions."""
        paths = local_paths(event.mimeData()) if self._assistant else []
        return paths if all(path.lower().endswith(LET_GO) for path in paths) else []

    @staticmethod
    def _take(event: QDropEvent, ours: bool) -> bool:
        if ours:
            # Copied, never moved: the file manager must not take the original away.
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
        else:
            event.ignore()  # the window's: it reads documents
        return True
