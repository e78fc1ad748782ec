"""Which words a document is called by: its own title where that says something, else its name."""

from __future__ import annotations

import re
from pathlib import Path

_MAX = 160
_MEANINGLESS = re.compile(
    r"""^(?:
        (?:untitled|unbenannt|sans\ titre|sin\ t[ií]tulo|title|titel|document|dokument|presentation|
           powerpoint[ -]presentation|powerpoint-präsentation|présentation\ powerpoint|book|mappe|workbook|
           sheet|tabelle|page|slide|folie|new\ document|neues\ dokument|no\ title|none|null|default|
           print|preview|layout|microsoft\ word|scan(?:ned)?(?:\ document)?|
           new\ microsoft\ (?:word|office)\ document|word\ document)[\s\d_()-]*
        |https?://.*|about:blank|file:.*|[a-z]:\\.*|/.*/.*
        |[\d\W_]*
        |.*\.(?:docx?|xlsx?|pptx?|pdf|indd|qxd|qxp|p65|tex|dvi|ps|rtf|odt|html?|txt|md|cdr|ai|fm|pub)
    )$""",
    re.IGNORECASE | re.VERBOSE,
)
# "Microsoft Word - Handbook final.doc" says what made the file, and then what it is called.
_MADE_BY = re.compile(
    r"^(?:microsoft\ (?:office\ )?(?:word|excel|powerpoint|outlook)|adobe\ \w+)\s*-\s*",
    re.IGNORECASE | re.VERBOSE,
)


def sensible(title: str | None) -> str:
    """`title` on one line when a person could call the document that, else ""."""
    text = " ".join((title or "").replace("\x00", "").split())
    if text.startswith("þÿ"):
        return ""
    text = _MADE_BY.sub("", text)
    if not 3 <= len(text) <= _MAX or _MEANINGLESS.match(text) or "\ufffd" in text:
        return ""
    return text


def choose(path: Path, *candidates: str | None) -> str:
    """The first sensible candidate, best first, else the file's name without its ending."""
    for candidate in candidates:
        if title := sensible(candidate):
            return title
    stem = path.stem.encode("utf-8", "replace").decode("utf-8", "replace")
    return " ".join(stem.replace("_", " ").split()) or path.name
