"""Assistants and practice questions on the real engine: ordered, used, taken away, said, taken in."""

from __future__ import annotations

import dataclasses
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ragdesk import messages as m
from ragdesk.domain.assistant import Assistant, Outcome, ReportCard, Version
from ragdesk.domain.job import JobState
from ragdesk.domain.training import Fold, Mix, Pair, PairSource, PairState
from ragdesk.engine.build import build_engine
from ragdesk.engine.engine import Engine
from ragdesk.engine.tuned import save_mix
from ragdesk.errors import (
    AnswerNotThere,
    AssistantExists,
    NotFound,
    QuestionEmpty,
    WrongUse,
)
from ragdesk.store.assistants import Assistants
from ragdesk.store.home import Home
from ragdesk.store.pairs import Pairs
from tests.engine.papers import write_papers

CARD = ReportCard(Outcome.NO_GAIN, "nothing was tuned")


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("papers")
    write_papers(folder / "papers", 14)
    added = subprocess.run(
        [sys.executable, "-m", "ragdesk", "add", "--home", folder / "home", folder / "papers"],
        check=False,
        capture_output=True,
        timeout=200,
    )
    assert added.returncode == 0, added.stderr
    return folder / "home"


class Bench:
    """An engine over a copy of the papers; `start` when its lanes are to run."""

    def __init__(self, home: Home) -> None:
        self.home = home
        self.events: list[m.Event] = []
        self.engine: Engine = build_engine(home, self.events.append)
        self.assistants = Assistants(self.engine.database)
        self.pairs = Pairs(self.engine.database)

    def send(self, command: m.Command) -> str:
        return self.engine.handle(command)

    def order(self, name: str = "Papers", **more: object) -> int:
        return int(self.send(m.BuildAssistant("", name, **{"minutes": 5, **more})))  # type: ignore[arg-type]

    def made(self) -> Assistant:
        """An assistant with one version, which weighs by words alone."""
        assistant = self.assistants.create("Papers", None)
        folder = self.home.version(assistant.id, 1)
        folder.mkdir(parents=True)
        save_mix(folder, Mix(covered=0.0, uncovered=0.0))
        self.assistants.add_version(Version(assistant.id, 1, 1.0, CARD))
        return assistant

    def until(self, true: Callable[[], bool], seconds: float = 60.0) -> None:
        deadline = time.monotonic() + seconds
        while not true():
            assert time.monotonic() < deadline
            time.sleep(0.02)

    def heard(self, kind: type[m.Event]) -> list[m.Event]:
        return [event for event in self.events if isinstance(event, kind)]

    def failed(self) -> list[m.Event]:
        return self.heard(m.Failed)


@pytest.fixture
def bench(library: Path, tmp_path: Path) -> Iterator[Bench]:
    shutil.copytree(library, tmp_path / "home")
    bench = Bench(Home(tmp_path / "home"))
    yield bench
    bench.engine.stop()


# builds


@pytest.mark.parametrize("minutes", [0, 4, -1, 12 * 60 + 1])
def test_a_build_of_no_sensible_length_is_refused(bench: Bench, minutes: int) -> None:
    with pytest.raises(WrongUse):
        bench.order(minutes=minutes)
    assert bench.assistants.all() == []


def test_an_assistant_needs_a_name_and_a_shelf_that_is_there(bench: Bench) -> None:
    with pytest.raises(WrongUse):
        bench.order(" \n ")
    with pytest.raises(NotFound):
        bench.order("Papers", collection_id="gone")
    shelf = bench.send(m.CreateCollection("", "Machines"))
    bench.send(m.DeleteCollection("", shelf))
    with pytest.raises(NotFound):
        bench.order("Papers", collection_id=shelf)
    assert bench.assistants.all() == []


def test_a_name_belongs_to_one_shelf(bench: Bench) -> None:
    shelf = bench.send(m.CreateCollection("", "Machines"))
    job = bench.order("Front  desk")
    with pytest.raises(AssistantExists):
        bench.order("front desk", collection_id=shelf)
    assert bench.order(" FRONT desk ") == job
    [assistant] = bench.assistants.all()
    assert (assistant.name, assistant.collection_id) == ("Front desk", None)


