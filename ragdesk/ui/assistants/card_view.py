"""A report card: what a build came to, before and after, and what is to become of it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from ...card_page import SHOWN
from ...domain.assistant import Changed, Outcome, ReportCard, TunedPart, Version
from .. import words
from ..fold import FoldRow
from ..theme import theme
from ..widgets import button, frame, label, picture_label
from . import card_words
from .card_saving import CardSaving
from .measure_bars import MeasureBars

WIDEST = 760  # px at 13 px text


class CardView(QWidget):
    """Shows one version's card. What is pressed is for the page to do.

    Signals:
        use_wanted, keep_wanted, more_wanted: (id of the assistant, number of the version): this
            version is to answer; the one before is to stay; it is to learn more tonight.
    """

    use_wanted = Signal(str, int)
    keep_wanted = Signal(str, int)
    more_wanted = Signal(str, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._version: Version | None = None
        self.saving = CardSaving(self)
        self._area = QScrollArea()
        self._area.setObjectName("card_area")
        self._area.setWidgetResizable(True)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.note = label("", "muted", wrap=True)
        self.note.setObjectName("card_note")
        self.note.hide()
        self.use = button(
            self.tr("Use it"), lambda: self._emit(self.use_wanted), kind="primary", picture="check"
        )
        self.keep = button(self.tr("Keep the old one"), lambda: self._emit(self.keep_wanted))
        self.more = button(self.tr("Learn more tonight"), lambda: self._emit(self.more_wanted))
        self.pdf = button(self.tr("Save as PDF…"), self.saving.choose_pdf, kind="inline")
        self.html = button(self.tr("Save as HTML…"), self.saving.choose_html, kind="inline")
        self._build()
        self.saving.told.connect(self._tell)
        theme.changed.connect(self._scale)
        self._scale()

    def _build(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        layout.addWidget(self._area, 1)
        layout.addWidget(self.note)
        main = QHBoxLayout()
        main.setSpacing(theme.px(8))
        for part in (self.use, self.keep, self.more):
            main.addWidget(part)
        main.addStretch()
        layout.addLayout(main)
        files = QHBoxLayout()
        files.setSpacing(theme.px(16))
        for part in (self.pdf, self.html):
            files.addWidget(part)
        files.addStretch()
        layout.addLayout(files)

    def show_version(self, version: Version, name: str, *, in_use: bool = False) -> None:
        """Shows the card of a version of the assistant `name`; `in_use`: it answers already."""
        self._version = version
        self.saving.set_version(version, name)
        self.note.hide()
        card = version.card
        better = card.outcome is Outcome.BETTER
        self.use.setVisible(better and not in_use)
        self.keep.setVisible(not in_use)
        # One main button a screen: where it is not offered, to go on as before is what to do.
        self.keep.setProperty("kind", "" if better else "primary")
        self.keep.style().polish(self.keep)
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, theme.px(8), 0)
        column.setSpacing(12)
        column.addWidget(_verdict(card, name, version.number, in_use))
        if bars := card_words.bars(card):
            legend = label(
                self.tr(
                    "The upper bar is before, the lower one after. The line over it is where the"
                    " truth likely lies: 8 times in 10."
                ),
                "muted",
                wrap=True,
            )
            shown = [legend, *map(MeasureBars, bars)]
            column.addWidget(_card(self.tr("Before and after"), shown))
        for changed, most, good in ((card.gained, SHOWN, True), (card.lost, len(card.lost), False)):
            if changed:
                heading = card_words.changed_heading(
                    len(changed), min(most, len(changed)), better=good
                )
                column.addWidget(_card(heading, [_changed(one) for one in changed[:most]]))
        if card.parts:
            column.addWidget(_card(self.tr("What was tuned"), [_part(one) for one in card.parts]))
        column.addWidget(self._details(card))
        column.addStretch()
        page.setMaximumWidth(theme.px(WIDEST))
        self._area.setWidget(page)
        self._area.verticalScrollBar().setValue(0)

    def _details(self, card: ReportCard) -> QWidget:
        whole = QWidget()
        layout = QVBoxLayout(whole)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.px(4))
        self.details = FoldRow(self.tr("Details"))
        body = QWidget()
        grid = QGridLayout(body)
        grid.setContentsMargins(theme.px(20), 0, 0, 0)
        grid.setHorizontalSpacing(theme.px(16))
        grid.setVerticalSpacing(theme.px(4))
        grid.setColumnStretch(1, 1)
        rows = [(card_words.asked(one), card_words.change(one)) for one in card.measures]
        rows += card_words.counts(card)
        for line, (what, how_much) in enumerate(rows):
            grid.addWidget(label(what, "muted", wrap=True), line, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(label(how_much, "", wrap=True), line, 1, Qt.AlignmentFlag.AlignTop)
        body.hide()
        self.details.toggled.connect(body.setVisible)
        layout.addWidget(self.details)
        layout.addWidget(body)
        return whole

    def _scale(self) -> None:
        if (page := self._area.widget()) is not None:
            page.setMaximumWidth(theme.px(WIDEST))

    def _emit(self, signal: object) -> None:
        if self._version is not None:
            signal.emit(self._version.assistant_id, self._version.number)  # type: ignore[attr-defined]

    def _tell(self, text: str, wrong: bool) -> None:
        self.note.setProperty("role", "wrong" if wrong else "muted")
        self.note.style().polish(self.note)
        self.note.setText(text)
        self.note.show()


def _card(title: str, parts: Sequence[QWidget]) -> QFrame:
    card = frame("card")
    layout = QVBoxLayout(card)
    layout.setContentsMargins(20, 16, 20, 16)
    layout.setSpacing(theme.px(16))
    layout.addWidget(label(title, "card", wrap=True))
    for part in parts:
        layout.addWidget(part)
    return card


def _verdict(card: ReportCard, name: str, number: int, in_use: bool) -> QWidget:
    """The verdict and its reason, and what else is to be known, before any figure."""
    whole = frame("card")
    layout = QVBoxLayout(whole)
    layout.setContentsMargins(20, 16, 20, 16)
    layout.setSpacing(theme.px(6))
    text, picture, role = card_words.verdict(card.outcome)
    head = QHBoxLayout()
    head.setSpacing(theme.px(8))
    head.addWidget(picture_label(picture, role, 22), 0, Qt.AlignmentFlag.AlignTop)
    said = label(text, "title", wrap=True)
    said.setObjectName("verdict")
    head.addWidget(said, 1)
    which = card_words.tr("{name}, version {n}").format(name=words.plain(name), n=number)
    if in_use:
        which = card_words.tr("{version} · it answers now").format(version=which)
    layout.addWidget(label(which, "muted", wrap=True))
    layout.addLayout(head)
    reason = label(words.plain(card.reason), "prose", wrap=True)
    reason.setObjectName("reason")
    layout.addWidget(reason)
    for note in card.notes:
        layout.addWidget(label(words.plain(note), "muted", wrap=True))
    return whole


def _changed(one: Changed) -> QWidget:
    """A question with what is right, and what was said before and now."""
    whole = QWidget()
    grid = QGridLayout(whole)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(theme.px(12))
    grid.setVerticalSpacing(theme.px(2))
    grid.setColumnStretch(1, 1)
    question = words.plain(" ".join(one.question.split()))
    asked = label(question, "", wrap=True)
    asked.setFont(theme.font(strong=True))
    grid.addWidget(asked, 0, 0, 1, 2)
    rows = [
        (card_words.tr("Right is"), card_words.expected(one)),
        (card_words.tr("Before"), card_words.answered(one.before)),
        (card_words.tr("Now"), card_words.answered(one.after)),
    ]
    for line, (what, text) in enumerate(rows, 1):
        grid.addWidget(label(what, "muted"), line, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(label(text, "", wrap=True), line, 1)
    if one.confirmed:
        told = card_words.tr("You confirmed this question.")
        grid.addWidget(label(told, "muted", wrap=True), len(rows) + 1, 1)
    return whole


def _part(part: TunedPart) -> QWidget:
    """What was tuned, whether it was kept, and why."""
    whole = QWidget()
    row = QHBoxLayout(whole)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(theme.px(8))
    picture, role = ("check", "good") if part.kept else ("close", "muted")
    row.addWidget(picture_label(picture, role, 18), 0, Qt.AlignmentFlag.AlignTop)
    texts = QVBoxLayout()
    texts.setSpacing(theme.px(2))
    texts.addWidget(label(card_words.part_name(part), "", wrap=True))
    texts.addWidget(label(card_words.why(part), "muted", wrap=True))
    row.addLayout(texts, 1)
    return whole
