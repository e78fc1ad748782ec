"""Makes the pictures of every page and state, to be looked at side by side after each change.

    python -m tests.end2end.pictures [FOLDER] [--only STATE...]

One sheet a state, in tests/end2end/pictures/ or in FOLDER: light, dark and high contrast at
1280 × 800, at 800 × 600, and light at twice the text size, each at half its size. With FOLDER the
pictures themselves are written there too, at full size. With --only only the named states of the
papers of the tests, and of answers made by hand, are taken.

Documents and their states are those of the tests; the answers come from the real engine over the
sample documents. No screen is needed.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

os.environ["QT_QPA_PLATFORM"] = "offscreen"

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QImage, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from ragdesk.messages import AnswerReady, JobChanged
from ragdesk.store.home import Home
from ragdesk.ui.dialogs import NameDialog
from ragdesk.ui.documents.document_rows import Need
from ragdesk.ui.engine_client import EngineClient
from ragdesk.ui.library import Library
from ragdesk.ui.main_window import START, MainWindow
from ragdesk.ui.navigation_bar import ASK, ASSISTANTS, DOCUMENTS, SETTINGS
from ragdesk.ui.start_page import sample_documents
from ragdesk.ui.theme import theme
from tests.end2end.pictures_answers import ANSWERS, answers_window
from tests.end2end.pictures_assistants import ASSISTANT_STATES, assistants_window
from tests.end2end.pictures_review import REVIEW_STATES, review_window
from tests.fakes_engine import FakeEngine
from tests.ui.filling import Desk

HERE = Path(__file__).parent / "pictures"
SHOTS = (
    ("light", 1280, 800, 100),
    ("dark", 1280, 800, 100),
    ("contrast", 1280, 800, 100),
    ("light", 800, 600, 100),
    ("dark", 800, 600, 100),
    ("light", 1280, 800, 200),
)
SETTLED_MS = 250
QUESTION = "How much notice must we give to end the showroom lease?"
UNANSWERED = "Which football club does the managing director support?"

State = tuple[str, Callable[[MainWindow], QWidget]]


def page(number: int) -> Callable[[MainWindow], QWidget]:
    def show(window: MainWindow) -> QWidget:
        window.source.close()
        window._go_to(number)
        return window

    return show


def guide(window: MainWindow) -> QWidget:
    page(DOCUMENTS)(window)
    row = next(r for r in window.rows.rows.values() if r.name == "Staff handbook 2026.pdf")
    window.documents_page.view.setCurrentIndex(window.documents_page.model.index_of(row.id))
    window.source.show_guide(row.placed.place)
    return window


def several(window: MainWindow) -> QWidget:
    page(DOCUMENTS)(window)
    window.documents_page.view.selectAll()
    return window


def busy(window: MainWindow) -> QWidget:
    page(DOCUMENTS)(window)
    window.documents_page.band._unfolded = True
    window.documents_page.band._restyle()
    job = JobChanged(1, "add", "running", "firm", 112, 430, 4.0, 180.0)
    window.client.event_received.emit(job)
    text = "Handover protocol.pdf was removed. The file itself stays where it is."
    window.toast.say(text, lambda: None)
    return window


def calm(window: MainWindow) -> None:
    """Undoes what `busy` and others left behind."""
    window.client.event_received.emit(JobChanged(1, "add", "cancelled", "firm", 112, 430))
    window.jobs_bar._said.stop()
    window.jobs_bar._show()
    window.jobs_bar.hide()
    window.toast.hide()
    window.drop.overlay.hide()
    window.documents_page.search.clear()
    window.documents_page.view.clearSelection()
    window.documents_page.band._unfolded = None
    window.documents_page.band._restyle()
    for dialog in window.findChildren(QDialog):
        dialog.close()


def dropping(window: MainWindow) -> QWidget:
    page(DOCUMENTS)(window)
    window.drop.overlay.show_target("Let go to put 12 files on the shelf Leases")
    return window


def not_found(window: MainWindow) -> QWidget:
    page(DOCUMENTS)(window)
    window.documents_page.search.setText("zebra")
    return window


def invitation(window: MainWindow) -> QWidget:
    window.start_page.invite()
    window.show_page(START)
    return window


def reading(window: MainWindow) -> QWidget:
    window.show_page(START)
    window.actions_.added.emit()
    return window


def gone(window: MainWindow) -> QWidget:
    page(DOCUMENTS)(window)
    sentence = "RagDesk is already open with this library (process 4711). Use that window."
    window.client.engine_gone.emit(sentence)
    return window


def back(window: MainWindow) -> QWidget:
    """The engine is there again; nothing new is shown."""
    window.client.engine_ready.emit()
    return page(SETTINGS)(window)


def password(window: MainWindow) -> QWidget:
    page(DOCUMENTS)(window)
    window.documents_page.solve(
        next(row for row in window.rows.needing() if row.need is Need.PASSWORD)
    )
    return visible_dialog(window)


def new_shelf(window: MainWindow) -> QWidget:
    NameDialog("New shelf", "Create", "Suppliers", window).open()
    return visible_dialog(window)


def leaving(window: MainWindow) -> QWidget:
    job = JobChanged(1, "add", "running", "firm", 112, 430, 4.0, 180.0)
    window.client.event_received.emit(job)
    window._ask_before_leaving()
    return visible_dialog(window)


def keys(window: MainWindow) -> QWidget:
    window.show_shortcuts()
    return visible_dialog(window)


def visible_dialog(window: MainWindow) -> QWidget:
    return next(dialog for dialog in window.findChildren(QDialog) if dialog.isVisible())


FIRM: tuple[State, ...] = (
    ("start", invitation),
    ("reading", reading),
    ("documents", page(DOCUMENTS)),
    ("guide", guide),
    ("several", several),
    ("busy", busy),
    ("dropping", dropping),
    ("nothing found", not_found),
    ("no assistants", page(ASSISTANTS)),
    ("engine gone", gone),
    ("settings", back),
    ("password", password),
    ("new shelf", new_shelf),
    ("leaving", leaving),
    ("keys", keys),
)


class Album:
    """Takes the pictures of one state in every look and size, and lays them on one sheet."""

    def __init__(self, app: QApplication, full: Path | None) -> None:
        self._app = app
        self._full = full
        self._folder = full if full is not None else HERE

    def take(self, window: MainWindow, name: str, show: Callable[[MainWindow], QWidget]) -> None:
        pictures = []
        for look, width, height, size in SHOTS:
            theme.apply(self._app, look, size)
            window.resize(width, height)
            QTest.qWait(50)
            shown = show(window)
            QTest.qWait(SETTLED_MS)
            image = shown.grab().toImage()
            pictures.append(image)
            if self._full is not None:
                image.save(str(self._full / f"{name} {look} {width} {size}.png"))
            calm(window)
        self._folder.mkdir(parents=True, exist_ok=True)
        self._sheet(pictures).save(str(self._folder / f"{name}.png"))
        print(name)

    @staticmethod
    def _sheet(pictures: list[QImage]) -> QImage:
        """Two rows of three, at half size, on grey."""
        gap, cell = 16, (640, 400)
        sheet = QImage(3 * (cell[0] + gap) + gap, 2 * (cell[1] + gap) + gap,
                       QImage.Format.Format_RGB32)  # fmt: skip
        sheet.fill(QColor("#8A8A8A"))
        painter = QPainter(sheet)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        for number, image in enumerate(pictures):
            corner = QPointF(
                gap + number % 3 * (cell[0] + gap), gap + number // 3 * (cell[1] + gap)
            )
            half = image.scaled(
                image.width() // 2, image.height() // 2, Qt.AspectRatioMode.KeepAspectRatio,
                Qt.TransformationMode.SmoothTransformation,
            )  # fmt: skip
            painter.drawImage(QRectF(corner, half.size().toSizeF()), half)
        painter.end()
        return few_colours(sheet)


def few_colours(image: QImage) -> QImage:
    """The same picture in its 256 most frequent colours: a third of the bytes, kept in git."""
    pixels = np.frombuffer(image.constBits(), np.uint32)
    coarse = pixels & 0xFFF8F8F8
    _, first, counts = np.unique(coarse, return_index=True, return_counts=True)
    kept = first[np.argsort(counts)[::-1][:256]]
    table = [int(colour) for colour in pixels[kept] | 0xFF000000]
    plain = Qt.ImageConversionFlag.ThresholdDither | Qt.ImageConversionFlag.AvoidDither
    return image.convertToFormat(QImage.Format.Format_Indexed8, table, plain)


def wait_for(condition: Callable[[], bool], seconds: float) -> None:
    for _ in range(int(seconds * 20)):
        if condition():
            return
        QTest.qWait(50)
    raise TimeoutError("the window did not come so far")


def firm_window(folder: Path) -> Iterator[MainWindow]:
    """The papers of a firm, and no engine behind them."""
    desk = Desk(Home(folder / "home"))
    papers = folder / "firm"
    papers.mkdir()
    desk.fill(papers)
    library = Library(desk.home)
    library.open()
    window = MainWindow(library, FakeEngine(desk.home))
    window.show()
    wait_for(lambda: window.rows.loaded, 10)
    yield window
    window.leave_now()
    library.close()
    desk.close()


def sample_window(folder: Path) -> Iterator[MainWindow]:
    """The sample firm, read by the real engine."""
    home = Home(folder / "sample")
    home.make()
    library, client = Library(home), EngineClient(home)
    window = MainWindow(library, client)
    window.show()
    client.start()
    window.add(sample_documents())
    total = len(sample_documents())
    wait_for(lambda: len(window.rows.rows) == total and not window.jobs_bar.is_working(), 120)
    window.jobs_bar._said.stop()
    window.jobs_bar._show()
    window.jobs_bar.hide()
    yield window
    window.leave_now()
    library.close()
    client.close()


def ask(window: MainWindow, question: str) -> None:
    """Asks and waits until the answer is shown."""
    answered: list[object] = []
    window.client.event_received.connect(
        lambda event: answered.append(event) if isinstance(event, AnswerReady) else None
    )
    window._go_to(ASK)
    window.ask_page.ask(question)
    wait_for(lambda: bool(answered), 60)
    QTest.qWait(600)


def take_answers(album: Album, window: MainWindow) -> None:
    album.take(window, "ask", page(ASK))
    ask(window, QUESTION)

    def with_source(window: MainWindow) -> QWidget:
        window._go_to(ASK)
        turn = window.ask_page.model.index(0, 0).data(Qt.ItemDataRole.UserRole + 1)
        window.source.show_citation(turn.answer.citations[0])
        return window

    album.take(window, "answer", page(ASK))
    album.take(window, "answer and source", with_source)
    ask(window, UNANSWERED)
    album.take(window, "refused", page(ASK))


def main() -> int:
    app = QApplication(sys.argv[:1])
    if "Inter" in QFontDatabase.families():
        app.setFont(QFont("Inter", 10))
    albums = (
        (FIRM, firm_window),
        (ANSWERS, answers_window),
        (REVIEW_STATES, review_window),
        (ASSISTANT_STATES, assistants_window),
    )
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument(
        "--only",
        nargs="+",
        default=[],
        choices=[name for states, _ in albums for name, _ in states],
    )
    chosen = parser.parse_args()
    album = Album(app, chosen.folder)
    with tempfile.TemporaryDirectory() as folder:
        for states, papers in albums:
            wanted = [s for s in states if s[0] in chosen.only or not chosen.only]
            place = Path(folder) / papers.__name__
            place.mkdir()
            for window in papers(place) if wanted else ():
                for name, show in wanted:
                    album.take(window, name, show)
        if chosen.only:
            return 0
        for window in sample_window(Path(folder)):
            take_answers(album, window)
    return 0


if __name__ == "__main__":
    sys.exit(main())
