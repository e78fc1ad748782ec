"""Icons of one family, tinted with the theme in force at the moment they are painted."""

from __future__ import annotations

from PySide6.QtCore import QByteArray, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QIconEngine, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from .theme import icon_source, mixed, theme

_drawn: dict[tuple[str, str, int, int], QPixmap] = {}


def icon(name: str, role: str = "text") -> QIcon:
    """The icon `name` of assets/icons in the colour `role` of `theme.Tokens`."""
    return QIcon(_TintedEngine(name, role))


def pixmap(name: str, role: str, size: int, ratio: float = 1.0) -> QPixmap:
    """The icon as a picture of `size` logical pixels for a screen of `ratio`."""
    return _drawing(name, str(getattr(theme.tokens, role)), round(size * ratio), ratio)


def application_icon() -> QIcon:
    """The program's own picture, in its own colours."""
    result = QIcon()
    for size in (16, 24, 32, 48, 64, 128, 256):
        result.addPixmap(_drawing("ragdesk", "", size, 1.0))
    return result


def _drawing(name: str, colour: str, pixels: int, ratio: float) -> QPixmap:
    pixels = max(1, pixels)  # a button that is being squeezed may ask for nothing
    key = (name, colour, pixels, round(ratio * 100))
    if key not in _drawn:
        if len(_drawn) > 1000:
            _drawn.clear()
        picture = QPixmap(pixels, pixels)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        source = icon_source(name).replace("currentColor", colour)
        QSvgRenderer(QByteArray(source.encode())).render(painter, QRectF(0, 0, pixels, pixels))
        painter.end()
        picture.setDevicePixelRatio(ratio)
        _drawn[key] = picture
    return _drawn[key]


class _TintedEngine(QIconEngine):
    """Looks the colour up when it paints, so that a change of theme needs no new icons."""

    def __init__(self, name: str, role: str) -> None:
        super().__init__()
        self._name = name
        self._role = role

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, _state: QIcon.State) -> None:
        ratio = painter.device().devicePixelRatio() if painter.device() else 1.0
        size = min(rect.width(), rect.height())
        drawing = _drawing(self._name, self._colour(mode), round(size * ratio), ratio)
        left = rect.left() + (rect.width() - size) // 2
        painter.drawPixmap(left, rect.top() + (rect.height() - size) // 2, drawing)

    def pixmap(self, size: QSize, mode: QIcon.Mode, _state: QIcon.State) -> QPixmap:
        return _drawing(self._name, self._colour(mode), min(size.width(), size.height()), 1.0)

    def clone(self) -> QIconEngine:
        return _TintedEngine(self._name, self._role)

    def _colour(self, mode: QIcon.Mode) -> str:
        colour = str(getattr(theme.tokens, self._role))
        if mode == QIcon.Mode.Disabled:
            return mixed(colour, theme.tokens.surface, 0.45)
        return QColor(colour).name()
