"""Pages and readings as the JSON objects that a pool process prints, and back again.

    {"page": {"number", "text", "blocks": [[kind, start, length, level], …], "name"}}
    {"reading": {"verdict", "kind", "title", "paged", "pages", "gaps": [[page, reason], …], "detail"}}

Printed with ASCII escapes, so that a page of any script, and lone surrogates from a broken file,
pass through any pipe.
"""

from __future__ import annotations

import json
from typing import Any

from ragdesk.domain.document import Block, BlockKind, Page, Reading, Verdict


def encode(thing: Page | Reading) -> dict[str, Any]:
    """The JSON object of a page or a reading."""
    if isinstance(thing, Page):
        blocks = [[b.kind.value, b.start, b.length, b.level] for b in thing.blocks]
        page = {"number": thing.number, "text": thing.text, "blocks": blocks, "name": thing.name}
        return {"page": page}
    return {
        "reading": {
            "verdict": thing.verdict.value,
            "kind": thing.kind,
            "title": thing.title,
            "paged": thing.paged,
            "pages": thing.pages,
            "gaps": [list(gap) for gap in thing.gaps],
            "detail": thing.detail,
        }
    }


def decode(message: dict[str, Any]) -> Page | Reading:
    """The page or reading of a JSON object. Raises `ValueError` when it holds neither."""
    try:
        if "page" in message:
            page = message["page"]
            blocks = tuple(Block(BlockKind(k), s, n, level) for k, s, n, level in page["blocks"])
            return Page(page["number"], page["text"], blocks, page["name"])
        reading = message["reading"]
        return Reading(
            verdict=Verdict(reading["verdict"]),
            kind=reading["kind"],
            title=reading["title"],
            paged=reading["paged"],
            pages=reading["pages"],
            gaps=tuple((page, reason) for page, reason in reading["gaps"]),
            detail=reading["detail"],
        )
    except (KeyError, TypeError) as error:
        raise ValueError(f"no page and no reading: {sorted(message)}") from error


def line(thing: Page | Reading) -> bytes:
    """One line of ASCII, its line end included."""
    return json.dumps(encode(thing), separators=(",", ":")).encode("ascii") + b"\n"
