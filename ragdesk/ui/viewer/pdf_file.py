"""A PDF as the viewer needs it: page sizes, pictures made in the background, places of characters.

QtPdf and the PDF parser stand on the same engine (PDFium), so a span's numbers are the numbers of
its characters on the page and nothing is ever searched for.
"""

from __future__ import annotations

import os
from collections import OrderedDict
from collections.abc import Sequence
from enum import Enum

from PySide6.QtCore import (
    QBuffer,
    QByteArray,
    QIODevice,
    QMarginsF,
    QObject,
    QPointF,
    QRectF,
    QSize,
    Signal,
)
from PySide6.QtGui import QImage, QPainterPath
from PySide6.QtPdf import QPdfDocument, QPdfDocumentRenderOptions, QPdfPageRenderer

from ...domain.document import Span

CACHE_BYTES = 24 * 1024 * 1024
# QtPdf gives whole points; one more on each side and no letter sticks out of its mark.
MARK_MARGIN = 1.0
LONGEST_SIDE = 20_000  # points of a page; the format ends at 14,400, damaged files do not
COLUMN_AIR = 9.0  # points beside the text of a page that fills the view


class Opened(Enum):
    """How opening a file went."""

    YES = "yes"
    LOCKED = "locked"  # it wants a password
    NO = "no"


class PdfFile(QObject):
    """One open PDF file. Pages count from 1, lengths on a page are points from its top left corner.

    Signals:
        picture_ready: the picture of a page (number) lies in the cache.
    """

    picture_ready = Signal(int)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._renderer = QPdfPageRenderer(self)
        self._renderer.setRenderMode(QPdfPageRenderer.RenderMode.MultiThreaded)
        self._renderer.pageRendered.connect(self._keep)
        # Child of the renderer: its thread has ended before the document goes.
        self._document = QPdfDocument(self._renderer)
        self._renderer.setDocument(self._document)
        self._buffer: QBuffer | None = None
        self._pictures: OrderedDict[int, QImage] = OrderedDict()
        self._under_way: tuple[int, QSize] | None = None
        self._unpaintable: set[int] = set()
        self._sizes: list[tuple[float, float]] = []

    def open(self, absolute: str) -> Opened:
        """Opens a file of this computer; nothing in it is run and nothing outside it is loaded."""
        try:
            absolute.encode("utf-8")
            error = self._document.load(absolute)
        except UnicodeEncodeError:
            error = self._load_bytes(absolute)
        if error == QPdfDocument.Error.IncorrectPassword:
            return Opened.LOCKED
        if error != QPdfDocument.Error.None_ or self._document.pageCount() == 0:
            return Opened.NO
        for index in range(self._document.pageCount()):
            size = self._document.pagePointSize(index)
            if not (0 < size.width() < LONGEST_SIDE and 0 < size.height() < LONGEST_SIDE):
                return Opened.NO
            self._sizes.append((max(size.width(), 1.0), max(size.height(), 1.0)))
        return Opened.YES

    def _load_bytes(self, absolute: str) -> QPdfDocument.Error:
        # A name that is no UTF-8 cannot pass through Qt; its bytes can.
        try:
            with open(os.fsencode(absolute), "rb") as file:
                data = file.read()
        except OSError:
            return QPdfDocument.Error.FileNotFound
        self._buffer = QBuffer(self)
        self._buffer.setData(QByteArray(data))
        self._buffer.open(QIODevice.OpenModeFlag.ReadOnly)
        self._document.load(self._buffer)
        return self._document.error()

    @property
    def sizes(self) -> Sequence[tuple[float, float]]:
        """Width and height of each page in points."""
        return self._sizes

    def label(self, page: int) -> str:
        """What is printed as the page's number ("iv"), empty where that is the number itself."""
        label = self._document.pageLabel(page - 1)
        return "" if label == str(page) else label

    def text(self, span: Span) -> str:
        """The characters of a span as the page holds them."""
        return self._document.getSelectionAtIndex(span.page - 1, span.start, span.length).text()

    def area(self, span: Span) -> QPainterPath:
        """Where the characters of a span stand on their page, line by line."""
        selection = self._document.getSelectionAtIndex(span.page - 1, span.start, span.length)
        path = QPainterPath()
        for polygon in selection.bounds():
            box = polygon.boundingRect()
            if box.width() <= 0 and box.height() <= 0:
                continue  # a line's end; a lone dash has no height in whole points, but a width
            margins = QMarginsF(MARK_MARGIN, MARK_MARGIN, MARK_MARGIN, MARK_MARGIN)
            path = path.united(_rectangle(box.marginsAdded(margins)))
        return path

    def column(self, page: int) -> tuple[float, float] | None:
        """Left and right of the text on a page with a little air, None where there is no text."""
        box = self._document.getAllText(page - 1).boundingRectangle()
        width = self._sizes[page - 1][0]
        left, right = max(0.0, box.left() - COLUMN_AIR), min(width, box.right() + COLUMN_AIR)
        return (left, right) if box.width() > 0 and right - left > width / 3 else None

    def select(self, page: int, start: QPointF, end: QPointF) -> tuple[str, QPainterPath]:
        """Text between two points of a page, and where it stands."""
        selection = self._document.getSelection(page - 1, start, end)
        path = QPainterPath()
        if selection.isValid():
            for polygon in selection.bounds():
                path = path.united(_rectangle(polygon.boundingRect()))
        return selection.text(), path

    # pictures

    def picture(self, page: int) -> QImage | None:
        """The newest picture of a page, perhaps of another size, or None."""
        image = self._pictures.get(page)
        if image is not None:
            self._pictures.move_to_end(page)
        return image

    def want(self, wanted: Sequence[tuple[int, QSize]]) -> None:
        """Makes the first picture of `wanted` (page, pixels) that is missing; one at a time.

        Called again for what is visible then, so that pages scrolled past are never drawn.
        """
        if self._under_way is not None:
            return
        for page, size in wanted:
            image = self._pictures.get(page)
            if page not in self._unpaintable and (image is None or image.size() != size):
                self._under_way = (page, size)
                self._renderer.requestPage(page - 1, size, QPdfDocumentRenderOptions())
                return

    def _keep(
        self, index: int, _size: QSize, image: QImage, _options: object, _request: int
    ) -> None:
        self._under_way = None
        page = index + 1
        if image.isNull():
            self._unpaintable.add(page)
        else:
            self._pictures[page] = image
            self._pictures.move_to_end(page)
            while len(self._pictures) > 1 and self._bytes() > CACHE_BYTES:
                self._pictures.popitem(last=False)
        self.picture_ready.emit(page)

    def _bytes(self) -> int:
        return sum(image.sizeInBytes() for image in self._pictures.values())


def _rectangle(box: QRectF) -> QPainterPath:
    path = QPainterPath()
    path.addRect(box)
    return path
