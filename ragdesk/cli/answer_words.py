"""An answer as the terminal prints it: short first, then its text, how sure, and where it stands."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence

from ..domain.conversation import Answer, Citation, Hit
from ..domain.document import Span
from ..domain.excerpt import excerpt
from ..services.match import stem, terms
from ..texts import (
    SLIDE,
    differ_sentence,
    is_weak,
    place_template,
    right_of_ten,
    strength_sentence,
    why_not_written,
)
from .output import WIDTH, wrap

MOST_NEAREST = 3  # places that a refusal shows
LONGEST_HEADING = 60  # characters
_ENDS = {
    "stopped": "You stopped it here.",
    "length": "It was cut off here: the model has no room for more.",
    "lost": "The model stopped in the middle. What it had written is kept; ask again for all of it.",
}
_NOT_WRITTEN = "No answer was written, so here are your documents' own words."
# A strength is measured on quotes: of a written answer it says how good what was found is.
_FOUND = (
    "What was found answers in about {n} of 10 such cases; the words are the model's, so check them"
    " where they stand."
)
_STOPPED_EARLY = "Stopped before a word was written, so here are your documents' own words."
_OVERLOOKED = "The model found no answer, but your documents seem to have one. Their own words:"
_HARDLY = "The model answers, but your documents hardly support it. Check before you rely on it."
_NOT_SHOWN = "Not shown by the documents, so check before you rely on it:"
_DOUBTS = {  # by `Sentence.doubt`
    "number": "(a number in it stands in no place cited)",
    "name": "(a name in it stands in no place cited)",
    "date": "(a date in it stands in no place cited)",
    "words": "(the places cited say something else)",
    "uncited": "(it names no place)",
}
_STEP = " › "  # between the headings of a passage's context

PageName = Callable[[str, int], str]
"""(document id, page) → what the document itself calls the page, "" where it has no name for it."""


def answer_words(answer: Answer, question: str, page_name: PageName) -> str:
    """An answer for the terminal."""
    written = answer.answerer == "written"  # it begins with its short words by itself
    held = answer.kind == "list" and not answer.short  # then its text has the items already
    weak = is_weak(answer.strength)
    first = "" if written or weak or held else _short_words(answer)
    lines = [f"{wrap(note, '  ')}\n"] if (note := _warning(answer)) else []
    lines += [f"{first}\n"] if first else []
    lines.append(wrap(answer.text, "  "))
    if weak and answer.kind == "list" and not (held or written):  # too weak to stand in front
        lines.append(_short_words(answer))
    if answer.refused:
        lines += _nearest_lines(answer, question, page_name)
    else:
        if written and (end := _ENDS.get(answer.finish)):
            lines.append(wrap(end, "  "))
        lines.append(
            wrap(_FOUND.format(n=right_of_ten(answer.strength)), "  ")
            if written
            else f"  {strength_sentence(answer.strength)}."
        )
        lines += _source_lines(answer, page_name)
    if written:
        lines += _written_lines(answer)
    return "\n".join(lines)


def place_words(place: Citation | Hit, page_name: PageName, *, path: bool, heading: str) -> str:
    """As in "Lease.pdf, page 7", "Rates.xlsx, sheet Call-outs" or "Letter.docx, “2. Prices”"."""
    file = place.path if path else os.path.basename(place.path)
    if place.page is None:
        return f"{file}, “{heading}”" if heading else file
    name = page_name(place.document_id, place.page)
    template = place_template(file, name)
    return template.format(file=file, page=place.page if template == SLIDE else name or place.page)


def heading_of(hit: Hit) -> str:
    """The nearest heading above a passage; "" where only the document's title stands above it."""
    _, step, last = hit.context.rpartition(_STEP)
    if not step:
        return ""
    return last if len(last) <= LONGEST_HEADING else f"{last[:LONGEST_HEADING].rstrip()}…"


