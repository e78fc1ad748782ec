"""What the window says of a report card: measures, parts, counts; after `ragdesk.domain.assistant`."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QCoreApplication, QLocale

from ...domain.assistant import Changed, Measure, Outcome, ReportCard, TunedPart
from .. import words
from .pair_words import questions

# For each outcome its sentence, icon and colour.
_VERDICTS: Mapping[Outcome, tuple[str, str, str]] = {
    Outcome.BETTER: ("It got better", "ready", "good"),
    Outcome.NO_GAIN: ("No clear difference", "info", "muted"),
    Outcome.WORSE: ("It did not get better", "warning", "look"),
    Outcome.CANNOT_TELL: ("It cannot be told yet", "info", "muted"),
}

# What the four bars are of, in their order; and what else was measured.
_BARS = ("right", "found", "cited", "refused_right")
_MEASURES = {
    "right": "Right answers",
    "found": "Right page found first",
    "found_in_five": "Right page among the first five",
    "cited": "Answers that show where it stands",
    "refused_right": "“Not in your documents” where that is right",
    "refused_wrong": "“Not in your documents” though the answer is there",
    "confirmed": "Questions that you confirmed answered right",
    "seconds": "Seconds an answer takes",
}

_PARTS = {
    "mix": "How words and meaning are weighed in the search",
    "query": "How your questions are understood",
    "router": "Which shelf is looked at first",
    "calibrator": "How sure an answer says it is",
    "reader": "Which words are marked as the answer",
    "writer": "How answers are written",
}

_STEPS = {
    "check": "Check-up",
    "questions": "Practice questions",
    "review": "Your review",
    "exam_before": "First exam",
    "learning": "Learning",
    "exam_after": "Second exam",
    "report": "Report card",
}


def tr(text: str) -> str:
    return QCoreApplication.translate("card_words", text)


def verdict(outcome: Outcome) -> tuple[str, str, str]:
    """(sentence, icon, colour)."""
    text, picture, role = _VERDICTS[outcome]
    return tr(text), picture, role


def measure_name(name: str) -> str:
    return tr(_MEASURES.get(name, name))


def bars(card: ReportCard) -> list[Measure]:
    """What bars are drawn of: as far as it was measured, before and after."""
    found = [one for one in card.measures if None not in (one.before, one.after)]
    return sorted(
        (one for one in found if one.name in _BARS), key=lambda one: _BARS.index(one.name)
    )


def part_name(part: TunedPart) -> str:
    return tr(_PARTS.get(part.name, part.name))


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
        before=round(100 * measure.before), after=round(100 * measure.after)
    )
    if measure.low is None or measure.high is None:
        return text
    if measure.low <= 0 <= measure.high:
        return tr("{figures}, no clear difference").format(figures=text)
    return tr("{figures}, likely between {low} and {high}").format(
        figures=text, low=_points(measure.low), high=_points(measure.high)
    )


def _points(difference: float) -> str:
    """Points of 100 with their sign; less than one with a decimal: a range that leaves out 0 says so."""
    value = 100 * difference
    text = f"{value:+.0f}" if abs(value) >= 1 else f"{value:+.1f}"
    return "0" if not float(text) else text.replace("-", "−")


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
        (tr(_STEPS[step]), _minutes(card.minutes[step]))
        for step in _STEPS
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
