"""A page of stored text with the cited words marked: every format but PDF, and PDF as stand-in."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QTextBlockFormat, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QTextEdit, QWidget

from ...domain.document import Span
from ..theme import theme

# Longer pages (large sheets) are set without spacing between lines, which is quick at any length.
MOST_SPACED = 400_000
ZOOM_STEP = 1.15
LOWEST_ZOOM, HIGHEST_ZOOM = 0.6, 3.0
LINE_HEIGHT = 145.0  # percent

# One character each, so that every other one keeps its position. Qt makes one break of "\r\n" and
# breaks of its own of the separators; U+FFFE is PDFium's mark for a hyphen at a line's end.
_SHOWN = str.maketrans(
    {"\r": "\n", "\0": " ", "\v": "\n", "\f": "\n", "\x85": "\n", "\u2028": "\n", "\u2029": "\n"}
    | {"\ufffe": "-", "\x02": "-", "\ufdd0": " ", "\ufdd1": " ", "\ufffc": " "}
)


def shown_text(text: str) -> str:
    """Stored text as a text document takes it, every character still at its index."""
    return text.replace("\r\n", " \n").translate(_SHOWN)


def utf16_position(text: str, index: int) -> int:
    """The position in a text document, which counts UTF-16 units, of a Python string index."""
    return len(text[:index].encode("utf-16-le", "surrogatepass")) // 2


class TextView(QTextEdit):
    """Shows one page of text, read only, nothing in it interpreted.

    Signals:
        page_turned: Page Down (1) or Page Up (-1) was pressed at the end of what can be scrolled.
        zoom_changed: the text size, 1.0 for the usual.
    """

    page_turned = Signal(int)
    zoom_changed = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = ""
        self._marks: list[tuple[Span, str]] = []
        self._zoom = 1.0
        self.setReadOnly(True)
        self.setAcceptDrops(False)  # a dropped file is the window's
        self.setFrameShape(QTextEdit.Shape.NoFrame)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.document().setDocumentMargin(20)
        self.setUndoRedoEnabled(False)
        self._take_theme()
        theme.changed.connect(self._take_theme)

    def show_text(self, text: str) -> None:
        """Shows a page's text from its beginning, without marks."""
        self._text = shown_text(text)
        self._marks = []
        self.setPlainText(self._text)
        if len(self._text) <= MOST_SPACED:
            spaced = QTextBlockFormat()
            spaced.setLineHeight(
                LINE_HEIGHT, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value
            )
            cursor = QTextCursor(self.document())
            cursor.select(QTextCursor.SelectionType.Document)
            cursor.mergeBlockFormat(spaced)
        self.setExtraSelections([])

    def mark(self, spans: Sequence[Span], words: Sequence[Span]) -> None:
        """Marks stretches of the text shown, the very words stronger, and scrolls to the first.

        `page` of the spans is not looked at: the caller gives those of the page shown.
        """
        self._marks = [(span, "mark_sentence") for span in spans] + [
            (span, "mark_words") for span in words
        ]
        self._paint_marks()
        first = next(iter(words or spans), None)
        if first is not None:
            cursor = self._cursor(first)
            cursor.setPosition(cursor.selectionStart())
            self.setTextCursor(cursor)
            self._scroll_to(cursor)

    @property
    def zoom(self) -> float:
        return self._zoom

    def zoom_in(self) -> None:
        self.set_zoom(self._zoom * ZOOM_STEP)

    def zoom_out(self) -> None:
        self.set_zoom(self._zoom / ZOOM_STEP)

    def set_zoom(self, zoom: float) -> None:
        """Text size, 1.0 for that of answers."""
        self._zoom = min(max(zoom, LOWEST_ZOOM), HIGHEST_ZOOM)
        self._take_theme()
        self.zoom_changed.emit(self._zoom)

    def _take_theme(self) -> None:
        self.document().setDefaultFont(theme.font(15 * self._zoom))
        self._paint_marks()

    def _paint_marks(self) -> None:
        selections = []
        for span, name in self._marks:
            style = QTextCharFormat()
            style.setBackground(QColor(getattr(theme.tokens, name)))
            style.setForeground(QColor(theme.tokens.text))
            # Colour does not speak alone.
            if name == "mark_words":
                style.setUnderlineStyle(QTextCharFormat.UnderlineStyle.SingleUnderline)
            elif theme.tokens.line_width > 1:
                style.setUnderlineStyle(QTextCharFormat.UnderlineStyle.DotLine)
            selection = QTextEdit.ExtraSelection()
            selection.cursor = self._cursor(span)
            selection.format = style
            selections.append(selection)
        self.setExtraSelections(selections)

    def _cursor(self, span: Span) -> QTextCursor:
        cursor = QTextCursor(self.document())
        last = self.document().characterCount() - 1
        cursor.setPosition(min(utf16_position(self._text, span.start), last))
        end = utf16_position(self._text, span.start + span.length)
        cursor.setPosition(min(end, last), QTextCursor.MoveMode.KeepAnchor)
        return cursor

    def _scroll_to(self, cursor: QTextCursor) -> None:
        """So that the place stands in the upper half: what leads up to it is seen as well."""
        bar = self.verticalScrollBar()
        bar.setValue(
            bar.value() + self.cursorRect(cursor).top() - round(self.viewport().height() * 0.35)
        )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        bar = self.verticalScrollBar()
        if event.key() == Qt.Key.Key_PageDown and bar.value() == bar.maximum():
            self.page_turned.emit(1)
        elif event.key() == Qt.Key.Key_PageUp and bar.value() == bar.minimum():
            self.page_turned.emit(-1)
        else:
            super().keyPressEvent(event)
