"""What commands print: words for people, or one JSON object a line."""

from __future__ import annotations

import argparse
import json
import sys
import textwrap
from pathlib import Path
from typing import Any

from ..domain.conversation import Answer, Citation, Hit, Value
from ..domain.document import PlacedDocument, Span
from ..errors import LibraryMissing
from ..store.home import Home, default_home

WIDTH = 88


class Output:
    """Results go to standard output, notes and errors to standard error."""

    def __init__(self, as_json: bool) -> None:
        self.as_json = as_json

    def result(self, record: dict[str, Any], words: str) -> None:
        """One result: the record with --json, else the words (nothing where they are empty)."""
        if self.as_json:
            print(json.dumps(record, ensure_ascii=False), flush=True)
        elif words:
            print(words, flush=True)

    def words(self, words: str = "") -> None:
        """For people only."""
        if not self.as_json:
            print(words, flush=True)

    def note(self, words: str) -> None:
        print(words, file=sys.stderr, flush=True)

    def progress(self, words: str) -> None:
        """A line that the next one overwrites; only where somebody watches."""
        if sys.stderr.isatty():
            print(f"\r\033[K{words}", end="", file=sys.stderr, flush=True)

    def error(self, code: str, words: str) -> None:
        if self.as_json:
            print(json.dumps({"error": code, "message": words}, ensure_ascii=False), flush=True)
        print(words, file=sys.stderr, flush=True)


class Context:
    """The arguments of one command, where it works, and where it prints."""

    def __init__(self, arguments: argparse.Namespace, output: Output) -> None:
        self.arguments = arguments
        self.output = output
        self.home = Home(Path(arguments.home) if arguments.home else default_home())

    def need_library(self) -> None:
        """Raises `LibraryMissing` when nothing was ever added here."""
        if not self.home.library.exists():
            raise LibraryMissing(home=str(self.home.folder))


def wrap(text: str, indent: str = "", width: int = WIDTH) -> str:
    """Text in lines of at most `width` characters, its own line breaks kept."""
    lines = [
        textwrap.fill(line, width, initial_indent=indent, subsequent_indent=indent)
        or indent.rstrip()
        for line in text.splitlines()
    ]
    return "\n".join(lines)


def size_words(count: int) -> str:
    """Bytes as a person reads them."""
    return f"{count / 1e6:.0f} MB" if count < 1e9 else f"{count / 1e9:.1f} GB"


def left_words(seconds: float) -> str:
    """How long something still takes, as the end of a line of progress; "" where it is soon over."""
    if seconds < 3:
        return ""
    return (
        f", about {seconds:.0f} s left" if seconds < 90 else f", about {seconds / 60:.0f} min left"
    )


def document_record(placed: PlacedDocument) -> dict[str, Any]:
    """A row of `documents --json`."""
    document = placed.document
    return {
        "path": placed.place.path,
        "document": placed.place.document_id,
        "collection": placed.collection,
        "kind": document.kind if document else "",
        "verdict": document.verdict if document else None,
        "pages": document.pages if document else 0,
        "passages": document.passages if document else 0,
        "found_by": document.found_by if document else "words",
        "detail": document.detail if document else "",
        "lang": document.lang if document else "",
        "model": document.model if document else "",
    }


def hit_record(hit: Hit) -> dict[str, Any]:
    """A hit of `search --json`; `start` and `length` are those of its first span."""
    first = hit.spans[0]
    return {
        "rank": hit.rank,
        "score": round(hit.score, 4),
        "document": hit.document_id,
        "path": hit.path,
        "page": hit.page,
        "start": first.start,
        "length": first.length,
        "text": hit.quote,
        "twins": list(hit.twins),
    }


def answer_record(question_id: str | None, question: str, answer: Answer) -> dict[str, Any]:
    """An answer of `ask --json`."""
    return {
        "id": question_id,
        "question": question,
        "answer": None if answer.refused else answer.text,
        "short": answer.short,
        "kind": answer.kind,
        "items": [_value_record(item) for item in answer.items],
        "values": [_value_record(value) for value in answer.values],
        "refused": answer.refused,
        "answerer": answer.answerer,
        "strength": round(answer.strength, 3),
        "citations": [_citation_record(c) for c in answer.citations],
        "sentences": [
            {
                "text": s.text,
                "supported": s.supported,
                "numbers": list(s.numbers),
                "doubt": s.doubt,
            }
            for s in answer.sentences
        ],
        "nearest": [hit_record(hit) for hit in answer.nearest],
        "shelves": [
            {
                "collection": shelf.name,
                "chance": round(shelf.chance, 3),
                "why": list(shelf.why),
            }
            for shelf in answer.shelves
        ],
        "steps": [{"kind": step.kind, "text": step.text} for step in answer.steps],
        "thinking": answer.thinking,
        "finish": answer.finish,
        "doubt": answer.doubt,
        "trouble": answer.trouble,
        "words_a_second": answer.words_a_second,
        "cost": answer.cost,
        "seconds": {
            "search": round(answer.seconds.search, 4),
            "first_word": round(answer.seconds.first_word, 4),
            "total": round(answer.seconds.total, 4),
        },
    }


def _citation_record(citation: Citation) -> dict[str, Any]:
    paged = citation.page is not None  # formats without pages have no page numbers
    return {
        "number": citation.number,
        "document": citation.document_id,
        "path": citation.path,
        "spans": [_span_record(span, paged) for span in citation.spans],
        "marked": [_span_record(span, paged) for span in citation.marked],
        "quote": citation.quote,
    }


def _span_record(span: Span, paged: bool) -> dict[str, Any]:
    return {"page": span.page if paged else None, "start": span.start, "length": span.length}


def _value_record(value: Value) -> dict[str, Any]:
    return {"text": value.text, "number": value.number, "dated": value.dated}
