"""`ragdesk` opens the window, `ragdesk FILE…` hands it files; a word after it is a command."""

from __future__ import annotations

from ragdesk import privacy

privacy.shut()  # before any other import, in every process: nothing leaves

import os  # noqa: E402
import sys  # noqa: E402
from collections.abc import Sequence  # noqa: E402
from pathlib import Path  # noqa: E402


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the window or a command; returns the exit status of design section 4."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    home, rest = _home_first(given)
    if _is_for_window(rest):
        from ragdesk.ui.app import run

        return run(home, [os.path.abspath(path) for path in rest])
    from ragdesk.cli import main as command

    return command(given if home is None else [rest[0], f"--home={home}", *rest[1:]])


def _home_first(given: Sequence[str]) -> tuple[Path | None, list[str]]:
    """The folder of a leading `--home`, and what comes after it."""
    if given and given[0].startswith("--home="):
        return Path(given[0].removeprefix("--home=")), list(given[1:])
    if len(given) > 1 and given[0] == "--home":
        return Path(given[1]), list(given[2:])
    return None, list(given)


def _is_for_window(rest: Sequence[str]) -> bool:
    """Nothing, or files: what has a dot or a separator in its name and is there. Commands are words."""
    separators = [mark for mark in (".", os.sep, os.altsep) if mark]
    return all(
        not path.startswith("-")
        and any(mark in path for mark in separators)
        and os.path.exists(path)
        for path in rest
    )


if __name__ == "__main__":
    sys.exit(main())
