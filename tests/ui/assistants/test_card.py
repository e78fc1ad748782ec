"""Report cards: the verdict first, honest ranges, examples, what was tuned, and the card as a file."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path

import pypdfium2
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from ragdesk.domain.assistant import Measure, Outcome, ReportCard, Version
from ragdesk.ui.assistants.card_view import CardView
from ragdesk.ui.assistants.card_words import change
from ragdesk.ui.assistants.measure_bars import Bars, MeasureBars
from ragdesk.ui.theme import theme
from tests.ui.assistants.practice import BETTER, NO_GAIN, Practice
from tests.ui.viewer.signals import heard

Open = Callable[..., CardView]


def words(view: CardView) -> list[str]:
    """All that is shown, from top to bottom."""
    labels = [one for one in view.findChildren(QLabel) if one.isVisible() and one.text()]
    return [one.text() for one in sorted(labels, key=lambda w: w.mapTo(view, w.pos()).y())]


def buttons(view: CardView) -> dict[str, str]:
    """The buttons below, and their kinds."""
    below = (view.use, view.keep, view.more, view.pdf, view.html)
    return {one.text().strip(): one.property("kind") for one in below if one.isVisible()}


@pytest.mark.parametrize(
    ("measure", "said"),
    [
        (Measure("right", 0.71, 0.78, 0.021, 0.118, 150), "71 → 78 of 100, likely between +2 and +12"),
        (Measure("right", 0.71, 0.72, -0.03, 0.05, 150), "71 → 72 of 100, no clear difference"),
        (Measure("right", 0.71, 0.60, -0.18, -0.04, 150), "71 → 60 of 100, likely between −18 and −4"),
        (Measure("right", 0.71, 0.74, 0.004, 0.06, 150), "71 → 74 of 100, likely between +0.4 and +6"),
        (Measure("right", 0.71, 0.72, 0.0, 0.05, 150), "71 → 72 of 100, no clear difference"),
        (Measure("right", 0.71, 0.78), "71 → 78 of 100"),
        (Measure("cited", None, None), "not measured"),
        (Measure("seconds", 1.31, 1.26, None, None, 150), "1.3 → 1.3"),
    ],
)  # fmt: skip
def test_a_change_is_said_with_its_range_or_as_none(measure: Measure, said: str) -> None:
    assert change(measure) == said


def test_the_verdict_and_its_reason_stand_first(
    open_card: Open, practice: Practice, qtbot: QtBot
) -> None:
    view = open_card(1100, 900)
    view.show_version(practice.version(BETTER), practice.assistant.name)
    qtbot.wait(30)
    assert words(view)[:3] == ["Front desk, version 1", "It got better", BETTER.reason]


@pytest.mark.parametrize(
    ("outcome", "verdict"),
    [
        (Outcome.BETTER, "It got better"),
        (Outcome.NO_GAIN, "No clear difference"),
        (Outcome.WORSE, "It did not get better"),
        (Outcome.CANNOT_TELL, "It cannot be told yet"),
    ],
)
def test_only_a_better_one_is_offered(
    open_card: Open, practice: Practice, outcome: Outcome, verdict: str
) -> None:
    view = open_card()
    card = dataclasses.replace(BETTER, outcome=outcome)
    view.show_version(practice.version(card), "Front desk")
    assert verdict in words(view)
    shown = buttons(view)
    assert ("Use it" in shown) == (outcome is Outcome.BETTER)
    main = [text for text, kind in shown.items() if kind == "primary"]
    assert main == (["Use it"] if outcome is Outcome.BETTER else ["Keep the old one"])
    assert "Learn more tonight" in shown


def test_one_that_answers_already_is_not_offered_again(open_card: Open, practice: Practice) -> None:
    view = open_card()
    view.show_version(practice.version(BETTER), "Front desk", in_use=True)
    assert set(buttons(view)) == {"Learn more tonight", "Save as PDF…", "Save as HTML…"}
    assert "Front desk, version 1 · it answers now" in words(view)


def test_buttons_say_which_version(open_card: Open, practice: Practice, qtbot: QtBot) -> None:
    view = open_card()
    version = practice.version(BETTER)
    view.show_version(version, "Front desk")
    for signal, one in (
        (view.use_wanted, view.use), (view.keep_wanted, view.keep), (view.more_wanted, view.more),
    ):  # fmt: skip
        said = heard(signal)
        one.setFocus()
        qtbot.keyClick(one, Qt.Key.Key_Space)
        assert said == [(version.assistant_id, version.number)]


def test_four_bars_say_in_words_what_they_draw(open_card: Open, practice: Practice) -> None:
    view = open_card()
    view.show_version(practice.version(BETTER), "Front desk")
    bars = view.findChildren(MeasureBars)
    assert [one.accessibleName() for one in bars] == [
        "Right answers: 71 → 78 of 100, likely between +2 and +12",
        "Right page found first: 80 → 86 of 100, likely between +2 and +10",
        "Answers that show where it stands: 88 → 89 of 100, no clear difference",
        "“Not in your documents” where that is right: 65 → 74 of 100, no clear difference",
    ]


@pytest.mark.parametrize("mirrored", [False, True])
def test_bars_are_as_long_as_the_shares_and_the_range_is_drawn(
    qapp: QApplication, qtbot: QtBot, mirrored: bool
) -> None:
    theme.apply(qapp, "light")
    bars = Bars(Measure("right", 0.50, 0.60, 0.02, 0.30, 150))
    qtbot.addWidget(bars)
    if mirrored:
        bars.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    bars.resize(202, bars.sizeHint().height())
    image = bars.grab().toImage()

    def colour(share: float, row: float) -> str:
        x = round(1 + 200 * share)
        return image.pixelColor(201 - x if mirrored else x, round(row)).name()

    upper, lower = 1 + theme.px(10) / 2, 1 + 1.5 * theme.px(10) + theme.px(4)
    assert colour(0.45, upper) == QColor(theme.tokens.border).name()
    assert colour(0.55, upper) == QColor(theme.tokens.sunken).name()
    assert colour(0.30, lower) == QColor(theme.tokens.accent).name()
    assert colour(0.56, lower) == QColor(theme.tokens.text).name()  # from 52 …
    assert colour(0.78, lower) == QColor(theme.tokens.text).name()  # … to 80
    assert colour(0.86, lower) == QColor(theme.tokens.sunken).name()


def test_without_a_range_none_is_drawn() -> None:
    assert Bars(Measure("right", 0.5, 0.6)).range_of_after() is None
    low, high = Bars(Measure("right", 0.9, 0.95, 0.01, 0.2)).range_of_after() or (0, 0)
    assert (round(low, 2), high) == (0.91, 1.0)


def test_examples_are_shown_in_full_with_what_is_right(open_card: Open, practice: Practice) -> None:
    view = open_card(900, 4000)
    view.show_version(practice.version(BETTER), "Front desk")
    shown = words(view)
    assert "7 questions that it now gets right, 5 of them here" in shown
    for one in BETTER.gained[:5]:
        assert one.question in shown
    assert BETTER.gained[5].question not in shown
    assert "1 question that it got right before, and now gets wrong" in shown
    assert BETTER.lost[0].question in shown
    assert {"200 bar", "20 bar"} <= set(shown)
    assert "“Not in your documents”" in shown
    assert "You confirmed this question." in shown


def test_what_was_tuned_says_why(open_card: Open, practice: Practice) -> None:
    view = open_card(900, 4000)
    view.show_version(practice.version(BETTER), "Front desk")
    shown = words(view)
    assert "Which words are marked as the answer" in shown
    for part in BETTER.parts:
        assert part.why in shown


def test_counts_and_minutes_are_under_details(
    open_card: Open, practice: Practice, qtbot: QtBot
) -> None:
    view = open_card(900, 4000)
    view.show_version(practice.version(BETTER), "Front desk")
    assert "412 practice questions" not in words(view)
    view.details.setFocus()
    qtbot.keyClick(view.details, Qt.Key.Key_Right)
    shown = words(view)
    assert {"412 practice questions", "164 questions", "42", "qwen3:4b", "21 minutes"} <= set(shown)
    assert "47 minutes" in shown
    assert "Your review" not in shown  # it took no time
    assert "1.3 → 1.3" in shown


def test_a_card_with_next_to_nothing_on_it_is_shown(open_card: Open, practice: Practice) -> None:
    view = open_card()
    bare = ReportCard(Outcome.CANNOT_TELL, "Too few.")
    view.show_version(practice.version(bare), "Front desk")
    assert "Too few." in words(view)
    assert view.findChildren(MeasureBars) == []
    view.show_version(practice.version(NO_GAIN), "Front desk")
    names = [one.accessibleName().partition(":")[0] for one in view.findChildren(MeasureBars)]
    assert "Answers that show where it stands" not in names  # it was not measured
    assert "Right answers" in names


# files


@pytest.fixture
def version(practice: Practice) -> Version:
    return practice.version(BETTER)


@pytest.mark.parametrize("ending", ["pdf", "html"])
def test_the_card_is_saved_by_the_dialog(
    open_card: Open, version: Version, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ending: str
) -> None:
    view = open_card()
    view.show_version(version, "Front <desk> / 1")
    offered = []

    def choose(_parent: object, _title: str, name: str, _kind: str) -> tuple[str, str]:
        offered.append(name)
        return str(tmp_path / "card"), ""

    monkeypatch.setattr(QFileDialog, "getSaveFileName", choose)
    pressed: QPushButton = view.pdf if ending == "pdf" else view.html
    pressed.click()
    assert offered == [f"Report card of Front _desk_ _ 1, version 1.{ending}"]
    saved = tmp_path / f"card.{ending}"
    assert view.note.text() == f"The report card was saved as card.{ending}."
    if ending == "html":
        text = saved.read_text("utf-8")
        assert "Front &lt;desk&gt;" in text
    else:
        document = pypdfium2.PdfDocument(saved)
        text = "".join(page.get_textpage().get_text_range() for page in document)
        document.close()
    flat = " ".join(text.split())
    assert "71 → 78 of 100" in flat
    assert BETTER.gained[0].question in flat
    assert BETTER.lost[0].question in flat


def test_a_file_that_cannot_be_written_is_told(
    open_card: Open, version: Version, tmp_path: Path
) -> None:
    view = open_card()
    view.show_version(version, "Front desk")
    view.saving.save(str(tmp_path / "missing" / "card.pdf"))
    assert view.note.property("role") == "wrong"
    assert str(tmp_path / "missing") in view.note.text()
