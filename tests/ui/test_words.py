from __future__ import annotations

import dataclasses
import time

import pytest

from ragdesk import texts
from ragdesk.domain.document import Document, Place, PlacedDocument, Verdict
from ragdesk.errors import RagDeskError
from ragdesk.messages import JobChanged
from ragdesk.services import language
from ragdesk.services.small_words import SMALL_WORDS
from ragdesk.settings import LANGUAGES_MODEL, MODEL_NAME
from ragdesk.ui import words
from ragdesk.ui.words import _STATES


def every_error() -> list[type[RagDeskError]]:
    found = [RagDeskError]
    for error in found:
        found += error.__subclasses__()
    return found


@pytest.mark.parametrize("error", every_error(), ids=lambda error: str(error.__name__))
def test_an_error_reads_as_in_the_terminal(error: type[RagDeskError]) -> None:
    assert words.error(error.code, {"home": "/h"}) == texts.fill(error.code, {"home": "/h"})


def test_an_unknown_error_has_a_sentence_too() -> None:
    assert words.error("no_such_code", {"what": "x"}).startswith("Something went wrong")


def test_every_verdict_has_its_short_word() -> None:
    assert set(_STATES) == set(Verdict)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("invoice\u202efdp.exe", "invoice<U+202E>fdp.exe"),
        ("a\u200bb\u2066c.txt", "a<U+200B>b<U+2066>c.txt"),
        ("line\nbreak\tand\x00", "line<U+000A>break<U+0009>and<U+0000>"),
        ("Übersicht (2).pdf", "Übersicht (2).pdf"),
        ("عقد.pdf", "عقد.pdf"),
    ],
)
def test_what_cannot_be_seen_is_written_out(name: str, shown: str) -> None:
    assert words.plain(name) == shown


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (3, "less than a minute"),
        (50, "about a minute"),
        (180, "about 3 minutes"),
        (3500, "about 58 minutes"),
        (3600, "about an hour"),
        (7300, "about 2 hours"),
    ],
)
def test_durations(seconds: float, said: str) -> None:
    assert words.duration(seconds) == said


@pytest.mark.parametrize(
    ("event", "said"),
    [
        (JobChanged(1, "add", "running", "firm", 112, 430, 4.0, 180.0),
         "Reading 112 of 430 files · about 3 minutes"),
        (JobChanged(1, "add", "running", "Lease.pdf", 0, 1), "Reading Lease.pdf"),
        (JobChanged(1, "add", "running", "firm", 0, 0), "Looking at firm"),
        (JobChanged(1, "add", "paused", "firm", 12, 430), "Reading 12 of 430 files · paused"),
        (JobChanged(1, "add", "queued", "", 0, 0), "Looking for files · waiting"),
        (JobChanged(2, "embed", "running", "", 10, 100, 1.0, 120.0),
         "Can be asked already; gets better in about 2 minutes"),
        (JobChanged(2, "embed", "running", "", 10, 100), "Can be asked already; getting better, 10 % done"),
        (JobChanged(3, "index", "running", "", 0, 0), "Putting the library in order"),
    ],
)  # fmt: skip
def test_jobs_in_words(event: JobChanged, said: str) -> None:
    assert words.job(event) == said


def test_state_of_a_place_that_waits_again() -> None:
    place = Place(1, "c", "a.pdf", "/a.pdf", "d", "queued", 1, 1, 1.0)
    document = Document("d", "pdf", "A", Verdict.READY)
    assert words.state(PlacedDocument(place, document))[0] == "Waiting to be read again"
    assert words.state(PlacedDocument(place, None))[0] == "Waiting"
    read = dataclasses.replace(place, state="read")
    assert words.state(PlacedDocument(read, document))[0] == "Ready"


def test_days() -> None:
    now = time.time()
    assert words.day(now).startswith("Today ")
    assert words.day(now - 86_400).startswith("Yesterday ")
    assert words.day(1_700_000_000) == "14 Nov 2023"


def test_gaps() -> None:
    assert words.gap(3, "page_damaged") == "Page 3 could not be read"
    assert words.gap(0, "attachment") == "An attachment was not read"


def test_a_kind_that_is_not_read_is_no_odd_ending() -> None:
    assert words.kind(None, "setup.crdownload")[0] == "Other"
    assert words.kind(None, "Lease.PDF")[0] == "PDF"


@pytest.mark.parametrize(
    ("lang", "model", "embedded", "said"),
    [
        ("de", MODEL_NAME, 3, "German; found by its words only"),
        ("de", "", 0, "German; found by its words only"),
        ("de", LANGUAGES_MODEL, 3, "German; found by words and meaning"),
        ("de", LANGUAGES_MODEL, 2, "German; found by its words, soon by meaning too"),
        ("en", MODEL_NAME, 3, "English; found by words and meaning"),
        ("", "", 0, "Found by its words, soon by meaning too"),
    ],
)
def test_a_document_tells_its_language_and_how_it_is_found(
    lang: str, model: str, embedded: int, said: str
) -> None:
    document = Document("d", "pdf", "A", Verdict.READY, passages=3, embedded=embedded)
    assert words.found_by(dataclasses.replace(document, lang=lang, model=model)) == said


def test_every_language_that_is_told_has_a_name() -> None:
    scripts = set(language._BY_SCRIPT.values())
    assert texts.LANGUAGES.keys() >= SMALL_WORDS.keys() | scripts | {"ja", "zh"}
