"""Everything in the window can be read and reached: names, room for longer words, plain text."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QAbstractAnimation, QEvent, QRect, Qt, QTranslator
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QProgressBar,
    QScrollBar,
    QTextEdit,
    QToolButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from ragdesk.domain.conversation import Citation, Judgement, ShelfChance, Value
from ragdesk.domain.document import Span
from ragdesk.messages import JobChanged
from ragdesk.store.conversations import Conversations
from ragdesk.store.database import Database
from ragdesk.store.judgements import Judgements
from ragdesk.ui.ask.teach_dialog import ELSEWHERE, TeachDialog
from ragdesk.ui.dialogs import ForgetDialog, LeaveDialog, NameDialog
from ragdesk.ui.documents.document_rows import Need
from ragdesk.ui.documents.password_dialog import PasswordDialog
from ragdesk.ui.main_window import START, MainWindow
from ragdesk.ui.navigation_bar import ASK, ASSISTANTS, DOCUMENTS, SETTINGS
from ragdesk.ui.widgets import ElidedLabel
from tests.fakes_engine import FakeEngine
from tests.ui.filling import TEXT, Desk
from tests.ui.viewer.desk import hit_of, quote_answer, refusal

Open = Callable[..., MainWindow]
INTERACTIVE = (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QTextEdit,
    QProgressBar,
)
STRETCH = 1.4


class Longer(QTranslator):
    """Every sentence as long as another language may need: 1.4 times."""

    def translate(self, _context: str, text: str, _comment: str | None = None, _n: int = -1) -> str:
        more = round(len(text) * (STRETCH - 1)) if text.strip() else 0
        return text + "".join(" " if n % 12 == 0 and len(text) > 20 else "e" for n in range(more))

    def isEmpty(self) -> bool:
        return False


@pytest.fixture
def longer(qapp: QApplication) -> Iterator[None]:
    translator = Longer()
    qapp.installTranslator(translator)
    yield
    qapp.removeTranslator(translator)


def states(window: MainWindow, engine: FakeEngine) -> Iterator[str]:
    """Walks through what the window can show; the name of each state."""
    engine.emit_event(JobChanged(1, "add", "running", "firm", 112, 430, 1.0, 180.0))
    for page, name in (
        (ASK, "ask"), (DOCUMENTS, "documents"), (ASSISTANTS, "no assistants"), (SETTINGS, "settings"),
    ):  # fmt: skip
        window._go_to(page)
        yield name
    window._go_to(ASK)
    window.ask_page.open_conversation(answered(window))
    QTest.qWait(50)
    for row in range(2):
        window.ask_page.turns.view(row).findChild(QAbstractButton, "how").setChecked(True)
    yield "answers"
    window.ask_page.begin_conversation()
    window._go_to(DOCUMENTS)
    window.source.show_guide(window.rows.rows[5].placed.place)
    yield "guide"
    window.source.close()
    window.documents_page.view.selectAll()
    yield "several"
    window.documents_page.view.clearSelection()
    window.toast.say("Something was removed. The file itself stays where it is.", lambda: None)
    yield "toast"
    window.toast.hide()
    window.start_page.invite()
    window.show_page(START)
    yield "start"
    window.actions_.added.emit()
    yield "reading"
    engine.engine_gone.emit("RagDesk is already open with this library. Close it there.")
    yield "engine gone"


def answered(window: MainWindow) -> str:
    """A conversation with values that differ, taught otherwise, and a refusal. Returns its id."""
    database = Database.for_writing(window.library.home)
    conversations = Conversations(database)
    place = window.rows.rows[1].placed
    assert place.document is not None
    cited = [
        Citation(n, place.document.id, place.place.path, "", True, (Span(n, 0, len(TEXT)),), TEXT)
        for n in (1, 2)
    ]
    chances = tuple(
        ShelfChance(shelf.id, shelf.name, 0.5, ("notice", "the end of a quarter"))
        for shelf in window.library.collections.all()
    )
    differing = dataclasses.replace(
        quote_answer(*cited, short="three months"),
        kind="values",
        values=(Value("three months", 1, "1 January 2026"), Value("six weeks", 2, "2019")),
        shelves=chances,
    )
    first = conversations.ask("How long is the notice that we must give?", "", None)
    conversations.save_answer(first.id, differing)
    second = conversations.ask("And who pays for it?", first.conversation_id, None)
    conversations.save_answer(second.id, refusal(hit_of(cited[0])))
    taught = Judgement(
        first.id, first.question, "wrong", "a quarter", place.document.id, (Span(1, 0, 9),)
    )
    Judgements(database).save(taught)
    Judgements(database).save(Judgement(second.id, second.question, "wrong"))
    database.close()
    return first.conversation_id


def settle(qtbot: QtBot, window: MainWindow) -> None:
    """Waits until nothing moves any more."""
    qtbot.wait(180)
    qtbot.waitUntil(lambda: window.source.work._slide.state() == QAbstractAnimation.State.Stopped)


def shown(window: QWidget, kind: type | tuple[type, ...]) -> list[QWidget]:
    return [w for w in window.findChildren(QWidget) if isinstance(w, kind) and w.isVisible()]


def part_of_another(widget: QWidget) -> bool:
    """The field inside a number field, the arrows of a scroll bar: one control with its owner."""
    owner = widget.parentWidget()
    owners = (QAbstractItemView, QAbstractSpinBox, QComboBox, QLineEdit, QScrollBar)
    return isinstance(owner, owners)


def accessible_name(widget: QWidget) -> str:
    interface = QAccessible.queryAccessibleInterface(widget)
    return interface.text(QAccessible.Text.Name) if interface is not None else ""


@pytest.mark.parametrize("width", [1280, 800])
def test_everything_that_can_be_used_has_a_name(
    open_window: Open, firm: Desk, engine: FakeEngine, qtbot: QtBot, width: int
) -> None:
    window = open_window(width, 600)
    nameless = []
    for state in states(window, engine):
        qtbot.wait(20)
        nameless += [
            (state, type(widget).__name__, widget.objectName())
            for widget in shown(window, INTERACTIVE)
            if not part_of_another(widget) and not accessible_name(widget).strip()
        ]
    assert nameless == []


def test_dialogs_have_names_too(open_window: Open, firm: Desk) -> None:
    window = open_window()
    locked = [row.id for row in window.rows.needing() if row.need is Need.PASSWORD]
    dialogs = [
        NameDialog("New shelf", "Create", "", window),
        LeaveDialog("Reading", window),
        PasswordDialog(locked, window.rows, window.actions_, window),
        ForgetDialog(3, window),
    ]
    window.ask_page.open_conversation(answered(window))
    window.ask_page.teach(0)
    teaching = window.findChild(TeachDialog)
    teaching.where.button(ELSEWHERE).click()
    dialogs.append(teaching)
    nameless = [
        (type(dialog).__name__, type(widget).__name__)
        for dialog in dialogs
        for widget in dialog.findChildren(QWidget)
        if isinstance(widget, INTERACTIVE) and not accessible_name(widget).strip()
        and not part_of_another(widget)
    ]  # fmt: skip
    assert nameless == []


def clipped(window: MainWindow) -> list[tuple[str, str]]:
    """Words that have less room than they need, or that stick out of the window."""
    found = []
    for widget in shown(window, (QLabel, QAbstractButton)):
        text = widget.text() if isinstance(widget, (QLabel, QAbstractButton)) else ""
        if not text.strip() or isinstance(widget, ElidedLabel) or only_an_icon(widget):
            continue
        need = widget.minimumSizeHint()
        if isinstance(widget, QLabel) and widget.wordWrap():
            height = widget.heightForWidth(widget.width())
            if height > widget.height() + 1:
                found.append((type(widget).__name__, text))
            continue
        if isinstance(widget, QLabel):
            need = widget.sizeHint()
        if widget.width() + 1 < need.width() or widget.height() + 1 < need.height():
            found.append((type(widget).__name__, text))
        elif not inside(window, widget):
            found.append(("outside", text))
    return found


def only_an_icon(widget: QWidget) -> bool:
    style = Qt.ToolButtonStyle.ToolButtonIconOnly
    return isinstance(widget, QToolButton) and widget.toolButtonStyle() == style


def inside(window: MainWindow, widget: QWidget) -> bool:
    """Whether its left and right edges lie within the window (up and down may be scrolled)."""
    rect = QRect(widget.mapTo(window, widget.rect().topLeft()), widget.size())
    return rect.left() >= -1 and rect.right() <= window.width() + 1


@pytest.mark.parametrize(
    ("width", "height", "size"), [(800, 600, 100), (1280, 800, 100), (1280, 800, 200)]
)
def test_no_word_is_clipped(
    open_window: Open, firm: Desk, engine: FakeEngine, qtbot: QtBot,
    width: int, height: int, size: int,
) -> None:  # fmt: skip
    window = open_window(width, height, size=size)
    found = {}
    for state in states(window, engine):
        settle(qtbot, window)
        if words := clipped(window):
            found[state] = words
    assert found == {}


@pytest.mark.usefixtures("longer")
def test_longer_words_are_not_clipped(
    open_window: Open, firm: Desk, engine: FakeEngine, qtbot: QtBot
) -> None:
    window = open_window(800, 600)
    found = {}
    for state in states(window, engine):
        settle(qtbot, window)
        if words := clipped(window):
            found[state] = words
    assert found == {}


def test_labels_never_take_a_name_for_markup(
    open_window: Open, firm: Desk, engine: FakeEngine, qtbot: QtBot
) -> None:
    window = open_window()
    rich = []
    for state in states(window, engine):
        for widget in shown(window, QLabel):
            assert isinstance(widget, QLabel)
            if widget.text().strip() and widget.textFormat() != Qt.TextFormat.PlainText:
                rich.append((state, widget.text()))
    assert rich == []


def test_the_mirrored_window_holds_together(
    qapp: QApplication, open_window: Open, firm: Desk, engine: FakeEngine, qtbot: QtBot
) -> None:
    qapp.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    try:
        window = open_window(800, 600)
        qtbot.wait(100)
        assert window.navigation.geometry().left() > window.source.work.geometry().left()
        QApplication.sendEvent(window, QEvent(QEvent.Type.LayoutRequest))
        found = []
        for _ in states(window, engine):
            settle(qtbot, window)
            found += clipped(window)
        assert found == []
    finally:
        qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
