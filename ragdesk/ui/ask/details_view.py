"""How an answer came about: which shelf was looked at first and why, which places were found."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

from ...domain.conversation import Answer, ShelfChance, Turn
from ...texts import why_template
from ..fold import FoldRow
from ..theme import theme
from ..widgets import button, label
from ..words import plain
from . import answer_texts
from .marker_view import Link, MarkerView, Part, Style
from .place_names import PlaceNames

DETAIL = Style(13, above=6)
MOST_SHELVES = 3
LONGEST_NAME = 28  # characters of a shelf's name on a button


class DetailsView(QWidget):
    """The part of a card that unfolds under "How it got there".

    Attributes:
        places: the text with the places found, to be walked like an answer.

    Signals:
        shelf_wanted: the id of the shelf that alone is to be asked.
    """

    shelf_wanted = Signal(str)

    def __init__(self, turn: Turn, names: PlaceNames, places: MarkerView) -> None:
        super().__init__()
        answer = turn.answer
        assert answer is not None
        self._names = names
        self._question = turn.question
        self.places = places
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.px(4))
        if len(answer.shelves) > 1:  # with one shelf there was nothing to choose
            for position, shelf in enumerate(answer.shelves[:MOST_SHELVES]):
                layout.addLayout(self._shelf_line(shelf, first=position == 0))
        found = {n: answer_texts.citation_of(hit, n) for n, hit in enumerate(answer.nearest, 1)}
        found = found or {citation.number: citation for citation in answer.citations}
        places.set_content(_steps(answer, names), found)
        layout.addWidget(places)
        if answer.thinking:
            self._add_thinking(layout, answer.thinking)

    def _add_thinking(self, layout: QVBoxLayout, thinking: str) -> None:
        """What the model thought before it answered, folded."""
        words = label(thinking.strip(), "muted", wrap=True)
        words.setObjectName("thinking")
        words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        words.hide()
        row = FoldRow(self.tr("What the model thought"))
        row.setObjectName("unfold_thinking")
        row.toggled.connect(words.setVisible)
        layout.addWidget(row)
        layout.addWidget(words)

    def _shelf_line(self, shelf: ShelfChance, *, first: bool) -> QBoxLayout:
        """Where it looked, why, and the way to ask that shelf alone."""
        name = plain(shelf.name)
        said = (
            self.tr("Looked first on {shelf}{why}.") if first else self.tr("Then on {shelf}{why}.")
        )
        text = said.format(shelf=name, why=self._why(shelf) if first else "")
        words = label(text, "", wrap=True)
        words.setObjectName("shelf_reason")
        line = QHBoxLayout()
        line.setSpacing(theme.px(8))
        line.addWidget(words, 1)
        if self._names.has_shelf(shelf.collection_id):
            text = self.tr("Ask only {shelf}")
            short = name if len(name) <= LONGEST_NAME else name[:LONGEST_NAME].rstrip() + "…"
            only = button(
                text.format(shelf=short),
                lambda: self.shelf_wanted.emit(shelf.collection_id),
                kind="link",
            )
            only.setAccessibleName(text.format(shelf=name))
            only.setObjectName("ask_only")
            line.addWidget(only)
        return line

    def _why(self, shelf: ShelfChance) -> str:
        """The reason: words of the question that stand there, or the document that is nearest."""
        if not shelf.why:
            return ""
        listed = ", ".join(f"“{plain(reason)}”" for reason in shelf.why)
        why = answer_texts.tr(why_template(shelf.why, self._question))
        return ", " + why.format(words=listed, document=listed)


def _steps(answer: Answer, names: PlaceNames) -> list[tuple[Style, list[Part]]]:
    asked = answer_texts.tr(
        "Searched {documents} for exact words and similar meanings, and found these places:"
    )
    steps: list[tuple[Style, list[Part]]] = [
        (DETAIL, [answer_texts.step_words(step)]) for step in answer.steps
    ]
    steps.append((DETAIL, [asked.format(documents=answer_texts.searched(answer))]))
    for number, hit in enumerate(answer.nearest, 1):
        twins = answer_texts.tr(" (the same words also stand in {names})")
        others = ", ".join(plain(twin.rsplit("/", 1)[-1]) for twin in hit.twins)
        also = twins.format(names=others) if hit.twins else ""
        place = Link(names.of(hit), number)
        steps.append((DETAIL, [place, " – ", answer_texts.how_near(hit), also, number]))
    if not answer.nearest:
        steps += [(DETAIL, [Link(names.of(c), c.number), c.number]) for c in answer.citations]
    times = answer_texts.tr("Searching took {search}, the whole answer {total}.").format(
        search=answer_texts.seconds(answer.seconds.search),
        total=answer_texts.seconds(answer.seconds.total),
    )
    steps.append((DETAIL, [times]))
    pace = answer_texts.pace(answer)
    written = [answer_texts.writer(answer), f"{pace}." if pace else "", answer.cost]
    if answer.model:
        steps.append((DETAIL, [" ".join(filter(None, written))]))
    if not answer.refused:
        chance = answer_texts.tr(
            "About {n} of 100 such answers are right, as counted on questions whose answers are"
            " known."
        )
        steps.append((DETAIL, [chance.format(n=round(answer.strength * 100))]))
    return steps
