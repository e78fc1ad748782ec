"""The marks on a PDF page stand where PDFium says the characters are, and nowhere else."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pypdfium2
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from reportlab.pdfgen.canvas import Canvas

from ragdesk.domain.document import Span
from ragdesk.resources import asset
from ragdesk.ui.theme import LIGHT, theme
from ragdesk.ui.viewer.pdf_file import Opened, PdfFile
from ragdesk.ui.viewer.pdf_view import Fit, PdfView
from tests.ui.viewer.pictures import box, of_colour, paper, picture
from tests.ui.viewer.signals import heard

LEASE = asset("samples", "documents", "Lease showroom 12 Quay Road.pdf")
POINTS = 2.0  # how far a mark may reach beyond its characters


def make_pdf(path: Path, pages: list[list[str]], size: tuple[float, float] = (400, 300)) -> Path:
    canvas = Canvas(str(path), pagesize=size)
    for lines in pages:
        canvas.setFont("Helvetica", 12)
        for number, line in enumerate(lines):
            canvas.drawString(40, size[1] - 60 - 20 * number, line)
        canvas.showPage()
    canvas.save()
    return path


def find(path: Path, words: str, page: int = 1) -> Span:
    with pypdfium2.PdfDocument(path) as document:
        text = document[page - 1].get_textpage().get_text_range()
    return Span(page, text.index(words), len(words))


def expected(path: Path, span: Span) -> tuple[float, float, float, float]:
    """Left, top, right, bottom of a span in points from the page's top left, by pypdfium2."""
    with pypdfium2.PdfDocument(path) as document:
        page = document[span.page - 1]
        textpage = page.get_textpage()
        boxes = [textpage.get_charbox(i) for i in range(span.start, span.start + span.length)]
        height = page.get_height()
    boxes = [b for b in boxes if b[2] > b[0]]
    left, right = min(b[0] for b in boxes), max(b[2] for b in boxes)
    return left, height - max(b[3] for b in boxes), right, height - min(b[1] for b in boxes)


def page_width(path: Path) -> float:
    with pypdfium2.PdfDocument(path) as document:
        return float(document[0].get_width())


@pytest.fixture
def view(qapp: QApplication, qtbot: QtBot) -> PdfView:
    theme.apply(qapp, "light")
    view = PdfView()
    qtbot.addWidget(view)
    view.resize(620, 480)
    view.show()
    return view


def show(qtbot: QtBot, view: PdfView, path: Path) -> PdfFile:
    file = PdfFile(view)
    assert file.open(str(path)) == Opened.YES
    with qtbot.waitSignal(file.picture_ready):
        view.set_file(file)
        view.fit_width()  # the whole page, so that a test finds its edges
    assert view.fit == Fit.PAGE
    return file


def assert_marked(view: PdfView, path: Path, span: Span, colour: str = LIGHT.mark_words) -> None:
    shown = picture(view.viewport())
    left, top, right, _ = paper(shown, column=30)
    scale = (right - left) / page_width(path)
    found = box(of_colour(shown, colour))
    wanted = expected(path, span)
    in_points = [(found[i] - (left, top)[i % 2]) / scale for i in range(4)]
    outside = max(wanted[0] - in_points[0], wanted[1] - in_points[1],
                  in_points[2] - wanted[2], in_points[3] - wanted[3])  # fmt: skip
    missing = max(in_points[0] - wanted[0], in_points[1] - wanted[1],
                  wanted[2] - in_points[2], wanted[3] - in_points[3])  # fmt: skip
    assert outside <= POINTS, (in_points, wanted)
    assert missing <= 0.5, (in_points, wanted)


def test_one_word_is_marked_where_it_stands(qtbot: QtBot, view: PdfView, tmp_path: Path) -> None:
    path = make_pdf(tmp_path / "a.pdf", [["The notice period is three months.", "Another line."]])
    show(qtbot, view, path)
    span = find(path, "three months")
    view.mark([], [span])
    assert_marked(view, path, span)


@pytest.mark.parametrize("words", ["Quayside Estates", "12 Quay Road", "Completed copy"])
def test_words_of_a_real_lease_are_marked_where_they_stand(
    qtbot: QtBot, view: PdfView, words: str
) -> None:
    view.resize(460, 760)  # the whole first page is in sight
    show(qtbot, view, LEASE)
    span = find(LEASE, words)
    view.mark([span], [span])
    view.verticalScrollBar().setValue(0)
    assert_marked(view, LEASE, span)
    assert not of_colour(picture(view.viewport()), LIGHT.mark_sentence).any()