def test_a_second_order_goes_on_with_the_one_that_is_not_over(bench: Bench) -> None:
    job = bench.order()
    assert bench.order() == job
    bench.send(m.PauseJob("", job))
    assert bench.order() == job
    assert bench.engine.jobs.get(job).state is JobState.QUEUED
    bench.send(m.CancelJob("", job))
    again = bench.order()
    assert again != job
    bench.engine.start()
    bench.until(lambda: bool(bench.heard(m.BuildMoved)))
    assert bench.order() == again
    assert bench.engine.jobs.get(again).state is JobState.RUNNING


def test_a_build_that_waits_goes_on_when_it_is_told(bench: Bench) -> None:
    with pytest.raises(NotFound):
        bench.send(m.GoOn("", "gone"))
    job = bench.order(waits=True)
    [assistant] = bench.assistants.all()
    bench.send(m.PauseJob("", job))
    bench.send(m.GoOn("", assistant.id))
    assert bench.engine.jobs.payload(job)["waits"] is False
    assert bench.engine.jobs.get(job).state is JobState.QUEUED


def test_a_build_is_left_alone_by_who_only_adds_files(bench: Bench) -> None:
    job = bench.order()
    bench.engine.start(builds=False)
    assert bench.engine.run_until_idle(60)
    assert bench.engine.jobs.get(job).state is JobState.QUEUED
    assert bench.heard(m.BuildMoved) == []


# taking away


def test_an_assistant_taken_away_comes_back_with_what_it_has(bench: Bench) -> None:
    assistant = bench.made()
    bench.send(m.RenameAssistant("", assistant.id, " Desk "))
    bench.send(m.DeleteAssistant("", assistant.id))
    assert bench.assistants.all() == []
    other = bench.assistants.create("desk", None)
    with pytest.raises(AssistantExists):
        bench.send(m.RestoreAssistant("", assistant.id))
    bench.send(m.RenameAssistant("", other.id, "Other"))
    bench.send(m.RestoreAssistant("", assistant.id))
    assert [one.name for one in bench.assistants.all()] == ["Desk", "Other"]
    assert [one.number for one in bench.assistants.versions(assistant.id)] == [1]
    with pytest.raises(AssistantExists):
        bench.send(m.RenameAssistant("", assistant.id, "OTHER"))
    with pytest.raises(NotFound):
        bench.send(m.RenameAssistant("", "gone", "x"))


def test_the_next_start_forgets_what_was_taken_away(bench: Bench) -> None:
    assistant = bench.made()
    bench.send(m.DeleteAssistant("", assistant.id))
    assert bench.home.assistant(assistant.id).exists()
    bench.engine.stop()
    again = build_engine(bench.home, bench.events.append)
    again.start()
    again.stop()
    assert not bench.home.assistant(assistant.id).exists()


def test_final_forgets_at_once(bench: Bench) -> None:
    assistant = bench.made()
    bench.send(m.DeleteAssistant("", assistant.id, final=True))
    assert not bench.home.assistant(assistant.id).exists()
    bench.send(m.RestoreAssistant("", assistant.id))
    assert bench.assistants.all() == []


def test_a_build_at_work_is_cancelled_and_nothing_breaks(bench: Bench) -> None:
    bench.engine.start()
    job = bench.order()
    [assistant] = bench.assistants.all()
    bench.until(lambda: bool(bench.heard(m.BuildMoved)))
    bench.send(m.DeleteAssistant("", assistant.id, final=True))
    assert bench.engine.run_until_idle(400)
    assert bench.engine.jobs.get(job).state is JobState.CANCELLED
    assert bench.assistants.all() == []
    assert bench.failed() == []
    bench.engine.stop()
    again = build_engine(bench.home, bench.events.append)
    again.start()
    again.stop()
    assert not bench.home.assistant(assistant.id).exists()


# versions


def test_only_a_version_that_is_there_can_be_used(bench: Bench) -> None:
    assistant = bench.made()
    bench.send(m.UseVersion("", assistant.id, 1))
    with pytest.raises(NotFound):
        bench.send(m.UseVersion("", assistant.id, 2))
    with pytest.raises(NotFound):
        bench.send(m.UseVersion("", "gone", 0))
    assert bench.assistants.get(assistant.id).current == 1
    bench.send(m.UseVersion("", assistant.id, 0))
    assert bench.assistants.get(assistant.id).current == 0


