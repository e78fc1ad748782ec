"""A report card as one page of HTML, to keep, to print or to make into PDF; and its words. Pure.

The page is one file without script, with nothing from outside. It is laid out with tables and
their attributes and with inline styles, which is what both a browser and Qt's `QTextDocument`
(for PDF) draw alike.
"""

from __future__ import annotations

import html
import time
from collections.abc import Iterable, Mapping, Sequence

from .domain.assistant import Changed, Measure, Outcome, ReportCard, TunedPart

SHOWN = (
    5  # questions that came out otherwise, each way; confirmed ones that were lost are all shown
)
BARS = ("right", "found", "cited", "refused_right")
_OLD, _NEW, _EMPTY = "#9aa5b1", "#1f6f54", "#eceff2"

# The same words as in the window (`ui/assistants/card_words.py`); the terminal has them from here.
VERDICTS: Mapping[Outcome, str] = {
    Outcome.BETTER: "It got better",
    Outcome.NO_GAIN: "No clear difference",
    Outcome.WORSE: "It did not get better",
    Outcome.CANNOT_TELL: "It cannot be told yet",
}
MEASURES: Mapping[str, str] = {
    "right": "Right answers",
    "found": "Right page found first",
    "found_in_five": "Right page among the first five",
    "cited": "Answers that show where it stands",
    "refused_right": "“Not in your documents” where that is right",
    "refused_wrong": "“Not in your documents” though the answer is there",
    "confirmed": "Questions that you confirmed answered right",
    "seconds": "Seconds an answer takes",
}
PARTS: Mapping[str, str] = {
    "mix": "How words and meaning are weighed in the search",
    "query": "How your questions are understood",
    "router": "Which shelf is looked at first",
    "calibrator": "How sure an answer says it is",
    "reader": "Which words are marked as the answer",
    "writer": "How answers are written",
}
STEPS: Mapping[str, str] = {
    "check": "Check-up",
    "questions": "Practice questions",
    "review": "Your review",
    "exam_before": "First exam",
    "learning": "Learning",
    "exam_after": "Second exam",
    "report": "Report card",
}
_HOW = """\
The same exam questions were asked before and after. They come from parts of your documents that \
nothing was learned from.
“71 → 78 of 100, likely between +2 and +12” means: 71 of 100 were right before, and 78 after. With \
other questions the gain would be less than 2 in one case of ten, and more than 12 in another.
An answer that is right in part counts in part. Where a number or a date is asked for, only the \
exact one counts. Where your documents do not say it, “not in your documents” is right.
Of “not in your documents” though the answer is there, and of seconds, less is better."""


def html_of(card: ReportCard, name: str, number: int, made_at: float) -> str:
    """The card of version `number` of the assistant `name` as a whole HTML page.

    `made_at` is in seconds since 1970; its day is written in this computer's time.
    """
    title = f"{name}, version {number}: report card"
    body = [
        _heading(title, 1),
        _line(f"Made on {_day(made_at)}.", "#5c6670"),
        f'<p style="font-size:15pt; margin:10px 0 4px 0"><b>{_text(VERDICTS[card.outcome])}</b></p>',
        _line(card.reason),
        *_bars(card),
        *_examples("It now gets right", card.gained[:SHOWN]),
        *_examples("It now gets wrong", lost_shown(card)),
        *_parts(card.parts),
        *_section("Everything that was measured", _table(_measured(card.measures))),
        *_section("What went in", _table(_counts(card))),
        *_section("Minutes", _table(_minutes(card))),
        *_section("Also good to know", "".join(map(_line, card.notes))),
        *_section("How to read this", "".join(map(_line, _HOW.splitlines()))),
    ]
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        f"<title>{_text(title)}</title><style>@page {{ size: A4; margin: 16mm }}"
        " body { max-width: 178mm } td { print-color-adjust: exact;"
        " -webkit-print-color-adjust: exact } tr { page-break-inside: avoid }</style></head>\n"
        '<body style="font-family:sans-serif; font-size:10pt; color:#1c2127">\n'
        + "\n".join(body)
        + "\n</body></html>\n"
    )


def told(measure: Measure) -> str:
    """A measure before and after: "71 → 78 of 100, likely between +2 and +12"."""
    return f"{shares(measure)}, likely between {points(measure.low)} and {points(measure.high)}"


def shares(measure: Measure) -> str:
    """A share before and after: "71 → 78 of 100"."""
    return f"{hundred(measure.before)} → {hundred(measure.after)} of 100"


def points(difference: float | None) -> str:
    """A difference of shares in points of 100 with its sign, small ones with a decimal: "+0.4"."""
    value = 100 * (difference or 0.0)
    text = f"{value:+.0f}" if abs(value) >= 1 else f"{value:+.1f}"
    return "0" if not float(text) else text.replace("-", "−")


def hundred(share: float | None) -> str:
    """A share as so many of 100."""
    return f"{100 * (share or 0.0):.0f}"


