"""Practice questions to a file and from one: CSV for spreadsheets, JSON lines for programs.

A CSV file has the columns of `COLUMNS`, in UTF-8 with a mark that spreadsheet programs know it by.
A spreadsheet takes a cell that begins with "=" and its like for a formula and runs it: such a cell
gets an apostrophe in front on the way out, which is taken off on the way in.

A file of JSON lines is a questions file: `services.examine.load_questions` reads it.
"""

from __future__ import annotations

import csv
import io
import json
import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol

from ..domain.training import Fold, Pair, PairSource, PairState
from ..errors import RagDeskError, WrongUse
from ..store.documents import storable
from ..texts import sentence
from .adopt import drawn_fold
from .draft import pair_id
from .locate import Located
from .receive import received

COLUMNS = ("question", "answer", "document", "page", "quote", "state", "kind", "source")
TABLES, LINES = (".csv", ".tsv", ".txt"), (".jsonl", ".ndjson")
NO_PLACE = "place"  # `Pair.reason` of an imported pair whose place was not found
_KINDS = (
    *("heading", "faq", "definition", "cell", "key_value", "mail", "cloze", "keywords"),
    *("fact", "number", "date", "how_to", "yes_no", "several"),
)
_RUN = re.compile(r"'*[=+\-@\t\r]")  # what a spreadsheet runs, and what an apostrophe hides of it
_HIDDEN = re.compile(r"'+[=+\-@\t\r]")
_SEPARATOR = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)


class Finder(Protocol):
    """`services.locate.Locator`."""

    @property
    def fold_of(self) -> Callable[[str, int], Fold]: ...

    def locate(
        self, document: str, page: int | None, quote: str, answer: str = ""
    ) -> Located | None: ...


@dataclass(frozen=True, slots=True)
class Trouble:
    """What is wrong with a line of a file, in a whole sentence. Lines count from 1."""

    line: int
    words: str


@dataclass(frozen=True, slots=True)
class Imported:
    pairs: tuple[Pair, ...]
    troubles: tuple[Trouble, ...]


@dataclass(frozen=True, slots=True)
class _Entry:
    """A line of a file, not yet looked up. `absent`: it says that the documents do not answer."""

    line: int
    question: str
    answers: tuple[str, ...]
    document: str
    page: int | None
    quote: str
    state: str
    kind: str
    absent: bool


def export_pairs(
    pairs: Sequence[Pair],
    path_of: Callable[[str], str],
    target: Path,
    paged: Callable[[str], bool] = lambda document_id: True,
) -> int:
    """Writes pairs to `target`, whole or not at all, as its ending says; how many.

    `path_of` gives the path of a document by its id, "" where it is gone; `paged` whether a
    document's page numbers mean anything. Raises `WrongUse` for another ending, and where the file
    cannot be written.
    """
    if target.suffix.lower() == ".csv":
        text = "\ufeff" + _table(pairs, path_of)
    elif target.suffix.lower() in LINES:
        text = "".join(
            json.dumps(_record(pair, path_of(pair.document_id), paged), ensure_ascii=False) + "\n"
            for pair in pairs
        )
    else:
        raise WrongUse(detail=f"{target.name}: the name of the file must end with .csv or .jsonl")
    half = target.with_name(target.name + ".half")
    try:
        try:
            half.write_bytes(text.encode())
            os.replace(half, target)
        finally:
            half.unlink(missing_ok=True)
    except OSError as error:
        raise WrongUse(detail=f"{target} cannot be written ({error.strerror})") from error
    return len(pairs)


def import_pairs(source: Path, finder: Finder) -> Imported:
    """Reads pairs from a file: a person's own, right unless the file says otherwise.

    Where its place is not found one that is not told wrong is kept as skipped, for the reason
    `NO_PLACE`, and named in the troubles; a line that holds no question is named there alone. Raises `WrongUse` where
    the file cannot be opened, or holds no questions at all.
    """
    try:
        data = source.read_bytes()
    except OSError as error:
        raise WrongUse(detail=f"{source} cannot be opened ({error.strerror})") from error
    suffix = source.suffix.lower()
    if suffix not in TABLES + LINES:
        raise WrongUse(detail=f"{source.name}: the name of the file must end with .csv or .jsonl")
    entries = _from_lines(_text(data)) if suffix in LINES else _from_table(_text(data), source.name)
    pairs: dict[str, Pair] = {}
    troubles: list[Trouble] = []
    for entry in entries:
        if isinstance(entry, Trouble):
            troubles.append(entry)
            continue
        pair = _pair(entry, finder)
        pairs[pair.id] = pair  # the last of two that ask the same of the same place
        if pair.reason == NO_PLACE:
            troubles.append(Trouble(entry.line, _why_no_place(entry)))
    if not pairs and not troubles:
        raise WrongUse(detail=f"{source.name}: no questions in it")
    return Imported(tuple(pairs.values()), tuple(troubles))


