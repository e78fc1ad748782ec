"""Every check of the project, in one go: style, types, tests."""

from __future__ import annotations

from pathlib import Path

from installers.environment import Environment
from installers.system import say


def run(root: Path, place: Environment, pytest_arguments: list[str]) -> int:
    """Run ruff, mypy and pytest, all three whatever the first ones say.

    The tests come last, so that pytest's closing line closes the output. Returns the exit status
    of the first one that failed, else 0.
    """
    steps = (
        ("ruff", ["check", "ragdesk", "installers", "tests", "setup.py"]),
        ("mypy", ["--strict", "ragdesk", "installers"]),
        ("pytest", pytest_arguments),
    )
    statuses = []
    for name, arguments in steps:
        say(f"\n{name} {' '.join(arguments)}")
        statuses.append(place.call(name, *arguments, folder=root))
    return next((status for status in statuses if status), 0)
