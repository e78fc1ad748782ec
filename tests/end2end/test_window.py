"""The main job as a person does it: drop three PDFs on the window, ask, press the citation, look.

Nothing stands in for anything: the real window process with its real engine, on a screen of its
own; the files are dragged out of another program's window; keys and mouse are the X server's. What
is compared is the picture on that screen. The pictures are kept beside this file, to be looked at.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import numpy as np
import pypdfium2
import pytest

from ragdesk.domain.conversation import Answer, Citation
from ragdesk.domain.document import Span
from ragdesk.errors import LibraryMissing
from ragdesk.resources import asset
from ragdesk.settings import MODEL_NAME
from ragdesk.store.conversations import Conversations
from ragdesk.store.database import Database
from ragdesk.store.documents import Documents
from ragdesk.store.home import Home
from ragdesk.ui.theme import LIGHT
from tests.ui.viewer.pictures import box, of_colour

pytestmark = [
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="drives an X server"),
    pytest.mark.skipif(shutil.which("Xvfb") is None, reason="Xvfb is not installed"),
]

HERE = Path(__file__).parent
PICTURES = HERE / "pictures"
SAMPLES = asset("samples", "documents")
DROPPED = ("Lease showroom 12 Quay Road.pdf", "Staff handbook.pdf", "Price list 2026.pdf")
QUESTION = "How much notice must we give to end the lease of the showroom early?"
WORDS = "nine months"

WIDTH, HEIGHT = 1280, 800
SCREEN = (1440, 800)
SOURCE = (1320, 40, 100)  # left, top, side of the window that files are dragged out of
NAVIGATION = 215  # pixels at the left that hold accents of their own
PANE, WIDEST_PANE = 490, 700  # pixels at the right: in the source at least, and at most
POINTS = 2.5  # how far marked pixels may lie from the characters, in points of the page

T = TypeVar("T")


def until(look: Callable[[], T | None], seconds: float, what: str) -> T:
    """What `look` finds as soon as it finds something."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = look()
        if found is not None and found is not False:
            return found
        time.sleep(0.1)
    raise AssertionError(f"not within {seconds:g} s: {what}")


