"""Reads the small markup that the source texts are written in.

A source begins with `key: value` lines between two lines of `---`. Below it stand blocks, with an
empty line between them: `#`, `##`, `###` headings, `- ` lists, `> ` notes, `| ` tables, plain
paragraphs, and these orders, each on a line of its own:

    @table l12 l58 r30    how the columns of the next table stand (left, centre, right) and their
                          widths in percent
    @page                 begin a new page
    @columns / @single    set what follows in two columns, or in one again, on a new page
"""

import re
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Block:
    """One block of a source. `kind` is heading, text, list, note, table or order."""

    kind: str
    text: str = ""
    level: int = 0
    rows: tuple[tuple[str, ...], ...] = ()
    columns: tuple[str, ...] = ()


@dataclass(frozen=True)
class Source:
    """One source text: its `key: value` lines and its blocks in order."""

    head: dict[str, str]
    blocks: list[Block] = field(default_factory=list)
    body: str = ""


def read_source(path: Path) -> Source:
    """Reads one source file; raises ValueError where its head is missing."""
    _, head, body = re.split(r"^---\n", path.read_text(encoding="utf-8"), maxsplit=2, flags=re.M)
    pairs = (line.split(":", 1) for line in head.strip().splitlines())
    keys = {key.strip(): value.strip() for key, value in pairs}
    return Source(keys, _blocks(body), body.strip("\n") + "\n")


def _blocks(body: str) -> list[Block]:
    blocks: list[Block] = []
    columns: tuple[str, ...] = ()
    for part in re.split(r"\n\s*\n", body.strip()):
        lines = part.strip("\n").split("\n")
        if lines[0].startswith("@table"):
            columns = tuple(lines.pop(0).split()[1:])
        first = lines[0]
        if first.startswith("@"):
            blocks.append(Block("order", first[1:]))
        elif heading := re.match(r"(#+) (.*)", first):
            blocks.append(Block("heading", heading[2], level=len(heading[1])))
        elif first.startswith("|"):
            rows = tuple(tuple(c.strip() for c in line.strip()[1:-1].split("|")) for line in lines)
            blocks.append(Block("table", rows=rows, columns=columns))
        elif first.startswith("- "):
            items = re.split(r"(?:^|\n)- ", part.strip("\n"))[1:]
            blocks.append(Block("list", rows=tuple((" ".join(i.split()),) for i in items)))
        elif first.startswith("> "):
            blocks.append(Block("note", " ".join(line.lstrip("> ") for line in lines)))
        else:
            blocks.append(Block("text", " ".join(lines)))
    return blocks


def plain(text: str) -> str:
    """The text without its marks for bold and italic."""
    return re.sub(r"\*+", "", text)


def runs(text: str) -> list[tuple[str, bool]]:
    """The text in pieces, each with whether it is bold."""
    pieces = re.split(r"(\*\*.+?\*\*)", text)
    return [(plain(p), p.startswith("**")) for p in pieces if p]