def test_a_sentence_over_two_lines_is_lighter_than_its_words(
    qtbot: QtBot, view: PdfView, tmp_path: Path
) -> None:
    path = make_pdf(tmp_path / "a.pdf", [["The notice period is", "three months for both sides."]])
    show(qtbot, view, path)
    sentence = find(path, "The notice period is\r\nthree months for both sides.")
    words = find(path, "three months")
    view.mark([sentence], [words])
    assert_marked(view, path, words)
    shown = picture(view.viewport())
    light = box(of_colour(shown, LIGHT.mark_sentence))
    strong = box(of_colour(shown, LIGHT.mark_words))
    assert light[1] < strong[1]  # its first line stands above the words
    assert light[2] > strong[2]  # it goes on behind them


def test_a_lone_dash_is_marked(qtbot: QtBot, view: PdfView, tmp_path: Path) -> None:
    """It is flatter than a point, and QtPdf gives whole points."""
    path = make_pdf(tmp_path / "a.pdf", [["Net loss - 11"]])
    show(qtbot, view, path)
    span = find(path, "-")
    view.mark([], [span])
    assert_marked(view, path, span)


def test_zoom_keeps_the_mark_on_its_words(qtbot: QtBot, view: PdfView, tmp_path: Path) -> None:
    path = make_pdf(tmp_path / "a.pdf", [["The notice period is three months."]])
    file = show(qtbot, view, path)
    span = find(path, "three months")
    view.mark([], [span])
    before = view.zoom
    with qtbot.waitSignal(file.picture_ready):
        view.zoom_out()
    assert view.zoom < before
    assert view.fit == Fit.NOTHING
    assert_marked_anywhere(view, path, span)
    view.fit_width()
    assert view.fit == Fit.TEXT
    view.fit_width()
    assert view.zoom == pytest.approx(before)


def assert_marked_anywhere(view: PdfView, path: Path, span: Span) -> None:
    """As `assert_marked`, for a page that does not fill the width."""
    shown = picture(view.viewport())
    white = of_colour(shown, "#FFFFFF")
    left, top, right, _ = box(white)
    scale = (right - left) / page_width(path)
    found = box(of_colour(shown, LIGHT.mark_words))
    wanted = expected(path, span)
    assert (found[0] - left) / scale == pytest.approx(wanted[0], abs=POINTS)
    assert (found[3] - top) / scale == pytest.approx(wanted[3], abs=POINTS)


def test_a_sentence_over_two_pages_is_marked_on_both(
    qtbot: QtBot, view: PdfView, tmp_path: Path
) -> None:
    path = make_pdf(tmp_path / "a.pdf", [["The notice period is"], ["three months."]])
    view.resize(300, 500)  # both pages are in sight
    show(qtbot, view, path)
    spans = [find(path, "The notice period is"), find(path, "three months.", 2)]
    view.mark(spans, [spans[1]])
    shown = picture(view.viewport())
    light, strong = of_colour(shown, LIGHT.mark_sentence), of_colour(shown, LIGHT.mark_words)
    assert box(light)[3] < box(strong)[1]
    assert view.page == 2


def test_the_page_with_the_words_is_shown(qtbot: QtBot, view: PdfView) -> None:
    show(qtbot, view, LEASE)
    changes = heard(view.page_changed)
    view.mark([], [find(LEASE, "Rent review", 3)])
    assert view.page == 3
    assert changes[-1] == (3,)
    assert of_colour(picture(view.viewport()), LIGHT.mark_words).any()


def test_letters_under_a_mark_stay_as_dark_as_they_are(
    qtbot: QtBot, view: PdfView, tmp_path: Path
) -> None:
    path = make_pdf(tmp_path / "a.pdf", [["IIIIIIIIIIII"]])
    show(qtbot, view, path)
    plain = picture(view.viewport()).min()
    view.mark([], [find(path, "IIIIIIIIIIII")])
    assert picture(view.viewport()).min() <= plain


def test_pages_are_white_in_the_dark_too(qtbot: QtBot, view: PdfView, tmp_path: Path) -> None:
    theme.apply(QApplication.instance(), "dark")
    path = make_pdf(tmp_path / "a.pdf", [["The notice period is three months."]])
    show(qtbot, view, path)
    view.mark([], [find(path, "three months")])
    assert_marked(view, path, find(path, "three months"))


