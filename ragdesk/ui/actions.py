"""What a person can do, from any page: with documents, shelves, answers and long work."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QWidget

from ..domain.document import Place
from ..messages import (
    AddFiles,
    CancelJob,
    Command,
    CreateCollection,
    DeleteCollection,
    Done,
    Event,
    Failed,
    FindAgain,
    ForgetJudgements,
    GivePassword,
    Judge,
    LookForSupport,
    MovePlaces,
    PauseJob,
    ReadAgain,
    RemovePlaces,
    RemoveSentence,
    RenameCollection,
    RestoreCollection,
    RestorePlaces,
    RestoreSentence,
    ResumeJob,
    SupportSought,
)
from . import words
from .engine_client import EngineClient
from .words import plain


class Actions(QObject):
    """Sends the commands and says what became of them.

    Signals:
        told: (sentence, undo): something that a person should know; `undo` is a callable or None.
        added: files were handed to the engine.
        shelf_made: the id of a shelf that was just created.
    """

    told = Signal(str, object)
    added = Signal()
    shelf_made = Signal(str)

    def __init__(self, client: EngineClient, window: QWidget) -> None:
        super().__init__(window)
        self._client = client
        self._window = window
        self._mine: dict[str, Callable[[str], object] | None] = {}
        self._password_jobs: set[str] = set()
        self._sought: set[str] = set()  # turns with a sentence for which support is looked for
        client.event_received.connect(self._hear)

    # files and documents

    def add(self, paths: Sequence[str], collection_id: str = "") -> None:
        """Reads files and folders onto a shelf; an empty id means the first one."""
        if paths:
            self._send(AddFiles(paths=tuple(paths), collection_id=collection_id))
            self.added.emit()

    def choose_files(self, collection_id: str = "") -> None:
        paths, _ = QFileDialog.getOpenFileNames(self._window, self.tr("Add files"))
        self.add(paths, collection_id)

    def choose_folder(self, collection_id: str = "") -> None:
        folder = QFileDialog.getExistingDirectory(self._window, self.tr("Add a folder"))
        if folder:
            self.add([folder], collection_id)

    def remove(self, places: Sequence[Place]) -> None:
        """Takes documents off the desk, with a way back."""
        ids = tuple(place.id for place in places)
        if not ids:
            return
        if len(ids) == 1:
            text = self.tr("{name} was removed. The file itself stays where it is.")
            text = text.format(name=plain(places[0].name))
        else:
            text = self.tr("{n} were removed. The files themselves stay where they are.")
            text = text.format(n=words.documents(len(ids)))
        self._send(RemovePlaces(place_ids=ids), lambda _: self._offer_restore(text, ids))

    def move(self, place_ids: Iterable[int], collection_id: str, shelf: str) -> None:
        ids = tuple(place_ids)
        if ids:
            text = self.tr("{n} moved to {shelf}.")
            text = text.format(n=words.documents(len(ids)), shelf=plain(shelf))
            self._send(
                MovePlaces(place_ids=ids, collection_id=collection_id),
                lambda _: self.told.emit(text, None),
            )

    def read_again(self, place_ids: Iterable[int]) -> None:
        self._send(ReadAgain(place_ids=tuple(place_ids)))

    def give_password(self, place_id: int, password: str) -> None:
        self._send(GivePassword(place_id=place_id, password=password), self._password_jobs.add)

    def tries_password(self, job_id: int) -> bool:
        """Whether a job tries a password: its end says nothing of whether the file was read."""
        return str(job_id) in self._password_jobs

    def find(self, place: Place) -> None:
        """Asks where a file that was moved lies now."""
        ending = Path(place.name).suffix
        kinds = f"*{ending} (*{ending});;" if ending.isascii() and ending else ""
        path, _ = QFileDialog.getOpenFileName(
            self._window,
            self.tr("Where does {name} lie now?").format(name=plain(place.name)),
            "",
            kinds + self.tr("All files (*)"),
        )
        if path:
            self._send(FindAgain(place_id=place.id, path=path))

    def open_original(self, place: Place) -> None:
        """Opens a file in the program that the computer has for it."""
        if not Path(place.absolute).exists():
            self._missing(place)
        elif not QDesktopServices.openUrl(QUrl.fromLocalFile(place.absolute)):
            text = self.tr("This computer has no program that opens {name}.")
            self.told.emit(text.format(name=plain(place.name)), None)

    def show_in_folder(self, place: Place) -> None:
        folder = Path(place.absolute).parent
        if not folder.is_dir() or not QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder))):
            self._missing(place)

    # shelves

    def create_shelf(self, name: str, place_ids: Sequence[int] = ()) -> None:
        """Makes a shelf; places go on it once it is there."""

        def made(collection_id: str) -> None:
            self.shelf_made.emit(collection_id)
            self.move(place_ids, collection_id, name)

        self._send(CreateCollection(name=name), made)

    def add_to_named(self, paths: Sequence[str], name: str) -> None:
        """Reads files onto a shelf that is made for them; the shelf chosen stays chosen."""
        self._send(CreateCollection(name=name), lambda made: self.add(paths, made))

    def rename_shelf(self, collection_id: str, name: str) -> None:
        self._send(RenameCollection(collection_id=collection_id, name=name))

    def delete_shelf(self, collection_id: str, name: str) -> None:
        text = self.tr(
            "The shelf {name} was deleted, with what lay on it. Your files stay where they are."
        )
        text = text.format(name=plain(name))
        restore = RestoreCollection(collection_id=collection_id)
        self._send(
            DeleteCollection(collection_id=collection_id),
            lambda _: self.told.emit(text, lambda: self._send(restore, self._say_restored)),
        )

    # answers

    def judge(self, said: Judge, before: Judge, text: str) -> None:
        """Keeps what a person said about an answer; `before` brings back what was said earlier."""
        self.send_with_undo(said, text, before, self.tr("It is as it was before."))

    def look_for_support(self, turn_id: str, sentence: int) -> None:
        """Has support looked for; what came of it is told when it is known."""
        self._sought.add(turn_id)
        self._send(LookForSupport(turn_id=turn_id, sentence=sentence))

    def remove_sentence(self, turn_id: str, sentence: int) -> None:
        """Takes a sentence out of an answer, with a way back."""
        text = self.tr("The sentence was removed from the answer.")
        self._send(
            RemoveSentence(turn_id=turn_id, sentence=sentence),
            lambda _: self.told.emit(text, lambda: self._restore_sentence(turn_id)),
        )

    def _restore_sentence(self, turn_id: str) -> None:
        text = self.tr("The answer is as it was before.")
        self._send(RestoreSentence(turn_id=turn_id), lambda _: self.told.emit(text, None))

    def _say_sought(self, event: SupportSought) -> None:
        if event.turn_id not in self._sought:
            return
        self._sought.discard(event.turn_id)
        if event.title:
            text = self.tr("{title} bears the sentence out. It is cited now.")
            undo = event.turn_id
            self.told.emit(
                text.format(title=plain(event.title)), lambda: self._restore_sentence(undo)
            )
        else:
            self.told.emit(self.tr("No passage in your documents bears the sentence out."), None)

    def forget_judgements(self) -> None:
        text = self.tr("What you taught is forgotten. Your documents and answers stay.")
        self._send(ForgetJudgements(), lambda _: self.told.emit(text, None))

    # long work

    def pause(self, job_id: int) -> None:
        self._send(PauseJob(job_id=job_id))

    def resume(self, job_id: int) -> None:
        self._send(ResumeJob(job_id=job_id))

    def stop(self, job_id: int) -> None:
        self._send(CancelJob(job_id=job_id))

    def send(self, command: Command) -> None:
        """Any other command whose failure a person should hear of."""
        self._send(command)

    def send_with_undo(self, command: Command, text: str, undo: Command, undone: str) -> None:
        """Says `text` once it is done, and offers `undo`, of which `undone` is said."""
        self._send(
            command,
            lambda _: self.told.emit(
                text, lambda: self._send(undo, lambda _: self.told.emit(undone, None))
            ),
        )

    def _send(self, command: Command, done: Callable[[str], object] | None = None) -> None:
        self._mine[self._client.send(command)] = done

    def _hear(self, event: Event) -> None:
        if isinstance(event, SupportSought):
            self._say_sought(event)
        if isinstance(event, Failed) and (not event.tag or event.tag in self._mine):
            self._mine.pop(event.tag, None)
            self.told.emit(words.error(event.code, event.params), None)
        elif isinstance(event, Done) and event.tag in self._mine:
            done = self._mine.pop(event.tag)
            if done is not None:
                done(event.result)

    def _offer_restore(self, text: str, ids: tuple[int, ...]) -> None:
        restore = RestorePlaces(place_ids=ids)
        self.told.emit(text, lambda: self._send(restore, self._say_restored))

    def _say_restored(self, _result: str) -> None:
        self.told.emit(self.tr("What was removed is back."), None)

    def _missing(self, place: Place) -> None:
        text = self.tr(
            "{name} is no longer where it was. What was read from it is safe."
            " Use “Find the file…” in its menu to say where it lies now."
        )
        self.told.emit(text.format(name=plain(place.name)), None)
