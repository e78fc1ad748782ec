"""The texts of a set's files as a plain script reads them: langchain's loaders, or a few lines."""

from __future__ import annotations

import json
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Text:
    """A page of a file, or a whole file; `path` is relative to the set's folder."""

    path: str
    page: int | None
    text: str


def read_set(folder: Path, kept: Path | None, say: Say) -> list[Text]:
    """All texts of `folder`/docs, in the order of their names; kept in the file `kept`, if any."""
    if kept is not None and kept.exists():
        return [Text(*line) for line in json.loads(kept.read_text(encoding="utf-8"))]
    files = sorted(file for file in (folder / "docs").rglob("*") if file.is_file())
    texts = []
    for number, file in enumerate(files):
        if number % 10 == 0:
            say(f"reading {number:,} of {len(files):,} files")
        path = file.relative_to(folder).as_posix()
        texts += [Text(path, page, text) for page, text in read(file) if text.strip()]
    if kept is not None:
        lines = [[text.path, text.page, text.text] for text in texts]
        kept.write_text(json.dumps(lines, ensure_ascii=False), encoding="utf-8")
    return texts


def read(file: Path) -> Iterator[tuple[int | None, str]]:
    """(page from 1, text) of each page; (None, text) where a format has none."""
    ending = file.suffix.lower()
    if ending == ".pdf":
        yield from _pdf(file)
    elif ending == ".docx":
        yield None, _docx(file)
    elif ending == ".xlsx":
        yield None, _xlsx(file)
    elif ending in (".html", ".htm"):
        yield None, _html(file)
    else:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            from langchain_community.document_loaders import TextLoader
        yield None, TextLoader(str(file), encoding="utf-8").load()[0].page_content


def _pdf(file: Path) -> Iterator[tuple[int, str]]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from langchain_community.document_loaders import PyPDFLoader
    for page in PyPDFLoader(str(file)).lazy_load():
        yield page.metadata["page"] + 1, page.page_content.encode("utf-8", "replace").decode()


def _docx(file: Path) -> str:
    import docx
    from docx.table import Table

    lines = []
    for block in docx.Document(str(file)).iter_inner_content():
        if isinstance(block, Table):
            lines += [" | ".join(cell.text for cell in row.cells) for row in block.rows]
        else:
            lines.append(block.text)
    return "\n".join(lines)


def _xlsx(file: Path) -> str:
    import openpyxl

    book = openpyxl.load_workbook(file, data_only=True, read_only=True)
    lines = [
        " | ".join("" if cell is None else str(cell) for cell in row)
        for sheet in book
        for row in sheet.iter_rows(values_only=True)
    ]
    book.close()
    return "\n".join(lines)


def _html(file: Path) -> str:
    import lxml.html

    tree = lxml.html.fromstring(file.read_bytes())
    for row in tree.iter("tr"):
        for cell in row:
            cell.tail = " | "
        row.tail = "\n"
    return str(tree.text_content())
