"""A report card, and versions of assistants, as the terminal prints them."""

from __future__ import annotations

import time
from collections.abc import Sequence

from ..card_page import PARTS, VERDICTS, measured
from ..domain.assistant import Changed, ReportCard, Version
from .output import wrap

MOST = 5  # examples of each kind
NOTHING = "“Not in your documents”"


def card_words(card: ReportCard) -> str:
    """What a build came to: the outcome and why, what was measured, examples, what was tuned."""
    lines = [f"{VERDICTS[card.outcome]}.", wrap(card.reason, "  ")]
    lines += [wrap(note, "  ") for note in card.notes]
    rows = [measured(one) for one in card.measures]
    lines += _section("Before and after", [f"  {name:<52}{value}" for name, value in rows])
    lines += _section("Answered right now", _examples(card.gained))
    lines += _section("Right before, and not now", _examples(card.lost))
    tuned = [wrap(f"{PARTS.get(part.name, part.name)}. {part.why}", "  ") for part in card.parts]
    lines += _section("What was tuned", tuned)
    return "\n".join([*lines, "", _counts(card)])


def version_words(version: Version, current: int) -> str:
    """One line on a version: its number, its day, its outcome, whether it answers."""
    uses = "  (in use)" if version.number == current else ""
    return f"  version {version.number}, {_day(version)}: {VERDICTS[version.card.outcome]}{uses}"


def _section(title: str, body: Sequence[str]) -> list[str]:
    return ["", title, *body] if body else []


def _examples(changes: Sequence[Changed]) -> list[str]:
    lines = []
    for one in changes[:MOST]:
        said = " (confirmed by a person)" if one.confirmed else ""
        lines.append(wrap(f"{one.question}{said}", "  "))
        for when, answer in (
            ("right is", one.expected),
            ("before", one.before),
            ("now", one.after),
        ):
            lines.append(wrap(f"{when}: {' '.join(answer.split()) or NOTHING}", "    "))
    if len(changes) > MOST:
        lines.append(f"  and {len(changes) - MOST} more")
    return lines


def _counts(card: ReportCard) -> str:
    teacher = f", some written by {card.teacher}" if card.teacher else ""
    minutes = sum(card.minutes.values())
    return (
        f"{card.documents} documents, {card.practice} practice questions{teacher},"
        f" {card.confirmed} of them confirmed by a person; {card.exam} exam questions;"
        f" {minutes:.0f} minutes."
    )


def _day(version: Version) -> str:
    return time.strftime("%Y-%m-%d", time.localtime(version.made_at))
