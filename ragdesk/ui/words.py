"""What the window says about states, times and errors: `ragdesk.texts`, translated and filled in."""

from __future__ import annotations

import html
import re
import time
from collections import defaultdict
from collections.abc import Mapping

from PySide6.QtCore import QCoreApplication, QDateTime, QLocale

from .. import texts
from ..domain.document import Document, PlacedDocument, Verdict
from ..domain.job import JobKind, JobState
from ..messages import JobChanged
from ..settings import LANGUAGES_MODEL

# Characters that hide or turn around what follows them, in a file's name a way to deceive.
_UNSEEN = re.compile(
    "[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]"
)

_KINDS = {
    "pdf": ("PDF", "file-text"),
    "docx": ("Word", "file-text"),
    "xlsx": ("Excel", "file-table"),
    "csv": ("Table", "file-table"),
    "pptx": ("PowerPoint", "file-slides"),
    "txt": ("Text", "file-text"),
    "text": ("Text", "file-text"),
    "md": ("Markdown", "file-text"),
    "markdown": ("Markdown", "file-text"),
    "html": ("Web page", "file-web"),
    "eml": ("Mail", "file-mail"),
    "mail": ("Mail", "file-mail"),
}

# For each verdict its short word, icon and colour; the full sentence stands in `texts.VERDICTS`.
_STATES: Mapping[Verdict, tuple[str, str, str]] = {
    Verdict.READY: ("Ready", "ready", "good"),
    Verdict.READY_WITH_GAPS: ("Ready, with gaps", "gaps", "look"),
    Verdict.NEEDS_PASSWORD: ("Needs a password", "lock", "look"),
    Verdict.DAMAGED: ("Damaged", "wrong", "wrong"),
    Verdict.EMPTY: ("Empty", "wrong", "wrong"),
    Verdict.NO_TEXT: ("No text in it", "warning", "look"),
    Verdict.UNSUPPORTED: ("Kind not read yet", "warning", "look"),
    Verdict.TOO_LARGE: ("Too large", "warning", "look"),
    Verdict.TIMED_OUT: ("Took too long", "warning", "look"),
    Verdict.UNREADABLE: ("Cannot be opened", "wrong", "wrong"),
}


def tr(text: str) -> str:
    """A sentence of the window in the language in force."""
    return QCoreApplication.translate("words", text)


def plain(text: str) -> str:
    """A name as it can be shown: characters that cannot be seen are written out as <U+202E>."""
    return _UNSEEN.sub(lambda found: f"<U+{ord(found.group()):04X}>", text)


def tip(text: str) -> str:
    """A tooltip that shows `text` as it stands. Tooltips guess whether they are given markup."""
    return f"<qt>{html.escape(text)}</qt>".replace("\n", "<br>")


def number(count: int) -> str:
    """A number with the separators of the person's language."""
    return QLocale().toString(count)


def files(count: int) -> str:
    return tr("1 file") if count == 1 else tr("{n} files").format(n=number(count))


def documents(count: int) -> str:
    return tr("1 document") if count == 1 else tr("{n} documents").format(n=number(count))


def answers(count: int) -> str:
    return tr("1 answer") if count == 1 else tr("{n} answers").format(n=number(count))


def pages(count: int) -> str:
    return tr("1 page") if count == 1 else tr("{n} pages").format(n=number(count))


def error(code: str, params: Mapping[str, object]) -> str:
    """What happened and what to do, for an error as it travels in `Failed`."""
    template = texts.ERRORS.get(code, texts.ERRORS["unexpected"])
    values: defaultdict[str, object] = defaultdict(lambda: "–", params)
    sentences = (_translated(part).format_map(values) for part in (template.what, template.next))
    return plain(" ".join(sentences).strip())


def verdict(document: Document) -> tuple[str, str]:
    """(what it is, what to do) in whole sentences."""
    if document.verdict is None:
        return tr("Waiting to be read"), ""
    text = texts.VERDICTS[document.verdict]
    return _translated(text.what), _translated(text.next) if text.next else ""


def found_by(document: Document) -> str:
    """The language of a document and how it is found: "German; found by its words only".

    The search model that comes with RagDesk knows English. It helps to order what is in another
    language, but does not find it by meaning.
    """
    code = document.lang
    if code not in ("", "en") and document.model != LANGUAGES_MODEL:
        how = tr("found by its words only")
    elif document.found_by == "meaning":
        how = tr("found by words and meaning")
    else:
        how = tr("found by its words, soon by meaning too")
    if not code:
        return how[:1].upper() + how[1:]
    return f"{_translated(texts.LANGUAGES.get(code, code))}; {how}"


