"""Reads one file to its verdict: whatever goes wrong on the way ends in one, never in a traceback."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from ragdesk.domain.document import Page, Reading, Verdict
from ragdesk.domain.protocols import Parser

from . import parser_of_kind
from .kinds import Recognised, recognise
from .limits import DamagedError, TooLargeError
from .locked import NeedsPasswordError

_DETAIL_MAX = 300


def read_file(path: Path, password: str | None = None) -> Iterator[Page | Reading]:
    """The pages of a file in order, then exactly one reading. Raises nothing."""
    kind = ""
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            yield Reading(Verdict.UNREADABLE, detail="not a regular file")
            return
        if status.st_size == 0:
            yield Reading(Verdict.EMPTY)
            return
        found = recognise(path)
        kind = found.kind
        parser = parser_of_kind(kind)
        if parser is None:
            yield Reading(Verdict.UNSUPPORTED, kind)
            return
        yield from _parsed(parser, path, password, found)
    except NeedsPasswordError:
        yield Reading(Verdict.NEEDS_PASSWORD, kind, detail="wrong" if password else "")
    except OSError as error:
        yield Reading(Verdict.UNREADABLE, kind, detail=_words(error))
    except (MemoryError, TooLargeError) as error:
        yield Reading(Verdict.TOO_LARGE, kind, detail=_words(error))
    except DamagedError as error:
        yield Reading(Verdict.DAMAGED, kind, detail=_words(error))
    except Exception as error:  # noqa: BLE001 - this is the place where all of them end
        yield Reading(Verdict.DAMAGED, kind, detail=_words(error))


def _parsed(
    parser: Parser, path: Path, password: str | None, found: Recognised
) -> Iterator[Page | Reading]:
    for thing in parser.parse(path, password):
        if isinstance(thing, Reading) and not found.fits and thing.verdict.answers:
            gaps = ((0, "wrong_ending"), *thing.gaps)
            thing = replace(thing, verdict=Verdict.READY_WITH_GAPS, gaps=gaps)
        yield thing


def _words(error: BaseException) -> str:
    text = str(error) if isinstance(error, TooLargeError | DamagedError) else repr(error)
    return text.encode("ascii", "backslashreplace").decode("ascii")[:_DETAIL_MAX]
