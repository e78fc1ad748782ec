"""Parsers: a file in, pages of text with their structure out.

To add a format: a module here with a class of the `Parser` protocol, a line in `_parsers`, and,
where its first bytes tell, a line in `kinds`.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from ragdesk.domain.protocols import Parser

from .kinds import recognise


@cache
def _parsers() -> dict[str, Parser]:
    from .mail import MailParser
    from .markdown import MarkdownParser
    from .pdf import PdfParser
    from .sheet import SheetParser
    from .slides import SlidesParser
    from .table import TableParser
    from .text import TextParser
    from .web import WebParser
    from .word import WordParser

    parsers: list[Parser] = [
        PdfParser(), WordParser(), SheetParser(), SlidesParser(),
        TextParser(), MarkdownParser(), WebParser(), TableParser(), MailParser(),
    ]  # fmt: skip
    return {kind: parser for parser in parsers for kind in parser.kinds}


def parser_of_kind(kind: str) -> Parser | None:
    """The parser that reads `kind` ("pdf", "docx", …), or None when nothing does."""
    return _parsers().get(kind)


def parser_for(path: Path) -> Parser | None:
    """The parser for a file, by its content first and its name's ending second.

    None for kinds that are not read. Raises `OSError` when the file cannot be looked at.
    """
    return parser_of_kind(recognise(path).kind)
