"""The pages, and the source beside them or, where room is short, sliding over them."""

from __future__ import annotations

from PySide6.QtCore import QEasingCurve, QPropertyAnimation, QRect, Qt, Signal
from PySide6.QtGui import QColor, QLinearGradient, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QStyle, QWidget

from .theme import theme
from .widgets import frame

NARROW = 800  # pixels at 13 px text; below, the pane lies over the pages
SLIDE_MS = 140
SHADE = 16


class WorkArea(QWidget):
    """Holds the pages and one pane at the right that is open or not.

    Signals:
        pane_resized: the width that a person gave the pane.
    """

    pane_resized = Signal(int)

    def __init__(self, pages: QWidget, content: QWidget, pane_width: int) -> None:
        super().__init__()
        self._width = pane_width
        self._open = False
        self._narrow = False
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        self.pane = frame("pane")
        inside = QHBoxLayout(self.pane)
        inside.setContentsMargins(1, 0, 0, 0)
        inside.addWidget(content)
        self._splitter = QSplitter(Qt.Orientation.Horizontal)
        self._splitter.setHandleWidth(1)
        self._splitter.setChildrenCollapsible(False)
        pages.setMinimumWidth(theme.px(360))
        self.pane.setMinimumWidth(theme.px(280))
        self._splitter.addWidget(pages)
        self._splitter.addWidget(self.pane)
        self._splitter.setStretchFactor(0, 1)
        self._splitter.setStretchFactor(1, 0)
        self._splitter.splitterMoved.connect(self._moved)
        layout.addWidget(self._splitter)
        self._shade = _Shade(self)
        self._slide = QPropertyAnimation(self.pane, b"geometry", self)
        self._slide.setDuration(SLIDE_MS)
        self._slide.setEasingCurve(QEasingCurve.Type.OutCubic)
        self.pane.hide()
        theme.changed.connect(self._fit)

    @property
    def is_narrow(self) -> bool:
        """Whether the pane covers the pages when it is open."""
        return self._narrow

    @property
    def is_pane_open(self) -> bool:
        return self._open

    def set_pane_width(self, width: int) -> None:
        """How wide the pane is to be where there is room; at once when it is open."""
        if width != self._width:
            self._width = width
            if self._open and not self._narrow:
                self._give_width()

    def set_pane_open(self, opened: bool) -> None:
        if opened == self._open:
            return
        self._open = opened
        if not opened:
            self._shade.hide()
            self.pane.hide()
            return
        self.pane.show()
        if self._narrow:
            self._slide_in()
        else:
            self._give_width()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        narrow = self.width() < theme.px(NARROW)
        if narrow != self._narrow:
            self._narrow = narrow
            self._lay_out()
        elif narrow and self._open:
            self._slide.stop()
            self._cover(self._over())

    def _lay_out(self) -> None:
        """Moves the pane out of the splitter, or back into it."""
        self._slide.stop()
        if self._narrow:
            self.pane.setParent(self)
            self._cover(self._over())
        else:
            self._shade.hide()
            self._splitter.addWidget(self.pane)
            self._splitter.setStretchFactor(1, 0)
        self.pane.setVisible(self._open)
        if self._open and not self._narrow:
            self._give_width()

    def _give_width(self) -> None:
        pane = max(self.pane.minimumWidth(), min(self._width, self.width() - theme.px(360)))
        self._splitter.setSizes([max(1, self.width() - pane - 1), pane])

    def _over(self) -> QRect:
        width = min(theme.px(480), self.width() - theme.px(48))
        return QRect(self.width() - width, 0, width, self.height())

    def _cover(self, rect: QRect) -> None:
        self.pane.setGeometry(rect)
        self.pane.raise_()
        self._shade.setGeometry(rect.left() - SHADE, 0, SHADE, self.height())
        self._shade.setVisible(self._open)
        self._shade.raise_()

    def _slide_in(self) -> None:
        over = self._over()
        self._cover(over)
        if not self.style().styleHint(QStyle.StyleHint.SH_Widget_Animation_Duration):
            return  # the system asks for no movement
        self._slide.setStartValue(over.translated(theme.px(64), 0))
        self._slide.setEndValue(over)
        self._slide.start()

    def _moved(self, _position: int, _index: int) -> None:
        self._width = self.pane.width()
        self.pane_resized.emit(self._width)


class _Shade(QWidget):
    """The one shadow: at the edge of what floats."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        gradient = QLinearGradient(0, 0, self.width(), 0)
        dark = QColor(0, 0, 0, 70 if theme.tokens.dark else 36)
        gradient.setColorAt(0, QColor(0, 0, 0, 0))
        gradient.setColorAt(1, dark)
        painter.fillRect(self.rect(), gradient)
        painter.end()
