"""What Word's styles and numbering make of a paragraph: heading, list item, and its shown number."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .ooxml import attribute, child, children, local

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_HEADING = re.compile(r"heading (\d)$", re.IGNORECASE)
_MAX_LEVEL = 9


@dataclass(frozen=True, slots=True)
class Style:
    """What a paragraph's style says: `level` is a heading's depth from 1, else 0."""

    title: bool = False
    level: int = 0
    list_item: bool = False
    numbering: tuple[str, int] | None = None  # list and level within it


class Styles:
    """The paragraph styles of a document."""

    def __init__(self, root: Element | None) -> None:
        self._elements = {
            attribute(element, "styleId") or "": element
            for element in children(root)
            if local(element) == "style"
        }

    def of(self, properties: Element | None) -> Style:
        """The style of a paragraph with these properties, its own overrides included."""
        title = list_item = False
        level: int | None = _outline(properties)
        numbering = _list_of(properties)
        for element in self._chain(attribute(child(properties, "pStyle"), "val")):
            name = (attribute(child(element, "name"), "val") or "").lower()
            title = title or name == "title"
            list_item = list_item or name.startswith("list ")
            if level is None and (heading := _HEADING.match(name)):
                level = int(heading.group(1))
            own = child(element, "pPr")
            level = _outline(own) if level is None else level
            numbering = numbering or _list_of(own)
        return Style(title, level or 0, list_item, numbering)

    def _chain(self, style: str | None) -> Iterator[Element]:
        """A style and those it is based on."""
        seen: set[str] = set()
        while style and style not in seen and style in self._elements:
            seen.add(style)
            yield self._elements[style]
            style = attribute(child(self._elements[style], "basedOn"), "val")


def _outline(properties: Element | None) -> int | None:
    value = attribute(child(properties, "outlineLvl"), "val")
    if value is None or not value.isdecimal():
        return None
    return int(value) + 1 if int(value) < _MAX_LEVEL else 0


def _list_of(properties: Element | None) -> tuple[str, int] | None:
    numbering = child(properties, "numPr")
    number = attribute(child(numbering, "numId"), "val")
    if number is None:
        return None
    level = attribute(child(numbering, "ilvl"), "val") or "0"
    return number, int(level) if level.isdecimal() else 0


@dataclass(frozen=True, slots=True)
class _Level:
    form: str
    text: str
    start: int


class Numbering:
    """Counts list items as Word does, so that "4.2" stands in the text as it stands on paper."""

    def __init__(self, root: Element | None) -> None:
        abstract = {
            attribute(element, "abstractNumId") or "": element
            for element in children(root)
            if local(element) == "abstractNum"
        }
        self._levels: dict[str, dict[int, _Level]] = {}
        self._counters: dict[str, dict[int, int]] = {}
        self._shared: dict[str, str] = {}
        for element in children(root):
            if local(element) != "num":
                continue
            number = attribute(element, "numId") or ""
            base = attribute(child(element, "abstractNumId"), "val") or ""
            levels = _levels(abstract.get(base))
            overrides = [e for e in children(element) if local(e) == "lvlOverride"]
            for override in overrides:
                levels.update(_levels(override))
            self._levels[number] = levels
            # Lists of one kind go on counting where the last one stopped, unless they start anew.
            self._shared[number] = number if overrides else f"abstract {base}"

    def label(self, properties: Element | None, style: Style) -> str:
        """The number or bullet before a paragraph, "" when it is in no list; counts it."""
        place = _list_of(properties) or style.numbering
        if place is None or place[0] == "0":
            return ""
        number, depth = place
        levels = self._levels.get(number, {})
        level = levels.get(depth)
        if level is None or level.form == "bullet":
            return "•" if level else ""
        counters = self._counters.setdefault(self._shared[number], {})
        counters[depth] = counters.get(depth, level.start - 1) + 1
        for deeper in [d for d in counters if d > depth]:
            del counters[deeper]
        if level.form == "none":
            return ""
        return re.sub(r"%(\d)", lambda m: self._shown(levels, counters, int(m[1]) - 1), level.text)

    @staticmethod
    def _shown(levels: dict[int, _Level], counters: dict[int, int], depth: int) -> str:
        level = levels.get(depth)
        if level is None:
            return ""
        return _written(counters.get(depth, level.start), level.form)


def _levels(parent: Element | None) -> dict[int, _Level]:
    levels: dict[int, _Level] = {}
    for element in children(parent):
        depth = attribute(element, "ilvl") or ""
        if local(element) != "lvl" or not depth.isdecimal():
            continue
        start = attribute(child(element, "start"), "val") or "1"
        levels[int(depth)] = _Level(
            attribute(child(element, "numFmt"), "val") or "decimal",
            attribute(child(element, "lvlText"), "val") or "",
            int(start) if start.isdecimal() else 1,
        )
    return levels


def _written(number: int, form: str) -> str:
    if form in ("lowerLetter", "upperLetter") and number > 0:
        letter = chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)
        return letter.upper() if form == "upperLetter" else letter
    if form in ("lowerRoman", "upperRoman"):
        roman = _roman(number)
        return roman.upper() if form == "upperRoman" else roman
    return f"{number:02}" if form == "decimalZero" else str(number)


def _roman(number: int) -> str:
    values = (1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1)
    signs = ("m", "cm", "d", "cd", "c", "xc", "l", "xl", "x", "ix", "v", "iv", "i")
    if not 0 < number < 4000:
        return str(number)
    parts = []
    for value, sign in zip(values, signs, strict=True):
        count, number = divmod(number, value)
        parts.append(sign * count)
    return "".join(parts)
