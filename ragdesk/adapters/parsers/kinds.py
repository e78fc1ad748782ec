"""What a file really is: its first bytes and its archive members decide, then its name's ending."""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass
from pathlib import Path

from .encodings import looks_like_text, sample_text
from .locked import OLE_MARK, is_locked

HEAD_BYTES = 64 * 1024

# Endings a person may give each kind that is read.
ENDINGS: dict[str, tuple[str, ...]] = {
    "pdf": ("pdf",),
    "docx": ("docx",),
    "xlsx": ("xlsx",),
    "pptx": ("pptx",),
    "txt": ("txt", "text", "log"),
    "md": ("md", "markdown"),
    "html": ("html", "htm", "xhtml"),
    "csv": ("csv", "tsv", "tab"),
    "eml": ("eml",),
}
_KIND_OF_ENDING = {ending: kind for kind, endings in ENDINGS.items() for ending in endings}
_OFFICE_MAIN = {
    "word/document.xml": "docx",
    "xl/workbook.xml": "xlsx",
    "ppt/presentation.xml": "pptx",
}
# Kinds whose files are archives or objects: text in one of these is never what its name says.
_BINARY_KINDS = ("pdf", "docx", "xlsx", "pptx")
_OLD_OFFICE_ENDINGS = ("doc", "xls", "ppt", "docx", "xlsx", "pptx")
_UNFINISHED = ("crdownload", "part", "partial", "download", "tmp")

_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"{\\rtf", "rtf"), (b"\x89PNG", "image"), (b"\xff\xd8\xff", "image"), (b"GIF8", "image"),
    (b"II*\x00", "image"), (b"MM\x00*", "image"), (b"BM", "image"), (b"MZ", "program"),
    (b"\x7fELF", "program"), (b"RIFF", "media"), (b"ID3", "media"), (b"OggS", "media"),
    (b"\x1f\x8b", "archive"), (b"7z\xbc\xaf", "archive"), (b"Rar!", "archive"),
    (b"SQLite format 3\x00", "database"), (b"\x00\x01\x00\x00Standard", "database"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Recognised:
    """`kind` is a key of `ENDINGS`, or another word for what is not read ("" when unknown).

    `fits` is False when the name's ending promises something else.
    """

    kind: str
    fits: bool = True


def recognise(path: Path) -> Recognised:
    """Looks into a file. Raises `OSError` when it cannot be opened."""
    ending = path.suffix.lower().lstrip(".")
    if ending in _UNFINISHED or path.name.startswith("~$"):
        return Recognised("unfinished")
    with path.open("rb") as stream:
        head = stream.read(HEAD_BYTES)
    kind = _by_content(path, head)
    if kind == "ole":
        return _ole(path, ending)
    if kind == "":
        return _by_ending(ending, head)
    promised = _KIND_OF_ENDING.get(ending)
    fits = not ending or promised == kind or (promised is None and kind not in ENDINGS)
    return Recognised(kind, fits)


def _by_content(path: Path, head: bytes) -> str:
    if b"%PDF-" in head[:1024]:
        return "pdf"
    if head.startswith(b"PK\x03\x04"):
        return _zip_kind(path)
    if head.startswith(OLE_MARK):
        return "ole"
    for magic, kind in _MAGIC:
        # Two letters may begin a text as well.
        if head.startswith(magic) and (len(magic) > 2 or not looks_like_text(head)):
            return kind
    return ""


def _zip_kind(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
            types = b""
            if "[Content_Types].xml" in names:
                with archive.open("[Content_Types].xml") as stream:
                    types = stream.read(1024 * 1024)
    except Exception:  # noqa: BLE001 - a broken archive has many ways to say so; the ending decides
        return ""
    for part, kind in _OFFICE_MAIN.items():
        if part in names:
            return kind if _main_type(types, kind) else "archive"
    for folder, kind in (("word/", "docx"), ("xl/", "xlsx"), ("ppt/", "pptx")):
        if any(name.startswith(folder) for name in names) and _main_type(types, kind):
            return kind
    return "archive"


def _main_type(types: bytes, kind: str) -> bool:
    """Whether the archive calls its main part a plain document, workbook or presentation."""
    word = {
        "docx": b"wordprocessingml.document.main+xml",
        "xlsx": b"spreadsheetml.sheet.main+xml",
        "pptx": b"presentationml.presentation.main+xml",
    }[kind]
    return word in types or not types


def _ole(path: Path, ending: str) -> Recognised:
    """Old Office files are not read; an envelope around a new one wants its password."""
    if not is_locked(path):
        return Recognised("ole")
    kind = _KIND_OF_ENDING.get(ending, "")
    return Recognised(kind if kind in _BINARY_KINDS else "docx")


def _by_ending(ending: str, head: bytes) -> Recognised:
    promised = _KIND_OF_ENDING.get(ending, "")
    if not looks_like_text(head):
        # Noise under the name of an Office file is a damaged one; under a text's name it is none.
        return Recognised(promised if promised in _BINARY_KINDS else "")
    text = sample_text(head)
    if promised in _BINARY_KINDS and promised != "pdf" and head.startswith(b"PK"):
        return Recognised(promised)
    if _is_html(text):
        return Recognised("html", promised == "html")
    if promised and promised not in _BINARY_KINDS:
        return Recognised(promised)
    if promised == "pdf":
        return Recognised("pdf")
    if ending in _OLD_OFFICE_ENDINGS:
        return Recognised("csv" if _is_table(text) else "txt", fits=False)
    if not ending:
        return Recognised("eml" if _is_mail(text) else "txt")
    return Recognised("")


def _is_html(text: str) -> bool:
    start = text.lstrip("\ufeff \t\r\n")[:1000].lower()
    return start.startswith(("<!doctype html", "<html")) or (
        start.startswith(("<?xml", "<!--")) and "<html" in text[:4000].lower()
    )


def _is_table(text: str) -> bool:
    """Whether each of the first lines has the same number, at least one, of one separator."""
    lines = [line for line in text.splitlines()[:20] if line.strip()]
    return any(
        len(counts := {line.count(separator) for line in lines}) == 1 and counts != {0}
        for separator in "\t;,"
    )


_HEADER = re.compile(
    r"^(?:from|to|cc|subject|date|received|return-path|message-id|mime-version|content-type|"
    r"delivered-to|x-[\w-]+):",
    re.IGNORECASE,
)


def _is_mail(text: str) -> bool:
    lines = text.split("\n", 12)[:12]
    return sum(bool(_HEADER.match(line)) for line in lines) >= 3
