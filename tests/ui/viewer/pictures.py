"""Pictures of widgets, and what of a colour is in them."""

from __future__ import annotations

import numpy as np
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QWidget


def picture(widget: QWidget) -> np.ndarray:
    """What a widget shows, (height, width, 3) of 0 to 255."""
    return pixels(widget.grab().toImage())


def pixels(image: QImage) -> np.ndarray:
    image = image.convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return rows[:, : image.width() * 3].reshape(image.height(), image.width(), 3).astype(int)


def of_colour(shown: np.ndarray, colour: str) -> np.ndarray:
    """(height, width) of bool: where exactly this colour is."""
    return (shown == np.array(QColor(colour).getRgb()[:3])).all(axis=2)


def box(mask: np.ndarray) -> tuple[int, int, int, int]:
    """Left, top, right, bottom of what is True."""
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    assert rows.size, "nothing of it is in the picture"
    return int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1


def paper(shown: np.ndarray, column: int) -> tuple[int, int, int, int]:
    """The first white page whose margin covers `column`: left, top, right, bottom."""
    white = of_colour(shown, "#FFFFFF")
    inside = np.flatnonzero(white[:, column])
    top = int(inside[0])
    breaks = np.flatnonzero(np.diff(inside) > 1)
    bottom = int(inside[breaks[0]] if breaks.size else inside[-1]) + 1
    across = np.flatnonzero(white[top + 3])
    return int(across[0]), top, int(across[-1]) + 1, bottom
