"""The hour on real parts: search, reader, store and journal; only who trains the reader is a fake."""

from __future__ import annotations

import dataclasses
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from ragdesk import messages as m
from ragdesk.domain.job import Job, JobKind, JobState
from ragdesk.domain.training import STEPS, Fold, Lesson, PairState
from ragdesk.engine.build import NoIndex, build_embedder, build_parts, build_workshop
from ragdesk.engine.build import build_serving as serving_of
from ragdesk.engine.building import Building
from ragdesk.engine.child import Spawner
from ragdesk.engine.runner import JobSteps
from ragdesk.errors import NothingToLearn
from ragdesk.resources import asset
from ragdesk.settings import MODEL_NAME
from ragdesk.store.assistants import Assistants
from ragdesk.store.database import Database
from ragdesk.store.home import Home
from ragdesk.store.jobs import Jobs
from ragdesk.store.pairs import Pairs
from ragdesk.store.passages import Passages
from tests.engine.papers import write_papers
from tests.fakes_trainer import FakeReaderTrainer

pytestmark = pytest.mark.timeout(900)  # whole builds, on a computer that may be busy


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the papers read and embedded; copied by whoever writes into it."""
    folder = tmp_path_factory.mktemp("papers")
    write_papers(folder / "papers", 12)
    added = subprocess.run(
        [sys.executable, "-m", "ragdesk", "add", "--home", folder / "home", folder / "papers"],
        check=False,
        capture_output=True,
        timeout=200,
    )
    assert added.returncode == 0, added.stderr
    return folder / "home"


class Recording(FakeReaderTrainer):
    """Keeps what it was to learn."""

    def __init__(self, base: Path) -> None:
        super().__init__(base)
        self.taught: list[Lesson] = []

    def train(
        self,
        lessons: Sequence[Lesson],
        steps: int,
        seed: int,
        work: Path,
        folder: Path,
        *,
        on_progress: Callable[[int, int], None],
        stopped: Callable[[], bool],
    ) -> bool:
        self.taught += lessons
        return super().train(
            lessons, steps, seed, work, folder, on_progress=on_progress, stopped=stopped
        )


class Bench:
    """One build, driven by hand: `go` runs its job once, as the queue does."""

    def __init__(self, home: Home) -> None:
        self.home = home
        self.database = Database.for_writing(home)
        embedder = build_embedder()
        cores = os.cpu_count() or 1
        parts = build_parts(self.database, embedder, NoIndex(), cores)
        spawn = Spawner(home.log)
        serving = serving_of(home, parts.choices, spawn)
        shop = build_workshop(home, parts, embedder, NoIndex(), None, cores, spawn, serving)
        self.trainer = Recording(asset("models", "minilm-reader"))
        self.heard: list[m.Event] = []
        self.halted: list[int] = []
        self.jobs = Jobs(self.database)
        self.assistants = Assistants(self.database)
        self.pairs = Pairs(self.database)
        self.building = Building(
            dataclasses.replace(shop, trainer=self.trainer),
            self._halt,
            self.halted.remove,
            self.heard.append,
        )

    def _halt(self, job_id: int, to: JobState) -> None:
        self.halted.append(job_id)
        self.jobs.move(job_id, to)

    def order(self, *, waits: bool = False, minutes: int = 60) -> Job:
        assistant = self.assistants.create("Papers", None)
        payload = {
            "assistant_id": assistant.id, "minutes": minutes, "teacher": "", "waits": waits,
        }  # fmt: skip
        return self.jobs.get(self.jobs.enqueue(JobKind.BUILD, "Papers", payload))

    def go(self, job: Job, stopped: Callable[[], bool] = lambda: False) -> None:
        self.building.build(job, JobSteps(job, self.jobs, self.heard.append, stopped))

    def steps(self) -> list[str]:
        moved = [one.step for one in self.heard if isinstance(one, m.BuildMoved)]
        return list(dict.fromkeys(moved))


@pytest.fixture
def bench(library: Path, tmp_path: Path) -> Iterator[Bench]:
    shutil.copytree(library, tmp_path / "home")
    bench = Bench(Home(tmp_path / "home"))
    yield bench
    bench.database.close()


@pytest.fixture(scope="module")
def built(library: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    """A build that went through undisturbed, to be looked at."""
    home = tmp_path_factory.mktemp("built") / "home"
    shutil.copytree(library, home)
    bench = Bench(Home(home))
    bench.go(bench.order())
    yield bench
    bench.database.close()


def test_a_build_ends_in_a_version_that_nobody_uses_yet(built: Bench) -> None:
    bench = built
    assistant = bench.assistants.named("papers")
    [version] = bench.assistants.versions(assistant.id)
    assert (version.number, assistant.current) == (1, 0)
    folder = bench.home.version(assistant.id, 1)
    assert {"recipe.json", "card.json"} <= {path.name for path in folder.iterdir()}
    assert json.loads((folder / "card.json").read_text("utf-8"))["exam"] == version.card.exam
    assert version.card.documents == 12
    assert version.card.practice > version.card.exam > 0
    right = version.card.measure("right")
    assert right is not None
    assert right.questions == version.card.exam
    parts = {part.name: part for part in version.card.parts}
    assert set(parts) == {"mix", "query", "reader", "calibrator"}
    assert not parts["reader"].kept  # the fake hands the same one on: nothing is gained by it
    assert parts["reader"].before == parts["reader"].after
    assert bench.steps() == [step for step in STEPS if step not in ("questions", "review")]


def test_a_build_that_is_over_does_not_begin_again(built: Bench) -> None:
    [job] = [job for job in built.jobs.all() if job.kind is JobKind.BUILD]
    built.go(job)  # as after a kill between the version and the end of the job
    assistant = built.assistants.named("papers")
    assert [version.number for version in built.assistants.versions(assistant.id)] == [1]


def test_the_reader_is_taught_nothing_of_the_exam(built: Bench) -> None:
    assistant = built.assistants.named("papers")
    recipe = json.loads((built.home.version(assistant.id, 1) / "recipe.json").read_text("utf-8"))
    passages = Passages(built.database, MODEL_NAME)
    texts: dict[str, set[str]] = {fold.value: set() for fold in Fold}
    for passage_id, fold in recipe["folds"].items():
        document, _, position = passage_id.rpartition(":")
        passage = passages.at(document, int(position))
        assert passage is not None
        texts[fold].add(passage.text)
    taught = {one.text for lesson in built.trainer.taught for one in lesson.passages}
    assert taught
    assert taught <= texts["practice"]
    assert not taught & (texts["exam"] | texts["tuning"])


def test_a_build_waits_for_a_person_and_leaves_wrong_questions_out(bench: Bench) -> None:
    job = bench.order(waits=True)
    bench.go(job)
    assert bench.halted == [job.id]
    assert bench.jobs.get(job.id).state is JobState.PAUSED
    assistant = bench.assistants.named("papers")
    assert bench.assistants.versions(assistant.id) == []
    able = [pair for pair in bench.pairs.all(assistant.id, folds=[Fold.EXAM]) if pair.examined]
    right, wrong = able[0], able[1]
    bench.pairs.move(assistant.id, right.id, PairState.RIGHT)
    bench.pairs.move(assistant.id, wrong.id, PairState.WRONG)
    bench.jobs.set_payload(job.id, {**bench.jobs.payload(job.id), "waits": False})
    bench.go(job)
    [version] = bench.assistants.versions(assistant.id)
    assert version.card.confirmed == 1
    asked = [one.words for one in bench.heard if isinstance(one, m.BuildMoved)]
    assert not any(words.startswith(wrong.question) for words in asked)


def test_too_little_text_is_said_and_nothing_is_left_behind(tmp_path: Path) -> None:
    home = Home(tmp_path / "small")
    home.make()
    bench = Bench(home)
    job = bench.order()
    with pytest.raises(NothingToLearn):
        bench.go(job)
    assert bench.assistants.versions(bench.assistants.named("papers").id) == []
    bench.database.close()


def test_stopped_anywhere_it_ends_in_the_same_files(library: Path, tmp_path: Path) -> None:
    """The plan frozen, one build goes through and another is stopped at every chance it has."""
    first = tmp_path / "first"
    shutil.copytree(library, first)
    bench = Bench(Home(first))
    job = bench.order()
    assistant_id = bench.assistants.named("papers").id
    calls = [0]

    def soon() -> bool:  # stops as soon as the recipe is written
        return (bench.home.assistant(assistant_id) / f"run-{job.id}" / "recipe.json").exists()

    bench.go(job, soon)
    bench.database.close()
    second = tmp_path / "second"
    shutil.copytree(first, second)

    whole, broken = Bench(Home(first)), Bench(Home(second))
    whole.go(whole.jobs.get(job.id))

    def now_and_then() -> bool:
        calls[0] += 1
        return calls[0] % 7 == 0

    for _ in range(60):
        broken.go(broken.jobs.get(job.id), now_and_then)
        if broken.assistants.versions(assistant_id):
            break
    else:
        pytest.fail("it never came to an end")
    assert calls[0] > 14
    assert _files(whole.home.version(assistant_id, 1)) == _files(
        broken.home.version(assistant_id, 1)
    )
    whole.database.close()
    broken.database.close()


def _files(folder: Path) -> dict[str, bytes]:
    """The files of a version, timings left out."""
    found = {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
    card = json.loads(found["card.json"])
    card.pop("minutes")
    card.pop("notes")  # they say how long it is to take
    card["measures"] = [one for one in card["measures"] if one["name"] != "seconds"]
    return found | {"card.json": json.dumps(card).encode()}


@pytest.mark.slow
@pytest.mark.timeout(1500)
def test_killed_ten_times_it_ends_in_the_same_files(library: Path, tmp_path: Path) -> None:
    """The command line, the reader really trained; kill -9 at ten moments of one of the two."""
    first, second = tmp_path / "first", tmp_path / "second"
    shutil.copytree(library, first)
    _until(_started(first), lambda: bool(list(first.glob("assistants/*/run-*/recipe.json"))))
    shutil.copytree(first, second)
    assert _started(first).wait(700) in (0, 1)
    for _ in range(10):
        process = _started(second)
        _until(process, lambda: False, 7.0)
        if list(second.glob("assistants/*/v0001")):
            pytest.fail("it was over before it was killed ten times")
    assert _started(second).wait(700) in (0, 1)
    [one], [other] = (
        [Path(path) for path in folder.glob("assistants/*/v0001")] for folder in (first, second)
    )
    assert _files(one) == _files(other)


def _started(home: Path) -> subprocess.Popen[bytes]:
    order = ["build", "Papers", "--minutes", "30", "--home", str(home), "--json"]
    return subprocess.Popen(
        [sys.executable, "-m", "ragdesk", *order],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def _until(
    process: subprocess.Popen[bytes], done: Callable[[], bool], seconds: float = 300.0
) -> None:
    """Kills the process and all that it started, once `done` or after so long."""
    deadline = time.monotonic() + seconds
    while not done() and time.monotonic() < deadline:
        time.sleep(0.2)
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait(30)
