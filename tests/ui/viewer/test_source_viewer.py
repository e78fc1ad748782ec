"""A source is shown where it is cited, whatever became of its file."""

from __future__ import annotations

import dataclasses
import os
from pathlib import Path

import pypdf
import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QAccessible, QDesktopServices, QTextCharFormat
from PySide6.QtWidgets import QAbstractButton, QApplication, QFileDialog, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from ragdesk.messages import DocumentsChanged, Failed, FindAgain, ReadAgain
from ragdesk.resources import asset
from ragdesk.ui.theme import LIGHT, theme
from ragdesk.ui.viewer.pdf_view import Fit, PdfView
from ragdesk.ui.viewer.source_viewer import SourceViewer
from ragdesk.ui.viewer.text_view import TextView
from tests.fakes_engine import FakeEngine
from tests.ui.viewer.desk import Desk, pdf_pages
from tests.ui.viewer.pictures import box, of_colour, picture
from tests.ui.viewer.signals import heard
from tests.ui.viewer.test_pdf_view import make_pdf

LEASE = asset("samples", "documents", "Lease showroom 12 Quay Road.pdf")


@pytest.fixture
def pdf(desk: Desk) -> Path:
    return make_pdf(
        desk.folder / "Lease.pdf", [["First page."], ["The notice period is three months."]]
    )


def band(viewer: SourceViewer) -> str:
    """The line about the file, empty while there is none."""
    words = viewer.findChild(QLabel, "source_words")
    return words.text() if words.isVisible() else ""


def press(viewer: SourceViewer, text: str) -> None:
    buttons = [
        b for b in viewer.findChildren(QPushButton) if b.text().strip() == text and b.isVisible()
    ]
    assert len(buttons) == 1, text
    buttons[0].click()


def text_view(viewer: SourceViewer) -> TextView:
    view = viewer.findChild(TextView)
    assert view.isVisible()
    return view


def marked(viewer: SourceViewer) -> list[str]:
    return [s.cursor.selectedText() for s in text_view(viewer).extraSelections()]


def test_a_pdf_is_shown_at_the_cited_page(viewer: SourceViewer, desk: Desk, pdf: Path) -> None:
    document = desk.add_pdf(pdf)
    viewer.show_citation(desk.cite(document, "The notice period is three months.", "three months"))
    view = viewer.findChild(PdfView)
    assert view.isVisible()
    assert (viewer.page, viewer.pages) == (2, 2)
    assert viewer.findChild(QLabel, "page_number").text() == "page 2 of 2"
    assert "Page 2 of Lease.pdf" in view.accessibleName()
    assert band(viewer) == ""
    assert of_colour(picture(view.viewport()), LIGHT.mark_words).any()


def test_a_moved_file_shows_its_stored_text_and_can_be_found(
    viewer: SourceViewer, desk: Desk, engine: FakeEngine, pdf: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = desk.add_pdf(pdf)
    citation = desk.cite(document, "The notice period is three months.", "three months")
    moved = pdf.rename(pdf.with_name("Moved.pdf"))
    viewer.show_citation(citation)
    assert marked(viewer) == ["The notice period is three months.", "three months"]
    assert "no longer where it was" in band(viewer)
    assert not viewer.findChild(QAbstractButton, "open_original").isEnabled()

    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(moved), ""))
    press(viewer, "Find it again")
    place = desk.documents.places_of(document)[0].place
    assert [type(c) for c in engine.sent] == [FindAgain]
    assert (engine.sent[0].place_id, engine.sent[0].path) == (place.id, str(moved))

    engine.emit_event(Failed(engine.sent[0].tag, "file_differs", {"path": "Moved.pdf"}))
    assert "Moved.pdf is not the same document as before." in band(viewer)

    status = os.stat(moved)
    desk.documents.relocate(place.id, str(moved), "Moved.pdf", status.st_size, status.st_mtime_ns)
    engine.emit_event(DocumentsChanged((place.id,)))
    assert viewer.findChild(PdfView).isVisible()
    assert band(viewer) == ""


def test_a_changed_file_shows_the_text_as_it_was_read(
    viewer: SourceViewer, desk: Desk, engine: FakeEngine, pdf: Path
) -> None:
    document = desk.add_pdf(pdf)
    citation = desk.cite(document, "The notice period is three months.", "three months")
    make_pdf(pdf, [["The notice period is six weeks, and much else was written anew."]])
    viewer.show_citation(citation)
    assert marked(viewer)[1] == "three months"
    assert "has changed since it was read" in band(viewer)
    press(viewer, "Read it again")
    place = desk.documents.places_of(document)[0].place
    assert isinstance(engine.sent[0], ReadAgain)
    assert engine.sent[0].place_ids == (place.id,)

    new = desk.add_pdf(pdf)  # what the engine does with the command
    assert new != document
    engine.emit_event(DocumentsChanged((place.id,)))
    assert "newer version" in band(viewer)
    assert marked(viewer) == ["The notice period is three months."]
    press(viewer, "Show the new version")
    assert viewer.findChild(PdfView).isVisible()
    assert viewer.pages == 1