# out


def _table(pairs: Sequence[Pair], path_of: Callable[[str], str]) -> str:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for pair in pairs:
        page = str(pair.spans[0].page) if pair.spans else ""
        path = path_of(pair.document_id) if pair.document_id else ""
        row = (pair.question, pair.answer, path, page, pair.quote)
        cells = (*row, pair.state.value, pair.kind, pair.source.value)
        writer.writerow([_harmless(storable(cell)) for cell in cells])
    return out.getvalue()


def _harmless(cell: str) -> str:
    return "'" + cell if _RUN.match(cell) else cell


def _plain(cell: str) -> str:
    return cell[1:] if _HIDDEN.match(cell) else cell


def _record(pair: Pair, path: str, paged: Callable[[str], bool]) -> dict[str, Any]:
    """A line of a questions file. Where only the place is known, the quote is the answer."""
    by_place = not pair.answer and not pair.absent
    page = pair.spans[0].page if pair.spans and paged(pair.document_id) else None
    evidence = [{"file": path, "page": page, "text": pair.quote}] if path and pair.quote else []
    answer = storable(pair.answer or (pair.quote if by_place else "")) or None
    return {
        "id": pair.id,
        "question": storable(pair.question),
        "answer": answer,
        "answers": [] if answer is None else [answer],
        "evidence": evidence,
        "kind": pair.kind,
        "style": pair.style,
        "state": pair.state.value,
        "reason": pair.reason,
        "source": pair.source.value,
        "fold": pair.fold.value,
        "by_place": by_place,
    }


# in


