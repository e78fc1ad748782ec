"""The sample documents: what the questions point at stands there, and the script makes them again."""

import csv
import email
import email.policy
import html.parser
import json
import os
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

SAMPLES = Path(__file__).resolve().parents[2] / "assets" / "samples"
DOCUMENTS = SAMPLES / "documents"
QUESTIONS = [
    json.loads(line)
    for line in (SAMPLES / "questions.jsonl").read_text(encoding="utf-8").splitlines()
]
ANSWERABLE = [q for q in QUESTIONS if q["answer"] is not None]
PDFS = sorted(DOCUMENTS.glob("*.pdf"))


def collapsed(text: str) -> str:
    return " ".join(text.split())


def pdf_pages(path: Path) -> list[str]:
    import pypdfium2

    with pypdfium2.PdfDocument(path) as pdf:
        return [page.get_textpage().get_text_range() for page in pdf]


def docx_text(path: Path) -> str:
    from docx import Document

    document = Document(str(path))
    rows = (row for table in document.tables for row in table.rows)
    return "\n".join(
        [p.text for p in document.paragraphs]
        + [" | ".join(cell.text for cell in row.cells) for row in rows]
    )


def xlsx_text(path: Path) -> str:
    from openpyxl import load_workbook

    rows = (row for sheet in load_workbook(path) for row in sheet.iter_rows(values_only=True))
    return "\n".join(" | ".join(str(cell) for cell in row if cell is not None) for row in rows)


def pptx_text(path: Path) -> str:
    from pptx import Presentation

    lines = []
    for slide in Presentation(str(path)).slides:
        for shape in slide.shapes:
            if shape.has_text_frame:
                lines.append(shape.text_frame.text)
            elif shape.has_table:
                lines += [" | ".join(c.text for c in row.cells) for row in shape.table.rows]
    return "\n".join(lines)


def eml_text(path: Path) -> str:
    mail = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    parts = [part.get_content() for part in mail.walk() if part.get_content_type() == "text/plain"]
    return "\n".join(parts)


def html_text(path: Path) -> str:
    pieces: list[str] = []
    parser = html.parser.HTMLParser()
    parser.handle_data = pieces.append  # type: ignore[method-assign]
    parser.feed(path.read_text(encoding="utf-8"))
    return "".join(pieces)


def csv_text(path: Path) -> str:
    with path.open(encoding="utf-8", newline="") as file:
        return "\n".join(" | ".join(row) for row in csv.reader(file))


READERS = {
    ".docx": docx_text,
    ".xlsx": xlsx_text,
    ".pptx": pptx_text,
    ".eml": eml_text,
    ".html": html_text,
    ".csv": csv_text,
    ".txt": lambda path: path.read_text(encoding="utf-8"),
    ".md": lambda path: path.read_text(encoding="utf-8"),
}


@cache
def text_of(name: str, page: int | None) -> str:
    path = DOCUMENTS / name
    if path.suffix == ".pdf":
        assert page is not None
        return collapsed(pdf_pages(path)[page - 1])
    assert page is None
    return READERS[path.suffix](path)


@pytest.mark.parametrize("question", ANSWERABLE, ids=lambda q: q["id"])
def test_evidence_stands_in_the_document(question: dict) -> None:
    assert question["evidence"]
    for evidence in question["evidence"]:
        assert evidence["text"] in text_of(evidence["file"], evidence["page"])


@pytest.mark.parametrize("question", ANSWERABLE, ids=lambda q: q["id"])
def test_answer_stands_in_the_evidence(question: dict) -> None:
    answers = [question["answer"], *question["answers"]]
    first = question["evidence"][0]
    page = text_of(first["file"], first["page"])
    assert any(answer in first["text"] for answer in answers)
    assert any(answer in page for answer in answers)


def test_the_five_questions_of_the_demo() -> None:
    demo = QUESTIONS[:5]
    assert [q["id"] for q in demo] == [f"demo-{n}" for n in range(1, 6)]
    assert [q["answer"] is None for q in demo] == [False, False, False, True, False]
    answered = [q for q in demo if q["answer"]]
    assert len({Path(q["evidence"][0]["file"]).suffix for q in answered}) == 4
    assert all(q["answer"] in q["evidence"][0]["text"] for q in answered)


def test_the_other_questions() -> None:
    others = QUESTIONS[5:]
    assert len(others) == 31
    assert sum(q["answer"] is None for q in others) == 7
    assert len({q["id"] for q in QUESTIONS}) == len(QUESTIONS)
    assert all(not q["evidence"] and not q["answers"] for q in QUESTIONS if q["answer"] is None)
    asked = {evidence["file"] for q in QUESTIONS for evidence in q["evidence"]}
    assert asked == {path.name for path in DOCUMENTS.iterdir()}


def test_number_kinds_and_size_of_the_documents() -> None:
    files = list(DOCUMENTS.iterdir())
    assert len(files) >= 14
    assert len({path.suffix for path in files}) >= 8
    assert sum(len(pdf_pages(path)) for path in PDFS) >= 45
    folders = (SAMPLES, DOCUMENTS, SAMPLES / "source", SAMPLES / "typeset")
    committed = [path for folder in folders for path in folder.iterdir() if path.is_file()]
    assert sum(path.stat().st_size for path in committed) < 3_000_000


@pytest.mark.parametrize("path", PDFS, ids=lambda path: path.stem)
def test_pdf_has_title_outline_page_numbers_and_embedded_fonts(path: Path) -> None:
    from pypdf import PdfReader

    reader = PdfReader(path)
    assert reader.metadata is not None
    assert reader.metadata.title
    assert reader.metadata.author
    assert reader.outline
    texts = pdf_pages(path)
    for number, text in enumerate(texts, 1):
        assert f"Page {number} of {len(texts)}" in text
    for page in reader.pages:
        for font in page["/Resources"]["/Font"].values():
            assert "/FontFile2" in font.get_object()["/FontDescriptor"]


def test_line_ends_are_hyphenated_and_tables_go_over_pages() -> None:
    # PDFium gives a hyphen that breaks a word at a line end as U+FFFE.
    terms = pdf_pages(DOCUMENTS / "Supplier terms Ceramica Valdoro.pdf")
    assert sum(page.count("\ufffe") for page in terms) >= 3
    heads = [
        page.count("Article Description") for page in pdf_pages(DOCUMENTS / "Price list 2026.pdf")
    ]
    assert sum(heads) > 5  # five tables, and their heads again on the pages they go on to


def test_making_them_again_gives_the_same_files(tmp_path: Path) -> None:
    for package in ("reportlab", "font_source_sans_pro", "font_source_serif_pro"):
        pytest.importorskip(package, reason="making the samples needs the packages in its README")
    made = []
    for name in ("first", "second"):
        command = [sys.executable, str(SAMPLES / "make.py"), str(tmp_path / name)]
        subprocess.run(command, check=True, env=os.environ | {"PYTHONDONTWRITEBYTECODE": "1"})
        made.append({p.name: p.read_bytes() for p in (tmp_path / name).iterdir()})
    assert made[0] == made[1]
    for name in made[0]:
        path = tmp_path / "first" / name
        if path.suffix == ".pdf":
            assert pdf_pages(path) == pdf_pages(DOCUMENTS / name)
        else:
            assert READERS[path.suffix](path) == READERS[path.suffix](DOCUMENTS / name)
