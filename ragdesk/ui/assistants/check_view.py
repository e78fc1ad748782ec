"""The second step: how long it will take on this computer."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from .. import words
from ..theme import theme
from ..widgets import label
from .assistant_words import CHECK, step_of
from .builds_model import Build


class CheckView(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self._title = label("", "hero", wrap=True)
        self._title.setObjectName("check_title")
        self._told = label("", "lead", wrap=True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, theme.px(24), 0, 0)
        layout.setSpacing(theme.px(8))
        layout.addWidget(self._title)
        layout.addWidget(self._told)
        layout.addStretch(1)

    def show_build(self, build: Build | None) -> None:
        """None: it was asked for, and the engine has not begun yet."""
        if build is None or (build.minutes_left is None and step_of(build) == CHECK):
            self._title.setText(self.tr("Looking at this computer"))
            self._told.setText(
                self.tr(
                    "RagDesk tries out how fast it answers and learns here, which takes about a"
                    " minute. Then it says how long the whole will take."
                )
            )
            return
        if build.minutes_left is None:
            self._title.setText(self.tr("This computer can do it"))
        else:
            time = words.duration(60 * build.minutes_left)
            here = self.tr("{time} on this computer")
            later = self.tr("{time} left on this computer")
            text = (here if step_of(build) == CHECK else later).format(time=time)
            self._title.setText(text[:1].upper() + text[1:])
        self._told.setText(
            self.tr(
                "You can go on working. Building goes on when you leave this page, and when RagDesk"
                " is closed it goes on the next time."
            )
        )