def _text(data: bytes) -> str:
    """As spreadsheet programs write it: UTF-8, UTF-16 with its mark, else the old Western one."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def _from_table(text: str, name: str) -> Iterator[_Entry | Trouble]:
    told = _SEPARATOR.match(text)
    text = text[told.end() :] if told else text
    head = _head(text, told[1] if told else "")
    if head is None:
        raise WrongUse(
            detail=f"{name}: its first line must name the columns, and one of them must be called question"
        )
    separator, columns = head
    lines = list(io.StringIO(text, newline=""))
    for line, row in _rows(lines, separator):
        at = line + bool(told)
        if isinstance(row, str):
            yield Trouble(at, f"This line cannot be read as a line of a table ({row}).")
        elif line > 1 and any(cell.strip() for cell in row):
            yield _entry_of_row(at, dict(zip(columns, map(_plain, row), strict=False)))


def _rows(lines: Sequence[str], separator: str) -> Iterator[tuple[int, list[str] | str]]:
    """(line that it begins on, cells) of each row; for one that is spoilt what is wrong.

    Behind a spoilt one it goes on with the next line: a quotation mark that is never closed would
    take all the others with it.
    """
    start = 0
    while start < len(lines):
        reader = csv.reader(iter(lines[start:]), delimiter=separator, strict=True)
        first = start
        try:
            for row in reader:
                yield start + 1, row
                start = first + reader.line_num
        except csv.Error as error:
            yield start + 1, str(error)
            start += 1


def _head(text: str, told: str) -> tuple[str, list[str]] | None:
    """(what parts the cells, names of the columns); None where no column is called question."""
    found = []
    for separator in told or ",;\t":
        _, first = next(_rows(text.splitlines(keepends=True)[:1], separator), (1, []))
        names = [
            " ".join(name.split()).casefold() for name in (first if isinstance(first, list) else [])
        ]
        if "question" in names:
            found.append((len(set(names) & set(COLUMNS)), separator, names))
    if not found:
        return None
    _, separator, names = max(found, key=lambda one: one[0])
    return separator, names


def _entry_of_row(line: int, cells: Mapping[str, str]) -> _Entry | Trouble:
    page = cells.get("page", "").strip()
    if page and not page.isdecimal():
        return Trouble(line, f"“{page}” is no number of a page.")
    kind = cells.get("kind", "").strip().casefold()
    entry = _Entry(
        line,
        cells.get("question", ""),
        tuple(filter(None, [" ".join(cells.get("answer", "").split())])),
        cells.get("document", ""),
        int(page) if page else None,
        cells.get("quote", ""),
        cells.get("state", ""),
        kind,
        kind == "absent",
    )
    return _checked(entry)


def _from_lines(text: str) -> Iterator[_Entry | Trouble]:
    for line, words in enumerate(text.split("\n"), 1):
        if words.strip():
            try:
                found = json.loads(words)
                yield _entry_of_object(line, found)
            except json.JSONDecodeError as error:
                yield Trouble(line, f"This line is no JSON ({error.msg}).")
            except RecursionError:
                yield Trouble(line, "This line is no question with its answer.")


def _entry_of_object(line: int, found: Any) -> _Entry | Trouble:
    if not isinstance(found, dict) or not isinstance(found.get("question"), str):
        return Trouble(line, 'A line must be an object with a "question".')
    answers = [found.get("answer"), *_listed(found.get("answers"))]
    places = _listed(found.get("evidence"))
    if not all(answer is None or isinstance(answer, str) for answer in answers):
        return Trouble(line, '"answer" must be a text or null, "answers" a list of texts.')
    if not all(isinstance(place, dict) for place in places):
        return Trouble(line, '"evidence" must be a list of objects with "file", "page" and "text".')
    place = places[0] if places else {}
    page = place.get("page")
    plain = tuple(dict.fromkeys(" ".join(answer.split()) for answer in answers if answer))
    by_place = found.get("by_place") is True
    entry = _Entry(
        line,
        found["question"],
        () if by_place else tuple(filter(None, plain)),
        str(place.get("file") or ""),
        page if isinstance(page, int) else None,
        str(place.get("text") or ""),
        str(found.get("state") or ""),
        str(found.get("kind") or ""),
        not any(plain) and not by_place,
    )
    return _checked(entry)


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _checked(entry: _Entry) -> _Entry | Trouble:
    """The entry with texts that can be kept, or what is wrong with its question."""
    try:
        question = " ".join(received(entry.question).split())
    except RagDeskError as error:
        return Trouble(entry.line, sentence(error))

    def kept(text: str) -> str:
        return storable(text.replace("\0", " "))

    return replace(
        entry,
        question=question,
        answers=tuple(map(kept, entry.answers)),
        document=kept(entry.document),
        quote=kept(entry.quote),
    )


def _pair(entry: _Entry, finder: Finder) -> Pair:
    said = entry.state.strip().casefold()
    state = PairState(said) if said in tuple(PairState) else PairState.RIGHT
    answer, place = _placed(entry, finder)
    at = (place.document_id, place.position) if place else ("", -1)
    known = entry.kind if entry.kind in _KINDS else "fact"
    pair = Pair(
        id=pair_id(entry.question, *at),
        question=entry.question,
        answer=answer,
        document_id=at[0],
        position=at[1],
        source=PairSource.PERSON,
        kind="absent" if entry.absent else known,
        fold=finder.fold_of(*at) if place else drawn_fold(entry.question),
        state=state,
    )
    if place is not None:
        return replace(pair, quote=place.quote, spans=place.spans, start=place.start, end=place.end)
    if entry.absent or state not in (PairState.MADE, PairState.RIGHT):
        return replace(pair, quote=entry.quote)
    return replace(pair, quote=entry.quote, state=PairState.SKIPPED, reason=NO_PLACE)


def _placed(entry: _Entry, finder: Finder) -> tuple[str, Located | None]:
    """The answer that is kept, the first that stands word for word at its place, and that place."""
    first = next(iter(entry.answers), "")
    if entry.absent:
        return "", None
    found: list[tuple[str, Located]] = []
    for answer in entry.answers or ("",):
        place = finder.locate(entry.document, entry.page, entry.quote, answer)
        if place is not None and place.start >= 0:
            return answer, place
        if place is not None:
            found.append((answer, place))
    return found[0] if found else (first, None)


def _why_no_place(entry: _Entry) -> str:
    where = f"in {entry.document}" if entry.document else "in your documents"
    if entry.quote:
        return f"The words that it quotes were not found {where}. The question is kept as skipped."
    if entry.document and entry.answers:
        return (
            f"The answer was not found just once {where}. Copy the sentence that says it into the"
            " column quote; until then the question is kept as skipped."
        )
    return (
        "It does not say where the answer stands. Give the document and copy the sentence into the"
        " column quote; until then the question is kept as skipped."
    )
