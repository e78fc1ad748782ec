"""PowerPoint: a page a slide, its shapes as the eye goes over them, tables, then the notes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ragdesk.domain.document import BlockKind, Page, Reading, Verdict

from . import titles
from .build import PageBuilder
from .limits import DamagedError
from .ooxml import Package, Related, attribute, child, children, local
from .tables import header_count

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_BAND = 360_000  # EMU, a centimetre: shapes that begin within it stand side by side
_TITLES = ("title", "ctrTitle")
_NOT_CONTENT = ("sldNum", "dt", "ftr", "hdr", "sldImg")
_DEPTH = 40


class SlidesParser:
    """PowerPoint presentations (PPTX)."""

    kinds: tuple[str, ...] = ("pptx",)

    def parse(self, path: Path, password: str | None) -> Iterator[Page | Reading]:
        package = Package(path, password)
        try:
            yield from _Presentation(path, package).run()
        finally:
            package.close()


@dataclass(slots=True)
class _Shape:
    """A shape that says something, and where it stands on the slide (EMU)."""

    element: Element
    left: float
    top: float
    title: bool = False


class _Presentation:
    def __init__(self, path: Path, package: Package) -> None:
        self._path = path
        self._package = package
        main = package.main("ppt/presentation.xml")
        root = package.xml(main)
        related = package.related(main)
        self._slides = [
            related[identity].part
            for slide in children(child(root, "sldIdLst"))
            if (identity := attribute(slide, "id") or "") in related
        ] or [relation.part for relation in related.values() if relation.kind == "slide"]
        self._places: dict[str, dict[str, tuple[float, float]]] = {}

    def run(self) -> Iterator[Page | Reading]:
        gaps: list[tuple[int, str]] = []
        filled, title = 0, ""
        for number, part in enumerate(self._slides, 1):
            builder = PageBuilder(number)
            try:
                self._read(part, builder)
            except DamagedError:
                gaps.append((number, "page_damaged"))
            builder.name = builder.first(BlockKind.TITLE, BlockKind.HEADING)
            filled += not builder.empty
            title = title or builder.name
            yield builder.page()
        pages = len(self._slides)
        if not filled:
            verdict = Verdict.DAMAGED if gaps else Verdict.NO_TEXT if pages else Verdict.EMPTY
            yield Reading(verdict, "pptx", paged=True, pages=pages)
            return
        name = titles.choose(self._path, self._package.title(), title)
        verdict = Verdict.READY_WITH_GAPS if gaps else Verdict.READY
        yield Reading(verdict, "pptx", name, paged=True, pages=pages, gaps=tuple(gaps))

    def _read(self, part: str, builder: PageBuilder) -> None:
        tree = child(self._package.xml(part), "cSld", "spTree")
        related = self._package.related(part)
        layout = next((r.part for r in related.values() if r.kind == "slideLayout"), "")
        shapes = list(self._shapes(tree, self._layout(layout), (0.0, 0.0, 1.0, 1.0)))
        for shape in _as_seen(shapes):
            if shape.title:
                kind = BlockKind.TITLE if builder.number == 1 else BlockKind.HEADING
                words = " ".join(text for text, _ in _paragraphs(child(shape.element, "txBody")))
                builder.add(kind, words, 0 if kind is BlockKind.TITLE else 1)
            else:
                self._shape(shape.element, builder, related)
        notes = next((r.part for r in related.values() if r.kind == "notesSlide"), "")
        if notes:
            self._notes(notes, builder)

    def _notes(self, part: str, builder: PageBuilder) -> None:
        root = self._package.optional(part)
        for shape in self._shapes(child(root, "cSld", "spTree"), {}, (0.0, 0.0, 1.0, 1.0)):
            for text, _ in _paragraphs(child(shape.element, "txBody")):
                builder.add(BlockKind.PARAGRAPH, text)

    def _layout(self, part: str) -> dict[str, tuple[float, float]]:
        """Where the layout puts its placeholders, by their number and by their kind."""
        if part not in self._places:
            places: dict[str, tuple[float, float]] = {}
            root = self._package.optional(part) if part else None
            for shape in children(child(root, "cSld", "spTree")):
                offset = _offset(shape)
                kind, number = _placeholder(shape)
                if offset and kind is not None:
                    places.setdefault(f"kind {kind}", offset)
                    places[f"number {number}"] = offset
            self._places[part] = places
        return self._places[part]

    def _shapes(
        self,
        parent: Element | None,
        layout: dict[str, tuple[float, float]],
        frame: tuple[float, float, float, float],
        depth: int = 0,
    ) -> Iterator[_Shape]:
        """Shapes in the file's order; `frame` places those of a group: offset, then scale."""
        for element in children(parent):
            name = local(element)
            if name == "AlternateContent":
                yield from self._shapes(child(element, "Choice"), layout, frame, depth + 1)
            elif name == "grpSp" and depth < _DEPTH:
                yield from self._shapes(element, layout, _group_frame(element, frame), depth + 1)
            elif name in ("sp", "graphicFrame", "cxnSp"):
                kind, number = _placeholder(element)
                if kind in _NOT_CONTENT:
                    continue
                place = layout.get(f"number {number}") or layout.get(f"kind {kind}") or (0.0, 0.0)
                left, top = _offset(element) or place
                x, y, across, down = frame
                yield _Shape(element, x + left * across, y + top * down, kind in _TITLES)

    def _shape(self, element: Element, builder: PageBuilder, related: dict[str, Related]) -> None:
        table = child(element, "graphic", "graphicData", "tbl")
        if table is not None:
            _table(table, builder)
            return
        data = child(element, "graphic", "graphicData", "relIds")
        if data is not None:  # a drawing made of words
            relation = related.get(attribute(data, "dm") or "")
            root = self._package.optional(relation.part) if relation else None
            for body in root.iter("{*}t") if root is not None else ():
                for text, _ in _paragraphs(body):
                    builder.add(BlockKind.PARAGRAPH, text)
            return
        for text, item in _paragraphs(child(element, "txBody")):
            builder.add(BlockKind.LIST_ITEM if item else BlockKind.PARAGRAPH, text)


