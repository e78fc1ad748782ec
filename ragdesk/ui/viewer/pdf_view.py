"""The pages of a PDF, one below the other, with the cited words marked on them."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
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
from .page_layout import GAP, HIGHEST_ZOOM, LOWEST_ZOOM, PageLayout
from .pdf_file import PdfFile

ZOOM_STEP = 1.25
SCROLL_STEP = 40  # pixels
SELECTION = mixed(LIGHT.accent, "#FFFFFF", 0.3)  # pages are white in every theme, like paper
WORDS_EDGE = 1  # pixels of the line around the very words; twice as much in high contrast
MOST_PIXELS = 24_000_000  # of one page's picture; beyond that it is drawn a little less sharp


class Fit(Enum):
    """What fills the width of the view and follows it."""

    TEXT = "text"  # the column of text, its margins out of sight
    PAGE = "page"
    NOTHING = "nothing"  # the zoom is the person's


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
        self._layout = PageLayout()
        self._fit = Fit.TEXT
        self._own_zoom = 1.0
        self._column: tuple[float, float] | None = None  # left and right of the text, in points
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
        """Shows a file from its first page, its text filling the width. The file stays the caller's."""
        self._file = file
        self._sentence, self._words, self._selected, self._selected_text = {}, {}, None, ""
        self._page = 1
        self._fit = Fit.TEXT
        self._column = None
        self._layout = PageLayout(file.sizes if file is not None else ())
        if file is not None:
            file.picture_ready.connect(self._picture_ready)
            self._column = file.column(1)
        self._lay_out()
        self.verticalScrollBar().setValue(0)

    def mark(self, spans: Sequence[Span], words: Sequence[Span]) -> None:
        """Marks a sentence, and stronger the very words in it, and brings them into sight."""
        self._words = self._areas(words)
        self._sentence = {
            page: area.subtracted(self._words[page]) if page in self._words else area
            for page, area in self._areas(spans).items()
        }
        first = next(iter(words or spans), None)
        if first is not None and self._file is not None and 1 <= first.page <= self.pages:
            self._column = self._file.column(first.page)
            self._lay_out()
            self.show_page(first.page, self._areas([first]).get(first.page))
        self.viewport().update()

    def _areas(self, spans: Sequence[Span]) -> dict[int, QPainterPath]:
        areas: dict[int, QPainterPath] = {}
        if self._file is not None:
            for span in spans:
                if 1 <= span.page <= self.pages:
                    area = areas.get(span.page, QPainterPath())
                    areas[span.page] = area.united(self._file.area(span))
        return areas

    @property
    def page(self) -> int:
        """The page in the middle of the view, from 1."""
        return self._page

    @property
    def pages(self) -> int:
        return self._layout.pages

    def show_page(self, page: int, area: QPainterPath | None = None) -> None:
        """Scrolls to a page's top, or so that `area` of it (in points) stands in the upper half."""
        if not 1 <= page <= self.pages:
            return
        rect, down, across = (
            self._layout.rect(page),
            self.verticalScrollBar(),
            self.horizontalScrollBar(),
        )
        if area is None or area.isEmpty():
            down.setValue(rect.top() - GAP // 2)
        else:
            box = area.boundingRect()
            at = rect.top() + box.top() * self._layout.scale
            down.setValue(round(at - self.viewport().height() * 0.35))
            if self._fit == Fit.NOTHING:
                at = rect.left() + box.left() * self._layout.scale
                across.setValue(round(at - self.viewport().width() * 0.2))
        self._set_page(page)

    # zoom

    @property
    def zoom(self) -> float:
        """1.0 for life size."""
        return self._layout.zoom

    @property
    def fit(self) -> Fit:
        return self._fit

    def zoom_in(self) -> None:
        self._set_zoom(self.zoom * ZOOM_STEP)

    def zoom_out(self) -> None:
        self._set_zoom(self.zoom / ZOOM_STEP)

    def fit_width(self) -> None:
        """Fills the width with the text, or, where it does, with the whole page."""
        self._fit = Fit.PAGE if self._fit == Fit.TEXT else Fit.TEXT
        self._lay_out_in_place()

    def _set_zoom(self, zoom: float) -> None:
        self._fit = Fit.NOTHING
        self._own_zoom = min(max(zoom, LOWEST_ZOOM), HIGHEST_ZOOM)
        self._lay_out_in_place()

    # geometry

    def _lay_out_in_place(self) -> None:
        """Lays out anew so that what stood in the upper third still stands there."""
        if not self.pages:
            return
        at = self.viewport().height() // 3
        page = self._page
        before = self._layout.rect(page)
        share = (self.verticalScrollBar().value() + at - before.top()) / before.height()
        self._lay_out()
        rect = self._layout.rect(page)
        self.verticalScrollBar().setValue(round(rect.top() + share * rect.height() - at))
        self._set_page(page)

    def _lay_out(self) -> None:
        view = self.viewport().size()
        if self._fit == Fit.NOTHING:
            self._layout.set_zoom(self._own_zoom)
        else:
            self._layout.fit(max(view.width(), 80), self._column if self._fit == Fit.TEXT else None)
        down, across = self.verticalScrollBar(), self.horizontalScrollBar()
        down.setRange(0, max(0, self._layout.height - view.height()))
        down.setPageStep(view.height())
        down.setSingleStep(SCROLL_STEP)
        across.setRange(0, max(0, self._layout.width - view.width()))
        across.setPageStep(view.width())
        across.setSingleStep(SCROLL_STEP)
        as_needed, never = (
            Qt.ScrollBarPolicy.ScrollBarAsNeeded,
            Qt.ScrollBarPolicy.ScrollBarAlwaysOff,
        )
        self.setHorizontalScrollBarPolicy(as_needed if self._fit == Fit.NOTHING else never)
        if self._fit == Fit.TEXT and self._column is not None and self.pages:
            left = self._layout.rect(self._page).left() + self._column[0] * self._layout.scale
            across.setValue(round(left) - GAP)
        self.zoom_changed.emit(self.zoom)
        self.viewport().update()

    def _page_rect(self, page: int) -> QRect:
        """A page in the viewport."""
        spare = max(0, self.viewport().width() - self._layout.width) // 2
        across, down = self.horizontalScrollBar().value(), self.verticalScrollBar().value()
        return self._layout.rect(page).translated(spare - across, -down)

    def _to_view(self, page: int) -> QTransform:
        """From points on a page to pixels in the viewport."""
        rect, scale = self._page_rect(page), self._layout.scale
        return QTransform.fromTranslate(rect.x(), rect.y()).scale(scale, scale)

    def _pages_in_sight(self) -> range:
        top = self.verticalScrollBar().value()
        if not self.pages:
            return range(0)
        last = self._layout.page_at(top + self.viewport().height())
        return range(self._layout.page_at(top), last + 1)

    def _scrolled(self) -> None:
        middle = self.verticalScrollBar().value() + self.viewport().height() // 2
        if self.pages:
            self._set_page(self._layout.page_at(middle))
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
        if self.hasFocus():
            painter.setPen(QPen(QColor(theme.tokens.accent), 2))
            painter.drawRect(self.viewport().rect().adjusted(1, 1, -1, -1))
        self._file.want([(page, self._picture_size(page)) for page in in_sight])

    def _picture_size(self, page: int) -> QSize:
        size = self._layout.size(page) * self.devicePixelRatioF()
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
        self._paint_edges(painter, page, to_view)
        painter.setPen(QColor(theme.tokens.line))
        painter.drawRect(QRectF(rect).adjusted(-0.5, -0.5, 0.5, 0.5))

    def _paint_edges(self, painter: QPainter, page: int, to_view: QTransform) -> None:
        """Colour does not speak alone: a line around the very words, and one of dots around the rest."""
        contrast = theme.tokens.line_width > 1
        words, rest = self._words.get(page), self._sentence.get(page)
        painter.save()
        if contrast and rest is not None:
            painter.setPen(QPen(Qt.GlobalColor.black, 1, Qt.PenStyle.DotLine))
            painter.drawPath(to_view.map(rest))
        if words is not None:
            marked, outside = to_view.map(words), QPainterPath()
            outside.addRect(QRectF(self.viewport().rect()))
            painter.setClipPath(outside.subtracted(marked), Qt.ClipOperation.IntersectClip)
            colour = QColor(Qt.GlobalColor.black) if contrast else QColor(LIGHT.look)
            painter.setPen(QPen(colour, 2 * WORDS_EDGE * (2 if contrast else 1)))  # half is clipped
            painter.drawPath(marked)
        painter.restore()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay_out_in_place()

    # keys and mouse

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.viewport().update()

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
            step = SCROLL_STEP if key == Qt.Key.Key_Down else -SCROLL_STEP
            self.verticalScrollBar().setValue(self.verticalScrollBar().value() + step)
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            step = SCROLL_STEP if key == Qt.Key.Key_Right else -SCROLL_STEP
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
