"""The pages of a PDF, one below the other, with the cited words marked on them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QTransform,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QWidget

from ...domain.document import Span
from ..theme import LIGHT, mixed, theme
from .pdf_file import PdfFile

GAP = 12  # between pages and around them, pixels
ZOOM_STEP = 1.25
LOWEST_ZOOM, HIGHEST_ZOOM = 0.25, 4.0  # 1.0 shows a point as 96/72 pixels: life size
PIXELS_PER_POINT = 96 / 72
SELECTION = mixed(LIGHT.accent, "#FFFFFF", 0.3)  # pages are white in every theme, like paper
MOST_PIXELS = 24_000_000  # of one page's picture; beyond that it is drawn a little less sharp


class PdfView(QAbstractScrollArea):
    """Shows a `PdfFile`. Only pages in sight are painted, in the background.

    Signals:
        page_changed: the page in the middle of the view, from 1.
        zoom_changed: the zoom, 1.0 for life size.
    """

    page_changed = Signal(int)
    zoom_changed = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._file: PdfFile | None = None
        self._tops: list[int] = []
        self._zoom = 1.0
        self._fitted = True
        self._page = 1
        self._sentence: dict[int, QPainterPath] = {}
        self._words: dict[int, QPainterPath] = {}
        self._selected: tuple[int, QPainterPath] | None = None
        self._selected_text = ""
        self._press: tuple[int, QPointF] | None = None
        self.setFrameShape(QAbstractScrollArea.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.viewport().setCursor(Qt.CursorShape.IBeamCursor)
        self.verticalScrollBar().valueChanged.connect(self._scrolled)

    # what is shown

    def set_file(self, file: PdfFile | None) -> None:
        """Shows a file from its first page, fitted to the width. The file stays the caller's."""
        self._file = file
        self._sentence, self._words, self._selected, self._selected_text = {}, {}, None, ""
        self._page = 1
        if file is not None:
            file.picture_ready.connect(self._picture_ready)
        self._lay_out()
        self.verticalScrollBar().setValue(0)
        self.viewport().update()

    def mark(self, spans: Sequence[Span], words: Sequence[Span]) -> None:
        """Marks a sentence, and stronger the very words in it, and brings them into sight."""
        self._words = self._areas(words)
        self._sentence = {
            page: area.subtracted(self._words[page]) if page in self._words else area
            for page, area in self._areas(spans).items()
        }
        first = next(iter(words or spans), None)
        if first is not None:
            self.show_page(first.page, self._areas([first]).get(first.page))
        self.viewport().update()

    def marked_boxes(self, page: int) -> list[QRect]:
        """Where the very words (else the sentence) stand in the viewport, line by line, in pixels."""
        area = self._words.get(page) or self._sentence.get(page)
        if area is None:
            return []
        to_view = self._to_view(page)
        return [to_view.mapRect(p.boundingRect()).toAlignedRect() for p in area.toSubpathPolygons()]

    def _areas(self, spans: Sequence[Span]) -> dict[int, QPainterPath]:
        areas: dict[int, QPainterPath] = {}
        if self._file is not None:
            for span in spans:
                if 1 <= span.page <= len(self._file.sizes):
                    area = areas.get(span.page, QPainterPath())
                    areas[span.page] = area.united(self._file.area(span))
        return areas

    @property
    def page(self) -> int:
        """The page in the middle of the view, from 1."""
        return self._page

    @property
    def pages(self) -> int:
        return len(self._tops)

    def show_page(self, page: int, area: QPainterPath | None = None) -> None:
        """Scrolls to a page's top, or so that `area` of it (in points) stands in the upper half."""
        if self._file is None or not 1 <= page <= self.pages:
            return
        bar = self.verticalScrollBar()
        if area is None or area.isEmpty():
            bar.setValue(self._tops[page - 1] - GAP // 2)
        else:
            box = area.boundingRect()
            scale = self._scale()
            bar.setValue(
                round(self._tops[page - 1] + box.top() * scale - self.viewport().height() * 0.35)
            )
            left = self._left(page) + self.horizontalScrollBar().value() + box.left() * scale
            if self.horizontalScrollBar().maximum():
                self.horizontalScrollBar().setValue(round(left - self.viewport().width() * 0.2))
        self._set_page(page)

    # zoom

    @property
    def zoom(self) -> float:
        return self._zoom

    @property
    def fitted(self) -> bool:
        """Whether pages fill the width and follow it."""
        return self._fitted

    def zoom_in(self) -> None:
        self._set_zoom(self._zoom * ZOOM_STEP)

    def zoom_out(self) -> None:
        self._set_zoom(self._zoom / ZOOM_STEP)

    def fit_width(self) -> None:
        self._fitted = True
        self._lay_out_in_place()

    def _set_zoom(self, zoom: float) -> None:
        self._fitted = False
        self._zoom = min(max(zoom, LOWEST_ZOOM), HIGHEST_ZOOM)
        self._lay_out_in_place()

    def _lay_out_in_place(self) -> None:
        """Lays out anew so that what stood in the upper third still stands there."""
        at = self.viewport().height() // 3
        page = self._page_at(self.verticalScrollBar().value() + at)
        if self._file is None or page is None:
            self._lay_out()
            return
        offset = (self.verticalScrollBar().value() + at - self._tops[page - 1]) / self._scale()
        self._lay_out()
        self.verticalScrollBar().setValue(round(self._tops[page - 1] + offset * self._scale() - at))
        self._set_page(page)

    # geometry: content is in pixels from the top of the first page's gap

    def _scale(self) -> float:
        """Pixels a point."""
        return self._zoom * PIXELS_PER_POINT

    def _page_size(self, page: int) -> QSize:
        assert self._file is not None
        width, height = self._file.sizes[page - 1]
        return QSize(max(1, round(width * self._scale())), max(1, round(height * self._scale())))

    def _lay_out(self) -> None:
        self._tops = []
        if self._file is None:
            return
        widest = max(width for width, _ in self._file.sizes)
        if self._fitted:
            room = max(self.viewport().width() - 2 * GAP, 50)
            self._zoom = max(room / widest / PIXELS_PER_POINT, 0.05)
        top = GAP
        for page in range(1, len(self._file.sizes) + 1):
            self._tops.append(top)
            top += self._page_size(page).height() + GAP
        vertical, horizontal = self.verticalScrollBar(), self.horizontalScrollBar()
        vertical.setRange(0, max(0, top - self.viewport().height()))
        vertical.setPageStep(self.viewport().height())
        vertical.setSingleStep(40)
        wide = round(widest * self._scale()) + 2 * GAP
        horizontal.setRange(0, 0 if self._fitted else max(0, wide - self.viewport().width()))
        horizontal.setPageStep(self.viewport().width())
        horizontal.setSingleStep(40)
        self.zoom_changed.emit(self._zoom)
        self.viewport().update()

    def _left(self, page: int) -> int:
        """The page's left edge in the viewport."""
        width = self._page_size(page).width()
        bar = self.horizontalScrollBar()
        room = self.viewport().width() + bar.maximum()
        return (room - width) // 2 - bar.value()

    def _page_rect(self, page: int) -> QRect:
        """The page in the viewport."""
        top = self._tops[page - 1] - self.verticalScrollBar().value()
        return QRect(QPoint(self._left(page), top), self._page_size(page))

    def _to_view(self, page: int) -> QTransform:
        """From points on a page to pixels in the viewport."""
        rect = self._page_rect(page)
        return QTransform.fromTranslate(rect.x(), rect.y()).scale(self._scale(), self._scale())

    def _page_at(self, content_y: float) -> int | None:
        if not self._tops:
            return None
        return min(max(bisect_right(self._tops, content_y), 1), self.pages)

    def _pages_in_sight(self) -> range:
        top = self.verticalScrollBar().value()
        first = self._page_at(top) or 1
        last = self._page_at(top + self.viewport().height()) or 0
        return range(first, last + 1)

    def _scrolled(self) -> None:
        middle = self._page_at(self.verticalScrollBar().value() + self.viewport().height() // 2)
        if middle is not None:
            self._set_page(middle)
        self.viewport().update()

    def _set_page(self, page: int) -> None:
        if page != self._page:
            self._page = page
            self.page_changed.emit(page)

    # painting

    def _picture_ready(self, _page: int) -> None:
        self.viewport().update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        painter.fillRect(event.rect(), QColor(theme.tokens.sunken))
        if self._file is None:
            return
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        in_sight = self._pages_in_sight()
        for page in in_sight:
            self._paint_page(painter, page)
        self._file.want([(page, self._picture_size(page)) for page in in_sight])

    def _picture_size(self, page: int) -> QSize:
        size = self._page_size(page) * self.devicePixelRatioF()
        pixels = size.width() * size.height()
        return size if pixels <= MOST_PIXELS else size * (MOST_PIXELS / pixels) ** 0.5

    def _paint_page(self, painter: QPainter, page: int) -> None:
        assert self._file is not None
        rect = self._page_rect(page)
        painter.fillRect(rect, Qt.GlobalColor.white)
        image = self._file.picture(page)
        if image is not None:
            painter.drawImage(rect, image)
        painter.save()
        painter.setClipRect(rect)
        # Multiplied like a marker pen on paper: the letters under it stay as black as they are.
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Multiply)
        to_view = self._to_view(page)
        for areas, colour in (
            (self._sentence, LIGHT.mark_sentence),
            (self._words, LIGHT.mark_words),
        ):
            if page in areas:
                painter.fillPath(to_view.map(areas[page]), QColor(colour))
        if self._selected is not None and self._selected[0] == page:
            painter.fillPath(to_view.map(self._selected[1]), QColor(SELECTION))
        painter.restore()
        if theme.tokens.line_width > 1 and page in self._words:
            painter.setPen(QPen(Qt.GlobalColor.black, 2))
            painter.drawPath(to_view.map(self._words[page]))
        painter.setPen(QColor(theme.tokens.line))
        painter.drawRect(QRectF(rect).adjusted(-0.5, -0.5, 0.5, 0.5))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay_out_in_place()

    # keys and mouse

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if event.matches(QKeySequence.StandardKey.Copy):
            if self._selected_text:
                QGuiApplication.clipboard().setText(self._selected_text)
        elif key == Qt.Key.Key_PageDown:
            self.show_page(min(self._page + 1, self.pages))
        elif key == Qt.Key.Key_PageUp:
            self.show_page(max(self._page - 1, 1))
        elif key == Qt.Key.Key_Home:
            self.show_page(1)
        elif key == Qt.Key.Key_End:
            self.show_page(self.pages)
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            step = 40 if key == Qt.Key.Key_Down else -40
            self.verticalScrollBar().setValue(self.verticalScrollBar().value() + step)
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            step = 40 if key == Qt.Key.Key_Right else -40
            self.horizontalScrollBar().setValue(self.horizontalScrollBar().value() + step)
        else:
            event.ignore()

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            if event.angleDelta().y():
                (self.zoom_in if event.angleDelta().y() > 0 else self.zoom_out)()
            event.accept()
            return
        super().wheelEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton or self._file is None:
            return
        self._selected, self._selected_text = None, ""
        for page in self._pages_in_sight():
            if self._page_rect(page).contains(event.position().toPoint()):
                self._press = page, self._to_point(page, event.position())
        self.viewport().update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._press is None or self._file is None:
            return
        page, start = self._press
        text, area = self._file.select(page, start, self._to_point(page, event.position()))
        self._selected, self._selected_text = (page, area), text
        self.viewport().update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._press = None

    def _to_point(self, page: int, position: QPointF) -> QPointF:
        inverted, _ = self._to_view(page).inverted()
        return inverted.map(position)
