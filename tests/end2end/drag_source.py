"""A small window that files can be dragged out of: what a file manager is to the end-to-end test.

python drag_source.py X Y SIDE PATH…
"""

from __future__ import annotations

import sys

from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtGui import QDrag, QMouseEvent
from PySide6.QtWidgets import QApplication, QLabel


class Source(QLabel):
    """Begins a drag of the files as soon as the mouse is moved with its button down."""

    def __init__(self, paths: list[str]) -> None:
        super().__init__("files")
        self._paths = paths

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if not event.buttons() & Qt.MouseButton.LeftButton:
            return
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(path) for path in self._paths])
        drag = QDrag(self)
        drag.setMimeData(data)
        done = drag.exec(Qt.DropAction.CopyAction | Qt.DropAction.MoveAction)
        print("dropped" if done == Qt.DropAction.CopyAction else done.name, flush=True)


def main() -> None:
    app = QApplication(sys.argv[:1])
    x, y, side = map(int, sys.argv[1:4])
    source = Source(sys.argv[4:])
    source.setWindowFlag(Qt.WindowType.FramelessWindowHint)
    source.setGeometry(x, y, side, side)
    source.show()
    print("ready", flush=True)
    app.exec()


if __name__ == "__main__":
    main()