def test_another_time_of_change_alone_changes_nothing(
    viewer: SourceViewer, desk: Desk, pdf: Path
) -> None:
    document = desk.add_pdf(pdf)
    os.utime(pdf, (1, 1))
    viewer.show_document(document)
    assert viewer.findChild(PdfView).isVisible()
    assert band(viewer) == ""


def test_a_removed_document_shows_what_was_cited(
    viewer: SourceViewer, desk: Desk, pdf: Path
) -> None:
    document = desk.add_pdf(pdf)
    citation = desk.cite(document, "The notice period is three months.", "three months")
    desk.documents.remove([desk.documents.places_of(document)[0].place.id])
    viewer.show_citation(citation)
    assert marked(viewer)[1] == "three months"
    assert "taken off the desk" in band(viewer)

    desk.documents.purge()
    viewer.show_citation(citation)
    assert marked(viewer) == ["The notice period is three months."]
    assert "no longer on the desk" in band(viewer)


def test_a_locked_pdf_shows_its_stored_text(viewer: SourceViewer, desk: Desk, pdf: Path) -> None:
    pages = pdf_pages(pdf)
    writer = pypdf.PdfWriter(clone_from=str(pdf))
    writer.encrypt("secret", algorithm="AES-256")
    writer.write(str(pdf))
    document = desk.add(pdf, pages, kind="pdf", paged=True)
    viewer.show_citation(desk.cite(document, "The notice period is three months.", "three months"))
    assert marked(viewer)[1] == "three months"
    assert "password" in band(viewer)


def test_a_pdf_without_the_cited_words_is_not_marked_wrongly(
    viewer: SourceViewer, desk: Desk, pdf: Path
) -> None:
    """Where the stored text is not the page's, the stored text is shown."""
    pages = pdf_pages(pdf)
    other = make_pdf(
        desk.folder / "Other.pdf", [["Some"], ["Completely different words stand here now."]]
    )
    document = desk.add(other, pages, kind="pdf", paged=True)
    viewer.show_citation(desk.cite(document, "The notice period is three months.", "three months"))
    assert marked(viewer)[1] == "three months"
    assert "text as it was read" in band(viewer)


@pytest.mark.parametrize(
    "before", ["", "😀 𝔊 ", "one\r\ntwo\r\n\r\n😀😀\r\n", "a\u2028b\u2029c\fd\ufffe "]
)
def test_words_of_a_text_are_marked_at_their_place(
    viewer: SourceViewer, desk: Desk, before: str
) -> None:
    document = desk.add_text("note.txt", before + "The notice period is 3 😀 months. More.")
    viewer.show_citation(desk.cite(document, "The notice period is 3 😀 months.", "3 😀 months"))
    assert marked(viewer) == ["The notice period is 3 😀 months.", "3 😀 months"]
    shown = picture(text_view(viewer).viewport())
    assert of_colour(shown, LIGHT.mark_sentence).any()
    assert of_colour(shown, LIGHT.mark_words).any()


def test_words_far_down_a_long_text_are_in_sight(viewer: SourceViewer, desk: Desk) -> None:
    document = desk.add_text(
        "long.txt", "Filling lines.\n" * 20_000 + "The very words.\n" + "More.\n" * 900
    )
    viewer.show_citation(desk.cite(document, "The very words.", "very words"))
    assert of_colour(picture(text_view(viewer).viewport()), LIGHT.mark_words).any()


def test_document_text_is_shown_as_it_stands(viewer: SourceViewer, desk: Desk) -> None:
    nasty = "<b>bold</b> <img src='file:///etc/passwd'> <a href='http://x'>press</a>"
    document = desk.add_text("<b>name.html", nasty, kind="html")
    viewer.show_document(document)
    assert text_view(viewer).toPlainText() == nasty


