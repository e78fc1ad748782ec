"""Writes a source as a Word document, a workbook or a presentation, always with the same bytes."""

import datetime
import re
import zipfile
from pathlib import Path
from typing import Any

from docx import Document
from docx.shared import Pt
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from pptx import Presentation
from pptx.util import Inches
from pptx.util import Pt as SlidePt

from .markup import Block, Source, plain, runs

NUMBER = re.compile(r"-?\d+(\.\d+)?$")
ZIP_DATE = (2026, 1, 1, 0, 0, 0)


def write_docx(source: Source, target: Path) -> None:
    """Writes a Word document with real heading, list and table styles."""
    document = Document()
    document.styles["Normal"].font.name = "Calibri"
    document.styles["Normal"].font.size = Pt(11)
    _properties(document.core_properties, source)
    section = document.sections[0]
    section.header.paragraphs[0].text = source.head["running"]
    section.footer.paragraphs[0].text = source.head.get("foot", source.head["author"])
    document.add_heading(source.head["title"], level=0)
    if subject := source.head.get("subject"):
        document.add_paragraph(subject, style="Subtitle")
    for block in source.blocks:
        _add_block(document, block)
    document.save(str(target))
    _repack(target, source)


def _add_block(document: Any, block: Block) -> None:
    if block.kind == "heading":
        document.add_heading(plain(block.text), level=block.level)
    elif block.kind == "order":
        document.add_page_break()
    elif block.kind == "list":
        for row in block.rows:
            _add_runs(document.add_paragraph(style="List Bullet"), row[0])
    elif block.kind == "table":
        _add_table(document, block)
    else:
        style = "Intense Quote" if block.kind == "note" else None
        _add_runs(document.add_paragraph(style=style), block.text)


def _add_runs(paragraph: Any, text: str) -> None:
    for piece, bold in runs(text):
        paragraph.add_run(piece).bold = bold or None


def _add_table(document: Any, block: Block) -> None:
    table = document.add_table(rows=0, cols=len(block.rows[0]), style="Light Grid Accent 1")
    for row in block.rows:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = plain(text)
    document.add_paragraph()


def write_xlsx(source: Source, target: Path) -> None:
    """Writes a workbook: a sheet for each heading, with the paragraphs and tables below it."""
    book = Workbook()
    book.remove(book.active)
    sheet: Any = None
    for block in source.blocks:
        if block.kind == "heading":
            sheet = book.create_sheet(block.text)
        elif block.kind == "table":
            _add_rows(sheet, block)
        else:
            sheet.append([plain(block.text)])
    _properties(book.properties, source)
    book.save(target)
    _repack(target, source)


def _add_rows(sheet: Any, block: Block) -> None:
    for n, row in enumerate(block.rows):
        sheet.append([float(c) if NUMBER.match(c) and not c.startswith("0") else c for c in row])
        for cell in sheet[sheet.max_row]:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            if n == 0:
                cell.font = Font(bold=True)
                cell.fill = PatternFill("solid", fgColor="F1EEE8")
    if block.columns:
        for letter, column in zip("ABCDEFGH", block.columns, strict=False):
            sheet.column_dimensions[letter].width = float(column[1:])
    if sheet.freeze_panes is None:
        sheet.freeze_panes = f"A{sheet.max_row - len(block.rows) + 2}"


def write_pptx(source: Source, target: Path) -> None:
    """Writes a presentation: a slide for each heading; notes (`> `) become speaker notes."""
    show = Presentation()
    _properties(show.core_properties, source)
    opening = show.slides.add_slide(show.slide_layouts[0])
    opening.shapes.title.text = source.head["title"]
    opening.placeholders[1].text = source.head.get("subject", "")
    slide: Any = None
    for n, block in enumerate(source.blocks):
        if block.kind == "heading":
            after = source.blocks[n + 1].kind if n + 1 < len(source.blocks) else ""
            slide = show.slides.add_slide(show.slide_layouts[5 if after == "table" else 1])
            slide.shapes.title.text = block.text
        elif block.kind == "list":
            _add_bullets(slide.placeholders[1].text_frame, block)
        elif block.kind == "table":
            _add_slide_table(slide, block)
        elif block.kind == "note":
            slide.notes_slide.notes_text_frame.text = plain(block.text)
    show.save(str(target))
    _repack(target, source)


def _add_bullets(frame: Any, block: Block) -> None:
    for n, row in enumerate(block.rows):
        paragraph = frame.paragraphs[0] if n == 0 else frame.add_paragraph()
        paragraph.text = plain(row[0])
        paragraph.font.size = SlidePt(22)


def _add_slide_table(slide: Any, block: Block) -> None:
    shape = slide.shapes.add_table(
        len(block.rows), len(block.rows[0]), Inches(0.6), Inches(1.6), Inches(8.8), Inches(0.4)
    )
    for r, row in enumerate(block.rows):
        for c, text in enumerate(row):
            cell = shape.table.cell(r, c)
            cell.text = plain(text)
            cell.text_frame.paragraphs[0].font.size = SlidePt(15)


def _properties(properties: Any, source: Source) -> None:
    day = datetime.datetime.fromisoformat(source.head["date"] + "T09:00:00")
    properties.title = source.head["title"]
    properties.creator = properties.author = source.head["author"]
    properties.subject = source.head.get("subject", "")
    properties.created = properties.modified = day
    properties.lastModifiedBy = properties.last_modified_by = source.head["author"]


def _repack(target: Path, source: Source) -> None:
    """Packs the file again without the time of this run, so that each run gives equal bytes."""
    with zipfile.ZipFile(target) as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}
    stamp = f"{source.head['date']}T09:00:00Z".encode()
    core = parts["docProps/core.xml"]
    parts["docProps/core.xml"] = re.sub(
        rb"(<dcterms:modified[^>]*>)[^<]*", lambda m: m[1] + stamp, core
    )
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in parts.items():
            info = zipfile.ZipInfo(name, ZIP_DATE)
            info.compress_type = zipfile.ZIP_DEFLATED
            packed.writestr(info, data)
