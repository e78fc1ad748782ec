"""An answer as paragraphs: the short answer first, the sentence under it, then what else bears on it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ...domain.conversation import Answer, Citation, Hit
from ...texts import is_weak
from . import answer_texts
from .marker_view import Doubted, Emphasis, Link, Part, Style
from .place_names import PlaceNames
from .very_words import very_words

Paragraph = tuple[Style, list[Part]]

SHORT = Style(22, strong=True)
LONG_SHORT = Style(16, strong=True)
ITEM = Style(15, strong=True, above=4, indent=18, hang=14)
LONG_ITEM = Style(14, above=6, indent=18, hang=14)
LEAD = Style(17, above=2)
HEAD = Style(17, strong=True)
QUOTE = Style(15, above=10)
ALSO = Style(13, above=8)
PROSE = Style(15, above=6)
SECTION = Style(12, strong=True, colour="muted", above=14)
MUTED = Style(12, colour="muted", above=2)

LONGEST_SHORT = 60  # characters of a short answer that is set large
LONGEST_ITEM = 70  # characters of an item that is set like a short answer
MOST_ITEM = 200  # characters of an item; all of it stands in its document
MOST_NEAREST = 3
MOST_SNIPPET = 180  # characters of a passage that only comes near
QUOTING = "quote"  # the answerer whose sentences are the documents' own
_BULLET = re.compile(r"\A\s*[-–•*·]\s+")  # in front of a sentence that is an item of a list


def has_values(answer: Answer) -> bool:
    """Whether documents differ, and surely enough for their values to be shown side by side."""
    return answer.kind == "values" and len(answer.values) > 1 and not is_weak(answer.strength)


def paragraphs(answer: Answer, names: PlaceNames) -> list[Paragraph]:
    """What a card shows of an answer, apart from values side by side."""
    if answer.refused:
        return _refused(answer, names)
    numbers = [citation.number for citation in answer.citations]
    shown = _headline(answer, numbers)
    if answer.answerer == QUOTING and answer.sentences:
        return shown + _quoted(answer, names, leads=not shown and not has_values(answer))
    shown += _prose(answer, numbers)
    places: dict[str, int] = {}
    for citation in answer.citations:
        places.setdefault(names.of(citation), citation.number)
    return shown + [(MUTED, [Link(place, number)]) for place, number in places.items()]


def _headline(answer: Answer, numbers: Sequence[int]) -> list[Paragraph]:
    """The short answer, or the items of a list, where the evidence carries words that large."""
    if is_weak(answer.strength) or has_values(answer):
        return []
    if answer.kind == "list" and answer.items:
        return _items(answer, numbers, ITEM)
    words = answer_texts.short(answer)
    if not words:
        return []
    style = SHORT if len(words) <= LONGEST_SHORT else LONG_SHORT
    return [(style, [Link(words, numbers[0]) if numbers else words])]


def _items(answer: Answer, numbers: Sequence[int], style: Style) -> list[Paragraph]:
    """A list, each item with its marker; one for all stands on the sentence of the list."""
    several = len({item.number for item in answer.items}) > 1
    if any(len(item.text) > LONGEST_ITEM for item in answer.items):
        style = LONG_ITEM
    shown: list[Paragraph] = []
    for item in answer.items:
        known = item.number in numbers
        text = _cut(item.text, MOST_ITEM)
        parts: list[Part] = ["•  ", Link(text, item.number) if known else text]
        shown.append((style, [*parts, item.number] if several and known else parts))
    return shown


def _quoted(answer: Answer, names: PlaceNames, *, leads: bool) -> list[Paragraph]:
    """The sentence that answers, then what else bears on it, each with where it stands."""
    by_number = {c.number: c for c in answer.citations}
    shown: list[Paragraph] = []
    beside = {value.number for value in answer.values} if has_values(answer) else set()
    told = next((n for n, s in enumerate(answer.sentences) if not beside & {*s.numbers}), -1)
    for position, sentence in enumerate(answer.sentences):
        if position == (told if beside else 1):
            shown.append((SECTION, [answer_texts.tr("Also")]))
        style = (LEAD if leads else QUOTE) if position == 0 and not beside else ALSO
        cited = [by_number[number] for number in sentence.numbers if number in by_number]
        text = _BULLET.sub("", answer_texts.without_markers(sentence.text, list(by_number)))
        answers = position == 0 or bool(beside & {*sentence.numbers})
        words = _emphasised(text, cited, answer) if answers else [text]
        shown.append((style, ["“", *words, "”", *[c.number for c in cited]]))
        places: dict[str, int] = {}
        for citation in cited:  # a list goes over several passages of one document
            places.setdefault(names.of(citation), citation.number)
        shown += [(MUTED, [Link(place, number)]) for place, number in places.items()]
        if leads and position == 0 and answer.kind == "list":  # too weak to stand in front
            shown += _items(answer, list(by_number), LONG_ITEM)
    return shown


def _emphasised(text: str, cited: Sequence[Citation], answer: Answer) -> list[Part]:
    """A sentence with the very words in it: those its citation marks, else those of the answer."""
    stretches = [stretch for citation in cited[:1] for stretch in very_words(text, citation)]
    if not stretches and answer.short and answer.kind not in ("yes", "no"):
        at = text.find(answer.short)
        stretches = [(at, at + len(answer.short))] if at >= 0 else []
    parts: list[Part] = []
    done = 0
    for start, end in stretches:
        if start >= done:
            parts += [text[done:start], Emphasis(text[start:end])]
            done = end
    return [part for part in (*parts, text[done:]) if part]


def _prose(answer: Answer, numbers: Sequence[int]) -> list[Paragraph]:
    """What was written, each sentence that is not borne out marked where it stands."""
    doubted = _doubted(answer)
    shown: list[Paragraph] = []
    at = 0
    for line in answer.text.split("\n"):
        end = at + len(line)
        parts: list[Part] = []
        for start, stop, hint in doubted:
            if at <= start and stop <= end:
                parts += answer_texts.pieces(answer.text[at:start], numbers)
                parts.append(Doubted(answer.text[start:stop], hint))
                at = stop
        parts += answer_texts.pieces(answer.text[at:end], numbers)
        if line.strip():
            shown.append((PROSE, parts))
        at = end + 1
    return shown


def _doubted(answer: Answer) -> list[tuple[int, int, str]]:
    """(start, end, what is doubtful) of the sentences in the text that are not borne out."""
    found = []
    at = 0
    for sentence in answer.sentences:
        whole = sentence.text + "".join(f" [{number}]" for number in sentence.numbers)
        start = answer.text.find(whole, at)
        if start < 0:
            continue
        if not sentence.supported:
            found.append((start, start + len(sentence.text), answer_texts.hint(sentence)))
        at = start + len(whole)
    return found


def _refused(answer: Answer, names: PlaceNames) -> list[Paragraph]:
    shown: list[Paragraph] = [
        (HEAD, [answer_texts.refusal_title()]),
        (PROSE, [answer_texts.refusal_reason(answer)]),
    ]
    if answer.nearest:
        shown.append((SECTION, [answer_texts.tr("What comes nearest")]))
    for number, hit in enumerate(answer.nearest[:MOST_NEAREST], 1):
        shown.append((ALSO, [f"“{snippet(hit)}”", number]))
        shown.append((MUTED, [Link(names.of(hit), number)]))
    return shown


def snippet(hit: Hit) -> str:
    """The beginning of a passage, on one line."""
    return _cut(" ".join(hit.quote.split()), MOST_SNIPPET)


def _cut(text: str, most: int) -> str:
    if len(text) <= most:
        return text
    return text[:most].rsplit(" ", 1)[0].rstrip(" ,;.") + " …"
