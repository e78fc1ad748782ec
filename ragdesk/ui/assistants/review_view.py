"""Review of an assistant's practice questions: one at a time as cards, or all in a table."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShowEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from ...domain.training import Pair, PairState
from ...messages import Done, Event, Failed, PairsChanged, RestorePair, ReviewPair
from .. import words
from ..engine_client import EngineClient
from ..library import Library
from ..theme import theme
from ..widgets import announce, label
from .pair_ask import PairAsk
from .pair_card import PairCard
from .pair_fix import PairFix
from .pair_places import PairPlaces
from .pairs_exchange import PairsExchange
from .pairs_table import PairsTable
from .review_bar import ReviewBar

# Events that come together are read together: one question soon, many while they are being made.
ONE_MS, MANY_MS = 60, 500
_KEYS = {
    Qt.Key.Key_R: "right",
    Qt.Key.Key_W: "wrong",
    Qt.Key.Key_F: "fix",
    Qt.Key.Key_S: "skip",
}


class ReviewView(QWidget):
    """What a person says is sent at once and shown at once; the store is read after it changed.

    Signals:
        citation_pressed: the `Citation` of a place, to be opened beside.
    """

    citation_pressed = Signal(object)

    def __init__(
        self, library: Library, client: EngineClient, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._library = library
        self._client = client
        self._assistant = ""
        self._pairs: dict[str, Pair] = {}
        self._wanted = ""  # the card that is shown before all others
        self._over: dict[str, PairState] = {}  # said, and not yet read back from the store
        self._sent: dict[str, str] = {}  # tag → id of the pair
        self._stale = False
        self._fixed = ""  # id of what is being put right
        self._fixing = ""  # tag of it, once it was sent
        self._adding = ""  # tag of a question of one's own, once it was sent
        # The ids that each step changed, with what they were before; None: not there.
        self._undo: list[list[tuple[str, Pair | None]]] = []
        self._places = PairPlaces(library)
        self._late = QTimer(self, singleShot=True)
        self._late.timeout.connect(self._read_if_seen)
        self.exchange = PairsExchange(client, self)
        self.bar = ReviewBar()
        self.card = PairCard(self._places)
        self.fix = PairFix(self._places)
        self.table = PairsTable(self._places)
        self._build()
        self._connect()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._show()

    def _build(self) -> None:
        self.note = label("", "muted", wrap=True)
        self.note.setObjectName("review_note")
        self.note.hide()
        self._none_yet = self._state(
            self.tr("No practice questions yet"),
            self.tr(
                "They are made when this assistant is built. Questions of your own can be taken in"
                " from a CSV or JSONL file: press Import, or let the file go here."
            ),
        )
        self._thanks = self._state(
            self.tr("None left to review: thank you"),
            self.tr("What you said is kept, and the next learning goes by it."),
        )
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.px(8))
        layout.addWidget(self.bar)
        layout.addWidget(self.note)
        self._stack = QStackedWidget()
        for page in (self._none_yet, self._thanks, self.card, self.fix, self.table):
            self._stack.addWidget(page)
        layout.addWidget(self._stack, 1)

    def _state(self, title: str, text: str) -> QWidget:
        page = QWidget()
        layout = QVBoxLayout(page)
        layout.addStretch(1)
        for shown, role in ((title, "card"), (text, "muted")):
            said = label(shown, role, wrap=True)
            said.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            layout.addWidget(said)
        layout.addStretch(2)
        return page

    def _connect(self) -> None:
        self.bar.form_chosen.connect(self._choose_form)
        self.bar.undo_wanted.connect(self.undo)
        self.bar.ask_wanted.connect(self.ask_own)
        self.bar.import_wanted.connect(self.exchange.choose_import)
        self.bar.export_wanted.connect(self.exchange.choose_export)
        self.exchange.told.connect(self._tell)
        self.card.said.connect(self._say_of_card)
        self.card.fix_wanted.connect(self.begin_fix)
        self.card.citation_pressed.connect(self.citation_pressed)
        self.fix.kept.connect(self._keep_fix)
        self.fix.absent.connect(self._keep_absent)
        self.fix.cancelled.connect(self._end_fix)
        self.table.said.connect(self.say)
        self.table.fix_wanted.connect(self._begin_fix)
        self.table.opened.connect(self._open)
        self._client.event_received.connect(self._hear)
        self._client.engine_restarting.connect(self._forget_steps)  # it knows the way back no more
        self._library.opened.connect(self.read)

    # showing

    def show_assistant(self, assistant_id: str) -> None:
        """Begins the review of an assistant's practice questions."""
        if assistant_id != self._assistant:
            self._assistant = assistant_id
            self._wanted = self._fixed = self._fixing = self._adding = ""
            self._over.clear()
            self._undo.clear()
            self.exchange.set_assistant(assistant_id)
            self.note.hide()
            self._stack.setCurrentWidget(self._none_yet)
        self.read()

    def read(self) -> None:
        """Takes the practice questions as the store has them now."""
        pairs: list[Pair] = []
        if self._library.is_open and self._assistant:
            pairs = [pair for pair in self._library.pairs.all(self._assistant) if pair.asks]
        waiting = set(self._sent.values())
        self._over = {id_: state for id_, state in self._over.items() if id_ in waiting}
        self._places.forget()
        self._pairs = {
            pair.id: replace(pair, state=self._over.get(pair.id, pair.state)) for pair in pairs
        }
        self._show()

    def _read_if_seen(self) -> None:
        """While nobody looks nothing is read; `showEvent` makes up for it."""
        self._stale = not self.isVisible()
        if not self._stale:
            self.read()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._stale:
            self._read_if_seen()

    def _show(self) -> None:
        pairs = list(self._pairs.values())
        self.table.show_pairs(pairs)
        self.bar.show_pairs(pairs)
        self.bar.show_undo(bool(self._undo))
        self.exchange.set_count(len(pairs))
        if self._stack.currentWidget() is self.fix and self._fixed in self._pairs:
            return  # what a person is typing stays
        pair = self._next()
        if not pairs:
            page = self._none_yet
        elif self.bar.form == "table":
            page = self.table
        else:
            page = self._thanks if pair is None else self.card
        if pair is not None and pair != self.card.pair:
            self.card.show_pair(pair)
        self._turn_to(page)

    def _turn_to(self, page: QWidget) -> None:
        """The keyboard goes with the page where it was inside the one before."""
        inside = self.isAncestorOf(self.focusWidget()) if self.focusWidget() else False
        had = inside and self._stack.currentWidget() is not page
        self._stack.setCurrentWidget(page)
        if had and page is not self.fix:
            (self.table.view if page is self.table else self).setFocus()

    def _next(self) -> Pair | None:
        """The card to show: the one that is wanted, the one that is shown, or the most useful."""
        shown = self.card.pair.id if self.card.pair is not None else ""
        for pair_id in (self._wanted, shown):
            pair = self._pairs.get(pair_id)
            if pair is not None and pair.state is PairState.MADE:
                return pair
        left = (pair for pair in self._pairs.values() if pair.state is PairState.MADE)
        return next(left, None)

    def _choose_form(self, _form: str) -> None:
        self._fixed = self._fixing = ""  # what is being put right is given up
        self._show()
        (self.table.view if self._stack.currentWidget() is self.table else self).setFocus()

    # saying

    def say(self, pairs: list[Pair], state: str) -> None:
        """Says of practice questions that they are "right", "wrong" or "skipped": one step."""
        if pairs:
            self._undo.append([(pair.id, self._pairs.get(pair.id, pair)) for pair in pairs])
            for pair in pairs:
                self._send(pair, PairState(state))
            self._wanted = ""
            self.note.hide()
            self._show()

    def undo(self) -> None:
        """Takes the last step back, and shows its card again."""
        if not self._undo:
            return
        before = self._undo.pop()
        for pair_id, pair in before:
            tag = self._client.send(RestorePair(assistant_id=self._assistant, pair_id=pair_id))
            self._sent[tag] = pair_id
            if pair is None:
                self._pairs.pop(pair_id, None)
            else:
                self._over[pair_id] = pair.state
                self._pairs[pair_id] = pair
        self._wanted = before[0][0]
        self._tell(self.tr("It is as it was before."), False)
        self._show()

    def _send(self, pair: Pair, state: PairState) -> None:
        command = ReviewPair(assistant_id=self._assistant, pair_id=pair.id, state=state.value)
        self._sent[self._client.send(command)] = pair.id
        self._over[pair.id] = state
        if pair.id in self._pairs:
            self._pairs[pair.id] = replace(pair, state=state)

    def _forget_steps(self) -> None:
        self._undo.clear()
        self.bar.show_undo(False)

    def _say_of_card(self, state: str) -> None:
        if self.card.pair is not None and self._stack.currentWidget() is self.card:
            self.say([self.card.pair], state)

    def _open(self, pair: Pair) -> None:
        citation = self._places.citation(pair)
        if citation is not None:
            self.citation_pressed.emit(citation)

    # asking

    def ask_own(self) -> None:
        """Asks for a practice question of one's own, with its answer and where that stands."""
        if not self._assistant or not self._library.is_open:
            return
        shelf = self._library.assistants.get(self._assistant).collection_id
        dialog = PairAsk(self._library, self._places.names, shelf, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.accepted.connect(lambda: self._add(dialog))
        dialog.open()

    def _add(self, dialog: PairAsk) -> None:
        self._adding = self._client.send(dialog.command(self._assistant))

    # fixing

    def begin_fix(self) -> None:
        """Opens the card that is shown for changes."""
        if self.card.pair is not None:
            self._begin_fix(self.card.pair)

    def _begin_fix(self, pair: Pair) -> None:
        self._fixed = pair.id
        self._fixing = ""
        self._stack.setCurrentWidget(self.fix)
        self.fix.show_pair(pair)

    def _keep_fix(self, question: str, answer: str) -> None:
        self._send_fix(PairState.RIGHT.value, question, answer)

    def _keep_absent(self, question: str) -> None:
        self._send_fix("absent", question, "")

    def _send_fix(self, state: str, question: str, answer: str) -> None:
        pair = self._pairs.get(self._fixed)
        if pair is None:
            self._end_fix()
            return
        command = ReviewPair(
            assistant_id=self._assistant,
            pair_id=pair.id,
            state=state,
            question=question,
            answer=answer,
        )
        self._fixing = self._client.send(command)

    def _end_fix(self) -> None:
        self._fixed = self._fixing = ""
        self.read()
        (self.table.view if self._stack.currentWidget() is self.table else self).setFocus()

    # hearing

    def _hear(self, event: Event) -> None:
        if isinstance(event, PairsChanged):
            if event.assistant_id == self._assistant and not self._late.isActive():
                self._late.start(ONE_MS if event.pair_id else MANY_MS)
        elif isinstance(event, Done) and event.tag == self._fixing and self._fixing:
            if self._fixed in self._pairs:
                self._undo.append([(self._fixed, self._pairs[self._fixed])])
            self._end_fix()
        elif isinstance(event, Done) and event.tag == self._adding and self._adding:
            self._undo.append([(event.result, None)])
            self._added(self.tr("Your question is kept."), False)
        elif isinstance(event, Done):
            self._sent.pop(event.tag, None)
        elif isinstance(event, Failed) and event.tag == self._fixing and self._fixing:
            self._fixing = ""
            self.fix.show_error(event.code, event.params)
        elif isinstance(event, Failed) and event.tag == self._adding and self._adding:
            self._added(words.error(event.code, event.params), True)
        elif isinstance(event, Failed) and event.tag in self._sent:
            failed = self._sent.pop(event.tag)
            steps = ([one for one in step if one[0] != failed] for step in self._undo)
            self._undo = [step for step in steps if step]
            self._tell(words.error(event.code, event.params), True)
            self.read()

    def _added(self, text: str, wrong: bool) -> None:
        self._adding = ""
        self._tell(text, wrong)
        self.read()

    def _tell(self, text: str, wrong: bool) -> None:
        self.note.setProperty("role", "wrong" if wrong else "muted")
        self.note.style().polish(self.note)
        self.note.setText(text)
        self.note.show()
        announce(self, text)

    # keys

    def event(self, event: QEvent) -> bool:
        """Ctrl+Z takes back what was said here, not what was last removed in the window."""
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and self._undo
            and self._stack.currentWidget() is not self.fix
            and event.matches(QKeySequence.StandardKey.Undo)
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        page, key = self._stack.currentWidget(), event.key()
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if page is not self.fix and event.matches(QKeySequence.StandardKey.Undo):
            self.undo()
        elif page is self.fix or not plain:
            super().keyPressEvent(event)
        elif key == Qt.Key.Key_U:
            self.undo()
        elif page is self.card and key == Qt.Key.Key_O:
            self.card.open_place()
        elif page in (self.card, self.table) and key in _KEYS:
            holder = self.card if page is self.card else self.table
            holder.buttons[_KEYS[Qt.Key(key)]].click()
        else:
            super().keyPressEvent(event)
