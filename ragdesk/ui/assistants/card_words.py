"""What the window says of a report card: measures, parts, counts; after `ragdesk.domain.assistant`."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QCoreApplication, QLocale

from ...card_page import BARS, MEASURES, PARTS, STEPS, VERDICTS, hundred, points
from ...domain.assistant import Changed, Measure, Outcome, ReportCard, TunedPart
from .. import words
from .pair_words import questions

# For each outcome its icon and colour.
_LOOKS: Mapping[Outcome, tuple[str, str]] = {
    Outcome.BETTER: ("ready", "good"),
    Outcome.NO_GAIN: ("info", "muted"),
    Outcome.WORSE: ("warning", "look"),
    Outcome.CANNOT_TELL: ("info", "muted"),
}


def tr(text: str) -> str:
    return QCoreApplication.translate("card_words", text)


def _page(text: str) -> str:
    """Words that the card has on paper too."""
    return QCoreApplication.translate("card_page", text)


def verdict(outcome: Outcome) -> tuple[str, str, str]:
    """(sentence, icon, colour)."""
    return _page(VERDICTS[outcome]), *_LOOKS[outcome]


def measure_name(name: str) -> str:
    return _page(MEASURES.get(name, name))


def bars(card: ReportCard) -> list[Measure]:
    """What bars are drawn of: as far as it was measured, before and after."""
    found = [one for one in card.measures if None not in (one.before, one.after)]
    return sorted((one for one in found if one.name in BARS), key=lambda one: BARS.index(one.name))


def part_name(part: TunedPart) -> str:
    return _page(PARTS.get(part.name, part.name))


def change(measure: Measure) -> str:
    """As in "71 → 78 of 100, likely between +2 and +12", or "71 → 72 of 100, no clear difference"."""
    if measure.before is None or measure.after is None:
        return tr("not measured")
    if measure.name == "seconds":
        locale = QLocale()
        return tr("{before} → {after}").format(
            before=locale.toString(measure.before, "f", 1),
            after=locale.toString(measure.after, "f", 1),
        )
    text = tr("{before} → {after} of 100").format(
        before=hundred(measure.before), after=hundred(measure.after)
    )
    if measure.low is None or measure.high is None:
        return text
    if measure.low <= 0 <= measure.high:
        return tr("{figures}, no clear difference").format(figures=text)
    return tr("{figures}, likely between {low} and {high}").format(
        figures=text, low=points(measure.low), high=points(measure.high)
    )


def answered(text: str) -> str:
    """An answer before or after; "" is a refusal."""
    return words.plain(" ".join(text.split())) if text else tr("“Not in your documents”")


def changed_heading(changed: int, shown: int, *, better: bool) -> str:
    """Above the questions that came out otherwise."""
    if better:
        text = tr("1 question that it now gets right") if changed == 1 else ""
        text = text or tr("{n} questions that it now gets right")
    else:
        text = tr("1 question that it got right before, and now gets wrong") if changed == 1 else ""
        text = text or tr("{n} questions that it got right before, and now gets wrong")
    text = text.format(n=words.number(changed))
    if shown < changed:
        return tr("{what}, {n} of them here").format(what=text, n=words.number(shown))
    return text


def expected(one: Changed) -> str:
    return answered(one.expected)


def why(part: TunedPart) -> str:
    """Why a part was kept or not; at least whether."""
    if part.why:
        return words.plain(part.why)
    return tr("Kept") if part.kept else tr("Left as it was")


def counts(card: ReportCard) -> list[tuple[str, str]]:
    """(what, how much) of what went into it."""
    rows = [
        (tr("Documents"), words.number(card.documents)),
        (tr("Learned from"), questions(card.practice)),
        (tr("Of them confirmed by a person"), words.number(card.confirmed)),
        (tr("Exam"), _exam(card.exam)),
        (
            tr("Practice questions written by"),
            words.plain(card.teacher) if card.teacher else tr("no other model"),
        ),
    ]
    rows += [
        (_page(STEPS[step]), _minutes(card.minutes[step]))
        for step in STEPS
        if card.minutes.get(step)
    ]
    if card.minutes:
        rows.append((tr("All in all"), _minutes(sum(card.minutes.values()))))
    return rows


def _exam(count: int) -> str:
    return tr("1 question") if count == 1 else tr("{n} questions").format(n=words.number(count))


def _minutes(minutes: float) -> str:
    if 0 < minutes < 1:
        return tr("less than a minute")
    count = round(minutes)
    return tr("1 minute") if count == 1 else tr("{n} minutes").format(n=words.number(count))


def asked(measure: Measure) -> str:
    """As in "Right answers (141 questions)"."""
    name = measure_name(measure.name)
    if not measure.questions:
        return name
    return tr("{what} ({n})").format(what=name, n=_exam(measure.questions))