def lost_shown(card: ReportCard) -> tuple[Changed, ...]:
    """Of the questions that turned wrong `SHOWN`, or all that a person confirmed."""
    confirmed = [one for one in card.lost if one.confirmed]
    others = [one for one in card.lost if not one.confirmed]
    return (*confirmed, *others[: max(0, SHOWN - len(confirmed))])


def _bars(card: ReportCard) -> Iterable[str]:
    for name in BARS:
        measure = card.measure(name)
        if measure is None or measure.before is None or measure.after is None:
            continue
        yield (
            f'<p style="margin:12px 0 2px 0"><b>{_text(MEASURES[name])}</b>: {_text(_change(measure))}'
            f' <span style="color:#5c6670">({_counted(measure.questions)})</span></p>'
        )
        yield _bar("before", measure.before, _OLD)
        yield _bar("after", measure.after, _NEW)


def _bar(label: str, share: float, colour: str) -> str:
    """A bar of cells with a background, as wide as the share; a cell of no width is left out."""
    wide = min(100, max(0, round(100 * share)))
    cells = "".join(
        f'<td width="{width}%" bgcolor="{shade}" style="font-size:7pt">&nbsp;</td>'
        for width, shade in ((wide, colour), (100 - wide, _EMPTY))
        if width
    )
    bar = f'<table width="100%" cellspacing="0" cellpadding="0" border="0"><tr>{cells}</tr></table>'
    return (
        '<table width="100%" cellspacing="0" cellpadding="1" border="0"><tr>'
        f'<td width="9%">{label}</td><td width="83%">{bar}</td>'
        f'<td width="8%" align="right">{100 * share:.0f}</td></tr></table>'
    )


def _examples(heading: str, changed: Sequence[Changed]) -> list[str]:
    if not changed:
        return []
    rows = [("Question", "Right is", "Before", "After")]
    rows += [
        (
            one.question + (" (confirmed by you)" if one.confirmed else ""),
            _said(one.expected),
            _said(one.before),
            _said(one.after),
        )
        for one in changed
    ]
    return _section(heading, _table(rows, head=True))


def _parts(parts: Sequence[TunedPart]) -> list[str]:
    rows = [(_part(one), "kept" if one.kept else "not kept", one.why) for one in parts]
    return _section("What was tuned", _table(rows))


def measured(measure: Measure) -> tuple[str, str]:
    """What was measured, and how it came out before and after."""
    name = MEASURES.get(measure.name, measure.name)
    known = measure.before is not None and measure.after is not None
    return name, _change(measure) if known else "not measured"


def _measured(measures: Sequence[Measure]) -> list[tuple[str, ...]]:
    return [
        (*measured(one), _counted(one.questions))
        for one in measures
        if one.before is not None and one.after is not None
    ]


def _change(measure: Measure) -> str:
    if measure.name == "seconds":
        return f"{measure.before:.1f} → {measure.after:.1f}"
    if measure.low is None or measure.high is None:
        return shares(measure)
    if measure.low <= 0 <= measure.high:
        return f"{shares(measure)}, no clear difference"
    return told(measure)


def _counts(card: ReportCard) -> list[tuple[str, ...]]:
    return [
        ("Documents", str(card.documents)),
        ("Learned from", _counted(card.practice)),
        ("Confirmed by a person", _counted(card.confirmed)),
        ("Exam", _counted(card.exam)),
        ("Practice questions written by", card.teacher or "no other model"),
    ]


def _minutes(card: ReportCard) -> list[tuple[str, ...]]:
    rows = [
        (words, f"{card.minutes[step]:.1f}")
        for step, words in STEPS.items()
        if step in card.minutes
    ]
    return [*rows, ("All", f"{sum(card.minutes.values()):.1f}")] if rows else []


def _part(part: TunedPart) -> str:
    return PARTS.get(part.name, part.name)


def _said(answer: str) -> str:
    return " ".join(answer.split()) or "“Not in your documents”"


def _section(heading: str, content: str) -> list[str]:
    return [_heading(heading, 2), content] if content else []


def _heading(words: str, level: int) -> str:
    size, above = ((18, 0), (13, 18))[level - 1]
    return (
        f'<h{level} style="font-size:{size}pt; margin:{above}px 0 4px 0">{_text(words)}</h{level}>'
    )


def _line(words: str, colour: str = "") -> str:
    shade = f"; color:{colour}" if colour else ""
    return f'<p style="margin:2px 0 4px 0{shade}">{_text(words)}</p>'


def _table(rows: Sequence[Sequence[str]], head: bool = False) -> str:
    if not rows:
        return ""
    written = []
    for place, row in enumerate(rows):
        cell = "th" if head and place == 0 else "td"
        cells = "".join(f'<{cell} align="left" valign="top">{_text(one)}</{cell}>' for one in row)
        written.append(f"<tr>{cells}</tr>")
    return (
        f'<table width="100%" border="0" cellspacing="0" cellpadding="3">{"".join(written)}</table>'
    )


def _text(words: str) -> str:
    return html.escape(words)


def _day(made_at: float) -> str:
    return time.strftime("%Y-%m-%d %H:%M", time.localtime(made_at))


def _counted(questions: int) -> str:
    return "1 question" if questions == 1 else f"{questions} questions"