def test_an_assistant_answers_and_the_answer_is_kept_as_its_own(bench: Bench) -> None:
    assistant = bench.made()
    bench.send(m.UseVersion("", assistant.id, 1))
    bench.engine.start()
    question = "How long is the warranty of roof tiles?"
    asked = m.Ask("", question, assistant_id=assistant.id)
    conversation = bench.send(asked)
    bench.until(lambda: bool(bench.heard(m.AnswerReady)))
    [turn] = bench.engine.conversations.turns(conversation)
    assert turn.assistant_id == assistant.id
    assert turn.answer is not None
    assert not turn.answer.refused


# practice questions


@pytest.fixture
def asked(bench: Bench) -> tuple[Bench, Assistant, Pair]:
    """A practice question about what stands in the papers, made by no model."""
    assistant = bench.made()
    row = next(one for one in bench.engine.documents.all() if one.place.name == "roof-tiles.md")
    assert row.document is not None
    passages = bench.engine.passages.of_document(row.document.id)
    passage = next(one for one in passages if "Warranty" in one.text)
    pair = Pair(
        "p1", "What is the warranty?", "", row.document.id, passage.position,
        passage.text, passage.spans, kind="heading", fold=Fold.TUNING, usefulness=0.5, made_at=7.0,
    )  # fmt: skip
    bench.pairs.add(assistant.id, [pair])
    return bench, assistant, pair


def kept(bench: Bench, assistant: Assistant) -> Pair:
    return bench.pairs.get(assistant.id, "p1")


def test_an_answer_that_does_not_stand_there_changes_nothing(
    asked: tuple[Bench, Assistant, Pair],
) -> None:
    bench, assistant, pair = asked
    with pytest.raises(AnswerNotThere):
        bench.send(m.ReviewPair("", assistant.id, "p1", "right", "", "a hundred and one nights"))
    assert kept(bench, assistant) == pair
    with pytest.raises(NotFound):
        bench.send(m.ReviewPair("", assistant.id, "gone", "right"))
    with pytest.raises(WrongUse):
        bench.send(m.ReviewPair("", assistant.id, "p1", "rejected"))


@pytest.mark.parametrize(
    "said",
    [
        ("wrong", "", ""),
        ("right", "How long is the warranty?", "Warranty"),
        ("absent", "", ""),
    ],
)
def test_what_was_said_is_undone_whole(
    asked: tuple[Bench, Assistant, Pair], said: tuple[str, str, str]
) -> None:
    bench, assistant, pair = asked
    left_out = dataclasses.replace(pair, state=PairState.REJECTED, reason="novelty")
    bench.pairs.put(assistant.id, left_out)
    bench.send(m.ReviewPair("", assistant.id, "p1", "skipped"))
    bench.send(m.ReviewPair("", assistant.id, "p1", *said))
    assert kept(bench, assistant).state is not PairState.SKIPPED
    for _ in range(2):
        bench.send(m.RestorePair("", assistant.id, "p1"))
    assert kept(bench, assistant) == left_out
    bench.send(m.RestorePair("", assistant.id, "p1"))  # nothing is left to undo
    assert kept(bench, assistant) == left_out


def test_documents_that_do_not_answer_are_a_right_answer(
    asked: tuple[Bench, Assistant, Pair],
) -> None:
    bench, assistant, _ = asked
    bench.send(m.ReviewPair("", assistant.id, "p1", "absent"))
    pair = kept(bench, assistant)
    assert (pair.absent, pair.state, pair.source) == (True, PairState.RIGHT, PairSource.PERSON)
    assert (pair.answer, pair.document_id, pair.spans, pair.quote) == ("", "", (), "")
    assert (pair.fold, pair.examined) == (Fold.TUNING, True)
    assert m.PairsChanged(assistant.id, "p1") in bench.events


