"""A report card as a file: one page of HTML, or the same as PDF."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QBuffer, QIODevice, QMarginsF, QObject, Signal
from PySide6.QtGui import QPageLayout, QPageSize, QPdfWriter, QTextDocument
from PySide6.QtWidgets import QFileDialog, QWidget

from ...card_page import html_of
from ...domain.assistant import Version
from ...store.home import not_writable
from .. import words

DOTS_PER_INCH = 96  # what style sheets call a pixel is one of these
MARGIN_MM = 14.0


class CardSaving(QObject):
    """Signals:
    told: (sentence, whether it says that something went wrong).
    """

    told = Signal(str, bool)

    def __init__(self, view: QWidget) -> None:
        super().__init__(view)
        self._view = view
        self._version: Version | None = None
        self._name = ""

    def set_version(self, version: Version, name: str) -> None:
        self._version, self._name = version, name

    def choose_pdf(self) -> None:
        self._choose(".pdf", self.tr("PDF (*.pdf)"))

    def choose_html(self) -> None:
        self._choose(".html", self.tr("Web page (*.html)"))

    def _choose(self, ending: str, kind: str) -> None:
        if self._version is None:
            return
        name = self.tr("Report card of {name}, version {n}").format(
            name=self._name, n=self._version.number
        )
        name = "".join("_" if c in '/\\:*?"<>|' else c for c in words.plain(name)) + ending
        path, _ = QFileDialog.getSaveFileName(
            self._view, self.tr("Save the report card"), name, kind
        )
        if path:
            path = path if path.lower().endswith(ending) else path + ending
            self.save(path)

    def save(self, path: str) -> None:
        """Writes the card as the ending of `path` says, and tells what became of it."""
        version = self._version
        if version is None:
            return
        page = html_of(version.card, self._name, version.number, version.made_at)
        body = pdf_of(page) if path.lower().endswith(".pdf") else page.encode("utf-8")
        try:
            Path(path).write_bytes(body)
        except OSError as error:
            failed = not_writable(Path(path).parent, error)
            self.told.emit(words.error(failed.code, failed.params), True)
        else:
            text = self.tr("The report card was saved as {name}.")
            self.told.emit(text.format(name=words.plain(Path(path).name)), False)


def pdf_of(page: str) -> bytes:
    """A page of HTML as PDF, A4, its text kept as text."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setResolution(DOTS_PER_INCH)
    writer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    margins = QMarginsF(MARGIN_MM, MARGIN_MM, MARGIN_MM, MARGIN_MM)
    writer.setPageMargins(margins, QPageLayout.Unit.Millimeter)
    document = QTextDocument()
    document.setHtml(page)
    document.setPageSize(writer.pageLayout().paintRectPixels(DOTS_PER_INCH).size().toSizeF())
    document.print_(writer)
    buffer.close()
    return bytes(buffer.data().data())
