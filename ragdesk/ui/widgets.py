"""Small parts that every page uses: words, buttons, cards. Text is always shown as plain text."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QSize, Qt
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QAbstractButton,
    QFrame,
    QLabel,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QWidget,
)

from .icons import icon
from .theme import theme
from .words import tip


def label(text: str = "", role: str = "", *, wrap: bool = False) -> QLabel:
    """Words. Roles: hero, title, card, section, lead, prose, muted, look, wrong."""
    result = QLabel(text)
    result.setTextFormat(Qt.TextFormat.PlainText)
    result.setProperty("role", role)
    result.setWordWrap(wrap)
    return result


def button(
    text: str, press: Callable[[], object] | None = None, *, kind: str = "", picture: str = ""
) -> QPushButton:
    """A button with a verb on it. Kinds: primary (one a screen), quiet, link, or plain."""
    result = QPushButton(text)
    result.setProperty("kind", kind)
    if picture:
        result.setText(f" {text}")  # the style leaves too little air beside an icon
        result.setAccessibleName(text)
        result.setIcon(icon(picture, "on_accent" if kind == "primary" else "text"))
        IconSize(result, 16)
    if press is not None:
        result.clicked.connect(lambda _checked: press())
    return result


def icon_button(
    picture: str, name: str, press: Callable[[], object] | None = None, *, role: str = "muted"
) -> QToolButton:
    """An icon that can be pressed; `name` is its tooltip and what a screen reader says."""
    result = QToolButton()
    result.setProperty("kind", "icon")
    result.setIcon(icon(picture, role))
    IconSize(result, 18)
    result.setToolTip(name)
    result.setAccessibleName(name)
    result.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    if press is not None:
        result.clicked.connect(lambda _checked: press())
    return result


def picture_label(picture: str, role: str, size: int) -> PictureLabel:
    """An icon that only shows; `size` in pixels at 13 px text."""
    return PictureLabel(picture, role, size)


def frame(role: str, parent: QWidget | None = None) -> QFrame:
    """A ground with its own look: card, band, bar, column, pane, toast, rule."""
    result = QFrame(parent)
    result.setProperty("role", role)
    result.setFrameShape(QFrame.Shape.StyledPanel)
    return result


def announce(widget: QWidget, text: str) -> None:
    """Has a screen reader say something that happened in `widget`, where one listens."""
    if QAccessible.isActive():
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(widget, text))


class IconSize(QObject):
    """Keeps a button's icon in step with the text size; lives as long as the button."""

    def __init__(self, owner: QAbstractButton, size: int) -> None:
        super().__init__(owner)
        self._owner = owner
        self._size = size
        self._scale()
        theme.changed.connect(self._scale)

    def _scale(self) -> None:
        self._owner.setIconSize(QSize(theme.px(self._size), theme.px(self._size)))


class PictureLabel(QLabel):
    """An icon beside the word that it belongs to; a screen reader passes over it."""

    def __init__(self, picture: str, role: str, size: int) -> None:
        super().__init__()
        self._icon = icon(picture, role)
        self._size = size
        self._scale()
        theme.changed.connect(self._scale)

    def _scale(self) -> None:
        side = theme.px(self._size)
        self.setFixedSize(side, side)

    def show_picture(self, picture: str, role: str) -> None:
        self._icon = icon(picture, role)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        self._icon.paint(painter, self.rect())
        painter.end()


class ElidedLabel(QLabel):
    """One line of plain text that ends in … where room is short; the tooltip has all of it."""

    def __init__(
        self, text: str = "", role: str = "", mode: Qt.TextElideMode = Qt.TextElideMode.ElideMiddle
    ) -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("role", role)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.setMinimumWidth(theme.px(24))
        self._mode = mode
        self._full = ""
        self.set_full_text(text)

    def set_full_text(self, text: str) -> None:
        self._full = text
        self.setAccessibleName(text)
        self._elide()

    def full_text(self) -> str:
        return self._full

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._elide()

    def _elide(self) -> None:
        text = self.fontMetrics().elidedText(self._full, self._mode, self.width())
        self.setText(text)
        self.setToolTip(tip(self._full) if text != self._full else "")
