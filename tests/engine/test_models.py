"""What the engine knows of language models: their exams, and what suits this computer."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from ragdesk import messages as m
from ragdesk.domain.catalogue import Computer
from ragdesk.domain.chat import Message
from ragdesk.domain.entrance import FAILED
from ragdesk.domain.job import JobKind, JobState
from ragdesk.domain.protocols import ModelServer
from ragdesk.engine.models import Models
from ragdesk.engine.runner import JobSteps, Runner
from ragdesk.engine.serving import Serving
from ragdesk.store.choices import Choices
from ragdesk.store.database import Database
from ragdesk.store.entrances import Entrances
from ragdesk.store.home import Home
from ragdesk.store.jobs import Jobs
from tests.fakes_chat import Line, ScriptedChat, ScriptedServer

GIGA = 1_000_000_000
FULL = "built-in/built-in"


class Server(ScriptedServer):
    name = "built-in"


class Ollama(ScriptedServer):
    name = "ollama"


class Bench:
    """`Models` over scripted servers and a real store, with a queue."""

    def __init__(self, home: Home, script: object) -> None:
        self.home = home
        self.database = Database.for_writing(home)
        self.events: list[m.Event] = []
        self.jobs = Jobs(self.database)
        chat = ScriptedChat(script, name="built-in")  # type: ignore[arg-type]
        self.servers: dict[str, Callable[[], ModelServer]] = {"built-in": lambda: Server(chat)}
        self.adapter: Path | None = None
        self.serving = Serving(self.servers, Choices(self.database), lambda model: self.adapter)
        self.computer = Computer(16 * GIGA, 12 * GIGA, 100 * GIGA, 8, avx2=True)
        self.models = Models(
            self.serving, Entrances(home), self.jobs, lambda servers: self.computer,
            self.events.append,
        )  # fmt: skip

    def runner(self) -> Runner:
        return Runner(self.jobs, {JobKind.ENTRANCE: self.models.examine}, self.events.append)

    def exam(self) -> dict[str, str]:
        return self.models.listed().exams[0]

    def close(self) -> None:
        self.serving.close()
        self.database.close()


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Callable[[object], Bench]]:
    benches: list[Bench] = []

    def made(script: object) -> Bench:
        home = Home(tmp_path / "home")
        home.make()
        benches.append(Bench(home, script))
        return benches[-1]

    yield made
    for one in benches:
        one.close()


def copies(told: Sequence[Message]) -> str:
    """The first sentence of the first passage, with its marker: it cites, and refuses nothing."""
    first = re.search(r'"""\s*(.+?)"""', told[-1].text, re.DOTALL)
    assert first is not None
    return first[1].strip().split(". ")[0] + ". [1]"


def test_an_exam_is_sat_kept_and_told_in_words(bench: Callable[[object], Bench]) -> None:
    desk = bench(copies)
    assert desk.models.exam() == "none"
    assert desk.exam() == {
        "verdict": "", "words": "not examined yet: trying it out takes about five minutes",
    }  # fmt: skip
    job = desk.jobs.enqueue(JobKind.ENTRANCE, FULL, {"model": FULL})
    runner = desk.runner()
    runner.start()
    assert runner.wait_until_idle(60)
    assert runner.stop(10)
    assert desk.jobs.get(job).state is JobState.DONE
    progress = [(e.done, e.total) for e in desk.events if isinstance(e, m.JobChanged) and e.total]
    assert (40, 40) in progress
    listed = next(e for e in desk.events if isinstance(e, m.ModelsListed))
    assert listed.exams[0]["verdict"] == FAILED  # it answers what no passage says
    assert "a second an answer" in listed.exams[0]["words"]
    assert desk.models.exam() == FAILED
    assert m.decode(m.encode(listed)) == listed
    desk.models.delete(FULL)  # what its exam showed goes with it
    assert desk.exam()["verdict"] == ""


def test_a_stopped_exam_keeps_nothing(bench: Callable[[object], Bench]) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def script(told: Sequence[Message]) -> Iterator[Line]:
        begun.set()
        assert go_on.wait(30)
        yield "Ten. [1]"

    desk = bench(script)
    job = desk.jobs.enqueue(JobKind.ENTRANCE, FULL, {"model": FULL})
    runner = desk.runner()
    runner.start()
    assert begun.wait(30)
    runner.halt(job, JobState.CANCELLED)
    go_on.set()
    assert runner.wait_until_idle(30)
    assert runner.stop(10)
    assert desk.exam()["verdict"] == ""


def test_a_result_holds_for_one_adapter_only(
    bench: Callable[[object], Bench], tmp_path: Path
) -> None:
    desk = bench(copies)
    desk.adapter = tmp_path / "writer.gguf"
    desk.adapter.write_bytes(b"one")
    job = desk.jobs.get(desk.jobs.enqueue(JobKind.ENTRANCE, FULL, {"model": FULL}))
    desk.models.examine(job, JobSteps(job, desk.jobs, desk.events.append, lambda: False))
    assert desk.exam()["verdict"] == FAILED
    desk.adapter.write_bytes(b"another")
    assert desk.exam()["verdict"] == ""


def test_what_suits_the_computer_is_recommended_and_offered(
    bench: Callable[[object], Bench],
) -> None:
    desk = bench(copies)
    alone = desk.models.listed()
    assert "SmolLM2" in alone.recommended
    assert not any(offer["ready"] for offer in alone.offers)
    desk.servers["ollama"] = lambda: Ollama(ScriptedChat("", name="granite4:tiny-h"))
    both = desk.models.listed()
    offers = {offer["name"]: offer for offer in both.offers}
    assert "ollama/granite4:tiny-h" not in offers  # it is here already
    assert FULL not in offers
    assert offers["ollama/lfm2.5:8b-a1b"]["fits"]
    assert offers["ollama/lfm2.5:8b-a1b"]["ready"]
    assert not offers["ollama/qwen3:30b-a3b-instruct-2507-q4_K_M"]["fits"]
    assert "LFM2.5" in both.recommended


def test_how_fast_a_model_wrote_in_its_exam_tells_how_fast_others_will(
    bench: Callable[[object], Bench],
) -> None:
    desk = bench(copies)
    assert "words a second" not in str(desk.models.listed().offers)
    job = desk.jobs.get(desk.jobs.enqueue(JobKind.ENTRANCE, FULL, {"model": FULL}))
    desk.models.examine(job, JobSteps(job, desk.jobs, desk.events.append, lambda: False))
    assert "words a second here" in str(desk.models.listed().offers)
