"""One thing that the exam measured: before and after as two bars, with the range of the difference."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from ...domain.assistant import Measure
from ..theme import theme
from ..widgets import label
from . import card_words

BAR, GAP = 10, 4  # px at 13 px text: height of a bar, and between the two


class MeasureBars(QWidget):
    """A name, the figures in words, and the bars; a screen reader is told the words."""

    def __init__(self, measure: Measure, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        name, figures = card_words.measure_name(measure.name), card_words.change(measure)
        self.setAccessibleName(f"{name}: {figures}")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.px(2))
        layout.addWidget(label(name, "section", wrap=True))
        said = label(figures, "", wrap=True)
        said.setObjectName("figures")
        layout.addWidget(said)
        layout.addSpacing(theme.px(4))
        self.bars = Bars(measure)
        layout.addWidget(self.bars)


class Bars(QWidget):
    """Before above, muted; after below, in the accent; over it a line from end to end of the range.

    The bars go from 0 to 100 of 100 and begin where reading begins.
    """

    def __init__(self, measure: Measure) -> None:
        super().__init__()
        self._measure = measure
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.updateGeometry)

    def sizeHint(self) -> QSize:
        return QSize(theme.px(120), 2 * theme.px(BAR) + theme.px(GAP) + 2)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def range_of_after(self) -> tuple[float, float] | None:
        """Between which shares the truth of "after" likely lies, 0 to 1; None where it is not known."""
        m = self._measure
        if m.before is None or m.low is None or m.high is None:
            return None
        return max(0.0, m.before + m.low), min(1.0, m.before + m.high)

    def paintEvent(self, _event: QPaintEvent) -> None:
        t, m = theme.tokens, self._measure
        if m.before is None or m.after is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.layoutDirection() == Qt.LayoutDirection.RightToLeft:
            painter.translate(self.width(), 0)
            painter.scale(-1, 1)
        height = theme.px(BAR)
        below = height + theme.px(GAP)
        self._bar(painter, 1, m.before, t.border)
        self._bar(painter, 1 + below, m.after, t.accent)
        spread = self.range_of_after()
        if spread is not None:
            self._range(painter, 1 + below, *spread)
        painter.end()

    def _bar(self, painter: QPainter, top: int, share: float, colour: str) -> None:
        t, height = theme.tokens, theme.px(BAR)
        round_by = height / 2
        groove = QRectF(1, top, self.width() - 2, height)
        painter.setPen(QPen(QColor(t.border), 1) if t.line_width > 1 else Qt.PenStyle.NoPen)
        painter.setBrush(QColor(t.sunken))
        painter.drawRoundedRect(groove, round_by, round_by)
        if share > 0:
            painter.setBrush(QColor(colour))
            filled = QRectF(groove)
            filled.setWidth(max(height, groove.width() * min(share, 1.0)))
            painter.drawRoundedRect(filled, round_by, round_by)

    def _range(self, painter: QPainter, top: int, low: float, high: float) -> None:
        """A line with ends, on a seam of the ground so that it is seen on the bar and beside it."""
        t, height, room = theme.tokens, theme.px(BAR), self.width() - 2
        left, right = 1 + room * low, 1 + room * high
        middle, up = top + height / 2, height * 0.32
        for colour, width in ((t.surface, 4.0), (t.text, 2.0)):
            painter.setPen(
                QPen(
                    QColor(colour), theme.px(width), Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap
                )
            )
            painter.drawLine(QPointF(left, middle), QPointF(right, middle))
            for x in (left, right):
                painter.drawLine(QPointF(x, middle - up), QPointF(x, middle + up))