def test_sheets_are_turned_by_name(viewer: SourceViewer, desk: Desk, qtbot: QtBot) -> None:
    document = desk.add_text(
        "p.xlsx", "Tile 12.50", "Mixer 149.00", kind="xlsx", names=["New", "Old"]
    )
    viewer.show_citation(desk.cite(document, "Mixer 149.00", "149.00"))
    where = viewer.findChild(QLabel, "page_number")
    assert where.text() == "Old · 2 of 2"
    qtbot.keyClick(text_view(viewer), Qt.Key.Key_PageUp)
    assert where.text() == "New · 1 of 2"
    assert marked(viewer) == []
    viewer.show_page(2)
    assert marked(viewer) == ["Mixer 149.00", "149.00"]


def test_keys_zoom_and_close(viewer: SourceViewer, desk: Desk, qtbot: QtBot, pdf: Path) -> None:
    viewer.show_document(desk.add_pdf(pdf))
    view = viewer.findChild(PdfView)
    qtbot.waitExposed(viewer)
    viewer.activateWindow()
    view.setFocus()
    before = view.zoom
    qtbot.keyClick(view, Qt.Key.Key_Plus, Qt.KeyboardModifier.ControlModifier)
    assert view.zoom > before
    qtbot.keyClick(view, Qt.Key.Key_Minus, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(view, Qt.Key.Key_0, Qt.KeyboardModifier.ControlModifier)
    assert view.fit == Fit.TEXT
    closed = heard(viewer.closed)
    qtbot.keyClick(view, Qt.Key.Key_Escape)
    assert len(closed) == 1


def test_the_original_is_opened_as_a_local_file(
    viewer: SourceViewer, desk: Desk, pdf: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[QUrl] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url) or True)
    viewer.show_document(desk.add_pdf(pdf))
    viewer.findChild(QAbstractButton, "open_original").click()
    assert opened == [QUrl.fromLocalFile(str(pdf))]


def test_every_control_has_a_name(viewer: SourceViewer, desk: Desk) -> None:
    viewer.show_document(desk.add_pdf(LEASE))
    for button in viewer.findChildren(QAbstractButton):
        interface = QAccessible.queryAccessibleInterface(button)
        assert interface.text(QAccessible.Text.Name), button.objectName()
    for view in (viewer.findChild(PdfView), viewer.findChild(TextView)):
        viewer.show_document(desk.add_text(f"{type(view).__name__}.txt", "Words"))
        assert view.accessibleName()


def test_the_very_words_are_told_from_their_sentence_without_colour(
    viewer: SourceViewer, desk: Desk
) -> None:
    note = desk.add_text("Note.txt", "Before. Notice was given on 3 March. After.")
    cited = desk.cite(note, "Notice was given on 3 March.", "3 March")
    for look in ("light", "dark", "contrast"):
        theme.apply(QApplication.instance(), look)
        viewer.show_citation(cited)
        selections = text_view(viewer).extraSelections()
        sentence, words = selections[0].format, selections[1].format
        assert words.underlineStyle() == QTextCharFormat.UnderlineStyle.SingleUnderline
        assert sentence.underlineStyle() != words.underlineStyle()
        assert sentence.background() != words.background()
        if look == "contrast":
            assert sentence.underlineStyle() == QTextCharFormat.UnderlineStyle.DotLine
    theme.apply(QApplication.instance(), "light")


def test_a_sentence_marked_as_a_whole_has_no_very_words(viewer: SourceViewer, desk: Desk) -> None:
    note = desk.add_text("Note.txt", "Before. Notice was given on 3 March. After.")
    cited = desk.cite(note, "Notice was given on 3 March.")
    viewer.show_citation(dataclasses.replace(cited, marked=cited.spans))
    (only,) = text_view(viewer).extraSelections()
    assert only.format.background().color().name() == LIGHT.mark_sentence.lower()


@pytest.mark.parametrize(("look", "colour"), [("light", LIGHT.look), ("contrast", "#000000")])
def test_the_very_words_of_a_pdf_have_a_line_around_them(
    viewer: SourceViewer, desk: Desk, pdf: Path, look: str, colour: str
) -> None:
    theme.apply(QApplication.instance(), look)
    viewer.show_citation(
        desk.cite(desk.add_pdf(pdf), "The notice period is three months.", "three months")
    )
    shown = picture(viewer.findChild(PdfView).viewport())
    words = box(of_colour(shown, LIGHT.mark_words))
    line = of_colour(shown, colour)
    # Right beside what is marked, along all of its height, and nowhere at the sentence's beginning.
    assert line[words[1] + 2 : words[3] - 2, words[0] - 1].all()
    assert line[words[1] - 1, words[0] + 2 : words[2] - 2].all()
    sentence = box(of_colour(shown, LIGHT.mark_sentence))
    assert not line[words[1] + 2 : words[3] - 2, sentence[0] - 3 : sentence[0]].all()
    theme.apply(QApplication.instance(), "light")
