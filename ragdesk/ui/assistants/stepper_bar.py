"""The six steps above the wizard: where it stands, and the way back to what is done."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QIcon, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QButtonGroup,
    QHBoxLayout,
    QSizePolicy,
    QToolButton,
    QWidget,
)

from ..icons import icon
from ..theme import theme
from ..widgets import IconSize
from . import assistant_words


class StepperBar(QWidget):
    """Steps that were reached can be pressed; the one shown is checked, those done have a tick.

    Where room is short only the step that is shown has its name; the others have their numbers.

    Signals:
        chosen: the number of a step, 0 to 5.
    """

    chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(self.tr("Steps"))
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(0)
        self._reached = 0
        # Names that do not fit give way: they do not hold the window open.
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._group = QButtonGroup(self)
        self._group.idClicked.connect(self.chosen)
        for number, name in enumerate(assistant_words.step_names()):
            step = QToolButton()
            step.setProperty("kind", "step")
            step.setText(f"{number + 1} {name}")
            step.setAccessibleName(name)
            step.setCheckable(True)
            step.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
            step.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            step.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            step.setToolTip(name)
            IconSize(step, 14)
            self._group.addButton(step, number)
            self._row.addWidget(step, 1)
        theme.changed.connect(self._fit)

    def focus_shown(self) -> None:
        """Puts the cursor on the step that is shown, so that it is read out."""
        if (step := self._group.checkedButton()) is not None:
            step.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_steps(self, reached: int, shown: int, first: int = 0) -> None:
        """`reached` is where the build stands; steps before `first` cannot be gone back to."""
        self._reached = reached
        for number in range(len(self._group.buttons())):
            step = self._group.button(number)
            done = number < reached
            step.setEnabled(first <= number <= reached)
            step.setChecked(number == shown)
            step.setIcon(icon("check", "good") if done else QIcon())
            state = self.tr("done") if done else ""
            step.setAccessibleDescription(
                self.tr("Step {n} of 6").format(n=number + 1) + (f", {state}" if state else "")
            )
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Names where all of them have room, else that of the step shown."""
        steps = self._group.buttons()
        self._write(steps, all_names=True)
        if sum(step.minimumSizeHint().width() for step in steps) > self.width():
            self._write(steps, all_names=False)

    def _write(self, steps: Sequence[QAbstractButton], *, all_names: bool) -> None:
        for number, (step, name) in enumerate(
            zip(steps, assistant_words.step_names(), strict=True)
        ):
            done = number < self._reached
            if all_names or step.isChecked():
                step.setText(f" {name}" if done else f"{number + 1} {name}")
            else:
                step.setText(f"{number + 1}")
            step.setMinimumWidth(step.minimumSizeHint().width())