def _short_words(answer: Answer) -> str:
    """What stands first: the items of a list, values that differ, or the short answer."""
    if answer.kind == "list" and answer.items:
        return "\n".join(wrap(f"• {item.text} [{item.number}]", "  ") for item in answer.items)
    if answer.kind == "values" and answer.values:
        differ = differ_sentence(any(value.dated for value in answer.values))
        values = [
            wrap(f"{value.dated}: {value.text} [{value.number}]".removeprefix(": "), "  ")
            for value in answer.values
        ]
        return "\n".join([*values, f"  {differ}"])
    return wrap(answer.short or "", "  ")


def _warning(answer: Answer) -> str:
    """What stands in front: why an answer is not to be relied on, or why quotes stand for it."""
    if answer.trouble:
        return f"{_NOT_WRITTEN} {why_not_written(answer.trouble)}"
    if answer.answerer == "quote" and answer.finish == "stopped":
        return _STOPPED_EARLY
    return {"refused": _OVERLOOKED, "weak": _HARDLY}.get(answer.doubt, "")


def _written_lines(answer: Answer) -> list[str]:
    """What a person should know of a written answer before relying on it, and how it was made."""
    lines = []
    if doubtful := [one for one in answer.sentences if not one.supported]:
        lines += ["", wrap(_NOT_SHOWN, "  ")]
        lines += [
            wrap(f"“{one.text}” {_DOUBTS.get(one.doubt, '')}".strip(), "    ") for one in doubtful
        ]
    if parts := [step.text for step in answer.steps if step.kind in ("part", "reworded")]:
        lines += ["", "  Looked for:", *(wrap(part, "    ") for part in parts)]
    said = f"Written in {answer.seconds.total:.0f} seconds"
    if answer.words_a_second:
        said += (
            f", the first word after {answer.seconds.first_word:.1f};"
            f" {answer.words_a_second:.0f} words a second"
        )
    lines += ["", wrap(f"{said}.", "  ")]
    return [*lines, wrap(answer.cost, "  ")] if answer.cost else lines


def _nearest_lines(answer: Answer, question: str, page_name: PageName) -> list[str]:
    """The places nearest to a question that was refused, each once, with a line of its words."""
    words = [stem(word) for word in terms(question)]
    clash = _same_names(answer.nearest)
    places: dict[str, list[str]] = {}
    for hit in answer.nearest:
        place = place_words(hit, page_name, path=clash, heading=heading_of(hit))
        line = excerpt(hit.quote, words, WIDTH - 10)
        if (place in places or len(places) < MOST_NEAREST) and line not in places.get(place, []):
            places.setdefault(place, []).append(line)
    lines = []
    for place, found in places.items():
        lines += ["", f"  {place}", *(f"    “{line}”" for line in found)]
    return lines


def _source_lines(answer: Answer, page_name: PageName) -> list[str]:
    """Each place that the answer stands on once, behind all its markers."""
    clash = _same_names(answer.citations)
    places: dict[str, list[int]] = {}
    for citation in answer.citations:
        heading = _heading_above(citation, answer.nearest)
        place = place_words(citation, page_name, path=clash, heading=heading)
        places.setdefault(place, []).append(citation.number)
    return [
        f"  {' '.join(f'[{number}]' for number in numbers)} {place}"
        for place, numbers in places.items()
    ]


def _heading_above(citation: Citation, found: Sequence[Hit]) -> str:
    """The heading of the passage that was quoted, where it is among those found."""
    quoted = citation.spans[-1:]  # in front of a table's row its header may stand
    for hit in found:
        if hit.document_id == citation.document_id and any(
            _covers(span, part) for span in hit.spans for part in quoted
        ):
            return heading_of(hit)
    return ""


def _covers(span: Span, part: Span) -> bool:
    end = span.start + span.length
    return span.page == part.page and span.start <= part.start < end


def _same_names(places: Sequence[Citation | Hit]) -> bool:
    """Whether two documents bear the same name, so that it takes their folders to tell them apart."""
    documents = {place.document_id: os.path.basename(place.path) for place in places}
    return len(set(documents.values())) < len(documents)