def test_a_question_of_ones_own_with_its_place(asked: tuple[Bench, Assistant, Pair]) -> None:
    bench, assistant, pair = asked
    span = pair.spans[0]
    place = (pair.document_id, ((span.page, span.start, span.length),))
    added = bench.send(m.AddPair("", assistant.id, " How  long? ", "Warranty", *place))
    own = bench.pairs.get(assistant.id, added)
    assert (own.question, own.answer, own.position) == ("How long?", "Warranty", pair.position)
    assert (own.source, own.state, own.examined) == (PairSource.PERSON, PairState.RIGHT, True)
    assert bench.send(m.AddPair("", assistant.id, "how long?", "Warranty", *place)) == added
    bench.send(m.RestorePair("", assistant.id, added))
    assert bench.pairs.get(assistant.id, added) == own
    bench.send(m.RestorePair("", assistant.id, added))
    assert [one.id for one in bench.pairs.all(assistant.id)] == ["p1"]


def test_a_question_of_ones_own_that_nothing_answers(bench: Bench) -> None:
    assistant = bench.made()
    ids = [bench.send(m.AddPair("", assistant.id, f"Who owns boat {n}?")) for n in range(40)]
    pairs = [bench.pairs.get(assistant.id, pair_id) for pair_id in ids]
    assert all(pair.absent and pair.examined for pair in pairs)
    assert {pair.fold for pair in pairs} == set(Fold)  # not all are learned from


def test_a_question_of_ones_own_must_be_whole(asked: tuple[Bench, Assistant, Pair]) -> None:
    bench, assistant, pair = asked
    span = pair.spans[0]
    spans = ((span.page, span.start, span.length),)
    with pytest.raises(QuestionEmpty):
        bench.send(m.AddPair("", assistant.id, "  "))
    with pytest.raises(WrongUse):
        bench.send(m.AddPair("", assistant.id, "How long?", " ", pair.document_id, spans))
    with pytest.raises(WrongUse):
        bench.send(m.AddPair("", assistant.id, "How long?", "x", pair.document_id))
    with pytest.raises(NotFound):
        bench.send(m.AddPair("", assistant.id, "How long?", "x", "gone", spans))
    with pytest.raises(NotFound):
        bench.send(m.AddPair("", "gone", "How long?"))
    assert [one.id for one in bench.pairs.all(assistant.id)] == ["p1"]


@pytest.mark.parametrize("ending", ["csv", "jsonl"])
def test_what_is_written_out_and_taken_in_again_is_what_was_there(
    asked: tuple[Bench, Assistant, Pair], tmp_path: Path, ending: str
) -> None:
    bench, assistant, pair = asked
    bench.pairs.add(
        assistant.id,
        [
            Pair("p2", "Dogs?", "", "", -1, kind="absent", fold=Fold.EXAM, made_at=7.0),
            Pair("p3", "Old?", "x", pair.document_id, 0, state=PairState.REJECTED,
                 reason="novelty", source=PairSource.TEACHER, kind="fact", made_at=7.0),
        ],
    )  # fmt: skip
    bench.send(m.ReviewPair("", assistant.id, "p1", "right", "How long is it?", "Warranty"))
    before = bench.pairs.all(assistant.id)
    file = tmp_path / f"out.{ending}"
    assert bench.send(m.ExportPairs("", assistant.id, str(file))) == "3"
    assert bench.send(m.ImportPairs("", assistant.id, str(file))).split("\n") == ["3"]
    assert bench.pairs.all(assistant.id) == before
    if ending == "csv":
        text = file.read_text("utf-8-sig").replace(",made,absent,", ",wrong,absent,")
        file.write_text(text, encoding="utf-8")
        bench.send(m.ImportPairs("", assistant.id, str(file)))
        assert bench.pairs.get(assistant.id, "p2") == dataclasses.replace(
            next(one for one in before if one.id == "p2"), state=PairState.WRONG
        )


def test_lines_that_cannot_be_taken_in_are_told(bench: Bench, tmp_path: Path) -> None:
    assistant = bench.made()
    file = tmp_path / "in.jsonl"
    file.write_text('{"question": "Dogs?", "answer": null}\n{\n', encoding="utf-8")
    count, *troubles = bench.send(m.ImportPairs("", assistant.id, str(file))).split("\n")
    assert (count, len(troubles)) == ("1", 1)
    assert troubles[0].startswith("line 2: ")
    with pytest.raises(NotFound):
        bench.send(m.ImportPairs("", "gone", str(file)))
    with pytest.raises(WrongUse):
        bench.send(m.ExportPairs("", assistant.id, str(tmp_path / "out.doc")))
