"""A chart of questions answered right, painted by hand."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from .. import words
from ..theme import theme
from .builds_model import Curve

HEIGHT, WIDEST = 150, 560  # pixels at 13 px text


class ChartView(QWidget):
    """Questions asked to the right, questions answered right upwards; the steeper the better.

    One line is drawn strongly, those before it faintly; both are named beside their ends.
    """

    def __init__(self) -> None:
        super().__init__()
        self._now: Curve = ()
        self._before: Curve = ()
        self._names = ("", "")
        self._total = 0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMinimumWidth(theme.px(200))
        self._scale()
        theme.changed.connect(self._scale)

    def _scale(self) -> None:
        self.setFixedHeight(theme.px(HEIGHT))
        self.setMaximumWidth(theme.px(WIDEST))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(theme.px(WIDEST), theme.px(HEIGHT))

    def show_curves(self, now: Curve, before: Curve, names: tuple[str, str], total: int) -> None:
        """`names` of the line now and of the one before it; `total` questions fill the width."""
        self._now, self._before, self._names = now, before, names
        self._total = max(total, 1, *(asked for asked, _ in (*now, *before)))
        said = [self._said(curve, name) for curve, name in self._lines()]
        self.setAccessibleName(self.tr("Questions answered right"))
        self.setAccessibleDescription(". ".join(filter(None, said)))
        self.setVisible(len(now) > 1 or len(before) > 1)
        self.update()

    def _lines(self) -> tuple[tuple[Curve, str], tuple[Curve, str]]:
        """Both lines with their names."""
        return (self._now, self._names[0]), (self._before, self._names[1])

    def _end(self, curve: Curve) -> tuple[int, int]:
        """(asked, right) that a line is told by: both after as many questions, so that they compare."""
        asked = self._now[-1][0] if self._now else curve[-1][0]
        reached = [point for point in curve if point[0] <= asked]
        return reached[-1] if reached else curve[0]

    def _said(self, curve: Curve, name: str) -> str:
        if not curve:
            return ""
        asked, right = self._end(curve)
        return self.tr("{name}: {right} of {asked}").format(
            name=name, right=words.number(right), asked=words.number(asked)
        )

    def paintEvent(self, _event: QPaintEvent) -> None:
        t = theme.tokens
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(theme.font(12))
        room = self._room(painter)
        painter.setPen(QPen(QColor(t.line), t.line_width))
        painter.drawLine(room.bottomLeft(), room.bottomRight())
        painter.drawLine(room.bottomLeft(), room.topLeft())
        highest = max(1, *(right for _, right in (*self._now, *self._before)))
        self._draw(painter, room, highest, self._before, t.muted, theme.px(1.5), dashed=True)
        self._draw(painter, room, highest, self._now, t.accent, theme.px(2.5), dashed=False)
        self._name_axes(painter, room)
        self._name_ends(painter, room, highest)
        painter.end()

    def _room(self, painter: QPainter) -> QRectF:
        """Where the lines run: words stand at its right and below it."""
        metrics = painter.fontMetrics()
        named = [self._said(curve, name) for curve, name in self._lines()]
        widest = max(metrics.horizontalAdvance(text) for text in named) + theme.px(10)
        below = metrics.height() + theme.px(4)
        return QRectF(self.rect()).adjusted(1, theme.px(6), -min(widest, self.width() / 2), -below)

    def _place(self, room: QRectF, highest: int, point: tuple[int, int]) -> QPointF:
        asked, right = point
        x = room.left() + room.width() * asked / self._total
        return QPointF(x, room.bottom() - room.height() * right / highest)

    def _draw(
        self,
        painter: QPainter,
        room: QRectF,
        highest: int,
        curve: Curve,
        colour: str,
        width: float,
        *,
        dashed: bool,
    ) -> None:
        if not curve:
            return
        style = Qt.PenStyle.DashLine if dashed else Qt.PenStyle.SolidLine
        painter.setPen(QPen(QColor(colour), width, style))
        points = [self._place(room, highest, point) for point in ((0, 0), *curve)]
        painter.drawPolyline(QPolygonF(points))

    def _name_axes(self, painter: QPainter, room: QRectF) -> None:
        painter.setPen(QColor(theme.tokens.muted))
        below = QRectF(room.left(), room.bottom() + theme.px(4), room.width(), theme.px(20))
        text = self.tr("{n} questions").format(n=words.number(self._total))
        painter.drawText(below, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop, text)

    def _name_ends(self, painter: QPainter, room: QRectF, highest: int) -> None:
        """The names stand as high as their lines come, kept apart where these meet."""
        height = painter.fontMetrics().height()
        taken: list[float] = []
        for curve, name, colour, strong in (
            (self._now, self._names[0], theme.tokens.accent, True),
            (self._before, self._names[1], theme.tokens.muted, False),
        ):
            if not curve:
                continue
            painter.setFont(theme.font(12, strong=strong))
            y = self._place(room, highest, self._end(curve)).y() - height / 2
            for other in taken:
                if abs(y - other) < height:
                    y = other + height if y >= other else other - height
            y = min(max(y, 0.0), self.height() - height)
            if any(abs(y - other) < height - 1 for other in taken):
                y = taken[0] - height if y >= taken[0] - 1 else taken[0] + height
            taken.append(y)
            painter.setPen(QColor(colour))
            at = QRectF(room.right() + theme.px(8), y, self.width() - room.right(), height)
            painter.drawText(at, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter,
                             self._said(curve, name))  # fmt: skip
