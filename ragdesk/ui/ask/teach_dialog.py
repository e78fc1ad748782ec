"""Asks what the right answer is and where it stands."""

from __future__ import annotations

from PySide6.QtWidgets import (
    QButtonGroup,
    QDialog,
    QHBoxLayout,
    QLineEdit,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from ...domain.conversation import Citation, Judgement, Turn
from ...messages import Judge
from ..library import Library
from ..theme import theme
from ..widgets import ElidedLabel, button, label
from ..words import plain
from . import answer_texts
from .passage_list import PassageList
from .place_finder import PlaceFinder
from .place_names import PlaceNames

SHOWN, ELSEWHERE, NOWHERE = range(3)
WIDTH, HEIGHT = 600, 540  # px
MOST_ANSWER = 2000  # characters


class TeachDialog(QDialog):
    """One answer's right words and their place. `command` is what was said, once it is accepted."""

    def __init__(
        self,
        turn: Turn,
        judgement: Judgement | None,
        library: Library,
        names: PlaceNames,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._turn = turn
        self._passages = _passages(turn, judgement, names)
        self.setWindowTitle(self.tr("Teach RagDesk"))
        self.answer = QLineEdit()
        self.answer.setMaxLength(MOST_ANSWER)
        self.answer.setAccessibleName(self.tr("What is the right answer?"))
        self.answer.setPlaceholderText(self.tr("As short as it can be, best as it stands there"))
        self.shown = PassageList(names)
        self.shown.setAccessibleName(self.tr("Passages shown with the answer"))
        self.finder = PlaceFinder(library, names)
        self._panels: list[QWidget] = []
        self.where = QButtonGroup(self)
        self.keep = button(self.tr("Keep"), self.accept, kind="primary")
        self._build()
        self.where.idToggled.connect(self._where_changed)
        self.shown.chosen_changed.connect(self._check)
        self.finder.chosen_changed.connect(self._check)
        self._begin(judgement)
        room = parent.window().size()
        self.resize(
            min(theme.px(WIDTH), room.width() - 24), min(theme.px(HEIGHT), room.height() - 24)
        )

    def _build(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 16)
        layout.setSpacing(theme.px(8))
        layout.addWidget(ElidedLabel(plain(" ".join(self._turn.question.split())), "muted"))
        layout.addWidget(label(self.tr("What is the right answer?"), "card"))
        layout.addWidget(self.answer)
        layout.addSpacing(theme.px(8))
        layout.addWidget(label(self.tr("Where does it stand?"), "card"))
        said = self.tr("Then the right answer to this question is that nothing was found.")
        nowhere = label(said, "muted", wrap=True)
        for position, (text, panel) in enumerate((
            (self.tr("In a passage shown with the answer"), self.shown),
            (self.tr("Another place…"), self.finder),
            (self.tr("It is not in my documents"), nowhere),
        )):  # fmt: skip
            choice = QRadioButton(text)
            self.where.addButton(choice, position)
            layout.addWidget(choice)
            layout.addWidget(panel, 0 if panel is nowhere else 1)
            self._panels.append(panel)
        self.where.button(SHOWN).setVisible(bool(self._passages))
        layout.addStretch(0)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addStretch()
        cancel = button(self.tr("Cancel"), self.reject, kind="quiet")
        cancel.setAutoDefault(False)
        self.keep.setDefault(True)
        row.addWidget(cancel)
        row.addWidget(self.keep)
        layout.addLayout(row)

    def _begin(self, judgement: Judgement | None) -> None:
        """As it was taught before, else with the first passage shown."""
        self.shown.show_passages(self._passages)
        where = SHOWN if self._passages else ELSEWHERE
        if judgement is not None and judgement.verdict == "absent":
            where = NOWHERE
        elif judgement is not None and judgement.verdict == "wrong":
            self.answer.setText(judgement.answer)
            if judgement.document_id and self._passages:
                self.shown.choose(0)
        self.where.button(where).setChecked(True)
        self._where_changed(where, True)
        self.answer.setFocus()

    def _where_changed(self, where: int, checked: bool) -> None:
        if not checked:
            return
        if where == ELSEWHERE and not self.finder.document.count():
            first = self._passages[0].document_id if self._passages else ""
            self.finder.fill(first)
        for position, panel in enumerate(self._panels):
            panel.setVisible(position == where)
        self.answer.setEnabled(where != NOWHERE)
        self._check()

    def _place(self) -> Citation | None:
        where = self.where.checkedId()
        if where == NOWHERE:
            return None
        return self.shown.chosen() if where == SHOWN else self.finder.chosen()

    def _check(self) -> None:
        self.keep.setEnabled(self.where.checkedId() == NOWHERE or self._place() is not None)

    @property
    def command(self) -> Judge:
        """What the person said, as it is sent."""
        place = self._place()
        if place is None:
            return Judge(turn_id=self._turn.id, verdict="absent")
        words = " ".join(self.answer.text().split())
        answer = self._turn.answer
        same = answer is not None and words and words.casefold() == (answer.short or "").casefold()
        return Judge(
            turn_id=self._turn.id,
            verdict="right" if same else "wrong",
            answer=words,
            document_id=place.document_id,
            spans=tuple((s.page, s.start, s.length) for s in place.spans),
        )


def _passages(turn: Turn, judgement: Judgement | None, names: PlaceNames) -> list[Citation]:
    """What was taught before, then what stands in the card, each place once."""
    answer = turn.answer
    found: list[Citation] = []
    if judgement is not None and judgement.verdict == "wrong":
        taught = names.taught(judgement)
        found += [taught] if taught is not None else []
    if answer is not None:
        found += answer.citations
        found += [answer_texts.citation_of(hit, n) for n, hit in enumerate(answer.nearest, 1)]
    kept: dict[object, Citation] = {}
    for citation in found:
        kept.setdefault((citation.document_id, citation.spans), citation)
    return list(kept.values())
