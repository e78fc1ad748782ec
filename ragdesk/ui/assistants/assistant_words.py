"""What the window says of assistants: versions, steps, minutes."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, QDateTime, QLocale

from ...domain.assistant import Outcome, Version
from ...domain.job import JobState
from ...domain.training import STEPS
from .. import words
from .builds_model import Build

TONIGHT = 180  # minutes
MINUTES = (15, 30, 60, TONIGHT)
# The steps that a person sees; `step_of` says which of them a step of `STEPS` belongs to.
CHOOSE, CHECK, QUESTIONS, FIRST_EXAM, LEARNING, REPORT = range(6)
_SEEN = dict(
    zip(STEPS, (CHECK, QUESTIONS, QUESTIONS, FIRST_EXAM, LEARNING, LEARNING, REPORT), strict=True)
)


def tr(text: str) -> str:
    return QCoreApplication.translate("assistants", text)


def step_names() -> Sequence[str]:
    return (
        tr("Choose"),
        tr("Check-up"),
        tr("Practice questions"),
        tr("First exam"),
        tr("Learning"),
        tr("Report card"),
    )


def step_of(build: Build) -> int:
    """Where a build stands, among the steps that a person sees."""
    if build.state is JobState.DONE:
        return REPORT
    if build.waits_for_review:
        return QUESTIONS
    return _SEEN.get(build.step, CHECK)


def date(at: float) -> str:
    """As in "24 November", with the year where it is another one."""
    day = QDateTime.fromSecsSinceEpoch(int(at)).date()
    this_year = day.year() == QDateTime.currentDateTime().date().year()
    return QLocale().toString(day, "d MMMM" if this_year else "d MMMM yyyy")


def result(version: Version) -> str:
    """The exam before and after, as in "71 → 78 of 100"; "" where nothing could be measured."""
    right = version.card.measure("right")
    if right is None or right.before is None or right.after is None:
        return ""
    return tr("{before} → {after} of 100").format(
        before=round(100 * right.before), after=round(100 * right.after)
    )


def version(one: Version | None) -> str:
    """As in "version 2, of 24 November: 71 → 78 of 100"; None is RagDesk as it comes."""
    if one is None:
        return tr("as RagDesk comes")
    told = tr("version {n}, of {date}").format(n=one.number, date=date(one.made_at))
    measured = result(one)
    return f"{told}: {measured}" if measured else told


def outcome(what: Outcome) -> str:
    """What became of a version that answers no questions, in a word or two."""
    return {
        Outcome.BETTER: tr("better"),
        Outcome.NO_GAIN: tr("no clear gain"),
        Outcome.WORSE: tr("not better"),
        Outcome.CANNOT_TELL: tr("cannot be told"),
    }[what]


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def left(build: Build) -> str:
    """As in "about 21 minutes left"; "" where that is not known yet."""
    if build.minutes_left is None:
        return ""
    return tr("{time} left").format(time=words.duration(60 * build.minutes_left))


def standing(build: Build) -> str:
    """Where a build stands, in one line."""
    step = step_names()[step_of(build)]
    if build.waits_for_review:
        return tr("Its practice questions wait for you")
    if build.state is JobState.PAUSED:
        return tr("{step} · paused").format(step=step)
    if build.state is JobState.QUEUED:
        return tr("Waits for its turn")
    if build.state is JobState.FAILED:
        return tr("Building it stopped. What was made is kept.")
    if build.state is JobState.CANCELLED:
        return tr("Building it was stopped. What was made is kept.")
    if build.state is JobState.DONE:
        return tr("Its report card is ready")
    asked = ""
    if build.step in ("exam_before", "exam_after") and build.total > 1:
        asked = tr("{done} of {total} questions").format(
            done=words.number(build.done), total=words.number(build.total)
        )
    return " · ".join(filter(None, (step, asked, left(build))))


def allowed(minutes: int) -> str:
    if minutes == TONIGHT:
        return tr("Tonight, up to 3 hours")
    return tr("An hour") if minutes == 60 else tr("{n} minutes").format(n=minutes)


def what_for(minutes: int) -> str:
    """What so many minutes are good for."""
    return {
        15: tr("A first try: few practice questions. Enough where nobody writes them."),
        30: tr("More practice questions, and some time to learn from them."),
        60: tr("The usual choice: time for many practice questions and for learning from them."),
        TONIGHT: tr("The most that it can learn. Best begun when you leave."),
    }[minutes]


def model(full: str) -> str:
    """What a person calls a model "server/model"."""
    server, _, name = full.partition("/")
    return tr("Built-in model") if server == name else words.plain(name or full)
