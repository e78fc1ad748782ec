"""The program inside a pool process: `python -m ragdesk.adapters.parsers`.

Standard input: a JSON object a line, {"path": …, "password": null or a string}. Standard output:
JSON lines, as in `wire`: the pages of that file, then one reading. It ends when its input does.
Time and memory are bounded from outside, by whoever started it.
"""

from __future__ import annotations

import json
import logging
import os
import sys
import warnings
from pathlib import Path
from typing import BinaryIO

from ragdesk.domain.document import Reading, Verdict

from .reading import read_file
from .wire import line


def main() -> int:
    """Serves files until standard input ends."""
    answers = _take_stdout()
    # Nobody reads what libraries have to say about a file; the verdict says what matters.
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    for request in sys.stdin.buffer:
        wanted = json.loads(request)
        _serve(Path(wanted["path"]), wanted.get("password"), answers)
    return 0


def _take_stdout() -> BinaryIO:
    """The real standard output, for us alone: what libraries print goes to standard error."""
    real = os.dup(1)
    os.dup2(2, 1)
    return os.fdopen(real, "wb")


def _serve(path: Path, password: str | None, answers: BinaryIO) -> None:
    try:
        for thing in read_file(path, password):
            answers.write(line(thing))
    except MemoryError:  # a page that fits into memory may not fit a second time, as a line
        answers.write(line(Reading(Verdict.TOO_LARGE)))
    answers.flush()


if __name__ == "__main__":
    raise SystemExit(main())
