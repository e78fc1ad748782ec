"""Typesets a source as a PDF with reportlab: running heads, page numbers, outline, metadata.

The fonts are Source Sans Pro and Source Serif Pro (SIL Open Font License 1.1), from the packages
`font-source-sans-pro` and `font-source-serif-pro`; only the letters in use go into a file.
"""

import importlib
import re
from pathlib import Path
from typing import Any

from reportlab.lib.colors import HexColor
from reportlab.lib.enums import TA_JUSTIFY, TA_LEFT, TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import (
    BaseDocTemplate,
    Flowable,
    Frame,
    KeepTogether,
    ListFlowable,
    ListItem,
    NextPageTemplate,
    PageBreak,
    PageTemplate,
    Paragraph,
    Spacer,
    Table,
    TableStyle,
)

from .markup import Block, Source, plain

INK, MUTED, LINE, BAND = (HexColor(c) for c in ("#1E2226", "#5A6068", "#C9C4BA", "#F1EEE8"))
MARGIN = 24 * mm
SOFT_HYPHEN = "\u00ad"
# Safe places to break an English word; few, but enough for a narrow column to show hyphens.
BREAKS = re.compile(
    r"(?<=[a-z]{3})(?=(?:ment|tion|sion|ness|able|ing|ence|ance|ity|ter|der|ture|ber|tor|ver)[a-z]*)"
)


def write_pdf(source: Source, target: Path) -> None:
    """Writes the PDF; set twice, because "page 3 of 9" needs the number of pages."""
    _register_fonts()
    pages = _build(source, target, total=0)
    _build(source, target, total=pages)


def _register_fonts() -> None:
    for family, package in (("Sans", "font_source_sans_pro"), ("Serif", "font_source_serif_pro")):
        folder = Path(importlib.import_module(package).__file__ or "").parent / "files"
        for face, name in (("", "Regular"), ("-Bold", "Semibold"), ("-It", "It")):
            file = folder / f"Source{family}Pro-{name}.ttf"
            pdfmetrics.registerFont(TTFont(family + face, str(file)))
        pdfmetrics.registerFontFamily(
            family, normal=family, bold=f"{family}-Bold", italic=f"{family}-It",
            boldItalic=f"{family}-Bold",
        )  # fmt: skip


def _build(source: Source, target: Path, total: int) -> int:
    document = _Document(source, target, total)
    document.build(_story(source, document.width))
    return document.page


class _Document(BaseDocTemplate):
    """Draws the running head and foot, and puts each heading into the outline."""

    def __init__(self, source: Source, target: Path, total: int) -> None:
        head = source.head
        super().__init__(
            str(target), pagesize=A4, leftMargin=MARGIN, rightMargin=MARGIN, topMargin=27 * mm,
            bottomMargin=24 * mm, title=head["title"], author=head["author"],
            subject=head.get("subject", ""), keywords=head.get("keywords", ""), lang="en-GB",
            creator="RagDesk sample documents", invariant=1, initialFontName=head.get("font", "Sans"),
        )  # fmt: skip
        self.head, self.total, self.entries = head, total, 0
        self.family = head.get("font", "Sans")
        gap = 8 * mm
        half = (self.width - gap) / 2
        size = {"leftPadding": 0, "rightPadding": 0, "topPadding": 0, "bottomPadding": 0}
        one = [Frame(MARGIN, self.bottomMargin, self.width, self.height, **size)]
        two = [
            Frame(MARGIN + n * (half + gap), self.bottomMargin, half, self.height, **size)
            for n in (0, 1)
        ]
        self.addPageTemplates([
            PageTemplate("single", one, onPage=self._page),
            PageTemplate("columns", two, onPage=self._page),
        ])  # fmt: skip

    def _page(self, canvas: Any, _: BaseDocTemplate) -> None:
        canvas.saveState()
        canvas.setFont(self.family, 8.5)
        canvas.setFillColor(MUTED)
        canvas.setStrokeColor(LINE)
        top, bottom, right = A4[1] - 16 * mm, 14 * mm, A4[0] - MARGIN
        canvas.drawString(MARGIN, top, self.head["running"])
        canvas.drawRightString(right, top, self.head.get("edition", ""))
        canvas.line(MARGIN, top - 2 * mm, right, top - 2 * mm)
        canvas.line(MARGIN, bottom + 4 * mm, right, bottom + 4 * mm)
        canvas.drawString(MARGIN, bottom, self.head.get("foot", self.head["author"]))
        canvas.drawRightString(right, bottom, f"Page {self.page} of {self.total}")
        canvas.restoreState()

    def afterFlowable(self, flowable: Flowable) -> None:
        """Adds a heading that was just set to the outline."""
        level = getattr(flowable, "outline_level", None)
        if level is None:
            return
        self.entries += 1
        key = f"heading-{self.entries}"
        self.canv.bookmarkPage(key)
        self.canv.addOutlineEntry(flowable.getPlainText(), key, level=level)


