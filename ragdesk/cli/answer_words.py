"""An answer as the terminal prints it: short first, then its text, how sure, and where it stands."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence

from ..domain.conversation import Answer, Citation, Hit
from ..domain.document import Span
from ..domain.excerpt import excerpt
from ..services.match import stem, terms
from ..texts import SLIDE, differ_sentence, is_weak, place_template, strength_sentence
from .output import WIDTH, wrap

MOST_NEAREST = 3  # places that a refusal shows
LONGEST_HEADING = 60  # characters
_STEP = " › "  # between the headings of a passage's context

PageName = Callable[[str, int], str]
"""(document id, page) → what the document itself calls the page, "" where it has no name for it."""


def answer_words(answer: Answer, question: str, page_name: PageName) -> str:
    """An answer for the terminal."""
    weak = is_weak(answer.strength)
    first = _short_words(answer) if not weak else ""
    lines = [f"{first}\n"] if first else []
    lines.append(wrap(answer.text, "  "))
    if weak and answer.kind == "list":  # too weak to stand in front
        lines.append(_short_words(answer))
    if answer.refused:
        lines += _nearest_lines(answer, question, page_name)
    else:
        lines.append(f"  {strength_sentence(answer.strength)}.")
        lines += _source_lines(answer, page_name)
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
