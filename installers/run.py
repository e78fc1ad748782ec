"""Sets RagDesk up and runs it: one command on a computer that has nothing but Python.

    python3 installers/run.py         sets up, runs the main job on samples, opens the window
    python3 installers/run.py test    sets up and runs every check and test

Standard library only. May be interrupted and started again at any point. Exit status: 0 done,
2 wrong use, 4 a part is missing, 5 failed, 130 interrupted; `test` passes on what the tests say.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OLDEST, NEWEST = (3, 11), (3, 13)
MISSING = 4


def usable(version: tuple[int, int]) -> bool:
    """True where RagDesk runs on this version of Python."""
    return OLDEST <= version <= NEWEST


def other_python() -> str | None:
    """The newest Python on this computer that RagDesk runs on, if there is one beside this one."""
    names = [f"python3.{minor}" for minor in range(NEWEST[1], OLDEST[1] - 1, -1)]
    return next((found for found in map(shutil.which, names) if found), None)


def insist_on_python() -> None:
    """Go on with a Python that RagDesk runs on, or say in plain words which one is needed."""
    if usable(sys.version_info[:2]):
        return
    here = ".".join(map(str, sys.version_info[:2]))
    found = other_python()
    if found is None:
        print(
            f"RagDesk needs Python 3.11, 3.12 or 3.13; this is {here}. Nothing was changed.\n"
            "Install one of them beside it and start this again with it, for example:\n"
            "  python3.13 installers/run.py",
            file=sys.stderr,
        )
        sys.exit(MISSING)
    print(f"Python {here} is not one that RagDesk runs on: going on with {found}", flush=True)
    sys.exit(subprocess.call([found, *sys.argv]))


def parse(arguments: list[str]) -> tuple[Namespace, list[str]]:
    """The options, and what follows `test` for pytest."""
    parser = ArgumentParser(
        prog="installers/run.py", description=__doc__.partition("\n")[0], allow_abbrev=False
    )
    parser.add_argument(
        "command",
        nargs="?",
        choices=["run", "setup", "test"],
        default="run",
        help="run: set up and run (the default); setup: set up only; test: set up and run the "
        "checks and tests (further words go to pytest)",
    )
    parser.add_argument(
        "--venv",
        type=Path,
        default=ROOT / ".venv",
        metavar="FOLDER",
        help="where the Python environment lies (.venv in the project)",
    )
    parser.add_argument(
        "--offline",
        type=Path,
        metavar="FOLDER",
        help="install from the wheels in this folder and ask no server",
    )
    parser.add_argument(
        "--extra-index", metavar="URL", help="one more package index, such as one of CPU builds"
    )
    parser.add_argument(
        "--tuning", action="store_true", help="install what tuning needs too (torch, about 2 GB)"
    )
    parser.add_argument(
        "--cuda",
        action="store_true",
        help="take torch with CUDA (about 3 GB) where no smaller build of it is offered",
    )
    parser.add_argument(
        "--small",
        action="store_true",
        help="leave out what writes answers: the part that runs language models (106 MB on the disk) and "
        "the built-in model (98 MB); answers in quotes need neither",
    )
    parser.add_argument("--no-window", action="store_true", help="leave the window closed")
    options, rest = parser.parse_known_args(arguments)
    if rest and options.command != "test":
        parser.error(f"unknown: {' '.join(rest)}")
    return options, rest


def has_display() -> bool:
    """True where a window can be seen: always, except on a Linux without a graphical session."""
    if not sys.platform.startswith("linux"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def main(arguments: list[str]) -> int:
    """Set up, then run what was asked for. Returns the exit status."""
    insist_on_python()
    # Only now: what follows is written for the Pythons that RagDesk runs on.
    sys.path.insert(0, str(ROOT))
    from installers import checks, environment, system

    options, rest = parse(arguments)
    try:
        place = environment.set_up(ROOT, options)
        window = system.provide_qt_libraries(place.site_packages())
        system.provide_engine_libraries(place.site_packages())
        if options.command == "test":
            system.provide_test_tools()
            return checks.run(ROOT, place, rest)
        environment.bring_model(place, options)
        if options.command == "setup":
            return 0
        status = place.call("ragdesk", "demo")
        system.say(f"\nThe command ragdesk is {place.command('ragdesk')}")
        if status == 0 and window and has_display() and not options.no_window:
            return place.call("ragdesk")
        return status
    except environment.SetUpError as error:
        print(f"\n{error}", file=sys.stderr)
        return error.status


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        print("\nStopped. Start it again and it goes on from there.", file=sys.stderr)
        sys.exit(130)
