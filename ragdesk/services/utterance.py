"""A written answer taken apart: its sentences, each with the markers that stand on it. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from .arrive import MARKER
from .mend import sentence_bounds

_BULLET = re.compile(r"^\s*(?:[-*•]|\d{1,2}[.)])\s+|^#+\s+|^>\s*")
_EMPHASIS = re.compile(r"\*\*(.+?)\*\*|__(.+?)__|(?<!\w)\*(?=\S)(.+?)(?<=\S)\*(?!\w)|`([^`]+)`")
_VERDICT = re.compile(
    r"(?:(?P<yes>yes|ja|oui|sí|si|sì|sim)|(?P<no>no|nein|nee|non|não))\s*(?:[,.;:!–—-]|$)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Written:
    """A sentence without its markers, their numbers, and the line (from 0) that it stands on.

    `bullet` is what stands in front of it in a list.
    """

    text: str
    numbers: tuple[int, ...]
    line: int = 0
    bullet: str = ""


def sentences_of(text: str) -> list[Written]:
    """The sentences in order. A marker belongs to the sentence that it stands in or behind.

    Where a line begins with a marker and does not end with one, it belongs to what follows it.
    """
    found: list[Written] = []
    waiting: tuple[int, ...] = ()  # markers on a line of their own in front of all text
    for number, line in enumerate(text.split("\n")):
        bullet = _BULLET.match(line)
        body = line[bullet.end() :] if bullet else line
        body = _EMPHASIS.sub(lambda match: next(g for g in match.groups() if g), body)
        if not MARKER.sub("", body).strip(" .,;"):
            alone = tuple(int(marker) for marker in MARKER.findall(body))
            if found:
                found[-1] = replace(found[-1], numbers=_both(found[-1].numbers, alone))
            else:
                waiting += alone
            continue
        for at, (sentence, numbers) in enumerate(_of_line(body)):
            mark = bullet.group() if bullet and not at else ""
            found.append(Written(sentence, _both(waiting, numbers), number, mark))
            waiting = ()
    return found


def verdict(sentence: str) -> str:
    """ "yes" or "no" where a sentence begins with it in one of some languages, else ""."""
    found = _VERDICT.match(sentence)
    return "" if found is None else "yes" if found["yes"] else "no"


def text_of(sentences: Sequence[Written]) -> str:
    """The sentences as one text, each with its markers behind it, the lines as they were."""
    lines: dict[int, list[str]] = {}
    for one in sentences:
        markers = "".join(f" [{number}]" for number in one.numbers)
        lines.setdefault(one.line, []).append(f"{one.bullet}{one.text}{markers}")
    parts = []
    before: int | None = None
    for number, said in lines.items():
        if before is not None:
            parts.append("\n\n" if number > before + 1 else "\n")
        parts.append(" ".join(said))
        before = number
    return "".join(parts)


def _both(first: tuple[int, ...], second: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(dict.fromkeys((*first, *second)))


def _of_line(line: str) -> list[tuple[str, tuple[int, ...]]]:
    plain, markers = _without_markers(line)
    bounds = sentence_bounds(plain)
    leading = line.lstrip().startswith("[") and not MARKER.search(line.rstrip(" .")[-6:])
    numbers: list[list[int]] = [[] for _ in bounds]
    for at, number in markers:
        if leading:
            behind = [n for n, (_, end) in enumerate(bounds) if end > at]
            place = behind[0] if behind else len(bounds) - 1
        else:
            place = max(sum(start < at for start, _ in bounds) - 1, 0)
        if bounds and number not in numbers[place]:
            numbers[place].append(number)
    return [
        (plain[start:end], tuple(found))
        for (start, end), found in zip(bounds, numbers, strict=True)
    ]


def _without_markers(line: str) -> tuple[str, list[tuple[int, int]]]:
    """The line without markers, and (place in it, number) of each."""
    plain, places, end = "", [], 0
    for match in MARKER.finditer(line):
        plain += (
            line[end : match.start()].rstrip() if plain or end else line[: match.start()].rstrip()
        )
        places.append((len(plain), int(match[1])))
        end = match.end()
        if plain and end < len(line) and line[end].isalnum():
            plain += " "
    plain += line[end:] if plain else line[end:].lstrip()
    return plain.rstrip(), places