def gap(page: int, reason: str) -> str:
    """One gap, as in "Page 3 could not be read"."""
    what = _translated(texts.GAPS.get(reason, reason))
    sentence = tr("page {page} {what}").format(page=page, what=what) if page else what
    return sentence[:1].upper() + sentence[1:]


def state(placed: PlacedDocument) -> tuple[str, str, str]:
    """(words, icon, colour) for where a document stands."""
    document = placed.document
    if placed.place.state == "queued":
        words = tr("Waiting") if document is None else tr("Waiting to be read again")
        return words, "waiting", "muted"
    if document is None or document.verdict is None:
        return tr("Waiting"), "waiting", "muted"
    words, picture, role = _STATES[document.verdict]
    return tr(words), picture, role


def kind(document: Document | None, name: str) -> tuple[str, str]:
    """(what kind of file it is, its icon)."""
    ending = name.rpartition(".")[2].lower() if "." in name else ""
    code = document.kind if document is not None and document.kind else ending
    if code in _KINDS:
        words, picture = _KINDS[code]
        return tr(words), picture
    return tr("Other"), "file"


def duration(seconds: float) -> str:
    """A time that can be believed: "about 3 minutes"."""
    if seconds < 45:
        return tr("less than a minute")
    minutes = max(1, round(seconds / 60))
    if minutes == 1:
        return tr("about a minute")
    if minutes < 60:
        return tr("about {n} minutes").format(n=minutes)
    hours = round(minutes / 60)
    return tr("about an hour") if hours == 1 else tr("about {n} hours").format(n=hours)


def size(size_bytes: int) -> str:
    return QLocale().formattedDataSize(
        size_bytes, 1, QLocale.DataSizeFormat.DataSizeTraditionalFormat
    )


def day(at: float) -> str:
    """When something happened, as short as it can be told: the time today, else the date."""
    moment = QDateTime.fromSecsSinceEpoch(int(at))
    today = QDateTime.fromSecsSinceEpoch(int(time.time())).date()
    locale = QLocale()
    short = QLocale.FormatType.ShortFormat
    if moment.date() == today:
        return tr("Today {time}").format(time=locale.toString(moment.time(), short))
    if moment.date() == today.addDays(-1):
        return tr("Yesterday {time}").format(time=locale.toString(moment.time(), short))
    return locale.toString(moment.date(), "d MMM yyyy")


def job(event: JobChanged) -> str:
    """A job's progress in words: "Reading 112 of 430 files · about 3 minutes"."""
    what = _job_words(event)
    if event.state == JobState.PAUSED:
        return tr("{what} · paused").format(what=what)
    if event.state == JobState.QUEUED:
        return tr("{what} · waiting").format(what=what)
    if event.kind == JobKind.BUILD and event.left is not None:  # it counts by itself what is left
        return f"{what} · {duration(event.left)}"
    if event.left is None or event.done >= event.total:
        return what
    if event.kind == JobKind.EMBED:
        return tr("Can be asked already; gets better in {time}").format(time=duration(event.left))
    return f"{what} · {duration(event.left)}"


def _job_words(event: JobChanged) -> str:
    if event.kind == JobKind.EMBED:
        if not event.total:
            return tr("Can be asked already; gets better soon")
        share = number(round(100 * event.done / event.total))
        return tr("Can be asked already; getting better, {share} % done").format(share=share)
    if event.kind == JobKind.INDEX:
        return tr("Putting the library in order")
    if event.kind == JobKind.FETCH:
        name = plain(event.label.partition("/")[2] or event.label)
        if event.total <= 1:
            return tr("Getting the language model {name}").format(name=name)
        return tr("Getting the language model {name}: {done} of {total} MB").format(
            name=name, done=number(event.done // 1_000_000), total=number(event.total // 1_000_000)
        )
    if event.kind == JobKind.ENTRANCE:
        name = plain(event.label.partition("/")[2] or event.label)
        if event.total <= 1:
            return tr("Trying out the language model {name}").format(name=name)
        return tr("Trying out the language model {name}: {done} of {total} questions").format(
            name=name, done=number(event.done), total=number(event.total)
        )
    if event.kind == JobKind.BUILD:
        return tr("Building the assistant {name}").format(name=plain(event.label))
    if not event.total:
        return (
            tr("Looking at {name}").format(name=plain(event.label))
            if event.label
            else tr("Looking for files")
        )
    if event.total == 1 and event.label:
        return tr("Reading {name}").format(name=plain(event.label))
    return tr("Reading {done} of {total}").format(done=number(event.done), total=files(event.total))


def _translated(text: str) -> str:
    return QCoreApplication.translate("texts", text)


def setting(text: str) -> str:
    """A label or sentence of `ragdesk.settings`, translated."""
    return QCoreApplication.translate("settings", text)
