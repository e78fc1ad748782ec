"""What a review shows, for its tests."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel

from ragdesk.ui.assistants.review_view import ReviewView


def asks(view: ReviewView) -> str:
    """What the card that is shown asks; "" where another page is shown."""
    if view._stack.currentWidget() is not view.card:
        return ""
    return text_of(view, "pair_question")


def text_of(view: ReviewView, name: str) -> str:
    found: QLabel = view.findChild(QLabel, name)
    return found.text()


def page(view: ReviewView) -> str:
    """All words of the page that is shown."""
    shown = view._stack.currentWidget()
    return "\n".join(one.text() for one in shown.findChildren(QLabel) if one.isVisible())


def column(view: ReviewView, which: int) -> list[str]:
    model = view.table.model
    return [str(model.index(row, which).data()) for row in range(model.rowCount())]
