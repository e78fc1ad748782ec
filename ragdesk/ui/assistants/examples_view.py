"""What was just made or answered, the newest first."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from .. import words
from ..theme import theme
from ..widgets import label
from .builds_model import MOST_EXAMPLES


class ExamplesView(QWidget):
    """A heading and at most `MOST_EXAMPLES` lines; hidden while there is none."""

    def __init__(self, heading: str) -> None:
        super().__init__()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.px(4))
        layout.addWidget(label(heading, "section"))
        self._lines: list[QLabel] = [label("", "", wrap=True) for _ in range(MOST_EXAMPLES)]
        for line in self._lines:
            line.setObjectName("example")
            layout.addWidget(line)
        self.hide()

    def show_examples(self, examples: tuple[str, ...]) -> None:
        for number, line in enumerate(self._lines):
            line.setVisible(number < len(examples))
            line.setText(words.plain(examples[number]) if number < len(examples) else "")
        self.setVisible(bool(examples))
