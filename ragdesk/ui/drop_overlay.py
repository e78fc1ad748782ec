"""While files are dragged over the window: where they will land."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from .icons import pixmap
from .theme import theme


class DropOverlay(QWidget):
    """Covers the pages while a drag is over the window; the drag itself passes through it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._parent = parent
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._text = ""
        self.hide()

    def show_target(self, text: str) -> None:
        """Says where the files will land."""
        self._text = text
        self.setAccessibleName(text)
        self.setGeometry(self._parent.rect())
        self.show()
        self.raise_()
        self.update()

    def text(self) -> str:
        return self._text

    def paintEvent(self, _event: QPaintEvent) -> None:
        t = theme.tokens
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ground = QColor(t.page)
        ground.setAlphaF(0.98)
        painter.fillRect(self.rect(), ground)
        box = QRectF(self.rect()).adjusted(20, 20, -20, -20)
        painter.setPen(QPen(QColor(t.accent), 2, Qt.PenStyle.DashLine))
        painter.setBrush(QColor(t.selected))
        painter.drawRoundedRect(box, 14, 14)
        side = theme.px(48)
        picture = pixmap("drop", "accent", side, self.devicePixelRatioF())
        centre = box.center()
        painter.drawPixmap(round(centre.x() - side / 2), round(centre.y() - side), picture)
        painter.setPen(QColor(t.text))
        painter.setFont(theme.font(18, strong=True))
        text = box.adjusted(24, 0, -24, 0)
        text.setTop(centre.y() + theme.px(16))
        painter.drawText(
            text,
            Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap,
            self._text,
        )
        painter.end()
