"""Text with markers that can be pressed, walked with the arrow keys, and light what they stand on.

The text is put together from plain strings and formats, never from HTML: what a document says is
shown as it stands and can load, open or run nothing.
"""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPoint, QRect, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QColor,
    QFocusEvent,
    QFont,
    QFontMetricsF,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QResizeEvent,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QWheelEvent,
)
from PySide6.QtWidgets import QFrame, QTextEdit, QToolTip, QWidget

from ...domain.conversation import Citation
from ..theme import theme
from .place_names import PlaceNames

LINE_HEIGHT = 128.0  # percent of the font's own, which is 1.5 times the letters' size
MOST_TOOLTIP = 400  # characters of a quote
_SAMPLE = "the tenant may end this lease with three months notice to the end of a q"  # 72 of them


@dataclass(frozen=True, slots=True)
class Style:
    """How a paragraph is set: size at 13 px text, weight, colour of `Tokens`, room above in px.

    `indent` is room at its beginning in px, of which the first line takes `hang` back.
    """

    size: float
    strong: bool = False
    colour: str = "text"
    above: float = 0.0
    indent: int = 0
    hang: int = 0


@dataclass(frozen=True, slots=True)
class Emphasis:
    """The very words in a sentence."""

    text: str


@dataclass(frozen=True, slots=True)
class Link:
    """A name that opens the same place as the marker `number`."""

    text: str
    number: int


@dataclass(frozen=True, slots=True)
class Doubted:
    """A sentence that is not borne out, underlined, and behind it in words what is doubtful."""

    text: str
    hint: str


Part = str | int | Emphasis | Link | Doubted  # an int is a marker


@dataclass(frozen=True, slots=True)
class _Marker:
    start: int
    end: int
    number: int