def _as_seen(shapes: list[_Shape]) -> list[_Shape]:
    """Titles first, then in bands from top to bottom, within a band from left to right."""
    ordered = [shape for shape in shapes if shape.title]
    band: list[_Shape] = []
    for shape in sorted((s for s in shapes if not s.title), key=lambda s: s.top):
        if band and shape.top - band[0].top > _BAND:
            ordered += sorted(band, key=lambda s: s.left)
            band = []
        band.append(shape)
    return ordered + sorted(band, key=lambda s: s.left)


def _placeholder(shape: Element) -> tuple[str | None, str]:
    """Kind and number of a placeholder; (None, "") for other shapes."""
    for properties in children(shape):
        if local(properties).startswith("nv"):
            place = child(properties, "nvPr", "ph")
            if place is not None:
                return attribute(place, "type") or "body", attribute(place, "idx") or ""
    return None, ""


def _transform(shape: Element) -> Element | None:
    return (
        child(shape, "xfrm")
        if child(shape, "xfrm") is not None
        else (
            child(shape, "spPr", "xfrm")
            if child(shape, "spPr", "xfrm") is not None
            else child(shape, "grpSpPr", "xfrm")
        )
    )


def _pair(element: Element | None, first: str, second: str) -> tuple[float, float] | None:
    one, other = attribute(element, first), attribute(element, second)
    try:
        return float(one or ""), float(other or "")
    except ValueError:
        return None


def _offset(shape: Element) -> tuple[float, float] | None:
    return _pair(child(_transform(shape), "off"), "x", "y")


def _group_frame(
    group: Element, frame: tuple[float, float, float, float]
) -> tuple[float, float, float, float]:
    """Offset and scale from the group's own measure to the slide's."""
    transform = _transform(group)
    offset = _pair(child(transform, "off"), "x", "y")
    size = _pair(child(transform, "ext"), "cx", "cy")
    inner = _pair(child(transform, "chOff"), "x", "y")
    extent = _pair(child(transform, "chExt"), "cx", "cy")
    if not (offset and size and inner and extent and all(extent)):
        return frame
    x, y, across, down = frame
    wide, high = size[0] / extent[0], size[1] / extent[1]
    return (
        x + (offset[0] - inner[0] * wide) * across,
        y + (offset[1] - inner[1] * high) * down,
        across * wide,
        down * high,
    )


def _paragraphs(body: Element | None) -> Iterator[tuple[str, bool]]:
    """Paragraphs of a text body, and whether each is an item of a list."""
    for paragraph in children(body):
        if local(paragraph) != "p":
            continue
        parts: list[str] = []
        for part in children(paragraph):
            if local(part) in ("r", "fld"):
                parts.extend(t.text or "" for t in children(part) if local(t) == "t")
            elif local(part) == "br":
                parts.append("\n")
        text = "".join(parts).strip()
        if text:
            properties = child(paragraph, "pPr")
            bullet = child(properties, "buChar") is not None
            bullet = bullet or child(properties, "buAutoNum") is not None
            yield text, bullet or (attribute(properties, "lvl") or "0") != "0"


def _table(table: Element, builder: PageBuilder) -> None:
    rows = [
        [
            " ".join(text for text, _ in _paragraphs(child(cell, "txBody")))
            for cell in children(row)
            if local(cell) == "tc"
        ]
        for row in children(table)
        if local(row) == "tr"
    ]
    header = header_count(rows)
    for number, row in enumerate(rows):
        builder.add_row(row, header=number < header)