def _styles(family: str, justify: bool) -> dict[str, ParagraphStyle]:
    body = ParagraphStyle(
        "body", fontName=family, bulletFontName=family, fontSize=11, leading=16.2, textColor=INK,
        spaceAfter=7, alignment=TA_JUSTIFY if justify else TA_LEFT, splitLongWords=0, allowWidows=0,
        allowOrphans=0,
    )  # fmt: skip
    bold = f"{family}-Bold"

    def made(name: str, **changes: Any) -> ParagraphStyle:
        return ParagraphStyle(name, parent=body, **changes)

    return {
        "body": body,
        "title": made("title", fontName=bold, fontSize=23, leading=28, spaceAfter=4, alignment=0),
        "sub": made("sub", fontSize=11.5, leading=16, textColor=MUTED, spaceAfter=16, alignment=0),
        "h1": made("h1", fontName=bold, fontSize=15, leading=19, spaceBefore=15, spaceAfter=6,
                   keepWithNext=1, alignment=0),
        "h2": made("h2", fontName=bold, fontSize=11.5, leading=15, spaceBefore=9, spaceAfter=3,
                   keepWithNext=1, alignment=0),
        "cell": made("cell", fontSize=9.4, leading=12.4, spaceAfter=0, alignment=0),
        "right": made("right", fontSize=9.4, leading=12.4, spaceAfter=0, alignment=TA_RIGHT),
        "centre": made("centre", fontSize=9.4, leading=12.4, spaceAfter=0, alignment=1),
        "note": made("note", fontSize=10, leading=14, spaceAfter=0, alignment=0),
        "small": made("small", fontSize=9.8, leading=13.6, spaceAfter=6),
    }  # fmt: skip


def _story(source: Source, width: float) -> list[Flowable]:
    head = source.head
    hyphens = head.get("hyphens") == "yes"
    styles = _styles(head.get("font", "Sans"), head.get("justify") == "yes")
    story: list[Flowable] = [Paragraph(head["title"], styles["title"])]
    story.append(Paragraph(head.get("subject", ""), styles["sub"]))
    text = "body"
    for block in source.blocks:
        if block.kind == "order":
            text = "small" if block.text == "columns" else "body"
            name = block.text
            story += [] if name == "page" else [NextPageTemplate(name)]
            story.append(PageBreak())
        elif block.kind == "table":
            story += [_table(block, styles, width), Spacer(1, 9)]
        elif block.kind == "note":
            story += [_note(block, styles, width), Spacer(1, 9)]
        else:
            story.append(_flowable(block, styles, text, hyphens))
    return story


def _flowable(
    block: Block, styles: dict[str, ParagraphStyle], text: str, hyphens: bool
) -> Flowable:
    if block.kind == "heading":
        paragraph = Paragraph(plain(block.text), styles[f"h{min(block.level, 2)}"])
        paragraph.outline_level = min(block.level, 2) - 1
        return paragraph
    if block.kind == "list":
        items = [
            ListItem(Paragraph(_rich(row[0], hyphens), styles[text]), leftIndent=13)
            for row in block.rows
        ]
        return ListFlowable(items, bulletType="bullet", start="•", bulletFontSize=9,
                            bulletFontName=styles["body"].fontName, leftIndent=13)  # fmt: skip
    return Paragraph(_rich(block.text, hyphens), styles[text])


def _rich(text: str, hyphens: bool = False) -> str:
    text = text.replace("&", "&amp;").replace("<", "&lt;")
    if hyphens:
        text = BREAKS.sub(SOFT_HYPHEN, text)
    text = re.sub(r"\*\*(.+?)\*\*", r"<b>\1</b>", text)
    return re.sub(r"\*(.+?)\*", r"<i>\1</i>", text)


def _note(block: Block, styles: dict[str, ParagraphStyle], width: float) -> Flowable:
    box = Table([[Paragraph(_rich(block.text), styles["note"])]], colWidths=[width])
    box.setStyle(TableStyle([
        ("FONTNAME", (0, 0), (-1, -1), styles["note"].fontName),
        ("BACKGROUND", (0, 0), (-1, -1), BAND), ("LINEBEFORE", (0, 0), (0, -1), 2.5, MUTED),
        ("LEFTPADDING", (0, 0), (-1, -1), 10), ("TOPPADDING", (0, 0), (-1, -1), 7),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 8),
    ]))  # fmt: skip
    return KeepTogether([box])


def _table(block: Block, styles: dict[str, ParagraphStyle], width: float) -> Flowable:
    count = len(block.rows[0])
    columns = block.columns or tuple(f"l{100 / count}" for _ in range(count))
    names = [{"l": "cell", "c": "centre", "r": "right"}[c[0]] for c in columns]
    rows = [
        [
            Paragraph(f"<b>{_rich(cell)}</b>" if n == 0 else _rich(cell), styles[name])
            for cell, name in zip(row, names, strict=True)
        ]
        for n, row in enumerate(block.rows)
    ]
    table = Table(rows, colWidths=[float(c[1:]) / 100 * width for c in columns], repeatRows=1)
    table.setStyle(TableStyle([
        ("FONTNAME", (0, 0), (-1, -1), styles["cell"].fontName),
        ("BACKGROUND", (0, 0), (-1, 0), BAND), ("LINEBELOW", (0, 0), (-1, 0), 0.9, MUTED),
        ("LINEBELOW", (0, 1), (-1, -1), 0.4, LINE), ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LEFTPADDING", (0, 0), (-1, -1), 5), ("RIGHTPADDING", (0, 0), (-1, -1), 7),
        ("TOPPADDING", (0, 0), (-1, -1), 3.2), ("BOTTOMPADDING", (0, 0), (-1, -1), 4),
    ]))  # fmt: skip
    return table
