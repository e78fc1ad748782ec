"""Mail (EML): subject, who and when, the body, quoted replies apart, text attachments."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.header import decode_header
from email.message import Message
from pathlib import Path

from ragdesk.domain.document import BlockKind, Page, Reading, Verdict

from . import titles
from .build import PageBuilder
from .encodings import decode_text
from .limits import clean, read_bytes
from .table import add_table
from .text import one_page, text_blocks
from .web import declared, web_text

_SHOWN = ("From", "To", "Cc", "Date")
_MAX_HEADER = 2000
_MAX_DEPTH = 6  # mails within mails
_SEALED = frozenset(("multipart/encrypted", "application/pkcs7-mime", "application/x-pkcs7-mime"))
_TEXT_ENDINGS = (".txt", ".md", ".csv", ".log", ".html", ".htm")


class MailParser:
    """Mails, one a file."""

    kinds: tuple[str, ...] = ("eml",)

    def parse(self, path: Path, password: str | None) -> Iterator[Page | Reading]:
        data, more = read_bytes(path)
        reader = _MailReader()
        message = message_from_bytes(data, policy=policy.compat32)
        if message.keys():
            reader.read(message, 0)
        else:
            reader.plain(decode_text(data))
        if reader.sealed and not reader.said:
            yield Reading(Verdict.UNSUPPORTED, "eml", detail="an encrypted mail")
            return
        gaps = list(reader.gaps)
        if more or reader.builder.full:
            gaps.append((0, "too_much_text"))
        title = titles.choose(path, header(message, "Subject"))
        yield from one_page("eml", title, reader.builder.page(), tuple(gaps))


def header(message: Message, name: str) -> str:
    """A header in readable characters on one line; "" when it is missing."""
    raw = message.get(name)
    if raw is None:
        return ""
    try:
        parts = decode_header(str(raw)[:_MAX_HEADER])
    except Exception:  # noqa: BLE001 - odd headers make the library stumble in many ways
        return " ".join(clean(str(raw)[:_MAX_HEADER]).split())
    words = []
    for part, encoding in parts:
        words.append(part if isinstance(part, str) else decode_text(part, encoding))
    return " ".join(clean("".join(words)).split())


@dataclass(slots=True)
class _MailReader:
    builder: PageBuilder = field(default_factory=PageBuilder)
    gaps: list[tuple[int, str]] = field(default_factory=list)
    sealed: bool = False
    said: bool = False  # whether any body was read

    def read(self, message: Message, depth: int) -> None:
        kind = BlockKind.HEADING if depth else BlockKind.TITLE
        self.builder.add(kind, header(message, "Subject"), 1 if depth else 0)
        lines = [f"{name}: {value}" for name in _SHOWN if (value := header(message, name))]
        self.builder.add(BlockKind.PARAGRAPH, "\n".join(lines))
        self._part(message, depth)

    def plain(self, text: str) -> None:
        """A plain body: what is quoted from another mail stands in blocks of its own."""
        text = clean(text)
        for stretch in _by_quotes(text):
            for block in text_blocks(stretch):
                kind = BlockKind.PARAGRAPH if block.kind is BlockKind.TITLE else block.kind
                words = stretch[block.start : block.start + block.length]
                self.builder.add(kind, words, block.level)
        self.said = self.said or bool(text.strip())

    def _part(self, part: Message, depth: int) -> None:
        kind = part.get_content_type()
        if kind in _SEALED:
            self.sealed = True
        if kind == "message/rfc822":
            self._inner_mail(part, depth)
        elif kind == "multipart/alternative":
            self._alternative(part, depth)
        elif part.is_multipart():
            for inner in _parts(part):
                self._part(inner, depth)
        elif _is_attachment(part):
            self._attachment(part)
        elif kind == "text/html":
            self._html(_text(part))
        elif part.get_content_maintype() == "text":
            self.plain(_text(part))
        elif kind not in _SEALED and not part.get("Content-ID"):
            self._not_read()

    def _inner_mail(self, part: Message, depth: int) -> None:
        inner = _parts(part)
        if depth >= _MAX_DEPTH or not inner:
            self._not_read()
            return
        self.read(inner[0], depth + 1)

    def _alternative(self, part: Message, depth: int) -> None:
        """The plain version when it says something, else the last one, which is the richest."""
        versions = _parts(part)
        for version in versions:
            if version.get_content_type() == "text/plain" and _text(version).strip():
                self.plain(_text(version))
                return
        if versions:
            self._part(versions[-1], depth)

    def _html(self, text: str) -> None:
        web = web_text(text)
        web.add_to(self.builder)
        self.said = self.said or bool(web.pieces)
        if web.hides and (0, "hidden_text") not in self.gaps:
            self.gaps.append((0, "hidden_text"))

    def _attachment(self, part: Message) -> None:
        name = _file_name(part)
        kind = part.get_content_type()
        is_text = kind in ("text/plain", "text/csv", "text/html", "text/markdown")
        if not is_text and not name.lower().endswith(_TEXT_ENDINGS):
            self._not_read()
            return
        self.builder.add(BlockKind.HEADING, name or kind, 2)
        text = _text(part)
        if kind == "text/html" or name.lower().endswith((".html", ".htm")):
            self._html(text)
        elif kind == "text/csv" or name.lower().endswith(".csv"):
            add_table(clean(text), self.builder)
        else:
            self.plain(text)

    def _not_read(self) -> None:
        if (0, "attachment") not in self.gaps:
            self.gaps.append((0, "attachment"))


def _parts(part: Message) -> list[Message]:
    payload = part.get_payload()
    return [one for one in payload if isinstance(one, Message)] if isinstance(payload, list) else []


def _is_attachment(part: Message) -> bool:
    disposition = (part.get_content_disposition() or "").lower()
    return disposition == "attachment" or (disposition != "inline" and bool(part.get_filename()))


def _file_name(part: Message) -> str:
    name = part.get_filename() or ""
    try:
        pieces = decode_header(name)
    except Exception:  # noqa: BLE001 - as in `header`
        return clean(name)
    return clean("".join(p if isinstance(p, str) else decode_text(p, e) for p, e in pieces))


def _text(part: Message) -> str:
    payload = part.get_payload(decode=True)
    if not isinstance(payload, bytes):
        return ""
    encoding = part.get_content_charset()
    if part.get_content_type() == "text/html":
        encoding = encoding or declared(payload)
    return decode_text(payload, encoding)


_QUOTE = re.compile(r"^\s{0,3}>")


def _by_quotes(text: str) -> Iterator[str]:
    """Stretches of lines that are quoted, or are not."""
    stretch: list[str] = []
    quoted = False
    for line in text.split("\n"):
        is_quote = bool(_QUOTE.match(line))
        if is_quote != quoted and line.strip():
            yield "\n".join(stretch)
            stretch, quoted = [], is_quote
        stretch.append(line)
    yield "\n".join(stretch)
