"""Where the pages of a document lie when they stand below each other."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from PySide6.QtCore import QPoint, QRect, QSize

GAP = 12  # between pages and around them, pixels
PIXELS_PER_POINT = 96 / 72
LOWEST_ZOOM, HIGHEST_ZOOM = 0.25, 4.0  # 1.0 is life size
HIGHEST_FIT = 1.6  # a narrow column is not blown up beyond this


class PageLayout:
    """Pages count from 1, their sizes are in points; everything else is in pixels.

    Attributes:
        zoom: 1.0 shows a point as 96/72 pixels.
        width, height: of all pages with the gaps around them.
    """

    def __init__(self, sizes: Sequence[tuple[float, float]] = ()) -> None:
        self._sizes = sizes
        self._tops: list[int] = []
        self.zoom = 1.0
        self.width = self.height = 0
        self.set_zoom(1.0)

    @property
    def pages(self) -> int:
        return len(self._sizes)

    @property
    def scale(self) -> float:
        """Pixels a point."""
        return self.zoom * PIXELS_PER_POINT

    def set_zoom(self, zoom: float) -> None:
        """Lays the pages out at a zoom."""
        self.zoom = zoom
        self._tops = []
        top = GAP
        for page in range(1, self.pages + 1):
            self._tops.append(top)
            top += self.size(page).height() + GAP
        self.height = top
        widest = max((self.size(page).width() for page in range(1, self.pages + 1)), default=0)
        self.width = widest + 2 * GAP

    def fit(self, room: int, column: tuple[float, float] | None = None) -> None:
        """Fills `room` pixels with the widest page, or with a column (left, right) of pages."""
        widest = max((width for width, _ in self._sizes), default=1.0)
        whole = (room - 2 * GAP) / widest / PIXELS_PER_POINT
        if column is not None:
            narrow = (room - 2 * GAP) / (column[1] - column[0]) / PIXELS_PER_POINT
            whole = max(whole, min(narrow, HIGHEST_FIT))
        self.set_zoom(max(whole, 0.05))

    def size(self, page: int) -> QSize:
        width, height = self._sizes[page - 1]
        return QSize(max(1, round(width * self.scale)), max(1, round(height * self.scale)))

    def rect(self, page: int) -> QRect:
        """A page among all pages."""
        size = self.size(page)
        return QRect(QPoint((self.width - size.width()) // 2, self._tops[page - 1]), size)

    def page_at(self, y: float) -> int:
        """The page at a height, the gap below belonging to it."""
        return min(max(bisect_right(self._tops, y), 1), max(self.pages, 1))