def test_the_text_fills_the_width(qtbot: QtBot, view: PdfView) -> None:
    file = show(qtbot, view, LEASE)
    whole = view.zoom
    with qtbot.waitSignal(file.picture_ready):
        view.fit_width()
        view.mark([], [find(LEASE, "12 Quay Road")])
    assert view.zoom > whole * 1.1
    assert not view.horizontalScrollBar().isVisible()
    shown = picture(view.viewport())
    ink = box(shown.max(axis=2) < 90)  # dark letters
    assert 4 < ink[0] < 40
    assert 4 < view.viewport().width() - ink[2] < 40
    # Where the page itself is out of sight, its letters are the landmark.
    file_words = file.area(find(LEASE, "12 Quay Road")).boundingRect()
    found = box(of_colour(shown, LIGHT.mark_words))
    scale = view.zoom * 96 / 72
    assert found[2] - found[0] == pytest.approx(file_words.width() * scale, abs=3)


def test_a_resized_view_keeps_its_place(qtbot: QtBot, view: PdfView) -> None:
    show(qtbot, view, LEASE)
    view.mark([], [find(LEASE, "Rent review", 3)])
    before = box(of_colour(picture(view.viewport()), LIGHT.mark_words))[1]
    view.resize(420, 480)
    qtbot.waitUntil(lambda: view.viewport().width() < 450)
    after = box(of_colour(picture(view.viewport()), LIGHT.mark_words))[1]
    assert abs(after - before) < 60
    assert view.page == 3


def test_keys_turn_pages(qtbot: QtBot, view: PdfView) -> None:
    show(qtbot, view, LEASE)
    qtbot.keyClick(view, Qt.Key.Key_PageDown)
    qtbot.keyClick(view, Qt.Key.Key_PageDown)
    assert view.page == 3
    qtbot.keyClick(view, Qt.Key.Key_PageUp)
    assert view.page == 2
    qtbot.keyClick(view, Qt.Key.Key_End)
    assert view.page == view.pages == 6
    qtbot.keyClick(view, Qt.Key.Key_PageDown)
    assert view.page == 6
    qtbot.keyClick(view, Qt.Key.Key_Home)
    assert view.page == 1


def test_only_pages_in_sight_are_drawn(qtbot: QtBot, view: PdfView, tmp_path: Path) -> None:
    path = make_pdf(tmp_path / "long.pdf", [[f"Page {n}"] for n in range(1, 301)])
    file = PdfFile(view)
    assert file.open(str(path)) == Opened.YES
    drawn = heard(file.picture_ready)
    view.set_file(file)
    view.show_page(200)
    qtbot.waitUntil(lambda: file.picture(200) is not None)
    qtbot.wait(100)
    pages = {page for (page,) in drawn}
    assert 200 in pages
    assert len(pages) <= 6
    assert file.picture(100) is None


def test_text_can_be_selected_and_copied(qtbot: QtBot, view: PdfView, tmp_path: Path) -> None:
    path = make_pdf(tmp_path / "a.pdf", [["The notice period is three months."]])
    show(qtbot, view, path)
    left, top, right, bottom = expected(path, find(path, "three months"))
    shown = picture(view.viewport())
    page_left, page_top, page_right, _ = paper(shown, column=30)
    scale = (page_right - page_left) / page_width(path)

    def at(x: float, y: float) -> QPoint:
        return QPointF(page_left + x * scale, page_top + y * scale).toPoint()

    middle = (top + bottom) / 2
    qtbot.mousePress(view.viewport(), Qt.MouseButton.LeftButton, pos=at(left, middle))
    qtbot.mouseMove(view.viewport(), at(right, middle))
    qtbot.mouseRelease(view.viewport(), Qt.MouseButton.LeftButton, pos=at(right, middle))
    QGuiApplication.clipboard().clear()
    qtbot.keyClick(view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert "hree month" in QGuiApplication.clipboard().text()
    assert np.any(picture(view.viewport()) != shown)


def test_a_damaged_file_is_refused(tmp_path: Path, qapp: QApplication) -> None:
    path = tmp_path / "broken.pdf"
    path.write_bytes(b"%PDF-1.7 nothing more")
    assert PdfFile().open(str(path)) == Opened.NO
    assert PdfFile().open(str(tmp_path / "gone.pdf")) == Opened.NO


def test_a_page_beyond_all_measure_is_refused(tmp_path: Path, qapp: QApplication) -> None:
    path = make_pdf(tmp_path / "vast.pdf", [["Words"]], size=(2_863_311_530, 300))
    assert PdfFile().open(str(path)) == Opened.NO


def test_a_name_that_is_no_utf8_is_opened(tmp_path: Path, qapp: QApplication) -> None:
    source = make_pdf(tmp_path / "a.pdf", [["Words"]])
    odd = tmp_path / "caf\udce9.pdf"
    odd.write_bytes(source.read_bytes())
    file = PdfFile()
    assert file.open(str(odd)) == Opened.YES
    assert file.text(Span(1, 0, 5)) == "Words"