class Desktop:
    """A screen with the window of RagDesk and a window to drag files from."""

    def __init__(self, folder: Path) -> None:
        from tests.end2end.screen import Screen

        self.screen = Screen(*SCREEN)
        self.home = Home(folder / "home")
        environment = {
            **os.environ,
            "DISPLAY": self.screen.name,
            "QT_QPA_PLATFORM": "xcb",
            "HOME": str(folder),
            "XDG_RUNTIME_DIR": str(folder),
        }
        self.window_process = subprocess.Popen(
            [sys.executable, "-m", "ragdesk", "--home", str(self.home.folder)],
            env=environment,
        )
        self.drag_process = subprocess.Popen(
            [sys.executable, str(HERE / "drag_source.py"), *map(str, SOURCE)]
            + [str(SAMPLES / name) for name in DROPPED],
            env=environment,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.window = until(
            lambda: self.screen.window("RagDesk"), 20, "the window is on the screen"
        )
        self.take_keyboard()
        assert self.said_by_source() == "ready"

    def take_keyboard(self) -> None:
        """Places the window and gives it the keyboard, as a window manager does on a press."""
        self.screen.place(self.window, 0, 0, WIDTH, HEIGHT)
        time.sleep(0.3)

    def said_by_source(self) -> str:
        assert self.drag_process.stdout is not None
        return self.drag_process.stdout.readline().strip()

    def picture(self, name: str = "") -> np.ndarray:
        """What the window shows, kept under `name`."""
        return self.screen.picture(WIDTH, HEIGHT, PICTURES / f"{name}.png" if name else None)

    def close(self) -> None:
        for process in (self.window_process, self.drag_process):
            if process.poll() is None:
                process.terminate()
                process.wait(20)
        if self.drag_process.stdout is not None:
            self.drag_process.stdout.close()
        self.screen.close()


@pytest.fixture
def desktop(tmp_path: Path) -> Iterator[Desktop]:
    desktop = Desktop(tmp_path)
    yield desktop
    desktop.close()


def library(home: Home) -> Database | None:
    try:
        return Database.for_reading(home)
    except LibraryMissing:
        return None


def main_button(shown: np.ndarray) -> tuple[int, int] | None:
    """The middle of the one filled button, known by its colour."""
    accent = of_colour(shown, LIGHT.accent)
    accent[:, :NAVIGATION] = False
    accent[HEIGHT - 60 :] = False  # progress in the jobs bar has that colour too
    if accent.sum() < 2000:
        return None
    left, top, right, bottom = box(accent)
    return (left + right) // 2, (top + bottom) // 2


def first_marker(shown: np.ndarray) -> tuple[int, int] | None:
    """The middle of the uppermost marker, which is written in the accent's colour."""
    accent = of_colour(shown, LIGHT.accent)
    accent[:, :NAVIGATION] = False
    accent[HEIGHT - 80 :] = False  # the field that is written in has a border of that colour
    rows = np.flatnonzero(accent.any(axis=1))
    if not rows.size:
        return None
    line = accent[rows[0] : rows[0] + 20]
    columns = np.flatnonzero(line.any(axis=0))
    end = np.flatnonzero(np.diff(columns) > 12)
    right = columns[end[0]] if end.size else columns[-1]
    return int(columns[0] + right) // 2, int(rows[0]) + 6


def expected(path: Path, span: Span) -> tuple[float, float, float, float]:
    """Left, top, right, bottom of a span in points from its page's top left, by PDFium's boxes."""
    with pypdfium2.PdfDocument(path) as document:
        page = document[span.page - 1]
        textpage = page.get_textpage()
        boxes = [textpage.get_charbox(i) for i in range(span.start, span.start + span.length)]
        height = page.get_height()
    boxes = [b for b in boxes if b[2] > b[0]]
    return (
        min(b[0] for b in boxes),
        height - max(b[3] for b in boxes),
        max(b[2] for b in boxes),
        height - min(b[1] for b in boxes),
    )


def page_size(path: Path, number: int) -> tuple[float, float]:
    with pypdfium2.PdfDocument(path) as document:
        width, height = document[number - 1].get_size()
    return float(width), float(height)


def marked_in_pane(shown: np.ndarray) -> np.ndarray:
    """Which pixels at the right, where the source is, have the colour of the very words."""
    marked = of_colour(shown, LIGHT.mark_words)
    marked[:, : WIDTH - PANE] = False
    return marked


def marks_on_page(
    shown: np.ndarray, size: tuple[float, float]
) -> tuple[float, float, float, float] | None:
    """Where the marked words lie on the page that shows them, in points from its top left.

    The page is found by what is around it: the ground of the pane, which no page has. None while
    no page with marked words is to be seen.
    """
    ground = of_colour(shown, LIGHT.sunken)
    ground[:, :NAVIGATION] = False
    middle = ground[HEIGHT // 2]
    sides = np.flatnonzero(middle)
    if not sides.size:
        return None
    gap = int(np.argmax(np.diff(sides)))  # the page lies between two stretches of ground
    left, right = int(sides[gap]) + 1, int(sides[gap + 1])
    if left < WIDTH - WIDEST_PANE or not marked_in_pane(shown).any():
        return None
    found = box(marked_in_pane(shown))
    scale = (right - left) / size[0]
    margin = ~ground[:, left + 3]  # a column of the page's white margin
    edges = np.flatnonzero(np.diff(margin[: found[1]].astype(int)) == 1)
    top = edges[-1] + 1 if edges.size else None
    below = np.flatnonzero(~margin[found[3] :])
    if top is None or (below.size and top < found[3] + below[0] - size[1] * scale - 3):
        assert below.size, "neither edge of the page is in sight"
        top = found[3] + below[0] - size[1] * scale
    return (
        (found[0] - left) / scale,
        (found[1] - top) / scale,
        (found[2] - left) / scale,
        (found[3] - top) / scale,
    )


def answered(home: Home) -> Answer | None:
    database = library(home)
    assert database is not None
    try:
        conversations = Conversations(database)
        turns = [turn for c in conversations.all() for turn in conversations.turns(c.id)]
        assert [turn.question for turn in turns] in ([], [QUESTION])
        return turns[0].answer if turns else None
    finally:
        database.close()


def ready(home: Home) -> int | None:
    database = library(home)
    if database is None:
        return None
    try:
        count = Documents(database, MODEL_NAME).count_ready()
        return count if count == len(DROPPED) else None
    finally:
        database.close()


def check_citation(citation: Citation) -> Span:
    """The answer's first citation names the right page and words; returns those words' span."""
    assert citation.path.endswith(DROPPED[0])
    (words,) = citation.marked
    path = SAMPLES / DROPPED[0]
    with pypdfium2.PdfDocument(path) as document:
        text = document[words.page - 1].get_textpage().get_text_range()
    assert text[words.start : words.start + words.length] == WORDS
    return words


@pytest.mark.timeout(150)
def test_files_in_cited_answer_out(desktop: Desktop) -> None:
    from Xlib import XK

    screen, started = desktop.screen, time.monotonic()
    desktop.picture("1-start")

    left, top, side = SOURCE
    screen.drag((left + side // 2, top + side // 2), (WIDTH // 2, HEIGHT // 2))
    assert desktop.said_by_source() == "dropped"  # copied: the originals stay where they are
    until(lambda: ready(desktop.home), 60, "three documents are ready")
    button = until(lambda: main_button(desktop.picture()), 10, "the button that leads to asking")
    desktop.picture("2-read")

    screen.press(*button)
    desktop.take_keyboard()
    screen.type(QUESTION)
    time.sleep(0.3)
    desktop.picture("3-question")
    screen.key(XK.XK_Return)
    answer = until(lambda: answered(desktop.home), 30, "the answer is in the library")
    words = check_citation(answer.citations[0])
    until(lambda: first_marker(desktop.picture()), 10, "the marker is on the screen")
    # The source came by itself; put away, it must come back at a press on the marker.
    until(lambda: marked_in_pane(desktop.picture()).any(), 10, "the source beside the answer")
    screen.key(XK.XK_Escape)
    path = SAMPLES / DROPPED[0]
    size = page_size(path, words.page)
    until(lambda: not marked_in_pane(desktop.picture()).any(), 10, "the source is put away")
    marker = until(lambda: first_marker(desktop.picture()), 10, "the marker is on the screen")
    desktop.picture("4-answer")

    screen.press(*marker)
    until(lambda: marked_in_pane(desktop.picture()).any(), 15, "the marked words")
    time.sleep(0.5)
    desktop.picture("5-source")
    screen.press(WIDTH - 200, HEIGHT - 200)  # on the page, so that it hears the keys
    screen.key(XK.XK_0, XK.XK_Control_L)  # all of the page's width, so that its edges can be seen
    until(lambda: marks_on_page(desktop.picture(), size), 10, "the page with its edges")
    time.sleep(0.5)
    found = marks_on_page(desktop.picture("6-page"), size)
    assert found == pytest.approx(expected(path, words), abs=POINTS)

    screen.key(XK.XK_q, XK.XK_Control_L)
    assert desktop.window_process.wait(20) == 0
    desktop.home.lock().release()  # the engine left with its window
    assert time.monotonic() - started < 90
