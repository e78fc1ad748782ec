"""The page where questions are asked and answered."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QHBoxLayout,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from ...domain.conversation import Judgement, Turn
from ...messages import AssistantsChanged, CollectionsChanged, Event, Judge, Ready
from ..engine_client import EngineClient
from ..icons import icon
from ..library import Library
from ..theme import theme
from ..widgets import icon_button, label
from ..words import plain
from .conversation_model import ConversationModel
from .conversations_view import ConversationsView
from .place_names import PlaceNames
from .question_bar import QuestionBar
from .readiness_bar import ReadinessBar
from .start_view import StartView
from .teach_dialog import TeachDialog
from .turns_view import TurnsView

MOST_HISTORY = 100  # questions that the Up key brings back
LIST_WIDTH = 230  # of the list of conversations, px
_SHELF = Qt.ItemDataRole.UserRole + 1  # of an assistant in the choice of them
WIDEST = 800  # of the column of answers, px


class AskPage(QWidget):
    """Asks questions on one shelf, on all of them or of an assistant, and shows the answers with what
    they stand on.

    Signals:
        citation_pressed: the `Citation` whose place in its document is to be shown.
        answered: the first `Citation` of an answer that just came, to be seen beside it where
            there is room; None where it has none.
        add_requested: the person wants to add documents.
        support_wanted: (id of a turn, number of a sentence) for which support is to be looked for.
        removal_wanted: (id of a turn, number of a sentence) that is to be taken out of the answer.
        judged: (what a person said as `Judge`, the `Judge` that brings back what was, a sentence).
    """

    citation_pressed = Signal(object)
    answered = Signal(object)
    add_requested = Signal()
    judged = Signal(object, object, str)
    support_wanted = Signal(str, int)
    removal_wanted = Signal(str, int)

    def __init__(
        self, library: Library, client: EngineClient, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._library = library
        self._client = client
        self.model = ConversationModel(library, client, self)
        self._build()
        self._connect()
        self._fill_shelves()
        self._fill_assistants()
        self._show_what_is_there()
        self._take_text_size()
        theme.changed.connect(self._take_text_size)

    def _build(self) -> None:
        self.conversations = ConversationsView(self._library, self._client)
        self.conversations.hide()
        self._names = PlaceNames(self._library)
        self.turns = TurnsView(self.model, self._names)
        self._start = StartView(self._library, self.conversations.model)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._start)
        self._stack.addWidget(self.turns)
        self._readiness = ReadinessBar(self._library, self._client)
        self.question = QuestionBar(self._history)
        self._below = QVBoxLayout()
        self._below.addWidget(self._readiness)
        self._below.addWidget(self.question)
        work = QVBoxLayout()
        work.setContentsMargins(0, 0, 0, 0)
        work.setSpacing(0)
        self._above = self._head()
        work.addLayout(self._above)
        work.addWidget(self._stack, 1)
        work.addLayout(self._below)
        self._column = QWidget()
        self._column.setLayout(work)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.conversations)
        layout.addStretch(1)
        layout.addWidget(self._column, 1000)
        layout.addStretch(1)

    def _head(self) -> QHBoxLayout:
        self.shelves = QComboBox()
        self.shelves.setAccessibleName(self.tr("Shelf to ask"))
        self.shelves.setToolTip(self.tr("Shelf to ask"))
        self.shelves.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.assistants = QComboBox()
        self.assistants.setAccessibleName(self.tr("Assistant to ask"))
        self.assistants.setToolTip(self.tr("Assistant to ask"))
        self.assistants.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.assistants.currentIndexChanged.connect(self._follow_assistant)
        self._shelf_before: str | None = None  # what was asked before an assistant was chosen
        self._new = icon_button(
            "chat-new", self.tr("New conversation (Ctrl+N)"), self.begin_conversation
        )
        self._list = icon_button(
            "history", self.tr("Earlier conversations (Ctrl+H)"), self.toggle_conversations
        )
        head = QHBoxLayout()
        head.addWidget(label(self.tr("Ask"), "title"))
        head.addStretch(1)
        head.addWidget(self.shelves)
        head.addWidget(self.assistants)
        head.addWidget(self._list)
        head.addWidget(self._new)
        return head

    def _connect(self) -> None:
        self.turns.citation_pressed.connect(self.citation_pressed)
        self.turns.add_requested.connect(self.add_requested)
        self.turns.ask_again.connect(
            lambda row: self.model.ask_again(row, self.collection_id, self.assistant_id)
        )
        self.turns.judged.connect(self.judge)
        self.turns.teach_wanted.connect(self.teach)
        self.turns.shelf_wanted.connect(self.ask_only)
        self.turns.stop_wanted.connect(self.model.stop)
        self.turns.again_wanted.connect(self.model.answer_again)
        self.turns.support_wanted.connect(
            lambda row, number: self.support_wanted.emit(self.model.turn(row).id, number)
        )
        self.turns.removal_wanted.connect(
            lambda row, number: self.removal_wanted.emit(self.model.turn(row).id, number)
        )
        self.question.asked.connect(self.ask)
        self._start.add_requested.connect(self.add_requested)
        self._start.chosen.connect(self.open_conversation)
        self._readiness.documents_changed.connect(self._show_what_is_there)
        self.conversations.chosen.connect(self.open_conversation)
        self.conversations.deleted.connect(self._conversation_deleted)
        self.conversations.closed.connect(self.toggle_conversations)
        self.model.conversation_changed.connect(self.conversations.show_current)
        self.model.answered.connect(self._answered)
        self.model.rowsInserted.connect(self._show_what_is_there)
        self.model.modelReset.connect(self._show_what_is_there)
        self._client.event_received.connect(self._on_event)
        self._library.opened.connect(self._fill_shelves)
        self._library.opened.connect(self._fill_assistants)
        for keys, act in (
            (QKeySequence(QKeySequence.StandardKey.New), self.begin_conversation),
            (QKeySequence("Ctrl+H"), self.toggle_conversations),
        ):
            shortcut = QShortcut(keys, self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(act)

    def _take_text_size(self) -> None:
        side = theme.px(24)
        self._above.setContentsMargins(side, theme.px(16), side, theme.px(8))
        self._above.setSpacing(theme.px(8))
        self._below.setContentsMargins(side, theme.px(8), side, theme.px(16))
        self._below.setSpacing(theme.px(6))
        self._column.setMaximumWidth(theme.px(WIDEST))
        self.conversations.setFixedWidth(theme.px(LIST_WIDTH))
        self.shelves.setMaximumWidth(theme.px(220))
        self.assistants.setMaximumWidth(theme.px(220))

    # what a person does

    def ask(self, question: str) -> None:
        """Asks the chosen assistant, or on the chosen shelf, in the conversation shown."""
        self.model.ask(question, self.collection_id, self.assistant_id)
        self.focus_question()  # also after the button, which is off while nothing is typed

    def ask_only(self, row: int, collection_id: str) -> None:
        """Asks a question once more, on one shelf, which stays chosen."""
        self.set_collection(collection_id)
        self.ask(self.model.turn(row).question)

    def judge(self, row: int, verdict: str) -> None:
        """Says that an answer is right or wrong, or takes back what was said."""
        said = {
            "right": self.tr("Kept: this answer is right."),
            "wrong": self.tr("Kept: this answer is wrong."),
            "": self.tr("What you said about this answer is taken back."),
        }[verdict]
        turn_id = self.model.turn(row).id
        before = _said(turn_id, self.model.judgement(row))
        self.judged.emit(Judge(turn_id=turn_id, verdict=verdict), before, said)

    def teach(self, row: int) -> None:
        """Asks what the right answer is and where it stands."""
        turn, judgement = self.model.turn(row), self.model.judgement(row)
        dialog = TeachDialog(turn, judgement, self._library, self._names, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        said = self.tr("Kept. It will be used when RagDesk next learns from you.")
        before = _said(turn.id, judgement)
        dialog.accepted.connect(lambda: self.judged.emit(dialog.command, before, said))
        dialog.open()

    def stop_writing(self) -> bool:
        """Stops what is being written, where the question or the answers have the keys; if it did."""
        focus = QApplication.focusWidget()
        mine = focus is not None and (
            focus is self.question.field or self.turns.isAncestorOf(focus)
        )
        rows = [n for n in range(self.model.rowCount()) if self.model.growing(n) is not None]
        if not mine or not rows:
            return False
        self.turns.view(rows[-1]).stop_writing()
        return True

    def begin_conversation(self) -> None:
        """Leaves the conversation shown as it is and begins another one."""
        self.model.show("")
        self.focus_question()

    def open_conversation(self, conversation_id: str) -> None:
        """Shows an earlier conversation, and asks on the shelf and the assistant that it asked last."""
        self.model.show(conversation_id)
        conversation = self._library.conversations.get(conversation_id)
        self.set_collection(conversation.collection_id)
        turns = self.model.rowCount()
        self.set_assistant(self.model.turn(turns - 1).assistant_id or "" if turns else "")
        self.focus_question()

    def toggle_conversations(self) -> None:
        """Shows the list of conversations, or puts it away."""
        shown = self.conversations.isHidden()
        self.conversations.setVisible(shown)
        if shown:
            self.conversations.list.setFocus()
        else:
            self.focus_question()

    def focus_question(self) -> None:
        """Puts the cursor where the question is typed."""
        self.question.field.setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def collection_id(self) -> str | None:
        """The shelf that is asked, None for all of them."""
        chosen: str | None = self.shelves.currentData()
        return chosen or None

    def set_collection(self, collection_id: str | None) -> None:
        """Chooses the shelf to ask; one that is gone asks all of them.

        An assistant of another shelf is asked no more.
        """
        if self.assistant_id and collection_id != self.collection_id:
            self.set_assistant("")
        self.shelves.setCurrentIndex(max(0, self.shelves.findData(collection_id or "")))

    @property
    def assistant_id(self) -> str:
        """The assistant that is asked, "" for RagDesk as it comes."""
        return str(self.assistants.currentData() or "")

    def set_assistant(self, assistant_id: str) -> None:
        """Chooses the assistant to ask; one that is gone is RagDesk as it comes."""
        self.assistants.setCurrentIndex(max(0, self.assistants.findData(assistant_id)))

    def _follow_assistant(self) -> None:
        """An assistant answers from its own shelf, which then is not to be chosen."""
        own, was_own = self.assistant_id, not self.shelves.isEnabled()
        if own and not was_own:
            self._shelf_before = self.collection_id
        self.shelves.setEnabled(not own)
        self._show_choices()
        shelf: str | None = self.assistants.currentData(_SHELF) if own else self._shelf_before
        if own or was_own:
            self.shelves.setCurrentIndex(max(0, self.shelves.findData(shelf or "")))

    def _show_choices(self) -> None:
        """Nothing is shown that is not to be chosen: one shelf alone, or that of an assistant."""
        self.shelves.setVisible(self.shelves.count() > 2 and not self.assistant_id)
        self.assistants.setVisible(self.assistants.count() > 1)

    # following the store

    def _fill_assistants(self) -> None:
        """The choice is there only where there is an assistant."""
        chosen = self.assistant_id
        self.assistants.blockSignals(True)
        self.assistants.clear()
        self.assistants.addItem(icon("assistants", "muted"), self.tr("RagDesk as it comes"), "")
        if self._library.is_open:
            for assistant in self._library.assistants.all():
                picture = icon("assistants", "muted")
                self.assistants.addItem(picture, plain(assistant.name), assistant.id)
                last = self.assistants.count() - 1
                self.assistants.setItemData(last, assistant.collection_id, _SHELF)
        self.assistants.blockSignals(False)
        self.set_assistant(chosen)
        self._follow_assistant()

    def _fill_shelves(self) -> None:
        chosen = self.collection_id
        self.shelves.blockSignals(True)
        self.shelves.clear()
        self.shelves.addItem(self.tr("All shelves"), "")
        if self._library.is_open:
            for shelf in self._library.collections.all():
                self.shelves.addItem(plain(shelf.name), shelf.id)
        self.shelves.blockSignals(False)
        self.shelves.setCurrentIndex(max(0, self.shelves.findData(chosen or "")))
        self._show_choices()

    def _on_event(self, event: Event) -> None:
        if isinstance(event, (CollectionsChanged, Ready)):
            self._fill_shelves()
        if isinstance(event, (AssistantsChanged, Ready)):
            self._fill_assistants()

    def _show_what_is_there(self) -> None:
        asked = self.model.rowCount() > 0
        self._stack.setCurrentWidget(self.turns if asked else self._start)
        self._start.show_state(self._readiness.state)
        can_ask = asked or self._readiness.state.can_ask
        appears = can_ask and self.question.isHidden()
        self.question.setVisible(can_ask)
        if appears and self.isVisible():
            self.focus_question()
        self._new.setEnabled(asked)

    def _answered(self, turn: Turn) -> None:
        if turn.answer is not None:
            self.answered.emit(next(iter(turn.answer.citations), None))

    def _conversation_deleted(self, conversation_id: str) -> None:
        if conversation_id == self.model.conversation_id:
            self.begin_conversation()

    def _history(self) -> Sequence[str]:
        """Questions asked before, the newest last."""
        turns: list[Turn] = [self.model.turn(row) for row in range(self.model.rowCount())]
        if self._library.is_open:
            for conversation in self._library.conversations.all():
                if len(turns) >= MOST_HISTORY:
                    break
                if conversation.id != self.model.conversation_id:
                    turns = self._library.conversations.turns(conversation.id) + turns
        questions = [turn.question for turn in turns]
        return [q for n, q in enumerate(questions) if q not in questions[n + 1 :]]


def _said(turn_id: str, judgement: Judgement | None) -> Judge:
    """What says again what was said; where nothing was, what takes it back."""
    if judgement is None:
        return Judge(turn_id=turn_id)
    return Judge(
        turn_id=turn_id,
        verdict=judgement.verdict,
        answer=judgement.answer,
        document_id=judgement.document_id or "",
        spans=tuple((s.page, s.start, s.length) for s in judgement.spans),
    )
