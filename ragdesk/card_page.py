"""A report card as one page of HTML: to be printed, sent on, or made into PDF. Pure.

Tables and inline colours only: what draws the PDF knows no more of style sheets.
"""

from __future__ import annotations

import time
from html import escape

from .domain.assistant import Changed, Measure, Outcome, ReportCard, TunedPart

GAINED = 5  # examples on the page

VERDICTS = {
    Outcome.BETTER: "It got better",
    Outcome.NO_GAIN: "No clear difference: the old one stays",
    Outcome.WORSE: "Not better: the old one stays",
    Outcome.CANNOT_TELL: "It cannot be told: the old one stays",
}
MEASURES = {
    "right": "Right answers",
    "found": "Right page found first",
    "found_in_five": "Right page among the first five",
    "cited": "Answers that show where it stands",
    "refused_right": "“Not in your documents” where that is right",
    "refused_wrong": "“Not in your documents” though the answer is there",
    "confirmed": "Confirmed questions answered right",
    "seconds": "Seconds an answer takes",
}
_STYLE = (
    "body{font-family:sans-serif;font-size:10pt;color:#1E2226}"
    "h1{font-size:17pt;margin:0}h2{font-size:12pt;margin:12px 0 4px 0}p{margin:0 0 4px 0}"
    "td{padding:1px 12px 1px 0;vertical-align:top}.m{color:#565C63}"
)


def html_of(card: ReportCard, name: str, number: int, made_at: float) -> str:
    """The card of version `number` of the assistant `name`, built at `made_at` (seconds since 1970)."""
    day = time.strftime("%Y-%m-%d", time.localtime(made_at))
    title = escape(f"{name}, version {number}")
    parts = [
        f"<h1>{escape(VERDICTS[card.outcome])}</h1>",
        f'<p class="m">{title} · {day}</p>',
        f"<p>{escape(card.reason)}</p>",
        *(f'<p class="m">{escape(note)}</p>' for note in card.notes),
        _section("Before and after", _rows([measured(one) for one in card.measures])),
        _section("Answered right now", "".join(map(_changed, card.gained[:GAINED]))),
        _section("Right before, and not now", "".join(map(_changed, card.lost))),
        _section("What was tuned", _rows([_tuned(part) for part in card.parts])),
        _section("What went into it", _rows(_counts(card))),
    ]
    return (
        f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        f"<style>{_STYLE}</style></head><body>{''.join(parts)}</body></html>"
    )


def _section(title: str, body: str) -> str:
    return f"<h2>{title}</h2>{body}" if body else ""


def _rows(rows: list[tuple[str, str]]) -> str:
    lines = (f'<tr><td class="m">{escape(a)}</td><td>{escape(b)}</td></tr>' for a, b in rows)
    return f"<table>{''.join(lines)}</table>" if rows else ""


def measured(measure: Measure) -> tuple[str, str]:
    """What was measured, and how it came out before and after."""
    name = MEASURES.get(measure.name, measure.name)
    if measure.before is None or measure.after is None:
        return name, "not measured"
    if measure.name == "seconds":
        return name, f"{measure.before:.1f} → {measure.after:.1f}"
    text = f"{100 * measure.before:.0f} → {100 * measure.after:.0f} of 100"
    if measure.low is None or measure.high is None:
        return name, text
    if measure.low <= 0 <= measure.high:
        return name, f"{text}, no clear difference"
    return name, f"{text}, likely between {100 * measure.low:+.0f} and {100 * measure.high:+.0f}"


def _changed(one: Changed) -> str:
    nothing = "“Not in your documents”"
    rows = [
        ("Right is", one.expected or nothing),
        ("Before", one.before or nothing),
        ("Now", one.after or nothing),
    ]
    return f"<p><b>{escape(one.question)}</b></p>{_rows(rows)}"


def _tuned(part: TunedPart) -> tuple[str, str]:
    return part.name, f"{'kept' if part.kept else 'left as it was'}. {part.why}"


def _counts(card: ReportCard) -> list[tuple[str, str]]:
    minutes = sum(card.minutes.values())
    return [
        ("Documents", str(card.documents)),
        ("Practice questions", f"{card.practice}, {card.confirmed} of them confirmed by a person"),
        ("Exam questions", str(card.exam)),
        ("Questions written by", card.teacher or "no other model"),
        ("Minutes", f"{minutes:.0f}"),
    ]