class MarkerView(QTextEdit):
    """Paragraphs with markers; as tall as its text and never wider than reads well.

    Signals:
        citation_pressed: the `Citation` of a marker.
        marker_reached: where a marker stands (QRect in this widget) that the keys walked to.
        walked_out: an arrow key went past the last (1) or the first (-1) marker.
    """

    citation_pressed = Signal(object)
    marker_reached = Signal(object)
    walked_out = Signal(int)

    def __init__(self, names: PlaceNames, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._names = names
        self._citations: Mapping[int, Citation] = {}
        self._markers: list[_Marker] = []
        self._current: int | None = None
        self._lit: int | None = None
        self._passages: dict[int, tuple[int, int]] = {}  # number → stretch that it stands for
        self._words: list[tuple[int, int]] = []  # stretches of the very words
        self._pressed = ""
        self.setReadOnly(True)
        self.setUndoRedoEnabled(False)
        self.setAcceptDrops(False)
        self.viewport().setAcceptDrops(False)  # a dropped file is the window's
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setTabChangesFocus(True)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.document().setDocumentMargin(0)
        self.viewport().setAutoFillBackground(False)
        self.setMouseTracking(True)

    # content

    def set_content(
        self, paragraphs: Sequence[tuple[Style, Sequence[Part]]], citations: Mapping[int, Citation]
    ) -> None:
        """Shows paragraphs; numbers in them are markers of `citations`."""
        self._citations = citations
        self._markers, self._passages, self._words = [], {}, []
        self._current = self._lit = None
        self.clear()
        cursor = QTextCursor(self.document())
        cursor.beginEditBlock()
        for number, (style, parts) in enumerate(paragraphs):
            block = QTextBlockFormat()
            block.setTopMargin(theme.px(style.above))
            block.setLeftMargin(theme.px(style.indent))
            block.setTextIndent(-theme.px(style.hang))
            block.setLineHeight(
                LINE_HEIGHT, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value
            )
            if number == 0:
                cursor.setBlockFormat(block)
            else:
                cursor.insertBlock(block)
            self._insert(cursor, style, parts)
        cursor.endEditBlock()
        self.setMaximumWidth(reading_width())
        self.setAccessibleName(self.toPlainText())
        self.setFocusPolicy(
            Qt.FocusPolicy.StrongFocus if self._markers else Qt.FocusPolicy.ClickFocus
        )
        self._paint_markers()
        self._fit()

    def _insert(self, cursor: QTextCursor, style: Style, parts: Sequence[Part]) -> None:
        plain = QTextCharFormat()
        plain.setFont(theme.font(style.size, strong=style.strong))
        plain.setForeground(QColor(getattr(theme.tokens, style.colour)))
        since = cursor.position()
        for part in parts:
            form = QTextCharFormat(plain)
            if isinstance(part, str):
                cursor.insertText(_one_line(part), form)
            elif isinstance(part, Emphasis):
                start = cursor.position()
                form.setFontWeight(QFont.Weight.Bold)
                cursor.insertText(_one_line(part.text), form)
                self._words.append((start, cursor.position()))
            elif isinstance(part, Link):
                self._anchor(form, part.number)
                cursor.insertText(_one_line(part.text), form)
            elif isinstance(part, Doubted):
                form.setUnderlineStyle(QTextCharFormat.UnderlineStyle.WaveUnderline)
                form.setUnderlineColor(QColor(theme.tokens.look))
                cursor.insertText(_one_line(part.text), form)
                form = QTextCharFormat(plain)
                form.setFont(theme.font(min(style.size, 12), strong=True))
                form.setForeground(QColor(theme.tokens.look))
                cursor.insertText(" (" + part.hint.replace(" ", "\u00a0") + ")", form)
            elif part in self._citations:
                self._passages.setdefault(part, (since, cursor.position()))
                cursor.insertText("\u00a0", plain)
                start = cursor.position()
                self._anchor(form, part)
                form.setFont(theme.font(min(style.size, 13), strong=True))
                form.setForeground(QColor(theme.tokens.accent))
                cursor.insertText(f"[{part}]", form)
                self._markers.append(_Marker(start, cursor.position(), part))
                since = cursor.position()

    @staticmethod
    def _anchor(form: QTextCharFormat, number: int) -> None:
        form.setAnchor(True)
        form.setAnchorHref(f"cite:{number}")

    @property
    def markers(self) -> list[int]:
        """The numbers of the markers in the order they stand."""
        return [marker.number for marker in self._markers]

    @property
    def current(self) -> int | None:
        """The number of the marker that the keys stand on."""
        return None if self._current is None else self._markers[self._current].number

    def marker_rect(self, position: int) -> QRect:
        """Where the marker at `position` of `markers` stands, in this widget."""
        marker = self._markers[position]
        start, end = QTextCursor(self.document()), QTextCursor(self.document())
        start.setPosition(marker.start)
        end.setPosition(marker.end)
        return self.cursorRect(start).united(self.cursorRect(end))

    # height

    def _fit(self) -> None:
        self.document().setTextWidth(self.viewport().width())
        self.setFixedHeight(max(1, round(self.document().size().height())))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._fit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()  # the page scrolls, not the paragraph

    # marks

    def light(self, number: int | None) -> None:
        """Lights the passage that a marker stands for, or none."""
        if number != self._lit:
            self._lit = number
            self._paint_markers()

    def _paint_markers(self) -> None:
        selections: list[QTextEdit.ExtraSelection] = []
        if self._lit in self._passages:
            lit = QTextCharFormat()
            lit.setBackground(QColor(theme.tokens.mark_sentence))
            lit.setForeground(QColor(theme.tokens.text))
            selections.append(self._selection(*self._passages[self._lit], lit))
        words = QTextCharFormat()
        words.setBackground(QColor(theme.tokens.mark_words))
        selections += [self._selection(start, end, words) for start, end in self._words]
        if self._current is not None and self.hasFocus():
            marker = self._markers[self._current]
            reached = QTextCharFormat()
            reached.setBackground(QColor(theme.tokens.accent))
            reached.setForeground(QColor(theme.tokens.on_accent))
            reached.setFontWeight(QFont.Weight.DemiBold)
            selections.append(self._selection(marker.start, marker.end, reached))
        self.setExtraSelections(selections)

    def _selection(self, start: int, end: int, form: QTextCharFormat) -> QTextEdit.ExtraSelection:
        selection = QTextEdit.ExtraSelection()
        selection.cursor = QTextCursor(self.document())
        selection.cursor.setPosition(start)
        selection.cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
        selection.format = form
        return selection

    # keys

    def reach(self, position: int) -> None:
        """Stands on the marker at `position` of `markers` (negative from the end)."""
        if not self._markers:
            return
        self._current = position % len(self._markers)
        self.light(self._markers[self._current].number)
        self._paint_markers()
        self.marker_reached.emit(self.marker_rect(self._current))
        self._announce(self._markers[self._current].number)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {
            Qt.Key.Key_Right: 1, Qt.Key.Key_Down: 1, Qt.Key.Key_Left: -1, Qt.Key.Key_Up: -1,
        }.get(Qt.Key(event.key()))  # fmt: skip
        if step and self._markers and not event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            position = (-1 if step > 0 else 0) if self._current is None else self._current
            if self._current is not None and not 0 <= position + step < len(self._markers):
                self.walked_out.emit(step)
            else:
                self.reach(position + step)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            if self.current is not None:
                self.citation_pressed.emit(self._citations[self.current])
        else:
            super().keyPressEvent(event)
            if event.key() in (
                Qt.Key.Key_PageUp,
                Qt.Key.Key_PageDown,
                Qt.Key.Key_Up,
                Qt.Key.Key_Down,
            ):
                event.ignore()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if event.reason() == Qt.FocusReason.TabFocusReason:
            self.reach(0)
        elif event.reason() == Qt.FocusReason.BacktabFocusReason:
            self.reach(-1)
        self._paint_markers()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.light(None)
        self._paint_markers()

    def _announce(self, number: int) -> None:
        if QAccessible.isActive():
            citation = self._citations[number]
            words = f"{number}: {self._names.of(citation)}. {' '.join(citation.quote.split())}"
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, words))

    # mouse

    def _number_at(self, position: QPoint) -> int | None:
        href = self.anchorAt(position)
        number = href.removeprefix("cite:")
        return int(number) if href != number and number.isdigit() else None

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        number = self._number_at(event.position().toPoint())
        self.light(number)
        over = Qt.CursorShape.IBeamCursor if number is None else Qt.CursorShape.PointingHandCursor
        self.viewport().setCursor(over)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.light(None)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._pressed = self.anchorAt(event.position().toPoint())
        super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        number = self._number_at(event.position().toPoint())
        if event.button() != Qt.MouseButton.LeftButton or self._pressed != f"cite:{number}":
            return
        if number is not None and number in self._citations:
            for position, marker in enumerate(self._markers):
                if marker.number == number:
                    self._current = position
                    break
            self._paint_markers()
            self.citation_pressed.emit(self._citations[number])

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            citation = self._citations.get(self._number_at(event.pos()) or 0)
            if citation is None:
                QToolTip.hideText()
            else:
                QToolTip.showText(
                    event.globalPos(), _tooltip(citation, self._names.of(citation)), self
                )
            return True
        return super().viewportEvent(event)


def reading_width() -> int:
    """The widest that a line of an answer reads well, in pixels."""
    return round(QFontMetricsF(theme.font(15)).horizontalAdvance(_SAMPLE)) + 8


def _one_line(text: str) -> str:
    """Text whose breaks do not begin paragraphs of their own."""
    return text.replace("\r\n", "\n").replace("\n", "\u2028").replace("\u2029", "\u2028")


def _tooltip(citation: Citation, place: str) -> str:
    quote = " ".join(citation.quote.split())
    if len(quote) > MOST_TOOLTIP:
        quote = quote[:MOST_TOOLTIP].rstrip() + "…"
    # Tooltips guess whether they are given HTML; escaped, they show what stands there.
    return f"<qt>“{html.escape(quote)}”<br><b>{html.escape(place)}</b></qt>"
